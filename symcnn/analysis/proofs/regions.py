"""Where a formula in one symbol is surely positive, where surely negative, and where it must be tried.

The smooth law of the formula and its error bound change their order at finitely many roots. Between two of
them the formula's sign is certain, or every integer is tried.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, NamedTuple

from sympy import Expr, Poly, Rational, Symbol, fraction, together
from sympy.polys.polyerrors import BasePolynomialError

from ...errors import SizeError
from .relax import bounds


class Region(NamedTuple):
    """Integers from ``first`` to ``last`` (``None`` for no end); ``certain`` where the sign is the same in all."""

    first: int
    last: int | None
    certain: bool

    def moved(self, by: int) -> Region:
        """The same, further on."""
        return Region(self.first + by, None if self.last is None else self.last + by, self.certain)


def regions(formula: Expr, x: Symbol) -> list[Region] | None:
    """The integers from 0 on, parted by what is known of a formula's sign; ``None`` if nothing is.

    The symbol is one that may be 0 and is not negative, which the bounds rest on.
    """
    try:
        smooth, below, above = bounds(formula, x, sizes=False)
    except SizeError:
        return None
    found = [_parts(smooth - below, x), _parts(smooth + above, x)]
    ends = [bound for bound in found if bound is not None]
    if len(ends) < len(found):
        return None
    places = sorted({place for over, under in ends for poly in (over, under) for place in _around_roots(poly)})
    return list(_parted([place for place in places if place >= 0], 0, ends))


Quotient = tuple[Poly, Poly]


def _parts(expr: Expr, x: Symbol) -> Quotient | None:
    """A formula as a quotient of polynomials with numbers for coefficients."""
    try:
        over, under = (Poly(part, x, domain="QQ") for part in fraction(together(expr)))
    except BasePolynomialError:
        return None
    return over, under


def _around_roots(poly: Poly) -> Iterator[int]:
    """The integers about each real root: between two stretches of them the sign stays."""
    if poly.degree() < 1:
        return
    for (low, high), _ in poly.intervals(eps=Rational(1, 2)):
        yield from range(math.floor(low) - 1, math.ceil(high) + 2)


def _parted(places: list[int], first: int, ends: list[Quotient]) -> Iterator[Region]:
    """Single places at roots, and what lies between them."""
    start = first
    for place in places:
        if place > start:
            yield Region(start, place - 1, _is_certain(start, ends))
        yield Region(place, place, True)
        start = place + 1
    yield Region(start, None, _is_certain(start, ends))


def _is_certain(place: int, ends: list[Quotient]) -> bool:
    """Whether the least or the most that the formula may be tells its sign; or it is 0 throughout."""
    least, most = (_value(end, place) for end in ends)
    return bool(least > 0 or most < 0 or (least == most == 0))


def _value(quotient: Quotient, place: int) -> Any:
    over, under = quotient
    return over.eval(place) / under.eval(place) if under.eval(place) != 0 else Rational(0)
