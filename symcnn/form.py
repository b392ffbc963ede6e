"""The form in which users see a total: decided here and nowhere else.

A total is a sum of products of sizes, each counted some number of times. One layer's is shown in
textbook form, its common factors in front: ``C_out*(C_in*k_h*k_w + 1)``. A network's is expanded
and like terms are collected: ``18*w**2 + 36*w``.

SymPy's own ``expand`` takes a millisecond for each layer, so terms are collected here in a plain
dictionary and become one SymPy sum at the end.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from fractions import Fraction
from itertools import groupby

from sympy import Add, Expr, Integer, Mul, Rational

Products = Mapping[tuple[Expr, ...], int]
"""Products of sizes, each as the tuple of its factors, with how often it is counted."""

Monomial = tuple[int, ...]
Number = int | Fraction
Polynomial = dict[Monomial, Number]


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
    return _Collector().total(products)


class _Collector:
    """Expands products into one polynomial; whatever is no number, sum or product is a generator."""

    def __init__(self) -> None:
        self.generators: list[Expr] = []
        self.known: dict[Expr, Polynomial] = {}

    def total(self, products: Products) -> Expr:
        total: Polynomial = {}
        for factors, times in products.items():
            product: Polynomial = {(): times}
            for factor in factors:
                product = _times(product, self.polynomial(factor))
            _add(total, product)
        return Add(*(self.term(monomial, c) for monomial, c in total.items() if c))

    def polynomial(self, expr: Expr) -> Polynomial:
        found = self.known.get(expr)
        if found is None:
            found = self.known[expr] = self.expand(expr)
        return found

    def expand(self, expr: Expr) -> Polynomial:
        if expr.is_Integer:
            return {(): int(expr)}
        if expr.is_Rational:
            return {(): Fraction(int(expr.p), int(expr.q))}
        if expr.is_Add:
            total: Polynomial = {}
            for term in expr.args:
                _add(total, self.polynomial(term))
            return total
        if expr.is_Mul:
            return self.product(self.polynomial(factor) for factor in expr.args)
        if expr.is_Pow and expr.exp.is_Integer and expr.exp > 0:
            return self.product([self.polynomial(expr.base)] * int(expr.exp))
        self.generators.append(expr)
        return {(len(self.generators) - 1,): 1}

    def product(self, factors: Iterable[Polynomial]) -> Polynomial:
        product: Polynomial = {(): 1}
        for factor in factors:
            product = _times(product, factor)
        return product

    def term(self, monomial: Monomial, coefficient: Number) -> Expr:
        powers = (self.generators[g] ** len(list(same)) for g, same in groupby(monomial))
        return Mul(Rational(coefficient), *powers)


def _add(total: Polynomial, other: Polynomial) -> None:
    for monomial, coefficient in other.items():
        total[monomial] = total.get(monomial, 0) + coefficient


def _times(left: Polynomial, right: Polynomial) -> Polynomial:
    product: Polynomial = {}
    for m, a in left.items():
        for n, b in right.items():
            monomial = tuple(sorted(m + n)) if m and n else m or n
            product[monomial] = product.get(monomial, 0) + a * b
    return product
