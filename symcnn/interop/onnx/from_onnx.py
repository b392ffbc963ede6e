"""ONNX files as networks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from sympy import Integer

from ...errors import SymcnnError
from ...layer import Layer
from ...profile import Sizes
from ...sizes import as_value, canonical, free_symbols, resolve
from ..reading.builder import INPUT
from ..reading.nesting import network
from .files import loaded
from .graphs import taken_by
from .inputs import Input, read_input


def from_onnx(model: Any, *, input: Any = None, at: Mapping[Any, int] | None = None) -> Layer:
    """An ONNX model as a network of layers, with formulas in the sizes of its input.

    Sizes that the file leaves open are symbols under its own names, or ``H``, ``W``, ``D``, ``L`` and ``C``
    where it has none; the arithmetic of sizes in the graph is followed, so that they stay open. The first
    axis is the batch: one input is read, whatever it is. ``input`` opens sizes that the file fixes: a network
    that was exported at 224 by 224 is read in ``H`` and ``W``, where no constant in the file is for 224 alone.

    ONNX does not say what is trained. Here it is what convolutions, matrix products and normalisations have as
    weights and biases, and all other initialisers of floating-point numbers with more than one element, such
    as positions. Running statistics of normalisation are buffers; sizes, factors and single numbers are
    neither. Only sizes are read of weights, and files of weights beside the model's are not opened. Rows stand
    under the modules that the exporter named. An operator of which nothing is known counts nothing, and
    the summary says which: totals are lower bounds then.

    Args:
        model: the path of a file, or an ``onnx.ModelProto``.
        input: the shape that goes in, without the batch, in place of the file's: numbers are fixed, names and
            symbols of ``dims`` are open.
        at: values for open sizes, at which the model is read.

    Raises:
        SymcnnError: no such file, no ONNX model, one of several inputs, one whose nodes do not fit; constants that
            are for one input alone, where that is open; the onnx package is not installed.
        UnknownNameError: ``at`` has a name that the input has not.

    Source: the documentation of ONNX's operators, https://onnx.ai/onnx/operators.

    >>> import pytest, symcnn as sc
    >>> helper = pytest.importorskip("onnx").helper
    >>> graph = helper.make_graph(
    ...     [helper.make_node("Conv", ["x", "w"], ["y"], pads=[1, 1, 1, 1])], "example",
    ...     [helper.make_tensor_value_info("x", 1, ["batch", 3, "height", "width"])],
    ...     [helper.make_tensor_value_info("y", 1, None)],
    ...     [helper.make_tensor("w", 1, [16, 3, 3, 3], [0.0] * 432)])
    >>> net = sc.from_onnx(helper.make_model(graph))
    >>> net.params, net.macs
    (432, 432*height*width)
    """
    from .calls import FixedError  # It brings NumPy, which nothing else in interop needs.

    proto, folder = loaded(model)
    graph = proto.graph
    used = {name for node in graph.node for name in taken_by(node)} | {one.name for one in graph.output}
    initial = [*(one.name for one in graph.initializer), *(one.values.name for one in graph.sparse_initializer)]
    given = read_input(graph, initial, used, input)
    values = {symbol: Integer(value) for symbol, value in _values(given, at or {}).items()}
    given = replace(given, shape=given.shape.substituted(values))
    try:
        return _network(proto, folder, given)
    except FixedError as error:
        error.message += f"; {_advice(given)}"
        raise
    except SymcnnError as error:
        if given.batch is not None and given.batch > 1:
            error.message += f"; the file fixes a batch of {given.batch}: export it for one input, or for any number"
        raise


def _values(given: Input, at: Mapping[Any, Any]) -> dict[Any, int]:
    found = resolve(free_symbols(given.shape), at, {})
    return {symbol: int(as_value(symbol, value)) for symbol, value in found.items()}


def _network(proto: Any, folder: Path | None, given: Input) -> Layer:
    """The network of a model, on its input."""
    from .tracing import Tracer

    tracer = Tracer(proto, folder, _declared(proto.graph, given), given.batch)
    values = tracer.run(proto.graph, given)
    outputs = list(dict.fromkeys(one.name for one in values))
    tracer.weights.without_numbers()
    if outputs == [INPUT] or INPUT in outputs:
        outputs = [one for one in outputs if one != INPUT] or outputs
    return network(tracer.builder, outputs, given.shape, tuple(tracer.builder.taken))


def _declared(graph: Any, given: Input) -> dict[str, Sizes]:
    """The sizes that the file states of tensors, as far as they are for this input."""
    if any(number is not None and size != number for number, size in zip(given.stated, given.shape, strict=True)):
        return {}
    known = {str(symbol): symbol for symbol in free_symbols(given.shape)}
    found = {}
    for one in (*graph.value_info, *graph.output):
        kind = one.type.tensor_type
        if one.type.HasField("tensor_type") and kind.HasField("shape") and kind.shape.dim:
            sizes = _sizes(list(kind.shape.dim), known, given.batch)
            if sizes is not None:
                found[one.name] = sizes
    return found


def _sizes(dimensions: Sequence[Any], known: Mapping[str, Any], batch: int | None) -> Sizes | None:
    """The sizes of a tensor for one input; None where one of them has no meaning here."""
    made: list[Any] = []
    for place, one in enumerate(dimensions):
        if place == 0 and (batch is None or one.dim_value == batch):
            made.append(Integer(1))
        elif one.dim_value > 0:
            made.append(Integer(one.dim_value))
        elif one.dim_param in known:
            made.append(canonical(known[one.dim_param]))
        else:
            return None
    return tuple(made)


def _advice(given: Input) -> str:
    """What to do where a size is fixed: the sizes that the file states, or usual ones."""
    usual = {"H": 224, "W": 224, "D": 16}
    stated = {str(size): n for size, n in zip(given.shape, given.stated, strict=True) if n and size.is_Symbol}
    names = sorted(str(symbol) for symbol in free_symbols(given.shape))
    example = {name: stated.get(name, usual.get(name, 64)) for name in names}
    return f"give the sizes that it is for, as in at={example}"
