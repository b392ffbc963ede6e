"""Values whose axes stand in another order than Keras has them.

Keras puts channels last, symcnn puts them first. So that no convolution needs its input turned, a tensor
remembers where each of Keras's axes stands; it is turned only for what depends on the order.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from ...profile import Sizes
from ..reading.values import UnfitError, Value

Order = tuple[int, ...]


@dataclass(frozen=True)
class Tensor:
    """A value that depends on the input.

    ``order`` says of each of Keras's axes, without the batch, where it stands in the value's shape;
    ``specs`` are what Keras says of the tensor at each of the sample sizes.
    """

    value: Value
    order: Order
    specs: tuple[Any, ...] = field(default=(), compare=False)

    @property
    def sizes(self) -> Sizes:
        """Its sizes as Keras has them, without the batch."""
        return tuple(self.value.shape[place] for place in self.order)

    @property
    def rank(self) -> int:
        """How many axes it has without the batch."""
        return len(self.order)

    def axis(self, axis: int) -> int:
        """An axis that Keras counts with the batch, counted without.

        Raises:
            UnfitError: it is the batch.
        """
        found = axis % (self.rank + 1)
        if found == 0:
            raise UnfitError("the batch is no axis of the shape")
        return found - 1

    def place(self, axis: int) -> int:
        """Where an axis, which Keras counts with the batch, stands in the shape."""
        return self.order[self.axis(axis)]


def plain(rank: int) -> Order:
    """The order that Keras has."""
    return tuple(range(rank))


def leading(rank: int, axis: int) -> Order:
    """The order in which one axis stands first and the others as Keras has them.

    >>> leading(3, 2)
    (1, 2, 0)
    """
    return tuple(0 if one == axis else one + (one < axis) for one in range(rank))


def turning(before: Order, after: Order) -> tuple[int, ...]:
    """The axes by which a value of one order comes into another, as ``Permute`` takes them.

    >>> turning((1, 2, 0), (0, 1, 2))
    (1, 2, 0)
    """
    dims = [0] * len(before)
    for old, new in zip(before, after, strict=True):
        dims[new] = old
    return tuple(dims)


def moved(order: Order, axes: Sequence[int]) -> Order:
    """The order of a tensor whose axes Keras has put in another: ``axes`` are the old ones in turn."""
    return tuple(order[axis] for axis in axes)


def without(order: Order, axes: Iterable[int]) -> Order:
    """The order of what is left when axes are gone.

    >>> without((1, 2, 0), [1])
    (1, 0)
    """
    gone = {*axes}
    kept = [place for axis, place in enumerate(order) if axis not in gone]
    ranked = sorted(kept)
    return tuple(ranked.index(place) for place in kept)
