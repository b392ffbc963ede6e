"""Tables as LaTeX."""

from __future__ import annotations

from collections.abc import Sequence

from sympy import Expr

from ..formulas import latex
from ..formulas.tex import escaped
from .cells import Writer
from .content import NUMERIC, Content, Row

SIGNS = {"∈": r"\in", "≥": r"\geq", "≤": r"\leq", "|": r"\mid", "=": "="}


class TexWriter(Writer):
    """Values as LaTeX, for text mode."""

    equals = " $=$ "

    def text(self, text: str) -> str:
        return escaped(text)

    def formula(self, expr: Expr) -> str:
        return f"${latex(expr)}$"

    def shape(self, sizes: Sequence[Expr]) -> str:
        listed = (rf"\left({latex(size)}\right)" if size.is_Add else latex(size) for size in sizes)
        joined = r" \times ".join(listed)
        return f"${joined}$"

    def relation(self, left: Expr, sign: str, right: Expr) -> str:
        return f"${latex(left)} {SIGNS[sign]} {latex(right)}$"


def table_latex(table: Content) -> str:
    """A ``tabular``, and the notes below it."""
    write, shown = TexWriter(), table.shown()

    def line(cells: list[str]) -> str:
        return " & ".join(cells) + r" \\"

    def row(values: Row) -> str:
        return line([write.cell(values[i], table.columns[i]) for i in shown])

    columns = [table.columns[i] for i in shown]
    places = "".join("r" if column.kind in NUMERIC else "l" for column in columns)
    lines = [rf"\begin{{tabular}}{{{places}}}", line([escaped(c.title) for c in columns]), r"\hline"]
    lines += map(row, table.rows)
    lines += [r"\hline", row(table.total)] if table.total else []
    lines += [r"\end{tabular}"]
    lines += ["", *(rf"{write.note(note)}\par" for note in table.notes)] if table.notes else []
    return "\n".join(lines)
