"""Activations: as layers, as operations, and as the last step of another layer.

Source: Keras's documentation, "Layer activation functions".
"""

from __future__ import annotations

from typing import Any

from .... import layers
from ...reading.leaves import Operation
from ..calls import Call, Rule
from ..tensors import Tensor
from ..weights import elements

LAYERS = {
    "relu": "ReLU",
    "relu6": "ReLU6",
    "leaky_relu": "LeakyReLU",
    "elu": "ELU",
    "selu": "SELU",
    "celu": "CELU",
    "gelu": "GELU",
    "silu": "SiLU",
    "mish": "Mish",
    "sigmoid": "Sigmoid",
    "log_sigmoid": "LogSigmoid",
    "tanh": "Tanh",
    "hard_tanh": "Hardtanh",
    "hard_sigmoid": "Hardsigmoid",
    "hard_silu": "Hardswish",
    "hard_shrink": "Hardshrink",
    "soft_shrink": "Softshrink",
    "softplus": "Softplus",
    "softsign": "Softsign",
    "tanh_shrink": "Tanhshrink",
}
"""Keras's functions that are layers here."""

OTHERS = ("exponential", "threshold", "squareplus", "sparse_plus", "sparse_sigmoid", "sparsemax")
"""Keras's functions that have no layer: an operation of each element."""

ALONG = {"softmax": layers.Softmax, "log_softmax": layers.LogSoftmax, "glu": layers.GLU}
"""Keras's functions along an axis, the last if nothing is said."""


def applied(call: Call, name: str, x: Tensor, axis: int = -1) -> Tensor:
    """What a function of Keras's of this name makes of a tensor."""
    if name in ALONG:
        return call.layer(ALONG[name](x.place(axis)), x)
    return call.layer(getattr(layers, LAYERS[name])() if name in LAYERS else Operation(name), x)


def activated(call: Call, x: Tensor) -> Tensor:
    """What comes of the activation that a layer ends with; a node of its own, if it does anything."""
    function = call.op.activation
    name = getattr(function, "__name__", type(function).__name__)
    if function is None or name == "linear":
        return x
    with call.named(name):
        return given(call, function, x)


def given(call: Call, function: Any, x: Tensor) -> Tensor:
    """What an activation makes of a tensor; one that Keras does not have is unknown."""
    keras = call.tracer.keras
    name = getattr(function, "__name__", "")
    if isinstance(function, keras.Layer):
        made: list[Tensor] = call.tracer.flat(call.tracer.called(function, (x,), {}))
        return made[0]
    if getattr(keras.activations, name, None) is not function:
        return call.combined(name or type(function).__name__, [x], known=False)
    if name == "linear":
        return call.layer(layers.Identity(), x)
    if name not in LAYERS and name not in ALONG and name not in OTHERS:
        return call.combined(name, [x], known=False)
    return applied(call, name, x)


def activation(call: Call) -> Tensor:
    """A layer that is a function by its name."""
    return given(call, call.op.activation, call.x)


def named(name: str) -> Rule:
    """The rule of an activation that has a class of its own."""

    def rule(call: Call) -> Tensor:
        return applied(call, name, call.x)

    return rule


def relu(call: Call) -> Tensor:
    """ReLU, or what is cut off at 6."""
    slope = getattr(call.op, "negative_slope", 0)
    six = getattr(call.op, "max_value", None) == 6 and not slope
    return applied(call, "relu6" if six else "leaky_relu" if slope else "relu", call.x)


def softmax(call: Call) -> Tensor:
    """Softmax along an axis; along several it is taken over all their elements."""
    axis = call.op.axis
    axes = [axis] if isinstance(axis, int) else list(axis)
    if len(axes) > 1:
        return call.layer(Operation("softmax"), call.x)
    log = "Log" in type(call.op).__name__
    return applied(call, "log_softmax" if log else "softmax", call.x, axes[0])


def glu(call: Call) -> Tensor:
    """The gated linear unit."""
    return applied(call, "glu", call.x, call.op.axis)


def prelu(call: Call) -> Tensor:
    """The activation with slopes to learn: one for each place, but along axes that share them."""
    (alpha,) = call.op.weights
    slopes = elements(alpha)
    x = call.x
    axes = [i for i, size in enumerate(alpha.shape) if size != 1]
    if slopes == 1 or len(axes) == 1:
        x = call.first(x, axes[0] + 1) if axes else x
        return call.weighted(layers.PReLU(slopes), x)
    for axis in axes:
        call.built_for(x.sizes[axis], alpha.shape[axis], "places along an axis")
    return call.weighted(Operation("prelu"), x)


ACTIVATIONS: dict[str, Rule] = {
    "Activation": activation,
    "ReLU": relu,
    "LeakyReLU": named("leaky_relu"),
    "ELU": named("elu"),
    "PReLU": prelu,
    "Softmax": softmax,
}

COMPOSED = ("mish", "exponential")
"""Functions that Keras makes of other operations."""

OPERATIONS: dict[str, Rule] = {
    "".join(word.title() for word in name.split("_")): named(name)
    for name in (*LAYERS, *OTHERS)
    if name not in COMPOSED
} | {
    "ReLU": relu,
    "Softmax": softmax,
    "LogSoftmax": softmax,
    "Glu": glu,
}
