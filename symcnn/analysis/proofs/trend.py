"""Whether a formula surely grows, or surely falls, with one symbol; found by its form, never by trying values.

Sums of what grows grow, products of what grows and is not negative too, and so do integer divisions and
``make_divisible`` of what grows. Where the terms disagree, a polynomial in the symbol alone is settled by
the roots of its derivative, and one in roundings that grow, such as ``⌊H/2⌋**2 - ⌊H/2⌋``, by the signs of
its derivatives by them. What is left open is ``None``: it may rise and fall.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from sympy import Abs, Dummy, Expr, Max, Min, Poly, Sum, Symbol, oo
from sympy.polys.polyerrors import BasePolynomialError

from ...sizes import CeilDiv, FloorDiv, MakeDivisible
from ...sizes.terms import least

Way = int | None
"""1 where a formula never falls, -1 where it never rises, 0 where it stays, ``None`` where that is not known."""


class Trend(NamedTuple):
    """Which sign a formula has (1 not negative, -1 not positive, ``None`` unknown) and which way it goes."""

    sign: Way
    way: Way

    def turned(self) -> Trend:
        """The trend of the formula times -1."""
        return Trend(_turned(self.sign), _turned(self.way))


def way_of(expr: Expr, x: Symbol, first: Expr) -> Way:
    """Which way a formula goes as a symbol grows from its first value on; other symbols are sizes."""
    return trend(expr, x, first).way


def trend(expr: Expr, x: Symbol, first: Expr) -> Trend:
    """The sign and the way of a formula for all values of a symbol from its first one on."""
    if x not in expr.free_symbols:
        return Trend(_sign(expr), 0)
    found = _by_form(expr, x, first)
    if found.way is None:
        way = _polynomial_way(expr, x, first)
        found = Trend(found.sign, _way_through(expr, x, first) if way is None else way)
    return found if found.sign is not None else Trend(_sign_from(found.way, expr, x, first), found.way)


def _sign(expr: Expr) -> Way:
    if expr.is_Rational:
        return 1 if expr >= 0 else -1
    if expr.is_nonnegative or (least(expr) or -1) >= 0:
        return 1
    return -1 if expr.is_nonpositive else None


def _sign_from(way: Way, expr: Expr, x: Symbol, first: Expr) -> Way:
    """The sign of what grows and is not negative at first, or falls and is not positive at first."""
    if not way:
        return None
    try:
        start = _sign(expr.subs(x, first))
    except ZeroDivisionError:
        return None
    return way if start == way else None


def _by_form(expr: Expr, x: Symbol, first: Expr) -> Trend:
    if expr == x:
        return Trend(1, 1)
    if expr.is_Add:
        return _sum([trend(term, x, first) for term in expr.args])
    if expr.is_Mul:
        return _product([trend(factor, x, first) for factor in expr.args])
    if expr.is_Pow:
        return _power(expr, x, first)
    if isinstance(expr, FloorDiv | CeilDiv):
        n, d = (trend(arg, x, first) for arg in expr.args)
        if d.sign != 1:
            return Trend(None, None)
        return n if d.way == 0 else _product([n, _inverse(d)])
    if isinstance(expr, MakeDivisible):
        size, divisor, minimum = expr.parts
        steady = divisor.is_Integer and minimum.is_Integer and minimum % divisor == 0
        return Trend(1, trend(size, x, first).way if steady else None)
    if isinstance(expr, Max | Min):
        parts = [trend(arg, x, first) for arg in expr.args]
        return Trend(_agreed(part.sign for part in parts), _agreed(part.way for part in parts))
    if isinstance(expr, Abs):
        inside = trend(expr.args[0], x, first)
        return Trend(1, None if inside.sign is None or inside.way is None else inside.sign * inside.way)
    if isinstance(expr, Sum):
        return _loop(expr, x, first)
    return Trend(None, None)


def _agreed(ways: Iterable[Way]) -> Way:
    """What all say that say anything; ``None`` where they disagree, or one is not known."""
    found = set(ways)
    if None in found:
        return None
    found -= {0}
    return found.pop() if len(found) == 1 else 0 if not found else None


def _sum(terms: list[Trend]) -> Trend:
    return Trend(_agreed(term.sign for term in terms), _agreed(term.way for term in terms))


def _product(factors: list[Trend]) -> Trend:
    """Of factors that all have a sign: each made not negative, and the sign of all put back."""
    sign = 1
    ways: list[Way] = []
    for factor in factors:
        if factor.sign is None:
            return Trend(None, None)
        sign *= factor.sign
        ways.append(factor.turned().way if factor.sign < 0 else factor.way)
    way = _agreed(ways)
    return Trend(sign, way if sign > 0 else _turned(way))


def _turned(way: Way) -> Way:
    return None if way is None else -way


def _inverse(trend: Trend) -> Trend:
    return Trend(1, _turned(trend.way))


def _power(expr: Expr, x: Symbol, first: Expr) -> Trend:
    base, exponent = (trend(arg, x, first) for arg in expr.args)
    if base.sign == -1 and expr.exp.is_Integer and expr.exp > 0:
        return base if expr.exp.is_odd else base.turned()
    if base.sign != 1:
        return Trend(None, None)
    if base.way == 0:  # 2**n grows with n, (1/2)**n falls.
        above = (expr.base - 1).is_nonnegative
        below = (1 - expr.base).is_nonnegative
        return Trend(1, exponent.way if above else _turned(exponent.way) if below else None)
    if exponent.way == 0 and exponent.sign is not None:
        return Trend(1, base.way if exponent.sign > 0 else _turned(base.way))
    return Trend(1, None)


def _loop(expr: Expr, x: Symbol, first: Expr) -> Trend:
    """A sum of what is not negative grows with its last index; one of what grows, over fixed places, grows."""
    limits = {symbol for limit in expr.limits for bound in limit[1:] for symbol in bound.free_symbols}
    body = trend(expr.function, x, first)
    if x not in limits:
        return body
    _, low, high = expr.limits[0]
    if len(expr.limits) > 1 or x in low.free_symbols | expr.function.free_symbols or body.sign != 1:
        return Trend(None, None)
    return Trend(1, trend(high, x, first).way)


def _way_through(expr: Expr, x: Symbol, first: Expr) -> Way:
    """The way of a polynomial in the symbol and in roundings of it, each of which grows."""
    if not expr.is_Add:
        return None
    outermost = _roundings(expr, x)
    if not outermost or any(trend(rounding, x, first).way != 1 for rounding in outermost):
        return None
    names = {rounding: Dummy("r", integer=True) for rounding in outermost}
    named = expr.xreplace(names)
    given_back = {name: rounding for rounding, name in names.items()}
    if not named.is_polynomial(x, *given_back):
        return None
    slopes = [named.diff(name).xreplace(given_back) for name in (x, *given_back)]
    return _agreed(trend(slope, x, first).sign for slope in slopes if slope != 0)


def _roundings(expr: Expr, x: Symbol) -> set[Expr]:
    """The roundings of a symbol that are inside no other."""
    if x not in expr.free_symbols:
        return set()
    if isinstance(expr, FloorDiv | CeilDiv | MakeDivisible):
        return {expr}
    return {found for arg in expr.args for found in _roundings(arg, x)}


def _polynomial_way(expr: Expr, x: Symbol, first: Expr) -> Way:
    """The way of a polynomial in the symbol alone, by the roots of its derivative."""
    if expr.free_symbols != {x}:
        return None
    try:
        slope = Poly(expr, x, domain="QQ").diff()
    except BasePolynomialError:
        return None
    if slope.is_zero:
        return 0
    # A root at the very first value does no harm: what comes after has one sign.
    roots = slope.count_roots(first, oo) - (1 if slope.eval(first) == 0 else 0)
    return None if roots else (1 if slope.LC() > 0 else -1)
