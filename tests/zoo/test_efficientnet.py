"""EfficientNet in formulas, scaled, and against figures measured with torchvision and Keras."""

from __future__ import annotations

from typing import Any

import pytest
from measured import figures, keras
from sympy import Integer, Rational, ceiling

import symcnn as sc
from symcnn import make_divisible, ratio
from symcnn.errors import SymcnnError
from symcnn.zoo.efficientnet import SCALES, V2_SCALES, V2_STAGES, Stage, efficientnet, efficientnet_v2

n, K, H, W = sc.dims("n K H W")
alpha, beta = ratio("alpha beta")


def test_one_formula_is_every_form_of_the_first_version() -> None:
    family = efficientnet()
    assert family.conditions == ()
    for name in SCALES:
        net = sc.zoo.get_model(f"efficientnet_{name}")
        width, depth, size, _ = SCALES[name]
        values = {alpha: Rational(width), beta: Rational(depth), K: 1000, H: size, W: size}
        here = family.at(values)
        assert (here.params, here.buffers, here.macs, here.activations) == figures(net)


def test_depth_is_rounded_up() -> None:
    family = efficientnet(1, classes=10, input=(3, 224, 224))
    for value in ("0.5", "1", "1.01", "1.25", "3.1"):
        depths = [ceiling(Rational(value) * stage) for stage in (1, 2, 2, 3, 3, 4, 1)]
        unrolled = efficientnet(1, Rational(value), classes=10, input=(3, 224, 224))
        assert [len(stage) for stage in unrolled["features"][1:8]] == depths
        here = family.at(beta=Rational(value))
        for quantity in ("params", "buffers", "macs", "activations"):
            assert getattr(here, quantity) == getattr(unrolled, quantity)


def test_a_block_is_a_formula() -> None:
    c = make_divisible(24 * alpha)
    block = efficientnet()["features.2"][1].body.on((c, H, W))
    expanded, squeezed = 6 * c, c / 4
    convolutions = 2 * c * expanded + 9 * expanded + 2 * (2 * expanded + c)
    gate = 2 * expanded * squeezed + expanded + squeezed
    assert (block.params - convolutions - gate).expand() == 0
    assert block.output == (c, H, W)


def test_stages_of_ones_own() -> None:
    net = efficientnet(1, 1, (Stage(1, 3, 1, 16, n), Stage(6, 5, 2, 40, 2)), stem=16)
    assert (
        net.params.subs(n, 3) - efficientnet(1, 1, (Stage(1, 3, 1, 16, 3), Stage(6, 5, 2, 40, 2)), stem=16).params
    ) == 0
    assert net.at(n=4).output == (K,)


# By Keras. Its EfficientNet has a normalisation of the input: 7 numbers that are not trained.
V1 = [f"EfficientNetB{number}" for number in (0, 1, 3, 4, 5, 6, 7)]
V2 = [*(name for name in V2_SCALES if name.startswith("Eff")), *(f"EfficientNetV2{kind}" for kind in "SML")]


@pytest.mark.parametrize(("call", "measured"), keras(*V1).items())
def test_the_first_version_as_keras_counts_it(call: str, measured: Any) -> None:
    params, buffers, macs, elements = measured
    assert figures(sc.zoo.get_model(f"efficientnet_{call[-2:].lower()}")) == (params, buffers - 7, macs, elements)


def test_keras_second_form_is_for_another_image() -> None:
    params, buffers, macs, elements = keras("EfficientNetB2")["EfficientNetB2"]
    net = sc.zoo.get_model("efficientnet_b2")
    here = net.at({**net.defaults, H: 260, W: 260})
    assert (here.params, here.buffers, here.macs, here.activations) == (params, buffers - 7, macs, elements)


@pytest.mark.parametrize(("call", "measured"), keras(*V2).items())
def test_the_second_version_as_keras_counts_it(call: str, measured: Any) -> None:
    name = call if call in V2_SCALES else f"efficientnet_v2_{call[-1].lower()}"
    assert figures(sc.zoo.get_model(name)) == measured


def test_one_formula_is_every_scaled_form_of_the_second_version() -> None:
    family = efficientnet_v2("b")
    for name in V2[:4]:
        _, width, depth, size, _ = V2_SCALES[name]
        here = family.at({alpha: Rational(width), beta: Rational(depth), K: 1000, H: size, W: size})
        assert (here.params, here.buffers, here.macs, here.activations) == figures(sc.zoo.get_model(name))


def test_the_versions_round_differently() -> None:
    """16 · 1.2 = 19.2 is nearest to 16, but that is more than a tenth below."""
    wide = Rational(6, 5)
    first, second = efficientnet(wide, 1)["features.1"], efficientnet_v2("b", wide, 1)["features.1"]
    assert first.on((40, H, W)).output.channels == 24
    assert second.on((40, H, W)).output.channels == 16


def test_a_width_of_nothing_is_refused_as_a_symbol_and_eight_as_a_number() -> None:
    assert efficientnet_v2("b", Rational(1, 10), 1)["features.1"].on((8, H, W)).output.channels == Integer(8)
    with pytest.raises(SymcnnError, match="alpha = 1/10 breaks the condition"):
        efficientnet_v2("b").at(alpha=Rational(1, 10))


@pytest.mark.parametrize("kind", V2_STAGES)
def test_a_fused_block_has_no_gate(kind: str) -> None:
    fused = efficientnet_v2(kind, 1, 1)["features.2"].on((V2_STAGES[kind][0].filters, H, W))
    assert "multiply" not in fused.operations
    assert "sigmoid" in efficientnet_v2(kind, 1, 1).operations


def test_another_kind_of_the_second_version() -> None:
    with pytest.raises(SymcnnError) as raised:
        efficientnet_v2("xl")
    assert str(raised.value) == "kind must be one of 's', 'm', 'l', 'b', got 'xl'"
