"""The numbers of a picture, apart from the drawing: ``curve_data``."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
from sympy import Expr, Integer, Symbol

from ..errors import MissingValueError, SizeError
from ..layer import Layer
from ..numeric import as_function
from ..numeric.checks import as_conditions
from ..profile import Profile
from ..sizes import as_value, exact_number, free_symbols, resolve
from .words import assigned, formula

Ranges = Mapping[Any, Iterable[Any]]
Values = Mapping[Any, Any]
Number = int | Fraction
LARGEST = 2**63 - 1


@dataclass(frozen=True)
class Curve:
    """The exact values of one expression over a range: ``y[i]`` belongs to ``x[i]``.

    ``label`` is the text that is drawn, with symbols in mathtext: ``$K$ = 10``.
    """

    label: str
    x: tuple[Number, ...]
    y: tuple[Number, ...]

    @property
    def slope(self) -> float | None:
        """The local exponent at the right end: over the last doubling of ``x``, or what there is of it.

        Between neighbouring points the roundings of strides would drown it. None for one point,
        for a value that is not positive, and for a staircase.

        >>> Curve("", (1, 10, 20), (5, 50, 200)).slope
        2.0
        """
        if len(self.x) < 2 or self.staircase:
            return None
        start = max((i for i, x in enumerate(self.x) if 2 * x <= self.x[-1]), default=0)
        ends = [(pair[start], pair[-1]) for pair in (self.x, self.y)]
        if min(value for pair in ends for value in pair) <= 0:
            return None
        run, rise = (math.log(_ratio(last, first)) for first, last in ends)
        return rise / run

    @property
    def staircase(self) -> bool:
        """Whether neighbouring sizes often have the same value, as a layer with a stride gives.

        >>> Curve("", (1, 2, 3, 4, 5, 6), (1, 1, 2, 2, 3, 3)).staircase
        True
        """
        consecutive = self.x[-1] - self.x[0] == len(self.x) - 1
        held = sum(one == other for one, other in zip(self.y, self.y[1:], strict=False))
        return consecutive and 4 * held >= len(self.x) and len(set(self.y)) > 1


def _ratio(one: Number, other: Number) -> Fraction:
    return Fraction(one) / Fraction(other)


def curve_data(
    exprs: Any,
    over: Ranges,
    vary: Ranges | None = None,
    at: Values | None = None,
    *,
    where: Iterable[Any] = (),
) -> list[Curve]:
    """The numbers that ``curves`` draws: one ``Curve`` for each expression and choice of ``vary``.

    The arguments are those of ``curves``.

    Raises:
        SizeError: what is drawn is not an expression, or a value is not a size.
        UnknownNameError: a name that no symbol has.
        MissingValueError: a symbol is left without a value.
        ConditionError: a value in the range breaks a condition.

    >>> import symcnn as sc
    >>> w, K = sc.dims("w K")
    >>> for curve in curve_data(w * (K + 1), over={w: [8, 16]}, vary={K: [10, 100]}):
    ...     print(curve.label, curve.x, curve.y)
    $K$ = 10 (8, 16) (88, 176)
    $K$ = 100 (8, 16) (808, 1616)
    """
    plan = Plan(exprs, over, vary, at, where)
    return [curve for name, expr in plan.exprs.items() for curve in plan.family(name, expr)]


class Plan:
    """The arguments of a picture, checked: which symbol runs, which vary, which are fixed."""

    def __init__(self, exprs: Any, over: Ranges, vary: Ranges | None, at: Values | None, where: Any) -> None:
        self.exprs = _named(exprs)
        self._conditions = as_conditions(where)
        formulas = [*self.exprs.values(), *self._conditions]
        fixed = resolve(free_symbols(formulas), _mapping("at", at, "{H: 224, W: 224}"), {})
        self._at = {symbol: as_value(symbol, value) for symbol, value in fixed.items()}
        known = free_symbols([*formulas, *self._at.values()])
        self.symbol, given = _running(over, known)
        self.x = _numbers("over", self.symbol, given)
        varied = resolve(known, _mapping("vary", vary, "{K: [10, 1000]}"), {})
        self._vary = {symbol: _numbers("vary", symbol, given) for symbol, given in varied.items()}
        self._refuse_twice()
        for _ in self._at:
            self._at = {symbol: value.xreplace(self._at) for symbol, value in self._at.items()}

    @property
    def fixed(self) -> dict[Symbol, Expr]:
        """The symbols of the expressions that have a value of their own, with it."""
        used = {symbol for expr in self.exprs.values() for symbol in expr.free_symbols}
        return {symbol: value for symbol, value in self._at.items() if symbol in used}

    def family(self, name: str, expr: Expr) -> Iterator[Curve]:
        """The curves of one expression, one for each choice of what varies in it."""
        used = set().union(*(self._at.get(symbol, symbol).free_symbols for symbol in expr.free_symbols))
        _require_values(used - {self.symbol, *self._vary})
        varying = {symbol: values for symbol, values in self._vary.items() if symbol in used}
        for choice in product(*varying.values()):
            chosen = dict(zip(varying, choice, strict=True))
            label = ", ".join(part for part in (name, assigned(chosen)) if part) or formula(expr) or ""
            yield Curve(label, self.x, tuple(self._values(expr, chosen)))

    def _values(self, expr: Expr, chosen: Mapping[Symbol, Number]) -> list[Number]:
        """The values of an expression over the range, each exact."""
        values: dict[Symbol, Any] = {self.symbol: np.array(self.x), **chosen}
        values |= {s: _on_arrays(e, values) for s, e in self._at.items() if e.free_symbols <= values.keys()}
        conditions = tuple(c for c in self._conditions if c.free_symbols <= values.keys())
        if conditions or not expr.is_integer:
            return _by_points(expr, values, conditions, len(self.x))
        return list(np.broadcast_to(_on_arrays(expr, values), len(self.x)).tolist())

    def _refuse_twice(self) -> None:
        given: dict[Symbol, str] = {}
        for word, symbols in (("over", [self.symbol]), ("vary", self._vary), ("at", self._at)):
            for symbol in symbols:
                if symbol in given:
                    raise SizeError(f"{symbol} is given twice: in {given[symbol]} and in {word}")
                given[symbol] = word


def _mapping(word: str, given: Any, example: str) -> Values | None:
    if given is not None and not isinstance(given, Mapping):
        raise SizeError(f"{word} takes symbols and their values, {example}, got {given!r}")
    return given


def _on_arrays(expr: Expr, values: Mapping[Symbol, Any]) -> Any:
    """The value of an expression: an array where a value is one."""
    symbols = free_symbols([expr])
    return as_function(expr, symbols)(**{symbol.name: values[symbol] for symbol in symbols})


def _by_points(expr: Expr, values: Mapping[Symbol, Any], conditions: Any, points: int) -> list[Number]:
    """The values one by one: so they may be fractions, and a broken condition tells the very point."""
    symbols = free_symbols([expr, *conditions])
    function = as_function(expr, symbols, where=conditions)
    columns = [np.broadcast_to(values[symbol], points).tolist() for symbol in symbols]
    return [function(*(column[i] for column in columns)) for i in range(points)]


def _require_values(missing: set[Symbol]) -> None:
    if missing:
        names = ", ".join(sorted(symbol.name for symbol in missing))
        raise MissingValueError(f"a value is missing for {names}; give it in at, or several in vary")


def _named(exprs: Any) -> dict[str, Expr]:
    """What is drawn, by name; one expression alone needs none."""
    if isinstance(exprs, Mapping):
        found = {str(name): _expression(expr) for name, expr in exprs.items()}
    elif isinstance(exprs, Sequence) and not isinstance(exprs, str):
        listed = [_expression(expr) for expr in exprs]
        names = _formulas(listed) if len(listed) > 1 else [""]
        found = dict(zip(names, listed, strict=False))
    else:
        found = {"": _expression(exprs)}
    if not found:
        raise SizeError(f"curves draws at least one expression, got {exprs!r}")
    return found


def _formulas(exprs: list[Expr]) -> list[str]:
    """A name for each: its formula, or its index where one of the formulas is long or is there twice."""
    texts = [formula(expr) for expr in exprs]
    short = [text for text in texts if text is not None]
    distinct = len(set(short)) == len(exprs)
    return short if distinct else [f"expression {i}" for i in range(len(exprs))]


def _expression(expr: Any) -> Expr:
    if isinstance(expr, (Layer, Profile)):
        kind = "network or layer" if isinstance(expr, Layer) else "profile"
        raise SizeError(f"curves draws expressions, got the {kind} {expr!r}; give one of its quantities: net.params")
    if isinstance(expr, Expr):
        return expr
    if isinstance(expr, (int, np.integer)) and not isinstance(expr, bool):
        return Integer(int(expr))
    raise SizeError(f"curves draws SymPy expressions, such as net.params, got {expr!r}")


def _running(over: Any, known: list[Symbol]) -> tuple[Symbol, Any]:
    """The symbol that the x axis shows, and its range."""
    if not isinstance(over, Mapping) or len(over) != 1:
        got = ", ".join(map(str, over)) if isinstance(over, Mapping) else repr(over)
        raise SizeError(f"over takes one symbol and its range, {{w: range(8, 513, 8)}}, got {got or 'none'}")
    ((key, given),) = over.items()
    found = resolve(known, over, {})
    return (next(iter(found)) if found else key), given


def _numbers(word: str, symbol: Symbol, given: Any) -> tuple[Number, ...]:
    """A range's numbers, each of which may stand for the symbol; for the x axis in order."""
    try:
        listed = list(given) if not isinstance(given, str) else None
    except TypeError:
        listed = None
    if listed is None:
        example = "range(8, 513, 8)" if word == "over" else "[10, 1000]"
        raise SizeError(f"{word} takes several values for {symbol}, such as {example}, got {given!r}")
    if not listed:
        raise SizeError(f"{word} has no value for {symbol}: {given!r} is empty")
    found = dict.fromkeys(_number(symbol, value) for value in listed)
    return tuple(sorted(found)) if word == "over" else tuple(found)


def _number(symbol: Symbol, value: Any) -> Number:
    number = exact_number(as_value(symbol, value))
    if number is None or number > LARGEST:
        kind = "integers" if symbol.is_integer else "numbers"
        raise SizeError(f"{symbol} takes {kind} below 2**63 here, got {value}")
    return number
