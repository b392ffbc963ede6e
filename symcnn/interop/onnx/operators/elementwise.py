"""Operators on each element by itself: activations and arithmetic.

Source: ONNX's documentation of the operators, and of broadcasting.
"""

from __future__ import annotations

from typing import Any

from .... import layers
from ...reading.calls import operands
from ...reading.leaves import Operation
from ...reading.rules.arithmetic import met, with_constants
from ...reading.values import ONE, Constant, UnfitError, Value, same_sizes
from ..calls import NodeCall
from ..numbers import Numbers

ACTIVATIONS = {
    "Relu": "ReLU",
    "LeakyRelu": "LeakyReLU",
    "Elu": "ELU",
    "Selu": "SELU",
    "Celu": "CELU",
    "Gelu": "GELU",
    "Swish": "SiLU",
    "Mish": "Mish",
    "Sigmoid": "Sigmoid",
    "Tanh": "Tanh",
    "HardSigmoid": "Hardsigmoid",
    "HardSwish": "Hardswish",
    "Softplus": "Softplus",
    "Softsign": "Softsign",
}
"""The operators that are activations."""

UNARY = {
    **{name: name.lower() for name in ("Abs", "Acos", "Acosh", "Asin", "Asinh", "Atan", "Atanh", "Ceil", "Cos")},
    **{name: name.lower() for name in ("Cosh", "Erf", "Exp", "Floor", "Log", "Neg", "Reciprocal", "Round", "Sign")},
    **{name: name.lower() for name in ("Sin", "Sinh", "Sqrt", "Tan", "Not", "Shrink", "CumSum", "Trilu")},
    "BitwiseNot": "bitwise_not",
    "IsInf": "isinf",
    "IsNaN": "isnan",
    "ThresholdedRelu": "threshold",
    "Hardmax": "hardmax",
    "Bernoulli": "bernoulli",
    "RandomNormalLike": "normal",
    "RandomUniformLike": "uniform",
    "EyeLike": "eye",
    "ReverseSequence": "flip",
}
"""Operators of as many elements as they take, and what they do, in a word."""


def activation(call: NodeCall) -> Value:
    """An activation."""
    return call.layer(getattr(layers, ACTIVATIONS[call.name])(), call.x)


def clip(call: NodeCall) -> Value:
    """Kept between two numbers; between 0 and 6 it is an activation."""
    ends = [call.attribute("min", "float"), call.attribute("max", "float")]
    if call.has(1) or call.has(2):
        ends = [_number(call.known(1)), _number(call.known(2))]
    return call.layer(layers.ReLU6() if ends == [0, 6] else Operation("clamp"), call.x)


def _number(given: Numbers | None) -> Any:
    return given.one if given is not None and given.items.size == 1 else None


def unary(call: NodeCall) -> Value:
    """An operation that has no layer."""
    return call.layer(Operation(UNARY[call.name]), call.x)


def softmax(call: NodeCall) -> Value:
    """Softmax along an axis; before opset 13 along all from it on, the second if nothing is said."""
    usual = -1 if call.opset >= 13 else 1
    x, (axis,) = call.along(call.x, [call.axis(call.attribute("axis", "integer", usual), call.x.rank)])
    return call.layer((layers.LogSoftmax if call.name == "LogSoftmax" else layers.Softmax)(axis), x)


def prelu(call: NodeCall) -> Value:
    """The activation with slopes to learn: one, or one for each channel; others are factors."""
    slopes = call.tensor(1)
    if not isinstance(slopes, Constant):
        raise UnfitError("the slopes depend on the input")
    several = [size for size in slopes.full if size != 1]
    x = call.builder.placed(call.x, 0) if call.x.full[0] == 1 else call.x
    each = len(slopes.full) == call.x.rank - 1 and slopes.full[0] == x.shape.channels
    if several and not (each and len(several) == 1):
        return arithmetic(call)
    layer: Any = layers.PReLU(several[0] if several else 1)
    return call.builder.weighted(layer, x, [slopes])


# Arithmetic.

BINARY = {
    "Add": "add",
    "Sub": "sub",
    "Mul": "mul",
    "Div": "div",
    "Pow": "pow",
    "Mod": "remainder",
    "Sum": "add",
    "Mean": "mean",
    "Max": "maximum",
    "Min": "minimum",
    "PRelu": "prelu",
    "And": "logical_and",
    "Or": "logical_or",
    "Xor": "logical_xor",
    "BitShift": "bit_shift",
    "BitwiseAnd": "bitwise_and",
    "BitwiseOr": "bitwise_or",
    "BitwiseXor": "bitwise_xor",
    "Equal": "eq",
    "Less": "lt",
    "LessOrEqual": "le",
    "Greater": "gt",
    "GreaterOrEqual": "ge",
    "Where": "where",
}
"""Operators on tensors that are spread over each other, and what they do, in a word."""


def arithmetic(call: NodeCall) -> Value:
    """Tensors spread over each other, some of which may be constants."""
    for place in range(len(call.found)):
        call.tensor(place)
    kind = BINARY[call.name]
    values, constants = operands(call.given.values())
    constants = _legacy(call, values, constants)
    x = values[0]
    if len(values) > 1:
        call.giving(call.broadcast([value.full for value in values], "the sizes of what meets"))
        x = met(call, kind, values)
    if not constants:
        return x
    fulls = [x.full, *(one.full for one in constants)]
    call.giving(call.broadcast(fulls, "the sizes of what meets"))
    _one_batch(call, x)
    return with_constants(call, kind, x, constants) if len(values) == 1 else _charged(call, kind, x, constants)


def _charged(call: NodeCall, kind: str, x: Value, constants: list[Constant]) -> Value:
    """What met, with constants too: these are stored there, and nothing further is done if they are numbers."""
    if not any(one.sources for one in constants) and same_sizes(x.full, call.full):
        return x
    return with_constants(call, kind, x, constants)


def _legacy(call: NodeCall, values: list[Value], constants: list[Constant]) -> list[Constant]:
    """Before opset 7 a constant was spread from an axis on."""
    axis = call.attribute("axis", "integer")
    if axis is None or call.opset >= 7 or not values:
        return constants
    behind = values[0].rank - axis
    return [Constant((*one.full, *(ONE,) * (behind - len(one.full))), one.stored, one.sources) for one in constants]


def _one_batch(call: NodeCall, x: Value) -> None:
    """Refuse constants of one for each input of a batch."""
    batch = x.unwritten is not None and call.full[len(call.full) - x.rank + x.unwritten]
    if batch and batch != 1 and call.builder.batch > 1:
        raise UnfitError("a constant is another for each input of the batch")


ELEMENTWISE: dict[str, Any] = {
    **dict.fromkeys(ACTIVATIONS, activation),
    **dict.fromkeys(UNARY, unary),
    **dict.fromkeys(BINARY, arithmetic),
    **dict.fromkeys(["Softmax", "LogSoftmax"], softmax),
    "Clip": clip,
    "PRelu": prelu,
}
