"""The one table: of a network's layers, of points of an evaluation, of a list of models."""

from __future__ import annotations

from ..document import WIDTH, Document
from .content import Content


class Table(Content, Document):
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
