r"""Expressions as LaTeX: SymPy's own, without its guesses at names (``chat`` is no c with a hat)."""

# SymPy finds a printer's methods by the class that they print.
# ruff: noqa: N802

from __future__ import annotations

from typing import Any

from sympy import Symbol
from sympy.printing.latex import LatexPrinter

from .names import GREEK, split
from .order import Ordered
from .text import grouped

SPECIAL = {"_": r"\_", "#": r"\#", "%": r"\%", "&": r"\&", "$": r"\$", "{": r"\{", "}": r"\}"} | {
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "\\": r"\textbackslash{}",
    "<": r"\textless{}", ">": r"\textgreater{}", "|": r"\textbar{}",
}  # fmt: skip


def escaped(text: str) -> str:
    r"""Ordinary text as LaTeX.

    >>> print(escaped("in_channels: 50 %"))
    in\_channels: 50 \%
    """
    return "".join(SPECIAL.get(character, character) for character in text)


class TexPrinter(Ordered, LatexPrinter):  # type: ignore[misc]
    """The printer behind ``latex``."""

    def __init__(self) -> None:
        super().__init__({"mul_symbol": "dot"})

    def written(self, expr: Any) -> str:
        """The expression as LaTeX."""
        return str(self.doprint(expr))

    def _print_Symbol(self, expr: Symbol, style: str = "plain") -> str:
        base, below = split(expr.name)
        return f"{_word(base)}_{{{','.join(map(_word, below))}}}" if below else _word(base)

    def _print_Integer(self, expr: Any) -> str:
        return grouped(int(expr)).replace(",", "{,}")

    def _print_int(self, expr: int) -> str:
        return grouped(expr).replace(",", "{,}")


def _word(word: str) -> str:
    if word in GREEK:
        return f"\\{word}"
    return word if len(word) == 1 or word.isdigit() else f"\\mathrm{{{escaped(word)}}}"
