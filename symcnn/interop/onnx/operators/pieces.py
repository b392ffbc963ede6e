"""Operators that take tensors apart and put them together.

Source: ONNX's documentation of Concat, Split, Slice, Gather, GatherElements, GatherND and the scatters.
"""

from __future__ import annotations

from typing import Any

from sympy import Integer

from ....errors import SymcnnError
from ....profile import Sizes
from ....sizes import FloorDiv, Size, at_least, surely_at_least
from ...reading.calls import operands
from ...reading.rules.pieces import cut, joined, selected, split
from ...reading.values import Constant, UnfitError, Value
from ..calls import NodeCall
from ..places import slices

FARTHEST = 2**31 - 1
"""An end of a slice from here on stands for the axis's end."""


def concat(call: NodeCall) -> Value:
    """Tensors behind each other along an axis."""
    tensors = [call.tensor(place) for place in range(len(call.found))]
    rank = max(len(one.full) for one in tensors)
    return joined(call, tensors, call.axis(call.attribute("axis", "integer", 1), rank))


def pieces(call: NodeCall) -> list[Value]:
    """All pieces of an axis; those that nothing takes are dropped later."""
    axis = call.axis(call.attribute("axis", "integer", 0), call.x.rank)
    whole, count = call.x.full[axis], len(call.node.output)
    given = call.attribute("split", "integers")
    sizes: list[Size] = [Integer(one) for one in given or ()]
    if not sizes and call.has(1):
        sizes = call.numbers(1, "the sizes of the pieces").flat
    if not sizes and whole.is_Integer:
        large = -(-int(whole) // count)
        sizes = [Integer(large)] * (count - 1) + [whole - large * (count - 1)]
    if len(sizes or [None] * count) != count or any(one.is_negative for one in sizes):
        raise SymcnnError(f"there must be a size for each of {count} pieces, got ({', '.join(map(str, sizes))})")
    return split(call, axis, sizes or [whole / count] * count)


def piece(call: NodeCall) -> Value:
    """A piece of each axis, or every so many of its places."""
    x = call.x
    starts, ends, axes, steps = slices(call, x.rank)
    for start, end, axis, step in zip(starts, ends, axes, steps, strict=True):
        x = _piece(call.on(x), axis, start, end, step)
    return x


def _piece(call: NodeCall, axis: int, start: Size, end: Size, step: int) -> Value:
    whole = call.x.full[axis]
    if step == 0:
        raise SymcnnError("the steps must not be 0")
    if step < 0:
        if step != -1 or start not in (-1, FARTHEST, 2**63 - 1) or not end.is_Integer or end > -FARTHEST:
            raise UnfitError("a part of an axis backwards")
        return call.operated("flip", call.x.full)
    before, after = _place(call, start, whole), _place(call, end, whole)
    length = after - before
    if length.is_Integer and length <= 0:
        raise SymcnnError(f"nothing is left of an axis of {whole} from {start} to {end}")
    taken = length if step == 1 else FloorDiv(length + step - 1, Integer(step))
    return cut(call.on(call.x, _with(call.x.full, axis, taken)), axis, taken, (before, after) if step == 1 else None)


def _with(full: Sizes, axis: int, size: Size) -> Sizes:
    return (*full[:axis], size, *full[axis + 1 :])


def _place(call: NodeCall, given: Size, whole: Size) -> Size:
    """A place counted from the front, on the axis; where that is open it is taken to be."""
    if given.is_Integer and given >= FARTHEST:
        return whole
    place = whole + given if given.is_negative else given
    if surely_at_least(place, whole):
        return whole
    if surely_at_least(Integer(0), place):
        return Integer(0)
    if not surely_at_least(whole, place):
        call.builder.taken += at_least(whole, place, lambda: f"{place} is behind an axis of {whole}", "a slice's end")
    if not surely_at_least(place, Integer(0)):
        call.builder.taken += at_least(place, 0, lambda: f"{place} is before an axis of {whole}", "a slice's end")
    return place


def gather(call: NodeCall) -> Value:
    """Elements of an axis at the places that a tensor tells."""
    data, places = call.tensor(0), call.tensor(1)
    axis = call.axis(call.attribute("axis", "integer", 0), len(data.full))
    shape = () if call.known(1) is not None and places.full == () else places.full
    full = (*data.full[:axis], *shape, *data.full[axis + 1 :])
    known = call.known(1)
    if isinstance(data, Value) and known is not None and known.items.size == 1 and known.one.is_Integer:
        call.giving(full)
        if not shape:
            return selected(call, axis, int(known.one), call.full)
        alone = (*data.full[:axis], *data.full[axis + 1 :])
        return call.builder.shaped(selected(call.on(data, alone), axis, int(known.one), alone), call.full)
    return _taken(call, "embedding" if isinstance(data, Constant) else "index", full)


def _taken(call: NodeCall, kind: str, full: Sizes) -> Value:
    """An operation on all that the call takes, of which the indices may be first."""
    values, constants = operands(call.given.values())
    return call.giving(full or (Integer(1),)).combined(kind, values, constants, ())


def gather_elements(call: NodeCall) -> Value:
    """An element for each place that a tensor tells."""
    return _taken(call, "gather", call.tensor(1).full)


def gather_many(call: NodeCall) -> Value:
    """Parts at places along several axes."""
    data, places = call.tensor(0).full, call.tensor(1).full
    before = call.attribute("batch_dims", "integer", 0)
    depth = places[-1]
    if not depth.is_Integer:
        raise UnfitError("places along an open number of axes")
    return _taken(call, "index", (*places[:-1], *data[before + int(depth) :]))


def scatter(call: NodeCall) -> Value:
    """A tensor with some of its elements replaced."""
    return _taken(call, "scatter", call.tensor(0).full)


PIECES: dict[str, Any] = {
    "Concat": concat,
    "Split": pieces,
    "Slice": piece,
    "Gather": gather,
    "GatherElements": gather_elements,
    "GatherND": gather_many,
    **dict.fromkeys(["Scatter", "ScatterElements", "ScatterND"], scatter),
}
