"""Where a page starts: the values of each symbol, and a point among them that meets the conditions."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sympy import Integer, Symbol

from ..errors import ConditionError, MissingValueError, SizeError
from ..numeric import as_function
from ..sizes import Condition, broken, exact_number
from .knobs import Knob, Number, Values, nearest_value, thinned, values_around

GUESSES = (16, 32, 64, 128, 224, 512)
"""Sizes that are tried for symbols without a published value: one for all, so that what must divide does."""

PROVED = 200_000
"""So many points of a condition are tried, all there are, before it is said that none meets it."""

SEARCHED = 20_000
"""So many points are tried to find one that meets all conditions."""

Given = Mapping[Symbol, Any]


def make_knobs(
    symbols: Sequence[Symbol],
    over: Mapping[Symbol, Values],
    at: Mapping[Symbol, Number],
    published: Mapping[Symbol, Number],
    where: Sequence[Any],
) -> tuple[Knob, ...]:
    """A knob for each symbol: its values from ``over``, or round its value in ``at`` or its published one.

    Raises:
        SizeError: a value in ``at`` that is not among those in ``over``.
        ConditionError: values of which none meets a condition, or values in ``at`` that break one.
        MissingValueError: a symbol that is negative has no range.
    """
    known = {**published, **at}
    guesses = (_with_guess(symbols, over, known, where, guess) for guess in GUESSES)
    knobs = next((found for found in guesses if _meets(found, where)), None)
    if knobs is None:
        knobs = _with_guess(symbols, over, known, where, GUESSES[0])
        _require_some(knobs, where)
        knobs = _moved(knobs, at, where)
    for symbol, value in at.items():
        knob = next(knob for knob in knobs if knob.symbol == symbol)
        if symbol in over and value not in knob.values:
            raise SizeError(f"at gives {symbol} = {value}, which is not among the values that over gives it")
    return knobs


def _with_guess(
    symbols: Sequence[Symbol], over: Mapping[Symbol, Values], known: Given, where: Sequence[Any], guess: int
) -> tuple[Knob, ...]:
    return tuple(_knob(symbol, over.get(symbol), known.get(symbol), where, guess) for symbol in symbols)


def _knob(symbol: Symbol, values: Values | None, known: Number | None, where: Sequence[Any], guess: int) -> Knob:
    wanted = _guessed(symbol, guess) if known is None else known
    if values is None:
        if wanted is None:
            raise MissingValueError(f"{symbol} has no known value and may not be positive: give it a range in over")
        values = values_around(symbol, wanted, _least(symbol, where))
        return Knob(symbol, values, wanted if wanted in values else nearest_value(values, wanted))
    return Knob(symbol, values, nearest_value(values, values[len(values) // 2] if wanted is None else wanted))


def _guessed(symbol: Symbol, guess: int) -> Number | None:
    """A first value for a symbol of which nothing is known."""
    if symbol.is_negative or symbol.is_nonpositive:
        return None
    if symbol.is_integer is not True and symbol.is_positive:
        return 1
    if symbol.is_odd:
        return 3
    return 0 if symbol.is_integer and not symbol.is_positive else guess


def _least(symbol: Symbol, where: Sequence[Any]) -> int:
    """The least value that conditions on this symbol alone leave it."""
    bounds = [
        int(one.right)
        for one in where
        if isinstance(one, Condition) and one.operator == ">=" and one.left == symbol and one.right.is_Integer
    ]
    return max([1 if symbol.is_positive or not symbol.is_integer else 0, *bounds])


def _meets(knobs: Sequence[Knob], where: Sequence[Any]) -> bool:
    return bool(_checked(knobs, where).valid(*(knob.start for knob in knobs)))


def _checked(knobs: Sequence[Knob], where: Sequence[Any]) -> Any:
    return as_function(Integer(0), [knob.symbol for knob in knobs], where=where)


def _require_some(knobs: Sequence[Knob], where: Sequence[Any]) -> None:
    """Refuse values of which none meets a condition, where all can be tried."""
    for condition in where:
        about = [knob for knob in knobs if knob.symbol in condition.free_symbols]
        if math.prod(len(knob.values) for knob in about) > PROVED:
            continue
        if not _mask(about, [condition], [knob.values for knob in about]).any():
            listed = ", ".join(f"{knob.name} from {knob.values[0]} to {knob.values[-1]}" for knob in about)
            rule = condition.explained if isinstance(condition, Condition) else condition
            raise ConditionError(f"no value meets the condition {rule}: {listed}")


def _mask(knobs: Sequence[Knob], where: Sequence[Any], values: Sequence[Sequence[Number]]) -> Any:
    """Where the conditions hold on the grid of some values."""
    import numpy as np

    axes = [np.array(list(one), dtype=object if _wide(one) else np.int64) for one in values]
    return _checked(knobs, where).valid(*np.meshgrid(*axes, indexing="ij"))


def _wide(values: Sequence[Number]) -> bool:
    return any(type(value) is not int or abs(value) >= 2**62 for value in values)


def _moved(knobs: tuple[Knob, ...], at: Given, where: Sequence[Any]) -> tuple[Knob, ...]:
    """The knobs at a point that meets the conditions, if one is found; what ``at`` gives stays.

    Raises:
        ConditionError: what ``at`` gives breaks a condition.
    """
    import numpy as np

    for condition in where:
        if condition.free_symbols <= at.keys() and not _meets([k for k in knobs if k.symbol in at], [condition]):
            breaking = {knob.name: knob.start for knob in knobs if knob.symbol in condition.free_symbols}
            rule = condition.explained if isinstance(condition, Condition) else str(condition)
            raise ConditionError(broken(breaking, rule))
    most = max(2, int(SEARCHED ** (1 / len(knobs))))
    values = [[knob.start] if knob.symbol in at else thinned(knob.values, most) for knob in knobs]
    if math.prod(map(len, values)) > PROVED:
        return knobs
    found = np.argwhere(_mask(knobs, where, values))
    if not len(found):
        return knobs
    place = found[len(found) // 2]
    return tuple(replace(knob, start=one[int(i)]) for knob, one, i in zip(knobs, values, place, strict=True))


def exact_values(given: Mapping[Symbol, Any]) -> dict[Symbol, Number]:
    """Values as exact numbers, those that are none being passed over."""
    numbers = {symbol: exact_number(value) for symbol, value in given.items()}
    return {symbol: number for symbol, number in numbers.items() if number is not None}
