"""What each kind of layer is in PyTorch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from torch import nn

from ....layer import Layer
from ....shape import Shape
from . import conv, dense, elementwise, norm, pad, pool, reshape

LAYERS: dict[type[Layer], Callable[[Any, Shape], nn.Module]] = (
    conv.KINDS | pool.KINDS | norm.KINDS | elementwise.KINDS | dense.KINDS | pad.KINDS | reshape.KINDS
)
"""How the module of each kind of layer is made: from the layer and the shape of its input."""
