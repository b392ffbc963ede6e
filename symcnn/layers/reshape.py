"""Layers that change the axes and compute nothing: views of what is there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sympy import Mul, fraction

from ..errors import ShapeError, SizeError
from ..layer import Layer
from ..profile import Profile, Storage
from ..settings import Setting, declared
from ..shape import Shape
from ..sizes import Conditions, Size, divides, same, whole_number
from ..window import POINT, WHOLE
from .fields import shape


@dataclass(frozen=True, eq=False, repr=False)
class Flatten(Layer):
    """All channels and axes become one axis of features, as a dense layer takes it.

    >>> import symcnn as sc
    >>> sc.Flatten().on((512, 7, 7)).output
    Shape(25088)
    """

    def apply(self, x: Shape) -> Profile:
        """As many features as the input has elements."""
        output = Shape.of((x.elements,))
        return Profile(x, output, tensors={}, storage=Storage.RESHAPED, windows=(WHOLE,) * len(x.axes))


@dataclass(frozen=True, eq=False, repr=False, init=False)
class Reshape(Layer):
    """The same elements in another shape, given without the batch axis.

    Args:
        given: the sizes, one after another or as one tuple. One of them may be -1: what the others
            leave.

    What follows is taken to see the whole input, since axes have no neighbours in common.

    Raises:
        SizeError: no size at all, an entry that is not a size, more than one -1.
        ConditionError: a shape with another number of elements.

    Source: PyTorch's documentation of ``torch.reshape``.

    >>> import symcnn as sc
    >>> sc.Reshape(768, -1).on((768, 14, 14)).output
    Shape(768, 196)
    """

    shape: Any = shape("n")

    def __init__(self, *given: Any, shape: Any = (), input: Any = None) -> None:
        # ``shape`` by name is how ``dataclasses.replace`` calls.
        object.__setattr__(self, "shape", _sizes(given) or shape)
        object.__setattr__(self, "input", input)
        self.__post_init__()

    @classmethod
    def check_call(cls, args: tuple[Any, ...], settings: Mapping[str, Any]) -> None:
        """Any number of sizes may be given by position."""
        super().check_call((), settings)

    def apply(self, x: Shape) -> Profile:
        """The sizes that are given, and the one that is left."""
        known = Mul(*(size for size in self.shape if size != -1))
        left = x.elements / known
        output = Shape.of(tuple(left if size == -1 else size for size in self.shape))
        conditions = self._divides(known, left, x) if -1 in self.shape else self._holds(known, x)
        return Profile(
            x, output, tensors={}, storage=Storage.RESHAPED, windows=(WHOLE,) * len(x.axes), conditions=conditions
        )

    def _divides(self, known: Size, left: Size, x: Shape) -> Conditions:
        numerator, denominator = fraction(left)
        return divides(
            denominator,
            numerator,
            lambda: f"the sizes that are given have the product {known}, which must divide the {x.elements} of {x}",
            "the sizes that are given divide the input",
        )

    def _holds(self, known: Size, x: Shape) -> Conditions:
        return same(
            known,
            x.elements,
            lambda: f"shape has {known} elements, but the input {x} has {x.elements}",
            "there are as many elements as the input has",
        )


class _OrderSetting(Setting):
    """Every axis once, in some order."""

    def admit(self, value: Any, name: str, rank: int) -> Any:
        order = [whole_number(axis) for axis in value] if isinstance(value, tuple | list) else [None]
        turned = tuple(axis + len(order) if axis is not None and axis < 0 else axis for axis in order)
        if not turned or None in turned or sorted(turned) != list(range(len(turned))):  # type: ignore[type-var]
            raise SizeError(f"{name} must be every axis once, such as (1, 2, 0), got {value!r}")
        return turned

    def shown(self, value: Any) -> str:
        return ", ".join(map(str, value))


@dataclass(frozen=True, eq=False, repr=False, init=False)
class Permute(Layer):
    """The axes in another order.

    Args:
        given: every axis once, in the new order, one after another or as one tuple; counted
            without the batch, so that 0 is the channels.

    A receptive field is along the axes of a network's input, wherever these stand meanwhile.

    Raises:
        SizeError: an axis that is missing, doubled or no integer.
        ShapeError: an input with another number of axes.

    Source: PyTorch's documentation of ``torch.permute``.

    >>> import symcnn as sc
    >>> sc.Permute(1, 2, 0).on((96, 56, 28)).output
    Shape(56, 28, 96)
    """

    dims: Any = declared(_OrderSetting(), (), positional=True)

    def __init__(self, *given: Any, dims: Any = (), input: Any = None) -> None:
        # ``dims`` by name is how ``dataclasses.replace`` calls.
        object.__setattr__(self, "dims", _sizes(given) or dims)
        object.__setattr__(self, "input", input)
        self.__post_init__()

    @classmethod
    def check_call(cls, args: tuple[Any, ...], settings: Mapping[str, Any]) -> None:
        """Any number of axes may be given by position."""
        super().check_call((), settings)

    def textbook_input(self, axes: int | None = None) -> Shape:
        """A shape of as many axes as are put in order."""
        return super().textbook_input(len(self.dims) - 1)

    def apply(self, x: Shape) -> Profile:
        """The sizes in the new order."""
        if len(x) != len(self.dims):
            raise ShapeError(f"takes an input of {len(self.dims)} axes with the channels, got {x}")
        output = Shape.of(tuple(x[axis] for axis in self.dims))
        places = tuple(self.dims.index(axis) for axis in range(len(x)))
        storage = Storage.VIEW if self.dims == tuple(range(len(x))) else Storage.STRIDED
        return Profile(x, output, tensors={}, storage=storage, windows=(POINT,) * len(x), places=places)


def _sizes(given: tuple[Any, ...]) -> tuple[Any, ...]:
    """What was given one after another, or as one tuple."""
    return tuple(given[0]) if len(given) == 1 and isinstance(given[0], tuple | list) else given
