"""Functions of each element, and of each element beside its neighbours; what is left out in training."""

from __future__ import annotations

from inspect import signature
from typing import Any

import torch
from torch import Tensor, nn

from ....layers import (
    GLU,
    Dropout,
    Identity,
    LayerScale,
    PReLU,
    Softmax,
    Softmax2d,
    StochasticDepth,
)
from ....layers.activation import Activation
from ....shape import Shape
from ...reading.leaves import Traced
from .common import with_batch


class Scaled(nn.Module):
    """Each channel times a weight of its own."""

    def __init__(self, channels: int, init_value: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.full((channels,), float(init_value)))

    def forward(self, x: Tensor) -> Tensor:
        """The product."""
        return x * self.weight.view(-1, *(1 for _ in x.shape[2:]))


class LeftOut(nn.Module):
    """In training, inputs are left out with a probability: each by itself, or all of a batch together."""

    def __init__(self, p: float, mode: str) -> None:
        super().__init__()
        self.p, self.mode = p, mode

    def forward(self, x: Tensor) -> Tensor:
        """The input; in training a multiple of it, which may be none, and is the input on average."""
        if not self.training or self.p == 0:
            return x
        each = len(x) if self.mode == "row" else 1
        kept = x.new_empty((each, *(1 for _ in x.shape[1:]))).bernoulli_(1 - self.p)
        return x * (kept / (1 - self.p) if self.p < 1 else kept)

    def extra_repr(self) -> str:
        """The probability, and what is left out together."""
        return f"p={self.p}, mode={self.mode!r}"


def activation(layer: Activation, x: Shape) -> nn.Module:
    """The activation of that name. ``inplace`` is about memory: where PyTorch has no such setting it is left out."""
    kind = getattr(nn, type(layer).__name__)
    inplace = {"inplace": True} if layer.inplace and "inplace" in signature(kind).parameters else {}
    return kind(**inplace)


def along(layer: Softmax | GLU, x: Shape) -> nn.Module:
    """A function along an axis."""
    return getattr(nn, type(layer).__name__)(with_batch(layer.dim))


KINDS: dict[type, Any] = {
    Activation: activation,
    PReLU: lambda layer, x: nn.PReLU(int(layer.num_parameters), layer.init),
    Softmax: along,
    GLU: along,
    Softmax2d: lambda layer, x: nn.Softmax2d(),
    LayerScale: lambda layer, x: Scaled(int(x.channels), layer.init_value),
    Dropout: lambda layer, x: nn.Dropout(layer.p, layer.inplace),
    StochasticDepth: lambda layer, x: LeftOut(layer.p, layer.mode),
    Identity: lambda layer, x: nn.Identity(),
    Traced: lambda layer, x: nn.Identity(),
}
