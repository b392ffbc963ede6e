"""Words of questions, and products in formulas."""

from __future__ import annotations

from collections.abc import Sequence


def by(size: object, rank: int) -> str:
    """A size along each axis.

    >>> by(3, 2), by(5, 1)
    ('3×3', '5')
    """
    return "×".join([str(size)] * rank)


def product(factor: str, rank: int) -> str:
    """A factor for each axis, in a formula.

    >>> product("k", 3)
    'k·k·k'
    """
    return "·".join([factor] * rank)


def along(rank: int) -> str:
    """How one asks for a size: ``How long is it?``."""
    return "long" if rank == 1 else "high"


def listed(things: Sequence[str]) -> str:
    """Things in a sentence.

    >>> listed(["stride 2", "padding 1", "groups 4"]), listed(["stride 2"])
    ('stride 2, padding 1 and groups 4', 'stride 2')
    """
    *first, last = things or [""]
    return f"{', '.join(first)} and {last}" if first else last
