"""The sizes that a module is likely to be for, where it takes no others and the user gave none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sympy import Symbol

from ...sizes import Size
from .exported import examples_of

SQUARES = (224, 256, 384, 448, 512, 240, 192, 128, 64, 32, 28)
"""The sides of images that networks are trained on."""


def usual_sizes(module: Any, sizes: Sequence[Size]) -> Iterator[dict[Symbol, int]]:
    """Values for the open sizes of an input: square images, first of the side that the module states.

    >>> import symcnn as sc
    >>> next(usual_sizes(None, sc.Shape(3, *sc.dims("H W"))))
    {H: 224, W: 224}
    """
    tried = []
    stated = _stated(module)
    for square in (*((stated,) if stated else ()), *SQUARES):
        values = {size: square for size in sizes[-2:] if isinstance(size, Symbol)} if len(sizes) > 2 else {}
        examples_of(sizes, values)
        if values not in tried:
            tried.append(values)
            yield values


def _stated(module: Any) -> int | None:
    """The side of the images that a module says it is for: in timm's configuration, or as an ``image_size``."""
    for name in ("pretrained_cfg", "default_cfg"):
        config = getattr(module, name, None)
        if isinstance(config, Mapping) and isinstance(config.get("input_size"), tuple | list):
            return int(config["input_size"][-1])
    found = getattr(module, "image_size", None)
    return found if isinstance(found, int) else None
