"""Published networks against their measured figures, at every image size that is tabulated."""

import csv
from functools import cache
from pathlib import Path

import pytest

import symcnn as sc
from symcnn.errors import UnknownNameError
from symcnn.zoo import FAMILIES

FACTS = Path(__file__).parent / "facts"


def rows(name):
    with (FACTS / name).open() as file:
        return {row["name"]: row for row in csv.DictReader(file)}


PUBLISHED = rows("torchvision.csv")
SIZES = {"macs_at_225x225": (225, 225), "macs_at_193x257": (193, 257)}
AT_SIZES = [(name, column) for name, row in PUBLISHED.items() for column in SIZES if row[column]]


@cache
def published(name):
    """A network with its published values put in."""
    net = sc.zoo.get_model(name)
    return net.at(net.defaults)


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_counts(name):
    row, net = PUBLISHED[name], published(name)
    assert net.params == int(row["params"])
    assert net.buffers == int(row["buffers"])
    assert net.macs == int(row["macs"])
    assert net.activations == int(row["conv_output_elements"])
    assert net.input == tuple(map(int, row["input"].split("x")))
    assert net.conditions == ()


@pytest.mark.parametrize(("name", "column"), AT_SIZES)
def test_published_macs_at_other_sizes(name, column):
    """By the closed formula, with nothing but numbers put in."""
    net = sc.zoo.get_model(name)
    height, width = SIZES[column]
    values = {symbol.name: value for symbol, value in net.defaults.items()} | {"H": height, "W": width}
    assert sc.evaluate(net.macs, {name: values[name] for name in map(str, net.macs.free_symbols)}) == int(
        PUBLISHED[name][column]
    )


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_formula_gives_the_counts(name):
    """The symbolic totals, with the published values put in, are the totals of the published network."""
    net, numbers = sc.zoo.get_model(name), published(name)
    for formula, count in ((net.params, numbers.params), (net.buffers, numbers.buffers), (net.macs, numbers.macs)):
        used = {symbol: value for symbol, value in net.defaults.items() if symbol in formula.free_symbols}
        assert sc.evaluate(formula, used) == count


def test_a_first_choice_of_networks_is_in_the_large_table():
    for name, row in rows("networks.csv").items():
        assert PUBLISHED[name] == row


def test_every_family_has_its_functions_and_every_model_its_defaults():
    for functions in FAMILIES.values():
        for function in functions:
            assert callable(getattr(sc.zoo, function))
    assert set(PUBLISHED) <= set(sc.zoo.list_models())
    for name in sc.zoo.list_models():
        net = sc.zoo.get_model(name)
        assert set(net.defaults) == set(net.symbols), name


def test_formulas():
    assert str(sc.zoo.get_model("vgg16").params) == "4097*K + 3591*w**2 + 1605725*w + 16785408"
    assert str(sc.zoo.get_model("alexnet").params) == "4097*K + 597*w**2 + 590205*w + 16785408"
    assert str(sc.zoo.get_model("vgg16").conditions) == "(H >= 32, W >= 32)"
    assert sc.zoo.get_model("vgg16")["features"].receptive_field == (212, 212)


def test_lenet5_has_a_size_for_every_layer():
    net = sc.zoo.lenet5()
    assert [symbol.name for symbol in net.symbols] == ["C1", "C3", "F5", "F6", "H", "K", "W"]
    assert net.at(net.defaults).params == 61706


def test_families_take_their_sizes():
    k = sc.dims("k", odd=True)
    net = sc.zoo.vgg((1, 1, 1, 1, 1), 16, classes=10, hidden=64, kernel_size=k, input=(3, 32, 32))
    assert [symbol.name for symbol in net.symbols] == ["k"]
    assert (
        net.at(k=3).params
        == net.map(lambda layer: layer).at(k=3).params
        == 3 * 9 * 16
        + 16
        + sum(9 * 16 * a * 16 * b + 16 * b for a, b in [(1, 2), (2, 4), (4, 8), (8, 8)])
        + (128 * 49 * 64 + 64)
        + (64 * 64 + 64)
        + (64 * 10 + 10)
    )


