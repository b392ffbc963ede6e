"""Networks that do not nest: named nodes, each with what it takes, several inputs and outputs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, Self

from sympy import Symbol

from ..errors import ShapeError, SizeError, SymcnnError, nearest
from ..layer import Layer
from ..profile import INPUT, Part, Profile
from ..shape import Shape, Shapes, as_shape
from .join import JOINS, Branch, Join, Meeting
from .network import Children, Network, in_braces, measured


class Node(NamedTuple):
    """A node: a layer on one input, or a join of several."""

    does: Layer | Meeting
    inputs: tuple[str, ...]


@dataclass(frozen=True, eq=False, repr=False, init=False)
class Graph(Network):
    """Layers as named nodes, in any order, each saying which nodes or inputs it takes.

    Args:
        nodes: from each name to ``(layer, input)``, or to ``(join, input, input, ...)`` with
            ``"add"``, ``"multiply"``, ``"concat"``, ``"resize"``, or a ``Join`` along another axis.
        inputs: the names of the inputs; one, ``"input"``, if nothing is said. With several, a shape is
            given for each: ``graph.on({"left": (3, 8, 8), "right": (1, 8, 8)})``.
        outputs: the nodes that are its output; left out, those that no other takes.

    Raises:
        SizeError: a cycle, a name that is doubled or unknown, a node without an input, an input
            or a node that nothing uses.

    >>> import symcnn as sc
    >>> H, W = sc.dims("H W")
    >>> graph = sc.Graph({
    ...     "conv": (sc.Conv2d(8, 3, padding=1), "input"),
    ...     "gate": (sc.Conv2d(1, 1), "conv"),
    ...     "gated": ("multiply", "conv", "gate"),
    ...     "both": ("concat", "input", "gated"),
    ... })
    >>> graph.on((3, H, W)).output, graph.on((3, H, W)).params
    (Shape(11, H, W), 233)
    """

    nodes: tuple[tuple[str, Node], ...] = ()
    inputs: tuple[str, ...] = ("input",)
    outputs: tuple[str, ...] = ()

    def __init__(
        self,
        nodes: Any,
        inputs: Any = ("input",),
        outputs: Any = (),
        *,
        input: Any = None,
        defaults: Mapping[Symbol, Any] | None = None,
    ) -> None:
        object.__setattr__(self, "inputs", _names("inputs", inputs))
        object.__setattr__(self, "nodes", tuple(_nodes(nodes, self.inputs)))
        object.__setattr__(self, "outputs", _names("outputs", outputs) or _sinks(self.nodes))
        object.__setattr__(self, "input", input)
        object.__setattr__(self, "defaults", dict(defaults or {}))
        self.__post_init__()

    def check(self) -> None:
        """Every name leads somewhere, everything is used, and nothing waits for itself."""
        if not self.nodes:
            raise SizeError("Graph takes at least one node, got none")
        known = [*self.inputs, *(name for name, _ in self.nodes)]
        used = {taken for _, node in self.nodes for taken in node.inputs} | set(self.outputs)
        for name, node in self.nodes:
            for taken in node.inputs:
                if taken not in known:
                    raise SizeError(
                        f"node {name!r} takes {taken!r}, which is no node and no input{nearest(taken, known)}"
                    )
        for name in self.outputs:
            if name not in known:
                raise SizeError(f"output {name!r} is no node{nearest(name, known)}")
        _in_order(self.nodes, self.inputs)
        for name in known:
            if name not in used:
                raise SizeError(f"{'input' if name in self.inputs else 'node'} {name!r} is used by nothing")

    @property
    def children(self) -> Children:
        """The nodes that are layers."""
        return tuple((name, node.does) for name, node in self.nodes if isinstance(node.does, Layer))

    def with_children(self, layers: Iterable[Layer], **changes: Any) -> Self:
        """The same graph with other layers in its nodes."""
        replaced = dict(zip((name for name, _ in self.children), layers, strict=True))
        nodes = [(name, replaced.get(name, node.does), *node.inputs) for name, node in self.nodes]
        own: dict[str, Any] = {
            "inputs": self.inputs,
            "outputs": self.outputs,
            "input": self.input,
            "defaults": self.defaults,
        }
        return type(self)(nodes, **(own | changes))

    # Its input: one shape, or one for each name.

    def as_input(self, shape: Any) -> Shape:
        """One shape; where there are several inputs, a mapping from their names."""
        if len(self.inputs) == 1:
            return as_shape(shape)
        if isinstance(shape, Shapes):
            shape = shape.by_name
        if not isinstance(shape, Mapping) or set(shape) != set(self.inputs):
            wanted = ", ".join(f"{name!r}: (...)" for name in self.inputs)
            raise ShapeError(f"a graph of several inputs takes a shape for each, {{{wanted}}}, got {shape!r}")
        return Shapes.named((name, shape[name]) for name in self.inputs)

    def textbook_input(self, axes: int | None = None) -> Any:
        """The textbook's input of the first layer that takes each; with several, their names in the sizes'."""
        found = [(name, self._textbook_of(name, axes)) for name in self.inputs]
        return found[0][1] if len(found) == 1 else Shapes.named(found)

    def _textbook_of(self, name: str, axes: int | None) -> Shape:
        for _, node in self.nodes:
            if name in node.inputs and isinstance(node.does, Layer) and not node.does.takes_any:
                return node.does.textbook_input(axes)
        return super().textbook_input(axes)

    def apply(self, x: Any) -> Profile:
        """Each node on what it takes, in an order in which all of that is there."""
        single = len(self.inputs) == 1
        given = tuple(x.by_name) if isinstance(x, Shapes) else ()
        if not single and set(given) != set(self.inputs):
            raise ShapeError(f"a graph of the inputs {', '.join(self.inputs)} cannot take {x}")
        shapes: dict[str, Shape] = {self.inputs[0]: x} if single else dict(x.by_name)
        parts = []
        for name, node in _in_order(self.nodes, self.inputs):
            profile = self._made(name, node, shapes)
            shapes[name] = profile.output
            read = node.does.read(node.inputs) if isinstance(node.does, Meeting) else node.inputs
            taken = tuple(INPUT if single and one in self.inputs else one for one in read)
            parts.append(Part(name, profile, taken))
        outputs = [(name, shapes[name]) for name in self.outputs]
        output = outputs[0][1] if len(outputs) == 1 else Shapes.named(outputs)
        return Profile(x, output, parts=tuple(parts), outputs=self.outputs, tensors={})

    @staticmethod
    def _made(name: str, node: Node, shapes: Mapping[str, Shape]) -> Profile:
        if isinstance(node.does, Layer):
            return measured(name, node.does, shapes[node.inputs[0]])
        try:
            return node.does.of([Branch(one, shapes[one]) for one in node.inputs])
        except SymcnnError as error:
            error.under(name)
            raise

    def words(self) -> list[str]:
        """The nodes, and the inputs and outputs where they are not the usual ones."""
        nodes = [f"{name!r}: ({', '.join([_code(node.does), *map(repr, node.inputs)])})" for name, node in self.nodes]
        words = [in_braces(nodes)]
        words += [f"inputs={self.inputs!r}"] if self.inputs != ("input",) else []
        return words + ([f"outputs={self.outputs!r}"] if self.outputs != _sinks(self.nodes) else [])


def _code(does: Layer | Meeting) -> str:
    return repr(does) if isinstance(does, Layer) else does.code()


def _names(what: str, given: Any) -> tuple[str, ...]:
    names = (given,) if isinstance(given, str) or not isinstance(given, Iterable) else tuple(given)
    for place, name in enumerate(names):
        if not isinstance(name, str) or not name or "." in name or name in names[:place]:
            raise SizeError(f"{what} are different strings without a dot, got {name!r}")
    if what == "inputs" and not names:
        raise SizeError("Graph takes at least one input, got none")
    return names


def _nodes(given: Any, inputs: tuple[str, ...]) -> Iterator[tuple[str, Node]]:
    seen = set(inputs)
    if not isinstance(given, Iterable):
        raise SizeError(f"Graph takes a mapping from names to nodes, got {given!r}")
    rows = [(name, *_row(name, node)) for name, node in given.items()] if isinstance(given, Mapping) else list(given)
    for row in rows:
        if not isinstance(row, tuple) or not row:
            raise SizeError(f"a node is (name, layer, input, ...), got {row!r}")
        name, *rest = row
        if not isinstance(name, str) or not name or "." in name or name in seen:
            raise SizeError(f"Graph's names are different strings without a dot, got {name!r}")
        seen.add(name)
        yield name, _node(name, rest)


def _row(name: Any, node: Any) -> tuple[Any, ...]:
    return node if isinstance(node, tuple) else (node,)


def _node(name: str, rest: list[Any]) -> Node:
    does, *inputs = [*(rest[0] if len(rest) == 1 and isinstance(rest[0], Node) else rest)] or [None]
    if len(inputs) == 1 and isinstance(inputs[0], tuple | list):
        inputs = list(inputs[0])
    does = Join(does) if isinstance(does, str) and does in JOINS else does
    if not isinstance(does, Layer | Meeting):
        raise SizeError(f"node {name!r} must be a layer or 'add', 'multiply', 'concat' or 'resize', got {does!r}")
    if not inputs:
        raise SizeError(f"node {name!r} has no input")
    for taken in inputs:
        if not isinstance(taken, str):
            raise SizeError(f"node {name!r} takes inputs by their names, got {taken!r}")
    if isinstance(does, Layer) and len(inputs) > 1:
        raise SizeError(
            f"node {name!r} is a layer, which takes one input, got {len(inputs)}: {', '.join(map(str, inputs))}"
        )
    return Node(does, tuple(inputs))


def _sinks(nodes: Iterable[tuple[str, Node]]) -> tuple[str, ...]:
    taken = {one for _, node in nodes for one in node.inputs}
    return tuple(name for name, _ in nodes if name not in taken)


def _in_order(nodes: tuple[tuple[str, Node], ...], inputs: tuple[str, ...]) -> list[tuple[str, Node]]:
    """The nodes so that each comes behind what it takes, as near to the given order as that allows.

    Raises:
        SizeError: nodes that wait for each other.
    """
    ready, ordered, waiting = set(inputs), [], list(nodes)
    while waiting:
        now = next((pair for pair in waiting if ready.issuperset(pair[1].inputs)), None)
        if now is None:
            raise SizeError(f"there is a cycle among the nodes {', '.join(name for name, _ in waiting)}")
        ordered.append(now)
        ready.add(now[0])
        waiting.remove(now)
    return ordered
