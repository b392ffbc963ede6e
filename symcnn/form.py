"""The form in which users see a total: decided here and nowhere else.

A total is a sum of products of sizes, each counted some number of times. One layer's is shown in
textbook form, its common factors in front: ``C_out*(C_in*k_h*k_w + 1)``. A network's is expanded
and like terms are collected: ``18*w**2 + 36*w``.

SymPy's own ``expand`` takes a millisecond for each layer, so terms are collected here in a plain
dictionary and become one SymPy sum at the end.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import groupby

from sympy import Add, Expr, Integer, Mul, Pow, Rational

Products = Mapping[tuple[Expr, ...], int]
"""Products of sizes, each as the tuple of its factors, with how often it is counted."""

Monomial = tuple[int, ...]
Number = int | Fraction
Polynomial = dict[Monomial, Number]
"""A sum of products with their coefficients; each product is the sorted places of its factors among the generators."""

MULTIPLIED_OUT = 64
"""The largest power that is multiplied out: ``(w + 1)**1000`` stays as it is."""


def factored(products: Products) -> Expr:
    """The sum with the factors that all products share in front."""
    if not products:
        return Integer(0)
    counted = [Counter(factors) for factors in products]
    common = counted[0]
    for other in counted[1:]:
        common = common & other
    rest = (times * Mul(*(c - common).elements()) for c, times in zip(counted, products.values(), strict=True))
    return Mul(*common.elements(), Add(*rest))


def collected(products: Products) -> Expr:
    """The sum expanded, like terms collected."""
    collector = Collector()
    total: Polynomial = {}
    for factors, times in products.items():
        product: Polynomial = {(): times}
        for factor in factors:
            product = multiplied(product, collector.polynomial(factor))
        add_to(total, product)
    return collector.expr(total)


class Collector:
    """Expands expressions into polynomials over one list of generators.

    Whatever is no number, sum, product or integer power is a generator. An exponent's terms are taken
    apart, ``2**(2*n - 1)`` being half of the generator ``4**n``.
    """

    def __init__(self) -> None:
        self.generators: list[Expr] = []
        self.exponentials: dict[int, tuple[Fraction, Expr]] = {}  # Numbers to a power, by place.
        self._known: dict[Expr, Polynomial] = {}

    def polynomial(self, expr: Expr) -> Polynomial:
        """An expression, expanded; not to be changed by who asks."""
        found = self._known.get(expr)
        if found is None:
            found = self._known[expr] = self._expanded(expr)
        return found

    def expr(self, polynomial: Polynomial) -> Expr:
        """A polynomial as one SymPy sum."""
        return Add(*(self._term(monomial, c) for monomial, c in polynomial.items() if c))

    def _expanded(self, expr: Expr) -> Polynomial:
        if expr.is_Rational:
            return {(): number(expr)}
        if expr.is_Add:
            total: Polynomial = {}
            for term in expr.args:
                add_to(total, self.polynomial(term))
            return total
        if expr.is_Mul:
            return self._product(self.polynomial(factor) for factor in expr.args)
        if expr.is_Pow:
            return self._power(expr)
        return self._generator(expr)

    def _product(self, factors: Iterable[Polynomial]) -> Polynomial:
        product: Polynomial = {(): 1}
        for factor in factors:
            product = multiplied(product, factor)
        return product

    def _power(self, power: Expr) -> Polynomial:
        base, exponent = power.args
        if exponent.is_Integer and 0 < exponent <= MULTIPLIED_OUT:
            return self._product([self.polynomial(base)] * int(exponent))
        if exponent.is_Rational or base == 0:
            return self._generator(power)
        if base.is_Mul and exponent.is_integer:
            return self._product(self.polynomial(factor**exponent) for factor in base.args)
        expanded = self.expr(self.polynomial(exponent))
        if expanded != exponent:
            return self.polynomial(base**expanded)
        if not exponent.is_Add:
            return self._exponential(power)
        # What may be 0 is left: 0**(n - 1) is 1 for n = 1, but 0**n/0 is nothing.
        nonzero = base.is_Rational or base.is_positive
        return self._product(self.polynomial(base**e) for e in exponent.args) if nonzero else self._generator(power)

    def _exponential(self, power: Expr) -> Polynomial:
        """``2**(-3*n)`` as the generator ``(1/8)**n``, and ``m**(2*n)`` as the square of ``m**n``."""
        base, (times, exponent) = power.base, power.exp.as_coeff_Mul()
        if not times.is_Integer or not (base.is_positive or exponent.is_integer):
            return self._generator(power)
        if not base.is_Rational:
            return self._product([self._generator(base ** (exponent * times / abs(times)))] * abs(int(times)))
        rate = Fraction(number(base)) ** int(times)
        made = self._generator(Pow(Rational(rate), exponent))
        self.exponentials.update((place, (rate, exponent)) for (place,) in made)
        return made

    def _generator(self, expr: Expr) -> Polynomial:
        found = self._known.get(expr)
        if found is None:
            self.generators.append(expr)
            found = self._known[expr] = {(len(self.generators) - 1,): 1}
        return found

    def _term(self, monomial: Monomial, coefficient: Number) -> Expr:
        counted = [(place, len(list(same))) for place, same in groupby(monomial)]
        plain = (self.generators[place] ** times for place, times in counted if place not in self.exponentials)
        return Mul(Rational(coefficient), *plain, *(self._exponentials(counted) if self.exponentials else ()))

    def _exponentials(self, counted: list[tuple[int, int]]) -> Iterator[Expr]:
        """``2**n*2**n`` as ``4**n``, which SymPy writes ``2**(2*n)``."""
        bases: dict[Expr, Fraction] = {}
        for place, times in counted:
            if place in self.exponentials:
                base, exponent = self.exponentials[place]
                bases[exponent] = bases.get(exponent, Fraction(1)) * base**times
        for exponent, base in bases.items():
            yield Integer(base.denominator) ** -exponent if base.numerator == 1 else Rational(base) ** exponent


def number(rational: Expr) -> Number:
    """A SymPy number as one of Python's."""
    return int(rational.p) if rational.q == 1 else Fraction(int(rational.p), int(rational.q))


def add_to(total: Polynomial, other: Polynomial) -> None:
    """Add a polynomial to a total, in place."""
    for monomial, coefficient in other.items():
        total[monomial] = total.get(monomial, 0) + coefficient


def multiplied(left: Polynomial, right: Polynomial) -> Polynomial:
    """The product of two polynomials."""
    product: Polynomial = {}
    for m, a in left.items():
        for n, b in right.items():
            monomial = tuple(sorted(m + n)) if m and n else m or n
            product[monomial] = product.get(monomial, 0) + a * b
    return product
