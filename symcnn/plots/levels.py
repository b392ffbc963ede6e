"""Round levels for contour lines."""

from __future__ import annotations

import math

FEWEST, MOST = 4, 10
"""How many lines a picture should have."""


def round_levels(low: float, high: float) -> list[int | float]:
    """Levels strictly between two values: 1, 2 and 5 times powers of ten, or multiples of one of them.

    Where values span decades the levels do too; where they do not, they stand at equal distances.

    >>> round_levels(700, 90_000)
    [1000, 2000, 5000, 10000, 20000, 50000]
    >>> round_levels(1, 10**9)
    [10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000]
    >>> round_levels(130, 270)
    [140, 160, 180, 200, 220, 240, 260]
    """
    if low >= high:
        return []
    for steps in ((1, 2, 5), (1,)):
        found = _over_decades(low, high, steps) if low > 0 else []
        if FEWEST <= len(found) <= MOST:
            return found
    return found[:: -(-len(found) // MOST)] if len(found) > MOST else _evenly(low, high)


def _over_decades(low: float, high: float, steps: tuple[int, ...]) -> list[int | float]:
    powers = range(math.floor(math.log10(low)), math.floor(math.log10(high)) + 1)
    levels = [times_power(step, power) for power in powers for step in steps]
    return [level for level in levels if low < float(level) < high]


def _evenly(low: float, high: float) -> list[int | float]:
    """Multiples of the smallest round step that gives no more than ``MOST`` lines."""
    power = math.floor(math.log10(high - low)) - 1
    for exponent in (power, power + 1):
        for step in (1, 2, 5):
            distance = times_power(step, exponent)
            first, last = math.floor(low / distance) + 1, math.ceil(high / distance) - 1
            if last - first < MOST:
                return [times_power(step * i, exponent) for i in range(first, last + 1)]
    return []


def times_power(number: int, power: int) -> int | float:
    """A number times a power of ten: whole where that is."""
    return number * int(10**power) if power >= 0 else number / 10**-power
