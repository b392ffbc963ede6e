"""PyTorch agrees: on every row of the table, and on thousands of configurations drawn at random.

Shapes and counts are asked on the meta device, so nothing is computed. Where one refuses, so does the
other; where PyTorch takes less than symcnn does, ``beyond_pytorch`` says why.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from math import prod
from typing import Any, NamedTuple

import pytest
from cases import ACTIVATIONS, CASES, Case
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sympy import Rational

import symcnn as sc
from symcnn.layer import settings_of
from symcnn.networks import Network
from symcnn.networks.blocks import Composite
from symcnn.settings import LEFT_OUT
from symcnn.sizes import Size

torch = pytest.importorskip("torch", reason="PyTorch is not installed")
from torch.utils.flop_counter import FlopCounterMode  # noqa: E402

pytestmark = [
    pytest.mark.torch,
    # PyTorch's warning is about speed.
    pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel lengths:UserWarning"),
]


class Spec(NamedTuple):
    """A layer by its name and settings, which PyTorch and symcnn both understand."""

    kind: str
    settings: dict[str, Any]


class Found(NamedTuple):
    """What is compared."""

    output: tuple[int, ...]
    params: int
    buffers: int
    flops: int


# PyTorch.


def asked_of_pytorch(specs: list[Spec], shape: tuple[int, ...]) -> Found | str | None:
    """Build the modules one after another, each for what the one before gave.

    None where PyTorch refuses one; the reason where symcnn is meant to go further.
    """
    params = buffers = 0
    # A transposed convolution looks at its output padding only where it computes.
    device = "cpu" if any("Transpose" in spec.kind for spec in specs) else "meta"
    # Two inputs, since a batch norm without running statistics refuses a single value for a channel.
    with torch.device(device), torch.no_grad(), FlopCounterMode(display=False) as counter:
        x = torch.empty(2, *shape)
        for spec in specs:
            beyond = beyond_pytorch(spec, tuple(x.shape[1:]))
            try:
                module = pytorch_module(spec, x.shape).eval()
                x = module(x)
            except (RuntimeError, ValueError, AssertionError):
                return beyond
            if 0 in x.shape:
                return None  # nothing is left, which is no shape here
            assert not beyond, f"PyTorch takes {spec} on {shape} after all: {beyond}"
            params += sum(weight.numel() for weight in module.parameters())
            named = module.named_buffers()
            buffers += sum(one.numel() for name, one in named if not name.endswith("num_batches_tracked"))
    return Found(tuple(x.shape[1:]), params, buffers, counter.get_total_flops() // 2)


TOLD = {
    "Conv": ("in_channels", 1),
    "ConvTranspose": ("in_channels", 1),
    "BatchNorm": ("num_features", 1),
    "InstanceNorm": ("num_features", 1),
    "GroupNorm": ("num_channels", 1),
    "LayerNorm": ("normalized_shape", -1),
    "Linear": ("in_features", -1),
}
"""What PyTorch wants to be told that symcnn sees in the input, and which of the input's sizes that is."""


def pytorch_module(spec: Spec, shape: tuple[int, ...]) -> Any:
    """The module of that name, or what people write where PyTorch has none."""
    if spec.kind in WRITTEN:
        return WRITTEN[spec.kind](spec.settings, shape)
    told = TOLD.get(re.sub(r"[123]d$", "", spec.kind))
    values = ({told[0]: shape[told[1]]} if told else {}) | spec.settings
    if not values.pop("scale", True):
        return without_scale(getattr(torch.nn, spec.kind)(**values))
    if not asymmetric(spec):
        return getattr(torch.nn, spec.kind)(**values)
    if values.get("ceil_mode"):
        raise ValueError("the module has one padding for both ends")
    kind = getattr(torch.nn, spec.kind)(**values | {"padding": 0})
    ends = [size for pair in reversed(values["padding"]) for size in pair]
    pad = getattr(torch.nn, f"ConstantPad{spec.kind[-2:]}")
    if spec.kind.startswith("ConvTranspose"):
        return torch.nn.Sequential(kind, pad([-size for size in ends], 0.0))  # its padding is cut off
    return torch.nn.Sequential(pad(ends, 0.0), kind)


