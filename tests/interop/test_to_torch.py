"""``to_torch``: modules store and compute what the formulas say, train, and are refused with a reason."""

from __future__ import annotations

import copy
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from doctest import DocTestParser, DocTestRunner
from typing import Any

import pytest
from cases import CASES, Case
from sympy import Integer, Symbol

import symcnn as sc
from symcnn.errors import MissingValueError, SizeError, SymcnnError
from symcnn.interop.reading.meetings import Product
from symcnn.networks.blocks import Composite
from symcnn.profile import Profile, Row
from symcnn.shape import Shapes

torch = pytest.importorskip("torch", reason="PyTorch is not installed")
from torch.utils.flop_counter import FlopCounterMode  # noqa: E402

pytestmark = pytest.mark.torch

w, H, W, K, C = sc.dims("w H W K C")
i = Symbol("i", integer=True, nonnegative=True)


# What is compared.


def written_out(profile: Profile, role: str) -> dict[str, tuple[int, ...]]:
    """Names and shapes of what a network stores, a name for each time that a layer is repeated."""
    return {
        re.sub(r"\{\w+\}", "0", name): shape
        for row in profile.rows(role)
        for name, shape in each_time(row, row.ranges, {})
    }


def each_time(row: Row, ranges: Any, at: dict[Symbol, Integer]) -> Iterator[tuple[str, tuple[int, ...]]]:
    """The name and shape of a row for each value of its indices."""
    if not ranges:
        name = f"{row.path}.{row.kind}".lstrip(".")
        for index, value in at.items():
            name = name.replace(f"{{{index}}}", str(value))
        yield name, tuple(int(size.xreplace(at)) for size in row.sizes)
        return
    over, *others = ranges
    for value in range(int(over.first), int(over.stop.xreplace(at))):
        yield from each_time(row, others, at | {over.index: Integer(value)})


def shapes(named: Any) -> dict[str, tuple[int, ...]]:
    """What a module stores, but for the batches that are counted."""
    return {name: tuple(one.shape) for name, one in named if not name.endswith("num_batches_tracked")}


def empty(shape: sc.Shape, device: str = "meta") -> Any:
    return torch.randn(3, *map(int, shape), device=device)


def agree(module: Any, net: sc.Layer) -> None:
    """A module on the meta device stores, gives and multiplies what a network of numbers says."""
    profile = net.profile
    stored = {role: written_out(profile, role) for role in ("weight", "buffer")}
    assert shapes(module.named_parameters()) == stored["weight"]
    assert shapes(module.named_buffers()) == stored["buffer"]
    assert stored["weight"].items() | stored["buffer"].items() <= shapes(module.state_dict().items()).items()
    assert sum(weight.numel() for weight in module.parameters()) == profile.params
    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        output = module.eval()(empty(profile.input))
    outputs = output if isinstance(output, dict) else {"": output}
    expected = profile.output.by_name if isinstance(profile.output, Shapes) else {"": profile.output}
    assert {name: tuple(one.shape[1:]) for name, one in outputs.items()} == expected
    assert counter.get_total_flops() == 3 * 2 * profile.macs  # Three inputs.


def on_meta(net: sc.Layer) -> Any:
    with torch.device("meta"):
        return sc.to_torch(net)


def standing(case: Case) -> sc.Layer:
    """A row's layer with its input, in numbers."""
    layer, shape = case.numbers()
    return layer.with_input(sc.Shape(*shape))


# The table, and published networks.


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_every_row(case: Case) -> None:
    net = standing(case)
    agree(on_meta(net), net)


