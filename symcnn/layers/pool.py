"""Pooling: nothing to learn, a smaller map.

Formulas: PyTorch's documentation of ``torch.nn.MaxPool2d``, ``AvgPool2d`` and
``AdaptiveAvgPool2d``.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any, ClassVar

from sympy import Integer, Min

from ..layer import Layer
from ..profile import Profile
from ..settings import LEFT_OUT, axes, option, output_axes, padding
from ..shape import Shape
from ..sizes import Conditions, FloorDiv, Size, at_least
from ..window import IRREGULAR, POINT, WHOLE, Window
from .conv import dilated, fitting, kept_input


@dataclass(frozen=True, eq=False, repr=False)
class Pool(Layer):
    """Pooling over windows. The stride is the kernel where it is left out.

    Args:
        kernel_size: a size, or one for each axis.
        stride: a size, or one for each axis; ``None`` means ``kernel_size``.
        padding: a size, one for each axis, or a pair for each; at most half the kernel.
        ceil_mode: round the output's size up; the last window still starts inside the input or
            the padding before it.

    Raises:
        SizeError: a setting that is not a size, a padding over half the kernel.
        ConditionError: a kernel larger than its padded input.

    >>> import symcnn as sc
    >>> sc.MaxPool2d(2).on((64, 7, 7)).output, sc.MaxPool2d(2, ceil_mode=True).on((64, 7, 7)).output
    (Shape(64, 3, 3), Shape(64, 4, 4))
    """

    kernel_size: Any = axes("k", positional=True)
    stride: Any = axes("s", None, positional=True, follows="kernel_size")
    padding: Any = padding(positional=True)
    ceil_mode: bool = option(False)

    kind: ClassVar[str]

    def check(self) -> None:
        """Padding is at most half the kernel."""
        if self.kernel_size is not LEFT_OUT:
            self._half_padded()

    def _half_padded(self) -> Conditions:
        conditions: Conditions = ()
        for kernel, pads in zip(self.kernel_size, self.padding, strict=True):
            for pad in dict.fromkeys(pads):
                conditions += _at_most_half(pad, kernel)
        return conditions

    def dilations(self) -> tuple[Size, ...]:
        """The dilation along each axis."""
        return (Integer(1),) * self.rank

    def apply(self, x: Shape) -> Profile:
        """One operation of the kind for each element of each window."""
        strides = self.kernel_size if self.stride is None else self.stride
        extents = map(dilated, self.kernel_size, self.dilations())
        windows = tuple(map(Window, extents, strides, self.padding))
        places, conditions = [], self._half_padded()
        for kernel, window, size in zip(self.kernel_size, windows, x.axes, strict=True):
            place, fits = self._positions(kernel, window, size)
            places.append(place)
            conditions += fits
        output = Shape.of((x.channels, *places))
        operations = {self.kind: (*output, *self.kernel_size)}
        keeps = kept_input(x, windows) | self.found_at(output)
        return Profile(x, output, operations=operations, keeps=keeps, windows=windows, conditions=conditions)

    def found_at(self, output: Shape) -> dict[str, Shape]:
        """The places that the backward pass needs, where an output is found at one."""
        return {"index": output} if self.kind == "compare" else {}

    def _positions(self, kernel: Size, window: Window, size: Size) -> tuple[Size, Conditions]:
        if not self.ceil_mode:
            return window.positions(size), fitting(kernel, window, size)
        # ⌈span/s⌉ + 1 windows, but the last one starts before the padding after the input:
        # the smaller of two floors over one divisor is the floor of the smaller numerator.
        stride = window.stride
        before, after = window.padding
        last = size + before - 1 + Min(after - window.extent + stride, 0)
        places = FloorDiv(last + stride, stride)
        message = f"kernel_size {kernel} leaves no output in ceil_mode on an input of {size}"
        return places, at_least(places, 1, lambda: message, "the output has at least one position")


def _at_most_half(pad: Size, kernel: Size) -> Conditions:
    def otherwise() -> str:
        return f"padding must be at most half of kernel_size, got padding={pad} and kernel_size={kernel}"

    return at_least(kernel, 2 * pad, otherwise, "padding is at most half of kernel_size")


@dataclass(frozen=True, eq=False, repr=False)
class MaxPool(Pool):
    """Max pooling; ``dilation`` spreads the window. See ``Pool``."""

    dilation: Any = axes("d", 1)

    kind = "compare"

    def dilations(self) -> tuple[Size, ...]:
        """The dilation along each axis."""
        given: tuple[Size, ...] = self.dilation
        return given


@dataclass(frozen=True, eq=False, repr=False)
class AvgPool(Pool):
    """Average pooling. ``count_include_pad`` says what it divides by. See ``Pool``."""

    count_include_pad: bool = option(True)

    kind = "average"


@dataclass(frozen=True, eq=False, repr=False)
class AdaptivePool(Layer):
    """Pooling to a given output size, whatever the input's.

    Args:
        output_size: a size, or a size or ``None`` for each axis; ``None`` keeps the input's.

    >>> import symcnn as sc
    >>> sc.AdaptiveAvgPool2d((7, None)).on((512, 14, 20)).output
    Shape(512, 7, 20)
    """

    output_size: Any = output_axes("o")

    kind: ClassVar[str]

    def apply(self, x: Shape) -> Profile:
        """At least one operation for each input element; windows overlap where sizes do not divide."""
        pairs = tuple(zip(self.output_size, x.axes, strict=True))
        output = Shape.of((x.channels, *(size if out is None else out for out, size in pairs)))
        windows = tuple(self._window(out, size) for out, size in pairs)
        keeps = {"input": x, "index": output} if self.kind == "compare" else kept_by_average(x, output)
        return Profile(x, output, operations={self.kind: x}, keeps=keeps, windows=windows)

    @staticmethod
    def _window(out: Size | None, size: Size) -> Window:
        if out is None or out == size:
            return POINT
        if out == 1:
            return WHOLE
        share = size / out
        if share.is_integer:
            return Window(share, share)
        return _uneven(int(out), int(size)) if out.is_Integer and size.is_Integer else IRREGULAR


def kept_by_average(x: Shape, output: Shape) -> dict[str, Shape]:
    """The backward pass of adaptive averages needs the input; but where all outputs are 1 it is a plain mean."""
    return {} if all(size == 1 for size in output.axes) else {"input": x}


def _uneven(out: int, size: int) -> Window:
    """The windows from ``⌊i·size/out⌋`` to ``⌈(i + 1)·size/out⌉``, if they are equal and evenly spaced."""
    starts = [i * size // out for i in range(out)]
    extents = {-(-(i + 1) * size // out) - start for i, start in enumerate(starts)}
    steps = {after - before for before, after in pairwise(starts)}
    if len(extents) == len(steps) == 1 and 0 not in steps:
        return Window(Integer(extents.pop()), Integer(steps.pop()))
    return IRREGULAR


class MaxPool1d(MaxPool):
    """Max pooling over ``(channels, length)``; see ``MaxPool``."""

    ranks = (1,)


class MaxPool2d(MaxPool):
    """Max pooling over ``(channels, height, width)``; see ``MaxPool``."""

    ranks = (2,)


class MaxPool3d(MaxPool):
    """Max pooling over ``(channels, depth, height, width)``; see ``MaxPool``."""

    ranks = (3,)


class AvgPool1d(AvgPool):
    """Average pooling over ``(channels, length)``; see ``AvgPool``."""

    ranks = (1,)


class AvgPool2d(AvgPool):
    """Average pooling over ``(channels, height, width)``; see ``AvgPool``."""

    ranks = (2,)


class AvgPool3d(AvgPool):
    """Average pooling over ``(channels, depth, height, width)``; see ``AvgPool``."""

    ranks = (3,)


class AdaptiveAvgPool1d(AdaptivePool):
    """Average pooling to a given length; see ``AdaptivePool``."""

    ranks = (1,)
    kind = "average"


class AdaptiveAvgPool2d(AdaptivePool):
    """Average pooling to a given height and width; see ``AdaptivePool``."""

    ranks = (2,)
    kind = "average"


class AdaptiveAvgPool3d(AdaptivePool):
    """Average pooling to a given depth, height and width; see ``AdaptivePool``."""

    ranks = (3,)
    kind = "average"


class AdaptiveMaxPool1d(AdaptivePool):
    """Max pooling to a given length; see ``AdaptivePool``."""

    ranks = (1,)
    kind = "compare"


class AdaptiveMaxPool2d(AdaptivePool):
    """Max pooling to a given height and width; see ``AdaptivePool``."""

    ranks = (2,)
    kind = "compare"


class AdaptiveMaxPool3d(AdaptivePool):
    """Max pooling to a given depth, height and width; see ``AdaptivePool``."""

    ranks = (3,)
    kind = "compare"