def without_scale(norm: Any) -> Any:
    """A normalisation as Keras has it with ``scale=False``."""
    norm.register_parameter("weight", None)
    return norm


def asymmetric(spec: Spec) -> bool:
    """Whether an axis has a padding before that is not the one after."""
    pads = spec.settings.get("padding")
    return isinstance(pads, tuple) and any(isinstance(pad, tuple) for pad in pads)


SAME_WITH_STRIDE = "PyTorch has no padding='same' with a stride; Keras has"
TWO_ENDS = "PyTorch's pools have one padding for both ends, and the last window of ceil_mode depends on which"
AVGPOOL3D = "PyTorch's AvgPool3d wants a kernel that fits into the input without its padding"


def beyond_pytorch(spec: Spec, shape: tuple[int, ...]) -> str | None:
    """Why PyTorch has no such layer, or refuses it on this shape; None where it takes it."""
    kind, values = spec
    if values.get("padding") == "same" and values.get("stride", 1) not in (1, (1,) * int(kind[-2])):
        return SAME_WITH_STRIDE
    if values.get("ceil_mode") and asymmetric(spec):
        return TWO_ENDS
    if kind == "AvgPool3d" and any(k > size for k, size in zip(values["kernel_size"], shape[1:], strict=True)):
        return AVGPOOL3D
    return None


# What PyTorch has as a function alone, or counts otherwise, or has not.


class Does(torch.nn.Module):  # type: ignore[misc]
    """A function as a module."""

    def __init__(self, function: Any) -> None:
        super().__init__()
        self.forward = function


