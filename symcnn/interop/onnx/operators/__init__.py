"""The table: from ONNX's operators to what they are here. A rule takes a ``NodeCall`` and gives what comes of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..calls import NodeCall
from .axes import ALIASES as ALIASES
from .axes import AXES
from .convolutions import CONVOLUTIONS
from .elementwise import ELEMENTWISE
from .normalisation import NORMALISATION
from .pieces import PIECES
from .plain import PLAIN
from .pooling import POOLING
from .products import PRODUCTS
from .recurrent import RECURRENT
from .resizing import RESIZING

RULES: dict[str, Callable[[NodeCall], Any]] = {
    **PLAIN,
    **ELEMENTWISE,
    **CONVOLUTIONS,
    **NORMALISATION,
    **POOLING,
    **PRODUCTS,
    **RECURRENT,
    **AXES,
    **PIECES,
    **RESIZING,
}
"""By the operator's name, of ONNX's own domain."""
