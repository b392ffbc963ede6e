"""``FloorDiv(n, d)``: ``⌊n/d⌋``, exact, in one canonical form.

SymPy's ``floor((H - 1)/3)`` becomes ``floor(H/3 - 1/3)``, never reduces, and is evaluated in
floating point by generated code. Every size of the package is built on this function instead.
Its ``eval`` holds the rules, so a substitution keeps the form:

* numbers divide;
* terms that the divisor divides come out: ``(32*m + 31)//32 = m``; integer constants stay in;
* factors common to the divisor and all terms cancel: ``(2*n + 1)//4 = n//2``;
* nested divisions merge, ``((a//n) + b)//m = (a + n*b)//(n*m)``, for integer terms and positive
  divisors, proved and never assumed;
* parities decide: ``k//2 = (k - 1)/2`` for an odd ``k``.
"""

from __future__ import annotations

import math
from typing import Any

from sympy import Add, Expr, Function, Integer, S, expand_mul, fraction

from ..errors import SizeError
from .powers import gathered, over
from .printing import FloorDivPrinting

Terms = dict[Expr, int]


class FloorDiv(FloorDivPrinting, Function):  # type: ignore[misc]
    """``⌊numerator/divisor⌋`` as an exact integer expression.

    >>> from symcnn import FloorDiv, dims
    >>> H = dims("H")
    >>> FloorDiv(H - 1, 3), FloorDiv(H + 2, 3), FloorDiv(7, 2)
    (⌊(H - 1)/3⌋, ⌈H/3⌉, 3)
    >>> FloorDiv(FloorDiv(H, 2), 2)
    ⌊H/4⌋
    """

    nargs = 2
    is_integer = True

    def __new__(cls, numerator: Any, divisor: Any, **options: Any) -> Expr:
        # SymPy would run a text as Python to make an expression of it.
        if isinstance(numerator, str) or isinstance(divisor, str):
            raise SizeError(f"FloorDiv takes numbers and expressions, got {numerator!r} and {divisor!r}")
        return super().__new__(cls, numerator, divisor, **options)

    @classmethod
    def eval(cls, numerator: Expr, divisor: Expr) -> Expr | None:
        if divisor == 0:
            raise ZeroDivisionError(f"FloorDiv({numerator}, {divisor})")
        if numerator.is_Number and divisor.is_Number:
            quotient = numerator / divisor
            return Integer(math.floor(quotient)) if quotient.is_finite else quotient
        if divisor.is_Integer:
            return _by_integer(numerator, divisor.p)
        return _by_symbol(numerator, divisor)

    def _eval_is_nonnegative(self) -> bool | None:
        numerator, divisor = self.args
        return True if divisor.is_positive and numerator.is_nonnegative else None

    def _eval_is_positive(self) -> bool | None:
        numerator, divisor = self.args
        return True if divisor.is_positive and (numerator - divisor).is_nonnegative else None

    def _eval_rewrite_as_floor(self, numerator: Expr, divisor: Expr, **_: Any) -> Expr:
        from sympy import floor

        return floor(numerator / divisor)

    def _eval_rewrite_as_ceiling(self, numerator: Expr, divisor: Expr, **_: Any) -> Expr:
        from sympy import ceiling

        return -ceiling(-numerator / divisor)


def ceil_div(numerator: Expr, divisor: Expr) -> Expr:
    """``⌈numerator/divisor⌉`` for integers and a positive divisor."""
    return FloorDiv(numerator + divisor - 1, divisor)


def shifted(size: Expr, constant: Expr) -> Expr:
    """``size + constant``; the constant goes into a division: ``⌊H/2⌋ - 4`` is ``⌊(H - 8)/2⌋``."""
    if isinstance(size, FloorDiv) and constant.is_Integer and size.args[1].is_Integer:
        numerator, divisor = size.args
        return FloorDiv(numerator + constant * divisor, divisor)
    return size + constant


def expanded_terms(expr: Expr) -> list[Expr]:
    """The terms of a sum, with products of sums multiplied out."""
    terms: list[Expr] = []
    for term in Add.make_args(expr):
        if term.is_Mul and any(factor.is_Add for factor in term.args):
            terms.extend(Add.make_args(expand_mul(term, deep=False)))
        else:
            terms.append(term)
    return terms


