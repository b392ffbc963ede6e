"""Pictures: the numbers, then the artists that show them, then files."""

import dataclasses
import subprocess
import sys
from fractions import Fraction
from itertools import pairwise

import matplotlib
import pytest
from matplotlib import pyplot as plt
from matplotlib.figure import Figure
from matplotlib.text import Text
from readable import assert_readable
from refusing import assert_refused
from sympy import Integer, Symbol, sqrt

import symcnn as sc
from symcnn.errors import ConditionError, MissingValueError, SizeError, SymcnnError, UnknownNameError
from symcnn.plots import Curve, curve_data, curves, new_axes, save
from symcnn.plots.ends import spread
from symcnn.plots.quantities import COUNTED, MEASURED, QUANTITIES, Engineering
from symcnn.plots.words import formula, typeset

matplotlib.use("agg")

w, k, H, W, K, C_out = sc.dims("w k H W K C_out")
net = sc.Sequential(
    sc.Conv2d(w, 3, padding=1),
    sc.ReLU(),
    sc.MaxPool2d(2),
    sc.Conv2d(2 * w, 3, padding=1),
    sc.Flatten(),
    sc.Linear(K),
    input=(3, H, W),
)
conv = sc.Conv2d(w, k).on((w, H, W)).params
WIDTHS = range(8, 513, 8)


def strided(stride):
    return sc.Conv2d(8, 3, stride=stride, padding=1).on((3, H, W)).output[1]


# The numbers.


def test_a_curve_for_each_choice_and_expression():
    found = curve_data({"a": w * K, "b": w}, over={w: [1, 2]}, vary={K: [10, 1000]})
    assert found == [
        Curve("a, $K$ = 10", (1, 2), (10, 20)),
        Curve("a, $K$ = 1000", (1, 2), (1000, 2000)),
        Curve("b", (1, 2), (1, 2)),
    ]


def test_several_varying_symbols_give_their_product():
    found = curve_data(w + k + K, over={w: [1]}, vary={k: [3, 5], K: [10, 20]})
    assert [(c.label, c.y) for c in found] == [
        ("$k$ = 3, $K$ = 10", (14,)),
        ("$k$ = 3, $K$ = 20", (24,)),
        ("$k$ = 5, $K$ = 10", (16,)),
        ("$k$ = 5, $K$ = 20", (26,)),
    ]


def test_values_agree_with_substitution():
    (curve,) = curve_data(net.macs, over={w: WIDTHS}, at={H: 33, W: 47, K: 10})
    assert curve.x == tuple(WIDTHS)
    assert list(curve.y) == [net.at(w=x, H=33, W=47, K=10).macs for x in WIDTHS]


def test_values_are_exact_beyond_int64_and_between_integers():
    (big,) = curve_data(w**9, over={w: [10**6 + 1]})
    assert big.y == ((10**6 + 1) ** 9,)
    (half,) = curve_data(w / 2, over={w: [1, 2]})
    assert half.y == (Fraction(1, 2), 1)


def test_a_value_may_depend_on_what_runs_and_varies():
    (square,) = curve_data(H * W, over={H: [2, 3]}, at={W: H})
    assert square.y == (4, 9)
    (cancelled, _) = curve_data(W - K + H, over={H: [2, 3]}, vary={K: [1, 2]}, at={W: K})
    assert cancelled == Curve("$K$ = 1", (2, 3), (2, 3))
    chained = curve_data(H * W * k, over={H: [2, 3]}, vary={K: [1, 2]}, at={W: K * H, k: W})
    assert [curve.y for curve in chained] == [(8, 27), (32, 108)]
    assert [curve.label for curve in chained] == ["$K$ = 1", "$K$ = 2"]


def test_names_mean_symbols():
    by_name = curve_data(conv, over={"w": WIDTHS}, vary={"k": [1, 3]})
    assert by_name == curve_data(conv, over={w: WIDTHS}, vary={k: [1, 3]})


def test_an_expression_without_the_symbol_is_flat():
    flat = curve_data([Integer(7), 5, K], over={w: [1, 2, 4]}, at={K: 3})
    assert [curve.y for curve in flat] == [(7, 7, 7), (5, 5, 5), (3, 3, 3)]


def test_a_plain_symbol_of_a_handwritten_formula():
    x = Symbol("x")
    assert curve_data(x**2, over={"x": [2, 3]}) == curve_data(x**2, over={x: (3, 2, 2)})


