"""Constants whose elements are known: sizes, factors, and what is computed of them.

Exporters leave the arithmetic of sizes in the file: the shape of a tensor, elements of that, products, and
another shape made of them. The elements are SymPy expressions, so that sizes stay open.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sympy import Expr, Integer, Rational

from ...errors import SymcnnError
from ...profile import Sizes
from ...sizes import canonical


@dataclass(frozen=True, eq=False)
class Numbers:
    """An array of known elements: SymPy numbers and sizes, or truths.

    ``kind`` is ``"whole"``, ``"real"`` or ``"truth"``: what is divided without a remainder is not the same
    for the first two.
    """

    items: Any
    kind: str = "whole"

    @property
    def sizes(self) -> Sizes:
        """The sizes of the array itself."""
        return tuple(map(Integer, self.items.shape))

    @property
    def flat(self) -> list[Any]:
        """The elements in a row."""
        return list(self.items.ravel())

    @property
    def one(self) -> Any:
        """The only element.

        Raises:
            SymcnnError: there are several.
        """
        if self.items.size != 1:
            raise SymcnnError(f"one number is wanted, got {self.items.size}")
        return self.items.ravel()[0]


def array(elements: Any, shape: Sequence[int] | None = None) -> Any:
    """An array of objects; NumPy would look into them for more axes."""
    flat = list(elements)
    made = np.empty(len(flat), dtype=object)
    made[:] = flat
    return made if shape is None else made.reshape(shape)


def numbered(given: Any, kind: str) -> Numbers | None:
    """Known elements from an array of numbers; None where one of them is none."""
    values = given.ravel().tolist()
    if kind == "real" and not all(math.isfinite(value) for value in values):
        return None
    make = {"whole": lambda v: Integer(int(v)), "real": lambda v: Rational(float(v)), "truth": bool}[kind]
    return Numbers(array(map(make, values), given.shape), kind)


def sized(sizes: Sizes) -> Numbers:
    """Sizes in a row."""
    return Numbers(array(map(canonical, sizes)))


def exact(factor: Expr) -> bool:
    """Whether a floating-point number is a binary fraction of few digits: what it multiplies is not rounded then."""
    return bool(factor.is_Rational and factor.q <= 1024 and (factor.q & (factor.q - 1)) == 0 and abs(factor.p) <= 2**20)
