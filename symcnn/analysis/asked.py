"""What is asked about: the formula, the symbol, and the values of the others, checked once for every question."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sympy import Expr, Integer, Rational, S, Symbol

from ..errors import SizeError, UnknownNameError, nearest
from ..layer import Layer
from ..profile import Profile
from ..sizes import as_rational, as_size, as_value, exact_hint, exact_number, free_symbols, resolve
from ..sizes.symbols import is_dim, is_ratio

Values = Mapping[Any, Any]

ENDLESS = (S.Infinity, S.NegativeInfinity, S.ComplexInfinity, S.NaN, S.ImaginaryUnit)
"""What stands in no formula."""


def as_formula(value: Any, what: str) -> Expr:
    """A formula: a SymPy expression, or an exact number.

    Raises:
        SizeError: whatever else; of a network one of its quantities is meant.
    """
    if isinstance(value, (Layer, Profile)):
        kind = "network or layer" if isinstance(value, Layer) else "profile"
        raise SizeError(f"{what} takes a formula, got the {kind} {value!r}; give one of its quantities: net.params")
    if isinstance(value, Expr):
        if value.has(*ENDLESS):
            raise SizeError(f"{what} takes a formula in finite real numbers, got {value}")
        return value
    number = exact_number(value)
    if number is None:
        hint = exact_hint(value) if isinstance(value, float) else ""
        raise SizeError(f"{what} takes a SymPy expression, such as net.params, got {value!r}{hint}")
    return Rational(number)


def as_symbol(x: Any, exprs: Iterable[Any], what: str) -> Symbol:
    """The symbol that is asked about, given by itself or by name; formulas need not depend on it.

    Raises:
        UnknownNameError: a name that no symbol has.
        SizeError: a symbol that only looks like one of the formulas', or no symbol at all.
    """
    by_name = {symbol.name: symbol for symbol in free_symbols(exprs)}
    if isinstance(x, str):
        if x not in by_name:
            raise UnknownNameError(f"no size is named {x!r} here{nearest(x, by_name)}")
        return by_name[x]
    if not isinstance(x, Symbol):
        raise SizeError(f"{what} is about a symbol or its name, got {x!r}")
    if by_name.get(x.name, x) != x or not (x.name in by_name or is_dim(x) or is_ratio(x)):
        raise SizeError(f"the symbol {x} was not made by dims() as the formula's own; give it by name")
    return x


def as_step(step: Any, x: Symbol) -> Expr:
    """How far the next value of a symbol is: 1, or 2 for one that is odd; a multiplier has no next one.

    Raises:
        SizeError: a step that leads to no such value, or none where one must be given.
    """
    if step is None:
        if x.is_integer is False or is_ratio(x):
            raise SizeError(f"{x} is a multiplier and has no next value; give a step, such as Rational(1, 4)")
        return Integer(2 if x.is_odd else 1)
    found = as_rational(step, "step") if is_ratio(x) else as_size(step, "step")
    if x.is_odd and found.is_odd:
        raise SizeError(f"{x} is odd, so a step must be even, got {step}")
    return found


def settled(exprs: Iterable[Expr], at: Values | None, free: Iterable[Symbol] = ()) -> dict[Symbol, Expr]:
    """The values of symbols, by symbol or by name; a value may depend on other symbols, ``{W: H}``.

    Raises:
        UnknownNameError: a name that no symbol has.
        SizeError: a value that is no size, one of a symbol that is to stay free, or values in a circle.
    """
    told = [value for value in at.values() if isinstance(value, Expr)] if isinstance(at, Mapping) else []
    given = resolve(free_symbols([*exprs, *free, *told]), at, {})
    values = {symbol: as_value(symbol, value) for symbol, value in given.items()}
    for symbol in free:
        if symbol in values:
            raise SizeError(f"{symbol} is what is asked about, so at gives no value for it, got {values[symbol]}")
    for _ in values:
        values = {symbol: value.xreplace(values) for symbol, value in values.items()}
    for symbol, value in given.items():
        if not values.keys().isdisjoint(values[symbol].free_symbols):
            raise SizeError(f"values in at go in a circle: {symbol} is {value}")
    return values