def test_the_range_is_put_in_order_and_said_once():
    (curve,) = curve_data(w, over={w: iter([8, 2, 8, 4])})
    assert curve.x == (2, 4, 8)


def test_labels():
    assert [c.label for c in curve_data([w * K, w + K], over={w: [1]}, at={K: 2})] == ["$K w$", "$K + w$"]
    assert [c.label for c in curve_data([net.params, w], over={w: [1]}, at={H: 8, W: 8, K: 2})] == [
        "expression 0",
        "expression 1",
    ]
    assert [c.label for c in curve_data([w, w], over={w: [1]})] == ["expression 0", "expression 1"]
    assert [c.label for c in curve_data(w**2, over={w: [1]})] == ["$w^{2}$"]
    assert [c.label for c in curve_data([w**2], over={w: [1]})] == ["$w^{2}$"]
    assert [c.label for c in curve_data(net.params, over={w: [1]}, at={H: 8, W: 8, K: 2})] == [""]


def test_conditions_are_checked_where_they_have_values():
    where = net.conditions
    assert curve_data(w, over={w: [1]}, where=where)
    with pytest.raises(ConditionError, match=r"^H = 1 breaks the condition H >= 2 \(layer 2, MaxPool2d"):
        curve_data(net.params, over={H: [1, 2]}, at={W: H, w: 8, K: 10}, where=where)
    with pytest.raises(ConditionError, match=r"^w = 7 breaks the condition w >= 8$"):
        curve_data(w, over={w: [7, 8]}, where=w >= 8)


def test_slope_is_the_local_exponent_at_the_right_end():
    assert Curve("", (1, 2, 4), (7, 1, 8)).slope == pytest.approx(3)
    assert Curve("", (1, 2), (5, 5)).slope == 0
    assert Curve("", (1, 2), (Fraction(1, 2), Fraction(1, 4))).slope == pytest.approx(-1)
    assert Curve("", (10, 20), (10**400, 2 * 10**400)).slope == pytest.approx(1)
    assert Curve("", (1,), (5,)).slope is None
    assert Curve("", (1, 2), (0, 5)).slope is None
    assert Curve("", (1, 2, 3, 4), (1, 1, 2, 2)).slope is None


def test_staircases():
    (stairs,) = curve_data(strided(3), over={H: range(1, 33)})
    assert stairs.staircase
    assert not curve_data(strided(3), over={H: range(3, 33, 3)})[0].staircase
    assert not curve_data(Integer(3), over={H: range(1, 33)})[0].staircase
    assert not Curve("", (1,), (1,)).staircase


def test_curves_are_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        Curve("", (1,), (1,)).label = "other"


# What is refused.


