"""Layers that pass on what they get."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..errors import SizeError
from ..layer import Layer
from ..profile import Profile
from ..settings import option
from ..shape import Shape
from ..window import POINT


@dataclass(frozen=True, eq=False, repr=False)
class Identity(Layer):
    """Nothing is done.

    >>> import symcnn as sc
    >>> sc.Identity().on((64, 7, 7)).output
    Shape(64, 7, 7)
    """

    def apply(self, x: Shape) -> Profile:
        """The input comes out."""
        return Profile(x, x, tensors={}, windows=(POINT,) * len(x.axes))


@dataclass(frozen=True, eq=False, repr=False)
class Dropout(Identity):
    """Dropout: elements are left out in training, with probability ``p``; on one input nothing is done.

    Raises:
        SizeError: ``p`` is not a number from 0 to 1.

    >>> import symcnn as sc
    >>> sc.Dropout(0.2).on((4096,)).params
    0
    """

    p: Any = option(0.5, positional=True)
    inplace: bool = option(False, positional=True)

    def check(self) -> None:
        """``p`` is a probability."""
        if isinstance(self.p, bool) or not isinstance(self.p, int | float) or not 0 <= self.p <= 1:
            raise SizeError(f"p must be a number from 0 to 1, got {self.p!r}")
