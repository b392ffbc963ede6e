"""The one table: of a network's layers, of points of an evaluation, of a list of models."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from sympy import Expr

from ..document import WIDTH, Document

Kind = Literal["text", "code", "formula", "number", "share"]
"""What a column holds: text; code, as a layer's; expressions or shapes; numbers; shares as fractions."""

Row = tuple[Any, ...]


@dataclass(frozen=True)
class Column:
    """A column: its key in records, its title for people, and what it holds."""

    key: str
    title: str
    kind: Kind = "text"


@dataclass(frozen=True)
class Note:
    """A line below a table: a shape, an expression, conditions or text; ``at`` is it with values put in."""

    key: str
    value: Any
    at: Any = None


@dataclass(frozen=True, repr=False)
class Table(Document):
    """A table that is written as text, Markdown, LaTeX, HTML, JSON or comma-separated values.

    Args:
        columns: what each column is called and holds.
        rows: a cell for each column; ``None`` leaves it empty. Numbers may be SymPy expressions,
            and so remaining formulas.
        total: a last row that sums up.
        notes: lines below the table.

    A column in which no row has anything is not shown to people.

    >>> from symcnn.report import Column, Table
    >>> columns = (Column("width", "width", "number"), Column("params", "parameters", "number"))
    >>> Table(columns, ((16, 4800), (32, 18816)))
    width  parameters
    ─────  ──────────
       16       4,800
       32      18,816
    """

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    total: Row | None = None
    notes: tuple[Note, ...] = ()

    def shown(self) -> list[int]:
        """Which columns have anything to show."""
        every = range(len(self.columns))
        filled = [i for i in every if any(row[i] not in (None, "") for row in self.rows)]
        return filled if self.rows else list(every)

    def to_records(self) -> list[dict[str, Any]]:
        """A dictionary for each row: text, Python integers, SymPy expressions, and shares as floats.

        >>> import symcnn as sc
        >>> sc.Linear(64).summary().to_records()[0]["params"]
        64*F_in + 64
        """
        return [
            {column.key: as_data(value, column.kind) for column, value in zip(self.columns, row, strict=True)}
            for row in self.rows
        ]

    def to_text(self, width: int | None = WIDTH) -> str:
        """The table as text no line of which is longer than ``width``.

        Long cells go over several lines and are then shortened; ``None`` leaves them whole.
        """
        from .text import table_text

        return table_text(self, width)

    def to_markdown(self) -> str:
        """The table as GitHub's Markdown."""
        from .markdown import table_markdown

        return table_markdown(self)

    def to_latex(self) -> str:
        """The table as a LaTeX ``tabular``."""
        from .tex import table_latex

        return table_latex(self)

    def to_html(self) -> str:
        """The table as HTML with formulas in MathML."""
        from .html import table_html

        return table_html(self)

    def to_json(self) -> str:
        """The table as JSON: columns, rows, total and notes."""
        from .data import table_json

        return table_json(self)

    def to_csv(self) -> str:
        """The table's rows as comma-separated values, without the total."""
        from .data import table_csv

        return table_csv(self)


def as_data(value: Any, kind: Kind = "formula") -> Any:
    """A cell as Python data: integers are ``int``, shapes are tuples, formulas stay expressions."""
    if isinstance(value, tuple):
        return tuple(map(as_data, value))
    if kind == "share" and value is not None:
        return float(value)
    return int(value) if isinstance(value, Expr) and value.is_Integer else value
