"""What is worked out once for formulas that are asked about many times: symbols, functions, trends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sympy import Expr, Integer, Pow, Rational, Sum, Symbol
from sympy.core.relational import Relational
from sympy.logic.boolalg import BooleanFalse, BooleanTrue

from ..errors import ConditionError, SizeError
from ..numeric import CompiledFunction, as_function, evaluate
from ..numeric.inputs import int64_or_object
from ..sizes import Condition, canonical, free_symbols, recheck
from .proofs.trend import Way, way_of

MANY = 512
"""How many answers are remembered."""

Pairs = tuple[tuple[Symbol, Any], ...]
"""Symbols and their values, in a form that can be remembered."""


@lru_cache(maxsize=MANY)
def symbols_of(formula: Any) -> tuple[Symbol, ...]:
    """The symbols of an expression or a condition, by name."""
    return tuple(free_symbols([formula]))


@lru_cache(maxsize=MANY)
def function_of(exprs: tuple[Expr, ...]) -> CompiledFunction:
    """An exact function of all symbols in some formulas; its result is a tuple."""
    return as_function(exprs)


def exactly(formula: Expr, values: Mapping[Symbol, Any]) -> Expr:
    """The value of a formula as a SymPy number: a sum that does not close is added up; a logarithm stays."""
    if formula.is_Rational:
        return formula
    try:
        return Rational(evaluate(formula, values))
    except SizeError:
        return formula.subs(values)


def on_arrays(function: CompiledFunction, arguments: Sequence[Any]) -> Sequence[Any]:
    """A function's results at numbers or arrays; where they are not whole everywhere, arrays of exact fractions."""
    try:
        found: Sequence[Any] = function(*arguments)
    except ConditionError:
        if not any(getattr(argument, "ndim", 0) for argument in arguments):
            raise
        return _point_by_point(function, arguments)
    return found


def _point_by_point(function: CompiledFunction, arguments: Sequence[Any]) -> Sequence[Any]:
    import numpy as np

    given = np.broadcast_arrays(*(np.asarray(argument, object) for argument in arguments))
    points = [function(*point) for point in zip(*(array.ravel().tolist() for array in given), strict=True)]
    return [int64_or_object(column, given[0].shape) for column in zip(*points, strict=True)]


@lru_cache(maxsize=MANY)
def test_of(conditions: tuple[Any, ...], symbols: tuple[Symbol, ...]) -> CompiledFunction:
    """A function whose ``valid`` tells where conditions hold and symbols may have such values."""
    return as_function(Integer(0), free_symbols([*conditions, *symbols]), where=conditions)


@lru_cache(maxsize=MANY)
def tied(expr: Expr, ties: Pairs) -> Expr:
    """A formula with symbols set to expressions in others, ``W`` to ``H``."""
    return canonical(expr.xreplace(dict(ties))) if ties else expr


@lru_cache(maxsize=MANY)
def tied_condition(condition: Any, ties: Pairs) -> tuple[Any, ...]:
    """A condition with symbols set to expressions in others: itself, another, or none that is left to check.

    Raises:
        ConditionError: it can never hold.
    """
    if not ties:
        return (condition,)
    if isinstance(condition, Condition):
        return recheck(condition, dict(ties))
    relation = condition.xreplace(dict(ties))
    if isinstance(relation, BooleanFalse):
        raise ConditionError(f"{condition} never holds where {', '.join(f'{s} = {value}' for s, value in ties)}")
    return () if isinstance(relation, BooleanTrue) or not isinstance(relation, Relational) else (relation,)


@lru_cache(maxsize=MANY)
def known_way(expr: Expr, x: Symbol, first: Any, numbers: Pairs) -> Way:
    """Which way a formula goes from a first value on: by its form alone, else with numbers put in."""
    start = Rational(first)
    way = way_of(expr, x, start)
    return way_of(with_numbers(expr, numbers), x, start) if way is None and numbers else way


@lru_cache(maxsize=MANY)
def is_costly(x: Symbol, expr: Expr) -> bool:
    """Whether large values of a symbol are: it stands in an exponent, or in the limits of a sum that does not close."""
    exponents = (power.exp for power in expr.atoms(Pow))
    ends = (bound for total in expr.atoms(Sum) for limit in total.limits for bound in limit[1:])
    return any(x in part.free_symbols for part in (*exponents, *ends))


@lru_cache(maxsize=MANY)
def with_numbers(expr: Expr, numbers: Pairs) -> Expr:
    """A formula with numbers put in for symbols."""
    return canonical(expr.subs({symbol: Rational(value) for symbol, value in numbers}))
