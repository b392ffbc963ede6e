"""An independent count of what layers do, by plain loops over indices.

No SymPy here and no formula: windows slide one step at a time, weights and multiplications are
counted one by one, and a receptive field is the set of input positions that an output position
is reached from. Slow, short and hard to get wrong; for small shapes.

``measured(layer, shape)`` reads a layer's settings as plain numbers and gives a ``Count``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise, product
from types import SimpleNamespace
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
    by_channel: bool = False
    """Whether an output channel is made from the same one of the input's."""
    places: tuple[int, ...] = ()
    """Where each axis stands in the output, where that is not where it stood."""

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


def conv_transpose(layer: Any, shape: Shape) -> Count:
    """Every tap of a filter is dropped at its place in the output, which is then cut and lengthened."""
    channels, *axes = shape
    filters, groups = int(layer.out_channels), int(layer.groups)
    kernel, stride, dilation = numbers(layer.kernel_size), numbers(layer.stride), numbers(layer.dilation)
    pads, added = [numbers(pair) for pair in layer.padding], numbers(layer.output_padding)
    places, reach = [], []
    for size, k, s, d, pad, more in zip(axes, kernel, stride, dilation, pads, added, strict=True):
        dropped = [at * s + tap * d for at, tap in every(size, k)]
        places.append(list(range(max(dropped) + 1 + more))[pad[0] :][: -pad[1] or None])
        # An output is reached from where a tap of the filter falls on it; with a stride, some are seldom.
        first = pad[0] - (k - 1) * d
        reach.append(reaching(first, 1, k, d) if s == 1 else None)
    output = (filters, *map(len, places))
    connected = [(c, o) for c, o in every(channels, filters) if o // (filters // groups) == c // (channels // groups)]
    weights = [(pair, tap) for pair in connected for tap in every(*kernel)]
    operations = {"multiply_accumulate": how_many((w, at) for w in weights for at in every(*axes))}
    if layer.bias:
        operations["bias"] = how_many(every(*output))
    return Count(output, len(weights) + (filters if layer.bias else 0), 0, operations, tuple(reach), no(axes))


def depthwise(layer: Any, shape: Shape) -> Count:
    """A convolution in as many groups as there are channels."""
    filters = how_many(every(shape[0], int(layer.multiplier)))
    settings = {name: getattr(layer, name) for name in ("kernel_size", "stride", "padding", "dilation", "bias")}
    return conv(SimpleNamespace(out_channels=filters, groups=shape[0], **settings), shape)


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


def global_pool(layer: Any, shape: Shape) -> Count:
    kind = "compare" if "Max" in type(layer).__name__ else "average"
    output = (shape[0], *(1 for _ in shape[1:])) if layer.keepdim else shape[:1]
    return Count(output, operations={kind: how_many(every(*shape))}, reach=all_of(shape), whole=yes(shape[1:]))


def upsample(layer: Any, shape: Shape) -> Count:
    """As many places as whole ones fit into the stretched axis."""
    axes = shape[1:]
    if layer.size is None:
        factors = layer.scale_factor if isinstance(layer.scale_factor, tuple) else [layer.scale_factor] * len(axes)
        stretched = [size * Fraction(int(f.p), int(f.q)) for size, f in zip(axes, factors, strict=True)]
    else:
        stretched = list(layer.size) if isinstance(layer.size, tuple) else [layer.size] * len(axes)
    places = [how_many(at for at in range(100) if at + 1 <= end) for end in stretched]
    output = (shape[0], *places)
    reach = tuple(point if out == size else None for out, size in zip(places, axes, strict=True))
    return Count(output, operations={"interpolate": how_many(every(*output))}, reach=reach, whole=no(axes))


def pad(layer: Any, shape: Shape) -> Count:
    """The places from those before the first to those after the last."""
    ends = numbers(layer.padding)
    befores, afters = ends[::2][::-1], ends[1::2][::-1]
    spans = [range(-b, size + a) for b, a, size in zip(befores, afters, shape[1:], strict=True)]
    reach = tuple(reaching(span[0], 1, 1, 1) for span in spans)
    return Count((shape[0], *map(len, spans)), reach=reach, whole=no(shape[1:]))


def pixel_shuffle(layer: Any, shape: Shape) -> Count:
    """Every element at its new place."""
    r = int(layer.upscale_factor)
    places = [(c // (r * r), h * r + c // r % r, w * r + c % r) for c, h, w in every(*shape)]
    assert len(set(places)) == how_many(every(*shape))
    return Count(spanned(places), reach=(point if r == 1 else None,) * 2, whole=no(shape[1:]))


def pixel_unshuffle(layer: Any, shape: Shape) -> Count:
    r = int(layer.downscale_factor)
    places = [(c * r * r + h % r * r + w % r, h // r, w // r) for c, h, w in every(*shape)]
    assert len(set(places)) == how_many(every(*shape))
    return Count(spanned(places), reach=(reaching(0, r, r, 1),) * 2, whole=no(shape[1:]))


def reshape(layer: Any, shape: Shape) -> Count:
    """The rest is the size at which there are as many elements as before."""
    elements, given = how_many(every(*shape)), numbers(layer.shape)
    for rest in range(1, elements + 1):
        output = tuple(rest if size == -1 else size for size in given)
        if how_many(every(*output)) == elements:
            break
    return Count(output, reach=all_of(shape), whole=yes(shape[1:]))


def permute(layer: Any, shape: Shape) -> Count:
    """Every element at its new place."""
    elements = [tuple(at[axis] for axis in layer.dims) for at in every(*shape)]
    places = tuple(next(place for place, moved in enumerate(layer.dims) if moved == axis) for axis in range(len(shape)))
    axes = shape[1:]
    return Count(spanned(elements), reach=(point,) * len(axes), whole=no(axes), by_channel=True, places=places)


def crop(layer: Any, shape: Shape) -> Count:
    """The places that are not at the ends."""
    axes = shape[1:]
    margins = numbers(layer.margin) if isinstance(layer.margin, tuple) else [int(layer.margin)] * len(axes)
    kept = [list(range(size))[cut : size - cut] for size, cut in zip(axes, margins, strict=True)]
    reach = tuple(reaching(places[0], 1, 1, 1) for places in kept)
    return Count((shape[0], *map(len, kept)), reach=reach, whole=no(axes))


def split(layer: Any, shape: Shape) -> Count:
    axis = list(range(len(shape)))[layer.axis]
    places = list(range(shape[axis]))
    if isinstance(layer.sections, tuple):
        sections = numbers(layer.sections)
        left = [at for at in places if at >= sum(size for size in sections if size > 0)]
        sections = tuple(len(left) if size == -1 else size for size in sections)
        for size in sections[: layer.index]:
            places = places[size:]
        places = places[: sections[layer.index]]
    else:
        pieces = int(layer.sections)
        places = [at for at in places if at * pieces // shape[axis] == layer.index]
    output = tuple(len(places) if i == axis else size for i, size in enumerate(shape))
    taken = reaching(places[0], 1, 1, 1)
    return Count(output, reach=tuple(taken if i == axis else point for i in range(1, len(shape))), whole=no(shape[1:]))


def attention(layer: Any, shape: Shape) -> Count:
    """Each head by itself: its scores, and what they weigh."""
    tokens, width = shape
    heads = int(layer.num_heads)
    projected = [how_many(every(tokens, width, width)) for _ in ("query", "key", "value", "output")]
    scores = how_many(every(heads, tokens, tokens))
    per_score = how_many(range(0, width, heads))
    operations = {"multiply_accumulate": sum(projected) + 2 * scores * per_score, "softmax": scores}
    biases = 0
    if layer.bias:
        biases = 4 * width
        operations["bias"] = how_many(every(4, tokens, width))
    params = 4 * how_many(every(width, width)) + biases
    return Count(shape, params, 0, operations, all_of(shape), yes(shape[1:]))


def patches(layer: Any, shape: Shape) -> Count:
    """One filter after another on each patch; then the tokens, one by one."""
    patch, width = numbers(layer.patch_size), int(layer.embed_dim)
    settings = {"stride": patch, "dilation": (1, 1), "padding": ((0, 0), (0, 0)), "groups": 1, "bias": layer.bias}
    count = conv(SimpleNamespace(out_channels=width, kernel_size=patch, **settings), shape)
    tokens = ["class"] * layer.class_token + list(every(*count.output[1:]))
    if layer.position_embedding:
        count.operations["add"] = how_many((token, at) for token in tokens for at in range(width))
        count.params += count.operations["add"]
    params = count.params + width * layer.class_token
    return Count((len(tokens), width), params, 0, count.operations, all_of(shape), yes(shape[1:]))


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
    params = weights + (out if layer.bias else 0)
    return Count(output, params, 0, operations, reach, whole, by_channel=len(shape) > 1)


def batch_norm(layer: Any, shape: Shape) -> Count:
    each = how_many(range(shape[0]))
    params, buffers = each * (1 + layer.scale) * layer.affine, each * 2 * layer.track_running_stats
    norm = elementwise("normalise", shape, params, buffers)
    return norm if layer.track_running_stats else seeing(norm, shape, range(1, len(shape)))


def group_norm(layer: Any, shape: Shape) -> Count:
    norm = elementwise("normalise", shape, 2 * shape[0] * layer.affine)
    return seeing(norm, shape, range(1, len(shape)))


def layer_norm(layer: Any, shape: Shape) -> Count:
    given = layer.normalized_shape
    last = len(given) if isinstance(given, tuple) else 1
    tensors = (1 + layer.bias) * layer.elementwise_affine
    norm = elementwise("normalise", shape, tensors * how_many(every(*shape[-last:])))
    norm.by_channel = last < len(shape)
    return seeing(norm, shape, [axis for axis in range(1, len(shape)) if axis >= len(shape) - last])


def layer_norm_2d(layer: Any, shape: Shape) -> Count:
    return elementwise("normalise", shape, (1 + layer.bias) * layer.elementwise_affine * shape[0])


def prelu(layer: Any, shape: Shape) -> Count:
    return elementwise("prelu", shape, int(layer.num_parameters))


def softmax(layer: Any, shape: Shape) -> Count:
    kind = {"LogSoftmax": "logsoftmax", "Softmin": "softmin"}.get(type(layer).__name__, "softmax")
    along = range(len(shape))[getattr(layer, "dim", 0)]
    return seeing(elementwise(kind, shape), shape, [along] if along else [])


def glu(layer: Any, shape: Shape) -> Count:
    """Pairs of elements, half an axis apart."""
    along = range(len(shape))[layer.dim]
    halves = [at for at in range(shape[along]) if 2 * at < shape[along]]
    output = tuple(len(halves) if axis == along else size for axis, size in enumerate(shape))
    unit = elementwise("glu", output)
    unit.reach = tuple(reaching(0, 1, 2, len(halves)) if axis == along else point for axis in range(1, len(shape)))
    return unit


def layer_scale(layer: Any, shape: Shape) -> Count:
    return elementwise("multiply", shape, how_many(range(shape[0])))


def local_response(layer: Any, shape: Shape) -> Count:
    count = elementwise("local_response", shape)
    count.operations["local_response"] *= int(layer.size)
    return count


def activation(layer: Any, shape: Shape) -> Count:
    return elementwise(type(layer).__name__.lower(), shape)


def nothing(layer: Any, shape: Shape) -> Count:
    return Count(shape, reach=(point,) * len(shape[1:]), whole=no(shape[1:]))


def channel_pad(layer: Any, shape: Shape) -> Count:
    """The channels that are there are moved on, and some more are put behind."""
    places = [layer.before + channel for channel in range(shape[0])] + [layer.before + shape[0] - 1 + layer.after]
    return Count((how_many(range(max(places) + 1)), *shape[1:]), reach=(point,) * len(shape[1:]), whole=no(shape[1:]))


def flatten(layer: Any, shape: Shape) -> Count:
    return Count((how_many(every(*shape)),), reach=all_of(shape), whole=yes(shape[1:]))


def elementwise(kind: str, shape: Shape, params: int = 0, buffers: int = 0) -> Count:
    operations = {kind: how_many(every(*shape))}
    return Count(shape, params, buffers, operations, (point,) * len(shape[1:]), no(shape[1:]), by_channel=True)


def seeing(count: Count, shape: Shape, axes: Iterable[int]) -> Count:
    """The same, but each output sees all of these axes."""
    seen = set(axes)
    reach = zip(range(1, len(shape)), count.reach, all_of(shape), strict=True)
    count.reach = tuple(everything if axis in seen else one for axis, one, everything in reach)
    count.whole = tuple(axis in seen for axis in range(1, len(shape)))
    return count


def all_of(shape: Shape) -> tuple[Reach, ...]:
    """All places of each axis."""
    return tuple((lambda at, size=size: set(range(size))) for size in shape[1:])


def spanned(places: list[tuple[int, ...]]) -> Shape:
    """The smallest shape that has all these places."""
    return tuple(max(at) + 1 for at in zip(*places, strict=True))


COUNTERS: dict[str, Callable[[Any, Shape], Count]] = {
    "Conv": conv,
    "ConvTranspose": conv_transpose,
    "DepthwiseConv": depthwise,
    "MaxPool": pool,
    "AvgPool": pool,
    "AdaptiveAvgPool": adaptive_pool,
    "AdaptiveMaxPool": adaptive_pool,
    "GlobalAvgPool": global_pool,
    "GlobalMaxPool": global_pool,
    "Upsample": upsample,
    "ZeroPad": pad,
    "ReplicationPad": pad,
    "ReflectionPad": pad,
    "CircularPad": pad,
    "ChannelPad": channel_pad,
    "PixelShuffle": pixel_shuffle,
    "PixelUnshuffle": pixel_unshuffle,
    "ChannelShuffle": nothing,
    "Reshape": reshape,
    "Permute": permute,
    "Split": split,
    "Crop": crop,
    "PatchEmbedding": patches,
    "MultiheadAttention": attention,
    "Linear": linear,
    "BatchNorm": batch_norm,
    "InstanceNorm": batch_norm,
    "GroupNorm": group_norm,
    "LayerNorm": layer_norm,
    "LayerNorm2d": layer_norm_2d,
    "PReLU": prelu,
    "Softmax": softmax,
    "LogSoftmax": softmax,
    "Softmin": softmax,
    "GLU": glu,
    "LayerScale": layer_scale,
    "StochasticDepth": nothing,
    "LocalResponseNorm": local_response,
    "Dropout": nothing,
    "Identity": nothing,
    "Flatten": flatten,
}
"""The counter of each kind of layer, by its name with or without its rank; activations have one for all."""


def measured(layer: Any, shape: Shape) -> Count:
    """Count what a layer, all of whose settings are numbers, does to a shape of numbers.

    Networks are counted in ``reference_networks``, which adds itself to ``COUNTERS``.
    """
    kind = type(layer).__name__
    counter = COUNTERS.get(kind) or COUNTERS.get(re.sub(r"[123]d$", "", kind), activation)
    return counter(layer, tuple(map(int, shape)))


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


def yes(axes: Iterable[Any]) -> tuple[bool, ...]:
    """True for each axis."""
    return tuple(True for _ in axes)


def no(axes: Iterable[Any]) -> tuple[bool, ...]:
    """False for each axis."""
    return tuple(False for _ in axes)
