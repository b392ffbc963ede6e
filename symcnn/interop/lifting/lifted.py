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
        """One table: a row for each weight, or for each row of them."""
        columns = (
            Column("name", "tensor", "code"),
            Column("shape", "shape", "formula"),
            Column("ranges", "for"),
            Column("params", "parameters", "number"),
        )
        weights = [row for row in self.rows or () if row.role == "weight"]
        rows = [(row.name, row.shape, "; ".join(row.ranges), row.elements) for row in weights]
        total = ("total", None, None, self.params)
        return (Table(columns, tuple(rows), total, tuple(self._notes())),)

    def _notes(self) -> Iterator[Note]:
        if self.rows is None:
            yield Note("tensors", "come and go by no pattern of their names: totals alone were lifted")
        if self.buffers != 0:
            yield Note("buffers", self.buffers)
        if self.macs is not None:
            yield Note("macs", self.macs)
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
        return laid_out(totals | {key: value for key, value in self._rest().items() if key not in totals})

    def _rest(self) -> dict[str, Any]:
        rest: dict[str, Any] = json.loads(self.tables[0].to_json())
        return rest

    def to_csv(self) -> str:
        """A line for each weight, or for each row of them."""
        return self.tables[0].to_csv()
