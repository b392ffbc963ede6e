"""Products of matrices, and attention.

Source: ONNX's documentation of Gemm, MatMul, Einsum, Attention, MatMulInteger and QLinearMatMul.
"""

from __future__ import annotations

from typing import Any

from .... import layers
from ....profile import Sizes
from ...reading.rules.arithmetic import met, with_constants
from ...reading.rules.axes import permuted
from ...reading.rules.products import attention, einsum, indexed, product
from ...reading.values import Constant, UnfitError, Value, same_sizes
from ..calls import NodeCall


def matmul(call: NodeCall) -> Value:
    """A product of two tensors, one of which may be a constant."""
    return multiplied(call, call.tensor(0), call.tensor(1))


def quantised(call: NodeCall) -> Value:
    """The same of integers, with factors and offsets between the arguments."""
    return multiplied(call, call.tensor(0), call.tensor(1 if call.name == "MatMulInteger" else 3))


def multiplied(call: NodeCall, one: Any, other: Any) -> Value:
    """A product of matrices for each place along the other axes; a vector is a row, or a column."""
    if not one.full or not other.full:
        raise UnfitError("a product with a number")
    call.builder.agree(one.full[-1], other.full[-2] if len(other.full) > 1 else other.full[0], "the rows and columns")
    rows = one.full[-2:-1] if len(one.full) > 1 else ()
    columns = other.full[-1:] if len(other.full) > 1 else ()
    pair = [full for full in (one.full[:-2], other.full[:-2]) if full]
    before = call.broadcast(pair) if pair else ()
    call.giving((*before, *rows, *columns))
    return product(call, one, other)


def gemm(call: NodeCall) -> Value:
    """A product of two matrices, to which a third may be added."""
    one, other, added = call.tensor(0), call.tensor(1), call.optional(2)
    if isinstance(one, Value) and isinstance(other, Constant):
        return _linear(call, _turned(call, one, "transA"), other, added)
    result = multiplied(call, _turned(call, one, "transA"), _turned(call, other, "transB"))
    if added is None:
        return result
    call.giving(call.broadcast([result.full, added.full], "what is added"))
    if isinstance(added, Value):
        return met(call, "add", [result, added])
    return with_constants(call, "add", result, [added])


def _turned(call: NodeCall, one: Any, name: str) -> Any:
    if len(one.full) != 2:
        raise UnfitError("Gemm of other than matrices")
    if not call.attribute(name, "integer", 0):
        return one
    if isinstance(one, Constant):
        return Constant(one.full[::-1], None, one.sources, one.products)
    return permuted(call.on(one), [1, 0])


def _linear(call: NodeCall, x: Value, weight: Constant, added: Any) -> Value:
    """A matrix that is stored makes it a linear layer, with a bias if one number a feature is added."""
    features, out = weight.full[::-1] if call.attribute("transB", "integer", 0) else weight.full
    call.builder.agree(x.full[-1], features, "the features and those of the weight")
    x, _ = call.along(x, [-1])
    bias = isinstance(added, Constant) and added.full in ((out,), (1, out))
    layer = layers.Linear(out, bias=bias, in_features=features)
    given = [weight, added] if bias else [weight]
    result = call.builder.weighted(layer, x, given)
    if added is None or bias:
        return result
    call.giving(call.broadcast([result.full, added.full], "what is added"))
    if isinstance(added, Value):
        return met(call, "add", [result, added])
    return with_constants(call, "add", result, [added])


def summed(call: NodeCall) -> Value:
    """Einstein's notation; without an arrow it gives the indices that stand once, by name."""
    equation = call.attribute("equation", "text", "").replace(" ", "")
    tensors = [call.tensor(place) for place in range(len(call.found))]
    if "->" not in equation:
        equation += "->" + "".join(sorted(i for i in {*equation} - {","} if equation.count(i) == 1))
    sizes = indexed(equation, tensors)
    for word, one in zip(equation.partition("->")[0].split(","), tensors, strict=True):
        for i, size in zip(word, one.full, strict=True):
            call.builder.agree(sizes[i], size, f"the sizes of {i}")
    call.giving(tuple(sizes[i] for i in equation.partition("->")[2]))
    return einsum(call, equation, tensors)


def attended(call: NodeCall) -> list[Value]:
    """Scaled dot-product attention, of heads that are an axis or a part of the features."""
    if call.has(4) or call.has(5) or len(call.node.output) > 1:
        raise UnfitError("attention with what came before")
    tensors = [call.tensor(place) for place in range(3)]
    if not all(isinstance(one, Value) for one in tensors):
        raise UnfitError("attention to constants")
    query, key, value = tensors
    mask = call.optional(3)
    if query.rank == 4 and same_sizes(query.full[:2], key.full[:2]):
        return [attention(call, tensors, mask)]
    heads = call.attribute("q_num_heads", "integer") if query.rank == 3 else query.full[1]
    shared = call.attribute("kv_num_heads", "integer") if query.rank == 3 else key.full[1]
    if not heads or not shared:
        raise UnfitError("attention of a number of heads that is not said")
    long, length = query.full[-2], key.full[-2]
    depth = query.full[-1] / heads if query.rank == 3 else query.full[-1]
    wide = value.full[-1] / shared if query.rank == 3 else value.full[-1]
    full: Sizes = (query.full[0], long, heads * wide) if query.rank == 3 else (*query.full[:3], wide)
    call.giving(full)
    values = [one for one in (*tensors, mask) if isinstance(one, Value)]
    constants = [mask] if isinstance(mask, Constant) else []
    products = [(heads, long, length, depth), (heads, long, length, wide)]
    sympified = [tuple(map(call.size, loops)) for loops in products]
    return [call.combined("attention", values, constants, sympified)]


PRODUCTS: dict[str, Any] = {
    "MatMul": matmul,
    "MatMulInteger": quantised,
    "QLinearMatMul": quantised,
    "Gemm": gemm,
    "Einsum": summed,
    "Attention": attended,
}
