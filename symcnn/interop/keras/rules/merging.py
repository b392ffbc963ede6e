"""Where several tensors meet, as layers and as operations.

Source: Keras's documentation, "Merging layers"; NumPy's rules of broadcasting for operations.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sympy import Integer

from .... import layers
from ....networks import Join
from ....networks.join import Meeting
from ....profile import Sizes
from ...reading.leaves import Operation
from ...reading.meetings import Product
from ...reading.values import UnfitError, broadcast, same_sizes
from ..calls import Call, Rule
from ..tensors import Tensor

JOINED = {"Add": "add", "Subtract": "add", "Average": "add", "Multiply": "multiply"}
"""What meets by a ``Join``; to subtract is to add, as far as counts go."""


def aligned(call: Call, tensors: Sequence[Tensor]) -> list[Tensor]:
    """Tensors of one rank, in the order of the first that has them all."""
    if len({one.rank for one in tensors}) > 1:
        raise UnfitError("tensors of different ranks")
    first = max(tensors, key=lambda one: sum(size != 1 for size in one.sizes))
    return [call.ordered(one, first.order) for one in tensors]


def met(call: Call, meeting: Meeting, tensors: Sequence[Tensor]) -> Tensor:
    """Tensors spread over each other meet."""
    ready = aligned(call, tensors)
    full = broadcast([tuple(one.value.shape) for one in ready])
    gated = meeting == Join("multiply") and any(same_sizes(tuple(one.value.shape), full) for one in ready)
    return call.meeting(meeting, ready if gated else [spread(call, one, full) for one in ready])


def spread(call: Call, x: Tensor, full: Sizes) -> Tensor:
    """A tensor repeated along its axes of size 1; sizes as they stand in the shape."""
    with call.named("expand"):
        return replace(x, value=call.builder.spread(x.value, (Integer(1), *full)))


def merge(call: Call) -> Tensor:
    """Two or more tensors, element by element."""
    return merged(call, type(call.op).__name__, call.tensors)


def merged(call: Call, kind: str, tensors: Sequence[Tensor]) -> Tensor:
    """What comes of tensors, element by element."""
    if len(tensors) == 1:
        return tensors[0]
    if kind not in JOINED:
        ready = aligned(call, tensors)
        full = broadcast([tuple(one.value.shape) for one in ready])
        return call.combined(kind.lower(), [spread(call, one, full) for one in ready])
    made = met(call, Join(JOINED[kind]), tensors)
    if kind != "Average":
        return made
    with call.named("divide"):
        return call.layer(Operation("divide"), made)


def concatenate(call: Call) -> Tensor:
    """Tensors one after another along an axis."""
    tensors = call.tensors
    axis = call.op.axis
    given = [one for argument in call.given.values() for one in call.tracer.flat(argument)]
    if any(hasattr(one, "shape") for one in given):
        raise UnfitError("one of them does not depend on the input")
    if len(tensors) == 1:
        return tensors[0]
    ready = [call.ordered(one, tensors[0].order) for one in tensors]
    return call.meeting(Join("concat", ready[0].place(axis)), ready)


def dot(call: Call) -> Tensor:
    """The sum of products along an axis of each of two tensors, for each pair of places along the others."""
    one, other = map(call.plain, call.tensors)
    given = call.op.axes
    axes = [given, given] if isinstance(given, int) else list(given)
    a, b = one.axis(axes[0]), other.axis(axes[1])
    left = [size for i, size in enumerate(one.sizes) if i != a]
    right = [size for i, size in enumerate(other.sizes) if i != b]
    call.same(one.sizes[a], other.sizes[b])
    output = (*left, *right) or (Integer(1),)
    return call.combined("dot", [one, other], output, (), [(*left, *right, one.sizes[a])])


def matmul(call: Call) -> Tensor:
    """The matrix product of two tensors along their last two axes, or with weights."""
    if len(call.tensors) != 2:
        return with_weights(call)
    one, other = map(call.plain, call.tensors)
    if one.rank != other.rank or one.rank < 2:
        raise UnfitError("a product of tensors of different ranks")
    full = broadcast([one.sizes[:-2], other.sizes[:-2]]) if one.rank > 2 else ()
    pair = [spread(call, x, (*full, *x.sizes[-2:])) for x in (one, other)]
    return call.meeting(Product(), pair)


def with_weights(call: Call) -> Tensor:
    """A product of a tensor and a matrix of weights."""
    first, second = list(call.given.values())[:2]
    if not isinstance(first, Tensor) or len(getattr(second, "shape", ())) != 2:
        raise UnfitError("a product with other than a matrix")
    x = call.plain(first)
    features, units = map(int, second.shape)
    call.built_for(x.sizes[-1], features, "features")
    return call.weighted(layers.Linear(units, bias=False, in_features=features), x, variables_in(call, [second]))


def variables_in(call: Call, given: Any) -> list[Any]:
    """The weights among arguments."""
    found = map(call.tracer.weights.variable, call.tracer.flat(given))
    return [one for one in found if one is not None]


def einsum(call: Call) -> Tensor:
    """Two tensors in Einstein's notation: a product over all indices that there are."""
    tensors = [call.plain(one) for one in call.tensors]
    taken, _, given = call.op.subscripts.replace(" ", "").partition("->")
    indices = taken.split(",")
    operands = [
        one for one in call.tracer.flat([*call.given.values()]) if hasattr(one, "shape") or isinstance(one, Tensor)
    ]
    if len(operands) != 2 or len(indices) != 2 or "." in taken or not given:
        raise UnfitError("an equation of other than two tensors")
    sizes: dict[str, Any] = {}
    for word, one in zip(indices, operands, strict=True):
        full = (Integer(1), *one.sizes) if isinstance(one, Tensor) else tuple(map(Integer, one.shape))
        sizes |= dict(zip(word, full, strict=True))
    output = tuple(sizes[index] for index in given[1:])
    return call.combined("einsum", tensors, output, variables_in(call, operands), [tuple(sizes.values())])