ODD: dict[str, dict[str, int]] = {
    "lenet5": {},
    "alexnet": {"H": 227, "W": 193},
    "vgg16": {"H": 97, "W": 65},
    "resnet18": {"H": 225, "W": 33},
    "resnet50": {"H": 97, "W": 131},
    "densenet121": {"H": 193, "W": 65},
    "mobilenet_v2": {"H": 97, "W": 193},
    "mobilenet_v3_small": {"H": 225, "W": 193},
    "shufflenet_v2_x1_0": {"H": 129, "W": 97},
    "efficientnet_b0": {"H": 225, "W": 97},
    "googlenet": {"H": 225, "W": 193},
    "squeezenet1_0": {"H": 225, "W": 193},
    "convnext_tiny": {"H": 97, "W": 129},
    "vit_b_16": {},
    "unet": {"H": 604, "W": 588},
    "inception_v3": {"H": 299, "W": 315},
    "r3d_18": {"D": 9, "H": 113, "W": 97},
    "deeplabv3_resnet50": {"H": 97, "W": 129},
}
"""Networks, and a size other than the published one; none where a weight depends on it."""


@pytest.mark.parametrize("name", ODD)
def test_published_networks(name: str) -> None:
    net = sc.zoo.get_model(name)
    others = {symbol: value for symbol, value in net.defaults.items() if symbol.name not in ODD[name]}
    module = on_meta(net.at(others))
    for values in (net.defaults, others | ODD[name]) if ODD[name] else (net.defaults,):
        agree(module, net.at(values))


def test_the_example() -> None:
    """That of the docstring, which is left out where PyTorch is not installed."""
    text = str(sc.to_torch.__doc__).replace("# doctest: +SKIP", "")
    runner = DocTestRunner()
    runner.run(DocTestParser().get_doctest(text, {}, "to_torch", None, 0))
    assert runner.summarize(verbose=False) == (0, 5)


# Training.

NOT_TRAINED = {
    "instance norm 2d tracked": "PyTorch wants more than one place in training",
    "auxiliary head on a map that is too small": "in training the head would be run",
}


@pytest.mark.parametrize("case", [case for case in CASES if case.id not in NOT_TRAINED], ids=lambda case: case.id)
def test_every_row_trains_a_step(case: Case) -> None:
    torch.manual_seed(0)
    net = standing(case)
    module = sc.to_torch(net)
    assert module.training
    weights = list(module.parameters())
    before = [weight.clone() for weight in weights]
    x = empty(net.profile.input, "cpu").requires_grad_()
    outputs = [module(x), *(one.output for one in module.modules() if hasattr(one, "output"))]
    sum(output.square().sum() for output in outputs).backward()
    assert x.grad is not None
    assert all(weight.grad is not None for weight in weights)
    if weights:
        torch.optim.SGD(weights, lr=0.1).step()
        assert any(not torch.equal(one, other) for one, other in zip(before, weights, strict=True))
    assert tuple(outputs[0].shape[1:]) == tuple(net.profile.output)


