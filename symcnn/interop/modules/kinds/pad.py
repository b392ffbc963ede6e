"""What is put around a map, or cut off."""

from __future__ import annotations

from typing import Any

from torch import Tensor, nn
from torch.nn.functional import pad

from ....layers import ChannelPad, Crop
from ....layers.pad import Pad
from ....shape import Shape
from .common import ends, ints


class Ends(nn.Module):
    """Zeros before and after each axis but the batch; a negative number cuts off."""

    def __init__(self, pairs: list[tuple[int, int]]) -> None:
        super().__init__()
        self.pairs = pairs

    def forward(self, x: Tensor) -> Tensor:
        """The larger or smaller map."""
        return pad(x, ends(self.pairs))

    def extra_repr(self) -> str:
        """What comes before and after."""
        return repr(self.pairs)


def around(layer: Pad, x: Shape) -> nn.Module:
    """PyTorch's padding of that name."""
    return getattr(nn, type(layer).__name__)(ints(layer.padding))


def channels(layer: ChannelPad, x: Shape) -> nn.Module:
    """Channels of zeros."""
    return Ends([(int(layer.before), int(layer.after)), *((0, 0) for _ in x.axes)])


def crop(layer: Crop, x: Shape) -> nn.Module:
    """A map without its margin."""
    margin = ints(layer.margin)
    margins = margin if isinstance(margin, tuple) else (margin,) * len(x.axes)
    return Ends([(-cut, -cut) for cut in margins])


KINDS: dict[type, Any] = {Pad: around, ChannelPad: channels, Crop: crop}
