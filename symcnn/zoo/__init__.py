"""Published networks, their sizes left as symbols. One module for each family.

>>> import symcnn as sc
>>> vgg = sc.zoo.get_model("vgg16")
>>> vgg.at(vgg.defaults).params
138357544
"""

from __future__ import annotations

from typing import Any

from ..errors import UnknownNameError, nearest
from ..networks import Sequential
from . import alexnet as _alexnet
from . import lenet as _lenet
from . import vgg as _vgg
from .alexnet import alexnet as alexnet
from .lenet import lenet5 as lenet5
from .vgg import vgg as vgg

_MODELS = _lenet.MODELS | _alexnet.MODELS | _vgg.MODELS


def list_models() -> list[str]:
    """The names that ``get_model`` knows, torchvision's where it has the network.

    >>> import symcnn as sc
    >>> sc.zoo.list_models()[:3]
    ['alexnet', 'lenet5', 'vgg11']
    """
    return sorted(_MODELS)


def get_model(name: str, **settings: Any) -> Sequential:
    """A published network by its name, with the settings of its family's function.

    Its published values are ``net.defaults``.

    Raises:
        UnknownNameError: there is no such network.

    >>> import symcnn as sc
    >>> sc.zoo.get_model("vgg11_bn", classes=10).output
    Shape(10)
    """
    if name not in _MODELS:
        raise UnknownNameError(f"no model is named {name!r}{nearest(name, list_models())}")
    return _MODELS[name](**settings)
