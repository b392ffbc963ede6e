"""Bars of how much each size matters: elasticities, and a tornado."""

from dataclasses import replace

import matplotlib
import pytest
from matplotlib import pyplot as plt
from readable import SIZES, assert_readable, axes_of
from refusing import assert_refused

import symcnn as sc
from symcnn.errors import ConditionError, MissingValueError, SizeError, UnknownNameError
from symcnn.plots import new_axes, save, sensitivity, sensitivity_data

matplotlib.use("agg")

w, K, H, W = sc.dims("w K H W")
vgg = sc.zoo.get_model("vgg16")
small = sc.Sequential(
    sc.Conv2d(w, 3, padding=1),
    sc.MaxPool2d(2),
    sc.Conv2d(2 * w, 3, padding=1),
    sc.Flatten(),
    sc.Linear(K),
    input=(3, H, W),
)
AT = {H: 8, W: 8, w: 16, K: 10}


def named(bars):
    return {bar.name: bar for bar in bars}


# The numbers.


def test_elasticities_are_those_of_the_formulas():
    bars = named(sensitivity_data(small, AT))
    for x in (w, K, H):
        expected = [float(sc.elasticity(f, x).subs(AT)) for f in (small.params, small.macs)]
        assert [number for (number,) in bars[f"{x} = {AT[x]}"].numbers] == pytest.approx(expected)


def test_a_step_is_compared_per_cent_for_per_cent():
    bar = named(sensitivity_data(small, AT, of="macs"))["Conv2d.stride = 1"]
    now = small.at(AT)
    strided = now.map(lambda layer: replace(layer, stride=2) if isinstance(layer, sc.Conv2d) else layer)
    assert bar.step
    assert bar.numbers == ((pytest.approx(float(strided.macs / now.macs - 1)),),)


def test_a_tornado_has_the_changes_at_both_ends():
    bars = named(sensitivity_data(small, AT, of="params", measure="tenth"))
    exact = [100 * float(small.params.subs({**AT, w: at}) / small.params.subs(AT) - 1) for at in (14.4, 17.6)]
    assert bars["w = 16"].numbers[0] == pytest.approx(exact)
    assert not any(bar.step for bar in bars.values())


def test_what_matters_most_comes_first():
    bars = sensitivity_data(vgg)
    assert [bar.most for bar in bars] == sorted((bar.most for bar in bars), reverse=True)


# The artists.


def test_bars_are_as_long_as_the_numbers():
    ax = sensitivity(small, AT, ax=new_axes())
    bars = sensitivity_data(small, AT)
    shown = len(ax.get_yticklabels())
    assert [label.get_text() for label in ax.get_yticklabels()][:2] == [bar.name for bar in bars][:2]
    for i, container in enumerate(ax.containers):
        lengths = [patch.get_width() for patch in container.patches]
        assert lengths == pytest.approx([bar.numbers[i][0] for bar in bars[:shown]])
        hollow = [patch.get_facecolor()[:3] == (1, 1, 1) for patch in container.patches]
        assert hollow == [bar.step for bar in bars[:shown]]
    assert ax.get_xlabel() == "elasticity: % more for 1 % more (hollow: at the next value)"
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["parameters", "MACs"]


def test_a_tornado_goes_to_both_sides():
    ax = sensitivity(vgg, measure="tenth", of="macs", ax=new_axes())
    less, more = ax.containers
    assert all(patch.get_width() <= 0 for patch in less.patches if patch.get_width() == less.patches[0].get_width())
    assert more.patches[0].get_width() == pytest.approx(20.9, abs=0.1)
    assert ax.get_legend() is None
    assert ax.get_title("left").startswith("multiply-accumulates (MACs)")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", ["lenet5", "vgg16", "resnet18"])
@pytest.mark.parametrize("measure", ["elasticity", "tenth"])
def test_every_text_can_be_read(size, name, measure):
    ax = sensitivity(sc.zoo.get_model(name), measure=measure, ax=axes_of(size))
    assert_readable(ax)


def test_without_axes_pyplot_has_a_figure(tmp_path):
    ax = sensitivity(small, AT)
    assert plt.fignum_exists(ax.figure.number)
    assert save(ax, tmp_path / "a.svg").stat().st_size > 1000
    plt.close(ax.figure)
    assert not plt.get_fignums()


@pytest.mark.parametrize(
    ("ask", "kind", "message"),
    [
        (lambda: sensitivity(small.params), SizeError, None),
        (lambda: sensitivity(small), MissingValueError, "a value is missing for H, K, W, w; give it in at"),
        (lambda: sensitivity(small, {**AT, "q": 3}), UnknownNameError, "no size is named 'q' here; known: H, K, W, w"),
        (lambda: sensitivity(small, {**AT, H: 1}), ConditionError, None),
        (lambda: sensitivity(small, AT, measure="tornado"), UnknownNameError,
         "sensitivity measures no 'tornado'; known: elasticity, tenth"),
        (lambda: sensitivity(small, AT, of="prams"), UnknownNameError, None),
    ],
)  # fmt: skip
def test_how_it_says_no(ask, kind, message):
    assert_refused(ask, kind, message)
    assert not plt.get_fignums()
