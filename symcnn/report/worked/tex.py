r"""Worked steps as LaTeX, and as Markdown with LaTeX in it."""

from __future__ import annotations

from ..formulas.tex import escaped
from ..tables.markdown import escaped as escaped_markdown
from .notation import Tex
from .page import Derivation, Page
from .rows import aligned_rows


def steps_latex(steps: Page) -> str:
    """A display for each layer, below its name."""
    pieces = [_titled(escaped(title), r"\[", group, r"\]") for title, group in steps.groups()]
    pieces += [escaped(steps.note)] if steps.note else []
    pieces += [_titled("", r"\[", [steps.total], r"\]")] if steps.total else []
    return "\n\n".join(pieces)


def steps_markdown(steps: Page) -> str:
    """A display for each layer, below its name."""
    pieces = [_titled(_bold(title), "$$", group, "$$") for title, group in steps.groups()]
    pieces += [escaped_markdown(steps.note)] if steps.note else []
    pieces += [_titled("", "$$", [steps.total], "$$")] if steps.total else []
    return "\n\n".join(pieces)


def _bold(title: str) -> str:
    return f"**{escaped_markdown(title)}**" if title else ""


def _titled(title: str, left: str, group: list[Derivation], right: str) -> str:
    # A sum that goes on starts with {}, or LaTeX would set its plus as that of a positive number.
    lines = [f"{_label(row.label)} {row.sign or '{}'} {row.formula}" for row in aligned_rows(group, Tex())]
    body = " \\\\\n".join(lines)
    display = f"{left}\n\\begin{{aligned}}\n{body}\n\\end{{aligned}}\n{right}"
    return f"{title}\n\n{display}" if title else display


def _label(label: str) -> str:
    return rf"\text{{{escaped(label)}}} &" if label else "&"
