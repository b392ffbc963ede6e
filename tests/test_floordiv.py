"""``FloorDiv``: exact, in one form, and printed so that whatever reads it stays exact."""

from __future__ import annotations

import html
import math
import operator
import pickle
from collections.abc import Callable
from functools import partial, reduce
from typing import Any, NamedTuple

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Expr, Integer, Max, Rational, Symbol, ceiling, floor

from symcnn import FloorDiv, dims
from symcnn.sizes import as_size, canonical, ceil_div

H, W, m, n, s, t = dims("H W m n s t")
k = dims("k", odd=True)
z = Symbol("z", integer=True)


# One form: what is written on the left is what is kept on the right.


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        # numbers
        (FloorDiv(7, 2), 3),
        (FloorDiv(-7, 2), -4),
        (FloorDiv(7, -2), -4),
        (FloorDiv(0, 5), 0),
        (FloorDiv(H, 1), H),
        # what the divisor divides comes out, and constants stay in
        (FloorDiv(32 * m + 31, 32), m),
        (FloorDiv(3 * H + W + 7, 3), H + FloorDiv(W + 7, 3)),
        (FloorDiv(-3 * H, 3), -H),
        (FloorDiv((H + W) * 2, 4), FloorDiv(H + W, 2)),
        # common factors cancel, and round the constant
        (FloorDiv(2 * n + 1, 4), FloorDiv(n, 2)),
        (FloorDiv(6 * n + 5, 9), FloorDiv(2 * n + 1, 3)),
        (FloorDiv(4 * m + 2 * n + 1, 4), m + FloorDiv(n, 2)),
        (FloorDiv(H / 2, 3), FloorDiv(H, 6)),
        (FloorDiv(H / 2 + Rational(1, 2), 3), FloorDiv(H + 1, 6)),
        # divisions within merge
        (FloorDiv(FloorDiv(H, 2), 2), FloorDiv(H, 4)),
        (FloorDiv(FloorDiv(FloorDiv(H - 1, 2), 2) + 1, 2), FloorDiv(H + 3, 8)),
        (FloorDiv(FloorDiv(H - 1, 3) + W, 5), FloorDiv(H + 3 * W - 1, 15)),
        (FloorDiv(2 * FloorDiv(H, 4), 2), FloorDiv(H, 4)),
        (FloorDiv(2 * FloorDiv(H, 2), 4), FloorDiv(H, 4)),
        # a negative divisor turns round
        (FloorDiv(H - 1, -3), FloorDiv(1 - H, 3)),
        (FloorDiv(FloorDiv(H, -2), 2), FloorDiv(-H, 4)),
        # parity decides
        (FloorDiv(k, 2), (k - 1) / 2),
        (FloorDiv(k + 1, 2), (k + 1) / 2),
        (FloorDiv(k**2, 2), (k**2 - 1) / 2),
        (FloorDiv(H + k - 1, 2) - FloorDiv(H + k - 1, 2), 0),
        # symbolic divisors
        (FloorDiv(H * s + n, s), H + FloorDiv(n, s)),
        (FloorDiv(6 * s, 4 * s), 1),
        (FloorDiv(2 * H * s, 4 * s), FloorDiv(H, 2)),
        (FloorDiv(s * H, s * t), FloorDiv(H, t)),
        (FloorDiv(FloorDiv(H, s), t), FloorDiv(H, s * t)),
        (FloorDiv(FloorDiv(H, s) + n, t), FloorDiv(H + n * s, s * t)),
        (FloorDiv(FloorDiv(H, 2), s), FloorDiv(H, 2 * s)),
        (FloorDiv(FloorDiv(H, s), 2) - FloorDiv(FloorDiv(H, s), 2), 0),
        # SymPy's own floors, ceilings and ``//`` at the door
        (as_size((H - 1) // 2 + 1), ceil_div(H, 2)),
        (as_size(floor((H - 1) / 3)), FloorDiv(H - 1, 3)),
        (as_size(ceiling(H / 7)), FloorDiv(H + 6, 7)),
        (as_size(ceiling(FloorDiv(H, 3) / 7)), FloorDiv(H + 18, 21)),
        (canonical(FloorDiv(H - 1, 32) + 1), ceil_div(H, 32)),
    ],
)
def test_canonical_form(made: Expr, expected: Expr) -> None:
    assert made == expected


