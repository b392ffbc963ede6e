"""Depthwise convolution: each channel by itself.

Formula: a convolution with as many groups as channels; L. Sifre, Rigid-Motion Scattering for Image
Classification (2014), and F. Chollet, Xception (arXiv:1610.02357).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from ..layer import Layer
from ..profile import Profile
from ..settings import axes, option, padding, size, told_by_input
from ..shape import Shape
from .conv import Conv, Conv1d, Conv2d, Conv3d


@dataclass(frozen=True, eq=False, repr=False)
class DepthwiseConv(Layer):
    """A convolution of each channel with filters of its own: ``groups`` is the number of channels.

    Parameters: ``(k_w·k_h + 1)·C·m``.

    Args:
        kernel_size: a size, or one for each axis.
        stride, padding, dilation, bias, padding_mode: as those of ``Conv``.
        multiplier: how many filters each channel has.
        in_channels: checked against the input where it is given.

    Raises:
        SizeError: a setting that is not a size.
        ShapeError: an input with another number of axes.
        ConditionError: a kernel larger than its padded input, ``in_channels`` that the input does
            not have.

    >>> import symcnn as sc
    >>> sc.DepthwiseConv2d(3, padding=1).on((32, 112, 112)).params
    320
    >>> sc.DepthwiseConv2d(multiplier=2).output[0]
    2*C
    """

    kernel_size: Any = axes("k", positional=True)
    stride: Any = axes("s", 1)
    padding: Any = padding(modes=("same", "valid"))
    dilation: Any = axes("d", 1)
    multiplier: Any = size("m", 1)
    bias: bool = option(True)
    padding_mode: str = option("zeros")
    in_channels: Any = told_by_input("C")

    conv: ClassVar[type[Conv]]

    def apply(self, x: Shape) -> Profile:
        """What the convolution in as many groups does."""
        grouped = self.conv(
            x.channels * self.multiplier,
            self.kernel_size,
            stride=self.stride,
            padding=self.padding,
            dilation=self.dilation,
            groups=x.channels,
            bias=self.bias,
        )
        return grouped.apply(x)


class DepthwiseConv1d(DepthwiseConv):
    """A depthwise convolution over ``(channels, length)``; see ``DepthwiseConv``."""

    ranks = (1,)
    conv = Conv1d


class DepthwiseConv2d(DepthwiseConv):
    """A depthwise convolution over ``(channels, height, width)``; see ``DepthwiseConv``."""

    ranks = (2,)
    conv = Conv2d


class DepthwiseConv3d(DepthwiseConv):
    """A depthwise convolution over ``(channels, depth, height, width)``; see ``DepthwiseConv``."""

    ranks = (3,)
    conv = Conv3d
