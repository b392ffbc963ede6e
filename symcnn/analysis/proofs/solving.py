"""Solving a smooth formula for a symbol: what ``invert`` and ``crossover`` share.

A formula that is a polynomial in a power of the symbol, ``x**2`` say, or in an exponential of it, ``4**n``, is
solved up to degree three, its coefficients being whatever else there is.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from sympy import (
    Dummy,
    Expr,
    Integer,
    Poly,
    Pow,
    Rational,
    Symbol,
    cancel,
    cbrt,
    fraction,
    log,
    multiplicity,
    perfect_power,
    sqrt,
    together,
)
from sympy.polys.polyerrors import BasePolynomialError

from ...errors import SizeError

DEGREE = 3
"""The highest degree that is solved."""


class Root(NamedTuple):
    """Where a formula is 0, and what must not be negative there for the root to be real."""

    expr: Expr
    needs: tuple[Expr, ...] = ()


def polynomial_in(smooth: Expr, x: Symbol) -> tuple[Poly, Symbol, Expr]:
    """A formula as a polynomial in a new unknown, and the symbol as a formula of that.

    Raises:
        SizeError: it is none that can be solved.
    """
    unknown = Dummy("t", positive=True)
    smooth = _powers_apart(smooth)
    rates = {power for power in smooth.atoms(Pow) if x in power.exp.free_symbols}
    if rates:
        return _exponential(smooth, x, rates, unknown)
    over, _ = cancel(smooth.expand()).as_numer_denom() if _has_negative_powers(smooth, x) else (smooth, 1)
    try:
        poly = Poly(over.expand(), x)
    except BasePolynomialError:
        raise _unsolved(smooth, x) from None
    if x in set().union(*(c.free_symbols for c in poly.coeffs())):
        raise _unsolved(smooth, x)
    degrees = [degree for (degree,) in poly.monoms() if degree]
    common = math.gcd(*degrees) if degrees else 1
    terms = {(degree // common,): coefficient for (degree,), coefficient in poly.terms()}
    found = Poly.from_dict(terms, unknown)
    if found.degree() > DEGREE:
        raise _unsolved(smooth, x)
    return found, unknown, unknown ** Rational(1, common)


def _has_negative_powers(smooth: Expr, x: Symbol) -> bool:
    return any(x in power.base.free_symbols and power.exp.is_negative for power in smooth.atoms(Pow))


def _exponential(smooth: Expr, x: Symbol, rates: set[Expr], unknown: Symbol) -> tuple[Poly, Symbol, Expr]:
    """A polynomial in ``2**x`` of one in ``2**x`` and ``4**x``."""
    base = _common_base(rates)
    named = {power: unknown**times for power in rates if (times := _times(power, base, x)) is not None}
    if len(named) < len(rates):
        raise _unsolved(smooth, x)
    over, _ = fraction(together(smooth.xreplace(named)))
    if x in over.free_symbols or not over.is_polynomial(unknown):
        raise _unsolved(smooth, x)
    poly = Poly(over, unknown)
    if poly.degree() > DEGREE:
        raise _unsolved(smooth, x)
    return poly, unknown, log(unknown) / log(base)


def _powers_apart(smooth: Expr) -> Expr:
    """``2*2**n`` for ``2**(n + 1)``."""
    return smooth.expand(power_base=False, mul=False, log=False, multinomial=False)


def _common_base(rates: set[Expr]) -> Expr | None:
    """The number that all bases are powers of: 2 of 8 and 4."""
    bases = [power.base for power in rates if power.base.is_Integer and power.base > 1]
    roots = [perfect_power(base) for base in bases]
    return min((Integer(root[0]) if root else base for base, root in zip(bases, roots, strict=True)), default=None)


def _times(power: Expr, base: Expr | None, x: Symbol) -> int | None:
    """``power`` is ``base**(times*x)``; ``None`` where it is not."""
    slope = power.exp.coeff(x, 1)
    if base is None or power.exp != slope * x or not slope.is_Integer or not power.base.is_Rational:
        return None
    over, under = (multiplicity(base, part) if part > 1 else 0 for part in (power.base.p, power.base.q))
    return int((over - under) * slope) if base ** (over - under) == power.base else None


def real_roots(poly: Poly) -> list[Root]:
    """The real roots of a polynomial up to degree three, the largest first where it opens upwards.

    Of a cubic it is the one root that it has where its discriminant is negative: Cardano's formula.
    """
    if poly.degree() == 1:
        a, b = poly.all_coeffs()
        return [Root(_neat(-b / a))]
    if poly.degree() == 2:
        return _quadratic(*poly.all_coeffs())
    return _cubic(*poly.all_coeffs()) if poly.degree() == 3 else []


def _quadratic(a: Expr, b: Expr, c: Expr) -> list[Root]:
    if b == 0:
        ratio = _neat(-c / a)
        needs = () if ratio.is_nonnegative else (ratio,)
        return [Root(sqrt(ratio), needs), Root(-sqrt(ratio), needs)]
    inside = (b**2 - 4 * a * c).expand()
    needs = () if inside.is_nonnegative else (inside,)
    return [Root((-b + sign * sqrt(inside)) / (2 * a), needs) for sign in (1, -1)]


def _cubic(a: Expr, b: Expr, c: Expr, d: Expr) -> list[Root]:
    """``t = u - p/(3*u)`` less ``b/(3*a)``, for ``t**3 + p*t + q``; its parts are real where ``needs`` are."""
    p = _neat((3 * a * c - b**2) / (3 * a**2))
    q = _neat((2 * b**3 - 9 * a * b * c + 27 * a**2 * d) / (27 * a**3))
    inside = (q**2 / 4 + p**3 / 27).expand()
    u = cbrt(-q / 2 + sqrt(inside))
    shift = b / (3 * a)
    needs = tuple(need for need in (inside, -q) if not need.is_nonnegative)
    return [Root((u - p / (3 * u) if p != 0 else cbrt(-q)) - shift, needs if p != 0 else needs[1:])]


def _neat(expr: Expr) -> Expr:
    return expr.expand() if expr.is_polynomial() else expr


def _unsolved(smooth: Expr, x: Symbol) -> SizeError:
    return SizeError(
        f"no closed formula for {x}: what is to be solved is no polynomial of degree {DEGREE} at most in a power or an "
        f"exponential of {x}; largest finds the exact integer"
    )
