"""Models and values, as the command line names them."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from types import ModuleType
from typing import Any

from .. import layers
from ..errors import SizeError, SymcnnError, UnknownNameError, nearest
from ..layer import Layer
from ..parsing import parse_expression, parse_value, parse_values
from ..sizes import dims


def load_model(name: str) -> Layer:
    """A network by its name in the zoo, or by where it is: ``file.py:name``, ``package.module:name``.

    A function there is called without arguments.

    Raises:
        UnknownNameError: there is no such network, file, module or name.
        SizeError: what stands there is not a layer, or importing it fails.
    """
    from .. import zoo

    if ":" not in name:
        return zoo.get_model(name)
    place, _, wanted = name.rpartition(":")
    module = _file(place) if place.endswith(".py") else _module(place)
    found = getattr(module, wanted, None)
    if found is None:
        raise UnknownNameError(f"{place} has no {wanted!r}{nearest(wanted, _layers_in(module))}")
    model = found if isinstance(found, Layer) else _called(found, name)
    if not isinstance(model, Layer):
        raise SizeError(f"{name} is no layer or network, got {type(model).__name__}")
    return model


def _layers_in(module: ModuleType) -> list[str]:
    """The names in a module that may be meant: layers, and functions defined there."""
    own = {name: value for name, value in vars(module).items() if not name.startswith("_")}
    return [name for name, v in own.items() if isinstance(v, Layer) or getattr(v, "__module__", "") == module.__name__]


def _called(found: Any, name: str) -> Any:
    return _run(found, f"calling {name}") if callable(found) else found


def _run(action: Callable[[], Any], what: str) -> Any:
    """Run the user's own code; whatever it raises becomes one line, unless it is our own error."""
    try:
        return action()
    except SymcnnError:
        raise
    except Exception as error:
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
        sizes = parse_value(shape, dims)
        layer = layer.with_input(layer.on(sizes if isinstance(sizes, tuple) else (sizes,)).input)
    return layer.at(expressions(values)) if values else layer


def layer_names() -> list[str]:
    """The names of the layers there are."""
    return sorted(layers.__all__)


def pairs(texts: Sequence[str]) -> list[tuple[str, str]]:
    """``name=value`` as pairs.

    Raises:
        SizeError: a text without ``=``, or a name that comes twice.
    """
    split = [text.partition("=") for text in texts]
    for text, (name, sign, value) in zip(texts, split, strict=True):
        if not (name.isidentifier() and sign and value):
            raise SizeError(f"a value is given as name=value, got {text!r}")
    names = [name for name, _, _ in split]
    doubled = [name for name in names if names.count(name) > 1]
    if doubled:
        raise SizeError(f"{doubled[0]} is given twice")
    return [(name.strip(), value.strip()) for name, _, value in split]


def expressions(texts: Sequence[str]) -> dict[str, Any]:
    """``w=64`` or ``w=2*v`` as values by name."""
    return {name: parse_expression(value, dims) for name, value in pairs(texts)}


def ranges(texts: Sequence[str]) -> dict[str, Sequence[int | Fraction]]:
    """``w=8:256:8``, ``K=10,100`` or ``alpha=0.5,3/4`` as values by name."""
    return {name: parse_values(value) for name, value in pairs(texts)}


def published(model: Layer, symbolic: bool) -> Mapping[str, Any]:
    """A network's published values by name; none where they are not wanted, or there are none."""
    defaults = {} if symbolic else getattr(model, "defaults", {})
    return {symbol.name: value for symbol, value in defaults.items()}
