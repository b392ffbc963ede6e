"""Plain numbers from settings, axes with the batch, and ends in PyTorch's order."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sympy import Expr


def ints(value: Any) -> Any:
    """A setting with its sizes as plain integers; what is no size stays."""
    if isinstance(value, tuple):
        return tuple(map(ints, value))
    return int(value) if isinstance(value, Expr) else value


def with_batch(axis: int) -> int:
    """An axis as PyTorch counts it, the batch being the first."""
    return axis + 1 if axis >= 0 else axis


def ends(pairs: Iterable[tuple[int, int]]) -> list[int]:
    """What ``torch.nn.functional.pad`` takes for pairs ``(before, after)``: the last axis first."""
    return [size for pair in reversed(list(pairs)) for size in pair]
