"""Upsampling: a map at another resolution, by interpolation.

Formula: PyTorch's documentation of ``torch.nn.Upsample`` and ``torch.nn.functional.interpolate``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..errors import ShapeError, SizeError
from ..layer import Layer
from ..profile import Profile
from ..settings import option
from ..shape import Shape
from ..sizes import Conditions, FloorDiv, Size, at_least
from ..window import IRREGULAR, POINT
from .fields import factors, sizes
from .pool import kept_by_average

MODES = {"nearest": 0, "nearest-exact": 0, "area": 0, "linear": 1, "bilinear": 2, "bicubic": 2, "trilinear": 3}
"""The ways to interpolate, and how many axes each is for; 0 for any."""


@dataclass(frozen=True, eq=False, repr=False)
class Upsample(Layer):
    """Interpolation to a size, or by a factor, which may be below 1. Exactly one of the two is given.

    Output along an axis: ``⌊H·scale_factor⌋``, exactly. PyTorch multiplies in floating point, which
    can fall short where the factor is no binary fraction: ``45·7/5`` gives 62 there, and 63 here.

    Args:
        size: the output's size, or one for each axis.
        scale_factor: an integer, a ``Fraction``, a SymPy ``Rational`` or an integer expression, or
            one for each axis.
        mode: ``"nearest"``, ``"linear"``, ``"bilinear"``, ``"bicubic"``, ``"trilinear"``,
            ``"area"`` or ``"nearest-exact"``; it changes no count.
        align_corners: taken as in PyTorch; it changes no count.

    Raises:
        SizeError: both or neither of size and factor, a factor that is a float, another mode.
        ShapeError: an input with another number of axes than the mode or the sizes are for.
        ConditionError: a factor that leaves no output.

    >>> import symcnn as sc, sympy
    >>> sc.Upsample(scale_factor=2, mode="bilinear").on((64, 28, 28)).output
    Shape(64, 56, 56)
    >>> sc.Upsample(scale_factor=sympy.Rational("1.5")).output
    Shape(C, ⌊(3*H)/2⌋, ⌊(3*W)/2⌋)
    """

    size: Any = sizes("o", None, positional=True)
    scale_factor: Any = factors("r")
    mode: str = option("nearest", positional=True)
    align_corners: Any = option(None, positional=True)

    ranks = (2, 1, 3)

    def check(self) -> None:
        """A size or a factor, and a mode that there is."""
        if (self.size is None) == (self.scale_factor is None):
            given = f"size={self.size} and scale_factor={self.scale_factor}"
            raise SizeError(f"exactly one of size and scale_factor must be given, got {given}")
        if self.mode not in MODES:
            raise SizeError(f"mode must be {' or '.join(map(repr, MODES))}, got {self.mode!r}")

    def _axes(self) -> int:
        """How many axes the mode and the sizes are for; 0 for any."""
        given = self.scale_factor if self.size is None else self.size
        return MODES[self.mode] or (len(given) if isinstance(given, tuple) else 0)

    def textbook_input(self, axes: int | None = None) -> Shape:
        """A shape with the axes that the mode is for."""
        return super().textbook_input(axes or self._axes() or None)

    def apply(self, x: Shape) -> Profile:
        """One interpolation for each element of the output."""
        if MODES[self.mode] not in (0, len(x.axes)):
            axes = "1 axis" if MODES[self.mode] == 1 else f"{MODES[self.mode]} axes"
            raise ShapeError(f"mode {self.mode!r} is for {axes} after the channels, got {x}")
        conditions: Conditions = ()
        if self.size is not None:
            places = self._per_axis(self.size, x)
        else:
            scales = self._per_axis(self.scale_factor, x)
            places = tuple(map(_scaled, x.axes, scales))
            conditions = self._left(x, scales, places)
        output = Shape.of((x.channels, *places))
        windows = tuple(POINT if out == size else IRREGULAR for out, size in zip(places, x.axes, strict=True))
        keeps = kept_by_average(x, output) if self.mode == "area" else {}
        operations = {"interpolate": output}
        return Profile(x, output, operations=operations, keeps=keeps, windows=windows, conditions=conditions)

    def _per_axis(self, given: Any, x: Shape) -> tuple[Size, ...]:
        if not isinstance(given, tuple):
            return (given,) * len(x.axes)
        if len(given) != len(x.axes):
            name = "scale_factor" if self.size is None else "size"
            raise ShapeError(f"{name} must be one or as many as the input's axes, got {given} for {x}")
        return given

    def _left(self, x: Shape, scales: tuple[Size, ...], places: tuple[Size, ...]) -> Conditions:
        conditions: Conditions = ()
        for size, scale, place in zip(x.axes, scales, places, strict=True):
            message = f"scale_factor {scale} leaves no output on an input of {size}"
            conditions += at_least(place, 1, lambda message=message: message, "the output has at least one position")  # type: ignore[misc]
        return conditions


def _scaled(size: Size, scale: Size) -> Size:
    """``⌊size*scale⌋``."""
    return FloorDiv(size * scale.p, scale.q) if scale.is_Rational else size * scale