REFUSED = [
    (
        lambda: curve_data(net, over={w: [1]}),
        SizeError,
        f"curves draws expressions, got the network or layer {net!r}; give one of its quantities: net.params",
    ),
    (
        lambda: curve_data({"a": sc.ReLU().on((3, 8, 8))}, over={w: [1]}),
        SizeError,
        f"curves draws expressions, got the profile {sc.ReLU().on((3, 8, 8))!r}; "
        "give one of its quantities: net.params",
    ),
    (
        lambda: curve_data("w**2", over={w: [1]}),
        SizeError,
        "curves draws SymPy expressions, such as net.params, got 'w**2'",
    ),
    (
        lambda: curve_data([w, 0.5], over={w: [1]}),
        SizeError,
        "curves draws SymPy expressions, such as net.params, got 0.5",
    ),
    (
        lambda: curve_data([], over={w: [1]}),
        SizeError,
        "curves draws at least one expression, got []",
    ),
    (
        lambda: curve_data(sqrt(w), over={w: [2]}),
        SizeError,
        None,
    ),
    (
        lambda: curve_data(conv, over={"width": [1]}, at={k: 3}),
        UnknownNameError,
        "no size is named 'width' here; known: k, w",
    ),
    (
        lambda: curve_data(C_out * w, over={w: [1]}, at={"C_ou": 3}),
        UnknownNameError,
        "no size is named 'C_ou' here; did you mean 'C_out'? Known: C_out, w",
    ),
    (
        lambda: curve_data(w, over={Symbol("w"): [1]}),
        SizeError,
        "the symbol w was not made by dims() as the formula's own; give its value by name",
    ),
    (
        lambda: curve_data(net.params, over={w: [1]}, at={H: 8}),
        MissingValueError,
        "a value is missing for K, W; give it in at, or several in vary",
    ),
    (
        lambda: curve_data(H * W, over={H: [1]}, at={W: k}),
        MissingValueError,
        "a value is missing for k; give it in at, or several in vary",
    ),
    (
        lambda: curve_data(w * H * W, over={w: [1]}, at={H: W, W: H}),
        MissingValueError,
        "a value is missing for H, W; give it in at, or several in vary",
    ),
    (
        lambda: curve_data(w, over={w: range(8, 8)}),
        SizeError,
        "over has no value for w: range(8, 8) is empty",
    ),
    (
        lambda: curve_data(w * K, over={w: [1]}, vary={K: []}),
        SizeError,
        "vary has no value for K: [] is empty",
    ),
    (
        lambda: curve_data(w, over={w: 8}),
        SizeError,
        "over takes several values for w, such as range(8, 513, 8), got 8",
    ),
    (
        lambda: curve_data(w * K, over={w: [1]}, vary={K: 10}),
        SizeError,
        "vary takes several values for K, such as [10, 1000], got 10",
    ),
    (
        lambda: curve_data(w * K, over={w: [1]}, vary=[10]),
        SizeError,
        "vary takes symbols and their values, {K: [10, 1000]}, got [10]",
    ),
    (
        lambda: curve_data(w * K, over={w: [1]}, at=10),
        SizeError,
        "at takes symbols and their values, {H: 224, W: 224}, got 10",
    ),
    (
        lambda: curve_data(w * K, over={w: [1], K: [2]}),
        SizeError,
        "over takes one symbol and its range, {w: range(8, 513, 8)}, got w, K",
    ),
    (
        lambda: curve_data(w, over={}),
        SizeError,
        "over takes one symbol and its range, {w: range(8, 513, 8)}, got none",
    ),
    (
        lambda: curve_data(w, over=range(3)),
        SizeError,
        "over takes one symbol and its range, {w: range(8, 513, 8)}, got range(0, 3)",
    ),
    (
        lambda: curve_data(w, over={w: [1, 2.5]}),
        SizeError,
        "w must be a positive integer or an expression in symbols from dims(), got 2.5",
    ),
    (
        lambda: curve_data(w, over={w: [0, 1]}),
        SizeError,
        "w must be a positive integer or an expression in symbols from dims(), got 0",
    ),
    (
        lambda: curve_data(w * K, over={w: [1]}, vary={K: [10, w]}),
        SizeError,
        "K takes integers below 2**63 here, got w",
    ),
    (
        lambda: curve_data(w, over={w: [2**63]}),
        SizeError,
        "w takes integers below 2**63 here, got 9223372036854775808",
    ),
    (
        lambda: curve_data(w * K, over={w: [1]}, at={K: 2.5}),
        SizeError,
        "K must be a positive integer or an expression in symbols from dims(), got 2.5",
    ),
    (
        lambda: curve_data(w * K, over={w: [1]}, vary={K: [2]}, at={K: 3}),
        SizeError,
        "K is given twice: in vary and in at",
    ),
    (
        lambda: curves(conv, over={w: [1]}, vary={k: range(1, 18)}),
        SymcnnError,
        "curves draws at most 16 curves in one picture, got 17",
    ),
    (
        lambda: curves(w - 3, over={w: [2, 4]}, log=True),
        SizeError,
        "a logarithmic axis takes positive values, got -1 at w = 2 for w - 3",
    ),
    (
        lambda: curves(w - K, over={w: [2, 4]}, vary={K: [1, 4]}, log=True),
        SizeError,
        "a logarithmic axis takes positive values, got -2 at w = 2 for K = 4",
    ),
    (
        lambda: curves(Symbol("p", integer=True, nonnegative=True) + 1, over={"p": [0, 1]}, log=True),
        SizeError,
        "a logarithmic axis takes positive values, got p = 0",
    ),
    (
        lambda: curves({"a": w**200}, over={w: [1, 1000]}),
        SizeError,
        "values up to 10**300 can be drawn, got one beyond at w = 1000 for a",
    ),
    (
        lambda: curves(w, over={w: [1]}, quantity="parms"),
        UnknownNameError,
        f"no quantity is named 'parms'; did you mean 'params'? Known: {', '.join(QUANTITIES)}",
    ),
]


@pytest.mark.parametrize(("call", "kind", "message"), REFUSED)
def test_refused(call, kind, message):
    assert_refused(call, kind, message)
    assert plt.get_fignums() == []


# The artists.


