"""Orders of growth: which term of a smooth formula grows fastest in one symbol, and how fast.

An order is ``rate**x * x**degree``. Every term of an expanded formula has one, with a coefficient that
does not depend on ``x``; the sum grows as its fastest terms do.
"""

from __future__ import annotations

from itertools import groupby
from typing import NamedTuple

from sympy import Abs, Add, Expr, Max, Min, Mul, Pow, Rational, S, Symbol

from ...errors import SizeError
from ...form import Collector
from ...sizes import larger


class Order(NamedTuple):
    """How fast a term grows: ``rate**x * x**degree``, compared first by its rate."""

    rate: Rational = S.One
    degree: Rational = S.Zero

    def expr(self, x: Symbol) -> Expr:
        """The order as a formula."""
        rate = Pow(Rational(self.rate.q), -x) if self.rate.p == 1 else Pow(self.rate, x)
        return Mul(rate, x**self.degree)

    def times(self, other: Order) -> Order:
        """The order of a product."""
        return Order(self.rate * other.rate, self.degree + other.degree)

    def power(self, exponent: Rational) -> Order:
        """The order of a power."""
        return Order(self.rate**exponent, self.degree * exponent)


Leading = tuple[Order, Expr]
"""An order, and what it is multiplied by."""


def leading(smooth: Expr, x: Symbol) -> Leading:
    """The order that a formula without roundings grows with in a symbol, and its coefficient.

    Raises:
        SizeError: none can be told.
    """
    collector = Collector()
    terms: dict[Order, list[Expr]] = {}
    for monomial, number in collector.polynomial(smooth).items():
        if number:
            order, coefficient = Order(), Rational(number)
            for place, same in groupby(monomial):
                base, power = _factor(collector.generators[place], x)
                times = len(list(same))
                order, coefficient = order.times(base.power(Rational(times))), coefficient * power**times
            terms.setdefault(order, []).append(coefficient)
    if not terms:
        return Order(), S.Zero
    fastest = max(terms)
    total = Add(*terms[fastest])
    if total == 0:
        raise _unknown(smooth, x)
    return fastest, total


def _factor(expr: Expr, x: Symbol) -> Leading:
    """The order of what is no sum and no product."""
    if x not in expr.free_symbols:
        return Order(), expr
    if expr == x:
        return Order(degree=S.One), S.One
    if expr.is_Pow and expr.exp.is_Rational:
        order, coefficient = leading(expr.base, x)
        return order.power(expr.exp), coefficient**expr.exp
    if expr.is_Pow and expr.base.is_Rational and expr.base.is_positive and expr.exp.is_polynomial(x):
        slope, rest = expr.exp.coeff(x, 1), expr.exp.coeff(x, 0)
        if slope.is_Rational and expr.exp.expand() == slope * x + rest and (expr.base**slope).is_Rational:
            return Order(rate=expr.base**slope), expr.base**rest
    if isinstance(expr, Max | Min):
        return _extreme(expr, x)
    if isinstance(expr, Abs):
        order, coefficient = leading(expr.args[0], x)
        return order, Abs(coefficient)
    raise _unknown(expr, x)


def _extreme(expr: Expr, x: Symbol) -> Leading:
    """Of a maximum of positive sizes the fastest counts, of a minimum the slowest."""
    parts = [leading(arg, x) for arg in expr.args]
    if not all(coefficient.is_positive for _, coefficient in parts):
        raise _unknown(expr, x)
    order = (max if isinstance(expr, Max) else min)(order for order, _ in parts)
    same = [coefficient for found, coefficient in parts if found == order]
    total = same[0]
    for other in same[1:]:
        total = larger(total, other) if isinstance(expr, Max) else Min(total, other)
    return order, total


def _unknown(expr: Expr, x: Symbol) -> SizeError:
    return SizeError(f"no term of {expr} can be told to grow fastest in {x}")
