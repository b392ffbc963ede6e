"""Labels inside a picture: each near its point, none over another text, off the curves where there is room."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke
from matplotlib.text import Annotation, Text
from matplotlib.transforms import Bbox

from .axis import BUDGET, CURVE, NAME, SWITCH

LABEL = "symcnn label"
"""The group id of a label that stands on any side of its point."""

ALONG = "symcnn label along a line"
"""The group id of a label that stands in a level line which ends at its point, or else on it."""

BESIDE = "symcnn label beside a line"
"""The group id of a label that stands beside an upright line, which begins at its point and goes down."""

FONT = 8.0
GAPS = (4.0, 10.0, 18.0, 28.0, 40.0)
"""How far a label may stand from its point, in points, the nearest first."""

SIDES = ((-1, 1), (1, -1), (0, 1), (0, -1), (1, 0), (-1, 0), (1, 1), (-1, -1))
"""Where it may stand: a rising curve leaves room above on its left and below on its right."""

AIR = 2.0
"""Between texts, in points."""


def write_label(ax: Axes, text: str, x: float, y: float, gid: str = LABEL) -> None:
    """Write a label for a point; ``settle`` finds its place."""
    leader = {"arrowstyle": "-", "color": "#666666", "lw": 0.6, "shrinkA": 0, "shrinkB": 3} if gid == LABEL else None
    style: dict[str, Any] = {"fontsize": FONT, "ha": "center", "va": "center", "gid": gid, "zorder": 6}
    style |= {"xycoords": "data", "textcoords": "offset points", "annotation_clip": False}
    halo = withStroke(linewidth=3, foreground=ax.get_facecolor())
    ax.annotate(text, (x, y), (0, 0), arrowprops=leader, path_effects=[halo], **style)


def settle(ax: Axes) -> None:
    """Give every label its place, the first ones first; one for which there is no room does not show."""
    labels = [text for text in ax.texts if text.get_gid() in (LABEL, ALONG, BESIDE)]
    if not labels:
        return
    ax.figure.figure.draw_without_rendering()
    taken = [Text.get_window_extent(text) for text in ax.texts if text not in labels]
    strokes = _strokes(ax)
    for label in labels:
        assert isinstance(label, Annotation)
        box = _settled(ax, label, taken, strokes)
        label.set_visible(box is not None)
        taken += [box] if box is not None else []


def _settled(ax: Axes, label: Annotation, taken: list[Bbox], strokes: Any) -> Bbox | None:
    """Put a label where no text is and the fewest strokes are; None if there is no such place."""
    point = ax.figure.dpi / 72
    extent, anchor = Text.get_window_extent(label), ax.transData.transform(label.xy)
    room, air = _room(ax), AIR * point
    if label.get_gid() == ALONG:
        taken, strokes = [*taken, *_other_budgets(ax, anchor[1])], strokes[abs(strokes[:, 1] - anchor[1]) > 1]
    best: tuple[float, Any, Bbox] | None = None
    for offset, cost in _offsets(str(label.get_gid()), extent.width, extent.height, point, room):
        x, y = anchor + offset
        box = Bbox.from_bounds(x - extent.width / 2, y - extent.height / 2, extent.width, extent.height).padded(air)
        if not _within(box, room) or any(box.overlaps(other) for other in taken):
            continue
        cost += int(((strokes > box.min) & (strokes < box.max)).all(axis=1).sum())
        if best is None or cost < best[0]:
            best = cost, offset, box
    if best is None:
        return None
    label.set_position(tuple(best[1] / point))
    return best[2]


def _other_budgets(ax: Axes, level: float) -> list[Bbox]:
    """The lines of other budgets: an amount that stood on one of them would mislead."""
    paths = [_path(ax, line) for line in ax.lines if line.get_gid() == BUDGET]
    return [Bbox(path).padded(1) for path in paths if abs(path[0][1] - level) > 1]


def _room(ax: Axes) -> Bbox:
    """Where labels may stand: inside the axes, on the left of the names at the ends."""
    room = Bbox(ax.get_window_extent().get_points())
    for patch in ax.patches:
        if patch.get_gid() == NAME:
            room.x1 = min(room.x1, patch.get_window_extent().x0)
    return room


def _offsets(gid: str, width: float, height: float, point: float, room: Bbox) -> Iterator[tuple[Any, float]]:
    """Where the middle of a label may stand, seen from its point, in pixels, and how far from the best that is."""
    if gid == ALONG:
        for i, start in enumerate(np.arange(0, room.width, 0.5 * width)):
            for up in (0.0, height / 2 + 3 * point):
                yield np.array([-start - 0.8 * width, up]), i + 2 * (up > 0)
    elif gid == BESIDE:
        for i, start in enumerate(np.arange(0, room.height, 0.5 * height)):
            for side in (1, -1):
                yield np.array([side * (width / 2 + 5 * point), -start - height / 2 - 3 * point]), i
    else:
        for i, gap in enumerate(GAPS):
            for right, up in SIDES:
                yield np.array([right * (width / 2 + gap * point), up * (height / 2 + gap * point)]), 2 * i


def _within(box: Bbox, room: Bbox) -> bool:
    return bool(room.x0 <= box.x0 and box.x1 <= room.x1 and room.y0 <= box.y0 and box.y1 <= room.y1)


def _strokes(ax: Axes) -> Any:
    """Points close together on everything that is drawn as a line, in pixels, and every mark."""
    found = [np.empty((0, 2))]
    for line in ax.lines:
        path = _path(ax, line)
        found.append(path)
        if line.get_gid() in (CURVE, BUDGET, SWITCH):
            found += [_between(one, other) for one, other in pairwise(path)]
    return np.concatenate(found)


def _path(ax: Axes, line: Line2D) -> Any:
    return line.get_transform().transform(np.asarray(line.get_xydata(), dtype=float))


def _between(one: Any, other: Any) -> Any:
    """Points on the way from one to another, 3 pixels apart."""
    steps = max(2, int(np.hypot(*(other - one)) / 3))
    return np.linspace(one, other, steps)
