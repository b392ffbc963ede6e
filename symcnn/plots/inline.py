"""Labels on contour lines: each along its line, none over another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke
from matplotlib.text import Text
from matplotlib.transforms import Bbox

FONT = 8.0
PLACES = (0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8, 0.1, 0.9)
"""Where along its line a label may stand, the best first."""


class Level(NamedTuple):
    """A contour line: its value, the pieces that it has, its colour, and whether its label is bold."""

    level: float
    pieces: tuple[Any, ...]
    colour: str
    bold: bool


class _Place(NamedTuple):
    """A place in pixels, and the angle there in degrees."""

    x: float
    y: float
    angle: float


def write_on_lines(ax: Axes, lines: Sequence[Level], texts: Sequence[str], grounds: Sequence[str]) -> None:
    """Write on every line what its value is, in front of its ground, where there is room for it.

    The first lines find room first.
    """
    ax.figure.figure.draw_without_rendering()
    pieces = [sorted((ax.transData.transform(piece) for piece in line.pieces), key=_length) for line in lines]
    taken: list[Bbox] = []
    for i, (line, text, ground) in enumerate(zip(lines, texts, grounds, strict=True)):
        others = [piece for other in pieces[:i] + pieces[i + 1 :] for piece in other]
        style: dict[str, Any] = {
            "color": line.colour,
            "fontweight": "bold" if line.bold else "normal",
            "fontsize": FONT,
        }
        label = ax.text(0, 0, text, ha="center", va="center", rotation_mode="anchor", zorder=5, **style)
        label.set_path_effects([withStroke(linewidth=4, foreground=ground)])
        width = label.get_window_extent().width
        places = [place for piece in reversed(pieces[i]) for place in _places(piece, width)]
        box = _settled(ax, label, places, taken, others)
        if box is None:
            label.remove()
        else:
            taken.append(box)


def _settled(ax: Axes, label: Text, places: Sequence[_Place], taken: list[Bbox], others: list[Any]) -> Bbox | None:
    """Put a label at the place where it is over no other and the fewest lines run through it."""
    points = np.concatenate(others) if others else np.empty((0, 2))
    best: tuple[int, _Place, Bbox] | None = None
    room = ax.get_window_extent()
    for place in places:
        box = _put(ax, label, place).padded(2.0)
        inside = room.x0 <= box.x0 and box.x1 <= room.x1 and room.y0 <= box.y0 and box.y1 <= room.y1
        if not inside or any(box.overlaps(other) for other in taken):
            continue
        struck = int(((points > box.min) & (points < box.max)).all(axis=1).sum())
        if best is None or struck < best[0]:
            best = struck, place, box
    if best is None:
        return None
    _put(ax, label, best[1])
    return best[2]


def _put(ax: Axes, label: Text, place: _Place) -> Bbox:
    label.set_position(tuple(ax.transData.inverted().transform((place.x, place.y))))
    label.set_rotation(place.angle)
    return label.get_window_extent()


def _places(piece: Any, width: float) -> Iterator[_Place]:
    """Places on a piece of a line that is long enough, each with the line's direction over the label's width."""
    steps = np.hypot(*np.diff(piece, axis=0).T)
    run = np.concatenate([[0.0], np.cumsum(steps)])
    if run[-1] < 1.5 * width:
        return
    for share in PLACES:
        at = np.clip(share * run[-1] + np.array([-0.5, 0.0, 0.5]) * width, 0, run[-1])
        xs, ys = np.interp(at, run, piece[:, 0]), np.interp(at, run, piece[:, 1])
        angle = float(np.degrees(np.arctan2(ys[2] - ys[0], xs[2] - xs[0])))
        yield _Place(float(xs[1]), float(ys[1]), (angle + 90) % 180 - 90)


def _length(piece: Any) -> float:
    return float(np.hypot(*np.diff(piece, axis=0).T).sum())
