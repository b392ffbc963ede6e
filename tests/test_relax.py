"""``relax``: the smooth law of a formula, and a bound of its error that holds at every size."""

from __future__ import annotations

import operator
from fractions import Fraction
from typing import Any

import pytest
import sympy
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sympy import Abs, Expr, Integer, Max, Min, Mod, Piecewise, Rational, Sum, Symbol, ceiling, floor, symbols

import symcnn as sc
from symcnn import FloorDiv, dims, make_divisible, ratio, relax
from symcnn.errors import SizeError
from symcnn.numeric import evaluate
from symcnn.sizes import CeilDiv, MakeDivisible, ceil_div

H, W, w, n, s = dims("H W w n s")
alpha = ratio("alpha")
x, y = symbols("x y", integer=True)
i = Symbol("i", integer=True, nonnegative=True)


@pytest.mark.parametrize(
    ("exact", "smooth", "error"),
    [
        (9 * w**2 + w, 9 * w**2 + w, 0),
        (FloorDiv(H, 32), H / 32, Rational(31, 32)),
        (ceil_div(H, Integer(32)), H / 32, Rational(31, 32)),
        (FloorDiv(H - 3, 2), (H - 3) / 2, Rational(1, 2)),
        (FloorDiv(H, s), H / s, 1 - 1 / s),
        (FloorDiv(H, 2) - FloorDiv(W, 3), H / 2 - W / 3, Rational(2, 3)),
        (FloorDiv(H, 2) + FloorDiv(W, 2), H / 2 + W / 2, 1),
        (ceil_div(H, Integer(2)) + FloorDiv(W, 2), H / 2 + W / 2, Rational(1, 2)),
        (9 * w**2 * FloorDiv(H, 2) * FloorDiv(W, 2), 9 * w**2 * H * W / 4, 9 * w**2 * (H + W) / 4),
        (FloorDiv(H, 32) ** 2, H**2 / 1024, Rational(31, 512) * H),
        (ceil_div(H, Integer(2)) ** 2, H**2 / 4, H / 2 + Rational(1, 4)),
        (FloorDiv(FloorDiv(H, 2) + FloorDiv(W, 2), 3), (H + W) / 6, 1),
        (FloorDiv(3 * FloorDiv(H, 2), 2), 3 * H / 4, Rational(5, 4)),
        ((H - 2) * FloorDiv(W, 2), (H - 2) * W / 2, Abs(H - 2) / 2),
        (H - 2 * FloorDiv(H, 2), 0, 1),
        (1 / FloorDiv(H, 2), 2 / H, 1 / H),
        (make_divisible(32 * alpha), 32 * alpha, 8),
        (make_divisible(32 * alpha, 8, 16), 32 * alpha, 16),
        (3 * make_divisible(32 * alpha) * make_divisible(16 * alpha), 1536 * alpha**2, 1152 * alpha + 192),
        (ceiling(2 * alpha), 2 * alpha, 1),
        (floor(w * alpha), w * alpha, 1),
        (floor(H / 3), H / 3, Rational(2, 3)),
        (Max(FloorDiv(H, 2), 3), Max(H / 2, 3), Rational(1, 2)),
        (Min(FloorDiv(H, 2), ceil_div(W, Integer(3))), Min(H / 2, W / 3), Rational(2, 3)),
        (Abs(FloorDiv(H, 2) - FloorDiv(W, 2)), Abs(H / 2 - W / 2), Rational(1, 2)),
        (Mod(H, 3), 0, 2),
        (Sum(w * FloorDiv(H, i + 1), (i, 0, n)), Sum(w * H / (i + 1), (i, 0, n)),
         Sum(w * (1 - 1 / (i + 1)), (i, 0, n))),
        (Piecewise((FloorDiv(H, 2), W > 3), (H, True)), Piecewise((H / 2, W > 3), (H, True)),
         Piecewise((Rational(1, 2), W > 3), (0, True))),
    ],
    ids=str,
)  # fmt: skip
def test_the_law_and_the_bound(exact: Any, smooth: Any, error: Any) -> None:
    found = relax(exact)
    assert (found.expr - smooth).expand() == 0
    assert found.error == error or (found.error - error).expand() == 0


def test_numbers_are_what_they_are() -> None:
    assert relax(7) == relax(Integer(7)) == (7, 0)
    assert relax(Fraction(1, 2)) == (Rational(1, 2), 0)


def test_the_law_can_be_differentiated_and_has_the_leading_term() -> None:
    net = sc.Sequential(sc.Conv2d(w, 3, stride=2, padding=1), sc.Conv2d(2 * w, 3, stride=2, padding=1), input=(3, H, W))
    law, error = relax(net.macs)
    assert law.expand() == 27 * H * W * w / 4 + 9 * H * W * w**2 / 8
    assert sympy.diff(law, w).expand() == 27 * H * W / 4 + 9 * H * W * w / 4
    assert sympy.degree(error.xreplace({H: W}), W) == 1
    at = {H: 225, W: 97, w: 5}
    assert abs(evaluate(net.macs, at) - evaluate(law, at)) <= evaluate(error, at)