class Scaled(torch.nn.Module):  # type: ignore[misc]
    """Each channel times a weight of its own."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        super().__init__()
        self.weight = torch.nn.Parameter(torch.empty(shape[1], *(1 for _ in shape[2:])))

    def forward(self, x: Any) -> Any:
        return x * self.weight


class Attends(torch.nn.MultiheadAttention):  # type: ignore[misc]
    """Attention of an input to itself."""

    def forward(self, x: Any) -> Any:
        return super().forward(x, x, x, need_weights=False)[0]


def depthwise(rank: int, values: dict[str, Any], shape: tuple[int, ...]) -> Any:
    """A convolution in as many groups as there are channels."""
    settings = {"in_channels": shape[1], "multiplier": 1} | values
    filters = settings["in_channels"] * settings.pop("multiplier")
    settings |= {"out_channels": filters, "groups": settings["in_channels"]}
    return pytorch_module(Spec(f"Conv{rank}d", settings), shape)


def over_channels(values: dict[str, Any], shape: tuple[int, ...]) -> Any:
    """The channels are put last, and back again."""
    norm = torch.nn.LayerNorm(**{"normalized_shape": shape[1]} | values)
    last, back = Does(lambda x: x.permute(0, 2, 3, 1)), Does(lambda x: x.permute(0, 3, 1, 2))
    return torch.nn.Sequential(last, norm, back)


def with_batch(axis: int) -> int:
    """An axis as PyTorch counts it, the batch being the first."""
    return axis + 1 if axis >= 0 else axis


def piece(values: dict[str, Any], shape: tuple[int, ...]) -> Any:
    """``split`` takes the sizes of the pieces."""
    sections, axis = values["sections"], with_batch(values.get("axis", 0))
    if isinstance(sections, int):
        if shape[axis] % sections:
            raise ValueError("the pieces are not equal")
        sections = (shape[axis] // sections,) * sections
    left = shape[axis] - sum(size for size in sections if size > 0)
    if -1 in sections and left < 1:
        raise ValueError("nothing is left")
    sections = tuple(left if size == -1 else size for size in sections)
    if values["index"] >= len(sections):
        raise ValueError("there is no such piece")
    return Does(lambda x: x.split(sections, axis)[values["index"]])


def upsampled(values: dict[str, Any], shape: tuple[int, ...]) -> Any:
    """PyTorch multiplies by floats."""
    factor = values.get("scale_factor")
    if factor is not None:
        factor = tuple(map(float, factor)) if isinstance(factor, tuple) else float(factor)
    return torch.nn.Upsample(**values | {"scale_factor": factor})


def more_channels(values: dict[str, Any], shape: tuple[int, ...]) -> Any:
    """``pad`` counts axes from the last on."""
    ends = (0, 0) * len(shape[2:])
    return Does(lambda x: torch.nn.functional.pad(x, (*ends, values["before"], values["after"])))


def cropped(values: dict[str, Any], shape: tuple[int, ...]) -> Any:
    """A negative padding of both ends, the last axis first."""
    margin, axes = values["margin"], len(shape) - 2
    margins = margin if isinstance(margin, tuple) else (margin,) * axes
    return Does(lambda x: torch.nn.functional.pad(x, [-cut for one in reversed(margins) for cut in (one, one)]))


class Tokens(torch.nn.Module):  # type: ignore[misc]
    """A map's places in a row, as torchvision's vision transformer writes them."""

    def __init__(self, values: dict[str, Any], shape: tuple[int, ...]) -> None:
        super().__init__()
        _, width, *axes = shape
        first = bool(values["class_token"])
        self.class_token = torch.nn.Parameter(torch.zeros(1, int(first), width))
        tokens = prod(axes) + first if values["position_embedding"] else 0
        self.positions = torch.nn.Parameter(torch.zeros(1, tokens, width))

    def forward(self, x: Any) -> Any:
        x = torch.cat([self.class_token.expand(len(x), -1, -1), x.flatten(2).permute(0, 2, 1)], dim=1)
        return x + self.positions if self.positions.numel() else x


class Drops(torch.nn.Module):  # type: ignore[misc]
    """A branch that is left out at random, for each input or for all of a batch."""

    def __init__(self, p: float, mode: str = "row") -> None:
        super().__init__()
        self.p, self.each = p, mode == "row"

    def forward(self, x: Any) -> Any:
        if not self.training:
            return x
        noise = torch.empty((len(x) if self.each else 1,) + (1,) * (x.dim() - 1)).bernoulli_(1 - self.p)
        return x * noise.div_(1 - self.p)


WRITTEN: dict[str, Any] = {
    "Crop": cropped,
    "Tokens": Tokens,
    "ChannelPad": more_channels,
    "DepthwiseConv1d": lambda values, shape: depthwise(1, values, shape),
    "DepthwiseConv2d": lambda values, shape: depthwise(2, values, shape),
    "DepthwiseConv3d": lambda values, shape: depthwise(3, values, shape),
    "GlobalAvgPool": lambda values, shape: Does(lambda x: x.mean(tuple(range(2, x.dim())), **values)),
    "GlobalMaxPool": lambda values, shape: Does(lambda x: x.amax(tuple(range(2, x.dim())), **values)),
    "GLU": lambda values, shape: torch.nn.GLU(with_batch(values.get("dim", -1))),
    "LayerNorm2d": over_channels,
    "LayerScale": lambda values, shape: Scaled(shape),
    "LogSoftmax": lambda values, shape: torch.nn.LogSoftmax(with_batch(values.get("dim", 0))),
    "MultiheadAttention": lambda values, shape: Attends(**{"embed_dim": shape[-1]} | values | {"batch_first": True}),
    "Permute": lambda values, shape: Does(lambda x: x.permute(0, *map(with_batch, values["dims"]))),
    "Reshape": lambda values, shape: Does(lambda x: x.reshape(len(x), *values["shape"])),
    "Softmax": lambda values, shape: torch.nn.Softmax(with_batch(values.get("dim", 0))),
    "Softmin": lambda values, shape: torch.nn.Softmin(with_batch(values.get("dim", 0))),
    "Split": piece,
    "StochasticDepth": lambda values, shape: Drops(**values),
    "Upsample": upsampled,
}
"""How a layer is written in PyTorch, from its settings and the input's shape with a batch."""


# symcnn.


