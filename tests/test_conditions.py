"""Conditions: reduced to a form that reads well, and true at exactly the same numbers as what was asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Eq, Expr, Ge, Integer, Le, Mod, Symbol

import symcnn as sc
from symcnn import FloorDiv, dims
from symcnn.errors import ConditionError
from symcnn.sizes import (
    Conditions,
    at_least,
    ceil_div,
    check_conditions,
    divides,
    reduced,
    same,
    size_conditions,
)

H, W, m, n, s = dims("H W m n s")
k = dims("k", odd=True)


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
        # equality
        (same(H, W, never), "(H == W,)"),
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
    ],
)
def test_what_is_certainly_false_raises(wrong: Callable[[], Any]) -> None:
    with pytest.raises(ConditionError) as caught:
        wrong()
    assert str(caught.value) == "never"


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
    ],
)
def test_as_a_sympy_relation(conditions: Conditions, relation: Any) -> None:
    assert [condition.relation for condition in conditions] == [relation]


def test_the_reason_does_not_count() -> None:
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
        (sc.Sequential(sc.Flatten(), sc.Linear(5, in_features=12)).on((3, H, W)), "(12 == 3*H*W,)"),
    ],
)
def test_of_layers(profile: sc.Profile, conditions: str) -> None:
    assert str(profile.conditions) == conditions


def test_the_reason_names_the_layer_that_asks() -> None:
    net = sc.Sequential(("stem", sc.Sequential(sc.Conv2d(8, 3), sc.MaxPool2d(2))))
    reasons = {str(condition): condition.reason for condition in net.on((3, H, 9)).conditions}
    assert reasons == {"H >= 4": "layer stem.1, MaxPool2d(2): kernel_size is at most the padded input"}
