"""What is to be said of a tool's figure for one network: what it counts twice, and what it does not see."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping

from sympy import Add, Expr

from ..profile import Profile
from ..report import plain
from ..sizes import Size
from .kinds import ADAPTIVE_AVG, ADAPTIVE_AVG_OTHER, kind_of
from .rules import Convention
from .terms import Term

Amounts = Mapping[Term, Expr]

ADAPTIVE = (ADAPTIVE_AVG, ADAPTIVE_AVG_OTHER)


def remarks(by: Convention, amounts: Amounts, profile: Profile) -> Iterator[str]:
    """The remarks on a tool's figure that a network gives rise to."""
    met = {term.kind for term in amounts}
    yield from dict.fromkeys(text for kind, text in by.remarks.items() if kind in met)
    yield from _doubled(by, amounts)
    yield from _unseen(by, amounts)
    if by.cuts and any(term.kind in ADAPTIVE and term.weight(by) for term in amounts):
        yield from _cut(profile)


def _cut(profile: Profile) -> Iterator[str]:
    """What is lost where the elements of adaptive pooling are counted as windows in floating point, and cut."""
    pools = [leaf.profile for leaf in profile.leaves() if not leaf.idle and kind_of(leaf.profile) in ADAPTIVE]
    # Pooling over everything may leave no axes; its windows are whole, so it has nothing to lose.
    pairs = [list(zip(pool.input.axes, pool.output.axes, strict=False)) for pool in pools]
    if not all(size.is_Integer for pool in pairs for pair in pool for size in pair):
        yield "cuts the windows of adaptive pooling in floating point, so that it may print 1 less for each"
        return
    lost = sum(_lost(pool, pair) for pool, pair in zip(pools, pairs, strict=True))
    if lost:
        yield f"prints {lost} less, since it cuts the windows of adaptive pooling in floating point"


def _lost(pool: Profile, pairs: list[tuple[Size, Size]]) -> int:
    """How much less than the elements in and out of a pooling is counted in floating point."""
    if not pairs:
        return 0
    window = math.prod(int(size) / int(out) for size, out in pairs)
    return int(pool.input.elements + pool.output.elements) - int((window + 1) * int(pool.output.elements))


def _doubled(by: Convention, amounts: Amounts) -> Iterator[str]:
    """What is counted as a module, and again as the function that the module calls."""
    weights = {term: by.weights(term.kind, term.amount, term.call) for term in amounts}
    twice = {term: function for term, (module, function, _) in weights.items() if module and function}
    if twice:
        much = _written(Add(*(weight * amounts[term] for term, weight in twice.items())))
        yield f"twice, as modules and as functions: {_listed(term.kind for term in twice)}, {much} too many"


def _unseen(by: Convention, amounts: Amounts) -> Iterator[str]:
    """What would be counted, were it called as a module."""
    missed = {term: by.weight(term.kind, term.amount) for term in amounts if term.weight(by) == 0}
    missed = {term: weight for term, weight in missed.items() if weight}
    if missed:
        much = _written(Add(*(weight * amounts[term] for term, weight in missed.items())))
        yield f"does not see {_listed(term.layer for term in missed)}, {much} too few"


def _listed(names: Iterable[str]) -> str:
    """Names, each once, with "and" before the last.

    >>> _listed(["ReLU", "max pooling", "ReLU"])
    'ReLU and max pooling'
    """
    *others, last = dict.fromkeys(names)
    return f"{', '.join(others)} and {last}" if others else last


def _written(amount: Expr) -> str:
    return f"{int(amount):,}" if amount.is_Integer else plain(amount, times="·")
