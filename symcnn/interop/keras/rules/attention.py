"""Attention.

Source: Keras's documentation, "Attention layers"; A. Vaswani et al., Attention Is All You Need
(arXiv:1706.03762).
"""

from __future__ import annotations

from typing import Any

from sympy import Integer

from ...reading.meetings import Attention
from ...reading.values import UnfitError
from ..calls import Call, Rule
from ..tensors import Tensor
from .dense import einsum_dense
from .merging import spread


def multi_head(call: Call) -> Tensor:
    """Projections to queries, keys and values in heads, their two products, and the projection of the result."""
    return _headed(call, 1)


def grouped_query(call: Call) -> Tensor:
    """The same, where several heads of queries share keys and values."""
    return _headed(call, call.op.num_repeats)


def _headed(call: Call, repeats: int) -> Tensor:
    op, given = call.op, call.given
    query, value = given["query"], given["value"]
    key = value if given["key"] is None else given["key"]
    gated = getattr(op, "use_gate", False) or getattr(op, "_use_gate", False)
    if given["return_attention_scores"] or gated or query.rank != 2:
        raise UnfitError("attention that gives its scores, has gates, or is over several axes")
    with call.inside():
        parts = [
            _projected(call, name, dense, x)
            for name, dense, x in (
                ("query", op._query_dense, query),
                ("key", op._key_dense, key),
                ("value", op._value_dense, value),
            )
        ]
        parts = [parts[0], *(_repeated(call, one, repeats) for one in parts[1:])]
        call.builder.label = "attention"
        heads = [call.ordered(one, (1, 0, 2)) for one in parts]
        made = call.meeting(Attention(), heads)
        return _projected(call, "attention_output", op._output_dense, made)


def _projected(call: Call, name: str, dense: Any, x: Tensor) -> Tensor:
    """What one of the projections makes of a tensor."""
    call.builder.label = name
    return einsum_dense(Call(call.tracer, dense, {"inputs": x}, ()))


def _repeated(call: Call, x: Tensor, repeats: int) -> Tensor:
    """Heads, each of which so many others share: all that follows sees so many."""
    if repeats == 1:
        return x
    tokens, heads, width = x.sizes
    call.builder.label = "repeat"
    apart = call.shaped(x, (tokens, heads, Integer(1), width))
    wide = spread(call, apart, (tokens, heads, Integer(repeats), width))
    return call.shaped(wide, (tokens, heads * repeats, width))


def attention(call: Call) -> Tensor:
    """The products of queries with keys and of the result with values; a scale may be learned."""
    query, key, value = _three(call)
    if call.op.score_mode != "dot":
        return _added(call)
    query = call.charged(query, call.op.weights)
    return call.meeting(Attention(), [query, key, value])


def additive(call: Call) -> Tensor:
    """Scores are sums over features, which are no product of matrices; the second product is."""
    return _added(call)


def _added(call: Call) -> Tensor:
    query, key, value = _three(call)
    output = (query.sizes[0], value.sizes[-1])
    loops = [(*output, key.sizes[0])]
    return call.combined("additive attention", [query, key, value], output, call.op.weights, loops)


def _three(call: Call) -> list[Tensor]:
    """Queries, keys and values, as Keras has them."""
    given = [one for one in call.tracer.flat(call.given["inputs"]) if isinstance(one, Tensor)]
    if call.given.get("return_attention_scores") or any(one.rank != 2 for one in given):
        raise UnfitError("attention that gives its scores")
    query, value, *rest = map(call.plain, given)
    return [query, rest[0] if rest else value, value]


ATTENTION: dict[str, Rule] = {
    "MultiHeadAttention": multi_head,
    "GroupedQueryAttention": grouped_query,
    "Attention": attention,
    "AdditiveAttention": additive,
}
