"""Other orders of axes, repetition along them, padding."""

from __future__ import annotations

from .... import layers
from ....sizes import Size
from ..calls import Call
from ..values import ONE, Value
from .layers import named


def permuted(call: Call, order: list[int]) -> Value:
    """The axes in an order, given with the batch."""
    x = call.x
    unwritten = None if x.unwritten is None else order.index(x.unwritten)
    places = tuple(x.place(axis) for axis in order if axis != x.unwritten)
    if places == tuple(range(len(places))):
        return Value(x.name, x.shape, unwritten)
    return call.layer(layers.Permute(places), x, unwritten)


def expanded(call: Call) -> Value:
    """Repeated along axes of size 1."""
    x = call.x
    if len(call.full) != x.rank:
        x = call.builder.shaped(x, (*(ONE,) * (len(call.full) - x.rank), *x.full))
    if x.unwritten is not None and call.full[x.unwritten] != 1:
        x = call.builder.placed(x, None)
    return call.builder.spread(x, call.full)


PADDINGS = {"zero": "ZeroPad", "reflect": "ReflectionPad", "replicate": "ReplicationPad", "circular": "CircularPad"}
"""The layers that pad, by what with."""


def padded(call: Call, ends: list[Size], kind: str) -> Value:
    """Padding of the last axes, as pairs of ends, the last axis first."""
    x = call.x
    rank = x.rank - 2
    while ends and ends[-1] == ends[-2] == 0:
        ends = ends[:-2]
    if not ends:
        return x
    if any(end.is_negative for end in ends) or rank not in (1, 2, 3) or x.full[0] != 1 or x.full[1] == 1:
        return call.operation("pad")
    return _by_layer(call, call.builder.placed(x, 0), ends, rank, PADDINGS[kind])


def _by_layer(call: Call, x: Value, ends: list[Size], rank: int, kind: str) -> Value:
    if len(ends) == 2 * rank + 2 and not any(ends[:-2]):
        return call.layer(layers.ChannelPad(*ends[-2:]), x)
    if len(ends) > 2 * rank:
        return call.operation("pad")
    layer = named(kind, rank)((*ends, *(0,) * (2 * rank - len(ends))))
    return call.layer(layer, x)
