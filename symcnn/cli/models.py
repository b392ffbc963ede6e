"""Models and layers, as the command line names them."""

from __future__ import annotations

import importlib
import importlib.util
import sys
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from .. import layers
from ..errors import SizeError, SymcnnError, UnknownNameError, nearest
from ..layer import Layer
from ..parsing import parse_value
from ..sizes import dims
from .values import expressions, pairs, sizes_of


def load_model(name: str, shape: str | None = None) -> Layer:
    """A network by its name in the zoo, or by where it is: ``file.py:name``, ``package.module:name``, ``file.onnx``.

    A model of another framework is read as ``from_torch``, ``from_keras`` and ``from_onnx`` read it. A function
    is called without arguments, and what it makes has no memory for its weights, where it can be so.

    Args:
        name: the model.
        shape: the sizes of its input, such as ``3,H,W``, in the framework's own order; where none are given those of
            the model, or 3 channels and two axes.

    Raises:
        UnknownNameError: there is no such network, file, module or name.
        SizeError: what stands there is no model, or importing it fails.
    """
    from .. import zoo

    sizes = None if shape is None else sizes_of(shape)
    if name.endswith(".onnx"):
        return _network(name, name, sizes)
    return _network(find(name) if ":" in name else zoo.get_model(name), name, sizes)


def _network(found: Any, name: str, sizes: tuple[Any, ...] | None) -> Layer:
    """What was found as a network; what is none itself is called for one."""
    from ..interop.models import as_network, made

    with warnings.catch_warnings(record=True) as said:
        network: Layer | None = _run(lambda: as_network(found, sizes), f"reading {name}")
        if network is None and callable(found):
            found = _run(lambda: made(found), f"calling {name}")
            network = _run(lambda: as_network(found, sizes), f"reading {name}")
    for one in said:
        print(f"symcnn: {one.message}", file=sys.stderr)
    if network is None:
        raise SizeError(f"{name} is no layer or network, got {type(found).__name__}")
    return network


def find(name: str) -> Any:
    """What stands under a name in a file or a module: ``file.py:name``, ``package.module:name``.

    Raises:
        UnknownNameError: there is no such file, module or name.
        SizeError: importing it fails.
    """
    place, _, wanted = name.rpartition(":")
    if not (place and wanted):
        raise UnknownNameError(f"a function is named file.py:name or package.module:name, got {name!r}")
    module = _file(place) if place.endswith(".py") else _module(place)
    found = getattr(module, wanted, None)
    if found is None:
        raise UnknownNameError(f"{place} has no {wanted!r}{nearest(wanted, _models_in(module))}")
    return found


def _models_in(module: ModuleType) -> list[str]:
    """The names in a module that may be meant: layers, and what is defined there."""
    own = {name: value for name, value in vars(module).items() if not name.startswith("_")}
    return [name for name, v in own.items() if isinstance(v, Layer) or getattr(v, "__module__", "") == module.__name__]


def _run(action: Callable[[], Any], what: str) -> Any:
    """Run the user's own code; whatever it raises becomes one line, unless it is our own error."""
    try:
        return action()
    except SymcnnError:
        raise
    except (Exception, SystemExit) as error:  # A script that reads its own command line ends the program.
        raise SizeError(f"{what} failed: {type(error).__name__}: {error}") from error


def _file(place: str) -> ModuleType:
    path = Path(place)
    if not path.is_file():
        raise UnknownNameError(f"there is no file {place}")
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    loader = spec.loader
    _run(lambda: loader.exec_module(module), f"importing {place}")
    return module


def _module(place: str) -> ModuleType:
    # As with ``python -m``, modules of the folder one stands in are found.
    if "" not in sys.path:
        sys.path.insert(0, "")
    found: ModuleType = _run(lambda: importlib.import_module(place), f"importing {place}")
    return found


def load_layer(name: str, settings: Sequence[str], values: Sequence[str], shape: str | None) -> Layer:
    """A layer by its class's name, with its settings as ``name=value``."""
    if name not in layers.__all__:
        raise UnknownNameError(f"no layer is named {name!r}{nearest(name, layers.__all__)}")
    given = {setting: parse_value(text, dims) for setting, text in pairs(settings)}
    layer: Layer = getattr(layers, name)(**given)
    if shape is not None:
        layer = layer.with_input(layer.on(sizes_of(shape)).input)
    return layer.at(expressions(values)) if values else layer


def layer_names() -> list[str]:
    """The names of the layers there are."""
    return sorted(layers.__all__)
