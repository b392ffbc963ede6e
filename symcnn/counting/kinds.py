"""What a layer is to those who count: its kind.

A tool counts a layer by what it is called, so here, and nowhere else in the package, a layer is told
by its class. A class that is not listed has no kind: what the tools make of it is not known, and
whoever counts says so.
"""

from __future__ import annotations

from typing import Any

from .. import layers
from ..layers import attention, conv, conv_transpose, depthwise, global_pool, norm, pool
from ..networks import Shared
from ..networks.join import Met
from ..networks.patches import Tokens
from ..profile import Profile

CONV = "convolution"
TRANSPOSED = "transposed convolution"
TRANSPOSED_GROUPS = "transposed convolution in groups"
LINEAR = "linear layer"
LINEAR_OVER = "linear layer over axes"
ATTENTION = "attention"
ATTENTION_PLAIN = "attention without biases"
BATCH_NORM = "batch normalisation"
LAYER_NORM = "layer normalisation"
GROUP_NORM = "group normalisation"
INSTANCE_NORM = "instance normalisation"
LOCAL_NORM = "local response normalisation"
LAYER_SCALE = "layer scale"
MAX_POOL = "max pooling"
AVG_POOL = "average pooling"
ADAPTIVE_MAX = "adaptive max pooling"
ADAPTIVE_AVG = "adaptive average pooling"
ADAPTIVE_AVG_OTHER = "adaptive average pooling, not 2-D"

NORMS = (BATCH_NORM, LAYER_NORM, GROUP_NORM, INSTANCE_NORM)
WITHOUT_WEIGHTS = {norm: f"{norm} without weights" for norm in NORMS}
"""A normalisation with no scale and no shift is a kind of its own: most tools count it otherwise."""

ACTIVATIONS = (
    "ReLU", "ReLU6", "LeakyReLU", "PReLU", "RReLU", "ELU", "SELU", "CELU", "GELU", "SiLU", "Mish", "GLU", "Sigmoid",
    "LogSigmoid", "Hardsigmoid", "Hardswish", "Tanh", "Hardtanh", "Tanhshrink", "Softplus", "Softsign",
    "Hardshrink", "Softshrink", "Softmax", "Softmax2d", "Softmin", "LogSoftmax",
)  # fmt: skip
"""The activations, whose kinds are their names."""

JOINS = {how: f"{noun} of branches" for how, noun in {"add": "addition", "multiply": "multiplication"}.items()}
ADD = JOINS["add"]

KINDS: dict[type, str] = {
    conv.Conv: CONV,
    depthwise.DepthwiseConv: CONV,
    conv_transpose.ConvTranspose: TRANSPOSED,
    layers.Linear: LINEAR,
    attention.MultiheadAttention: ATTENTION,
    norm.BatchNorm: BATCH_NORM,
    layers.LayerNorm: LAYER_NORM,
    layers.GroupNorm: GROUP_NORM,
    norm.InstanceNorm: INSTANCE_NORM,
    layers.LocalResponseNorm: LOCAL_NORM,
    layers.LayerScale: LAYER_SCALE,
    **{getattr(layers, name): name for name in ACTIVATIONS},
    pool.MaxPool: MAX_POOL,
    pool.AvgPool: AVG_POOL,
    **dict.fromkeys((layers.AdaptiveMaxPool1d, layers.AdaptiveMaxPool2d, layers.AdaptiveMaxPool3d), ADAPTIVE_MAX),
    **dict.fromkeys((layers.AdaptiveAvgPool1d, layers.AdaptiveAvgPool2d, layers.AdaptiveAvgPool3d), ADAPTIVE_AVG),
    global_pool.GlobalMaxPool: ADAPTIVE_MAX,
    global_pool.GlobalAvgPool: ADAPTIVE_AVG,
    layers.Upsample: "upsampling",
    Tokens: "tokens and their positions",
}
"""From a class to the kind of its layers, and of those of classes derived from it."""


def kind_of(profile: Profile) -> str | None:
    """The kind of a layer that made a profile; None where its class is not known here.

    >>> import symcnn as sc
    >>> kind_of(sc.BatchNorm2d(8).profile), kind_of(sc.BatchNorm2d(8, affine=False).profile)
    ('batch normalisation', 'batch normalisation without weights')
    """
    maker = maker_of(profile)
    if isinstance(maker, Met):
        return JOINS.get(maker.join.how)
    kind = next((KINDS[cls] for cls in type(maker).__mro__ if cls in KINDS), None)
    return None if kind is None else _refined(kind, maker, profile)


def maker_of(profile: Profile) -> Any:
    """The layer that made a profile; of a shared one, the layer that it shares."""
    source = profile.source
    while isinstance(source, Shared):
        source = source.layer
    return source


def _refined(kind: str, maker: Any, profile: Profile) -> str:
    """The kind as far as tools tell it apart."""
    rank = len(profile.input) - 1
    if kind == LINEAR and rank:
        return LINEAR_OVER
    if kind == TRANSPOSED and maker.groups != 1:
        return TRANSPOSED_GROUPS
    if kind == ADAPTIVE_AVG and rank != 2:
        return ADAPTIVE_AVG_OTHER
    if kind == ATTENTION and not maker.bias:
        return ATTENTION_PLAIN
    if kind == "upsampling":
        return upsampling(maker.mode, rank, maker.size is not None)
    return kind if profile.stated("weight") else WITHOUT_WEIGHTS.get(kind, kind)


FOR_ANY_RANK = ("nearest", "nearest-exact", "area")


def upsampling(mode: str, rank: int, to_size: bool) -> str:
    """The kind of an upsampling: by its mode, the axes where these matter, and how its size is given.

    >>> upsampling("nearest", 2, False), upsampling("area", 3, True)
    ('nearest upsampling', 'area upsampling, not 2-D, to a size')
    """
    axes = ", not 2-D" if mode in FOR_ANY_RANK and rank != 2 else ""
    return f"{mode} upsampling{axes}{', to a size' if to_size else ''}"
