"""Multipliers and ``make_divisible``: exact, known by form, computed alike everywhere."""

from __future__ import annotations

import html
import json
import math
import pickle
import shutil
import subprocess
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Expr, Integer, Max, Piecewise, Rational, Symbol, ceiling, floor

import symcnn as sc
from symcnn import FloorDiv, dims, make_divisible, ratio
from symcnn.cli import main
from symcnn.errors import ConditionError, SizeError
from symcnn.numeric import as_function, evaluate
from symcnn.plots.data import curve_data
from symcnn.report.formulas import latex, mathml, plain
from symcnn.sizes import CeilDiv, MakeDivisible, as_size, as_value, canonical, ceil_div, resolve, size_conditions
from symcnn.testing import public_names

H, W, m, s, w = dims("H W m s w")
alpha, beta = ratio("alpha beta")
i = Symbol("i", integer=True, nonnegative=True)
WIDTH = make_divisible(32 * alpha)


def by_rule(v: Fraction, d: int, least: int | None = None) -> int:
    """MobileNet's rule, step by step."""
    least = d if least is None else least
    new = max(least, math.floor((v + Fraction(d, 2)) / d) * d)
    return new + d if new < Fraction(9, 10) * v else new


def message(call: Callable[[], Any]) -> str:
    with pytest.raises((SizeError, ConditionError)) as caught:
        call()
    return str(caught.value)


# Multipliers.


def test_what_is_assumed_of_a_ratio() -> None:
    assert isinstance(alpha, Symbol)
    assert ratio("alpha, beta") == (alpha, beta)
    assert (alpha.is_rational, alpha.is_positive, alpha.is_integer) == (True, True, None)
    assert alpha != dims("alpha")


@pytest.mark.parametrize("names", ["", "1x", None, 3])
def test_names_that_are_none(names: Any) -> None:
    expected = f"ratio takes names such as 'alpha beta' that are Python identifiers; got {names!r}"
    assert message(lambda: ratio(names)) == expected


@pytest.mark.parametrize("value", [Rational(3, 4), Fraction(3, 4), 1, Integer(2), np.int64(2), beta / 2, w * beta])
def test_a_value_of_a_ratio(value: Any) -> None:
    taken = as_value(alpha, value)
    assert isinstance(taken, Expr)
    assert taken == (Rational(3, 4) if isinstance(value, Fraction) else value)


POSITIVE = "must be a positive rational number or an expression in symbols from ratio() and dims(), got"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.75, f"alpha {POSITIVE} 0.75; Fraction('0.75') is exact"),
        (np.float64(0.75), f"alpha {POSITIVE} {np.float64(0.75)!r}; Fraction('0.75') is exact"),
        (0, f"alpha {POSITIVE} 0"),
        (Fraction(-1, 2), f"alpha {POSITIVE} Fraction(-1, 2)"),
        (Rational(-1, 2), f"alpha {POSITIVE} -1/2"),
        (True, f"alpha {POSITIVE} True"),
        ("beta", f"alpha {POSITIVE} 'beta'; a symbol is made by ratio('beta')"),
        ("3/4", f"alpha {POSITIVE} '3/4'"),
        (-beta, f"alpha {POSITIVE} -beta"),
        (sympy.sqrt(2), f"alpha {POSITIVE} sqrt(2)"),
        (0.5 * beta, "alpha must be exact, got 0.5*beta; write a decimal as sympy.Rational('0.75')"),
        (Symbol("x"), "alpha must be made of symbols from dims(), got x: make x with dims('x')"),
    ],
)
def test_what_is_no_value_of_a_ratio(value: Any, text: str) -> None:
    assert message(lambda: as_value(alpha, value)) == text


def test_values_come_by_symbol_or_by_name() -> None:
    assert resolve([alpha], {alpha: 1}, {}) == resolve([alpha], {}, {"alpha": 1}) == {alpha: 1}
    assert resolve([w], {alpha: 1}, {}) == {}  # a formula may well not depend on it