def asked_of_symcnn(specs: list[Spec], shape: tuple[int, ...]) -> Found | None:
    """The same of symcnn: one layer, or several in a row."""
    try:
        layers = [getattr(sc, spec.kind)(**spec.settings) for spec in specs]
        profile = (layers[0] if len(layers) == 1 else sc.Sequential(*layers)).on(shape)
    except sc.SymcnnError:
        return None
    return Found(tuple(profile.output), profile.params, profile.buffers, profile.flops)


# The table.


def in_a_row(layer: sc.Layer) -> bool:
    """Whether it is a layer, or layers one after another; other networks are in test_torch_networks."""
    if isinstance(layer, sc.Sequential):
        return all(map(in_a_row, layer))
    return not isinstance(layer, Network | Composite)


def specs_of(layer: sc.Layer) -> Iterator[Spec]:
    """A layer's settings as plain numbers; a network's layers one after another."""
    if isinstance(layer, sc.Sequential):
        for inner in layer:
            yield from specs_of(inner)
        return
    stated = {name: getattr(layer, name) for name in settings_of(type(layer))}
    given = {name: plain(value) for name, value in stated.items() if value is not LEFT_OUT}
    if given.get("normalized_shape", ...) is None:
        given.pop("normalized_shape")  # PyTorch has none to leave out
    if not given.get("inplace"):
        given.pop("inplace", None)  # some of PyTorch's activations have no such setting
    yield Spec(type(layer).__name__, given)


def plain(value: Any) -> Any:
    """A setting as PyTorch takes it; equal paddings before and after as one."""
    if isinstance(value, tuple):
        pairs = all(isinstance(pair, tuple) and pair[0] == pair[1] for pair in value)
        return tuple(plain(one[0] if pairs else one) for one in value)
    if isinstance(value, Rational) and not value.is_Integer:
        return Fraction(value.p, value.q)
    return int(value) if isinstance(value, Size) else value


@pytest.mark.parametrize("case", [case for case in CASES if in_a_row(case.layer)], ids=lambda case: case.id)
def test_pytorch_agrees_on_every_row(case: Case) -> None:
    layer, shape = case.numbers()
    theirs = asked_of_pytorch(list(specs_of(layer)), shape)
    if case.id in BEYOND_PYTORCH:
        assert theirs == BEYOND_PYTORCH[case.id]
    else:
        profile = layer.on(shape)
        assert theirs == Found(tuple(profile.output), profile.params, profile.buffers, profile.flops)


BEYOND_PYTORCH = {
    "conv2d same strided": SAME_WITH_STRIDE,
    "conv2d same stride 3": SAME_WITH_STRIDE,
    "symbolic same": SAME_WITH_STRIDE,
    "maxpool2d asymmetric ceil": TWO_ENDS,
}


# Configurations drawn at random, valid ones and invalid ones.

ranks = st.integers(1, 3)
channels = st.integers(1, 8)
LARGEST = {1: 40, 2: 16, 3: 9}


@st.composite
def per_axis(draw: Any, rank: int, least: int, most: int) -> Any:
    """One size for all axes or a tuple."""
    size = st.integers(least, most)
    return draw(st.one_of(size, st.tuples(*[size] * rank)))


@st.composite
def inputs(draw: Any, rank: int) -> tuple[int, ...]:
    return (draw(channels), *draw(st.tuples(*[st.integers(1, LARGEST[rank])] * rank)))


@st.composite
def chosen(draw: Any, **strategies: Any) -> dict[str, Any]:
    """Some of the settings, so that defaults are met too."""
    return {name: draw(one) for name, one in strategies.items() if draw(st.booleans())}


@st.composite
def convolutions(draw: Any, rank: int) -> Spec:
    groups = draw(st.sampled_from([1, 1, 1, 2, 3, 4, 8]))
    optional = chosen(
        stride=per_axis(rank, 1, 7),
        padding=st.one_of(per_axis(rank, 0, 4), st.sampled_from(["same", "valid"])),
        dilation=per_axis(rank, 1, 4),
        bias=st.booleans(),
        in_channels=channels,
    )
    needed = {"out_channels": draw(st.integers(1, 6)) * draw(st.sampled_from([1, groups])), "groups": groups}
    return Spec(f"Conv{rank}d", needed | {"kernel_size": draw(per_axis(rank, 1, 5))} | draw(optional))


