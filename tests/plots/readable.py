"""What every picture must be: no text clipped, none over another."""

from itertools import combinations

from matplotlib.figure import Figure
from matplotlib.text import Text

from symcnn.plots.axis import NAME, curves_of

SIZES = {"small": (3.2, 2.4), "default": (6.4, 4.0), "wide": (10, 3), "tall": (4, 7)}


def axes_of(size):
    """Empty axes in a figure of one of the ``SIZES``."""
    return Figure(figsize=SIZES[size], layout="constrained").subplots()


def texts_of(ax):
    """Every text that shows, with its extent in pixels; a name without its leader."""
    ax.figure.draw_without_rendering()
    ticks = [*ax.get_xticklabels(), *ax.get_yticklabels()]
    titles = [ax.title, ax._left_title, ax.xaxis.label, ax.yaxis.label]
    legend = ax.get_legend().get_texts() if ax.get_legend() else []
    shown = [text for text in [*ax.texts, *ticks, *titles, *legend] if text.get_text() and text.get_visible()]
    inside = [text for text in shown if text not in ticks or _in_view(ax, text)]
    return {text: Text.get_window_extent(text) for text in inside}


def _in_view(ax, tick):
    x, y = tick.get_position()
    low, high = sorted(ax.get_xlim()) if tick in ax.get_xticklabels() else sorted(ax.get_ylim())
    return low <= (x if tick in ax.get_xticklabels() else y) <= high


def assert_readable(ax):
    """No text is clipped by the figure or stands over another, and names stand beside the curves."""
    extents = texts_of(ax)
    figure = ax.figure.bbox
    for text, box in extents.items():
        assert figure.x0 <= box.x0 < box.x1 <= figure.x1, text
        assert figure.y0 <= box.y0 < box.y1 <= figure.y1, text
    for (one, box), (other, beside) in combinations(extents.items(), 2):
        assert not box.overlaps(beside), (one, other)
    ends = [ax.transData.transform(line.get_xydata()[-1])[0] for line in curves_of(ax)]
    assert all(extents[name].x0 > max(ends) for name in ax.texts if name.get_gid() == NAME and ends)
