"""A claim: what somebody may hold for the answer, as a formula, and at an exercise's numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from sympy import Expr, Integer, Symbol

from ..report.formulas.text import grouped
from .typed import read

NAME = re.compile(r"[A-Za-z_][A-Za-z_0-9]*")
LONG = re.compile(r"\d{5,}")


@dataclass(frozen=True)
class Sizes:
    """The sizes of an exercise: their numbers, and those that follow from others, such as ``H_out``.

    >>> from symcnn import dims
    >>> H, k, H_out = dims("H k H_out")
    >>> sizes = Sizes({H: 8, k: 3}, {H_out: H - k + 1})
    >>> sizes.read("2·H_out"), sizes.at(sizes.read("2·H_out")), sizes.numbers("2·H_out + k²")
    (2*H - 2*k + 2, 12, '2·6 + 3²')
    """

    values: Mapping[Symbol, int] = field(default_factory=dict)
    derived: Mapping[Symbol, Expr] = field(default_factory=dict)

    def read(self, text: str) -> Expr:
        """A formula that somebody typed, in the sizes that have numbers.

        Raises:
            SizeError: it is none.
            UnknownNameError: it has a name that is no size here.
        """
        return read(text, (*self.values, *self.derived)).xreplace(dict(self.derived))

    def at(self, formula: Expr) -> Expr:
        """What a formula comes to."""
        return formula.xreplace({symbol: Integer(value) for symbol, value in self.values.items()})

    def spelled(self) -> dict[str, str]:
        """The numbers by name, as text."""
        known = {symbol.name: str(value) for symbol, value in self.values.items()}
        return known | {symbol.name: str(self.at(formula)) for symbol, formula in self.derived.items()}

    def numbers(self, text: str) -> str:
        """A formula's text with the numbers put in."""
        known = self.spelled()
        plain = NAME.sub(lambda name: known.get(name[0], name[0]), text)
        return LONG.sub(lambda digits: grouped(int(digits[0])), plain)


@dataclass(frozen=True)
class Claim:
    """A formula in teaching form, and what it comes to here.

    Args:
        text: the formula as one writes it: ``(k·k·C_in + 1)·C_out``.
        sizes: the exercise's sizes.
        mistake: the mistake that leads to it; nothing for the right answer.
        what: what is wrong with it, in words.
        why: what is true instead.

    >>> from symcnn import dims
    >>> k, C = dims("k C")
    >>> claim = Claim("k·k·C", Sizes({k: 3, C: 16}), "bias forgotten", "the bias is missing", "each filter adds one")
    >>> claim.said(written=False)
    'the bias is missing: 144 = 3·3·16; each filter adds one'
    """

    text: str
    sizes: Sizes
    mistake: str = ""
    what: str = ""
    why: str = ""

    @property
    def formula(self) -> Expr:
        """The formula as an expression."""
        return self.sizes.read(self.text)

    @property
    def value(self) -> Expr:
        """What it comes to."""
        return self.sizes.at(self.formula)

    def said(self, *, written: bool) -> str:
        """The sentence of a mistake; about the formula where the answer was one."""
        return f"{self.what}: {self.text if written else self.equation}; {self.why}"

    @property
    def equation(self) -> str:
        """The value, and where it comes from."""
        value, numbers = spoken(self.value), self.sizes.numbers(self.text)
        return value if value == numbers else f"{value} = {numbers}"


def spoken(number: Expr) -> str:
    """A number as people write it: a whole one, a short decimal, or a fraction.

    >>> from sympy import Rational
    >>> spoken(Rational(17, 2)), spoken(Integer(235600)), spoken(Rational(1, 3))
    ('8.5', '235,600', '1/3')
    """
    if number.is_Integer:
        return grouped(int(number))
    return f"{float(number):.12g}" if number.is_Rational and 1000 % int(number.q) == 0 else str(number)
