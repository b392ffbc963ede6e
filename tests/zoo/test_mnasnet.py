"""MNASNet against figures measured with torchvision."""

from __future__ import annotations

from typing import Any

import pytest
from measured import figures
from sympy import Rational

import symcnn as sc
from symcnn import make_divisible, ratio
from symcnn.zoo.mnasnet import STAGES, mnasnet

n, K, H, W = sc.dims("n K H W")
alpha = ratio("alpha")


def test_a_formula_in_the_multiplier() -> None:
    net = mnasnet()
    a, b = make_divisible(32 * alpha), make_divisible(16 * alpha)
    stem = net["layers"][:8].on((3, H, W))
    assert (stem.params - (27 * a + 2 * a + 9 * a + 2 * a + a * b + 2 * b)).expand() == 0
    assert net.conditions == ()
    assert net.output == (K,)


def test_the_published_forms_are_one_formula() -> None:
    formula = mnasnet().params
    for name, value in (("0_5", "0.5"), ("0_75", "0.75"), ("1_0", "1"), ("1_3", "1.3")):
        net = sc.zoo.get_model(f"mnasnet{name}")
        assert net.params == formula
        assert net.defaults[alpha] == Rational(value)


# By torchvision: MNASNet(0.6), MNASNet(2.0, num_classes=10), on 3x224x224.
MEASURED = [
    ({"width_mult": Rational("0.6")}, (2505112, 23536, 140835920, 3880016)),
    ({"width_mult": 2, "classes": 10}, (11201754, 73280, 1134065664, 10850560)),
]


@pytest.mark.parametrize(("settings", "measured"), MEASURED)
def test_other_values_as_torchvision_counts_them(settings: dict[str, Any], measured: Any) -> None:
    assert figures(mnasnet(**settings)) == measured


@pytest.mark.parametrize("depth", range(1, 6))
def test_a_symbolic_depth_is_that_many_blocks(depth: int) -> None:
    def stages(blocks: Any) -> Any:
        return (*STAGES[:2], (*STAGES[2][:4], blocks), *STAGES[3:])

    symbolic, unrolled = mnasnet(stages=stages(n)), mnasnet(stages=stages(depth))
    assert (symbolic.params.subs(n, depth) - unrolled.params).expand() == 0
    assert (symbolic.macs.subs(n, depth) - unrolled.macs).expand() == 0
    assert symbolic.at(n=depth).output == unrolled.output
