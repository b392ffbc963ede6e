"""What a layer of someone's own does, where its ``call`` can be run on tensors that are only sizes.

Keras then notes each operation and each layer that is called, as in a functional model.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from ..reading.values import UnfitError
from .calls import Call
from .tensors import Tensor


def opened(call: Call) -> Any:
    """What a layer without a rule does, step by step.

    Raises:
        UnfitError: it cannot be called so.
    """
    tracer, op = call.tracer, call.op
    if not isinstance(op, tracer.keras.Layer):
        raise UnfitError("an operation has nothing inside")
    tensors = call.tensors
    inputs = [_symbolic(tracer.keras, one) for one in tensors]
    places = {id(one): x for one, x in zip(tensors, inputs, strict=True)}
    given = tracer.keras.tree.map_structure(lambda one: places.get(id(one), one), call.given)
    function = recorded(tracer.keras, op, inputs, given)
    with call.inside():
        made = tracer.walk(function, tensors, opened=True)
        hidden = [one for one in op.weights if not tracer.builder.used(tracer.weights.names[id(one)])]
        return [_computed_with(call, one, hidden) for one in made[:1]] + made[1:]


def _computed_with(call: Call, x: Tensor, hidden: list[Any]) -> Tensor:
    """A tensor, with weights at its side that the graph does not show: something was made of them beforehand."""
    if not hidden:
        return x
    call.builder.label = "weights"
    return call.combined("computed of weights", [x], None, hidden, known=False)


def _symbolic(keras: Any, x: Tensor) -> Any:
    spec = next(one for one in x.specs if one is not None)
    shape = [int(size) if size.is_Integer else None for size in x.sizes]
    return keras.Input(shape, dtype=spec.dtype)


def recorded(keras: Any, op: Any, inputs: Sequence[Any], given: dict[str, Any]) -> Any:
    """The graph of what a layer's ``call`` does; the layers in it are left as they were.

    Raises:
        UnfitError: it cannot be called on tensors that are only sizes.
    """
    with _forgotten(keras, op):
        try:
            outputs = op.call(**given)
            return keras.Function(inputs, outputs)
        except Exception as error:
            first = (str(error).strip() or type(error).__name__).splitlines()[0]
            raise UnfitError(first) from error


@contextmanager
def _forgotten(keras: Any, op: Any) -> Iterator[None]:
    """What Keras notes of calls meanwhile, it forgets of the layers afterwards."""
    layers = [*op._flatten_layers()]
    before = [(len(one._inbound_nodes), len(one._outbound_nodes)) for one in layers]
    try:
        yield
    finally:
        for one, (inbound, outbound) in zip(layers, before, strict=True):
            del one._inbound_nodes[inbound:]
            del one._outbound_nodes[outbound:]
