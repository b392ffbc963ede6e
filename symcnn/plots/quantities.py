"""What a y axis shows: the name of the quantity, and the letters for thousands and millions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from matplotlib.ticker import EngFormatter

from ..errors import UnknownNameError, nearest

COUNTED = {0: "", 3: "K", 6: "M", 9: "B", 12: "T"}
MEASURED = {0: "", 3: "k", 6: "M", 9: "G", 12: "T", 15: "P", 18: "E"}


class Quantity(NamedTuple):
    """A name for the y axis, and a letter for each power of ten that has one."""

    label: str
    letters: Mapping[int, str] = COUNTED


QUANTITIES = {
    "count": Quantity("count"),
    "value": Quantity("value"),
    "size": Quantity("size"),
    "params": Quantity("parameters"),
    "buffers": Quantity("buffers"),
    "macs": Quantity("multiply-accumulates (MACs)", MEASURED),
    "flops": Quantity("operations (FLOPs)", MEASURED),
    "training_macs": Quantity("multiply-accumulates of a training step", MEASURED),
    "activations": Quantity("activations of convolutions"),
    "tensor_elements": Quantity("elements of all tensors"),
    "operations": Quantity("operations", MEASURED),
    "bytes": Quantity("bytes", MEASURED),
}
"""What can be said of the numbers that are drawn."""


class Engineering(EngFormatter):
    """Ticks such as 25M: K, M, B, T for things counted; k, M, G, T for operations and bytes.

    >>> Engineering(COUNTED).format_data(2_500_000_000), Engineering(MEASURED).format_data(2_500_000_000)
    ('2.5B', '2.5G')
    >>> Engineering(COUNTED).format_data(0.001)
    '0.001'
    """

    def __init__(self, letters: Mapping[int, str]) -> None:
        self.ENG_PREFIXES = dict(letters)
        super().__init__(sep="")


def quantity_named(name: str) -> Quantity:
    """The quantity of a name.

    Raises:
        UnknownNameError: there is none.
    """
    if name not in QUANTITIES:
        raise UnknownNameError(f"no quantity is named {name!r}{nearest(str(name), QUANTITIES)}")
    return QUANTITIES[name]
