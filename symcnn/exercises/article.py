r"""A sheet as a LaTeX article; it needs ``amsmath`` alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..report.formulas.tex import escaped

if TYPE_CHECKING:
    from .sheet import Sheet

SIGNS = {"×": "times", "·": "cdot", "⌊": "lfloor", "⌋": "rfloor", "⌈": "lceil", "⌉": "rceil"}
"""What questions have beyond plain text."""

TOP = r"""\documentclass[11pt,a4paper]{article}
\usepackage{amsmath}
\setlength{\parindent}{0pt}
\setlength{\parskip}{6pt}
\begin{document}
\sloppy"""


def sheet_latex(sheet: Sheet) -> str:
    """Questions with room for the answer, and solutions on a page of their own."""
    items = "\n\n".join(rf"\item {text(each.question)}\par Answer: \rule{{5cm}}{{0.4pt}}" for each in sheet.exercises)
    pieces = [TOP, rf"\section*{{{text(sheet.title)}}}", _listed(items)]
    if sheet.solutions:
        solved = "\n\n".join(f"\\item {each.answer}\n\n{_signs(each.steps.to_latex())}" for each in sheet.exercises)
        pieces += [r"\newpage", r"\section*{Solutions}", _listed(solved)]
    return "\n\n".join([*pieces, r"\end{document}"])


def text(words: str) -> str:
    r"""A question in LaTeX.

    >>> print(text("filters of 3×3 & 50 %"))
    filters of 3\ensuremath{\times}3 \& 50 \%
    """
    return _signs(escaped(words))


def _signs(written: str) -> str:
    """LaTeX with its signs written out, in formulas or not."""
    return "".join(rf"\ensuremath{{\{SIGNS[sign]}}}" if sign in SIGNS else sign for sign in written)


def _listed(items: str) -> str:
    return f"\\begin{{enumerate}}\n{items}\n\\end{{enumerate}}"
