"""What ``lift`` answers: the formulas, the tensors that they add up, and what they rest on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sympy import Expr

from ...errors import LiftError
from ...report import Column, Note, Table, Tables
from ...report.tables.data import laid_out
from ...shape import Shape
from ...sizes import Conditions
from .evidence import Evidence
from .laws import Row


@dataclass(frozen=True, repr=False)
class Lifted(Tables):
    """A constructor's formulas in the variables that were given.

    Args:
        params: trainable weights; what a constructor that returns counts adds up to.
        buffers: what is stored and not trained, frozen weights among it; the batch counter is not counted.
        macs: multiply-accumulates on one input; None where no input was given.
        rows: the tensors; None where their names follow no pattern.
        evidence: sample points, held-back points, degrees, and where the formulas are certified.
        conditions: for which values they hold.
    """

    params: Expr
    buffers: Expr
    macs: Expr | None
    rows: tuple[Row, ...] | None
    evidence: Evidence
    conditions: Conditions

    @property
    def weights(self) -> dict[str, Shape]:
        """The shape of every trainable weight by its name; an index that runs is in braces.

        Raises:
            LiftError: names follow no pattern, and totals alone were lifted.
        """
        if self.rows is None:
            raise LiftError("tensors come and go by no pattern of their names, so totals alone were lifted")
        return {row.name: row.shape for row in self.rows if row.role == "weight"}

    @property
    def tables(self) -> tuple[Table, ...]:
        """One table: a row for each weight, or for each row of them; the totals, where they alone are known."""
        return (self._totals() if self.rows is None else self._tensors(self.rows),)

    def _tensors(self, rows: tuple[Row, ...]) -> Table:
        columns = (
            Column("name", "tensor", "code"),
            Column("shape", "shape", "formula"),
            Column("ranges", "for"),
            Column("params", "parameters", "number"),
        )
        weights = [(row.name, row.shape, "; ".join(row.ranges), row.elements) for row in rows if row.role == "weight"]
        notes = [Note(word, total) for word, total in self._named() if total != 0]
        return Table(columns, tuple(weights), None, (*notes, *self._notes()))

    def _totals(self) -> Table:
        columns = (Column("name", "total"), Column("formula", "formula", "formula"))
        note = Note("tensors", "come and go by no pattern of their names: totals alone were lifted")
        return Table(columns, tuple(self._named()), None, (note, *self._notes()))

    def _named(self) -> list[tuple[str, Expr]]:
        """The totals that are known, by what people call them."""
        totals = [("parameters", self.params), ("buffers", self.buffers), ("MACs", self.macs)]
        return [(word, total) for word, total in totals if total is not None]

    def _notes(self) -> Iterator[Note]:
        if self.conditions:
            yield Note("conditions", self.conditions)
        yield Note("evidence", f"{len(self.evidence.points)} sample points, {len(self.evidence.held_back)} held back")

    def to_records(self) -> list[dict[str, Any]]:
        """A dictionary for each weight, or for each row of them."""
        return self.tables[0].to_records()

    def to_json(self) -> str:
        """The totals, the rows and the notes."""
        macs = None if self.macs is None else str(self.macs)
        totals = {"params": str(self.params), "buffers": str(self.buffers), "macs": macs}
        told = {*totals, "parameters", "MACs"}
        return laid_out(totals | {key: value for key, value in self._rest().items() if key not in told})

    def _rest(self) -> dict[str, Any]:
        rest: dict[str, Any] = json.loads(self.tables[0].to_json())
        return rest

    def to_csv(self) -> str:
        """A line for each weight, or for each row of them."""
        return self.tables[0].to_csv()
