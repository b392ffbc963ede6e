"""The names at the right ends of curves and bands, none over another, and the room that they need."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.text import Annotation, Text

from .axis import NAME, curves_of, points, set_x, whole_or_not
from .data import Curve
from .labels import settle

LINE = 20
"""How many letters a name has on one line, where it must be broken."""

WIDEST = 0.4
"""The part of the axes' width that names take at most."""

FONT = 9.0
GAP = 16.0
"""From the ends to the names, in points."""


class End(NamedTuple):
    """Where a curve or a band ends, what it is called, and its colour."""

    text: str
    x: float
    y: float
    colour: Any


def lay_out(ax: Axes) -> None:
    """Write every curve's name at its end, inside the axes, and set the x axis to make room for it."""
    lines = curves_of(ax)
    log = ax.get_xscale() == "log"
    ends = [End(_wording(ax, line, log), *_last(line), line.get_color()) for line in lines]
    values = sorted({whole_or_not(x) for line in lines for x in points(line)[0]})
    write_names(ax, [end for end in ends if end.text], values, log)


def write_names(ax: Axes, ends: Sequence[End], values: Sequence[int | float], log: bool) -> None:
    """Write names at ends, none over another, and set the x axis, which shows ``values``, to make room for them.

    Labels are then placed beside them.
    """
    for artist in [*ax.texts, *ax.patches]:
        if artist.get_gid() == NAME:
            artist.remove()
    # Only now has the figure's layout given the axes their place and size in it.
    ax.figure.figure.draw_without_rendering()
    names = [_name(ax, end) for end in ends]
    sizes = _fit(ax, names)
    box, point = ax.get_window_extent(), ax.figure.dpi / 72
    needed = (max(width for width, _ in sizes) + GAP * point) / box.width if names else 0.01
    set_x(ax, values, log, kept=1 - needed)
    _clear(ax, left=1 - needed + 2 * point / box.width)
    _place(ax, names, [height / box.height for _, height in sizes], left=1 - needed + GAP * point / box.width)
    settle(ax)


def _last(line: Line2D) -> tuple[float, float]:
    xs, ys = points(line)
    return xs[-1], ys[-1]


def _wording(ax: Axes, line: Line2D, log: bool) -> str:
    """A curve's name, with its slope where that shows as one; what the y axis says is not said again."""
    label = str(line.get_label())
    xs, ys = points(line)
    slope = Curve(label, tuple(Fraction(whole_or_not(x)) for x in xs), tuple(map(Fraction, ys))).slope if log else None
    parts = [
        label if label != ax.get_ylabel().replace("\n", " ") else "",
        f"slope {round(slope, 2) + 0.0:.2f}" if slope is not None else "",
    ]
    return ", ".join(part for part in parts if part)


def _name(ax: Axes, end: End) -> Annotation:
    leader = {"arrowstyle": "-", "color": end.colour, "lw": 0.8, "relpos": (0, 0.5), "shrinkA": 1, "shrinkB": 3}
    place: dict[str, Any] = {"xycoords": "data", "textcoords": "axes fraction", "annotation_clip": False}
    return ax.annotate(
        end.text, (end.x, end.y), (1.0, 0.5), arrowprops=leader, va="center", fontsize=FONT, gid=NAME, **place
    )


def _fit(ax: Axes, names: Sequence[Annotation]) -> list[tuple[float, float]]:
    """Break long names and shrink many, so that they fit; their widths and heights in pixels."""
    box = ax.get_window_extent()
    for name in names:
        if _extent(name)[0] > WIDEST * box.width:
            name.set_text(_broken(name.get_text()))
    widest = max((_extent(name)[0] for name in names), default=0.0) / (WIDEST * box.width)
    tallest = sum(_extent(name)[1] for name in names) / box.height
    for name in names:
        name.set_fontsize(FONT / max(1.0, widest, tallest))
    return [_extent(name) for name in names]


def _broken(text: str) -> str:
    parts = text.split(", ")
    return "\n".join(part if "$" in part else textwrap.fill(part, LINE) for part in parts)


def _extent(name: Annotation) -> tuple[float, float]:
    # An annotation's own extent takes in its leader.
    extent = Text.get_window_extent(name)
    return extent.width, 1.3 * extent.height


def _clear(ax: Axes, left: float) -> None:
    """Hide the grid behind the names."""
    ground: dict[str, Any] = {"facecolor": ax.get_facecolor(), "edgecolor": "none", "gid": NAME}
    ax.add_patch(Rectangle((left, 0.0), 1 - left, 1.0, transform=ax.transAxes, clip_on=False, **ground))


def _place(ax: Axes, names: Sequence[Annotation], heights: Sequence[float], left: float) -> None:
    ends = [ax.transAxes.inverted().transform(ax.transData.transform(name.xy))[1] for name in names]
    order = sorted(range(len(ends)), key=ends.__getitem__)
    centres = spread([ends[i] for i in order], [heights[i] for i in order])
    for i, centre in zip(order, centres, strict=True):
        names[i].set_position((left, centre))


def spread(wanted: Sequence[float], heights: Sequence[float]) -> list[float]:
    """Centres as near as can be to the wanted ones, in their order, between 0 and 1, none over another.

    >>> spread([0.2, 0.5, 0.5], [0.1, 0.1, 0.1])
    [0.2, 0.45, 0.55]
    >>> spread([0.0, 1.0], [0.1, 0.1])
    [0.05, 0.95]
    """
    blocks: list[tuple[float, list[int]]] = []
    for i in range(len(wanted)):
        members = [i]
        bottom = _bottom(wanted, heights, members)
        while blocks and blocks[-1][0] + sum(heights[j] for j in blocks[-1][1]) > bottom:
            members = [*blocks.pop()[1], *members]
            bottom = _bottom(wanted, heights, members)
        blocks.append((bottom, members))
    centres = []
    for bottom, members in blocks:
        for i in members:
            centres.append(round(bottom + heights[i] / 2, 9))
            bottom += heights[i]
    return centres


def _bottom(wanted: Sequence[float], heights: Sequence[float], members: Sequence[int]) -> float:
    """Where a block of touching names begins, so that each is near its wanted place."""
    below, offsets = 0.0, []
    for i in members:
        offsets.append(wanted[i] - heights[i] / 2 - below)
        below += heights[i]
    return max(0.0, min(sum(offsets) / len(offsets), 1 - below))
