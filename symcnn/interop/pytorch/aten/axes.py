"""Operators that change the axes: other shapes of the same elements, other orders, repetition, padding."""

from __future__ import annotations

from typing import Any

from .... import layers
from ....sizes import Size
from ...reading.calls import Call, Rule
from ...reading.values import ONE, Value
from .layers import named


def alias(call: Call) -> Value:
    """What goes in comes out."""
    return call.x


def dropout(call: Call) -> Value:
    """In evaluation nothing is done; the layer says that in training it would be."""
    return call.layer(layers.Dropout(float(call["p"])), call.x)


def view(call: Call) -> Value:
    """The same elements in another shape."""
    return call.builder.shaped(call.x, call.full)


def permute(call: Call) -> Value:
    """The axes in another order."""
    return permuted(call, [axis % call.x.rank for axis in call["dims"]])


def transpose(call: Call) -> Value:
    """Two axes change places."""
    rank = call.x.rank
    _, *axes = call.given.values()
    one, other = (axis % rank for axis in axes or (0, -1))
    order = list(range(rank))
    order[one], order[other] = order[other], order[one]
    return permuted(call, order)


def matrices_turned(call: Call) -> Value:
    """The last two axes change places."""
    rank = call.x.rank
    return permuted(call, [*range(rank - 2), rank - 1, rank - 2])


def movedim(call: Call) -> Value:
    """Axes are moved, the others keep their order."""
    rank = call.x.rank
    sources, ends = (_listed(call[name], rank) for name in ("source", "destination"))
    rest = iter([axis for axis in range(rank) if axis not in sources])
    return permuted(call, [sources[ends.index(i)] if i in ends else next(rest) for i in range(rank)])


def _listed(given: Any, rank: int) -> list[int]:
    return [axis % rank for axis in (given if isinstance(given, list | tuple) else [given])]


def permuted(call: Call, order: list[int]) -> Value:
    """The axes in an order, given with the batch."""
    x = call.x
    unwritten = None if x.unwritten is None else order.index(x.unwritten)
    places = tuple(x.place(axis) for axis in order if axis != x.unwritten)
    if places == tuple(range(len(places))):
        return Value(x.name, x.shape, unwritten)
    return call.layer(layers.Permute(places), x, unwritten)


def expand(call: Call) -> Value:
    """Repeated along axes of size 1."""
    x = call.x
    if len(call.full) != x.rank:
        x = call.builder.shaped(x, (*(ONE,) * (len(call.full) - x.rank), *x.full))
    if x.unwritten is not None and call.full[x.unwritten] != 1:
        x = call.builder.placed(x, None)
    return call.builder.spread(x, call.full)


def pad(call: Call) -> Value:
    """Padding of the last axes."""
    ends = [call.size(end) for end in call["pad"]]
    x = call.x
    rank = x.rank - 2
    while ends and ends[-1] == ends[-2] == 0:
        ends = ends[:-2]
    if not ends:
        return x
    if any(end.is_negative for end in ends) or rank not in (1, 2, 3) or x.full[0] != 1 or x.full[1] == 1:
        return call.operation("pad")
    return _padded(call, call.builder.placed(x, 0), ends, rank)


PADDINGS = {"constant": "ZeroPad", "reflect": "ReflectionPad", "replicate": "ReplicationPad", "circular": "CircularPad"}


def _padded(call: Call, x: Value, ends: list[Size], rank: int) -> Value:
    kind = PADDINGS[next((mode for mode in PADDINGS if mode in (call["mode"] or call.name)), "constant")]
    if len(ends) == 2 * rank + 2 and not any(ends[:-2]):
        return call.layer(layers.ChannelPad(*ends[-2:]), x)
    if len(ends) > 2 * rank:
        return call.operation("pad")
    layer = named(kind, rank)((*ends, *(0,) * (2 * rank - len(ends))))
    return call.layer(layer, x)


def pixel_shuffle(call: Call) -> Value:
    """Channels become places."""
    return call.layer(layers.PixelShuffle(call["upscale_factor"]), call.batched(2))


def pixel_unshuffle(call: Call) -> Value:
    """Places become channels."""
    return call.layer(layers.PixelUnshuffle(call["downscale_factor"]), call.batched(2))


def channel_shuffle(call: Call) -> Value:
    """Channels of groups in turn."""
    return call.layer(layers.ChannelShuffle(call["groups"]), call.builder.placed(call.x, 0))


ALIASES = (
    "alias contiguous clone detach detach_ lift_fresh_copy to _to_copy type_as alpha_dropout feature_dropout "
    "feature_alpha_dropout float lift_fresh"
)

AXES: dict[str, Rule] = {
    **dict.fromkeys(ALIASES.split(), alias),
    "dropout": dropout,
    "native_dropout": dropout,
    **dict.fromkeys(
        ["view", "reshape", "_unsafe_view", "flatten", "unflatten", "squeeze", "unsqueeze", "view_as", "reshape_as"],
        view,
    ),
    "permute": permute,
    **dict.fromkeys(["transpose", "t", "swapaxes", "swapdims"], transpose),
    **dict.fromkeys(["mT", "mH", "adjoint"], matrices_turned),
    **dict.fromkeys(["movedim", "moveaxis"], movedim),
    **dict.fromkeys(["expand", "expand_as", "broadcast_to"], expand),
    **dict.fromkeys(["pad", "constant_pad_nd"], pad),
    **dict.fromkeys([f"{kind}_pad{rank}d" for kind in ("reflection", "replication") for rank in (1, 2, 3)], pad),
    "pixel_shuffle": pixel_shuffle,
    "pixel_unshuffle": pixel_unshuffle,
    "channel_shuffle": channel_shuffle,
}
