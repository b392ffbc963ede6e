"""What a change of one size does to one total: its law, one more, the derivative, the elasticity, and 10 % more."""

from __future__ import annotations

from typing import NamedTuple

from sympy import Expr, Integer, Poly, Rational, S, Symbol
from sympy.polys.polyerrors import BasePolynomialError

from ...errors import SizeError
from ..compiled import exactly
from ..growth import derivative
from ..proofs.order import leading
from ..proofs.relax import relax

FALLING = ("inverse", "inverse square")
"""The names that tell themselves that a law falls."""

LAWS = {1: "linear", 2: "quadratic", 3: "cubic", 0: "levels off", -1: FALLING[0], -2: FALLING[1]}
"""The laws that have a name, by the degree of the leading term."""

PARTS = (Rational(1), Rational(11, 10), Rational(9, 10))
"""The value itself, and a tenth more and less."""


class Effect(NamedTuple):
    """What a size does to a total. ``exact`` tells whether the derivative is that of the formula itself.

    What cannot be told is ``None``: a stride has no derivative here, and no elasticity where the total is 0.
    """

    law: str
    increment: Expr | None
    derivative: Expr | None = None
    elasticity: Expr | None = None
    tenth: Expr | None = None
    tenth_less: Expr | None = None
    exact: bool = True


NONE = Effect("none", S.Zero, S.Zero, S.Zero, S.Zero, S.Zero)


def stepped(now: Expr, then: Expr) -> Effect:
    """The effect of a step alone, from numbers before and after."""
    if now == then:
        return NONE
    return Effect("grows" if then > now else "falls", then - now)


def effect_of(formula: Expr, x: Symbol, value: Expr, increment: Expr | None) -> Effect:
    """The effect of a symbol on a formula in it alone, at a value."""
    if x not in formula.free_symbols:
        return NONE
    try:
        smooth, error = relax(formula, x)
        law, slope, now, more, less = _of_polynomial(smooth, x, value) or _of_any(smooth, x, value)
    except SizeError:
        return Effect("falls" if increment is not None and increment < 0 else "grows", increment)
    law = "falls" if slope.is_negative and law not in FALLING else law
    if now == 0:
        return Effect(law, increment, slope, exact=error is S.Zero)
    return Effect(law, increment, slope, value * slope / now, more / now - 1, less / now - 1, error is S.Zero)


Numbers = tuple[str, Expr, Expr, Expr, Expr]
"""The law, the slope, the value, and the values for 10 % more and less."""


def _of_polynomial(smooth: Expr, x: Symbol, value: Expr) -> Numbers | None:
    """A polynomial's, which is most formulas': much faster than in general."""
    try:
        poly = Poly(smooth, x, domain="QQ")
    except BasePolynomialError:
        return None
    values = (poly.eval(part * value) for part in PARTS)
    return _named(Integer(poly.degree())), poly.diff().eval(value), *values


def _of_any(smooth: Expr, x: Symbol, value: Expr) -> Numbers:
    slope = derivative(smooth, x)
    try:
        order, _ = leading(smooth, x)
        law = "exponential" if order.rate != 1 else _named(order.degree)
    except SizeError:
        law = "other"
    return law, exactly(slope, {x: value}), *(exactly(smooth, {x: part * value}) for part in PARTS)


def _named(degree: Expr) -> str:
    return LAWS.get(degree, f"degree {degree}")
