"""Bars for every layer: parameters and MACs beside each other."""

import matplotlib
import pytest
from matplotlib import pyplot as plt
from readable import SIZES, assert_readable, axes_of
from refusing import assert_refused

import symcnn as sc
from symcnn.errors import ConditionError, MissingValueError, SizeError, UnknownNameError
from symcnn.plots import layer_data, layers, new_axes, save
from symcnn.plots.row import weightiest
from symcnn.profile import ADDED_UP

matplotlib.use("agg")

w, K, H, W = sc.dims("w K H W")
lenet, resnet, vgg = (sc.zoo.get_model(name) for name in ("lenet5", "resnet50", "vgg16"))


def deep(count):
    """A network of so many layers, each with parameters."""
    return sc.Sequential(*(sc.Conv2d(8 + i, 3, padding=1) for i in range(count)), input=(3, 33, 47))


def amounts_of(ax):
    return [text.get_text() for text in ax.texts]


# The numbers.


@pytest.mark.parametrize("name", ["lenet5", "vgg16", "resnet50", "mobilenet_v2"])
def test_layers_add_up_to_the_network(name):
    net = sc.zoo.get_model(name)
    found = layer_data(net, of=tuple(ADDED_UP))
    published = net.at(net.defaults)
    assert [sum(column) for column in zip(*(layer.amounts for layer in found), strict=True)] == [
        getattr(published, quantity) for quantity in ADDED_UP
    ]


def test_layers_stand_in_order_and_those_that_count_nothing_are_left_out():
    assert [layer.path for layer in layer_data(lenet)] == ["c1", "c3", "f5", "f6", "output"]
    assert [layer.path for layer in layer_data(lenet, of="params")] == ["c1", "c3", "f5", "f6", "output"]
    paths = [leaf.path for leaf in resnet.profile.leaves()]
    found = [layer.path for layer in layer_data(resnet)]
    assert found == [path for path in paths if path in found]
    assert len(found) == 53 + 53 + 1
    assert len(layer_data(resnet, of="macs")) == 53 + 1


@pytest.mark.parametrize("stride", [3, 6, 7])
def test_a_layer_counts_what_it_does_alone(stride):
    net = sc.Sequential(sc.Conv2d(w, 3, stride=stride), sc.Conv2d(5, 2), input=(3, H, W))
    first, second = layer_data(net, {"w": 4, H: 33, W: 47})
    rows, columns = (33 - 3) // stride + 1, (47 - 3) // stride + 1
    assert first == ("0", "Conv2d", (4 * (27 + 1), rows * columns * 27 * 4))
    assert second == ("1", "Conv2d", (5 * (16 + 1), (rows - 1) * (columns - 1) * 16 * 5))


def test_a_single_layer_is_named_by_its_kind():
    (found,) = layer_data(sc.Linear(10, in_features=30))
    assert (found.name, found.amounts) == ("Linear", (310, 300))


# The artists.


def test_bars_are_parts_of_the_totals():
    ax = layers(lenet, ax=new_axes())
    heights = [[bar.get_height() for bar in bars] for bars in ax.containers]
    assert [sum(bars) for bars in heights] == pytest.approx([100, 100])
    assert heights[0][2] == pytest.approx(100 * 48120 / 61706)
    places = [[bar.get_x() + bar.get_width() / 2 for bar in bars] for bars in ax.containers]
    assert all(one < place < other for one, place, other in zip(places[0], range(5), places[1], strict=True))


def test_everything_is_named():
    ax = layers(lenet, ax=new_axes())
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["parameters, 61.7K", "MACs, 417k"]
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["c1", "c3", "f5", "f6", "output"]
    assert ax.get_ylabel() == "share of the total"
    assert ax.get_title("left") == "$C1$ = 6, $C3$ = 16, $F5$ = 120, $F6$ = 84, $K$ = 10, $H$ = 32, $W$ = 32"
    assert layers(vgg, ax=new_axes()).get_legend().get_texts()[1].get_text() == "MACs, 15.5G"


