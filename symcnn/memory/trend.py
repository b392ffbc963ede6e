"""How a sum of products goes with an index: where over a range it is largest."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction

from sympy import Expr, Symbol, expand

from ..form import Collector, Monomial, Number, Polynomial
from ..profile import Range
from ..sizes import FloorDiv, Size
from ..sums import put_in

UP, DOWN, CONVEX = "up", "down", "convex"
"""It never falls; it never rises; it is never above the line between two of its points."""

Trends = frozenset[str]

ALL: Trends = frozenset((UP, DOWN, CONVEX))
NONE: Trends = frozenset()


def extremes(polynomial: Polynomial, collector: Collector, over: Range) -> list[Expr] | None:
    """The places of which one has the largest value: the last, the first, or both; None where that is not known.

    Each product is a power of the index times powers ``r**index``, times divisions by such powers, which
    fall at least as fast as the power rises: ``⌊⌊H/2**i⌋/2⌋`` is at most ``⌊H/2**i⌋/2``.

    >>> from sympy import Integer, Symbol
    >>> from symcnn import FloorDiv, dims
    >>> from symcnn.form import Collector
    >>> from symcnn.memory.trend import extremes
    >>> from symcnn.profile import Range
    >>> H, n, w = dims("H n w")
    >>> i, collector = Symbol("i", integer=True, nonnegative=True), Collector()
    >>> for size in (w * (i + 1), 2**i * FloorDiv(H, 2**i), (H - i) ** 2, i * (H - i)):
    ...     print(extremes(collector.polynomial(size), collector, Range(i, Integer(0), n)))
    [n - 1]
    [0]
    [0, n - 1]
    None
    """
    trends = ALL
    for monomial, coefficient in polynomial.items():
        trends &= _trends(monomial, coefficient, collector, over.index)
    if UP in trends:
        return [over.stop - 1]
    if DOWN in trends:
        return [over.first]
    return [over.first, over.stop - 1] if CONVEX in trends else None


def _trends(monomial: Monomial, coefficient: Number, collector: Collector, index: Symbol) -> Trends:
    """The trends of one product."""
    power, rate, divided = 0, Fraction(1), False
    for place in monomial:
        generator = collector.generators[place]
        if generator == index:
            power += 1
        elif index in generator.free_symbols:
            found = _rate(place, generator, collector, index)
            if found is None:
                return NONE
            rate *= found
            divided = divided or isinstance(generator, FloorDiv)
    if divided:  # The rate is the largest that it may be.
        rises: Trends = frozenset((DOWN,)) if rate <= 1 and not power else NONE
    elif not power and rate == 1:
        return ALL
    elif rate < 1:
        rises = NONE if power else frozenset((DOWN, CONVEX))
    else:
        rises = frozenset((UP, CONVEX))
    if coefficient > 0:
        return rises
    straight = power == 1 and rate == 1 and not divided
    turned = {UP: DOWN, DOWN: UP}
    return frozenset(turned[trend] for trend in rises if trend in turned) | ({CONVEX} if straight else NONE)


def _rate(place: int, generator: Expr, collector: Collector, index: Symbol) -> Fraction | None:
    """How many times larger it is at the next index, at most; exactly, where it is no division."""
    if place in collector.exponentials:
        rate, exponent = collector.exponentials[place]
        return rate if exponent == index else None
    return _rate_of_division(generator, index) if isinstance(generator, FloorDiv) else None


def _rate_of_division(generator: FloorDiv, index: Symbol) -> Fraction | None:
    """The same of ``⌊n/(c*r**index)⌋``: it falls at least ``r`` times."""
    numerator, divisor = generator.args
    times, power = divisor.as_independent(index, as_Add=False)
    exponential = power.is_Pow and (power.exp - index).is_Integer and power.base.is_Integer and power.base > 0
    if not exponential or index in numerator.free_symbols:
        return None
    return Fraction(1, int(power.base)) if times.is_positive and numerator.is_nonnegative else None


Check = Callable[[Expr], bool]


def steady(sizes: Iterable[Size], over: Range, nonnegative: Check) -> list[Expr] | None:
    """The place where every product of some sizes is largest, if all of them rise, or all of them fall.

    ``nonnegative`` says whether an expression is surely at least 0.

    >>> from sympy import Integer, Symbol
    >>> from symcnn import FloorDiv, dims
    >>> from symcnn.memory.trend import steady
    >>> from symcnn.profile import Range
    >>> H, k, n = dims("H k n")
    >>> over = Range(Symbol("i", integer=True, nonnegative=True), Integer(0), n)
    >>> surely = lambda expr: bool(expr.is_nonnegative)
    >>> steady([H - 3 * over.index, FloorDiv(H, 2**over.index)], over, surely), steady([H + over.index], over, surely)
    ([0], [n - 1])
    """
    changing = [size for size in sizes if over.index in size.free_symbols]
    if all(_never_rises(size, over.index, nonnegative) for size in changing):
        return [over.first]
    rising = all(_never_rises(-size, over.index, nonnegative) for size in changing)
    return [over.stop - 1] if rising else None


def _never_rises(size: Size, index: Symbol, nonnegative: Check) -> bool:
    """Whether it is surely no larger at the next index."""
    if nonnegative(expand(size - put_in(size, index, index + 1))):
        return True
    if not isinstance(size, FloorDiv):
        return False
    numerator, divisor = size.args
    if index in divisor.free_symbols:
        return _rate_of_division(size, index) is not None
    return bool(divisor.is_positive) and _never_rises(numerator, index, nonnegative)
