"""Products of matrices, and attention."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .... import layers
from ....profile import Sizes
from ....sizes import Size
from ..calls import Call, operands
from ..leaves import Operation
from ..meetings import Attention, Product
from ..values import Constant, UnfitError, Value, broadcast, same_sizes, written
from .einstein import einsum_products


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


def einsum(call: Call, equation: str, tensors: Sequence[Value | Constant], path: Any = None) -> Value:
    """Tensors in Einstein's notation: a product for two and two of them, from the left or by a path of places."""
    values, constants = operands(call.given.values())
    return call.combined("einsum", values, constants, einsum_products(equation, [one.full for one in tensors], path))


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


def attention(
    call: Call, tensors: Sequence[Value | Constant], mask: Value | Constant | None, grouped: bool = True
) -> Value:
    """Queries, keys and values; a mask is only added. Keys that heads share are multiplied for each of them."""
    values, constants = operands([mask])
    trio = call.aligned(tensors, apart=[-1, -2])
    places = broadcast([one.full[:-2] for one in trio])
    query, key, value = (_for_heads(call, one, (*places, *one.full[-2:]), grouped) for one in trio)
    query = call.builder.charged(query, constants)
    return call.builder.meeting(Attention(), [query, key, value, *values])


def _for_heads(call: Call, x: Value, full: Sizes, grouped: bool) -> Value:
    """Keys for all heads: one for all is spread, one for a group of them is repeated."""
    if not grouped or same_sizes(x.full, full):
        return call.builder.spread(x, full)
    output = tuple(written(full, x.unwritten))
    return call.layer(Operation("repeat_interleave", output_sizes=output, taken=tuple(x.shape)), x)
