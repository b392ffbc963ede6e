"""Published networks, their sizes left as symbols. One module for each family.

>>> import symcnn as sc
>>> vgg = sc.zoo.get_model("vgg16")
>>> vgg.at(vgg.defaults).params
138357544
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from functools import partial
from importlib import import_module
from inspect import signature
from types import ModuleType
from typing import Any

from ..errors import UnknownNameError, nearest
from ..networks import Network

FAMILIES = {
    "alexnet": ("alexnet",),
    "convnext": ("convnext",),
    "deeplab": ("deeplabv3", "deeplabv3_mobilenet", "lraspp"),
    "densenet": ("densenet",),
    "efficientnet": ("efficientnet", "efficientnet_v2"),
    "fcn": ("fcn",),
    "googlenet": ("googlenet",),
    "inception": ("inception_v3",),
    "lenet": ("lenet5",),
    "mnasnet": ("mnasnet",),
    "mobilenet": ("mobilenet_v1", "mobilenet_v2", "mobilenet_v3"),
    "regnet": ("regnet", "regnet_stages"),
    "resnet": ("resnet", "resnet_cifar"),
    "resnet_v2": ("resnet_v2", "wide_resnet_cifar"),
    "shufflenet": ("shufflenet_v2",),
    "squeezenet": ("squeezenet",),
    "unet": ("unet",),
    "vgg": ("vgg",),
    "video": ("video_resnet", "c3d"),
    "vit": ("vit",),
    "xception": ("xception",),
}
"""The modules and the functions in each; a module is loaded when one of its networks is asked for."""

ALSO_CALLED = {
    **{f"VGG{depth}": f"vgg{depth}" for depth in (16, 19)},
    **{f"DenseNet{depth}": f"densenet{depth}" for depth in (121, 169, 201)},
    **{f"EfficientNetB{scale}": f"efficientnet_b{scale}" for scale in range(8)},
    **{f"EfficientNetV2{size}": f"efficientnet_v2_{size.lower()}" for size in "SML"},
    **{f"ConvNeXt{size}": f"convnext_{size.lower()}" for size in ("Tiny", "Small", "Base", "Large")},
    "MobileNetV2": "mobilenet_v2",
}
"""Keras's names of networks that are torchvision's too, though the published image size may be another."""

_FUNCTIONS = {function: module for module, functions in FAMILIES.items() for function in functions}


def __getattr__(name: str) -> Any:
    """A family's function."""
    if name not in _FUNCTIONS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_FUNCTIONS[name]}", __name__), name)


def __dir__() -> list[str]:
    """The families' functions, and how to ask for a network by name."""
    return sorted([*_FUNCTIONS, "get_model", "list_models"])


class _Zoo(ModuleType):
    """The zoo, in which ``vgg`` is the function also when somebody imports the module ``zoo.vgg``."""

    def __setattr__(self, name: str, value: Any) -> None:
        # Python puts a module that it has loaded into the package around it.
        if not (isinstance(value, ModuleType) and name in _FUNCTIONS):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Zoo


def _models(module: str) -> dict[str, Any]:
    found: dict[str, Any] = import_module(f".{module}", __name__).MODELS
    return found


def _alike(one: str, other: str) -> int:
    """How many letters two names begin with together."""
    return next(
        (place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )


def list_models() -> list[str]:
    """The names that ``get_model`` knows: torchvision's, then Keras's where its network is another or the only one.

    >>> import symcnn as sc
    >>> sc.zoo.list_models()[:3]
    ['alexnet', 'c3d', 'convnext_base']
    """
    return sorted((name for module in FAMILIES for name in _models(module)), key=str.swapcase)


def _check_settings(name: str, model: Any, settings: Mapping[str, Any]) -> None:
    """Refuse a setting that the family's function does not have; behind ``published`` it is the first argument."""
    families = [*model.args, model.func] if isinstance(model, partial) else [model]
    known = list(signature(next(filter(callable, families))).parameters)
    for setting in settings:
        if setting not in known:
            raise UnknownNameError(f"{name} has no setting {setting!r}{nearest(setting, known)}")


def get_model(name: str, **settings: Any) -> Network:
    """A published network by its name, with the settings of its family's function.

    The names are torchvision's, and Keras's. Where both have the same network, it comes with torchvision's
    names for its layers. Published values are ``net.defaults``.

    Raises:
        UnknownNameError: there is no such network, or its family has no such setting.

    >>> import symcnn as sc
    >>> sc.zoo.get_model("vgg11_bn", classes=10).output
    Shape(10)
    """
    if not isinstance(name, str):
        raise UnknownNameError(f"a model has a name, such as 'resnet50', got {name!r}")
    name = ALSO_CALLED.get(name, name)
    # The likeliest module first, so that seldom more than one is loaded.
    for module in sorted(FAMILIES, key=lambda module: -_alike(module, name.lower())):
        models = _models(module)
        if name in models:
            if settings:
                _check_settings(name, models[name], settings)
            network: Network = models[name](**settings)
            return network
    raise UnknownNameError(f"no model is named {name!r}{nearest(name, list_models())}")
