"""How axes look: bare, with ticks on whole numbers."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, FuncFormatter, LogLocator, MaxNLocator, NullFormatter, NullLocator

from .arguments import Number
from .quantities import Engineering

BUDGET = "symcnn budget"
"""The group id of the lines of budgets."""

MEASURED = "symcnn measured"
"""The group id of measured points."""

CURVE = "symcnn curve"
"""The group id of every line that ``curves`` drew."""

SWITCH = "symcnn switch"
"""The group id of the upright lines where another group is the largest."""

NAME = "symcnn name"
"""The group id of the names that stand at the ends of curves and bands, and of the ground under them."""

TICKED = 12
"""With no more points than this each has its own tick."""


def curves_of(ax: Axes) -> list[Line2D]:
    """The lines that ``curves`` drew into these axes."""
    return [line for line in ax.lines if line.get_gid() == CURVE]


def _shown(ax: Axes) -> list[Line2D]:
    """The lines that the limits must take in: curves, budgets and measured points."""
    return [line for line in ax.lines if line.get_gid() in (CURVE, BUDGET, MEASURED)]


def sharing_y(ax: Axes) -> list[Axes]:
    """These axes, and those that share their y axis and have curves."""
    return [beside for beside in ax.get_shared_y_axes().get_siblings(ax) if curves_of(beside)]


def points(line: Line2D) -> tuple[list[float], list[float]]:
    """A line's x and y."""
    return np.asarray(line.get_xdata()).tolist(), np.asarray(line.get_ydata()).tolist()


def dress(ax: Axes, log: bool) -> None:
    """Set the scales; take away the frame's top and right, put a pale grid below."""
    bare(ax, log)
    ax.grid(axis="both" if log else "y", color="#e4e4e4", linewidth=0.6)
    ax.set_axisbelow(True)


def bare(ax: Axes, log: bool) -> None:
    """Set the scales; take away the frame's top and right."""
    scale = "log" if log else "linear"
    ax.set_xscale(scale)
    ax.set_yscale(scale)
    ax.spines[["top", "right"]].set_visible(False)


def set_y(ax: Axes, letters: Mapping[int, str], log: bool) -> None:
    """Limits and ticks of the y axis: from zero on a linear one."""
    values = [y for beside in sharing_y(ax) for line in _shown(beside) for y in points(line)[1]]
    low, high = min(values), max(values)
    if log:
        ax.set_ylim(*_log_limits(low, high))
        ax.yaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0) if high < 100 * low else (1.0,)))
    else:
        low, high = min(low, 0.0), max(high, 0.0)
        margin = 0.05 * (high - low) or 1.0
        ax.set_ylim(low - (margin if low < 0 else 0), high + (margin if high > 0 or low == 0 else 0))
        whole = all(y == int(y) for y in values)
        ax.yaxis.set_major_locator(MaxNLocator(nbins=6, integer=whole, steps=[1, 2, 2.5, 5, 10]))
    ax.yaxis.set_major_formatter(Engineering(letters))
    ax.yaxis.set_minor_locator(NullLocator())
    ax.yaxis.set_minor_formatter(NullFormatter())


def _log_limits(low: float, high: float) -> tuple[float, float]:
    """Limits with a margin, at least a decade apart, so that some ticks fall between them."""
    span = math.log10(high / low)
    margin = 10 ** max(0.05 * span, (1 - span) / 2)
    return low / margin, high * margin


def set_x(ax: Axes, values: Sequence[int | float], log: bool, kept: float) -> None:
    """Limits and ticks of the x axis for sizes in order; they end at a fraction ``kept`` of its length."""
    places = [*values, *(x for line in _shown(ax) for x in points(line)[0])]
    low, high = min(places), max(places)
    ax.set_xlim(*_limits(low, high, log, kept))
    ax.spines["bottom"].set_bounds(low, high)
    ax.xaxis.label.set_x(kept / 2)
    _tick(ax.xaxis, values, log, lambda ticks: _fit(ax, ticks))


def fill(ax: Axes, x: Sequence[Number], y: Sequence[Number], log: bool) -> None:
    """Limits and ticks where both axes show sizes, in order, and the picture fills them."""
    ax.set_xlim(float(x[0]), float(x[-1]))
    ax.set_ylim(float(y[0]), float(y[-1]))
    _tick(ax.xaxis, [whole_or_not(value) for value in x], log, lambda ticks: _fit(ax, ticks))
    _tick(ax.yaxis, [whole_or_not(value) for value in y], log, lambda ticks: _fit_upwards(ax, ticks))


