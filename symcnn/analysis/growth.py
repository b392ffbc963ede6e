"""How a formula grows: its finite difference, its elasticity, and the term that grows fastest."""

from __future__ import annotations

from typing import Any

from sympy import Derivative, Expr, Heaviside, Piecewise, S, Subs, Sum, Symbol

from ..errors import SizeError
from ..form import Collector, Polynomial, add_to
from ..sizes import CeilDiv, FloorDiv, canonical
from .asked import as_formula, as_step, as_symbol
from .common import quotient
from .proofs.order import leading
from .proofs.relax import relax


def increment(expr: Any, x: Any, step: Any = None) -> Expr:
    """What one more costs: ``expr(x + step) - expr(x)``, exact, integer divisions and all.

    Args:
        expr: a formula, such as ``net.macs``.
        x: a symbol of it, or its name.
        step: how much more; left out 1, and 2 for a symbol that is odd. A multiplier needs one.

    Returns:
        the difference, expanded; 0 where the formula does not depend on ``x``.

    Raises:
        UnknownNameError: a name that no symbol of the formula has.
        SizeError: what is no formula, no symbol, or no step.

    >>> import symcnn as sc
    >>> H, w = sc.dims("H w")
    >>> sc.increment(9 * w**2 + w, w)
    18*w + 10
    >>> half = sc.Conv2d(8, 3, stride=2, padding=1).on((3, H, H)).output[1]
    >>> half, sc.increment(half, H)
    (⌈H/2⌉, ⌊H/2⌋ - ⌈H/2⌉ + 1)
    """
    formula = as_formula(expr, "increment")
    symbol = as_symbol(x, [formula], "increment")
    if symbol not in formula.free_symbols:
        return S.Zero
    moved = formula.subs(symbol, symbol + as_step(step, symbol))
    collector = Collector()
    total: Polynomial = {}
    for part in (moved, -formula):
        add_to(total, collector.polynomial(_constants_out(canonical(part))))
    return collector.expr(total)


def _constants_out(expr: Expr) -> Expr:
    """``⌊H/2⌋ + 1`` for ``⌊(H + 2)/2⌋``: sizes have constants inside, but differences cancel outside."""
    changed = {}
    for division in expr.atoms(FloorDiv, CeilDiv):
        numerator, divisor = division.args
        constant, rest = numerator.as_coeff_Add()
        if constant.is_Integer and divisor.is_Integer and not 0 <= constant < divisor:
            changed[division] = division.func(rest + constant % divisor, divisor) + constant // divisor
    return expr.xreplace(changed)


def elasticity(expr: Any, x: Any, step: Any = None) -> Expr:
    """How many per cent a formula grows for 1 % more of a symbol: ``(x/f)·df/dx``.

    It is the local exponent: 2 where ``f`` grows as ``x**2`` does, 0 where ``x`` has no part in it. Where
    ``x`` stands in an integer division or a rounding, the derivative is that of ``relax(expr, x).expr``,
    and ``relax(expr, x).exact`` tells so. With a ``step`` it is the exact arc elasticity,
    ``(x/step)·(f(x + step) - f(x))/f(x)``, which needs no relaxation.

    Args:
        expr: a formula, such as ``net.params``.
        x: a symbol of it, or its name.
        step: the step of the arc elasticity; left out, it is the derivative's.

    Raises:
        UnknownNameError: a name that no symbol of the formula has.
        SizeError: what is no formula or no symbol; a formula that has no derivative, such as a sum that
            does not close; a formula that is 0.

    >>> import symcnn as sc
    >>> H, w = sc.dims("H w")
    >>> sc.elasticity(18 * w**2 + 36 * w, w), sc.elasticity(9 * w**2 * sc.FloorDiv(H, 4) ** 2, H)
    ((2*w + 2)/(w + 2), 2)
    >>> sc.elasticity(sc.FloorDiv(H, 4), H, step=4)
    H/(4*⌊H/4⌋)
    """
    formula = as_formula(expr, "elasticity")
    symbol = as_symbol(x, [formula], "elasticity")
    if formula == 0:
        raise SizeError("the elasticity of 0 is none: 1 % of 0 is 0")
    if symbol not in formula.free_symbols:
        return S.Zero
    if step is not None:
        by = as_step(step, symbol)
        return quotient(symbol * increment(formula, symbol, by) / by, formula)
    smooth = relax(formula, symbol).expr
    return quotient(symbol * derivative(smooth, symbol), smooth)


def derivative(smooth: Expr, x: Symbol) -> Expr:
    """The derivative of a smooth formula; at the kink of a maximum that to the right.

    Raises:
        SizeError: there is none in closed form.
    """
    found = smooth.diff(x)
    if found.has(Derivative, Subs) or any(x in total.free_symbols for total in found.atoms(Sum)):
        raise SizeError(f"{smooth} has no derivative in closed form; give a step, or use increment")
    steps = {jump: Piecewise((S.One, jump.args[0] >= 0), (S.Zero, True)) for jump in found.atoms(Heaviside)}
    return found.xreplace(steps)


def leading_term(expr: Any, x: Any) -> Expr:
    """The term that all others are small beside as a symbol grows: ``18*w**2`` of ``18*w**2 + 36*w``.

    The formula divided by it goes to 1. That holds for the exact formula, integer divisions and all: their
    error, which ``relax`` bounds, grows more slowly, or there is no such term.

    Args:
        expr: a formula.
        x: a symbol of it, or its name. Other symbols stay in the term, with their divisions.

    Raises:
        UnknownNameError: a name that no symbol of the formula has.
        SizeError: what is no formula or no symbol; no term grows fastest, or none can be told.

    >>> import symcnn as sc
    >>> H, W, w, n = sc.dims("H W w n")
    >>> sc.leading_term(18 * w**2 + 36 * w, w)
    18*w**2
    >>> sc.leading_term(9 * w**2 * sc.FloorDiv(H, 2) * sc.FloorDiv(W, 2), H)
    9*H*w**2*⌊W/2⌋/2
    >>> sc.leading_term(3 * w**2 * (4**n - 1) / 2, n)
    3*4**n*w**2/2
    """
    formula = as_formula(expr, "leading_term")
    symbol = as_symbol(x, [formula], "leading_term")
    if symbol not in formula.free_symbols:
        return formula
    smooth, error = relax(formula, symbol)
    order, coefficient = leading(smooth, symbol)
    if error != 0 and leading(error, symbol)[0] >= order:
        raise SizeError(f"no term of {formula} grows fastest in {symbol}: its divisions matter as much as the rest")
    return coefficient * order.expr(symbol)
