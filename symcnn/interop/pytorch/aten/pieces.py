"""Operators that take tensors apart and put them together."""

from __future__ import annotations

import sys

from sympy import Min

from ....profile import Sizes
from ....sizes import Size
from ...reading.calls import Call, Rule
from ...reading.rules.pieces import cut as piece_of
from ...reading.rules.pieces import joined, selected
from ...reading.rules.pieces import split as pieces
from ...reading.values import ONE, Constant, Value


def cat(call: Call) -> Value:
    """Tensors behind each other along an axis; those that nothing is in are left out."""
    tensors = [one for one in call["tensors"] if 0 not in one.full]
    if len(tensors) == 1 and isinstance(tensors[0], Value):
        return tensors[0]
    axis = (call["dim"] or 0) % len(tensors[0].full)
    return joined(call, tensors, axis)


def stack(call: Call) -> Value:
    """Tensors behind each other along a new axis."""
    rank = len(call.full)
    axis = (call["dim"] or 0) % rank
    tensors = []
    for one in call["tensors"]:
        full: Sizes = (*one.full[:axis], ONE, *one.full[axis:])
        constant = isinstance(one, Constant)
        tensors.append(Constant(full, None, one.sources, one.products) if constant else call.builder.shaped(one, full))
    return joined(call, tensors, axis)


def stacked(call: Call) -> Value:
    """Tensors behind each other along the first axis, the second or the third, by the operator's name."""
    tensors = call["tensors"]
    axis = {"hstack": 1, "dstack": 2}.get(call.name, 0)
    if len({len(one.full) for one in tensors}) > 1 or len(tensors[0].full) <= max(axis, 1):
        return call.operation("stack")
    return joined(call, tensors, axis)


def split(call: Call) -> list[Value]:
    """All pieces of an axis; those that nothing takes are dropped later."""
    dim = call["dim"] if call["dim"] is not None else call["axis"]
    axis = (dim or 0) % call.x.rank
    sizes = [full[axis] for full in call.outputs]
    return pieces(call, axis, sizes)


def unbind(call: Call) -> list[Value]:
    """All places of an axis, one by one."""
    axis = (call["dim"] or 0) % call.x.rank
    return [selected(call, axis, i, full) for i, full in enumerate(call.outputs)]


def select(call: Call) -> Value:
    """One place of an axis."""
    return selected(call, call["dim"] % call.x.rank, call["index"], call.full)


def cut(call: Call) -> Value:
    """A piece of an axis, or every so many of its places."""
    axis = (call["dim"] or 0) % call.x.rank
    whole, piece = call.x.full[axis], call.full[axis]
    ends = _ends(call, whole) if (call["step"] or 1) == 1 else None
    return piece_of(call, axis, piece, ends)


def _ends(call: Call, whole: Size) -> tuple[Size, Size]:
    """Where a piece begins and ends, counted from the front."""
    start = _from_front(call.size(call["start"] or 0), whole)
    if call["length"] is not None:
        return start, start + call.size(call["length"])
    end = call["end"]
    if end is None or (isinstance(end, int) and end >= sys.maxsize):
        return start, whole
    after = _from_front(call.size(end), whole)
    return start, Min(after, whole) if after.is_Integer and whole.is_Integer else after


def _from_front(place: Size, whole: Size) -> Size:
    return whole + place if place.is_negative else place


def index(call: Call) -> Value:
    """Elements at places that tensors tell."""
    return call.operation("index")


PIECES: dict[str, Rule] = {
    **dict.fromkeys(["cat", "concat", "concatenate"], cat),
    "stack": stack,
    **dict.fromkeys(["hstack", "vstack", "dstack"], stacked),
    **dict.fromkeys(["split", "split_with_sizes", "chunk", "tensor_split", "unsafe_split", "unsafe_chunk"], split),
    "unbind": unbind,
    "select": select,
    **dict.fromkeys(["slice", "narrow"], cut),
    **dict.fromkeys(["index", "index_select", "gather"], index),
}
