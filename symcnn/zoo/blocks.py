"""What the families are built from: convolution, normalisation and activation, and stages of equal blocks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from sympy import Integer, Symbol

from ..errors import SizeError
from ..layer import Layer
from ..layers import BatchNorm2d, Conv2d, ReLU
from ..networks import Repeat, Residual, Sequential
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


def depths(given: Any, name: str = "blocks") -> tuple[Any, ...]:
    """The depths of some stages.

    Raises:
        SizeError: no tuple, or an empty one.

    >>> depths([3, 4, 6, 3])
    (3, 4, 6, 3)
    """
    if not isinstance(given, tuple | list) or not given:
        raise SizeError(f"{name} must be a tuple with a depth for each stage, such as (3, 4, 6, 3), got {given!r}")
    return tuple(given)


def pair(given: Any, name: str) -> tuple[Any, Any]:
    """Two values, from one for both or a tuple of two.

    Raises:
        SizeError: a tuple of another length.

    >>> pair(3, "kernel_size"), pair((3, 7), "kernel_size")
    ((3, 3), (3, 7))
    """
    if not isinstance(given, tuple | list):
        return given, given
    if len(given) != 2:
        raise SizeError(f"{name} must be one value or a tuple of two, got {given!r}")
    return given[0], given[1]


def repeated(block: Layer, depth: Any) -> Sequential | Repeat:
    """``depth`` equal blocks: a number gives as many layers, a symbol a ``Repeat``.

    >>> from symcnn import dims
    >>> len(repeated(conv_norm(16), 4)), repeated(RELU, dims("n"))
    (4, Repeat(ReLU(), n))
    """
    size = as_size(depth, "depth")
    return Sequential(*[block] * int(size)) if size.is_Integer else Repeat(block, size)


def stage(first: Layer, block: Layer, depth: Any) -> Sequential:
    """``depth`` blocks, the first of which is another: it strides, or takes other channels.

    A depth that is a number gives as many layers; a symbol gives a ``Repeat`` of ``depth - 1``.

    >>> from symcnn import dims
    >>> len(stage(conv_norm(16, stride=2), conv_norm(16), 4)), len(stage(conv_norm(16), conv_norm(16), dims("n")))
    (4, 2)
    """
    return Sequential(*blocks(first, block, depth))


def blocks(first: Layer, block: Layer, depth: Any) -> list[Layer]:
    """The same as ``stage``, for networks whose stages stand in one row."""
    size = as_size(depth, "depth")
    if size.is_Integer:
        return [first, *[block] * (int(size) - 1)]
    return [first, Repeat(block, size - 1)]


def inverted_residual(
    channels: Any,
    expanded: Any,
    filters: Any,
    kernel_size: Any = 3,
    stride: Any = 1,
    *,
    dilation: Any = 1,
    norm: Layer = NORM,
    activation: Layer = RELU,
    gate: Layer | None = None,
    drop: Layer | None = None,
    expand: bool | None = None,
    straight: bool = True,
) -> Layer:
    """MobileNetV2's block: 1×1 to more channels, depthwise, a gate if there is one, 1×1 to fewer.

    The first convolution is there where there are more channels to come, unless ``expand`` says
    otherwise. Where the shape stays, the input is added, unless it may not be ``straight``; ``drop``
    stands before that.

    >>> inverted_residual(24, 144, 24).on((24, 56, 56)).params
    8832
    """
    before, inside, after = (as_size(size) for size in (channels, expanded, filters))
    widened = inside != before if expand is None else expand
    layers: list[Layer] = [conv_norm(inside, 1, norm=norm, activation=activation)] if widened else []
    layers.append(
        conv_norm(inside, kernel_size, stride, groups=inside, dilation=dilation, norm=norm, activation=activation)
    )
    layers += [gate] if gate is not None else []
    layers.append(conv_norm(after, 1, norm=norm, activation=None))
    if stride != 1 or before != after or not straight:
        return Sequential(*layers)
    return Residual(Sequential(*layers) if drop is None else Sequential(*layers, drop))


def published(family: Callable[..., Sequential], values: Mapping[Symbol, Any], **settings: Any) -> Sequential:
    """A family's network with some published values of its own."""
    network = family(**settings)
    return replace(network, defaults={**network.defaults, **values})
