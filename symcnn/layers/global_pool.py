"""Pooling over everything: one number for each channel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sympy import Integer

from ..errors import ShapeError
from ..layer import Layer
from ..profile import Profile
from ..settings import option
from ..shape import Shape
from ..window import WHOLE


@dataclass(frozen=True, eq=False, repr=False)
class GlobalPool(Layer):
    """Pooling over all axes after the channels, however many.

    Args:
        keepdim: whether these axes stay, with size 1; else the output is flat, as in Keras.

    Raises:
        ShapeError: an input that has channels alone.

    Source: M. Lin, Q. Chen and S. Yan, Network In Network (arXiv:1312.4400).

    >>> import symcnn as sc
    >>> sc.GlobalAvgPool().on((512, 7, 7)).output, sc.GlobalAvgPool(keepdim=True).on((512, 7, 7)).output
    (Shape(512), Shape(512, 1, 1))
    """

    keepdim: bool = option(False)

    kind: ClassVar[str]

    def apply(self, x: Shape) -> Profile:
        """One operation for each element."""
        if not x.axes:
            raise ShapeError(f"takes an input with axes after the channels, got {x}")
        kept = (Integer(1),) * len(x.axes) if self.keepdim else ()
        output = Shape.of((x.channels, *kept))
        keeps = {"input": x, "output": output} if self.kind == "compare" else {}
        return Profile(x, output, operations={self.kind: x}, keeps=keeps, windows=(WHOLE,) * len(x.axes))


class GlobalAvgPool(GlobalPool):
    """The average of each channel; see ``GlobalPool``."""

    kind = "average"


class GlobalMaxPool(GlobalPool):
    """The largest element of each channel; see ``GlobalPool``."""

    kind = "compare"
