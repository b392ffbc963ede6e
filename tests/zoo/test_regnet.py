"""RegNet in formulas, the paper's rule, and figures measured with torchvision."""

from __future__ import annotations

from typing import Any

import pytest
from measured import figures
from sympy import Rational

import symcnn as sc
from symcnn.errors import SymcnnError
from symcnn.zoo.regnet import STAGES, regnet, regnet_stages

K, H, W, d, g, u, w, s = sc.dims("K H W d g u w s")


def test_formulas() -> None:
    stage = regnet((d,), (w,), g, stem=s)
    # Two 1×1 convolutions, one 3×3 in groups and three normalisations a block; a projection in the first.
    blocks = d * (2 * w**2 + 9 * g * w + 6 * w) + (s - w) * w
    assert (stage.params - (27 * s + 2 * s + blocks + s * w + 2 * w + K * w + K)).expand() == 0
    gated = regnet((d,), (w,), g, stem=s, se_ratio=Rational(1, 4))
    gates = d * (w**2 / 2 + w + w / 4) + (s - w) * (2 * w + 1) / 4
    assert (gated.params - stage.params - gates).expand() == 0
    assert {"g | w", "4 | w", "4 | s"} <= set(map(str, gated.conditions))


def test_any_net_is_one_formula() -> None:
    """The published networks are points of one design space."""
    depths, widths = sc.dims("d1 d2 d3 d4"), sc.dims("w1 w2 w3 w4")
    space = {ratio: regnet(depths, widths, g, se_ratio=ratio) for ratio in (None, Rational(1, 4))}
    for name in ("regnet_x_400mf", "regnet_x_32gf", "regnet_y_400mf", "regnet_y_128gf"):
        *published, group = STAGES[name]
        values = dict(zip((*depths, *widths), (*published[0], *published[1]), strict=True))
        net = space[Rational(1, 4) if "_y_" in name else None].at({**values, g: group, K: 1000, H: 224, W: 224})
        assert (net.params, net.buffers, net.macs, net.activations) == figures(sc.zoo.get_model(name))


# The parameters in the paper's table: d, w_0, w_a, w_m, g.
RULES = {
    "regnet_x_400mf": (22, 24, "24.48", "2.54", 16),
    "regnet_x_800mf": (16, 56, "35.73", "2.28", 16),
    "regnet_x_1_6gf": (18, 80, "34.01", "2.25", 24),
    "regnet_x_3_2gf": (25, 88, "26.31", "2.25", 48),
    "regnet_x_8gf": (23, 80, "49.56", "2.88", 120),
    "regnet_x_16gf": (22, 216, "55.59", "2.1", 128),
    "regnet_x_32gf": (23, 320, "69.86", "2.0", 168),
    "regnet_y_400mf": (16, 48, "27.89", "2.09", 8),
    "regnet_y_800mf": (14, 56, "38.84", "2.4", 16),
    "regnet_y_1_6gf": (27, 48, "20.71", "2.65", 24),
    "regnet_y_3_2gf": (21, 80, "42.63", "2.66", 24),
    "regnet_y_8gf": (17, 192, "76.82", "2.19", 56),
    "regnet_y_16gf": (18, 200, "106.23", "2.48", 112),
    "regnet_y_32gf": (20, 232, "115.89", "2.53", 232),
    "regnet_y_128gf": (27, 456, "160.83", "2.52", 264),
}


def ruled(depth: int, start: int, slope: str, step: str, group: int, multiplier: Any = 1) -> Any:
    return regnet_stages(depth, start, Rational(slope), Rational(step), group, multiplier)


@pytest.mark.parametrize("name", STAGES)
def test_the_rule_gives_the_published_stages(name: str) -> None:
    depths, widths, group = STAGES[name]
    groups = group if isinstance(group, tuple) else (group,) * len(widths)
    assert ruled(*RULES[name]) == (depths, widths, groups)


def test_other_values_as_torchvision_counts_them() -> None:
    # RegNet(BlockParams.from_init_params(13, 24, 36.4, 2.5, 8, se_ratio=0.25)) on 3x224x224
    net = regnet(*ruled(13, 24, "36.4", "2.5", 8), se_ratio=Rational(1, 4))
    assert figures(net) == (3278850, 21264, 206976704, 2220834)
    # RegNet(BlockParams.from_init_params(15, 40, 30.5, 2.2, 16, bottleneck_multiplier=0.5), stem_width=16)
    half = Rational(1, 2)
    narrow = regnet(*ruled(15, 40, "30.5", "2.2", 16, half), bottleneck_multiplier=half, stem=16)
    assert figures(narrow) == (2044344, 17184, 206488832, 2434320)


@pytest.mark.parametrize("depth", range(1, 6))
def test_a_symbolic_depth_is_that_many_blocks(depth: int) -> None:
    symbolic, unrolled = regnet((2, d), (w, 2 * w), g), regnet((2, depth), (w, 2 * w), g)
    for quantity in ("params", "buffers", "macs", "activations"):
        formula = getattr(symbolic, quantity)
        assert d in formula.free_symbols
        assert (formula.subs(d, depth) - getattr(unrolled, quantity)).expand() == 0


def test_the_receptive_field_of_the_stages() -> None:
    trunk = regnet((1, 1), (32, 64), 16)["trunk_output"].on((32, H, W))
    assert trunk.receptive_field == (7, 7)


@pytest.mark.parametrize(
    ("wrong", "text"),
    [
        (lambda: regnet((1, 2), (32,), 16), "depths, widths and group widths are as many, got 2, 1, 1"),
        (
            lambda: regnet((1,), (32,), 24),
            "Conv2d: groups must be a positive integer or an expression in symbols from dims(), got 4/3",
        ),
        (lambda: regnet_stages(10, 24, 30, 1, 8), "step must be more than 1, got 1"),
        (lambda: regnet_stages(10, 24, u, 2, 8), "slope must be a number, got u"),
        (
            lambda: regnet_stages(10, 24, 24.48, 2, 8),
            "slope must be a positive rational number or an expression in symbols from ratio() and dims(), "
            "got 24.48; Fraction('24.48') is exact",
        ),
    ],
)
def test_what_is_refused(wrong: Any, text: str) -> None:
    with pytest.raises(SymcnnError) as raised:
        wrong()
    assert str(raised.value) == text
