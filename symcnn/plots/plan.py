"""A picture's plan: which symbols run along its axes, which vary, which are fixed, and the exact values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

import numpy as np
from sympy import Expr, Symbol

from ..errors import MissingValueError, SizeError
from ..numeric import as_function
from ..numeric.checks import as_conditions
from ..sizes import as_value, free_symbols, resolve
from .arguments import Number, Ranges, Values, mapping, numbers, ranges

Columns = Mapping[Symbol, Any]
"""The value of each symbol: one for all points of a picture, or an array with one for each."""


class Plan:
    """The arguments of a picture, checked: which symbols run, which vary, which are fixed.

    ``ranges`` are the symbols that run and their numbers, and ``points`` their values at every point:
    of two symbols the first runs fastest. ``hint`` is said where a symbol has no value.
    """

    def __init__(
        self,
        exprs: Mapping[str, Expr],
        over: Ranges,
        *,
        axes: int = 1,
        vary: Ranges | None = None,
        tie: Values | None = None,
        at: Values | None = None,
        where: Any = (),
        hint: str = "give it in at, or several in vary",
    ) -> None:
        self.exprs = exprs
        self.conditions = as_conditions(where)
        self._hint = hint
        formulas = [*self.exprs.values(), *self.conditions]
        self._at: dict[Symbol, Expr] = {}
        given = {"tie": mapping("tie", tie, "{W: H}"), "at": mapping("at", at, "{H: 224, W: 224}")}
        fixed = {word: self._values(free_symbols(formulas), values) for word, values in given.items()}
        for values in fixed.values():
            self._at |= values
        known = free_symbols([*formulas, *self._at.values()])
        self.ranges = ranges(over, known, axes)
        varied = resolve(known, mapping("vary", vary, "{K: [10, 1000]}"), {})
        self.varied = {symbol: numbers("vary", symbol, given) for symbol, given in varied.items()}
        _refuse_twice({"over": self.ranges, "vary": self.varied, **fixed})
        for _ in self._at:
            self._at = {symbol: value.xreplace(self._at) for symbol, value in self._at.items()}
        grid = np.meshgrid(*map(np.array, self.ranges.values()))
        self.points = {symbol: values.ravel() for symbol, values in zip(self.ranges, grid, strict=True)}

    @staticmethod
    def _values(known: list[Symbol], given: Values | None) -> dict[Symbol, Expr]:
        return {symbol: as_value(symbol, value) for symbol, value in resolve(known, given, {}).items()}

    @property
    def symbol(self) -> Symbol:
        """The symbol of the x axis."""
        return next(iter(self.ranges))

    @property
    def x(self) -> tuple[Number, ...]:
        """The numbers of the x axis, in order."""
        return self.ranges[self.symbol]

    @property
    def size(self) -> int:
        """How many points there are."""
        return len(self.points[self.symbol])

    @property
    def fixed(self) -> dict[Symbol, Expr]:
        """The symbols of the expressions that have a value of their own, with it."""
        used = {symbol for expr in self.exprs.values() for symbol in expr.free_symbols}
        return {symbol: value for symbol, value in self._at.items() if symbol in used}

    def choices(self, expr: Expr) -> Iterator[dict[Symbol, Number]]:
        """Every choice of what varies in an expression.

        Raises:
            MissingValueError: a symbol of the expression is left without a value.
        """
        used = set().union(*(self._at.get(symbol, symbol).free_symbols for symbol in expr.free_symbols))
        missing = sorted(symbol.name for symbol in used - {*self.ranges, *self.varied})
        if missing:
            raise MissingValueError(f"a value is missing for {', '.join(missing)}; {self._hint}")
        varying = {symbol: values for symbol, values in self.varied.items() if symbol in used}
        for choice in product(*varying.values()):
            yield dict(zip(varying, choice, strict=True))

    def columns(self, chosen: Mapping[Symbol, Number]) -> Columns:
        """The values of all symbols that have some, for one choice of what varies."""
        values: dict[Symbol, Any] = {**self.points, **chosen}
        return values | {s: _on_arrays(e, values) for s, e in self._at.items() if e.free_symbols <= values.keys()}

    def checked(self, expr: Expr, chosen: Mapping[Symbol, Number]) -> list[Number]:
        """The exact values of an expression at every point, for one choice of what varies.

        Raises:
            ConditionError: a point breaks a condition.
        """
        columns = self.columns(chosen)
        return exact_values(expr, columns, self.size, with_values(self.conditions, columns))

    def values(self, expr: Expr) -> list[Number]:
        """The exact values of an expression at every point, where nothing varies and conditions are not looked at."""
        (chosen,) = self.choices(expr)
        return exact_values(expr, self.columns(chosen), self.size)


def with_values(conditions: tuple[Any, ...], columns: Columns) -> tuple[Any, ...]:
    """The conditions whose symbols all have a value."""
    return tuple(condition for condition in conditions if condition.free_symbols <= columns.keys())


def exact_values(expr: Expr, columns: Columns, size: int, conditions: tuple[Any, ...] = ()) -> list[Number]:
    """The exact values of an expression at ``size`` points.

    Raises:
        ConditionError: a point breaks a condition.
    """
    if conditions or not expr.is_integer:
        return _by_points(expr, columns, size, conditions)
    return list(np.broadcast_to(_on_arrays(expr, columns), size).tolist())


def _refuse_twice(given: Mapping[str, Mapping[Symbol, Any]]) -> None:
    first: dict[Symbol, str] = {}
    for word, symbols in given.items():
        for symbol in symbols:
            if symbol in first:
                raise SizeError(f"{symbol} is given twice: in {first[symbol]} and in {word}")
            first[symbol] = word


def _on_arrays(expr: Expr, values: Columns) -> Any:
    """The value of an expression: an array where a value is one."""
    symbols = free_symbols([expr])
    return as_function(expr, symbols)(**{symbol.name: values[symbol] for symbol in symbols})


def _by_points(expr: Expr, values: Columns, size: int, conditions: tuple[Any, ...]) -> list[Number]:
    """The values one by one: so they may be fractions, and a broken condition tells the very point."""
    symbols = free_symbols([expr, *conditions])
    function = as_function(expr, symbols, where=conditions)
    columns = [np.broadcast_to(values[symbol], size).tolist() for symbol in symbols]
    return [function(*(column[i] for column in columns)) for i in range(size)]
