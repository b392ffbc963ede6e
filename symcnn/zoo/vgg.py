"""VGG: nothing but 3×3 convolutions and 2×2 poolings.

K. Simonyan and A. Zisserman, Very Deep Convolutional Networks for Large-Scale Image Recognition
(arXiv:1409.1556); layers and names as torchvision publishes them.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from ..errors import SizeError
from ..layer import Layer
from ..layers import AdaptiveAvgPool2d, BatchNorm2d, Conv2d, Dropout, Flatten, Linear, MaxPool2d, ReLU
from ..networks import Repeat, Sequential
from ..sizes import as_size, dims
from .blocks import depths

w, K, H, W = dims("w K H W")

BLOCKS = {
    "vgg11": (1, 1, 2, 2, 2),
    "vgg13": (2, 2, 2, 2, 2),
    "vgg16": (2, 2, 3, 3, 3),
    "vgg19": (2, 2, 4, 4, 4),
}
"""How many convolutions each stage has; a pooling follows each stage."""

WIDENING = (1, 2, 4, 8, 8)
"""The filters of each stage, in widths."""


def vgg(
    blocks: tuple[Any, ...] = BLOCKS["vgg16"],
    width: Any = w,
    *,
    batch_norm: bool = False,
    classes: Any = K,
    hidden: Any = 4096,
    kernel_size: Any = 3,
    dropout: float = 0.5,
    input: Any = (3, H, W),
) -> Sequential:
    """VGG: stages of convolutions with ``w``, ``2w``, ``4w``, ``8w`` and ``8w`` filters.

    Args:
        blocks: how many convolutions each of the five stages has; a symbol gives a ``Repeat``.
        width: the filters of the first stage; 64 as published.
        batch_norm: whether a batch normalisation follows each convolution.
        classes: the outputs.
        hidden: the features of the two hidden dense layers.
        kernel_size: of every convolution.
        dropout: the probability behind the hidden layers.
        input: the input's shape; 3×224×224 as published.

    Raises:
        SizeError: another number of stages.

    >>> import symcnn as sc
    >>> net = sc.zoo.vgg()
    >>> net.params
    4097*K + 3591*w**2 + 1605725*w + 16785408
    >>> net.at(net.defaults).params
    138357544
    >>> n = sc.dims("n")
    >>> sc.zoo.vgg((2, 2, n, 3, 3)).params
    4097*K + 144*n*w**2 + 4*n*w + 3159*w**2 + 1605713*w + 16785408
    """
    blocks = depths(blocks)
    if len(blocks) != len(WIDENING):
        raise SizeError(f"blocks are one number for each of {len(WIDENING)} stages, got {blocks}")
    layers: list[Layer] = []
    for depth, times in zip(blocks, WIDENING, strict=True):
        norm = [BatchNorm2d()] if batch_norm else []
        step = [Conv2d(times * as_size(width, "width"), kernel_size, padding="same"), *norm, ReLU()]
        convolutions = as_size(depth, "blocks")
        layers += step * int(convolutions) if convolutions.is_Integer else [Repeat(Sequential(*step), convolutions)]
        layers.append(MaxPool2d(2))
    classifier = Sequential(
        Linear(hidden), ReLU(), Dropout(dropout), Linear(hidden), ReLU(), Dropout(dropout), Linear(classes)
    )
    return Sequential(
        {
            "features": Sequential(*layers),
            "avgpool": AdaptiveAvgPool2d(7),
            "flatten": Flatten(),
            "classifier": classifier,
        },
        input=input,
        defaults={w: 64, K: 1000, H: 224, W: 224},
    )


MODELS = {name: partial(vgg, blocks=blocks) for name, blocks in BLOCKS.items()} | {
    f"{name}_bn": partial(vgg, blocks=blocks, batch_norm=True) for name, blocks in BLOCKS.items()
}
