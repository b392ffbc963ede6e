"""MobileNet in formulas, and against figures measured with torchvision and Keras."""

from __future__ import annotations

from typing import Any

import pytest
from measured import figures, keras
from sympy import Integer, Rational

import symcnn as sc
from symcnn import make_divisible, ratio
from symcnn.errors import SymcnnError
from symcnn.zoo.mobilenet import V2_STAGES, mobilenet_v1, mobilenet_v2, mobilenet_v3

n, K, H, W = sc.dims("n K H W")
alpha, rho = ratio("alpha rho")


def test_a_formula_in_the_multiplier() -> None:
    a, b, c = (make_divisible(width * alpha) for width in (32, 16, 24))
    net = mobilenet_v2(stages=V2_STAGES[:2])
    head = net["features"][:3].on((3, H, W))
    # The stem, a block without expansion, and one that widens b channels sixfold.
    stem, first, second = (
        27 * a + 2 * a,
        9 * a + 2 * a + a * b + 2 * b,
        6 * b**2 + 6 * b * (2 + 9 + 2) + 6 * b * c + 2 * c,
    )
    assert (head.params - stem - first - second).expand() == 0
    assert net.conditions == ()


def test_the_first_version_rounds_down() -> None:
    net = mobilenet_v1()
    assert net.at(alpha=Rational(1, 10), K=10).params == mobilenet_v1(Rational("0.1"), classes=10).params
    first = net["features.0"].on((3, H, W)).output.channels
    assert [first.subs(alpha, value) for value in (Rational(1, 10), Rational(3, 4), 1)] == [3, 24, 32]
    assert "32*alpha >= 1" in str(net.conditions)


def test_the_resolution_multiplier_is_the_size_of_the_image() -> None:
    net = mobilenet_v1(resolution_mult=rho, input=(3, 224, 224))
    for value, size in ((Rational(6, 7), 192), (Rational(5, 7), 160), (Rational(4, 7), 128)):
        assert net.at(rho=value).macs == mobilenet_v1(input=(3, size, size)).macs
        assert net.at(rho=value).input == (3, size, size)


# By torchvision: mobilenet_v2(width_mult=0.35) and so on, on 3x224x224.
MEASURED = [
    (mobilenet_v2, {"width_mult": "0.35"}, (1677128, 14080, 59285808, 2862776)),
    (mobilenet_v2, {"width_mult": "1.4"}, (6108776, 47936, 582195824, 9573424)),
    (mobilenet_v2, {"width_mult": "0.1"}, (1367080, 7232, 26659648, 2094064)),
    (mobilenet_v3, {"width_mult": "0.75"}, (3377576, 18416, 140033816, 3518488)),
    (mobilenet_v3, {"kind": "small", "width_mult": "0.5"}, (917264, 6144, 18970736, 739992)),
    (mobilenet_v3, {"kind": "small", "width_mult": "1.25"}, (3644912, 15232, 88155944, 1849168)),
    (mobilenet_v3, {"reduced_tail": True, "dilated": True}, (2569352, 19120, 224427040, 4761192)),
    (mobilenet_v3, {"kind": "small", "reduced_tail": True}, (1099672, 8944, 43763584, 1337320)),
    (mobilenet_v3, {"kind": "small", "dilated": True}, (2542856, 12112, 106509216, 1923688)),
]


@pytest.mark.parametrize(("family", "settings", "measured"), MEASURED)
def test_other_values_as_torchvision_counts_them(family: Any, settings: dict[str, Any], measured: Any) -> None:
    if "width_mult" not in settings:
        assert figures(family(**settings)) == measured
        return
    multiplier = Rational(settings["width_mult"])
    assert figures(family(**settings | {"width_mult": multiplier})) == measured
    family_formula = family(**settings | {"width_mult": alpha})
    values = {**family_formula.defaults, alpha: multiplier}
    here = family_formula.at(values)
    assert (here.params, here.buffers, here.macs, here.activations) == measured


def test_other_stages_as_torchvision_counts_them() -> None:
    # mobilenet_v2(inverted_residual_setting=[[1,16,1,1],[4,24,3,2],[6,40,2,2]])
    net = mobilenet_v2(1, ((1, 16, 1, 1), (4, 24, 3, 2), (6, 40, 2, 2)))
    assert figures(net) == (1385400, 5584, 149198848, 5444096)


def test_floats_round_otherwise() -> None:
    """torchvision's mobilenet_v3_large(width_mult=0.58) has 2,233,440: 200*0.58 is 115.99999999999999 there."""
    exact = mobilenet_v3("large", Rational("0.58"))
    assert figures(exact)[0] == 2234312
    assert int(200 * 0.58 + 4) // 8 * 8 == 112
    assert make_divisible(200 * Rational("0.58")) == 120


def test_a_first_convolution_is_left_out_where_a_number_makes_the_widths_equal() -> None:
    """torchvision's mobilenet_v3_large(width_mult=0.1); the formula has the convolution, since 64 is not 16."""
    small = Rational("0.1")
    assert figures(mobilenet_v3("large", small)) == (184944, 2576, 9008704, 626944)
    assert mobilenet_v3("large").at(alpha=small, K=1000).params > 184944
    above = Rational(1, 7)
    assert mobilenet_v3("large").at(alpha=above, K=1000).params == mobilenet_v3("large", above, classes=1000).params


def test_a_residual_is_there_where_a_number_makes_the_widths_equal() -> None:
    """At half the width both 40 and 48 channels become 24; torchvision adds there."""
    half = mobilenet_v3("small", Rational(1, 2), input=(3, 224, 224))
    formula = mobilenet_v3("small", input=(3, 224, 224)).at(alpha=Rational(1, 2))
    assert half.macs == formula.macs
    assert half.operations["add"] - formula.operations["add"] == 24 * 14 * 14


