"""The table: from PyTorch's operators to what they are here. A rule takes a ``Call`` and gives what comes of it."""

from __future__ import annotations

from ...reading.calls import Rule
from .axes import AXES
from .elementwise import ELEMENTWISE
from .layers import LAYERS
from .pieces import PIECES
from .products import PRODUCTS
from .upsampling import UPSAMPLING

RULES: dict[str, Rule] = {**ELEMENTWISE, **LAYERS, **AXES, **PIECES, **PRODUCTS, **UPSAMPLING}
"""By the operator's name, without ``aten`` and without the overload."""
