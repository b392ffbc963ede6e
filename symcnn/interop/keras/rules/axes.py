"""What changes axes and computes nothing.

Source: Keras's documentation, "Reshaping layers" and "NumPy ops".
"""

from __future__ import annotations

from typing import Any

from sympy import Integer, Mul, fraction

from .... import layers
from ....errors import ShapeError
from ....profile import Sizes
from ....sizes import Size, ceil_div
from ...reading.leaves import Operation, Reduction
from ...reading.values import UnfitError
from ..calls import Call, Rule
from ..tensors import Order, Tensor, leading, moved, plain, without
from .merging import spread


def flatten(call: Call) -> Tensor:
    """All axes become one; in which order, no count depends on."""
    return call.layer(layers.Flatten(), call.x, (0,))


def reshape(call: Call) -> Tensor:
    """The layer: the same elements in another shape, without the batch."""
    return reshaped(call, call.x, tuple(call.op.target_shape))


def reshaped(call: Call, x: Tensor, target: tuple[Any, ...]) -> Tensor:
    """The same elements in another shape, in which one size may be -1: what the others leave."""
    known = Mul(*(size for size in target if size != -1))
    left = Mul(*x.sizes) / known
    if -1 not in target or fraction(left)[1] == 1:
        sizes = tuple(left if size == -1 else Integer(size) for size in target)
        return call.shaped(x, sizes, _kept_order(sizes))
    with call.named("reshape"):
        return call.layer(layers.Reshape(*target), call.plain(x), plain(len(target)))


def _kept_order(sizes: Sizes) -> Order:
    """Of channels alone the order is what the layers behind want: a map of one place has them first."""
    rank = len(sizes)
    return leading(rank, rank - 1) if rank > 2 and all(size == 1 for size in sizes[:-1]) else plain(rank)


def reshape_operation(call: Call) -> Tensor:
    """The operation: the batch is among the sizes, and must stay where it is."""
    first, *rest = call.op.newshape
    if not rest or first != -1:
        raise UnfitError("the batch is a number")
    if Mul(*rest) != Mul(*call.x.sizes):
        merged = f"gives {tuple(rest)} for each of a batch, of an input of {call.x.sizes}"
        raise ShapeError(f"merges the batch with another axis, which is not followed: it {merged}")
    return reshaped(call, call.x, tuple(rest))


def permute(call: Call) -> Tensor:
    """The layer: the axes in another order; nothing is done, and what comes next knows of it."""
    x = call.x
    return call.viewed(x, moved(x.order, [axis - 1 for axis in call.op.dims]))


def transpose(call: Call) -> Tensor:
    """The operation: the batch is among the axes, and must stay the first."""
    x = call.x
    axes = call.op.axes or range(x.rank, -1, -1)
    return _turned(call, [axis % (x.rank + 1) for axis in axes])


def _turned(call: Call, axes: list[int]) -> Tensor:
    if axes[0] != 0:
        raise UnfitError("the batch is no longer first")
    return call.viewed(call.x, moved(call.x.order, [axis - 1 for axis in axes[1:]]))


def swapaxes(call: Call) -> Tensor:
    """Two axes change places."""
    axes = list(range(call.x.rank + 1))
    one, other = call.op.axis1 % len(axes), call.op.axis2 % len(axes)
    axes[one], axes[other] = axes[other], axes[one]
    return _turned(call, axes)


def moveaxis(call: Call) -> Tensor:
    """An axis goes to another place."""
    count = call.x.rank + 1
    given, wanted = call.op.source, call.op.destination
    sources = [axis % count for axis in ([given] if isinstance(given, int) else given)]
    places = [axis % count for axis in ([wanted] if isinstance(wanted, int) else wanted)]
    axes = [axis for axis in range(count) if axis not in sources]
    for place, axis in sorted(zip(places, sources, strict=True)):
        axes.insert(place, axis)
    return _turned(call, axes)


def expand_dims(call: Call) -> Tensor:
    """An axis of size 1 more."""
    x = call.x
    given = call.op.axis
    if not isinstance(given, int):
        raise UnfitError("several axes at once")
    place = given % (x.rank + 2) - 1
    if place < 0:
        raise UnfitError("the batch is no longer first")
    sizes = (*x.sizes[:place], Integer(1), *x.sizes[place:])
    return call.shaped(x, sizes, _kept_order(sizes))


def squeeze(call: Call) -> Tensor:
    """An axis of size 1 less."""
    x = call.x
    given = call.op.axis
    axes = [i for i, size in enumerate(x.sizes) if size == 1] if given is None else None
    axes = axes if axes is not None else [x.axis(one) for one in ([given] if isinstance(given, int) else given)]
    kept = tuple(size for i, size in enumerate(x.sizes) if i not in axes)
    return call.shaped(x, kept or (Integer(1),))


def repeat_vector(call: Call) -> Tensor:
    """Features so many times."""
    x = call.plain(call.x)
    (features,) = x.sizes
    return spread(call, call.shaped(x, (Integer(1), features)), (Integer(call.op.n), features))


