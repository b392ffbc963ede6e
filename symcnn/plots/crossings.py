"""Where curves cross a budget, and each other: exact, apart from the drawing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise
from typing import NamedTuple

from .arguments import Number
from .data import Curve


class Crossover(NamedTuple):
    """The first point where two curves have changed their order: now the curve ``above`` is the larger."""

    x: Number
    y: Number
    above: Curve


def last_within(curve: Curve, budget: Number) -> list[tuple[Number, Number]]:
    """The points of a curve after which it rises above a budget: up to there it can be afforded.

    A curve that crosses several times has several, and one that never does has none.

    >>> last_within(Curve("", (8, 16, 24, 32), (10, 20, 31, 40)), 30)
    [(16, 20)]
    """
    points = zip(curve.x, curve.y, strict=True)
    return [one for one, other in pairwise(points) if one[1] <= budget < other[1]]


def crossovers(curves: Sequence[Curve]) -> list[Crossover]:
    """Where two of the curves cross, from left to right; where they only touch is no crossing.

    >>> linear, square = Curve("", (1, 2, 3, 4), (3, 6, 9, 12)), Curve("", (1, 2, 3, 4), (1, 4, 9, 16))
    >>> [(crossing.x, crossing.y) for crossing in crossovers([linear, square])]
    [(4, 16)]
    """
    found = (crossing for one, other in combinations(curves, 2) for crossing in _crossings(one, other))
    return sorted(found, key=lambda crossing: crossing.x)


def _crossings(one: Curve, other: Curve) -> Iterator[Crossover]:
    larger: Curve | None = None
    for x, y, z in zip(one.x, one.y, other.y, strict=True):
        if y == z:
            continue
        above = one if y > z else other
        if larger is not None and above is not larger:
            yield Crossover(x, max(y, z), above)
        larger = above