@st.composite
def transposed(draw: Any, rank: int) -> Spec:
    groups = draw(st.sampled_from([1, 1, 1, 2, 3, 4, 8]))
    optional = chosen(
        stride=per_axis(rank, 1, 5),
        padding=per_axis(rank, 0, 4),
        output_padding=per_axis(rank, 0, 3),
        dilation=per_axis(rank, 1, 4),
        bias=st.booleans(),
        in_channels=channels,
    )
    needed = {"out_channels": draw(st.integers(1, 6)) * draw(st.sampled_from([1, groups])), "groups": groups}
    return Spec(f"ConvTranspose{rank}d", needed | {"kernel_size": draw(per_axis(rank, 1, 5))} | draw(optional))


@st.composite
def depthwises(draw: Any, rank: int) -> Spec:
    spec = draw(convolutions(rank))
    left = {name: value for name, value in spec.settings.items() if name not in ("out_channels", "groups")}
    return Spec(f"DepthwiseConv{rank}d", left | draw(chosen(multiplier=st.integers(1, 3))))


@st.composite
def upsamplings(draw: Any, rank: int) -> Spec:
    # Binary fractions, since PyTorch multiplies by floats.
    factor = st.builds(Fraction, st.integers(1, 40), st.sampled_from([1, 2, 4, 8, 16]))
    one = draw(st.sampled_from([st.integers(1, 9), factor]))
    values = {"size" if one is not factor else "scale_factor": draw(st.one_of(one, st.tuples(*[one] * rank)))}
    mode = {1: "linear", 2: "bilinear", 3: "trilinear"}
    modes = [*mode.values(), "bicubic", "nearest", "nearest-exact", "area"]
    return Spec("Upsample", values | draw(chosen(mode=st.sampled_from([mode[rank], *modes]))))


@st.composite
def pads(draw: Any, rank: int) -> Spec:
    kind = draw(st.sampled_from(["ZeroPad", "ReplicationPad", "ReflectionPad", "CircularPad"]))
    size = st.integers(0, 6)
    return Spec(f"{kind}{rank}d", {"padding": draw(st.one_of(size, st.tuples(*[size] * (2 * rank))))})


factors = st.integers(1, 4)
pieces = st.one_of(factors, st.lists(st.integers(1, 6), min_size=1, max_size=3).map(tuple))
affine = st.booleans()
"""Whether there is something to learn."""


def axes_of(shape: tuple[int, ...]) -> Any:
    return st.integers(-len(shape), len(shape) - 1)


