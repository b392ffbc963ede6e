"""The model in a file. Nothing is trusted: what is no ONNX model is told of, and files beside it stay shut."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ...errors import SymcnnError
from ..frameworks import framework
from .graphs import bodies

LARGEST = 2**31 - 1
"""The most bytes that a message of Protocol Buffers can have; larger models keep their weights in other files."""


def loaded(model: Any) -> tuple[Any, Path | None]:
    """The model, and the folder that its other files are in, where that is known.

    Raises:
        SymcnnError: something else than a path or a model, a path without a model, no ONNX package.
    """
    onnx = framework("onnx", "from_onnx")
    if isinstance(model, onnx.ModelProto):
        return _with_graph(model, "the model"), None
    if not isinstance(model, str | os.PathLike):
        raise SymcnnError(f"from_onnx takes the path of a file or an onnx.ModelProto, got {model!r}")
    path = Path(model)
    data = _bytes(path)
    found = onnx.ModelProto()
    try:
        found.ParseFromString(data)
    except Exception as error:  # Protocol Buffers has several kinds, by its version and by what is wrong.
        raise SymcnnError(f"{path} is no ONNX model: it cannot be parsed") from error
    return _with_graph(found, str(path)), path.parent


def _bytes(path: Path) -> bytes:
    if path.is_dir():
        raise SymcnnError(f"from_onnx takes the path of a file, got the folder {path}")
    if not path.is_file():
        raise SymcnnError(f"there is no file {path}")
    try:
        if path.stat().st_size > LARGEST:
            raise SymcnnError(f"{path} has more bytes than an ONNX model can have, which are {LARGEST}")
        return path.read_bytes()
    except OSError as error:
        raise SymcnnError(f"{path} cannot be read: {error.strerror}") from error


def _with_graph(model: Any, where: str) -> Any:
    if not model.graph.node and not model.graph.output:
        raise SymcnnError(f"{where} is no ONNX model: it has no graph")
    strange = next((text for text in _texts(model) if not isinstance(text, str)), None)
    if strange is not None:
        raise SymcnnError(f"{where} is no ONNX model: it has the name {strange!r}, which is no UTF-8")
    return model


def _texts(model: Any) -> Iterator[Any]:
    """All names in a model: Protocol Buffers hands on bytes where they are no text."""
    yield from (one.domain for one in model.opset_import)
    for function in model.functions:
        yield from (function.name, function.domain, *function.input, *function.output, *function.attribute)
        yield from (one.domain for one in function.opset_import)
        yield from (text for node in function.node for text in _of_node(node))
    yield from _of_graph(model.graph)


def _of_graph(graph: Any) -> Iterator[Any]:
    for one in (*graph.input, *graph.output, *graph.value_info):
        yield one.name
        yield from (size.dim_param for size in one.type.tensor_type.shape.dim)
    for one in (*graph.initializer, *(sparse.values for sparse in graph.sparse_initializer)):
        yield one.name
        yield from (text for entry in one.external_data for text in (entry.key, entry.value))
    yield from (text for node in graph.node for text in _of_node(node))


def _of_node(node: Any) -> Iterator[Any]:
    yield from (node.name, node.op_type, node.domain, *node.input, *node.output)
    yield from (text for one in node.metadata_props for text in (one.key, one.value))
    for attribute in node.attribute:
        yield from (attribute.name, attribute.ref_attr_name, attribute.t.name)
    for body in bodies(node):
        yield from _of_graph(body)
