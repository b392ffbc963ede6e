"""Sizes, symbols, shapes and values: what comes in by the one door, and in which form."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import numpy as np
import pytest
from sympy import Expr, Integer, Max, Min, Rational, Symbol, ceiling, floor

from symcnn import FloorDiv, Shape, SymcnnError, dims, make_divisible, ratio
from symcnn.errors import MissingValueError, ShapeError, SizeError
from symcnn.shape import as_shape
from symcnn.sizes import (
    as_size,
    as_value,
    ceil_div,
    free_symbols,
    require_all,
    resolve,
    size_conditions,
    textbook_symbol,
)
from symcnn.sizes.terms import is_whole, joined_power, least, linear, multiple_of, split_power

H, W, w = dims("H W w")
k = dims("k", odd=True)


# Symbols.


def test_one_name_gives_one_symbol_and_several_a_tuple() -> None:
    assert isinstance(dims("H"), Symbol)
    assert dims("H W") == dims("H, W") == dims(" H,W ") == (H, W)


def test_a_name_gives_the_same_symbol_every_time() -> None:
    assert dims("H") - H == 0
    assert dims("k", odd=True) == k
    assert dims("k") != k


def test_what_is_assumed_of_a_symbol() -> None:
    assert H.is_positive
    assert H.is_integer
    assert H.is_odd is None
    assert k.is_odd
    assert FloorDiv(k, 2) == (k - 1) / 2
    assert textbook_symbol("p", minimum=0).is_positive is None
    assert textbook_symbol("p", minimum=0).is_nonnegative


# The door. What it refuses is in ``test_errors``.


@pytest.mark.parametrize(
    ("given", "size"),
    [
        (3, Integer(3)),
        (Integer(3), Integer(3)),
        (np.int64(3), Integer(3)),
        (np.uint8(3), Integer(3)),
        (10**30, Integer(10**30)),
        (H, H),
        (2 * w + 1, 2 * w + 1),
        (w / 2, w / 2),
        (w - 4, w - 4),
        (Rational("0.75") * w, 3 * w / 4),
        ((k - 1) / 2, (k - 1) / 2),
        (H // 2, FloorDiv(H, 2)),
        ((H - 1) // 3 + 1, ceil_div(H, 3)),
        (floor(H / 3) * 2, 2 * FloorDiv(H, 3)),
        (ceiling((H + 1) / 3), FloorDiv(H + 3, 3)),
        (H // w, FloorDiv(H, w)),
    ],
)
def test_what_is_taken(given: Any, size: Any) -> None:
    taken = as_size(given)
    assert taken == size
    assert not taken.has(floor, ceiling)


def test_zero_is_a_size_where_it_is_said() -> None:
    assert as_size(0, "padding", minimum=0) == 0
    p = textbook_symbol("p", minimum=0)
    assert as_size(p, "padding", minimum=0) == p
    assert size_conditions(p, 0) == ()
    with pytest.raises(SizeError):
        as_size(p)
    assert as_size(w * 2**p) == w * 2**p


# Shapes.


def test_a_shape_is_a_tuple_of_sizes() -> None:
    x = Shape(3, H, (W - 1) // 2 + 1)
    assert x == (3, H, ceil_div(W, 2))
    assert (x.channels, x.axes, x.elements) == (3, (H, ceil_div(W, 2)), 3 * H * ceil_div(W, 2))
    assert x.free_symbols == {H, W}
    assert x.with_channels(Integer(8)) == (8, *x.axes)
    assert x.substituted({H: Integer(5), W: Integer(8)}) == (3, 5, 4)
    assert repr(x) == "Shape(3, H, ⌈W/2⌉)"


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))])
def test_copies_of_a_shape_are_equal_shapes(again: Any) -> None:
    x = Shape(3, H, 5)
    assert again(x) == x
    assert type(again(x)) is Shape


@pytest.mark.parametrize("given", [(3, 8, 8), [3, 8, 8], Shape(3, 8, 8)])
def test_what_is_taken_as_a_shape(given: Any) -> None:
    assert as_shape(given) == Shape(3, 8, 8)


@pytest.mark.parametrize("given", [3, "388", {3, 8}, None, range(3)])
def test_what_is_no_shape(given: Any) -> None:
    with pytest.raises(ShapeError):
        as_shape(given)


# Values.


def test_values_are_given_by_symbol_or_by_name() -> None:
    assert resolve([H, W], {H: 3}, {"W": 4}) == {H: 3, W: 4}
    assert resolve([H, W], {"H": 3}, {}) == {H: 3}
    assert resolve([H, W], None, {}) == {}


def test_a_symbol_of_another_formula_is_passed_over() -> None:
    assert resolve([H], {w: 3}, {}) == {}


def test_what_is_missing_is_named() -> None:
    with pytest.raises(MissingValueError) as caught:
        require_all([H, W, w], {W: 3})
    assert str(caught.value) == "a value is missing for H, w"


def test_a_value_may_be_what_its_symbol_may_be() -> None:
    assert as_value(k, 3) == 3
    assert as_value(textbook_symbol("p", minimum=0), 0) == 0
    assert as_value(H, 2 * w) == 2 * w
    for symbol, value in [(k, 4), (k, 2 * w), (H, 0), (H, True), (H, 0.5)]:
        with pytest.raises(SymcnnError):
            as_value(symbol, value)


def test_symbols_are_listed_by_name_and_two_of_one_name_refused() -> None:
    assert free_symbols([W + H, w]) == [H, W, w]
    with pytest.raises(SizeError) as caught:
        free_symbols([dims("k"), k])
    assert str(caught.value) == "two different symbols are named k; use one of them throughout"


# What the form of a size tells of it. Random formulas are in ``test_divisible``.

i = textbook_symbol("i", minimum=0)
alpha = ratio("alpha")


@pytest.mark.parametrize(
    ("size", "low", "number", "whole"),
    [
        (Integer(6), 6, 6, True),
        (H, 1, 1, True),
        (i, 0, 1, True),
        (alpha, 0, 1, False),
        (32 * alpha, 0, 32, False),
        (6 * H + 4 * w, 10, 2, True),
        (H - 3, -2, 1, True),
        (3 - H, None, 1, True),
        (H / 2, 0, 1, False),
        (2**i, 1, 1, True),
        (w * 2**i, 1, 1, True),
        (4 * 2**i, 4, 4, True),
        (2**w, 2, 2, True),
        (6 ** (w + 2), 216, 216, True),
        (2 ** (i - 1), 0, 1, False),
        (2**w / 2, 1, 1, True),
        (2**w / 4, 0, 1, False),
        (w**2, 1, 1, True),
        (i**2 + 1, 1, 1, True),
        (w * (i + 1), 1, 1, True),
        (1 / H, None, 1, False),
        (Max(H, 3), 3, 1, True),
        (Min(H, 3), 1, 1, True),
        (ceil_div(H, Integer(2)), 1, 1, True),
        (FloorDiv(H + 5, 2), 3, 1, True),
        (FloorDiv(H - 5, 2), None, 1, True),
        (FloorDiv(H, w), 0, 1, True),
        (make_divisible(alpha), 8, 8, True),
        (make_divisible(alpha, 12, 8), 8, 4, True),
        (make_divisible(alpha) * w / 4, 2, 2, True),
        (make_divisible(alpha) ** 2 / 16, 4, 4, True),
        (make_divisible(alpha) / 3, 2, 1, False),
        (10 ** (10**9 * w), 10**1024, 10**1024, True),
    ],
    ids=str,
)
def test_what_the_form_tells(size: Expr, low: int | None, number: int, whole: bool) -> None:
    assert least(size) == low
    assert multiple_of(size) == number
    assert is_whole(size) is whole


@pytest.mark.parametrize(
    ("joined", "split"),
    [
        (2 ** (i + 3), 8 * 2**i),
        (3 * 2 ** (i + 1), 6 * 2**i),
        (w * 2 ** (i - 1), w * 2**i / 2),
        (2**i * 3**w, 2**i * 3**w),
    ],
)
def test_powers_of_numbers(joined: Expr, split: Expr) -> None:
    assert split_power(joined) == split
    assert joined_power(split) == joined
    assert linear(joined) == linear(split)
