"""Products of matrices, and attention."""

from __future__ import annotations

from sympy import Mul

from .... import layers
from ....layers import Identity
from ....networks import Join
from ....profile import Sizes
from ...reading.calls import Call, Rule, operands
from ...reading.leaves import Operation
from ...reading.rules.einstein import einsum_products
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
    if isinstance(added, Constant) and isinstance(one, Value) and isinstance(other, Constant) and len(other.full) == 2:
        x, _ = call.along(one, [-1])
        layer = layers.Linear(other.full[1], bias=True, in_features=other.full[0])
        return call.builder.layer(call.builder.storing(layer, [other, added]), x)
    if not isinstance(one, Value) and not isinstance(other, Value):
        raise UnfitError("a product of constants")
    made = product(call, one, other)
    if isinstance(added, Value):
        return call.met(Join("add"), [made, added])
    return call.builder.weighted_by(Operation("add"), made, operands([added])[1])


def tensordot(call: Call) -> Value:
    """A product over some axes of both, of all that there is along the others."""
    values, constants = operands(call.given.values())
    one, other = call["self"], call["other"]
    inside = {axis % len(other.full) for axis in call["dims_other"]}
    loops = (*one.full, *(size for axis, size in enumerate(other.full) if axis not in inside))
    return call.combined("product", values, constants, [loops])


def bilinear(call: Call) -> Value:
    """A layer of two inputs: a matrix between them for each feature."""
    values, constants = operands(call.given.values())
    return call.combined("bilinear", values, constants, [(*call.full, *call["weight"].full[1:])])


def einsum(call: Call) -> Value:
    """Tensors in Einstein's notation: a product for two and two of them, from the left or as the call says."""
    return product_of_indices(call, call["equation"], call["tensors"], call["path"])


def attention(call: Call) -> Value:
    """Queries, keys and values; a mask is only added."""
    return attended(call, [call[name] for name in ("query", "key", "value")], call["attn_mask"], call["enable_gqa"])


def recurrent(call: Call) -> Value | list[Value]:
    """A recurrent network: each weight of its matrices once at every step of every sequence.

    What it gives is one of the same shape for each output; the weights are stored in front of all of them.
    """
    x = call.x
    values, constants = operands(call.given.values())
    places = tuple(size for size in x.full[:-1] if size != 1)  # Steps, and sequences of which there are several.
    matrices = [one for one in constants if len(one.full) == 2 and one.stored]
    products = [(call.name, (*places, *one.full)) for one in matrices]
    front = call.builder.layer(call.builder.storing(Identity(), constants, products), x)
    calls = (Call(call.builder, call.name, call.given, [full]) for full in call.outputs)
    made = [one.combined(call.name, [front, *values[1:]], [], []) for one in calls]
    return made if len(made) > 1 else made[0]


def constant_products(name: str, given: dict[str, object], full: Sizes) -> tuple[Sizes, ...]:
    """The multiply-accumulates of an operator on constants alone.

    >>> constant_products("linear", {"weight": Constant((8, 2))}, (225, 8))
    ((225, 8, 2),)
    """
    _, constants = operands(given.values())
    if name in ("matmul", "mm", "bmm"):
        return ((*full, constants[0].full[-1]),)
    if name == "einsum":
        return tuple(einsum_products(str(given["equation"]), [one.full for one in constants], given["path"]))
    if name in ("addmm", "baddbmm"):
        return ((*full, constants[1].full[-1]),)
    if name == "linear":
        weight = given["weight"]
        assert isinstance(weight, Constant)
        return ((*full, weight.full[-1]),)
    if name.startswith("conv"):
        first, weight = given["input"], given["weight"]
        assert isinstance(first, Constant)
        assert isinstance(weight, Constant)
        places = first.full if "transpose" in name else full
        return ((Mul(*places), *weight.full[1:]),)
    return ()


PRODUCTS: dict[str, Rule] = {
    **dict.fromkeys(["matmul", "mm", "bmm", "mv", "dot", "vdot", "inner"], matmul),
    **dict.fromkeys(["addmm", "baddbmm", "addmv"], addmm),
    "tensordot": tensordot,
    "bilinear": bilinear,
    "einsum": einsum,
    **dict.fromkeys(["lstm", "gru", "rnn_tanh", "rnn_relu"], recurrent),
    **dict.fromkeys(["lstm_cell", "gru_cell", "rnn_tanh_cell", "rnn_relu_cell"], recurrent),
    "scaled_dot_product_attention": attention,
}
