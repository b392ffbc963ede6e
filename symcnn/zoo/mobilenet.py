"""MobileNet, versions 1, 2 and 3: depthwise separable convolutions, and one multiplier for all widths.

A. G. Howard et al., MobileNets (arXiv:1704.04861), as Keras publishes it; M. Sandler et al.,
MobileNetV2: Inverted Residuals and Linear Bottlenecks (arXiv:1801.04381), and A. Howard et al.,
Searching for MobileNetV3 (arXiv:1905.02244), as torchvision publishes them.

The multiplier ``alpha`` is exact: a symbol from ``ratio``, or a number such as ``sympy.Rational("0.75")``.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any, NamedTuple

from sympy import Expr, Max, Rational, S

from ..errors import SizeError
from ..layer import Layer
from ..layers import (
    AdaptiveAvgPool2d,
    BatchNorm2d,
    Conv2d,
    Dropout,
    Flatten,
    GlobalAvgPool,
    Hardsigmoid,
    Hardswish,
    Linear,
    ReLU,
    ReLU6,
)
from ..networks import Sequential, SqueezeExcitation
from ..shape import as_shape
from ..sizes import FloorDiv, as_rational, as_size, dims, make_divisible, ratio
from .blocks import blocks, conv_norm, inverted_residual

K, H, W = dims("K H W")
alpha = ratio("alpha")

V1_BLOCKS = ((64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2), *[(512, 1)] * 5, (1024, 2), (1024, 1))
"""The filters and the stride of each block of the first version."""

V2_STAGES = ((1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1))
"""The expansion, the channels, the depth and the first stride of each stage of the second."""


class Row(NamedTuple):
    """A block of the third version: kernel, channels inside and out, gate, ``RE`` or ``HS``, stride."""

    kernel: int
    expanded: int
    filters: int
    gated: bool
    activation: str
    stride: int
    dilation: int = 1


V3_ROWS = {
    "large": (
        Row(3, 16, 16, False, "RE", 1),
        Row(3, 64, 24, False, "RE", 2),
        Row(3, 72, 24, False, "RE", 1),
        Row(5, 72, 40, True, "RE", 2),
        Row(5, 120, 40, True, "RE", 1),
        Row(5, 120, 40, True, "RE", 1),
        Row(3, 240, 80, False, "HS", 2),
        Row(3, 200, 80, False, "HS", 1),
        Row(3, 184, 80, False, "HS", 1),
        Row(3, 184, 80, False, "HS", 1),
        Row(3, 480, 112, True, "HS", 1),
        Row(3, 672, 112, True, "HS", 1),
        Row(5, 672, 160, True, "HS", 2),
        Row(5, 960, 160, True, "HS", 1),
        Row(5, 960, 160, True, "HS", 1),
    ),
    "small": (
        Row(3, 16, 16, True, "RE", 2),
        Row(3, 72, 24, False, "RE", 2),
        Row(3, 88, 24, False, "RE", 1),
        Row(5, 96, 40, True, "HS", 2),
        Row(5, 240, 40, True, "HS", 1),
        Row(5, 240, 40, True, "HS", 1),
        Row(5, 120, 48, True, "HS", 1),
        Row(5, 144, 48, True, "HS", 1),
        Row(5, 288, 96, True, "HS", 2),
        Row(5, 576, 96, True, "HS", 1),
        Row(5, 576, 96, True, "HS", 1),
    ),
}
"""Tables 1 and 2 of the paper."""

V3_NORM = BatchNorm2d(eps=0.001, momentum=0.01)

V3_HIDDEN = {"large": 1280, "small": 1024}
"""The features of the hidden layer of the classifier."""


def mobilenet_v1(
    width_mult: Any = alpha,
    *,
    resolution_mult: Any = 1,
    depth_multiplier: Any = 1,
    classes: Any = K,
    dropout: float = 0.001,
    input: Any = (3, H, W),
) -> Sequential:
    """MobileNet: thirteen depthwise separable convolutions.

    Widths are rounded down, ``⌊32·alpha⌋``, as in Keras. Where a block strides, an even map is
    padded behind alone, so that an odd one of ``n`` becomes ``⌊n/2⌋``.

    Args:
        width_mult: the multiplier ``alpha`` of all widths.
        resolution_mult: the multiplier ``rho`` of the input's height and width.
        depth_multiplier: how many depthwise filters each channel has.
        classes: the outputs.
        dropout: the probability before the last layer.
        input: the input's shape; 3×224×224 as published.

    >>> import symcnn as sc
    >>> net = sc.zoo.mobilenet_v1()
    >>> net.at(net.defaults).params
    4231976
    """
    wide, fine = as_rational(width_mult, "width_mult"), as_rational(resolution_mult, "resolution_mult")
    channels = _floored(32 * wide)
    layers: list[Layer] = [_step(Conv2d(channels, 3, stride=2, padding=1, bias=False))]
    for filters, stride in V1_BLOCKS:
        padding = 1 if stride == 1 else ((0, 1), (0, 1))
        inside = channels * as_size(depth_multiplier, "depth_multiplier")
        depthwise = Conv2d(inside, 3, stride=stride, padding=padding, groups=channels, bias=False)
        channels = _floored(filters * wide)
        layers.append(Sequential(*_step(depthwise), *_step(Conv2d(channels, 1, bias=False))))
    colours, *axes = as_shape(input)
    return Sequential(
        {
            "features": Sequential(*layers),
            "avgpool": GlobalAvgPool(keepdim=True),
            "dropout": Dropout(dropout),
            "classifier": Conv2d(classes, 1),
            "flatten": Flatten(),
        },
        input=(colours, *(_floored(fine * size) for size in axes)),
        defaults={alpha: 1, K: 1000, H: 224, W: 224},
    )


def _floored(size: Expr) -> Expr:
    return FloorDiv(size, S.One)


def _step(convolution: Layer) -> Sequential:
    return Sequential(convolution, BatchNorm2d(), ReLU6())


def mobilenet_v2(
    width_mult: Any = alpha,
    stages: tuple[tuple[Any, Any, Any, Any], ...] = V2_STAGES,
    *,
    round_nearest: Any = 8,
    classes: Any = K,
    kernel_size: Any = 3,
    dropout: float = 0.2,
    input: Any = (3, H, W),
) -> Sequential:
    """MobileNetV2: inverted residuals, from few channels to many and back.

    Where a symbolic ``alpha`` makes two widths equal by rounding, as 1/4 does, a block's input is not added
    here; for additions and tensors that are exact there too, give the number.

    Args:
        width_mult: the multiplier ``alpha`` of all widths; of the last only where it is above 1.
        stages: the expansion, the channels, the depth and the first stride of each stage; a symbol
            as depth gives a ``Repeat``.
        round_nearest: what the widths are rounded to multiples of.
        classes: the outputs.
        kernel_size: of the depthwise convolutions.
        dropout: the probability before the last layer.
        input: the input's shape; 3×224×224 as published.

    >>> import symcnn as sc
    >>> net = sc.zoo.mobilenet_v2()
    >>> net.output, net.at(net.defaults).params
    (Shape(K), 3504872)
    """
    wide = as_rational(width_mult, "width_mult")
    channels = make_divisible(32 * wide, round_nearest)
    features: list[Layer] = [conv_norm(channels, 3, 2, activation=ReLU6())]
    for expansion, filters, depth, stride in stages:
        width = make_divisible(filters * wide, round_nearest)
        times = as_size(expansion, "expansion")
        first, block = (
            inverted_residual(before, times * before, width, kernel_size, step, activation=ReLU6())
            for before, step in ((channels, stride), (width, 1))
        )
        features += blocks(first, block, depth)
        channels = width
    last = make_divisible(1280 * Max(1, wide), round_nearest)
    features.append(conv_norm(last, 1, activation=ReLU6()))
    return _classified(features, GlobalAvgPool(keepdim=True), Sequential(Dropout(dropout), Linear(classes)), input)


def mobilenet_v3(
    kind: str = "large",
    width_mult: Any = alpha,
    *,
    keras: bool = False,
    minimalistic: bool = False,
    reduced_tail: bool = False,
    dilated: bool = False,
    classes: Any = K,
    dropout: float = 0.2,
    input: Any = (3, H, W),
) -> Sequential:
    """MobileNetV3: inverted residuals with gates, found by a search.

    All arithmetic is exact. torchvision multiplies in floating point: at a multiplier of 0.58 its
    ``200*0.58`` is 115.99999999999999, which rounds to 112; exactly it is 116, which rounds to 120. Its
    network has 2,233,440 parameters there, and this one 2,234,312.

    torchvision leaves out the first convolution of a block where it would not change the width, and
    adds the input where the block as a whole does not. A symbol keeps the one and adds nothing, as long
    as the widths differ before they are rounded. So for a multiplier under 1/7, where that changes
    the parameters, give the number. Additions and tensors differ above it too, as at 1/2 in the small form,
    where 40 and 48 channels both become 24, and at 1 in Keras's large one, where the first block has 16
    channels before and behind; ``get_model("MobileNetV3Large", width_mult=1)`` has that addition.

    Args:
        kind: ``"large"`` or ``"small"``.
        width_mult: the multiplier ``alpha`` of all widths.
        keras: Keras's form. There the first convolution and, up to ``alpha = 1``, the hidden layer
            keep their width, expansions multiply the rounded width, and the classifier is convolutional.
        minimalistic: Keras's plain form: 3×3 kernels and ReLU alone, no gates.
        reduced_tail: half the widths behind the last stride, as torchvision has it for segmentation.
        dilated: dilation in the place of the last stride.
        classes: the outputs.
        dropout: the probability before the last layer.
        input: the input's shape; 3×224×224 as published.

    Raises:
        SizeError: another kind.

    >>> import symcnn as sc
    >>> from sympy import Rational
    >>> net = sc.zoo.mobilenet_v3("small")
    >>> net.at(net.defaults).params
    2542856
    >>> sc.zoo.mobilenet_v3("large", Rational("0.58"), classes=1000).params
    2234312
    """
    if kind not in V3_ROWS:
        raise SizeError(f"kind must be 'large' or 'small', got {kind!r}")
    wide, swish = as_rational(width_mult, "width_mult"), ReLU() if minimalistic else Hardswish()
    channels = as_size(16) if keras else make_divisible(16 * wide)
    features: list[Layer] = [conv_norm(channels, 3, 2, norm=V3_NORM, activation=swish)]
    before = 16
    for row in _tailed(V3_ROWS[kind], reduced_tail, dilated):
        inside = make_divisible(Rational(row.expanded, before) * channels if keras else row.expanded * wide)
        width = make_divisible(row.filters * wide)
        gate = SqueezeExcitation(make_divisible(inside / 4), scale_activation=Hardsigmoid())
        block = inverted_residual(
            channels,
            inside,
            width,
            3 if minimalistic else row.kernel,
            row.stride if row.dilation == 1 else 1,
            dilation=row.dilation,
            norm=V3_NORM,
            activation=swish if row.activation == "HS" else ReLU(),
            gate=gate if row.gated and not minimalistic else None,
            straight=row.stride == 1,
        )
        features.append(block)
        channels, before = width, row.filters
    features.append(conv_norm(make_divisible(6 * channels), 1, norm=V3_NORM, activation=swish))
    hidden = V3_HIDDEN[kind] // (2 if reduced_tail else 1) * (Max(1, wide) if keras else wide)
    dense = _convolution if keras else Linear
    classifier = Sequential(dense(make_divisible(hidden)), swish, Dropout(dropout), dense(classes))
    return _classified(features, AdaptiveAvgPool2d(1), classifier, input, convolutional=keras)


def _tailed(rows: tuple[Row, ...], reduced: bool, dilated: bool) -> Iterator[Row]:
    """The rows with the last three narrower, or dilated."""
    *head, first, second, third = rows
    half = 2 if reduced else 1
    yield from head
    for row, expanded in ((first, first.expanded), (second, second.expanded // half), (third, third.expanded // half)):
        yield row._replace(expanded=expanded, filters=row.filters // half, dilation=2 if dilated else 1)


def _convolution(filters: Any) -> Conv2d:
    return Conv2d(filters, 1)


def _classified(
    features: list[Layer], pool: Layer, classifier: Sequential, input: Any, convolutional: bool = False
) -> Sequential:
    """The whole network; a classifier of convolutions takes a map of one place, another takes it flat."""
    ends = [("flatten", Flatten()), ("classifier", classifier)]
    return Sequential(
        ("features", Sequential(*features)),
        ("avgpool", pool),
        *(reversed(ends) if convolutional else ends),
        input=input,
        defaults={alpha: 1, K: 1000, H: 224, W: 224},
    )


MODELS = {
    "mobilenet_v2": mobilenet_v2,
    "mobilenet_v3_large": partial(mobilenet_v3, kind="large"),
    "mobilenet_v3_small": partial(mobilenet_v3, kind="small"),
    "MobileNet": mobilenet_v1,
    "MobileNetV3Large": partial(mobilenet_v3, kind="large", keras=True),
    "MobileNetV3Small": partial(mobilenet_v3, kind="small", keras=True),
}
"""torchvision's, and Keras's where they differ; Keras's ``MobileNetV2`` is ``mobilenet_v2``."""
