"""Judging an answer: a number by its value, a formula by its values at many points, exactly."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from numbers import Integral, Rational, Real
from typing import Any

from sympy import Expr, Integer, Symbol, nan
from sympy import Rational as Ratio

from ..errors import SizeError, SymcnnError, UnknownNameError, nearest
from .checked import Checked
from .claim import Claim, spoken
from .draw import Draw
from .problem import Problem

POINTS = 12
"""At how many points formulas are compared, besides the exercise's own numbers."""

ROUNDED = Ratio(1, 10)
"""How far an answer may be from a mistake that is no whole number."""

TRIES = 4000
"""How many points are drawn to find those at which there is such a layer."""

LARGEST = {"k": 9, "s": 7, "p": 6, "d": 5, "g": 6, "a": 3}
"""Up to what the settings of layers are drawn; other sizes go far higher."""

Point = dict[Symbol, Integer]


def judged(problem: Problem, answer: Any) -> Checked:
    """What there is to say of an answer.

    Raises:
        SizeError: it is neither a number nor a formula.
        UnknownNameError: a formula with a name that the exercise does not have.
    """
    if answer is Ellipsis:
        return Checked(False, "no answer yet; put a number or a formula in the place of the dots")
    formula = understood(problem, answer)
    points = list(_points(problem, formula))
    written = bool(formula.free_symbols)
    if _same(formula, problem.answer, points):
        return Checked(True, problem.right.text if written else problem.right.equation)
    known = next((claim for claim in problem.mistakes if _same(formula, claim.formula, points)), None)
    if known is None and not written:
        known = _nearly(problem, formula) or problem.judged(formula)
    if known is not None:
        return Checked(False, known.said(written=written), known.mistake)
    return Checked(False, f"{_unknown(problem, formula, points)} Asked is {problem.asked}. Hint: {problem.hint}.")


def understood(problem: Problem, answer: Any) -> Expr:
    """An answer as an expression: a number of any kind, or a text.

    Raises:
        SizeError: it is neither.
        UnknownNameError: a name that the exercise does not have.
    """
    if isinstance(answer, str):
        return problem.sizes.read(answer)
    if isinstance(answer, Expr) and answer.free_symbols:
        return _in_sizes(problem, answer)
    if isinstance(answer, Integral) and not isinstance(answer, bool):
        return Integer(int(answer))
    number = _number(answer)
    if number is None:
        raise SizeError(f"an answer is a number or a formula, got {_short(answer)}")
    return number


def _in_sizes(problem: Problem, formula: Expr) -> Expr:
    """A SymPy expression, in the exercise's sizes alone."""
    known = {**problem.sizes.values, **problem.sizes.derived}
    for symbol in sorted(formula.free_symbols - known.keys(), key=str):
        raise UnknownNameError(f"no size is named {symbol.name!r} here{nearest(symbol.name, map(str, known))}")
    return formula.xreplace(dict(problem.sizes.derived))


def _number(answer: Any) -> Expr | None:
    if isinstance(answer, bool):
        return None
    if isinstance(answer, Expr):
        return answer if answer.is_Rational else None
    try:
        if isinstance(answer, Rational):
            return Ratio(int(answer.numerator), int(answer.denominator))
        if isinstance(answer, Real | Decimal):
            over, under = Fraction(answer).as_integer_ratio()  # type: ignore[arg-type]
            return Ratio(over, under)
    except (ValueError, OverflowError):  # nan and inf
        return None
    return None


def _short(answer: Any) -> str:
    text = repr(answer)
    return text if len(text) <= 60 else text[:57] + "..."


def _same(one: Expr, other: Expr, points: Iterable[Point]) -> bool:
    return all(_at(one, point) == _at(other, point) for point in points)


def _nearly(problem: Problem, number: Expr) -> Claim | None:
    """The mistake whose number is no whole one and is rounded in the answer: ``13.67`` for 41/3."""
    if number.is_Integer:
        return None
    broken = (claim for claim in problem.mistakes if not claim.value.is_Integer)
    return next((claim for claim in broken if abs(claim.value - number) < ROUNDED), None)


def _at(formula: Expr, point: Point) -> Expr:
    """A formula at a point; nan, which equals nothing that is asked, where it has no value."""
    try:
        found = formula.xreplace(point)
    except (ZeroDivisionError, SymcnnError):
        return nan
    return found if found.is_Rational else nan


def _points(problem: Problem, formula: Expr) -> Iterator[Point]:
    """The exercise's numbers; for a formula also others, for the sizes that it has.

    A size that it does not have keeps its number: ``k·k·C_in·32 + 32`` is right if there are 32 filters.
    """
    own = {symbol: Integer(value) for symbol, value in problem.sizes.values.items()}
    yield own
    free = tuple(sorted(formula.free_symbols & own.keys(), key=str))
    fixed = tuple((symbol, value) for symbol, value in own.items() if symbol not in free)
    yield from (dict(point) for point in _drawn(free, fixed, problem.answer))


@lru_cache(maxsize=256)
def _drawn(
    free: tuple[Symbol, ...], fixed: tuple[tuple[Symbol, Integer], ...], answer: Expr
) -> tuple[tuple[tuple[Symbol, Integer], ...], ...]:
    """Points at which there is such a layer: groups divide the channels, and the output has positions."""
    draw = Draw("points", *free)
    found: list[tuple[tuple[Symbol, Integer], ...]] = []
    for _ in range(TRIES if free else 0):
        point = dict(fixed) | {symbol: Integer(draw.whole(1, LARGEST.get(symbol.name, 60))) for symbol in free}
        if _stands(point, answer):
            found.append(tuple(point.items()))
        if len(found) == POINTS:
            break
    return tuple(found)


def _stands(point: Point, answer: Expr) -> bool:
    named = {symbol.name: value for symbol, value in point.items()}
    groups = named.get("g", Integer(1))
    channels = [named[name] for name in ("C_in", "C_out") if name in named]
    if any(channel % groups for channel in channels):
        return False
    extent = named.get("d", Integer(1)) * (named["k"] - 1) + 1 if "k" in named else Integer(1)
    fits = "H" not in named or named["H"] > extent
    value = _at(answer, point)
    return bool(fits and value.is_Integer and value >= 0)


def _unknown(problem: Problem, formula: Expr, points: list[Point]) -> str:
    """What can be said of an answer that is wrong in a way of its own."""
    here = problem.sizes.at(formula)
    if here == problem.number:
        other = next(point for point in points if _at(formula, point) != _at(problem.answer, point))
        sizes = ", ".join(f"{symbol} = {other[symbol]}" for symbol in sorted(formula.free_symbols, key=str))
        return (
            f"that gives {spoken(here)} here, but not in general: with {sizes} it gives {spoken(_at(formula, other))}, "
            f"not {spoken(_at(problem.answer, other))}."
        )
    if not here.is_Rational:
        return "that has no value here."
    if formula.free_symbols:
        return f"that gives {spoken(here)} here."
    whole = "" if here.is_Integer else ", and a count is a whole number"
    return f"not {spoken(here)}{whole}."
