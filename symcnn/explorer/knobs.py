"""Knobs: the values that each symbol can take on a page, and the one that it starts with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sympy import Symbol

from ..errors import SizeError
from ..numeric.checks import Rule

Number = int | Fraction
Values = range | tuple[Number, ...]

MULTIPLIERS = tuple(Fraction(n, 4) for n in (1, 2, 3, 4, 5, 6, 8))
MOST_CHOICES = 500
"""Values in one list: a range may have as many as it likes."""


@dataclass(frozen=True)
class Knob:
    """A symbol, its values (a range is a slider, all else a choice), and the value it starts with."""

    symbol: Symbol
    values: Values
    start: Number

    @property
    def name(self) -> str:
        """The symbol's name."""
        return str(self.symbol.name)

    def data(self) -> dict[str, Any]:
        """What the page's script needs to know: exact numbers as text."""
        rule = Rule.of(self.symbol)
        told = {"name": self.name, "kind": rule.kind, "integer": rule.integer, "sign": rule.sign, "parity": rule.parity}
        if isinstance(self.values, range):
            first, step = str(self.values[0]), str(self.values.step)
            return {**told, "start": str(self.start), "first": first, "step": step, "count": len(self.values)}
        return {**told, "start": str(self.start), "list": [str(value) for value in self.values]}


def as_values(symbol: Symbol, given: Any) -> Values:
    """The values that ``over`` gives a symbol, from the least.

    Raises:
        SizeError: none, too many in a list, no range or list at all, or a value that the symbol cannot have.
    """
    if isinstance(given, (str, bytes, Mapping)) or not isinstance(given, Iterable):
        raise SizeError(f"over takes a range or a list of values for each symbol, got {given!r} for {symbol}")
    rule = Rule.of(symbol)
    if isinstance(given, range):
        ordered = given if given.step > 0 else given[::-1]
        checked = [rule.number(value) for value in (*ordered[:2], *ordered[-1:])]
        if checked:
            return ordered
    values = tuple(sorted({rule.number(value) for value in given}))
    if not values:
        raise SizeError(f"over gives {symbol} no value: {given!r} is empty")
    if len(values) > MOST_CHOICES:
        raise SizeError(f"a list in over has at most {MOST_CHOICES} values, got {len(values)} for {symbol}")
    return values


def values_around(symbol: Symbol, value: Number, least: int) -> Values:
    """A sensible choice of values round one that is known; ``least`` is what the conditions leave."""
    if not isinstance(value, int) or (symbol.is_integer is not True and symbol.is_positive):
        return tuple(sorted({*MULTIPLIERS, Fraction(value)}))
    first, last = max(least, value // 8), max(2 * value, value + 8)
    if symbol.is_odd:
        return range(first | 1, last + 1, 2)
    if symbol.is_even:
        return range(first + first % 2, last + 1, 2)
    return range(min(first, value), last + 1)


def nearest_value(values: Values, wanted: Number) -> Number:
    """The value that is nearest to what is wanted."""
    if isinstance(values, range):
        place = (Fraction(wanted) - values[0]) / values.step
        return values[min(max(round(place), 0), len(values) - 1)]
    return min(values, key=lambda value: abs(Fraction(value) - Fraction(wanted)))


def thinned(values: Values, most: int) -> Sequence[Number]:
    """All values, or ``most`` of them with the first and the last among them."""
    if len(values) <= most:
        return values
    return [values[i * (len(values) - 1) // (most - 1)] for i in range(most)]
