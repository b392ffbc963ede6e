"""What the families are built from: convolution, normalisation and activation, and stages of equal blocks."""

from __future__ import annotations

from typing import Any

from sympy import Integer

from ..layer import Layer
from ..layers import BatchNorm2d, Conv2d, ReLU
from ..networks import Repeat, Sequential
from ..sizes import FloorDiv, Size, as_size

NORM, RELU = BatchNorm2d(), ReLU()


def half(kernel_size: Any, dilation: Any = 1) -> Any:
    """The padding that keeps a map's size at stride 1: ``dilation*(kernel_size - 1)/2``, for each axis.

    >>> half(3), half((1, 7))
    (1, (0, 3))
    """
    if isinstance(kernel_size, tuple):
        return tuple(half(size, dilation) for size in kernel_size)
    kernel, gap = as_size(kernel_size, "kernel_size"), as_size(dilation, "dilation")
    padding: Size = FloorDiv(kernel - 1, 2) * gap
    return int(padding) if isinstance(padding, Integer) else padding


def conv_norm(
    filters: Any,
    kernel_size: Any = 3,
    stride: Any = 1,
    *,
    groups: Any = 1,
    dilation: Any = 1,
    bias: bool = False,
    norm: Layer | None = NORM,
    activation: Layer | None = RELU,
) -> Sequential:
    """A convolution that keeps the map's size at stride 1, then a normalisation and an activation.

    >>> conv_norm(16).on((3, 32, 32)).output
    Shape(16, 32, 32)
    """
    convolution = Conv2d(
        filters,
        kernel_size,
        stride=stride,
        padding=half(kernel_size, dilation),
        groups=groups,
        dilation=dilation,
        bias=bias,
    )
    return Sequential(*(layer for layer in (convolution, norm, activation) if layer is not None))


def stage(first: Layer, block: Layer, depth: Any) -> Sequential:
    """``depth`` blocks, the first of which is another: it strides, or takes other channels.

    A depth that is a number gives as many layers; a symbol gives a ``Repeat`` of ``depth - 1``.

    >>> from symcnn import dims
    >>> len(stage(conv_norm(16, stride=2), conv_norm(16), 4)), len(stage(conv_norm(16), conv_norm(16), dims("n")))
    (4, 2)
    """
    size = as_size(depth, "depth")
    if size.is_Integer:
        return Sequential(first, *[block] * (int(size) - 1))
    return Sequential(first, Repeat(block, size - 1))
