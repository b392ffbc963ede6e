"""What every size of a network does: the tutorial's five factors, and the numbers beside networks built by hand."""

import json
from dataclasses import replace

import pytest
from growing_networks import H, K, W, n, tutorial, w
from refusing import assert_refused
from sympy import Rational

import symcnn as sc
from symcnn.errors import ConditionError, MissingValueError, SizeError, UnknownNameError

AT = {H: 8, W: 8, w: 16, K: 64}


def rows(net, at=None, **options):
    """The rows by factor and value."""
    return {(row.factor, str(row.value)): row for row in sc.drivers(net, at, **options)}


def test_the_tutorials_five_factors():
    net = tutorial()
    found = rows(net, AT)

    def effect(factor, value, total="params"):
        return found[factor, str(value)].effects[total]

    # Larger filters, more filters and more layers add parameters.
    assert (effect("Conv2d.kernel_size", 3).law, effect("Conv2d.kernel_size", 3).increment) == ("quadratic", 8960)
    assert (effect("w", 16).law, effect("w", 16).increment > 0) == ("quadratic", True)
    assert effect("Conv2d.out_channels", 16).increment == 9 * 3 + 1 + 2 + 9 * 32
    assert (effect("Conv2d × n", 1).law, effect("Conv2d × n", 1).increment) == (
        "linear",
        9 * 16**2 + 16 + 9 * 32**2 + 32,
    )
    # Stride and padding change the output's size and the parameters of no convolution.
    for factor, value in (("Conv2d.padding", 1), ("0.stride", 1)):
        row = found[factor, str(value)]
        assert row.grown["params"] == ("7",)  # The dense layer, since it sees less, or more.
        assert row.output[0] != row.output[1]
    without_dense = rows(net[:6], {H: 8, W: 8, w: 16})
    assert without_dense["Conv2d.padding", "1"].effects["params"].law == "none"
    assert without_dense["0.stride", "1"].effects["params"].increment == 0
    # A larger input grows the dense layer and no other.
    for axis in "HW":
        assert (effect(axis, 8).law, found[axis, "8"].grown["params"]) == ("linear", ("7",))


@pytest.mark.parametrize("name", ["lenet5", "alexnet", "vgg16", "resnet50"])
def test_the_factors_come_out_of_any_network(name):
    for row in sc.drivers(sc.zoo.get_model(name)):
        effect = row.effects["params"]
        setting = row.factor.rpartition(".")[2]
        convolution = row.factor.startswith("Conv2d")
        if convolution and setting.startswith(("out_channels", "kernel_size")):
            assert effect.increment > 0
            assert effect.law in ("linear", "quadratic")
        if " × n" in row.factor:
            assert effect.increment > 0
            assert effect.law == "linear"
        if setting in ("stride", "padding", "dilation"):
            assert all(place.startswith(("classifier", "f5", "fc")) for place in row.grown["params"])
        if row.factor in ("H", "W"):
            assert len(row.grown["params"]) <= 1


def test_what_is_added_is_what_a_network_built_with_it_has():
    net = tutorial().at(AT)
    found = rows(net)

    def built(change):
        return net.map(lambda layer: change(layer) if isinstance(layer, sc.Conv2d) else layer)

    larger = built(lambda layer: replace(layer, kernel_size=5, padding=2))
    assert found["Conv2d.kernel_size", "3"].effects["params"].increment == larger.params - net.params
    assert found["Conv2d.kernel_size", "3"].effects["macs"].increment == larger.macs - net.macs
    padded = built(lambda layer: replace(layer, padding=2))
    assert found["Conv2d.padding", "1"].effects["macs"].increment == padded.macs - net.macs
    wider = built(lambda layer: replace(layer, out_channels=17) if layer.out_channels == 16 else layer)
    row = found["Conv2d.out_channels", "16"]
    assert row.effects["macs"].increment == wider.macs - net.macs
    assert row.output == (net[0].on((3, 8, 8)).output, wider[0].on((3, 8, 8)).output)


