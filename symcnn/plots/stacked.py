"""``shares``: who has most of the parameters, or of the MACs, as stacked bands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, PercentFormatter

from ..layer import Layer
from .arguments import Ranges, Values
from .axis import SWITCH, bare, whole_or_not
from .ends import End, write_names
from .files import axes_or_new
from .labels import BESIDE, write_label
from .palette import COLOURS
from .plan import Plan
from .portions import Share, Switch, merged, share_plan, shares_of, switches
from .quantities import Quantity, quantity_named
from .titles import fit_y_label, write_title
from .words import assigned, assignments, shortened, typeset

BANDS = COLOURS[:6]
GREY = "#bbbbbb"
HATCHES = ("", "//", "..", "\\\\", "xx", "--", "++")
"""As many as are not a multiple of the colours, so that bands differ in one of the two."""

FEWEST, MOST = 4, 16
"""More bands than the larger number nobody tells apart."""

ROOM = 11.0
"""A picture has this height for each band's name, in points; with less there are fewer bands."""

LETTERS = 20
"""How many letters a group's name has at most."""

LABELLED = 6
"""Of no more switches than this each is labelled."""


def shares(
    net: Layer,
    over: Ranges,
    *,
    by: str = "layer",
    of: str = "params",
    at: Values | None = None,
    ax: Axes | None = None,
) -> Axes:
    r"""Draw what part of the whole each group of layers has: bands that add up to 100 %.

    Bands lie in the order of the network, the first layers at the bottom, and are named at their right
    ends. Groups that never have more than 3 % are one band. An upright line stands where another group
    becomes the largest, with the size there; more than six have no labels.

    Args:
        net: a layer or a network.
        over: the symbol of the x axis and its integers, ``{w: range(8, 513, 8)}``.
        by: what makes a group: ``"layer"``, each by itself; ``"stage"``, by the first name in a layer's
            path; ``"kind"``, such as ``Conv2d``.
        of: what is counted: ``"params"``, ``"buffers"``, ``"macs"``, ``"flops"``, ``"activations"`` or
            ``"tensor_elements"``.
        at: values for the other symbols; left out, the network's published values.
        ax: where to draw, as for ``curves``.

    Raises:
        SizeError: what is given is not a network, a value is not a size, a range has only one, or
            nothing is counted.
        UnknownNameError: a name that no symbol, quantity or way of grouping has.
        MissingValueError: a symbol is left without a value.
        ConditionError: a value in the range breaks a condition of the network.

    >>> import symcnn as sc
    >>> w, K = sc.dims("w K")
    >>> net = sc.Sequential(sc.Linear(w), sc.ReLU(), sc.Linear(w), sc.ReLU(), sc.Linear(K), input=(784,))
    >>> ax = sc.plots.shares(net, over={w: range(8, 2049, 8)}, at={K: 10}, ax=sc.plots.new_axes())
    >>> [text.get_text() for text in ax.texts]
    ['largest: 2\nfrom $w$ = 792', '0', '2', '4']
    """
    plan = share_plan(net, over, by, of, at)
    found = shares_of(plan)
    with axes_or_new(ax) as given:
        return _draw(given, plan, found, quantity_named(of))


def _draw(ax: Axes, plan: Plan, found: Sequence[Share], shown: Quantity) -> Axes:
    bare(ax, log=False)
    ax.figure.figure.draw_without_rendering()
    height = ax.get_window_extent().height * 72 / ax.figure.dpi
    shares, other = merged(found, max(FEWEST, min(MOST, int(height / ROOM))))
    ends = list(_draw_bands(ax, shares, other))
    ax.set_xlabel(typeset(plan.symbol))
    ax.set_ylabel(f"share of {shown.name}")
    ax.set_ylim(0, 100)
    ax.yaxis.set_major_locator(FixedLocator(range(0, 101, 20)))
    ax.yaxis.set_major_formatter(PercentFormatter())
    _draw_switches(ax, plan, list(switches(shares)) if shares else [])
    write_title(ax, assignments(plan.fixed))
    fit_y_label(ax)
    write_names(ax, ends, [whole_or_not(x) for x in plan.x], log=False)
    return ax


def _draw_bands(ax: Axes, shares: Sequence[Share], other: Sequence[Share]) -> Iterator[End]:
    """The bands, one on another, and where each ends."""
    below = [0.0] * len((*shares, *other)[0].x)
    for i, share in enumerate((*shares, *other)):
        x = [float(x) for x in share.x]
        above = [low + 100 * float(part) for low, part in zip(below, share.parts, strict=True)]
        style = _style(i) if i < len(shares) else {"facecolor": GREY}
        ax.fill_between(x, below, above, edgecolor="white", linewidth=0.5, label=share.name, **style)
        yield End(shortened(share.name, LETTERS), x[-1], (below[-1] + above[-1]) / 2, style["facecolor"])
        below = above


def _style(i: int) -> dict[str, Any]:
    return {"facecolor": BANDS[i % len(BANDS)], "hatch": HATCHES[i % len(HATCHES)], "alpha": 0.75}


def _draw_switches(ax: Axes, plan: Plan, found: Sequence[Switch]) -> None:
    for x, largest in found:
        ax.plot([float(x)] * 2, [0, 100], color="black", linewidth=0.9, linestyle=(0, (4, 2)), gid=SWITCH)
        if len(found) <= LABELLED:
            write_label(
                ax,
                f"largest: {shortened(largest, LETTERS)}\nfrom {assigned({plan.symbol: x})}",
                float(x),
                100,
                gid=BESIDE,
            )
