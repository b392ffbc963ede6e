"""Stacked shares of layers, stages and kinds."""

from fractions import Fraction

import matplotlib
import numpy as np
import pytest
from matplotlib import pyplot as plt
from readable import SIZES, assert_readable, axes_of
from refusing import assert_refused

import symcnn as sc
from symcnn.errors import ConditionError, MissingValueError, SizeError, UnknownNameError
from symcnn.plots import Share, new_axes, save, share_data, shares
from symcnn.plots.axis import NAME, SWITCH
from symcnn.plots.labels import BESIDE
from symcnn.plots.portions import merged, switches
from symcnn.profile import ADDED_UP

matplotlib.use("agg")

w, K, H, W, g = sc.dims("w K H W g")
WIDTHS = range(8, 513, 8)
resnet, vgg, densenet = (sc.zoo.get_model(name) for name in ("resnet50", "vgg16", "densenet121"))
strided = sc.Sequential(
    sc.Conv2d(w, 3, stride=3),
    sc.ReLU(),
    sc.Conv2d(2 * w, 3, stride=2, padding=1),
    sc.AdaptiveAvgPool2d(1),
    sc.Flatten(),
    sc.Linear(K),
    input=(3, H, W),
)


def share(name, *amounts):
    return Share(name, tuple(range(len(amounts))), amounts, tuple(Fraction(amount, 100) for amount in amounts))


# The numbers.


@pytest.mark.parametrize("of", ADDED_UP)
@pytest.mark.parametrize("by", ["layer", "stage", "kind"])
def test_shares_add_up_to_the_network(by, of):
    if of == "buffers":
        found = share_data(resnet, over={w: [8, 64]}, by=by, of=of)
        net = resnet
    else:
        found = share_data(strided, over={w: [8, 64]}, by=by, of=of, at={K: 10, H: 33, W: 47})
        net = strided
    for i, x in enumerate((8, 64)):
        at = {w: x, K: 10, H: 33, W: 47} if net is strided else {**net.defaults, w: x}
        assert sum(share.amounts[i] for share in found) == getattr(net.at(at), of)
        assert sum(share.parts[i] for share in found) == 1


def test_a_group_is_what_its_layers_count():
    found = {
        share.name: share
        for share in share_data(strided, over={H: range(21, 64)}, by="kind", of="macs", at={w: 8, K: 10, W: 29})
    }
    for i, height in enumerate(range(21, 64)):
        first, _, second, _, _, linear = (
            leaf.profile for leaf in strided.at(w=8, K=10, H=height, W=29).profile.leaves()
        )
        assert found["Conv2d"].amounts[i] == first.macs + second.macs
        assert found["Linear"].amounts[i] == linear.macs == 160
    assert list(found) == ["Conv2d", "Linear"]


def test_published_values_are_taken_where_none_are_given():
    by_stage = share_data(resnet, over={"w": [64, 128]}, by="stage")
    assert [share.name for share in by_stage] == ["conv1", "bn1", "layer1", "layer2", "layer3", "layer4", "fc"]
    assert by_stage[-1].amounts == (2048 * 1000 + 1000, 4096 * 1000 + 1000)
    assert sum(share.amounts[0] for share in by_stage) == 25_557_032


def test_a_single_layer_is_its_kind():
    (found,) = share_data(sc.Linear(w, in_features=30), over={w: [1, 2]})
    assert (found.name, found.parts) == ("Linear", (1, 1))


def test_where_the_largest_changes():
    one, two, three = share("one", 5, 5, 5, 5), share("two", 4, 5, 6, 1), share("three", 1, 1, 1, 7)
    assert [tuple(switch) for switch in switches([one, two, three])] == [(2, "two"), (3, "three")]
    assert list(switches([one])) == []
    assert list(switches([share("level", 4, 5, 4), share("leads", 5, 5, 6)])) == []


def test_the_largest_changes_where_the_formulas_say():
    found = share_data(resnet, over={w: range(1, 65)}, by="stage")
    ((x, largest),) = switches(found)
    layer4, fc = (next(share for share in found if share.name == name) for name in ("layer4", "fc"))
    assert largest == "layer4"
    assert layer4.amounts[x - 1] > fc.amounts[x - 1]
    assert layer4.amounts[x - 2] <= fc.amounts[x - 2]


def test_small_groups_are_put_together():
    large, small, tiny, once = share("a", 95, 90), share("b", 2, 3), share("c", 1, 2), share("d", 2, 5)
    kept, (other,) = merged([large, small, tiny, once], most=16)
    assert [share.name for share in kept] == ["a", "d"]
    assert (other.name, other.amounts, other.parts) == ("other", (3, 5), (Fraction(3, 100), Fraction(5, 100)))
    assert merged([large, small, once], most=16) == ([large, small, once], [])
    kept, (other,) = merged([share(str(i), 10 + i) for i in range(8)], most=4)
    assert [share.name for share in kept] == ["5", "6", "7"]


# The artists.


def heights_of(ax):
    """The lower and the upper edge of each band at the right end."""
    found = []
    for band in ax.collections:
        points = band.get_paths()[0].vertices
        ends = points[points[:, 0] == points[:, 0].max()][:, 1]
        found.append((ends.min(), ends.max()))
    return found


def names_of(ax):
    return [text.get_text() for text in ax.texts if text.get_gid() == NAME]