@pytest.mark.parametrize(
    ("size", "conditions"),
    [
        (WIDTH, "()"),
        (WIDTH / 8, "()"),
        (WIDTH / 16, "(16 | ⌊32*alpha⌉₈,)"),
        (32 * alpha, "(32*alpha is an integer,)"),
        (alpha, "(alpha is an integer,)"),
        (32 * alpha + 3 * w + 1, "(32*alpha is an integer,)"),
        (32 * alpha - 8, "(32*alpha is an integer, 32*alpha >= 9)"),
        (w * alpha / 3, "(3 | alpha*w,)"),
        (ceiling(2 * beta), "()"),
        (floor(beta * w), "(beta*w >= 1,)"),
        (i + 1, "()"),
        (w * 2**i, "()"),
        (w + s * (i + 1), "()"),
        (w * i, "(i*w >= 1,)"),
        (w * 2 ** (i - 1), "(2 | 2**i*w,)"),
        (w / 2**i, "(2**i | w,)"),
    ],
)
def test_a_size_leaves_the_condition_that_it_is_one(size: Expr, conditions: str) -> None:
    assert str(size_conditions(as_size(size))) == conditions


def test_an_index_may_be_0_where_a_padding_may() -> None:
    assert size_conditions(as_size(i, "padding", 0), 0) == ()
    assert message(lambda: as_size(i)) == "size must be made of symbols from dims(), got i: make i with dims('i')"


def test_a_network_with_a_multiplier() -> None:
    net = sc.Sequential(sc.Conv2d(32 * alpha, 3, bias=False), sc.BatchNorm2d(), input=(3, H, W))
    assert str(net.conditions) == "(H >= 3, W >= 3, 32*alpha is an integer)"
    assert net.at(alpha=Fraction(3, 4)).params == net.at({alpha: Rational(3, 4)}).params == 27 * 24 + 2 * 24
    assert net.at(alpha=beta / 2).params == 464 * beta
    broken = "the condition 32*alpha is an integer (layer 0, Conv2d(32*alpha, 3, bias=False): size 32*alpha)"
    assert message(lambda: net.at(alpha=Fraction(3, 5))) == f"alpha = 3/5 breaks {broken}"
    function = net.function("params", "output")
    assert function(alpha=Fraction(3, 4), H=8, W=8) == (696, (24, 6, 6))
    assert message(lambda: function(alpha=Fraction(3, 5), H=8, W=8)) == f"alpha = 3/5 breaks {broken}"
    expected = "alpha must be a positive rational number, got 0.75; Fraction('0.75') is exact"
    assert message(lambda: function(alpha=0.75, H=8, W=8)) == expected


def test_a_network_reads_what_it_wrote() -> None:
    layer = sc.Conv2d(make_divisible(alpha * w / 3 + Rational(1, 2), 8, 16), FloorDiv(H, 2))
    names = {**public_names(), "make_divisible": make_divisible, "ceiling": ceiling, "alpha": alpha, "w": w, "H": H}
    assert repr(layer) == "Conv2d(make_divisible((2*alpha*w + 3)/6, 8, 16), FloorDiv(H, 2))"
    assert eval(repr(layer), names) == layer
    deep = sc.Conv2d(as_size(ceiling(3 * alpha / 2 + 1)), 3)
    assert repr(deep) == "Conv2d(ceiling((3*alpha + 2)/2), 3)"
    assert eval(repr(deep), names) == deep


