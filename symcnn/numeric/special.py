"""A formula made simpler by putting in some of its numbers, for arrays of all the others.

Fractions, and sums whose limits are numbers, have no whole-array steps. Once they are put in and
the sums are written out, the formula has. An array of fractions goes in as their numerators over
one denominator.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sympy import Add, Dummy, Expr, Integer, Rational, Sum, Symbol

from .forms import Forms, Number
from .source import span
from .vectors import Vectorised

TERMS = 1000
"""How many terms a sum is written out to."""


def needed_numbers(exprs: Sequence[Expr], values: Mapping[Symbol, Number]) -> dict[Symbol, Number]:
    """The values to put in: fractions, and what the limits of sums depend on."""
    limits = {s for expr in exprs for total in expr.atoms(Sum) for limit in total.limits for s in _symbols(limit)}
    return {s: value for s, value in values.items() if type(value) is not int or s in limits}


def specialised(
    exprs: Sequence[Expr], args: Sequence[Symbol], values: Mapping[Symbol, Number], scales: Mapping[Symbol, int]
) -> Vectorised:
    """The expressions as functions of the same arguments, those with values being passed over.

    An argument with a scale is given times that.
    """
    numerators = {s: Dummy(s.name, integer=True, positive=s.is_positive or None) for s in scales}
    put_in = {symbol: Rational(value) for symbol, value in values.items()}
    put_in |= {symbol: numerator / Integer(scales[symbol]) for symbol, numerator in numerators.items()}
    forms = Forms([numerators.get(symbol, symbol) for symbol in args])
    # subs, not xreplace: a sum's own index may have the name of an argument.
    polys = [forms.whole(forms.ratio(written_out(expr.subs(put_in)))) for expr in exprs]
    return Vectorised(forms.atoms, polys, [symbol.name for symbol in args])


def written_out(expr: Expr) -> Expr:
    """An expression with its sums between numbers written out."""
    if not expr.has(Sum):
        return expr
    if not isinstance(expr, Sum):
        return expr.func(*(written_out(arg) for arg in expr.args))
    *inner, (index, low, high) = expr.limits
    if not (low.is_Integer and high.is_Integer and abs(high - low) <= TERMS):
        return expr
    body = expr.func(expr.function, *inner) if inner else expr.function
    sign, steps = span(int(low), int(high))
    return sign * Add(*(written_out(body.subs(index, Integer(step))) for step in steps))


def _symbols(limit: Sequence[Expr]) -> set[Symbol]:
    return {symbol for bound in limit[1:] for symbol in bound.free_symbols}