def test_a_network_learns() -> None:
    torch.manual_seed(0)
    stage = sc.Repeat(sc.Residual(sc.Sequential(sc.Conv2d(w, 3, padding=1), sc.BatchNorm2d(), sc.ReLU())), 2)
    net = sc.Sequential(sc.Conv2d(w, 3), stage, sc.GlobalAvgPool(), sc.Linear(K), input=(1, H, W)).at(w=8, K=2)
    module, optimizer = (made := sc.to_torch(net)), torch.optim.Adam(made.parameters(), 0.01)
    x, y = torch.randn(16, 1, 9, 8), torch.arange(16) % 2
    x[y == 1] += 1
    losses = []
    for _ in range(20):
        loss = torch.nn.functional.cross_entropy(module(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < losses[0] / 5


def test_what_an_auxiliary_head_gives_is_there_in_training_alone() -> None:
    head = sc.Auxiliary(sc.Sequential(sc.GlobalAvgPool(), sc.Linear(5)))
    module = sc.to_torch(sc.Sequential(sc.Conv2d(4, 3), head, sc.ReLU(), input=(3, 8, 8)))
    x = torch.randn(2, 3, 8, 8)
    assert torch.equal(module(x), module[0](x).relu())
    assert torch.equal(module[1].output, module[1].head(module[0](x)))
    assert copy.deepcopy(module)[1].output is None
    module.eval()(x)
    assert module[1].output is None


# What is where.


def test_layers_are_those_of_pytorch_where_it_has_them() -> None:
    net = sc.Sequential(
        ("conv", sc.Conv2d(4, 3, padding=1, bias=False)),
        ("same", sc.Conv2d(4, 4, padding="same")),
        ("pool", sc.MaxPool2d(3, 2, 1, ceil_mode=True)),
        ("act", sc.Hardswish()),
        input=(3, 8, 8),
    )
    module = sc.to_torch(net)
    nn = torch.nn
    assert type(module) is nn.Sequential
    assert [type(one) for one in (module.conv, module.pool, module.act)] == [nn.Conv2d, nn.MaxPool2d, nn.Hardswish]
    assert repr(module.conv) == "Conv2d(3, 4, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1), bias=False)"
    assert repr(module.same).startswith("PaddedConv2d(4, 4, kernel_size=(4, 4), stride=(1, 1), pads=[(1, 2), (1, 2)]")


def test_names_that_modules_have_otherwise() -> None:
    net = sc.Sequential(("train", sc.Linear(3)), ("forward", sc.Linear(2)), ("as it is", sc.PReLU()), input=(4,))
    assert list(sc.to_torch(net).state_dict()) == [
        "train_.weight",
        "train_.bias",
        "forward_.weight",
        "forward_.bias",
        "as it is.weight",
    ]


def test_repeated_layers_have_a_name_each_and_shared_ones_are_one() -> None:
    grown = sc.Repeat(sc.Conv1d(2 + i, 1, bias=False), 3, index=i)
    assert shapes(sc.to_torch(grown.with_input(sc.Shape(5, 4))).state_dict().items()) == {
        "0.weight": (2, 5, 1),
        "1.weight": (3, 2, 1),
        "2.weight": (4, 3, 1),
    }
    head = sc.Shared(sc.Conv1d(5, 1))
    module = sc.to_torch(sc.Sequential(head, sc.ReLU(), head, sc.Shared(head.layer, "other"), input=(5, 4)))
    assert module[0] is module[2]
    assert module[0] is not module[3]


def test_graphs_of_several_inputs_and_outputs_take_and_give_dictionaries() -> None:
    graph = sc.Graph(
        {
            "left conv": (sc.Conv2d(4, 1), "left"),
            "both": ("concat", "left conv", "right"),
            "mean": (sc.GlobalAvgPool(), "both"),
            "edge": (sc.Conv2d(1, 3), "right"),
        },
        inputs=("left", "right"),
        input={"left": (3, 8, 9), "right": (1, 8, 9)},
    )
    given = {"left": torch.randn(2, 3, 8, 9), "right": torch.randn(2, 1, 8, 9)}
    module = sc.to_torch(graph)
    assert module.extra_repr() == "both = concat(left conv, right)"
    assert [step.spent for step in module.steps] == [("left",), ("left conv",), ("both",), ("right",)]
    output = module(given)
    assert {name: tuple(one.shape) for name, one in output.items()} == {"mean": (2, 5), "edge": (2, 1, 6, 7)}
    assert torch.equal(output["mean"][:, 4], given["right"].mean((1, 2, 3)))


# In place.


def inplace(module: Any) -> list[bool]:
    return [one.inplace for one in module.modules() if hasattr(one, "inplace")]


def test_in_place_stays_where_nothing_else_needs_the_input() -> None:
    relu = sc.ReLU(inplace=True)
    body = sc.Sequential(relu, sc.Conv2d(3, 3, padding=1), sc.BatchNorm2d(), relu)
    net = sc.Sequential(sc.Conv2d(3, 1), sc.Residual(body), relu, sc.Sigmoid(), relu, input=(3, 5, 6))
    module = sc.to_torch(net)
    assert inplace(module) == [False, True, True, False]
    x = torch.randn(2, 3, 5, 6)
    kept = x.clone()
    module(x).sum().backward()
    assert torch.equal(x, kept)


def test_in_place_behind_networks() -> None:
    """What a join or a layer made may be overwritten; what comes through, or a head has taken, may not."""
    relu, conv = sc.ReLU(inplace=True), sc.Conv1d(4, 1)
    for before, stays in {
        sc.Sequential(conv, sc.Flatten()): True,
        sc.Sequential(sc.Flatten()): False,
        sc.Residual(conv): True,
        sc.Parallel(sc.Identity()): False,
        sc.Sequential(conv, sc.Auxiliary(conv)): False,
        sc.Repeat(sc.Residual(conv), 2): True,
    }.items():
        module = sc.to_torch(sc.Sequential(before, relu, input=(4, 6)))
        assert inplace(module) == [stays], before


def test_branches_do_not_overwrite_what_the_others_take() -> None:
    relu, x = sc.ReLU(inplace=True), torch.randn(2, 4, 6)
    for net in (
        sc.Residual(relu),
        sc.Parallel(relu, sc.Identity()),
        sc.Parallel(sc.Sequential(sc.Identity(), relu), sc.Identity()),
        sc.Graph({"a": (relu, "input"), "b": ("add", "a", "input")}),
        sc.Sequential(sc.Auxiliary(relu), sc.Residual(sc.Shared(relu))),
    ):
        assert torch.equal(sc.to_torch(net.with_input(sc.Shape(4, 6)))(x.clone()), x + x.relu())
    conv = {"c": (sc.Conv1d(4, 1), "input"), "a": (relu, "c"), "b": ("add", "a", "c")}
    alone = {"c": (sc.Conv1d(4, 1), "input"), "a": (relu, "c"), "b": ("add", "a", "input")}
    assert inplace(sc.to_torch(sc.Graph(conv, input=(4, 6)))) == [False]
    assert inplace(sc.to_torch(sc.Graph(alone, input=(4, 6)))) == [True]


def test_what_is_shared_does_not_overwrite_where_one_of_its_uses_may_not() -> None:
    act, x = sc.Shared(sc.SiLU(inplace=True)), torch.randn(2, 4, 6)
    module = sc.to_torch(sc.Sequential(sc.Conv1d(4, 1), act, sc.Residual(act), input=(4, 6)))
    silu = torch.nn.functional.silu
    once = silu(module[0](x))
    assert torch.equal(module(x), once + silu(once))


def test_an_auxiliary_head_does_not_overwrite_what_goes_on() -> None:
    head, x = sc.Auxiliary(sc.ReLU(inplace=True)), torch.randn(2, 4, 6)
    module = sc.to_torch(sc.Sequential(sc.Conv1d(4, 1), head, input=(4, 6)))
    assert torch.equal(module(x), module[0](x))


def test_pieces_of_what_others_take_are_not_overwritten() -> None:
    relu, x = sc.ReLU(inplace=True), torch.randn(2, 4, 6)
    for more in ({}, {"whole": (sc.Identity(), "input")}):
        nodes = {"half": (sc.Split(2, 0), "input"), "cut": (relu, "half"), "flat": (sc.Flatten(), "cut")}
        module = sc.to_torch(sc.Graph(nodes | more, input=(4, 6)))
        kept = x.clone()
        module(x)
        assert torch.equal(x, kept)


# Layers of somebody else.


@dataclass(frozen=True, eq=False, repr=False)
class Doubled(sc.Layer):
    """Twice the input, and a weight for each channel."""

    def apply(self, x: sc.Shape) -> Profile:
        return Profile(x, x, weights={"weight": (x.channels,)})


class Doubling(Doubled):
    """One that says what it is."""

    def to_torch(self, x: sc.Shape) -> Any:
        module = torch.nn.Flatten(1, 1)
        module.register_parameter("anything", torch.nn.Parameter(torch.zeros(int(x.channels))))
        return module


class Miscounting(Doubled):
    """One whose module has another weight."""

    def to_torch(self, x: sc.Shape) -> Any:
        return torch.nn.PReLU(1)


class Misshaping(Doubling):
    """One whose module gives another shape."""

    def to_torch(self, x: sc.Shape) -> Any:
        module = super().to_torch(x)
        module.end_dim = -1
        return module


class Fixed(Doubling):
    """One whose module knows but one size."""

    def to_torch(self, x: sc.Shape) -> Any:
        module = torch.nn.AdaptiveAvgPool1d(int(x[-1]))
        module.register_parameter("anything", torch.nn.Parameter(torch.zeros(int(x.channels))))
        return module


class NoModule(Doubled):
    """One that gives no module."""

    def to_torch(self, x: sc.Shape) -> Any:
        return len(x)


class Failing(Doubling):
    """One whose module fails."""

    def to_torch(self, x: sc.Shape) -> Any:
        module = super().to_torch(x)
        module.start_dim = 7
        return module


class Block(sc.Sequential):
    """A network of somebody else."""


def test_a_layer_of_ones_own_says_what_it_is() -> None:
    module = sc.to_torch(sc.Sequential(sc.Conv2d(4, 1), Doubling(), input=(3, H, 6)))
    assert shapes(module[1].named_parameters()) == {"anything": (4,)}
    assert module(torch.randn(2, 3, 5, 6)).shape == (2, 4, 5, 6)


KNOW = (
    "to_torch does not know this layer; give its class a method to_torch(self, x), "
    "which returns the module for an input of shape x"
)


@pytest.mark.parametrize(
    ("net", "message"),
    [
        (sc.Sequential(sc.ReLU(), Doubled(), input=(4, 5)), f"layer 1, Doubled(): {KNOW}"),
        (sc.Sequential(Block(sc.ReLU()), input=(4, 5)), f"layer 0, Block(ReLU()): {KNOW}"),
        (
            sc.Sequential({"body": sc.Repeat(NoModule(), 2)}, input=(4, 5)),
            "layer body.0, NoModule(): the layer's to_torch must return a torch.nn.Module, got 2",
        ),
        (
            sc.Residual(Miscounting(), input=(4, 5)),
            "layer body, Miscounting(): its weights have the shapes [(1,)] in PyTorch, and [(4,)] by its formulas",
        ),
        (
            sc.Sequential({"a": sc.Sequential(sc.ReLU(), Misshaping())}, input=(4, 5)),
            "layer a.1, Misshaping(): its output is (20,) in PyTorch, and (4, 5) by its formula",
        ),
        (
            Misshaping(input=(4, 5)),
            "Misshaping(input=(4, 5)): its output is (20,) in PyTorch, and (4, 5) by its formula",
        ),
        (
            Fixed(input=(4, H)),
            "Fixed(input=(4, 97)): it has (4, 225) as output in PyTorch, and (4, 97) by its formulas",
        ),
        (
            sc.Graph({"a": (Failing(), "input")}, input=(4, 5)),
            "layer a, Failing(): PyTorch refuses it: "
            "Dimension out of range (expected to be in range of [-3, 2], but got 7)",
        ),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, sc.Layer) else "",
)
def test_what_somebody_elses_layer_does_wrong(net: sc.Layer, message: str) -> None:
    with pytest.raises(SymcnnError) as caught:
        sc.to_torch(net)
    assert str(caught.value) == message


def test_where_branches_meet_otherwise() -> None:
    net = sc.Graph({"q": (sc.Identity(), "input"), "qk": (Product(), "q", "input")}, input=(4, 4))
    with pytest.raises(SymcnnError) as caught:
        sc.to_torch(net)
    assert str(caught.value) == f"layer qk, {net!r}: to_torch does not know where branches meet by Product()"


# What is refused.

PUT_IN = "put numbers in with net.at"


@pytest.mark.parametrize(
    ("net", "message"),
    [
        (
            sc.Sequential(sc.Conv2d(w, 3), sc.Linear(K, in_features=6), input=(3, 8, 8)),
            "K, w have no values; " + PUT_IN + "(K=..., w=...)",
        ),
        (sc.Conv2d(kernel_size=3), "C_in, C_out have no values; " + PUT_IN + "(C_in=..., C_out=...)"),
        (sc.ReLU(), "C has no value; " + PUT_IN + "(C=...)"),
        (sc.Repeat(sc.Conv2d(4, 3, padding=1), K, input=(4, 8, 8)), "K has no value; " + PUT_IN + "(K=...)"),
    ],
    ids=str,
)
def test_sizes_without_numbers(net: sc.Layer, message: str) -> None:
    with pytest.raises(MissingValueError) as caught:
        sc.to_torch(net)
    assert str(caught.value) == f"to_torch takes numbers, and {message}"


def test_weights_that_depend_on_the_size_of_the_input() -> None:
    net = sc.Sequential(sc.Conv2d(4, 3), sc.Flatten(), sc.Linear(10), input=(3, H, 8))
    with pytest.raises(MissingValueError) as caught:
        sc.to_torch(net)
    assert str(caught.value) == f"2.weight has the shape Shape(10, 24*H - 48), which depends on H; {PUT_IN}(H=...)"
    sc.to_torch(net.at(H=7))


def test_sizes_of_the_input_that_nothing_tried_meets() -> None:
    with pytest.raises(MissingValueError) as caught:
        sc.to_torch(sc.Crop(600, input=(3, H, H + 7)))
    assert str(caught.value) == f"no size tried for H meets (H >= 1201,); {PUT_IN}(H=...)"


REFUSED: list[tuple[sc.Layer, tuple[Any, ...], str]] = [
    (sc.LocalResponseNorm(3), (6,), "Expected 3D or higher dimensionality input (got 2 dimensions)"),
    (sc.ChannelShuffle(3), (6,), "channel_shuffle expects input with > 2 dims"),
    (sc.Upsample(9, align_corners=True), (3, 4, 5), "align_corners option can only be set with the interpolating"),
    (sc.Conv2d(4, 3, padding_mode="mirror"), (3, 4, 5), "padding_mode must be one of"),
    (sc.ConvTranspose2d(4, 3, padding_mode="circular"), (3, 4, 5), 'Only "zeros" padding mode is supported'),
    (sc.Conv2d(4, 9, padding=5, padding_mode="reflect"), (3, 4, 5), "Argument #4: Padding size should be less"),
]
"""Settings that symcnn takes as they are, and PyTorch does not; the beginning of what it says of them."""


@pytest.mark.parametrize(("layer", "shape", "text"), REFUSED, ids=str)
def test_what_pytorch_refuses(layer: sc.Layer, shape: tuple[Any, ...], text: str) -> None:
    with pytest.raises(SymcnnError) as caught:
        sc.to_torch(sc.Sequential({"one": layer}, input=shape))
    assert str(caught.value).startswith(f"layer one, {layer!r}: PyTorch refuses it: {text}")


DIFFERING = {
    sc.Conv1d(3, 3, dilation=i + 1, padding=i + 1): "it has 60 parameters in PyTorch, and 30 by its formulas",
    sc.Sequential(sc.BatchNorm1d(affine=False), sc.MaxPool1d(2 * i + 1, 1, i)): (
        "it has 12 numbers in buffers in PyTorch, and 6 by its formulas"
    ),
}


@pytest.mark.parametrize("layer", DIFFERING, ids=str)
def test_what_is_shared_although_the_layers_differ(layer: sc.Layer) -> None:
    with pytest.raises(SymcnnError) as caught:
        sc.to_torch(sc.Repeat(sc.Shared(layer), 2, index=i, input=(3, 9)))
    assert str(caught.value).endswith(f": {DIFFERING[layer]}")


def test_what_is_no_layer() -> None:
    with pytest.raises(SizeError) as caught:
        sc.to_torch("resnet50")  # type: ignore[arg-type]
    assert str(caught.value) == "to_torch takes a layer or a network, got 'resnet50'"


def test_pytorch_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(SymcnnError) as caught:
        sc.to_torch(sc.ReLU(input=(4,)))
    assert str(caught.value) == "to_torch needs PyTorch, which is not installed: pip install 'symcnn[torch]'"


def test_every_kind_of_layer_is_known() -> None:
    """Also one that no row of the table should have."""
    from cases import KINDS

    from symcnn.interop.modules.kinds import LAYERS
    from symcnn.interop.modules.networks import NETWORKS

    known = (*LAYERS, *NETWORKS, Composite)
    assert [name for name, kind in KINDS.items() if not issubclass(kind, known)] == []
