"""RegNet: residual stages whose widths grow along a line, found by narrowing down a design space.

I. Radosavovic, R. P. Kosaraju, R. Girshick, K. He and P. Dollár, Designing Network Design Spaces
(arXiv:2003.13678); stages and names as torchvision publishes them.
"""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from itertools import groupby
from typing import Any

from sympy import Expr, Integer, Rational

from ..errors import SizeError
from ..layer import Layer
from ..layers import AdaptiveAvgPool2d, Flatten, Linear, ReLU
from ..networks import Residual, Sequential, SqueezeExcitation
from ..sizes import as_rational, as_size, dims, make_divisible
from .blocks import conv_norm, stage

K, H, W = dims("K H W")

STAGES: dict[str, tuple[Any, Any, Any]] = {
    "regnet_x_400mf": ((1, 2, 7, 12), (32, 64, 160, 400), 16),
    "regnet_x_800mf": ((1, 3, 7, 5), (64, 128, 288, 672), 16),
    "regnet_x_1_6gf": ((2, 4, 10, 2), (72, 168, 408, 912), 24),
    "regnet_x_3_2gf": ((2, 6, 15, 2), (96, 192, 432, 1008), 48),
    "regnet_x_8gf": ((2, 5, 15, 1), (80, 240, 720, 1920), (80, 120, 120, 120)),
    "regnet_x_16gf": ((2, 6, 13, 1), (256, 512, 896, 2048), 128),
    "regnet_x_32gf": ((2, 7, 13, 1), (336, 672, 1344, 2520), 168),
    "regnet_y_400mf": ((1, 3, 6, 6), (48, 104, 208, 440), 8),
    "regnet_y_800mf": ((1, 3, 8, 2), (64, 144, 320, 784), 16),
    "regnet_y_1_6gf": ((2, 6, 17, 2), (48, 120, 336, 888), 24),
    "regnet_y_3_2gf": ((2, 5, 13, 1), (72, 216, 576, 1512), 24),
    "regnet_y_8gf": ((2, 4, 10, 1), (224, 448, 896, 2016), 56),
    "regnet_y_16gf": ((2, 4, 11, 1), (224, 448, 1232, 3024), 112),
    "regnet_y_32gf": ((2, 5, 12, 1), (232, 696, 1392, 3712), 232),
    "regnet_y_128gf": ((2, 7, 17, 1), (528, 1056, 2904, 7392), 264),
}
"""The depths, the widths and the group widths of the stages."""


def regnet(
    depths: tuple[Any, ...] = STAGES["regnet_x_400mf"][0],
    widths: tuple[Any, ...] = STAGES["regnet_x_400mf"][1],
    group_width: Any = STAGES["regnet_x_400mf"][2],
    *,
    se_ratio: Any = None,
    bottleneck_multiplier: Any = 1,
    stem: Any = 32,
    classes: Any = K,
    input: Any = (3, H, W),
) -> Sequential:
    """RegNet: stages of bottleneck blocks in groups of one width; RegNetY has a gate in each block.

    With symbols for all that a stage has, this is the paper's whole design space, AnyNet.

    Args:
        depths: the blocks of each stage; a symbol gives a ``Repeat``.
        widths: the channels of each stage.
        group_width: the channels of a group in the 3×3 convolutions; one for all stages, or one for
            each. It divides the widths.
        se_ratio: the channels in the middle of the gates, in those that go into the block: 1/4 in
            RegNetY; without gates where it is ``None``. A number is rounded; of a symbol it must be whole.
        bottleneck_multiplier: the channels of the 3×3 convolutions, in those of the block.
        stem: the filters of the first convolution.
        classes: the outputs.
        input: the input's shape; 3×224×224 as published.

    Raises:
        SizeError: lists of different lengths, or a group width that does not divide a width.

    >>> import symcnn as sc
    >>> net = sc.zoo.get_model("regnet_y_400mf")
    >>> net.at(net.defaults).params
    4344144
    >>> n, w, g = sc.dims("n w g")
    >>> any_net = sc.zoo.regnet((n,), (w,), g, stem=w)
    >>> any_net.params, any_net.conditions[0]
    (K*w + K + 9*g*n*w + 2*n*w**2 + 6*n*w + w**2 + 31*w, g | w)
    """
    groups = group_width if isinstance(group_width, tuple | list) else (group_width,) * len(widths)
    if not len(depths) == len(widths) == len(groups):
        raise SizeError(f"depths, widths and group widths are as many, got {len(depths)}, {len(widths)}, {len(groups)}")
    trunk, channels = {}, as_size(stem, "stem")
    for number, (depth, given, each) in enumerate(zip(depths, widths, groups, strict=True), 1):
        width = as_size(given, "width")
        block = partial(_block, width=width, group_width=each, se_ratio=se_ratio, multiplier=bottleneck_multiplier)
        trunk[f"block{number}"] = stage(block(channels, stride=2), block(width), depth)
        channels = width
    return Sequential(
        {
            "stem": conv_norm(stem, 3, 2),
            "trunk_output": Sequential(trunk),
            "avgpool": AdaptiveAvgPool2d(1),
            "flatten": Flatten(),
            "fc": Linear(classes),
        },
        input=input,
        defaults={K: 1000, H: 224, W: 224},
    )