def test_bands_lie_on_each_other_and_fill_the_picture():
    ax = shares(resnet, {w: WIDTHS}, by="stage", ax=new_axes())
    heights = heights_of(ax)
    assert heights[0][0] == 0
    assert heights[-1][1] == pytest.approx(100)
    assert [low for low, _ in heights[1:]] == pytest.approx([high for _, high in heights[:-1]])
    assert names_of(ax) == ["layer2", "layer3", "layer4", "fc", "other"]
    fc = share_data(resnet, {w: WIDTHS}, by="stage")[-1].parts[-1]
    assert np.diff(heights[3]) == pytest.approx([100 * float(fc)])


def test_axes_are_labelled():
    ax = shares(strided, {w: WIDTHS}, of="macs", at={"H": 33, "W": 47, "K": 10}, ax=new_axes())
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("$w$", "share of MACs")
    assert ax.get_title("left") == "$H$ = 33, $W$ = 47, $K$ = 10"
    ax.figure.draw_without_rendering()
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["0%", "20%", "40%", "60%", "80%", "100%"]


def test_a_switch_is_a_line_with_its_width():
    ax = shares(resnet, {w: WIDTHS}, by="stage", ax=new_axes())
    ((x, _),) = switches(share_data(resnet, {w: WIDTHS}, by="stage"))
    assert [line.get_xdata().tolist() for line in ax.lines if line.get_gid() == SWITCH] == [[x, x]]
    assert [text.get_text() for text in ax.texts if text.get_gid() == BESIDE] == [f"largest: layer4\nfrom $w$ = {x}"]


def test_no_two_bands_look_alike():
    ax = shares(vgg, {w: WIDTHS}, of="macs", ax=new_axes())
    looks = [(str(band.get_facecolor()), band.get_hatch()) for band in ax.collections]
    assert len(looks) == len(set(looks)) == 16


PICTURES = {
    "stages": lambda ax: shares(resnet, {w: WIDTHS}, by="stage", ax=ax),
    "kinds": lambda ax: shares(densenet, {g: range(4, 65, 4)}, by="kind", of="tensor_elements", ax=ax),
    "layers": lambda ax: shares(resnet, {w: WIDTHS}, ax=ax),
    "many": lambda ax: shares(vgg, {w: WIDTHS}, of="macs", ax=ax),
    "buffers": lambda ax: shares(resnet, {w: [8, 16]}, of="buffers", by="stage", ax=ax),
    "all small": lambda ax: shares(densenet, {g: range(4, 65, 4)}, of="macs", ax=ax),
    "stairs": lambda ax: shares(strided, {H: range(3, 60)}, of="activations", at={w: 8, K: 10, W: H}, ax=ax),
    "one": lambda ax: shares(sc.Linear(w, in_features=30), {w: [1, 2]}, ax=ax),
}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", PICTURES)
def test_every_picture_is_readable(name, size):
    assert_readable(PICTURES[name](axes_of(size)))


def test_a_picture_is_saved_the_same_each_time(tmp_path):
    files = [save(PICTURES["stages"](new_axes()), tmp_path / f"{name}.svg") for name in "ab"]
    assert files[0].read_bytes() == files[1].read_bytes()


def test_pyplot_makes_a_figure_and_a_failure_leaves_none(monkeypatch):
    ax = PICTURES["one"](None)
    assert plt.get_fignums() == [ax.figure.number]
    plt.close(ax.figure)
    monkeypatch.setattr("symcnn.plots.stacked.write_names", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        PICTURES["one"](None)
    assert plt.get_fignums() == []


REFUSED = [
    (lambda: shares(w, {w: [1, 2]}), SizeError, "shares takes a network or a layer, got w"),
    (
        lambda: shares(resnet, {w: [1, 2]}, by="stages"),
        UnknownNameError,
        "layers are not put together by 'stages'; did you mean 'stage'? Known: layer, stage, kind",
    ),
    (
        lambda: shares(resnet, {w: [1, 2]}, of="parms"),
        UnknownNameError,
        "no quantity of layers is named 'parms'; did you mean 'params'? Known: "
        "params, buffers, macs, flops, activations, tensor_elements",
    ),
    (
        lambda: shares(resnet, {w: [1, 2]}, of="training_macs"),
        UnknownNameError,
        None,
    ),
    (lambda: shares(strided, {"v": [1, 2]}, at={}), UnknownNameError, None),
    (lambda: shares(strided, {w: [1, 2]}), MissingValueError, "a value is missing for K; give it in at"),
    (lambda: shares(resnet, {w: [8]}), SizeError, "shares takes at least two values for w, got 8 alone"),
    (lambda: shares(resnet, {w: []}), SizeError, "over has no value for w: [] is empty"),
    (lambda: shares(vgg, {w: [8, 9]}, of="buffers"), SizeError, "no layer of the network has any buffers"),
    (
        lambda: shares(resnet, {w: [8, 9]}, at=3),
        SizeError,
        "at takes symbols and their values, {H: 224, W: 224}, got 3",
    ),
    (lambda: shares(resnet, {w: [8, 9]}, at={w: 3}), SizeError, "w is given twice: in over and in at"),
    (
        lambda: shares(vgg, {H: [31, 32]}, of="macs", at={w: 8, K: 10, W: 32}),
        ConditionError,
        f"H = 31 breaks the condition {vgg.conditions[0].explained}",
    ),
]


@pytest.mark.parametrize(("call", "kind", "message"), REFUSED)
def test_refused(call, kind, message):
    assert_refused(call, kind, message)
    assert plt.get_fignums() == []
