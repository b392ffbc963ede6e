"""What a y axis shows: the name of the quantity, and the letters for thousands and millions."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

from matplotlib.ticker import EngFormatter

from ..errors import UnknownNameError, nearest

COUNTED = {0: "", 3: "K", 6: "M", 9: "B", 12: "T"}
MEASURED = {0: "", 3: "k", 6: "M", 9: "G", 12: "T", 15: "P", 18: "E"}


class Quantity(NamedTuple):
    """A name for the y axis, a letter for each power of ten that has one, and a name where there is less room."""

    label: str
    letters: Mapping[int, str] = COUNTED
    brief: str = ""

    @property
    def name(self) -> str:
        """The shorter name."""
        return self.brief or self.label


QUANTITIES = {
    "count": Quantity("count"),
    "value": Quantity("value"),
    "size": Quantity("size"),
    "params": Quantity("parameters"),
    "buffers": Quantity("buffers"),
    "macs": Quantity("multiply-accumulates (MACs)", MEASURED, "MACs"),
    "flops": Quantity("operations (FLOPs)", MEASURED, "FLOPs"),
    "training_macs": Quantity("multiply-accumulates of a training step", MEASURED, "training MACs"),
    "activations": Quantity("activations of convolutions", brief="activations"),
    "tensor_elements": Quantity("elements of all tensors", brief="elements"),
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


def short(value: float | Fraction, letters: Mapping[int, str]) -> str:
    """A number in three digits and a letter.

    >>> short(25_557_032, COUNTED), short(5_000_000, COUNTED), short(999_999, COUNTED)
    ('25.6M', '5M', '1M')
    """
    return str(Engineering(letters).format_data(float(f"{float(value):.3g}")))


def quantity_named(name: str) -> Quantity:
    """The quantity of a name.

    Raises:
        UnknownNameError: there is none.
    """
    if name not in QUANTITIES:
        raise UnknownNameError(f"no quantity is named {name!r}{nearest(str(name), QUANTITIES)}")
    return QUANTITIES[name]
