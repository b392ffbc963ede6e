"""What ``search`` answers: configurations with their exact values, and what proves them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, overload

from sympy import Expr, Symbol

from ...report import Column, Note, Table, Tables
from .grid import Grid
from .kept import UNNAMED, Aim
from .limits import WORDS
from .problem import Problem

Record = dict[str, Any]

PLAIN = ("limit ", UNNAMED)
"""What the names begin with that the user did not give."""

SHOWN = 20
"""So many configurations are shown to people; programs read them all."""


@dataclass(frozen=True, repr=False)
class Found(Tables, Sequence[Record]):
    """Configurations, the best first; of a front by the first objective; else in the order of the space.

    Each is a record by name: the sizes, the left side of every limit, and what was aimed at. All
    values were computed twice, on arrays and then point by point.

    Args:
        grid: the space.
        problem: the limits, the formulas and the values of the other symbols.
        aims: what was aimed at.
        on_front: whether these are a Pareto front.
        places: where each configuration is in the space.
        allowed: how many configurations meet the conditions.
        within: how many of them are within the limits.
        ties: how many share the best value.
        nearest: where none is within the limits, the one that comes nearest.
    """

    grid: Grid
    problem: Problem
    aims: tuple[Aim, ...]
    on_front: bool
    places: tuple[int, ...]
    allowed: int
    within: int
    ties: int
    nearest: int | None

    # A sequence of records.

    @cached_property
    def records(self) -> list[Record]:
        """The configurations by name, with Python's exact numbers."""
        found = [self._record(place) for place in self.places]
        if self.on_front:
            costs = [self._costs(record) for record in found]
            found = [found[i] for i in sorted(range(len(found)), key=costs.__getitem__)]
        return found

    def __len__(self) -> int:
        return len(self.places)

    @overload
    def __getitem__(self, key: int) -> Record: ...
    @overload
    def __getitem__(self, key: slice) -> list[Record]: ...
    def __getitem__(self, key: int | slice) -> Record | list[Record]:
        return self.records[key]

    def __iter__(self) -> Iterator[Record]:
        return iter(self.records)

    def to_records(self) -> list[Record]:
        """The configurations by name."""
        return list(self.records)

    def at(self, place: int = 0) -> dict[Symbol, Any]:
        """All values of one of them, for ``net.at(found.at())``.

        Raises:
            IndexError: there is no such configuration.
        """
        record = self.records[place]
        return {**self.problem.fixed, **{symbol: record[symbol.name] for symbol in self.grid.symbols}}

    # The numbers of one configuration.

    @cached_property
    def _columns(self) -> list[tuple[str, Expr]]:
        """What stands in a record beside the sizes: each formula once, or under each name that it was given."""
        wanted = [(limit.name, limit.left) for limit in self.problem.limits]
        wanted += [(aim.name, formula) for aim, formula in zip(self.aims, self.problem.objectives, strict=True)]
        named = {formula for name, formula in wanted if not name.startswith(PLAIN)}
        sizes = {symbol.name for symbol in self.grid.symbols}
        columns: dict[str, Expr] = {}
        for name, formula in wanted:
            again = name.startswith(PLAIN) and (formula in named or formula in columns.values())
            if name not in sizes and not again:
                columns[name] = formula
        return list(columns.items())

    def _record(self, place: int) -> Record:
        configuration = self.grid.configuration(place)
        values = self._values(configuration)
        sizes = {symbol.name: value for symbol, value in configuration.items()}
        return {**sizes, **{name: values[formula] for name, formula in self._columns}}

    def _values(self, configuration: dict[Symbol, Any]) -> dict[Expr, Any]:
        """Every formula's exact value for one configuration."""
        found = self.problem.evaluated(configuration)
        formulas = [side for limit in self.problem.limits for side in (limit.left, limit.right)]
        return dict(zip([*formulas, *self.problem.objectives], found, strict=True))

    def _costs(self, record: Record) -> tuple[Any, ...]:
        configuration = {symbol: record[symbol.name] for symbol in self.grid.symbols}
        values = self._values(configuration)
        return tuple(aim.cost(values[f]) for aim, f in zip(self.aims, self.problem.objectives, strict=True))

    # What proves the best.

    @cached_property
    def neighbours(self) -> list[Record]:
        """The configurations next to the best in one size: each within the limits and no better, or over which.

        A record has the sizes, the values, ``over`` (the limits that it breaks, and conditions) and ``better``.
        """
        if not self.places or not self.aims or self.on_front:
            return []
        indices = self.grid.indices(self.places[0])
        best = self._costs(self.records[0])[0]
        found = []
        for axis, n in enumerate(self.grid.shape):
            for i in (indices[axis] - 1, indices[axis] + 1):
                if 0 <= i < n:
                    found.append(self._neighbour(self.grid.place((*indices[:axis], i, *indices[axis + 1 :])), best))
        return found

    def _neighbour(self, place: int, best: Any) -> Record:
        configuration = self.grid.configuration(place)
        test = self.problem.test
        broken = [] if test.valid(*self.problem.arguments(test, configuration)) else ["conditions"]
        if broken:
            return {**{s.name: v for s, v in configuration.items()}, "over": tuple(broken), "better": False}
        met = zip(self.problem.limits, self.problem.met(configuration), strict=True)
        over = tuple(limit.name for limit, within in met if not within)
        record = self._record(place)
        return {**record, "over": over, "better": not over and self._costs(record)[0] < best}

    # How it shows itself.

    @property
    def tables(self) -> tuple[Table, ...]:
        """The first configurations, or the one that comes nearest, with what is to be said of them."""
        shown = [self._record(self.nearest)] if self.nearest is not None else self.records[:SHOWN]
        return (self._table(shown, self._notes()),)

    def _table(self, records: list[Record], notes: tuple[Note, ...]) -> Table:
        names = [*(symbol.name for symbol in self.grid.symbols), *(name for name, _ in self._columns)]
        columns = tuple(Column(name, name, "number") for name in names)
        return Table(columns, tuple(tuple(record[name] for name in names) for record in records), None, notes)

    def _notes(self) -> tuple[Note, ...]:
        notes = [Note("tried", f"{self.grid.size:,} configurations, exactly; {self._counted()}")]
        if len(self) > SHOWN:
            notes.append(Note("shown", f"the first {SHOWN} of {len(self):,}"))
        for limit in self.problem.limits:
            bound = limit.right if limit.right.free_symbols else _grouped(limit.right)
            notes.append(Note(limit.name, f"{WORDS[limit.sign]} {bound}"))
        if self.nearest is not None:
            notes += self._missed()
        if self.aims and self.places and not self.on_front:
            notes += self._proved()
        if self.problem.fixed:
            notes.append(Note("at", ", ".join(f"{symbol} = {value}" for symbol, value in self.problem.fixed.items())))
        return (*notes, *([Note("conditions", self.problem.conditions)] if self.problem.conditions else []))

    def _counted(self) -> str:
        parts = [] if self.allowed == self.grid.size else [f"{self.allowed:,} meet the conditions"]
        parts.append(f"{self.within:,} are within the limits")
        parts += [f"{len(self):,} are on the front"] if self.on_front else []
        return ", ".join(parts)

    def _missed(self) -> list[Note]:
        """How far the nearest configuration is from each limit that it passes."""
        assert self.nearest is not None
        sides = self.problem.sides(self.grid.configuration(self.nearest))
        missed = [
            f"{limit.name} by {_grouped(abs(left - right))}"
            for limit, (left, right) in zip(self.problem.limits, sides, strict=True)
            if not limit.met(left, right)
        ]
        return [Note("none is within the limits", f"the nearest, above, passes {' and '.join(missed)}")]

    def _proved(self) -> list[Note]:
        aim = self.aims[0]
        ties = f"; {self.ties:,} share it" if self.ties > 1 else ""
        over = sum(bool(one["over"]) for one in self.neighbours)
        beside = f"of its {len(self.neighbours)} neighbours {over} are over a limit, the others no better"
        told = f"the {'largest' if aim.sense == 'max' else 'smallest'} {aim.name}{ties}"
        return [Note("first", f"{told}; {beside}" if self.neighbours else told)]

    def to_json(self) -> str:
        """All records, and the notes."""
        return self._table(self.records, self._notes()).to_json()

    def to_csv(self) -> str:
        """A line for each configuration."""
        return self._table(self.records, ()).to_csv()


def _grouped(number: Any) -> str:
    """A number with its digits in groups."""
    return f"{int(number):,}" if number == int(number) else str(number)
