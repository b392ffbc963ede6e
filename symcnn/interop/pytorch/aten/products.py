"""Products of matrices, and attention."""

from __future__ import annotations

from sympy import Mul

from .... import layers
from ....layers import Identity
from ....profile import Sizes
from ...reading.calls import Call, Rule, operands
from ...reading.rules.products import attention as attended
from ...reading.rules.products import einsum as product_of_indices
from ...reading.rules.products import product
from ...reading.values import Constant, UnfitError, Value


def matmul(call: Call) -> Value:
    """A product of two tensors, one of which may be a constant."""
    one, other = [one for one in call.given.values() if isinstance(one, Value | Constant)][:2]
    return product(call, one, other)


def addmm(call: Call) -> Value:
    """A product to which something is added."""
    names = [name for name in call.given if name not in ("self", "input", "beta", "alpha")]
    one, other = (call[name] for name in names[:2])
    added = call.given.get("self")
    if isinstance(added, Constant) and isinstance(one, Value) and isinstance(other, Constant):
        x, _ = call.along(one, [-1])
        layer = layers.Linear(other.full[1], bias=True, in_features=other.full[0])
        return call.builder.layer(call.builder.storing(layer, [other, added]), x)
    raise UnfitError("a sum of products that depend on the input")


def einsum(call: Call) -> Value:
    """One or two tensors, in Einstein's notation: a product over all indices that there are."""
    return product_of_indices(call, call["equation"], call["tensors"])


def attention(call: Call) -> Value:
    """Queries, keys and values; a mask is only added."""
    return attended(call, [call[name] for name in ("query", "key", "value")], call["attn_mask"])


def recurrent(call: Call) -> list[Value]:
    """A recurrent network: each weight of its matrices once at every step.

    What it gives is one of the same shape for each output; the weights are stored in front of all of them.
    """
    x = call.x
    values, constants = operands(call.given.values())
    steps = x.full[1 if call["batch_first"] else 0]
    matrices = [one for one in constants if len(one.full) == 2 and one.stored]
    products = [(call.name, (steps, *one.full)) for one in matrices]
    front = call.builder.layer(call.builder.storing(Identity(), constants, products), x)
    calls = (Call(call.builder, call.name, call.given, [full]) for full in call.outputs)
    return [one.combined(call.name, [front, *values[1:]], [], []) for one in calls]


def constant_products(name: str, given: dict[str, object], full: Sizes) -> tuple[Sizes, ...]:
    """The multiply-accumulates of an operator on constants alone.

    >>> constant_products("linear", {"weight": Constant((8, 2))}, (225, 8))
    ((225, 8, 2),)
    """
    _, constants = operands(given.values())
    if name in ("matmul", "mm", "bmm"):
        return ((*full, constants[0].full[-1]),)
    if name in ("addmm", "baddbmm"):
        return ((*full, constants[1].full[-1]),)
    if name == "linear":
        weight = given["weight"]
        assert isinstance(weight, Constant)
        return ((*full, weight.full[-1]),)
    if name.startswith("conv") and "transpose" not in name:
        weight = given["weight"]
        assert isinstance(weight, Constant)
        return ((Mul(*full), *weight.full[1:]),)
    return ()


PRODUCTS: dict[str, Rule] = {
    **dict.fromkeys(["matmul", "mm", "bmm"], matmul),
    "addmm": addmm,
    "einsum": einsum,
    **dict.fromkeys(["lstm", "gru", "rnn_tanh", "rnn_relu"], recurrent),
    "scaled_dot_product_attention": attention,
}
