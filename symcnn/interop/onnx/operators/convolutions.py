"""Convolutions, transposed and quantised ones too.

Source: ONNX's documentation of Conv, ConvTranspose, ConvInteger and QLinearConv.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sympy import Integer

from ....errors import SymcnnError
from ....layers.conv import dilated
from ....profile import Sizes
from ....sizes import Size
from ...reading.rules.layers import convolved
from ...reading.values import Constant, UnfitError, Value
from ..calls import FixedError, NodeCall, product


def per_axis(call: NodeCall, name: str, rank: int, usual: int = 1) -> tuple[int, ...]:
    """An attribute of one integer for each axis.

    Raises:
        SymcnnError: there are more or fewer.
    """
    given = call.attribute(name, "integers") or [usual] * rank
    if len(given) != rank:
        raise SymcnnError(f"the attribute {name!r} of {call.name} must have one for each of {rank} axes, got {given}")
    if min(given) < usual:
        raise SymcnnError(f"the attribute {name!r} of {call.name} must be at least {usual} each, got {given}")
    return tuple(given)


def paddings(call: NodeCall, rank: int) -> tuple[tuple[int, int], ...]:
    """What is padded before and after each axis."""
    given = call.attribute("pads", "integers") or [0] * (2 * rank)
    if len(given) != 2 * rank:
        raise SymcnnError(f"the attribute 'pads' of {call.name} must have two for each of {rank} axes, got {given}")
    return tuple(zip(given[:rank], given[rank:], strict=True))


def automatic(call: NodeCall) -> str:
    """How the padding is found: ``"NOTSET"``, ``"SAME_UPPER"``, ``"SAME_LOWER"`` or ``"VALID"``."""
    mode: str = call.attribute("auto_pad", "text", "NOTSET")
    if mode not in ("NOTSET", "SAME_UPPER", "SAME_LOWER", "VALID", ""):
        raise SymcnnError(f"the attribute 'auto_pad' of {call.name} is none that there is, got {mode!r}")
    return mode or "NOTSET"


def convolution(call: NodeCall) -> Value:
    """A convolution by the second argument."""
    return _convolution(call, call.tensor(1), call.optional(2))


def quantised(call: NodeCall) -> Value:
    """The same of integers, with factors and offsets between the arguments."""
    if call.name == "ConvInteger":
        return _convolution(call, call.tensor(1), None)
    return _convolution(call, call.tensor(3), call.optional(8))


def _convolution(call: NodeCall, weight: Any, bias: Any) -> Value:
    rank, groups = _checked(call, weight)
    call.fits(bias, weight.full[:1], "the bias")
    channels = weight.full[1] * groups
    call.builder.agree(call.batched(rank).shape.channels, channels, "the channels and those of the weight")
    mode = automatic(call)
    padding: Any = paddings(call, rank) if mode == "NOTSET" else "valid" if mode == "VALID" else "same"
    settings = {"stride": per_axis(call, "strides", rank), "dilation": per_axis(call, "dilations", rank)}
    return convolved(call, weight, bias, False, groups, padding=padding, **settings)


def _checked(call: NodeCall, weight: Any) -> tuple[int, int]:
    """The number of axes and of groups, where the weight has the sizes of one."""
    if not isinstance(weight, Constant):
        raise UnfitError("the kernel depends on the input")
    rank = len(weight.full) - 2
    if rank not in (1, 2, 3):
        raise UnfitError(f"a convolution along {rank} axes")
    if call.x.rank != rank + 2:
        raise SymcnnError(f"a weight of {rank + 2} axes must meet an input of as many, got {call.x.rank}")
    kernel = call.attribute("kernel_shape", "integers")
    if kernel is not None:
        call.fits(weight, (*weight.full[:2], *map(Integer, kernel)), "the weight")
    return rank, call.attribute("group", "integer", 1)


def transposed(call: NodeCall) -> Value:
    """A transposed convolution; of the output's size and the padding one may be given, or neither."""
    weight, bias = call.tensor(1), call.optional(2)
    rank, groups = _checked(call, weight)
    call.fits(bias, (weight.full[1] * groups,), "the bias")
    x = call.batched(rank)
    call.builder.agree(x.shape.channels, weight.full[0], "the channels and those of the weight")
    stride, dilation = per_axis(call, "strides", rank), per_axis(call, "dilations", rank)
    added = list(per_axis(call, "output_padding", rank, 0))
    extents = [dilated(size, Integer(d)) for size, d in zip(weight.full[2:], dilation, strict=True)]
    pads = list(paddings(call, rank))
    for axis, total in enumerate(_totals(call, x.shape.axes, extents, stride, added)):
        if total is not None:
            pads[axis] = _halves(max(total, 0), automatic(call) == "SAME_UPPER")
            added[axis] += max(-total, 0)
    settings = {"stride": stride, "dilation": dilation, "padding": tuple(pads), "output_padding": tuple(added)}
    if any(more >= max(s, d) for more, s, d in zip(added, stride, dilation, strict=True) if more):
        return _stretched(call, weight, bias, x, extents, settings)
    return convolved(call, weight, bias, True, groups, **settings)


def _halves(total: int, upper: bool) -> tuple[int, int]:
    small = total // 2
    return (small, total - small) if upper else (total - small, small)


def _totals(
    call: NodeCall, sizes: Sequence[Size], extents: Sequence[Size], stride: Sequence[int], added: Sequence[int]
) -> list[int | None]:
    """All the padding along each axis, where it is found from the output's size."""
    wanted = call.attribute("output_shape", "integers")
    mode = automatic(call)
    if wanted is None and mode in ("NOTSET", "VALID"):
        return [None if mode == "NOTSET" else 0] * len(sizes)
    totals: list[int | None] = []
    for i, size in enumerate(sizes):
        output = Integer(wanted[i - len(sizes)]) if wanted else size * stride[i]
        total = (stride[i] * (size - 1) + added[i] + extents[i] - output).expand()
        if not total.is_Integer:
            raise FixedError(f"the file has constants that are for an output of {output} alone")
        totals.append(int(total))
    return totals


def _stretched(
    call: NodeCall, weight: Constant, bias: Any, x: Value, extents: Sequence[Size], settings: dict[str, Any]
) -> Value:
    """The same where more is added than the layer takes."""
    each = zip(x.shape.axes, extents, *(settings[n] for n in ("stride", "padding", "output_padding")), strict=True)
    sizes: list[Size] = [size * s - s + extent - sum(pads) + more for size, extent, s, pads, more in each]
    out = weight.full[1] * call.attribute("group", "integer", 1)
    call.giving((Integer(1), out, *sizes))
    loops: Sizes = (product(weight.full), *x.shape.axes)
    constants = [one for one in (weight, bias) if one is not None]
    return call.combined("conv_transpose", [call.x], constants, [loops])


CONVOLUTIONS = {
    "Conv": convolution,
    "ConvTranspose": transposed,
    "ConvInteger": quantised,
    "QLinearConv": quantised,
}
