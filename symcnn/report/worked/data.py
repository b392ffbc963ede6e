"""Worked steps as JSON and as comma-separated values."""

from __future__ import annotations

import csv
from io import StringIO

from ..tables.data import laid_out
from .page import Page

FIELDS = ("layer", "quantity", "line", "formula")


def steps_json(steps: Page) -> str:
    """The records, and the note about layers that have none."""
    return laid_out({"steps": steps.to_records(), "note": steps.note})


def steps_csv(steps: Page) -> str:
    """The records, a line for each."""
    stream = StringIO()
    writer = csv.DictWriter(stream, FIELDS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(steps.to_records())
    return stream.getvalue()
