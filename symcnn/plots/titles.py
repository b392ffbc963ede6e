"""What stands around a picture, on as many lines as it takes to fit."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from matplotlib.axes import Axes
from matplotlib.text import Text


def write_title(ax: Axes, parts: Sequence[str]) -> Text | None:
    """Write parts above the axes, as many on a line as fit; nothing where there is a title already."""
    if any(ax.get_title(place) for place in ("left", "center", "right")):
        return None
    title = ax.set_title("", loc="left", fontsize="small")
    ax.figure.figure.draw_without_rendering()
    room = ax.get_window_extent().width
    lines: list[str] = []
    for part in parts:
        title.set_text(f"{lines[-1]}, {part}" if lines else part)
        if lines and title.get_window_extent().width <= room:
            lines[-1] = title.get_text()
        else:
            lines.append(part)
    title.set_text(",\n".join(lines))
    shrink(title, title.get_window_extent().width / room)
    return title


def fit_y_label(ax: Axes) -> None:
    """Write the y axis's label on two lines where it is longer than the axis, and smaller if that is not enough."""
    ax.figure.figure.draw_without_rendering()
    label, room = ax.yaxis.label, ax.get_window_extent().height
    _fit(label, lambda: label.get_window_extent().height / room)


def fit_x_label(ax: Axes) -> None:
    """The same for the x axis's label, which has the room of the figure where no other axes are beside it."""
    ax.figure.figure.draw_without_rendering()
    label, box, figure = ax.xaxis.label, ax.get_window_extent(), ax.figure.figure
    alone = 2 * min((box.x0 + box.x1) / 2, figure.bbox.x1 - (box.x0 + box.x1) / 2)
    room = alone if len(figure.axes) == 1 else box.width
    _fit(label, lambda: label.get_window_extent().width / room)


def _fit(label: Text, too_long: Callable[[], float]) -> None:
    text = label.get_text()
    words = [text] if "$" in text else text.split()
    if too_long() > 1 and len(words) > 1:
        label.set_text(min((_halves(words, i) for i in range(1, len(words))), key=_longest))
    shrink(label, too_long())


def shrink(text: Text, times: float) -> None:
    """Make a text smaller by as much as it is too large."""
    if times > 1:
        text.set_fontsize(float(text.get_fontsize()) / times)


def _halves(words: Sequence[str], i: int) -> str:
    return f"{' '.join(words[:i])}\n{' '.join(words[i:])}"


def _longest(text: str) -> int:
    return max(map(len, text.split("\n")))
