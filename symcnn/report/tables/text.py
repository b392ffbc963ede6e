"""Tables as text that fits a terminal."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest
from typing import Self

from ..document import shortened, wrapped
from .cells import TextWriter
from .content import NUMERIC, Content, Row

GAP = "  "
LINES = 3
"""A layer's cell goes over at most so many lines; the rest is shortened."""

NOTE_LINES = 12
"""The same for a note."""

LEAST = 6
"""Columns of text and formulas are made no narrower than this while the numbers are whole."""

UNLIMITED = 10**9

Cells = list[str]


def table_text(table: Content, width: int | None) -> str:
    """Columns next to each other, a rule below the titles and above the total, the notes below."""
    limit = UNLIMITED if width is None else max(width, 1)
    grid = _Grid.of(table)
    if not grid.fits(limit):
        grid = grid.stacked()
    lines = grid.lines(limit)
    notes = [
        line for note in table.notes for line in _limited(wrapped(TextWriter().note(note), limit), limit, NOTE_LINES)
    ]
    lines += ["", *notes] if notes else []
    return "\n".join(shortened(line.rstrip(), limit) for line in lines)


@dataclass(frozen=True)
class _Grid:
    """A table's cells as text. A cell may have several lines.

    Where there are ``heads``, each row has a line of its own above it, and the row is indented.
    """

    keys: Cells
    right: list[bool]
    header: Cells
    rows: list[Cells]
    total: list[Cells]
    least: list[int]
    heads: Cells

    @classmethod
    def of(cls, table: Content) -> Self:
        shown = table.shown()
        columns = [table.columns[i] for i in shown]

        def cells(row: Row) -> Cells:
            return [TextWriter().cell(row[i], table.columns[i]) for i in shown]

        right = [column.kind in NUMERIC for column in columns]
        rows, total = [cells(row) for row in table.rows], [cells(table.total)] if table.total else []
        numbers = [[row[i] if is_number else "" for row in [*rows, *total]] for i, is_number in enumerate(right)]
        return cls(
            keys=[column.key for column in columns],
            right=right,
            header=[column.title for column in columns],
            rows=rows,
            total=total,
            least=[max(map(_width, column), default=0) for column in numbers],
            heads=[],
        )

    def _all(self) -> list[Cells]:
        return [self.header, *self.rows, *self.total]

    def natural(self) -> list[int]:
        """The width of the widest line of each column."""
        return [max(map(_width, column)) for column in zip(*self._all(), strict=True)]

    def room(self, limit: int) -> int:
        """What the gaps between columns leave."""
        return limit - len(GAP) * (len(self.keys) - 1) - (len(GAP) if self.heads else 0)

    def fits(self, limit: int) -> bool:
        return sum(self.natural()) <= self.room(limit)

    def stacked(self) -> _Grid:
        """Formulas above their numbers and below their layer, where there is no room side by side."""
        above = {i for i, key in enumerate(self.keys) if key.endswith("_formula")}
        if not above:
            return self
        names = [i for i, key in enumerate(self.keys) if key in ("name", "layer")]
        kept = [i for i in range(len(self.keys)) if i not in above and i not in names]

        def cells(row: Cells) -> Cells:
            return [_stack(row[i - 1], row[i]) if i - 1 in above else row[i] for i in kept]

        numbers = [[row[i] if i - 1 in above else "" for row in self.rows + self.total] for i in kept]
        return _Grid(
            keys=[self.keys[i] for i in kept],
            right=[self.right[i] and i - 1 not in above for i in kept],
            header=[self.header[i] for i in kept],
            rows=list(map(cells, self.rows)),
            total=list(map(cells, self.total)),
            least=[max(map(len, column)) + len("= ") for column in numbers],
            heads=[GAP.join(row[i] for i in names if row[i]) for row in [self.header, *self.rows, *self.total]],
        )

    def lines(self, limit: int) -> list[str]:
        widths = _widths(self.natural(), self.least, self.room(limit))
        indent = GAP if self.heads else ""
        heads = iter(self.heads)

        def lines(rows: list[Cells], most: int) -> list[str]:
            found: list[str] = []
            for row in rows:
                found += [next(heads)] if self.heads else []
                found += [indent + line for line in _lines(row, widths, self.right, most)]
            return found

        rule = indent + GAP.join("─" * width for width in widths)
        top = [*lines([self.header], LINES), rule, *lines(self.rows, LINES)]
        return [*top, rule, *lines(self.total, LINES)] if self.total else top


def _width(cell: str) -> int:
    return max(map(len, cell.split("\n")))


def _stack(formula: str, number: str) -> str:
    return number if formula in (number, "") else f"{formula}\n= {number}"


def _widths(natural: list[int], least: list[int], room: int) -> list[int]:
    """As wide as the widest cell, or as the room allows; numbers are the last to be cut."""
    if sum(natural) <= room:
        return natural
    if room - sum(least) < LEAST * least.count(0):
        least = [0] * len(least)
    cap = max(natural, default=1)
    while cap > 1 and sum(_between(low, width, cap) for low, width in zip(least, natural, strict=True)) > room:
        cap -= 1
    return [_between(low, width, cap) for low, width in zip(least, natural, strict=True)]


def _between(least: int, natural: int, cap: int) -> int:
    """A width cut to a cap, but not below what its numbers need."""
    return min(natural, max(least, cap))


def _lines(cells: Cells, widths: list[int], right: list[bool], most: int) -> list[str]:
    """A row's lines; the parts of a cell that is too wide stand below each other."""
    columns = [_folded(cell, width, most) for cell, width in zip(cells, widths, strict=True)]
    return [
        GAP.join(
            f"{part:>{width}}" if is_number else f"{part:<{width}}"
            for part, width, is_number in zip(parts, widths, right, strict=True)
        )
        for parts in zip_longest(*columns, fillvalue="")
    ]


def _folded(cell: str, width: int, most: int) -> list[str]:
    return [line for part in cell.split("\n") for line in _limited(wrapped(part, width), width, most)]


def _limited(lines: list[str], width: int, most: int) -> list[str]:
    """The first lines, with dots for what is left out."""
    if len(lines) <= most:
        return lines
    return [*lines[: most - 1], lines[most - 1][: width - 1].rstrip(" …") + "…"]
