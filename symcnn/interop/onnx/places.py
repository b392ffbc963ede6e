"""Known elements in other places, and new ones: what comes of constants, where it is no arithmetic."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from sympy import Expr, Integer, Rational

from ...errors import SymcnnError
from ...sizes import canonical
from ..reading.values import UnfitError
from .calls import NodeCall
from .numbers import Numbers, array
from .tensors import SMALL, elements_of

Maker = Callable[[NodeCall], Any]


def given(call: NodeCall, place: int) -> Numbers:
    """The elements of an argument."""
    found = call.known(place)
    if found is None:
        raise UnfitError("the elements are not known")
    return found


# Places of elements.


def gather(call: NodeCall) -> Numbers:
    """Elements at known places."""
    one = given(call, 0)
    axis = call.axis(call.attribute("axis", "integer", 0), one.items.ndim)
    places = given(call, 1)
    at = np.array(call.whole(1, "the places"), dtype=np.int64).reshape(places.items.shape)
    if at.size and not (-one.items.shape[axis] <= at.min() and at.max() < one.items.shape[axis]):
        raise UnfitError("a place that is not there")
    return Numbers(np.asarray(np.take(one.items, at, axis=axis), dtype=object), one.kind)


def unsqueeze(call: NodeCall) -> Numbers:
    """With further axes of size 1."""
    one = given(call, 0)
    axes = call.attribute("axes", "integers") or call.whole(1, "the axes")
    return Numbers(np.expand_dims(one.items, tuple(axes)), one.kind)


def squeeze(call: NodeCall) -> Numbers:
    """Without axes of size 1."""
    one = given(call, 0)
    axes = call.axes(one.items.ndim)
    return Numbers(np.asarray(np.squeeze(one.items, None if axes is None else tuple(axes)), dtype=object), one.kind)


def concat(call: NodeCall) -> Numbers:
    """Behind each other."""
    arrays = [given(call, place) for place in range(len(call.found))]
    items = np.concatenate([one.items for one in arrays], axis=call.attribute("axis", "integer", 0))
    return Numbers(items, arrays[0].kind)


def cut(call: NodeCall) -> Numbers:
    """A piece of each axis."""
    one = given(call, 0)
    starts, ends, axes, steps = slices(call, one.items.ndim)
    index: list[Any] = [slice(None)] * one.items.ndim
    for start, end, axis, step in zip(map(int, starts), map(int, ends), axes, steps, strict=True):
        index[axis] = slice(start, end if end >= 0 or end >= -one.items.shape[axis] else None, step)
    return Numbers(one.items[tuple(index)], one.kind)


def slices(call: NodeCall, rank: int) -> tuple[list[Any], list[Any], list[int], list[int]]:
    """Where pieces begin and end, along which axes, and of how many places one is taken."""
    starts, ends = call.attribute("starts", "integers"), call.attribute("ends", "integers")
    if starts is None or ends is None:
        starts, ends = call.numbers(1, "where it begins").flat, call.numbers(2, "where it ends").flat
        axes = call.whole(3, "the axes") if call.has(3) else list(range(len(starts)))
    else:
        axes = call.attribute("axes", "integers") or list(range(len(starts)))
    steps = call.whole(4, "the steps") if call.has(4) else [1] * len(starts)
    if len({axis % rank for axis in axes}) < len(axes):
        raise SymcnnError(f"the axes must be different ones, got {axes}")
    return list(map(_expr, starts)), list(map(_expr, ends)), [call.axis(one, rank) for one in axes], steps


def _expr(given: Any) -> Expr:
    return Integer(given) if isinstance(given, int) else given


def reshape(call: NodeCall) -> Numbers:
    """In another shape."""
    one = given(call, 0)
    return Numbers(one.items.reshape([int(s) for s in call.whole(1, "the sizes")]), one.kind)


def transpose(call: NodeCall) -> Numbers:
    """The axes in another order."""
    one = given(call, 0)
    return Numbers(np.transpose(one.items, call.attribute("perm", "integers")), one.kind)


def reduced(does: Callable[[list[Any]], Any]) -> Maker:
    """One element of all."""

    def made(call: NodeCall) -> Numbers:
        one = given(call, 0)
        axes = call.axes(one.items.ndim)
        if one.items.ndim > 1 and axes is not None and len(set(axes)) < one.items.ndim:
            raise UnfitError("along some axes alone")
        keep = call.attribute("keepdims", "integer", 1)
        return Numbers(array([canonical(does(one.flat))], (1,) * one.items.ndim if keep else ()), one.kind)

    return made


def multiplied(elements: list[Any]) -> Any:
    """The product of elements."""
    made = Integer(1)
    for one in elements:
        made = made * one
    return made


# New ones.


def constant(call: NodeCall) -> Numbers:
    """What the node itself says."""
    for name, kind in (("value_int", "integer"), ("value_float", "float")):
        if name in call.attributes:
            return _scalars([call.attribute(name, kind)], (), kind)
    for name, kind in (("value_ints", "integers"), ("value_floats", "floats")):
        if name in call.attributes:
            listed = call.attribute(name, kind)
            return _scalars(listed, (len(listed),), kind)
    raise UnfitError("no numbers")


def _scalars(listed: list[Any], sizes: tuple[int, ...], kind: str) -> Numbers:
    if kind.startswith("integer"):
        return Numbers(array(map(Integer, listed), sizes))
    if not all(map(math.isfinite, listed)):
        raise UnfitError("no numbers")
    return Numbers(array(map(Rational, listed), sizes), "real")


def filled(call: NodeCall) -> Numbers:
    """One element in all places."""
    sizes = call.whole(0, "the sizes") if given(call, 0).items.size else []
    if any(one < 0 for one in sizes) or math.prod(sizes) > SMALL:
        raise UnfitError("there are too many elements")
    value = call.attributes.get("value")
    one = elements_of(value.t, None) if value is not None else Numbers(array([Integer(0)]), "real")
    if one is None:
        raise UnfitError("no number")
    return Numbers(array([one.one] * math.prod(sizes), tuple(sizes)), one.kind)


def counted(call: NodeCall) -> Numbers:
    """Numbers from a first to before a last."""
    start, end, step = (call.whole(place, "the ends")[0] for place in range(3))
    if step == 0 or len(range(start, end, step)) > SMALL:
        raise UnfitError("there are too many elements")
    return Numbers(array(map(Integer, range(start, end, step))))


def expand(call: NodeCall) -> Numbers:
    """Repeated along axes of size 1."""
    one, sizes = given(call, 0), call.whole(1, "the sizes")
    target = np.broadcast_shapes(one.items.shape, tuple(sizes)) if math.prod(sizes) <= SMALL else ()
    if math.prod(sizes) > SMALL or math.prod(target) > SMALL:
        raise UnfitError("there are too many elements")
    return Numbers(np.broadcast_to(one.items, target), one.kind)


def tile(call: NodeCall) -> Numbers:
    """Repeated."""
    one, times = given(call, 0), call.whole(1, "the repeats")
    if one.items.size * math.prod(times) > SMALL or any(time < 0 for time in times):
        raise UnfitError("there are too many elements")
    return Numbers(np.tile(one.items, times), one.kind)


def split(call: NodeCall) -> list[Numbers]:
    """Pieces of a row."""
    one = given(call, 0)
    axis = call.axis(call.attribute("axis", "integer", 0), one.items.ndim)
    sizes = call.attribute("split", "integers") or (call.whole(1, "the pieces") if call.has(1) else None)
    if sizes is None:
        pieces = len(call.node.output)
        each_size = -(-one.items.shape[axis] // pieces)
        sizes = [each_size] * (pieces - 1)
        sizes.append(one.items.shape[axis] - sum(sizes))
    ends = np.cumsum(sizes)[:-1]
    return [Numbers(part, one.kind) for part in np.split(one.items, ends, axis=axis)]


def identity(call: NodeCall) -> Numbers:
    """The same."""
    return given(call, 0)
