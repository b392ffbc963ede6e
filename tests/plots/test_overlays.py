"""What lies over curves: budgets, crossovers, measured points."""

from fractions import Fraction

import matplotlib
import pytest
from readable import SIZES, assert_readable, axes_of, texts_of
from sympy import Integer

import symcnn as sc
from symcnn.errors import SizeError
from symcnn.plots import Curve, curve_data, curves, new_axes
from symcnn.plots.axis import BUDGET, MEASURED, curves_of
from symcnn.plots.crossings import crossovers, last_within
from symcnn.plots.labels import ALONG, LABEL
from symcnn.plots.overlays import MARK
from symcnn.plots.titles import fit_y_label

matplotlib.use("agg")

w, K, H, W = sc.dims("w K H W")
WIDTHS = range(8, 257, 8)
resnet, vgg = sc.zoo.get_model("resnet50"), sc.zoo.get_model("vgg16")


def strided(stride):
    return sc.Conv2d(8, 3, stride=stride, padding=1).on((3, H, W)).output[1]


def marks_of(ax, gid=MARK):
    return [tuple(line.get_xydata()[0]) for line in ax.lines if line.get_gid() == gid]


def labels_of(ax, gid=LABEL):
    return [text.get_text() for text in ax.texts if text.get_gid() == gid]


# The numbers.


def test_the_last_width_within_a_budget_is_that_of_the_network():
    (curve,) = curve_data(resnet.params, over={w: WIDTHS}, at={K: 1000})
    ((width, params),) = last_within(curve, 50_000_000)
    assert params == resnet.at(w=width, K=1000).params <= 50_000_000 < resnet.at(w=width + 8, K=1000).params


@pytest.mark.parametrize("stride", [3, 6, 7])
def test_the_last_size_within_a_budget_on_a_staircase(stride):
    (curve,) = curve_data(strided(stride), over={H: range(1, 60)})
    ((size, found),) = last_within(curve, 5)
    assert (size, found) == (5 * stride, 5)


def test_a_budget_is_compared_exactly():
    big = 10**17
    curve = Curve("", (1, 2, 3), (big - 1, big, big + 1))
    assert last_within(curve, big) == [(2, big)]
    assert last_within(curve, big - 1) == [(1, big - 1)]


def test_a_curve_that_crosses_a_budget_several_times_or_never():
    assert last_within(Curve("", (1, 2, 3, 4, 5), (1, 9, 2, 3, 9)), 5) == [(1, 1), (4, 3)]
    assert last_within(Curve("", (1, 2, 3), (9, 5, 1)), 5) == []
    assert last_within(Curve("", (1, 2, 3), (1, 2, 3)), 5) == []
    assert last_within(Curve("", (1, 2, 3), (6, 7, 8)), 5) == []


def test_crossovers_are_changes_of_order():
    one = Curve("one", (1, 2, 3, 4), (1, 4, 6, 6))
    assert crossovers([one, Curve("", (1, 2, 3, 4), (2, 4, 5, 7))])[0][:2] == (3, 6)
    assert [crossing.x for crossing in crossovers([one, Curve("", (1, 2, 3, 4), (2, 4, 5, 7))])] == [3, 4]
    assert crossovers([one, Curve("", (1, 2, 3, 4), (2, 4, 7, 7))]) == []
    assert crossovers([one, one]) == []
    assert crossovers([one]) == []


def test_a_crossover_agrees_with_substitution():
    found = crossovers(curve_data([resnet.params, vgg.params], over={w: range(500, 3001, 4)}, at={K: 10}))
    order = [resnet.params.subs({w: x, K: 10}) < vgg.params.subs({w: x, K: 10}) for x in range(500, 3001, 4)]
    changes = [500 + 4 * (i + 1) for i in range(len(order) - 1) if order[i] != order[i + 1]]
    assert [crossing.x for crossing in found] == changes
    assert len(changes) == 1


# The artists.


def test_a_budget_is_a_line_and_a_mark_on_every_curve_that_crosses_it():
    ax = curves({"a": w, "b": w**2, "c": w - w + 3}, over={w: WIDTHS}, quantity="params", budget=100, ax=new_axes())
    (line,) = (line for line in ax.lines if line.get_gid() == BUDGET)
    assert line.get_ydata().tolist() == [100, 100]
    assert labels_of(ax, ALONG) == ["100"]
    assert marks_of(ax) == [(96, 96), (8, 64)]
    assert labels_of(ax) == ["$w$ = 96", "$w$ = 8"]


def test_several_budgets_have_letters():
    ax = curves({"a": w**3}, over={w: WIDTHS}, quantity="params", budget=[5e6, Fraction(10**6)], ax=new_axes())
    assert labels_of(ax, ALONG) == ["5M", "1M"]
    assert marks_of(ax) == [(168, 168**3), (96, 96**3)]


def test_a_budget_above_all_curves_is_in_view():
    ax = curves({"a": w}, over={w: WIDTHS}, budget=1000, ax=new_axes())
    assert ax.get_ylim()[1] > 1000
    assert marks_of(ax) == []


