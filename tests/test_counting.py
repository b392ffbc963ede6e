"""Counting conventions: the figures that the usual tools print, and where they differ."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from sympy import Rational

import symcnn as sc
from symcnn.cli import main
from symcnn.counting import Reconciliation, convention, conventions, count, reconcile
from symcnn.errors import ConditionError, UnknownNameError

with (Path(__file__).parent / "facts" / "counters.csv").open() as file:
    FACTS = list(csv.DictReader(file))

MODELS = {
    "DenseNet-121": "densenet121",
    "MobileNetV2": "mobilenet_v2",
    "ResNet-50": "resnet50",
    "VGG-16": "vgg16",
}


def by_figure(tool, figure):
    (found,) = (one for one in conventions() if (one.tool, one.figure) == (tool, figure))
    return found.name


def published(name):
    net = sc.zoo.get_model(name)
    return net.at(net.defaults)


@pytest.mark.parametrize("row", FACTS, ids=lambda row: f"{row['network']}, {row['tool']}, {row['figure']}")
def test_every_published_figure_comes_out(row):
    net = published(MODELS[row["network"]])
    assert count(net, by_figure(row["tool"], row["figure"])) == int(row["value"])


with (Path(__file__).parent / "facts" / "tools.csv").open() as file:
    FURTHER = list(csv.DictReader(file))


@pytest.mark.parametrize("row", FURTHER, ids=lambda row: row["name"])
def test_what_tools_print_of_further_networks(row):
    net = published(row["name"])
    assert net.input == tuple(map(int, row["input"].split("x")))
    measured = {name: int(row[name]) for name in NAMES if row[name]}
    assert {name: count(net, name) for name in measured} == measured


def test_every_convention_but_torchvisions_own_has_figures_to_be_held_to():
    held = {by_figure(row["tool"], row["figure"]) for row in FACTS}
    assert {one.name for one in conventions()} - held == {"torchvision"}


# What each tool printed for single layers on these inputs, in evaluation mode: torch 2.13.0, fvcore 0.1.5,
# thop 0.1.1, ptflops 0.7.5, torchinfo 1.8.0, calflops 0.3.2.
NAMES = ("calflops-flops", "calflops-macs", "fvcore", "ptflops-aten", "ptflops", "thop", "torch", "torchinfo")
MAP = (12, 10, 8)
MEASURED = [
    (sc.Conv2d(6, 3, padding=1), MAP, (104160, 51840, 51840, 52320, 52320, 51840, 103680, 52320)),
    (sc.Conv2d(6, 3, padding=1, stride=2, groups=3), MAP, (8760, 4320, 4320, 4440, 4440, 4320, 8640, 4440)),
    (sc.Linear(5), (12,), (120, 60, 60, 65, 65, 60, 120, 65)),
    (sc.Linear(5, bias=False), (12,), (120, 60, 60, 60, 60, 60, 120, 60)),
    (sc.Linear(5, in_features=8), (10, 8), (800, 400, 400, 450, 450, 400, 800, 45)),
    (sc.Linear(5, in_features=8), MAP, (9600, 4800, 4800, 5400, 5400, 4800, 9600, 45)),
    (sc.BatchNorm2d(), MAP, (1920, 0, 1920, 0, 1920, 3840, 0, 24)),
    (sc.BatchNorm2d(affine=False), MAP, (960, 0, 960, 0, 960, 1920, 0, 0)),
    (sc.BatchNorm1d(), (12, 7), (168, 0, 168, 0, 168, 336, 0, 24)),
    (sc.ReLU(), MAP, (960, 0, 0, 0, 1920, 0, 0, 0)),
    (sc.ReLU6(), MAP, (0, 0, 0, 0, 960, 0, 0, 0)),
    (sc.LeakyReLU(), MAP, (960, 0, 0, 0, 960, 0, 0, 0)),
    (sc.ELU(), MAP, (960, 0, 0, 0, 1920, 0, 0, 0)),
    (sc.GELU(), MAP, (960, 0, 0, 0, 1920, 0, 0, 0)),
    (sc.SiLU(), MAP, (960, 0, 0, 0, 960, 0, 0, 0)),
    *((getattr(sc, name)(), MAP, (0,) * 8) for name in (
        "SELU", "CELU", "Mish", "Sigmoid", "LogSigmoid", "Tanh", "Hardtanh", "Hardsigmoid", "Hardswish", "Softplus",
        "Softsign",
    )),
    (sc.MaxPool2d(3, 2), MAP, (960, 0, 0, 0, 1920, 0, 0, 0)),
    (sc.MaxPool1d(2), (12, 10), (120, 0, 0, 0, 240, 0, 0, 0)),
    (sc.MaxPool3d(2), (4, 4, 4, 4), (256, 0, 0, 0, 512, 0, 0, 0)),
    (sc.AvgPool2d(3, 2), MAP, (960, 0, 0, 0, 1920, 144, 0, 0)),
    (sc.AvgPool1d(2), (12, 10), (120, 0, 0, 0, 240, 60, 0, 0)),
    (sc.AvgPool3d(2), (4, 4, 4, 4), (256, 0, 0, 0, 512, 32, 0, 0)),
    (sc.AdaptiveAvgPool2d(1), MAP, (960, 0, 960, 0, 1920, 972, 0, 0)),
    (sc.AdaptiveAvgPool2d(3), MAP, (960, 0, 960, 0, 1920, 1068, 0, 0)),
    (sc.AdaptiveAvgPool2d(7), (512, 9, 11), (50688, 0, 50688, 0, 101376, 75776, 0, 0)),
    (sc.AdaptiveAvgPool1d(2), (12, 10), (120, 0, 0, 0, 240, 144, 0, 0)),
    (sc.AdaptiveAvgPool3d(2), (4, 4, 4, 4), (256, 0, 0, 0, 512, 288, 0, 0)),
    (sc.AdaptiveMaxPool2d(1), MAP, (960, 0, 0, 0, 1920, 0, 0, 0)),
    (sc.AdaptiveMaxPool1d(1), (12, 10), (120, 0, 0, 0, 240, 0, 0, 0)),
    *((layer, MAP, (0,) * 8) for layer in (sc.Flatten(), sc.Dropout(), sc.Identity())),
    (sc.Conv1d(6, 3), (12, 10), (3504, 1728, 1728, 1776, 1776, 1728, 3456, 1776)),
    (sc.Conv3d(2, 3, padding=1), (4, 4, 4, 4), (27776, 13824, 13824, 13952, 13952, 13824, 27648, 13952)),
    (sc.ConvTranspose2d(6, 3, stride=2), MAP, (103752, 51840, 51840, 53982, 53982, 231336, 103680, 233478)),
    (sc.ConvTranspose2d(6, 2, stride=2), MAP, (46200, 23040, 23040, 24960, 24960, 92160, 46080, 94080)),
    (sc.ConvTranspose2d(6, 3, dilation=2), MAP, (103824, 51840, 51840, 52848, 52848, 108864, 103680, 109872)),
    (sc.ConvTranspose2d(6, 2, stride=2, groups=3, bias=False), MAP, (0, 0, 7680, 7680, 7680, 30720, 15360, 30720)),
    (
        sc.ConvTranspose2d(6, 3, stride=2, padding=1, output_padding=1, groups=3),
        MAP,
        (40, 0, 17280, 19200, 19200, 69120, 34560, 71040),
    ),
    (sc.ConvTranspose2d(8, 3, groups=2, padding=1), MAP, (34880, 17280, 34560, 35200, 35200, 34560, 69120, 35200)),
    (sc.ConvTranspose2d(18, 3, groups=3, padding=1), MAP, (35040, 17280, 51840, 53280, 53280, 51840, 103680, 53280)),
    (sc.ConvTranspose1d(6, 3, stride=2), (12, 10), (4344, 2160, 2160, 2286, 2286, 4536, 4320, 4662)),
    (sc.ConvTranspose3d(2, 2, stride=2), (4, 4, 4, 4), (8208, 4096, 4096, 5120, 5120, 32768, 8192, 33792)),
    (sc.LayerNorm(), MAP, (4800, 0, 4800, 0, 960, 3840, 0, 16)),
    (sc.LayerNorm(elementwise_affine=False), MAP, (3840, 0, 3840, 0, 960, 1920, 0, 0)),
    (sc.LayerNorm2d(), MAP, (4800, 0, 4800, 0, 0, 0, 0, 24)),
    (sc.GroupNorm(3), MAP, (4800, 0, 4800, 0, 1920, 0, 0, 24)),
    (sc.GroupNorm(3, affine=False), MAP, (3840, 0, 3840, 0, 960, 0, 0, 0)),
    (sc.InstanceNorm2d(), MAP, (3840, 0, 3840, 0, 960, 1920, 0, 0)),
    (sc.InstanceNorm2d(affine=True), MAP, (4800, 0, 4800, 0, 1920, 3840, 0, 24)),
    (sc.LocalResponseNorm(5), MAP, (4160, 0, 0, 0, 4160, 0, 0, 0)),
    (sc.LocalResponseNorm(4), MAP, (4080, 0, 0, 0, 4080, 0, 0, 0)),
    (sc.LocalResponseNorm(5), (12, 10), (520, 0, 0, 0, 520, 0, 0, 0)),
    (sc.PReLU(), MAP, (960, 0, 0, 0, 1920, 960, 0, 1)),
    (sc.PReLU(12), MAP, (960, 0, 0, 0, 1920, 960, 0, 12)),
    (sc.Softmax(0), MAP, (960, 0, 0, 0, 960, 2800, 0, 0)),
    (sc.Softmax(-1), MAP, (960, 0, 0, 0, 960, 2760, 0, 0)),
    (sc.Softmax(0), (12,), (12, 0, 0, 0, 12, 35, 0, 0)),
    (sc.Softmax2d(), MAP, (960, 0, 0, 0, 960, 0, 0, 0)),
    *((layer, MAP, (0,) * 8) for layer in (
        sc.LogSoftmax(0), sc.Softmin(0), sc.GLU(0), sc.RReLU(), sc.Hardshrink(), sc.Softshrink(), sc.Tanhshrink(),
        sc.LayerScale(), sc.PixelShuffle(2), sc.ChannelShuffle(3), sc.ZeroPad2d(1), sc.StochasticDepth(), sc.Split(2),
    )),
    # FlopCounterMode on the meta device: a CPU's fused attention it does not count.
    (sc.MultiheadAttention(3), (10, 12), (11520, 5760, 5760, 6240, 9060, 0, 16320, 0)),
    (sc.MultiheadAttention(3, bias=False), (10, 12), (11520, 5760, 5760, 5760, 8700, 0, 16320, 0)),
    # ``F.adaptive_avg_pool2d(x, 1)`` and ``x.mean([2, 3])``.
    (sc.GlobalAvgPool(keepdim=True), MAP, (960, 0, 960, 0, 960, 0, 0, 0)),
    (sc.GlobalMaxPool(keepdim=True), MAP, (960, 0, 0, 0, 960, 0, 0, 0)),
    (sc.GlobalAvgPool(), MAP, (0,) * 8),
    (sc.GlobalMaxPool(), MAP, (0,) * 8),
    (sc.Upsample(scale_factor=2), MAP, (960, 0, 3840, 0, 7680, 3840, 0, 0)),
    (sc.Upsample((20, 16)), MAP, (320, 0, 3840, 0, 7680, 3840, 0, 0)),
    (sc.Upsample(scale_factor=2, mode="nearest-exact"), MAP, (960, 0, 0, 0, 7680, 0, 0, 0)),
    (sc.Upsample((20, 16), mode="nearest-exact"), MAP, (320, 0, 0, 0, 7680, 0, 0, 0)),
    (sc.Upsample(scale_factor=2, mode="area"), MAP, (1920, 0, 960, 0, 8640, 0, 0, 0)),
    (sc.Upsample((20, 16), mode="area"), MAP, (1280, 0, 960, 0, 8640, 0, 0, 0)),
    (sc.Upsample(scale_factor=2, mode="bilinear"), MAP, (960, 0, 15360, 0, 7680, 42240, 0, 0)),
    (sc.Upsample((20, 16), mode="bilinear"), MAP, (320, 0, 15360, 0, 7680, 42240, 0, 0)),
    (sc.Upsample(16, mode="bilinear"), MAP, (16, 0, 12288, 0, 6144, 33792, 0, 0)),
    (sc.Upsample(scale_factor=Rational(3, 2), mode="bilinear"), MAP, (960, 0, 8640, 0, 4320, 23760, 0, 0)),
    (sc.Upsample(scale_factor=2, mode="bicubic"), MAP, (960, 0, 0, 0, 7680, 994560, 0, 0)),
    (sc.Upsample(scale_factor=2, mode="linear"), (12, 10), (120, 0, 0, 0, 480, 1200, 0, 0)),
    (sc.Upsample(20, mode="linear"), (12, 10), (20, 0, 0, 0, 480, 1200, 0, 0)),
    (sc.Upsample(scale_factor=2), (12, 10), (120, 0, 0, 0, 480, 240, 0, 0)),
    (sc.Upsample(scale_factor=2), (4, 4, 4, 4), (256, 0, 0, 0, 4096, 2048, 0, 0)),
    (sc.Upsample(scale_factor=2, mode="trilinear"), (4, 4, 4, 4), (256, 0, 0, 0, 4096, 0, 0, 0)),
]  # fmt: skip


@pytest.mark.parametrize(("layer", "shape", "figures"), MEASURED, ids=lambda value: repr(value))
def test_single_layers_are_counted_as_the_tools_count_them(layer, shape, figures):
    profile = layer.on(shape)
    assert tuple(count(profile, name) for name in NAMES) == figures


CALLED = [
    (sc.ReLU(), (960, 0, 0, 0, 960, 0, 0, 0)),
    (sc.ReLU6(), (960, 0, 0, 0, 960, 0, 0, 0)),
    (sc.LeakyReLU(), (960, 0, 0, 0, 0, 0, 0, 0)),
    (sc.ELU(), (960, 0, 0, 0, 960, 0, 0, 0)),
    (sc.GELU(), (960, 0, 0, 0, 960, 0, 0, 0)),
    (sc.SiLU(), (960, 0, 0, 0, 960, 0, 0, 0)),
    (sc.PReLU(), (960, 0, 0, 0, 960, 0, 0, 0)),
    (sc.Softmax(0), (960, 0, 0, 0, 960, 0, 0, 0)),
    (sc.Hardswish(), (0,) * 8),
    (sc.Conv2d(6, 3, padding=1), (104160, 51840, 51840, 52320, 0, 0, 103680, 0)),
    (sc.BatchNorm2d(), (1920, 0, 1920, 0, 0, 0, 0, 0)),
    (sc.Upsample((20, 16), mode="bilinear"), (320, 0, 15360, 0, 3840, 0, 0, 0)),
    (sc.Upsample(scale_factor=2, mode="area"), (1920, 0, 960, 0, 4800, 0, 0, 0)),
    (sc.MaxPool2d(2), (960, 0, 0, 0, 960, 0, 0, 0)),
    (sc.AvgPool2d(2), (960, 0, 0, 0, 960, 0, 0, 0)),
    (sc.AdaptiveAvgPool2d(1), (960, 0, 960, 0, 960, 0, 0, 0)),
]


@pytest.mark.parametrize(("layer", "figures"), CALLED, ids=lambda value: repr(value))
def test_functions_are_counted_as_the_tools_count_them(layer, figures):
    net = sc.Sequential(("one", layer), input=MAP)
    assert tuple(count(net, name, ["one"]) for name in NAMES) == figures


def test_the_kinds_without_weights_count_less():
    assert convention("fvcore").weight("layer normalisation", "elements") == 5
    assert convention("fvcore").weight("layer normalisation without weights", "elements") == 4


def test_what_no_tool_sees_is_counted_by_none():
    """``x.mean([2, 3])`` is a tensor's method, which no tool has a rule for."""
    assert {one.weight("adaptive average pooling", "input elements", "method") for one in conventions()} == {0}


