"""Keras's models as networks, through the graph that Keras keeps of them."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from typing import Any

from ...errors import SymcnnError
from ...layer import Layer
from ...shape import Shapes
from ..frameworks import framework
from ..reading.builder import INPUT
from ..reading.nesting import network
from ..reading.values import UnfitError
from .inputs import Given, by_name, opened, order_of, shape_of
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
        model: a functional or sequential model; one of a class of its own, where its ``call`` can be run so, which
            builds it where it is not built yet.
        input: the shape that goes in, without the batch, in the order of axes that the model takes:
            ``("H", "W", 3)`` with channels last. Numbers are fixed, names and symbols of ``dims`` are open. If nothing
            is said it is the model's own, whose ``None`` are H and W, or D, H and W, or L. Of several inputs it is a
            mapping from their names; those that have a letter in common are of one size, if nothing is said.

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
    inputs = _inputs(keras, graph, input)
    built = [tuple(x.shape[1:]) for x in graph.inputs]
    tracer = Tracer(keras, model, inputs, _advice(inputs, built) if own else "")
    outputs = list(dict.fromkeys(tracer.run(graph, opened=not own)))
    names = tuple(one.name for one in inputs)
    shape = inputs[0].shape if len(inputs) == 1 else Shapes.named((one.name, one.shape) for one in inputs)
    return network(tracer.builder, outputs, shape, inputs=names)


def _inputs(keras: Any, graph: Any, input: Any) -> list[Given]:
    """What goes into a graph; of several inputs each has its own name."""
    tensors = graph.inputs
    alone = len(tensors) == 1
    names = [INPUT if alone else x.name.replace(".", "_") for x in tensors]
    given = {names[0]: input} if alone else by_name(input, names)
    found = []
    for name, x in zip(names, tensors, strict=True):
        built = tuple(x.shape[1:])
        if not built:
            raise SymcnnError(f"from_keras takes inputs of at least one axis beside the batch, got {x.name} with none")
        order = order_of(keras, _layers(graph), built)
        sizes = opened(built, order) if given[name] is None else shape_of(given[name], len(built))
        found.append(Given(name, sizes, order, x.dtype))
    return found


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


def _advice(inputs: Sequence[Given], built: Sequence[tuple[int | None, ...]]) -> str:
    """What a message ends with that refuses a size."""
    shapes = built[0] if len(built) == 1 else {one.name: shape for one, shape in zip(inputs, built, strict=True)}
    return f"; the model is built for input={shapes}"


def _hint(model: Any) -> str:
    return "; call it to make one" if isinstance(model, type) else ""
