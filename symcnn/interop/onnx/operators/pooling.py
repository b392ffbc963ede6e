"""Pooling over windows, over whole maps, and along axes.

Source: ONNX's documentation of MaxPool, AveragePool, LpPool, the global pools and ReduceMean and its kin.
"""

from __future__ import annotations

from typing import Any

from sympy import Integer, Min

from .... import layers
from ....errors import SymcnnError
from ....layers.conv import dilated
from ....sizes import FloorDiv, Size
from ...reading.rules.layers import named, reduced
from ...reading.values import UnfitError, Value
from ..calls import NodeCall
from .convolutions import automatic, paddings, per_axis

KINDS = {"MaxPool": "compare", "AveragePool": "average", "LpPool": "norm"}
"""What a pool does with each element of a window, in a word."""


def pool(call: NodeCall) -> list[Value]:
    """Pooling over windows; max pooling may tell the places too."""
    rank = call.x.rank - 2
    kernel = call.attribute("kernel_shape", "integers")
    if rank not in (1, 2, 3) or not kernel:
        raise UnfitError(f"a pool along {rank} axes")
    kernel, stride = per_axis(call, "kernel_shape", rank), per_axis(call, "strides", rank)
    dilation = per_axis(call, "dilations", rank)
    extents = [int(dilated(Integer(k), Integer(d))) for k, d in zip(kernel, dilation, strict=True)]
    mode = automatic(call)
    same, ceil = mode.startswith("SAME"), bool(call.attribute("ceil_mode", "integer", 0))
    pads = paddings(call, rank) if mode == "NOTSET" else ((0, 0),) * rank
    if same:  # ⌈n/s⌉ places: by a padding that is enough if n is a multiple, and windows that begin inside.
        totals = [max(extent - s, 0) for extent, s in zip(extents, stride, strict=True)]
        halves = [(total // 2, total - total // 2) for total in totals]
        pads = tuple(halves if mode == "SAME_UPPER" else [pair[::-1] for pair in halves])
    made = _pooled(call, kernel, stride, dilation, pads, ceil or same)
    return [made] * len(call.node.output)


def _pooled(call: NodeCall, kernel: Any, stride: Any, dilation: Any, pads: Any, ceil: bool) -> Value:
    settings: dict[str, Any] = {"stride": stride, "padding": pads, "ceil_mode": ceil}
    if call.name == "MaxPool":
        settings["dilation"] = dilation
    x = call.batched(len(kernel))
    small = all(2 * max(pair) <= size for pair, size in zip(pads, kernel, strict=True))
    if small and (call.name == "MaxPool" or (call.name == "AveragePool" and set(dilation) == {1})):
        return call.layer(named(call.name.replace("Average", "Avg"), len(kernel))(kernel, **settings), x)
    each = zip(x.shape.axes, kernel, stride, dilation, pads, strict=True)
    sizes = [_places(size, int(dilated(Integer(k), Integer(d))), s, pair, ceil) for size, k, s, d, pair in each]
    return call.operated(KINDS[call.name], (Integer(1), x.shape.channels, *sizes))


def _places(size: Size, extent: int, stride: int, pads: tuple[int, int], ceil: bool) -> Size:
    """At how many places a window stands; rounded up, none begins in the padding after the axis."""
    before, after = pads
    if not ceil:
        return FloorDiv(size + before + after - extent + stride, Integer(stride))
    last = size + before - 1 + Min(after - extent + stride, 0)
    return FloorDiv(last + stride, Integer(stride))


def whole(call: NodeCall) -> Value:
    """Pooling over the whole map."""
    x = call.batched(call.x.rank - 2)
    if call.name == "GlobalLpPool":
        ones = (Integer(1),) * len(x.shape.axes)
        return call.operated("norm", (Integer(1), x.shape.channels, *ones))
    layer = layers.GlobalAvgPool if "Average" in call.name else layers.GlobalMaxPool
    return call.layer(layer(keepdim=True), x)


REDUCED = {
    "ReduceMean": "mean",
    "ReduceSum": "sum",
    "ReduceMax": "amax",
    "ReduceMin": "amin",
    "ReduceProd": "prod",
    "ReduceL1": "norm",
    "ReduceL2": "norm",
    "ReduceLogSum": "logsum",
    "ReduceLogSumExp": "logsumexp",
    "ReduceSumSquare": "sum_square",
}
"""The operators that reduce axes, and what they do, in a word."""


def reduction(call: NodeCall) -> Value:
    """One number for each place along the axes that are left."""
    rank = call.x.rank
    axes = call.axes(rank, [])
    if not axes:
        if call.attribute("noop_with_empty_axes", "integer", 0):
            return call.x
        axes = list(range(rank))
    return reduced(call, REDUCED[call.name], axes, bool(call.attribute("keepdims", "integer", 1)))


def place_of_one(call: NodeCall) -> Value:
    """Where the largest or smallest is."""
    axis = call.axis(call.attribute("axis", "integer", 0), call.x.rank)
    keep = bool(call.attribute("keepdims", "integer", 1))
    return reduced(call, "argmax" if call.name == "ArgMax" else "argmin", [axis], keep)


def largest(call: NodeCall) -> list[Value]:
    """The largest along an axis, and where they are."""
    x = call.x
    axis = call.axis(call.attribute("axis", "integer", -1), x.rank)
    count = call.attribute("k", "integer") or call.numbers(1, "how many").one
    if isinstance(count, bool):
        raise SymcnnError(f"how many must be an integer, got {count}")
    known = (isinstance(count, int) or count.is_Integer) and x.full[axis].is_Integer
    if known and count > x.full[axis]:
        raise SymcnnError(f"how many must be at most the {x.full[axis]} that there are, got {count}")
    full = (*x.full[:axis], Integer(count) if isinstance(count, int) else count, *x.full[axis + 1 :])
    return [call.operated("topk", full)] * 2


POOLING: dict[str, Any] = {
    **dict.fromkeys(KINDS, pool),
    **dict.fromkeys(["GlobalAveragePool", "GlobalMaxPool", "GlobalLpPool"], whole),
    **dict.fromkeys(REDUCED, reduction),
    **dict.fromkeys(["ArgMax", "ArgMin"], place_of_one),
    "TopK": largest,
}