def linear(expr: Expr) -> tuple[int, Terms, int]:
    """``(constant, {term: coefficient}, scale)`` with ``expr*scale = constant + sum``, integers all."""
    parts: dict[Expr, Any] = {}
    for term in expanded_terms(expr):
        coefficient, rest = term.as_coeff_Mul(rational=True)
        parts[rest] = parts.get(rest, 0) + coefficient
    scale = math.lcm(*(coefficient.q for coefficient in parts.values()))
    integers = {rest: c.p * (scale // c.q) for rest, c in parts.items() if c}
    return integers.pop(S.One, 0), integers, scale


def _sole_division(terms: Terms) -> Expr | None:
    """The only division among the terms, if it stands there once and by an integer."""
    divisions = [rest for rest in terms if rest.has(FloorDiv)]
    if len(divisions) != 1 or terms[divisions[0]] != 1:
        return None
    division = divisions[0]
    merges = isinstance(division, FloorDiv) and division.args[1].is_Integer
    return division if merges and division.args[1] > 0 else None


def _by_integer(numerator: Expr, divisor: int) -> Expr | None:
    """The canonical form over an integer divisor, or None where it is canonical already."""
    if divisor < 0:
        return FloorDiv(-numerator, -divisor)
    constant, terms, scale = linear(numerator)
    if not all(rest.is_integer for rest in terms):
        return None
    constant, terms, d, outside = _take_out(constant, terms, divisor * scale)
    if not terms:
        return Add(*outside, constant // d)
    if d == 2 and all(rest.is_odd for rest in terms):
        remainder = (constant + sum(terms.values())) % 2
        return Add(*outside, *_scaled(terms, S.Half), Integer(constant - remainder) / 2)
    merged = _merged(constant, terms, d)
    if merged is not None:
        return Add(*outside, merged)
    inner = Add(*_scaled(terms, S.One), constant)
    if not outside and d == divisor and inner == numerator:
        return None
    return Add(*outside, FloorDiv(inner, d, evaluate=False))


def _merged(constant: int, terms: Terms, d: int) -> Expr | None:
    """``((a//m) + b)//d`` as ``(a + m*b)//(m*d)`` for a symbolic ``m``, where there is one such division."""
    within = [rest for rest in terms if rest.has(FloorDiv)]
    if len(within) != 1 or not isinstance(within[0], FloorDiv) or terms[within[0]] != 1:
        return None
    a, m = within[0].args
    if m.is_Integer or not (m.is_integer and m.is_positive):
        return None
    others = {rest: c for rest, c in terms.items() if rest is not within[0]}
    return FloorDiv(a + expand_mul(m * Add(*_scaled(others, S.One), constant)), gathered(m * d))


def _scaled(terms: Terms, factor: Expr) -> list[Expr]:
    return [rest * coefficient * factor for rest, coefficient in terms.items()]


def _take_out(constant: int, terms: Terms, d: int) -> tuple[int, Terms, int, list[Expr]]:
    """Move out what ``d`` divides, cancel what is common, merge a division within; until none is left."""
    outside: list[Expr] = []
    while terms:
        outside += [rest * (c // d) for rest, c in terms.items() if c % d == 0]
        terms = {rest: c for rest, c in terms.items() if c % d}
        common = math.gcd(d, *terms.values())
        if terms and common > 1:
            constant, d = constant // common, d // common
            terms = {rest: c // common for rest, c in terms.items()}
        division = _sole_division(terms)
        if division is None:
            break
        within, n = division.args[0], int(division.args[1])
        inner_constant, inner_terms, _ = linear(within)
        del terms[division]
        constant, d = constant * n + inner_constant, d * n
        terms = {rest: c * n for rest, c in terms.items()}
        for rest, c in inner_terms.items():
            terms[rest] = terms.get(rest, 0) + c
        terms = {rest: c for rest, c in terms.items() if c}
    return constant, terms, d, outside


def _by_symbol(numerator: Expr, divisor: Expr) -> Expr | None:
    """The canonical form over a symbolic divisor, or None where it is canonical already."""
    if not (divisor.is_integer and divisor.is_positive):
        return None
    terms = expanded_terms(numerator)
    if not all(term.is_integer for term in terms):
        return None
    outside = [over(term, divisor) for term in terms if divides_evenly(divisor, term)]
    inside = [term for term in terms if not divides_evenly(divisor, term)]
    if not inside:
        return Add(*outside)
    if inside == [S.NegativeOne]:
        return Add(*outside, S.NegativeOne)
    inner, d = _cancel(*_merge(inside, divisor))
    if not outside and d == divisor and inner == numerator:
        return None
    return Add(*outside, FloorDiv(inner, d))


def _merge(terms: list[Expr], d: Expr) -> tuple[list[Expr], Expr]:
    """``((a//m) + b)//d`` as ``(a + m*b)//(m*d)``, where there is one division and it stands alone."""
    divisions = [term for term in terms if term.has(FloorDiv)]
    if len(divisions) == 1 and isinstance(divisions[0], FloorDiv):
        a, m = divisions[0].args
        if m.is_integer and m.is_positive:
            others = Add(*(term for term in terms if term is not divisions[0]))
            return expanded_terms(a + expand_mul(m * others)), gathered(m * d)
    return terms, d


def _cancel(terms: list[Expr], d: Expr) -> tuple[Expr, Expr]:
    """Divide numerator and divisor by the factors of ``d`` that all terms have."""
    number, _ = d.as_coeff_Mul()
    common = Integer(math.gcd(int(number), *(int(term.as_coeff_Mul()[0]) for term in terms)))
    for factor in d.as_coeff_Mul()[1].as_ordered_factors():
        if terms and all(divides_evenly(factor, term) for term in terms):
            common *= factor
    return Add(*(over(term, common) for term in terms)), over(d, common)


def divides_evenly(divisor: Expr, term: Expr) -> bool:
    """Whether ``term/divisor`` is an integer by its form alone: no divisor is left under it."""
    if term.is_Integer and not divisor.is_Integer:
        return bool(term.is_zero)
    quotient = over(term, divisor)
    return bool(fraction(quotient)[1] == 1 and quotient.is_integer)
