"""Where branches meet: added, multiplied, concatenated, or one brought to the size of another."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sympy import Add, Expr, S, Symbol

from ..errors import ShapeError, SizeError
from ..layers import Upsample
from ..profile import Profile, Sizes
from ..shape import Shape
from ..sizes import Conditions, Size, same
from ..window import POINT

JOINS = {"add": "added", "multiply": "multiplied", "concat": "concatenated", "resize": "resized"}
"""The ways in which branches meet, and what a message says is done with them."""

INTERPOLATED = {1: "linear", 2: "bilinear", 3: "trilinear"}
"""How a map of so many axes is resized."""


class Branch(NamedTuple):
    """What comes from a branch: its name and its shape."""

    name: str
    shape: Shape

    def __str__(self) -> str:
        return f"{self.name or 'the input'} with {self.shape}"


class Meeting(ABC):
    """What a node of a graph does with several branches; a value, equal to others that do the same."""

    how: str
    """What is done, in a word."""

    def read(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """Of the branches that meet those whose values it takes, not only their size."""
        return names

    @abstractmethod
    def of(self, branches: Sequence[Branch]) -> Profile:
        """What comes of it.

        Raises:
            ShapeError: branches that certainly cannot meet.
        """

    def code(self) -> str:
        """It as Python code."""
        return repr(self)


@dataclass(frozen=True)
class Join(Meeting):
    """How branches meet: ``add``, ``multiply``, ``concat`` along an axis, 0 being the channels, or ``resize``.

    To add, all shapes must be the same. To multiply, a size of 1 stands for any, so that a gate of
    one number a channel scales a map; one of the branches has the full shape. To concatenate, all
    sizes but those along the axis are the same. To resize takes two: the first is interpolated to
    the axes that the second has, whatever they are, and nothing else is taken of the second.

    Raises:
        SizeError: another way to meet, or an axis that is no integer.
    """

    how: str
    axis: int = 0

    def __post_init__(self) -> None:
        if self.how not in JOINS:
            raise SizeError(f"join must be 'add', 'multiply', 'concat' or 'resize', got {self.how!r}")
        if isinstance(self.axis, bool) or not isinstance(self.axis, int):
            raise SizeError(f"axis must be an integer, got {self.axis!r}")

    def __repr__(self) -> str:
        return self.how if self.axis == 0 else f"{self.how} along axis {self.axis}"

    def code(self) -> str:
        """The way alone, where the axis is the usual one."""
        return repr(self.how) if self.axis == 0 else f"Join({self.how!r}, {self.axis})"

    def read(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """Of the branches that meet those whose values it takes, not only their size."""
        return names[:1] if self.how == "resize" else names

    def of(self, branches: Sequence[Branch]) -> Profile:
        """What comes of it.

        Raises:
            ShapeError: branches that certainly cannot meet.
        """
        if self.how == "resize":
            return _resized(branches)
        first, *others = sorted(branches, key=_ones) if self.how == "multiply" else branches
        conditions: Conditions = ()
        for other in others:
            conditions += self._conditions(first, other)
        sizes = zip(*(branch.shape for branch in branches), strict=True)
        along = self.axis % len(first.shape)
        output = Shape.of(tuple(self._size(axis == along, each) for axis, each in enumerate(sizes)))
        times = (len(others), *output) if len(others) != 1 else tuple(output)
        return Profile(
            branches[0].shape,
            output,
            operations={self.how: times} if self.how != "concat" and others else {},
            tensors=None if others or self.how == "concat" else {},
            keeps=self._kept(branches) if self.how == "multiply" and others else {},
            windows=(POINT,) * len(output),
            conditions=conditions,
            source=Met(self, tuple(branches)),
        )

    def _kept(self, branches: Sequence[Branch]) -> dict[str, list[Sizes]]:
        """Each factor is needed for the gradient of the others; of more than two also the products on the way."""
        shapes = [branch.shape for branch in branches]
        partial = [
            tuple(self._size(False, each) for each in zip(*shapes[:n], strict=True)) for n in range(2, len(shapes))
        ]
        return {"input": [tuple(shape) for shape in shapes], "tensor": partial}

    def _conditions(self, one: Branch, other: Branch) -> Conditions:
        def otherwise() -> str:
            along = f" along axis {self.axis}" if self.axis else ""
            return f"{one} and {other} cannot be {JOINS[self.how]}{along}"

        if len(one.shape) != len(other.shape) or not -len(one.shape) <= self.axis < len(one.shape):
            raise ShapeError(otherwise())
        conditions: Conditions = ()
        for axis, (a, b) in enumerate(zip(one.shape, other.shape, strict=True)):
            if self._must_agree(axis, len(one.shape), b):
                conditions += same(a, b, otherwise, f"{one.name or 'input'} and {other.name or 'input'} meet")
        return conditions

    def _must_agree(self, axis: int, rank: int, other: Size) -> bool:
        if self.how == "multiply":
            return other is not S.One
        return self.how == "add" or axis != self.axis % rank

    def _size(self, along: bool, sizes: Sequence[Size]) -> Size:
        if self.how == "concat" and along:
            return Add(*sizes)
        return next((size for size in sizes if size is not S.One), sizes[0])


def _resized(branches: Sequence[Branch]) -> Profile:
    """What ``Upsample`` to the second's size makes of the first."""
    if len(branches) != 2:
        raise ShapeError(f"resize takes two branches, the second for its size, got {len(branches)}")
    first, second = branches
    axes = len(first.shape.axes)
    if axes not in INTERPOLATED or axes != len(second.shape.axes):
        raise ShapeError(f"{first} cannot be resized to {second}")
    return Upsample(tuple(second.shape.axes), mode=INTERPOLATED[axes]).measure(first.shape)


def _ones(branch: Branch) -> int:
    """How many of its sizes are 1: the branch with the fewest has the full shape."""
    return sum(size is S.One for size in branch.shape)


class Met(NamedTuple):
    """The source of a join's profile: the join, and what met there."""

    join: Meeting
    branches: tuple[Branch, ...]

    def __repr__(self) -> str:
        return repr(self.join)

    def textbook(self, x: Shape) -> tuple[Profile, Mapping[Symbol, Expr]]:
        """It has no settings: its formula is its own."""
        return self.join.of(self.branches), {}