# Formulas.

C, H, K, W, n, w = sc.dims("C H K W n w")

SMALL = sc.Sequential(
    sc.Conv2d(w, 3, padding=1),
    sc.BatchNorm2d(),
    sc.ReLU(),
    sc.MaxPool2d(2),
    sc.Residual(sc.Sequential(sc.Conv2d(w, 3, padding=1, bias=False), sc.BatchNorm2d(), sc.ReLU())),
    sc.AdaptiveAvgPool2d(1),
    sc.Flatten(),
    sc.Linear(K),
    input=(3, H, W),
    defaults={w: 16, K: 10, H: 33, W: 20},
)


@pytest.mark.parametrize("name", [one.name for one in conventions()])
@pytest.mark.parametrize("values", [SMALL.defaults, {w: 5, K: 3, H: 7, W: 8}], ids=str)
def test_formulas_hold_at_every_value(name, values):
    formula = count(SMALL, name)
    assert formula.free_symbols == {w, K, H, W}
    assert sc.evaluate(formula, values) == count(SMALL.at(values), name)


def test_a_layer_alone_keeps_the_form_of_the_textbook():
    assert str(count(sc.Conv2d(w, 3, padding=1).on((C, H, W)), "ptflops-aten")) == "H*W*w*(9*C + 1)"
    assert str(count(sc.BatchNorm2d().on((C, H, W)), "thop")) == "4*C*H*W"


