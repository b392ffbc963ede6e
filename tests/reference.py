"""An independent count of what layers do, by plain loops over indices.

No SymPy here and no formula: windows slide one step at a time, weights and multiplications are
counted one by one, and a receptive field is the set of input positions that an output position
is reached from. Slow, short and hard to get wrong; for small shapes.

``measured(layer, shape)`` reads a layer's settings as plain numbers and gives a ``Count``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise, product
from typing import Any

Shape = tuple[int, ...]
Reach = Callable[[int], set[int]]
"""The input positions, along one axis, that an output position is made from."""


@dataclass
class Count:
    """What was counted: ``reach`` for each axis of the input, None where the outputs' windows differ."""

    output: Shape
    params: int = 0
    buffers: int = 0
    operations: dict[str, int] = field(default_factory=dict)
    reach: tuple[Reach | None, ...] = ()
    whole: tuple[bool, ...] = ()
    """For each axis whether every output position is made from all of it."""

    @property
    def macs(self) -> int:
        return self.operations.get("multiply_accumulate", 0)


def how_many(things: Iterable[Any]) -> int:
    """Count by counting."""
    return sum(1 for _ in things)


def every(*sizes: int) -> Iterator[tuple[int, ...]]:
    """Every index of an array of these sizes."""
    return product(*map(range, sizes))


# Windows that slide.


def starts(size: int, extent: int, stride: int, pad: tuple[int, int]) -> list[int]:
    """Where a window stands that moves over an axis as long as it fits; padding has negative places."""
    found, start = [], -pad[0]
    while start + extent <= size + pad[1]:
        found.append(start)
        start += stride
    return found


def starts_in_ceil_mode(size: int, extent: int, stride: int, pad: tuple[int, int]) -> list[int]:
    """PyTorch's rule: go on until a window has reached the end, but start none in the padding after."""
    found, start = [], -pad[0]
    reached = start - stride + extent  # the end of the window before the first
    while reached < size + pad[1] and start < size:
        found.append(start)
        reached, start = start + extent, start + stride
    return found


def starts_of_same(size: int, stride: int) -> list[int]:
    """One window at every stride-th place of the input."""
    return [place for place in range(size) if place % stride == 0]


def reaching(first: int, stride: int, kernel: int, dilation: int) -> Reach:
    """The places under a window's taps."""
    return lambda out: {first + out * stride + tap * dilation for tap in range(kernel)}


def point(out: int) -> set[int]:
    """The place itself."""
    return {out}


# Each kind of layer.


