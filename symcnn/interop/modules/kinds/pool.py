"""Pools: PyTorch's own, and those whose windows reach beyond what it pads."""

from __future__ import annotations

from typing import Any

from torch import Tensor, nn
from torch.nn import functional

from ....layers.global_pool import GlobalAvgPool, GlobalMaxPool
from ....layers.pool import AdaptivePool, AvgPool, MaxPool, Pool
from ....shape import Shape
from .common import ends, ints

Pairs = list[tuple[int, int]]


class UnevenPool(nn.Module):
    """A pool over an input that is padded before, differently at the two ends of an axis.

    ``pads`` are pairs ``(before, after)``; behind them ``ceil_mode`` adds what the last window lacks.
    """

    def __init__(self, layer: Pool) -> None:
        super().__init__()
        self.kernel_size = ints(layer.kernel_size)
        self.stride = self.kernel_size if layer.stride is None else ints(layer.stride)
        self.dilation = ints(layer.dilations())
        self.pads: Pairs = list(ints(layer.padding))
        self.ceil_mode = layer.ceil_mode

    def around(self, x: Tensor) -> Pairs:
        """What each axis needs before and after so that the windows just fit; what is left over is cut off."""
        axes = zip(x.shape[2:], self.kernel_size, self.stride, self.dilation, self.pads, strict=True)
        return [(pads[0], self._after(n, d * (k - 1) + 1, s, *pads)) for n, k, s, d, pads in axes]

    def _after(self, size: int, extent: int, stride: int, before: int, after: int) -> int:
        steps = (size + before + after - extent) // stride
        if self.ceil_mode:  # The last window starts before the padding after the input.
            steps = (size + before - 1 + min(after - extent + stride, 0)) // stride
        return steps * stride + extent - size - before

    def extra_repr(self) -> str:
        """Its settings."""
        names = ("kernel_size", "stride", "dilation", "pads", "ceil_mode")
        return ", ".join(f"{name}={getattr(self, name)}" for name in names)


class UnevenMaxPool(UnevenPool):
    """The largest element of each window; padding is below every element."""

    def forward(self, x: Tensor) -> Tensor:
        """The largest of each window."""
        pool = getattr(functional, f"max_pool{x.dim() - 2}d")
        padded = functional.pad(x, ends(self.around(x)), value=-float("inf"))
        output: Tensor = pool(padded, self.kernel_size, self.stride, dilation=self.dilation)
        return output


class UnevenAvgPool(UnevenPool):
    """The mean of each window: over the input and its padding, or the input alone; never beyond them."""

    def __init__(self, layer: AvgPool) -> None:
        super().__init__(layer)
        self.count_include_pad = layer.count_include_pad

    def forward(self, x: Tensor) -> Tensor:
        """The mean over the whole of each window, divided by the part of it that counts."""
        pool = getattr(functional, f"avg_pool{x.dim() - 2}d")
        around = self.around(x)
        means: Tensor = pool(functional.pad(x, ends(around)), self.kernel_size, self.stride)
        parts: Tensor = pool(self._counts(x, around), self.kernel_size, self.stride)
        return means / parts

    def _counts(self, x: Tensor, around: Pairs) -> Tensor:
        """1 where an element counts, 0 beyond."""
        counted = [(before, min(after, pads[1])) for (before, after), pads in zip(around, self.pads, strict=True)]
        beyond = [(0, after - known) for (_, after), (_, known) in zip(around, counted, strict=True)]
        ones = functional.pad(x.new_ones(1, 1, *x.shape[2:]), ends(counted), value=float(self.count_include_pad))
        return functional.pad(ones, ends(beyond))


class OverAll(nn.Module):
    """One number for each channel: the mean, or the largest element."""

    def __init__(self, how: str, keepdim: bool) -> None:
        super().__init__()
        self.how, self.keepdim = how, keepdim

    def forward(self, x: Tensor) -> Tensor:
        """Over all axes after the channels."""
        axes = tuple(range(2, x.dim()))
        return x.mean(axes, self.keepdim) if self.how == "mean" else x.amax(axes, self.keepdim)

    def extra_repr(self) -> str:
        """What it takes, and whether the axes stay."""
        return f"{self.how}, keepdim={self.keepdim}"


def max_pool(layer: MaxPool, x: Shape) -> nn.Module:
    """The largest of each window."""
    if _uneven(layer):
        return UnevenMaxPool(layer)
    return _plain(layer, dilation=ints(layer.dilation))


def avg_pool(layer: AvgPool, x: Shape) -> nn.Module:
    """The mean of each window. PyTorch's over three axes wants a kernel that fits without padding."""
    padded = layer.rank == 3 and (layer.ceil_mode or any(before for before, _ in layer.padding))
    if padded or _uneven(layer):
        return UnevenAvgPool(layer)
    return _plain(layer, count_include_pad=layer.count_include_pad)


def _uneven(layer: Pool) -> bool:
    return any(before != after for before, after in layer.padding)


def _plain(layer: Pool, **more: Any) -> nn.Module:
    kind = getattr(nn, type(layer).__name__)
    pads = tuple(before for before, _ in ints(layer.padding))
    settings = {"kernel_size": ints(layer.kernel_size), "stride": ints(layer.stride), "padding": pads}
    return kind(**settings, ceil_mode=layer.ceil_mode, **more)


def adaptive(layer: AdaptivePool, x: Shape) -> nn.Module:
    """A pool to a size, or nothing where every axis stays."""
    size = ints(layer.output_size)
    if set(size) == {None}:
        return nn.Identity()
    return getattr(nn, type(layer).__name__)(size)


KINDS: dict[type, Any] = {
    MaxPool: max_pool,
    AvgPool: avg_pool,
    AdaptivePool: adaptive,
    GlobalAvgPool: lambda layer, x: OverAll("mean", layer.keepdim),
    GlobalMaxPool: lambda layer, x: OverAll("max", layer.keepdim),
}
