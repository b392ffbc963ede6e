"""Pooling, and what makes maps larger or smaller without weights.

Source: Keras's documentation, "Pooling layers" and "Reshaping layers".
"""

from __future__ import annotations

from typing import Any

from sympy import Integer

from .... import layers
from ...reading.leaves import Operation
from ..calls import Call, Rule
from ..tensors import Tensor, leading
from .convolution import of_rank


def pool(call: Call) -> Tensor:
    """Pooling over windows.

    ``"same"`` gives ``⌈n/s⌉`` places. That many has a pooling with ``ceil_mode`` of ``k - s`` places of
    padding, where the kernel is the larger, and of none where the stride is: its last window starts
    within the input.
    """
    op = call.op
    x = call.map(call.x)
    rank = x.rank - 1
    kernel = _each(op.pool_size, rank)
    stride = kernel if op.strides is None else _each(op.strides, rank)
    settings: dict[str, Any] = {"stride": None if stride == kernel else stride}
    if op.padding == "same":
        more = [max(k - s, 0) for k, s in zip(kernel, stride, strict=True)]
        settings |= {"padding": tuple((one // 2, one - one // 2) for one in more), "ceil_mode": True}
    layer = of_rank(layers, "MaxPool" if "Max" in type(op).__name__ else "AvgPool", rank)
    return call.layer(layer(kernel, **settings), x)


def _each(given: Any, rank: int) -> tuple[int, ...]:
    return (given,) * rank if isinstance(given, int) else tuple(given)


def global_pool(call: Call) -> Tensor:
    """One number for each channel."""
    op = call.op
    x = call.map(call.x)
    layer = layers.GlobalMaxPool if "Max" in type(op).__name__ else layers.GlobalAvgPool
    keepdim = bool(op.keepdims)
    return call.layer(layer(keepdim=keepdim), x, x.order if keepdim else (0,))


def adaptive(call: Call) -> Tensor:
    """Pooling to a size."""
    x = call.map(call.x)
    kind = "AdaptiveMaxPool" if "Max" in type(call.op).__name__ else "AdaptiveAvgPool"
    return call.layer(of_rank(layers, kind, x.rank - 1)(call.op.output_size), x)


def zero_padding(call: Call) -> Tensor:
    """Zeros around a map."""
    x = call.map(call.x)
    ends = _pairs(call.op.padding)
    pads = tuple(size for pair in ends[::-1] for size in pair)
    return call.layer(of_rank(layers, "ZeroPad", x.rank - 1)(pads), x)


def _pairs(given: Any) -> list[tuple[int, int]]:
    """The two ends of each axis; of one axis Keras has them alone."""
    return [tuple(given)] if isinstance(given[0], int) else [tuple(pair) for pair in given]


def cropping(call: Call) -> Tensor:
    """A map without its margin, which may be different at the two ends of an axis."""
    x = call.map(call.x)
    ends = _pairs(call.op.cropping)
    if all(before == after for before, after in ends):
        return call.layer(layers.Crop(tuple(before for before, _ in ends)), x)
    for axis, (before, after) in enumerate(ends, start=1):
        if before or after:
            sections = (*[before] * (before > 0), -1, *[after] * (after > 0))
            with call.named(str(axis)):
                x = call.layer(layers.Split(sections, int(before > 0), axis=axis), x)
    return x


def upsampling(call: Call) -> Tensor:
    """A map so many times as large."""
    x = call.map(call.x)
    size = _each(call.op.size, x.rank - 1)
    mode = getattr(call.op, "interpolation", "nearest")
    return call.layer(layers.Upsample(scale_factor=size, mode=MODES.get(mode, "nearest")), x)


MODES = {"nearest": "nearest", "bilinear": "bilinear", "bicubic": "bicubic", "area": "area"}
"""Keras's ways to interpolate that are ours; the others count as much."""


def resizing(call: Call) -> Tensor:
    """A map of a given size, whatever the input's."""
    x = call.map(call.x)
    size = (call.op.height, call.op.width)
    return call.layer(layers.Upsample(size, mode=MODES.get(call.op.interpolation, "nearest")), x)


def cut_out(call: Call) -> Tensor:
    """A part of a given size; a view."""
    x = call.map(call.x)
    shape = (x.value.shape.channels, Integer(call.op.height), Integer(call.op.width))
    layer = Operation("crop", output_sizes=shape, taken=tuple(x.value.shape), view=True)
    return call.layer(layer, x, leading(3, x.order.index(0)))


def random_crop(call: Call) -> Tensor:
    """A part at random: Keras states its size, and gives the whole where nothing is trained; so that is not known."""
    (sizes,) = call.outputs()
    return call.combined(type(call.op).__name__, [call.plain(call.x)], sizes, known=False)


def resize_operation(call: Call) -> Tensor:
    """The operation: a map of a given size."""
    x = call.map(call.x)
    return call.layer(layers.Upsample(call.op.size, mode=MODES.get(call.op.interpolation, "nearest")), x)


OPERATIONS: dict[str, Rule] = {"MaxPool": pool, "AveragePool": pool, "Resize": resize_operation}

POOLS: dict[str, Rule] = {
    **dict.fromkeys([f"{kind}Pooling{rank}D" for kind in ("Max", "Average") for rank in (1, 2, 3)], pool),
    **dict.fromkeys([f"Global{kind}Pooling{rank}D" for kind in ("Max", "Average") for rank in (1, 2, 3)], global_pool),
    **dict.fromkeys([f"Adaptive{kind}Pooling{rank}D" for kind in ("Max", "Average") for rank in (1, 2, 3)], adaptive),
    **dict.fromkeys([f"ZeroPadding{rank}D" for rank in (1, 2, 3)], zero_padding),
    **dict.fromkeys([f"Cropping{rank}D" for rank in (1, 2, 3)], cropping),
    **dict.fromkeys([f"UpSampling{rank}D" for rank in (1, 2, 3)], upsampling),
    "Resizing": resizing,
    "CenterCrop": cut_out,
    "RandomCrop": random_crop,
}
