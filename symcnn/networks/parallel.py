"""Layers side by side, and residual blocks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self

from sympy import Symbol

from ..errors import SizeError, SymcnnError
from ..layer import Layer
from ..profile import INPUT, Part, Profile
from ..shape import Shape
from .join import JOINS, Branch, Join
from .network import Children, Network, measured, named, named_words, require_layer


@dataclass(frozen=True, eq=False, repr=False, init=False)
class Parallel(Network):
    """Layers side by side on one input; what they give is added, multiplied, concatenated or resized.

    Args:
        given: layers; to name them, pairs ``(name, layer)`` or a mapping from names to layers.
        join: ``"add"``, ``"multiply"``, ``"concat"`` or ``"resize"``. Shapes that are added must be the
            same; to multiply, a size of 1 stands for any, as in squeeze-and-excitation; to resize,
            there are two, and the first is interpolated to the size of the second.
        axis: the axis to concatenate along; 0, the channels.

    Branches that certainly cannot meet are refused. Where the symbols leave it open, it is a
    condition.

    Raises:
        SizeError: no branch, something that is no layer, or another ``join``.
        ShapeError: branches whose shapes cannot meet.

    >>> import symcnn as sc
    >>> C, g, H, W = sc.dims("C g H W")
    >>> sc.Parallel(sc.Identity(), sc.Conv2d(g, 3, padding=1), join="concat").on((C, H, W)).output
    Shape(C + g, H, W)
    >>> sc.Parallel(sc.Identity(), sc.Conv2d(g, 3, padding=1)).on((C, H, W)).conditions
    (C == g,)
    """

    branches: Children = ()
    join: str = "add"
    axis: int = 0

    def __init__(
        self,
        *given: Any,
        branches: Any = (),
        join: str = "add",
        axis: int = 0,
        input: Any = None,
        defaults: Mapping[Symbol, Any] | None = None,
    ) -> None:
        object.__setattr__(self, "branches", named((*given, *branches), "Parallel", taken=JOINS))
        object.__setattr__(self, "join", join)
        object.__setattr__(self, "axis", axis)
        object.__setattr__(self, "input", input)
        object.__setattr__(self, "defaults", dict(defaults or {}))
        self.__post_init__()

    @classmethod
    def check_call(cls, args: tuple[Any, ...], settings: Mapping[str, Any]) -> None:
        """Any number of branches may be given by position."""
        super().check_call((), settings)

    def check(self) -> None:
        """There is a branch, and a way to meet."""
        if not self.branches:
            raise SizeError("Parallel takes at least one branch, got none")
        Join(self.join, self.axis)

    @property
    def children(self) -> Children:
        """The branches."""
        return self.branches

    def with_children(self, layers: Iterable[Layer], **changes: Any) -> Self:
        """The same names with other layers."""
        own: dict[str, Any] = {"join": self.join, "axis": self.axis, "input": self.input, "defaults": self.defaults}
        return type(self)(*zip((name for name, _ in self.branches), layers, strict=True), **(own | changes))

    def in_symbols(self, chosen: Callable[[Layer, str], bool], suffix: str = "") -> Self:
        """Textbook symbols for the chosen settings.

        Where branches are multiplied, a size of 1 stands for any: what makes one is left as it is.
        """
        if self.join != "multiply":
            return super().in_symbols(chosen, suffix)

        def free(layer: Layer, name: str) -> bool:
            return chosen(layer, name) and {0, 1}.isdisjoint(layer.sizes_of(name))

        return super().in_symbols(free, suffix)

    def apply(self, x: Shape) -> Profile:
        """Each branch on the input, then the join."""
        parts = [Part(name, measured(name, layer, x), (INPUT,)) for name, layer in self.branches]
        return joined(x, parts, Join(self.join, self.axis))

    def words(self) -> list[str]:
        """The branches, and how they meet."""
        options = [f"join={self.join!r}"] if self.join != "add" else []
        options += [f"axis={self.axis}"] if self.axis else []
        return [*named_words(self.branches), *options]


@dataclass(frozen=True, eq=False, repr=False)
class Residual(Network):
    """A body whose output is added to its input, or to what a shortcut makes of it.

    K. He, X. Zhang, S. Ren and J. Sun, Deep Residual Learning for Image Recognition
    (arXiv:1512.03385).

    Args:
        body: a layer.
        shortcut: a layer beside it, such as a 1×1 convolution; left out, the input itself.

    Raises:
        SizeError: a body or a shortcut that is no layer.
        ShapeError: a body whose output cannot be added to its input.

    >>> import symcnn as sc
    >>> w, H, W = sc.dims("w H W")
    >>> block = sc.Residual(sc.Sequential(sc.Conv2d(w, 3, padding=1), sc.ReLU(), sc.Conv2d(w, 3, padding=1)))
    >>> block.on((w, H, W)).params
    18*w**2 + 2*w
    """

    body: Layer
    shortcut: Layer | None = None

    def check(self) -> None:
        """Both are layers."""
        require_layer("body", self.body)
        if self.shortcut is not None:
            require_layer("shortcut", self.shortcut)

    @property
    def children(self) -> Children:
        """The body, and the shortcut if there is one."""
        given = (("body", self.body), ("shortcut", self.shortcut))
        return tuple((name, layer) for name, layer in given if layer is not None)

    def with_children(self, layers: Iterable[Layer], **changes: Any) -> Self:
        """The same of another body and shortcut."""
        return type(self)(*layers, **({"input": self.input, "defaults": self.defaults} | changes))

    def apply(self, x: Shape) -> Profile:
        """Both on the input, then their sum."""
        parts = [Part(name, measured(name, layer, x), (INPUT,)) for name, layer in self.children]
        return joined(x, parts, Join("add"), straight=self.shortcut is None)

    def words(self) -> list[str]:
        """The body, and the shortcut if there is one."""
        return [repr(layer) for _, layer in self.children]


def joined(x: Shape, parts: list[Part], join: Join, straight: bool = False) -> Profile:
    """The profile of branches and their join; ``straight`` where the input itself is one of them."""
    branches = [Branch(part.name, part.profile.output) for part in parts]
    branches += [Branch(INPUT, x)] if straight else []
    try:
        met = join.of(branches)
    except SymcnnError as error:
        error.under(join.how)
        raise
    parts.append(Part(join.how, met, join.read(tuple(branch.name for branch in branches))))
    return Profile(x, met.output, parts=tuple(parts), tensors={})
