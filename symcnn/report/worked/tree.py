"""Formulas that keep their teaching form: ``3 · 3 · 3`` stays as it is until a step evaluates it.

SymPy evaluates ``3*3*3`` at once, so a worked formula is a small tree. Its leaves are SymPy
expressions: symbols first, then the values put in for them.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self

from sympy import Add, Expr, Max, Min, Mul, S, Symbol

from ...sizes import FloorDiv, ceil_div
from .notation import Notation

SUM, PRODUCT, ATOM = 1, 2, 3
"""How tightly a node binds; what binds less tightly than its place asks for stands in brackets."""


@dataclass(frozen=True)
class Node(ABC):
    """A piece of a formula, made of others."""

    parts: tuple[Node, ...] = ()

    level = ATOM

    @property
    @abstractmethod
    def value(self) -> Expr:
        """What it comes to."""

    @abstractmethod
    def write(self, to: Notation) -> str:
        """The formula in a notation."""

    def brackets(self, part: Node) -> bool:
        """Whether this part stands in brackets here, so that it is worked out first."""
        return isinstance(part, Rounded | Call)

    def rebuilt(self, parts: tuple[Node, ...]) -> Self:
        """The same kind of node of other parts."""
        return replace(self, parts=parts)

    def put_in(self, values: Mapping[Symbol, Expr]) -> Node:
        """The same formula with values in the place of symbols."""
        return self.rebuilt(tuple(part.put_in(values) for part in self.parts))

    def _part(self, to: Notation, part: Node) -> str:
        written = part.write(to)
        return to.brackets(written) if part.level == SUM else written


@dataclass(frozen=True)
class Leaf(Node):
    """A number, a symbol, or an expression that stays as it is."""

    size: Expr = S.One

    @property
    def value(self) -> Expr:
        return self.size

    @property
    def level(self) -> int:  # type: ignore[override]
        if self.size.is_Add or self.size.is_negative:
            return SUM
        return PRODUCT if self.size.is_Mul or (self.size.is_Rational and not self.size.is_Integer) else ATOM

    def write(self, to: Notation) -> str:
        return to.expression(self.size)

    def put_in(self, values: Mapping[Symbol, Expr]) -> Node:
        return Leaf(size=self.size.xreplace(values))


@dataclass(frozen=True)
class Negative(Node):
    """A term of a sum that is taken away."""

    level = SUM

    @property
    def value(self) -> Expr:
        return -self.parts[0].value

    def brackets(self, part: Node) -> bool:
        return (bool(part.parts) and part.level == SUM) or super().brackets(part)

    def write(self, to: Notation) -> str:
        return to.joined("-", [self._part(to, self.parts[0])])


@dataclass(frozen=True)
class Sum(Node):
    """Terms added up."""

    level = SUM

    @property
    def value(self) -> Expr:
        return Add(*(part.value for part in self.parts))

    def write(self, to: Notation) -> str:
        first, *others = self.parts
        pieces = [first.write(to)]
        for part in others:
            taken = isinstance(part, Negative)
            term = self._part(to, part.parts[0]) if taken else part.write(to)
            pieces.append(to.sign("-" if taken else "+") + term)
        return to.row(pieces)


@dataclass(frozen=True)
class Product(Node):
    """Factors multiplied."""

    level = PRODUCT

    @property
    def value(self) -> Expr:
        return Mul(*(part.value for part in self.parts))

    def brackets(self, part: Node) -> bool:
        return (bool(part.parts) and (part.level == SUM or self._misread(part))) or super().brackets(part)

    def _misread(self, part: Node) -> bool:
        """``a/b · c`` could be read as ``a/(b · c)``."""
        return isinstance(part, Quotient) and part is not self.parts[-1]

    def write(self, to: Notation) -> str:
        factors = [self._part(to, part) for part in self.parts]
        guarded = [to.guard(f) if self._misread(p) else f for f, p in zip(factors, self.parts, strict=True)]
        return to.joined("·", guarded)


@dataclass(frozen=True)
class Quotient(Node):
    """One over another."""

    level = PRODUCT

    @property
    def value(self) -> Expr:
        over, under = self.parts
        return over.value / under.value

    def brackets(self, part: Node) -> bool:
        return (bool(part.parts) and part.level < ATOM) or super().brackets(part)

    def write(self, to: Notation) -> str:
        over, under = (to.guard(p.write(to)) if p.level < ATOM else p.write(to) for p in self.parts)
        return to.quotient(over, under)


@dataclass(frozen=True)
class Power(Node):
    """A base raised to a whole number."""

    exponent: int = 2

    @property
    def value(self) -> Expr:
        return self.parts[0].value ** self.exponent

    def brackets(self, part: Node) -> bool:
        return bool(part.parts)

    def write(self, to: Notation) -> str:
        base = self.parts[0]
        written = base.write(to)
        return to.power(to.brackets(written) if base.level < ATOM else written, self.exponent)


@dataclass(frozen=True)
class Rounded(Node):
    """A quotient rounded to a whole number: ``kind`` is ``"floor"`` or ``"ceil"``."""

    kind: str = "floor"

    @property
    def value(self) -> Expr:
        over, under = (part.value for part in self.parts[0].parts)
        return FloorDiv(over, under) if self.kind == "floor" else ceil_div(over, under)

    def write(self, to: Notation) -> str:
        return to.rounded(self.kind, self.parts[0].write(to))


@dataclass(frozen=True)
class Call(Node):
    """The largest or smallest of some: ``name`` is ``"max"`` or ``"min"``."""

    name: str = "max"

    @property
    def value(self) -> Expr:
        function = Max if self.name == "max" else Min
        return function(*(part.value for part in self.parts))

    def brackets(self, part: Node) -> bool:
        return bool(part.parts)

    def write(self, to: Notation) -> str:
        return to.call(self.name, [part.write(to) for part in self.parts])
