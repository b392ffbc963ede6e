"""The names of layers under a row of bars, none over another."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from matplotlib.axes import Axes

from .words import shortened

FONT = 7.0
LEVEL = 24
"""How many letters a level name has at most."""

HIGHEST = 0.3
"""The part of the figure's height that names take at most."""

UPRIGHT = 1.25
"""The room that an upright name needs beside others, in its own font sizes."""


def name_layers(ax: Axes, names: Sequence[str], weights: Sequence[float]) -> None:
    """Name the places 0, 1, 2, ...: level if all names fit so, else upright, the weightiest if not all fit."""
    places = list(range(len(names)))
    ax.set_xticks(places, [shortened(name, LEVEL) for name in names], fontsize=FONT, rotation=0)
    ax.figure.figure.draw_without_rendering()
    boxes = [label.get_window_extent() for label in ax.get_xticklabels()]
    if all(one.x1 + FONT / 2 <= other.x0 for one, other in pairwise(boxes)):
        return
    figure, point = ax.figure.figure, ax.figure.dpi / 72
    letters = int(HIGHEST * figure.bbox.height / (0.6 * FONT * point))
    distance = UPRIGHT * FONT * point * len(names) / ax.get_window_extent().width
    kept = weightiest(weights, distance)
    ax.set_xticks(kept, [shortened(names[place], letters) for place in kept], fontsize=FONT, rotation=90)


def weightiest(weights: Sequence[float], distance: float) -> list[int]:
    """Places at least a distance apart, in order; the weightier ones before others.

    >>> weightiest([5, 1, 1, 9, 8, 1], 2)
    [0, 3, 5]
    """
    kept: list[int] = []
    for place in sorted(range(len(weights)), key=lambda place: -weights[place]):
        if all(abs(place - other) >= distance for other in kept):
            kept.append(place)
    return sorted(kept)
