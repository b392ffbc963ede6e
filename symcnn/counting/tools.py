"""The conventions: what the usual tools count, as their sources say and as they were measured.

Every weight was read from the tool's source, in the files that ``source`` names, and measured on single
layers in evaluation mode. What stands in no table of a tool is not counted by it.
"""

from __future__ import annotations

from ..errors import UnknownNameError, nearest
from . import amounts, kinds
from .kinds import (
    ADAPTIVE_AVG,
    ADAPTIVE_AVG_OTHER,
    ADAPTIVE_MAX,
    ATTENTION,
    ATTENTION_PLAIN,
    AVG_POOL,
    BATCH_NORM,
    CONV,
    GROUP_NORM,
    INSTANCE_NORM,
    LAYER_NORM,
    LINEAR,
    LINEAR_OVER,
    LOCAL_NORM,
    MAX_POOL,
    NORMS,
    TRANSPOSED,
    TRANSPOSED_GROUPS,
    WITHOUT_WEIGHTS,
)
from .rules import Convention, Weights

LINEARS = (LINEAR, LINEAR_OVER)
TRANSPOSES = (TRANSPOSED, TRANSPOSED_GROUPS)
PRODUCTS = (CONV, *TRANSPOSES, *LINEARS)
ATTENTIONS = (ATTENTION, ATTENTION_PLAIN)
POOLS = (MAX_POOL, AVG_POOL, ADAPTIVE_MAX, ADAPTIVE_AVG, ADAPTIVE_AVG_OTHER)

MODES = ("nearest", "nearest-exact", "area", "linear", "bilinear", "bicubic", "trilinear")
BY = ("factor", "size")

# How the tables are written.


def of(*names: str, **weights: int) -> Weights:
    """The same weights for several kinds; the amounts by the names that they have in ``amounts``.

    >>> of("ReLU", "ELU", elements=1)
    {'ReLU': {'elements': 1}, 'ELU': {'elements': 1}}
    """
    return {name: {getattr(amounts, amount.upper()): weight for amount, weight in weights.items()} for name in names}


def norms(*names: str, weighted: int, plain: int) -> Weights:
    """Weights of normalisations for each element, with a scale and a shift and without."""
    return {**of(*names, elements=weighted), **of(*(WITHOUT_WEIGHTS[name] for name in names), elements=plain)}


def upsamplings(*modes: str, flat: bool = True, deep: bool = True, by: tuple[str, ...] = BY, **weights: int) -> Weights:
    """Weights of upsampling: in 2-D, not in 2-D; by a factor, to a size."""
    ranks = [rank for rank, wanted in ((2, flat), (1, deep)) if wanted]
    names = (kinds.upsampling(mode, rank, one == "size") for mode in modes for rank in ranks for one in by)
    return of(*dict.fromkeys(names), **weights)


PROJECTED = "of attention the projections alone, and not these where no gradients are recorded"

# Those that count products alone.

TORCHVISION = Convention(
    name="torchvision",
    tool="torchvision 0.28",
    figure="GFLOPS",
    label="torchvision",
    operators={**of(*PRODUCTS, macs=1), **of(*ATTENTIONS, projections=1, products=1)},
    says="multiply-accumulates alone, though the column is headed GFLOPS",
    source="torchvision/models: _ops of each set of weights",
)

FLOP_COUNTER_MODE = Convention(
    name="torch",
    tool="torch 2.13.0",
    figure="FlopCounterMode: flops",
    label="FlopCounterMode",
    operators={**of(*PRODUCTS, macs=2), **of(*ATTENTIONS, projections=2, products=2)},
    says="two for each multiply-accumulate, nothing else",
    source="torch/utils/flop_counter.py",
    remarks=dict.fromkeys(
        ATTENTIONS, "of attention the projections alone on a CPU, and not these where no gradients are recorded"
    ),
)

