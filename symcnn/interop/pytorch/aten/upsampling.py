"""Interpolation to a size or by a factor."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from ....layers import Upsample
from ...reading.calls import Call, Rule
from ...reading.values import Value

MODES = {
    "upsample_nearest": "nearest",
    "_upsample_nearest_exact": "nearest-exact",
    "upsample_linear": "linear",
    "upsample_bilinear": "bilinear",
    "_upsample_bilinear": "bilinear",
    "upsample_bicubic": "bicubic",
    "_upsample_bicubic": "bicubic",
    "upsample_trilinear": "trilinear",
}
"""The mode of an operator, by its name up to the number of axes."""

RANKS = {"linear": (1,), "bilinear": (2,), "bicubic": (2,), "trilinear": (3,)}


def upsample(call: Call) -> Value:
    """Interpolation of a map. A factor is kept where it gives the size that PyTorch says."""
    name = next(name for name in sorted(MODES, key=len, reverse=True) if call.name.startswith(name))
    x = call.batched(len(call.full) - 2)
    return call.layer(_of_size(call, x, MODES[name]), x)


def _of_size(call: Call, x: Value, mode: str) -> Upsample:
    factors = call["scale_factors"]
    if factors:
        exact: list[Any] = [Fraction(factor).limit_denominator(64) for factor in factors]
        scaled = Upsample(scale_factor=tuple(exact), mode=mode)
        if scaled.apply(x.shape).output.axes == call.full[2:]:
            return scaled
    return Upsample(call.full[2:], mode=mode)


UPSAMPLING: dict[str, Rule] = {
    f"{name}{rank}d{aa}": upsample
    for name, mode in MODES.items()
    for rank in RANKS.get(mode, (1, 2, 3))
    for aa in ("", "_aa")
}
