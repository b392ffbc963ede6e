"""Networks: layers made of layers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..later import loader, modules_of

if TYPE_CHECKING:
    from .auxiliary import Auxiliary as Auxiliary
    from .blocks import SeparableConv1d as SeparableConv1d
    from .blocks import SeparableConv2d as SeparableConv2d
    from .blocks import SeparableConv3d as SeparableConv3d
    from .blocks import SqueezeExcitation as SqueezeExcitation
    from .graph import Graph as Graph
    from .join import Join as Join
    from .network import Network as Network
    from .parallel import Parallel as Parallel
    from .parallel import Residual as Residual
    from .patches import PatchEmbedding as PatchEmbedding
    from .repeat import Repeat as Repeat
    from .sequential import Sequential as Sequential
    from .shared import Shared as Shared

MODULES = {
    "auxiliary": ("Auxiliary",),
    "blocks": (
        "SeparableConv1d",
        "SeparableConv2d",
        "SeparableConv3d",
        "SqueezeExcitation",
    ),
    "graph": ("Graph",),
    "join": ("Join",),
    "network": ("Network",),
    "parallel": (
        "Parallel",
        "Residual",
    ),
    "patches": ("PatchEmbedding",),
    "repeat": ("Repeat",),
    "sequential": ("Sequential",),
    "shared": ("Shared",),
}
"""The networks of each module, which is loaded when one of them is first asked for: most programs use few."""

MODULE_OF = modules_of(MODULES)

__all__ = list(MODULE_OF)

__getattr__ = loader(__name__, MODULE_OF)


def __dir__() -> list[str]:
    """The networks."""
    return sorted(MODULE_OF)
