"""Padding as a layer of its own.

Formula: PyTorch's documentation of ``torch.nn.ZeroPad2d`` and its kin.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from ..layer import Layer
from ..profile import Profile
from ..settings import size
from ..shape import Shape
from ..sizes import Conditions, Size, at_least
from ..window import ONE, POINT, Window
from .fields import by_axis, ends


@dataclass(frozen=True, eq=False, repr=False)
class Pad(Layer):
    """Padding around a map; what it is made of changes no count.

    Args:
        padding: one size for all ends, or a tuple in PyTorch's order, the last axis first:
            ``(left, right, top, bottom, front, back)``. Reflected padding is smaller than its axis,
            circular padding at most as large.

    Raises:
        SizeError: a padding that is not a size, or below 0.
        ConditionError: padding larger than the axis that it is taken from.

    >>> import symcnn as sc
    >>> sc.ZeroPad2d((0, 1, 0, 1)).on((3, 224, 224)).output
    Shape(3, 225, 225)
    """

    padding: Any = ends("p")

    beyond: ClassVar[int | None] = None
    """How much larger an axis is at least than its padding; None where that does not matter."""

    keeps_input: ClassVar[bool] = False
    """Whether PyTorch's backward pass needs the input, if only for its sizes."""

    def apply(self, x: Shape) -> Profile:
        """A larger map; nothing is computed."""
        pads = by_axis(self.padding)
        windows = tuple(Window(ONE, ONE, pad) for pad in pads)
        output = Shape.of((x.channels, *(window.positions(size) for window, size in zip(windows, x.axes, strict=True))))
        keeps = {"input": x} if self.keeps_input else {}
        return Profile(x, output, keeps=keeps, windows=windows, conditions=self._taken(x, pads))

    def _taken(self, x: Shape, pads: list[tuple[Size, Size]]) -> Conditions:
        conditions: Conditions = ()
        if self.beyond is not None:
            for size, pair in zip(x.axes, pads, strict=True):
                for pad in dict.fromkeys(pair):
                    conditions += _taken_from(size, pad, self.beyond)
        return conditions


def _taken_from(size: Size, pad: Size, beyond: int) -> Conditions:
    rule = "padding must be less than the axis it reflects" if beyond else "padding must be at most the axis it repeats"

    def otherwise() -> str:
        return f"{rule}, got padding={pad} on an axis of {size}"

    return at_least(size - pad, beyond, otherwise, rule.replace("must be", "is"))


class ZeroPad1d(Pad):
    """Zeros around ``(channels, length)``; see ``Pad``."""

    ranks = (1,)


class ZeroPad2d(Pad):
    """Zeros around ``(channels, height, width)``; see ``Pad``."""

    ranks = (2,)


class ZeroPad3d(Pad):
    """Zeros around ``(channels, depth, height, width)``; see ``Pad``."""

    ranks = (3,)


class ReplicationPad1d(Pad):
    """The ends of ``(channels, length)`` repeated; see ``Pad``."""

    ranks = (1,)
    keeps_input = True


class ReplicationPad2d(Pad):
    """The border of ``(channels, height, width)`` repeated; see ``Pad``."""

    ranks = (2,)
    keeps_input = True


class ReplicationPad3d(Pad):
    """The border of ``(channels, depth, height, width)`` repeated; see ``Pad``."""

    ranks = (3,)
    keeps_input = True


class ReflectionPad1d(Pad):
    """``(channels, length)`` reflected at its ends; see ``Pad``."""

    ranks = (1,)
    keeps_input = True
    beyond = 1


class ReflectionPad2d(Pad):
    """``(channels, height, width)`` reflected at its border; see ``Pad``."""

    ranks = (2,)
    keeps_input = True
    beyond = 1


class ReflectionPad3d(Pad):
    """``(channels, depth, height, width)`` reflected at its border; see ``Pad``."""

    ranks = (3,)
    keeps_input = True
    beyond = 1


class CircularPad1d(Pad):
    """``(channels, length)`` going round; see ``Pad``."""

    ranks = (1,)
    beyond = 0


class CircularPad2d(Pad):
    """``(channels, height, width)`` going round; see ``Pad``."""

    ranks = (2,)
    beyond = 0


class CircularPad3d(Pad):
    """``(channels, depth, height, width)`` going round; see ``Pad``."""

    ranks = (3,)
    beyond = 0


@dataclass(frozen=True, eq=False, repr=False)
class ChannelPad(Layer):
    """Channels of zeros before and after those of the input.

    So a shortcut without weights meets more channels: option A of K. He et al., Deep Residual Learning
    for Image Recognition (arXiv:1512.03385), section 3.3.

    Args:
        before: how many come before.
        after: how many come after.

    Raises:
        SizeError: a number that is not a size, or below 0.

    >>> import symcnn as sc
    >>> sc.ChannelPad(8, 8).on((16, 32, 32)).output
    Shape(32, 32, 32)
    """

    before: Any = size("p_before", positional=True, minimum=0)
    after: Any = size("p_after", positional=True, minimum=0)

    def apply(self, x: Shape) -> Profile:
        """More channels; nothing is computed."""
        output = Shape.of((self.before + x.channels + self.after, *x.axes))
        return Profile(x, output, windows=(POINT,) * len(x.axes))
