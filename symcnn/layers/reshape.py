"""Layers that change the axes and compute nothing."""

from __future__ import annotations

from dataclasses import dataclass

from ..layer import Layer
from ..profile import Profile
from ..shape import Shape
from ..window import WHOLE


@dataclass(frozen=True, eq=False, repr=False)
class Flatten(Layer):
    """All channels and axes become one axis of features, as a dense layer takes it.

    >>> import symcnn as sc
    >>> sc.Flatten().on((512, 7, 7)).output
    Shape(25088)
    """

    def apply(self, x: Shape) -> Profile:
        """As many features as the input has elements."""
        return Profile(x, Shape.of((x.elements,)), tensors={}, windows=(WHOLE,) * len(x.axes))
