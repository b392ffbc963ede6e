"""Products of matrices, and attention."""

from __future__ import annotations

from collections.abc import Sequence

from .... import layers
from ....sizes import Size
from ..calls import Call, operands
from ..meetings import Attention, Product
from ..values import Constant, UnfitError, Value, broadcast


def product(call: Call, one: Value | Constant, other: Value | Constant) -> Value:
    """A product of two tensors, one of which may be a constant."""
    if isinstance(one, Value) and isinstance(other, Value) and min(one.rank, other.rank) > 1:
        return _met(call, one, other)
    if isinstance(one, Value) and isinstance(other, Constant) and len(other.full) == 2:
        x, _ = call.along(one, [-1])
        layer = layers.Linear(other.full[1], bias=False, in_features=other.full[0])
        return call.builder.layer(call.builder.storing(layer, [other]), x)
    values, constants = operands([one, other])
    return call.combined("product", values, constants, [(*call.full, one.full[-1])])


def _met(call: Call, one: Value, other: Value) -> Value:
    """Both with the same axes before the last two."""
    rank = max(one.rank, other.rank)
    full = broadcast([one.full[:-2], other.full[:-2]]) if rank > 2 else ()
    pair = call.aligned([one, other], apart=[-1, -2])
    spread = [call.builder.spread(value, (*full, *value.full[-2:])) for value in pair]
    return call.builder.meeting(Product(), spread)


def einsum(call: Call, equation: str, tensors: Sequence[Value | Constant]) -> Value:
    """One or two tensors, in Einstein's notation: a product over all indices that there are."""
    values, constants = operands(tensors)
    sizes = indexed(equation, tensors)
    taken, _, given = equation.replace(" ", "").partition("->")
    indices = taken.split(",")
    alone = {i for i in sizes if sum(i in word for word in indices) == 1 and i not in given}
    loops = tuple(size for i, size in sizes.items() if i not in alone)
    return call.combined("einsum", values, constants, [loops] if len(tensors) == 2 else [])


def indexed(equation: str, tensors: Sequence[Value | Constant]) -> dict[str, Size]:
    """The size of each index of an equation.

    Raises:
        UnfitError: an equation of more than two tensors, or one with an ellipsis or without an arrow.
    """
    taken, _, given = equation.replace(" ", "").partition("->")
    if len(tensors) > 2 or "." in taken or not given:
        raise UnfitError("an equation of other than two tensors")
    pairs = zip(taken.split(","), tensors, strict=True)
    return {i: size for word, one in pairs for i, size in zip(word, one.full, strict=True)}


def attention(call: Call, tensors: Sequence[Value | Constant], mask: Value | Constant | None) -> Value:
    """Queries, keys and values; a mask is only added."""
    values, constants = operands([mask])
    query, key, value = call.aligned(tensors, apart=[-1, -2])
    if query.shape[:-2] != key.shape[:-2]:
        raise UnfitError("heads that share keys")
    query = call.builder.charged(query, constants)
    return call.builder.meeting(Attention(), [query, key, value, *values])
