"""Cells for people: how a value of each kind is written in a notation."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

from sympy import Expr, S
from sympy.core.relational import Relational

from ...shape import Shapes
from ...sizes import Condition
from ..formulas import plain
from .content import Column, Note

SIGNS = {">=": "≥", "<=": "≤", "==": "=", "|": "|"}


class Writer(ABC):
    """Writes values for people in one notation."""

    equals = " = "

    @abstractmethod
    def text(self, text: str) -> str:
        """Ordinary text."""

    @abstractmethod
    def formula(self, expr: Expr) -> str:
        """A formula."""

    @abstractmethod
    def shape(self, sizes: Sequence[Expr]) -> str:
        """A shape, its sizes with a cross between them; a sum among them has brackets."""

    def shapes(self, several: Shapes) -> str:
        """Several shapes, each behind its name."""
        return ", ".join(f"{self.text(name)}: {self.shape(shape)}" for name, shape in several.by_name.items())

    @abstractmethod
    def relation(self, left: Expr, sign: str, right: Expr) -> str:
        """A condition."""

    def cell(self, value: Any, column: Column) -> str:
        """A cell of a column."""
        if value is None:
            return ""
        if column.kind == "share":
            return self.text(f"{100 * float(value):.1f} %")
        if column.kind == "change":
            return self.text(f"{100 * float(value):+.1f} %")
        if column.kind == "decimal" and not (isinstance(value, Expr) and value.is_Integer):
            return f"{float(value):,.2f}"
        if column.kind in ("number", "decimal"):
            return self.number(value)
        return self.value(value)

    def number(self, value: Any) -> str:
        """A number with its digits in groups, or the formula that is left of it."""
        if isinstance(value, int) or (isinstance(value, Expr) and value.is_Integer):
            return f"{int(value):,}"
        return self.value(value)

    def value(self, value: Any) -> str:
        """A value of any kind."""
        if isinstance(value, Expr):
            return self.formula(value)
        if isinstance(value, Condition):
            return self.relation(*_sides(value))
        if isinstance(value, tuple) and value and isinstance(value[0], Condition):
            return ", ".join(map(self.value, value))
        if isinstance(value, tuple):
            return self.shapes(value) if isinstance(value, Shapes) else self.shape(value)
        return self.text(str(value))

    def note(self, note: Note) -> str:
        """A line below the table."""
        values = [note.value] if note.at is None else [note.value, note.at]
        return f"{self.text(note.key)}: {self.equals.join(map(self.value, values))}"


def _sides(condition: Condition) -> tuple[Expr, str, Expr]:
    """A condition's sides as they read best."""
    if condition.operator == "|" and condition.left == 1:
        return condition.right, "∈", S.Integers
    relation = condition.relation
    if condition.operator == ">=" and isinstance(relation, Relational):
        return relation.lhs, SIGNS[relation.rel_op], relation.rhs
    return condition.left, SIGNS[condition.operator], condition.right


class TextWriter(Writer):
    """Values as text; products are tight, since columns are narrow."""

    def text(self, text: str) -> str:
        return " ".join(text.split())

    def formula(self, expr: Expr) -> str:
        return plain(expr, times="·")

    def shape(self, sizes: Sequence[Expr]) -> str:
        return " × ".join(f"({self.formula(size)})" if size.is_Add else self.formula(size) for size in sizes)

    def relation(self, left: Expr, sign: str, right: Expr) -> str:
        return f"{self.formula(left)} {sign} {self.formula(right)}"
