"""The layers, one module for each kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..later import loader, modules_of

if TYPE_CHECKING:
    from .activation import CELU as CELU
    from .activation import ELU as ELU
    from .activation import GELU as GELU
    from .activation import SELU as SELU
    from .activation import Hardshrink as Hardshrink
    from .activation import Hardsigmoid as Hardsigmoid
    from .activation import Hardswish as Hardswish
    from .activation import Hardtanh as Hardtanh
    from .activation import LeakyReLU as LeakyReLU
    from .activation import LogSigmoid as LogSigmoid
    from .activation import Mish as Mish
    from .activation import ReLU as ReLU
    from .activation import ReLU6 as ReLU6
    from .activation import RReLU as RReLU
    from .activation import Sigmoid as Sigmoid
    from .activation import SiLU as SiLU
    from .activation import Softplus as Softplus
    from .activation import Softshrink as Softshrink
    from .activation import Softsign as Softsign
    from .activation import Tanh as Tanh
    from .activation import Tanhshrink as Tanhshrink
    from .attention import MultiheadAttention as MultiheadAttention
    from .conv import Conv1d as Conv1d
    from .conv import Conv2d as Conv2d
    from .conv import Conv3d as Conv3d
    from .conv_transpose import ConvTranspose1d as ConvTranspose1d
    from .conv_transpose import ConvTranspose2d as ConvTranspose2d
    from .conv_transpose import ConvTranspose3d as ConvTranspose3d
    from .crop import Crop as Crop
    from .depthwise import DepthwiseConv1d as DepthwiseConv1d
    from .depthwise import DepthwiseConv2d as DepthwiseConv2d
    from .depthwise import DepthwiseConv3d as DepthwiseConv3d
    from .global_pool import GlobalAvgPool as GlobalAvgPool
    from .global_pool import GlobalMaxPool as GlobalMaxPool
    from .identity import Dropout as Dropout
    from .identity import Identity as Identity
    from .identity import StochasticDepth as StochasticDepth
    from .layer_norm import GroupNorm as GroupNorm
    from .layer_norm import LayerNorm as LayerNorm
    from .layer_norm import LayerNorm2d as LayerNorm2d
    from .linear import Linear as Linear
    from .norm import BatchNorm1d as BatchNorm1d
    from .norm import BatchNorm2d as BatchNorm2d
    from .norm import BatchNorm3d as BatchNorm3d
    from .norm import InstanceNorm1d as InstanceNorm1d
    from .norm import InstanceNorm2d as InstanceNorm2d
    from .norm import InstanceNorm3d as InstanceNorm3d
    from .norm import LocalResponseNorm as LocalResponseNorm
    from .pad import ChannelPad as ChannelPad
    from .pad import CircularPad1d as CircularPad1d
    from .pad import CircularPad2d as CircularPad2d
    from .pad import CircularPad3d as CircularPad3d
    from .pad import ReflectionPad1d as ReflectionPad1d
    from .pad import ReflectionPad2d as ReflectionPad2d
    from .pad import ReflectionPad3d as ReflectionPad3d
    from .pad import ReplicationPad1d as ReplicationPad1d
    from .pad import ReplicationPad2d as ReplicationPad2d
    from .pad import ReplicationPad3d as ReplicationPad3d
    from .pad import ZeroPad1d as ZeroPad1d
    from .pad import ZeroPad2d as ZeroPad2d
    from .pad import ZeroPad3d as ZeroPad3d
    from .pool import AdaptiveAvgPool1d as AdaptiveAvgPool1d
    from .pool import AdaptiveAvgPool2d as AdaptiveAvgPool2d
    from .pool import AdaptiveAvgPool3d as AdaptiveAvgPool3d
    from .pool import AdaptiveMaxPool1d as AdaptiveMaxPool1d
    from .pool import AdaptiveMaxPool2d as AdaptiveMaxPool2d
    from .pool import AdaptiveMaxPool3d as AdaptiveMaxPool3d
    from .pool import AvgPool1d as AvgPool1d
    from .pool import AvgPool2d as AvgPool2d
    from .pool import AvgPool3d as AvgPool3d
    from .pool import MaxPool1d as MaxPool1d
    from .pool import MaxPool2d as MaxPool2d
    from .pool import MaxPool3d as MaxPool3d
    from .prelu import PReLU as PReLU
    from .reshape import Flatten as Flatten
    from .reshape import Permute as Permute
    from .reshape import Reshape as Reshape
    from .scale import LayerScale as LayerScale
    from .shuffle import ChannelShuffle as ChannelShuffle
    from .shuffle import PixelShuffle as PixelShuffle
    from .shuffle import PixelUnshuffle as PixelUnshuffle
    from .softmax import GLU as GLU
    from .softmax import LogSoftmax as LogSoftmax
    from .softmax import Softmax as Softmax
    from .softmax import Softmax2d as Softmax2d
    from .softmax import Softmin as Softmin
    from .split import Split as Split
    from .upsample import Upsample as Upsample

MODULES = {
    "activation": (
        "CELU",
        "ELU",
        "GELU",
        "SELU",
        "Hardshrink",
        "Hardsigmoid",
        "Hardswish",
        "Hardtanh",
        "LeakyReLU",
        "LogSigmoid",
        "Mish",
        "ReLU",
        "ReLU6",
        "RReLU",
        "Sigmoid",
        "SiLU",
        "Softplus",
        "Softshrink",
        "Softsign",
        "Tanh",
        "Tanhshrink",
    ),
    "attention": ("MultiheadAttention",),
    "conv": (
        "Conv1d",
        "Conv2d",
        "Conv3d",
    ),
    "conv_transpose": (
        "ConvTranspose1d",
        "ConvTranspose2d",
        "ConvTranspose3d",
    ),
    "crop": ("Crop",),
    "depthwise": (
        "DepthwiseConv1d",
        "DepthwiseConv2d",
        "DepthwiseConv3d",
    ),
    "global_pool": (
        "GlobalAvgPool",
        "GlobalMaxPool",
    ),
    "identity": (
        "Dropout",
        "Identity",
        "StochasticDepth",
    ),
    "layer_norm": (
        "GroupNorm",
        "LayerNorm",
        "LayerNorm2d",
    ),
    "linear": ("Linear",),
    "norm": (
        "BatchNorm1d",
        "BatchNorm2d",
        "BatchNorm3d",
        "InstanceNorm1d",
        "InstanceNorm2d",
        "InstanceNorm3d",
        "LocalResponseNorm",
    ),
    "pad": (
        "ChannelPad",
        "CircularPad1d",
        "CircularPad2d",
        "CircularPad3d",
        "ReflectionPad1d",
        "ReflectionPad2d",
        "ReflectionPad3d",
        "ReplicationPad1d",
        "ReplicationPad2d",
        "ReplicationPad3d",
        "ZeroPad1d",
        "ZeroPad2d",
        "ZeroPad3d",
    ),
    "pool": (
        "AdaptiveAvgPool1d",
        "AdaptiveAvgPool2d",
        "AdaptiveAvgPool3d",
        "AdaptiveMaxPool1d",
        "AdaptiveMaxPool2d",
        "AdaptiveMaxPool3d",
        "AvgPool1d",
        "AvgPool2d",
        "AvgPool3d",
        "MaxPool1d",
        "MaxPool2d",
        "MaxPool3d",
    ),
    "prelu": ("PReLU",),
    "reshape": (
        "Flatten",
        "Permute",
        "Reshape",
    ),
    "scale": ("LayerScale",),
    "shuffle": (
        "ChannelShuffle",
        "PixelShuffle",
        "PixelUnshuffle",
    ),
    "softmax": (
        "GLU",
        "LogSoftmax",
        "Softmax",
        "Softmax2d",
        "Softmin",
    ),
    "split": ("Split",),
    "upsample": ("Upsample",),
}
"""The layers of each module, which is loaded when one of them is first asked for: most programs use few."""

MODULE_OF = modules_of(MODULES)

__all__ = list(MODULE_OF)

__getattr__ = loader(__name__, MODULE_OF)


def __dir__() -> list[str]:
    """The layers."""
    return sorted(MODULE_OF)
