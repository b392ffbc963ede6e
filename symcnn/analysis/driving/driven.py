"""What ``drivers`` answers: rows for people and for programs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, overload

from sympy import Expr, Symbol

from ...report import Column, Note, Table, Tables
from ...shape import Shape
from .effect import Effect

TITLES = {"params": "parameters", "macs": "MACs", "flops": "FLOPs", "tensor_elements": "elements of tensors"}
NAMED = 3
"""With no more layers than this each is named."""


class Driver(NamedTuple):
    """A symbol, or a size of layers, and what it does.

    Args:
        factor: its name: ``w``, ``Conv2d.kernel_size``, ``features.0.stride``, ``Conv2d × n``.
        value: its value.
        after: the next value that is possible; ``None`` for a multiplier.
        layers: which layers have it; empty for a symbol.
        effects: what it does to each total.
        grown: for each total the paths of the layers whose part changes.
        output: the shape of its layer's output, the network's for a symbol, now and at the next value.
    """

    factor: str
    value: Expr
    after: Expr | None
    layers: str
    effects: Mapping[str, Effect]
    grown: Mapping[str, tuple[str, ...]]
    output: tuple[Shape, Shape | None]


@dataclass(frozen=True, repr=False)
class Drivers(Tables, Sequence[Driver]):
    """What drives a network's totals: a table for each total, and one of where things change.

    Args:
        rows: a row for each symbol and each size of layers.
        totals: the totals.
        held: the sizes that no layer can have another value of.
        values: the values of the symbols.
    """

    rows: tuple[Driver, ...]
    totals: Mapping[str, Expr]
    held: tuple[str, ...]
    values: Mapping[Symbol, Expr]

    def __len__(self) -> int:
        return len(self.rows)

    @overload
    def __getitem__(self, key: int) -> Driver: ...
    @overload
    def __getitem__(self, key: slice) -> tuple[Driver, ...]: ...
    def __getitem__(self, key: int | slice) -> Driver | tuple[Driver, ...]:
        return self.rows[key]

    def __iter__(self) -> Iterator[Driver]:
        return iter(self.rows)

    @property
    def tables(self) -> tuple[Table, ...]:
        """The laws of each total, what the next value adds, and where."""
        return (*map(self._laws, self.totals), self._steps(), self._where())

    def _laws(self, name: str) -> Table:
        title = TITLES.get(name, name)
        columns = (
            Column("factor", title, "code"),
            Column("value", "value", "number"),
            Column("law", "law"),
            Column("derivative", "derivative", "decimal"),
            Column("elasticity", "elasticity", "decimal"),
            Column("tenth", "+10 %", "change"),
            Column("relaxed", ""),
        )
        rows = []
        for row in self.rows:
            effect = row.effects[name]
            numbers = (effect.derivative, effect.elasticity, effect.tenth)
            rows.append((row.factor, row.value, effect.law, *numbers, None if effect.exact else "≈"))
        notes = [Note(f"total {title}", self.totals[name])]
        if any(not row.effects[name].exact for row in self.rows):
            notes.append(Note("≈", "of the smooth law, its divisions being relaxed; all else is exact"))
        return Table(columns, tuple(rows), None, tuple(notes))

    def _steps(self) -> Table:
        columns = (
            Column("factor", "one more", "code"),
            Column("value", "value", "number"),
            Column("after", "next", "number"),
            *(Column(name, TITLES.get(name, name), "number") for name in self.totals),
            Column("output", "output", "formula"),
        )
        rows = []
        for row in self.rows:
            now, then = row.output
            added = (row.effects[name].increment for name in self.totals)
            rows.append((row.factor, row.value, row.after, *added, None if then == now else then))
        return Table(
            columns, tuple(rows), None, (Note("output", "of the first layer that has the size, where it changes"),)
        )

    def _where(self) -> Table:
        columns = (
            Column("factor", "what changes", "code"),
            Column("layers", "in"),
            *(Column(name, TITLES.get(name, name)) for name in self.totals),
        )
        rows = ((row.factor, row.layers, *(_told(row.grown[name]) for name in self.totals)) for row in self.rows)
        notes = [Note("at", ", ".join(f"{symbol} = {v}" for symbol, v in self.values.items()))] if self.values else []
        if self.held:
            notes.append(Note("cannot change in any one layer", ", ".join(dict.fromkeys(self.held))))
        return Table(columns, tuple(rows), None, tuple(notes))

    def to_records(self) -> list[dict[str, Any]]:
        """A dictionary for each factor and total, with Python's numbers."""
        return self._flat().to_records()

    def to_json(self) -> str:
        """A row for each factor and total."""
        return self._flat().to_json()

    def to_csv(self) -> str:
        """A line for each factor and total."""
        return self._flat().to_csv()

    def _flat(self) -> Table:
        columns = (
            Column("total", "total"),
            Column("factor", "factor", "code"),
            Column("layers", "in"),
            Column("value", "value", "number"),
            Column("law", "law"),
            Column("derivative", "derivative", "decimal"),
            Column("elasticity", "elasticity", "decimal"),
            Column("tenth", "+10 %", "change"),
            Column("tenth_less", "-10 %", "change"),
            Column("exact", "exact"),
            Column("next", "next", "number"),
            Column("increment", "adds", "number"),
            Column("output", "output", "formula"),
            Column("output_next", "output then", "formula"),
            Column("grown", "where"),
        )
        return Table(columns, tuple(self._flat_row(row, name) for name in self.totals for row in self.rows))

    def _flat_row(self, row: Driver, name: str) -> tuple[Any, ...]:
        law, increment, slope, elasticity, more, less, exact = row.effects[name]
        numbers = (law, slope, elasticity, more, less, "yes" if exact else "relaxed", row.after, increment)
        return (name, row.factor, row.layers, row.value, *numbers, *row.output, " ".join(row.grown[name]))


def _told(paths: tuple[str, ...]) -> str:
    """Layers by their paths, or how many there are."""
    return ", ".join(path or "itself" for path in paths) if len(paths) <= NAMED else f"{len(paths)} layers"
