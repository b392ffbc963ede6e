"""Recurrences of sizes: what a size is after any number of equal layers.

A layer in a row takes the size that the one before gives. Where its step has a closed form, the size is
a formula in the index, so that a row of any length is measured once.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import NamedTuple

from sympy import Add, Dummy, Expr, Integer, Symbol

from .form import Collector, Monomial, Polynomial, collected, multiplied
from .sizes import FloorDiv, Size, canonical
from .sums import put_in, summed

ZERO = Integer(0)
FROM_END = Dummy("u", integer=True, nonnegative=True)


class Solution(NamedTuple):
    """A size as a function of the index. A ``peeled`` one holds from the index 1 on: at 0 the size is the start."""

    size: Size
    peeled: bool = False


def solved(step: Expr, s: Symbol, index: Symbol, start: Expr) -> Solution | None:
    """The size ``s_i`` with ``s_0 = start`` and ``s_(i+1) = step(s_i, i)``, or None where no closed form is known.

    A step may leave the size, add to it, multiply it, or both; divide it, rounding down or up; or be
    without it. What is added may depend on the index, what multiplies or divides may not.

    Args:
        step: the next size, in the present one and the index.
        s: the present size, a positive integer symbol.
        index: an integer symbol that is at least 0.
        start: the size at the index 0.

    >>> from sympy import Symbol
    >>> from symcnn import FloorDiv, dims
    >>> from symcnn.recurrence import solved
    >>> C, H, g, s, w = dims("C H g s w")
    >>> i = Symbol("i", integer=True, nonnegative=True)
    >>> solved(s + g, s, i, C).size, solved(2 * s - 1, s, i, H).size, solved(FloorDiv(s, 2), s, i, H).size
    (C + g*i, 2**i*H - 2**i + 1, ⌊H/2**i⌋)
    >>> solved(w * 2**i, s, i, C)
    Solution(size=2**(i - 1)*w, peeled=True)
    """
    if step == s:
        return Solution(canonical(start))
    if s not in step.free_symbols:
        return _set(step, index, start)
    collector = Collector()
    parts = _linear(collector, collector.polynomial(step), s)
    size = _divided(step, s, index, start) if parts is None else _grown(*parts, index, start)
    return None if size is None else Solution(canonical(size))


def _set(step: Expr, index: Symbol, start: Expr) -> Solution:
    """A step without the size sets it, from the second time on; from the first where it starts as it is set."""
    size = canonical(put_in(step, index, index - 1))
    try:
        before = canonical(put_in(step, index, Integer(-1)))
    except ZeroDivisionError:  # A division by the index + 1.
        return Solution(size, peeled=True)
    return Solution(size, peeled=not _equal(before, start))


def _equal(left: Expr, right: Expr) -> bool:
    collector = Collector()
    return bool(collector.expr(collector.polynomial(left - right)) == 0)


def _linear(collector: Collector, polynomial: Polynomial, s: Symbol) -> tuple[Expr, Expr] | None:
    """``(a, b)`` of ``a*s + b``, both without ``s``; None for what is not of that form."""
    slope: Polynomial = {}
    rest: Polynomial = {}
    for monomial, coefficient in polynomial.items():
        generators = [collector.generators[place] for place in monomial]
        without: Monomial = tuple(p for p, g in zip(monomial, generators, strict=True) if g != s)
        if len(monomial) - len(without) > 1 or any(s in collector.generators[place].free_symbols for place in without):
            return None
        (rest if len(without) == len(monomial) else slope)[without] = coefficient
    return collector.expr(slope), collector.expr(rest)


def _grown(a: Expr, b: Expr, index: Symbol, start: Expr) -> Expr | None:
    """``s_(i+1) = a*s_i + b(i)`` is ``a**i*start`` and the sum of ``b(t)*a**(i-1-t)`` over ``t < i``."""
    if index in a.free_symbols:
        return None
    if a == 1:
        return start + summed(b, index, ZERO, index)
    if a.is_Rational:
        added: tuple[Expr, ...] = (a ** (index - 1), summed(b * a**-index, index, ZERO, index))
    elif index not in b.free_symbols:
        added = (_weighted(b, a, index),)
    else:  # Counted from the end, with u = i - 1 - t, the ratio is a and not 1/a.
        added = (summed(put_in(b, index, index - 1 - FROM_END) * a**FROM_END, FROM_END, ZERO, index),)
    return collected({(a**index, start): 1, added: 1})


def _divided(step: Expr, s: Symbol, index: Symbol, start: Expr) -> Expr | None:
    """``s_(i+1) = ⌊(s_i + b(i))/d⌋`` is ``⌊(start + sum of b(t)*d**t over t < i)/d**i⌋``.

    By induction: ``⌊(⌊x/m⌋ + b)/d⌋ = ⌊(x + b*m)/(m*d)⌋`` for integers, ``m`` and ``d`` positive, whatever the sign
    of ``b``. Roundings up are of this kind too, ``b`` being ``d - 1``.
    """
    rounded = _rounded(step, s)
    if rounded is None or index in rounded[1].free_symbols:
        return None
    b, d = rounded
    collector = Collector()
    over = collector.polynomial(start + _weighted(b, d, index))
    scale = math.lcm(*(Fraction(c).denominator for c in over.values()))
    return FloorDiv(collector.expr(multiplied({(): scale}, over)), scale * d**index)


def _rounded(step: Expr, s: Symbol) -> tuple[Expr, Expr] | None:
    """``(b, d)`` of ``⌊(s + b)/d⌋``, both integers and ``d`` positive; None for what is not of that form.

    What stands outside goes in. ``⌊(a*s + b)/(a*d)⌋`` is ``⌊(s + ⌊b/a⌋)/d⌋``.
    """
    terms = [term for term in Add.make_args(step) if s in term.free_symbols]
    if len(terms) != 1 or not isinstance(terms[0], FloorDiv) or s in terms[0].args[1].free_symbols:
        return None
    numerator, d = terms[0].args
    outside = canonical(collected({(step - terms[0],): 1}))
    collector = Collector()
    parts = _linear(collector, collector.polynomial(numerator), s)
    if parts is None or not (d.is_integer and d.is_positive) or FloorDiv(outside, 1) != outside:
        return None
    a, b = parts
    if a != 1 and not (a.is_Integer and a > 0 and d.is_Integer and d % a == 0):
        return None
    return collected({(FloorDiv(b, a),): 1, (outside, d / a): 1}), d / a


def _weighted(b: Expr, d: Expr, index: Symbol) -> Expr:
    """The sum of ``b(t)*d**t`` over ``t < i``."""
    if d.is_Symbol and index not in b.free_symbols:
        # (d - 1)*(1 + d + ... + d**(i-1)) is d**i - 1, also where d may be 1.
        collector = Collector()
        parts = _linear(collector, collector.polynomial(b), d)
        if parts is not None:
            slope, rest = parts
            return slope * (d**index - 1) + (slope + rest) * summed(d**index, index, ZERO, index)
    return summed(b * d**index, index, ZERO, index)
