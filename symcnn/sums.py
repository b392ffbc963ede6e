"""Sums over an index in closed form: what a row of layers adds up to, whatever its length.

Sums of ``index**a * r**index`` have an antidifference: ``r**n*Q(n)`` with a polynomial ``Q``, whose
values at both ends give the sum, as an antiderivative's give an integral. It holds for every length,
so there is nothing to unroll. What has none that is known here stays an exact SymPy ``Sum``.
"""

from __future__ import annotations

import math
from collections import Counter
from fractions import Fraction
from functools import lru_cache, reduce
from itertools import count
from operator import and_
from typing import Any, NamedTuple

from sympy import Add, Dummy, Eq, Expr, Integer, Mul, Piecewise, Rational, S, Sum, Symbol, together

from .form import Collector, Monomial, Number, Polynomial, add_to, multiplied, number
from .sizes import canonical

WRITTEN_OUT = 64
"""How long a sum with no closed form may be to be written out."""


def summed(expr: Expr, index: Symbol, first: Expr, stop: Expr) -> Expr:
    """The sum of an expression over ``first <= index < stop``, closed where it can be, expanded and collected.

    Products of powers of the index and of powers whose exponent is linear in the index are closed. Of
    all else one ``Sum`` is left, its common factors in front; between numbers that are near each
    other it is written out.

    Args:
        expr: an exact expression; the index is not among the bound symbols of the result.
        first: the first value of the index, an integer.
        stop: one more than the last, at least ``first``; where they are equal the sum is 0.

    Source: the calculus of finite differences, as in Graham, Knuth and Patashnik, *Concrete
    Mathematics*, section 2.6.

    >>> from sympy import Integer, Symbol
    >>> from symcnn import FloorDiv, dims
    >>> from symcnn.sums import summed
    >>> H, n, w = dims("H n w")
    >>> i = Symbol("i", integer=True, nonnegative=True)
    >>> summed(w * (2 * i + 1) + 2**i, i, Integer(0), n)
    2**n + n**2*w - 1
    >>> summed(w * FloorDiv(H, 2**i), i, Integer(0), n)
    w*Sum(⌊H/2**i⌋, (i, 0, n - 1))
    """
    over = _Range(Collector(), index, first, stop)
    return over.collector.expr(over.total(expr))


def put_in(expr: Expr, index: Symbol, value: Expr) -> Expr:
    """A value for the index; a sum within may have an index of the same name, and be closed by the value."""
    if not expr.has(Sum):
        return expr.xreplace({index: value})
    return settled(expr.subs(index, value))


def settled(expr: Expr) -> Expr:
    """An expression with the sums in it added up whose limits are numbers, where they are not too long.

    >>> from sympy import Integer, Symbol
    >>> from symcnn import FloorDiv, dims
    >>> from symcnn.sums import settled, summed
    >>> H, n = dims("H n")
    >>> total = summed(FloorDiv(H, 2**n), n, Integer(0), n)
    >>> settled(total.xreplace({n: Integer(3)}))
    H + ⌊H/2⌋ + ⌊H/4⌋
    """
    if not expr.has(Sum):
        return expr
    if not isinstance(expr, Sum):
        return expr.func(*map(settled, expr.args))
    *inner, (index, low, high) = expr.limits
    if not (low.is_Integer and high.is_Integer):
        return expr
    function = expr.func(expr.function, *inner) if inner else expr.function
    return summed(function, index, low, high + 1)


class _Law(NamedTuple):
    """``index**power * ratio**index``, the ratio being a number, or an expression that may be 1."""

    power: int = 0
    ratio: Any = 1


