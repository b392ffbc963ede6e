"""Cropping: the inner part of a map.

Source: Keras's documentation of ``Cropping2D``; PyTorch crops by a negative padding.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..errors import ShapeError
from ..layer import Layer
from ..profile import Profile, Storage
from ..settings import LEFT_OUT, declared
from ..shape import Shape
from ..sizes import Conditions, Size, at_least
from ..window import ONE, Window
from .fields import SizesSetting


@dataclass(frozen=True, eq=False, repr=False)
class Crop(Layer):
    """A map without its margin; a view. U-Net crops what it copies over to a later, smaller map.

    Args:
        margin: what is cut off at both ends of every axis: one size, or one for each axis.

    Raises:
        SizeError: a margin that is not a size, or below 0.
        ShapeError: an input with another number of axes than margins.
        ConditionError: a margin that leaves nothing.

    >>> import symcnn as sc
    >>> sc.Crop(4).on((512, 64, 64)).output
    Shape(512, 56, 56)
    """

    margin: Any = declared(SizesSetting("c", LEFT_OUT, minimum=0), LEFT_OUT, positional=True)

    ranks = (2, 1, 3)

    def textbook_input(self, axes: int | None = None) -> Shape:
        """A map of as many axes as there are margins."""
        return super().textbook_input(axes or (len(self.margin) if isinstance(self.margin, tuple) else None))

    def apply(self, x: Shape) -> Profile:
        """A smaller map; nothing is computed."""
        margins = self.margin if isinstance(self.margin, tuple) else (self.margin,) * len(x.axes)
        if len(margins) != len(x.axes):
            raise ShapeError(f"margin must be one size or as many as the input's axes, got {margins} for {x}")
        conditions: Conditions = ()
        for size, margin in zip(x.axes, margins, strict=True):
            conditions += _left(size, margin)
        windows = tuple(Window(ONE, ONE, (-margin, -margin)) for margin in margins)
        places = (window.positions(size) for window, size in zip(windows, x.axes, strict=True))
        output = Shape.of((x.channels, *places))
        return Profile(x, output, tensors={}, storage=Storage.STRIDED, windows=windows, conditions=conditions)


def _left(size: Size, margin: Size) -> Conditions:
    def otherwise() -> str:
        return f"a margin of {margin} at both ends leaves nothing of {size}"

    return at_least(size, 2 * margin + 1, otherwise, "the margin leaves something")