def reduction(call: Call) -> Tensor:
    """One number for each place along the other axes."""
    x = call.x
    given = call.op.axis
    axes = [given] if isinstance(given, int) else list(given) if given is not None else []
    if not axes:
        raise UnfitError("the batch is reduced too")
    over = sorted(x.axis(axis) for axis in axes)
    places = tuple(sorted(x.order[axis] for axis in over))
    keepdim = bool(call.op.keepdims)
    order = x.order if keepdim else without(x.order, over)
    kind = type(call.op).__name__.lower()
    if kind == "mean" and places == tuple(range(1, x.rank)):
        return call.layer(layers.GlobalAvgPool(keepdim=keepdim), x, order)
    return call.layer(Reduction(kind, places, keepdim=keepdim), x, order)


def getitem(call: Call) -> Tensor:
    """Elements by their places: a view."""
    x = call.plain(call.x)
    key = call.given["key"]
    keys = list(key) if isinstance(key, tuple | list) else [key]
    if not all(one is None or one is Ellipsis or isinstance(one, int | slice) for one in keys):
        raise UnfitError("places that are computed")
    around = keys.index(Ellipsis) if Ellipsis in keys else len(keys)
    before, after = keys[:around], keys[around + 1 :]
    taken = sum(one is not None for one in (*before, *after))
    whole = [*before, *[slice(None)] * (x.rank + 1 - taken), *after]
    if whole[0] != slice(None):
        raise UnfitError("elements of the batch")
    axes = iter(x.sizes)
    sizes = [Integer(1) if one is None else _cut(next(axes), one) for one in whole[1:]]
    kept = tuple(size for size in sizes if size is not None)
    return call.combined("slice", [x], kept or (Integer(1),), view=True)


def _cut(size: Size, key: int | slice) -> Size | None:
    """What is left of an axis; None where it is one place, which is an axis no more."""
    if isinstance(key, int):
        return None
    start, stop, step = key.start or 0, key.stop, key.step or 1
    if size.is_Integer:
        return Integer(len(range(*key.indices(int(size)))))
    if not all(isinstance(one, int) for one in (start, step)) or start < 0 or step < 1 or (stop or -1) > 0:
        raise UnfitError("a part of which the size depends on the axis")
    return ceil_div(size - start + (stop or 0), Integer(step))


def viewed_as(call: Call, kind: str = "slice") -> Tensor:
    """A view of the sizes that Keras gives."""
    (sizes,) = call.outputs()
    return call.combined(kind, [call.plain(call.x)], sizes, view=True)


def split(call: Call) -> list[Tensor]:
    """The pieces of an axis."""
    x = call.x
    axis, given = call.op.axis, call.op.indices_or_sections
    if not isinstance(given, int):
        raise UnfitError("pieces of different sizes")
    place = x.place(axis)
    return [call.layer(layers.Split(given, i, axis=place), x) for i in range(given)]


def broadcast_to(call: Call) -> Tensor:
    """A tensor repeated along its axes of size 1."""
    return viewed_as(call, "expand")


def copied(call: Call) -> Tensor:
    """Elements of a tensor at other places: each is written once."""
    (sizes,) = call.outputs()
    return call.combined(type(call.op).__name__.lower(), [call.plain(call.x)], sizes)


def elementwise(call: Call) -> Tensor:
    """A function of each element."""
    if len(call.tensors) > 1:
        raise UnfitError("several tensors")
    return call.layer(Operation(type(call.op).__name__.lower()), call.x)


AXES: dict[str, Rule] = {
    "Flatten": flatten,
    "Reshape": reshape,
    "Permute": permute,
    "RepeatVector": repeat_vector,
}

PLAIN = (
    *("Absolute", "Negative", "Square", "Sqrt", "Rsqrt", "Exp", "Expm1", "Log", "Log1p", "Log2", "Log10", "Sin", "Cos"),
    *("Reciprocal", "Sign", "Floor", "Ceil", "Round", "Clip", "Erf", "Tril"),
    *("Triu", "Greater", "GreaterEqual", "Less", "LessEqual", "Equal", "NotEqual", "LogicalNot", "Sinh", "Cosh"),
)
"""Operations that give one number for each element, and multiply no matrices."""

OPERATIONS: dict[str, Rule] = {
    "Reshape": reshape_operation,
    "Transpose": transpose,
    "Swapaxes": swapaxes,
    "Moveaxis": moveaxis,
    "ExpandDims": expand_dims,
    "Squeeze": squeeze,
    "GetItem": getitem,
    "Split": split,
    "BroadcastTo": broadcast_to,
    **dict.fromkeys(
        ["Mean", "Sum", "Max", "Min", "Prod", "Var", "Std", "Amax", "Amin", "Argmax", "Argmin", "Any", "All"], reduction
    ),
    **dict.fromkeys(["Tile", "Repeat", "Pad", "Take"], copied),
    **dict.fromkeys(PLAIN, elementwise),
}
