"""Other frameworks' models as networks. Each function imports its framework when it is called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..later import loader, modules_of

if TYPE_CHECKING:
    from .pytorch import from_torch as from_torch

MODULES = {"pytorch": ("from_torch",)}
"""The functions of each module, which is loaded when one of them is first asked for."""

MODULE_OF = modules_of(MODULES)

__all__ = list(MODULE_OF)

__getattr__ = loader(__name__, MODULE_OF)
