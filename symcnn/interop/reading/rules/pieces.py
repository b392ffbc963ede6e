"""Tensors that are taken apart and put together."""

from __future__ import annotations

from collections.abc import Sequence

from .... import layers
from ....networks import Join
from ....profile import Sizes
from ....sizes import Size
from ..calls import Call
from ..leaves import Operation
from ..values import Constant, Value


def joined(call: Call, tensors: Sequence[Value | Constant], axis: int) -> Value:
    """Tensors behind each other along an axis."""
    values = call.aligned(tensors, apart=[axis])
    return call.builder.meeting(Join("concat", values[0].place(axis)), values)


def split(call: Call, axis: int, sizes: Sequence[Size]) -> list[Value]:
    """All pieces of an axis, of these sizes; those that nothing takes are dropped later."""
    if len(sizes) == 1:
        return [call.x]
    x, (place,) = call.along(call.x, [axis])
    equal = len(set(sizes)) == 1
    sections = len(sizes) if equal else _with_one_left(sizes)
    return [call.layer(layers.Split(sections, i, axis=place), x) for i in range(len(sizes))]


def _with_one_left(sizes: Sequence[Size]) -> tuple[Size | int, ...]:
    """The sizes of pieces; of those that are formulas one is what the others leave."""
    symbolic = [i for i, size in enumerate(sizes) if not size.is_Integer]
    return tuple(-1 if symbolic and i == symbolic[-1] else size for i, size in enumerate(sizes))


def selected(call: Call, axis: int, index: int, full: Sizes) -> Value:
    """One place of an axis, which is then gone; ``full`` are the sizes that are left."""
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


def cut(call: Call, axis: int, piece: Size, ends: tuple[Size, Size] | None) -> Value:
    """A piece of an axis between two places; without these, of so many places somewhere along it."""
    x = call.x
    whole = x.full[axis]
    if whole == piece:
        return x
    x, (place,) = call.along(x, [axis])
    sections = _around(ends, whole) if ends else []
    # Of two formulas nobody knows whether they leave anything: a map is cut to what it was before it was padded.
    open_ended = not any(size.is_Integer for size in sections[1:])
    if open_ended or not call.equal(sections[1], piece):
        output = (*x.shape[:place], piece, *x.shape[place + 1 :])
        return call.layer(Operation("slice", output_sizes=output, taken=tuple(x.shape), view=True), x)
    pieces = [size for size in sections if size != 0]
    if len(pieces) == 1:
        return x
    return call.layer(layers.Split(_with_one_left(pieces), int(sections[0] != 0), axis=place), x)


def _around(ends: tuple[Size, Size], whole: Size) -> list[Size]:
    """How much is before a piece, in it, and behind it."""
    before, after = ends
    return [before, after - before, whole - after]
