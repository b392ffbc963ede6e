"""The settings of layers. A setting declares its meaning once: its textbook symbol, default and check.

A layer is a frozen dataclass whose fields are made by the functions at the end of this file.
Validation, substitution, the general form and the printed form all derive from them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import field
from typing import Any

from sympy import Expr, fraction, together
from sympy.printing.str import StrPrinter

from .errors import SizeError
from .sizes import as_size, textbook_symbol

AXES = {0: (), 1: ("",), 2: ("h", "w"), 3: ("d", "h", "w")}
"""What the axes are called in the symbols of kernels, strides and the rest."""


class _LeftOut:
    """Stands for a size that was left out; a sentinel of its own, since PyTorch uses ``None``."""

    def __repr__(self) -> str:
        return "LEFT_OUT"

    def __reduce__(self) -> str:
        return "LEFT_OUT"


LEFT_OUT = _LeftOut()


class _CodePrinter(StrPrinter):  # type: ignore[misc]
    """Prints sizes as Python that makes them again: ``FloorDiv(H, 2)``, not ``⌊H/2⌋``."""

    printmethod = None

    def _print_FloorDiv(self, expr: Expr) -> str:  # noqa: N802 - SymPy's name for it
        return f"FloorDiv({self.stringify(expr.args, ', ')})"

    def _print_CeilDiv(self, expr: Expr) -> str:  # noqa: N802
        return f"ceiling({code(expr.args[0] / expr.args[1])})"

    def _print_MakeDivisible(self, expr: Expr) -> str:  # noqa: N802
        return f"make_divisible({', '.join(map(code, expr.args))})"


def code(value: Any) -> str:
    """A setting's value as Python code; ``(k - 1)/2``, since ``1/2`` alone would be a float."""
    if not isinstance(value, Expr):
        return repr(value)
    numerator, denominator = fraction(together(value)) if value.is_Add else (value, 1)
    printed = str(_CodePrinter().doprint(numerator))
    return printed if denominator == 1 else f"({printed})/{denominator}"


class Setting:
    """What a field of a layer means. This one is an option, which holds no sizes."""

    def __init__(self, symbol: str = "", default: Any = None, minimum: int = 1, follows: str = "") -> None:
        self.symbol = symbol
        self.default = default
        self.minimum = minimum
        self.follows = follows

    def admit(self, value: Any, name: str, rank: int) -> Any:
        """The value in the form that the layer keeps; raises a SizeError where it is no such value."""
        if isinstance(self.default, bool) and not isinstance(value, bool):
            raise SizeError(f"{name} must be True or False, got {value!r}")
        return value

    def general(self, value: Any, rank: int, suffix: str) -> Any:
        """Textbook symbols in the place of every size of the value."""
        return value

    def sizes(self, value: Any) -> Iterator[Expr]:
        """The sizes in a value, in order; none where it was left out."""
        return iter(())

    def rebuilt(self, value: Any, change: Callable[[Expr], Expr]) -> Any:
        """The value with its sizes changed."""
        return value

    def shown(self, value: Any) -> str:
        """The value as Python code that makes it again."""
        return code(value)


class SizeSetting(Setting):
    """One size."""

    def admit(self, value: Any, name: str, rank: int) -> Any:
        return as_size(value, name, self.minimum)

    def general(self, value: Any, rank: int, suffix: str) -> Any:
        return textbook_symbol(self.symbol + suffix, self.minimum)

    def sizes(self, value: Any) -> Iterator[Expr]:
        return iter(()) if value is LEFT_OUT else iter((value,))

    def rebuilt(self, value: Any, change: Callable[[Expr], Expr]) -> Any:
        return change(value)


class InputSetting(SizeSetting):
    """A size that the input tells. Where it is given all the same, it is checked."""

    def general(self, value: Any, rank: int, suffix: str) -> Any:
        return LEFT_OUT if value is LEFT_OUT else super().general(value, rank, suffix)


class AxesSetting(Setting):
    """A size for each axis, given as one for all or as a tuple."""

    def admit(self, value: Any, name: str, rank: int) -> Any:
        if value is None and self.follows:
            return None
        return tuple(as_size(v, name, self.minimum) for v in per_axis(value, name, rank))

    def general(self, value: Any, rank: int, suffix: str) -> Any:
        return tuple(textbook_symbol(name + suffix, self.minimum) for name in self.names(rank))

    def names(self, rank: int) -> list[str]:
        """The symbols' names: ``k_h``, ``k_w``; ``k`` alone in one dimension."""
        return [f"{self.symbol}_{axis}" if axis else self.symbol for axis in AXES[rank]]

    def sizes(self, value: Any) -> Iterator[Expr]:
        return iter(() if value is LEFT_OUT or value is None else value)

    def rebuilt(self, value: Any, change: Callable[[Expr], Expr]) -> Any:
        return None if value is None else tuple(map(change, value))

    def shown(self, value: Any) -> str:
        return "None" if value is None else collapsed(list(map(code, value)), plain=True)


