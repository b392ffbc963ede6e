"""Conditions: reduced to a form that reads well, and true at exactly the same numbers as what was asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Eq, Expr, Ge, Integer, Le, Max, Mod, Rational, Symbol

import symcnn as sc
from symcnn import FloorDiv, dims, make_divisible, ratio
from symcnn.errors import ConditionError
from symcnn.sizes import (
    CeilDiv,
    Conditions,
    at_least,
    ceil_div,
    check_conditions,
    divides,
    reduced,
    same,
    size_conditions,
)

H, W, m, n, s, w = dims("H W m n s w")
k = dims("k", odd=True)
i = Symbol("i", integer=True, nonnegative=True)
alpha = ratio("alpha")
HALF, HALF_UP = FloorDiv(H, 2), ceil_div(H, Integer(2))


def never() -> str:
    return "never"


@pytest.mark.parametrize(
    ("conditions", "text"),
    [
        # certainly true: nothing is left
        (at_least(H, 1, never), "()"),
        (at_least(2 * H + W, 3, never), "()"),
        (at_least(H * W - 1, 0, never), "()"),
        (at_least(ceil_div(H, 2), 1, never), "()"),
        (divides(s, s * H, never), "()"),
        (divides(Integer(4), 8 * m + 4, never), "()"),
        (divides(Integer(2), k + 1, never), "()"),
        (same(H + W, W + H, never), "()"),
        # lower bounds
        (at_least(H - 1, 1, never), "(H >= 2,)"),
        (at_least(2 * H, 3, never), "(H >= 2,)"),
        (at_least(H / 2, 3, never), "(H >= 6,)"),
        (at_least(2 * H + 4 * W, 7, never), "(H + 2*W >= 4,)"),
        (at_least(FloorDiv(H, 2), 2, never), "(H >= 4,)"),
        (at_least(FloorDiv(FloorDiv(H - 3, 2) - 1, 2), 1, never), "(H >= 9,)"),
        (at_least(FloorDiv(H, s), 1, never), "(H >= s,)"),
        # upper bounds, and one size against another
        (at_least(3 - H, 0, never), "(H <= 3,)"),
        (at_least(-FloorDiv(H, 2), -3, never), "(H <= 7,)"),
        (at_least(7 - FloorDiv(H + 1, 3), 0, never), "(H <= 22,)"),
        (at_least(H - k, 0, never), "(H >= k,)"),
        (at_least(H - k + 2, 0, never), "(H + 2 >= k,)"),
        # divisibility
        (divides(s, H, never), "(s | H,)"),
        (divides(Integer(4), 4 * m + 2 * n, never), "(2 | n,)"),
        (divides(Integer(6), 2 * H + 4, never), "(3 | H + 2,)"),
        (divides(Integer(3), H**2, never), "(3 | H**2,)"),
        (divides(Integer(4), 4 * 2**i * w, never), "()"),
        (divides(Integer(4), w * 2 ** (i + 2) + 2 * m, never), "(2 | m,)"),
        (divides(Integer(8), make_divisible(alpha) * w, never), "()"),
        (divides(Integer(16), make_divisible(alpha) + 16 * w, never), "(16 | ⌊alpha⌉₈,)"),
        (divides(Integer(4), 32 * alpha, never), "(8*alpha is an integer,)"),
        (divides(Integer(8), 4 * alpha + 8 * w + 2, never), "(4 | 2*alpha + 1,)"),
        (divides(s, 32 * alpha, never), "(s | 32*alpha,)"),
        (divides(Integer(1), w / 2, never), "()"),  # that is its own condition
        # powers, and multipliers
        (at_least(2**i, 1, never), "()"),
        (at_least(w * 2**i, 1, never), "()"),
        (at_least(2**n, 2, never), "()"),
        (at_least(2**i, 2, never), "(2**i >= 2,)"),
        (at_least(w + s * (i + 1), 2, never), "()"),
        (at_least(i, 1, never), "(i >= 1,)"),
        (at_least(make_divisible(alpha), 8, never), "()"),
        (at_least(32 * alpha, 0, never), "()"),
        (at_least(32 * alpha, 9, never), "(32*alpha >= 9,)"),
        (at_least(32 * alpha, 8, never), "(4*alpha >= 1,)"),
        (at_least(FloorDiv(alpha * w, 1), 3, never), "(alpha*w >= 3,)"),
        (at_least(-FloorDiv(alpha * w, 1), -3, never), "(⌊alpha*w⌋ <= 3,)"),
        # equality
        (same(H, W, never), "(H == W,)"),
        (same(HALF_UP, FloorDiv(W, 2), never), "(⌈H/2⌉ == ⌊W/2⌋,)"),
        # equality: what both sides share is cancelled
        (same(H - k + 3, H, never), "(k == 3,)"),
        (same(H + m, H + n, never), "(m == n,)"),
        (same(H + 3, W + 5, never), "(H == W + 2,)"),
        (same(w**2, w, never), "(w == 1,)"),
        (same(2**i * w, w, never), "(i == 0,)"),
        (same(6 * w, 4 * H, never), "(3*w == 2*H,)"),
        (same(H / 2, W / 3, never), "(3*H == 2*W,)"),
        (same(2 * w + 4, 6 * H, never), "(w + 2 == 3*H,)"),
        (same(w * (m + 1), w * m + n, never), "(w == n,)"),
        (same(2 * w * 2**i, w * 2 ** (i + 1), never), "()"),
        (same((H + 1) * w, H * w + w, never), "()"),
        # and what has one value is solved
        (same(2 * w, Integer(64), never), "(w == 32,)"),
        (same(Integer(12), 3 * H * W, never), "(H*W == 4,)"),
        (same(8 * (H - 2) * (W - 2), Integer(288), never), "((H - 2)*(W - 2) == 36,)"),
        (same(H / 2, Integer(3), never), "(H == 6,)"),
        (same(2 * w, w + 32, never), "(w == 32,)"),
        (same(w**2, Integer(16), never), "(w == 4,)"),
        (same(2**n, Integer(8), never), "(n == 3,)"),
        (same(2 ** (n + 1), Integer(8), never), "(n == 2,)"),
        (same(32 * alpha, Integer(24), never), "(alpha == 3/4,)"),
        (same(make_divisible(alpha), Integer(24), never), "(⌊alpha⌉₈ == 24,)"),
        (same(HALF, Integer(3), never), "(⌊H/2⌋ == 3,)"),
        (same(7 * HALF, Integer(21), never), "(⌊H/2⌋ == 3,)"),
        # divisions that round differently
        (same(HALF_UP, HALF, never), "(2 | H,)"),
        (same(w * HALF_UP + m, w * HALF + m, never), "(2 | H,)"),
        (same(FloorDiv(3 * H + 4, 5), FloorDiv(3 * H, 5), never), "(5 | H,)"),
        (same(HALF_UP, HALF + 1, never), "(2 | H + 1,)"),
        (same(ceil_div(H, Integer(3)), FloorDiv(H, 3), never), "(3 | H,)"),
        (same(FloorDiv(H + 1, 3), FloorDiv(H, 3), never), "(⌊(H + 1)/3⌋ == ⌊H/3⌋,)"),
        (same(FloorDiv(H + 5, 2), FloorDiv(H + 1, 2) + 2, never), "()"),
        (same(2 * HALF, H, never), "(2 | H,)"),
        (same(2 * HALF_UP, H, never), "(2 | H,)"),
        (same(H, 8 * ceil_div(H, Integer(8)), never), "(8 | H,)"),
        (same(2 * FloorDiv(H, 4), HALF, never), "(2 | ⌊H/2⌋,)"),
        (same(2 * FloorDiv(H - 2, 2) + 2, H, never), "(2 | H,)"),
        (same(3 * FloorDiv(H + 2 * W + 1, 3), H + 2 * W, never), "(3 | H + 2*W,)"),
        # sizes that are perhaps none
        (size_conditions(H / 2), "(2 | H,)"),
        (size_conditions(H / 2 + W / 3), "(6 | 3*H + 2*W,)"),
        (size_conditions((H + 1) / 2), "(2 | H + 1,)"),
        (size_conditions(H - 4), "(H >= 5,)"),
        (size_conditions((k - 1) / 2, 0), "()"),
        (size_conditions((k - 1) / 2), "(k >= 3,)"),
    ],
)
def test_reduced_form(conditions: Conditions, text: str) -> None:
    assert str(conditions) == text


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: at_least(-H, 0, never),
        lambda: at_least(Integer(2), 3, never),
        lambda: at_least(2 - H - W, 1, never),
        lambda: at_least(-FloorDiv(H + 1, 2), 0, never),
        lambda: divides(Integer(3), Integer(7), never),
        lambda: same(H, H + 1, never),
        lambda: same(H + W, Integer(1), never),
        lambda: same(2 * w, w, never),
        lambda: same(2**n * w, w, never),
        lambda: same(2 * w, Integer(63), never),
        lambda: same(6 * H + 4 * W, 2 * m + 1, never),
        lambda: same(w**2, Integer(15), never),
        lambda: same(3**n, Integer(8), never),
        lambda: same(2 ** (n + 1), Integer(2), never),
        lambda: same(k, Integer(4), never),
        lambda: same(make_divisible(alpha), Integer(20), never),
        lambda: same(FloorDiv(H + 5, 2), FloorDiv(H + 1, 2), never),
        lambda: same(HALF_UP, HALF + 2, never),
        lambda: same(4 * FloorDiv(H, 4), H + 1, never),
        lambda: same(2 * FloorDiv(H + 2, 2), H, never),
        lambda: same(FloorDiv(k + 1, 2), FloorDiv(k, 2), never),
        # one side grows faster
        lambda: same(HALF_UP, H, never),
        lambda: same(w * H, w * HALF, never),
        lambda: same(HALF, FloorDiv(H, 4), never),
        lambda: same(HALF**2, H * HALF_UP + 3, never),
        lambda: same(make_divisible(32 * alpha), make_divisible(16 * alpha), never),
        lambda: same(CeilDiv(2 * alpha, 1), FloorDiv(alpha, 1), never),
    ],
)
def test_what_is_certainly_false_raises(wrong: Callable[[], Any]) -> None:
    with pytest.raises(ConditionError) as caught:
        wrong()
    assert str(caught.value) == "never"


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (w, W),
        (HALF, FloorDiv(W, 4)),
        (10 - H, HALF),
        (make_divisible(w), w),
        (w * HALF_UP, W * H),
        (Max(H, 9), HALF),
        (2 * FloorDiv(H + 3, 4), HALF),
    ],
)
def test_what_may_be_meant_is_left_open(left: Expr, right: Expr) -> None:
    assert [(condition.left, condition.right) for condition in same(left, right, never)] == [(left, right)]


def test_equal_sizes_are_seen_at_once() -> None:
    calls = []
    assert same(HALF * w + m, m + w * HALF, lambda: calls.append("built") or "") == ()
    assert calls == []


def test_of_several_bounds_the_strongest_is_kept() -> None:
    bounds = [*at_least(H, 3, never), *at_least(W, 2, never), *at_least(H, 7, never), *at_least(H, 5, never)]
    assert str(reduced(bounds)) == "(H >= 7, W >= 2)"
    assert str(reduced([*at_least(5 - H, 0, never), *at_least(3 - H, 0, never)])) == "(H <= 3,)"
    assert str(reduced([*divides(s, H, never)] * 2)) == "(s | H,)"


@pytest.mark.parametrize(
    ("conditions", "relation"),
    [
        (at_least(H, 4, never), Ge(H, 4)),
        (at_least(3 - H, 0, never), Le(H, 3)),
        (at_least(H - k, 0, never), Ge(H, k)),
        (divides(s, H, never), Eq(Mod(H, s), 0)),
        (same(H, W, never), Eq(H, W)),
        (size_conditions(32 * alpha), Eq(Mod(32 * alpha, 1), 0)),
    ],
)
def test_as_a_sympy_relation(conditions: Conditions, relation: Any) -> None:
    assert [condition.relation for condition in conditions] == [relation]


def test_the_reason_does_not_count() -> None:
    assert same(HALF_UP, HALF, never, "branches meet")[0].reason == "branches meet"
    (one,), (other,) = at_least(H, 4, never, "a"), at_least(H, 4, never, "b")
    assert one == other
    assert hash(one) == hash(other)
    assert (one.reason, one.free_symbols) == ("a", {H})


def test_values_are_checked_some_or_all() -> None:
    conditions = at_least(H - k, 0, never) + divides(s, H, never)
    check_conditions(conditions, {H: Integer(6)})
    check_conditions(conditions, {H: Integer(6), k: Integer(5), s: Integer(3)})
    with pytest.raises(ConditionError, match=r"^H = 6, k = 7 break the condition H >= k$"):
        check_conditions(conditions, {H: Integer(6), k: Integer(7)})
    with pytest.raises(ConditionError, match=r"^H = 6, s = 4 break the condition s \| H$"):
        check_conditions(conditions, {H: Integer(6), s: Integer(4)})
    check_conditions(conditions, {W: Integer(1)})
    check_conditions(size_conditions(32 * alpha), {alpha: Rational(3, 4)})
    with pytest.raises(ConditionError, match=r"^alpha = 3/5 breaks the condition 32\*alpha is an integer \(size .*\)$"):
        check_conditions(size_conditions(32 * alpha), {alpha: Rational(3, 5)})


# The same truth as what was asked, at every number in a range.

RANGE = range(1, 15)
VALUES = [dict(zip((H, W, k), map(Integer, at), strict=True)) for at in product(RANGE, range(1, 8), (1, 3, 5))]

small = st.integers(-6, 6)
linear = st.builds(lambda a, b, c, d: a * H + b * W + c * k + d, small, st.sampled_from([0, 0, 1, -2]),
                   st.sampled_from([0, 0, -1, 2]), st.integers(-20, 20))  # fmt: skip
divided = st.builds(lambda top, d, c: FloorDiv(top, d) + c, linear, st.integers(2, 5), small)
twice = st.builds(lambda top, d, a, c: a * FloorDiv(top, d) + c, divided, st.integers(2, 4), small, small)
sizes = st.one_of(linear, divided, twice, st.builds(lambda a, b: a + b, divided, divided))


def truths(conditions: Conditions) -> Iterator[bool]:
    """Whether the conditions hold, at each of the values."""
    for values in VALUES:
        yield all(condition.relation.xreplace(values) for condition in conditions)


def agree(required: Callable[[], Conditions], holds: Callable[[dict[Symbol, Expr]], bool]) -> None:
    """Assert that a requirement is true where its reduced form is; and false everywhere where it raises."""
    expected = [holds(values) for values in VALUES]
    try:
        conditions = required()
    except ConditionError:
        assert not any(expected)
    else:
        assert list(truths(conditions)) == expected


@settings(max_examples=120, derandomize=True, deadline=None, database=None)
@given(sizes, st.integers(-8, 8))
def test_a_bound_holds_where_it_should(size: Expr, bound: int) -> None:
    agree(lambda: at_least(size, bound, never), lambda values: bool(size.xreplace(values) >= bound))


@settings(max_examples=60, derandomize=True, deadline=None, database=None)
@given(st.integers(2, 12), sizes)
def test_divisibility_holds_where_it_should(divisor: int, size: Expr) -> None:
    agree(lambda: divides(Integer(divisor), size, never), lambda values: size.xreplace(values) % divisor == 0)


@settings(max_examples=60, derandomize=True, deadline=None, database=None)
@given(sizes, sizes)
def test_equality_holds_where_it_should(left: Expr, right: Expr) -> None:
    agree(lambda: same(left, right, never), lambda values: bool(left.xreplace(values) == right.xreplace(values)))


strides = st.sampled_from([2, 2, 3, 4, 6, 7])
alone = st.builds(lambda a, b, c, d, e: a * FloorDiv(b * H + c, d) + e, st.integers(1, 4), st.integers(1, 3),
                  st.integers(-8, 8), strides, small)  # fmt: skip
likely = st.one_of(
    st.builds(lambda b, c, d, e, f: (FloorDiv(b * H + c, d), FloorDiv(b * H + e, d) + f),
              st.integers(1, 3), small, strides, small, st.integers(-1, 2)),
    st.builds(lambda c, d, e: (d * FloorDiv(H + c, d), H + e), small, strides, small),
    st.builds(lambda c, d, e, f: (d * FloorDiv(H + c, d * e), FloorDiv(H + f, e)), small, strides, strides, small),
    st.builds(lambda c, d, e, f: (d * FloorDiv(FloorDiv(H + f, e) + c, d), FloorDiv(H + f, e)), small, strides, strides,
              small),
)  # fmt: skip


@settings(max_examples=400, derandomize=True, deadline=None, database=None)
@given(st.one_of(likely, likely, st.tuples(alone, alone)), st.sampled_from([Integer(1), w, H]))
def test_equality_in_one_symbol(sides: tuple[Expr, Expr], times: Expr) -> None:
    """Sizes that grow apart are refused, though they may be equal at a few small values."""
    left, right = sides
    at = [{H: Integer(size), w: Integer(3)} for size in (*range(1, 50), *range(1000, 1050))]
    expected = [left.xreplace(values) == right.xreplace(values) for values in at]
    try:
        conditions = same(left * times, right * times, never)
    except ConditionError:
        assert not any(expected[50:])
    else:
        assert [all(c.relation.xreplace(values) for c in conditions) for values in at] == expected


@settings(max_examples=60, derandomize=True, deadline=None, database=None)
@given(linear.filter(lambda size: size.free_symbols), st.integers(1, 6), st.integers(0, 2))
def test_a_size_is_one_where_it_should_be(size: Expr, divisor: int, minimum: int) -> None:
    def holds(values: dict[Symbol, Expr]) -> bool:
        value = size.xreplace(values) / divisor
        return bool(value.is_integer and value >= minimum)

    agree(lambda: size_conditions(size / divisor, minimum), holds)


# Of layers and networks.


@pytest.mark.parametrize(
    ("profile", "conditions"),
    [
        (sc.Conv2d(8, 3).on((3, H, W)), "(H >= 3, W >= 3)"),
        (sc.Conv2d(8, 3, padding=1).on((3, H, W)), "()"),
        (sc.Conv2d(8, k, padding="same").on((3, H, W)), "()"),
        (sc.Conv2d(8, 5, dilation=2, padding=1).on((3, H, W)), "(H >= 7, W >= 7)"),
        (sc.Conv2d(8, 3, groups=4).on((m, 8, 8)), "(4 | m,)"),
        (sc.Conv2d(8, 3, in_channels=m).on((3, 8, 8)), "(m == 3,)"),
        (sc.Conv2d(m / 2, 3).on((3, 8, 8)), "(2 | m,)"),
        (sc.Conv2d(8, 3).on((3, H / 2, 8)), "(H >= 6, 2 | H)"),
        (sc.MaxPool2d(2).on((3, H, W)), "(H >= 2, W >= 2)"),
        (sc.MaxPool2d(2, ceil_mode=True).on((3, H, W)), "()"),
        (sc.MaxPool2d(3, padding=m).on((3, 8, 8)), "(m <= 1,)"),
        (sc.Sequential(*[sc.MaxPool2d(2)] * 5).on((3, H, W)), "(H >= 32, W >= 32)"),
        (sc.Sequential(sc.Flatten(), sc.Linear(5, in_features=12)).on((3, H, W)), "(H*W == 4,)"),
    ],
)
def test_of_layers(profile: sc.Profile, conditions: str) -> None:
    assert str(profile.conditions) == conditions


def test_the_reason_names_the_layer_that_asks() -> None:
    net = sc.Sequential(("stem", sc.Sequential(sc.Conv2d(8, 3), sc.MaxPool2d(2))))
    reasons = {str(condition): condition.reason for condition in net.on((3, H, 9)).conditions}
    assert reasons == {"H >= 4": "layer stem.1, MaxPool2d(2): kernel_size is at most the padded input"}
