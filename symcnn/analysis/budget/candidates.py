"""The values that a symbol may have: evenly spaced, and those among them that meet conditions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sympy import Expr, Symbol, sympify

from ...errors import SizeError
from ...numeric.inputs import int64_or_object
from ...sizes import canonical, exact_number
from .problem import Problem

Number = int | Fraction

FEW = 8
"""So many values are tried one by one, before arrays of them."""

BLOCK = 4096
"""How many values are tried at once."""

MOST = 2**22
"""How many values are tried at most."""


@dataclass(frozen=True)
class Candidates:
    """``start + step*place`` for places from 0 on; the problem's conditions allow some of them."""

    problem: Problem
    start: Number
    step: Number

    @classmethod
    def of(cls, problem: Problem, step: Expr) -> Candidates:
        """Multiples of a step; odd symbols start at 1, and those that may be 0 there.

        Raises:
            SizeError: a step that is no number.
        """
        (symbol,) = problem.looked_for
        by = exact_number(step)
        if by is None:
            raise SizeError(f"step must be a number, got {step}")
        return cls(problem, 1 if symbol.is_odd else by if symbol.is_positive else 0, by)

    def __getitem__(self, place: int) -> Number:
        value: Number = self.start + self.step * place
        return value.numerator if value.denominator == 1 else value

    def at(self, place: int) -> dict[Symbol, Any]:
        """A value, as the problem takes it."""
        return {self.problem.looked_for[0]: self[place]}

    def block(self, places: range) -> dict[Symbol, Any]:
        """An array of neighbouring values, as the problem takes it."""
        values = [self[place] for place in places]
        return {self.problem.looked_for[0]: int64_or_object(values, (len(values),))}

    def further(self, formula: Expr, first: int) -> tuple[Expr, Symbol]:
        """A formula in how many places further than ``first`` one is, which is at least 0."""
        further = Symbol("further", integer=True, nonnegative=True)
        value = sympify(self.start) + sympify(self.step) * (first + further)
        return canonical(formula.subs(self.problem.looked_for[0], value)), further

    def next_allowed(self, place: int, last: int | None = None) -> int | None:
        """The first place from this one on that the conditions allow; ``None`` if none up to ``last`` or near does."""
        stop = place + MOST if last is None else min(last + 1, place + MOST)
        return self._first(range(place, max(stop, place)))

    def last_allowed(self, place: int, first: int) -> int | None:
        """The last place that the conditions allow, from this one down to ``first``.

        Raises:
            SizeError: there is none in reach, and some are left to try.
        """
        found = self._first(range(place, max(first, place - MOST) - 1, -1))
        if found is None and place - first > MOST:
            symbol = self.problem.looked_for[0]
            raise SizeError(f"the conditions allow no {symbol} from {self[place]} down to {self[place - MOST]}")
        return found

    def _first(self, places: range) -> int | None:
        """The first of some places that the conditions allow."""
        test, arguments = self.problem.test, self.problem.arguments
        for place in places[:FEW]:
            if test.valid(*arguments(test, self.at(place))):
                return place
        for block in blocks(places[FEW:]):
            found = self.allowed(block).nonzero()[0]
            if found.size:
                return block[int(found[0])]
        return None

    def allowed(self, places: range) -> Any:
        """Which of some neighbouring places the conditions allow, as an array."""
        import numpy as np

        test = self.problem.test
        valid = test.valid(*self.problem.arguments(test, self.block(places)))
        return np.broadcast_to(np.asarray(valid, bool), len(places))


def blocks(places: range) -> Iterator[range]:
    """Places in stretches."""
    return (places[start : start + BLOCK] for start in range(0, len(places), BLOCK))
