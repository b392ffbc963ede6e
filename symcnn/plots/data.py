"""The numbers of a picture, apart from the drawing: ``curve_data``."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sympy import Expr, Symbol

from .arguments import Number, Ranges, Values, expressions
from .plan import Plan
from .words import assigned, formula


@dataclass(frozen=True)
class Curve:
    """The exact values of one expression over a range: ``y[i]`` belongs to ``x[i]``.

    ``label`` is the text that is drawn, with symbols in mathtext: ``$K$ = 10``.
    """

    label: str
    x: tuple[Number, ...]
    y: tuple[Number, ...]

    @property
    def slope(self) -> float | None:
        """The local exponent at the right end: over the last doubling of ``x``, or what there is of it.

        Between neighbouring points the roundings of strides would drown it. None for one point,
        for a value that is not positive, and for a staircase.

        >>> Curve("", (1, 10, 20), (5, 50, 200)).slope
        2.0
        """
        if len(self.x) < 2 or self.staircase:
            return None
        start = max((i for i, x in enumerate(self.x) if 2 * x <= self.x[-1]), default=0)
        ends = [(pair[start], pair[-1]) for pair in (self.x, self.y)]
        if min(value for pair in ends for value in pair) <= 0:
            return None
        run, rise = (math.log(_ratio(last, first)) for first, last in ends)
        return rise / run

    @property
    def staircase(self) -> bool:
        """Whether neighbouring sizes often have the same value, as a layer with a stride gives.

        >>> Curve("", (1, 2, 3, 4, 5, 6), (1, 1, 2, 2, 3, 3)).staircase
        True
        """
        consecutive = self.x[-1] - self.x[0] == len(self.x) - 1
        held = sum(one == other for one, other in zip(self.y, self.y[1:], strict=False))
        return consecutive and 4 * held >= len(self.x) and len(set(self.y)) > 1


def _ratio(one: Number, other: Number) -> Fraction:
    return Fraction(one) / Fraction(other)


def curve_data(
    exprs: Any,
    over: Ranges,
    vary: Ranges | None = None,
    at: Values | None = None,
    *,
    where: Iterable[Any] = (),
) -> list[Curve]:
    """The numbers that ``curves`` draws: one ``Curve`` for each expression and choice of ``vary``.

    The arguments are those of ``curves``.

    Raises:
        SizeError: what is drawn is not an expression, or a value is not a size.
        UnknownNameError: a name that no symbol has.
        MissingValueError: a symbol is left without a value.
        ConditionError: a value in the range breaks a condition.

    >>> import symcnn as sc
    >>> w, K = sc.dims("w K")
    >>> for curve in curve_data(w * (K + 1), over={w: [8, 16]}, vary={K: [10, 100]}):
    ...     print(curve.label, curve.x, curve.y)
    $K$ = 10 (8, 16) (88, 176)
    $K$ = 100 (8, 16) (808, 1616)
    """
    return curves_of_plan(Plan(expressions(exprs), over, vary=vary, at=at, where=where))


def curves_of_plan(plan: Plan) -> list[Curve]:
    """A curve for each expression and choice of what varies in it."""
    return [
        Curve(_label(name, expr, chosen), plan.x, tuple(plan.checked(expr, chosen)))
        for name, expr in plan.exprs.items()
        for chosen in plan.choices(expr)
    ]


def _label(name: str, expr: Expr, chosen: dict[Symbol, Number]) -> str:
    return ", ".join(part for part in (name, assigned(chosen)) if part) or formula(expr) or ""
