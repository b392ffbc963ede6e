"""U-Net: down to small maps and up again, with what was seen on the way down copied over.

O. Ronneberger, P. Fischer and T. Brox, U-Net: Convolutional Networks for Biomedical Image
Segmentation (arXiv:1505.04597).
"""

from __future__ import annotations

from functools import partial
from typing import Any

from ..errors import SizeError
from ..layer import Layer
from ..layers import BatchNorm2d, Conv2d, ConvTranspose2d, Crop, MaxPool2d, ReLU, Upsample
from ..networks import Graph, Sequential
from ..sizes import Size, as_size, dims, whole_number
from .blocks import half

w, K, H, W = dims("w K H W")


def unet(
    width: Any = w,
    depth: int = 4,
    *,
    padded: bool = False,
    upsampling: str = "transposed",
    batch_norm: bool = False,
    kernel_size: Any = 3,
    classes: Any = K,
    input: Any = (1, H, W),
) -> Graph:
    """U-Net: pairs of convolutions of ``w``, ``2w``, ``4w``, ... filters, and back.

    As published no convolution is padded, so a map is smaller when it comes back: what is copied
    over loses ``(k - 1)·(3·2^j - 4)`` at both ends, ``j`` levels above the smallest map. With ``padded``
    every map comes back as large as it was, and the output is as large as the input. In both forms
    every pooling must get an even size; the conditions say for which inputs it does.

    Args:
        width: the filters of the first pair; 64 in the paper.
        depth: how many poolings, a number; 4 in the paper.
        padded: whether convolutions keep the size, as most have it today.
        upsampling: ``"transposed"``: a transposed convolution of 2×2 that halves the channels, or
            ``"bilinear"``: interpolation, which keeps them, so that the pair before it gives half.
        batch_norm: whether a batch normalisation, in place of the bias, follows each convolution.
        kernel_size: of the pairs.
        classes: the outputs at each place.
        input: the input's shape; 1×572×572 in the paper.

    Raises:
        SizeError: a depth that is no number, another way of upsampling.

    >>> import symcnn as sc
    >>> net = sc.zoo.unet()
    >>> net.params
    K*w + K + 7574*w**2 + 116*w
    >>> net.at(net.defaults).params, net.at(net.defaults).output
    (31030658, Shape(2, 388, 388))
    """
    if upsampling not in ("transposed", "bilinear"):
        raise SizeError(f"upsampling must be 'transposed' or 'bilinear', got {upsampling!r}")
    levels = whole_number(depth)
    if levels is None or levels < 1:
        raise SizeError(f"depth must be a positive number, got {depth!r}")
    first, kernel, interpolated = as_size(width, "width"), as_size(kernel_size, "kernel_size"), upsampling == "bilinear"
    pair = partial(_pair, kernel_size=kernel, padded=padded, batch_norm=batch_norm)

    nodes: dict[str, tuple[Any, ...]] = {}
    before = "input"
    for level in range(1, levels + 1):
        channels = first * 2 ** (level - 1)
        nodes[f"encoder{level}"] = (pair(channels, channels), before)
        nodes[f"pool{level}"] = (MaxPool2d(2), f"encoder{level}")
        before = f"pool{level}"
    # Before an interpolation a pair gives half of what it would: the channels of the next level up.
    bottom = first * 2 ** (levels - interpolated)
    nodes["bottleneck"] = (pair(bottom, bottom), before)
    before = "bottleneck"
    for level in range(levels, 0, -1):
        channels, copied = first * 2 ** (level - 1), f"encoder{level}"
        nodes[f"up{level}"] = (_up(channels, interpolated), before)
        if not padded:
            margin = (kernel - 1) * (3 * 2 ** (levels + 1 - level) - 4)
            nodes[f"crop{level}"] = (Crop(margin), copied)
            copied = f"crop{level}"
        nodes[f"concat{level}"] = ("concat", copied, f"up{level}")
        given = first * 2 ** (level - 2) if interpolated and level > 1 else channels
        nodes[f"decoder{level}"] = (pair(channels, given), f"concat{level}")
        before = f"decoder{level}"
    nodes["conv"] = (Conv2d(classes, 1), before)
    side = 512 if padded else 572
    return Graph(nodes, input=input, defaults={w: 64, K: 2, H: side, W: side})


def _pair(inner: Size, outer: Size, *, kernel_size: Size, padded: bool, batch_norm: bool) -> Sequential:
    """Two convolutions."""
    padding = half(kernel_size) if padded else 0
    layers: list[Layer] = []
    for filters in (inner, outer):
        layers.append(Conv2d(filters, kernel_size, padding=padding, bias=not batch_norm))
        layers += [BatchNorm2d(), ReLU()] if batch_norm else [ReLU()]
    return Sequential(*layers)


def _up(channels: Size, interpolated: bool) -> Layer:
    """A map of twice the size."""
    return Upsample(scale_factor=2, mode="bilinear") if interpolated else ConvTranspose2d(channels, 2, stride=2)


MODELS = {"unet": unet}