def test_amounts_stand_on_their_bars():
    ax = layers(lenet, ax=new_axes())
    assert {"48.1K", "240k", "118k", "10.2K"} <= set(amounts_of(ax))
    largest = next(text for text in ax.texts if text.get_text() == "48.1K")
    assert largest.xy[1] == pytest.approx(100 * 48120 / 61706)
    assert "103M" in amounts_of(layers(vgg, ax=axes_of("small")))


def test_the_weightiest_layers_are_named_where_not_all_can_be():
    ax = layers(resnet, ax=new_axes())
    names = [tick.get_text() for tick in ax.get_xticklabels()]
    assert 10 < len(names) < 107
    assert {"conv1", "fc"} <= set(names)
    assert {tick.get_rotation() for tick in ax.get_xticklabels()} == {90}
    assert weightiest([1, 1, 1, 1, 1], 2) == [0, 2, 4]
    assert weightiest([1, 2, 3, 9, 8], 1.5) == [1, 3]


def test_values_given_are_those_in_the_title():
    ax = layers(resnet, {"w": 8, K: 10, H: 65, W: 33}, of="buffers", ax=new_axes())
    assert ax.get_title("left") == "$w$ = 8, $K$ = 10, $H$ = 65, $W$ = 33"
    assert len(ax.containers) == 1


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", ["lenet5", "vgg16", "densenet121"])
def test_every_network_is_readable(name, size):
    assert_readable(layers(sc.zoo.get_model(name), ax=axes_of(size)))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("count", [1, 5, 20, 60, 200])
def test_any_number_of_layers_is_readable(count, size):
    assert_readable(layers(deep(count), ax=axes_of(size)))


@pytest.mark.parametrize("size", SIZES)
def test_all_quantities_at_once_are_readable(size):
    assert_readable(layers(lenet, of=[name for name in ADDED_UP if name != "buffers"], ax=axes_of(size)))


def test_a_picture_is_saved_the_same_each_time(tmp_path):
    files = [save(layers(vgg, ax=new_axes()), tmp_path / f"{name}.svg") for name in "ab"]
    assert files[0].read_bytes() == files[1].read_bytes()


def test_pyplot_makes_a_figure_and_a_failure_leaves_none(monkeypatch):
    ax = layers(lenet)
    assert plt.get_fignums() == [ax.figure.number]
    plt.close(ax.figure)
    monkeypatch.setattr("symcnn.plots.bars.name_layers", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        layers(lenet)
    assert plt.get_fignums() == []


REFUSED = [
    (lambda: layers(w), SizeError, "layers takes a network or a layer, got w"),
    (
        lambda: layers(lenet, of=["params", "mac"]),
        UnknownNameError,
        "no quantity of layers is named 'mac'; did you mean 'macs'? Known: "
        "params, buffers, macs, flops, activations, tensor_elements",
    ),
    (lambda: layers(lenet, of=[]), SizeError, "layers takes at least one quantity, such as 'params', got []"),
    (lambda: layers(lenet, of="buffers"), SizeError, "no layer of the network has any buffers"),
    (lambda: layers(sc.ReLU().with_input((3, 8, 8))), SizeError, "no layer of the network has any params or macs"),
    (lambda: layers(vgg, {K: 10, H: 32}), MissingValueError, "a value is missing for W, w; give it in at"),
    (lambda: layers(vgg, {"k": 10}), UnknownNameError, None),
    (lambda: layers(vgg, 3), SizeError, "at takes symbols and their values, {H: 224, W: 224}, got 3"),
    (lambda: layers(vgg, {w: 8, K: 10, H: 31, W: 32}), ConditionError, None),
]


@pytest.mark.parametrize(("call", "kind", "message"), REFUSED)
def test_refused(call, kind, message):
    assert_refused(call, kind, message)
    assert plt.get_fignums() == []
