"""Sums over an index: closed, and equal to adding up one by one."""

from __future__ import annotations

import pickle
from fractions import Fraction
from functools import reduce
from itertools import pairwise
from operator import add, mul

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sympy import Add, Dummy, Eq, Expr, Float, Integer, Max, Piecewise, Rational, Sum, Symbol, diff, solve

from symcnn import FloorDiv, as_function, dims
from symcnn.form import collected
from symcnn.sizes import ceil_div
from symcnn.sums import WRITTEN_OUT, antidifference, summed

C, H, g, m, n, w = dims("C H g m n w")
i, j = (Symbol(name, integer=True, nonnegative=True) for name in "ij")
ZERO, ONE = Integer(0), Integer(1)
HALF = Rational(1, 2)

VALUES = [{C: 3, H: 37, g: 2, m: 1, w: 5, j: 4}, {C: 1, H: 16, g: 1, m: 3, w: 1, j: 0}]
"""Numbers for the symbols; ``m`` is 1 in one of them, where a sum of ``m**i`` is another formula."""

NUMBERS = [{symbol: Integer(value) for symbol, value in values.items()} for values in VALUES]

CLOSED = [
    ONE,
    18 * w**2,
    i,
    i**5 * w,
    (w + g * i) * (w + g * (i - 1)) * 9,
    (C + g * i) * 4 * g + 2 * (C + g * i) + 36 * g**2 + 8 * g,
    2**i,
    w * 2**i * w * 2 ** (i - 1) * 9 + w * 2**i,
    HALF**i,
    Rational(2, 3) ** i * 6**i,
    2**i * HALF**i * i,
    4**i * 2 ** (-i) * 3 ** (2 * i - 1) * i**3,
    (-2) ** i * i,
    (-1) ** i,
    2 ** (n - 1 - i) * w,
    2 ** (2 * (i + 1) - n) * i,
    n * i,
    2**n,
    m**i,
    m ** (2 * i + 1) * w,
    i**2 * m**i + i,
    m**i * m ** (-i) * i,
    m ** (n - 1 - i),
    (2 * m) ** i,
    (m + 1) ** i * i,
    2 ** (m * i),
    2 ** (m * (i + 1) - i),
    m ** (g * i),
    FloorDiv(H, 2) ** i,
    FloorDiv(C, 2) ** i * i,
    w**-2 * 2**i / H,
    Sum(i * w, (i, 0, 3)) * i,
    Sum(j**2, (j, 0, n)) * 2**i,
    Max(w, g) * FloorDiv(H, 4) * i,
    Piecewise((w, Eq(m, 1)), (H, True)) * i,
]

LEFT = [
    FloorDiv(H, 2**i),
    w * 4**i * ceil_div(H, 2**i) ** 2 + 3 * w * FloorDiv(H, 2**i),
    (C + g) * FloorDiv(H, 3**i) * 2 ** (i - 1) + 2**i + i,
    -w * Max(w, i) - 2 * w * Max(g, i) * i,
    Piecewise((w, Eq(i, 1)), (i, True)),
    Sum(i * j, (j, 0, i)),
    w * Sum(j + w, (j, 0, i)) * i + i,
    Sum(i**2, (i, 0, i)) * 2**i,
    Sum(FloorDiv(H, 2**i) * j, (j, i, 2 * i)) * FloorDiv(i, 2),
    i**w,
    w ** (i**2),
    1 / (i + 1),
]


def value(expr: Expr, numbers: dict[Symbol, Expr]) -> Expr:
    """An expression with numbers put in for its free symbols, sums being SymPy's own work."""
    found = expr.subs(numbers).doit() if expr.has(Sum) else expr.xreplace(numbers)
    assert found.is_Rational, found
    return found


def one_by_one(expr: Expr, first: int, stop: int, numbers: dict[Symbol, Expr]) -> Expr:
    if expr.has(Sum):
        return Add(*(value(expr.subs(i, step), numbers) for step in range(first, stop)))
    return Add(*(value(expr, {**numbers, i: Integer(step)}) for step in range(first, stop)))


