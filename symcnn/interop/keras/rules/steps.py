"""A layer at every step by itself.

Source: Keras's documentation, "TimeDistributed layer".
"""

from __future__ import annotations

from dataclasses import replace

from ....shape import Shape
from ...reading.each import Each
from ..calls import Call, Rule
from ..inputs import order_of
from ..tensors import Order, Tensor


def time_distributed(call: Call) -> Tensor:
    """A layer or a model on each of the places along the first axis, with the same weights."""
    keras, inner = call.tracer.keras, call.op.layer
    shape = [None if not size.is_Integer else int(size) for size in call.x.sizes[1:]]
    order = order_of(keras, [inner], shape)
    x = call.ordered(call.x, _behind(order))
    specs = [
        None if one is None else keras.KerasTensor((one.shape[0], *one.shape[2:]), dtype=one.dtype) for one in x.specs
    ]
    step = Tensor(replace(x.value, shape=Shape.of(tuple(x.value.shape[1:]))), order, tuple(specs))
    layer, given = call.tracer.alone(inner, step)
    return call.layer(Each(layer), x, _behind(given))


def _behind(order: Order) -> Order:
    """An order with one axis more, the first."""
    return (0, *(place + 1 for place in order))


STEPS: dict[str, Rule] = {"TimeDistributed": time_distributed}