CALFLOPS_MACS = Convention(
    name="calflops-macs",
    tool="calflops 0.3.2",
    figure="macs",
    label="calflops MACs",
    functions={
        **of(CONV, TRANSPOSED, *LINEARS, macs=1),
        **of(TRANSPOSED_GROUPS, twice_grouped=1),
        **of(*ATTENTIONS, projections=1),
    },
    says="multiply-accumulates alone",
    source="calflops/pytorch_ops.py",
    remarks={
        **dict.fromkeys(ATTENTIONS, PROJECTED),
        TRANSPOSED_GROUPS: "divides the filters of a transposed convolution by its groups twice",
    },
)

# Those that count biases too.

PTFLOPS_ATEN = Convention(
    name="ptflops-aten",
    tool="ptflops 0.7.5",
    figure="backend aten",
    label="ptflops aten",
    operators={**of(*PRODUCTS, macs=1, bias=1), **of(*ATTENTIONS, projections=1, bias=1)},
    says="multiply-accumulates and biases",
    source="ptflops/aten_engine.py, aten_ops.py",
    remarks=dict.fromkeys(ATTENTIONS, PROJECTED),
)

TORCHINFO = Convention(
    name="torchinfo",
    tool="torchinfo 1.8.0",
    figure="summary: total_mult_adds",
    label="torchinfo",
    modules={
        **of(CONV, LINEAR, macs=1, bias=1),
        **of(*TRANSPOSES, spread=1, bias=1),
        **of(LINEAR_OVER, *NORMS, "PReLU", params=1),
    },
    derived=True,
    says="parameters: a convolution's at each output position, any other layer's once",
    source="torchinfo/layer_info.py, calculate_macs",
    remarks={
        **dict.fromkeys(ATTENTIONS, "does not see attention"),
        LINEAR_OVER: "takes a linear layer to work at one place alone",
        **dict.fromkeys(TRANSPOSES, "takes a transposed convolution to work at its output positions"),
    },
)

# Those that count what comes after a product.

FVCORE = Convention(
    name="fvcore",
    tool="fvcore 0.1.5",
    figure="FlopCountAnalysis.total",
    label="fvcore",
    operators={
        **of(*PRODUCTS, macs=1),
        **of(*ATTENTIONS, projections=1),
        **norms(BATCH_NORM, weighted=2, plain=1),
        **norms(LAYER_NORM, GROUP_NORM, INSTANCE_NORM, weighted=5, plain=4),
        **of(ADAPTIVE_AVG, input=1),
        **upsamplings("nearest", deep=False, output=1),
        **upsamplings("bilinear", output=4),
        **upsamplings("area", deep=False, input=1),
    },
    says="one for a multiply-accumulate; of pooling, the adaptive average in 2-D alone",
    source="fvcore/nn/flop_count.py, jit_handles.py",
    remarks=dict.fromkeys(ATTENTIONS, PROJECTED),
)

PTFLOPS = Convention(
    name="ptflops",
    tool="ptflops 0.7.5",
    figure="backend pytorch",
    label="ptflops pytorch",
    modules={
        **of(*PRODUCTS, macs=1, bias=1),
        **of(ATTENTION, projections=1, products=1, bias=1, queries=1, scores=1),
        # It takes the last projection to have a bias always, as many as the output has elements.
        **of(ATTENTION_PLAIN, projections=1, products=1, output=1, queries=1, scores=1),
        **norms(BATCH_NORM, GROUP_NORM, INSTANCE_NORM, weighted=2, plain=1),
        **norms(LAYER_NORM, weighted=1, plain=1),
        **of("ReLU", "ReLU6", "PReLU", "ELU", "LeakyReLU", "GELU", elements=1),
        **of(*POOLS, input=1),
        **upsamplings(*MODES, output=1),
    },
    functions={
        **of("ReLU", "ReLU6", "PReLU", "ELU", "GELU", "SiLU", "Softmax", "Softmax2d", elements=1),
        **of(*POOLS, input=1),
        **upsamplings(*MODES, output=1),
        **upsamplings("area", input=1, output=1),
        **of(LOCAL_NORM, elements=4, neighbours=1),
    },
    says="biases too; hooks count modules, and patches count functions, whoever calls them",
    source="ptflops/pytorch_engine.py, pytorch_ops.py",
    remarks={LAYER_NORM: "takes a layer normalisation for one without scale and shift"},
)

