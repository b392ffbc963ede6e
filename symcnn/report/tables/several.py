"""Documents that people see as tables, one below the other."""

from __future__ import annotations

from abc import abstractmethod

from ..document import WIDTH, Document
from .table import Table


class Tables(Document):
    """A document of tables. What programs read of it, as JSON or comma-separated values, it says itself."""

    @property
    @abstractmethod
    def tables(self) -> tuple[Table, ...]:
        """The tables, in their order."""

    def to_text(self, width: int | None = WIDTH) -> str:
        """The tables as text no line of which is longer than ``width``; ``None`` sets no limit."""
        return "\n\n".join(table.to_text(width) for table in self.tables)

    def to_markdown(self) -> str:
        """The tables as Markdown."""
        return "\n\n".join(table.to_markdown() for table in self.tables)

    def to_latex(self) -> str:
        """The tables as LaTeX."""
        return "\n\n".join(table.to_latex() for table in self.tables)

    def to_html(self) -> str:
        """The tables as HTML."""
        return "\n".join(table.to_html() for table in self.tables)
