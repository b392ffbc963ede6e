"""A sheet as text, Markdown and HTML."""

from __future__ import annotations

import textwrap
from html import escape
from typing import TYPE_CHECKING

from ..report.style import framed
from ..report.tables.markdown import escaped

if TYPE_CHECKING:
    from .question import Exercise
    from .sheet import Sheet

INDENT = 4
UNLIMITED = 10**9


def sheet_text(sheet: Sheet, width: int | None) -> str:
    """Numbered questions, and below them numbered solutions."""
    limit = UNLIMITED if width is None else max(width, 2 * INDENT)
    pieces = [sheet.title, *(_item(i, each.question, limit) for i, each in enumerate(sheet.exercises, 1))]
    if sheet.solutions:
        pieces.append("Solutions")
        pieces += [_solution(i, each, limit) for i, each in enumerate(sheet.exercises, 1)]
    return "\n\n".join(pieces)


def _item(number: int, text: str, width: int) -> str:
    first = f"{number}. ".ljust(INDENT)
    return textwrap.fill(text, width, initial_indent=first, subsequent_indent=" " * INDENT, break_on_hyphens=False)


def _solution(number: int, exercise: Exercise, width: int) -> str:
    steps = textwrap.indent(exercise.steps.to_text(width - INDENT), " " * INDENT)
    return f"{_item(number, str(exercise.answer), width)}\n\n{steps}"


def sheet_markdown(sheet: Sheet) -> str:
    """A heading for each question, and at the end one for each solution."""
    pieces = [f"# {sheet.title}"]
    for number, each in enumerate(sheet.exercises, 1):
        pieces.append(f"**{number}.** {escaped(each.question)}")
    if sheet.solutions:
        pieces.append("## Solutions")
        for number, each in enumerate(sheet.exercises, 1):
            pieces.append(f"**{number}.** Answer: {each.answer}\n\n{each.steps.to_markdown()}")
    return "\n\n".join(pieces)


def sheet_html(sheet: Sheet) -> str:
    """A list of questions, and at the end one of solutions."""
    items = "\n".join(f"<li><p>{escape(each.question)}</p></li>" for each in sheet.exercises)
    pieces = [f"<h2>{escape(sheet.title)}</h2>\n<ol>\n{items}\n</ol>"]
    if sheet.solutions:
        solved = "\n".join(f"<li><p>{each.answer}</p>\n{each.steps.to_html()}</li>" for each in sheet.exercises)
        pieces.append(f"<h2>Solutions</h2>\n<ol>\n{solved}\n</ol>")
    return framed("\n".join(pieces))
