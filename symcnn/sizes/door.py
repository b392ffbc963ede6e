"""The one door for sizes: validated and brought to canonical form here, trusted inside."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from typing import Any, TypeAlias

from sympy import Add, Expr, Float, Integer, Mul, Symbol, ceiling, floor, fraction, together

from ..errors import SizeError
from .floordiv import FloorDiv, ceil_div
from .powers import gathered
from .symbols import is_dim

Size: TypeAlias = Expr
"""A size inside the package: a SymPy expression in canonical form."""


def as_size(value: Any, name: str = "size", minimum: int = 1) -> Size:
    """A size in canonical form, from an integer or an expression in symbols from ``dims``.

    An expression that is not surely an integer of at least ``minimum`` is taken; the layer that
    uses it says so in its conditions.

    Raises:
        SizeError: bools, strings, floats (inside an expression too), integers below
            ``minimum``, and symbols that ``dims`` would have made otherwise.

    >>> from symcnn.sizes import as_size, dims
    >>> H = dims("H")
    >>> as_size((H - 1) // 2 + 1)
    ⌈H/2⌉
    """
    if isinstance(value, Expr):
        fault = _fault(value, minimum)
        if fault:
            raise SizeError(f"{name} {fault}")
        return canonical(value)
    whole = whole_number(value)
    if whole is None or whole < minimum:
        raise SizeError(f"{name} must be {_rule(minimum)}, got {value!r}{_hint(value)}")
    return Integer(whole)


def whole_number(value: Any) -> int | None:
    """A Python or NumPy integer as an int; None for whatever else, bools among them."""
    if type(value) is int:
        return value
    if type(value).__name__ in ("bool", "bool_") or not hasattr(value, "__index__"):
        return None
    try:
        return int(value.__index__())
    except TypeError:
        return None


def _rule(minimum: int) -> str:
    kind = "a positive integer" if minimum == 1 else f"an integer of at least {minimum}"
    return f"{kind} or an expression in symbols from dims()"


def _hint(value: Any) -> str:
    if isinstance(value, str) and value.isidentifier():
        return f"; a symbol is made by dims({value!r})"
    return ""


@lru_cache(maxsize=4096)
def _fault(expr: Expr, minimum: int) -> str | None:
    """What is wrong with an expression as a size, or None."""
    if expr.is_Integer:
        return None if expr >= minimum else f"must be {_rule(minimum)}, got {expr}"
    if expr.has(Float):
        return f"must be exact, got {expr}; write a decimal as sympy.Rational('0.75')"
    for symbol in sorted(expr.free_symbols, key=str):
        if not is_dim(symbol, 0 if expr.args else minimum):
            return f"must be made of symbols from dims(), got {expr}: make {symbol} with dims({symbol.name!r})"
    if expr.is_number:
        return f"must be {_rule(minimum)}, got {expr}"
    if expr.is_integer is False:
        return f"must be an integer, got {expr}, which never is one"
    return None


@lru_cache(maxsize=4096)
def canonical(expr: Expr) -> Expr:
    """An expression with SymPy's floors and ceilings as ``FloorDiv`` and its constants gone in.

    >>> from symcnn import FloorDiv, dims
    >>> H = dims("H")
    >>> FloorDiv(H - 1, 32) + 1, canonical(FloorDiv(H - 1, 32) + 1)
    (⌊(H - 1)/32⌋ + 1, ⌈H/32⌉)
    """
    if not expr.args:
        return expr
    args = [canonical(arg) for arg in expr.args]
    if isinstance(expr, floor):
        return FloorDiv(*fraction(together(args[0])))
    if isinstance(expr, ceiling):
        return ceil_div(*fraction(together(args[0])))
    if expr.is_Add:
        return _absorbed(Add(*args))
    if expr.is_Mul:
        return gathered(Mul(*args))
    return expr.func(*args) if list(expr.args) != args else expr


def _absorbed(total: Expr) -> Expr:
    """``⌊n/d⌋ + c`` as ``⌊(n + c*d)/d⌋``, where there is one division."""
    constant, rest = total.as_coeff_Add()
    divisions = [t for t in Add.make_args(rest) if isinstance(t, FloorDiv) and t.args[1].is_Integer]
    if not constant.is_Integer or constant == 0 or len(divisions) != 1:
        return total
    numerator, divisor = divisions[0].args
    return rest - divisions[0] + FloorDiv(numerator + constant * divisor, divisor)


def free_symbols(exprs: Any) -> list[Symbol]:
    """The symbols of some expressions, by name.

    Raises:
        SizeError: two different symbols of one name, such as ``dims("k")`` and ``dims("k", odd=True)``.
    """
    found = sorted({s for expr in exprs for s in expr.free_symbols}, key=lambda s: s.name)
    for one, other in pairwise(found):
        if one.name == other.name:
            raise SizeError(f"two different symbols are named {one.name}; use one of them throughout")
    return found
