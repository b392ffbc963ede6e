"""Operators that take tensors apart and put them together."""

from __future__ import annotations

import sys

from sympy import Min

from .... import layers
from ....networks import Join
from ....profile import Sizes
from ....sizes import Size
from ...reading.calls import Call, Rule
from ...reading.leaves import Operation
from ...reading.values import ONE, Constant, Value


def cat(call: Call) -> Value:
    """Tensors behind each other along an axis; those that nothing is in are left out."""
    tensors = [one for one in call["tensors"] if 0 not in one.full]
    if len(tensors) == 1 and isinstance(tensors[0], Value):
        return tensors[0]
    axis = (call["dim"] or 0) % len(tensors[0].full)
    return _joined(call, tensors, axis)


def stack(call: Call) -> Value:
    """Tensors behind each other along a new axis."""
    rank = len(call.full)
    axis = (call["dim"] or 0) % rank
    tensors = []
    for one in call["tensors"]:
        full: Sizes = (*one.full[:axis], ONE, *one.full[axis:])
        constant = isinstance(one, Constant)
        tensors.append(Constant(full, None, one.sources, one.products) if constant else call.builder.shaped(one, full))
    return _joined(call, tensors, axis)


def stacked(call: Call) -> Value:
    """Tensors behind each other along the first axis, the second or the third, by the operator's name."""
    tensors = call["tensors"]
    axis = {"hstack": 1, "dstack": 2}.get(call.name, 0)
    if len({len(one.full) for one in tensors}) > 1 or len(tensors[0].full) <= max(axis, 1):
        return call.operation("stack")
    return _joined(call, tensors, axis)


def _joined(call: Call, tensors: list[Value | Constant], axis: int) -> Value:
    values = call.aligned(tensors, apart=[axis])
    return call.builder.meeting(Join("concat", values[0].place(axis)), values)


def split(call: Call) -> list[Value]:
    """All pieces of an axis; those that nothing takes are dropped later."""
    dim = call["dim"] if call["dim"] is not None else call["axis"]
    axis = (dim or 0) % call.x.rank
    sizes = [full[axis] for full in call.outputs]
    if len(sizes) == 1:
        return [call.x]
    x, (place,) = call.along(call.x, [axis])
    equal = len(set(sizes)) == 1
    sections = len(sizes) if equal else _with_one_left(sizes)
    return [call.layer(layers.Split(sections, i, axis=place), x) for i in range(len(sizes))]


def _with_one_left(sizes: list[Size]) -> tuple[Size | int, ...]:
    """The sizes of pieces; of those that are formulas one is what the others leave."""
    symbolic = [i for i, size in enumerate(sizes) if not size.is_Integer]
    return tuple(-1 if symbolic and i == symbolic[-1] else size for i, size in enumerate(sizes))


def unbind(call: Call) -> list[Value]:
    """All places of an axis, one by one."""
    axis = (call["dim"] or 0) % call.x.rank
    return [_selected(call, axis, i, full) for i, full in enumerate(call.outputs)]


def select(call: Call) -> Value:
    """One place of an axis."""
    return _selected(call, call["dim"] % call.x.rank, call["index"], call.full)


def _selected(call: Call, axis: int, index: int, full: Sizes) -> Value:
    x = call.x
    whole = x.full[axis]
    if whole == 1:
        return call.builder.shaped(x, full)
    if not isinstance(index, int) or (index < 0 and not whole.is_Integer and index != -1):
        return call.operation("select", view=True)
    x, (place,) = call.along(x, [axis])
    one = call.layer(_one_of(whole, index, place), x)
    return call.builder.shaped(one, full)


def _one_of(whole: Size, index: int, place: int) -> layers.Split:
    """The piece of a single place."""
    if whole.is_Integer and index < 0:
        index += int(whole)
    if index == -1 or whole == index + 1:
        return layers.Split((-1, 1), 1, axis=place)
    before = (index,) if index else ()
    return layers.Split((*before, 1, -1), len(before), axis=place)


def cut(call: Call) -> Value:
    """A piece of an axis, or every so many of its places."""
    x = call.x
    axis = (call["dim"] or 0) % x.rank
    whole, piece = x.full[axis], call.full[axis]
    if whole == piece:
        return x
    x, (place,) = call.along(x, [axis])
    before, after = _ends(call, whole)
    # Of two formulas nobody knows whether they leave anything: a map is cut to what it was before it was padded.
    open_ended = not any(size.is_Integer for size in (after - before, whole - after))
    if (call["step"] or 1) != 1 or open_ended or not call.equal(after - before, piece):
        output = (*x.shape[:place], piece, *x.shape[place + 1 :])
        return call.layer(Operation("slice", output_sizes=output, taken=tuple(x.shape), view=True), x)
    sections = [before, after - before, whole - after]
    if before == 0 and after == whole:
        return x
    pieces = [size for size in sections if size != 0]
    return call.layer(layers.Split(_with_one_left(pieces), int(before != 0), axis=place), x)


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
