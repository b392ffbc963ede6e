"""Convolutions.

Source: Keras's documentation, "Convolution layers"; what ``padding`` leaves is
TensorFlow's, "Notes on padding".
"""

from __future__ import annotations

from typing import Any

from .... import layers, networks
from ...reading.values import UnfitError
from ..calls import Call, Rule
from ..tensors import Tensor
from .activations import activated


def of_rank(module: Any, name: str, rank: int) -> Any:
    """The layer of a name and a number of axes."""
    return getattr(module, f"{name}{rank}d")


def settings_of(call: Call) -> dict[str, Any]:
    """What all convolutions have in common."""
    op = call.op
    pads: Any = op.padding
    if op.padding == "causal":
        pads = tuple((size * (k - 1), 0) for size, k in zip(op.dilation_rate, op.kernel_size, strict=True))
    return {"stride": op.strides, "padding": pads, "dilation": op.dilation_rate, "bias": op.use_bias}


def convolution(call: Call) -> Tensor:
    """A convolution in groups."""
    op = call.op
    untouched(call)
    x = call.map(call.x)
    call.built_for(x.value.shape.channels, op.kernel.shape[-2] * op.groups, "channels")
    layer = of_rank(layers, "Conv", op.rank)(op.filters, op.kernel_size, groups=op.groups, **settings_of(call))
    return activated(call, call.weighted(layer, x))


def depthwise(call: Call) -> Tensor:
    """A convolution of each channel by itself."""
    op = call.op
    x = call.map(call.x)
    call.built_for(x.value.shape.channels, op.kernel.shape[-2], "channels")
    layer = of_rank(layers, "DepthwiseConv", op.rank)
    return activated(call, call.weighted(layer(op.kernel_size, multiplier=op.depth_multiplier, **settings_of(call)), x))


def separable(call: Call) -> Tensor:
    """A convolution of each channel by itself, then one of 1×1."""
    op = call.op
    x = call.map(call.x)
    call.built_for(x.value.shape.channels, op.depthwise_kernel.shape[-2], "channels")
    layer = of_rank(networks, "SeparableConv", op.rank)
    settings = settings_of(call) | {"multiplier": op.depth_multiplier}
    return activated(call, call.weighted(layer(op.filters, op.kernel_size, **settings), x))


def transposed(call: Call) -> Tensor:
    """A transposed convolution: what is cut off or added follows from the size that Keras gives it."""
    op = call.op
    x = call.map(call.x)
    call.built_for(x.value.shape.channels, op.kernel.shape[-1], "channels")
    given = op.output_padding
    added = given if isinstance(given, tuple | list) else (given,) * op.rank
    ends = [
        _ends(d * (k - 1) + 1, s, op.padding == "same", a)
        for d, k, s, a in zip(op.dilation_rate, op.kernel_size, op.strides, added, strict=True)
    ]
    layer = of_rank(layers, "ConvTranspose", op.rank)(
        op.filters,
        op.kernel_size,
        stride=op.strides,
        padding=tuple(pads for pads, _ in ends),
        output_padding=tuple(more for _, more in ends),
        dilation=op.dilation_rate,
        bias=op.use_bias,
    )
    return activated(call, call.weighted(layer, x))


def _ends(extent: int, stride: int, same: bool, added: int | None) -> tuple[tuple[int, int], int]:
    """What is cut off before and after, and what is added at the end, of ``(n - 1)·stride + extent``.

    ``"same"`` leaves ``n·stride``, and ``"valid"`` all, at least that.

    >>> _ends(3, 2, True, None), _ends(2, 3, False, None), _ends(3, 2, True, 1)
    (((0, 1), 0), ((0, 0), 1), ((1, 1), 1))
    """
    if added is not None:
        cut = extent - extent % 2 if same else 0
    else:
        cut, added = max(extent - stride, 0) if same else 0, max(stride - extent, 0)
    return (cut // 2, cut - cut // 2), added


def untouched(call: Call) -> None:
    """Weights that are adapted or quantized do otherwise.

    Raises:
        UnfitError: they are.
    """
    if getattr(call.op, "lora_enabled", False) or getattr(call.op, "quantization_mode", None):
        raise UnfitError("the weights are adapted or quantized")


CONVOLUTIONS: dict[str, Rule] = {
    **dict.fromkeys([f"Conv{rank}D" for rank in (1, 2, 3)], convolution),
    **dict.fromkeys([f"DepthwiseConv{rank}D" for rank in (1, 2)], depthwise),
    **dict.fromkeys([f"SeparableConv{rank}D" for rank in (1, 2)], separable),
    **dict.fromkeys([f"Conv{rank}DTranspose" for rank in (1, 2, 3)], transposed),
}
