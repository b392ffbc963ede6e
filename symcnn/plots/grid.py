"""The numbers of contour lines, apart from the drawing: ``contour_data``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..numeric import as_function
from ..sizes import free_symbols
from .arguments import Number, Ranges, Values, expression
from .plan import Columns, Plan, exact_values, with_values
from .refused import check_several

HINT = "give it in at, or tie it to another symbol"


@dataclass(frozen=True)
class Grid:
    """The exact values of an expression over two ranges: ``values[j][i]`` belongs to ``x[i]`` and ``y[j]``.

    None stands where a condition is broken.
    """

    x: tuple[Number, ...]
    y: tuple[Number, ...]
    values: tuple[tuple[Number | None, ...], ...]

    @property
    def known(self) -> list[Number]:
        """The values that there are, row after row."""
        return [value for row in self.values for value in row if value is not None]


def contour_data(
    expr: Any,
    over: Ranges,
    *,
    tie: Values | None = None,
    at: Values | None = None,
    where: Iterable[Any] = (),
) -> Grid:
    """The numbers that ``contours`` draws. The arguments are those of ``contours``.

    Raises:
        SizeError: what is drawn is not an expression, a value is not a size, or a range has only one.
        UnknownNameError: a name that no symbol has.
        MissingValueError: a symbol is left without a value.
        ConditionError: every point breaks a condition.

    >>> import symcnn as sc
    >>> w, H, W = sc.dims("w H W")
    >>> contour_data(w * H * W, over={w: [1, 2], H: [10, 20]}, tie={W: H}).values
    ((100, 200), (400, 800))
    """
    return grid_of(contour_plan(expr, over, tie, at, where))


def contour_plan(expr: Any, over: Ranges, tie: Values | None, at: Values | None, where: Iterable[Any]) -> Plan:
    """The checked arguments of a picture with contour lines."""
    drawn = {"": expression(expr, "contours")}
    plan = Plan(drawn, over, axes=2, tie=tie, at=at, where=where, hint=HINT)
    check_several(plan, "contours")
    return plan


def grid_of(plan: Plan) -> Grid:
    """The values of a plan's expression at every point that meets the conditions."""
    (expr,) = plan.exprs.values()
    (chosen,) = plan.choices(expr)
    columns = {s: np.broadcast_to(values, plan.size) for s, values in plan.columns(chosen).items()}
    kept = _meets(plan, columns)
    found = iter(exact_values(expr, {s: values[kept] for s, values in columns.items()}, int(kept.sum())))
    x, y = plan.ranges.values()
    values = [next(found) if known else None for known in kept.tolist()]
    return Grid(x, y, tuple(tuple(values[i : i + len(x)]) for i in range(0, plan.size, len(x))))


def _meets(plan: Plan, columns: Columns) -> Any:
    """At which points all conditions hold; if at none, what the point with the largest sizes breaks is said."""
    conditions = with_values(plan.conditions, columns)
    if not conditions:
        return np.ones(plan.size, dtype=bool)
    symbols = free_symbols(conditions)
    function = as_function(sum(symbols), symbols, where=conditions)
    kept = np.broadcast_to(function.valid(*(columns[symbol] for symbol in symbols)), plan.size)
    if not kept.any():
        function(*(columns[symbol][-1:].tolist()[0] for symbol in symbols))
    return kept