PICTURES = {
    "width": lambda ax: curves(
        net.params, over={w: WIDTHS}, vary={K: [10, 1000]}, at={H: 224, W: 224}, quantity="params", ax=ax
    ),
    "resolution": lambda ax: curves(
        net.macs, {H: range(32, 449, 32)}, {w: [16, 32, 64]}, {W: H, K: 10}, quantity="macs", ax=ax
    ),
    "kernel": lambda ax: curves(conv, over={k: range(1, 12)}, vary={w: [16, 64, 256]}, log=True, ax=ax),
    "steps": lambda ax: curves({"stride 2": strided(2), "stride 3": strided(3)}, {H: range(1, 33)}, ax=ax),
    "formulas": lambda ax: curves([strided(2), strided(3)], over={H: range(1, 13)}, quantity="size", ax=ax),
    "single": lambda ax: curves(9 * w**2 + w, over={w: WIDTHS}, ax=ax),
    "single point": lambda ax: curves(9 * w**2 + w, over={w: [8]}, ax=ax),
    "single point, log": lambda ax: curves(9 * w**2 + w, over={w: [8]}, log=True, ax=ax),
    "eight": lambda ax: curves(conv, over={w: WIDTHS}, vary={k: [1, 2, 3, 4, 5, 7, 9, 11]}, ax=ax),
    "sixteen, log": lambda ax: curves(conv, over={w: WIDTHS}, vary={k: range(1, 17)}, log=True, ax=ax),
    "large": lambda ax: curves(2000 * w**3 * k, over={w: WIDTHS}, vary={k: [3, 5]}, quantity="flops", ax=ax),
    "long names": lambda ax: curves(
        {"a network that has a rather long name": w, "another with many words in its name": 2 * w},
        over={w: [16, 32, 64, 128, 256, 512, 1024]},
        ax=ax,
    ),
    "flat": lambda ax: curves(Integer(7), over={w: range(1, 9)}, ax=ax),
    "flat, log": lambda ax: curves({"seven": Integer(7)}, over={w: range(1, 9)}, log=True, ax=ax),
    "zero": lambda ax: curves(w - w, over={w: range(1, 9)}, ax=ax),
    "negative": lambda ax: curves({"a": -w, "b": 10 - w}, over={w: range(1, 30)}, ax=ax),
    "fractions": lambda ax: curves({"a": 1 / w}, over={w: range(1, 1000)}, ax=ax),
    "narrow, log": lambda ax: curves({"a": w}, over={w: range(100, 131)}, log=True, ax=ax),
    "many fixed": lambda ax: curves(
        net.params * k * C_out, over={w: WIDTHS}, at={H: 224, W: 224, K: 1000, k: 3, C_out: 64}, ax=ax
    ),
    "big sizes": lambda ax: curves({"a": w**2}, over={w: range(10**6, 10**7, 10**5)}, ax=ax),
}


@pytest.mark.parametrize("name", PICTURES)
def test_every_picture_is_readable(name):
    assert_readable(PICTURES[name](new_axes()))


@pytest.mark.parametrize("name", ["width", "eight", "kernel", "steps"])
def test_readable_in_small_axes_of_a_larger_figure(name):
    figure = Figure(figsize=(9, 3.2), layout="constrained")
    left, right = figure.subplots(1, 2)
    PICTURES[name](left)
    PICTURES[name](right)
    assert_readable(left)
    assert_readable(right)


def test_the_lines_show_the_numbers():
    ax = PICTURES["width"](new_axes())
    data = curve_data(net.params, over={w: WIDTHS}, vary={K: [10, 1000]}, at={H: 224, W: 224})
    assert [line.get_label() for line in ax.lines] == ["$K$ = 10", "$K$ = 1000"]
    assert [tuple(line.get_xdata()) for line in ax.lines] == [curve.x for curve in data]
    assert [tuple(line.get_ydata()) for line in ax.lines] == [curve.y for curve in data]


def test_axes_are_labelled():
    ax = PICTURES["width"](new_axes())
    assert (ax.get_xlabel(), ax.get_ylabel(), ax.get_title("left")) == (
        "$w$",
        "parameters",
        "$H$ = 224, $W$ = 224",
    )
    assert ax.get_ylim()[0] == 0
    ax = curves(C_out * w, over={C_out: WIDTHS}, at={w: 3}, ax=new_axes())
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("$C_{out}$", "$C_{out} w$")
    assert ax.texts[:] == []
    ax = curves({"a": w, "b": 2 * w}, over={w: WIDTHS}, ax=new_axes())
    assert ax.get_ylabel() == "count"
    ax = curves({"a": w, "b": w / 3}, over={w: WIDTHS}, ax=new_axes())
    assert ax.get_ylabel() == "value"


