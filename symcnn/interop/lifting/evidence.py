"""What a lifted formula rests on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sympy import Symbol

from ...report import Column, Note, Table, Tables
from ...sizes import Conditions

Point = dict[str, int]

SHOWN = 5
"""So many values, and so many points where the formula does not hold, are shown to people."""


@dataclass(frozen=True, repr=False)
class Evidence(Tables):
    """The points that a formula was fitted to, those it was checked by, and where it holds.

    Args:
        samples: the values of each variable whose models were fitted.
        points: the sample points.
        held_back: other points at which a model was built, and is what the formula says.
        failed: points at which it is not, or there is no model, and why.
        degrees: the highest degree in each variable of what was fitted.
        lattice: for which values of each variable it is certified; none where for all.
        by: ``tensor``, where each size of each tensor was fitted; ``total``, where their sum alone was.
        macs: the same for the MACs.
    """

    samples: Mapping[Symbol, tuple[int, ...]]
    points: tuple[Point, ...]
    held_back: tuple[Point, ...]
    failed: tuple[tuple[Point, str], ...]
    degrees: Mapping[Symbol, int]
    lattice: Mapping[Symbol, Conditions]
    by: str
    macs: Evidence | None = None

    @property
    def tables(self) -> tuple[Table, ...]:
        """A row for each variable; and a table of the MACs."""
        return (self._table(), *(self.macs.tables if self.macs else ()))

    def _table(self) -> Table:
        columns = (
            Column("variable", "", "code"),
            Column("samples", "samples"),
            Column("held_back", "held back"),
            Column("degree", "degree", "number"),
            Column("lattice", "certified for"),
        )
        rows = [
            (
                symbol.name,
                _listed(values),
                _listed(sorted({point[symbol.name] for point in self.held_back} - set(values))),
                self.degrees[symbol],
                ", ".join(map(str, self.lattice[symbol])) or "every value",
            )
            for symbol, values in self.samples.items()
        ]
        return Table(columns, tuple(rows), None, tuple(self._notes()))

    def _notes(self) -> Iterable[Note]:
        fitted = {"tensor": "each size of each tensor", "total": "totals alone", "macs": "MACs"}[self.by]
        yield Note("fitted", f"{fitted}, at {len(self.points)} points")
        yield Note("checked", f"at {len(self.held_back)} points that were held back")
        for point, why in self.failed[:SHOWN]:
            yield Note("not", f"{', '.join(f'{name} = {value}' for name, value in point.items())}: {why}")

    def to_records(self) -> list[dict[str, Any]]:
        """A dictionary for each variable."""
        return [record for table in self.tables for record in table.to_records()]

    def to_json(self) -> str:
        """The rows and the notes of the parameters."""
        return self.tables[0].to_json()

    def to_csv(self) -> str:
        """A line for each variable."""
        return self.tables[0].to_csv()


def _listed(values: Iterable[int]) -> str:
    """The first values and the last one."""
    listed = [str(value) for value in values]
    return ", ".join(listed if len(listed) <= SHOWN else [*listed[: SHOWN - 2], "...", listed[-1]])
