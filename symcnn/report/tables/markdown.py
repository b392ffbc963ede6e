"""Tables as Markdown."""

from __future__ import annotations

import re

from sympy import Expr

from .cells import TextWriter
from .content import NUMERIC, Content, Row

# An underscore inside a word, as in C_in, is no markup.
SPECIAL = re.compile(r"[\\`*<>|\[\]&]|(?<![^\W_])_|_(?![^\W_])")


def escaped(text: str) -> str:
    r"""Text in which Markdown finds no markup.

    >>> print(escaped("C_in * <b>"))
    C_in \* \<b\>
    """
    return SPECIAL.sub(lambda found: "\\" + found[0], " ".join(text.split()))


class MarkdownWriter(TextWriter):
    """Values as text whose signs are not taken for markup."""

    def text(self, text: str) -> str:
        return escaped(text)

    def formula(self, expr: Expr) -> str:
        return escaped(super().formula(expr))

    def relation(self, left: Expr, sign: str, right: Expr) -> str:
        return f"{self.formula(left)} {escaped(sign)} {self.formula(right)}"


def table_markdown(table: Content) -> str:
    """A table of GitHub's Markdown, and the notes as a list."""
    write, shown = MarkdownWriter(), table.shown()

    def line(cells: list[str]) -> str:
        return f"| {' | '.join(cells)} |"

    def row(values: Row) -> str:
        return line([write.cell(values[i], table.columns[i]) for i in shown])

    columns = [table.columns[i] for i in shown]
    lines = [line([escaped(column.title) for column in columns])]
    lines += [line(["--:" if column.kind in NUMERIC else ":--" for column in columns])]
    lines += map(row, table.rows)
    if table.total:
        cells = [write.cell(table.total[i], table.columns[i]) for i in shown]
        lines += [line([f"**{cell}**" if cell else "" for cell in cells])]
    lines += ["", *(f"* {write.note(note)}" for note in table.notes)] if table.notes else []
    return "\n".join(lines)
