"""Array values at the door: which values are arrays, exact, checked, and lined up for broadcasting."""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import repeat
from typing import TYPE_CHECKING, Any

from ..errors import SizeError
from ..sizes import exact_number
from .checks import Rule
from .forms import Number

if TYPE_CHECKING:
    from .arrays import Array, Bounds

INT64 = range(-(2**63), 2**63)


def is_array(value: Any) -> bool:
    """Whether a value is an array of at least one axis, NumPy's own or one that NumPy can read."""
    numpy = sys.modules.get("numpy")
    if numpy is None or type(value) is int or isinstance(value, numpy.generic):
        return False
    if isinstance(value, numpy.ndarray):
        return bool(value.ndim)
    return hasattr(value, "__array__") and getattr(value, "ndim", 1) != 0


def is_foreign(value: Any) -> bool:
    """Whether a value is an array of another library that takes NumPy's functions upon itself."""
    return hasattr(type(value), "__array_function__") and hasattr(type(value), "shape") and not _is_numpy(value)


def _is_numpy(value: Any) -> bool:
    numpy = sys.modules.get("numpy")
    return numpy is not None and isinstance(value, (numpy.ndarray, numpy.generic))


@dataclass(frozen=True)
class Inputs:
    """Values in the order of the arguments: exact numbers and arrays, each of ``len(shape)`` axes.

    ``bounds`` are given for arrays of int64; an array of Python numbers has none. ``same_as`` has for
    each argument the first one that is the same array.
    """

    names: tuple[str, ...]
    values: list[Any]
    bounds: dict[int, Bounds]
    shape: tuple[int, ...]
    same_as: tuple[int, ...]

    @property
    def wide(self) -> bool:
        """Whether something does not fit in int64."""
        numbers = (v for v in self.values if not hasattr(v, "ndim"))
        return len(self.bounds) < self.array_count or any(type(v) is not int for v in numbers)

    @property
    def array_count(self) -> int:
        """How many of the values are arrays."""
        return sum(hasattr(value, "ndim") for value in self.values)

    def masks(self) -> dict[int, int]:
        """The axes along which each array extends, as bits; one that is the same array has none."""
        return {
            i: sum(1 << axis for axis, n in enumerate(value.shape) if n > 1)
            for i, value in enumerate(self.values)
            if hasattr(value, "ndim") and self.same_as[i] == i
        }

    def only(self, args: Sequence[int]) -> Inputs:
        """The same with 1 for whatever is not among these arguments."""
        values = [value if i in args else 1 for i, value in enumerate(self.values)]
        return replace(self, values=values, bounds={i: b for i, b in self.bounds.items() if i in args})

    def scaled(self) -> tuple[Inputs, dict[int, int]]:
        """The same with arrays of fractions over one denominator each: their numerators, and those denominators."""
        values, bounds, scales = list(self.values), dict(self.bounds), {}
        for i, value in enumerate(self.values):
            found = _over_one_denominator(value) if hasattr(value, "ndim") and i not in bounds else None
            if found is not None:
                values[i], scales[i] = found
                bounds[i] = int(values[i].min()), int(values[i].max())
        return replace(self, values=values, bounds=bounds), scales

    def points(self) -> list[list[Any] | repeat[Any]]:
        """Each argument's values point by point, as Python numbers."""
        import numpy as np

        return [
            np.broadcast_to(v, self.shape).ravel().tolist() if hasattr(v, "ndim") else repeat(v, self.size)
            for v in self.values
        ]

    @property
    def size(self) -> int:
        """How many points there are."""
        size = 1
        for n in self.shape:
            size *= n
        return size

    def described(self, flat: int, args: Sequence[int] | None = None) -> str:
        """A point in a message: its index, and the values there of some arguments or of all."""
        import numpy as np

        index = tuple(int(i) for i in np.unravel_index(flat, self.shape))
        place = str(index[0]) if len(index) == 1 else str(index)
        listed = [
            f"{self.names[i]} = {np.broadcast_to(self.values[i], self.shape)[index]}"
            for i in (range(len(self.values)) if args is None else args)
        ]
        return f"at index {place} ({', '.join(listed)})" if listed else f"at index {place}"


def lined_up(values: Sequence[Any], rules: Sequence[Rule]) -> Inputs:
    """Exact values, arrays with axes of length 1 put in front so that all have as many.

    Raises:
        SizeError: an array of something else than integers, or shapes that do not broadcast.
    """
    import numpy as np

    exact = [_exact_array(v, rule) if is_array(v) else v for v, rule in zip(values, rules, strict=True)]
    shapes = {rule.name: v.shape for v, rule in zip(exact, rules, strict=True) if hasattr(v, "ndim")}
    try:
        shape = np.broadcast_shapes(*shapes.values())
    except ValueError:
        listed = ", ".join(f"{name} {shape}" for name, shape in shapes.items())
        raise SizeError(f"arrays of these shapes do not broadcast: {listed}") from None
    first: dict[int, int] = {}
    same_as = [first.setdefault(id(v), i) if is_array(v) else i for i, v in enumerate(values)]
    padded = [v.reshape((1,) * (len(shape) - v.ndim) + v.shape) if hasattr(v, "ndim") else v for v in exact]
    bounds = {i: (int(v.min()), int(v.max())) for i, v in enumerate(padded) if _is_int64(v) and v.size}
    return Inputs(tuple(rule.name for rule in rules), padded, bounds, shape, tuple(same_as))


def _is_int64(value: Any) -> bool:
    return hasattr(value, "ndim") and value.dtype == "int64"


def _exact_array(value: Any, rule: Rule) -> Array:
    """An array in int64 where that holds it, else of Python numbers."""
    import numpy as np

    array = np.asarray(value)
    if array.dtype.kind == "i" or (array.dtype.kind == "u" and array.dtype.itemsize < 8):
        return array.astype(np.int64, copy=False)
    if array.dtype.kind not in "uO":
        exact = "make it exact with .astype(int)" if rule.integer else "an object array of SymPy's Rational is exact"
        hint = f"; {exact}" if array.dtype.kind == "f" else ""
        raise SizeError(f"{rule.name} must be {rule.kind} or an array of them, got dtype {array.dtype}{hint}")
    return int64_or_object([_element(v, rule) for v in array.ravel().tolist()], array.shape)


def _element(value: Any, rule: Rule) -> Number:
    number = exact_number(value)
    if number is None or (rule.integer and type(number) is not int):
        raise SizeError(f"{rule.name} must be {rule.kind} or an array of them, got one with {value!r}")
    return number


def int64_or_object(numbers: Sequence[Number], shape: tuple[int, ...]) -> Array:
    """An array of int64 where all numbers fit, else of the numbers themselves."""
    import numpy as np

    if all(type(n) is int for n in numbers) and (not numbers or (min(numbers) in INT64 and max(numbers) in INT64)):
        return np.array(numbers, np.int64).reshape(shape)
    array = np.empty(len(numbers), object)
    array[:] = numbers
    return array.reshape(shape)


def _over_one_denominator(array: Array) -> tuple[Array, int] | None:
    """An array of Python numbers as numerators in int64 and a denominator, if they are not too large."""
    import numpy as np

    numbers = array.ravel().tolist()
    scale = math.lcm(*{number.denominator for number in numbers})
    if not numbers:
        return None
    numerators = [number.numerator * (scale // number.denominator) for number in numbers]
    if min(numerators) not in INT64 or max(numerators) not in INT64:
        return None
    return np.array(numerators, np.int64).reshape(array.shape), scale
