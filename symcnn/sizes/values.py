"""Values for symbols, given as ``dict()`` takes them: by symbol or by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sympy import Symbol

from ..errors import MissingValueError, SizeError, UnknownNameError, nearest
from .door import Size, as_rational, as_size
from .symbols import is_dim, is_ratio

Values = Mapping[Any, Any]


def resolve(symbols: Iterable[Symbol], values: Values | None, named: Values) -> dict[Symbol, Any]:
    """The given values by symbol.

    A symbol that is not among ``symbols`` is passed over: a formula may well not depend on it.

    Raises:
        UnknownNameError: a name that no symbol has.
        SizeError: a symbol that only looks like one of them, or two values for one symbol.
    """
    if values is not None and not isinstance(values, Mapping):
        raise SizeError(f"values are given as a mapping by symbol or by name, or by keyword, got {values!r}")
    by_name = {symbol.name: symbol for symbol in symbols}
    resolved: dict[Symbol, Any] = {}
    for key, value in [*dict(values or {}).items(), *named.items()]:
        symbol = by_name.get(key) if isinstance(key, str) else _known(key, by_name)
        if symbol is None and isinstance(key, str):
            raise UnknownNameError(f"no size is named {key!r} here{nearest(key, by_name)}")
        if symbol is None:
            continue
        if symbol in resolved:
            raise SizeError(f"{symbol} is given twice: {resolved[symbol]} and {value}")
        resolved[symbol] = value
    return resolved


def _known(key: Any, by_name: Mapping[str, Symbol]) -> Symbol | None:
    if not isinstance(key, Symbol):
        raise SizeError(f"values are given by symbol or by name, got {key!r}")
    if by_name.get(key.name) == key:
        return key
    if key.name in by_name or not (is_dim(key) or is_ratio(key)):
        raise SizeError(f"the symbol {key} was not made by dims() as the formula's own; give its value by name")
    return None


def require_all(symbols: Iterable[Symbol], resolved: Mapping[Symbol, Any]) -> None:
    """Raise a MissingValueError naming the symbols that have no value."""
    missing = [symbol.name for symbol in symbols if symbol not in resolved]
    if missing:
        raise MissingValueError(f"a value is missing for {', '.join(missing)}")


def as_value(symbol: Symbol, value: Any) -> Size:
    """A size that may stand for a symbol: positive, or not negative, or odd, as the symbol is.

    For a multiplier it is a positive rational number, or an expression.

    Raises:
        SizeError: a value that may not.
    """
    if not symbol.is_integer:
        return as_rational(value, symbol.name)
    size = as_size(value, symbol.name, 1 if symbol.is_positive else 0)
    if symbol.is_odd and size.is_even:
        raise SizeError(f"{symbol} must be odd, got {value}")
    return size