# The rule.


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (make_divisible(1), 8),
        (make_divisible(3, 4, 1), 4),
        (make_divisible(1, 8, 4), 4),
        (make_divisible(11), 16),  # 8 would be more than 10 % below
        (make_divisible(12), 16),  # halves round up
        (make_divisible(Fraction(89, 10)), 16),
        (make_divisible(Fraction(80, 9)), 8),  # exactly 10 % below
        (make_divisible(Rational(3, 4) * 32), 24),
        (make_divisible(10**30 + 3), 10**30),
        # known by form
        (make_divisible(8 * m), 8 * m),
        (make_divisible(8 * m + 16 * w), 8 * m + 16 * w),
        (make_divisible(WIDTH), WIDTH),
        (make_divisible(WIDTH * w), WIDTH * w),
        (make_divisible(make_divisible(alpha, 16) + 8 * w), make_divisible(alpha, 16) + 8 * w),
        (make_divisible(4 * m * 2**i, 4), 4 * m * 2**i),
        (make_divisible(s * m, s), s * m),
        (make_divisible(16 * m, 8, 16), 16 * m),
        (make_divisible(w * alpha, 8, 8), make_divisible(w * alpha)),
    ],
)
def test_the_value(made: Expr, expected: Any) -> None:
    assert made == expected


@pytest.mark.parametrize(
    "kept",
    [8 * m - 8, 4 * m, 8 * alpha, 8 * alpha + 8, 8 * m / 3, 8 * m + 4, i * 8, 8 * Symbol("x", integer=True)],
    ids=str,
)
def test_what_is_no_such_multiple_by_its_form(kept: Expr) -> None:
    assert isinstance(MakeDivisible(kept, 8), MakeDivisible)
    assert isinstance(MakeDivisible(8 * m, 8, 16), MakeDivisible)


def test_substitution_rounds() -> None:
    width = make_divisible(w * alpha)
    assert width.xreplace({alpha: Rational(1, 2)}) == make_divisible(w / 2)
    assert width.subs({alpha: Rational(3, 5), w: 40}) == 24
    assert width.subs(w, 8 * m).subs(alpha, 3) == 24 * m
    assert width.subs(w, sympy.oo) == sympy.oo
    assert WIDTH.subs(alpha, sympy.nan) is sympy.nan
    assert pickle.loads(pickle.dumps(width)) == width
    assert canonical(make_divisible(w * alpha / 3) + 1) == make_divisible(w * alpha / 3) + 1


@pytest.mark.parametrize(
    ("wrong", "text"),
    [
        (lambda: make_divisible(0.58 * 200), f"expr {POSITIVE} {0.58 * 200}; Fraction('{0.58 * 200}') is exact"),
        (lambda: make_divisible(-3), f"expr {POSITIVE} -3"),
        (lambda: make_divisible("w"), f"expr {POSITIVE} 'w'; a symbol is made by ratio('w')"),
        (lambda: make_divisible(w, 0), "divisor must be a positive integer or an expression in symbols from dims(), "
                                       "got 0"),
        (lambda: make_divisible(w, 8, 2.5), "min_value must be a positive integer or an expression in symbols from "
                                            "dims(), got 2.5"),
        (lambda: make_divisible(0.5 * w), "expr must be exact, got 0.5*w; write a decimal as sympy.Rational('0.75')"),
    ],
)  # fmt: skip
def test_what_is_refused(wrong: Callable[[], Any], text: str) -> None:
    assert message(wrong) == text


