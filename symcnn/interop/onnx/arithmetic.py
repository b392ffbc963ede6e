"""What comes of constants whose elements are known: the table from operator to what it does with them."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from sympy import Add, Expr, Integer, Max, Min, fraction, together

from ...sizes import FloorDiv, canonical, surely_at_least
from ..reading.values import UnfitError
from . import places
from .calls import NodeCall
from .numbers import Numbers, array, sized
from .places import Maker, given
from .tensors import BOOL, FLOATING, SMALL, WHOLE

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


NUMBERS: dict[str, Maker] = {
    "Shape": shape,
    "Size": size,
    "Constant": places.constant,
    "ConstantOfShape": places.filled,
    "Range": places.counted,
    "Identity": places.identity,
    "Cast": cast,
    "Gather": places.gather,
    "Unsqueeze": places.unsqueeze,
    "Squeeze": places.squeeze,
    "Concat": places.concat,
    "Slice": places.cut,
    "Split": places.split,
    "Reshape": places.reshape,
    "Transpose": places.transpose,
    "Expand": places.expand,
    "Tile": places.tile,
    "Where": where,
    "ReduceProd": places.reduced(places.multiplied),
    "ReduceSum": places.reduced(lambda elements: Add(*elements)),
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
