"""Where branches meet: added, multiplied or concatenated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sympy import Add, Expr, S, Symbol

from ..errors import ShapeError, SizeError
from ..profile import Profile
from ..shape import Shape
from ..sizes import Conditions, Size, same
from ..window import POINT

JOINS = {"add": "added", "multiply": "multiplied", "concat": "concatenated"}
"""The ways in which branches meet, and what a message says is done with them."""


class Branch(NamedTuple):
    """What comes from a branch: its name and its shape."""

    name: str
    shape: Shape

    def __str__(self) -> str:
        return f"{self.name or 'the input'} with {self.shape}"


@dataclass(frozen=True)
class Join:
    """How branches meet: ``add``, ``multiply`` or ``concat`` along an axis, 0 being the channels.

    To add, all shapes must be the same. To multiply, a size of 1 stands for any, so that a gate of
    one number a channel scales a map; one of the branches has the full shape. To concatenate, all
    sizes but those along the axis are the same.

    Raises:
        SizeError: another way to meet, or an axis that is no integer.
    """

    how: str
    axis: int = 0

    def __post_init__(self) -> None:
        if self.how not in JOINS:
            raise SizeError(f"join must be 'add', 'multiply' or 'concat', got {self.how!r}")
        if isinstance(self.axis, bool) or not isinstance(self.axis, int):
            raise SizeError(f"axis must be an integer, got {self.axis!r}")

    def __repr__(self) -> str:
        return self.how if self.axis == 0 else f"{self.how} along axis {self.axis}"

    def of(self, branches: Sequence[Branch]) -> Profile:
        """What comes of it.

        Raises:
            ShapeError: branches that certainly cannot meet.
        """
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
            windows=(POINT,) * len(output.axes),
            conditions=conditions,
            source=Met(self, tuple(branches)),
        )

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


def _ones(branch: Branch) -> int:
    """How many of its sizes are 1: the branch with the fewest has the full shape."""
    return sum(size is S.One for size in branch.shape)


class Met(NamedTuple):
    """The source of a join's profile: the join, and what met there."""

    join: Join
    branches: tuple[Branch, ...]

    def __repr__(self) -> str:
        return repr(self.join)

    def textbook(self, x: Shape) -> tuple[Profile, Mapping[Symbol, Expr]]:
        """It has no settings: its formula is its own."""
        return self.join.of(self.branches), {}
