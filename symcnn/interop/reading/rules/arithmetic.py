"""Tensors and numbers, element by element."""

from __future__ import annotations

from collections.abc import Sequence

from ....networks import Join
from ....profile import Sizes
from ..calls import Call
from ..leaves import Operation
from ..values import ONE, Constant, Value, broadcast, same_sizes

JOINED = {"add": "add", "sub": "add", "rsub": "add", "mul": "multiply"}
"""What meets by a ``Join``; to subtract is to add, as far as counts go."""


def met(call: Call, kind: str, values: Sequence[Value]) -> Value:
    """Several tensors of which each element is computed by itself."""
    how = JOINED.get(kind)
    if how == "multiply" and _gated(values):
        return call.builder.meeting(Join(how), call.aligned(values))
    if how is not None:
        return call.met(Join(how), values)
    return call.combined(kind, values, [], ())


def _gated(values: Sequence[Value]) -> bool:
    """Whether one of two factors has the sizes of the product, and the other is it or has ones."""
    full = broadcast([value.full for value in values])
    return any(same_sizes(value.full, full) for value in values)


def with_constants(call: Call, kind: str, x: Value, constants: Sequence[Constant]) -> Value:
    """A tensor with numbers, or with tensors that do not depend on the input."""
    full: Sizes = call.full
    if len(x.full) < len(full):
        x = call.builder.shaped(x, (*(ONE,) * (len(full) - len(x.full)), *x.full))
    if not same_sizes(x.full, full):
        if x.unwritten is not None and full[x.unwritten] != 1:
            x = call.builder.placed(x, None)
        x = call.builder.spread(x, full)
    return call.builder.weighted_by(Operation(kind), x, constants)