def _block(
    channels: Expr, *, width: Expr, group_width: Any, se_ratio: Any, multiplier: Any, stride: int = 1
) -> Sequential:
    """A residual bottleneck: 1×1, 3×3 in groups, a gate, 1×1."""
    inner = _share(multiplier, width)
    groups = inner / as_size(group_width, "group_width")
    body: dict[str, Layer] = {"a": conv_norm(inner, 1), "b": conv_norm(inner, 3, stride, groups=groups)}
    if se_ratio is not None:
        body["se"] = SqueezeExcitation(_share(se_ratio, channels))
    body["c"] = conv_norm(width, 1, activation=None)
    projection = None if stride == 1 and channels == width else conv_norm(width, 1, stride, activation=None)
    return Sequential(Residual(Sequential(body), projection), ReLU())


def _share(ratio: Any, channels: Expr) -> Expr:
    """A share of the channels; a number is rounded, as torchvision does it, the halves to even."""
    share = as_rational(ratio, "ratio") * channels
    return Integer(round(Fraction(int(share.p), int(share.q)))) if share.is_Rational else share


def regnet_stages(
    depth: int, initial_width: int, slope: Any, step: Any, group_width: int, bottleneck_multiplier: Any = 1
) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]:
    """The paper's rule: the depths, the widths and the group widths of a RegNet's stages.

    Block ``j`` is to have ``u = initial_width + slope*j`` channels (equation 2). That becomes
    ``initial_width*step**s`` for the whole number ``s`` that is nearest on a logarithmic scale
    (equations 3 and 4), and this the nearest multiple of 8. Blocks of one width are a stage. At
    last the channels of the 3×3 convolutions become a multiple of the group width.

    All numbers are exact, so write a decimal as ``sympy.Rational("24.48")``.

    Args:
        depth: how many blocks, ``d``.
        initial_width: ``w_0``.
        slope: ``w_a``, a positive number.
        step: ``w_m``, more than 1.
        group_width: ``g``; less where a stage has fewer channels.
        bottleneck_multiplier: the channels of the 3×3 convolutions, in those of the block.

    Raises:
        SizeError: a step that is not more than 1, or a number that is not positive and exact.

    >>> from sympy import Rational
    >>> import symcnn as sc
    >>> sc.zoo.regnet_stages(22, 24, Rational("24.48"), Rational("2.54"), 16)
    ((1, 2, 7, 12), (32, 64, 160, 400), (16, 16, 16, 16))
    """
    start, more = _exact("initial_width", initial_width), _exact("slope", slope)
    times, multiplier = _exact("step", step), _exact("bottleneck_multiplier", bottleneck_multiplier)
    if times <= 1:
        raise SizeError(f"step must be more than 1, got {step}")
    quantised = [_quantised(start, start + more * j, times) for j in range(depth)]
    depths, widths, groups = [], [], []
    for width, blocks in groupby(quantised):
        inner = int(width * multiplier)
        group = min(group_width, inner)
        depths.append(len(list(blocks)))
        widths.append(int(int(make_divisible(inner, group)) / multiplier))
        groups.append(group)
    return tuple(depths), tuple(widths), tuple(groups)


def _exact(name: str, value: Any) -> Fraction:
    number = as_rational(value, name)
    if not number.is_Rational:
        raise SizeError(f"{name} must be a number, got {value}")
    return Fraction(int(number.p), int(number.q))


def _quantised(start: Fraction, width: Fraction, step: Fraction) -> int:
    """The multiple of 8 nearest to ``start*step**s``, for the whole ``s`` that brings it nearest to the width."""
    power = 0
    # The logarithm is nearest to s up to s + 1/2; squared, so that no root is taken.
    while (width / start) ** 2 > step ** (2 * power + 1):
        power += 1
    return 8 * round(start * step**power / 8)


MODELS = {
    name: partial(
        regnet,
        depths=depths,
        widths=widths,
        group_width=group_width,
        se_ratio=Rational(1, 4) if name.startswith("regnet_y") else None,
    )
    for name, (depths, widths, group_width) in STAGES.items()
}