def test_a_label_stands_near_its_mark():
    ax = curves({"a": w**2}, over={w: WIDTHS}, budget=30_000, ax=new_axes())
    (text,) = (text for text in ax.texts if text.get_gid() == LABEL)
    box, mark = texts_of(ax)[text], ax.transData.transform((168, 168**2))
    middle = ((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2)
    assert abs(middle - mark).max() < 60


def test_crossovers_are_rings():
    pair = {"line": 100 * w, "square": w**2}
    ax = curves(pair, over={w: WIDTHS}, ax=new_axes())
    assert (marks_of(ax), labels_of(ax)) == ([(104, 104**2)], ["$w$ = 104"])
    assert marks_of(curves(pair, over={w: WIDTHS}, crossovers=False, ax=new_axes())) == []


def test_many_crossovers_have_no_labels():
    ax = curves({"a": 2 * strided(2), "b": 3 * strided(3)}, over={H: range(1, 60)}, ax=new_axes())
    assert len(marks_of(ax)) > 6
    assert labels_of(ax) == []


def test_measured_points_are_in_view_with_their_labels():
    ax = curves({"a": w}, over={w: WIDTHS}, measured=[(512, 700.5, "ours"), (64, 1, "theirs")], ax=new_axes())
    assert marks_of(ax, MEASURED) == [(512, 700.5), (64, 1)]
    assert labels_of(ax) == ["ours", "theirs"]
    assert ax.get_xlim()[1] > 512
    assert ax.get_ylim()[1] > 700.5


def test_a_second_call_settles_all_labels_anew():
    ax = curves({"a": 100 * w}, over={w: WIDTHS}, budget=5000, ax=new_axes())
    curves({"b": w**2}, over={w: WIDTHS}, budget=5000, ax=ax)
    assert labels_of(ax) == ["$w$ = 48", "$w$ = 64"]
    assert len(curves_of(ax)) == 2
    assert_readable(ax)


PICTURES = {
    "networks": lambda ax: curves(
        {"ResNet-50": resnet.params, "VGG-16": vgg.params},
        over={w: WIDTHS},
        at={K: 1000},
        quantity="params",
        budget=[5e6, 50e6, 100e6],
        measured=[(64, 25557032, "resnet50, torchvision"), (64, 138357544, "vgg16, torchvision")],
        ax=ax,
    ),
    "log": lambda ax: curves(
        {"separable": 9 * w + w**2, "1×1": 128 * w, "3×3": 9 * w * w},
        over={w: WIDTHS},
        log=True,
        budget=10_000,
        quantity="training_macs",
        ax=ax,
    ),
    "stairs": lambda ax: curves(
        [strided(2) * 3, strided(3) * 4 + 5, strided(7) * 11], over={H: range(1, 65)}, budget=[30.5, 60], ax=ax
    ),
    "many": lambda ax: curves(K * w, over={w: WIDTHS}, vary={K: range(1, 15)}, budget=[100, 200, 300, 400, 500], ax=ax),
    "crowd": lambda ax: curves(w, over={w: range(1, 9)}, measured=[(4, 4, f"point {i}") for i in range(30)], ax=ax),
    "single": lambda ax: curves(w, over={w: [8]}, budget=8, measured=[(8, 8, "here")], ax=ax),
    "formula": lambda ax: curves(1000 * w**4 + 200 * w**3 + 30 * w**2, over={w: WIDTHS}, budget=10**12, ax=ax),
    "fixed": lambda ax: curves(
        resnet.macs, over={w: WIDTHS}, at={H: 224, W: 224, K: 1000}, budget=4e9, quantity="macs", ax=ax
    ),
}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", PICTURES)
def test_every_picture_is_readable(name, size):
    assert_readable(PICTURES[name](axes_of(size)))


@pytest.mark.parametrize("label", ["multiply-accumulates of a training step", "multiplyaccumulatesofatrainingstep" * 2])
def test_a_long_label_of_the_y_axis_is_broken_or_smaller(label):
    ax = axes_of("small")
    ax.set_ylabel(label)
    fit_y_label(ax)
    ax.figure.draw_without_rendering()
    assert ax.yaxis.label.get_window_extent().height <= 1.02 * ax.get_window_extent().height
    assert ("\n" in ax.get_ylabel()) == (" " in label)


REFUSED = [
    ({"budget": 0}, "a budget must be a positive number, got 0"),
    ({"budget": [5, -1.5]}, "a budget must be a positive number, got -1.5"),
    ({"budget": "5M"}, "a budget must be a positive number, got '5M'"),
    ({"budget": True}, "a budget must be a positive number, got True"),
    ({"budget": float("nan")}, "a budget must be a positive number, got nan"),
    ({"budget": w}, "a budget must be a positive number, got w"),
    ({"budget": 10**301}, "values up to 10**300 can be drawn, got one beyond as a budget"),
    ({"measured": 3}, "measured takes a list of points (x, y, label), got 3"),
    ({"measured": [(1, 2)]}, "measured takes points (x, y, label), two numbers and a text, got (1, 2)"),
    ({"measured": [(1, "2", "a")]}, "measured takes points (x, y, label), two numbers and a text, got (1, '2', 'a')"),
    (
        {"measured": [(1, 0, "zero")], "log": True},
        "a logarithmic axis takes positive values, got 0 for zero, which was measured",
    ),
    (
        {"measured": [(1, 10**301, "big")]},
        "values up to 10**300 can be drawn, got one beyond for big, which was measured",
    ),
]


@pytest.mark.parametrize(("asked", "message"), REFUSED)
def test_refused(asked, message):
    with pytest.raises(SizeError) as caught:
        curves({"a": w, "b": Integer(3)}, over={w: [1, 2]}, ax=new_axes(), **asked)
    assert str(caught.value) == message