def test_a_title_of_ones_own_stays():
    ax = new_axes()
    ax.set_title("Mine")
    curves(w * K, over={w: WIDTHS}, at={K: 3}, ax=ax)
    assert (ax.get_title(), ax.get_title("left")) == ("Mine", "")


def test_slopes_are_written_on_log_axes():
    ax = PICTURES["kernel"](new_axes())
    assert (ax.get_xscale(), ax.get_yscale()) == ("log", "log")
    assert [text.get_text() for text in ax.texts] == [f"$w$ = {width}, slope 2.00" for width in (16, 64, 256)]
    falling = curves({"a": 1 / w, "b": w - w + 3}, over={w: WIDTHS}, log=True, ax=new_axes())
    assert [text.get_text() for text in falling.texts] == ["a, slope -1.00", "b, slope 0.00"]
    stairs = curves({"a": strided(3)}, over={H: range(1, 50)}, log=True, ax=new_axes())
    assert [text.get_text() for text in stairs.texts] == ["a"]


def test_few_points_are_marked_and_stairs_are_drawn_as_stairs():
    few, many = (curves(w**2, over={w: x}, ax=new_axes()).lines[0] for x in (range(1, 17), range(1, 18)))
    assert (few.get_marker(), many.get_marker()) == ("o", "None")
    assert few.get_drawstyle() == many.get_drawstyle() == "default"
    assert {line.get_drawstyle() for line in PICTURES["steps"](new_axes()).lines} == {"steps-mid"}


def test_no_two_curves_look_alike():
    lines = PICTURES["sixteen, log"](new_axes()).lines
    assert len({(line.get_color(), str(line._unscaled_dash_pattern)) for line in lines}) == 16
    dashes = [line._unscaled_dash_pattern for line in lines]
    assert all(one != other for one, other in pairwise(dashes))


@pytest.mark.parametrize(
    ("over", "log", "ticks"),
    [
        (range(8, 513, 8), False, [64, 128, 192, 256, 320, 384, 448, 512]),
        (range(8, 513, 8), True, [8, 16, 32, 64, 128, 256, 512]),
        (range(1, 12, 2), False, [1, 3, 5, 7, 9, 11]),
        (range(1, 12), True, [1, 2, 4, 8]),
        (range(1, 33), False, [5, 10, 15, 20, 25, 30]),
        ([16, 32, 64, 128, 256, 512, 1024], False, [128, 256, 384, 512, 640, 768, 896, 1024]),
        ([1, 10, 100, 10**6], True, [1, 10, 100, 10**6]),
        ([224], False, [224]),
        (range(100, 131), True, [100, 105, 110, 115, 120, 125, 130]),
    ],
)
def test_ticks_stand_on_round_integers_within_the_range(over, log, ticks):
    ax = curves({"a": w}, over={w: over}, log=log, ax=new_axes())
    assert list(ax.get_xticks()) == ticks


def test_tick_letters():
    counted, measured = Engineering(COUNTED), Engineering(MEASURED)
    assert [counted.format_data(10**n) for n in (0, 3, 6, 9, 12, 15)] == [
        "1",
        "1K",
        "1M",
        "1B",
        "1T",
        "1000T",
    ]
    assert [measured.format_data(10**n) for n in (0, 3, 6, 9, 12, 15)] == ["1", "1k", "1M", "1G", "1T", "1P"]
    assert [counted.format_data(x) for x in (0, 0.05, 999, 1500, 2_500_000)] == [
        "0", "0.05", "999", "1.5K", "2.5M",
    ]  # fmt: skip
    ax = PICTURES["large"](new_axes())
    ax.figure.draw_without_rendering()
    assert {"500G", "1T"} <= {text.get_text() for text in ax.get_yticklabels()}


def test_a_second_call_adds_curves_and_places_all_names():
    ax = curves({"first": w}, over={w: range(1, 9)}, ax=new_axes())
    assert curves(w + 1, over={w: range(1, 9)}, ax=ax) is ax
    assert [text.get_text() for text in ax.texts] == ["first", "$w + 1$"]
    assert len({line.get_color() for line in ax.lines}) == 2
    assert ax.get_ylabel() == "count"
    assert_readable(ax)