def conv(layer: Any, shape: Shape) -> Count:
    channels, *axes = shape
    filters, groups = int(layer.out_channels), int(layer.groups)
    kernel, stride, dilation = numbers(layer.kernel_size), numbers(layer.stride), numbers(layer.dilation)
    pads = [(0, 0)] * len(axes) if layer.padding == "same" else [numbers(pair) for pair in layer.padding]
    places = []
    for size, k, s, d, pad in zip(axes, kernel, stride, dilation, pads, strict=True):
        taps = [tap * d for tap in range(k)]
        extent = taps[-1] - taps[0] + 1
        places.append(starts_of_same(size, s) if layer.padding == "same" else starts(size, extent, s, pad))
    output = (filters, *map(len, places))
    connected = [(o, c) for o, c in every(filters, channels) if o // (filters // groups) == c // (channels // groups)]
    weights = [(pair, tap) for pair in connected for tap in every(*kernel)]
    operations = {"multiply_accumulate": how_many((w, at) for w in weights for at in product(*places))}
    if layer.bias:
        operations["bias"] = how_many(every(*output))
    reach = tuple(
        reaching(0 if layer.padding == "same" else -pad[0], s, k, d)
        for pad, s, k, d in zip(pads, stride, kernel, dilation, strict=True)
    )
    return Count(output, len(weights) + (filters if layer.bias else 0), 0, operations, reach, no(axes))


def pool(layer: Any, shape: Shape) -> Count:
    channels, *axes = shape
    kernel = numbers(layer.kernel_size)
    stride = kernel if layer.stride is None else numbers(layer.stride)
    dilation = numbers(getattr(layer, "dilation", (1,) * len(axes)))
    places, reach = [], []
    for size, k, s, d, pair in zip(axes, kernel, stride, dilation, layer.padding, strict=True):
        pad = numbers(pair)
        taps = [tap * d for tap in range(k)]
        slide = starts_in_ceil_mode if layer.ceil_mode else starts
        places.append(slide(size, taps[-1] - taps[0] + 1, s, pad))
        reach.append(reaching(-pad[0], s, k, d))
    kind = "compare" if "Max" in type(layer).__name__ else "average"
    looks = how_many(every(channels, *map(len, places), *kernel))
    return Count((channels, *map(len, places)), operations={kind: looks}, reach=tuple(reach), whole=no(axes))


def adaptive_pool(layer: Any, shape: Shape) -> Count:
    channels, *axes = shape
    sizes = [size if out is None else int(out) for size, out in zip(axes, layer.output_size, strict=True)]
    shares = [shared(size, out) for size, out in zip(axes, sizes, strict=True)]
    reach: list[Reach | None] = []
    for share in shares:
        extents, steps = {len(s) for s in share}, {b[0] - a[0] for a, b in pairwise(share)}
        even = len(extents) == 1 and len(steps) <= 1  # equally large and equally far apart
        reach.append(reaching(0, max(steps, default=1), len(share[0]), 1) if even else None)
    kind = "compare" if "Max" in type(layer).__name__ else "average"
    whole = tuple(all(len(s) == size for s in share) and size > 1 for share, size in zip(shares, axes, strict=True))
    # What the package counts is the elements of the input, which is exact where windows do not overlap.
    return Count((channels, *sizes), operations={kind: how_many(every(*shape))}, reach=tuple(reach), whole=whole)


def shared(size: int, outputs: int) -> list[list[int]]:
    """PyTorch's windows of adaptive pooling: from ⌊i·n/o⌋ up to ⌈(i + 1)·n/o⌉."""
    windows = []
    for i in range(outputs):
        windows.append([at for at in range(size) if at * outputs < (i + 1) * size and (at + 1) * outputs > i * size])
    return windows


def linear(layer: Any, shape: Shape) -> Count:
    *before, features = shape
    out = int(layer.out_features)
    output = (*before, out)
    weights = how_many(every(out, features))
    operations = {"multiply_accumulate": how_many(every(*before, out, features))}
    if layer.bias:
        operations["bias"] = how_many(every(*output))
    axes = shape[1:]
    reach = tuple((lambda at: set(range(features))) if i == len(axes) - 1 else point for i in range(len(axes)))
    whole = tuple(i == len(axes) - 1 for i in range(len(axes)))
    return Count(output, weights + (out if layer.bias else 0), 0, operations, reach, whole)


def batch_norm(layer: Any, shape: Shape) -> Count:
    each = how_many(range(shape[0]))
    params, buffers = each * 2 * layer.affine, each * 2 * layer.track_running_stats
    return elementwise("normalise", shape, params, buffers)


def local_response(layer: Any, shape: Shape) -> Count:
    count = elementwise("local_response", shape)
    count.operations["local_response"] *= int(layer.size)
    return count


def activation(layer: Any, shape: Shape) -> Count:
    return elementwise(type(layer).__name__.lower(), shape)


def nothing(layer: Any, shape: Shape) -> Count:
    return Count(shape, reach=(point,) * len(shape[1:]), whole=no(shape[1:]))


def flatten(layer: Any, shape: Shape) -> Count:
    axes = shape[1:]
    reach = tuple((lambda at, size=size: set(range(size))) for size in axes)
    return Count((how_many(every(*shape)),), reach=reach, whole=(True,) * len(axes))


def elementwise(kind: str, shape: Shape, params: int = 0, buffers: int = 0) -> Count:
    operations = {kind: how_many(every(*shape))}
    return Count(shape, params, buffers, operations, (point,) * len(shape[1:]), no(shape[1:]))


def sequential(layer: Any, shape: Shape) -> Count:
    """Each on the output of the one before; a position reaches back through all of them."""
    total = nothing(layer, shape)
    chains: list[list[Reach | None]] = [[] for _ in shape[1:]]
    whole = [False] * len(chains)
    for inner in layer:
        count = measured(inner, total.output)
        total.output = count.output
        total.params += count.params
        total.buffers += count.buffers
        for kind, times in count.operations.items():
            total.operations[kind] = total.operations.get(kind, 0) + times
        for axis, (chain, reach, all_of_it) in enumerate(zip(chains, count.reach, count.whole, strict=False)):
            chain.append(reach)
            whole[axis] = whole[axis] or all_of_it
    total.reach = tuple(None if None in chain else through(chain) for chain in chains)  # type: ignore[arg-type]
    total.whole = tuple(whole)
    return total


def through(chain: list[Reach]) -> Reach:
    """Back through several layers: the places that make the places that make the output."""

    def reach(out: int) -> set[int]:
        places = {out}
        for one in reversed(chain):
            places = {before for place in places for before in one(place)}
        return places

    return reach


COUNTERS: dict[str, Callable[[Any, Shape], Count]] = {
    "Conv": conv,
    "MaxPool": pool,
    "AvgPool": pool,
    "AdaptiveAvgPool": adaptive_pool,
    "AdaptiveMaxPool": adaptive_pool,
    "Linear": linear,
    "BatchNorm": batch_norm,
    "LocalResponseNorm": local_response,
    "Dropout": nothing,
    "Identity": nothing,
    "Flatten": flatten,
    "Sequential": sequential,
}
"""The counter of each kind of layer, by PyTorch's name without its rank; activations have one for all."""


def measured(layer: Any, shape: Shape) -> Count:
    """Count what a layer, all of whose settings are numbers, does to a shape of numbers."""
    kind = type(layer).__name__
    for rank in "123":
        kind = kind.removesuffix(f"{rank}d")
    return COUNTERS.get(kind, activation)(layer, tuple(map(int, shape)))


def receptive_field(count: Count, shape: Shape) -> tuple[int, ...] | None:
    """How far apart the first and the last place are that an output position reaches; None if it varies."""
    if None in count.reach:
        return None
    return tuple(
        size if whole else max(reach(0)) - min(reach(0)) + 1
        for reach, whole, size in zip(count.reach, count.whole, shape[1:], strict=True)
    )


def numbers(sizes: Iterable[Any]) -> tuple[int, ...]:
    """Sizes as plain integers."""
    return tuple(int(size) for size in sizes)


def no(axes: Iterable[int]) -> tuple[bool, ...]:
    """False for each axis."""
    return tuple(False for _ in axes)