def arithmetic(call: Call) -> Tensor:
    """Two tensors, or a tensor and numbers or weights, element by element."""
    kind = type(call.op).__name__
    tensors = call.tensors
    others = [one for one in call.given.values() if not isinstance(one, Tensor)]
    if len(tensors) > 1:
        return merged(call, "Divide" if kind == "TrueDivide" else kind, tensors)
    (x,) = tensors
    sizes = [tuple(map(Integer, one.shape)) for one in others if hasattr(one, "shape")]
    full = broadcast([(Integer(1), *x.sizes), *sizes])
    if len(full) != x.rank + 1 or full[0] != 1:
        raise UnfitError("numbers of more axes than the tensor")
    if not same_sizes(full[1:], x.sizes):
        x = spread(call, call.plain(x), full[1:])
    return call.weighted(Operation(kind.lower()), x, variables_in(call, others))


def together(call: Call) -> Tensor:
    """A function of several tensors, element by element."""
    kind = type(call.op).__name__.lower()
    ready = aligned(call, call.tensors)
    full = broadcast([tuple(one.value.shape) for one in ready])
    spreads = [spread(call, one, full) for one in ready]
    return call.combined(kind, spreads, None, variables_in(call, [*call.given.values()]))


def stack(call: Call) -> Tensor:
    """Tensors along an axis that is new."""
    tensors = [call.plain(one) for one in call.tensors]
    sizes = tensors[0].sizes
    place = call.op.axis % (len(sizes) + 2) - 1
    if place < 0:
        raise UnfitError("the batch is no axis of the shape")
    each = [call.shaped(one, (*sizes[:place], Integer(1), *sizes[place:])) for one in tensors]
    return call.meeting(Join("concat", place), each) if len(each) > 1 else each[0]


MERGING: dict[str, Rule] = {
    **dict.fromkeys(["Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum"], merge),
    "Concatenate": concatenate,
    "Dot": dot,
}

OPERATIONS: dict[str, Rule] = {
    **dict.fromkeys(["Add", "Subtract", "Multiply", "Divide", "TrueDivide", "Power", "Maximum", "Minimum"], arithmetic),
    "Concatenate": concatenate,
    "Stack": stack,
    "Matmul": matmul,
    "Einsum": einsum,
    **dict.fromkeys(["Where", "LogicalAnd", "LogicalOr"], together),
}