def test_an_unknown_model():
    with pytest.raises(UnknownNameError) as raised:
        sc.zoo.get_model("vgg_16")
    with pytest.raises(UnknownNameError, match=r"^a model has a name, such as 'resnet50', got 3$"):
        sc.zoo.get_model(3)
    known = ", ".join(sc.zoo.list_models())
    assert str(raised.value) == f"no model is named 'vgg_16'; did you mean 'vgg16'? Known: {known}"


def test_a_models_settings_are_its_familys():
    assert sc.zoo.get_model("resnet18", blocks=(1, 1, 1, 1)) == sc.zoo.resnet((1, 1, 1, 1), bottleneck=False)
    assert sc.zoo.get_model("vgg16", blocks=(1, 1, 1, 1, 1)) == sc.zoo.vgg((1, 1, 1, 1, 1))
    assert sc.zoo.get_model("regnet_y_400mf", depths=(1, 1, 1, 1)).output == sc.zoo.get_model("regnet_y_400mf").output
    assert sc.zoo.get_model("wrn_28_10", classes=7).output == (7,)
    known = "blocks, widening, width, kernel_size, dropout, classes, input"
    with pytest.raises(UnknownNameError) as raised:
        sc.zoo.get_model("wrn_28_10", num_classes=10)
    assert str(raised.value) == f"wrn_28_10 has no setting 'num_classes'; did you mean 'classes'? Known: {known}"


DEPTHS = "must be a tuple with a depth for each stage, such as (3, 4, 6, 3), got"


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: sc.zoo.resnet(50), f"blocks {DEPTHS} 50"),
        (lambda: sc.zoo.resnet(()), f"blocks {DEPTHS} ()"),
        (lambda: sc.zoo.resnet_v2(3), f"blocks {DEPTHS} 3"),
        (lambda: sc.zoo.densenet(5), f"blocks {DEPTHS} 5"),
        (lambda: sc.zoo.vgg(16), f"blocks {DEPTHS} 16"),
        (lambda: sc.zoo.vgg((1, 2)), "blocks are one number for each of 5 stages, got (1, 2)"),
        (lambda: sc.zoo.shufflenet_v2(24, 4), f"blocks {DEPTHS} 4"),
        (lambda: sc.zoo.convnext(()), f"depths {DEPTHS} ()"),
        (lambda: sc.zoo.video_resnet(2), f"blocks {DEPTHS} 2"),
        (lambda: sc.zoo.fcn(50), f"blocks {DEPTHS} 50"),
        (
            lambda: sc.zoo.googlenet(kernel_sizes=(1, 3, 5)),
            "kernel_sizes must be one value or a tuple of two, got (1, 3, 5)",
        ),
        (
            lambda: sc.zoo.mobilenet_v1(input=7),
            "an input shape is a tuple (channels, *axes) such as (3, 224, 224), got 7",
        ),
    ],
)
def test_the_whole_message(build, message):
    with pytest.raises(sc.SymcnnError) as raised:
        build()
    assert str(raised.value) == message


def test_one_for_both_and_lists_are_taken():
    assert sc.zoo.video_resnet(kernel_size=3) == sc.zoo.video_resnet()
    assert sc.zoo.googlenet(kernel_sizes=3) == sc.zoo.googlenet()
    assert sc.zoo.inception_v3(depths=2) == sc.zoo.inception_v3(depths=(2, 2))
    assert sc.zoo.resnet([3, 4, 6, 3]) == sc.zoo.resnet()
    assert sc.zoo.resnet_cifar([2, 2, 2]) == sc.zoo.resnet_cifar(2)


def test_the_addition_that_a_symbolic_multiplier_leaves_out():
    """Keras's large MobileNetV3 at 1: its first block has 16 channels before and behind."""
    symbol, number = sc.zoo.get_model("MobileNetV3Large"), sc.zoo.get_model("MobileNetV3Large", width_mult=1)
    published = symbol.at(symbol.defaults)
    assert published.params == number.at(number.defaults).params
    assert number.at(number.defaults).operations["add"] - published.operations["add"] == 16 * 112 * 112