@pytest.mark.parametrize(
    ("numerator", "divisor", "expected"),
    [(0, s, 0), (s, s, 1), (H * s, s, H), (H**2, H, H), (s - H * s, s, 1 - H)],
    ids=str,
)
def test_nothing_is_left_over_a_symbolic_divisor(numerator: Any, divisor: Expr, expected: Any) -> None:
    assert FloorDiv(numerator, divisor) == expected


@pytest.mark.parametrize(
    "division",
    [
        FloorDiv(FloorDiv(H, 2) + FloorDiv(W, 2), 2),  # two divisions
        FloorDiv(3 * FloorDiv(H, 2), 2),  # a multiple of one
        FloorDiv(FloorDiv(H, z), 2),  # z may be negative
        FloorDiv(FloorDiv(H, z), s),
        FloorDiv(FloorDiv(H, 2), z),
        FloorDiv(Symbol("x") + FloorDiv(H, 2), 2),  # x may be no integer
    ],
)
def test_no_division_is_merged_unless_that_is_proved(division: Expr) -> None:
    assert isinstance(division, FloorDiv)
    assert division.args[0].has(FloorDiv) or division.args[1].has(FloorDiv)


@pytest.mark.parametrize("numerator", [H + k, 3 * k + W + 1, H**2, H * k, Symbol("x", integer=True)])
def test_no_parity_is_decided_unless_that_is_known(numerator: Expr) -> None:
    assert isinstance(FloorDiv(numerator, 2), FloorDiv)


@pytest.mark.parametrize("numerator", [Symbol("x"), Symbol("x", real=True), Symbol("x") + 4, 2 * Symbol("x")])
def test_what_may_be_no_integer_is_left_alone(numerator: Expr) -> None:
    assert FloorDiv(numerator, 2).args == (numerator, 2)


def test_three_convolutions_of_stride_two_give_one_ceiling() -> None:
    size = H
    for _ in range(3):
        size = ceil_div(size, 2)
    assert size == ceil_div(H, 8)
    assert str(size) == "⌈H/8⌉"


@pytest.mark.parametrize(
    ("before", "values", "after"),
    [
        (FloorDiv(H + 31, 32), {H: 32 * m}, m),
        (FloorDiv(H, 2), {H: 2 * m + 1}, m),
        (FloorDiv(H, 2), {H: FloorDiv(W, 3)}, FloorDiv(W, 6)),
        (FloorDiv(H - 1, s), {s: 2}, FloorDiv(H - 1, 2)),
        (FloorDiv(H * s + n, t), {t: s}, H + FloorDiv(n, s)),
        (FloorDiv(H, 2), {H: 7}, 3),
    ],
)
@pytest.mark.parametrize("put_in", [Expr.xreplace, Expr.subs], ids=["xreplace", "subs"])
def test_substitution_keeps_the_form(put_in: Any, before: Expr, values: Any, after: Expr) -> None:
    assert put_in(before, values) == after


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        (FloorDiv(H, 3).is_integer, True),
        (FloorDiv(H, s).is_integer, True),
        (FloorDiv(H, 3).is_nonnegative, True),
        (FloorDiv(H, 3).is_positive, None),
        (FloorDiv(H + 2, 3).is_positive, True),
        (FloorDiv(H - 1, s).is_nonnegative, True),
        (FloorDiv(-H, 3).is_nonnegative, None),
        (FloorDiv(z, 3).is_nonnegative, None),
        (FloorDiv(H, 3).free_symbols, {H}),
    ],
)
def test_assumptions(question: Any, answer: Any) -> None:
    assert question == answer


def test_division_by_zero_is_an_error() -> None:
    with pytest.raises(ZeroDivisionError):
        FloorDiv(H, 0)