def shapes_like(shape: tuple[int, ...]) -> Any:
    """Shapes that often have as many elements."""
    size = st.sampled_from([-1, 2, shape[0], shape[-1], prod(shape) // shape[0], prod(shape)])
    return st.lists(size, min_size=1, max_size=3).map(tuple)


def endings(shape: tuple[int, ...]) -> Any:
    """What a shape ends in, and what it perhaps does not."""
    return st.sampled_from([shape[-1], shape[-1:], shape[-2:], shape, 2, (3, *shape[-1:])])


ON_SHAPES: dict[str, Any] = {
    "ChannelShuffle": lambda shape: {"groups": factors},
    "GLU": lambda shape: {"dim": axes_of(shape)},
    "GroupNorm": lambda shape: {"num_groups": factors, "affine": affine},
    "InstanceNorm": lambda shape: {"affine": affine, "track_running_stats": st.booleans()},
    "LayerNorm": lambda shape: {"normalized_shape": endings(shape), "elementwise_affine": affine, "bias": affine},
    "LayerNorm2d": lambda shape: {"normalized_shape": st.sampled_from([shape[0], 2]), "bias": affine},
    "Permute": lambda shape: {"dims": st.permutations(range(len(shape))).map(tuple)},
    "PixelShuffle": lambda shape: {"upscale_factor": factors},
    "PixelUnshuffle": lambda shape: {"downscale_factor": factors},
    "PReLU": lambda shape: {"num_parameters": st.sampled_from([1, 2, shape[0]])},
    "Reshape": lambda shape: {"shape": shapes_like(shape)},
    "Softmax": lambda shape: {"dim": axes_of(shape)},
    "Split": lambda shape: {"sections": pieces, "index": st.integers(0, 3), "axis": axes_of(shape)},
}
"""Settings that fit the shape more often than not, for each kind of layer."""

MAPS_ALONE = ("LayerNorm2d", "PixelShuffle", "PixelUnshuffle")


@st.composite
def pools(draw: Any, rank: int) -> Spec:
    kind = draw(st.sampled_from(["MaxPool", "AvgPool"]))
    extra = {"dilation": per_axis(rank, 1, 3)} if kind == "MaxPool" else {"count_include_pad": st.booleans()}
    stride, padding = per_axis(rank, 1, 7), per_axis(rank, 0, 2)
    optional = draw(chosen(stride=stride, padding=padding, ceil_mode=st.booleans(), **extra))
    kernel = draw(st.tuples(*[st.integers(1, 6)] * rank))
    return Spec(f"{kind}{rank}d", {"kernel_size": kernel} | optional)


@st.composite
def adaptive_pools(draw: Any, rank: int) -> Spec:
    kind = draw(st.sampled_from(["AdaptiveAvgPool", "AdaptiveMaxPool"]))
    size = st.integers(1, 9)
    entry = size if rank == 1 else st.one_of(size, st.none())
    return Spec(f"{kind}{rank}d", {"output_size": draw(st.one_of(size, st.tuples(*[entry] * rank)))})


@st.composite
def norms(draw: Any, rank: int) -> Spec:
    values = draw(chosen(num_features=channels, affine=st.booleans(), track_running_stats=st.booleans()))
    if not values.get("affine", True) and not values.get("track_running_stats", True):
        values.pop("num_features", None)  # PyTorch then has no tensor to check it by, and takes any
    local = st.builds(Spec, st.just("LocalResponseNorm"), st.builds(dict, size=st.integers(1, 5)))
    return draw(st.one_of(st.just(Spec(f"BatchNorm{rank}d", values)), local))


@st.composite
def linears(draw: Any) -> Spec:
    optional = chosen(bias=st.booleans(), in_features=st.integers(1, 4))
    return Spec("Linear", {"out_features": draw(st.integers(1, 20))} | draw(optional))


plain_layers = st.sampled_from(
    [
        *(Spec(kind.__name__, {}) for kind in ACTIVATIONS),
        Spec("ReLU", {"inplace": True}),
        Spec("Dropout", {"p": 0.2}),
        Spec("Identity", {}),
    ]
)


def agreed(specs: list[Spec], shape: tuple[int, ...]) -> None:
    """Assert that both give the same, or both refuse, or PyTorch refuses for a reason that we know."""
    theirs = asked_of_pytorch(specs, shape)
    if not isinstance(theirs, str):
        assert asked_of_symcnn(specs, shape) == theirs


def drawn(examples: int) -> Any:
    """The same examples every time."""
    slow = [HealthCheck.too_slow, HealthCheck.filter_too_much]
    return settings(max_examples=examples, derandomize=True, deadline=None, database=None, suppress_health_check=slow)


@drawn(1200)
@given(st.data(), ranks)
def test_random_convolutions(data: Any, rank: int) -> None:
    agreed([data.draw(convolutions(rank))], data.draw(inputs(rank)))


@drawn(1000)
@given(st.data(), ranks)
def test_random_transposed_convolutions(data: Any, rank: int) -> None:
    shape = (data.draw(channels), *data.draw(st.tuples(*[st.integers(1, 6)] * rank)))
    agreed([data.draw(transposed(rank))], shape)


@drawn(300)
@given(st.data(), ranks)
def test_random_depthwise_convolutions(data: Any, rank: int) -> None:
    agreed([data.draw(depthwises(rank))], data.draw(inputs(rank)))


@drawn(400)
@given(st.data(), ranks)
def test_random_upsamplings(data: Any, rank: int) -> None:
    agreed([data.draw(upsamplings(rank))], data.draw(inputs(rank)))


def test_a_factor_is_exact_where_pytorch_multiplies_by_floats() -> None:
    spec = Spec("Upsample", {"scale_factor": Fraction(7, 5)})
    theirs, ours = asked_of_pytorch([spec], (3, 45, 40)), asked_of_symcnn([spec], (3, 45, 40))
    assert isinstance(theirs, Found)
    assert ours is not None
    assert (theirs.output, ours.output) == ((3, 62, 56), (3, 63, 56))


@drawn(300)
@given(st.data(), ranks)
def test_random_pads(data: Any, rank: int) -> None:
    agreed([data.draw(pads(rank))], data.draw(inputs(rank)))


@pytest.mark.parametrize("kind", ON_SHAPES)
@drawn(80)
@given(st.data(), ranks)
def test_random_settings_for_a_shape(kind: str, data: Any, rank: int) -> None:
    rank = 2 if kind in MAPS_ALONE else rank
    size = st.sampled_from([1, 2, 3, 4, 5, 6, 8, 12])
    shape = data.draw(st.tuples(*[size] * (rank + 1)))
    values = data.draw(st.fixed_dictionaries(ON_SHAPES[kind](shape)))
    agreed([Spec(f"{kind}{rank}d" if kind == "InstanceNorm" else kind, values)], shape)


@drawn(60)
@given(st.data(), ranks, st.booleans())
def test_random_channels_that_norms_are_told(data: Any, rank: int, grouped: bool) -> None:
    """PyTorch looks at them only where there is a weight for each."""
    told = data.draw(channels)
    spec = Spec("GroupNorm", {"num_groups": 1, "num_channels": told})
    if not grouped:
        spec = Spec(f"InstanceNorm{rank}d", {"num_features": told, "affine": True})
    agreed([spec], data.draw(inputs(rank)))


@drawn(100)
@given(st.integers(1, 12), st.integers(1, 12), st.integers(1, 4), st.booleans())
def test_random_attention(tokens: int, width: int, heads: int, bias: bool) -> None:
    agreed([Spec("MultiheadAttention", {"num_heads": heads, "bias": bias})], (tokens, width))


@drawn(800)
@given(st.data(), ranks)
def test_random_pools(data: Any, rank: int) -> None:
    agreed([data.draw(pools(rank))], data.draw(inputs(rank)))


@drawn(150)
@given(st.data(), ranks)
def test_random_adaptive_pools(data: Any, rank: int) -> None:
    agreed([data.draw(adaptive_pools(rank))], data.draw(inputs(rank)))


@drawn(150)
@given(st.data(), ranks)
def test_random_norms(data: Any, rank: int) -> None:
    agreed([data.draw(norms(rank))], data.draw(inputs(rank)))


@drawn(100)
@given(linears(), st.lists(channels, min_size=1, max_size=2).map(tuple))
def test_random_linears(spec: Spec, shape: tuple[int, ...]) -> None:
    agreed([spec], shape)


@drawn(100)
@given(st.data(), ranks, plain_layers)
def test_random_elementwise_layers(data: Any, rank: int, spec: Spec) -> None:
    agreed([spec], data.draw(inputs(rank)))


@drawn(600)
@given(st.data(), st.sampled_from([1, 2, 2, 3]))
def test_random_chains(data: Any, rank: int) -> None:
    """Networks of a few layers, with settings that mostly fit; one that refuses stops both."""
    conv = convolutions(rank).map(lambda spec: Spec(spec.kind, {**spec.settings, "groups": 1}))
    one = st.one_of(conv.map(unchecked), pools(rank), norms(rank).map(unchecked), plain_layers)
    specs = data.draw(st.lists(one, min_size=2, max_size=5))
    if data.draw(st.booleans()):
        specs += [Spec("Flatten", {}), unchecked(data.draw(linears()))]
    agreed(specs, data.draw(inputs(rank)))


def unchecked(spec: Spec) -> Spec:
    """Without the channels that a layer may state, which in the middle of a chain would seldom be right."""
    stated = ("in_channels", "num_features", "in_features")
    return Spec(spec.kind, {name: value for name, value in spec.settings.items() if name not in stated})
