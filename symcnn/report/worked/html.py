"""Worked steps as HTML."""

from __future__ import annotations

from html import escape

from ..style import framed
from .notation import MathML
from .page import Derivation, Page
from .rows import AlignedRow, aligned_rows


def steps_html(steps: Page) -> str:
    """A table for each layer, below its name, so that the equals signs stand below each other."""
    pieces = [_block(title, group) for title, group in steps.groups()]
    pieces += [f"<p>{escape(steps.note)}</p>"] if steps.note else []
    pieces += [_block("", [steps.total])] if steps.total else []
    return framed("\n".join(pieces))


def _block(title: str, group: list[Derivation]) -> str:
    heading = f"<p><code>{escape(title)}</code></p>\n" if title else ""
    rows = "\n".join(map(_row, aligned_rows(group, MathML())))
    return f'{heading}<table class="steps"><tbody>\n{rows}\n</tbody></table>'


def _row(row: AlignedRow) -> str:
    formula = f'<math displaystyle="true"><mrow>{row.formula}</mrow></math>'
    return f"<tr><td>{escape(row.label)}</td><td>{row.sign}</td><td>{formula}</td></tr>"