def _tick(axis: Axis, values: Sequence[int | float], log: bool, fit: Callable[[Sequence[float]], bool]) -> None:
    """Put ticks on sizes: the best ones that fit."""
    whole = [value for value in values if isinstance(value, int)]
    choices: list[Sequence[float]] = list(_choices(whole, log) if len(whole) == len(values) else _between(values))
    ticks = next((ticks for ticks in choices if fit(ticks)), choices[-1])
    axis.set_major_locator(FixedLocator(ticks))
    axis.set_major_formatter(FuncFormatter(lambda value, _: _written(value)))
    axis.set_minor_locator(NullLocator())


def whole_or_not(x: float | Fraction) -> int | float:
    """A place on the x axis: an int, but for the fractions that a multiplier takes."""
    return int(x) if x == int(x) else float(x)


def _between(values: Sequence[float]) -> Iterator[list[float]]:
    """Ticks for a multiplier, the best first: its values themselves, round fractions."""
    low, high = values[0], values[-1]
    if len(values) <= TICKED:
        yield list(values)
    for most in (9, 6, 4, 2):
        places = MaxNLocator(most, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high)
        yield [float(tick) for tick in places if low <= tick <= high]
    yield [low, high]


def _limits(low: float, high: float, log: bool, kept: float) -> tuple[float, float]:
    start, end = (math.log10(low), math.log10(high)) if log else (low, high)
    span = end - start or (0.5 if log else 1.0)
    start -= 0.03 * span
    end = start + (end - start) / kept
    return (10**start, 10**end) if log else (start, end)


def _choices(values: Sequence[int], log: bool) -> Iterator[list[int]]:
    """Ticks to choose from, the best first: the values themselves, powers, round numbers."""
    low, high = values[0], values[-1]
    if len(values) <= TICKED:
        yield list(values)
    for base in (2, 4, 10, 100) if log else ():
        powers = [base**i for i in range(high.bit_length()) if low <= base**i <= high]
        if len(powers) >= 3:
            yield powers
    round_ones = _binary if math.gcd(*values) % 8 == 0 else _decimal
    for most in (9, 6, 4, 2):
        yield [tick for tick in round_ones(low, high, most) if low <= tick <= high]
    yield sorted({low, high})


def _binary(low: int, high: int, most: int) -> list[int]:
    """Multiples of 8, 16, 32, ...: where all sizes are such multiples, these are the round ones."""
    step = 8
    while (high - low) // step + 1 > most:
        step *= 2
    return list(range(low // step * step, high + 1, step))


def _decimal(low: int, high: int, most: int) -> list[int]:
    """Multiples of 1, 2, 5, 10, ..."""
    locator = MaxNLocator(most, integer=True, steps=[1, 2, 5, 10])
    return [int(tick) for tick in locator.tick_values(low, high)]


def _fit(ax: Axes, ticks: Sequence[float]) -> bool:
    """Whether the ticks' labels have room beside each other; a lone tick says too little."""
    font = float(ax.xaxis.get_ticklabels()[0].get_fontsize()) * ax.figure.dpi / 72
    places = [ax.transData.transform((tick, 1))[0] for tick in ticks]
    widths = [(0.64 * len(_written(tick)) + 0.6) * font for tick in ticks]
    gaps = zip(places, places[1:], widths, widths[1:], strict=False)
    return len(ticks) > 1 and all(right - left >= (w + v) / 2 for left, right, w, v in gaps)


def _fit_upwards(ax: Axes, ticks: Sequence[float]) -> bool:
    """Whether the ticks' labels have room above each other."""
    font = float(ax.yaxis.get_ticklabels()[0].get_fontsize()) * ax.figure.dpi / 72
    places = [ax.transData.transform((1, tick))[1] for tick in ticks]
    return len(ticks) > 1 and all(upper - lower >= 1.6 * font for lower, upper in pairwise(places))


def _written(value: float) -> str:
    return f"{value:,.0f}" if value >= 10_000 else f"{value:.6g}"
