"""Networks for video: residual networks over space and time, and C3D.

D. Tran et al., A Closer Look at Spatiotemporal Convolutions for Action Recognition
(arXiv:1711.11248), layers and names as torchvision publishes them; D. Tran et al., Learning
Spatiotemporal Features with 3D Convolutional Networks (arXiv:1412.0767).
"""

from __future__ import annotations

from functools import partial
from typing import Any

from ..errors import SizeError, UnknownNameError, nearest
from ..layer import Layer
from ..layers import AdaptiveAvgPool3d, BatchNorm3d, Conv3d, Dropout, Flatten, Linear, MaxPool3d, ReLU
from ..networks import Residual, Sequential
from ..sizes import FloorDiv, Size, as_size, dims
from .blocks import depths, half, pair, stage

w, K, D, H, W = dims("w K D H W")

CONVOLUTIONS = ("3d", "2d", "2+1d")
"""In space and time at once, in space alone, and in space and then in time."""


def video_resnet(
    blocks: tuple[Any, ...] = (2, 2, 2, 2),
    width: Any = w,
    *,
    convolutions: str | tuple[str, ...] = "3d",
    kernel_size: tuple[Any, Any] = (3, 3),
    stem_middle: Any = 45,
    classes: Any = K,
    input: Any = (3, D, H, W),
) -> Sequential:
    """A residual network for video: stages of ``w``, ``2w``, ``4w``, ... filters.

    In R(2+1)D a convolution over ``d×d`` places and ``t`` times is one in space, to so many channels
    that the two together have as many weights as the one had, and one in time. A block that takes
    ``M`` channels and gives ``N`` has ``⌊t·d²·M·N/(d²·M + t·N)⌋`` between them; as in torchvision, in both
    of its convolutions.

    Args:
        blocks: how many each stage has; a symbol gives a ``Repeat``.
        width: the filters of the first stage; 64 as published.
        convolutions: ``"3d"`` (R3D), ``"2d"``, which looks at each time by itself, or ``"2+1d"``;
            one for all stages, or one for each: MC3 has ``"3d"`` and then ``"2d"``.
        kernel_size: of the blocks' convolutions, in time and in space.
        stem_middle: the channels between space and time in the first convolution of R(2+1)D.
        classes: the outputs.
        input: the input's shape, time before height; 3×16×112×112 as published.

    Raises:
        SizeError: a number of stages that is not that of ``convolutions``.
        UnknownNameError: another kind of convolution.

    >>> import symcnn as sc
    >>> net = sc.zoo.get_model("r2plus1d_18")
    >>> net.at(net.defaults).params
    31505325
    >>> n, w = sc.dims("n w")
    >>> sc.zoo.video_resnet((n,)).params
    K*w + K + 54*n*w**2 + 4*n*w + 443*w
    """
    blocks = depths(blocks)
    kinds = (convolutions,) * len(blocks) if isinstance(convolutions, str) else tuple(convolutions)
    if len(kinds) != len(blocks):
        raise SizeError(f"convolutions are one for each of the {len(blocks)} stages, got {len(kinds)}: {kinds}")
    channels, kernel_size = as_size(width, "width"), pair(kernel_size, "kernel_size")
    layers: dict[str, Layer] = {"stem": _stem(kinds[0], channels, stem_middle)}
    for number, (depth, kind) in enumerate(zip(blocks, kinds, strict=True), 1):
        filters = as_size(width, "width") * 2 ** (number - 1)
        block = partial(_block, kind=kind, filters=filters, kernel_size=kernel_size)
        layers[f"layer{number}"] = stage(block(channels, stride=1 if number == 1 else 2), block(filters), depth)
        channels = filters
    layers |= {"avgpool": AdaptiveAvgPool3d(1), "flatten": Flatten(), "fc": Linear(classes)}
    return Sequential(layers, input=input, defaults={w: 64, K: 400, D: 16, H: 112, W: 112})


def _stem(kind: str, channels: Size, middle: Any) -> Sequential:
    """The first convolution: 3 times, 7×7 places."""
    if kind == "2+1d":
        return Sequential(*_conv(middle, (1, 7), (1, 2)), ReLU(), *_conv(channels, (3, 1), (1, 1)), ReLU())
    return Sequential(*_conv(channels, (3, 7), (1, 2)), ReLU())


