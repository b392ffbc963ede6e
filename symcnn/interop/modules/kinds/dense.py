"""Linear layers, attention, and tokens."""

from __future__ import annotations

from math import prod
from typing import Any

import torch
from torch import Tensor, nn

from ....layers import Linear, MultiheadAttention
from ....networks.patches import Tokens
from ....shape import Shape


class SelfAttention(nn.MultiheadAttention):
    """Attention of an input to itself."""

    def forward(self, x: Tensor) -> Tensor:
        """Tokens by tokens, without the weights of the one to the other."""
        output: Tensor = super().forward(x, x, x, need_weights=False)[0]
        return output


class InRow(nn.Module):
    """The places of a map in a row, each with its channels; behind a class token and with positions."""

    def __init__(self, width: int, tokens: int, class_token: bool, position_embedding: bool) -> None:
        super().__init__()
        self.class_token = nn.Parameter(torch.zeros(width)) if class_token else None
        positions = torch.empty(tokens, width).normal_(std=0.02) if position_embedding else None
        self.position_embedding = None if positions is None else nn.Parameter(positions)

    def forward(self, x: Tensor) -> Tensor:
        """The row."""
        row = x.flatten(2).transpose(1, 2)
        if self.class_token is not None:
            row = torch.cat([self.class_token.expand(len(x), 1, -1), row], 1)
        return row if self.position_embedding is None else row + self.position_embedding


def attention(layer: MultiheadAttention, x: Shape) -> nn.Module:
    """Attention with the batch first, as all modules here take it."""
    return SelfAttention(int(x[-1]), int(layer.num_heads), dropout=layer.dropout, bias=layer.bias, batch_first=True)


def tokens(layer: Tokens, x: Shape) -> nn.Module:
    """A map in a row."""
    number = prod(map(int, x.axes)) + layer.class_token
    return InRow(int(x.channels), number, layer.class_token, layer.position_embedding)


KINDS: dict[type, Any] = {
    Linear: lambda layer, x: nn.Linear(int(x[-1]), int(layer.out_features), layer.bias),
    MultiheadAttention: attention,
    Tokens: tokens,
}