WHY = "relax knows"


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ("H", "relax takes a SymPy expression, such as net.params, got 'H'"),
        (0.5, "relax takes a SymPy expression, such as net.params, got 0.5; Fraction('0.5') is exact"),
        (2 ** FloorDiv(H, 2), f"{WHY} powers of a rounding with an integer exponent; no bound is known for 2**⌊H/2⌋"),
        (FloorDiv(H, 2) ** x, f"{WHY} powers of a rounding with a positive exponent; no bound is known for ⌊H/2⌋**x"),
        (FloorDiv(H, x), "relax divides by sizes; no bound is known for ⌊H/x⌋"),
        (1 / (FloorDiv(H, 2) - W), "relax divides by sizes; no bound is known for a division by -W + ⌊H/2⌋"),
        (Mod(H, FloorDiv(W, 2)), "relax divides by sizes; no bound is known for Mod(H, ⌊W/2⌋)"),
        (
            MakeDivisible(alpha, FloorDiv(H, 2)),
            f"{WHY} roundings to an exact multiple; no bound is known for make_divisible(alpha, ⌊H/2⌋)",
        ),
        (
            Sum(i, (i, 1, FloorDiv(H, 2))),
            f"{WHY} sums between exact limits; no bound is known for Sum(i, (i, 1, ⌊H/2⌋))",
        ),
        (
            Piecewise((H, FloorDiv(H, 2) > 3), (W, True)),
            f"{WHY} cases that depend on no rounding; no bound is known for Piecewise((H, ⌊H/2⌋ > 3), (W, True))",
        ),
        (
            sympy.log(FloorDiv(H, 2)),
            "relax knows sums, products, powers, FloorDiv, floor, ceiling, make_divisible, Mod, Max, Min, Abs, Sum and "
            "Piecewise; no bound is known for log(⌊H/2⌋)",
        ),
    ],
    ids=str,
)
def test_what_has_no_known_bound(wrong: Any, message: str) -> None:
    with pytest.raises(SizeError) as caught:
        relax(wrong)
    assert str(caught.value) == message


# The bound holds, whatever is written and whatever the sizes are.

SYMBOLS = st.sampled_from([H, W, w, x])
CONSTANTS = st.integers(-5, 5).map(Integer)
STRIDES = st.sampled_from([2, 2, 3, 6, 7]).map(Integer)
OPERATORS = st.sampled_from([operator.add, operator.add, operator.sub, operator.mul, operator.mul])


def divided(kind: Any, numerator: Expr, divisor: Expr) -> Expr:
    return kind(numerator, divisor) if numerator.free_symbols else numerator + H


def formulas() -> st.SearchStrategy[Expr]:
    leaves = st.one_of(SYMBOLS, SYMBOLS, CONSTANTS, st.just(32 * alpha))
    divisors = st.one_of(STRIDES, st.just(s), st.just(FloorDiv(W, 2)))
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.builds(lambda how, a, b: how(a, b), OPERATORS, inner, inner),
            st.builds(divided, st.sampled_from([FloorDiv, FloorDiv, CeilDiv, Mod]), inner, divisors),
            st.builds(divided, st.just(MakeDivisible), inner, st.sampled_from([4, 8]).map(Integer)),
            st.builds(lambda a, b: Max(a, b), inner, inner),
            st.builds(lambda a: a**2, inner),
            st.builds(lambda a: 1 / FloorDiv(a, 3) if a.free_symbols else a, inner),
        ),
        max_leaves=7,
    )


VALUES = st.fixed_dictionaries(
    {
        H: st.integers(1, 60),
        W: st.integers(1, 60),
        w: st.integers(1, 9),
        x: st.integers(-9, 9),
        s: st.integers(1, 5),
        alpha: st.fractions(Fraction(1, 20), 3, max_denominator=20),
    }
)


def are_sizes(expr: Expr, at: dict[Symbol, Any]) -> bool:
    """Whether all roundings are at least 1, and what is made divisible is positive."""
    rounded = [(part, 1) for part in expr.atoms(FloorDiv, CeilDiv)]
    rounded += [(part.args[0], Rational(1, 10**6)) for part in expr.atoms(MakeDivisible)]
    try:
        values = [(value_of(part, at), least) for part, least in rounded]
    except (ZeroDivisionError, ValueError):  # A division by a size of 0, and the largest of its result.
        return False
    return all(value.is_Rational and value >= least for value, least in values)


def value_of(expr: Expr, at: dict[Symbol, Any]) -> Any:
    return expr.xreplace({symbol: Rational(value) for symbol, value in at.items()})


@settings(max_examples=600, derandomize=True, deadline=None, database=None)
@given(formulas(), st.lists(VALUES, min_size=4, max_size=4))
def test_the_bound_holds(exact: Expr, points: list[dict[Symbol, Any]]) -> None:
    try:
        law, error = relax(exact)
    except SizeError:
        assume(False)
    assert not law.has(FloorDiv, CeilDiv, MakeDivisible, Mod)
    for at in points:
        if are_sizes(exact, at):
            distance = abs(value_of(exact, at) - value_of(law, at))
            assert distance <= value_of(error, at), (exact, law, error, at)


@pytest.mark.parametrize("first", [2, 3, 6, 7])
@pytest.mark.parametrize("second", [2, 3, 6, 7])
def test_the_bound_of_nested_strides_is_reached(first: int, second: int) -> None:
    """It is no wider than it must be: some size comes within one step of it."""
    size = FloorDiv(FloorDiv(H, first) * 3 + 1, second)
    law, error = relax(size)
    apart = [abs(value_of(size - law, {H: at})) for at in range(first * second, 20 * first * second)]
    assert error - 1 < max(apart) <= error
