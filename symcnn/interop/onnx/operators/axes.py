"""Operators that change the axes: other shapes of the same elements, other orders, repetition, padding.

Source: ONNX's documentation of Reshape, Flatten, Transpose, Squeeze, Expand, Tile, Pad, DepthToSpace.
"""

from __future__ import annotations

from typing import Any

from sympy import Integer, fraction

from .... import layers
from ....errors import SymcnnError
from ....sizes import FloorDiv, Size, canonical
from ...reading.rules.axes import expanded, padded, permuted
from ...reading.values import ONE, Value, batch_of, written
from ..calls import FixedError, NodeCall, product

ALIASES = ("Identity", "Cast", "CastLike", "QuantizeLinear", "DequantizeLinear")
"""Operators that give what they take, as far as counts go: another type is another form of the same."""


def alias(call: NodeCall) -> Value:
    """What goes in comes out."""
    return call.x


def dropout(call: NodeCall) -> list[Value]:
    """In evaluation nothing is done; the layer says that in training it would be."""
    return [call.layer(layers.Dropout(), call.x)] * 2


def quantised(call: NodeCall) -> list[Value]:
    """The same in integers, with a factor and an offset that are found in it."""
    x = call.x
    found = call.operated("minmax", (ONE,))
    return [x, found, found]


def reshape(call: NodeCall) -> Value:
    """The same elements in another shape; -1 is what the others leave, 0 what was there."""
    x = call.x
    given = call.attribute("shape", "integers") if call.opset < 5 else None
    target = [Integer(one) for one in given] if given else call.numbers(1, "the sizes").flat
    keep = not call.attribute("allowzero", "integer", 0)
    if sum(one == -1 for one in target) > 1:
        raise SymcnnError(f"of the sizes one may be -1, got {_row(target)}")
    if any(one == 0 and place >= x.rank for place, one in enumerate(target)):
        raise SymcnnError(f"a size of 0 stands for one of the input's {x.rank}, got {_row(target)}")
    sizes = [x.full[place] if one == 0 and keep else one for place, one in enumerate(target)]
    if any(one == 0 or (one.is_negative and one != -1) for one in sizes):
        raise SymcnnError(f"the sizes must be at least 1, got {_row(target)}")
    return reshaped(call, x, _of_one_input(call, x, sizes))


def _row(sizes: Any) -> str:
    return f"({', '.join(map(str, sizes))})"


def _of_one_input(call: NodeCall, x: Value, sizes: list[Size]) -> list[Size]:
    """Sizes for a batch of several, for one input of it."""
    batch = call.builder.batch
    if batch == 1 or not sizes or sizes[0] == -1 or sizes[0] == 1:
        if batch > 1 and x.unwritten != 0:
            raise SymcnnError(f"the sizes {_row(sizes)} are for a batch that is merged with another axis")
        return sizes
    if x.unwritten != 0 or sizes[0] != batch:
        raise SymcnnError(f"the sizes {_row(sizes)} are for a batch that is merged with another axis")
    return [ONE, *sizes[1:]]


def reshaped(call: NodeCall, x: Value, sizes: list[Size]) -> Value:
    """A value in another shape, which has as many elements."""
    elements = product(x.full)
    stated = product([one for one in sizes if one != -1])
    if -1 in sizes:
        above, below = fraction(elements / stated)
        left = above if below == 1 else _divided(call, above, below, elements, stated)
        sizes = [left if one == -1 else one for one in sizes]
    elif (elements - stated).expand() != 0:
        full = tuple(map(canonical, sizes))
        place = batch_of(full, x.unwritten)
        return call.layer(layers.Reshape(*written(full, place)), x, place)
    return call.builder.shaped(x, tuple(map(canonical, sizes)))


def _divided(call: NodeCall, above: Size, below: Size, elements: Size, stated: Size) -> Size:
    """What a division leaves, that must have no remainder."""
    if above.is_Integer and below.is_Integer:
        raise SymcnnError(f"the sizes have the product {stated}, which must divide the {elements} elements")
    call.builder.agree(below * FloorDiv(above, below), above, "the elements and the sizes")
    return FloorDiv(above, below)


def flatten(call: NodeCall) -> Value:
    """Two axes: all before a place, and all behind it."""
    x = call.x
    axis = call.attribute("axis", "integer", 1)
    axis = axis if axis == x.rank else call.axis(axis, x.rank)
    return call.builder.shaped(x, (canonical(product(x.full[:axis])), canonical(product(x.full[axis:]))))


