"""Operators that change the axes: other shapes of the same elements, other orders, repetition, padding."""

from __future__ import annotations

from typing import Any

from .... import layers
from ...reading.calls import Call, Rule
from ...reading.rules.axes import expanded, padded, permuted
from ...reading.values import Value


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


def reversed_axes(call: Call) -> Value:
    """All axes in the other order."""
    return permuted(call, [*reversed(range(call.x.rank))])


def movedim(call: Call) -> Value:
    """Axes are moved, the others keep their order."""
    rank = call.x.rank
    sources, ends = (_listed(call[name], rank) for name in ("source", "destination"))
    rest = iter([axis for axis in range(rank) if axis not in sources])
    return permuted(call, [sources[ends.index(i)] if i in ends else next(rest) for i in range(rank)])


def _listed(given: Any, rank: int) -> list[int]:
    return [axis % rank for axis in (given if isinstance(given, list | tuple) else [given])]


def expand(call: Call) -> Value:
    """Repeated along axes of size 1."""
    return expanded(call)


def pad(call: Call) -> Value:
    """Padding of the last axes."""
    mode = call["mode"] or call.name
    kind = next((kind for word, kind in PADDED_WITH.items() if word in mode), "zero")
    return padded(call, [call.size(end) for end in call["pad"]], kind)


PADDED_WITH = {"constant": "zero", "reflect": "reflect", "replicat": "replicate", "circular": "circular"}
"""By a word in the mode or the operator's name: what is padded with."""


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

VIEWS = (
    "view reshape _unsafe_view flatten unflatten squeeze unsqueeze view_as reshape_as ravel "
    "atleast_1d atleast_2d atleast_3d"
)

AXES: dict[str, Rule] = {
    **dict.fromkeys(ALIASES.split(), alias),
    "dropout": dropout,
    "native_dropout": dropout,
    **dict.fromkeys(VIEWS.split(), view),
    "permute": permute,
    **dict.fromkeys(["transpose", "t", "swapaxes", "swapdims"], transpose),
    **dict.fromkeys(["mT", "mH", "adjoint", "matrix_H"], matrices_turned),
    "numpy_T": reversed_axes,
    **dict.fromkeys(["movedim", "moveaxis"], movedim),
    **dict.fromkeys(["expand", "expand_as", "broadcast_to"], expand),
    **dict.fromkeys(["pad", "constant_pad_nd"], pad),
    **dict.fromkeys([f"{kind}_pad{rank}d" for kind in ("reflection", "replication") for rank in (1, 2, 3)], pad),
    "pixel_shuffle": pixel_shuffle,
    "pixel_unshuffle": pixel_unshuffle,
    "channel_shuffle": channel_shuffle,
}
