"""Expressions as presentation MathML: SymPy's own, mended where browsers show it badly."""

# SymPy finds a printer's methods by the class that they print.
# ruff: noqa: N802

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from typing import Any

from sympy import Symbol
from sympy.printing.mathml import MathMLPresentationPrinter
from sympy.printing.precedence import PRECEDENCE

from .names import GREEK, split
from .order import Ordered
from .text import grouped

CHARACTER = re.compile(r"&#(x?[0-9A-Fa-f]+);")
MINUS = "−"
"""Browsers show a hyphen as it is, which is shorter than the plus sign."""

RELATIONS = {">=": "≥", "<=": "≤", "==": "=", "!=": "≠", "<": "&lt;", ">": "&gt;"}


class MarkupPrinter(Ordered, MathMLPresentationPrinter):  # type: ignore[misc]
    """The printer behind ``mathml``."""

    def __init__(self) -> None:
        super().__init__({"mul_symbol": "dot"})

    def written(self, expr: Any) -> str:
        """The expression as MathML, without the ``<math>`` around it."""
        markup = CHARACTER.sub(lambda code: _character(code[1]), self.doprint(expr))
        return markup.replace("<mo>-</mo>", f"<mo>{MINUS}</mo>")

    def _element(self, tag: str, *inside: Any, **attributes: str) -> Any:
        """An element with text or other elements in it."""
        element = self.dom.createElement(tag)
        for name, value in attributes.items():
            element.setAttribute(name, value)
        for piece in inside:
            element.appendChild(self.dom.createTextNode(piece) if isinstance(piece, str) else piece)
        return element

    def _row(self, pieces: Sequence[Any]) -> Any:
        return pieces[0] if len(pieces) == 1 else self._element("mrow", *pieces)

    def _print_Symbol(self, sym: Symbol, style: str = "plain") -> Any:
        base, below = split(sym.name)
        if not below:
            return self._word(base)
        words = [self._word(word) for word in below]
        listed = [piece for word in words for piece in (self._element("mo", ","), word)][1:]
        return self._element("msub", self._word(base), self._row(listed))

    def _word(self, word: str) -> Any:
        # Browsers set an <mi> of one letter in italics and a longer one upright.
        return self._element("mn" if word.isdigit() else "mi", escape(GREEK.get(word, word)))

    def _print_Integer(self, expr: Any) -> Any:
        return self._number(int(expr))

    def _print_int(self, expr: int) -> Any:
        return self._number(expr)

    def _number(self, number: int) -> Any:
        digits = self._element("mn", grouped(abs(number)))
        return digits if number >= 0 else self._element("mrow", self._element("mo", "-"), digits)

    # What SymPy's printer shows as a plain function with its arguments in a row.

    def _print_Mod(self, expr: Any) -> Any:
        number, divisor = (self.parenthesize(arg, PRECEDENCE["Mul"]) for arg in expr.args)
        sign = self._element("mo", "mod", lspace="0.3em", rspace="0.3em")
        return self._element("mrow", number, sign, divisor)

    def _print_Max(self, expr: Any, name: str = "max") -> Any:
        # The function's name is an identifier; as an operator it would be spaced like a sign.
        return self._element("mrow", self._element("mi", name), self._paren_comma_separated(*expr.args))

    def _print_Min(self, expr: Any) -> Any:
        return self._print_Max(expr, "min")

    def _print_Relational(self, expr: Any) -> Any:
        sign = RELATIONS[expr.rel_op]
        return self._element("mrow", self._print(expr.lhs), self._element("mo", sign), self._print(expr.rhs))

    def _print_Piecewise(self, expr: Any) -> Any:
        cases = self._element("mtable", *(self._case(value, when) for value, when in expr.args))
        return self._element("mrow", self._element("mo", "{"), cases)

    def _case(self, value: Any, when: Any) -> Any:
        words = (
            [self._element("mtext", "otherwise")]
            if when == True  # noqa: E712  SymPy's true is not Python's
            else [self._element("mtext", "if\u00a0"), self._print(when)]
        )
        cells = (self._print(value), self._element("mrow", *words))
        return self._element("mtr", *(self._element("mtd", cell, style="text-align: left") for cell in cells))


def _character(code: str) -> str:
    """A character reference as the character, except where the character would be markup."""
    number = int(code[1:], 16) if code.startswith("x") else int(code)
    return escape(chr(number))
