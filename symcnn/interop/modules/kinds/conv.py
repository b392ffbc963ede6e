"""Convolutions: PyTorch's own, and those that pad the ends of an axis differently."""

from __future__ import annotations

from typing import Any

from torch import Tensor, nn
from torch.nn.functional import pad

from ....layers.conv import Conv
from ....layers.conv_transpose import ConvTranspose
from ....layers.depthwise import DepthwiseConv
from ....shape import Shape
from .common import ends, ints

Pairs = list[tuple[int, int]]


class Padded(nn.Module):
    """A convolution whose input is padded before; beside one of PyTorch's, whose ``forward`` it calls.

    ``pads`` are pairs ``(before, after)`` for each axis, or ``"same"``, which depends on the input.
    """

    kernel_size: tuple[int, ...]
    stride: tuple[int, ...]
    dilation: tuple[int, ...]

    def __init__(self, pads: Pairs | str, mode: str, **settings: Any) -> None:
        super().__init__(**settings)
        self.pads, self.mode = pads, "constant" if mode == "zeros" else mode

    def forward(self, x: Tensor) -> Tensor:
        """The convolution of the padded input."""
        pads = self._same(x) if isinstance(self.pads, str) else self.pads
        output: Tensor = super().forward(pad(x, ends(pads), mode=self.mode))
        return output

    def _same(self, x: Tensor) -> Pairs:
        """As much as ``⌈size/stride⌉`` windows need, the odd one after, as TensorFlow does."""
        sizes = zip(x.shape[2:], self.kernel_size, self.stride, self.dilation, strict=True)
        totals = [max(-(-n // s) * s - s + d * (k - 1) + 1 - n, 0) for n, k, s, d in sizes]
        return [(total // 2, total - total // 2) for total in totals]

    def extra_repr(self) -> str:
        """The convolution's settings, and its padding."""
        return f"{super().extra_repr()}, pads={self.pads!r}"


class PaddedConv1d(Padded, nn.Conv1d):
    """A convolution over a length, with padding that PyTorch's has not."""


class PaddedConv2d(Padded, nn.Conv2d):
    """A convolution over height and width, with padding that PyTorch's has not."""


class PaddedConv3d(Padded, nn.Conv3d):
    """A convolution over depth, height and width, with padding that PyTorch's has not."""


class Cut(nn.Module):
    """A transposed convolution of whose output the ends are cut off; beside one of PyTorch's."""

    def __init__(self, pads: Pairs, **settings: Any) -> None:
        super().__init__(**settings)
        self.pads = pads

    def forward(self, x: Tensor) -> Tensor:
        """The output without its ends."""
        return pad(super().forward(x), [-size for size in ends(self.pads)])

    def extra_repr(self) -> str:
        """The convolution's settings, and what is cut off."""
        return f"{super().extra_repr()}, pads={self.pads!r}"


class CutConvTranspose1d(Cut, nn.ConvTranspose1d):
    """A transposed convolution over a length, whose two ends are cut off differently."""


class CutConvTranspose2d(Cut, nn.ConvTranspose2d):
    """A transposed convolution over height and width, whose ends are cut off differently."""


class CutConvTranspose3d(Cut, nn.ConvTranspose3d):
    """A transposed convolution over depth, height and width, whose ends are cut off differently."""


PLAIN: Any = {1: nn.Conv1d, 2: nn.Conv2d, 3: nn.Conv3d}
PADDED: Any = {1: PaddedConv1d, 2: PaddedConv2d, 3: PaddedConv3d}
TRANSPOSED: Any = {1: nn.ConvTranspose1d, 2: nn.ConvTranspose2d, 3: nn.ConvTranspose3d}
CUT: Any = {1: CutConvTranspose1d, 2: CutConvTranspose2d, 3: CutConvTranspose3d}


def plain(layer: Conv, x: Shape) -> nn.Module:
    """A convolution."""
    return _convolution(layer, x, int(layer.out_channels), int(layer.groups))


def depthwise(layer: DepthwiseConv, x: Shape) -> nn.Module:
    """A convolution in as many groups as there are channels."""
    return _convolution(layer, x, int(x.channels * layer.multiplier), int(x.channels))


def _convolution(layer: Conv | DepthwiseConv, x: Shape, filters: int, groups: int) -> nn.Module:
    settings = _settings(layer, x) | {"out_channels": filters, "groups": groups}
    pads = _pads(layer)
    if isinstance(pads, str) or any(before != after for before, after in pads):
        return PADDED[layer.rank](pads, layer.padding_mode, **settings)
    even = tuple(before for before, _ in pads)
    return PLAIN[layer.rank](**settings, padding=even, padding_mode=layer.padding_mode)


def _pads(layer: Conv | DepthwiseConv) -> Pairs | str:
    """Pairs for each axis; with ``"same"`` they are known where the stride is 1."""
    if layer.padding != "same":
        return list(ints(layer.padding))
    if set(layer.stride) != {1}:
        return "same"
    totals = [d * (k - 1) for k, d in zip(ints(layer.kernel_size), ints(layer.dilation), strict=True)]
    return [(total // 2, total - total // 2) for total in totals]


def transposed(layer: ConvTranspose, x: Shape) -> nn.Module:
    """A transposed convolution."""
    settings = _settings(layer, x) | {
        "out_channels": int(layer.out_channels),
        "groups": int(layer.groups),
        "output_padding": ints(layer.output_padding),
        "padding_mode": layer.padding_mode,
    }
    pads = list(ints(layer.padding))
    if any(before != after for before, after in pads):
        return CUT[layer.rank](pads, **settings)
    return TRANSPOSED[layer.rank](**settings, padding=tuple(before for before, _ in pads))


def _settings(layer: Conv | DepthwiseConv | ConvTranspose, x: Shape) -> dict[str, Any]:
    """What all convolutions have."""
    axes = {name: ints(getattr(layer, name)) for name in ("kernel_size", "stride", "dilation")}
    return axes | {"in_channels": int(x.channels), "bias": layer.bias}


KINDS: dict[type, Any] = {Conv: plain, DepthwiseConv: depthwise, ConvTranspose: transposed}
