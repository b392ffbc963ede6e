"""What comes of constants whose elements are known: the table from operator to what it does with them."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from sympy import Add, Expr, Integer, Max, Min, Rational, fraction, together

from ...sizes import FloorDiv, canonical, surely_at_least
from ..reading.values import UnfitError
from .calls import NodeCall
from .numbers import Numbers, array, sized
from .tensors import BOOL, FLOATING, SMALL, WHOLE, elements_of

Maker = Callable[[NodeCall], Any]

LONGEST = 200
"""How many operations an expression of sizes has at most: what is longer is no arithmetic of shapes."""


def known(call: NodeCall) -> list[Numbers] | None:
    """The elements of what a node gives; None where they are not known."""
    maker = NUMBERS.get(call.name)
    if maker is None:
        return None
    try:
        made = maker(call)
    except (UnfitError, TypeError, ValueError, LookupError, ArithmeticError):
        return None  # Where they are needed, that they are not known is what is said.
    results = made if isinstance(made, list) else [made]
    return results if all(map(_sane, results)) else None


def _sane(one: Numbers) -> bool:
    """Whether elements are few, no longer than those of a machine, and not built up for their own sake."""
    if one.items.size > SMALL:
        return False
    return one.kind == "truth" or all(map(_short, one.flat))


def _short(element: Expr) -> bool:
    if element.is_Rational:
        return bool(abs(element) < 2**63)
    return bool(element.is_Atom or element.count_ops() <= LONGEST)


def given(call: NodeCall, place: int) -> Numbers:
    """The elements of an argument."""
    found = call.known(place)
    if found is None:
        raise UnfitError("the elements are not known")
    return found


# Sizes of tensors.


def shape(call: NodeCall) -> Numbers:
    """The sizes of a tensor."""
    full = call.tensor(0).full
    start = call.attribute("start", "integer", 0)
    return sized(full[slice(start, call.attribute("end", "integer", None))])


def size(call: NodeCall) -> Numbers:
    """How many elements a tensor has."""
    one = Integer(1)
    for each in call.tensor(0).full:
        one = one * each
    return Numbers(array([one], ()))


# Elements by themselves.


def each(does: Callable[..., Any], kind: str | None = None) -> Maker:
    """A function of each element of several arrays, which are spread over each other."""

    def made(call: NodeCall) -> Numbers:
        arrays = [given(call, place) for place in range(len(call.found))]
        spread = math.prod(np.broadcast_shapes(*(one.items.shape for one in arrays)))
        if spread > SMALL:
            raise UnfitError("there are too many elements")
        whole = all(one.kind == "whole" for one in arrays)
        items = arrays[0].items
        for other in arrays[1:]:
            items = _apart(does, whole)(items, other.items)
        if len(arrays) == 1:
            items = _apart(does, whole)(items)
        items = np.asarray(items, dtype=object)
        return Numbers(items, kind or arrays[0].kind)

    return made


def _apart(does: Callable[..., Any], whole: bool) -> Any:
    def one(*elements: Any) -> Any:
        found = does(*elements, whole=whole)
        return canonical(found) if isinstance(found, Expr) else found

    def many(*arrays: Any) -> Any:
        return np.frompyfunc(one, len(arrays), 1)(*arrays)

    return many


def divided(one: Expr, other: Expr, whole: bool) -> Expr:
    """A quotient; integers are divided without a remainder, towards 0."""
    if other == 0:
        raise UnfitError("nothing is divided by 0")
    if not whole:
        return one / other
    if one.is_Integer and other.is_Integer:
        return Integer(abs(one) // abs(other)) * (1 if (one >= 0) == (other >= 0) else -1)
    return FloorDiv(one, other)


def remainder(one: Expr, other: Expr, whole: bool) -> Expr:
    """What a division leaves, for a divisor above 0."""
    if not whole or not other.is_positive:
        raise UnfitError("a remainder of other than sizes")
    return one - other * FloorDiv(one, other)


def power(one: Expr, other: Expr, whole: bool) -> Expr:
    """A power with a small exponent."""
    if not other.is_Integer or not 0 <= other <= 8:
        raise UnfitError("a power that no size has")
    return one**other


def floored(one: Expr, whole: bool) -> Expr:
    """Rounded down, where what is rounded is exact."""
    for term in Add.make_args(one.expand()):
        factor = term.as_coeff_Mul()[0]
        if not factor.is_Rational or factor.q > 1024 or abs(factor.p) > 2**20:
            if one.is_Rational:
                break
            raise UnfitError("a factor that is rounded")
    return Integer(math.floor(one)) if one.is_Rational else FloorDiv(*fraction(together(one)))


def raised(one: Expr, whole: bool) -> Expr:
    """Rounded up."""
    return -floored(-one, whole)


def truncated(one: Expr) -> Expr:
    """Rounded towards 0."""
    if one.is_Rational:
        return Integer(int(one))
    return one if one.is_integer else floored(one, False)


def smaller(one: Expr, other: Expr, whole: bool) -> Expr:
    """The smaller of two."""
    return one if surely_at_least(other, one) else other if surely_at_least(one, other) else Min(one, other)


def larger(one: Expr, other: Expr, whole: bool) -> Expr:
    """The larger of two."""
    return one if surely_at_least(one, other) else other if surely_at_least(other, one) else Max(one, other)


def _at_least(one: Expr, other: Expr) -> bool:
    """Whether one is at least the other, if that is sure either way."""
    if surely_at_least(one, other):
        return True
    if surely_at_least(other, one + 1) or (one - other).is_negative:
        return False
    raise UnfitError("it is open which of two sizes is larger")


def equal(one: Any, other: Any, whole: bool) -> bool:
    """Whether two are the same, if that is sure."""
    if isinstance(one, bool) or one == other:
        return bool(one == other)
    if surely_at_least(one, other + 1) or surely_at_least(other, one + 1) or (one - other).is_number:
        return False
    raise UnfitError("it is open whether two sizes are the same")


def less(one: Expr, other: Expr, whole: bool) -> bool:
    """Whether one is smaller."""
    return not _at_least(one, other)


def greater(one: Expr, other: Expr, whole: bool) -> bool:
    """Whether one is larger."""
    return not _at_least(other, one)


def where(call: NodeCall) -> Numbers:
    """Elements of one array or the other."""
    truths, one, other = (given(call, place) for place in range(3))
    if math.prod(np.broadcast_shapes(*(part.items.shape for part in (truths, one, other)))) > SMALL:
        raise UnfitError("there are too many elements")
    items = np.frompyfunc(lambda t, a, b: a if t else b, 3, 1)(truths.items, one.items, other.items)
    return Numbers(np.asarray(items, dtype=object), one.kind)


def cast(call: NodeCall) -> Numbers:
    """The same elements as another type."""
    one, to = given(call, 0), call.attribute("to", "integer", 0)
    if to in WHOLE:
        make: Any = int if one.kind == "truth" else truncated
        return Numbers(array((Integer(e) if e in (0, 1) else e for e in map(make, one.flat)), one.items.shape))
    if to in FLOATING and one.kind != "truth":
        return Numbers(one.items, "real")
    if to == BOOL and one.kind != "truth":
        return Numbers(array((not equal(e, Integer(0), True) for e in one.flat), one.items.shape), "truth")
    if one.kind == "truth" and to == BOOL:
        return one
    raise UnfitError("a type that no size has")


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


def _product(elements: list[Any]) -> Any:
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


NUMBERS: dict[str, Maker] = {
    "Shape": shape,
    "Size": size,
    "Constant": constant,
    "ConstantOfShape": filled,
    "Range": counted,
    "Identity": identity,
    "Cast": cast,
    "Gather": gather,
    "Unsqueeze": unsqueeze,
    "Squeeze": squeeze,
    "Concat": concat,
    "Slice": cut,
    "Split": split,
    "Reshape": reshape,
    "Transpose": transpose,
    "Expand": expand,
    "Tile": tile,
    "Where": where,
    "ReduceProd": reduced(_product),
    "ReduceSum": reduced(lambda elements: Add(*elements)),
    "Add": each(lambda a, b, whole: a + b),
    "Sum": each(lambda a, b=0, whole=True: a + b),
    "Sub": each(lambda a, b, whole: a - b),
    "Mul": each(lambda a, b, whole: a * b),
    "Div": each(divided),
    "Mod": each(remainder),
    "Pow": each(power),
    "Neg": each(lambda a, whole: -a),
    "Abs": each(lambda a, whole: abs(a)),
    "Floor": each(floored),
    "Ceil": each(raised),
    "Min": each(lambda a, b=None, whole=True: a if b is None else smaller(a, b, whole)),
    "Max": each(lambda a, b=None, whole=True: a if b is None else larger(a, b, whole)),
    "Equal": each(equal, "truth"),
    "Less": each(less, "truth"),
    "Greater": each(greater, "truth"),
    "LessOrEqual": each(lambda a, b, whole: _at_least(b, a), "truth"),
    "GreaterOrEqual": each(lambda a, b, whole: _at_least(a, b), "truth"),
    "Not": each(lambda a, whole: not a, "truth"),
    "And": each(lambda a, b, whole: bool(a and b), "truth"),
    "Or": each(lambda a, b, whole: bool(a or b), "truth"),
}
"""By the operator's name. A maker raises UnfitError where elements are not known."""
