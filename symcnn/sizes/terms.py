"""Sizes term by term: what their form alone tells of them, without SymPy's slower assumption queries.

``linear`` reads a sum, ``least`` and ``smallest`` bound it from below, ``multiple_of`` finds a number
that divides it, ``is_whole`` tells whether it is an integer. All are sound and none is complete: where
the form does not tell, they say so. Functions of our own say for themselves what they know, as
``least_value`` and ``multiple``.
"""

from __future__ import annotations

import math
from typing import Any

from sympy import Add, Expr, Max, Min, Mul, S, expand_mul, fraction, multiplicity

Terms = dict[Expr, int]

DIGITS = 4096
"""Binary digits up to which the least value of a power is worked out."""


def expanded_terms(expr: Expr) -> list[Expr]:
    """The terms of a sum, with products of sums multiplied out, and ``2**(i + 1)`` as ``2*2**i``."""
    terms: list[Expr] = []
    for term in Add.make_args(expr):
        if term.is_Mul and any(factor.is_Add for factor in term.args):
            terms.extend(map(split_power, Add.make_args(expand_mul(term, deep=False))))
        else:
            terms.append(split_power(term))
    return terms


def split_power(term: Expr) -> Expr:
    """``4*2**i`` for ``2**(i + 2)``: SymPy keeps them apart, so that equal sizes would differ."""
    if not term.args or not any(map(_is_shifted, Mul.make_args(term))):
        return term
    parts = [(f.base, f.exp.as_coeff_Add()) if _is_shifted(f) else (f, (S.Zero, S.One)) for f in Mul.make_args(term)]
    return Mul(*(base**constant * base**rest for base, (constant, rest) in parts))


def joined_power(term: Expr) -> Expr:
    """``2**(i + 2)`` for ``4*2**i``, as it reads best."""
    number, rest = term.as_coeff_Mul(rational=True)
    if number == 1 or not any(f.is_Pow and f.base.is_Integer for f in Mul.make_args(rest)):
        return term
    factors = []
    for factor in Mul.make_args(rest):
        if factor.is_Pow and factor.base.is_Integer and factor.base > 1:
            times = multiplicity(factor.base, number)
            number /= factor.base**times
            factor = factor.base ** (factor.exp + times)
        factors.append(factor)
    return Mul(number, *factors)


def _is_shifted(factor: Expr) -> bool:
    """Whether a factor is a number's power with a constant in its exponent."""
    return bool(factor.is_Pow and factor.base.is_Rational and factor.exp.is_Add and factor.exp.args[0].is_Integer)


def linear(expr: Expr) -> tuple[int, Terms, int]:
    """``(constant, {term: coefficient}, scale)`` with ``expr*scale = constant + sum``, integers all."""
    parts: dict[Expr, Any] = {}
    for term in expanded_terms(expr):
        coefficient, rest = term.as_coeff_Mul(rational=True)
        parts[rest] = parts.get(rest, 0) + coefficient
    scale = math.lcm(*(int(coefficient.q) for coefficient in parts.values()))
    integers = {rest: int(c.p) * (scale // int(c.q)) for rest, c in parts.items() if c}
    return integers.pop(S.One, 0), integers, scale


def summed(constant: int, terms: Terms) -> Expr:
    """The sum that ``linear`` read, times its scale."""
    return Add(*(rest * c for rest, c in terms.items()), constant)


def least(expr: Expr) -> int | None:
    """A whole number that an expression is never below, or None where its form does not tell."""
    constant, terms, scale = linear(expr)
    total = constant
    for rest, c in terms.items():
        low = smallest(rest)
        if low is None or c < 0:
            return None
        total += c * low
    return total // scale


def smallest(term: Expr) -> int | None:
    """A number of at least 0 that a term is never below, or None where its form does not tell."""
    if term.is_Symbol:
        if term.is_positive:
            return 1 if term.is_integer else 0
        return 0 if term.is_nonnegative else None
    if term.is_Integer:
        return int(term) if term >= 0 else None
    if term.is_Mul:
        return _joined(math.prod, term)
    if term.is_Pow:
        return _smallest_power(*term.args)
    if isinstance(term, Max | Min):
        return _joined(max if isinstance(term, Max) else min, term)
    known: int | None = least(term) if term.is_Add else getattr(term, "least_value", None)
    return known if known is None or known >= 0 else None


def _joined(how: Any, term: Expr) -> int | None:
    found = [smallest(arg) for arg in term.args]
    return None if None in found else how(found)


def _smallest_power(base: Expr, exponent: Expr) -> int | None:
    low, times = smallest(base), least(exponent)
    if low is None or times is None or times < 0:
        return None
    return low ** min(times, DIGITS // low.bit_length()) if low else 0


def multiple_of(expr: Expr) -> int:
    """A whole number that surely divides an integer expression; 1 where nothing is known."""
    if expr.is_Symbol:
        return 1
    if expr.is_Integer:
        return abs(int(expr))
    if expr.is_Mul:
        number, rest = expr.as_coeff_Mul(rational=True)
        found = int(number.p) * math.prod(map(multiple_of, Mul.make_args(rest)))
        return abs(found) // int(number.q) if found % int(number.q) == 0 else 1
    if expr.is_Pow:
        base = multiple_of(expr.base)
        times = least(expr.exp) if base > 1 else None
        return base ** min(times, DIGITS // base.bit_length()) if times and times > 0 else 1
    if expr.is_Add:
        return math.gcd(*map(multiple_of, expr.args))
    known: int = getattr(expr, "multiple", 1)
    return known


def is_whole(expr: Expr) -> bool:
    """Whether an expression is an integer, by its form alone."""
    if expr.is_Symbol or expr.is_Number:
        return bool(expr.is_integer)
    if expr.is_Add:
        return all(map(is_whole, expr.args))
    if expr.is_Mul:
        number, rest = expr.as_coeff_Mul(rational=True)
        if not number.is_Integer:
            return is_whole(rest) and multiple_of(rest) * int(number.p) % int(number.q) == 0
        return all(map(is_whole, Mul.make_args(rest)))
    if expr.is_Pow and is_whole(expr.base) and is_whole(expr.exp):
        times = least(expr.exp)
        return times is not None and times >= 0
    return expr.is_integer is True


def divides_evenly(divisor: Expr, term: Expr) -> bool:
    """Whether ``term/divisor`` is an integer by its form alone: no divisor is left under it."""
    if divisor.is_Integer:
        number, rest = term.as_coeff_Mul(rational=True)
        if number.is_Integer and multiple_of(rest) * int(number) % int(divisor) == 0 and is_whole(rest):
            return True
    elif term.is_Integer:
        return bool(term.is_zero)
    quotient = term / divisor
    return bool(fraction(quotient)[1] == 1 and quotient.is_integer)


def over_integers(expr: Expr) -> bool:
    """Whether every symbol of an expression is an integer."""
    return all(symbol.is_integer for symbol in expr.free_symbols)
