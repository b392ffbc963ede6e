"""``contours``: an expression over two symbols, drawn as lines of equal value."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.colors import to_hex

from .arguments import Number, Ranges, Values, budgets
from .axis import bare, fill
from .files import axes_or_new
from .grid import Grid, contour_plan, grid_of
from .inline import Level, write_on_lines
from .levels import round_levels
from .palette import COLOURS, DASHES
from .plan import Plan
from .quantities import Quantity, quantity_named, short
from .refused import check_sizes, check_tall
from .titles import write_title
from .words import assignments, formula, typeset

BANDS = colormaps["Blues"]
"""One hue, pale to less pale: a grey print shows the same order."""

PALEST, DARKEST = 0.03, 0.42
GREY = "#555555"
BUDGET_COLOURS = (COLOURS[1], COLOURS[6], COLOURS[2], COLOURS[3])


def contours(
    expr: Any,
    over: Ranges,
    *,
    tie: Values | None = None,
    at: Values | None = None,
    budget: Any = None,
    quantity: str | None = None,
    log: bool = False,
    where: Iterable[Any] = (),
    ax: Axes | None = None,
) -> Axes:
    """Draw lines of equal value over two symbols: which widths and resolutions cost the same.

    Lines stand at round values. Where a point breaks a condition the picture is blank. The title tells
    what is counted and the values that are fixed.

    Args:
        expr: a SymPy expression.
        over: the symbols of the two axes, that of the x axis first, with their integers:
            ``{w: range(8, 129), H: range(96, 321)}``.
        tie: symbols that follow those of the axes: ``{W: H}`` for square inputs.
        at: values for the other symbols.
        budget: a number, or several in a list: a bold line where the expression has that value.
        quantity: what is counted, as for ``curves``.
        log: logarithmic axes.
        where: conditions, such as ``net.conditions``. One about a symbol that has no value here is
            passed over.
        ax: where to draw, as for ``curves``.

    Raises:
        SizeError: what is drawn is not an expression, a value is not a size, a range has only one, or a
            budget is not a positive number.
        UnknownNameError: a name that no symbol or quantity has.
        MissingValueError: a symbol is left without a value.
        ConditionError: every point breaks a condition.

    >>> import symcnn as sc
    >>> w, H, W = sc.dims("w H W")
    >>> net = sc.Sequential(sc.Conv2d(w, 3), sc.Conv2d(2 * w, 3), input=(3, H, W))
    >>> ax = sc.plots.contours(net.macs, over={w: range(8, 129), H: range(96, 321)}, tie={W: H},
    ...                        budget=10**9, quantity="macs", ax=sc.plots.new_axes())
    >>> ax.get_title("left")
    'multiply-accumulates (MACs), $W$ = $H$'
    """
    plan = contour_plan(expr, over, tie, at, where)
    shown = quantity_named(quantity) if quantity is not None else _unnamed(plan)
    amounts = budgets(budget)
    check_sizes(plan.ranges, log)
    grid = grid_of(plan)
    for value in (*grid.known, *amounts):
        check_tall(value)
    with axes_or_new(ax) as given:
        return _draw(given, plan, grid, amounts, shown, log)


def _unnamed(plan: Plan) -> Quantity:
    """What is counted, where nobody says it: the formula if it is short."""
    plain = quantity_named("value")
    return plain._replace(label=formula(plan.exprs[""]) or plain.label)


def _draw(ax: Axes, plan: Plan, grid: Grid, amounts: Sequence[Number], shown: Quantity, log: bool) -> Axes:
    x_name, y_name = map(typeset, plan.ranges)
    bare(ax, log)
    ax.set_xlabel(x_name)
    ax.set_ylabel(y_name)
    write_title(ax, [shown.label, *assignments(plan.fixed)])
    fill(ax, grid.x, grid.y, log)
    levels = round_levels(float(min(grid.known)), float(max(grid.known)))
    colours = _colours(len(levels) + 1)
    _draw_bands(ax, grid, levels, colours)
    lines = [_budget_line(ax, grid, i, amount) for i, amount in enumerate(amounts)]
    lines += [_line(ax, grid, level) for level in levels if level not in amounts]
    grounds = [colours[bisect(levels, line.level)] for line in lines]
    texts = [short(line.level, shown.letters) for line in lines]
    write_on_lines(ax, lines, texts, grounds)
    return ax


def _colours(count: int) -> list[str]:
    return [to_hex(BANDS(share)) for share in np.linspace(PALEST, DARKEST, count)]


def _heights(grid: Grid) -> Any:
    """The values as Matplotlib takes them, where there are none masked."""
    known = [[value is not None for value in row] for row in grid.values]
    return np.ma.array([[float(value or 0) for value in row] for row in grid.values], mask=~np.array(known))


def _draw_bands(ax: Axes, grid: Grid, levels: Sequence[float], colours: Sequence[str]) -> None:
    low, high = float(min(grid.known)), float(max(grid.known))
    edges = [low, *levels, high] if levels else [low - abs(low) - 1, high + abs(high) + 1]
    ax.contourf(*_places(grid), _heights(grid), levels=edges, colors=colours)


def _places(grid: Grid) -> tuple[list[float], list[float]]:
    return [float(x) for x in grid.x], [float(y) for y in grid.y]


def _line(ax: Axes, grid: Grid, level: float) -> Level:
    return _drawn(ax, grid, level, color=GREY, linewidth=0.8, linestyle="-")


def _budget_line(ax: Axes, grid: Grid, i: int, amount: Number) -> Level:
    colour = BUDGET_COLOURS[i % len(BUDGET_COLOURS)]
    return _drawn(ax, grid, float(amount), color=colour, linewidth=2.4, linestyle=DASHES[i % len(DASHES)], bold=True)


def _drawn(
    ax: Axes, grid: Grid, level: float, *, color: str, linewidth: float, linestyle: Any, bold: bool = False
) -> Level:
    """One line, drawn; where the picture has no such value it has no pieces."""
    if not min(grid.known) < level < max(grid.known):
        return Level(level, (), color, bold)
    style: dict[str, Any] = {"colors": [color], "linewidths": [linewidth], "linestyles": [linestyle]}
    lines = ax.contour(*_places(grid), _heights(grid), levels=[level], **style)
    (path,) = lines.get_paths()
    return Level(level, tuple(path.to_polygons(closed_only=False)), color, bold)
