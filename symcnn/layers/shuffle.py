"""Layers that put elements in other places: between channels and map, and among channels.

Formulas: W. Shi et al., Real-Time Single Image and Video Super-Resolution Using an Efficient
Sub-Pixel Convolutional Neural Network (arXiv:1609.05158); X. Zhang et al., ShuffleNet
(arXiv:1707.01083); PyTorch's documentation of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..layer import Layer
from ..profile import Profile
from ..settings import size
from ..shape import Shape
from ..sizes import Conditions, divides
from ..window import IRREGULAR, POINT, Window


@dataclass(frozen=True, eq=False, repr=False)
class PixelShuffle(Layer):
    """``r²`` channels become one that is ``r`` times as high and wide.

    Args:
        upscale_factor: ``r``; its square divides the channels.

    Raises:
        ConditionError: channels that ``r²`` does not divide.

    >>> import symcnn as sc
    >>> sc.PixelShuffle(2).on((64, 28, 28)).output
    Shape(16, 56, 56)
    """

    upscale_factor: Any = size("r", positional=True)

    ranks = (2,)

    def apply(self, x: Shape) -> Profile:
        """The same elements in other places."""
        r = self.upscale_factor
        conditions = divides(
            r**2,
            x.channels,
            lambda: f"upscale_factor² must divide the channels, got upscale_factor={r} and {x.channels} channels",
            "upscale_factor² divides the channels",
        )
        output = Shape.of((x.channels / r**2, *(axis * r for axis in x.axes)))
        return Profile(x, output, windows=(POINT if r == 1 else IRREGULAR,) * 2, conditions=conditions)


@dataclass(frozen=True, eq=False, repr=False)
class PixelUnshuffle(Layer):
    """Blocks of ``r`` by ``r`` places become ``r²`` channels.

    Args:
        downscale_factor: ``r``; it divides height and width.

    Raises:
        ConditionError: a height or width that ``r`` does not divide.

    >>> import symcnn as sc
    >>> sc.PixelUnshuffle(2).on((3, 224, 224)).output
    Shape(12, 112, 112)
    """

    downscale_factor: Any = size("r", positional=True)

    ranks = (2,)

    def apply(self, x: Shape) -> Profile:
        """The same elements in other places."""
        r = self.downscale_factor
        conditions: Conditions = ()
        for axis in x.axes:
            message = f"downscale_factor must divide height and width, got downscale_factor={r} and an axis of {axis}"
            conditions += divides(
                r,
                axis,
                lambda message=message: message,  # type: ignore[misc]
                "downscale_factor divides height and width",
            )
        output = Shape.of((x.channels * r**2, *(axis / r for axis in x.axes)))
        return Profile(x, output, windows=(Window(r, r),) * 2, conditions=conditions)


@dataclass(frozen=True, eq=False, repr=False)
class ChannelShuffle(Layer):
    """The channels of ``groups`` groups in turn, so that the groups mix.

    Args:
        groups: how many groups; it divides the channels.

    Raises:
        ConditionError: channels that ``groups`` does not divide.

    >>> import symcnn as sc
    >>> sc.ChannelShuffle(2).on((116, 28, 28)).output
    Shape(116, 28, 28)
    """

    groups: Any = size("g", positional=True)

    def apply(self, x: Shape) -> Profile:
        """The same elements in other places."""
        groups = self.groups
        conditions = divides(
            groups,
            x.channels,
            lambda: f"groups must divide the channels, got groups={groups} and {x.channels} channels",
            "groups divides the channels",
        )
        return Profile(x, x, windows=(POINT,) * len(x.axes), conditions=conditions)
