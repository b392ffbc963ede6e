"""``sensitivity``: how much each size of a network matters, as bars."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from ..layer import Layer
from .arguments import Values
from .axis import bare
from .bars import HATCHES, write_legend
from .files import axes_or_new
from .palette import COLOURS
from .per_layer import quantity_names
from .quantities import Quantity, quantity_named
from .titles import fit_x_label, write_title
from .tornado import Sensitivity, sensitivity_data
from .words import shortened

FONT = 8.0
NAMED = 26
"""How many letters a size's name has at most."""

WIDEST = 0.42
"""The part of the figure's width that names take at most."""

ROOM = 1.5
"""The room that a row needs, in font sizes."""

HOLLOW = " (hollow: at the next value)"
AROUND = 52.0
"""What stands above and below the bars, in points."""

TICK = 45.0
"""The room that a tick needs, in points."""

LABELS = {"elasticity": "elasticity: % more for 1 % more", "tenth": "change for 10 % less and 10 % more"}


def sensitivity(
    net: Layer,
    at: Values | None = None,
    *,
    of: str | Sequence[str] = ("params", "macs"),
    measure: str = "elasticity",
    ax: Axes | None = None,
) -> Axes:
    """Draw how much each size of a network matters: its symbols, and the sizes of its layers, as in ``drivers``.

    A bar's length is the elasticity: 2 where 1 % more of the size costs 2 % more. Of what has no derivative,
    such as a stride, it is the exact change to the next value, per cent for per cent, and the bar is hollow.
    The sizes that matter most are on top; as many are shown as the axes have room for.

    Args:
        net: a layer or a network.
        at: values for its symbols, as for ``drivers``.
        of: the totals.
        measure: ``"elasticity"``, or ``"tenth"`` for the changes at 10 % less and 10 % more: a tornado.
        ax: where to draw, as for ``curves``.

    Raises:
        SizeError: what is given is not a network.
        UnknownNameError: a name that no symbol, total or measure has.
        MissingValueError: a symbol is left without a value.
        ConditionError: the values break a condition of the network.

    >>> import symcnn as sc
    >>> ax = sc.plots.sensitivity(sc.zoo.get_model("vgg16"), ax=sc.plots.new_axes())
    >>> ax.get_yticklabels()[0].get_text()
    'w = 64'
    """
    bars = sensitivity_data(net, at, of=of, measure=measure)
    shown = [quantity_named(name) for name in quantity_names(of)]
    with axes_or_new(ax) as given:
        return _draw(given, bars, shown, measure)


def _draw(ax: Axes, bars: list[Sensitivity], shown: Sequence[Quantity], measure: str) -> Axes:
    kept = bars[: max(1, _rows(ax))]
    bare(ax, log=False)
    for i, quantity in enumerate(shown):
        _draw_bars(ax, kept, quantity, i, len(shown))
    ax.axvline(0, color="#444444", linewidth=0.8)
    ax.set_ylim(len(kept) - 0.4, -0.6)
    letters = min(NAMED, int(WIDEST * ax.figure.figure.bbox.width * 72 / ax.figure.dpi / (0.6 * FONT)))
    ax.set_yticks(range(len(kept)), [shortened(bar.name, letters) for bar in kept], fontsize=FONT)
    ax.tick_params(axis="y", length=0)
    ax.grid(axis="y", visible=False)
    ax.grid(axis="x", color="#e4e4e4", linewidth=0.6)
    ax.set_axisbelow(True)
    ax.set_xlabel(LABELS[measure] + (HOLLOW if any(bar.step for bar in kept) else ""))
    ax.margins(x=0.05)
    ax.figure.figure.draw_without_rendering()
    ticks = int(ax.get_window_extent().width * 72 / ax.figure.dpi / TICK)
    ax.xaxis.set_major_locator(MaxNLocator(max(1, min(7, ticks)), steps=[1, 2, 5, 10]))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: _written(value, measure == "tenth")))
    legend = write_legend(ax) if len(shown) > 1 else None
    said = [] if len(shown) > 1 else [shown[0].label]
    said += [f"the {len(kept)} of {len(bars)} sizes that matter most"] if len(kept) < len(bars) else []
    title = write_title(ax, said) if said else None
    if title is not None and legend is not None:
        ax.figure.figure.draw_without_rendering()
        height = legend.get_window_extent().height * 72 / ax.figure.dpi
        ax.set_title(title.get_text(), loc="left", fontsize=title.get_fontsize(), pad=4 + height)
    fit_x_label(ax)
    return ax


def _written(value: float, signed: bool) -> str:
    return f"{value:+g}%" if signed and value else f"{value:g}{'%' if signed else ''}"


def _rows(ax: Axes) -> int:
    """How many rows have room, beside the legend, the title and the axis's label."""
    ax.figure.figure.draw_without_rendering()
    return int((ax.get_window_extent().height * 72 / ax.figure.dpi - AROUND) / (ROOM * FONT))


def _draw_bars(ax: Axes, bars: Sequence[Sensitivity], quantity: Quantity, i: int, of: int) -> None:
    """The bars of one total: to both sides where there are two numbers."""
    height = 0.8 / of
    places = [place + (i - (of - 1) / 2) * height for place in range(len(bars))]
    colour = COLOURS[i % len(COLOURS)]
    for k in range(max(len(bar.numbers[i]) for bar in bars)):
        lengths = [bar.numbers[i][k] for bar in bars]
        style: dict[str, Any] = {"color": colour, "hatch": HATCHES[i % len(HATCHES)], "edgecolor": "white"}
        label = quantity.name if k == 0 else "_"
        found = ax.barh(places, lengths, height * 0.9, label=label, linewidth=0, **style)
        for patch, bar in zip(found.patches, bars, strict=True):
            if bar.step:
                patch.set(facecolor="white", edgecolor=colour, linewidth=1)