def squeeze(call: NodeCall) -> Value:
    """Without axes of size 1."""
    x = call.x
    axes = call.axes(x.rank)
    if axes is None:
        axes = [axis for axis, size in enumerate(x.full) if size == 1 and axis != x.unwritten]
    for axis in axes:
        if x.full[axis] != 1:
            raise FixedError(f"axis {axis} must have size 1 to be left out, got {x.full[axis]}")
    return call.builder.shaped(x, tuple(size for axis, size in enumerate(x.full) if axis not in axes) or (ONE,))


def unsqueeze(call: NodeCall) -> Value:
    """With further axes of size 1."""
    given = call.attribute("axes", "integers") or call.whole(1, "the axes")
    rank = call.x.rank + len(given)
    axes = {call.axis(axis, rank) for axis in given}
    if len(axes) < len(given):
        raise SymcnnError(f"the axes must be different ones, got {list(given)}")
    rest = iter(call.x.full)
    return call.builder.shaped(call.x, tuple(ONE if axis in axes else next(rest) for axis in range(rank)))


def transpose(call: NodeCall) -> Value:
    """The axes in another order; reversed, if nothing is said."""
    rank = call.x.rank
    order = call.attribute("perm", "integers") or list(range(rank))[::-1]
    if sorted(order) != list(range(rank)):
        raise SymcnnError(f"the order must be every one of {rank} axes once, got {order}")
    return permuted(call, order)


def expand(call: NodeCall) -> Value:
    """Repeated along axes of size 1."""
    target = call.numbers(1, "the sizes").flat
    x = call.x
    if call.builder.batch > 1 and len(target) == x.rank and x.unwritten == 0 and target[0] == call.builder.batch:
        target = [ONE, *target[1:]]
    return expanded(call.giving(call.broadcast([x.full, tuple(target)], "the sizes")))


def tile(call: NodeCall) -> Value:
    """Repeated along axes."""
    times = call.numbers(1, "the repeats").flat
    x = call.x
    if len(times) != x.rank:
        raise SymcnnError(f"there must be a number for each of {x.rank} axes, got {_row(times)}")
    if all(one == 1 for one in times):
        return x
    return call.operated("repeat", tuple(size * one for size, one in zip(x.full, times, strict=True)))


MODES = {"constant": "zero", "reflect": "reflect", "edge": "replicate", "wrap": "circular"}
"""What ONNX's modes of padding pad with."""


def pad(call: NodeCall) -> Value:
    """Padding of some axes; below 0 it is cropping."""
    x = call.x
    given = call.attribute("pads", "integers") or call.attribute("paddings", "integers")
    ends: list[Any] = [Integer(one) for one in given] if given else call.numbers(1, "the padding").flat
    axes = [call.axis(axis, x.rank) for axis in call.whole(3, "the axes")] if call.has(3) else list(range(x.rank))
    if len(ends) != 2 * len(axes):
        raise SymcnnError(f"there must be two paddings for each of {len(axes)} axes, got {_row(ends)}")
    pairs = {axis: (ends[i], ends[i + len(axes)]) for i, axis in enumerate(axes)}
    each = [pairs.get(axis, (Integer(0), Integer(0))) for axis in range(x.rank)]
    call.giving(tuple(size + sum(pair) for size, pair in zip(x.full, each, strict=True)))
    mode = call.attribute("mode", "text", "constant")
    if mode not in MODES:
        raise SymcnnError(f"the attribute 'mode' of Pad is none that there is, got {mode!r}")
    if x.unwritten != 0 or any(each[0]):
        return call.operation("pad")
    return padded(call, [end for pair in each[::-1] for end in pair], MODES[mode])


def to_space(call: NodeCall) -> Value:
    """Channels become places."""
    return call.layer(layers.PixelShuffle(call.attribute("blocksize", "integer", 1)), call.batched(2))


def to_depth(call: NodeCall) -> Value:
    """Places become channels."""
    return call.layer(layers.PixelUnshuffle(call.attribute("blocksize", "integer", 1)), call.batched(2))


AXES: dict[str, Any] = {
    **dict.fromkeys(ALIASES, alias),
    "DynamicQuantizeLinear": quantised,
    "Dropout": dropout,
    "Reshape": reshape,
    "Flatten": flatten,
    "Squeeze": squeeze,
    "Unsqueeze": unsqueeze,
    "Transpose": transpose,
    "Expand": expand,
    "Tile": tile,
    "Pad": pad,
    "DepthToSpace": to_space,
    "SpaceToDepth": to_depth,
}
