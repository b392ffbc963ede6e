"""What ``largest`` answers: the value, and the exact numbers that prove it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sympy import Expr, Symbol

from ...report import Column, Note, Table, Tables
from ...report.tables import Row
from ...report.tables.data import laid_out
from .limits import WORDS, Limits

Sides = tuple[tuple[Any, Any], ...]


@dataclass(frozen=True, repr=False)
class Largest(Tables):
    """The largest value within some limits, and its certificate.

    Args:
        symbol: what was looked for.
        step: what the values are multiples of.
        value: the answer; ``None`` where nothing is within the limits, and where nothing is beyond them.
        smallest: the smallest value that the conditions allow; ``None`` where there is none.
        beyond: the next value that the conditions allow.
        limits: the limits.
        sides: both sides of each limit at the answer, or, where there is none, at the smallest value.
        beyond_sides: both sides of each limit at the next value.
        why: why nothing larger is within the limits.
        unlimited: whether every value is within them.
        fixed: the values of the other symbols.
        conditions: the conditions that were met.
    """

    symbol: Symbol
    step: int | Fraction
    value: int | Fraction | None
    smallest: int | Fraction | None
    beyond: int | Fraction | None
    limits: Limits
    sides: Sides
    beyond_sides: Sides
    why: str
    unlimited: bool
    fixed: Mapping[Symbol, Expr]
    conditions: tuple[Any, ...]

    @property
    def at(self) -> dict[Symbol, Any]:
        """All values, the answer among them: ``net.at(best.at)``."""
        found = {} if self.value is None else {self.symbol: self.value}
        return {**self.fixed, **found}

    @property
    def binding(self) -> tuple[str, ...]:
        """The limits that the next value breaks; where there is no answer, those that the smallest one breaks."""
        sides = self.beyond_sides if self.value is not None else self.sides
        pairs = zip(self.limits, sides, strict=False)
        return tuple(limit.name for limit, (left, right) in pairs if not limit.met(left, right))

    @property
    def tables(self) -> tuple[Table, ...]:
        """One table: a row for each limit."""
        return (self._within() if self.value is not None else self._beyond(),)

    def _within(self) -> Table:
        columns = (
            Column("limit", "limit", "code"),
            Column("sign", ""),
            Column("budget", "budget", "number"),
            Column("value", f"{self.symbol} = {self.value}", "number"),
            Column("spare", "spare", "number"),
            Column("next", "" if self.beyond is None else f"{self.symbol} = {self.beyond}", "number"),
            Column("binds", ""),
        )
        return Table(columns, tuple(map(self._row, range(len(self.limits)))), None, tuple(self._notes()))

    def _row(self, i: int) -> Row:
        limit, (left, right) = self.limits[i], self.sides[i]
        beyond, bound = self.beyond_sides[i] if self.beyond_sides else (None, None)
        over = beyond is not None and not limit.met(beyond, bound)
        return (limit.name, WORDS[limit.sign], right, left, abs(right - left), beyond, "over" if over else None)

    def _beyond(self) -> Table:
        title = "" if self.smallest is None else f"{self.symbol} = {self.smallest}"
        columns = (
            Column("limit", "limit", "code"),
            Column("sign", ""),
            Column("budget", "budget", "number"),
            Column("value", title, "number"),
            Column("over", "too far by", "number"),
        )
        rows = []
        for limit, (left, right) in zip(self.limits, self.sides, strict=False):
            rows.append(
                (limit.name, WORDS[limit.sign], right, left, None if limit.met(left, right) else abs(left - right))
            )
        return Table(columns, tuple(rows), None, tuple(self._notes()))

    def _notes(self) -> list[Note]:
        told = "any" if self.unlimited else "none" if self.value is None else str(self.value)
        notes = [Note(f"largest {self.symbol}", told), Note("proof", self.why)]
        if self.step != 1:
            notes.append(Note("taken", f"multiples of {self.step}" if not self.symbol.is_odd else "odd values"))
        if self.fixed:
            notes.append(Note("at", ", ".join(f"{symbol} = {value}" for symbol, value in self.fixed.items())))
        return [*notes, *([Note("conditions", self.conditions)] if self.conditions else [])]

    def to_records(self) -> list[dict[str, Any]]:
        """A dictionary for each limit."""
        return self.tables[0].to_records()

    def to_json(self) -> str:
        """The answer, the rows and the notes."""
        value = self.value if isinstance(self.value, int | None) else str(self.value)
        return laid_out({"value": value, **json.loads(self.tables[0].to_json())})

    def to_csv(self) -> str:
        """A line for each limit."""
        return self.tables[0].to_csv()
