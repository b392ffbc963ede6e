"""Tables as HTML."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from sympy import Expr

from ..formulas import mathml, mathml_inside, plain
from ..style import framed
from .cells import Writer
from .content import NUMERIC, Column, Content, Row


class HtmlWriter(Writer):
    """Values as HTML; formulas as MathML."""

    def text(self, text: str) -> str:
        return escape(text)

    def formula(self, expr: Expr) -> str:
        return str(expr) if expr.is_Integer and abs(expr) < 10_000 else mathml(expr)

    def relation(self, left: Expr, sign: str, right: Expr) -> str:
        return f"<math><mrow>{mathml_inside(left)}<mo>{sign}</mo>{mathml_inside(right)}</mrow></math>"

    def shape(self, sizes: Sequence[Expr]) -> str:
        """A shape of small numbers is text, so that a column of them looks like its neighbours."""
        if all(size.is_Integer for size in sizes):
            return " × ".join(map(plain, sizes))
        listed = "<mo>×</mo>".join(bracketed(size, mathml_inside(size)) for size in sizes)
        return f"<math><mrow>{listed}</mrow></math>"

    def cell(self, value: object, column: Column) -> str:
        """Python code, which layers are shown as, in the font of code."""
        text = super().cell(value, column)
        return f"<code>{text}</code>" if column.kind == "code" and text else text


def bracketed(size: Expr, written: str) -> str:
    """A sum in brackets, since another size may follow it."""
    return f"<mrow><mo>(</mo>{written}<mo>)</mo></mrow>" if size.is_Add else written


def table_html(table: Content) -> str:
    """A ``<table>`` with its style, and the notes below it; a formula stands above its number."""
    write, shown = HtmlWriter(), table.shown()
    above = {i for i in shown if table.columns[i].key.endswith("_formula")}
    kept = [i for i in shown if i not in above]

    def mark(i: int) -> str:
        return ' class="number"' if table.columns[i].kind in NUMERIC else ""

    def cell(values: Row, i: int) -> str:
        number = write.cell(values[i], table.columns[i])
        if i - 1 not in above or values[i - 1] in (None, values[i]):
            return number
        return f"{write.cell(values[i - 1], table.columns[i - 1])}<br/>{number}"

    def row(values: Row) -> str:
        return f"<tr>{''.join(f'<td{mark(i)}>{cell(values, i)}</td>' for i in kept)}</tr>"

    titles = "".join(f"<th{mark(i)}>{escape(table.columns[i].title)}</th>" for i in kept)
    lines = ["<table>", f"<thead><tr>{titles}</tr></thead>", "<tbody>", *map(row, table.rows), "</tbody>"]
    lines += [f"<tfoot>{row(table.total)}</tfoot>"] if table.total else []
    lines += ["</table>", *(f"<p>{write.note(note)}</p>" for note in table.notes)]
    return framed("\n".join(lines))
