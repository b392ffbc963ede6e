"""Operators that are layers: convolutions, linear layers, normalisation and reductions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .... import layers
from ....layer import Layer, settings_of
from ..calls import Call
from ..leaves import Operation, Reduction
from ..values import Constant, UnfitError, Value


def named(name: str, rank: int) -> Any:
    """The layer of a name and a number of axes."""
    return getattr(layers, f"{name}{rank}d")


def convolved(call: Call, weight: Any, bias: Constant | None, transposed: bool, groups: Any, **settings: Any) -> Value:
    """Any convolution; the settings are those of the layer."""
    if not isinstance(weight, Constant):
        raise UnfitError("the kernel depends on the input")
    rank = len(weight.full) - 2
    out = weight.full[1] * groups if transposed else weight.full[0]
    kind = named("ConvTranspose" if transposed else "Conv", rank)
    layer = kind(out, weight.full[2:], groups=groups, bias=bias is not None, **settings)
    return on_maps(call, layer, rank, [weight, bias])


def on_maps(call: Call, layer: Layer, rank: int, constants: list[Any]) -> Value:
    """A layer on each map of the input; frames that stand where the batch does are an axis of their own."""
    x = call.x
    if x.rank == rank + 1 or x.full[0] == 1:
        return call.builder.weighted(layer, call.batched(rank), constants)
    if rank == 3:
        return _on_many(call, layer, constants)
    frames = call.builder.placed(x, None)
    order = (1, 0, *range(2, rank + 2))
    frames = call.layer(layers.Permute(order), frames)
    return call.layer(layers.Permute(order), call.builder.weighted(_each_frame(layer, rank), frames, constants))


def _on_many(call: Call, layer: Layer, constants: list[Any]) -> Value:
    """The same where there is no layer of so many axes: the weight at every place of the output."""
    given = [one for one in constants if one is not None]
    if "Transpose" in type(layer).__name__:
        raise UnfitError("a transposed convolution of four axes")
    products = [(call.full[0], *call.full[2:], *one.full) for one in given[:1]]
    return call.combined(call.name, [call.x], given, products)


ALONG_FRAMES = {"kernel_size": 1, "stride": 1, "padding": (0, 0), "output_padding": 0, "dilation": 1}
"""The settings of a layer along an axis on which it does nothing."""


def _each_frame(layer: Layer, rank: int) -> Layer:
    """The layer of one axis more, along which it does nothing."""
    settings = {name: getattr(layer, name) for name in settings_of(type(layer)) if name != "in_channels"}
    for name, alone in ALONG_FRAMES.items():
        if isinstance(settings.get(name), tuple):
            settings[name] = (alone, *settings[name])
    wider: Layer = named(type(layer).__name__[:-2], rank + 1)(**settings)
    return wider


def channelwise(call: Call, name: str, rank: int, constants: Sequence[Any]) -> Value:
    """A normalisation of each channel, by its weight, bias, running mean and running variance."""
    weight, bias, mean, _ = constants
    pairs = (weight is None) == (bias is None)
    x = call.x
    if not pairs or x.rank > 5 or x.full[0] != 1:
        return normalised(call, constants)
    x = call.builder.placed(x, 0)
    settings = {"affine": weight is not None, "track_running_stats": mean is not None}
    return call.builder.weighted(named(name, rank)(**settings), x, constants)


def normalised(call: Call, constants: Sequence[Any]) -> Value:
    """A normalisation that has no layer of its own."""
    given = [one for one in constants if one is not None]
    return call.builder.weighted_by(Operation("normalise"), call.x, given)


def reduced(call: Call, kind: str, axes: Sequence[int], keepdim: bool) -> Value:
    """One number for each place along axes."""
    x, over = call.along(call.x, axes)
    if kind == "mean" and over == tuple(range(1, len(x.shape))) and x.unwritten == 0:
        return call.layer(layers.GlobalAvgPool(keepdim=keepdim), x)
    kept = [axis for axis in range(x.rank) if axis not in {one % x.rank for one in axes}]
    unwritten = x.unwritten if keepdim or x.unwritten is None else kept.index(x.unwritten)
    return call.layer(Reduction(kind, over, keepdim=keepdim), x, unwritten)
