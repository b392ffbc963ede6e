"""MNASNet: inverted residuals whose kernels, widths and depths were searched for on a phone.

M. Tan, B. Chen, R. Pang, V. Vasudevan, M. Sandler, A. Howard and Q. V. Le, MnasNet: Platform-Aware
Neural Architecture Search for Mobile (arXiv:1807.11626); variant B1, layers and names as torchvision
publishes it.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from sympy import Rational

from ..layer import Layer
from ..layers import Dropout, GlobalAvgPool, Linear
from ..networks import Sequential
from ..sizes import as_rational, as_size, dims, make_divisible, ratio
from .blocks import conv_norm, inverted_residual, published, stage

K, H, W = dims("K H W")
alpha = ratio("alpha")

STAGES = ((3, 24, 3, 2, 3), (3, 40, 5, 2, 3), (6, 80, 5, 2, 3), (6, 96, 3, 1, 2), (6, 192, 5, 2, 4), (6, 320, 3, 1, 1))
"""The expansion, the channels, the kernel, the first stride and the depth of each stage."""


def mnasnet(
    width_mult: Any = alpha,
    stages: tuple[tuple[Any, Any, Any, Any, Any], ...] = STAGES,
    *,
    last: Any = 1280,
    classes: Any = K,
    dropout: float = 0.2,
    input: Any = (3, H, W),
) -> Sequential:
    """MNASNet-B1.

    Where a symbolic ``alpha`` makes two widths equal by rounding, as 1/4 does, a block's input is not added
    here; for additions and tensors that are exact there too, give the number.

    Args:
        width_mult: the multiplier ``alpha`` of all widths but the last; exact.
        stages: the expansion, the channels, the kernel, the first stride and the depth of each
            stage; a symbol as depth gives a ``Repeat``.
        last: the filters of the last convolution.
        classes: the outputs.
        dropout: the probability before the last layer.
        input: the input's shape; 3×224×224 as published.

    >>> import symcnn as sc
    >>> half = sc.zoo.get_model("mnasnet0_5")
    >>> half.at(half.defaults).params, half.at(alpha=1, K=1000).params
    (2218512, 4383312)
    """
    wide = as_rational(width_mult, "width_mult")
    stem, channels = make_divisible(32 * wide), make_divisible(16 * wide)
    layers: list[Layer] = [*conv_norm(stem, 3, 2), *conv_norm(stem, 3, groups=stem)]
    layers += conv_norm(channels, 1, activation=None)
    for expansion, filters, kernel, stride, depth in stages:
        width, times = make_divisible(filters * wide), as_size(expansion, "expansion")
        first = inverted_residual(channels, times * channels, width, kernel, stride, expand=True)
        layers.append(stage(first, inverted_residual(width, times * width, width, kernel, expand=True), depth))
        channels = width
    layers += conv_norm(last, 1)
    return Sequential(
        {
            "layers": Sequential(*layers),
            "pool": GlobalAvgPool(),
            "classifier": Sequential(Dropout(dropout), Linear(classes)),
        },
        input=input,
        defaults={alpha: 1, K: 1000, H: 224, W: 224},
    )


MODELS = {
    "mnasnet0_5": partial(published, mnasnet, {alpha: Rational(1, 2)}),
    "mnasnet0_75": partial(published, mnasnet, {alpha: Rational(3, 4)}),
    "mnasnet1_0": mnasnet,
    "mnasnet1_3": partial(published, mnasnet, {alpha: Rational(13, 10)}),
}
