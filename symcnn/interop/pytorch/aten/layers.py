"""Operators that are layers: convolutions, linear layers, normalisation and pooling."""

from __future__ import annotations

from typing import Any

from .... import layers
from ...reading.calls import Call, Rule, operands
from ...reading.rules.layers import channelwise, convolved, named, normalised, on_maps, reduced
from ...reading.values import Constant, Value

# Convolution.


def convolution(call: Call) -> Value:
    """Any convolution; the operator's arguments say which."""
    weight = call["weight"]
    rank = len(weight.full) - 2
    transposed = bool(call["transposed"]) or "transpose" in call.name
    if not isinstance(weight, Constant):
        return _by_input(call, weight, transposed)
    settings: dict[str, Any] = {name: call.sizes(name, rank) for name in ("stride", "dilation")}
    padding = call["padding"]
    settings["padding"] = padding if isinstance(padding, str) else call.sizes("padding", rank)
    if transposed:
        settings["output_padding"] = call.sizes("output_padding", rank)
    return convolved(call, weight, call["bias"], transposed, call["groups"], **settings)


def _by_input(call: Call, weight: Value, transposed: bool) -> Value:
    """A convolution whose kernel depends on the input."""
    values, constants = operands(call.given.values())
    places = call["input"].full if transposed else call.full
    return call.combined(call.name, values, constants, [(*places, *weight.full[1:])])


def linear(call: Call) -> Value:
    """A linear layer on the last axis."""
    weight = call["weight"]
    if not isinstance(weight, Constant) or not isinstance(call["input"], Value):
        values, constants = operands(call.given.values())
        return call.combined("product", values, constants, [(*call.full, weight.full[-1])])
    x, _ = call.along(call.x, [-1])
    out, features = weight.full
    layer = layers.Linear(out, bias=call["bias"] is not None, in_features=features)
    return call.builder.weighted(layer, x, [weight, call["bias"]])


# Normalisation.

STATISTICS = ("weight", "bias", "running_mean", "running_var")


def batch_norm(call: Call) -> Value:
    """A normalisation of each channel with running statistics."""
    return channelwise(call, "BatchNorm", max(call.x.rank - 2, 1), [call[name] for name in STATISTICS])


def instance_norm(call: Call) -> Value:
    """A normalisation of each channel of each input."""
    return channelwise(call, "InstanceNorm", call.x.rank - 2, [call[name] for name in STATISTICS])


def layer_norm(call: Call) -> Value:
    """A normalisation over the last axes."""
    sizes = tuple(map(call.size, call["normalized_shape"]))
    x, _ = call.along(call.x, range(-len(sizes), 0))
    affine = call["weight"] is not None
    layer = layers.LayerNorm(sizes, elementwise_affine=affine, bias=call["bias"] is not None or not affine)
    return call.builder.weighted(layer, x, [call["weight"], call["bias"]])


def group_norm(call: Call) -> Value:
    """A normalisation of groups of channels."""
    affine = call["weight"] is not None
    if affine is (call["bias"] is None):
        return normalised(call, [call["weight"], call["bias"]])
    layer = layers.GroupNorm(call["num_groups"], affine=affine)
    return call.builder.weighted(layer, call.builder.placed(call.x, 0), [call["weight"], call["bias"]])


def rms_norm(call: Call) -> Value:
    """A normalisation without a mean."""
    return normalised(call, [call["weight"]])


# Pooling.


def pool(call: Call) -> Value:
    """Pooling over windows."""
    maximum = "max" in call.name
    rank = int(call.name.partition("_pool")[2][0])
    settings: dict[str, Any] = {"ceil_mode": bool(call["ceil_mode"])}
    if maximum and call["dilation"] is not None:
        settings["dilation"] = call.sizes("dilation", rank)
    kernel = call.sizes("kernel_size", rank)
    stride = call.sizes("stride", rank) if call["stride"] else kernel
    layer = named("MaxPool" if maximum else "AvgPool", rank)
    settings |= {"stride": None if stride == kernel else stride, "padding": call.sizes("padding", rank)}
    return on_maps(call, layer(kernel, **settings), rank, [])


def max_pool(call: Call) -> tuple[Value, Value]:
    """Max pooling that tells the places too."""
    return (pool(call),) * 2


def adaptive(call: Call) -> Value:
    """Pooling to a size."""
    rank = int(call.name.partition("_pool")[2][0])
    layer = named("AdaptiveAvgPool" if "avg" in call.name else "AdaptiveMaxPool", rank)
    return call.layer(layer(call.sizes("output_size", rank)), call.batched(rank))


def adaptive_max(call: Call) -> tuple[Value, Value]:
    """Max pooling to a size, which tells the places too."""
    return (adaptive(call),) * 2


def reduction(call: Call) -> Value:
    """One number for each place along axes."""
    given = call["dim"]
    axes = [given] if isinstance(given, int) else list(given or range(call.x.rank))
    return reduced(call, call.name, axes, bool(call["keepdim"]))


def reduction_with_places(call: Call) -> Value | tuple[Value, Value]:
    """The largest elements along an axis, and where they are; of all, or of two tensors, they alone."""
    if call["other"] is not None:
        return call.operation(call.name)
    return (reduction(call),) * 2 if call["dim"] is not None else reduction(call)


LAYERS: dict[str, Rule] = {
    **dict.fromkeys([f"conv{rank}d" for rank in (1, 2, 3)], convolution),
    **dict.fromkeys([f"conv_transpose{rank}d" for rank in (1, 2, 3)], convolution),
    "convolution": convolution,
    "linear": linear,
    "batch_norm": batch_norm,
    "instance_norm": instance_norm,
    "layer_norm": layer_norm,
    "group_norm": group_norm,
    "rms_norm": rms_norm,
    **dict.fromkeys([f"{kind}_pool{rank}d" for kind in ("max", "avg") for rank in (1, 2, 3)], pool),
    **dict.fromkeys([f"max_pool{rank}d_with_indices" for rank in (1, 2, 3)], max_pool),
    **dict.fromkeys([f"adaptive_avg_pool{rank}d" for rank in (1, 2, 3)], adaptive),
    **dict.fromkeys([f"adaptive_max_pool{rank}d" for rank in (1, 2, 3)], adaptive_max),
    **dict.fromkeys(["mean", "sum", "amax", "amin", "argmax", "var", "std", "prod", "linalg_vector_norm"], reduction),
    **dict.fromkeys(["norm", "logsumexp", "all", "any", "argmin"], reduction),
    **dict.fromkeys(["max", "min"], reduction_with_places),
}