def test_floats_make_112_of_a_width_that_is_120() -> None:
    """An expansion of 200 in ``mobilenet_v3_large(width_mult=0.58)``."""

    def in_floats(v: float, divisor: int) -> int:
        new = max(divisor, int(v + divisor / 2) // divisor * divisor)
        return new + divisor if new < 0.9 * v else new

    assert (200 * 0.58, in_floats(200 * 0.58, 8)) == (115.99999999999999, 112)
    assert make_divisible(200 * Rational("0.58")) == 120
    widths = [16, 24, 40, 64, 72, 80, 112, 120, 160, 184, 200, 240, 480, 672, 960]  # of mobilenet_v3_large
    differing = [c for c in widths if in_floats(c * 0.58, 8) != make_divisible(c * Rational("0.58"))]
    assert differing == [200]


SIZES = st.fractions(Fraction(1, 60), 3000, max_denominator=60)


@settings(max_examples=300, derandomize=True, deadline=None, database=None)
@given(SIZES, st.integers(1, 40), st.none() | st.integers(1, 100))
def test_the_value_is_the_rules(v: Fraction, d: int, least: int | None) -> None:
    expected = by_rule(v, d, least)
    assert make_divisible(v, d, least) == expected
    # A size that is put in, rewritten, and as code.
    width = make_divisible(alpha * w, d, least)
    at = {alpha: Rational(v.numerator, 7 * v.denominator), w: Integer(7)}
    assert width.xreplace(at) == expected
    assert width.rewrite(Piecewise).xreplace(at) == expected
    assert width.rewrite(floor).xreplace(at).doit() == expected
    assert evaluate(width, at) == expected
    assert sympy.lambdify([alpha, w], width, "math")(v / 7, 7) == expected


def test_rewriting_leaves_no_function_of_our_own() -> None:
    assert not WIDTH.rewrite(floor).has(MakeDivisible, FloorDiv)
    assert WIDTH.rewrite(Piecewise).has(Piecewise, Max, FloorDiv)
    assert WIDTH.rewrite(Max) == WIDTH.rewrite(Piecewise)


# What is known of it by form.


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        (WIDTH.is_integer, True),
        (WIDTH.is_positive, True),
        (WIDTH.free_symbols, {alpha}),
        (FloorDiv(WIDTH, 8), WIDTH / 8),
        (FloorDiv(WIDTH, 4), WIDTH / 4),
        (FloorDiv(WIDTH + 7, 8), WIDTH / 8),
        (FloorDiv(3 * WIDTH * w + m, 8), 3 * WIDTH * w / 8 + FloorDiv(m, 8)),
        (FloorDiv(WIDTH, 16).args, (WIDTH, 16)),
        (FloorDiv(make_divisible(alpha, 8, 4), 8).args, (make_divisible(alpha, 8, 4), 8)),
        (FloorDiv(make_divisible(alpha, 8, 4), 4), make_divisible(alpha, 8, 4) / 4),
        (ceil_div(WIDTH, Integer(8)), WIDTH / 8),
        (FloorDiv(2**i * 4, 4), 2**i),
        (FloorDiv(w * 2 ** (i + 2), 4), w * 2**i),
        (FloorDiv(FloorDiv(H, 2**i), 2), FloorDiv(H, 2 ** (i + 1))),
        (FloorDiv(FloorDiv(H + 2**i - 1, 2**i) + 1, 2), FloorDiv(H + 2 ** (i + 1) - 1, 2 ** (i + 1))),
        (FloorDiv(2 * H, 2**m), FloorDiv(H, 2 ** (m - 1))),
        (FloorDiv(H, 2 ** (m - 1)).args, (H, 2 ** (m - 1))),
        (FloorDiv(2 * H, 2**i).args, (2 * H, 2**i)),  # 2**i may be 1
    ],
)
def test_known_by_form(question: Any, answer: Any) -> None:
    assert question == answer


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (FloorDiv(2 * beta * w, 2).args, (beta * w, 1)),
        (FloorDiv(2 * beta + 4 * w, 2), 2 * w + FloorDiv(beta, 1)),
        (FloorDiv(beta * w / 3, 2).args, (beta * w, 6)),
        (FloorDiv(8 * beta + 2, 4).args, (4 * beta + 1, 2)),
        (FloorDiv(FloorDiv(8 * beta, 2), 2).args, (FloorDiv(4 * beta, 1), 2)),
        (FloorDiv(beta, 1).subs(beta, Rational(7, 2)), 3),
        (CeilDiv(7, 2), 4),
        (CeilDiv(H, 2), ceil_div(H, Integer(2))),
        (CeilDiv(2 * beta * w, 2).args, (beta * w, 1)),
        (CeilDiv(2 * beta + 3 * w, 1), 3 * w + CeilDiv(2 * beta, 1)),
        (CeilDiv(-beta, -2).args, (beta, 2)),
        (CeilDiv(H / 4, 3), FloorDiv(H + 11, 12)),
        (CeilDiv(1 - H, -3), FloorDiv(H + 1, 3)),
        (CeilDiv(beta, 1).subs(beta, Rational(7, 2)), 4),
        (as_size(ceiling(3 * beta / 2)).args, (3 * beta, 2)),
        (as_size(ceiling(2 * beta) + 1).args, (2 * beta + 1, 1)),
        (as_size(floor(w * beta / 3)).args, (w * beta, 3)),
        (CeilDiv(2 * beta, 1).is_positive, True),
        (CeilDiv(2 * beta, 1).rewrite(ceiling), ceiling(2 * beta)),
        (CeilDiv(2 * beta, 3).rewrite(floor), -floor(-2 * beta / 3)),
        (CeilDiv(beta, s).args, (beta, s)),
        (CeilDiv(H, Symbol("z", integer=True)).args, (H, Symbol("z", integer=True))),
    ],
)
def test_divisions_of_multipliers(made: Any, expected: Any) -> None:
    assert made == expected


