"""Normalisations."""

from __future__ import annotations

from typing import Any

from torch import Tensor, nn

from ....layers import GroupNorm, LayerNorm, LayerNorm2d, LocalResponseNorm
from ....layers.norm import BatchNorm
from ....shape import Shape
from .common import ints


class OverChannels(nn.LayerNorm):
    """Layer normalisation over the channels of a map, which are put last meanwhile."""

    def forward(self, x: Tensor) -> Tensor:
        """Each place by itself."""
        normalised: Tensor = super().forward(x.permute(0, 2, 3, 1))
        return normalised.permute(0, 3, 1, 2)


def by_channel(layer: BatchNorm, x: Shape) -> nn.Module:
    """Batch or instance normalisation; Keras's without a scale has a shift alone."""
    settings = {name: getattr(layer, name) for name in ("eps", "momentum", "affine", "track_running_stats")}
    norm: nn.Module = getattr(nn, type(layer).__name__)(int(x.channels), **settings)
    if not layer.scale:
        norm.register_parameter("weight", None)
    return norm


def by_last(layer: LayerNorm, x: Shape) -> nn.Module:
    """Layer normalisation over the last axes, or over the channels."""
    over = x[:1] if isinstance(layer, LayerNorm2d) else x[-(len(layer.given()) or 1) :]
    kind = OverChannels if isinstance(layer, LayerNorm2d) else nn.LayerNorm
    affine, bias = layer.elementwise_affine, layer.bias
    return kind(ints(tuple(over)), eps=layer.eps, elementwise_affine=affine, bias=bias)


def by_group(layer: GroupNorm, x: Shape) -> nn.Module:
    """Group normalisation."""
    return nn.GroupNorm(int(layer.num_groups), int(x.channels), eps=layer.eps, affine=layer.affine)


def local(layer: LocalResponseNorm, x: Shape) -> nn.Module:
    """Local response normalisation."""
    return nn.LocalResponseNorm(int(layer.size), alpha=layer.alpha, beta=layer.beta, k=layer.k)


KINDS: dict[type, Any] = {
    BatchNorm: by_channel,
    LayerNorm: by_last,
    GroupNorm: by_group,
    LocalResponseNorm: local,
}