class _Range:
    """Sums expressions over a range of one index, as polynomials of one collector."""

    def __init__(self, collector: Collector, index: Symbol, first: Expr, stop: Expr) -> None:
        self.collector = collector
        self.index = index
        self.first = first
        self.stop = stop
        length = stop - first
        self.short = bool(length.is_Integer and first.is_Integer and 0 <= length <= WRITTEN_OUT)
        self.laws: dict[int, _Law | None] = {}

    def total(self, expr: Expr) -> Polynomial:
        """Each term of a sum is closed, or left as it is: half a product would not be read again."""
        closed: dict[_Law, Polynomial] = {}
        rest: list[Expr] = []
        for term in Add.make_args(expr):
            products = self.collector.polynomial(term)
            laws = [self.law(monomial) for monomial in products]
            if None in laws:
                rest.append(term)
                continue
            for law, (monomial, coefficient) in zip(laws, products.items(), strict=True):
                if law is not None:
                    add_to(closed.setdefault(law, {}), {self.outside(monomial): coefficient})
        total = self.written_out(rest) if self.short else self.left(rest)
        for law, outside in closed.items():
            add_to(total, multiplied(outside, self.closed(law)))
        return total

    # How a product depends on the index.

    def law(self, monomial: Monomial) -> _Law | None:
        """The law that a product follows, or None where it follows none that has a closed form."""
        power = 0
        ratio: Any = 1
        for place in monomial:
            found = self.law_of(place)
            if found is None:
                return None
            power += found.power
            ratio *= found.ratio
        if isinstance(ratio, Expr):
            if ratio.is_Rational:
                ratio = number(ratio)
            elif self.short:
                return None
        return _Law(power, ratio)

    def law_of(self, place: int) -> _Law | None:
        """The law that a generator follows."""
        if place not in self.laws:
            self.laws[place] = self._law_of(place, self.collector.generators[place])
        return self.laws[place]

    def _law_of(self, place: int, generator: Expr) -> _Law | None:
        if generator == self.index:
            return _Law(power=1)
        if self.index not in generator.free_symbols:
            return _Law()
        if not generator.is_Pow or self.index in generator.base.free_symbols:
            return None
        rate = generator.exp / self.index
        if self.index in rate.free_symbols:
            return None
        if rate == 1 and place in self.collector.exponentials:
            return _Law(ratio=self.collector.exponentials[place][0])
        return _Law(ratio=generator.base**rate)

    def outside(self, monomial: Monomial) -> Monomial:
        """The part of a product that the index is not in."""
        return tuple(place for place in monomial if self.law_of(place) == _Law())

    # What has a closed form.

    def closed(self, law: _Law) -> Polynomial:
        """The sum of ``index**power * ratio**index``."""
        if isinstance(law.ratio, Expr):
            if_one = self.collector.expr(self.closed(_Law(law.power)))
            return self.collector.polynomial(_either(law, self.first, self.stop, if_one))
        total = dict(self.antidifference(law, self.stop))
        add_to(total, multiplied({(): -1}, self.antidifference(law, self.first)))
        return total

    def antidifference(self, law: _Law, place: Expr) -> Polynomial:
        """What has ``index**power * ratio**index`` for its difference, at a place."""
        at = self.collector.polynomial(place)
        total: Polynomial = {}
        power: Polynomial = {(): 1}
        for coefficient in antidifference(law.power, law.ratio):
            add_to(total, multiplied({(): coefficient}, power))
            power = multiplied(power, at)
        return multiplied(total, self.collector.polynomial(Rational(law.ratio) ** place))

    # What has none.

    def left(self, terms: list[Expr]) -> Polynomial:
        """One ``Sum`` of the terms, with the factors in front that all have and the index is not in."""
        if not terms:
            return {}
        weights: dict[Expr, Polynomial] = {}
        for term in terms:
            outside, inside = self.apart(term)
            add_to(weights.setdefault(inside, {}), outside)
        front, weights = _common(weights)
        expr = Add(*(self.collector.expr(weight) * inside for inside, weight in weights.items()))
        return multiplied(front, self.collector.polynomial(self._sum(expr)))

    def apart(self, term: Expr) -> tuple[Polynomial, Expr]:
        """The part of a product without the index, and the part with it; sums in that are not multiplied out."""
        outside: Polynomial = {(): 1}
        powers: Polynomial = {(): 1}
        sums: list[Expr] = []
        for factor in Mul.make_args(term):
            products = self.collector.polynomial(factor)
            if all(self.law(monomial) == _Law() for monomial in products):
                outside = multiplied(outside, products)
            elif len(products) == 1:
                powers = multiplied(powers, products)
            else:
                sums.append(factor)
        ((monomial, coefficient),) = powers.items()
        without = self.outside(monomial)
        within = tuple(sorted((Counter(monomial) - Counter(without)).elements()))
        return multiplied(outside, {without: coefficient}), Mul(self.collector.expr({within: 1}), *sums)

    def _sum(self, expr: Expr) -> Expr:
        index = self.index
        bound = {symbol for inner in expr.atoms(Sum) for symbol in inner.bound_symbols}
        limits = self.first.free_symbols | self.stop.free_symbols
        if index in bound or index in limits:
            others = bound | expr.free_symbols | limits
            index = next(fresh for fresh in map(_fresh, count()) if fresh not in others)
            expr = put_in(expr, self.index, index)
        return Sum(expr, (index, self.first, self.stop - 1))

    def written_out(self, terms: list[Expr]) -> Polynomial:
        """The terms with every value of the index put in."""
        total: Polynomial = {}
        for step in range(int(self.first), int(self.stop)):
            for term in terms:
                add_to(total, self.collector.polynomial(canonical(put_in(term, self.index, Integer(step)))))
        return total


