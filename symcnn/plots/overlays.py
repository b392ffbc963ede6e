"""What lies over curves: budgets, where curves cross, measured points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from sympy import Symbol

from .arguments import Measured, Number
from .axis import BUDGET, MEASURED
from .crossings import crossovers, last_within
from .data import Curve
from .labels import ALONG, write_label
from .quantities import short
from .words import assigned

MARK = "symcnn mark"
"""The group id of the marks on curves."""

LABELLED = 6
"""Of no more crossings than this each is labelled."""

GREY = "#444444"


@dataclass(frozen=True)
class Overlays:
    """What one call of ``curves`` lays over its curves."""

    budgets: tuple[Number, ...]
    measured: tuple[Measured, ...]
    crossovers: bool

    def draw(self, ax: Axes, symbol: Symbol, drawn: Sequence[tuple[Curve, str]], letters: Mapping[int, str]) -> None:
        """Draw it over curves, each of which has its colour. Labels that come first find room first."""
        curves = [curve for curve, _ in drawn]
        draw_measured(ax, self.measured)
        draw_budgets(ax, curves[0].x, self.budgets, letters)
        draw_last_within(ax, symbol, drawn, self.budgets)
        if self.crossovers:
            draw_crossovers(ax, symbol, curves)


def draw_measured(ax: Axes, measured: Sequence[Measured]) -> None:
    """A diamond for every measured point, with its label."""
    for x, y, label in measured:
        ax.plot(
            [float(x)], [float(y)], "D", color="white", markeredgecolor="black", markersize=5, gid=MEASURED, zorder=4
        )
        write_label(ax, label, float(x), float(y))


def draw_last_within(ax: Axes, symbol: Symbol, drawn: Sequence[tuple[Curve, str]], budgets: Sequence[Number]) -> None:
    """A dot where a curve, which has a colour, is within a budget for the last time, and the size there."""
    for budget in budgets:
        for curve, colour in drawn:
            for x, y in last_within(curve, budget):
                style: dict[str, Any] = {
                    "color": colour,
                    "markeredgecolor": "black",
                    "markersize": 5,
                    "gid": MARK,
                    "zorder": 4,
                }
                ax.plot([float(x)], [float(y)], "o", **style)
                write_label(ax, assigned({symbol: x}), float(x), float(y))


def draw_crossovers(ax: Axes, symbol: Symbol, curves: Sequence[Curve]) -> None:
    """A ring where curves have changed their order, and the size there if there are few."""
    found = crossovers(curves)
    for x, y, _ in found:
        style: dict[str, Any] = {
            "color": "none",
            "markeredgecolor": GREY,
            "markersize": 9,
            "gid": MARK,
            "zorder": 4,
            "clip_on": False,
        }
        ax.plot([float(x)], [float(y)], "o", **style)
        if len(found) <= LABELLED:
            write_label(ax, assigned({symbol: x}), float(x), float(y))


def draw_budgets(ax: Axes, x: Sequence[Number], budgets: Sequence[Number], letters: Mapping[int, str]) -> None:
    """A thin line for every budget, with its amount."""
    for budget in budgets:
        ax.plot([float(x[0]), float(x[-1])], [float(budget)] * 2, color=GREY, linewidth=0.9, gid=BUDGET, zorder=1.5)
        write_label(ax, short(budget, letters), float(x[-1]), float(budget), gid=ALONG)
