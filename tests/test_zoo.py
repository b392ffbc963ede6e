"""Published networks against their published counts, at every image size that is tabulated."""

import csv
from pathlib import Path

import pytest

import symcnn as sc
from symcnn.errors import UnknownNameError

H, W = sc.dims("H W")

with (Path(__file__).parent / "facts" / "networks.csv").open() as file:
    PUBLISHED = {row["name"]: row for row in csv.DictReader(file) if row["name"] in sc.zoo.list_models()}

COUNTED = ("alexnet", "vgg11", "vgg16", "vgg16_bn", "vgg19")


def test_the_table_has_the_networks():
    assert tuple(PUBLISHED) == COUNTED


@pytest.mark.parametrize("name", COUNTED)
def test_published_counts(name):
    row, net = PUBLISHED[name], sc.zoo.get_model(name)
    published = net.at(net.defaults)
    assert published.params == int(row["params"])
    assert published.buffers == int(row["buffers"])
    assert published.macs == int(row["macs"])
    assert published.input == tuple(map(int, row["input"].split("x")))


@pytest.mark.parametrize("size", [(225, 225), (193, 257)])
@pytest.mark.parametrize("name", COUNTED)
def test_published_macs_at_other_sizes(name, size):
    net = sc.zoo.get_model(name)
    values = net.defaults | {H: size[0], W: size[1]}
    assert net.at(values).macs == int(PUBLISHED[name][f"macs_at_{size[0]}x{size[1]}"])


@pytest.mark.parametrize("name", COUNTED)
def test_the_output_elements_of_the_convolutions(name):
    """As published: the elements that come out of every layer with weights and a map."""
    net = sc.zoo.get_model(name)
    leaves = net.at(net.defaults).profile.leaves()
    elements = sum(leaf.output.elements for _, leaf in leaves if leaf.macs != 0 and leaf.output.axes)
    assert elements == int(PUBLISHED[name]["conv_output_elements"])


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
    assert str(raised.value) == (
        "no model is named 'vgg_16'; did you mean 'vgg16'? Known: "
        "alexnet, lenet5, vgg11, vgg11_bn, vgg13, vgg13_bn, vgg16, vgg16_bn, vgg19, vgg19_bn"
    )
