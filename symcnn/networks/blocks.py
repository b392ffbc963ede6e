"""Layers that stand for a small network: separable convolution, squeeze-and-excitation.

Each has settings of its own and builds the network from them and from the input that it sees. The
profile is that network's, so its layers are counted, listed and named one by one.
"""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar

from ..errors import SizeError
from ..layer import Layer
from ..layers import AdaptiveAvgPool2d, Conv1d, Conv2d, Conv3d, ReLU, Sigmoid
from ..layers.conv import Conv
from ..profile import Profile
from ..settings import axes, option, padding, size, told_by_input
from ..shape import Shape
from .graph import Graph
from .network import Network, require_layer
from .sequential import Sequential


class Composite(Layer):
    """A layer that is a network of others."""

    @abstractmethod
    def inside(self, x: Shape) -> Network:
        """The network that the layer is, on this input."""

    def apply(self, x: Shape) -> Profile:
        """What the network inside does."""
        return self.inside(x).apply(x)


@dataclass(frozen=True, eq=False, repr=False)
class SeparableConv(Composite):
    """A depthwise separable convolution: filters on each channel by itself, then a 1×1 convolution.

    Parameters: ``k_w·k_h·C_in·m + (C_in·m + 1)·C_out``. The depthwise filters have no bias. Nothing
    stands between the two convolutions, as in Keras's ``SeparableConv2D``; MobileNet, which puts a
    normalisation and an activation there, writes them one by one.

    L. Sifre and S. Mallat, Rigid-Motion Scattering for Texture Classification (arXiv:1403.1687); F.
    Chollet, Xception (arXiv:1610.02357); Keras's documentation of ``SeparableConv2D``.

    Args:
        out_channels: how many filters the 1×1 convolution has.
        kernel_size: of the depthwise convolution: a size, or one for each axis.
        stride, padding, dilation: of the depthwise convolution, as ``Conv`` takes them.
        multiplier: how many depthwise filters each input channel has.
        bias: whether each filter of the 1×1 convolution has one.
        in_channels: checked against the input where it is given.

    Raises:
        SizeError: a setting that is not a size.
        ShapeError: an input with another number of axes.
        ConditionError: a kernel larger than its padded input, ``in_channels`` that the input does
            not have.

    >>> import symcnn as sc
    >>> sc.SeparableConv2d(64, 3).on((32, 56, 56)).params, sc.Conv2d(64, 3).on((32, 56, 56)).params
    (2400, 18496)
    >>> sc.SeparableConv2d().params
    C_in*C_out + C_in*k_h*k_w + C_out
    """

    out_channels: Any = size("C_out", positional=True)
    kernel_size: Any = axes("k", positional=True)
    stride: Any = axes("s", 1)
    padding: Any = padding(modes=("same", "valid"))
    dilation: Any = axes("d", 1)
    multiplier: Any = size("m", 1)
    bias: bool = option(True)
    in_channels: Any = told_by_input("C_in")

    convolution: ClassVar[type[Conv]]
    """The convolution of its rank."""

    def inside(self, x: Shape) -> Sequential:
        """A convolution in as many groups as there are channels, and one of 1×1."""
        depthwise = self.convolution(
            x.channels * self.multiplier,
            self.kernel_size,
            stride=self.stride,
            padding=self.padding,
            dilation=self.dilation,
            groups=x.channels,
            bias=False,
        )
        pointwise = self.convolution(self.out_channels, 1, bias=self.bias)
        return Sequential(("depthwise", depthwise), ("pointwise", pointwise))


class SeparableConv1d(SeparableConv):
    """A depthwise separable convolution over ``(channels, length)``; see ``SeparableConv``."""

    ranks = (1,)
    convolution = Conv1d


class SeparableConv2d(SeparableConv):
    """A depthwise separable convolution over ``(channels, height, width)``; see ``SeparableConv``."""

    ranks = (2,)
    convolution = Conv2d


class SeparableConv3d(SeparableConv):
    """A depthwise separable convolution over ``(channels, depth, height, width)``; see ``SeparableConv``."""

    ranks = (3,)
    convolution = Conv3d


@dataclass(frozen=True, eq=False, repr=False)
class SqueezeExcitation(Composite):
    """Squeeze-and-excitation: each channel is scaled by a gate that sees the mean of every channel.

    Parameters: ``C_s·(C + 1) + C·(C_s + 1)``: two 1×1 convolutions of the channels' means, to
    ``squeeze_channels`` and back.

    J. Hu, L. Shen and G. Sun, Squeeze-and-Excitation Networks (arXiv:1709.01507), figure 1;
    torchvision's documentation of ``torchvision.ops.SqueezeExcitation``.

    Args:
        squeeze_channels: the channels in the middle; the paper takes a sixteenth of the input's.
        activation: the layer behind the first convolution.
        scale_activation: the layer behind the second, which makes the gate.
        input_channels: checked against the input where it is given.

    Raises:
        SizeError: a setting that is not a size, an activation that is no layer or has symbols.
        ConditionError: ``input_channels`` that the input does not have.

    >>> import symcnn as sc
    >>> C, H, W = sc.dims("C H W")
    >>> gate = sc.SqueezeExcitation(C / 16)
    >>> gate.on((C, H, W)).params, gate.on((C, H, W)).conditions
    (C**2/8 + 17*C/16, (16 | C,))
    """

    squeeze_channels: Any = size("C_s", positional=True)
    activation: Any = option(ReLU())
    scale_activation: Any = option(Sigmoid())
    input_channels: Any = told_by_input("C")

    ranks = (2,)

    def check(self) -> None:
        """The activations are layers, without sizes that would have to be put in."""
        for name in ("activation", "scale_activation"):
            layer = getattr(self, name)
            require_layer(name, layer)
            if layer.size_symbols():
                raise SizeError(f"{name} must be a layer without symbols, got {layer!r}")

    def inside(self, x: Shape) -> Graph:
        """The gate, under torchvision's names, and the product."""
        return Graph(
            {
                "avgpool": (AdaptiveAvgPool2d(1), "input"),
                "fc1": (Conv2d(self.squeeze_channels, 1), "avgpool"),
                "activation": (self.activation, "fc1"),
                "fc2": (Conv2d(x.channels, 1), "activation"),
                "scale_activation": (self.scale_activation, "fc2"),
                "scale": ("multiply", "scale_activation", "input"),
            }
        )