def check(expr: Expr, first: int = 0, stop: Expr = n) -> None:
    """The closed sum has the right value for every length from 0 to 12."""
    total = summed(expr, i, Integer(first), stop)
    assert not total.has(Float)
    for numbers in NUMBERS:
        for last in range(first, first + 13):
            at = {**numbers, n: Integer(last)}
            end = int(value(stop, at))
            if end >= first:
                assert value(total, at) == one_by_one(expr, first, end, at), (last, total)


@pytest.mark.parametrize("expr", CLOSED, ids=str)
def test_sums_with_a_closed_form_have_it(expr: Expr) -> None:
    total = summed(expr, i, ZERO, n)
    assert {part.function for part in total.atoms(Sum)} <= {part.function for part in expr.atoms(Sum)}
    assert i not in total.free_symbols
    check(expr)


@pytest.mark.parametrize("expr", LEFT, ids=str)
def test_what_has_no_closed_form_is_one_exact_sum(expr: Expr) -> None:
    total = summed(expr, i, ZERO, n)
    over = [part for part in total.atoms(Sum) if n in part.free_symbols]
    assert len(over) == 1
    assert all(set(part.bound_symbols).isdisjoint(over[0].bound_symbols) for part in over[0].function.atoms(Sum))
    assert i not in total.free_symbols
    check(expr)


@pytest.mark.parametrize("expr", [CLOSED[5], CLOSED[11], CLOSED[20], LEFT[1]], ids=str)
@pytest.mark.parametrize("first", [1, 3])
@pytest.mark.parametrize("stop", [n, n - 1, 2 * n, FloorDiv(n, 2) + 3], ids=str)
def test_ranges_may_start_and_stop_anywhere(expr: Expr, first: int, stop: Expr) -> None:
    check(expr, first, stop)


ATOMS = [ONE * 3, -ONE, HALF, w, m, n, i, i, i, 2**i, 2 ** (i - 1), HALF**i, 3**i, 2 ** (n - 1 - i), m**i]
ATOMS += [FloorDiv(H, 2**i), ceil_div(H + i, 3), Max(w, i), j, Sum(i * j, (j, 0, i)), Sum(i, (i, 0, w))]


