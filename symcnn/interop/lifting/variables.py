"""What is varied, over which values, and which others are good to check by."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import count, islice, product
from typing import Any

from sympy import Symbol

from ...errors import LiftError, SizeError
from ...sizes import dims, whole_number
from ...sizes.symbols import is_dim
from .polynomials import Place

MOST = 1024
"""So many sample points are built at most."""

FAR = (2, 8)
"""So many times the last sample is far beyond it."""

COARSER = (2, 4, 8, 16, 32, 64)
"""Roundings that are looked for among the samples."""


@dataclass(frozen=True)
class Variable:
    """A variable: its symbol, and its sample values in order."""

    symbol: Symbol
    samples: tuple[int, ...]

    @property
    def name(self) -> str:
        """What the constructor calls it."""
        name: str = self.symbol.name
        return name

    @cached_property
    def step(self) -> int:
        """The samples are on a lattice of this step."""
        return math.gcd(*(value - self.samples[0] for value in self.samples))

    @property
    def steps(self) -> Iterator[int]:
        """The steps of all lattices that the samples are on, the finest first; an odd size has even ones."""
        least = 2 if self.symbol.is_odd else 1
        return (m for m in range(least, self.step + 1, least) if self.step % m == 0)

    # Values beside the samples that are on a lattice of step m, and on none that is coarser.

    def between(self, m: int) -> list[int]:
        """Some of them between the samples: the first two, one from the middle, and the last."""
        low, high = self.samples[0], self.samples[-1]
        middle = low + (high - low) // (2 * m) * m
        starts = [(range(low, high, m), 2), (range(middle, high, m), 1), (range(high, low, -m), 1)]
        found = (value for values, times in starts for value in islice(self._own(values, m), times))
        return list(dict.fromkeys(found))

    def beyond(self, m: int) -> list[int]:
        """The next one beyond the samples, and some far beyond; and what the samples' own lattice goes on with."""
        high = self.samples[-1]
        far = (high + (times - 1) * -(-high // m) * m for times in FAR)
        found = {next(self._own(count(start, m), m)) for start in (high + m, *far)}
        return sorted({*found, high + self.step, high + -(-high // self.step) * self.step})

    def continued(self) -> list[int]:
        """What the samples' own lattice goes on with."""
        return [self.samples[-1] + self.step * k for k in (1, 2, 3)]

    def below(self, m: int) -> range:
        """All values of the lattice up to the first sample, the last one first."""
        return range(self.samples[0], 0, -m)

    def _own(self, values: Iterable[int], m: int) -> Iterator[int]:
        coarser = self.step // m
        for value in values:
            if value not in self.samples and math.gcd((value - self.samples[0]) // m, coarser) == 1:
                yield value

    def coarser(self) -> Iterator[Variable]:
        """The same variable with those samples alone that are multiples of a number."""
        for m in COARSER:
            kept = tuple(value for value in self.samples if value % m == 0)
            if 2 < len(kept) < len(self.samples):
                yield Variable(self.symbol, kept)


def as_variables(over: Any) -> tuple[Variable, ...]:
    """The variables from what a user gives: values by name, or by symbol.

    Raises:
        SizeError: values that are no positive integers, or a symbol that ``dims`` has not made.
        LiftError: no variables, one value where there must be several, or too many points.
    """
    if not isinstance(over, Mapping) or not over:
        raise LiftError(f"over gives sample points by name, such as {{'width': [16, 32, 48, 64]}}, got {over!r}")
    variables = tuple(_variable(key, values) for key, values in over.items())
    points = math.prod(len(variable.samples) for variable in variables)
    if points > MOST:
        raise LiftError(f"over makes more than {MOST} sample points; five values for each variable are often enough")
    return variables


def _variable(key: Any, values: Any) -> Variable:
    symbol = as_symbol(key)
    if isinstance(values, str | bytes) or not isinstance(values, Iterable):
        raise SizeError(f"over gives {symbol} several positive integers, got {values!r}")
    found = {_sample(symbol, value) for value in islice(values, MOST + 1)}
    if len(found) < 2:
        raise LiftError(
            f"over gives {symbol} {'1 value' if found else 'no values'}; a size that stays needs 2 at least, "
            "and one that grows evenly needs 3: 2 to fit it, and 1 held back"
        )
    return Variable(symbol, tuple(sorted(found)))


def as_symbol(key: Any) -> Symbol:
    """The symbol of a name, or a symbol itself.

    Raises:
        SizeError: a name that is no identifier, or a symbol that ``dims`` has not made.
    """
    if isinstance(key, str):
        return dims(key)
    if isinstance(key, Symbol) and is_dim(key) and key.is_positive:
        return key
    raise SizeError(f"variables are given by name, or by symbols from dims(), got {key!r}")


def _sample(symbol: Symbol, value: Any) -> int:
    found = whole_number(value)
    if found is None or found < 1:
        raise SizeError(f"sample points of {symbol} must be positive integers, got {value!r}")
    if symbol.is_odd and found % 2 == 0:
        raise SizeError(f"sample points of {symbol} must be odd, as it is, got {value!r}")
    return found


def places(variables: Sequence[Variable]) -> list[Place]:
    """Every combination of the samples."""
    return list(product(*(variable.samples for variable in variables)))