@pytest.mark.parametrize("name", [one.name for one in conventions()])
def test_repeated_layers_count_as_often_as_they_stand_there(name):
    block = sc.Sequential(sc.Conv2d(w, 3, padding=1), sc.BatchNorm2d(), sc.ReLU(), sc.AvgPool2d(3, 1, padding=1))
    formula = count(sc.Repeat(block, n).on((w, H, W)), name)
    for depth in (1, 2, 5):
        assert formula.subs(n, depth).expand() == count(sc.Sequential(*[block] * depth).on((w, H, W)), name).expand()


def test_shared_layers_count_every_time_they_are_used():
    """Measured as for single layers: parameters too, which torchinfo counts at every call."""
    shared = sc.Shared(sc.Conv2d(12, 3, padding=1))
    profile = sc.Sequential(shared, shared).on(MAP)
    figures = (416640, 207360, 207360, 209280, 209280, 207360, 414720, 209280)
    assert tuple(count(profile, name) for name in NAMES) == figures


# The table.

RESNET = """\
tool                    counts           a  b  c  d  e  f  g  h  i
───────────────  ─────────────  ───────  ─  ─  ─  ─  ─  ─  ─  ─  ─
torchvision      4,089,184,256  4.089 G  1  1
calflops MACs    4,089,184,256  4.089 G  1  1
ptflops aten     4,089,185,256  4.089 G  1  1  1
torchinfo        4,089,238,376  4.089 G  1  1  1     1
fvcore           4,111,512,576  4.112 G  1  1     2           1
ptflops pytorch  4,132,436,968  4.132 G  1  1  1  2     2  2  2
thop             4,133,742,592  4.134 G  1  1     4           1  1
FlopCounterMode  8,178,368,512  8.178 G  2  2
calflops FLOPs   8,211,108,352  8.211 G  2  2     2     1  1  1

   what is counted                                   amount
─  ─────────────────────────────────────────  ─────────────
a  convolution: multiply-accumulates          4,087,136,256
b  linear layer: multiply-accumulates             2,048,000
c  linear layer: biases, at each output               1,000
d  batch normalisation: elements                 11,113,984
e  batch normalisation: parameters                   53,120
f  ReLU: elements                                 9,608,704
g  max pooling: input elements                      802,816
h  adaptive average pooling: input elements         100,352
i  adaptive average pooling: output elements          2,048
–  addition of branches: operations               5,519,360

input: 3 × 224 × 224
torchvision (0.28): multiply-accumulates alone, though the column is headed
GFLOPS
calflops MACs (0.3.2): multiply-accumulates alone
ptflops aten (0.7.5): multiply-accumulates and biases
torchinfo (1.8.0): parameters: a convolution's at each output position, any
other layer's once
fvcore (0.1.5): one for a multiply-accumulate; of pooling, the adaptive average
in 2-D alone
ptflops pytorch (0.7.5): biases too; hooks count modules, and patches count
functions, whoever calls them; twice, as modules and as functions: ReLU, max
pooling and adaptive average pooling, 10,511,872 too many
thop (0.1.1): modules alone, and no biases; 4 for each normalised element, twice
what others have: 2, doubled for scale and shift
FlopCounterMode (torch 2.13.0): two for each multiply-accumulate, nothing else
calflops FLOPs (0.3.2): two for each multiply-accumulate; biases of
convolutions, not of linear layers
multiply-accumulates with the stride in the 1×1 convolutions, as first
published: 3,857,973,248 = 3.858 G, which arXiv:1512.03385 prints as 3.8"""


