"""The Pareto front: configurations that no other beats in every respect."""

from __future__ import annotations

from typing import Any


def front(costs: Any) -> Any:
    """Which rows of a matrix of costs no other dominates, being larger nowhere and smaller somewhere.

    Equal rows do not dominate each other. Sorted by the first cost, a row can only be dominated by an
    earlier one, or by one that is as good in it.

    >>> import numpy as np
    >>> front(np.array([[1, 5], [2, 2], [2, 3], [5, 1], [2, 2]])).tolist()
    [True, True, False, True, True]
    """
    import numpy as np

    count, depth = costs.shape
    order = np.lexsort(tuple(costs[:, i] for i in reversed(range(depth))))
    ordered = costs[order]
    kept = np.zeros(count, bool)
    kept[order] = _pairs(ordered) if depth == 2 else _rows(ordered)
    return kept


def _pairs(ordered: Any) -> Any:
    """With two costs: a row is on the front if its second is below that of all earlier ones."""
    import numpy as np

    second = ordered[:, 1]
    least = np.minimum.accumulate(second)
    better = np.ones(len(second), bool)
    better[1:] = second[1:] < least[:-1]
    # A row that equals the one before is kept as that one is.
    start = np.maximum.accumulate(np.where(_new(ordered), np.arange(len(second)), 0))
    return better[start]


def _new(ordered: Any) -> Any:
    """Which rows differ from the row before."""
    import numpy as np

    new = np.ones(len(ordered), bool)
    new[1:] = (ordered[1:] != ordered[:-1]).any(axis=1)
    return new


def _rows(ordered: Any) -> Any:
    """With any number of costs: each row that is left removes those behind it that it dominates."""
    import numpy as np

    left = np.arange(len(ordered))
    place = 0
    while place < len(left):
        row = ordered[left[place]]
        rest = ordered[left]
        worse = (rest >= row).all(axis=1) & (rest > row).any(axis=1)
        left = left[~worse]
        place += 1
    kept = np.zeros(len(ordered), bool)
    kept[left] = True
    return kept
