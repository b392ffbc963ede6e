"""``search``: every configuration of a space within limits, the best of them, or their Pareto front."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sympy import Expr, Symbol

from ...errors import SizeError, UnknownNameError, nearest
from ...sizes import whole_number
from ..asked import Values, as_formula
from ..compiled import symbols_of
from .found import Found
from .front import front
from .grid import Grid
from .kept import UNNAMED, Aim, Kept
from .limits import Limits, as_limits, name_of
from .problem import Problem, formulas_of

SENSES = ("min", "max")

MOST_KEPT = 10**7
"""So many configurations are kept where all that are within the limits are asked for."""

Progress = Callable[[int, int], Any]


def search(
    space: Any,
    constraints: Any = (),
    *,
    at: Values | None = None,
    maximize: Any = None,
    minimize: Any = None,
    pareto: Mapping[Any, Any] | None = None,
    where: Any = (),
    top: int = 10,
    progress: Progress | None = None,
) -> Found:
    """Every configuration of a space, tried: those within limits, the best of them, or their Pareto front.

    Formulas are evaluated exactly, on whole arrays. What is returned is evaluated once more, point by
    point, and the best is compared with its neighbours in the space.

    Args:
        space: symbols and the values of each, ``{w: range(8, 129, 8), k: [3, 5, 7]}``.
        constraints: inequalities, ``[P <= 5_000_000]``, or a mapping of them by name.
        at: values for the other symbols. A value may depend on others: ``{W: H}`` for square images.
        maximize: a formula, or ``{name: formula}``: the configurations with the most of it come first.
        minimize: the same for the least. Give one of the two, or ``pareto``, or neither for all that is
            within the limits, in the order of the space.
        pareto: formulas with ``"min"`` or ``"max"``, ``{P: "min", M: "max"}``, or by name,
            ``{"params": (P, "min"), "macs": (M, "max")}``: the configurations that no other is at least as good
            as in every respect and better in one.
        where: conditions, such as ``net.conditions``; what breaks one is left out.
        top: how many of the best are kept.
        progress: called with how many configurations are done, and how many there are.

    Returns:
        ``Found``: a sequence of records, ``{"w": 64, "k": 3, "params": ...}``, that shows itself as a table.

    Raises:
        SizeError: a space without values, limits that are no inequalities, more than one thing to aim at.
        UnknownNameError: a name that no symbol has.
        MissingValueError: a symbol without a value.

    >>> import symcnn as sc
    >>> w, k, H = sc.dims("w k H")
    >>> net = sc.Sequential(sc.Conv2d(w, k, padding="same"), sc.Conv2d(2 * w, k, padding="same"), input=(3, H, H))
    >>> found = sc.search({w: range(8, 65, 8), k: [3, 5, 7], H: [32, 64]}, {"params": net.params <= 50_000},
    ...                   maximize={"macs": net.macs})
    >>> found[0]
    {'w': 48, 'k': 3, 'H': 64, 'params': 42912, 'macs': 175177728}
    """
    if whole_number(top) is None or top < 1:
        raise SizeError(f"top must be a positive integer, got {top!r}")
    limits = as_limits(constraints, needed=False)
    aims = _aims(maximize, minimize, pareto)
    formulas = [*formulas_of(limits), *(aim.formula for aim in aims)]
    if progress is not None and not callable(progress):
        raise SizeError(f"progress is a function of how many are done and how many there are, got {progress!r}")
    if not formulas:
        raise SizeError("search takes a limit, or something to aim at: maximize, minimize or pareto")
    known = {symbol for formula in formulas for symbol in symbols_of(formula)}
    grid = Grid.of(space, known)
    _check_names(grid, limits, aims)
    problem = Problem.of(grid.symbols, limits, [aim.formula for aim in aims], where, at)
    return _Walk(grid, problem, aims, bool(pareto), top, progress).found()


def _check_names(grid: Grid, limits: Limits, aims: list[Aim]) -> None:
    """Refuse one name for two things, since a record has one value under it.

    Raises:
        SizeError: two formulas, or a size and a formula, have one name.
    """
    named: dict[str, Expr] = {symbol.name: symbol for symbol in grid.symbols}
    for name, formula in [*((limit.name, limit.left) for limit in limits), *((aim.name, aim.formula) for aim in aims)]:
        if named.setdefault(name, formula) != formula:
            raise SizeError(f"two things are named {name!r}: {named[name]} and {formula}")


def _aims(maximize: Any, minimize: Any, pareto: Any) -> list[Aim]:
    given = {"maximize": maximize, "minimize": minimize, "pareto": pareto}
    chosen = [name for name, value in given.items() if value is not None]
    if len(chosen) > 1:
        raise SizeError(f"search aims at one thing; got {' and '.join(chosen)}")
    if pareto is not None:
        return _front_aims(pareto)
    return [_aim(name[:3], given[name], name) for name in chosen]


def _aim(sense: str, given: Any, word: str) -> Aim:
    if isinstance(given, Mapping):
        if len(given) != 1:
            raise SizeError(f"{word} takes one formula, or one by name, got {len(given)}; several are for pareto")
        ((name, formula),) = given.items()
        return Aim(str(name), as_formula(formula, word), sense)
    formula = as_formula(given, word)
    return Aim(name_of(formula, UNNAMED), formula, sense)


def _front_aims(pareto: Any) -> list[Aim]:
    if not isinstance(pareto, Mapping) or len(pareto) < 2:
        raise SizeError(f'pareto takes at least two formulas, {{P: "min", M: "max"}}, got {pareto!r}')
    aims = []
    for place, (key, sense) in enumerate(pareto.items(), start=1):
        named = isinstance(key, str) and isinstance(sense, tuple) and len(sense) == 2
        formula, sense = sense if named else (key, sense)
        formula = as_formula(formula, "pareto")
        if not isinstance(sense, str) or sense not in SENSES:
            raise UnknownNameError(f"pareto takes min or max for a formula, got {sense!r}{nearest(str(sense), SENSES)}")
        aims.append(Aim(key if isinstance(key, str) else name_of(formula, f"{UNNAMED} {place}"), formula, sense))
    return aims


@dataclass
class _Walk:
    """One walk through a space; of what is within the limits it keeps the best."""

    grid: Grid
    problem: Problem
    aims: list[Aim]
    on_front: bool
    top: int
    progress: Progress | None
    allowed: int = 0
    within: int = 0
    kept: Kept | None = None
    least: Any = None
    ties: int = 0

    def found(self) -> Found:
        """The configurations that were looked for."""
        for first, shape, arrays in self.grid.blocks():
            self._take(first, shape, arrays)
            if self.progress is not None:
                self.progress(first + math.prod(shape), self.grid.size)
        places = [] if self.kept is None else self.kept.places.tolist()
        nearest = None if self.within or not self.allowed else self._nearest()
        return Found(
            grid=self.grid,
            problem=self.problem,
            aims=tuple(self.aims),
            on_front=self.on_front,
            places=tuple(places),
            allowed=self.allowed,
            within=self.within,
            ties=self.ties,
            nearest=nearest,
        )

    def _take(self, first: int, shape: tuple[int, ...], arrays: dict[Symbol, Any]) -> None:
        """Look at one block."""
        import numpy as np

        values = self.problem.evaluated(arrays)
        mask = self._allowed(arrays, shape)
        self.allowed += int(np.count_nonzero(mask))
        for limit, left, right in zip(self.problem.limits, values[::2], values[1::2], strict=False):
            mask = mask & limit.met(left, right)
        chosen = np.flatnonzero(mask)
        self.within += len(chosen)
        if not len(chosen):
            return
        wanted = values[2 * len(self.problem.limits) :]
        costs = [
            aim.cost(np.broadcast_to(value, shape).ravel()[chosen])
            for aim, value in zip(self.aims, wanted, strict=True)
        ]
        self._count_ties(costs)
        found = Kept(chosen + first, np.stack(costs, axis=1) if costs else np.empty((len(chosen), 0)))
        found = self._reduced(found)
        self.kept = found if self.kept is None else self._reduced(self.kept.joined(found))

    def _count_ties(self, costs: list[Any]) -> None:
        """How many configurations share the best value of the first aim."""
        if not costs:
            return
        least = costs[0].min()
        if self.least is None or least < self.least:
            self.least, self.ties = least, 0
        self.ties += int((costs[0] == self.least).sum())

    def _allowed(self, arrays: dict[Symbol, Any], shape: tuple[int, ...]) -> Any:
        """Which configurations of a block meet the conditions."""
        import numpy as np

        if not self.problem.conditions:
            return np.ones(shape, bool)
        test = self.problem.test
        return np.broadcast_to(np.asarray(test.valid(*self.problem.arguments(test, arrays)), bool), shape)

    def _reduced(self, kept: Kept) -> Kept:
        """What is worth keeping."""
        if self.on_front:
            return kept.chosen(front(kept.costs).nonzero()[0])
        if self.aims:
            return kept.best(self.top)
        if len(kept.places) > MOST_KEPT:
            raise SizeError(
                f"more than {MOST_KEPT:,} configurations are within the limits; maximize or minimize something"
            )
        return kept

    def _nearest(self) -> int:
        """The configuration that is the least part of its budget beyond the limit that it passes most."""
        import numpy as np

        best, place = math.inf, 0
        for first, shape, arrays in self.grid.blocks():
            worst = np.where(self._allowed(arrays, shape), -math.inf, math.inf)
            for limit, (left, right) in zip(self.problem.limits, self.problem.sides(arrays), strict=True):
                over = _floats(left - right if limit.upper else right - left)
                worst = np.maximum(worst, over / np.maximum(np.abs(_floats(right)), 1.0))
            i = int(np.argmin(worst))
            if worst.ravel()[i] < best:
                best, place = float(worst.ravel()[i]), first + i
        return place


def _floats(values: Any) -> Any:
    """Exact numbers as floats, to compare how far they are from a budget; what is too large is infinite."""
    import numpy as np

    try:
        return np.asarray(values, float)
    except OverflowError:
        return np.vectorize(lambda value: math.inf if value > 0 else -math.inf, otypes=[float])(values)