def test_laws_derivatives_and_elasticities():
    net = tutorial()
    params = net.params.subs({H: 8, W: 8, K: 64})
    effect = rows(net, AT)["w", "16"].effects["params"]
    assert effect.derivative == params.diff(w).subs(w, 16)
    assert effect.elasticity == sc.elasticity(params, w).subs(w, 16)
    assert effect.tenth == params.subs(w, Rational(176, 10)) / params.subs(w, 16) - 1
    assert (effect.law, effect.increment, effect.exact) == ("quadratic", sc.increment(params, w).subs(w, 16), True)
    image = rows(net, AT)["H", "8"].effects["macs"]
    assert (image.law, image.exact) == ("linear", False)
    assert image.elasticity == sc.elasticity(net.macs, H).subs(AT)


def test_square_images_are_tied():
    found = rows(tutorial(), {**AT, W: H})
    assert ("W", "8") not in found
    assert found["H", "8"].effects["macs"].law == "quadratic"


def test_depths_multipliers_and_what_divides():
    net = sc.Sequential(sc.Conv2d(w, 1), sc.Repeat(sc.Residual(sc.Conv2d(w, 3, padding=1)), n), input=(3, H, W))
    found = rows(net, {H: 8, W: 8, w: 16, n: 5})
    assert (found["n", "5"].effects["params"].law, found["n", "5"].effects["params"].increment) == ("linear", 2320)
    fixed = rows(net.at({H: 8, W: 8, w: 16, n: 5}))
    assert fixed["Repeat.n", "5"].effects["params"] == found["n", "5"].effects["params"]
    mobile = rows(sc.zoo.get_model("mobilenet_v2"))["alpha", "1"]
    assert (mobile.after, mobile.effects["macs"].law, mobile.effects["macs"].exact) == (None, "quadratic", False)
    heads = rows(sc.zoo.get_model("vit_b_16"))["E", "768"]
    assert (heads.after, heads.effects["params"].law) == (780, "quadratic")
    grouped = sc.Conv2d(12, 3, groups=3, padding=1, input=(6, 8, 8))
    assert rows(grouped)["Conv2d.groups", "3"].after == 6


def test_rectangular_kernels_have_a_row_for_each_axis():
    found = rows(sc.Conv2d(8, (1, 7), padding=(0, 3), input=(3, 8, 8)))
    tall, wide = found["Conv2d.kernel_size_h", "1"], found["Conv2d.kernel_size_w", "7"]
    assert tall.effects["params"].increment == 2 * 7 * 3 * 8
    assert wide.effects["params"].increment == 2 * 3 * 8
    assert tall.output[0] == tall.output[1]


@pytest.mark.parametrize(
    "name", [n for n in sc.zoo.list_models() if n.endswith(("_tiny", "1_0", "18", "b_16", "net5"))]
)
def test_no_network_is_too_strange(name):
    found = sc.drivers(sc.zoo.get_model(name))
    assert len(found) > 5
    assert str(found)


def test_other_totals():
    found = rows(tutorial(), AT, of=("activations", "tensor_elements"))
    assert found["w", "16"].effects["activations"].law == "linear"


def test_it_shows_itself():
    found = sc.drivers(tutorial(), AT)
    assert str(found).startswith("parameters           value  law        derivative  elasticity    +10 %\n")
    assert max(map(len, str(found).splitlines())) <= 80
    for style in ("text", "markdown", "latex", "html", "json", "csv"):
        assert "kernel" in found.format(style)
    record = next(r for r in json.loads(found.to_json())["rows"] if (r["total"], r["factor"]) == ("params", "w"))
    assert (record["law"], record["increment"], record["exact"]) == ("quadratic", 1142, "yes")


@pytest.mark.parametrize(
    ("ask", "kind", "message"),
    [
        (lambda: sc.drivers(tutorial()), MissingValueError, "a value is missing for H, K, W, w; give it in at"),
        (lambda: sc.drivers(tutorial(), {**AT, "v": 3}), UnknownNameError,
         "no size is named 'v' here; known: H, K, W, w"),
        (lambda: sc.drivers(tutorial(), {**AT, H: 3}), ConditionError, None),
        (lambda: sc.drivers(tutorial(), AT, of=("prams",)), UnknownNameError,
         "no total is named 'prams'; did you mean 'params'? Known: params, buffers, macs, flops, activations, "
         "tensor_elements"),
        (lambda: sc.drivers(tutorial().params, AT), SizeError,
         "drivers takes a layer or a network, got 2*K*w*⌊H/4⌋*⌊W/4⌋ + K + 18*w**2 + 36*w; formulas have elasticity"),
    ],
)  # fmt: skip
def test_how_it_says_no(ask, kind, message):
    assert_refused(ask, kind, message)
