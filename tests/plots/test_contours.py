"""Lines of equal value over two symbols."""

from fractions import Fraction

import matplotlib
import pytest
from matplotlib import pyplot as plt
from matplotlib.colors import to_hex
from readable import SIZES, assert_readable, axes_of
from refusing import assert_refused
from sympy import Integer, Symbol

import symcnn as sc
from symcnn.errors import ConditionError, MissingValueError, SizeError, UnknownNameError
from symcnn.plots import Grid, contour_data, contours, new_axes, save
from symcnn.plots.levels import round_levels

matplotlib.use("agg")

w, k, K, H, W = sc.dims("w k K H W")
vgg, mobile = sc.zoo.get_model("vgg16"), sc.zoo.get_model("mobilenet_v2")
net = sc.Sequential(sc.Conv2d(w, 3, stride=3), sc.Conv2d(2 * w, 3, stride=7, padding=1), input=(3, H, W))
OVER = {w: range(8, 41), H: range(15, 60)}


def lines_of(ax):
    """The contour lines: of each its value, colour, width and dashes; bands are filled."""
    return [
        (lines.levels[0], to_hex(lines.get_edgecolor()[0]), lines.get_linewidth()[0], lines.get_linestyle()[0])
        for lines in ax.collections
        if not lines.filled
    ]


# The numbers.


def test_values_agree_with_substitution():
    grid = contour_data(net.macs, over=OVER, tie={W: H})
    assert (grid.x, grid.y) == (tuple(range(8, 41)), tuple(range(15, 60)))
    for i, j in ((0, 0), (5, 7), (32, 44), (1, 43)):
        assert grid.values[j][i] == net.at(w=grid.x[i], H=grid.y[j], W=grid.y[j]).macs
    assert all(type(value) is int for value in grid.known)


def test_values_are_exact_and_may_be_fractions():
    grid = contour_data(w**9 / k, over={w: [1, 10**6 + 1], k: [1, 2]})
    assert grid.values == ((1, (10**6 + 1) ** 9), (Fraction(1, 2), Fraction((10**6 + 1) ** 9, 2)))


def test_a_tie_may_be_an_expression_and_names_mean_symbols():
    over = {"w": [1, 2], "H": [4, 6]}
    assert contour_data(w * W, over=over, tie={"W": H / 2}) == Grid((1, 2), (4, 6), ((2, 4), (3, 6)))
    assert contour_data(w * W * K, over=over, tie={W: w + H}, at={"K": 10}).values == ((50, 120), (70, 160))


def test_multipliers():
    grid = contour_data(mobile.params, over={"alpha": [Fraction(1, 2), 1], K: [10, 20]})
    assert grid.values[1][0] == mobile.at(alpha=Fraction(1, 2), K=20, H=224, W=224).params


def test_a_broken_condition_leaves_a_point_blank():
    grid = contour_data(vgg.macs, {w: [8, 9], H: [31, 32]}, tie={W: H}, at={K: 10}, where=vgg.conditions)
    assert grid.values[0] == (None, None)
    assert grid.values[1][1] == vgg.at(w=9, H=32, W=32, K=10).macs
    assert grid.known == list(grid.values[1])


def test_points_that_break_conditions_are_not_worked_out():
    assert contour_data(
        12 / (w - k), {w: [1, 2], k: [1, 3]}, where=sc.sizes.at_least(w, k + 1, lambda: "", "")
    ).known == [12]


@pytest.mark.parametrize(
    ("low", "high", "levels"),
    [
        (3, 3, []),
        (0, 100, [10, 20, 30, 40, 50, 60, 70, 80, 90]),
        (-40, 40, [-30, -20, -10, 0, 10, 20, 30]),
        (100, 1000, [200, 300, 400, 500, 600, 700, 800, 900]),
        (1, 2, [1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7, 1.8, 1.9]),
        (99, 5001, [100, 200, 500, 1000, 2000, 5000]),
        (1, 10**24, [10**i for i in range(1, 24, 3)]),
    ],
)
def test_round_levels(low, high, levels):
    assert round_levels(low, high) == pytest.approx(levels)


# The artists.


def test_axes_are_labelled():
    ax = contours(net.macs, over=OVER, tie={W: H}, quantity="macs", ax=new_axes())
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("$w$", "$H$")
    assert (ax.get_title("left"), ax.get_xlim(), ax.get_ylim()) == (
        "multiply-accumulates (MACs), $W$ = $H$",
        (8, 40),
        (15, 59),
    )
    ax = contours(w * k * K, over={w: [1, 2], k: [1, 2]}, at={K: 3}, ax=new_axes())
    assert ax.get_title("left") == "$K k w$, $K$ = 3"


def test_a_long_title_is_broken_and_no_smaller():
    titles = [PICTURES["fixed"](axes_of(size))._left_title for size in ("small", "default")]
    assert [title.get_text().count("\n") for title in titles] == [1, 0]
    assert titles[0].get_fontsize() == titles[1].get_fontsize()


def test_every_line_is_labelled_with_its_value():
    ax = contours(w * k, over={w: range(10, 101), k: range(100, 1001)}, quantity="params", ax=new_axes())
    assert [level for level, *_ in lines_of(ax)] == [2000, 5000, 10000, 20000, 50000]
    assert [text.get_text() for text in ax.texts] == ["2K", "5K", "10K", "20K", "50K"]
    for text, (level, *_) in zip(ax.texts, lines_of(ax), strict=True):
        x, y = text.get_position()
        assert x * y == pytest.approx(level, rel=0.02)


