"""What a search aims at, and the configurations that it keeps on its way."""

from __future__ import annotations

from typing import Any, NamedTuple

from sympy import Expr

UNNAMED = "objective"
"""What an aim is called that has no name of its own, and whose formula is too long for one."""


class Aim(NamedTuple):
    """What is wanted most (``"max"``) or least (``"min"``), and its name."""

    name: str
    formula: Expr
    sense: str

    def cost(self, values: Any) -> Any:
        """What is to be small."""
        return -values if self.sense == "max" else values


class Kept(NamedTuple):
    """Configurations by their places, and a row of costs for each."""

    places: Any
    costs: Any

    def chosen(self, rows: Any) -> Kept:
        """Some of them."""
        return Kept(self.places[rows], self.costs[rows])

    def joined(self, other: Kept) -> Kept:
        """Both."""
        import numpy as np

        return Kept(*(np.concatenate(pair) for pair in zip(self, other, strict=True)))

    def best(self, top: int) -> Kept:
        """Those with the least first cost, in its order; of equals the first."""
        import numpy as np

        column = self.costs[:, 0]
        near = np.arange(len(column))
        if len(column) > top:
            near = np.flatnonzero(column <= np.partition(column, top - 1)[top - 1])
        return self.chosen(near[np.argsort(column[near], kind="stable")][:top])
