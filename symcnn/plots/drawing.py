"""``curves``: expressions over one symbol, drawn."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from matplotlib.axes import Axes

from ..errors import SymcnnError
from .arguments import Ranges, Values, budgets, expressions, measured_points
from .axis import CURVE, curves_of, dress, set_y, sharing_y
from .data import Curve, curves_of_plan
from .ends import lay_out
from .files import axes_or_new
from .overlays import Overlays
from .palette import COLOURS, DASHES, MARKERS
from .plan import Plan
from .quantities import Quantity, quantity_named
from .refused import check_curves, check_overlays
from .titles import fit_y_label, write_title
from .words import assignments, formula, typeset

FEW = 16
"""With no more points than this each is marked."""

MOST = 16
"""More curves than this nobody tells apart."""


def curves(
    exprs: Any,
    over: Ranges,
    vary: Ranges | None = None,
    at: Values | None = None,
    *,
    log: bool = False,
    quantity: str | None = None,
    where: Iterable[Any] = (),
    budget: Any = None,
    measured: Iterable[tuple[float, float, str]] | None = None,
    crossovers: bool = True,
    ax: Axes | None = None,
) -> Axes:
    """Draw expressions over one symbol: how parameters grow with width, or MACs with resolution.

    Each curve is named at its right end. The values in ``at`` stand above the picture. Give a
    second call the same ``ax`` to add curves; all names are then placed anew. They are placed for
    the size that the figure has: give it its size first.

    Args:
        exprs: one SymPy expression, several in a list, or several by name, ``{"3×3": a, "5×5": b}``.
        over: the symbol of the x axis and its integers, ``{w: range(8, 513, 8)}``.
        vary: symbols and the values that each takes: one curve for every choice, ``{K: [10, 1000]}``.
        at: values for the other symbols. A value may depend on them: ``{W: H}`` for square inputs.
        log: logarithmic axes. Every name then tells the curve's slope over the last doubling of x:
            the local exponent, 2 where doubling x makes y four times as large.
        quantity: what is counted: ``"params"``, ``"buffers"``, ``"macs"``, ``"flops"``,
            ``"training_macs"``, ``"activations"``, ``"tensor_elements"``,
            ``"operations"``, ``"bytes"``, ``"size"``, ``"count"`` or ``"value"``. It names the
            y axis and chooses the letters of its ticks: 2B parameters, 2G MACs.
        where: conditions to check, such as ``net.conditions``. One about a symbol that has no value
            here is passed over.
        budget: a number, or several in a list: a thin line for each, and on every curve a dot where it
            is within the budget for the last time before it rises above, labelled with the size there.
        measured: points ``(x, y, label)`` to lay over the curves.
        crossovers: whether to draw a ring where two of the curves cross, at the first point where their
            order has changed, labelled with the size there; more than six have no labels.
        ax: where to draw. Without it pyplot makes a figure, which a notebook shows; a script that
            makes many gives ``new_axes()``, or closes each with ``plt.close(ax.figure)``.

    Raises:
        SizeError: what is drawn is not an expression, a value is not a size, a budget is not a positive
            number, what was measured is not a point, or a logarithmic axis is given a value that is not
            positive.
        UnknownNameError: a name that no symbol or quantity has.
        MissingValueError: a symbol is left without a value.
        ConditionError: a value in the range breaks a condition.

    >>> import symcnn as sc
    >>> w, K = sc.dims("w K")
    >>> net = sc.Sequential(sc.Linear(w), sc.ReLU(), sc.Linear(K), input=(784,))
    >>> ax = sc.plots.curves(net.params, over={w: range(8, 513, 8)}, vary={K: [10, 1000]}, log=True,
    ...                      quantity="params", ax=sc.plots.new_axes())
    >>> [text.get_text() for text in ax.texts]
    ['$K$ = 10, slope 1.00', '$K$ = 1000, slope 1.00']
    """
    plan = Plan(expressions(exprs), over, vary=vary, at=at, where=where)
    drawn = curves_of_plan(plan)
    shown = _quantity(plan, drawn, quantity, alone=ax is None or not curves_of(ax))
    overlays = Overlays(budgets(budget), measured_points(measured), crossovers)
    check_curves(plan, drawn, log)
    check_overlays(overlays.budgets, overlays.measured, log)
    with axes_or_new(ax) as given:
        return _draw(given, plan, drawn, overlays, shown, log)


def _draw(ax: Axes, plan: Plan, drawn: list[Curve], overlays: Overlays, shown: Quantity, log: bool) -> Axes:
    before = len(curves_of(ax))
    if before + len(drawn) > MOST:
        raise SymcnnError(f"curves draws at most {MOST} curves in one picture, got {before + len(drawn)}")
    colours = []
    for i, curve in enumerate(drawn, start=before):
        (line,) = ax.plot([float(x) for x in curve.x], [float(y) for y in curve.y], gid=CURVE, **_style(i, curve))
        line.set_label(curve.label)
        colours.append(str(line.get_color()))
    overlays.draw(ax, plan.symbol, list(zip(drawn, colours, strict=True)), shown.letters)
    ax.set_xlabel(typeset(plan.symbol))
    ax.set_ylabel(shown.label)
    write_title(ax, assignments(plan.fixed))
    dress(ax, log)
    set_y(ax, shown.letters, log)
    fit_y_label(ax)
    for beside in sharing_y(ax):
        lay_out(beside)
    return ax


def _style(i: int, curve: Curve) -> dict[str, Any]:
    style = {"color": COLOURS[i % len(COLOURS)], "linestyle": DASHES[(i + i // len(COLOURS)) % len(DASHES)]}
    if len(curve.x) <= FEW:
        style |= {"marker": MARKERS[i % len(MARKERS)], "markersize": 4.5}
    return style | ({"drawstyle": "steps-mid"} if curve.staircase else {})


def _quantity(plan: Plan, drawn: list[Curve], name: str | None, alone: bool) -> Quantity:
    """What the y axis says; where nobody says it, a lone short formula does."""
    if name is not None:
        return quantity_named(name)
    whole = all(y == int(y) for curve in drawn for y in curve.y)
    plain = quantity_named("count" if whole else "value")
    written = formula(plan.exprs[""]) if "" in plan.exprs and alone else None
    return plain._replace(label=written or plain.label)
