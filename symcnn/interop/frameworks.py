"""Other frameworks are loaded when they are needed, and are extras that a user opts into."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from ..errors import SymcnnError

EXTRAS = {"torch": "PyTorch", "onnx": "the onnx package", "keras": "Keras"}
"""From the module, which is the extra's name too, to what people call it."""


def framework(module: str, asked_by: str) -> Any:
    """A framework's module, where it is installed.

    Raises:
        SymcnnError: it is not; the message names the extra.
    """
    try:
        return import_module(module)
    except ImportError:
        text = f"{asked_by} needs {EXTRAS[module]}, which is not installed: pip install 'symcnn[{module}]'"
        raise SymcnnError(text) from None