def test_why_resnet_50_has_so_many_figures():
    assert str(reconcile(sc.zoo.get_model("resnet50"))) == RESNET


@pytest.mark.parametrize("name", MODELS.values())
def test_weights_times_amounts_are_the_figures(name):
    net = sc.zoo.get_model(name)
    found = reconcile(net)
    assert [row[1] for row in found.figures.rows] == [count(published(name), one.name) for one in conventions()]
    amounts = {letter: amount for letter, _, amount in found.terms.rows}
    letters = [column.key for column in found.figures.columns[3:]]
    for _, figure, _, *weights in found.figures.rows:
        weighted = zip(letters, weights, strict=True)
        assert sum(amounts[letter] * weight for letter, weight in weighted if weight) == figure
    assert found.products.total[2:] == tuple(figure for _, figure, *_ in found.figures.rows)


@pytest.mark.parametrize("name", MODELS.values())
@pytest.mark.parametrize("width", [80, 100, 120])
def test_text_keeps_to_its_width_and_loses_nothing(name, width):
    text = reconcile(sc.zoo.get_model(name)).to_text(width)
    assert max(map(len, text.splitlines())) <= width
    assert "…" not in text


def test_values_are_put_in_and_what_is_left_is_a_formula():
    assert reconcile(SMALL).terms.rows[0] == ("a", "convolution: multiply-accumulates", 653760)
    (_, _, amount), *_ = reconcile(SMALL, {w: 16, H: 33}).terms.rows
    assert amount.free_symbols == {W}
    found = reconcile(SMALL, {})
    assert found.terms.rows[0][2].free_symbols == {H, W, w}
    assert "conditions: H ≥ 2, W ≥ 2" in str(found)
    assert {row[1] for row in found.figures.rows} == {None}


