"""Tables as JSON and as comma-separated values."""

from __future__ import annotations

import csv
import json
from io import StringIO
from typing import Any

from .content import Content, Kind, Row, as_data


def table_json(table: Content) -> str:
    """Columns, rows and total by key, and each note under its own; formulas are strings."""

    def record(row: Row) -> dict[str, Any]:
        return {c.key: _json(value, c.kind) for c, value in zip(table.columns, row, strict=True)}

    data: dict[str, Any] = {
        "columns": [{"key": c.key, "title": c.title, "kind": c.kind} for c in table.columns],
        "rows": [record(row) for row in table.rows],
    }
    if table.total:
        data["total"] = record(table.total)
    for note in table.notes:
        data[note.key] = _json(note.value)
        if note.at is not None:
            data[f"{note.key}_at"] = _json(note.at)
    return laid_out(data)


def table_csv(table: Content) -> str:
    """A line of keys and a line for each row; a shape is written like ``3 x 32 x 32``."""
    stream = StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(column.key for column in table.columns)
    for row in table.rows:
        writer.writerow(_csv(value, c.kind) for c, value in zip(table.columns, row, strict=True))
    return stream.getvalue()


def laid_out(data: dict[str, Any]) -> str:
    """JSON with one line for each row, so that people can read it too.

    >>> print(laid_out({"input": [3, 8, 8], "rows": [{"params": 448}, {"params": 32}]}))
    {
      "input": [3, 8, 8],
      "rows": [
        {"params": 448},
        {"params": 32}
      ]
    }
    """
    lines = ",\n".join(f"  {_line(key)}: {_rows(value)}" for key, value in data.items())
    return f"{{\n{lines}\n}}"


def _rows(value: Any) -> str:
    if not (isinstance(value, list) and value and isinstance(value[0], dict)):
        return _line(value)
    rows = ",\n".join(f"    {_line(row)}" for row in value)
    return f"[\n{rows}\n  ]"


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _json(value: Any, kind: Kind = "formula") -> Any:
    """A cell as JSON takes it."""
    data = as_data(value, kind)
    if isinstance(data, tuple):
        return [_json(part) for part in data]
    return data if data is None or isinstance(data, int | float | str) else str(data)


def _csv(value: Any, kind: Kind) -> Any:
    if isinstance(value, tuple):
        return " x ".join(f"({size})" if size.is_Add else str(size) for size in value)
    return "" if value is None else _json(value, kind)