@settings(max_examples=300, derandomize=True, deadline=None, database=None)
@given(
    st.lists(st.tuples(st.fractions(-4, 4, max_denominator=6), st.sampled_from([alpha, alpha * w, w, H, WIDTH]))),
    st.integers(-20, 20),
    st.sampled_from([-3, 1, 2, 3, 4, 6, 8]),
    st.integers(1, 3),
    st.fractions(Fraction(1, 30), 4, max_denominator=30),
    st.integers(1, 30),
)
def test_divisions_of_multipliers_have_the_value(
    terms: list[tuple[Fraction, Expr]], constant: int, d: int, outer: int, at: Fraction, size: int
) -> None:
    numerator = sympy.Add(*(Rational(c.numerator, c.denominator) * term for c, term in terms), constant)
    values = {alpha: Rational(at.numerator, at.denominator), w: Integer(size), H: Integer(7)}
    quotient = numerator.xreplace(values) / d
    for kind, rounded in ((FloorDiv, math.floor), (CeilDiv, math.ceil)):
        made = kind(numerator, d)
        assert made.xreplace(values) == rounded(quotient)
        assert evaluate(made, {symbol: values[symbol] for symbol in made.free_symbols}) == rounded(quotient)
        assert kind(made + 1, outer).xreplace(values) == rounded(Fraction(rounded(quotient) + 1, outer))
        assert canonical(made + 3).xreplace(values) == rounded(quotient) + 3


def test_efficientnets_depth() -> None:
    depth = as_size(ceiling(2 * beta))
    assert [depth.subs(beta, Rational(b)) for b in ("1", "1.1", "1.2", "1.4", "1.8", "2.2", "2.6", "3.1")] == [
        2, 3, 3, 3, 4, 5, 6, 7,
    ]  # fmt: skip


# Compiled.


def test_numbers_are_exact() -> None:
    function = as_function([WIDTH, make_divisible(w * alpha / 3, s, 2), as_size(ceiling(2 * beta)), floor(w * beta)])
    at: dict[str, Any] = {"alpha": Fraction(3, 5), "beta": Fraction(6, 5), "w": 10**30, "s": 3}
    assert function(**at) == (24, by_rule(Fraction(10**30, 5), 3, 2), 3, 12 * 10**29)
    assert function(alpha=1, beta=1, w=1, s=1) == (32, 2, 2, 1)
    assert [type(value) for value in function(**at)] == [int] * 4
    halves = as_function([32 * alpha, alpha / 2])
    assert halves(Fraction(3, 4)) == (24, Fraction(3, 8))
    assert [type(value) for value in halves(Fraction(3, 4))] == [int, Fraction]


def test_a_size_over_symbols() -> None:
    z = Symbol("z", integer=True, nonzero=True)
    function = as_function(make_divisible(H * alpha / W, 4) + MakeDivisible(1 / z, 2, 3))
    for at in range(1, 60):
        for below in (-2, 3):
            expected = by_rule(Fraction(at * 3, 7 * 5), 4) + by_rule(Fraction(1, below), 2, 3)
            assert function(H=at, W=7, alpha=Fraction(3, 5), z=below) == expected