class OutputAxesSetting(AxesSetting):
    """A size or ``None`` for each axis; ``None`` keeps the input's."""

    def admit(self, value: Any, name: str, rank: int) -> Any:
        axes = per_axis(value, name, rank)
        return tuple(None if v is None else as_size(v, name, self.minimum) for v in axes)

    def general(self, value: Any, rank: int, suffix: str) -> Any:
        symbols = super().general(value, rank, suffix)
        given = symbols if value is LEFT_OUT else value
        return tuple(None if v is None else symbol for v, symbol in zip(given, symbols, strict=True))

    def sizes(self, value: Any) -> Iterator[Expr]:
        return (size for size in super().sizes(value) if size is not None)

    def rebuilt(self, value: Any, change: Callable[[Expr], Expr]) -> Any:
        return tuple(None if size is None else change(size) for size in value)


class PaddingSetting(AxesSetting):
    """Padding before and after each axis: a size, one for each axis, a pair for each, or a mode.

    The modes are TensorFlow's: ``"same"`` gives ``⌈n/s⌉`` outputs, ``"valid"`` is no padding.
    """

    def __init__(self, symbol: str, default: Any, modes: tuple[str, ...] = ()) -> None:
        super().__init__(symbol, default, minimum=0)
        self.modes = modes

    def admit(self, value: Any, name: str, rank: int) -> Any:
        if isinstance(value, str) and value in self.modes:
            return value if value == "same" else self.admit(0, name, rank)
        if isinstance(value, str):
            modes = "".join(f" or {mode!r}" for mode in self.modes)
            raise SizeError(f"{name} must be a size{modes}, got {value!r}")
        return tuple(self._pair(v, name) for v in per_axis(value, name, rank))

    def _pair(self, value: Any, name: str) -> tuple[Expr, Expr]:
        if not isinstance(value, tuple | list):
            size = as_size(value, name, 0)
            return size, size
        if len(value) != 2:
            raise SizeError(f"{name} of an axis must be a size or a pair (before, after), got {value!r}")
        return as_size(value[0], name, 0), as_size(value[1], name, 0)

    def general(self, value: Any, rank: int, suffix: str) -> Any:
        if value == "same":
            return value
        given = [(0, 0)] * rank if value is LEFT_OUT else value
        return tuple(self._symbols(n + suffix, *pair) for n, pair in zip(self.names(rank), given, strict=True))

    def _symbols(self, name: str, before: Any, after: Any) -> tuple[Expr, Expr]:
        ends = (name, name) if before == after else (f"{name}_before", f"{name}_after")
        return textbook_symbol(ends[0], 0), textbook_symbol(ends[1], 0)

    def sizes(self, value: Any) -> Iterator[Expr]:
        pairs = () if value == "same" or value is LEFT_OUT else value
        return (size for pair in pairs for size in pair)

    def rebuilt(self, value: Any, change: Callable[[Expr], Expr]) -> Any:
        return value if value == "same" else tuple((change(a), change(b)) for a, b in value)

    def shown(self, value: Any) -> str:
        if value == "same":
            return repr(value)
        pairs = [(code(a), code(b)) for a, b in value]
        shown = [a if a == b else f"({a}, {b})" for a, b in pairs]
        return collapsed(shown, plain=all(a == b for a, b in pairs))


def per_axis(value: Any, name: str, rank: int) -> tuple[Any, ...]:
    """One value for each axis, from one for all or a tuple of as many."""
    if not isinstance(value, tuple | list):
        return (value,) * rank
    if len(value) != rank:
        noun = "axis" if rank == 1 else "axes"
        raise SizeError(f"{name} must be one size or a tuple for {rank} {noun}, got {tuple(value)!r}")
    return tuple(value)


def collapsed(shown: list[str], plain: bool) -> str:
    """``3`` for ``(3, 3)``, and a tuple where the axes differ or have pairs."""
    if plain and len(set(shown)) == 1:
        return shown[0]
    return f"({', '.join(shown)}{',' if len(shown) == 1 else ''})"


def declared(setting: Setting, default: Any, positional: bool) -> Any:
    """Declare a setting of any kind."""
    return field(default=default, kw_only=not positional, metadata={"setting": setting})


def size(symbol: str, default: Any = LEFT_OUT, *, positional: bool = False, minimum: int = 1) -> Any:
    """Declare one size, by its textbook symbol."""
    return declared(SizeSetting(symbol, default, minimum), default, positional)


def told_by_input(symbol: str, *, positional: bool = False) -> Any:
    """Declare the number of channels or features that the input has; checked where it is given."""
    return declared(InputSetting(symbol, LEFT_OUT), LEFT_OUT, positional)


def axes(symbol: str, default: Any = LEFT_OUT, *, positional: bool = False, minimum: int = 1, follows: str = "") -> Any:
    """Declare a size for each axis. ``follows`` names the setting that ``None`` stands for."""
    return declared(AxesSetting(symbol, default, minimum, follows), default, positional)


def output_axes(symbol: str) -> Any:
    """Declare a size, or ``None``, for each axis of the output."""
    return declared(OutputAxesSetting(symbol, LEFT_OUT), LEFT_OUT, positional=True)


def padding(symbol: str = "p", *, positional: bool = False, modes: tuple[str, ...] = ()) -> Any:
    """Declare padding, 0 by default."""
    return declared(PaddingSetting(symbol, 0, modes), 0, positional)


def option(default: Any, *, positional: bool = False) -> Any:
    """Declare an option that holds no sizes; one whose default is a bool takes bools alone."""
    return declared(Setting(default=default), default, positional)
