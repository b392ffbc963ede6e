"""A symbolic formula explorer for convolutional networks.

A layer is a function from an input shape to a profile: its output, weights, operations, windows
and conditions. A network is a layer too. Every quantity is a plain SymPy expression.

>>> import symcnn as sc
>>> sc.Conv2d().params
C_out*(C_in*k_h*k_w + 1)

The map of the package, from the ground up:

* sizes: ``dims`` makes symbols, ``FloorDiv`` divides exactly, conditions say when a formula holds;
* shapes, and profiles: what a layer does to a shape;
* layers under PyTorch's names, and networks made of them: ``Conv2d``, ``Linear``, ``Sequential``;
* numbers: ``evaluate`` and ``as_function``, exact;
* ``lift`` recovers the formulas of a model from its own constructor;
* ``explore`` makes a page with a knob for each symbol;
* ``reconcile`` says why tools that count differ;
* ``from_torch`` reads a PyTorch module, ``from_keras`` a Keras model, ``from_onnx`` an ONNX file;
* ``to_torch`` makes a network a PyTorch module;
* ``exercise`` asks, and recognises mistakes in answers;
* ``plots`` draws, ``zoo`` has published networks, ``testing`` has the laws a layer obeys.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from . import layers, networks
from .errors import SymcnnError as SymcnnError
from .layer import Layer as Layer
from .profile import Profile as Profile
from .shape import Shape as Shape
from .sizes import FloorDiv as FloorDiv
from .sizes import dims as dims

if TYPE_CHECKING:
    from . import plots as plots
    from . import testing as testing
    from . import zoo as zoo
    from .analysis import crossover as crossover
    from .analysis import drivers as drivers
    from .analysis import elasticity as elasticity
    from .analysis import increment as increment
    from .analysis import invert as invert
    from .analysis import largest as largest
    from .analysis import leading_term as leading_term
    from .analysis import relax as relax
    from .analysis import search as search
    from .counting import reconcile as reconcile
    from .exercises import exercise as exercise
    from .explorer import explore as explore
    from .interop import from_keras as from_keras
    from .interop import from_onnx as from_onnx
    from .interop import from_torch as from_torch
    from .interop import lift as lift
    from .interop import to_torch as to_torch
    from .layers import *  # noqa: F403 - the layers hand on themselves alone
    from .networks import Auxiliary as Auxiliary
    from .networks import Graph as Graph
    from .networks import Join as Join
    from .networks import Parallel as Parallel
    from .networks import PatchEmbedding as PatchEmbedding
    from .networks import Repeat as Repeat
    from .networks import Residual as Residual
    from .networks import SeparableConv1d as SeparableConv1d
    from .networks import SeparableConv2d as SeparableConv2d
    from .networks import SeparableConv3d as SeparableConv3d
    from .networks import Sequential as Sequential
    from .networks import Shared as Shared
    from .networks import SqueezeExcitation as SqueezeExcitation
    from .numeric import as_function as as_function
    from .numeric import evaluate as evaluate
    from .sizes import make_divisible as make_divisible
    from .sizes import ratio as ratio

__version__ = "0.1.0"


LATER = {
    "plots": "plots",
    "testing": "testing",
    "zoo": "zoo",
    "as_function": "numeric",
    "evaluate": "numeric",
    "reconcile": "counting",
    "exercise": "exercises",
    "explore": "explorer",
    "from_keras": "interop",
    "from_onnx": "interop",
    "from_torch": "interop",
    "make_divisible": "sizes",
    "ratio": "sizes",
    "lift": "interop",
    "crossover": "analysis",
    "drivers": "analysis",
    "elasticity": "analysis",
    "increment": "analysis",
    "invert": "analysis",
    "largest": "analysis",
    "leading_term": "analysis",
    "relax": "analysis",
    "search": "analysis",
    "to_torch": "interop",
}
"""What is loaded when it is first asked for, and from where: a formula alone needs none of it."""


def __getattr__(name: str) -> Any:
    """Load what was left for later."""
    for package in (layers, networks):
        if name in package.MODULE_OF:
            return getattr(package, name)
    if name not in LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = import_module(f".{LATER[name]}", __name__)
    return module if name == LATER[name] else getattr(module, name)


def __dir__() -> list[str]:
    """The public names, those left for later among them."""
    public = {name for name in globals() if name not in ("LATER", "layers", "networks")}
    return sorted({*public, *LATER, *layers.MODULE_OF, *networks.MODULE_OF} - {"Network"})


__all__ = [name for name in __dir__() if not name.startswith("_")]
