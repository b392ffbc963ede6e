"""The largest of many sums of products: those that another one is surely not below are left out.

SymPy's ``Max`` compares every two of its arguments, which takes seconds for some dozens; here products are
compared term by term.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from fractions import Fraction

from sympy import Expr, Integer, Max, Min, S

from ..form import Collector, Monomial, Polynomial, add_to, multiplied
from ..sizes import FloorDiv
from ..sizes.terms import least

SAMPLES = 10
"""At how many points sums are compared in numbers first: most of the pairs are told apart there."""

LARGE = 1000
"""A large value for a symbol."""

Values = tuple[float, ...]


class Comparison:
    """Compares sums of products of sizes.

    ``bounds`` are what symbols are known to be at least; ``sizes`` are expressions known to be at least 1.
    """

    def __init__(self, collector: Collector, bounds: Mapping[Expr, int]) -> None:
        self.collector = collector
        self.bounds = bounds
        self.sizes: set[Expr] = set()
        self._least: dict[int, int | None] = {}
        self._symbols: dict[Expr, int] = {}
        self._values: dict[int, Values] = {}
        self._above: dict[int, Polynomial] = {}

    def largest(self, polynomials: Iterable[Polynomial]) -> list[Polynomial]:
        """Those of which any may be the largest."""
        different = {frozenset(p.items()): (self.values(p), p) for p in polynomials}.values()
        kept: list[tuple[Values, Polynomial]] = []
        for values, polynomial in sorted(different, key=lambda pair: pair[0], reverse=True):
            if not any(_below(values, above) and self.surely_at_most(polynomial, p) for above, p in kept):
                kept.append((values, polynomial))
        return [polynomial for _, polynomial in kept]

    def maximum(self, polynomials: Iterable[Polynomial]) -> Expr:
        """The largest as an expression: a ``Max`` of those of which any may be it."""
        exprs = [self.collector.expr(polynomial) for polynomial in self.largest(polynomials)]
        return exprs[0] if len(exprs) == 1 else Max(*exprs, evaluate=False)

    def surely_at_most(self, small: Polynomial, large: Polynomial) -> bool:
        """Whether one is never above the other, as far as the terms tell."""
        rest = dict(large)
        add_to(rest, {monomial: -times for monomial, times in small.items()})
        if self._nonnegative(rest):
            return True
        rest = self._with_quotients(rest)
        return self._nonnegative(rest) or self._nonnegative(self._from_bounds(rest), shifted=True)

    def _nonnegative(self, difference: Polynomial, shifted: bool = False) -> bool:
        """Whether each term that is taken away is made up for by one that has its factors and more.

        Symbols that are ``shifted`` stand for what they are above their bounds.
        """
        there = {monomial: Fraction(times) for monomial, times in difference.items() if times > 0}
        for monomial, times in difference.items():
            if times < 0 and not self._made_up(monomial, Fraction(-times), there, shifted):
                return False
        return all(self.least(place) is not None for monomial in there for place in monomial)

    def _made_up(self, monomial: Monomial, times: Fraction, there: dict[Monomial, Fraction], shifted: bool) -> bool:
        wanted = Counter(monomial)
        for larger, left in there.items():
            factors = Counter(larger)
            if left and wanted <= factors:
                more = (factors - wanted).elements()
                worth = math.prod(self.least(place, shifted) or 0 for place in more)
                if worth:
                    taken = min(left, times / worth)
                    there[larger] = left - taken
                    times -= taken * worth
            if times == 0:
                return True
        return False

    def least(self, place: int, shifted: bool = False) -> int | None:
        """What a factor is never below; None where that may be less than 0."""
        generator = self.collector.generators[place]
        if shifted and generator in self.bounds:
            return 0
        if place not in self._least:
            self._least[place] = 1 if generator in self.sizes else self._least_of(generator)
        return self._least[place]

    def _least_of(self, generator: Expr) -> int | None:
        found = least(generator)
        if found is not None and found > 0:
            return found
        return 0 if generator.is_nonnegative else None

    def _from_bounds(self, difference: Polynomial) -> Polynomial:
        """The same in what symbols are above their bounds."""
        found: Polynomial = {}
        for monomial, times in difference.items():
            term: Polynomial = {(): times}
            for place in monomial:
                bound = self.bounds.get(self.collector.generators[place], 0)
                term = multiplied(term, {(place,): 1, (): bound} if bound else {(place,): 1})
            add_to(found, term)
        return found

    def _with_quotients(self, difference: Polynomial) -> Polynomial:
        """A lower bound: where they are taken away ``⌊n/d⌋`` is at most ``n/d``, and ``Min(1, n)`` at most 1."""
        bound: Polynomial = {}
        for monomial, times in difference.items():
            term: Polynomial = {(): times}
            for place in monomial:
                term = multiplied(term, self._quotient(place) if times < 0 else {(place,): 1})
            add_to(bound, term)
        return bound

    def _quotient(self, place: int) -> Polynomial:
        if place not in self._above:
            generator = self.collector.generators[place]
            self._above[place] = {(place,): 1}
            if isinstance(generator, FloorDiv) and generator.args[1].is_Integer and self.least(place) is not None:
                numerator, divisor = generator.args
                self._above[place] = multiplied({(): Fraction(1, int(divisor))}, self.collector.polynomial(numerator))
            elif isinstance(generator, Min) and S.One in generator.args:
                self._above[place] = {(): 1}
        return self._above[place]

    # At some points.

    def values(self, polynomial: Polynomial) -> Values:
        """What it is at the samples."""
        terms = [(float(times), [*map(self._values_of, monomial)]) for monomial, times in polynomial.items()]
        return tuple(
            sum(times * math.prod(values[point] for values in factors) for times, factors in terms)
            for point in range(SAMPLES)
        )

    def _values_of(self, place: int) -> Values:
        if place not in self._values:
            generator = self.collector.generators[place]
            self._values[place] = tuple(self._value(generator, point) for point in range(SAMPLES))
        return self._values[place]

    def _value(self, generator: Expr, point: int) -> float:
        """At first all symbols are large, then all are small, then all but one."""
        values = {}
        for symbol in generator.free_symbols:
            number = self._symbols.setdefault(symbol, len(self._symbols))
            small = self.bounds.get(symbol, 1)
            values[symbol] = Integer(small + LARGE if point in (0, number + 2) else small)
        found = generator.xreplace(values)
        return float(found) if found.is_number else LARGE


def _below(small: Values, large: Values) -> bool:
    return all(a <= b for a, b in zip(small, large, strict=True))
