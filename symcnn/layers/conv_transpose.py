"""Transposed convolution.

Formulas: V. Dumoulin and F. Visin, A guide to convolution arithmetic for deep learning
(arXiv:1603.07285), chapter 4, and PyTorch's documentation of ``torch.nn.ConvTranspose2d``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sympy import Integer, Max

from ..layer import Layer
from ..profile import MULTIPLY_ACCUMULATE, Profile
from ..settings import LEFT_OUT, axes, option, padding, size, told_by_input
from ..shape import Shape
from ..sizes import Conditions, Size, at_least, canonical
from ..window import IRREGULAR, Window
from .conv import dilated, grouped


@dataclass(frozen=True, eq=False, repr=False)
class ConvTranspose(Layer):
    """A transposed convolution: every input position adds a scaled filter to the output.

    Parameters: ``(k_w·k_h·C_in/g + 1)·C_out``, as a convolution's. Output along an axis:
    ``(H - 1)·s - 2·p + d·(k - 1) + a + 1``, where ``a`` is the output padding.

    Args:
        out_channels: how many channels come out.
        kernel_size: a size, or one for each axis.
        stride: how far apart the input positions lie in the output.
        padding: what is cut off the output: a size, one for each axis, or a pair
            ``(before, after)`` for each axis.
        output_padding: what is added to the end of each axis; less than the stride or the dilation.
        groups: how many groups the channels are split into; it divides both channel counts.
        bias: whether each output channel has one.
        dilation: a size, or one for each axis.
        padding_mode: taken as in PyTorch; it changes no count.
        in_channels: checked against the input where it is given.

    Raises:
        SizeError: a setting that is not a size.
        ShapeError: an input with another number of axes.
        ConditionError: groups that do not divide the channels, an output padding as large as both
            stride and dilation, a padding that leaves no output.

    >>> import symcnn as sc
    >>> up = sc.ConvTranspose2d(32, 2, stride=2).on((64, 28, 28))
    >>> up.output, up.params, up.macs
    (Shape(32, 56, 56), 8224, 6422528)
    """

    out_channels: Any = size("C_out", positional=True)
    kernel_size: Any = axes("k", positional=True)
    stride: Any = axes("s", 1)
    padding: Any = padding()
    output_padding: Any = axes("a", 0, minimum=0)
    groups: Any = size("g", 1)
    bias: bool = option(True)
    dilation: Any = axes("d", 1)
    padding_mode: str = option("zeros")
    in_channels: Any = told_by_input("C_in")

    def check(self) -> None:
        """Groups divide the output's channels, and the output padding is small."""
        if self.out_channels is not LEFT_OUT:
            grouped(self.groups, "out_channels", self.out_channels)
        self._output_padded()

    def _output_padded(self) -> Conditions:
        conditions: Conditions = ()
        for added, stride, dilation in zip(self.output_padding, self.stride, self.dilation, strict=True):
            conditions += _smaller(added, stride, dilation)
        return conditions

    def apply(self, x: Shape) -> Profile:
        """One multiply-accumulate for each weight of a filter, at each input position."""
        conditions = grouped(self.groups, "in_channels", x.channels)
        conditions += grouped(self.groups, "out_channels", self.out_channels) + self._output_padded()
        extents = tuple(map(dilated, self.kernel_size, self.dilation))
        places = tuple(map(_stretched, x.axes, extents, self.stride, self.padding, self.output_padding))
        for left in map(_left, x.axes, places, extents, self.padding, self.output_padding):
            conditions += left
        group = self.out_channels if self.groups == 1 else self.out_channels / self.groups
        weight = (x.channels, group, *self.kernel_size)
        output = Shape.of((self.out_channels, *places))
        return Profile(
            x,
            output,
            weights={"weight": weight} | ({"bias": (self.out_channels,)} if self.bias else {}),
            operations={MULTIPLY_ACCUMULATE: (*weight, *x.axes)} | ({"bias": output} if self.bias else {}),
            activations={"output": output},
            keeps={"input": x},
            windows=tuple(map(_window, extents, self.stride, self.padding, self.output_padding)),
            conditions=conditions,
        )


def _stretched(size: Size, extent: Size, stride: Size, pads: tuple[Size, Size], added: Size) -> Size:
    """The output along an axis: ``(size - 1)*stride + extent`` less the padding, and what is added."""
    return canonical(size * stride - stride + extent - sum(pads) + added)


def _window(extent: Size, stride: Size, pads: tuple[Size, Size], added: Size) -> Window:
    """With a stride of 1 it is a convolution of the padded input; else outputs see unequally much."""
    if stride != 1:
        return IRREGULAR
    before, after = pads
    return Window(extent, Integer(1), (extent - 1 - before, extent - 1 - after + added))


def _smaller(added: Size, stride: Size, dilation: Size) -> Conditions:
    if added == 0:
        return ()

    def otherwise() -> str:
        given = f"output_padding={added}, stride={stride} and dilation={dilation}"
        return f"output_padding must be less than stride or dilation, got {given}"

    larger = Max(stride, dilation) if 1 not in (stride, dilation) else stride * dilation
    return at_least(larger, added + 1, otherwise, "output_padding is less than stride or dilation")


def _left(before: Size, after: Size, extent: Size, pads: tuple[Size, Size], added: Size) -> Conditions:
    alone = extent - sum(pads) + added
    if sum(pads) == 0 or (alone.is_Integer and alone > 0):
        return ()  # One input position leaves an output, and more leave more.

    def otherwise() -> str:
        return f"padding of {pads[0]} before and {pads[1]} after leaves no output on an input of {before}"

    return at_least(after, 1, otherwise, "padding leaves an output")


class ConvTranspose1d(ConvTranspose):
    """A transposed convolution over ``(channels, length)``; see ``ConvTranspose``."""

    ranks = (1,)


class ConvTranspose2d(ConvTranspose):
    """A transposed convolution over ``(channels, height, width)``; see ``ConvTranspose``."""

    ranks = (2,)


class ConvTranspose3d(ConvTranspose):
    """A transposed convolution over ``(channels, depth, height, width)``; see ``ConvTranspose``."""

    ranks = (3,)