def test_a_layer_in_formulas():
    lines = str(reconcile(sc.Linear(w, input=(C,)))).splitlines()
    assert [line.split() for line in lines[13:17]] == [
        ["─", "────────────────────────────────────", "──────"],
        ["a", "linear", "layer:", "multiply-accumulates", "C·w"],
        ["b", "linear", "layer:", "biases,", "at", "each", "output", "w"],
        [],
    ]


def test_the_formats():
    found = reconcile(SMALL)
    assert isinstance(found, Reconciliation)
    rows = list(csv.reader(found.to_csv().splitlines()))
    assert rows[0][:3] == ["term", "amount", "torchvision"]
    assert rows[-1][0] == "total"
    assert rows[-1][2] == str(count(SMALL.at(SMALL.defaults), "torchvision"))
    data = json.loads(found.to_json())
    assert data["figures"][0]["count"] == int(rows[-1][2])
    assert data["terms"][0] == {"letter": "a", "term": "convolution: multiply-accumulates", "amount": 653760}
    assert data["FlopCounterMode (torch 2.13.0)"] == "two for each multiply-accumulate, nothing else"
    assert found.to_records()[0]["torch"] == 2 * 653760
    assert found.to_html().count("<table>") == 2
    assert found.to_markdown().count("| :-- |") == 2
    assert found.to_latex().count(r"\begin{tabular}") == 2


