"""The three notations that worked formulas are written in: text, LaTeX and MathML."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

from ..formulas import latex, mathml_inside, plain
from ..formulas.markup import MINUS
from ..formulas.text import RAISED

ROUNDING = {"floor": ("⌊", "⌋"), "ceil": ("⌈", "⌉")}


class Notation(ABC):
    """How the pieces of a formula are put together."""

    @abstractmethod
    def expression(self, expr: Any) -> str:
        """A SymPy expression."""

    @abstractmethod
    def sign(self, sign: str) -> str:
        """A sign between two pieces: ``+``, ``-`` or ``·``."""

    @abstractmethod
    def row(self, pieces: Sequence[str]) -> str:
        """Pieces side by side."""

    @abstractmethod
    def brackets(self, inside: str) -> str:
        """Round brackets."""

    @abstractmethod
    def guard(self, inside: str) -> str:
        """Brackets that are needed where a quotient stands on one line, and not in a fraction."""

    @abstractmethod
    def quotient(self, over: str, under: str) -> str:
        """One over another."""

    @abstractmethod
    def power(self, base: str, exponent: int) -> str:
        """A power."""

    @abstractmethod
    def rounded(self, kind: str, inside: str) -> str:
        """The brackets that round down or up."""

    @abstractmethod
    def call(self, name: str, arguments: Sequence[str]) -> str:
        """A function of arguments."""

    def joined(self, sign: str, pieces: Sequence[str]) -> str:
        """Pieces with a sign between them; a single one has it in front."""
        if len(pieces) == 1:
            return self.row([self.sign(sign).lstrip(), pieces[0]]) if sign == "-" else pieces[0]
        return self.row([pieces[0], *(self.sign(sign) + piece for piece in pieces[1:])])


class Text(Notation):
    """Text on one line."""

    def expression(self, expr: Any) -> str:
        return plain(expr)

    def sign(self, sign: str) -> str:
        return f" {sign} "

    def row(self, pieces: Sequence[str]) -> str:
        return "".join(pieces)

    def brackets(self, inside: str) -> str:
        return f"({inside})"

    guard = brackets

    def quotient(self, over: str, under: str) -> str:
        return f"{over}/{under}"

    def power(self, base: str, exponent: int) -> str:
        return base + str(exponent).translate(RAISED)

    def rounded(self, kind: str, inside: str) -> str:
        left, right = ROUNDING[kind]
        return f"{left}{inside}{right}"

    def call(self, name: str, arguments: Sequence[str]) -> str:
        return f"{name}({', '.join(arguments)})"


class Tex(Notation):
    """LaTeX, in math mode."""

    def expression(self, expr: Any) -> str:
        return latex(expr)

    def sign(self, sign: str) -> str:
        return r" \cdot " if sign == "·" else f" {sign} "

    def row(self, pieces: Sequence[str]) -> str:
        return "".join(pieces)

    def brackets(self, inside: str) -> str:
        return rf"\left({inside}\right)"

    def guard(self, inside: str) -> str:
        return inside

    def quotient(self, over: str, under: str) -> str:
        return rf"\frac{{{over}}}{{{under}}}"

    def power(self, base: str, exponent: int) -> str:
        return f"{base}^{{{exponent}}}"

    def rounded(self, kind: str, inside: str) -> str:
        return rf"\left\l{kind} {inside} \right\r{kind}"

    def call(self, name: str, arguments: Sequence[str]) -> str:
        return rf"\{name}\left({', '.join(arguments)}\right)"


class MathML(Notation):
    """Presentation MathML, without the ``<math>`` around it."""

    def expression(self, expr: Any) -> str:
        return mathml_inside(expr)

    def sign(self, sign: str) -> str:
        return f"<mo>{MINUS if sign == '-' else sign}</mo>"

    def row(self, pieces: Sequence[str]) -> str:
        return f"<mrow>{''.join(pieces)}</mrow>"

    def brackets(self, inside: str) -> str:
        return self.row(["<mo>(</mo>", inside, "<mo>)</mo>"])

    def guard(self, inside: str) -> str:
        return inside

    def quotient(self, over: str, under: str) -> str:
        return f"<mfrac>{over}{under}</mfrac>"

    def power(self, base: str, exponent: int) -> str:
        return f"<msup>{base}<mn>{exponent}</mn></msup>"

    def rounded(self, kind: str, inside: str) -> str:
        left, right = ROUNDING[kind]
        return self.row([f"<mo>{left}</mo>", inside, f"<mo>{right}</mo>"])

    def call(self, name: str, arguments: Sequence[str]) -> str:
        return self.row([f"<mi>{name}</mi>", self.brackets("<mo>,</mo>".join(arguments))])
