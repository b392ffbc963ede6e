"""What a reconciliation holds, and the formats it is written in."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any

from ..report import Table, Tables
from ..report.tables.data import laid_out


@dataclass(frozen=True, repr=False)
class Reconciliation(Tables):
    """The figures of one network: a table of figures, and one of the terms that they are made of.

    Args:
        figures: a row for each figure, with the weight of each term, which has a letter.
        terms: a row for each term, with its amount; what no tool counts is last, without a letter.
        products: a row for each term and a column for each figure: weight times amount, and the totals.
    """

    figures: Table
    terms: Table
    products: Table

    @property
    def tables(self) -> tuple[Table, ...]:
        """What people see: the figures and the terms."""
        return self.figures, self.terms

    def to_json(self) -> str:
        """The rows of all three tables, and the notes."""
        tables = {"figures": self.figures, "terms": self.terms, "products": self.products}
        loaded = {name: json.loads(table.to_json()) for name, table in tables.items()}
        notes = {key: value for key, value in loaded["terms"].items() if key not in ("columns", "rows")}
        return laid_out({name: table["rows"] for name, table in loaded.items()} | notes)

    def to_csv(self) -> str:
        """A line for each term and a column for each figure, weight times amount; the figures are the last line."""
        figures = () if self.products.total is None else (self.products.total,)
        return replace(self.products, rows=(*self.products.rows, *figures)).to_csv()

    def to_records(self) -> list[dict[str, Any]]:
        """A dictionary for each term: its amount, and for each figure weight times amount."""
        return self.products.to_records()
