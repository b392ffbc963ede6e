"""EfficientNet: one network, scaled in width, depth and resolution together; and its second version.

M. Tan and Q. V. Le, EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks
(arXiv:1905.11946), and EfficientNetV2: Smaller Models and Faster Training (arXiv:2104.00298); layers
and names as torchvision publishes them, B0 to B3 of the second version as Keras does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any, NamedTuple

from sympy import Expr, Integer, Rational, ceiling

from ..errors import SizeError
from ..layer import Layer
from ..layers import AdaptiveAvgPool2d, BatchNorm2d, Dropout, Flatten, Linear, SiLU, StochasticDepth
from ..networks import Residual, Sequential, SqueezeExcitation
from ..sizes import FloorDiv, as_rational, as_size, dims, make_divisible, ratio
from .blocks import conv_norm, inverted_residual, published, stage

K, H, W = dims("K H W")
alpha, beta = ratio("alpha beta")

NORM, SILU = BatchNorm2d(eps=0.001), SiLU()


class Stage(NamedTuple):
    """A stage of equal blocks, before it is scaled: the expansion, the kernel, the first stride, ..."""

    expansion: Any
    kernel_size: Any
    stride: Any
    filters: Any
    depth: Any
    fused: bool = False


STAGES = (
    Stage(1, 3, 1, 16, 1),
    Stage(6, 3, 2, 24, 2),
    Stage(6, 5, 2, 40, 2),
    Stage(6, 3, 2, 80, 3),
    Stage(6, 5, 1, 112, 3),
    Stage(6, 5, 2, 192, 4),
    Stage(6, 3, 1, 320, 1),
)
"""Table 1 of the first paper: EfficientNet-B0."""

SCALES = {
    "b0": ("1.0", "1.0", 224, 0.2),
    "b1": ("1.0", "1.1", 240, 0.2),
    "b2": ("1.1", "1.2", 288, 0.3),
    "b3": ("1.2", "1.4", 300, 0.3),
    "b4": ("1.4", "1.8", 380, 0.4),
    "b5": ("1.6", "2.2", 456, 0.4),
    "b6": ("1.8", "2.6", 528, 0.5),
    "b7": ("2.0", "3.1", 600, 0.5),
}
"""The multipliers of width and depth, the size of the image, and the probability of dropout."""

V2_STAGES = {
    "s": (
        Stage(1, 3, 1, 24, 2, fused=True),
        Stage(4, 3, 2, 48, 4, fused=True),
        Stage(4, 3, 2, 64, 4, fused=True),
        Stage(4, 3, 2, 128, 6),
        Stage(6, 3, 1, 160, 9),
        Stage(6, 3, 2, 256, 15),
    ),
    "m": (
        Stage(1, 3, 1, 24, 3, fused=True),
        Stage(4, 3, 2, 48, 5, fused=True),
        Stage(4, 3, 2, 80, 5, fused=True),
        Stage(4, 3, 2, 160, 7),
        Stage(6, 3, 1, 176, 14),
        Stage(6, 3, 2, 304, 18),
        Stage(6, 3, 1, 512, 5),
    ),
    "l": (
        Stage(1, 3, 1, 32, 4, fused=True),
        Stage(4, 3, 2, 64, 7, fused=True),
        Stage(4, 3, 2, 96, 7, fused=True),
        Stage(4, 3, 2, 192, 10),
        Stage(6, 3, 1, 224, 19),
        Stage(6, 3, 2, 384, 25),
        Stage(6, 3, 1, 640, 7),
    ),
    "b": (
        Stage(1, 3, 1, 16, 1, fused=True),
        Stage(4, 3, 2, 32, 2, fused=True),
        Stage(4, 3, 2, 48, 2, fused=True),
        Stage(4, 3, 2, 96, 3),
        Stage(6, 3, 1, 112, 5),
        Stage(6, 3, 2, 192, 8),
    ),
}
"""The stages of the second version; ``b`` is what B0 to B3 scale."""

V2_STEMS = {"s": 24, "m": 24, "l": 32, "b": 32}

V2_SCALES = {
    "efficientnet_v2_s": ("s", "1.0", "1.0", 384, 0.2),
    "efficientnet_v2_m": ("m", "1.0", "1.0", 480, 0.3),
    "efficientnet_v2_l": ("l", "1.0", "1.0", 480, 0.4),
    "EfficientNetV2B0": ("b", "1.0", "1.0", 224, 0.2),
    "EfficientNetV2B1": ("b", "1.0", "1.1", 240, 0.2),
    "EfficientNetV2B2": ("b", "1.1", "1.2", 260, 0.2),
    "EfficientNetV2B3": ("b", "1.2", "1.4", 300, 0.2),
}
"""The same for the second version, behind which stages are scaled."""


def efficientnet(
    width_mult: Any = alpha,
    depth_mult: Any = beta,
    stages: tuple[Stage, ...] = STAGES,
    *,
    stem: Any = 32,
    classes: Any = K,
    dropout: float = 0.2,
    stochastic_depth: float = 0.2,
    input: Any = (3, H, W),
) -> Sequential:
    """EfficientNet: MobileNetV2's blocks with gates, every width times ``alpha``, every depth times ``beta``.

    Widths are rounded by ``make_divisible``, depths up: ``⌈beta·n⌉``. Where ``beta`` is a symbol, a
    stage ends in a ``Repeat``.

    Keras's EfficientNet has 7 more numbers that are not trained, in a normalisation of the input;
    its B2 is published for images of 260×260; and it rounds ``1280·alpha`` for the last convolution,
    where torchvision takes four times the rounded ``320·alpha``, which is the same from B0 to B7.

    Where a symbolic ``alpha`` makes two widths equal by rounding, as 1/4 does, a block's input is not added
    here; for additions and tensors that are exact there too, give the number.

    Args:
        width_mult: the multiplier ``alpha`` of all widths; exact.
        depth_mult: the multiplier ``beta`` of all depths; exact.
        stages: the stages before they are scaled.
        stem: the filters of the first convolution, before they are scaled.
        classes: the outputs.
        dropout: the probability before the last layer.
        stochastic_depth: the probability with which a branch is left out in training. torchvision
            lets it rise from 0 to this, block by block; here all blocks have it, since nothing
            that is counted depends on it.
        input: the input's shape; 3×224×224 for B0.

    >>> import symcnn as sc
    >>> from sympy import Rational
    >>> net = sc.zoo.efficientnet()
    >>> net.at(net.defaults).params
    5288548
    >>> b3 = sc.zoo.get_model("efficientnet_b3")
    >>> b3.at(b3.defaults).params, net.at(alpha=Rational("1.2"), beta=Rational("1.4"), K=1000).params
    (12233232, 12233232)
    """
    wide, deep = as_rational(width_mult, "width_mult"), as_rational(depth_mult, "depth_mult")
    channels = make_divisible(stem * wide)
    widths = [make_divisible(stage.filters * wide) for stage in stages]
    features = [conv_norm(channels, 3, 2, norm=NORM, activation=SILU)]
    features += _stages(stages, channels, widths, deep, StochasticDepth(stochastic_depth, "row"))
    features.append(conv_norm(4 * widths[-1], 1, norm=NORM, activation=SILU))
    return _classified(features, classes, dropout, input)


def efficientnet_v2(
    kind: str = "s",
    width_mult: Any = alpha,
    depth_mult: Any = beta,
    *,
    last: Any = 1280,
    classes: Any = K,
    dropout: float = 0.2,
    stochastic_depth: float = 0.2,
    input: Any = (3, H, W),
) -> Sequential:
    """EfficientNetV2: one convolution in the place of two in the first blocks, then EfficientNet's.

    Widths are rounded to the nearest multiple of 8, halves up and however far below that is, which
    is Keras's rule for this version. A symbolic ``alpha`` is at least so large that no width is 0;
    for a smaller one, of which 8 is made, give the number.

    Where a symbolic ``alpha`` makes two widths equal by rounding, as 1/4 does, a block's input is not added
    here; for additions and tensors that are exact there too, give the number.

    Args:
        kind: the stages: ``"s"``, ``"m"`` or ``"l"``, or ``"b"``, which Keras scales to B0 to B3.
        width_mult: the multiplier ``alpha`` of all widths; exact; 1 in S, M and L.
        depth_mult: the multiplier ``beta`` of all depths; exact; 1 in S, M and L.
        last: the filters of the last convolution, before they are scaled.
        classes: the outputs.
        dropout: the probability before the last layer.
        stochastic_depth: as in ``efficientnet``.
        input: the input's shape; 3×384×384 for S.

    Raises:
        SizeError: another kind.

    >>> import symcnn as sc
    >>> net = sc.zoo.efficientnet_v2("b")
    >>> net.at(net.defaults).params
    7139704
    """
    if kind not in V2_STAGES:
        raise SizeError(f"kind must be one of {', '.join(map(repr, V2_STAGES))}, got {kind!r}")
    stages = V2_STAGES[kind]
    wide, deep = as_rational(width_mult, "width_mult"), as_rational(depth_mult, "depth_mult")
    channels = _nearest(V2_STEMS[kind] * wide)
    widths = [_nearest(stage.filters * wide) for stage in stages]
    features = [conv_norm(channels, 3, 2, norm=NORM, activation=SILU)]
    features += _stages(stages, channels, widths, deep, StochasticDepth(stochastic_depth, "row"))
    features.append(conv_norm(_nearest(last * wide), 1, norm=NORM, activation=SILU))
    return _classified(features, classes, dropout, input)


def _nearest(size: Expr) -> Expr:
    """The nearest multiple of 8; a number becomes at least 8."""
    rounded = 8 * FloorDiv(size + 4, Integer(8))
    return max(rounded, Integer(8)) if rounded.is_Integer else rounded


def _stages(
    stages: Iterable[Stage], channels: Expr, widths: list[Expr], deep: Expr, drop: Layer
) -> Iterator[Sequential]:
    for one, width in zip(stages, widths, strict=True):
        build = _fused if one.fused else _mobile
        first, block = build(one, channels, width, one.stride, drop), build(one, width, width, 1, drop)
        yield stage(first, block, as_size(ceiling(one.depth * deep), "depth"))
        channels = width


def _mobile(one: Stage, channels: Expr, width: Expr, stride: Any, drop: Layer) -> Layer:
    """An inverted residual with a gate."""
    expanded = one.expansion * channels
    gate = SqueezeExcitation(FloorDiv(channels, Integer(4)), activation=SILU)
    return inverted_residual(
        channels, expanded, width, one.kernel_size, stride, norm=NORM, activation=SILU, gate=gate, drop=drop
    )


def _fused(one: Stage, channels: Expr, width: Expr, stride: Any, drop: Layer) -> Layer:
    """The expansion and the depthwise convolution in one, without a gate."""
    if one.expansion == 1:
        layers = [conv_norm(width, one.kernel_size, stride, norm=NORM, activation=SILU)]
    else:
        wider = conv_norm(one.expansion * channels, one.kernel_size, stride, norm=NORM, activation=SILU)
        layers = [wider, conv_norm(width, 1, norm=NORM, activation=None)]
    if stride != 1 or channels != width:
        return Sequential(*layers)
    return Residual(Sequential(*layers, drop))


def _classified(features: list[Sequential], classes: Any, dropout: float, input: Any) -> Sequential:
    return Sequential(
        {
            "features": Sequential(*features),
            "avgpool": AdaptiveAvgPool2d(1),
            "flatten": Flatten(),
            "classifier": Sequential(Dropout(dropout, inplace=True), Linear(classes)),
        },
        input=input,
        defaults={alpha: 1, beta: 1, K: 1000, H: 224, W: 224},
    )


def _scaled(width: str, depth: str, size: int) -> dict[Any, Any]:
    """The published values of one of the forms."""
    return {alpha: Rational(width), beta: Rational(depth), H: size, W: size}


# The depths are given as numbers, so that every block stands there under its own name.
MODELS = {
    f"efficientnet_{name}": partial(
        published, efficientnet, _scaled(width, depth, size), depth_mult=Rational(depth), dropout=dropout
    )
    for name, (width, depth, size, dropout) in SCALES.items()
} | {
    name: partial(
        published, efficientnet_v2, _scaled(width, depth, size), kind=kind, depth_mult=Rational(depth), dropout=dropout
    )
    for name, (kind, width, depth, size, dropout) in V2_SCALES.items()
}
