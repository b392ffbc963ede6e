"""ShuffleNet V2: half of the channels pass by each block, and the halves are mixed behind it.

N. Ma, X. Zhang, H.-T. Zheng and J. Sun, ShuffleNet V2: Practical Guidelines for Efficient CNN
Architecture Design (arXiv:1807.11164); layers and names as torchvision publishes them.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from ..layer import Layer
from ..layers import ChannelShuffle, GlobalAvgPool, Linear, MaxPool2d, Split
from ..networks import Parallel, Sequential
from ..sizes import as_size, dims
from .blocks import conv_norm, depths, published, stage

w, K, H, W = dims("w K H W")

WIDTHS = {
    "shufflenet_v2_x0_5": (48, 1024),
    "shufflenet_v2_x1_0": (116, 1024),
    "shufflenet_v2_x1_5": (176, 1024),
    "shufflenet_v2_x2_0": (244, 2048),
}
"""The channels of the first stage, and the filters of the last convolution."""


def shufflenet_v2(
    width: Any = w,
    blocks: tuple[Any, ...] = (4, 8, 4),
    *,
    stem: Any = 24,
    last: Any = 1024,
    classes: Any = K,
    kernel_size: Any = 3,
    input: Any = (3, H, W),
) -> Sequential:
    """ShuffleNet V2: three stages of ``w``, ``2w`` and ``4w`` channels; ``w`` is even.

    Args:
        width: the channels of the first stage; 116 at ×1.0.
        blocks: the blocks of each stage; a symbol gives a ``Repeat``.
        stem: the filters of the first convolution.
        last: the filters of the last convolution; 2048 at ×2.0.
        classes: the outputs.
        kernel_size: of the depthwise convolutions.
        input: the input's shape; 3×224×224 as published.

    >>> import symcnn as sc
    >>> net = sc.zoo.shufflenet_v2()
    >>> net.params, net.conditions
    (1025*K + 219*w**2/4 + 4430*w + 3008, (2 | w,))
    >>> net.at(net.defaults).params
    2278604
    """
    stages, channels = {}, stem
    for number, depth in enumerate(depths(blocks)):
        half = as_size(2**number * width, "width") / 2
        stages[f"stage{number + 2}"] = stage(_halving(channels, half, kernel_size), _block(half, kernel_size), depth)
        channels = 2 * half
    return Sequential(
        {
            "conv1": conv_norm(stem, 3, 2),
            "maxpool": MaxPool2d(3, 2, 1),
            **stages,
            "conv5": conv_norm(last, 1),
            "globalpool": GlobalAvgPool(),
            "fc": Linear(classes),
        },
        input=input,
        defaults={w: 116, K: 1000, H: 224, W: 224},
    )


def _block(half: Any, kernel_size: Any) -> Sequential:
    """One half of the channels goes through three convolutions, the other past them."""
    through = Sequential(Split(2, 1), *_branch(half, kernel_size))
    return _mixed(Split(2, 0), through)


def _halving(channels: Any, half: Any, kernel_size: Any) -> Sequential:
    """Both branches take all channels, and halve the map."""
    beside = [*conv_norm(channels, kernel_size, 2, groups=channels, activation=None), *conv_norm(half, 1)]
    return _mixed(Sequential(*beside), Sequential(*_branch(half, kernel_size, 2)))


def _branch(half: Any, kernel_size: Any, stride: int = 1) -> list[Layer]:
    depthwise = conv_norm(half, kernel_size, stride, groups=half, activation=None)
    return [*conv_norm(half, 1), *depthwise, *conv_norm(half, 1)]


def _mixed(branch1: Layer, branch2: Layer) -> Sequential:
    return Sequential(Parallel({"branch1": branch1, "branch2": branch2}, join="concat"), ChannelShuffle(2))


MODELS = {name: partial(published, shufflenet_v2, {w: width}, last=last) for name, (width, last) in WIDTHS.items()}
