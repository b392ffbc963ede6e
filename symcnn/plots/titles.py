"""What stands around a picture, on as many lines as it takes to fit."""

from __future__ import annotations

from collections.abc import Sequence

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
    label = ax.yaxis.label
    ax.figure.figure.draw_without_rendering()
    room = ax.get_window_extent().height
    text = label.get_text()
    words = [text] if "$" in text else text.split()
    if label.get_window_extent().height > room and len(words) > 1:
        label.set_text(min((_halves(words, i) for i in range(1, len(words))), key=_longest))
    shrink(label, label.get_window_extent().height / room)


def shrink(text: Text, times: float) -> None:
    """Make a text smaller by as much as it is too large."""
    if times > 1:
        text.set_fontsize(float(text.get_fontsize()) / times)


def _halves(words: Sequence[str], i: int) -> str:
    return f"{' '.join(words[:i])}\n{' '.join(words[i:])}"


def _longest(text: str) -> int:
    return max(map(len, text.split("\n")))