def test_what_dilation_stands_for_is_no_residual() -> None:
    """torchvision adds six times: not where the stride was, though the shape stays there too."""
    net = mobilenet_v3("small", 1, reduced_tail=True, dilated=True, input=(3, 224, 224))
    assert net.operations["add"] == 24 * 28**2 + (40 + 40 + 48 + 48 + 48) * 14**2


# By Keras.
ARGUMENTS: dict[str, tuple[str, dict[str, Any]]] = {
    "MobileNet": ("MobileNet", {}),
    "MobileNet(alpha=0.25)": ("MobileNet", {"width_mult": Rational("0.25")}),
    "MobileNet(alpha=0.5)": ("MobileNet", {"width_mult": Rational("0.5")}),
    "MobileNet(alpha=0.75)": ("MobileNet", {"width_mult": Rational("0.75")}),
    "MobileNetV2": ("mobilenet_v2", {}),
    "MobileNetV2(alpha=0.35)": ("mobilenet_v2", {"width_mult": Rational("0.35")}),
    "MobileNetV2(alpha=1.4)": ("mobilenet_v2", {"width_mult": Rational("1.4")}),
    "MobileNetV3Large": ("MobileNetV3Large", {}),
    "MobileNetV3Large(alpha=0.75)": ("MobileNetV3Large", {"width_mult": Rational("0.75")}),
    "MobileNetV3Large(minimalistic=True)": ("MobileNetV3Large", {"minimalistic": True}),
    "MobileNetV3Small": ("MobileNetV3Small", {}),
    "MobileNetV3Small(alpha=0.75)": ("MobileNetV3Small", {"width_mult": Rational("0.75")}),
    "MobileNetV3Small(minimalistic=True)": ("MobileNetV3Small", {"minimalistic": True}),
}


@pytest.mark.parametrize(("call", "measured"), keras(*ARGUMENTS).items())
def test_keras_forms(call: str, measured: Any) -> None:
    name, settings = ARGUMENTS[call]
    assert figures(sc.zoo.get_model(name, **settings)) == measured


# MobileNet(depth_multiplier=2), MobileNet(alpha=0.6), MobileNetV3Large(alpha=1.5), and the others likewise.
KERAS_MORE = [
    (mobilenet_v1(1, depth_multiplier=2), (7426120, 7457928 - 7426120, 1125618688, 6975464)),
    (mobilenet_v1(Rational("0.6")), (1783497, 1796609 - 1783497, 210386871, 3005141)),
    (mobilenet_v3("large", Rational("1.5"), keras=True), (11327816, 11364760 - 11327816, 482472624, 6632248)),
    (mobilenet_v3("small", Rational("0.4"), keras=True), (1468096, 1473536 - 1468096, 20398672, 852784)),
    (mobilenet_v3("large", Rational("0.1"), keras=True), (1461744, 1465040 - 1461744, 22820928, 1588952)),
    (mobilenet_v3("small", Rational("0.1"), keras=True), (1167232, 1169664 - 1167232, 11921584, 631352)),
]


@pytest.mark.parametrize(("net", "measured"), KERAS_MORE, ids=range(len(KERAS_MORE)))
def test_other_values_as_keras_counts_them(net: Any, measured: Any) -> None:
    assert figures(net) == measured


def test_keras_multiplier_is_a_symbol_too() -> None:
    net = mobilenet_v3("small", keras=True)
    for value in (Rational("0.4"), Rational("0.75"), Integer(1), Rational("1.5")):
        assert net.at(alpha=value, K=1000).params == mobilenet_v3("small", value, keras=True, classes=1000).params


@pytest.mark.parametrize("depth", range(1, 6))
def test_a_symbolic_depth_is_that_many_blocks(depth: int) -> None:
    def stages(blocks: Any) -> Any:
        return tuple((t, c, blocks if c == 64 else d, s) for t, c, d, s in V2_STAGES)

    symbolic, unrolled = mobilenet_v2(stages=stages(n)), mobilenet_v2(stages=stages(depth))
    here = symbolic.at({n: depth, **symbolic.defaults})
    assert figures(unrolled) == (here.params, here.buffers, here.macs, here.activations)
    assert (symbolic.params.subs(n, depth) - unrolled.params).expand() == 0


def test_the_receptive_field_of_the_features() -> None:
    assert mobilenet_v2()["features"].on((3, H, W)).receptive_field == (491, 491)
    assert mobilenet_v3("small").receptive_field.whole == (True, True)


def test_weights_are_grouped_as_torchvisions() -> None:
    names = list(mobilenet_v2(1).weights)
    assert names[0] == "features.0.0.weight"
    assert names[-1] == "classifier.1.bias"
    assert len(names) == 158  # as len(list(torchvision.models.mobilenet_v2().parameters()))
    assert len(list(mobilenet_v3("large", 1).weights)) == 174


def test_another_kind_of_the_third_version() -> None:
    with pytest.raises(SymcnnError) as raised:
        mobilenet_v3("huge")
    assert str(raised.value) == "kind must be 'large' or 'small', got 'huge'"


def test_a_multiplier_is_exact() -> None:
    with pytest.raises(SymcnnError) as raised:
        mobilenet_v2(0.75)
    assert str(raised.value) == (
        "width_mult must be a positive rational number or an expression in symbols from ratio() and dims(), "
        "got 0.75; Fraction('0.75') is exact"
    )
