"""A space of configurations: symbols with the values that each may have, walked block by block."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sympy import Symbol

from ...errors import SizeError
from ...numeric.inputs import int64_or_object
from ...sizes import as_value, exact_number
from ..asked import as_symbol

Number = int | Fraction

BLOCK = 2**18
"""About so many configurations are worked on at once."""


@dataclass(frozen=True)
class Grid:
    """Symbols with their values; a configuration has one of each, and a place in the order of them all."""

    axes: tuple[tuple[Symbol, tuple[Number, ...]], ...]

    @classmethod
    def of(cls, space: Any, known: Any) -> Grid:
        """The space of ``{w: range(8, 129, 8), k: [3, 5, 7]}``.

        Raises:
            SizeError: no such mapping, an empty range, or a value that its symbol cannot have.
            UnknownNameError: a name that no symbol has.
        """
        if not isinstance(space, Mapping) or not space:
            raise SizeError(
                f"a space takes symbols and their values, {{w: range(8, 129, 8), k: [3, 5, 7]}}, got {space!r}"
            )
        axes = tuple((symbol := as_symbol(key, known, "a space"), _numbers(symbol, v)) for key, v in space.items())
        for symbol, _ in axes:
            if [other for other, _ in axes].count(symbol) > 1:
                raise SizeError(f"{symbol} is given twice")
        return cls(axes)

    @property
    def symbols(self) -> tuple[Symbol, ...]:
        """The symbols, in the order given."""
        return tuple(symbol for symbol, _ in self.axes)

    @property
    def shape(self) -> tuple[int, ...]:
        """How many values each has."""
        return tuple(len(values) for _, values in self.axes)

    @property
    def size(self) -> int:
        """How many configurations there are."""
        return math.prod(self.shape)

    def configuration(self, place: int) -> dict[Symbol, Number]:
        """The configuration at a place."""
        return {s: values[i] for (s, values), i in zip(self.axes, self.indices(place), strict=True)}

    def indices(self, place: int) -> tuple[int, ...]:
        """Which value each symbol has at a place."""
        return _split(place, self.shape)

    def place(self, indices: tuple[int, ...]) -> int:
        """The place where each symbol has such a value."""
        place = 0
        for i, n in zip(indices, self.shape, strict=True):
            place = place * n + i
        return place

    def blocks(self) -> Iterator[tuple[int, tuple[int, ...], dict[Symbol, Any]]]:
        """Stretches of configurations: where each starts, its shape, and arrays that broadcast to it."""
        arrays = [int64_or_object(values, (len(values),)) for _, values in self.axes]
        axis, inner = len(arrays), 1
        while axis and inner * len(arrays[axis - 1]) <= BLOCK:
            axis -= 1
            inner *= len(arrays[axis])
        outer = self.shape[: max(axis - 1, 0)]
        rows = max(1, BLOCK // inner)
        whole = [slice(None)] * (len(arrays) - axis)
        for place in range(math.prod(outer)):
            fixed = [slice(i, i + 1) for i in _split(place, outer)]
            for start in range(0, self.shape[axis - 1], rows) if axis else [0]:
                taken = [*fixed, *([slice(start, start + rows)] if axis else []), *whole]
                parts = [array[part] for array, part in zip(arrays, taken, strict=True)]
                first = (place * self.shape[axis - 1] + start) * inner if axis else 0
                yield first, tuple(map(len, parts)), self._spread(parts)

    def _spread(self, parts: list[Any]) -> dict[Symbol, Any]:
        """Each symbol's values along an axis of their own."""
        last = len(parts) - 1
        return {
            s: part.reshape((1,) * i + (-1,) + (1,) * (last - i))
            for i, (s, part) in enumerate(zip(self.symbols, parts, strict=True))
        }


def _split(place: int, shape: tuple[int, ...]) -> tuple[int, ...]:
    """A place in a row-major order as the index along each axis."""
    found = []
    for n in reversed(shape):
        place, i = divmod(place, n)
        found.append(i)
    return tuple(reversed(found))


def _numbers(symbol: Symbol, given: Any) -> tuple[Number, ...]:
    """A range's values, each of which the symbol may have, in their order."""
    if isinstance(given, str | bytes) or not hasattr(given, "__iter__"):
        raise SizeError(f"a space takes several values for {symbol}, such as range(8, 129, 8), got {given!r}")
    listed = list(given)
    if not listed:
        raise SizeError(f"a space has no value for {symbol}: {given!r} is empty")
    found = dict.fromkeys(exact_number(as_value(symbol, value)) for value in listed)
    if None in found:
        raise SizeError(f"a space takes numbers for {symbol}, got {next(v for v in listed if exact_number(v) is None)}")
    return tuple(sorted(number for number in found if number is not None))
