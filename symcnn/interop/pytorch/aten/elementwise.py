"""Operators on each element by itself: activations, arithmetic, and what else computes no products of matrices."""

from __future__ import annotations

from typing import Any

from .... import layers
from ...reading.calls import Call, Rule, operands
from ...reading.leaves import Operation
from ...reading.rules.arithmetic import met, with_constants
from ...reading.values import Value, same_sizes
from .plain import PLAIN

ACTIVATIONS = {
    "relu": "ReLU",
    "relu6": "ReLU6",
    "leaky_relu": "LeakyReLU",
    "rrelu": "RReLU",
    "elu": "ELU",
    "selu": "SELU",
    "celu": "CELU",
    "gelu": "GELU",
    "silu": "SiLU",
    "mish": "Mish",
    "sigmoid": "Sigmoid",
    "log_sigmoid": "LogSigmoid",
    "tanh": "Tanh",
    "hardtanh": "Hardtanh",
    "hardsigmoid": "Hardsigmoid",
    "hardswish": "Hardswish",
    "hardshrink": "Hardshrink",
    "softshrink": "Softshrink",
    "softplus": "Softplus",
}
"""The operators that are activations."""


def activation(call: Call) -> Value:
    """An activation, in place or not."""
    inplace = call.name.endswith("_")
    name = call.name.removesuffix("_")
    six = name == "hardtanh" and (call["min_val"], call["max_val"]) == (0, 6)
    layer = getattr(layers, "ReLU6" if six else ACTIVATIONS[name])
    return call.layer(layer(inplace), call.x)


def prelu(call: Call) -> Value:
    """The activation with slopes to learn."""
    slopes = call["weight"]
    x = call.builder.placed(call.x, 0) if call.x.full[0] == 1 else call.x
    layer: Any = layers.PReLU(slopes.full[0] if slopes.full else 1)
    return call.builder.weighted(layer, x, [slopes])


def softmax(call: Call) -> Value:
    """Softmax along an axis."""
    x, (axis,) = call.along(call.x, [call["dim"]])
    layer = layers.LogSoftmax if "log" in call.name else layers.Softmax
    return call.layer(layer(axis), x)


def glu(call: Call) -> Value:
    """The gated linear unit."""
    x, (axis,) = call.along(call.x, [-1 if call["dim"] is None else call["dim"]])
    return call.layer(layers.GLU(axis), x)


# Arithmetic.


def arithmetic(call: Call) -> Value:
    """Two tensors, or a tensor and a number."""
    kind = call.name.removesuffix("_")
    values, constants = operands(call.given.values())
    if len(values) == 1:
        return with_constants(call, kind, values[0], constants)
    return met(call, kind, values)


def plain(call: Call) -> Value | list[Value]:
    """An operation that has no layer of its own, and no products."""
    values, constants = operands(call.given.values())
    kind = call.name.strip("_")
    if len(call.outputs) == 1 and len(values) == 1 and same_sizes(values[0].full, call.full):
        return call.builder.weighted_by(Operation(kind), values[0], constants)
    return call.each(kind)


ELEMENTWISE: dict[str, Rule] = {
    **dict.fromkeys(PLAIN, plain),
    **dict.fromkeys(ACTIVATIONS, activation),
    **dict.fromkeys([f"{name}_" for name in ACTIVATIONS], activation),
    **dict.fromkeys(["add", "sub", "rsub", "mul", "div", "pow", "maximum", "minimum"], arithmetic),
    "prelu": prelu,
    **dict.fromkeys(["softmax", "_softmax", "log_softmax", "_log_softmax", "_safe_softmax"], softmax),
    "glu": glu,
}
