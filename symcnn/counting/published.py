"""How a network's code calls its layers, where that is not as a module of ``torch.nn``.

A tool that hooks modules does not see ``F.relu(x)`` or ``x.mean([2, 3])``. Some layers are no module
of ``torch.nn`` at all. For the others, how the code is written is nothing that shapes tell; but
torchvision's networks have layers under names that no other network has, and by these their code is
known. Read from ``torchvision/models`` of torchvision 0.28.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from ..errors import UnknownNameError, nearest
from ..layers import GlobalAvgPool, GlobalMaxPool, LayerNorm2d
from ..profile import Leaf, Profile
from .kinds import ADAPTIVE_AVG, AVG_POOL, CONV, MAX_POOL, kind_of, maker_of
from .rules import Call

ANYWHERE, AT_THE_TOP = "", r"[^.]*$"
VIDEO_CONV = r"layer\d\..*body\.conv[12]\.0$"


class Code(NamedTuple):
    """A family's code: a path that it is known by, and what it calls otherwise than as modules, by kind and path."""

    known_by: str
    functions: tuple[tuple[str, str], ...] = ()
    subclasses: tuple[tuple[str, str], ...] = ()


CODES = {
    "DenseNet": Code(r"features\.denseblock1\.", (("ReLU", AT_THE_TOP), (ADAPTIVE_AVG, AT_THE_TOP))),
    "GoogLeNet": Code(r"inception3a\.", (("ReLU", ANYWHERE),)),
    "Inception v3": Code(r"Mixed_5b\.", (("ReLU", ANYWHERE), (AVG_POOL, r"Mixed_\d.\."), (MAX_POOL, r"Mixed_\d.\."))),
    # ``Conv3DSimple`` and ``Conv3DNoTemporal`` are derived from ``Conv3d``; the stem and the projections are not.
    "video ResNet": Code(VIDEO_CONV, subclasses=((CONV, VIDEO_CONV),)),
}
"""The families of torchvision whose code calls some layers otherwise than as modules of ``torch.nn``."""


def calls_in(profile: Profile, functions: Iterable[str] | None = None) -> Mapping[str, Call]:
    """The paths of the layers that are not called as modules, and how they are called.

    Args:
        profile: a network's profile.
        functions: the paths of the layers that are called as functions; where nothing is said,
            torchvision's networks are known by the names of their layers.

    Raises:
        UnknownNameError: a path that no layer has.
    """
    leaves = list(profile.leaves())
    of_class = {leaf.path: _by_class(leaf.profile) for leaf in leaves}
    if functions is None:
        return of_class | dict(_by_code(leaves))
    paths = list(functions)
    for path in paths:
        if path not in of_class:
            raise UnknownNameError(f"no layer has the path {path!r}{nearest(path, of_class)}")
    return of_class | dict.fromkeys(paths, "function")


def _by_class(profile: Profile) -> Call:
    """How a layer is called by its class alone.

    Pooling over everything is ``F.adaptive_avg_pool2d(x, 1)`` where the axes stay and ``x.mean([2, 3])``
    where they do not.
    """
    layer = maker_of(profile)
    if isinstance(layer, GlobalAvgPool | GlobalMaxPool):
        return "function" if layer.keepdim else "method"
    return "subclass" if isinstance(layer, LayerNorm2d) else "module"


def _by_code(leaves: list[Leaf]) -> Iterator[tuple[str, Call]]:
    """The paths of what torchvision's code calls otherwise than as modules, and how."""
    for code in CODES.values():
        if any(re.match(code.known_by, leaf.path) for leaf in leaves):
            for leaf in leaves:
                if _listed(leaf, code.functions):
                    yield leaf.path, "function"
                elif _listed(leaf, code.subclasses):
                    yield leaf.path, "subclass"


def _listed(leaf: Leaf, rows: tuple[tuple[str, str], ...]) -> bool:
    kind = kind_of(leaf.profile)
    return any(kind == what and re.match(where, leaf.path) for what, where in rows)
