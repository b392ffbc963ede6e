"""``FloorDiv(n, d)``: ``⌊n/d⌋``, exact, in one canonical form.

SymPy's ``floor((H - 1)/3)`` becomes ``floor(H/3 - 1/3)``, never reduces, and is evaluated in
floating point by generated code. Every size of the package is built on this function instead.
Its ``eval`` holds the rules, so a substitution keeps the form:

* numbers divide;
* terms that the divisor divides come out: ``(32*m + 31)//32 = m``; integer constants stay in;
* factors common to the divisor and all terms cancel: ``(2*n + 1)//4 = n//2``;
* nested divisions merge, ``((a//n) + b)//m = (a + n*b)//(n*m)``, for integer terms and positive
  divisors, proved and never assumed;
* parities decide: ``k//2 = (k - 1)/2`` for an odd ``k``;
* a numerator with a multiplier in it, ``⌊alpha*w/2⌋``, is brought over one divisor and no more.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from sympy import Add, Expr, Function, Integer, Rational, S, expand_mul, multiplicity

from ..errors import SizeError
from .printing import FloorDivPrinting
from .terms import (
    Terms,
    divides_evenly,
    expanded_terms,
    is_whole,
    joined_power,
    least,
    linear,
    multiple_of,
    split_power,
    summed,
)


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
            return _by_integer(numerator, int(divisor))
        return _by_symbol(numerator, divisor)

    @property
    def least_value(self) -> int | None:
        """A number that it is never below, where its form tells."""
        numerator, divisor = self.args
        low = least(numerator) if divisor.is_positive else None
        if low is None or low < 0:
            return None
        return low // int(divisor) if divisor.is_Integer else 0

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


def shifted(size: Expr, constant: Expr) -> Expr:
    """``size + constant``; the constant goes into a division: ``⌊H/2⌋ - 4`` is ``⌊(H - 8)/2⌋``."""
    if isinstance(size, FloorDiv) and constant.is_Integer and size.args[1].is_Integer:
        numerator, divisor = size.args
        return FloorDiv(numerator + constant * divisor, divisor)
    return size + constant


def _by_integer(numerator: Expr, divisor: int) -> Expr | None:
    """The canonical form over an integer divisor, or None where it is canonical already."""
    if divisor < 0:
        return FloorDiv(-numerator, -divisor)
    constant, terms, scale = linear(numerator)
    if not _whole(terms):
        outside, inner, d = over_ratios(numerator, divisor)
        return None if (inner, d) == (numerator, divisor) else Add(*outside, FloorDiv(inner, d, evaluate=False))
    constant, terms, d, outside, division = _take_out(constant, terms, divisor * scale)
    if division is not None:
        a, s = division.args
        return Add(*outside, FloorDiv(a + expand_mul(s * (summed(constant, terms) - division)), s * d))
    if not terms:
        return Add(*outside, constant // d)
    if d == 2 and all(rest.is_odd for rest in terms):
        remainder = (constant + sum(terms.values())) % 2
        return Add(*outside, *_scaled(terms, S.Half), Integer(constant - remainder) / 2)
    inner = Add(*_scaled(terms, S.One), constant)
    if not outside and d == divisor and inner == numerator:
        return None
    return Add(*outside, FloorDiv(inner, d, evaluate=False))


def over_ratios(numerator: Expr, divisor: int) -> tuple[list[Expr], Expr, int]:
    """What comes out of a division, a numerator with integer coefficients, and its divisor.

    For a numerator that may be no integer. What is whole comes out; constants stay in.
    """
    constant, terms, scale = linear(numerator)
    d = divisor * scale
    if not all(rest.is_rational for rest in terms):
        return [], numerator, divisor
    whole = [rest for rest, c in terms.items() if c * multiple_of(rest) % d == 0 and is_whole(rest)]
    outside = [_quotient(rest, terms.pop(rest), d) for rest in whole]
    common = math.gcd(d, constant, *terms.values())
    inner = summed(constant // common, {rest: c // common for rest, c in terms.items()})
    return outside, inner, d // common


def _sole_division(terms: Terms) -> Expr | None:
    """The only division among the terms, if it stands there once and by a positive integer."""
    divisions = [rest for rest in terms if rest.has(FloorDiv)]
    if len(divisions) != 1 or terms[divisions[0]] != 1 or not isinstance(divisions[0], FloorDiv):
        return None
    divisor = divisions[0].args[1]
    return divisions[0] if divisor.is_integer and divisor.is_positive else None


def _whole(terms: Iterable[Expr]) -> bool:
    return all(term.is_integer or is_whole(term) for term in terms)


def _scaled(terms: Terms, factor: Expr) -> list[Expr]:
    return [rest * coefficient * factor for rest, coefficient in terms.items()]


def _quotient(rest: Expr, coefficient: int, d: int) -> Expr:
    return rest * (coefficient // d) if coefficient % d == 0 else joined_power(rest * Rational(coefficient, d))


def _take_out(constant: int, terms: Terms, d: int) -> tuple[int, Terms, int, list[Expr], Expr | None]:
    """Move out what ``d`` divides, cancel what is common, merge a division within; until none is left.

    A division by a symbol that may be merged comes last, as it is.
    """
    outside: list[Expr] = []
    while terms:
        out = [rest for rest, c in terms.items() if c % d == 0 or c * multiple_of(rest) % d == 0]
        outside += [_quotient(rest, terms.pop(rest), d) for rest in out]
        common = math.gcd(d, *terms.values())
        if terms and common > 1:
            constant, d = constant // common, d // common
            terms = {rest: c // common for rest, c in terms.items()}
        division = _sole_division(terms)
        if division is None:
            break
        within, n = division.args
        inner_constant, inner_terms, _ = linear(within)
        if not _whole(inner_terms):
            break
        if not n.is_Integer:
            return constant, terms, d, outside, division
        del terms[division]
        constant, d = constant * int(n) + inner_constant, d * int(n)
        terms = {rest: c * int(n) for rest, c in terms.items()}
        for rest, c in inner_terms.items():
            terms[rest] = terms.get(rest, 0) + c
        terms = {rest: c for rest, c in terms.items() if c}
    return constant, terms, d, outside, None


def _by_symbol(numerator: Expr, divisor: Expr) -> Expr | None:
    """The canonical form over a symbolic divisor, or None where it is canonical already."""
    if not (divisor.is_integer and divisor.is_positive):
        return None
    terms, under = expanded_terms(numerator), split_power(divisor)
    scale = math.lcm(*(int(part.as_coeff_Mul(rational=True)[0].q) for part in (under, *terms)))
    terms, under = [term * scale for term in terms], under * scale
    if not _whole(terms):
        return None if scale == 1 else FloorDiv(Add(*terms), under, evaluate=False)
    outside = [term / under for term in terms if divides_evenly(under, term)]
    inside = [term for term in terms if not divides_evenly(under, term)]
    if not inside:
        return Add(*outside)
    if inside == [S.NegativeOne]:
        return Add(*outside, S.NegativeOne)
    whole = [term / scale for term in inside]
    if scale > 1 and all(map(is_whole, whole)):  # The divisor's own fraction, as in 2**i/2, is no factor of them.
        inside, under = whole, divisor
    inner, d = _cancel(*_merge(inside, under))
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
            return expanded_terms(a + expand_mul(m * others)), m * d
    return terms, d


def _cancel(terms: list[Expr], d: Expr) -> tuple[Expr, Expr]:
    """Divide numerator and divisor by the factors of ``d`` that all terms have."""
    number, rest = d.as_coeff_Mul()
    numbers = math.gcd(*(int(term.as_coeff_Mul()[0]) for term in terms))
    common = Integer(math.gcd(int(number), numbers))
    left = numbers // int(common)
    for factor in rest.as_ordered_factors():
        if terms and all(divides_evenly(factor, term) for term in terms):
            common *= factor
        elif factor.is_Pow and factor.base.is_Integer:
            # ⌊2*H/2**n⌋ is ⌊H/2**(n - 1)⌋, that being whole for an n of at least 1.
            times = multiplicity(factor.base, left)
            common *= factor.base ** min(times, least(factor.exp) or 0)
    return Add(*(joined_power(term / common) for term in terms)), joined_power(d / common)