def _conv(filters: Any, kernel_size: tuple[Any, Any], stride: tuple[Any, Any]) -> tuple[Layer, Layer]:
    """A convolution that keeps the map's size at stride 1, and its normalisation; sizes are for time and space."""
    kernel = _cube(kernel_size)
    return Conv3d(filters, kernel, stride=_cube(stride), padding=half(kernel), bias=False), BatchNorm3d()


def _cube(size: tuple[Any, Any]) -> tuple[Any, Any, Any]:
    time, space = size
    return time, space, space


def _block(channels: Size, *, kind: str, filters: Size, kernel_size: tuple[Any, Any], stride: int = 1) -> Sequential:
    """Two convolutions and what they are added to: their input, or where they stride a projection of it."""
    convolution = partial(_convolution, kind, filters, kernel_size, _middle(channels, filters, kernel_size))
    body = {
        "conv1": Sequential(*convolution(stride), ReLU()),
        "conv2": Sequential(*convolution(1)),
    }
    strides = (1 if kind == "2d" else stride, stride)
    projection = None if stride == 1 and channels == filters else Sequential(*_conv(filters, (1, 1), strides))
    return Sequential(Residual(Sequential(body), projection), ReLU())


def _convolution(
    kind: str, filters: Size, kernel_size: tuple[Any, Any], middle: Size, stride: int
) -> tuple[Layer, Layer]:
    """A convolution of one of the kinds, and its normalisation."""
    time, space = kernel_size
    if kind == "3d":
        return _conv(filters, kernel_size, (stride, stride))
    if kind == "2d":
        return _conv(filters, (1, space), (1, stride))
    if kind == "2+1d":
        last, norm = _conv(filters, (time, 1), (stride, 1))
        return Sequential(*_conv(middle, (1, space), (1, stride)), ReLU(), last), norm
    raise UnknownNameError(f"no convolution is named {kind!r}{nearest(kind, CONVOLUTIONS)}")


def _middle(channels: Size, filters: Size, kernel_size: tuple[Any, Any]) -> Size:
    """The channels between space and time with which both have as many weights as one over all."""
    time, space = (as_size(size, "kernel_size") for size in kernel_size)
    places = space**2
    return FloorDiv(time * places * channels * filters, places * channels + time * filters)


STAGES = ((1, 1), (1, 2), (2, 4), (2, 8), (2, 8))
"""How many convolutions each stage of C3D has, and their filters, in widths."""


def c3d(
    width: Any = w,
    *,
    classes: Any = K,
    hidden: Any = 4096,
    kernel_size: Any = 3,
    dropout: float = 0.5,
    input: Any = (3, D, H, W),
) -> Sequential:
    """C3D: eight convolutions of 3×3×3, five poolings, three dense layers.

    The first pooling leaves time as it is. Poolings round up, as those of the paper's code do, so that
    7×7 becomes 4×4 at the end.

    Args:
        width: the filters of the first convolution; 64 as published.
        classes: the outputs; 101 in the paper's first experiments (UCF101), 487 for Sports-1M.
        hidden: the features of the two hidden dense layers.
        kernel_size: of every convolution, or one for each axis, time first. The paper compares depths in
            time from 1 to 7.
        dropout: the probability behind the hidden layers.
        input: the input's shape, time before height; 3×16×112×112 in the paper.

    >>> import symcnn as sc
    >>> net = sc.zoo.c3d()
    >>> net.at(net.defaults).params
    78409573
    """
    kernel = kernel_size if isinstance(kernel_size, tuple) else (kernel_size,) * 3
    layers: dict[str, Layer] = {}
    for number, (convolutions, times) in enumerate(STAGES, 1):
        for letter in "ab"[:convolutions]:
            name = f"{number}{letter}" if convolutions > 1 else f"{number}"
            layers[f"conv{name}"] = Conv3d(times * width, kernel, padding=half(kernel))
            layers[f"relu{name}"] = ReLU()
        layers[f"pool{number}"] = MaxPool3d((1, 2, 2) if number == 1 else 2, ceil_mode=True)
    layers["flatten"] = Flatten()
    for name in ("6", "7"):
        layers |= {f"fc{name}": Linear(hidden), f"relu{name}": ReLU(), f"dropout{name}": Dropout(dropout)}
    layers["fc8"] = Linear(classes)
    return Sequential(layers, input=input, defaults={w: 64, K: 101, D: 16, H: 112, W: 112})


MODELS = {
    "r3d_18": video_resnet,
    "mc3_18": partial(video_resnet, convolutions=("3d", "2d", "2d", "2d")),
    "r2plus1d_18": partial(video_resnet, convolutions="2+1d"),
    "c3d": c3d,
}
