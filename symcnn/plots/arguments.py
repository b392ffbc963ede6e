"""What a picture is asked for: expressions, symbols and their values, read and checked."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
from sympy import Expr, Integer, Symbol

from ..errors import SizeError
from ..layer import Layer
from ..profile import Profile
from ..sizes import as_value, exact_number, resolve
from .words import formula

Ranges = Mapping[Any, Iterable[Any]]
Values = Mapping[Any, Any]
Number = int | Fraction
LARGEST = 2**63 - 1

OVER = {
    1: "one symbol and its range, {w: range(8, 513, 8)}",
    2: "two symbols and their ranges, {w: range(8, 129), H: range(96, 321)}",
}
"""What ``over`` takes, by the number of axes that show sizes."""


def expressions(exprs: Any) -> dict[str, Expr]:
    """What ``curves`` draws, by name; one expression alone needs none.

    Raises:
        SizeError: something that is not an expression, or nothing at all.
    """
    if isinstance(exprs, Mapping):
        found = {str(name): expression(expr) for name, expr in exprs.items()}
    elif isinstance(exprs, Sequence) and not isinstance(exprs, str):
        listed = [expression(expr) for expr in exprs]
        names = _formulas(listed) if len(listed) > 1 else [""]
        found = dict(zip(names, listed, strict=False))
    else:
        found = {"": expression(exprs)}
    if not found:
        raise SizeError(f"curves draws at least one expression, got {exprs!r}")
    return found


def _formulas(exprs: list[Expr]) -> list[str]:
    """A name for each: its formula, or its index where one of the formulas is long or is there twice."""
    texts = [formula(expr) for expr in exprs]
    short = [text for text in texts if text is not None]
    distinct = len(set(short)) == len(exprs)
    return short if distinct else [f"expression {i}" for i in range(len(exprs))]


def expression(expr: Any, face: str = "curves") -> Expr:
    """One expression that the function ``face`` draws.

    Raises:
        SizeError: anything else.
    """
    if isinstance(expr, (Layer, Profile)):
        kind = "network or layer" if isinstance(expr, Layer) else "profile"
        raise SizeError(f"{face} draws expressions, got the {kind} {expr!r}; give one of its quantities: net.params")
    if isinstance(expr, Expr):
        return expr
    if isinstance(expr, (int, np.integer)) and not isinstance(expr, bool):
        return Integer(int(expr))
    raise SizeError(f"{face} draws SymPy expressions, such as net.params, got {expr!r}")


def mapping(word: str, given: Any, example: str) -> Values | None:
    """Symbols and what was given for them.

    Raises:
        SizeError: anything else than a mapping.
    """
    if given is not None and not isinstance(given, Mapping):
        raise SizeError(f"{word} takes symbols and their values, {example}, got {given!r}")
    return given


def ranges(over: Any, known: list[Symbol], axes: int) -> dict[Symbol, tuple[Number, ...]]:
    """The symbols that the axes show, each with its numbers in order.

    Raises:
        SizeError: another number of symbols, or what is no range of sizes.
        UnknownNameError: a name that no symbol has.
    """
    if not isinstance(over, Mapping) or len(over) != axes:
        got = ", ".join(map(str, over)) if isinstance(over, Mapping) else repr(over)
        raise SizeError(f"over takes {OVER[axes]}, got {got or 'none'}")
    by_name = {symbol.name: symbol for symbol in known}
    resolve(known, over, {})  # Raises for what is no symbol here; one that nothing depends on is drawn all the same.
    symbols = [by_name[key] if isinstance(key, str) else key for key in over]
    return {
        symbol: tuple(sorted(numbers("over", symbol, given)))
        for symbol, given in zip(symbols, over.values(), strict=True)
    }


def numbers(word: str, symbol: Symbol, given: Any) -> tuple[Number, ...]:
    """The numbers given for a symbol, each of which may stand for it, each once.

    Raises:
        SizeError: not several values, none, or one that the symbol cannot have.
    """
    try:
        listed = list(given) if not isinstance(given, str) else None
    except TypeError:
        listed = None
    if listed is None:
        example = "range(8, 513, 8)" if word == "over" else "[10, 1000]"
        raise SizeError(f"{word} takes several values for {symbol}, such as {example}, got {given!r}")
    if not listed:
        raise SizeError(f"{word} has no value for {symbol}: {given!r} is empty")
    return tuple(dict.fromkeys(_number(symbol, value) for value in listed))


def _number(symbol: Symbol, value: Any) -> Number:
    number = exact_number(as_value(symbol, value))
    if number is None or number > LARGEST:
        kind = "integers" if symbol.is_integer else "numbers"
        raise SizeError(f"{symbol} takes {kind} below 2**63 here, got {value}")
    return number


def budgets(budget: Any) -> tuple[Number, ...]:
    """Budgets as exact numbers: one number, or several in a list.

    Raises:
        SizeError: one that is not a positive number.

    >>> budgets([5e6, 10])
    (5000000, 10)
    """
    if budget is None:
        return ()
    listed = budget if isinstance(budget, Iterable) and not isinstance(budget, str) else (budget,)
    return tuple(_budget(value) for value in listed)


def _budget(value: Any) -> Number:
    number = _exact(value)
    if number is None or number <= 0:
        raise SizeError(f"a budget must be a positive number, got {value!r}")
    return number


def _exact(value: Any) -> Number | None:
    """A number as it is; a float stands for the binary fraction that it is. None for whatever else."""
    if isinstance(value, float):
        return exact_number(Fraction(value)) if math.isfinite(value) else None
    return exact_number(value)


class Measured(NamedTuple):
    """A point that was measured, and what is said of it."""

    x: Number
    y: Number
    label: str


def measured_points(measured: Any) -> tuple[Measured, ...]:
    """The points to lay over curves.

    Raises:
        SizeError: something else than ``(x, y, label)``.
    """
    if measured is None:
        return ()
    if not isinstance(measured, Iterable) or isinstance(measured, (str, Mapping)):
        raise SizeError(f"measured takes a list of points (x, y, label), got {measured!r}")
    return tuple(_measured(point) for point in measured)


def _measured(point: Any) -> Measured:
    if isinstance(point, Sequence) and not isinstance(point, str) and len(point) == 3:
        x, y = (_exact(value) for value in point[:2])
        if x is not None and y is not None and isinstance(point[2], str):
            return Measured(x, y, point[2])
    raise SizeError(f"measured takes points (x, y, label), two numbers and a text, got {point!r}")
