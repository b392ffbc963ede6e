"""The same elements in another shape or order, a piece of them, or as many as another resolution has."""

from __future__ import annotations

from math import inf, nextafter
from typing import Any

from sympy import Rational
from torch import Tensor, nn

from ....layers import (
    ChannelShuffle,
    Flatten,
    Permute,
    PixelShuffle,
    PixelUnshuffle,
    Reshape,
    Split,
    Upsample,
)
from ....shape import Shape
from .common import ints, with_batch


class Reshaped(nn.Module):
    """Each input in another shape."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        super().__init__()
        self.shape = shape

    def forward(self, x: Tensor) -> Tensor:
        """The same elements."""
        return x.reshape(len(x), *self.shape)

    def extra_repr(self) -> str:
        """The shape without the batch."""
        return str(self.shape)


class Permuted(nn.Module):
    """The axes of each input in another order; counted without the batch."""

    def __init__(self, dims: tuple[int, ...]) -> None:
        super().__init__()
        self.dims = dims

    def forward(self, x: Tensor) -> Tensor:
        """The same elements."""
        return x.permute(0, *map(with_batch, self.dims))

    def extra_repr(self) -> str:
        """The order without the batch."""
        return str(self.dims)


class Piece(nn.Module):
    """One of the pieces that an axis is split into: equal ones, or of given sizes with perhaps a rest, -1."""

    def __init__(self, sections: int | tuple[int, ...], index: int, axis: int) -> None:
        super().__init__()
        self.sections, self.index, self.axis = sections, index, axis

    def forward(self, x: Tensor) -> Tensor:
        """The piece."""
        if isinstance(self.sections, int):
            return x.unflatten(self.axis, (self.sections, -1)).select(self.axis % x.dim(), self.index)
        left = x.shape[self.axis] - sum(size for size in self.sections if size != -1)
        return x.split([left if size == -1 else size for size in self.sections], self.axis)[self.index]

    def extra_repr(self) -> str:
        """Which piece of which."""
        return f"sections={self.sections}, index={self.index}, axis={self.axis}"


def upsample(layer: Upsample, x: Shape) -> nn.Module:
    """Interpolation to a size or by a factor."""
    size, factor = ints(layer.size), layer.scale_factor
    scale = tuple(map(_above, factor)) if isinstance(factor, tuple) else factor and _above(factor)
    return nn.Upsample(size, scale, layer.mode, layer.align_corners)


def _above(factor: Rational) -> float:
    """The factor, or the next number above it, so that a product with a size is never short of what it is."""
    value = factor.p / factor.q
    return value if Rational(value) >= factor else nextafter(value, inf)


KINDS: dict[type, Any] = {
    Flatten: lambda layer, x: nn.Flatten(),
    Reshape: lambda layer, x: Reshaped(ints(layer.shape)),
    Permute: lambda layer, x: Permuted(layer.dims),
    Split: lambda layer, x: Piece(ints(layer.sections), layer.index, with_batch(layer.axis)),
    PixelShuffle: lambda layer, x: nn.PixelShuffle(int(layer.upscale_factor)),
    PixelUnshuffle: lambda layer, x: nn.PixelUnshuffle(int(layer.downscale_factor)),
    ChannelShuffle: lambda layer, x: nn.ChannelShuffle(int(layer.groups)),
    Upsample: upsample,
}
