"""Laws at points that were held back, and the lattice on which they hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from sympy import Integer

from ...errors import LiftError
from ...sizes import Condition, Conditions
from .building import Tensors, written
from .laws import Laws
from .polynomials import Place
from .variables import Variable

REASON = "certified for these values alone"


class Lattice(NamedTuple):
    """The values of a variable for which laws hold: a step, one value, and bounds where there are any."""

    variable: Variable
    step: int
    low: int | None
    high: int | None

    @property
    def conditions(self) -> Conditions:
        """The lattice as conditions: ``8 | width``, ``width >= 16``."""
        symbol, found = self.variable.symbol, []
        if self.step > (2 if symbol.is_odd else 1):
            offset = self.variable.samples[0] % self.step
            found.append(Condition(Integer(self.step), "|", symbol - offset, REASON))
        if self.low is not None:
            found.append(Condition(symbol, ">=", Integer(self.low), REASON))
        if self.high is not None:
            found.append(Condition(Integer(self.high) - symbol, ">=", Integer(0), REASON))
        return tuple(found)


@dataclass
class Certifier:
    """Compares laws with models that they were not fitted to.

    Args:
        laws: the laws.
        tensors: the tensors at a point; a ``LiftError`` where there is no model.
        variables: what is varied.
        held: the points where the laws hold.
        failed: why they do not, at the others.
        absent: those of the others where there is no model.
    """

    laws: Laws
    tensors: Callable[[Place], Tensors]
    variables: Sequence[Variable]
    held: list[Place] = field(default_factory=list)
    failed: dict[Place, str] = field(default_factory=dict)
    absent: set[Place] = field(default_factory=set)

    def lattices(self) -> tuple[Lattice, ...]:
        """The finest lattice of each variable on which the laws hold, one after the other.

        While one variable is looked at, those before it take the ends of what was found for them, and
        those behind it are samples. So the laws hold at the corners of what is said to hold.

        Raises:
            LiftError: the laws do not even hold on the samples' own lattice, or go no further than they do.
        """
        try:
            return self._boxed(down=True)
        except LiftError:
            return self._boxed(down=False)

    def _boxed(self, down: bool) -> tuple[Lattice, ...]:
        """The lattices; ``down``: values below the samples too, where other variables may have less room."""
        pools = [[variable.samples[0], variable.samples[-1]] for variable in self.variables]
        found = []
        for k in range(len(self.variables)):
            lattice, good = self._lattice(k, pools, down)
            pools[k] = _ends(good)
            found.append(lattice)
        return tuple(found)

    def _lattice(self, k: int, pools: list[list[int]], down: bool) -> tuple[Lattice, list[int]]:
        variable = self.variables[k]

        def holds(value: int) -> bool:
            return all(self._holds(place) for place in _around(pools, k, value))

        for step in variable.steps:
            between = variable.between(step)
            if all(map(holds, between)):
                beyond = variable.beyond(step)
                high = self._last(variable, step, beyond, holds)
                if high == variable.samples[-1] and not between and next(reversed(self.failed)) not in self.absent:
                    break
                below = variable.below(step)
                least = turn(below, holds) if down else variable.samples[0]
                low = None if least == below[-1] else least
                good = [value for value in beyond if high is None or value <= high]
                return Lattice(variable, step, low, high), [least, *between, *good, *([] if high is None else [high])]
        place, why = next(reversed(self.failed.items()))
        raise LiftError(f"no formula in {variable.name}: at {self._written(place)}, which was held back, {why}")

    def _last(self, variable: Variable, step: int, beyond: Sequence[int], holds: Callable[[int], bool]) -> int | None:
        """The last value for which the laws hold; None where they do as far as is looked."""
        failing = next((value for value in beyond if not holds(value)), None)
        return None if failing is None else turn(range(variable.samples[-1], failing + 1, step), holds)

    def _holds(self, place: Place) -> bool:
        """Whether the laws hold at a point, which is kept in mind."""
        if place in self.failed or place in self.held:
            return place in self.held
        try:
            why = self.laws.difference(place, self.tensors(place))
        except LiftError as error:
            why = str(error)
            self.absent.add(place)
        if why:
            self.failed[place] = why
        else:
            self.held.append(place)
        return not why

    def _written(self, place: Place) -> str:
        return written([variable.name for variable in self.variables], place)


def _around(pools: list[list[int]], k: int, value: int) -> Iterable[Place]:
    """Points with a value of one variable, and of the others all first values, all second, or all last ones."""
    return dict.fromkeys(tuple(value if j == k else pool[end] for j, pool in enumerate(pools)) for end in (0, 1, -1))


def _ends(values: Sequence[int]) -> list[int]:
    """The first value, the last of those that are even where it is odd, or odd where it is even, and the last."""
    others = [value for value in values if (value - values[0]) % 2] or values
    return [values[0], others[-1], *([] if others[-1] == values[-1] else values[-1:])]


def turn(values: Sequence[int], holds: Callable[[int], bool]) -> int:
    """The value up to which something holds, found by halves; it holds for the first."""
    if holds(values[-1]):
        return values[-1]
    good, bad = 0, len(values) - 1
    while bad - good > 1:
        middle = (good + bad) // 2
        good, bad = (middle, bad) if holds(values[middle]) else (good, middle)
    return values[good]
