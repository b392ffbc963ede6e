"""Normalisation.

Source: ONNX's documentation of BatchNormalization, InstanceNormalization, LayerNormalization,
GroupNormalization, RMSNormalization and LRN.
"""

from __future__ import annotations

from typing import Any

from .... import layers
from ...reading.rules.layers import channelwise, normalised
from ...reading.values import Constant, UnfitError, Value
from ..calls import NodeCall


def constants(call: NodeCall, *places: int) -> list[Any]:
    """Arguments that must not depend on the input, or None where they are left out."""
    found = [call.optional(place) for place in places]
    if any(isinstance(one, Value) for one in found):
        raise UnfitError("the scale depends on the input")
    return found


def batch_norm(call: NodeCall) -> list[Value]:
    """A normalisation of each channel with running statistics."""
    given = constants(call, 1, 2, 3, 4)
    if call.attribute("spatial", "integer", 1) == 0:
        return [normalised(call, given)] * len(call.node.output)
    for one, what in zip(given, ("the scale", "the bias", "the mean", "the variance"), strict=True):
        call.fits(one, call.x.full[1:2], what)
    return [channelwise(call, "BatchNorm", max(call.x.rank - 2, 1), given)] * len(call.node.output)


def instance_norm(call: NodeCall) -> Value:
    """A normalisation of each channel of each input."""
    scale, bias = constants(call, 1, 2)
    for one, what in ((scale, "the scale"), (bias, "the bias")):
        call.fits(one, call.x.full[1:2], what)
    return channelwise(call, "InstanceNorm", call.x.rank - 2, [scale, bias, None, None])


def layer_norm(call: NodeCall) -> list[Value]:
    """A normalisation over the last axes."""
    scale, bias = constants(call, 1, 2)
    rank = call.x.rank
    axis = call.axis(call.attribute("axis", "integer", -1), rank)
    x, _ = call.along(call.x, range(axis - rank, 0))
    over = x.full[axis - rank :]
    for one, what in ((scale, "the scale"), (bias, "the bias")):
        if one is not None:
            call.broadcast([over, one.full], what)
    given = [one for one in (scale, bias) if one is not None]
    layer = layers.LayerNorm(tuple(over), bias=bias is not None)
    if any(one.full != tuple(over) for one in given):
        return [call.builder.layer(call.builder.storing(layer, given), x)] * len(call.node.output)
    return [call.builder.weighted(layer, x, given)] * len(call.node.output)


def group_norm(call: NodeCall) -> Value:
    """A normalisation of groups of channels; before opset 21 a group has one scale."""
    scale, bias = constants(call, 1, 2)
    x = call.builder.placed(call.x, 0)
    layer = layers.GroupNorm(call.attribute("num_groups", "integer", 1))
    if scale.full == x.shape[:1] and bias.full == x.shape[:1]:
        return call.builder.weighted(layer, x, [scale, bias])
    return call.builder.layer(call.builder.storing(layer, [scale, bias]), x)


def plain(call: NodeCall) -> Value:
    """A normalisation that has no layer of its own."""
    return normalised(call, [one for one in constants(call, 1, 2) if isinstance(one, Constant)])


def local(call: NodeCall) -> Value:
    """Each element by its neighbours in other channels."""
    return call.layer(layers.LocalResponseNorm(call.attribute("size", "integer", 1)), call.builder.placed(call.x, 0))


NORMALISATION: dict[str, Any] = {
    "BatchNormalization": batch_norm,
    "InstanceNormalization": instance_norm,
    "LayerNormalization": layer_norm,
    "GroupNormalization": group_norm,
    **dict.fromkeys(["RMSNormalization", "LpNormalization", "MeanVarianceNormalization"], plain),
    "LRN": local,
}
