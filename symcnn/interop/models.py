"""Models of other frameworks: which framework's something is, and how it is made without numbers.

No framework is loaded to find out: a model of one that is not loaded is none.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

from ..layer import Layer
from ..shape import Shape


def is_module(made: Any) -> bool:
    """Whether something is a module of PyTorch."""
    torch = sys.modules.get("torch")
    return torch is not None and isinstance(made, torch.nn.Module)


def is_keras(made: Any) -> bool:
    """Whether something is a model of Keras's."""
    keras = sys.modules.get("keras")
    return keras is not None and isinstance(made, keras.Model)


def is_onnx(made: Any) -> bool:
    """Whether something is the path of an ONNX file, or what was read of one."""
    if isinstance(made, str | Path):
        return str(made).endswith(".onnx")
    onnx = sys.modules.get("onnx")
    return onnx is not None and isinstance(made, onnx.ModelProto)


def ways() -> Iterator[AbstractContextManager[Any]]:
    """The ways to build a model without numbers: none at all, or those alone that its constructor reads."""
    if "torch" not in sys.modules:
        yield nullcontext()
        return
    import torch

    from .weightless import Weightless

    yield torch.device("meta")
    yield Weightless()


def without_numbers(make: Callable[[], Any]) -> Any:
    """What a constructor makes, without numbers; what it raises at last where it cannot be made so."""
    loaded = "torch" in sys.modules
    found = _in_some_way(make)
    # The first call may have loaded PyTorch itself, and so made numbers.
    return _in_some_way(make) if is_module(found) and not loaded else found


def _in_some_way(make: Callable[[], Any]) -> Any:
    faults: list[BaseException] = []
    for way in ways():
        try:
            with way:
                return make()
        except (Exception, SystemExit) as error:
            faults.append(error)
    raise faults[-1]


def made(make: Callable[[], Any]) -> Any:
    """What a constructor makes, without numbers where that is possible."""
    try:
        return without_numbers(make)
    except Exception:
        return make()


def as_network(model: Any, shape: tuple[Any, ...] | None = None) -> Layer | None:
    """A layer, or a model of a framework, or a file, as a network on an input of this shape; None if it is none."""
    if isinstance(model, Layer):
        return model if shape is None else model.with_input(model.on(Shape(*shape)).input)
    if is_onnx(model):
        from .onnx import from_onnx

        return from_onnx(model, input=shape)
    if is_keras(model):
        from .keras import from_keras

        return from_keras(model, input=shape)
    if is_module(model):
        from .pytorch import from_torch

        return from_torch(model, shape or (3, "H", "W"))
    return None
