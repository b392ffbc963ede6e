"""``invert``: a size as a formula of a budget."""

from __future__ import annotations

from typing import Any, NamedTuple

from sympy import Expr, Ge, Gt, Integer, Le, S, Symbol
from sympy.logic.boolalg import Boolean

from ..errors import ConditionError, SizeError
from ..sizes import dims, free_symbols
from .asked import as_formula, as_symbol
from .budget.limits import as_budget
from .proofs.relax import relax
from .proofs.solving import polynomial_in, real_roots
from .proofs.trend import way_of


class Inverse(NamedTuple):
    """A size as a formula of a budget, where that holds, and how far the inverted law is from the formula.

    ``error`` bounds ``|formula - smooth law|`` as in ``relax``; it is 0 where the formula itself was inverted.
    """

    expr: Expr
    where: tuple[Boolean, ...]
    error: Expr

    @property
    def exact(self) -> bool:
        """Whether the formula itself was inverted, and not its smooth law."""
        return self.error is S.Zero


def invert(expr: Any, x: Any, budget: Any) -> Inverse:
    """A symbol as a formula of a budget: the real ``x`` at which a formula is the budget, the largest of several.

    The size to build is the whole number below; ``largest`` finds it, with its certificate.

    Args:
        expr: a formula, such as ``net.params``. Divisions and roundings that ``x`` is in are relaxed, which
            ``error`` tells.
        x: a symbol of it, or its name.
        budget: a name, which becomes a symbol as ``dims`` makes it; or a number, or an expression.

    Returns:
        ``Inverse(expr, where, error)``; where the relations in ``where`` hold, ``expr`` is real and positive. For
        a cubic they are those of Cardano's formula, which leaves out budgets that three sizes come to.

    Raises:
        UnknownNameError: a name that no symbol of the formula has.
        SizeError: what is no formula, symbol or budget; a formula without the symbol; one that is no polynomial
            of degree three at most in a power or an exponential of it.
        ConditionError: a number that no size comes to.

    >>> import symcnn as sc
    >>> w, H = sc.dims("w H")
    >>> sc.invert(18 * w**2 + 36 * w, w, "B")
    Inverse(expr=sqrt(72*B + 1296)/36 - 1, where=(B >= 54,), error=0)
    >>> sc.invert(9 * w**2 * sc.FloorDiv(H, 4) ** 2, H, "B").expr
    4*sqrt(B)/(3*w)
    >>> sc.invert(9 * w**2 * sc.FloorDiv(H, 4) ** 2, H, "B").exact
    False
    """
    formula = as_formula(expr, "invert")
    symbol = as_symbol(x, [formula], "invert")
    target = _budget(budget)
    if symbol not in formula.free_symbols:
        raise SizeError(f"{formula} does not depend on {symbol}, so no {symbol} comes to a budget")
    free_symbols([formula, target])  # Refuses a budget that only looks like one of the formula's symbols.
    if symbol in target.free_symbols:
        raise SizeError(f"a budget does not depend on {symbol}, got {target}")
    smooth, error = relax(formula, symbol)
    poly, unknown, back = polynomial_in(smooth - target, symbol)
    leading = poly.LC()
    if leading.is_negative or leading.could_extract_minus_sign():
        poly, leading = -poly, -leading
    root = real_roots(poly)[0]
    needs: list[Any] = [*_bounds(smooth, symbol, target), *(Ge(need, 0) for need in root.needs if poly.degree() > 2)]
    found = back.xreplace({unknown: root.expr})
    if not needs:  # Not proved to go one way: that the root is real and positive is all there is to ask.
        needs = [*(Ge(need, 0) for need in root.needs), Gt(found, 0)]
    if not leading.is_positive:
        needs.append(Gt(found if poly.degree() == 1 else leading, 0))
    return Inverse(found, _left_open(needs, symbol, target), error)


def _budget(budget: Any) -> Expr:
    if isinstance(budget, str):
        found: Expr = dims(budget)
        return found
    target = as_budget(budget)
    if target.is_number and target <= 0:
        raise SizeError(f"a budget is positive, got {target}")
    return target


def _bounds(smooth: Expr, x: Symbol, target: Expr) -> list[Any]:
    """What the budget must be for a size of at least 1, where the formula surely goes one way."""
    first = Integer(1) if x.is_integer else None
    way = way_of(smooth, x, first) if first is not None else None
    if first is None or not way:
        return []
    return [(Ge if way > 0 else Le)(target, smooth.subs(x, first).expand())]


def _left_open(needs: list[Any], x: Symbol, target: Expr) -> tuple[Boolean, ...]:
    if any(need == False for need in needs):  # noqa: E712 - SymPy's False
        raise ConditionError(f"no {x} comes to a budget of {target}")
    return tuple(dict.fromkeys(need for need in needs if need != True))  # noqa: E712
