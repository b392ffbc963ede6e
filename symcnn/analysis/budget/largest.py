"""``largest``: the largest value of a symbol within budgets, with its certificate."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from sympy import Expr, Poly, Symbol, fraction, together
from sympy.polys.polyerrors import BasePolynomialError

from ...errors import SizeError
from ...numeric.checks import as_conditions
from ..asked import Values, as_step, as_symbol
from ..compiled import is_costly, known_way, symbols_of, with_numbers
from ..proofs.relax import bounds
from ..proofs.trend import Way
from .candidates import MOST, Candidates, blocks
from .certificate import Largest, Sides
from .limits import Limit, as_limits, implied, leaves_no_end
from .problem import Problem, formulas_of

FAR = 2**512
"""A limit that is still met at this place is not reached."""

NEAR = 2**16
"""The same where the symbol is an exponent, or how often something is added up."""


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
    return _Search(Candidates.of(problem, as_step(step, symbol))).answer()


TURNS = 22
"""So many places, each twice as far as the one before, are looked at for where a formula begins to grow."""


class _Search:
    """Looks for the last place within the limits and the conditions."""

    def __init__(self, candidates: Candidates) -> None:
        self._candidates = candidates
        self._problem = candidates.problem
        self._symbol: Symbol = self._problem.looked_for[0]

    def answer(self) -> Largest:
        """The answer, with what proves it."""
        bounds = [limit for condition in self._problem.conditions for limit in implied(condition, self._symbol)]
        ways = {limit: self._way(limit, 0) for limit in bounds}
        caps = [limit for limit, way in ways.items() if way == 1]
        cap = self._last(0, caps)
        first = self._candidates.next_allowed(0, cap)
        if first is None:
            tried = self._candidates[MOST - 1 if cap is None else max(0, min(cap, MOST - 1))]
            return self._made(None, None, f"no {self._symbol} up to {tried} meets the conditions")
        own = {limit: self._way(limit, first) for limit in self._problem.limits}
        growing = [*caps, *(limit for limit, way in own.items() if way == 1)]
        last = self._last(first, growing)
        if last is not None and last < first:
            return self._made(None, first, self._because(growing, first, "the smallest is over it"))
        if any(way is None for way in own.values()):
            return self._scanned(first, last, [limit for limit, way in own.items() if way is None])
        others = [limit for limit, way in own.items() if way in (0, -1)]
        return self._unlimited(first, others, ways) if last is None else self._bisected(first, last, growing, others)

    # Bisection, where every formula is proved to go one way.

    def _bisected(self, first: int, last: int, growing: list[Limit], others: list[Limit]) -> Largest:
        """The last place that the growing limits allow; the others, once met, stay so."""
        found = self._candidates.last_allowed(last, first) if self._within(last, others) else None
        if found is None or not self._within(found, others):
            return self._made(None, first, self._because(others, first, "what is large enough for it is over another"))
        return self._made(found, first, self._because(growing, last + 1, "what is larger is over it too"))

    def _unlimited(self, first: int, others: list[Limit], ways: Mapping[Limit, Way]) -> Largest:
        """No limit is reached; whether the conditions leave an end must be known."""
        if not self._met_in_reach(first, others):
            return self._made(None, first, self._because(others, first, "no value in reach is large enough for it"))
        ending = [c for c in self._problem.conditions if not leaves_no_end(c, self._symbol, ways)]
        if ending:
            listed = ", ".join(map(str, ending))
            raise SizeError(f"whether {listed} leaves an end is not known; {self._instead}")
        rest = [limit for limit in self._problem.limits if limit not in others]
        told = (
            f"no limit is reached up to {self._symbol} = {self._told_reach}"
            if rest
            else (f"no limit is reached, however large {self._symbol} is")
        )
        return self._made(None, first, told, unlimited=True)

    @property
    def _instead(self) -> str:
        return f"give a range to search({{{self._symbol}: range(...)}}, ...)"

    @property
    def _told_reach(self) -> str:
        return "2**16" if self._reach == NEAR else "2**512"

    def _because(self, limits: list[Limit], place: int, what: str) -> str:
        """Which limits a place breaks, and why that settles it."""
        broken = [limit for limit in limits if not self._within(place, [limit])]
        verb = "goes one way" if len(broken) == 1 else "go one way"
        return f"{_listed(broken)} {verb} with {self._symbol}, by form: {what}" if broken else what

    def _last(self, first: int, growing: list[Limit]) -> int | None:
        """The last place that limits allow which, once passed, stay so; ``None`` where they are not reached."""
        return _last_true(lambda place: self._within(place, growing), first, self._reach) if growing else None

    def _met_in_reach(self, first: int, limits: list[Limit]) -> bool:
        """Whether limits which, once met, stay so, are met somewhere."""
        return not limits or _last_true(lambda place: not self._within(place, limits), first, self._reach) is not None

    @cached_property
    def _reach(self) -> int:
        """How far places are looked at."""
        return NEAR if any(is_costly(self._symbol, formula) for formula in formulas_of(self._problem.limits)) else FAR

    def _way(self, limit: Limit, first: int) -> Way:
        numeric = not symbols_of(limit.right)
        formula = limit.left if numeric else limit.excess
        way = known_way(formula, self._symbol, self._candidates[first], self._problem.pairs)
        return -way if way is not None and numeric and not limit.upper else way

    def _within(self, place: int, limits: list[Limit]) -> bool:
        return all(limit.met(*self._problem.sides_of(limit, self._candidates.at(place))) for limit in limits)

    # Trying every value, where a formula may rise and fall.

    def _scanned(self, first: int, last: int | None, open_ones: list[Limit]) -> Largest:
        found_ends = [last] if last is not None else [self._end(limit, first) for limit in open_ones]
        ends = [end for end in found_ends if end is not None]
        names = _listed(open_ones)
        if not ends or min(ends) - first > MOST:
            raise SizeError(
                f"{names} may rise and fall with {self._symbol}, and "
                + (f"{min(ends) - first:,} values are too many to try" if ends else "no end is in reach")
                + f"; {self._instead}"
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

    def _end(self, limit: Limit, first: int) -> int | None:
        """A place from which on a limit is surely passed: it grows from some place on, or its smooth law tells."""
        turning = next((first + 2**i for i in range(TURNS) if self._way(limit, first + 2**i) == 1), None)
        if turning is not None:
            return _last_true(lambda place: self._within(place, [limit]), turning, self._reach)
        excess, further = self._candidates.further(with_numbers(limit.excess, self._problem.pairs), first)
        try:
            smooth, below, _ = bounds(excess, further, sizes=False)
        except SizeError:
            return None
        root = _last_root(smooth - below, further)
        return None if root is None else first + int(root) + 1

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
            limits=self._problem.limits,
            sides=self._sides(shown),
            beyond_sides=self._sides(beyond),
            why=why,
            unlimited=unlimited,
            fixed=dict(self._problem.fixed),
            conditions=self._problem.conditions,
        )

    def _sides(self, place: int | None) -> Sides:
        return () if place is None else tuple(self._problem.sides(self._candidates.at(place)))


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
    except BasePolynomialError:
        return None
    if n.is_zero or n.LC() * d.LC() <= 0 or n.degree() < 1:
        return None
    # Past the largest root of both, a quotient keeps the sign of its leading terms.
    ends = [part.intervals()[-1][0][1] for part in (n, d) if part.degree() > 0 and part.count_roots()]
    return max([0, *ends])
