"""``layers``: parameters and MACs, layer by layer, as bars beside each other."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Literal

from matplotlib.axes import Axes
from matplotlib.container import BarContainer
from matplotlib.legend import Legend
from matplotlib.patches import Rectangle
from matplotlib.ticker import FuncFormatter, MaxNLocator
from matplotlib.transforms import Bbox

from ..layer import Layer
from .arguments import Values, mapping
from .axis import bare
from .counted import published
from .files import axes_or_new
from .palette import COLOURS
from .per_layer import LayerCounts, layer_data, quantity_names
from .quantities import Quantity, quantity_named, short
from .row import name_layers
from .titles import fit_y_label, write_title
from .words import assignments

HATCHES = ("", "////", "....", "xxxx", "----", "++++")
WIDTH = 0.84
"""How much of a layer's room its bars take."""

FONT = 7.0
SIDES: tuple[tuple[Literal["center", "right", "left"], float], ...] = (("center", 0.5), ("right", 1.0), ("left", 0.0))
"""How an amount may stand over its bar, the best first: its alignment, and at which part of the bar's width."""


def layers(
    net: Layer,
    at: Values | None = None,
    *,
    of: str | Sequence[str] = ("params", "macs"),
    ax: Axes | None = None,
) -> Axes:
    """Draw where a network has its parameters and where its MACs: bars for every layer, as parts of the totals.

    Layers stand in the order of the network; those that count nothing are left out. The legend tells
    the totals, and amounts stand on the bars where there is room. Where names have no room each, some
    are left out, and long ones lose their middle.

    Args:
        net: a layer or a network.
        at: values for its symbols; left out, the network's published values.
        of: what is counted: some of ``"params"``, ``"buffers"``, ``"macs"``, ``"flops"``,
            ``"activations"`` and ``"tensor_elements"``.
        ax: where to draw, as for ``curves``.

    Raises:
        SizeError: what is given is not a network, a value is not a size, or nothing is counted.
        UnknownNameError: a name that no symbol or quantity has.
        MissingValueError: a symbol is left without a value.
        ConditionError: the values break a condition of the network.

    >>> import symcnn as sc
    >>> ax = sc.plots.layers(sc.zoo.get_model("lenet5"), ax=sc.plots.new_axes())
    >>> [text.get_text() for text in ax.get_legend().get_texts()]
    ['parameters, 61.7K', 'MACs, 417k']
    """
    counted = layer_data(net, at, of=of)
    shown = [quantity_named(name) for name in quantity_names(of)]
    values = mapping("at", published(net, at), "{H: 224, W: 224}") or {}
    symbols = {symbol.name: symbol for symbol in net.symbols}
    fixed = {symbols[str(key)]: value for key, value in values.items() if str(key) in symbols}
    with axes_or_new(ax) as given:
        return _draw(given, counted, shown, assignments(fixed))


def _draw(ax: Axes, counted: Sequence[LayerCounts], shown: Sequence[Quantity], fixed: Sequence[str]) -> Axes:
    bare(ax, log=False)
    bars = [_draw_bars(ax, counted, quantity, i, len(shown)) for i, quantity in enumerate(shown)]
    ax.set_xlim(-0.6, len(counted) - 0.4)
    ax.tick_params(axis="x", length=2)
    ax.set_ylabel("share of the total")
    ax.set_ylim(0, 1.12 * ax.dataLim.y1)
    ax.yaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10]))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}%"))
    legend = write_legend(ax)
    name_layers(ax, [layer.name for layer in counted], _highest(bars))
    title = write_title(ax, fixed)
    ax.figure.figure.draw_without_rendering()
    if title is not None:
        height = legend.get_window_extent().height * 72 / ax.figure.dpi
        ax.set_title(title.get_text(), loc="left", fontsize=title.get_fontsize(), pad=4 + height)
    fit_y_label(ax)
    _write_amounts(ax, [[layer.amounts[i] for layer in counted] for i in range(len(shown))], bars, shown)
    return ax


def _draw_bars(ax: Axes, counted: Sequence[LayerCounts], quantity: Quantity, i: int, of: int) -> BarContainer:
    amounts = [layer.amounts[i] for layer in counted]
    total = sum(amounts)
    heights = [float(100 * Fraction(amount, total)) if total else 0.0 for amount in amounts]
    width = WIDTH / of
    places = [place + (i - (of - 1) / 2) * width for place in range(len(counted))]
    style: dict[str, Any] = {"color": COLOURS[i % len(COLOURS)], "hatch": HATCHES[i % len(HATCHES)]}
    label = f"{quantity.name}, {short(total, quantity.letters)}"
    return ax.bar(places, heights, width, label=label, edgecolor="white", linewidth=0, **style)


def _highest(bars: Sequence[BarContainer]) -> list[float]:
    """The height of each layer's highest bar."""
    return [max(patch.get_height() for patch in patches) for patches in zip(*bars, strict=True)]


def write_legend(ax: Axes) -> Legend:
    """The legend above the axes, in as few rows as are not wider than they are."""
    place: dict[str, Any] = {"loc": "lower left", "bbox_to_anchor": (0, 1), "frameon": False, "fontsize": "small"}
    place |= {"borderaxespad": 0.2, "borderpad": 0.2, "handlelength": 1.4, "columnspacing": 1.2}
    ax.figure.figure.draw_without_rendering()
    room = ax.get_window_extent().width
    for columns in range(len(ax.containers), 0, -1):
        legend = ax.legend(ncols=columns, **place)
        if legend.get_window_extent().width <= room:
            break
    return legend


def _write_amounts(
    ax: Axes, amounts: Sequence[Sequence[int]], bars: Sequence[BarContainer], shown: Sequence[Quantity]
) -> None:
    """An amount on every bar, the highest first, where it is over no other bar or amount."""
    ax.figure.figure.draw_without_rendering()
    pairs = ((n, quantity.letters) for found, quantity in zip(amounts, shown, strict=True) for n in found)
    texts = [short(amount, letters) if amount else "" for amount, letters in pairs]
    patches = [patch for container in bars for patch in container.patches]
    boxes = [patch.get_window_extent() for patch in patches]
    taken: list[Bbox] = []
    for i in sorted(range(len(patches)), key=lambda i: -boxes[i].height):
        if texts[i]:
            box = _write_amount(ax, texts[i], patches[i], boxes[:i] + boxes[i + 1 :] + taken)
            taken += [box.padded(1.0)] if box is not None else []


def _write_amount(ax: Axes, text: str, bar: Rectangle, taken: Sequence[Bbox]) -> Bbox | None:
    """An amount above its bar, in the middle or else to one side; None where it has no room."""
    label = ax.annotate(text, (0, 0), (0, 1.5), textcoords="offset points", va="bottom", fontsize=FONT)
    room, below = ax.get_window_extent(), bar.get_window_extent()
    left, width, height = bar.get_x(), bar.get_width(), bar.get_height()
    for side, share in SIDES:
        label.set_horizontalalignment(side)
        label.xy = (left + share * width, height)
        box = label.get_window_extent()
        inside = room.x0 <= box.x0 and box.x1 <= room.x1 and box.y1 <= room.y1
        # Over a low bar that is much narrower nobody sees whose amount it is.
        clear = box.width <= 3 * below.width or below.height > box.height
        if inside and clear and not any(box.overlaps(other) for other in taken):
            return box
    label.remove()
    return None
