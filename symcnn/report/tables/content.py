"""What a table holds, whatever it is written in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from sympy import Expr

Kind = Literal["text", "code", "formula", "number", "decimal", "share", "change"]
"""What a column holds: text; code, as a layer's; expressions or shapes; exact numbers; numbers rounded for people;
shares, and changes with their sign, as fractions."""

NUMERIC = ("number", "decimal", "share", "change")
"""The kinds that stand at the right of their column."""

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
class Content:
    """Columns, rows, a total and notes."""

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


def as_data(value: Any, kind: Kind = "formula") -> Any:
    """A cell as Python data: integers are ``int``, shapes are tuples, formulas stay expressions."""
    if isinstance(value, tuple):
        return tuple(map(as_data, value))
    if kind in ("share", "change") and value is not None:
        return float(value)
    if isinstance(value, Expr) and value.is_Integer:
        return int(value)
    return float(value) if kind == "decimal" and value is not None else value