# What is to be said of a tool's figure.


def note_on(label, found):
    return next(note.value for note in found.terms.notes if note.key == label)


def test_what_a_tool_counts_twice_is_said():
    said = note_on("ptflops pytorch (0.7.5)", reconcile(sc.Sequential(sc.ReLU(), sc.MaxPool2d(2), input=MAP)))
    assert said.endswith("twice, as modules and as functions: ReLU and max pooling, 1,920 too many")
    once = reconcile(sc.Sequential(sc.ReLU(), sc.MaxPool2d(2), input=MAP), functions=["0", "1"])
    assert "twice" not in note_on("ptflops pytorch (0.7.5)", once)


def test_what_a_tool_does_not_see_is_said():
    found = reconcile(sc.Sequential(("pool", sc.AdaptiveAvgPool2d(1)), input=MAP), functions=["pool"])
    said = note_on("thop (0.1.1)", found)
    assert said.endswith("does not see adaptive average pooling as a function, 972 too few")


def test_what_thop_loses_in_floating_point_is_said():
    """On VGG-16 at 193×257 it prints 15,174,445,247; from 6×6 to 5×5 it loses nothing."""
    vgg = sc.zoo.get_model("vgg16")
    values = {symbol.name: value for symbol, value in vgg.defaults.items()} | {"H": 193, "W": 257}
    lost = "prints 1 less, since it cuts the windows of adaptive pooling in floating point"
    assert note_on("thop (0.1.1)", reconcile(vgg, values)).endswith(lost)
    assert count(vgg.at(values), "thop") == 15_174_445_247 + 1
    kept = reconcile(sc.Sequential(sc.AdaptiveAvgPool2d(5), input=(1, 6, 6)))
    assert "floating point" not in note_on("thop (0.1.1)", kept)
    assert "may print 1 less" in note_on("thop (0.1.1)", reconcile(sc.AdaptiveAvgPool2d(5)))


