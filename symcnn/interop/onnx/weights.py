"""Which of a file's tensors are trained, stored or neither. ONNX does not say; what they are used for does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sympy import Integer

from ...profile import Sizes
from ...sizes import Size
from .graphs import bodies
from .tensors import FLOATING

TRAINED, KEPT, SETTING = "trained", "kept", "setting"

MATRICES: dict[str, dict[int, str]] = {
    "Conv": {1: TRAINED, 2: TRAINED},
    "ConvTranspose": {1: TRAINED, 2: TRAINED},
    "DeformConv": {1: TRAINED, 3: TRAINED},
    "Gemm": {1: TRAINED, 2: TRAINED},
    "MatMul": {0: TRAINED, 1: TRAINED},
    "ConvInteger": {1: TRAINED, 2: SETTING, 3: SETTING},
    "MatMulInteger": {1: TRAINED, 2: SETTING, 3: SETTING},
    "QLinearConv": {3: TRAINED, 8: TRAINED, **dict.fromkeys((1, 2, 4, 5, 6, 7), SETTING)},
    "QLinearMatMul": {3: TRAINED, **dict.fromkeys((1, 2, 4, 5, 6, 7), SETTING)},
    **{name: dict.fromkeys((1, 2, 3, 7), TRAINED) for name in ("LSTM", "GRU", "RNN")},
}
"""By operators that multiply matrices: what each of their inputs is, where it does not depend on the input."""

ROLES: dict[str, dict[int, str]] = {
    **MATRICES,
    "BatchNormalization": {1: TRAINED, 2: TRAINED, 3: KEPT, 4: KEPT},
    "InstanceNormalization": {1: TRAINED, 2: TRAINED},
    "LayerNormalization": {1: TRAINED, 2: TRAINED},
    "GroupNormalization": {1: TRAINED, 2: TRAINED},
    "RMSNormalization": {1: TRAINED},
    "PRelu": {1: TRAINED},
    "DequantizeLinear": {0: TRAINED, 1: SETTING, 2: SETTING},
    "QuantizeLinear": {1: SETTING, 2: SETTING},
    "Resize": {1: SETTING, 2: SETTING, 3: SETTING},
    "Upsample": {1: SETTING},
    "Clip": {1: SETTING, 2: SETTING},
    "Pad": {1: SETTING, 2: SETTING, 3: SETTING},
}
"""The same, by all operators that say it."""

STANDARD = ("", "ai.onnx")
"""The names of ONNX's own operators."""


def roles(nodes: Iterable[Any], table: Mapping[str, Mapping[int, str]], functions: Any = None) -> dict[str, str]:
    """By the name of a tensor, what nodes use it as; where they differ, what is trained is trained."""
    found: dict[str, str] = {}
    waiting = list(nodes)
    while waiting:
        node = waiting.pop()
        waiting += [inner for body in bodies(node) for inner in body.node]
        said = table.get(node.op_type, {}) if node.domain in STANDARD else _inside(node, table, functions)
        for place, role in said.items():
            name = node.input[place] if place < len(node.input) else ""
            if name and (role == TRAINED or found.get(name, SETTING) == SETTING):
                found[name] = role
    return found


def _inside(node: Any, table: Mapping[str, Mapping[int, str]], functions: Any) -> dict[int, str]:
    """What a function that the file brings along uses its arguments as, as far as its own nodes say."""
    function = (functions or {}).get((node.domain, node.op_type))
    if function is None:
        return {}
    said = roles(function.node, table)
    return {place: said[name] for place, name in enumerate(function.input) if name in said}


class Weights:
    """All tensors that the file stores, by name; what a network in the making asks of its source."""

    def __init__(self) -> None:
        self.parameters: dict[str, Sizes] = {}
        self.buffers: dict[str, Sizes] = {}
        self.numbers: set[str] = set()
        """The tensors whose elements were read: sizes and factors."""

    def add(self, name: str, tensor: Any, full: tuple[int, ...], role: str | None, initial: bool) -> None:
        """Take a tensor in.

        Initialisers of floating-point numbers are trained where nothing says otherwise, those of a single
        number excepted; constants in the graph are where they are matrices or added to products of these.
        """
        sizes = tuple(map(Integer, full))
        several = any(size != 1 for size in sizes)
        if role == KEPT:
            self.buffers[name] = sizes
        elif role == TRAINED or (role is None and initial and several and tensor.data_type in FLOATING):
            self.parameters[name] = sizes

    def without_numbers(self) -> None:
        """Leave out what was read as sizes and factors: of all else that is stored some may be used by nothing."""
        self.parameters = {name: sizes for name, sizes in self.parameters.items() if name not in self.numbers}

    def read(self, size: Any) -> Size:
        """A size, which is one already."""
        return Integer(size) if isinstance(size, int) else size

    def equal(self, one: Size, other: Size) -> bool:
        """Whether two sizes are the same in form."""
        return bool((one - other).expand() == 0)


def sizes_or_one(sizes: Sequence[Size]) -> Sizes:
    """The sizes of a tensor; a number alone is one element."""
    return tuple(sizes) or (Integer(1),)