def test_budgets_are_bold_and_differ_in_colour_and_dashes():
    ax = contours(w * k, over={w: range(1, 101), k: range(1, 101)}, budget=[1000, 3000, 10**9], ax=new_axes())
    budgets = lines_of(ax)[:2]
    assert [level for level, *_ in budgets] == [1000, 3000]
    assert len({colour for _, colour, *_ in budgets}) == len({str(dashes) for *_, dashes in budgets}) == 2
    assert min(width for _, _, width, _ in budgets) > 2 * max(width for _, _, width, _ in lines_of(ax)[2:])
    assert [text.get_text() for text in ax.texts if text.get_fontweight() == "bold"] == ["1K", "3K"]
    assert [level for level, *_ in lines_of(ax)].count(1000) == 1


def test_blank_points_are_masked():
    ax = contours(
        vgg.params, {w: [8, 16], H: [16, 32, 64]}, tie={W: H}, at={K: 10}, where=vgg.conditions, ax=new_axes()
    )
    bands = next(bands for bands in ax.collections if bands.filled)
    lowest = min(path.vertices[:, 1].min() for path in bands.get_paths() if len(path.vertices))
    assert lowest == 32


PICTURES = {
    "width and size": lambda ax: contours(
        vgg.macs,
        {w: range(8, 129, 4), H: range(96, 321, 4)},
        tie={W: H},
        at={K: 1000},
        budget=[4e9, 1e9],
        quantity="macs",
        ax=ax,
    ),
    "blank": lambda ax: contours(
        vgg.params,
        {w: range(8, 65, 8), H: range(1, 65)},
        tie={W: H},
        at={K: 10},
        where=vgg.conditions,
        quantity="params",
        ax=ax,
    ),
    "log": lambda ax: contours(
        mobile.macs,
        {"alpha": [Fraction(i, 8) for i in range(2, 13)], H: range(96, 321, 32)},
        tie={W: H},
        at={K: 10},
        budget=3e8,
        log=True,
        quantity="training_macs",
        ax=ax,
    ),
    "four points": lambda ax: contours(w * k, {w: [1, 2], k: [1, 2]}, ax=ax),
    "flat": lambda ax: contours(Integer(7), {w: [1, 2], k: [1, 2]}, ax=ax),
    "flat and large": lambda ax: contours(w - w + 10**200, {w: [1, 2], k: [1, 2]}, ax=ax),
    "negative": lambda ax: contours(w - k, {w: range(1, 30), k: range(1, 30)}, ax=ax),
    "large": lambda ax: contours(w**40 * k, {w: range(10**5, 10**6, 10**5), k: range(1, 30)}, ax=ax),
    "fixed": lambda ax: contours(
        vgg.params * w * W * H * k,
        {w: range(1, 30), k: range(1, 30)},
        at={H: 224, W: 224, K: 1000},
        quantity="flops",
        ax=ax,
    ),
}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", PICTURES)
def test_every_picture_is_readable(name, size):
    assert_readable(PICTURES[name](axes_of(size)))


@pytest.mark.parametrize("ending", ["png", "svg", "pdf"])
def test_a_picture_is_saved_the_same_each_time(tmp_path, ending):
    files = [save(PICTURES["blank"](new_axes()), tmp_path / f"{name}.{ending}") for name in "ab"]
    assert files[0].read_bytes() == files[1].read_bytes()


def test_pyplot_makes_a_figure_and_a_failure_leaves_none(monkeypatch):
    ax = PICTURES["four points"](None)
    assert plt.get_fignums() == [ax.figure.number]
    plt.close(ax.figure)
    monkeypatch.setattr("symcnn.plots.contour.write_on_lines", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        PICTURES["four points"](None)
    assert plt.get_fignums() == []


TWO = {w: [1, 2], H: [1, 2]}
REFUSED = [
    (
        lambda: contours(net, TWO),
        SizeError,
        f"contours draws expressions, got the network or layer {net!r}; give one of its quantities: net.params",
    ),
    (lambda: contours("w", TWO), SizeError, "contours draws SymPy expressions, such as net.params, got 'w'"),
    (
        lambda: contours(w * H, {w: [1, 2]}),
        SizeError,
        "over takes two symbols and their ranges, {w: range(8, 129), H: range(96, 321)}, got w",
    ),
    (lambda: contours(w * H, {w: [1, 2], H: [3]}), SizeError, "contours takes at least two values for H, got 3 alone"),
    (lambda: contours(w * H, {w: [1, 2], H: []}), SizeError, "over has no value for H: [] is empty"),
    (
        lambda: contours(w * H, {"w": [1, 2], "h": [1, 2]}),
        UnknownNameError,
        "no size is named 'h' here; known: H, w",
    ),
    (lambda: contours(w * H, {w: [1, 2], Symbol("H"): [1, 2]}), SizeError, None),
    (
        lambda: contours(w * H * W * K, TWO, tie={W: H}),
        MissingValueError,
        "a value is missing for K; give it in at, or tie it to another symbol",
    ),
    (
        lambda: contours(w * H * W, TWO, tie={W: H}, at={W: 3}),
        SizeError,
        "W is given twice: in tie and in at",
    ),
    (lambda: contours(w * H * W, TWO, tie=H), SizeError, "tie takes symbols and their values, {W: H}, got H"),
    (
        lambda: contours(w * H, TWO, budget=[-1]),
        SizeError,
        "a budget must be a positive number, got -1",
    ),
    (
        lambda: contours(w * H, TWO, quantity="mac"),
        UnknownNameError,
        None,
    ),
    (
        lambda: contours(w * H, TWO, where=H >= 32),
        ConditionError,
        "H = 2 breaks the condition H >= 32",
    ),
    (lambda: contours((w * H) ** 600, TWO), SizeError, "values up to 10**300 can be drawn, got one beyond"),
]


@pytest.mark.parametrize(("call", "kind", "message"), REFUSED)
def test_refused(call, kind, message):
    assert_refused(call, kind, message)
    assert plt.get_fignums() == []
