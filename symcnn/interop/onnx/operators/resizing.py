"""Interpolation to a size or by a factor.

Source: ONNX's documentation of Resize and Upsample. The modes of coordinates change no size.
"""

from __future__ import annotations

from typing import Any

from sympy import Integer, Rational

from .... import layers
from ....errors import SymcnnError
from ....profile import Sizes
from ....sizes import FloorDiv, Size
from ...reading.values import UnfitError, Value
from ..calls import FixedError, NodeCall
from ..numbers import exact

MODES = {
    "nearest": ("nearest",) * 3,
    "linear": ("linear", "bilinear", "trilinear"),
    "bilinear": ("", "bilinear", ""),
    "trilinear": ("", "", "trilinear"),
    "cubic": ("", "bicubic", ""),
}
"""By ONNX's mode: the layer's, for one, two and three axes."""


def resize(call: NodeCall) -> Value:
    """Interpolation; a factor is kept where it gives the size."""
    x = call.x
    axes = [call.axis(one, x.rank) for one in call.attribute("axes", "integers") or range(x.rank)]
    scales, sizes = _asked(call)
    found = list(x.full)
    for place, axis in enumerate(axes):
        found[axis] = sizes[place] if sizes else _scaled(x.full[axis], scales[place])
    if sizes and call.attribute("keep_aspect_ratio_policy", "text", "stretch") != "stretch":
        raise UnfitError("a size that keeps the proportions")
    if x.unwritten == 0 and call.builder.batch > 1 and sizes and found[0] == call.builder.batch:
        found[0] = Integer(1)
    return _interpolated(call, x, tuple(found))


def _asked(call: NodeCall) -> tuple[list[Any], list[Size]]:
    """The factors or the sizes that are asked for, one for each axis."""
    if "scales" in call.attributes:
        return [Rational(one) for one in call.attribute("scales", "floats")], []
    place = 1 if call.name == "Upsample" or call.opset < 11 else 2
    if call.has(3) and place == 2:
        sizes = call.numbers(3, "the sizes").flat
        if sizes:
            return [], sizes
    return call.numbers(place, "the factors").flat, []


def _scaled(size: Size, factor: Any) -> Size:
    """``⌊size·factor⌋``, where the product is exact, or of a number that it is computed for."""
    if exact(factor):
        return FloorDiv(size * factor.p, Integer(factor.q))
    if not size.is_Integer:
        raise FixedError(f"the factor {float(factor):g} is rounded, so that no formula says {size} by it")
    import numpy as np

    return Integer(int(np.floor(np.float32(int(size)) * np.float32(float(factor)))))


def _interpolated(call: NodeCall, x: Value, full: Sizes) -> Value:
    if full == x.full:
        return x
    rank = x.rank - 2
    mode = MODES.get(call.attribute("mode", "text", "nearest"), ("",) * 3)
    name = mode[rank - 1] if rank in (1, 2, 3) else ""
    if not name or x.unwritten != 0 or full[:2] != x.full[:2]:
        return call.operated("interpolate", full)
    factors = [out / size for out, size in zip(full[2:], x.full[2:], strict=True)]
    if all(one.is_Rational for one in factors):
        return call.layer(layers.Upsample(scale_factor=tuple(factors), mode=name), x)
    if any(one.is_nonpositive for one in full):
        raise SymcnnError(f"sizes must be at least 1, got {full}")
    return call.layer(layers.Upsample(full[2:], mode=name), x)


RESIZING: dict[str, Any] = {"Resize": resize, "Upsample": resize}
