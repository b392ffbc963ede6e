"""Xception: separable convolutions alone, in residual blocks.

F. Chollet, Xception: Deep Learning with Depthwise Separable Convolutions (arXiv:1610.02357); layers
and names as Keras publishes them.
"""

from __future__ import annotations

from typing import Any

from ..layer import Layer
from ..layers import BatchNorm2d, Conv2d, GlobalAvgPool, Linear, MaxPool2d, ReLU
from ..networks import Residual, SeparableConv2d, Sequential
from ..sizes import dims
from .blocks import half, stage

w, K, H, W = dims("w K H W")


def xception(
    width: Any = w,
    depth: Any = 8,
    *,
    entry: tuple[Any, ...] = (32, 64, 128, 256),
    exit: tuple[Any, Any, Any] = (1024, 1536, 2048),
    classes: Any = K,
    kernel_size: Any = 3,
    input: Any = (3, H, W),
) -> Sequential:
    """Xception: an entry that widens the map, ``depth`` blocks of one width, an exit.

    The padding is that of PyTorch's layers. Keras pads an even map behind alone where it halves one,
    which gives the same sizes.

    Args:
        width: the channels of the middle flow; 728 as published.
        depth: the blocks of the middle flow; a symbol gives a ``Repeat``.
        entry: the filters of the two convolutions and of the blocks before.
        exit: the filters of the block and of the two separable convolutions behind.
        classes: the outputs.
        kernel_size: of every convolution but the first two and the 1×1.
        input: the input's shape; 3×299×299 as published.

    >>> import symcnn as sc
    >>> net = sc.zoo.xception()
    >>> net.params
    2049*K + 26*w**2 + 2859*w + 4946016
    >>> here = net.at(net.defaults)
    >>> here.params, here.params + here.buffers
    (22855952, 22910480)
    """
    first, second, *widening = entry
    stem = [Conv2d(first, 3, stride=2, bias=False), BatchNorm2d(), ReLU()]
    stem += [Conv2d(second, 3, bias=False), BatchNorm2d(), ReLU()]
    # The first block comes behind an activation, so it begins without one.
    halving = [_halving(each, each, kernel_size, begins=place > 0) for place, each in enumerate(widening)]
    block = Residual(Sequential(*_separable(width, kernel_size) * 3))
    last, *wide = exit
    leaving: list[Layer] = [_halving(width, last, kernel_size)]
    for filters in wide:
        _, convolution, norm = _separable(filters, kernel_size)
        leaving += [convolution, norm, ReLU()]
    return Sequential(
        {
            "entry_flow": Sequential(*stem, *halving, _halving(width, width, kernel_size)),
            "middle_flow": stage(block, block, depth),
            "exit_flow": Sequential(*leaving),
            "avg_pool": GlobalAvgPool(),
            "predictions": Linear(classes),
        },
        input=input,
        defaults={w: 728, K: 1000, H: 299, W: 299},
    )


def _separable(filters: Any, kernel_size: Any) -> list[Layer]:
    return [ReLU(), SeparableConv2d(filters, kernel_size, padding=half(kernel_size), bias=False), BatchNorm2d()]


def _halving(inner: Any, filters: Any, kernel_size: Any, begins: bool = True) -> Residual:
    """Two separable convolutions and a pooling, beside a 1×1 convolution."""
    layers = [*_separable(inner, kernel_size), *_separable(filters, kernel_size), MaxPool2d(3, 2, 1)]
    shortcut = Sequential(Conv2d(filters, 1, stride=2, bias=False), BatchNorm2d())
    return Residual(Sequential(*layers[0 if begins else 1 :]), shortcut)


MODELS = {"Xception": xception}