def test_the_functions_in_torchvisions_code_are_known():
    densenet = [str(term) for _, term, _ in reconcile(sc.zoo.get_model("densenet121")).terms.rows]
    assert "ReLU: elements" in densenet
    assert "ReLU as a function: elements" in densenet
    assert "adaptive average pooling as a function: input elements" in densenet
    assert "adaptive average pooling: input elements" not in densenet


class Novel(sc.Layer):
    """A layer that nobody has heard of."""

    def apply(self, x):
        return sc.Profile(x, x, operations={"wonder": x})


def test_a_layer_that_no_tool_has_a_rule_for_is_said():
    found = reconcile(sc.Sequential(sc.ReLU(), Novel(), input=MAP))
    assert found.terms.rows[-1] == ("–", "Novel: operations", 960)
    said = "no rule of any tool is known for Novel; what it does is in no figure: 960"
    assert said in str(found).replace("\n", " ")


def test_a_layer_of_ones_own_is_counted_as_what_it_is_derived_from():
    class Mine(sc.Conv2d):
        pass

    assert count(Mine(6, 3, padding=1).on(MAP), "fvcore") == 51840


def test_a_bottleneck_that_strides_first():
    def block(first, second):
        return sc.Residual(
            sc.Sequential(
                sc.Conv2d(8, 1, stride=first, bias=False),
                sc.Sequential(sc.BatchNorm2d(), sc.ReLU()),
                sc.Conv2d(8, 3, stride=second, padding=1, bias=False),
                sc.Conv2d(32, 1, bias=False),
            ),
            sc.Conv2d(32, 1, stride=2, bias=False),
        )

    key = "multiply-accumulates with the stride in the 1×1 convolutions, as first published"

    def notes(block, shape):
        found = reconcile(sc.Sequential(sc.ReLU(), ("block", block), input=shape), {})
        return [(note.value, note.at) for note in found.terms.notes if note.key == key]

    assert notes(block(1, 2), (16, 15, 10)) == [(block(2, 1).on((16, 15, 10)).macs, "58.880 k")]
    assert notes(block(1, 2), (16, H, W)) == [(block(2, 1).on((16, H, W)).macs, None)]
    assert notes(block(2, 1), (16, 15, 10)) == []
    assert notes(block(1, 2), (8, 15, 10)) == []  # No bottleneck: as wide as its input.