def test_axes_that_share_y_stay_readable():
    left, right = Figure(figsize=(9, 4), layout="constrained").subplots(1, 2, sharey=True)
    for ax, size in ((left, 56), (right, 28)):
        curves(H * H * conv, over={w: WIDTHS}, vary={k: [1, 3, 5]}, at={H: size}, ax=ax)
    assert left.get_ylim() == right.get_ylim()
    assert left.get_ylim()[1] > max(left.lines[-1].get_ydata())
    for ax in (left, right):
        assert_readable(ax)
        names = {text.get_text(): text for text in ax.texts}
        top = Text.get_window_extent(names["$k$ = 5"])
        assert top.y0 < ax.transData.transform(ax.lines[-1].get_xydata()[-1])[1] < top.y1


def test_names_are_spread():
    assert spread([], []) == []
    assert spread([0.5, 0.5, 0.5], [0.2, 0.2, 0.2]) == [0.3, 0.5, 0.7]
    assert spread([0.97, 0.98, 0.99], [0.1, 0.1, 0.1]) == [0.75, 0.85, 0.95]
    assert spread([0.0, 0.01, 0.9], [0.1, 0.1, 0.1]) == [0.05, 0.15, 0.9]


def test_names_of_symbols():
    symbols = sc.dims("w C_out C_out_stem_0 alpha batchnorm _x w_alpha")
    assert [typeset(symbol) for symbol in symbols] == [
        "$w$", "$C_{out}$", "$C_{out,stem,0}$", r"$\alpha$", "$batchnorm$", "$_{x}$", "$w_{alpha}$",
    ]  # fmt: skip
    assert formula(strided(3)) == r"$\left\lceil \frac{H}{3} \right\rceil$"


# Nothing global is changed.


def test_pyplot_shows_a_picture_and_settings_stay():
    before = matplotlib.rcParams.copy()
    ax = curves(w, over={w: WIDTHS})
    assert plt.get_fignums() == [ax.figure.number]
    plt.close(ax.figure)
    PICTURES["kernel"](new_axes())
    assert plt.get_fignums() == []
    assert matplotlib.rcParams == before


def test_a_failure_leaves_no_figure(monkeypatch):
    monkeypatch.setattr("symcnn.plots.drawing.lay_out", lambda ax: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        curves(w, over={w: WIDTHS})
    assert plt.get_fignums() == []


def test_the_package_is_imported_without_matplotlib():
    loaded = "print('matplotlib' in sys.modules)"
    code = f"import sys, symcnn; {loaded}; symcnn.plots; {loaded}"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["False", "True"]


# Files.


@pytest.mark.parametrize(("ending", "start"), [("png", b"\x89PNG"), ("svg", b"<?xml"), ("PDF", b"%PDF")])
def test_a_picture_is_saved_and_the_same_each_time(tmp_path, ending, start):
    files = [save(PICTURES["kernel"](new_axes()), tmp_path / f"{name}.{ending}") for name in "ab"]
    one, other = (file.read_bytes() for file in files)
    assert one.startswith(start)
    assert one == other
    assert sorted(tmp_path.iterdir()) == files


def test_what_cannot_be_saved(tmp_path):
    ax = new_axes()
    with pytest.raises(UnknownNameError) as caught:
        save(ax, tmp_path / "picture.jpg")
    assert str(caught.value) == ("a picture's file name ends in .png, .svg or .pdf, got 'picture.jpg'")
    with pytest.raises(SymcnnError) as caught:
        save(ax, tmp_path / "nowhere" / "picture.svg")
    assert str(caught.value) == f"cannot write {tmp_path}/nowhere/picture.svg: No such file or directory"
    folder = tmp_path / "folder.svg"
    folder.mkdir()
    with pytest.raises(SymcnnError) as caught:
        save(ax, folder)
    assert str(caught.value) == f"cannot write {folder}: Is a directory"
    assert list(tmp_path.iterdir()) == [folder]


def test_a_failed_save_leaves_the_old_file(tmp_path, monkeypatch):
    target = tmp_path / "picture.svg"
    target.write_text("before")
    monkeypatch.setattr("pathlib.Path.replace", lambda self, other: (_ for _ in ()).throw(OSError(28, "disk full")))
    with pytest.raises(SymcnnError, match="disk full"):
        save(new_axes(), target)
    assert target.read_text() == "before"
    assert list(tmp_path.iterdir()) == [target]