def test_rewriting_and_limits_are_sympys() -> None:
    assert FloorDiv(H - 1, 3).rewrite(floor) == floor((H - 1) / 3)
    assert FloorDiv(H, 3).rewrite(ceiling) == -ceiling(-H / 3)
    assert sympy.limit(FloorDiv(n, 2).rewrite(floor) / n, n, sympy.oo) == Rational(1, 2)
    assert pickle.loads(pickle.dumps(FloorDiv(H, 3))) == FloorDiv(H, 3)


# The same value as Python's ``//``, for whatever is written.


class Formula(NamedTuple):
    """An expression, and the same computed on plain integers."""

    expr: Expr
    value: Callable[[dict[Symbol, int]], int]


def symbol(name: Symbol) -> Formula:
    return Formula(name, lambda at: at[name])


def constant(number: int) -> Formula:
    return Formula(Integer(number), lambda at: number)


def combined(how: Callable[[Any, Any], Any], a: Formula, b: Formula) -> Formula:
    return Formula(how(a.expr, b.expr), lambda at: how(a.value(at), b.value(at)))


def divided(a: Formula, by: Formula) -> Formula:
    return Formula(FloorDiv(a.expr, by.expr), lambda at: a.value(at) // by.value(at))


OPERATORS = st.sampled_from([operator.add, operator.sub, operator.mul])
DIVISORS = st.sampled_from([-7, -3, -2, 1, 2, 2, 3, 3, 4, 5, 6, 8]).map(constant)
SYMBOLIC_DIVISORS = st.sampled_from([symbol(s), symbol(t), combined(operator.mul, constant(2), symbol(s))])


def formulas(divisors: st.SearchStrategy[Formula]) -> st.SearchStrategy[Formula]:
    symbols = st.sampled_from([H, k, z, s]).map(symbol)
    terms = st.builds(combined, st.just(operator.mul), st.integers(-9, 9).map(constant), symbols)
    sums = st.lists(terms, min_size=1, max_size=3).map(lambda some: reduce(partial(combined, operator.add), some))
    leaves = st.one_of(symbols, sums, st.integers(-9, 9).map(constant))
    return st.recursive(
        leaves,
        lambda inner: st.one_of(st.builds(combined, OPERATORS, inner, inner), st.builds(divided, inner, divisors)),
        max_leaves=8,
    )


VALUES = st.fixed_dictionaries(
    {
        H: st.integers(1, 60),
        k: st.integers(0, 6).map(lambda half: 2 * half + 1),
        z: st.integers(-40, 40),
        s: st.integers(1, 7),
        t: st.integers(1, 7),
    }
)


def agrees(formula: Formula, at: dict[Symbol, int]) -> None:
    """Assert that the form has the value, at once, step by step, canonical, and as code."""
    expected = formula.value(at)
    numbers = {name: Integer(value) for name, value in at.items()}
    first = {name: numbers[name] for name in (H, s)}
    assert formula.expr.xreplace(numbers) == expected
    assert formula.expr.xreplace(first).xreplace(numbers) == expected
    assert canonical(formula.expr).xreplace(numbers) == expected
    assert sympy.lambdify(list(at), formula.expr, "math")(*at.values()) == expected


@settings(max_examples=400, derandomize=True, deadline=None, database=None)
@given(formulas(DIVISORS), VALUES)
def test_the_value_is_pythons(formula: Formula, at: dict[Symbol, int]) -> None:
    agrees(formula, at)


@settings(max_examples=300, derandomize=True, deadline=None, database=None)
@given(formulas(st.one_of(DIVISORS, SYMBOLIC_DIVISORS)), VALUES)
def test_the_value_is_pythons_for_symbolic_divisors(formula: Formula, at: dict[Symbol, int]) -> None:
    agrees(formula, at)


@settings(max_examples=200, derandomize=True, deadline=None, database=None)
@given(st.integers(-50, 50), st.integers(-50, 50), st.integers(1, 12), st.integers(1, 12))
def test_equal_sizes_are_built_equal(a: int, b: int, outer: int, inner: int) -> None:
    """``((H + a)//i + b)//o`` is one division, however it is written."""
    merged = canonical(FloorDiv(H + a + inner * b, inner * outer))
    assert canonical(FloorDiv(FloorDiv(H + a, inner) + b, outer)) == merged
    assert canonical(floor((floor((H + a) / inner) + b) / outer)) == merged


# Every printer.

DIVISION, CEILING, PRODUCT = FloorDiv(H - 1, 3), FloorDiv(H + 2, 3), FloorDiv(H + W, s * t)


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        (str(DIVISION), "⌊(H - 1)/3⌋"),
        (str(CEILING), "⌈H/3⌉"),
        (str(PRODUCT), "⌊(H + W)/(s*t)⌋"),
        (str(2 * DIVISION**2 + 1), "2*⌊(H - 1)/3⌋**2 + 1"),
        (str(FloorDiv(Max(H, 3), 2)), "⌊Max(3, H)/2⌋"),
        (sympy.latex(DIVISION), r"\left\lfloor \frac{H - 1}{3} \right\rfloor"),
        (sympy.latex(CEILING**2), r"\left\lceil \frac{H}{3} \right\rceil^{2}"),
        (sympy.srepr(FloorDiv(H, 2)), "FloorDiv(Symbol('H', integer=True, positive=True), Integer(2))"),
        (sympy.pycode(DIVISION), "((H - 1)//(3))"),
        (sympy.jscode(DIVISION), "Math.floor((H - 1)/(3))"),
        (sympy.rust_code(FloorDiv(H, 3)), "(H).div_euclid(3)"),
        (sympy.julia_code(DIVISION), "fld(H - 1, 3)"),
        (sympy.octave_code(DIVISION), "floor((H - 1)/(3))"),
        (sympy.rcode(DIVISION), "((H - 1)%/%(3))"),
        (sympy.mathematica_code(DIVISION), "Quotient[H - 1, 3]"),
        (sympy.maple_code(DIVISION), "floor((H - 1)/(3))"),
        (sympy.fcode(DIVISION, source_format="free"), "(((H - 1) - modulo(H - 1, 3))/(3))"),
        (sympy.ccode(DIVISION), "(((H - 1) - (((H - 1) % (3)) + (3)) % (3))/(3))"),
        (sympy.cxxcode(DIVISION), "(((H - 1) - (((H - 1) % (3)) + (3)) % (3))/(3))"),
    ],
)
def test_printed(printed: str, expected: str) -> None:
    assert printed == expected


