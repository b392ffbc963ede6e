"""Names of a package that are loaded when they are first asked for: most programs use few of them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from typing import Any


def modules_of(modules: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """From each name to its module, from the names of each module.

    >>> modules_of({"conv": ("Conv1d", "Conv2d"), "linear": ("Linear",)})
    {'Conv1d': 'conv', 'Conv2d': 'conv', 'Linear': 'linear'}
    """
    return {name: module for module, names in modules.items() for name in names}


def loader(package: str, module_of: Mapping[str, str]) -> Callable[[str], Any]:
    """A package's ``__getattr__``, which loads the module of a name and keeps what it finds there."""

    def load(name: str) -> Any:
        if name not in module_of:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        found = getattr(import_module(f".{module_of[name]}", package), name)
        setattr(sys.modules[package], name, found)
        return found

    return load
