"""What an axis cannot show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sympy import Symbol

from ..errors import SizeError
from .arguments import Measured, Number
from .data import Curve
from .plan import Plan

TALLEST = 10**300
"""Matplotlib draws in floating point, which ends a little above this."""


def check_sizes(ranges: Mapping[Symbol, tuple[Number, ...]], log: bool) -> None:
    """Refuse sizes that are not positive on a logarithmic axis.

    Raises:
        SizeError: there is one.
    """
    for symbol, values in ranges.items():
        if log and values[0] <= 0:
            raise SizeError(f"a logarithmic axis takes positive values, got {symbol} = {values[0]}")


def check_several(plan: Plan, face: str) -> None:
    """Refuse a range with one size only, where nothing shows between two.

    Raises:
        SizeError: there is one.
    """
    for symbol, values in plan.ranges.items():
        if len(values) < 2:
            raise SizeError(f"{face} takes at least two values for {symbol}, got {values[0]} alone")


def check_tall(value: Any, place: str = "") -> None:
    """Refuse a value that cannot be drawn.

    Raises:
        SizeError: it is beyond what floating point holds.
    """
    if not -TALLEST <= value <= TALLEST:
        raise SizeError(f"values up to 10**300 can be drawn, got one beyond{place}")


def check_curves(plan: Plan, drawn: Iterable[Curve], log: bool) -> None:
    """Refuse curves with a value that an axis cannot show.

    Raises:
        SizeError: there is one.
    """
    check_sizes(plan.ranges, log)
    for curve in drawn:
        name = f" for {curve.label.replace('$', '')}" if curve.label else ""
        for x, y in zip(curve.x, curve.y, strict=True):
            place = f" at {plan.symbol} = {x}{name}"
            if log and y <= 0:
                raise SizeError(f"a logarithmic axis takes positive values, got {y}{place}")
            check_tall(y, place)


def check_overlays(budgets: Iterable[Number], measured: Iterable[Measured], log: bool) -> None:
    """Refuse budgets and measured points that an axis cannot show.

    Raises:
        SizeError: there is one.
    """
    for budget in budgets:
        check_tall(budget, " as a budget")
    for x, y, label in measured:
        if log and min(x, y) <= 0:
            raise SizeError(
                f"a logarithmic axis takes positive values, got {min(x, y)} for {label}, which was measured"
            )
        for value in (x, y):
            check_tall(value, f" for {label}, which was measured")
