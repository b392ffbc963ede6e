"""Laws: every tensor of a model at every point."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

from sympy import Expr, Integer, Mul, Symbol

from ...form import collected
from ...networks.repeat import INDICES
from ...shape import Shape
from ...sizes import textbook_symbol
from ...sums import summed
from .building import Key, Sizes, Tensors
from .patterns import Span
from .polynomials import Number, Place, Polynomial, degree_in, expression, value_at

ROLES = {"weight": "parameters", "buffer": "buffers"}


class Row(NamedTuple):
    """A tensor, or a row of them, for people: its name, its shape, where its indices run, and its elements."""

    role: str
    name: str
    shape: Shape
    ranges: tuple[str, ...]
    elements: Expr


class Laws(ABC):
    """What every tensor is, at every point."""

    @abstractmethod
    def difference(self, place: Place, tensors: Tensors) -> str | None:
        """The first tensor that is another at a point than the laws say, in words."""

    @abstractmethod
    def degree(self, variable: int) -> int:
        """The highest degree of what was fitted, in one variable."""

    @abstractmethod
    def total(self, role: str, symbols: Sequence[Symbol]) -> Expr:
        """The elements of all tensors of a role."""


@dataclass(frozen=True)
class Law:
    """The sizes of one tensor, or of a row of them, as polynomials in the indices and the variables.

    Args:
        role: what they are.
        texts: what stands between the indices in their names.
        spans: where each index runs.
        sizes: the sizes.
    """

    role: str
    texts: tuple[str, ...]
    spans: tuple[Span, ...]
    sizes: tuple[Polynomial, ...]

    def name(self, at: Sequence[object]) -> str:
        """The name with indices put in."""
        return self.texts[0] + "".join(f"{index}{text}" for index, text in zip(at, self.texts[1:], strict=True))

    def tensors(self, place: Place) -> Iterator[tuple[Key, Sizes]]:
        """The tensors at a point."""
        for at in product(*(span.at(place) for span in self.spans)):
            yield Key(self.role, self.name(at)), tuple(value_at(size, at + place) for size in self.sizes)

    def is_short(self, place: Place) -> bool:
        """Whether an index would run backwards at a point, where a closed sum takes away."""
        return any(value_at(span.stop, place) < span.first for span in self.spans)

    def degree(self, variable: int) -> int:
        """The highest degree in one variable."""
        ends = (degree_in(span.stop, variable) for span in self.spans)
        return max([*ends, *(degree_in(size, len(self.spans) + variable) for size in self.sizes)], default=0)

    def indices(self, symbols: Sequence[Symbol]) -> list[Symbol]:
        """A symbol for each index, named as nothing else is."""
        taken = {symbol.name for symbol in symbols}
        free = (name for name in INDICES if name not in taken)
        return [textbook_symbol(next(free), 0) for _ in self.spans]

    def row(self, symbols: Sequence[Symbol]) -> Row:
        """The law in symbols."""
        indices = self.indices(symbols)
        shape = Shape.of(tuple(expression(size, [*indices, *symbols]) for size in self.sizes))
        elements: Expr = Mul(*shape)
        ranges = []
        for index, span in zip(indices, self.spans, strict=True):
            stop = expression(span.stop, symbols)
            elements = summed(elements, index, Integer(span.first), stop)
            ranges.append(f"{index} = {span.first}, ..., {stop - 1}")
        return Row(self.role, self.name([f"{{{index}}}" for index in indices]), shape, tuple(ranges), elements)


@dataclass(frozen=True)
class TensorLaws(Laws):
    """A law for every tensor, or row of tensors."""

    laws: tuple[Law, ...]

    def difference(self, place: Place, tensors: Tensors) -> str | None:
        for law in self.laws:
            if law.is_short(place):
                name = law.name([f"{{{index}}}" for index in INDICES[: len(law.spans)]])
                return f"{name} would be there a negative number of times"
        expected = dict(tensor for law in self.laws for tensor in law.tensors(place))
        for key, sizes in tensors.items():
            if key not in expected:
                return f"there is a {key.role} {key.name}, and by the formula there is none"
            if sizes != expected[key]:
                return f"{key.name} is {product_of(sizes)}, and by the formula {product_of(expected[key])}"
        missing = next((key for key in expected if key not in tensors), None)
        return missing and f"there is no {missing.role} {missing.name}, and by the formula there is one"

    def degree(self, variable: int) -> int:
        return max(law.degree(variable) for law in self.laws)

    def total(self, role: str, symbols: Sequence[Symbol]) -> Expr:
        return collected(Counter((row.elements,) for row in self.rows(symbols) if row.role == role))

    def rows(self, symbols: Sequence[Symbol]) -> Iterator[Row]:
        """The laws in symbols."""
        return (law.row(symbols) for law in self.laws)


@dataclass(frozen=True)
class Totals(Laws):
    """The elements of all tensors of each role together, where their names follow no pattern."""

    totals: dict[str, Polynomial]

    def difference(self, place: Place, tensors: Tensors) -> str | None:
        for role, polynomial in self.totals.items():
            found, expected = elements(tensors, role), value_at(polynomial, place)
            if found != expected:
                return f"there are {found} {ROLES[role]}, and by the formula {expected}"
        return None

    def degree(self, variable: int) -> int:
        return max(degree_in(polynomial, variable) for polynomial in self.totals.values())

    def total(self, role: str, symbols: Sequence[Symbol]) -> Expr:
        return expression(self.totals[role], symbols)


def product_of(sizes: Sizes) -> str:
    """A shape for a message: ``64 × 3 × 7 × 7``."""
    return " × ".join(map(str, sizes))


def elements(tensors: Tensors, role: str) -> Number:
    """The elements of all tensors of a role at a point."""
    return sum(math.prod(sizes) for key, sizes in tensors.items() if key.role == role)
