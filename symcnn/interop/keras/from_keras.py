"""Keras's models as networks, through the graph that Keras keeps of them."""

from __future__ import annotations

import inspect
from typing import Any

from ...errors import SymcnnError
from ...layer import Layer
from ..frameworks import framework
from ..reading.nesting import network
from ..reading.values import UnfitError
from .inputs import opened, order_of, shape_of
from .opening import recorded
from .tracing import Tracer


def from_keras(model: Any, *, input: Any = None) -> Layer:
    """A Keras model as a network of layers, with formulas in the size of its input.

    Nothing is run: the graph that Keras keeps is read, as it is when the model is used and not trained, and Keras's
    own shapes are compared at several sizes. Layers have Keras's names; nested models are networks. What a
    layer of someone's own does is read too where its ``call`` can be run on tensors without numbers; one of
    which nothing is known counts nothing but its weights, and the summary names it: totals are lower bounds
    then. ``params`` are the weights that are trained; what is frozen is among the buffers.

    Shapes come out with the channels first, whichever data format the model has.

    Args:
        model: a functional or sequential model; one of a class of its own, where its ``call`` can be run so.
        input: the shape that goes in, without the batch, in the order of axes that the model takes:
            ``("H", "W", 3)`` with channels last. Numbers are fixed, names and symbols of ``dims`` are open. If nothing
            is said it is the model's own, whose ``None`` are H and W, or D, H and W, or L.

    Raises:
        SymcnnError: something that is no model, or one that cannot be read; Keras is not installed.
        SizeError: an input that is no shape.
        ShapeError: an input that the model or a layer's weights are not for.

    >>> import os, pytest, symcnn as sc
    >>> _ = os.environ.setdefault("KERAS_BACKEND", "torch")
    >>> _, keras = pytest.importorskip("torch"), pytest.importorskip("keras")
    >>> layers = [keras.layers.Conv2D(16, 3, padding="same", activation="relu"), keras.layers.MaxPooling2D()]
    >>> net = sc.from_keras(keras.Sequential([keras.Input((None, None, 3)), *layers]))
    >>> net.macs, net.output
    (432*H*W, Shape(16, ⌊H/2⌋, ⌊W/2⌋))
    """
    keras = framework("keras", "from_keras")
    if not isinstance(model, keras.Model):
        raise SymcnnError(f"from_keras takes a keras.Model, got {model!r}{_hint(model)}")
    graph, own = _graph(keras, model, input)
    inputs = graph.inputs
    if len(inputs) > 1:
        names = ", ".join(one.name for one in inputs)
        raise SymcnnError(f"from_keras takes a model of one input, got {len(inputs)}: {names}")
    (x,) = inputs
    built = tuple(x.shape[1:])
    if not built:
        raise SymcnnError(f"from_keras takes an input of at least one axis beside the batch, got {x.name} with none")
    order = order_of(keras, _layers(graph), built)
    sizes = opened(built, order) if input is None else shape_of(input, len(built))
    tracer = Tracer(keras, model, sizes, order, _advice(built) if own else "")
    shape, outputs = tracer.run(graph, opened=not own)
    return network(tracer.builder, list(dict.fromkeys(outputs)), shape)


def _graph(keras: Any, model: Any, input: Any) -> tuple[Any, bool]:
    """A model's graph, and whether the shape of its input is the model's own."""
    functional = getattr(model, "_functional", None) or model
    if isinstance(functional, keras.Function):
        return functional, True
    kind = type(model).__name__
    if input is None:
        example = "('H', 'W', 3)"
        raise SymcnnError(
            f"{kind} {model.name!r} does not say what goes into it: give its shape, such as input={example}"
        )
    sizes = shape_of(input, None)
    x = keras.Input([int(size) if size.is_Integer else None for size in sizes])
    try:
        return recorded(keras, model, [x], {_first(model): x}), False
    except UnfitError as error:
        text = "cannot be called on a tensor without numbers; write it with keras.Input and keras.Model"
        raise SymcnnError(f"{kind} {model.name!r} {text}: {error.message}") from error


def _first(model: Any) -> str:
    """The name of what ``call`` takes first."""
    return next(iter(inspect.signature(model.call).parameters))


def _layers(graph: Any) -> list[Any]:
    """The layers of a graph, in order."""
    return [one for one in graph.operations if hasattr(one, "weights")]


def _advice(built: tuple[int | None, ...]) -> str:
    """What a message ends with that refuses a size."""
    return f"; the model is built for input={built}"


def _hint(model: Any) -> str:
    return "; call it to make one" if isinstance(model, type) else ""
