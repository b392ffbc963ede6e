"""The numbers of a picture layer by layer, apart from the drawing: ``layer_data``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ..errors import MissingValueError, SizeError
from ..layer import Layer
from ..sizes import free_symbols
from .arguments import Values, mapping
from .counted import check_added_up, check_network, kind, published, require_some


class LayerCounts(NamedTuple):
    """What one layer counts: its path in the network, what it is, and the amount of each quantity."""

    path: str
    kind: str
    amounts: tuple[int, ...]

    @property
    def name(self) -> str:
        """Its path; of a layer that is no network's, what it is."""
        return self.path or self.kind


def layer_data(
    net: Layer, at: Values | None = None, *, of: str | Sequence[str] = ("params", "macs")
) -> list[LayerCounts]:
    """The numbers that ``layers`` draws: the layers that count anything, in the order of the network.

    The arguments are those of ``layers``.

    Raises:
        SizeError: what is given is not a network, a value is not a size, or nothing is counted.
        UnknownNameError: a name that no symbol or quantity has.
        MissingValueError: a symbol is left without a value.
        ConditionError: the values break a condition of the network.

    >>> import symcnn as sc
    >>> for layer in layer_data(sc.zoo.get_model("lenet5")):
    ...     print(*layer)
    c1 Conv2d (156, 117600)
    c3 Conv2d (2416, 240000)
    f5 Linear (48120, 48000)
    f6 Linear (10164, 10080)
    output Linear (850, 840)
    """
    check_network(net, "layers")
    names = quantity_names(of)
    values = mapping("at", published(net, at), "{H: 224, W: 224}")
    leaves = list((net.at(values) if values else net).profile.leaves())
    counted = [(leaf, [leaf.quantity(name) for name in names]) for leaf in leaves]
    missing = free_symbols(amount for _, amounts in counted for amount in amounts)
    if missing:
        raise MissingValueError(f"a value is missing for {', '.join(map(str, missing))}; give it in at")
    rows = [LayerCounts(leaf.path, kind(leaf), tuple(map(int, amounts))) for leaf, amounts in counted]
    counting = [row for row in rows if any(row.amounts)]
    require_some(counting, names)
    return counting


def quantity_names(of: str | Sequence[str]) -> tuple[str, ...]:
    """The quantities that are drawn, each once.

    Raises:
        SizeError: there is none.
        UnknownNameError: layers do not add up to one.
    """
    names = tuple(dict.fromkeys([of] if isinstance(of, str) else of))
    if not names:
        raise SizeError(f"layers takes at least one quantity, such as 'params', got {of!r}")
    for name in names:
        check_added_up(name)
    return names
