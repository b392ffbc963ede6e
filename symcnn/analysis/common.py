"""Factors that all terms of a sum share, taken out; cheap where ``factor`` and ``cancel`` are not."""

from __future__ import annotations

import math
from collections.abc import Iterable

from sympy import Expr, Mul, Rational, S

from ..form import Collector, Polynomial, number


def without_shared(expr: Expr) -> Expr:
    """A sum without the product that is in all its terms: where it is 0 stays, sizes being positive."""
    collector = Collector()
    terms = _nonzero(collector.polynomial(expr))
    return collector.expr(_without(terms, _shared(terms), S.One)) if terms else S.Zero


def quotient(over: Expr, under: Expr) -> Expr:
    """A quotient of two sums, expanded, without the factors that all their terms share."""
    collector = Collector()
    n, d = (_nonzero(collector.polynomial(part)) for part in (over, under))
    if not n:
        return S.Zero
    shared = _shared([*n, *d])
    numbers = [Rational(c) for c in (*n.values(), *d.values())]
    scale = Rational(math.gcd(*(int(c.p) for c in numbers)), math.lcm(*(int(c.q) for c in numbers)))
    n, d = (_without(part, shared, scale) for part in (n, d))
    if n.keys() == d.keys():
        ratios = {Rational(n[m]) / Rational(d[m]) for m in n}
        if len(ratios) == 1:
            return Rational(ratios.pop())
    above, below = (collector.expr(part) for part in (n, d))
    return above / below if below.is_Add or below.is_Symbol else Mul(above, 1 / below)


def _nonzero(polynomial: Polynomial) -> Polynomial:
    return {monomial: coefficient for monomial, coefficient in polynomial.items() if coefficient}


def _shared(monomials: Iterable[tuple[int, ...]]) -> tuple[int, ...]:
    """The factors that all products have."""
    first, *rest = monomials
    found: list[int] = []
    for place in dict.fromkeys(first):
        found += [place] * min(monomial.count(place) for monomial in (first, *rest))
    return tuple(found)


def _without(polynomial: Polynomial, shared: tuple[int, ...], scale: Rational) -> Polynomial:
    """A sum divided by a product that is in all its terms."""
    divided: Polynomial = {}
    for monomial, coefficient in polynomial.items():
        left = list(monomial)
        for place in shared:
            left.remove(place)
        found = Rational(coefficient) / scale
        divided[tuple(left)] = number(found)
    return divided
