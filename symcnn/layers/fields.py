"""Settings that only a few layers have: several sizes at once, factors, and axes of the input."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

from sympy import Expr, Float, Integer, Rational

from ..errors import ShapeError, SizeError
from ..settings import LEFT_OUT, AxesSetting, Setting, SizeSetting, code, collapsed, declared
from ..shape import Shape
from ..sizes import Size, as_size, textbook_symbol, whole_number


class SizesSetting(SizeSetting):
    """A size, or a tuple of any number of sizes."""

    def admit(self, value: Any, name: str, rank: int) -> Any:
        if value is None and self.default is None:
            return None
        if not isinstance(value, tuple | list):
            return self.one(value, name)
        if not value:
            raise SizeError(f"{name} must be a size or a tuple of at least one, got {value!r}")
        return tuple(self.one(entry, name) for entry in value)

    def one(self, value: Any, name: str) -> Size:
        """One entry in the form that the layer keeps."""
        return as_size(value, name, self.minimum)

    def general(self, value: Any, rank: int, suffix: str) -> Any:
        if isinstance(value, tuple):
            return tuple(self.symbol_of(entry, f"{self.symbol}_{i}{suffix}") for i, entry in enumerate(value))
        return None if value is None else self.symbol_of(value, self.symbol + suffix)

    def symbol_of(self, entry: Any, name: str) -> Size:
        """The textbook symbol of one entry; an entry that is no size stays what it is."""
        return textbook_symbol(name, self.minimum)

    def sizes(self, value: Any) -> Iterator[Expr]:
        if isinstance(value, tuple):
            return iter(value)
        return iter(()) if value is None else super().sizes(value)

    def rebuilt(self, value: Any, change: Callable[[Expr], Expr]) -> Any:
        if isinstance(value, tuple):
            return tuple(map(change, value))
        return None if value is None else change(value)

    def shown(self, value: Any) -> str:
        if isinstance(value, tuple):
            return collapsed(list(map(self.code_of, value)), plain=False)
        return self.code_of(value)

    def code_of(self, entry: Any) -> str:
        """One entry as Python code."""
        return code(entry)


class ShapeSetting(SizesSetting):
    """The sizes of a shape, one of which may be -1: what the others leave."""

    def admit(self, value: Any, name: str, rank: int) -> Any:
        admitted = super().admit(value, name, rank)
        if admitted.count(-1) > 1:
            raise SizeError(f"{name} must have at most one -1, got {tuple(value)!r}")
        return admitted

    def one(self, value: Any, name: str) -> Size:
        """A size, or -1."""
        return Integer(-1) if whole_number(value) == -1 else as_size(value, name)

    def symbol_of(self, entry: Any, name: str) -> Size:
        """A symbol for a size; -1 stays."""
        return entry if entry == -1 else textbook_symbol(name)

    def sizes(self, value: Any) -> Iterator[Expr]:
        return (size for size in value if size != -1)

    def shown(self, value: Any) -> str:
        return ", ".join(map(code, value))


class FactorsSetting(SizesSetting):
    """A positive factor, or a tuple of any number: integers, fractions, or expressions as sizes are."""

    def one(self, value: Any, name: str) -> Size:
        """The factor as an exact number, or a size."""
        if isinstance(value, float | Float):
            raise SizeError(f"{name} must be exact, got {value}; write a decimal as sympy.Rational('{float(value)}')")
        whole = whole_number(value)
        if whole is not None:
            value = Integer(whole)
        if not isinstance(value, Fraction | Rational):
            return as_size(value, name)
        if value <= 0:
            raise SizeError(f"{name} must be a positive number or an expression in symbols from dims(), got {value}")
        return Rational(value.numerator, value.denominator)

    def symbol_of(self, entry: Any, name: str) -> Size:
        """A symbol for a size; a fraction stays, since symbols stand for integers."""
        return entry if _is_fraction(entry) else textbook_symbol(name)

    def code_of(self, entry: Any) -> str:
        """``Rational(1, 2)``, since ``1/2`` would be a float."""
        return f"Rational({entry.p}, {entry.q})" if _is_fraction(entry) else code(entry)


def _is_fraction(entry: Any) -> bool:
    return isinstance(entry, Rational) and not entry.is_Integer


class EndsSetting(AxesSetting):
    """Sizes at the two ends of each axis in PyTorch's order, the last axis first; or one for all."""

    def admit(self, value: Any, name: str, rank: int) -> Any:
        ends = value if isinstance(value, tuple | list) else (value,) * (2 * rank)
        if len(ends) != 2 * rank:
            words = ("left", "right", "top", "bottom", "front", "back")[: 2 * rank]
            raise SizeError(f"{name} must be one size or a tuple ({', '.join(words)}), got {tuple(value)!r}")
        return tuple(as_size(end, name, self.minimum) for end in ends)

    def general(self, value: Any, rank: int, suffix: str) -> Any:
        pairs = by_axis((0,) * (2 * rank) if value is LEFT_OUT else value)
        ends: list[Expr] = []
        for name, (before, after) in zip(reversed(self.names(rank)), reversed(pairs), strict=True):
            names = (name, name) if before == after else (f"{name}_before", f"{name}_after")
            ends += [textbook_symbol(end + suffix, self.minimum) for end in names]
        return tuple(ends)


def by_axis(ends: tuple[Any, ...]) -> list[tuple[Any, Any]]:
    """Pairs ``(before, after)`` from the first axis on, of ends in PyTorch's order."""
    return list(zip(ends[::2], ends[1::2], strict=True))[::-1]


class IntegerSetting(Setting):
    """A plain integer that is no size, such as the number of an axis."""

    def admit(self, value: Any, name: str, rank: int) -> Any:
        whole = whole_number(value)
        if whole is None:
            raise SizeError(f"{name} must be an integer, got {value!r}")
        return whole


def axis_of(x: Shape, axis: int, name: str) -> int:
    """The place of an axis in a shape, counted from the front.

    Raises:
        ShapeError: the shape has no such axis.
    """
    if not -len(x) <= axis < len(x):
        places = f"from {-len(x)} to {len(x) - 1}, counted without the batch"
        raise ShapeError(f"{name} must be an axis of {x}, {places}, got {axis}")
    return axis % len(x)


def sizes(symbol: str, default: Any, *, positional: bool = False) -> Any:
    """Declare a size, or a tuple of any number of sizes."""
    return declared(SizesSetting(symbol, default), default, positional)


def shape(symbol: str) -> Any:
    """Declare the sizes of a shape, one of which may be -1."""
    return declared(ShapeSetting(symbol), (), positional=True)


def factors(symbol: str) -> Any:
    """Declare a factor, or a tuple of any number of factors; ``None`` by default."""
    return declared(FactorsSetting(symbol), None, positional=True)


def ends(symbol: str) -> Any:
    """Declare sizes at both ends of each axis, in PyTorch's order."""
    return declared(EndsSetting(symbol, LEFT_OUT, minimum=0), LEFT_OUT, positional=True)


def integer(default: int, *, positional: bool = False) -> Any:
    """Declare an integer that is no size."""
    return declared(IntegerSetting(default=default), default, positional)
