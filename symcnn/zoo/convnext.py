"""ConvNeXt: a residual network made over with what vision transformers have.

Z. Liu et al., A ConvNet for the 2020s (arXiv:2201.03545); layers and names as torchvision
publishes them.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from ..layer import Layer
from ..layers import (
    GELU,
    AdaptiveAvgPool2d,
    Conv2d,
    Flatten,
    LayerNorm,
    LayerNorm2d,
    LayerScale,
    Linear,
    Permute,
    StochasticDepth,
)
from ..networks import Residual, Sequential
from ..sizes import Size, as_size, dims
from .blocks import depths as stages_of
from .blocks import half, published, repeated

w, K, H, W = dims("w K H W")


def convnext(
    depths: tuple[Any, ...] = (3, 3, 9, 3),
    width: Any = w,
    *,
    classes: Any = K,
    kernel_size: Any = 7,
    expansion: Any = 4,
    patch_size: Any = 4,
    stochastic_depth: float = 0.1,
    input: Any = (3, H, W),
) -> Sequential:
    """ConvNeXt: stages of inverted bottlenecks with ``w``, ``2w``, ``4w``, ... channels.

    Args:
        depths: the blocks of each stage; a symbol gives a ``Repeat``.
        width: the channels of the first stage; 96 in Tiny and Small, 128 in Base, 192 in Large.
        classes: the outputs.
        kernel_size: of the depthwise convolutions. The paper compares 3, 5, 7, 9 and 11.
        expansion: the channels inside a block, in those of the block.
        patch_size: the kernel and the stride of the first convolution.
        stochastic_depth: how likely a block is left out in training; it changes no count.
        input: the input's shape; 3×224×224 as published.

    >>> import symcnn as sc
    >>> net = sc.zoo.get_model("convnext_tiny")
    >>> net.at(net.defaults).params
    28589128
    >>> k, n, w = sc.dims("k", odd=True), *sc.dims("n w")
    >>> sc.zoo.convnext((n,), kernel_size=k)["features.1"].on((w, 56, 56)).params
    n*(k**2*w + 8*w**2 + 9*w)
    """
    features: list[Layer] = []
    for place, depth in enumerate(stages_of(depths, "depths")):
        channels = as_size(width, "width") * 2**place
        if place == 0:
            stem = Conv2d(channels, patch_size, stride=patch_size)
            features.append(Sequential(stem, LayerNorm2d()))
        else:
            features.append(Sequential(LayerNorm2d(), Conv2d(channels, 2, stride=2)))
        features.append(repeated(_block(channels, kernel_size, expansion, stochastic_depth), depth))
    return Sequential(
        {
            "features": Sequential(*features),
            "avgpool": AdaptiveAvgPool2d(1),
            "classifier": Sequential(LayerNorm2d(), Flatten(), Linear(classes)),
        },
        input=input,
        defaults={w: 96, K: 1000, H: 224, W: 224},
    )


def _block(channels: Size, kernel_size: Any, expansion: Any, stochastic_depth: float) -> Residual:
    """A depthwise convolution, and two dense layers over the channels, which stand last meanwhile."""
    inner = as_size(expansion, "expansion") * channels
    block = Sequential(
        Conv2d(channels, kernel_size, padding=half(kernel_size), groups=channels),
        Permute(1, 2, 0),
        LayerNorm(),
        Linear(inner, in_features=channels),
        GELU(),
        Linear(channels, in_features=inner),
        Permute(2, 0, 1),
    )
    return Residual(
        Sequential({"block": block, "layer_scale": LayerScale(), "stochastic_depth": StochasticDepth(stochastic_depth)})
    )


DEEP = (3, 3, 27, 3)

MODELS = {
    "convnext_tiny": convnext,
    "convnext_small": partial(convnext, depths=DEEP),
    "convnext_base": partial(published, convnext, {w: 128}, depths=DEEP),
    "convnext_large": partial(published, convnext, {w: 192}, depths=DEEP),
    "ConvNeXtXLarge": partial(published, convnext, {w: 256}, depths=DEEP),
}