THOP = Convention(
    name="thop",
    tool="thop 0.1.1",
    figure="profile: macs",
    label="thop",
    modules={
        **of(CONV, *LINEARS, macs=1),
        **of(*TRANSPOSES, spread=1),
        **norms(BATCH_NORM, LAYER_NORM, INSTANCE_NORM, weighted=4, plain=2),
        **of("PReLU", elements=1),
        **of("Softmax", elements=3, sums=-1),
        **of(AVG_POOL, output=1),
        **of(ADAPTIVE_AVG, ADAPTIVE_AVG_OTHER, input=1, output=1),
        **upsamplings("nearest", output=1),
        **upsamplings("linear", output=5),
        **upsamplings("bilinear", output=11),
        **upsamplings("bicubic", output=259),
    },
    cuts=True,
    says="modules alone, and no biases",
    source="thop/profile.py, vision/basic_hooks.py, vision/calc_func.py",
    remarks={
        **dict.fromkeys(NORMS, "4 for each normalised element, twice what others have: 2, doubled for scale and shift"),
        **dict.fromkeys(TRANSPOSES, "takes a transposed convolution to work at its output positions"),
    },
)

CALFLOPS_FLOPS = Convention(
    name="calflops-flops",
    tool="calflops 0.3.2",
    figure="flops",
    label="calflops FLOPs",
    functions={
        **of(CONV, macs=2, bias=1),
        **of(TRANSPOSED, macs=2, as_forward=1),
        **of(TRANSPOSED_GROUPS, twice_grouped=2, as_forward=1),
        **of(*LINEARS, macs=2),
        **of(*ATTENTIONS, projections=2),
        **norms(BATCH_NORM, weighted=2, plain=1),
        **norms(LAYER_NORM, GROUP_NORM, INSTANCE_NORM, weighted=5, plain=4),
        **of(LOCAL_NORM, elements=4, neighbours=1),
        **of("ReLU", "ReLU6", "PReLU", "ELU", "LeakyReLU", "GELU", "SiLU", "Softmax", "Softmax2d", elements=1),
        **of(*POOLS, input=1),
        **upsamplings(*MODES, by=("factor",), input=1),
        **upsamplings(*MODES, by=("size",), sizes=1),
        **upsamplings("area", by=("factor",), input=2),
        **upsamplings("area", by=("size",), sizes=1, input=1),
    },
    says="two for each multiply-accumulate; biases of convolutions, not of linear layers",
    source="calflops/pytorch_ops.py",
    remarks={
        **dict.fromkeys(ATTENTIONS, PROJECTED),
        **dict.fromkeys(TRANSPOSES, "counts biases of a transposed convolution as if it were none"),
        TRANSPOSED_GROUPS: "divides the filters of a transposed convolution by its groups twice",
    },
)

CONVENTIONS = (
    TORCHVISION,
    CALFLOPS_MACS,
    PTFLOPS_ATEN,
    TORCHINFO,
    FVCORE,
    PTFLOPS,
    THOP,
    FLOP_COUNTER_MODE,
    CALFLOPS_FLOPS,
)
"""All that are known, in the order of what they count of ResNet-50."""


def conventions() -> list[Convention]:
    """The counting conventions that are known here.

    >>> from symcnn.counting import conventions
    >>> [convention.name for convention in conventions()][:4]
    ['torchvision', 'calflops-macs', 'ptflops-aten', 'torchinfo']
    """
    return list(CONVENTIONS)


def convention(name: str) -> Convention:
    """A convention by its name.

    Raises:
        UnknownNameError: there is no such convention.
    """
    known = {one.name: one for one in CONVENTIONS}
    if name not in known:
        raise UnknownNameError(f"no convention is named {name!r}{nearest(name, known)}")
    return known[name]
