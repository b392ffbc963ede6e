"""``largest``: the largest value of a symbol within budgets, with its certificate."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from typing import Any

from sympy import Expr, Poly, PolynomialError, Symbol, fraction, together

from ..errors import SizeError
from ..numeric.checks import as_conditions
from .asked import Values, as_step, as_symbol
from .candidates import MOST, Candidates, blocks
from .certificate import Largest, Sides
from .compiled import is_exponent, known_way, symbols_of, with_numbers
from .limits import Limit, as_limits, upper_bounds
from .problem import Problem, formulas_of
from .relax import bounds
from .trend import Way

FAR = 2**62
"""A limit that is still met at this place is not reached."""

NEAR = 2**16
"""The same where the symbol is an exponent, and values have as many digits."""


def largest(x: Any, constraints: Any, at: Values | None = None, step: Any = None, *, where: Any = ()) -> Largest:
    """The largest value of a symbol within some limits: the widest network under two budgets.

    Every answer is checked by exact evaluation, at the answer and at the next value. Bisection is used
    only where the form of every formula proves that it grows, or falls, with the symbol; what may rise
    and fall is found out, and every value is tried, up to where the limits are surely passed.

    Args:
        x: the symbol, or its name.
        constraints: inequalities, ``[P <= 5_000_000, M <= 300_000_000]``, or a mapping of them by name.
        at: values for the other symbols. A value may depend on others: ``{W: H}`` for square images.
        step: only multiples of it are taken, and odd symbols start at 1. Left out 1, or 2 for an odd one.
        where: conditions that the answer meets, such as ``net.conditions``. One about a symbol that has
            no value is passed over.

    Returns:
        ``Largest``, which shows itself as a table. Its ``value`` is ``None`` where no value is within the
        limits, and where all are (``unlimited``).

    Raises:
        SizeError: limits that are no inequalities, a negative budget, a step that is none; formulas that
            may rise and fall with no end in reach, for which ``search`` takes a range.
        UnknownNameError: a name that no symbol has.
        MissingValueError: a symbol without a value.
        ConditionError: values in ``at`` that break a condition.

    >>> import symcnn as sc
    >>> w, H, W, K = sc.dims("w H W K")
    >>> net = sc.zoo.get_model("vgg16")
    >>> best = sc.largest(w, {"params": net.params <= 50_000_000, "macs": net.macs <= 2 * 10**9},
    ...                   at={H: 224, W: 224, K: 10}, step=8, where=net.conditions)
    >>> best.value, best.binding
    (16, ('params', 'macs'))
    >>> net.at(best.at).params
    43437274
    """
    limits = as_limits(constraints)
    known = {symbol for formula in (*formulas_of(limits), *as_conditions(where)) for symbol in symbols_of(formula)}
    symbol = as_symbol(x, known, "largest")
    problem = Problem.of([symbol], limits, (), where, at)
    implied = tuple(bound for condition in problem.conditions for bound in upper_bounds(condition, symbol))
    candidates = Candidates.of(replace(problem, limits=problem.limits + implied), as_step(step, symbol))
    return _Search(candidates, len(limits)).answer()


class _Search:
    """Looks for the last place within the limits, ``own`` of which were asked for; the others are conditions'."""

    def __init__(self, candidates: Candidates, own: int) -> None:
        self._candidates = candidates
        self._own = own
        self._problem = candidates.problem
        self._symbol: Symbol = self._problem.looked_for[0]

    def answer(self) -> Largest:
        """The answer, with what proves it."""
        first = self._candidates.next_allowed(0)
        if first is None:
            tried = self._candidates[MOST - 1]
            return self._made(None, None, f"no {self._symbol} up to {tried} meets the conditions")
        ways = {limit: self._way(limit, first) for limit in self._problem.limits}
        growing = [limit for limit, way in ways.items() if way == 1]
        last = self._last(first, growing)
        if last is not None and last < first:
            return self._made(None, first, self._because(growing, "the smallest is over it"))
        if all(way is not None for way in ways.values()):
            return self._bisected(first, last, growing, [limit for limit, way in ways.items() if way != 1])
        return self._scanned(first, last, [limit for limit, way in ways.items() if way is None])

    # Bisection, where every formula is proved to go one way.

    def _bisected(self, first: int, last: int | None, growing: list[Limit], others: list[Limit]) -> Largest:
        """The last place that the growing limits allow; the others, once met, stay so."""
        if last is None and self._met_in_reach(first, others):
            return self._made(None, first, f"no limit is reached, however large {self._symbol} is", unlimited=True)
        if last is None or not self._within(last, others):
            return self._made(None, first, self._because(others, "no value is large enough for it"))
        found = self._candidates.last_allowed(last, first)
        if found is None or not self._within(found, others):
            return self._made(None, first, self._because(others, "what is large enough for it is over another"))
        return self._made(found, first, self._because(growing, "what is larger is over it too"))

    def _because(self, limits: list[Limit], what: str) -> str:
        verb = "goes one way" if len(limits) == 1 else "go one way"
        return f"{_listed(limits)} {verb} with {self._symbol}, by form: {what}" if limits else what

    def _last(self, first: int, growing: list[Limit]) -> int | None:
        """The last place that limits allow which, once passed, stay so; ``None`` where they are not reached."""
        if not growing:
            return None
        return _last_true(lambda place: self._within(place, growing), first, self._reach)

    def _met_in_reach(self, first: int, limits: list[Limit]) -> bool:
        """Whether limits which, once met, stay so, are met somewhere."""
        return _last_true(lambda place: not self._within(place, limits), first, self._reach) is not None

    @cached_property
    def _reach(self) -> int:
        """How far places are looked at."""
        return NEAR if any(is_exponent(self._symbol, formula) for formula in formulas_of(self._problem.limits)) else FAR

    def _way(self, limit: Limit, first: int) -> Way:
        numeric = not symbols_of(limit.right)
        formula = limit.left if numeric else limit.excess
        way = known_way(formula, self._symbol, self._candidates[first], self._problem.pairs)
        return -way if way is not None and numeric and not limit.upper else way

    def _within(self, place: int, limits: list[Limit]) -> bool:
        met = dict(zip(self._problem.limits, self._problem.met(self._candidates.at(place)), strict=True))
        return all(met[limit] for limit in limits)

    # Trying every value, where a formula may rise and fall.

    def _scanned(self, first: int, last: int | None, open_ones: list[Limit]) -> Largest:
        ends = [last] if last is not None else [end for limit in open_ones if (end := self._end(limit)) is not None]
        names = _listed(open_ones)
        if not ends or min(ends) - first > MOST:
            raise SizeError(
                f"{names} may rise and fall with {self._symbol}, and "
                + (f"{min(ends) - first:,} values are too many to try" if ends else "no end is in reach")
                + f"; give a range to search({{{self._symbol}: range(...)}}, ...)"
            )
        end = min(ends)
        found = self._last_within(first, end)
        end_value = self._candidates[max(end, first)]
        why = f"{names} may rise and fall with {self._symbol}: every value up to {end_value} was tried"
        return self._made(found, first, why)

    def _last_within(self, first: int, end: int) -> int | None:
        for block in blocks(range(end, first - 1, -1)):
            mask = self._candidates.allowed(block)
            for met in self._problem.met(self._candidates.block(block)):
                mask = mask & met
            found = mask.nonzero()[0]
            if found.size:
                return block[int(found[0])]
        return None

    def _end(self, limit: Limit) -> int | None:
        """A place from which on a limit is surely passed: its smooth law is, by more than the error of that."""
        excess = with_numbers(limit.excess, self._problem.pairs)
        smooth, below, _ = bounds(excess, self._symbol)
        root = _last_root(smooth - below, self._symbol)
        if root is None:
            return None
        return max(0, int((root - self._candidates.start) / self._candidates.step) + 1)

    # The certificate.

    def _made(self, place: int | None, first: int | None, why: str, unlimited: bool = False) -> Largest:
        beyond = None if place is None else self._candidates.next_allowed(place + 1)
        shown = place if place is not None else first
        return Largest(
            symbol=self._symbol,
            step=self._candidates.step,
            value=None if place is None else self._candidates[place],
            smallest=None if first is None else self._candidates[first],
            beyond=None if beyond is None else self._candidates[beyond],
            limits=self._problem.limits[: self._own],
            sides=self._sides(shown),
            beyond_sides=self._sides(beyond),
            why=why,
            unlimited=unlimited,
            fixed=dict(self._problem.fixed),
            conditions=self._problem.conditions,
        )

    def _sides(self, place: int | None) -> Sides:
        return () if place is None else tuple(self._problem.sides(self._candidates.at(place))[: self._own])


def _listed(limits: list[Limit]) -> str:
    *others, last = (limit.name for limit in limits)
    return f"{', '.join(others)} and {last}" if others else last


def _last_true(holds: Callable[[int], bool], first: int, reach: int) -> int | None:
    """The last place where something holds that, once it fails, fails for good; ``None`` if that is out of reach."""
    if not holds(first):
        return first - 1
    low, step = first, 1
    while holds(low + step):
        low, step = low + step, 2 * step
        if low > reach:
            return None
    high = low + step
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if holds(middle) else (low, middle)
    return low


def _last_root(expr: Expr, x: Symbol) -> Any:
    """A number from which on a formula is above 0; ``None`` where there is none, or none is found."""
    over, under = fraction(together(expr))
    try:
        n, d = (Poly(part, x, domain="QQ") for part in (over, under))
    except PolynomialError:
        return None
    if n.is_zero or n.LC() * d.LC() <= 0 or n.degree() < 1:
        return None
    # Past the largest root of both, a quotient keeps the sign of its leading terms.
    ends = [part.intervals()[-1][0][1] for part in (n, d) if part.degree() > 0 and part.count_roots()]
    return max([0, *ends])
