"""Numbers drawn from a seed: the same on every platform and with every Python."""

from __future__ import annotations

import random
from collections.abc import Sequence
from hashlib import sha256
from typing import TypeVar

Thing = TypeVar("Thing")


class Draw:
    """A stream of draws that a text decides, such as a kind, a level and a seed.

    Python promises the numbers of ``random()`` alone for all versions, so nothing else of it is used.

    >>> one, again = Draw("conv2d", 1, 7), Draw("conv2d", 1, 7)
    >>> [one.whole(1, 6) for _ in range(8)] == [again.whole(1, 6) for _ in range(8)]
    True
    """

    def __init__(self, *key: object) -> None:
        digest = sha256(" ".join(map(str, key)).encode()).digest()
        self._next = random.Random(int.from_bytes(digest, "big")).random

    def whole(self, first: int, last: int) -> int:
        """A whole number from the first to the last."""
        return first + int(self._next() * (last - first + 1))

    def one_of(self, things: Sequence[Thing]) -> Thing:
        """One of some things."""
        return things[self.whole(0, len(things) - 1)]

    def shuffled(self, things: Sequence[Thing]) -> list[Thing]:
        """All of some things, in another order."""
        left = list(things)
        return [left.pop(self.whole(0, len(left) - 1)) for _ in things]
