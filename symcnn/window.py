"""Windows: what one output position of a layer sees along an axis.

Windows compose. Behind a window of extent ``k1`` and stride ``s1``, one of extent ``k2`` sees
``k1 + s1*(k2 - 1)`` positions of the first input, moves by ``s1*s2`` and pads by ``p1 + s1*p2``
(A. Araujo, W. Norris, J. Sim: Computing Receptive Fields of Convolutional Neural Networks,
Distill, 2019).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from typing import Self

from sympy import Expr, Integer, S, Symbol, oo

from .sizes import FloorDiv, Size, canonical, larger, shifted
from .sums import put_in, summed

ZERO, ONE = Integer(0), Integer(1)


@dataclass(frozen=True)
class Window:
    """A window along one axis: its extent, its stride, and the padding before and after.

    The extent counts a dilated kernel's gaps: ``dilation*(kernel_size - 1) + 1``.

    >>> from symcnn.window import Window
    >>> three = Window(*map(Integer, (3, 2)), padding=(Integer(1), Integer(1)))
    >>> three >> three
    Window(extent=7, stride=4, padding=(3, 3))
    """

    extent: Size = ONE
    stride: Size = ONE
    padding: tuple[Size, Size] = (ZERO, ZERO)

    @property
    def whole(self) -> bool:
        """Whether every output position sees the whole axis."""
        return bool(self.extent is oo)

    @property
    def regular(self) -> bool:
        """Whether all output positions see equally much."""
        return bool(self.extent is not S.NaN)

    @property
    def free_symbols(self) -> set[Expr]:
        """The symbols that the window depends on."""
        return {s for size in (self.extent, self.stride, *self.padding) for s in size.free_symbols}

    @property
    def centre(self) -> Size:
        """Where the middle of the first window lies, in input positions from 0."""
        return (self.extent - 1) / 2 - self.padding[0]

    def span(self, size: Size) -> Size:
        """How far the window can move over an axis of this size and its padding."""
        before, after = self.padding
        return shifted(size, before + after - self.extent)

    def positions(self, size: Size) -> Size:
        """How many positions it takes: ``⌊(size + padding - extent)/stride⌋ + 1``."""
        if self.stride is S.One:
            return shifted(self.span(size), ONE)
        if self.stride.is_Integer:
            return FloorDiv(self.span(size) + self.stride, self.stride)
        return FloorDiv(self.span(size), self.stride) + 1

    def __rshift__(self, then: Window) -> Window:
        """The one window of this and, behind it, another."""
        if self.whole or then.whole:
            return WHOLE
        if not (self.regular and then.regular):
            return IRREGULAR
        before, after = (p + self.stride * q for p, q in zip(self.padding, then.padding, strict=True))
        extent = self.extent + self.stride * (then.extent - 1)
        return Window(extent, self.stride * then.stride, (before, after))


POINT = Window()
"""The window of a layer that works on each position by itself."""

WHOLE = Window(extent=oo)
"""The window of a layer that sees the whole axis at once."""

IRREGULAR = Window(extent=S.NaN)
"""The window of a layer whose positions see unequally much, such as adaptive pooling."""


def chained(windows: Iterable[Window]) -> Window:
    """The one window of several in a row."""
    return reduce(Window.__rshift__, windows, POINT)


def side_by_side(*windows: Window) -> Window:
    """The window that holds those of branches that meet: the largest path along each side."""
    first, *others = dict.fromkeys(windows)
    if not others:
        return first
    if any(window.whole for window in windows):
        return WHOLE
    if any(not window.regular or window.stride != first.stride for window in others) or not first.regular:
        return IRREGULAR
    before, after = first.padding[0], first.extent - first.padding[0]
    for window in others:
        before = larger(before, window.padding[0])
        after = larger(after, window.extent - window.padding[0])
    # The padding after an axis is what the last window reaches beyond it, whichever branch that is.
    beyond = first.padding[1] - (first.extent - first.padding[0])
    return Window(before + after, first.stride, (before, after + beyond))


def at_place(window: Window, index: Symbol, place: Size) -> Window:
    """A window whose sizes may depend on an index, at one place of it."""
    if index not in window.free_symbols:
        return window
    before, after = (canonical(put_in(size, index, place)) for size in window.padding)
    extent, stride = (canonical(put_in(size, index, place)) for size in (window.extent, window.stride))
    return Window(extent, stride, (before, after))


def repeated(window: Window, index: Symbol, first: Size, stop: Size) -> Window:
    """The one window of many in a row, whose sizes may depend on which it is."""
    if window == POINT or window.whole or not window.regular:
        return window
    if index in window.stride.free_symbols:
        return IRREGULAR

    def total(size: Size) -> Size:
        return summed(size * window.stride ** (index - first), index, first, stop)

    before, after = (total(pad) for pad in window.padding)
    return Window(total(window.extent - 1) + 1, window.stride ** (stop - first), (before, after))


class PerAxis(tuple[Size, ...]):
    """A number along each axis of the input.

    ``whole`` tells for each axis whether an output position sees all of it.
    """

    whole: tuple[bool, ...]

    def __new__(cls, sizes: tuple[Size, ...], whole: tuple[bool, ...]) -> Self:
        axes = tuple.__new__(cls, sizes)
        axes.whole = whole
        return axes

    def __getnewargs__(self) -> tuple[tuple[Size, ...], tuple[bool, ...]]:
        return tuple(self), self.whole

    def __repr__(self) -> str:
        sizes = f"({', '.join(map(str, self))}{',' if len(self) == 1 else ''})"
        return f"{sizes}: the whole input" if self and all(self.whole) else sizes


class ReceptiveField(PerAxis):
    """How many input positions an output position depends on, along each axis.

    ``whole`` tells for each axis whether that is all of the input.
    """
