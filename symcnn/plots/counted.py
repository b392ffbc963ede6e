"""What the layers of a network count: the amounts that ``shares`` and ``layers`` draw."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sympy import Add, Expr

from ..errors import SizeError, UnknownNameError, nearest
from ..layer import Layer
from ..profile import ADDED_UP, Leaf, Profile

GROUPS: dict[str, Callable[[Leaf], str]] = {
    "layer": lambda leaf: leaf.path or kind(leaf),
    "stage": lambda leaf: leaf.path.split(".")[0] or kind(leaf),
    "kind": lambda leaf: kind(leaf),
}
"""How layers can be put together: each by itself, by where they stand in the network, by what they are."""


def kind(leaf: Leaf) -> str:
    """What a layer is: ``Conv2d``.

    >>> import symcnn as sc
    >>> kind(next(sc.Conv2d().profile.leaves()))
    'Conv2d'
    """
    return repr(leaf.profile.source).partition("(")[0]


def check_network(net: Any, face: str) -> None:
    """Refuse what has no layers.

    Raises:
        SizeError: what is given is not a network or a layer.
    """
    if not isinstance(net, Layer):
        raise SizeError(f"{face} takes a network or a layer, got {net!r}")


def check_added_up(name: Any) -> None:
    """Refuse a quantity that layers do not add up to.

    Raises:
        UnknownNameError: there is none of that name.
    """
    if name not in ADDED_UP:
        raise UnknownNameError(f"no quantity of layers is named {name!r}{nearest(str(name), ADDED_UP)}")


def grouped(profile: Profile, by: Any, of: str) -> dict[str, Expr]:
    """What each group of layers counts of a quantity, in the order of the network; groups that count none are left out.

    Raises:
        UnknownNameError: layers cannot be put together so.
        SizeError: no layer counts any.
    """
    if by not in GROUPS:
        raise UnknownNameError(f"layers are not put together by {by!r}{nearest(str(by), GROUPS)}")
    found: dict[str, list[Expr]] = {}
    for leaf in profile.leaves():
        found.setdefault(GROUPS[by](leaf), []).append(leaf.quantity(of))
    groups = {name: Add(*amounts) for name, amounts in found.items()}
    counting = {name: amount for name, amount in groups.items() if amount != 0}
    require_some(counting, (of,))
    return counting


def require_some(found: Iterable[Any], of: tuple[str, ...]) -> None:
    """Refuse a network that counts nothing.

    Raises:
        SizeError: nothing was found.
    """
    if not any(True for _ in found):
        raise SizeError(f"no layer of the network has any {' or '.join(of)}")


def published(net: Layer, at: Mapping[Any, Any] | None) -> Mapping[Any, Any]:
    """The values given, or the network's published ones where none are."""
    values: Mapping[Any, Any] = getattr(net, "defaults", {}) if at is None else at
    return values
