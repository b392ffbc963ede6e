"""Normalisations, and what is applied to each element with numbers that are stored.

Source: Keras's documentation, "Normalization layers" and "Preprocessing layers".
"""

from __future__ import annotations

from typing import Any

from .... import layers
from ...reading.leaves import Operation
from ..calls import Call, Rule
from ..tensors import Tensor, leading
from .convolution import of_rank


def batch_norm(call: Call) -> Tensor:
    """A normalisation of each channel with running statistics; ``scale`` and ``center`` say what is learned."""
    op = call.op
    x = call.first(call.x, op.axis)
    call.built_for(x.value.shape.channels, op.moving_mean.shape[0], "channels")
    if x.rank > 4:
        return call.weighted(Operation("normalise"), x)
    layer = of_rank(layers, "BatchNorm", max(x.rank - 1, 1))
    return call.weighted(layer(affine=op.scale or op.center, scale=op.scale), x)


def layer_norm(call: Call) -> Tensor:
    """A normalisation over axes, the last if nothing is said."""
    op = call.op
    axes = [op.axis] if isinstance(op.axis, int) else list(op.axis)
    x = call.x
    over = sorted(x.axis(axis) for axis in axes)
    for one in op.weights:
        for axis, size in zip(over, one.shape, strict=True):
            call.built_for(x.sizes[axis], size, "places along an axis")
    rms = getattr(op, "rms_scaling", False)
    settings: dict[str, Any] = {"elementwise_affine": op.scale or op.center, "bias": op.center or not op.scale}
    if x.order == leading(x.rank, x.rank - 1) and over == [x.rank - 1] and x.rank == 3 and not rms:
        return call.weighted(layers.LayerNorm2d(x.sizes[-1], **settings), x)
    if over != list(range(over[0], x.rank)) or rms:
        return call.weighted(Operation("normalise"), x)
    x = call.plain(x)
    return call.weighted(layers.LayerNorm(x.sizes[over[0] :], **settings), x)


def group_norm(call: Call) -> Tensor:
    """A normalisation of groups of channels; of as many as channels, if the number is -1."""
    op = call.op
    x = call.first(call.x, op.axis)
    channels = x.value.shape.channels
    for one in op.weights:
        call.built_for(channels, one.shape[0], "channels")
    groups = channels if op.groups == -1 else op.groups
    return call.weighted(layers.GroupNorm(groups, affine=op.scale or op.center), x)


def normalised(call: Call) -> Tensor:
    """A normalisation that has no layer of its own."""
    x = call.x
    axis = getattr(call.op, "axis", -1)
    for one in call.op.weights:
        if isinstance(axis, int) and len(one.shape) == 1:
            call.built_for(x.sizes[x.axis(axis)], one.shape[0], "places along an axis")
    return call.weighted(Operation("normalise"), x)


def rescaling(call: Call) -> Tensor:
    """Each element times a number, and a number."""
    return call.layer(Operation("rescale"), call.x)


def normalization(call: Call) -> Tensor:
    """Each element less a mean, divided by a deviation, which may be stored."""
    return call.weighted(Operation("rescale"), call.x)


def spectral(call: Call) -> Tensor:
    """A layer whose weight is normalised in training alone; what that keeps is stored."""
    inner = call.op.layer
    with call.inside():
        (x,) = call.tracer.flat(call.tracer.called(inner, (call.x,), {}))
        own = {id(one) for one in inner.weights}
        return call.charged(x, [one for one in call.op.weights if id(one) not in own])


NORMALISATIONS: dict[str, Rule] = {
    "BatchNormalization": batch_norm,
    "LayerNormalization": layer_norm,
    "GroupNormalization": group_norm,
    "RMSNormalization": normalised,
    "UnitNormalization": normalised,
    "SpectralNormalization": spectral,
    "Rescaling": rescaling,
    "Normalization": normalization,
}