def test_arrays_of_sizes() -> None:
    sizes, steps = np.arange(1, 700), np.arange(1, 12)
    found = as_function(make_divisible(7 * w, s))(w=sizes[:, None], s=steps[None, :])
    assert found.dtype == np.int64
    assert found.tolist() == [[by_rule(Fraction(7 * size), step) for step in range(1, 12)] for size in range(1, 700)]


@pytest.mark.parametrize("points", [5, 400])
def test_arrays_of_multipliers(points: int) -> None:
    """Object arrays and lists of fractions; at many points they are computed over one denominator."""
    ratios = [Fraction(n, 20) for n in range(1, 41)]
    sizes = np.arange(1, points + 1)
    formula = make_divisible(w * alpha, 8) ** 2 + as_size(ceiling(alpha * 5 / 3)) + floor(w * alpha)
    function = as_function(formula)
    found = function(alpha=np.array(ratios, object)[:, None], w=sizes[None, :])
    assert found.dtype == np.int64
    expected = [
        [by_rule(w * a, 8) ** 2 + math.ceil(a * 5 / 3) + math.floor(w * a) for w in range(1, points + 1)]
        for a in ratios
    ]
    assert found.tolist() == expected
    assert function(alpha=np.array(ratios, object), w=3).tolist() == [row[2] for row in expected]
    assert function(alpha=Fraction(3, 4), w=sizes).tolist() == expected[14]


def test_arrays_of_multipliers_that_do_not_fit() -> None:
    ratios = np.array([Fraction(1, 3**k) for k in range(1, 400)], object)
    found = as_function(make_divisible(3**40 * alpha))(alpha=ratios)
    assert found.tolist() == [by_rule(Fraction(3**40, 3**k), 8) for k in range(1, 400)]


def test_conditions_on_arrays_of_multipliers() -> None:
    net = sc.Sequential(sc.Conv2d(32 * alpha, 3, bias=False), input=(3, H, H))
    function = net.function("params")
    ratios = np.array([Fraction(n, 8) for n in range(1, 9)], object)
    sizes = np.arange(3, 103)
    assert function(alpha=ratios[:, None], H=sizes[None, :])[:, 0].tolist() == [108 * n for n in range(1, 9)]
    assert function.valid(alpha=np.array([Fraction(1, 5), Fraction(1, 4)]), H=5).tolist() == [False, True]
    text = message(lambda: function(alpha=np.array([Fraction(1, 4), Fraction(1, 5)]), H=5))
    broken = "the condition 32*alpha is an integer (layer 0, Conv2d(32*alpha, 3, bias=False): size 32*alpha)"
    assert text == (f"1 of 2 points breaks {broken}, the first at index 1 (alpha = 1/5); mask them with f.valid(...)")


# Printed.

