"""Recurrences: the size after any number of layers, equal to going through them one by one."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Dummy, Expr, Float, Integer, Max, Rational, Symbol, diff, solve

from symcnn import FloorDiv, dims
from symcnn.numeric.special import written_out
from symcnn.recurrence import Solution, solved
from symcnn.sizes import canonical, ceil_div

C, H, d, g, m, n, p, w = dims("C H d g m n p w")
k = dims("k", odd=True)
i = Symbol("i", integer=True, nonnegative=True)
s = Dummy("s", integer=True, positive=True)

VALUES = [
    {C: 7, H: 224, d: 1, g: 3, m: 1, n: 2, p: 1, w: 6, k: 3},
    {C: 1, H: 37, d: 2, g: 1, m: 2, n: 5, p: 4, w: 1, k: 1},
    {C: 4, H: 10000, d: 3, g: 32, m: 5, n: 1, p: 0, w: 64, k: 7},
]


def value(expr: Expr, numbers: dict[Symbol, Expr]) -> Expr:
    return written_out(expr.xreplace(numbers))


def one_by_one(step: Expr, start: Expr, numbers: dict[Symbol, Expr], length: int) -> list[Expr]:
    sizes = [canonical(start.xreplace(numbers))]
    for place in range(length - 1):
        sizes.append(canonical(value(step, {**numbers, s: sizes[-1], i: Integer(place)})))
    return sizes


def check(step: Expr, start: Expr, length: int = 13) -> Solution:
    """The solution has the right value at every index below the length."""
    solution = solved(step, s, i, start)
    assert solution is not None
    assert not solution.size.has(Float)
    assert s not in solution.size.free_symbols
    for values in VALUES:
        numbers = {symbol: Integer(value) for symbol, value in values.items()}
        expected = one_by_one(step, start, numbers, length)
        for place in range(1 if solution.peeled else 0, length):
            assert value(solution.size, {**numbers, i: Integer(place)}) == expected[place], (place, values)
    return solution


KEPT = [s]

GROWING = [
    s + 1,
    s + g,
    s + g * (i + 1),
    s + w * 2**i,
    s + w * m**i,
    s + n * i**2 + 3,
    s + FloorDiv(H, 2**i),
    s - k + 2 * p + 1,
    s + (k - 1) / 2,
]

MULTIPLIED = [
    2 * s,
    2 * s - 1,
    3 * s + C,
    (s - 1) * 2 + k,
    (s - 1) * m + k,
    s * m,
    m * s + g * i,
    (m * g) * s + w,
    m * s + 2**i,
    2 * s + 2**i,
    2 * s + i,
    s / 4,
    s / 2 + Rational(1, 2),
    Rational(3, 2) * s + i,
    2 * s + FloorDiv(C, 2**i),
    m * s + FloorDiv(C, i + 1),
    -s + C,
    2 * (s + g) - 2 * g,
    s * (w + 1) - s * w + g,
]

DIVIDED = [
    FloorDiv(s, 2),
    ceil_div(s, 2),
    ceil_div(s, 3),
    FloorDiv(s + 1, 3),
    FloorDiv(s - 3, 2) + 1,
    FloorDiv(s + 2 * p - k, 2) + 1,
    FloorDiv(s - k, 2) + p,
    FloorDiv(s, 2) + (k - 1) / 2,
    FloorDiv(s + k - 1, 2),
    FloorDiv(s + FloorDiv(H, 3), 5) + FloorDiv(w, 2),
    FloorDiv(2 * s + k, 4),
    FloorDiv(3 * s + w, 6),
    FloorDiv(s / 2, 3),
    FloorDiv(s, d),
    ceil_div(s, d),
    FloorDiv(s - d, d) + 1,
    FloorDiv(s - k + 2 * p, d) + 1,
    FloorDiv(s - 1, d * g) + 1,
    FloorDiv(s + w * d, d),
    FloorDiv(s, 2) + w * (g + 1),
    FloorDiv(s + i, 2),
    FloorDiv(s + 2**i, 2) - i,
    FloorDiv(s + i, d),
]


@pytest.mark.parametrize("start", [C, Integer(5), C + 2 * g, FloorDiv(H, 2)], ids=str)
@pytest.mark.parametrize("step", [*KEPT, *GROWING, *MULTIPLIED, *DIVIDED], ids=str)
def test_a_solution_is_what_going_through_the_layers_gives(step: Expr, start: Expr) -> None:
    assert not check(step, start).peeled


@pytest.mark.parametrize("step", [FloorDiv(s, d), ceil_div(s, d), FloorDiv(s - k + 2 * p, d) + 1], ids=str)
def test_a_stride_may_be_one(step: Expr) -> None:
    numbers = {d: Integer(1), k: Integer(3), p: Integer(2), H: Integer(9)}
    solution = solved(step, s, i, H)
    assert solution is not None
    expected = one_by_one(step, H, numbers, 6)
    assert [solution.size.xreplace({**numbers, i: Integer(place)}) for place in range(6)] == expected


@pytest.mark.parametrize("b", range(-15, 16))
@pytest.mark.parametrize("divisor", [2, 3, 6, 7])
def test_a_division_is_right_for_every_offset(divisor: int, b: int) -> None:
    solution = solved(FloorDiv(s + b, divisor), s, i, H)
    assert solution is not None
    for start in (*range(1, 50, 7), 223, 224, 1000):
        size = start
        for place in range(9):
            assert solution.size.xreplace({H: Integer(start), i: Integer(place)}) == size
            size = (size + b) // divisor


steps = st.one_of(
    st.builds(lambda a, b, c: a * s + b * i**c, st.integers(1, 5), st.integers(-4, 9), st.integers(0, 3)),
    st.builds(
        lambda a, b, c: a * s + b * c**i, st.fractions(-3, 3, max_denominator=3), st.integers(-9, 9), st.integers(2, 4)
    ),
    st.builds(lambda a, b, c: FloorDiv(s + a, b) + c, st.integers(-9, 9), st.integers(1, 9), st.integers(-3, 3)),
    st.builds(lambda a, b, c: FloorDiv(a * s + b, a * c), st.integers(1, 4), st.integers(-9, 9), st.integers(1, 5)),
)


@settings(max_examples=80, derandomize=True, deadline=None, database=None)
@given(steps, st.integers(1, 300))
def test_a_random_step_is_solved(step: Expr, start: int) -> None:
    if s in step.free_symbols:
        check(step, Integer(start), length=8)


# Sizes that the layer sets.


@pytest.mark.parametrize(
    ("step", "start", "peeled"),
    [
        (w, C, True),
        (w, w, False),
        (w * 2**i, C, True),
        (w * 2**i, w / 2, False),
        (w * 2 ** (i + 1), w, False),
        (w + g * i, w, True),
        (w + g * (i + 1), w, False),
        ((w + g) * (i + 1) + w, w, False),
        (FloorDiv(H, 2**i), H, True),
        (FloorDiv(H, 2 ** (i + 1)), H, False),
        (FloorDiv(H, i + 1), H, True),
        (Max(w, i), w, False),
    ],
    ids=str,
)
def test_a_size_that_is_set_holds_from_the_second_time_on(step: Expr, start: Expr, peeled: bool) -> None:
    assert check(step, start).peeled is peeled


# The form of the result.


@pytest.mark.parametrize(
    ("step", "form"),
    [
        (s, "C"),
        (s + g, "C + g*i"),
        (s + g * (i + 1), "C + g*i**2/2 + g*i/2"),
        (2 * s - 1, "2**i*C - 2**i + 1"),
        (s / 4, "C/4**i"),
        (m * s, "C*m**i"),
        (2 * s + 2**i, "2**i*C + 2**i*i/2"),
        (FloorDiv(s, 2), "⌊C/2**i⌋"),
        (ceil_div(s, 2), "⌊(C - 1)/2**i⌋ + 1"),
        (ceil_div(s, d), "⌊(C - 1)/d**i⌋ + 1"),
        (FloorDiv(s + 2 * p - k, d) + 1, None),
        (FloorDiv(s + 1, 3), "⌊(3**i + 2*C - 1)/(2*3**i)⌋"),
        (s + FloorDiv(H, 2**i), "C + Sum(⌊H/2**_t⌋, (_t, 0, i - 1))"),
    ],
    ids=str,
)
def test_sizes_read_well(step: Expr, form: str | None) -> None:
    solution = solved(step, s, i, C)
    assert solution is not None
    assert form is None or str(solution.size) == form


def test_a_padding_that_keeps_the_size_leaves_no_case_for_a_stride_of_one() -> None:
    solution = solved(FloorDiv(s + 2 * ((k - 1) / 2) - k, d) + 1, s, i, H)
    assert solution == solved(ceil_div(s, d), s, i, H) == Solution(FloorDiv(H - 1, d**i) + 1)


def test_with_numbers_a_solution_is_in_the_form_of_its_layers() -> None:
    for divisor in (2, 3):
        solution = solved(ceil_div(s, divisor), s, i, H)
        assert solution is not None
        for place in range(5):
            assert canonical(solution.size.xreplace({i: Integer(place)})) == ceil_div(H, divisor**place)


def test_a_row_behind_a_row_is_one_division() -> None:
    behind = solved(FloorDiv(s, 2), s, i, FloorDiv(H, 2))
    assert behind is not None
    assert behind.size == FloorDiv(H, 2 * 2**i)


def test_a_sum_within_a_step_keeps_its_own_index() -> None:
    grown = solved(s + FloorDiv(H, 2**i), s, i, C)
    assert grown is not None
    check(s + grown.size, C, length=7)
    check(2 * s + grown.size, C, length=7)
    check(m * s + grown.size, C, length=7)


def test_depth_can_be_differentiated_and_solved_for() -> None:
    solution = solved(s + g * (i + 1), s, i, C)
    assert solution is not None
    assert diff(solution.size, i) == g * i + g / 2
    depth = Dummy("depth", positive=True)
    assert solve(solution.size.xreplace({C: Integer(1), g: Integer(2), i: depth}) - 31, depth) == [5]


# What is not solved.


@pytest.mark.parametrize(
    "step",
    [
        s**2,
        s * (i + 1),
        s * FloorDiv(s, 2),
        1 / s,
        Max(s, w),
        FloorDiv(3 * s, 2),
        FloorDiv(2 * s + 1, 3),
        FloorDiv(w - s, 2),
        FloorDiv(s, 2) + FloorDiv(s, 3),
        FloorDiv(s, 2) + s,
        2 * FloorDiv(s, 2),
        FloorDiv(s, 2 ** (i + 1)),
        FloorDiv(H, s),
        FloorDiv(s, s + 1),
        FloorDiv(s**2, 2),
        FloorDiv(s, 2) + w / 2,
        FloorDiv(g * s, d),
        2**s,
        FloorDiv(s, Symbol("z", integer=True)),
    ],
    ids=str,
)
def test_what_has_no_known_closed_form_is_said_so(step: Expr) -> None:
    assert solved(step, s, i, C) is None
