"""A sheet as data: JSON and comma-separated values."""

from __future__ import annotations

import csv
import json
from io import StringIO
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .sheet import Sheet


def records(sheet: Sheet) -> list[dict[str, Any]]:
    """A record for each exercise; the answer is in it where solutions are wanted."""
    return [
        {"number": number, "kind": each.kind, "level": each.level, "seed": each.seed, "question": each.question}
        | ({"answer": each.answer} if sheet.solutions else {})
        for number, each in enumerate(sheet.exercises, 1)
    ]


def sheet_json(sheet: Sheet) -> str:
    """The records, and the sheet's seed."""
    return json.dumps({"seed": sheet.seed, "exercises": records(sheet)}, ensure_ascii=False, indent=2)


def sheet_csv(sheet: Sheet) -> str:
    """A line for each record."""
    rows = records(sheet)
    stream = StringIO()
    writer = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()