OTHER = make_divisible(alpha * w, 8, 16)


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        (str(WIDTH), "⌊32*alpha⌉₈"),
        (str(3 * WIDTH**2 + 1), "3*⌊32*alpha⌉₈**2 + 1"),
        (str(make_divisible(w * alpha + 1, 16)), "⌊alpha*w + 1⌉₁₆"),
        (str(OTHER), "make_divisible(alpha*w, 8, 16)"),
        (str(make_divisible(alpha, s)), "make_divisible(alpha, s)"),
        (str(as_size(ceiling(2 * beta))), "⌈2*beta⌉"),
        (str(as_size(floor(w * beta / 3))), "⌊(beta*w)/3⌋"),
        (str(FloorDiv(8 * beta + 1, 2)), "⌊(8*beta + 1)/2⌋"),  # no ceiling: 8*beta may be no integer
        (sympy.latex(WIDTH), r"\left\lfloor 32 \alpha \right\rceil_{8}"),
        (sympy.latex(WIDTH**2), r"\left\lfloor 32 \alpha \right\rceil_{8}^{2}"),
        (sympy.latex(OTHER), r"\left\lfloor \alpha w \right\rceil_{8,\,\geq 16}"),
        (sympy.latex(as_size(ceiling(2 * beta))), r"\left\lceil 2 \beta \right\rceil"),
        (sympy.latex(as_size(ceiling(beta / 2))), r"\left\lceil \frac{\beta}{2} \right\rceil"),
        (plain(9 * WIDTH**2), "9 · ⌊32 · alpha⌉₈²"),
        (plain(as_size(ceiling(2 * beta))), "⌈2 · beta⌉"),
        (latex(WIDTH), r"\left\lfloor 32 \cdot \alpha \right\rceil_{8}"),
        (mathml(WIDTH), "<math><msub><mrow><mo>⌊</mo><mrow><mn>32</mn><mo>·</mo><mi>α</mi></mrow><mo>⌉</mo></mrow>"
                        "<mn>8</mn></msub></math>"),
        (mathml(OTHER), "<math><msub><mrow><mo>⌊</mo><mrow><mi>α</mi><mo>·</mo><mi>w</mi></mrow><mo>⌉</mo></mrow>"
                        "<mrow><mn>8</mn><mo>, ≥</mo><mn>16</mn></mrow></msub></math>"),
        (sympy.pretty(WIDTH, use_unicode=True), "⌊32⋅α⌉₈"),
        (sympy.pretty(WIDTH, use_unicode=False), "make_divisible(32*alpha, 8)"),
        (sympy.pretty(OTHER, use_unicode=True), "make_divisible(α⋅w, 8, 16)"),
        (sympy.pretty(as_size(ceiling(2 * beta)), use_unicode=True), "⌈2⋅β⌉"),
        (html.unescape(sympy.mathml(CeilDiv(beta, 2), printer="presentation")),
         "<mrow><mo>⌈</mo><mfrac><mi>β</mi><mn>2</mn></mfrac><mo>⌉</mo></mrow>"),
        (html.unescape(sympy.mathml(CeilDiv(beta, 2))),
         "<apply><ceiling/><apply><divide/><ci>β</ci><cn>2</cn></apply></apply>"),
        (html.unescape(sympy.mathml(WIDTH)),
         "<apply><ci>make_divisible</ci><apply><times/><cn>32</cn><ci>α</ci></apply><cn>8</cn></apply>"),
        (sympy.pycode(WIDTH),
         "(lambda v, u, d, m: (lambda n: n + d*(10*n*u < 9*v))(max(m, (2*v + d*u)//(2*d*u)*d)))(32*alpha, 1, 8, 8)"),
        (sympy.pycode(CeilDiv(2 * beta, 3)), "(-((-(2*beta))//(3)))"),
        (sympy.jscode(CeilDiv(2 * beta, 3)), "Math.ceil((2*beta)/(3))"),
        (sympy.srepr(WIDTH),
         "MakeDivisible(Mul(Integer(32), Symbol('alpha', rational=True, positive=True)), Integer(8))"),
    ],
)  # fmt: skip
def test_printed(printed: str, expected: str) -> None:
    assert printed == expected


def test_a_condition_in_a_table() -> None:
    table = sc.Conv2d(32 * alpha, 3).on((3, 8, 8)).source
    assert isinstance(table, sc.Layer)
    summary = sc.Sequential(table, input=(3, 8, 8)).summary()
    assert "conditions: 32·alpha ∈ ℤ" in summary.format("text")
    assert r"conditions: $32 \cdot \alpha \in \mathbb{Z}$" in summary.format("latex")


# A user's own code.

MIXED = make_divisible(29 * w * alpha / 50, 8) + make_divisible(w, s, 3)


def mixed(w: int, alpha: Fraction, s: int) -> int:
    return by_rule(Fraction(29 * w, 50) * alpha, 8) + by_rule(Fraction(w), s, 3)


