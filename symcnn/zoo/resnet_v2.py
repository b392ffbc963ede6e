"""Residual networks whose blocks begin with a normalisation and an activation, so that the sums themselves stay linear.

K. He, X. Zhang, S. Ren and J. Sun, Identity Mappings in Deep Residual Networks (arXiv:1603.05027), as Keras
publishes it; S. Zagoruyko and N. Komodakis, Wide Residual Networks (arXiv:1605.07146), for small images.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from ..layer import Layer
from ..layers import (
    AdaptiveAvgPool2d,
    BatchNorm2d,
    Conv2d,
    Dropout,
    Flatten,
    GlobalAvgPool,
    Linear,
    MaxPool2d,
    ReLU,
)
from ..networks import Residual, Sequential
from ..sizes import Size, as_size, dims
from .blocks import blocks as in_a_row
from .blocks import depths, half, published, stage

w, n, m, K, H, W = dims("w n m K H W")

DEPTHS = {50: (3, 4, 6, 3), 101: (3, 4, 23, 3), 152: (3, 8, 36, 3)}
"""The blocks of each stage, by the number of layers with weights."""


def resnet_v2(
    blocks: tuple[Any, ...] = DEPTHS[50],
    width: Any = w,
    *,
    kernel_size: Any = 3,
    classes: Any = K,
    input: Any = (3, H, W),
) -> Sequential:
    """ResNet V2: bottlenecks of ``w``, ``2w``, ``4w``, ... filters, each behind its normalisation.

    The first block of a stage has the projection, and the last one halves the map, but for the last stage.

    Args:
        blocks: how many each stage has, at least 2; a symbol gives a ``Repeat``.
        width: the filters of the first convolution and stage; 64 as published.
        kernel_size: of the blocks' convolutions that are not 1×1.
        classes: the outputs.
        input: the input's shape; 3×224×224 as published.

    Raises:
        SizeError: a stage of less than two blocks.

    >>> import symcnn as sc
    >>> net = sc.zoo.resnet_v2()
    >>> net.params
    32*K*w + K + 5724*w**2 + 1154*w
    >>> here = net.at(net.defaults)
    >>> here.params, here.params + here.buffers
    (25568360, 25613800)
    """
    filters = as_size(width, "width")
    layers: dict[str, Layer] = {
        "conv1_conv": Conv2d(filters, 7, stride=2, padding=3),
        "pool1_pool": MaxPool2d(3, 2, 1),
    }
    blocks = depths(blocks)
    for number, depth in enumerate(blocks, 1):
        inner = 2 ** (number - 1) * filters
        first = Sequential(*_activated(), Residual(_bottleneck(inner, kernel_size, 1), Conv2d(4 * inner, 1)))
        last = _kept(inner, kernel_size, 2 if number < len(blocks) else 1)
        others = in_a_row(first, _kept(inner, kernel_size, 1), as_size(depth, "depth", 2) - 1)
        layers[f"conv{number + 1}"] = Sequential(*others, last)
    layers |= {
        "post_bn": BatchNorm2d(),
        "post_relu": ReLU(),
        "avg_pool": GlobalAvgPool(),
        "predictions": Linear(classes),
    }
    return Sequential(layers, input=input, defaults={w: 64, K: 1000, H: 224, W: 224})


def _kept(inner: Size, kernel_size: Any, stride: int) -> Residual:
    """A block that its input itself is added to; every second position of it where the block strides."""
    body = Sequential(*_activated(), *_bottleneck(inner, kernel_size, stride))
    return Residual(body, MaxPool2d(1, stride) if stride > 1 else None)


def _bottleneck(inner: Size, kernel_size: Any, stride: int) -> Sequential:
    """1×1, 3×3 and 1×1 convolutions, with normalisations and activations between them."""
    return Sequential(
        Conv2d(inner, 1, bias=False),
        *_activated(),
        Conv2d(inner, kernel_size, stride=stride, padding=half(kernel_size), bias=False),
        *_activated(),
        Conv2d(4 * inner, 1),
    )


def _activated() -> tuple[Layer, Layer]:
    return BatchNorm2d(), ReLU()


def wide_resnet_cifar(
    blocks: Any = n,
    widening: Any = m,
    *,
    width: Any = w,
    kernel_size: Any = 3,
    dropout: float = 0,
    classes: Any = K,
    input: Any = (3, H, W),
) -> Sequential:
    """The Wide ResNet for small images, WRN-``(6n + 4)``-``m``: stages of ``m*w``, ``2*m*w`` and ``4*m*w`` filters.

    The first block of each stage has a 1×1 convolution beside it. Where ``m`` is the number 1 the first stage
    needs none.

    Args:
        blocks: how many each stage has, or a tuple with one for each stage; a symbol gives a ``Repeat``.
        widening: how many times wider the stages are than those of a ResNet.
        width: the filters of the first convolution; 16 as published.
        kernel_size: of all convolutions that are not 1×1.
        dropout: the probability between the convolutions of a block.
        classes: the outputs.
        input: the input's shape; 3×32×32 as published.

    >>> import symcnn as sc
    >>> net = sc.zoo.wide_resnet_cifar()
    >>> net.at(net.defaults).params
    36479194
    """
    channels = as_size(width, "width")
    layers: dict[str, Layer] = {"conv1": _conv(channels, kernel_size, 1)}
    for number, depth in enumerate(depths(blocks) if isinstance(blocks, tuple | list) else (blocks,) * 3, 1):
        filters = 2 ** (number - 1) * as_size(widening, "widening") * as_size(width, "width")
        block = partial(_two, filters, kernel_size, dropout)
        layers[f"block{number}"] = stage(block(channels, 1 if number == 1 else 2), block(filters, 1), depth)
        channels = filters
    layers |= {
        "bn1": BatchNorm2d(),
        "relu": ReLU(),
        "avgpool": AdaptiveAvgPool2d(1),
        "flatten": Flatten(),
        "fc": Linear(classes),
    }
    return Sequential(layers, input=input, defaults={n: 4, m: 10, w: 16, K: 10, H: 32, W: 32})


def _two(filters: Size, kernel_size: Any, dropout: float, channels: Size, stride: int) -> Layer:
    """Two 3×3 convolutions; a projection, where there is one, takes what is activated."""
    between = (*_activated(), Dropout(dropout)) if dropout else _activated()
    body = (_conv(filters, kernel_size, stride), *between, _conv(filters, kernel_size, 1))
    if stride == 1 and channels == filters:
        return Residual(Sequential(*_activated(), *body))
    return Sequential(*_activated(), Residual(Sequential(*body), Conv2d(filters, 1, stride=stride, bias=False)))


def _conv(filters: Size, kernel_size: Any, stride: int) -> Conv2d:
    return Conv2d(filters, kernel_size, stride=stride, padding=half(kernel_size), bias=False)


MODELS = {f"ResNet{depth}V2": partial(resnet_v2, blocks=DEPTHS[depth]) for depth in DEPTHS} | {
    f"wrn_{6 * blocks + 4}_{factor}": partial(published, wide_resnet_cifar, {m: factor}, blocks=blocks)
    for blocks, factor in ((2, 8), (2, 10), (3, 8), (3, 10), (4, 10), (4, 12), (6, 2), (6, 4), (6, 8))
}
