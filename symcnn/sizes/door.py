"""The one door for sizes: validated and brought to canonical form here, trusted inside."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from typing import Any, TypeAlias

from sympy import Add, Expr, Float, Integer, Rational, Symbol, ceiling, floor, fraction, together

from ..errors import SizeError
from .ceildiv import CeilDiv, ceil_div
from .floordiv import FloorDiv
from .symbols import is_dim, is_ratio

Size: TypeAlias = Expr
"""A size inside the package: a SymPy expression in canonical form."""


def as_size(value: Any, name: str = "size", minimum: int = 1) -> Size:
    """A size in canonical form, from an integer or an expression in symbols from ``dims`` and ``ratio``.

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


def as_rational(value: Any, name: str) -> Expr:
    """A positive rational quantity that need not be whole: a number, or an expression in symbols.

    Raises:
        SizeError: floats (inside an expression too), bools, strings, what is surely not positive, and
            symbols that neither ``dims`` nor ``ratio`` would have made.

    >>> from fractions import Fraction
    >>> from symcnn import ratio
    >>> from symcnn.sizes import as_rational
    >>> as_rational(Fraction(3, 4), "alpha"), as_rational(2 * ratio("beta"), "alpha")
    (3/4, 2*beta)
    """
    if isinstance(value, Expr) and not value.is_Rational:
        fault = _strange(value)
        if fault or value.is_number or value.is_positive is False:
            raise SizeError(f"{name} {fault or f'must be {RATIONAL}, got {value}'}")
        return canonical(value)
    number = exact_number(value)
    if number is None or number <= 0:
        raise SizeError(f"{name} must be {RATIONAL}, got {value!r}{exact_hint(value)}")
    return Rational(number.numerator, number.denominator)


RATIONAL = "a positive rational number or an expression in symbols from ratio() and dims()"


def exact_number(value: Any) -> int | Fraction | None:
    """A Python, NumPy or SymPy number as an int, or a Fraction where it is not whole; None for others."""
    if isinstance(value, (Fraction, Rational)):
        number = Fraction(int(value.numerator), int(value.denominator))
        return number.numerator if number.denominator == 1 else number
    return whole_number(value)


def exact_hint(value: Any) -> str:
    """The end of a message about a float, and how a symbol is made where a name was given."""
    if isinstance(value, float):
        return f"; Fraction('{float(value)}') is exact"
    return f"; a symbol is made by ratio({value!r})" if isinstance(value, str) and value.isidentifier() else ""


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
    strange = _strange(expr)
    if strange:
        return strange
    if expr.is_Symbol and minimum and not expr.is_positive:
        return _to_be_made(expr, expr)
    if expr.is_number:
        return f"must be {_rule(minimum)}, got {expr}"
    if expr.is_integer is False:
        return f"must be an integer, got {expr}, which never is one"
    return None


def _strange(expr: Expr) -> str | None:
    """What an expression has in it that no size has, or None."""
    if expr.has(Float):
        return f"must be exact, got {expr}; write a decimal as sympy.Rational('0.75')"
    for symbol in sorted(expr.free_symbols, key=str):
        if not (is_dim(symbol) or is_ratio(symbol)):
            return _to_be_made(expr, symbol)
    return None


def _to_be_made(expr: Expr, symbol: Symbol) -> str:
    return f"must be made of symbols from dims(), got {expr}: make {symbol} with dims({symbol.name!r})"


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
    return expr.func(*args) if list(expr.args) != args else expr


def _absorbed(total: Expr) -> Expr:
    """``⌊n/d⌋ + c`` as ``⌊(n + c*d)/d⌋``, where there is one division."""
    constant, rest = total.as_coeff_Add()
    divisions = [t for t in Add.make_args(rest) if isinstance(t, FloorDiv | CeilDiv) and t.args[1].is_Integer]
    if not constant.is_Integer or constant == 0 or len(divisions) != 1:
        return total
    numerator, divisor = divisions[0].args
    return rest - divisions[0] + divisions[0].func(numerator + constant * divisor, divisor)


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
