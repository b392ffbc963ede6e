"""The model in a file. Nothing is trusted: what is no ONNX model is told of, and files beside it stay shut."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from ...errors import SymcnnError
from ..frameworks import framework

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
    return model
