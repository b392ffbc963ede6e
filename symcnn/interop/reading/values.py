"""What goes from operator to operator: values that depend on the input, and constants that do not.

PyTorch's tensors have a batch axis, symcnn's shapes have none. A module is traced with a batch of one, and of a
value one axis of size 1 is not written: the batch, wherever it stands. Where a program merges the
batch with another axis, as with windows or heads, every axis is written.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from sympy import Integer

from ...errors import SymcnnError
from ...profile import Sizes
from ...shape import Shape
from ...sizes import Size

ONE = Integer(1)


class UnfitError(SymcnnError):
    """A call that a rule cannot take; the operator is then unknown there."""


@dataclass(frozen=True)
class Value:
    """A tensor that depends on the input: the node that gives it, its shape, and which axis is not written."""

    name: str
    shape: Shape
    unwritten: int | None

    @property
    def full(self) -> Sizes:
        """Its sizes as PyTorch has them, the batch too."""
        if self.unwritten is None:
            return tuple(self.shape)
        return (*self.shape[: self.unwritten], ONE, *self.shape[self.unwritten :])

    @property
    def rank(self) -> int:
        """How many axes PyTorch's tensor has."""
        return len(self.shape) + (self.unwritten is not None)

    def place(self, axis: int) -> int:
        """Where an axis of PyTorch's stands in the shape."""
        axis %= self.rank
        if axis == self.unwritten:
            raise UnfitError("the batch is no axis of the shape")
        return axis - (self.unwritten is not None and axis > self.unwritten)


@dataclass(frozen=True)
class Constant:
    """A tensor that does not depend on the input, and what it is made of.

    ``stored`` is the parameter or buffer that it is, if it is one; ``sources`` are all that it is
    computed of, ``products`` the multiply-accumulates of that, by the node that does them.
    """

    full: Sizes
    stored: str | None = None
    sources: tuple[str, ...] = ()
    products: tuple[tuple[str, Sizes], ...] = field(default=())


def written(full: Sizes, unwritten: int | None) -> Shape:
    """A shape of PyTorch's sizes without the axis that is not written; a number alone is one element."""
    sizes = full if unwritten is None else (*full[:unwritten], *full[unwritten + 1 :])
    return Shape.of(sizes or (ONE,))


def batch_of(full: Sizes, before: int | None) -> int | None:
    """Which axis of a tensor is best not written: the one that was not, or the first, or any of size 1."""
    if len(full) < 2:
        return None
    ones = [axis for axis, size in enumerate(full) if size == 1]
    if before in ones:
        return before
    return ones[0] if ones else None


def same_sizes(one: Sizes, other: Sizes) -> bool:
    """Whether sizes are the same, in the same form."""
    return len(one) == len(other) and all(a == b for a, b in zip(one, other, strict=True))


def broadcast(shapes: list[Sizes]) -> Sizes:
    """The sizes of what comes of tensors that are spread over each other, as PyTorch's rules say."""
    rank = max(map(len, shapes))
    padded = [(ONE,) * (rank - len(sizes)) + sizes for sizes in shapes]
    return tuple(_larger(list(sizes)) for sizes in zip(*padded, strict=True))


def _larger(sizes: list[Size]) -> Size:
    return next((size for size in sizes if size != 1), sizes[0])