def combined(parts: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    several = st.lists(parts, min_size=2, max_size=3)
    powers = st.tuples(parts, st.integers(0, 2)).map(lambda pair: pair[0] ** pair[1])
    return several.map(lambda p: reduce(add, p)) | several.map(lambda p: reduce(mul, p)) | powers


@settings(max_examples=40, derandomize=True, deadline=None, database=None)
@given(st.recursive(st.sampled_from(ATOMS), combined, max_leaves=6), st.integers(0, 2))
@example((w * 2**i + i) ** 2 * m**i, 1)
def test_a_random_sum_is_right(expr: Expr, first: int) -> None:
    check(expr, first)


# The form in which users see them.


@pytest.mark.parametrize(
    ("expr", "first", "stop", "form"),
    [
        (18 * w**2, 0, n, "18*n*w**2"),
        (CLOSED[5], 0, n, "4*C*g*n + 2*C*n + 2*g**2*n**2 + 34*g**2*n + g*n**2 + 7*g*n"),
        (9 * w**2 * 2**i * 2 ** (i - 1), 0, n, "3*4**n*w**2/2 - 3*w**2/2"),
        (9 * w**2 * 2**i * 2 ** (i - 1), 1, n, "3*4**n*w**2/2 - 6*w**2"),
        (2 ** (n - 1 - i), 0, n, "2**n - 1"),
        (i * 2**i, 0, n, "2**n*n - 2*2**n + 2"),
        (HALF**i, 0, n, "2 - 2/2**n"),
        (4**i * 2 ** (-i), 0, n, "2**n - 1"),
        (w, 1, n - 1, "n*w - 2*w"),
        (m**i, 0, n, "Piecewise((n, Eq(m, 1)), ((m**n - 1)/(m - 1), True))"),
        (w * m**i, 0, Integer(3), "m**2*w + m*w + w"),
        (w * FloorDiv(H, 2**i), 0, n, "w*Sum(⌊H/2**i⌋, (i, 0, n - 1))"),
        (LEFT[3], 0, n, "-w*Sum(2*i*Max(g, i) + Max(i, w), (i, 0, n - 1))"),
        (w * ceil_div(H, 2**i) ** 2, 0, Integer(3), "H**2*w + w*⌈H/2⌉**2 + w*⌈H/4⌉**2"),
        (4 * w**2 * ceil_div(H, 2**i) ** 2, 0, n, "4*w**2*Sum((⌊(H - 1)/2**i⌋ + 1)**2, (i, 0, n - 1))"),
        (2**i * w * 2 ** (i - 1) * (FloorDiv(H, 2**i) + g), 0, n, "w*Sum(4**i*(g + ⌊H/2**i⌋), (i, 0, n - 1))/2"),
        (2 ** (n - i) * (g + w) * Max(w, i), 0, n, "2**n*Sum((g + w)*Max(i, w)/2**i, (i, 0, n - 1))"),
        (w * FloorDiv(H, 2**i) + g * i, 0, n, "g*n**2/2 - g*n/2 + w*Sum(⌊H/2**i⌋, (i, 0, n - 1))"),
    ],
)
def test_sums_are_expanded_and_collected(expr: Expr, first: int, stop: Expr, form: str) -> None:
    assert str(summed(expr, i, Integer(first), stop)) == form


def test_what_is_equal_is_one_expression() -> None:
    assert collected({(2**n, 2**n): 1, (4**n,): -1}) == 0
    assert collected({(2 ** (n - 1), w): 2, (2**n, w): 1}) == 2 * 2**n * w
    assert collected({(6**n, Rational(1, 3) ** n): 1, (2**n,): 1}) == 2 * 2**n
    assert collected({(m ** (2 * n - 1), m): 1, (m**n, m**n): -1}) == 0
    assert collected({((2 * m) ** n,): 1, (2**n, m**n): -1}) == 0
    assert collected({((-1) ** (3 * n), (-1) ** n): 1}) == 1


def test_a_power_of_what_may_be_zero_does_not_come_apart() -> None:
    power = FloorDiv(H, 2) ** (n - 1)
    assert collected({(power, w): 1}) == w * power
    check(FloorDiv(m, 5) ** (i - 1), first=1)


def test_a_sum_over_nothing_is_zero() -> None:
    for expr in (*CLOSED, *LEFT):
        assert summed(expr, i, ONE, ONE) == 0
    for expr in CLOSED:
        assert summed(expr, i, n, n) == 0


def test_short_sums_between_numbers_are_written_out() -> None:
    short = summed(FloorDiv(H, i + 1), i, ONE, Integer(1 + WRITTEN_OUT))
    long = summed(FloorDiv(H, i + 1), i, ONE, Integer(2 + WRITTEN_OUT))
    assert not short.has(Sum)
    assert long.has(Sum)
    last = FloorDiv(100, 2 + WRITTEN_OUT)
    at = {H: Integer(100)}
    assert value(long, at) - value(short, at) == last == 1


def test_sums_within_are_written_out_with_the_sum_around_them() -> None:
    inner = Sum(FloorDiv(H, 2**j) * i, (j, 0, i))
    assert summed(inner * w, i, ZERO, Integer(3)) == collected(
        {(w, H): 3, (w, FloorDiv(H, 2)): 3, (w, FloorDiv(H, 4)): 2}
    )


@pytest.mark.parametrize("expr", [e for e in CLOSED if not e.has(n)], ids=str)
def test_a_long_sum_is_the_closed_form_at_its_length(expr: Expr) -> None:
    deep = {**NUMBERS[1], n: Integer(1000)}
    assert value(summed(expr, i, ZERO, Integer(1000)), deep) == value(summed(expr, i, ZERO, n), deep)


def test_a_million_terms_are_as_good_as_ten() -> None:
    million = Integer(10**6)
    assert summed(w * (2 * i + 1), i, ZERO, million) == 10**12 * w
    assert summed((2 * m) ** i * w, i, ZERO, million).xreplace({m: ONE}) == (2**million - 1) * w
    assert summed((m + 1) ** i * i, i, ZERO, million).xreplace({m: ONE}) == 2**million * (million - 2) + 2


# Depth can be differentiated and solved for.


def test_depth_can_be_differentiated_and_solved_for() -> None:
    params = summed(CLOSED[5], i, ZERO, n)
    assert diff(params, n).expand() == 4 * C * g + 2 * C + 4 * g**2 * n + 34 * g**2 + 2 * g * n + 7 * g
    depth = Dummy("depth", positive=True)
    budget = params.xreplace({C: Integer(64), g: Integer(32)})
    found = solve(budget.xreplace({n: depth}) - budget.xreplace({n: Integer(6)}), depth)
    assert found == [6]


def test_geometric_depth_is_solved_for() -> None:
    depth = Dummy("depth", positive=True)
    assert solve(summed(w * 2**i, i, ZERO, n).xreplace({n: depth, w: ONE}) - 1023, depth) == [10]


# Indices of sums within sums.


def test_an_index_in_its_own_limit_is_renamed() -> None:
    total = summed(FloorDiv(H, 2**i), i, ZERO, i)
    assert total.free_symbols == {H, i}
    assert [value(total, {H: Integer(9), i: Integer(k)}) for k in range(5)] == [0, 9, 13, 15, 16]
    # A plain replacement, by which sizes are put in, does not reach the bound index.
    assert total.xreplace({i: n}) == summed(FloorDiv(H, 2**i), i, ZERO, i).xreplace({i: n})
    assert value(total.xreplace({i: Integer(3)}), {H: Integer(9)}) == 15


def test_sums_in_sums_never_share_an_index() -> None:
    inner = summed(FloorDiv(H, 2**i), i, ZERO, i)
    outer = summed(inner * FloorDiv(i, 2), i, ZERO, i)
    for part in outer.atoms(Sum):
        assert len(set(part.bound_symbols)) == len(part.bound_symbols)
        for within in part.function.atoms(Sum):
            assert set(within.bound_symbols).isdisjoint(part.bound_symbols)
    for k in range(7):
        expected = sum((t // 2) * sum(9 // 2**u for u in range(t)) for t in range(k))
        assert value(outer, {H: Integer(9), i: Integer(k)}) == expected


def test_equal_sums_are_equal_expressions() -> None:
    one, other = (summed(w * FloorDiv(H, 2**i), i, ZERO, i) for _ in range(2))
    assert one == other
    assert pickle.loads(pickle.dumps(one)) == one


def test_a_bound_index_of_the_same_name_is_another() -> None:
    constant = Sum(i * w, (i, 0, 3))
    assert summed(constant, i, ZERO, n) == n * constant
    assert value(summed(constant * FloorDiv(H, 2**i), i, ZERO, n), {H: ONE * 3, n: ONE * 2, w: ONE}) == 6 * 4


def test_nested_sums_close_one_after_the_other() -> None:
    inner = summed(i * j + 2**j, j, ZERO, i + 1)
    assert str(inner) == "2*2**i + i**3/2 + i**2/2 - 1"
    for depth in range(8):
        expected = sum(a * b + 2**b for a in range(depth) for b in range(a + 1))
        assert value(summed(inner, i, ZERO, n), {n: Integer(depth)}) == expected


# As a function.


@pytest.mark.parametrize("expr", [CLOSED[5], CLOSED[7], CLOSED[18], CLOSED[20], LEFT[1]], ids=str)
def test_closed_sums_are_evaluated_exactly(expr: Expr) -> None:
    total = summed(expr, i, ZERO, n)
    function = as_function(total)
    for numbers, values in zip(NUMBERS, VALUES, strict=True):
        known = {str(symbol): values[symbol] for symbol in total.free_symbols - {n}}
        assert function(n=40, **known) == one_by_one(expr, 0, 40, {**numbers, n: Integer(40)})


# Antidifferences.


@pytest.mark.parametrize("rate", [1, 2, Fraction(1, 2), Fraction(-3, 7)], ids=str)
@pytest.mark.parametrize("power", range(13))
def test_an_antidifference_has_the_difference(power: int, rate: int | Fraction) -> None:
    q = antidifference(power, rate)

    at = [Fraction(rate) ** place * sum(c * place**k for k, c in enumerate(q)) for place in range(16)]
    for place, (here, then) in enumerate(pairwise(at)):
        assert then - here == place**power * rate**place