def test_pretty() -> None:
    assert sympy.pretty(DIVISION, use_unicode=True) == "⎢H - 1⎥\n⎢─────⎥\n⎣  3  ⎦"
    assert sympy.pretty(CEILING, use_unicode=True) == "⎡H⎤\n⎢─⎥\n⎢3⎥"


def test_mathml() -> None:
    expected = "<mrow><mo>⌈</mo><mfrac><mi>H</mi><mn>3</mn></mfrac><mo>⌉</mo></mrow>"
    assert html.unescape(sympy.mathml(CEILING, printer="presentation")) == expected
    assert sympy.mathml(CEILING, printer="content").startswith("<apply><quotient/>")


@pytest.mark.parametrize("modules", ["math", "numpy", "mpmath", None], ids=str)
def test_lambdify_is_exact_where_sympys_floor_is_not(modules: str | None) -> None:
    strides = [3, 6, 7, 9, 11]
    for stride in strides:
        function = sympy.lambdify(H, FloorDiv(FloorDiv(H - 1, stride) + 4, 3), modules)
        assert [int(function(size)) for size in range(1, 200)] == [
            ((size - 1) // stride + 4) // 3 for size in range(1, 200)
        ]


def test_lambdify_is_exact_beyond_floating_point() -> None:
    large = 10**30 + 7
    assert sympy.lambdify(H, FloorDiv(H - 1, 3))(large) == (large - 1) // 3


def test_ceilings_are_exact() -> None:
    for divisor in (5, 10, 11):
        function = sympy.lambdify(H, ceil_div(H, divisor))
        assert [function(size) for size in range(1, 100)] == [math.ceil(size / divisor) for size in range(1, 100)]


def test_without_bound() -> None:
    n = dims("n")
    assert FloorDiv(n, 3).subs(n, sympy.oo) == sympy.oo
    assert FloorDiv(n, 3).subs(n, sympy.nan) is sympy.nan
