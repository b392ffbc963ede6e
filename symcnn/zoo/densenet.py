"""DenseNet: each layer sees what all layers before it in its block have made.

G. Huang, Z. Liu, L. van der Maaten and K. Q. Weinberger, Densely Connected Convolutional Networks
(arXiv:1608.06993); layers and names as torchvision publishes them.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from sympy import Rational

from ..layer import Layer
from ..layers import (
    AdaptiveAvgPool2d,
    AvgPool2d,
    BatchNorm2d,
    Conv2d,
    Dropout,
    Flatten,
    Identity,
    Linear,
    MaxPool2d,
    ReLU,
)
from ..networks import Parallel, Sequential
from ..sizes import FloorDiv, Size, as_rational, as_size, dims
from .blocks import depths, half, published, repeated

g, K, H, W = dims("g K H W")

HALF = Rational(1, 2)

DEPTHS = {121: (6, 12, 24, 16), 161: (6, 12, 36, 24), 169: (6, 12, 32, 32), 201: (6, 12, 48, 32)}
"""The layers of each dense block, by the number of layers with weights."""


def densenet(
    blocks: tuple[Any, ...] = DEPTHS[121],
    growth: Any = g,
    width: Any = None,
    *,
    bn_size: Any = 4,
    compression: Any = HALF,
    kernel_size: Any = 3,
    dropout: float = 0,
    classes: Any = K,
    input: Any = (3, H, W),
) -> Sequential:
    """DenseNet: blocks in which every layer adds ``g`` channels to all that are there.

    A layer of a block has a 1×1 convolution of ``bn_size*g`` filters and a 3×3 of ``g``. Between blocks a
    transition keeps ``⌊compression*C⌋`` of ``C`` channels and halves the map. So a block's totals are
    quadratic in its depth.

    Args:
        blocks: how many layers each block has; a symbol gives a ``Repeat``.
        growth: the channels that a layer adds; 32 in most of the published networks.
        width: the filters of the first convolution; ``2g``, as in the paper, where it is None.
        bn_size: the filters of the 1×1 convolutions, in growths; None leaves them out.
        compression: the share of the channels that a transition keeps: a symbol from ``ratio``, or an
            exact number.
        kernel_size: of the 3×3 convolutions.
        dropout: the probability behind each layer.
        classes: the outputs.
        input: the input's shape; 3×224×224 as published.

    >>> import symcnn as sc
    >>> net = sc.zoo.densenet()
    >>> net.at(net.defaults).params
    7978856
    >>> n, g = sc.dims("n g")
    >>> sc.zoo.densenet((n,)).params
    K*g*n + 2*K*g + K + 2*g**2*n**2 + 42*g**2*n + g*n**2 + 13*g*n + 302*g
    """
    blocks, growth = depths(blocks), as_size(growth, "growth")
    channels = 2 * growth if width is None else as_size(width, "width")
    layer = Parallel(
        ("features", Identity()), ("denselayer", _dense(growth, bn_size, kernel_size, dropout)), join="concat"
    )
    features: dict[str, Layer] = {
        "conv0": Conv2d(channels, 7, stride=2, padding=3, bias=False),
        "norm0": BatchNorm2d(),
        "relu0": ReLU(),
        "pool0": MaxPool2d(3, 2, 1),
    }
    for number, depth in enumerate(blocks, 1):
        features[f"denseblock{number}"] = repeated(layer, depth)
        channels += growth * as_size(depth, "depth")
        if number < len(blocks):
            channels = FloorDiv(as_rational(compression, "compression") * channels, 1)
            features[f"transition{number}"] = _transition(channels)
    features["norm5"] = BatchNorm2d()
    layers = {
        "features": Sequential(features),
        "relu": ReLU(),
        "avgpool": AdaptiveAvgPool2d(1),
        "flatten": Flatten(),
        "classifier": Linear(classes),
    }
    return Sequential(layers, input=input, defaults={g: 32, K: 1000, H: 224, W: 224})


def _dense(growth: Size, bn_size: Any, kernel_size: Any, dropout: float) -> Sequential:
    """A layer of a block: what it adds."""
    layers: dict[str, Layer] = {"norm1": BatchNorm2d(), "relu1": ReLU()}
    if bn_size is not None:
        inner = as_size(bn_size, "bn_size") * growth
        layers |= {"conv1": Conv2d(inner, 1, bias=False), "norm2": BatchNorm2d(), "relu2": ReLU()}
    layers["conv2"] = Conv2d(growth, kernel_size, padding=half(kernel_size), bias=False)
    return Sequential(layers | ({"dropout": Dropout(dropout)} if dropout else {}))


def _transition(channels: Size) -> Sequential:
    """Fewer channels on half the map."""
    return Sequential(
        {"norm": BatchNorm2d(), "relu": ReLU(), "conv": Conv2d(channels, 1, bias=False), "pool": AvgPool2d(2)}
    )


MODELS = {f"densenet{depth}": partial(densenet, blocks=DEPTHS[depth]) for depth in (121, 169, 201)} | {
    "densenet161": partial(published, densenet, {g: 48}, blocks=DEPTHS[161]),
}
