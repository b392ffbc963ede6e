"""What each kind of network is in PyTorch: modules that hold the modules of what is inside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from math import prod
from typing import TYPE_CHECKING, Any, NamedTuple

from sympy import Integer
from torch import Tensor, cat, nn

from ...errors import SymcnnError
from ...layer import Layer
from ...networks import Auxiliary, Graph, Join, Parallel, Repeat, Residual, Sequential, Shared
from ...networks.join import INTERPOLATED
from ...profile import Profile
from ...shape import Shape
from .kinds.common import with_batch
from .owned import owned_after

if TYPE_CHECKING:
    from .building import Builder

LARGER = 4096
"""How many times the map may be enlarged for an auxiliary head that it is too small for."""


def add(module: nn.Module, name: str, inner: nn.Module) -> str:
    """Put a module into another under a name, or that name and ``_`` where it means something else there."""
    while hasattr(module, name):
        name += "_"
    module.add_module(name, inner)
    return name


def meet(how: str, axis: int, branches: list[Tensor]) -> Tensor:
    """Branches added, multiplied or concatenated, or the first brought to the size of the second."""
    first, *others = branches
    if how == "concat":
        return cat(branches, with_batch(axis))
    if how == "resize":
        size = others[0].shape[2:]
        return nn.functional.interpolate(first, size, mode=INTERPOLATED[len(size)])
    total: Tensor = sum(others, start=first) if how == "add" else prod(others, start=first)
    return total


# Modules.


class Branches(nn.Module):
    """Modules side by side on one input, and how their outputs meet."""

    def __init__(self, how: str, axis: int) -> None:
        super().__init__()
        self.how, self.axis = how, axis

    def forward(self, x: Any) -> Tensor:
        """Each branch, then the join."""
        return meet(self.how, self.axis, [branch(x) for branch in self.children()])

    def extra_repr(self) -> str:
        """How they meet."""
        return f"join={self.how!r}" + (f", axis={self.axis}" if self.axis else "")


class Summed(nn.Module):
    """A body whose output is added to its input, or to what a shortcut makes of it."""

    def __init__(self, body: nn.Module, shortcut: nn.Module | None) -> None:
        super().__init__()
        self.body = body
        self.shortcut = shortcut

    def forward(self, x: Tensor) -> Tensor:
        """Both, and their sum."""
        total: Tensor = self.body(x) + (x if self.shortcut is None else self.shortcut(x))
        return total


class Step(NamedTuple):
    """A node of a graph: the path of its module, or a join; what it takes, and what no later node needs."""

    name: str
    does: str | Join
    inputs: tuple[str, ...]
    spent: tuple[str, ...]


class Nodes(nn.Module):
    """Modules and joins, each on what it takes by name."""

    def __init__(self, inputs: tuple[str, ...], outputs: tuple[str, ...]) -> None:
        super().__init__()
        self.inputs, self.outputs = inputs, outputs
        self.steps: list[Step] = []

    def forward(self, x: Any) -> Any:
        """Each node in turn; a dictionary where there are several inputs or outputs."""
        made = {self.inputs[0]: x} if len(self.inputs) == 1 else {name: x[name] for name in self.inputs}
        for step in self.steps:
            made[step.name] = self._step(step, [made[one] for one in step.inputs])
            for name in step.spent:
                del made[name]
        outputs = {name: made[name] for name in self.outputs}
        return outputs if len(outputs) > 1 else outputs[self.outputs[0]]

    def _step(self, step: Step, taken: list[Any]) -> Any:
        if isinstance(step.does, Join):
            return meet(step.does.how, step.does.axis, taken)
        return self.get_submodule(step.does)(taken[0])

    def extra_repr(self) -> str:
        """The joins, which are no modules."""
        joins = (step for step in self.steps if isinstance(step.does, Join))
        return "; ".join(f"{step.name} = {step.does!r}({', '.join(step.inputs)})" for step in joins)


class Beside(nn.Module):
    """A head that runs in training alone; what it gave is in ``output``, and what it takes goes on."""

    def __init__(self, head: nn.Module) -> None:
        super().__init__()
        self.head = head
        self.output: Any = None

    def forward(self, x: Any) -> Any:
        """The input; in training the head is run."""
        self.output = self.head(x) if self.training else None
        return x

    def __getstate__(self) -> dict[str, Any]:
        """Copies and files have no output, which belongs to one step of training."""
        return self.__dict__ | {"output": None}


# From networks to modules.


def in_a_row(builder: Builder, layer: Sequential, profile: Profile, owned: bool) -> nn.Module:
    """A sequential module."""
    row = nn.Sequential()
    for part in profile.parts:
        add(row, part.name, builder.under(part.name, part.profile, owned))
        owned = owned_after(part.profile, owned)
    return row


def repeated(builder: Builder, layer: Repeat, profile: Profile, owned: bool) -> nn.Module:
    """A sequential module of as many bodies as the depth says."""
    row, x = nn.Sequential(), profile.input
    body: Profile | None = None
    for place in range(int(layer.n)):
        if body is None or layer.index is not None or body.input != x:
            body = _body(layer, place).measure(x)
        add(row, str(place), builder.under(str(place), body, owned))
        owned, x = owned_after(body, owned), body.output
    return row


def _body(layer: Repeat, place: int) -> Layer:
    return layer.body if layer.index is None else layer.body.substituted({layer.index: Integer(place)})


def side_by_side(builder: Builder, layer: Parallel, profile: Profile, owned: bool) -> nn.Module:
    """Branches; each needs what the others take."""
    branches = Branches(layer.join, layer.axis)
    for part in profile.parts[:-1]:
        add(branches, part.name, builder.under(part.name, part.profile))
    return branches


def summed(builder: Builder, layer: Residual, profile: Profile, owned: bool) -> nn.Module:
    """A body and perhaps a shortcut."""
    parts = {part.name: builder.under(part.name, part.profile) for part in profile.parts[:-1]}
    return Summed(parts["body"], parts.get("shortcut"))


def nodes(builder: Builder, layer: Graph, profile: Profile, owned: bool) -> nn.Module:
    """Nodes in the order of the profile; what one alone takes, it may overwrite."""
    graph, given = Nodes(layer.inputs, layer.outputs), dict(layer.nodes)
    taken = Counter([*(one for _, node in layer.nodes for one in node.inputs), *layer.outputs])
    own, left = dict.fromkeys(layer.inputs, False), taken.copy()
    for part in profile.parts:
        does, inputs = given[part.name]
        alone = len(inputs) == 1 and taken[inputs[0]] == 1 and own[inputs[0]]
        own[part.name] = owned_after(part.profile, alone)
        what = does if isinstance(does, Join) else add(graph, part.name, builder.under(part.name, part.profile, alone))
        left.subtract(inputs)
        spent = tuple(dict.fromkeys(one for one in inputs if not left[one]))
        graph.steps.append(Step(part.name, what, inputs, spent))
    return graph


def shared(builder: Builder, layer: Shared, profile: Profile, owned: bool) -> nn.Module:
    """The module that its first use made."""
    key, inner = profile.shared, layer.layer
    while isinstance(inner, Shared):
        inner = inner.layer
    if key not in builder.shared:
        builder.shared[key] = builder.module(profile.made_by(inner))
    return builder.shared[key]


def beside(builder: Builder, layer: Auxiliary, profile: Profile, owned: bool) -> nn.Module:
    """A head; where the map is too small for it, the head of a larger one."""
    (part,) = profile.parts
    head = part.profile if part.profile.refused is None else _larger(layer.head, profile.input)
    return Beside(builder.under(part.name, head))


def _larger(head: Layer, x: Shape) -> Profile:
    times = 2
    while True:
        try:
            return head.measure(Shape.of((x.channels, *(times * size for size in x.axes))))
        except SymcnnError:
            if times > LARGER:
                raise
            times *= 2


NETWORKS: Mapping[type[Layer], Callable[[Builder, Any, Profile, bool], nn.Module]] = {
    Sequential: in_a_row,
    Repeat: repeated,
    Parallel: side_by_side,
    Residual: summed,
    Graph: nodes,
    Shared: shared,
    Auxiliary: beside,
}
"""How the module of each kind of network is made: from the builder, the network, its profile, and whether
it may overwrite its input."""
