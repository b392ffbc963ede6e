"""Convolution.

Formulas: V. Dumoulin and F. Visin, A guide to convolution arithmetic for deep learning
(arXiv:1603.07285), and PyTorch's documentation of ``torch.nn.Conv2d``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sympy import Max

from ..layer import Layer
from ..profile import MULTIPLY_ACCUMULATE, Profile
from ..settings import LEFT_OUT, axes, option, padding, size, told_by_input
from ..shape import Shape
from ..sizes import Conditions, FloorDiv, Size, at_least, canonical, ceil_div, divides
from ..window import ZERO, Window


def dilated(kernel: Size, dilation: Size) -> Size:
    """The extent of a kernel with its gaps: ``dilation*(kernel - 1) + 1``."""
    return dilation * (kernel - 1) + 1


def fitting(kernel: Size, window: Window, size: Size) -> Conditions:
    """Require that a kernel's window fits into an axis and its padding."""

    def otherwise() -> str:
        dilated_to = "" if window.extent == kernel else f", dilated to {window.extent},"
        return f"kernel_size {kernel}{dilated_to} is larger than the padded input {size + sum(window.padding)}"

    return at_least(window.span(size), 0, otherwise, "kernel_size is at most the padded input")


def grouped(groups: Size, name: str, channels: Size) -> Conditions:
    """Require that groups divide some channels, by the name that these have."""
    return divides(
        groups,
        channels,
        lambda: f"groups must divide {name}, got groups={groups} and {name}={channels}",
        f"groups divides {name}",
    )


def kept_input(x: Shape, windows: tuple[Window, ...], same: bool = False) -> dict[str, Shape]:
    """What the backward pass needs of the input: itself, or a padded copy where an axis has two paddings.

    PyTorch's kernels have one padding for both ends of an axis. Where the ends differ it is padded first: by
    all of the padding, or, where that is to keep the ``same`` size, by what one end has more. A kernel of
    which it is open whether it is odd is taken to be odd there.
    """
    pads = [window.padding for window in windows]
    uneven = [after - before for before, after in pads]
    if same:
        uneven = [one if one.is_Integer else ZERO for one in uneven]
    if not any(uneven):
        return {"input": x}
    more = uneven if same else [before + after for before, after in pads]
    return {"tensor": Shape.of((x.channels, *(canonical(size + pad) for size, pad in zip(x.axes, more, strict=True))))}


@dataclass(frozen=True, eq=False, repr=False)
class Conv(Layer):
    """A convolution: every output channel is a filter over all input channels of its group.

    Parameters: ``(k_w·k_h·C_in/g + 1)·C_out``. Output along an axis:
    ``⌊(H + 2·p - d·(k - 1) - 1)/s⌋ + 1``.

    Args:
        out_channels: how many filters.
        kernel_size: a size, or one for each axis.
        stride: a size, or one for each axis.
        padding: a size, one for each axis, or a pair ``(before, after)`` for each axis; or
            ``"valid"`` (none) or ``"same"``, which gives ``⌈H/s⌉`` outputs as in TensorFlow.
        dilation: a size, or one for each axis.
        groups: how many groups the channels are split into; it divides both channel counts.
        bias: whether each filter has one.
        padding_mode: taken as in PyTorch; it changes no count.
        in_channels: checked against the input where it is given.

    Raises:
        SizeError: a setting that is not a size.
        ShapeError: an input with another number of axes.
        ConditionError: groups that do not divide the channels, a kernel larger than its padded
            input, ``in_channels`` that the input does not have.

    >>> import symcnn as sc
    >>> sc.Conv2d(32, 3, in_channels=3).params
    896
    >>> sc.Conv1d().params, sc.Conv3d().params
    (C_out*(C_in*k + 1), C_out*(C_in*k_d*k_h*k_w + 1))
    """

    out_channels: Any = size("C_out", positional=True)
    kernel_size: Any = axes("k", positional=True)
    stride: Any = axes("s", 1)
    padding: Any = padding(modes=("same", "valid"))
    dilation: Any = axes("d", 1)
    groups: Any = size("g", 1)
    bias: bool = option(True)
    padding_mode: str = option("zeros")
    in_channels: Any = told_by_input("C_in")

    def check(self) -> None:
        """Groups divide the filters."""
        if LEFT_OUT not in (self.out_channels, self.groups):
            grouped(self.groups, "out_channels", self.out_channels)

    def apply(self, x: Shape) -> Profile:
        """One multiply-accumulate for each weight of a filter, at each output position."""
        windows = tuple(map(self._window, x.axes, self.kernel_size, self.stride, self.dilation, self._paddings()))
        conditions = grouped(self.groups, "in_channels", x.channels)
        conditions += grouped(self.groups, "out_channels", self.out_channels)
        if self.padding == "same":
            places = tuple(map(ceil_div, x.axes, self.stride))
        else:
            places = tuple(window.positions(size) for window, size in zip(windows, x.axes, strict=True))
            for kernel, window, size in zip(self.kernel_size, windows, x.axes, strict=True):
                conditions += fitting(kernel, window, size)
        output = Shape.of((self.out_channels, *places))
        group = x.channels if self.groups == 1 else x.channels / self.groups
        weight = (self.out_channels, group, *self.kernel_size)
        return Profile(
            x,
            output,
            weights={"weight": weight} | ({"bias": (self.out_channels,)} if self.bias else {}),
            operations={MULTIPLY_ACCUMULATE: (*weight, *places)} | ({"bias": output} if self.bias else {}),
            activations={"output": output},
            keeps=self._kept(x, windows),
            windows=windows,
            conditions=conditions,
        )

    def _kept(self, x: Shape, windows: tuple[Window, ...]) -> dict[str, Shape]:
        """The input; ``"same"`` with a stride is TensorFlow's, whose kernels pad by themselves."""
        same = self.padding == "same"
        return {"input": x} if same and set(self.stride) != {1} else kept_input(x, windows, same)

    def _paddings(self) -> Any:
        return [None] * self.rank if self.padding == "same" else self.padding

    def _window(self, size: Size, kernel: Size, stride: Size, dilation: Size, pad: Any) -> Window:
        extent = dilated(kernel, dilation)
        return Window(extent, stride, same_padding(size, extent, stride) if pad is None else pad)


def same_padding(size: Size, extent: Size, stride: Size) -> tuple[Size, Size]:
    """The padding of ``"same"``: as much as ``⌈size/stride⌉`` windows need, the odd one after.

    Source: TensorFlow, ``tf.nn``, "Notes on padding".
    """
    total = extent - 1
    if stride != 1:
        total = Max((ceil_div(size, stride) - 1) * stride + extent - size, 0)
    before = FloorDiv(total, 2)
    return before, total - before


class Conv1d(Conv):
    """A convolution over ``(channels, length)``; see ``Conv``."""

    ranks = (1,)


class Conv2d(Conv):
    """A convolution over ``(channels, height, width)``; see ``Conv``."""

    ranks = (2,)


class Conv3d(Conv):
    """A convolution over ``(channels, depth, height, width)``; see ``Conv``."""

    ranks = (3,)
