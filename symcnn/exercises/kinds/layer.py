"""A problem about one layer: the sizes are symbols in it, and its profile has the answer."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from sympy import Expr, Integer, Symbol

from ...layer import Layer
from ...shape import Shape
from ...sizes import dims
from ..claim import Claim, Sizes
from ..mistakes import claims
from ..problem import Problem


class Asked(NamedTuple):
    """What is asked of a layer: a quantity of its profile, and which axis of it, for an output."""

    quantity: str
    words: str
    axis: int = -1


PARAMS = Asked("params", "the number of parameters")
BUFFERS = Asked("buffers", "how many numbers are stored without being trained")
MACS = Asked("macs", "the number of multiply-accumulates (MACs)")
SIZE = Asked("output", "the height of the output", 1)
LENGTH = Asked("output", "the length of the output", 1)


class Made(NamedTuple):
    """A layer whose sizes are symbols, what it stands on, and the symbols' numbers."""

    layer: Layer
    shape: tuple[Expr, ...]
    sizes: Sizes

    def counted(self, asked: Asked) -> Expr:
        """What is asked, as a formula in the sizes."""
        return _counted(self.layer, self.shape, asked)

    def numeric(self) -> Layer:
        """The layer with the numbers put in."""
        values = {symbol: Integer(value) for symbol, value in self.sizes.values.items()}
        return self.layer.substituted(values).with_input(Shape(*(size.xreplace(values) for size in self.shape)))


@lru_cache(maxsize=1024)
def _counted(layer: Layer, shape: tuple[Expr, ...], asked: Asked) -> Expr:
    found = layer.on(shape).quantity(asked.quantity)
    size: Expr = found if isinstance(found, Expr) else found[asked.axis]
    return size


def sizes(values: Mapping[str, int], **derived: Expr) -> Sizes:
    """Sizes by name: those with numbers, and those that follow."""
    return Sizes({symbol(name): value for name, value in values.items()}, {symbol(n): e for n, e in derived.items()})


def symbol(name: str) -> Symbol:
    """The symbol of a size."""
    return dims(name)


def problem(
    made: Made,
    asked: Asked,
    question: str,
    hint: str,
    right: str,
    mistakes: Mapping[str, str],
    **facts: object,
) -> Problem:
    """A problem about a layer."""
    return Problem(
        question,
        asked.words,
        hint,
        Claim(right, made.sizes),
        made.counted(asked),
        claims(mistakes, made.sizes, **facts),
        made.numeric,
        lambda: made.numeric().explain(asked.quantity),
    )