@pytest.mark.parametrize("modules", ["math", "numpy", "mpmath", None], ids=str)
def test_lambdify_is_exact(modules: str | None) -> None:
    function = sympy.lambdify([w, alpha, s], MIXED, modules)
    for size in range(1, 300):
        assert function(size, 1, 5) == mixed(size, Fraction(1), 5)


def test_lambdify_takes_fractions_and_arrays() -> None:
    assert sympy.lambdify([w, alpha, s], MIXED, "math")(10**30, Fraction(3, 7), 5) == mixed(10**30, Fraction(3, 7), 5)
    sizes = np.arange(1, 500)
    found = sympy.lambdify([w, alpha, s], MIXED, "numpy")(sizes, 1, 5)
    assert found.tolist() == [mixed(size, Fraction(1), 5) for size in range(1, 500)]
    round_up = sympy.lambdify([beta, w], as_size(ceiling(beta * w / 10)))
    assert [round_up(Fraction(6, 5), size) for size in range(1, 50)] == [
        math.ceil(Fraction(6, 5) * size / 10) for size in range(1, 50)
    ]


def test_lambdify_does_not_take_a_name_for_its_own() -> None:
    v, n, u, d = dims("v n u d")
    function = sympy.lambdify([v, n, u, d], make_divisible(v + n, d, u))
    assert function(30, 7, 3, 8) == by_rule(Fraction(37), 8, 3)


@pytest.mark.skipif(shutil.which("node") is None, reason="needs node")
def test_javascript_is_exact() -> None:
    code = sympy.jscode(MIXED + as_size(ceiling(w * alpha / 7)))
    script = f"const alpha = 1, s = 5; console.log(JSON.stringify([...Array(300).keys()].map(w => {code})))"
    found = json.loads(subprocess.run(["node", "-e", script], capture_output=True, check=True).stdout)
    assert found == [
        mixed(size, Fraction(1), 5) + math.ceil(Fraction(size, 7)) if size else found[0] for size in range(300)
    ]


# Where values come from.

MODEL = """
import symcnn as sc

def net():
    alpha, H = sc.ratio("alpha"), sc.dims("H")
    return sc.Sequential(sc.Conv2d(sc.make_divisible(32 * alpha), 3), input=(3, H, H))
"""


@pytest.mark.parametrize("value", ["alpha=0.75", "alpha=3/4", "alpha=75e-2"])
def test_the_command_line_takes_decimals_exactly(
    value: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "model.py").write_text(MODEL)
    assert main(["eval", f"{tmp_path}/model.py:net", "--set", value, "H=8", "--format", "csv"]) == 0
    assert capsys.readouterr().out.split() == ["params", "672"]
    assert main(["show", f"{tmp_path}/model.py:net", "--set", value]) == 0
    assert "672" in capsys.readouterr().out


def test_the_command_line_takes_a_range_of_multipliers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "model.py").write_text(MODEL)
    assert main(["eval", f"{tmp_path}/model.py:net", "--set", "alpha=0.25:1:0.25", "H=8", "--format", "csv"]) == 0
    assert capsys.readouterr().out.split() == ["alpha,params", "1/4,224", "1/2,448", "3/4,672", "1,896"]


def test_a_curve_over_a_multiplier() -> None:
    ratios = [Fraction(n, 20) for n in range(1, 41)]
    (curve,) = curve_data(WIDTH, over={alpha: ratios})
    assert curve.x == tuple(ratios)
    assert curve.y == tuple(by_rule(32 * a, 8) for a in ratios)
    axes = sc.plots.curves(WIDTH, over={"alpha": ratios}, ax=sc.plots.new_axes())
    assert axes.lines[0].get_xdata().tolist() == [float(a) for a in ratios]
    axes.figure.draw_without_rendering()
    ticks = [label.get_text() for label in axes.get_xticklabels()]
    assert ticks == ["0.25", "0.5", "0.75", "1", "1.25", "1.5", "1.75", "2"]
    text = message(lambda: curve_data(WIDTH, over={alpha: [0.5, 1]}))
    assert text == f"alpha {POSITIVE} 0.5; Fraction('0.5') is exact"