@lru_cache(maxsize=1024)
def antidifference(power: int, ratio: Number) -> tuple[Number, ...]:
    """The coefficients of ``Q``, from the constant up, with ``r**(n+1)*Q(n+1) - r**n*Q(n) = n**power * r**n``.

    Of ``r*Q(n+1) - Q(n) = n**power`` the highest coefficient is known at once, and each gives the next.

    >>> from symcnn.sums import antidifference
    >>> antidifference(1, 1)  # 0 + 1 + ... + (n - 1) is n**2/2 - n/2
    (0, Fraction(-1, 2), Fraction(1, 2))
    >>> antidifference(0, 2)  # 1 + 2 + ... + 2**(n - 1) is 2**n - 1
    (Fraction(1, 1),)
    """
    shift = 1 if ratio == 1 else 0
    found: dict[int, Any] = {}
    for j in range(power, -1, -1):
        above = sum((math.comb(k, j) * q for k, q in found.items() if k > j + shift), start=Fraction(0))
        rest = (j == power) - ratio * above
        found[j + shift] = rest / Fraction(j + 1 if shift else ratio - 1)
    return tuple(found.get(k, 0) for k in range(power + shift + 1))


def _either(law: _Law, first: Expr, stop: Expr, if_one: Expr) -> Expr:
    """The sum where the ratio is an expression: one form if it is 1, and one for all else."""
    power, r = law
    places, powers, closed = _antidifferences(power, r)
    values = dict(zip((*places, *powers), (first, stop, r**first, r**stop), strict=True))
    return Piecewise((if_one, Eq(r, 1)), (closed.xreplace(values), True))


@lru_cache(maxsize=256)
def _antidifferences(power: int, r: Expr) -> tuple[tuple[Expr, Expr], tuple[Expr, Expr], Expr]:
    """Between two places ``a`` and ``b``, as one fraction in ``a``, ``b``, ``r**a`` and ``r**b``."""
    coefficients: list[Expr] = [S.Zero] * (power + 1)
    for j in range(power, -1, -1):
        above = Add(*(math.comb(k, j) * coefficients[k] for k in range(j + 1, power + 1)))
        coefficients[j] = (Integer(j == power) - r * above) / (r - 1)
    places, powers = (Dummy("a"), Dummy("b")), (Dummy("r^a"), Dummy("r^b"))
    low, high = (p * Add(*(q * x**k for k, q in enumerate(coefficients))) for x, p in zip(places, powers, strict=True))
    return places, powers, together(high - low)


def _common(weights: dict[Expr, Polynomial]) -> tuple[Polynomial, dict[Expr, Polynomial]]:
    """What all weights have in common, and the weights without it."""
    products = [item for weight in weights.values() for item in weight.items() if item[1]]
    if not products:
        return {}, {}
    shared = reduce(and_, (Counter(monomial) for monomial, _ in products))
    fractions = [Fraction(c) for _, c in products]
    scale = Fraction(math.gcd(*(f.numerator for f in fractions)), math.lcm(*(f.denominator for f in fractions)))
    scale = -scale if all(f < 0 for f in fractions) else scale
    without: dict[Expr, Polynomial] = {
        inside: {tuple(sorted((Counter(m) - shared).elements())): c / scale for m, c in weight.items()}
        for inside, weight in weights.items()
    }
    return {tuple(sorted(shared.elements())): scale}, without


@lru_cache
def _fresh(depth: int) -> Symbol:
    """An index that is nobody else's, but the same every time: equal sums are equal expressions."""
    return Dummy("t" if depth == 0 else f"t_{depth}", integer=True, nonnegative=True)