def test_the_note_on_bottlenecks_is_what_the_paper_builds():
    key = "multiply-accumulates with the stride in the 1×1 convolutions, as first published"
    for depth, said in (
        (50, "3.858 G, which arXiv:1512.03385 prints as 3.8"),
        (101, "7.570 G, which"),
        (152, "11.282 G, which"),
    ):
        name = f"resnet{depth}"
        (note,) = (note for note in reconcile(sc.zoo.get_model(name)).terms.notes if note.key == key)
        paper = sc.zoo.get_model(name, stride_in="1x1")
        assert note.value == paper.at(paper.defaults).macs
        assert note.at.startswith(said)
        assert key not in str(reconcile(paper))


# What is refused.


def test_a_layer_that_no_tool_has_a_rule_for_is_in_no_formula():
    with pytest.raises(UnknownNameError) as caught:
        count(sc.Sequential(sc.ReLU(), ("new", Novel()), input=MAP), "thop")
    assert str(caught.value) == "layer new: what thop counts of Novel is not known"


def test_an_unknown_convention():
    known = "torchvision, calflops-macs, ptflops-aten, torchinfo, fvcore, ptflops, thop, torch, calflops-flops"
    with pytest.raises(UnknownNameError) as caught:
        count(SMALL, "ptflop")
    assert str(caught.value) == f"no convention is named 'ptflop'; did you mean 'ptflops'? Known: {known}"


def test_an_unknown_path():
    with pytest.raises(UnknownNameError) as caught:
        reconcile(sc.Sequential(("relu", sc.ReLU()), input=MAP), functions=["relo"])
    assert str(caught.value) == "no layer has the path 'relo'; did you mean 'relu'? Known: relu"


def test_values_that_break_a_condition():
    with pytest.raises(ConditionError):
        reconcile(SMALL, {w: 16, K: 10, H: 1, W: 20})


# The command line.


def run(capsys, line):
    code = main(line.split())
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def test_the_command(capsys):
    code, out, _ = run(capsys, "reconcile vgg16")
    assert code == 0
    assert out == f"{reconcile(sc.zoo.get_model('vgg16'))}\n"


def test_the_command_takes_values_and_functions(capsys):
    line = "reconcile vgg16 --set H=193 W=257 --functions avgpool --format csv"
    *_, total = csv.reader(run(capsys, line)[1].splitlines())
    net = sc.zoo.get_model("vgg16")
    values = {symbol.name: value for symbol, value in net.defaults.items()} | {"H": 193, "W": 257}
    assert total[2:] == [str(count(net.at(values), one.name, ["avgpool"])) for one in conventions()]


def test_the_command_in_formulas(capsys):
    assert "392·w" in run(capsys, "reconcile vgg16 --symbolic")[1]


def test_the_command_says_no(capsys):
    code, _, complaint = run(capsys, "reconcile lenet5 --functions relu")
    assert code == 2
    assert complaint.startswith("symcnn: no layer has the path 'relu'")
