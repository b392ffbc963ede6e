"""Memory in closed form: stored activations, the most at once, and bytes."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from cases import BRANCHES, COMPOSITES, NETWORKS, REPEATED, SYMBOLIC, Case
from sympy import Expr, Max, Rational, Symbol

import symcnn as sc
from symcnn import Conv2d, MaxPool2d, ReLU, Repeat, Residual, Sequential
from symcnn.cli import main
from symcnn.errors import ShapeError, SizeError, UnknownNameError
from symcnn.memory.peak import peak
from symcnn.memory.stored import kept

B, C, H, K, N, W, g, n, w = sc.dims("B C H K N W g n w")
i = Symbol("i", integer=True, nonnegative=True)


def put_in(expr: Expr, values: dict[Any, int]) -> int:
    """A formula's value; what it does not depend on is passed over."""
    names = {symbol.name for symbol in expr.free_symbols}
    return int(sc.evaluate(expr, {str(key): value for key, value in values.items() if str(key) in names}))


# In words: what a user types.


def test_five_lines() -> None:
    net = Sequential(
        Conv2d(w, 3, padding=1), ReLU(), MaxPool2d(2), Conv2d(2 * w, 3, padding=1), input=(3, 2 * H, 2 * W)
    )
    assert str(net.memory().weights) == "72*w**2 + 120*w"
    # The input, the ReLU's output, the pooling's output, and where its maxima are, at 8 bytes.
    assert str(net.memory().activations) == "28*H*N*W*w + 48*H*N*W"
    assert str(net.memory(batch=1).peak_activations) == "4*Max(8*H*W*w, 4*H*W*w + 12*H*W)"
    assert net.at(w=16, H=16, W=16).memory(batch=32, optimizer="adam").training == 4 * 4 * 5088 + 32 * 256 * 496


def test_the_tutorials_network_by_hand() -> None:
    """Conv, BN, ReLU, pool, twice, then a dense layer, on 3×8×8."""
    conv, norm, relu, pool = Conv2d(16, 3, padding=1), sc.BatchNorm2d(), ReLU(), MaxPool2d(2)
    again = [Conv2d(32, 3, padding=1), norm, relu, pool]
    net = Sequential(conv, norm, relu, pool, *again, sc.Flatten(), sc.Linear(64), input=(3, 8, 8))
    memory = net.memory(batch=1, optimizer="adam")
    assert memory.weights == memory.gradients == 4 * 13440
    assert memory.optimizer == 2 * 4 * 13440
    assert memory.buffers == 4 * 2 * (16 + 32)
    floats = 3 * 64 + 16 * 64 * 2 + 16 * 16 + 32 * 16 * 2 + 32 * 4
    assert memory.activations == 4 * floats + 8 * (16 * 16 + 32 * 4) + 4 * 2 * (16 + 32)
    assert memory.peak_activations == 4 * 2 * 16 * 64
    assert memory.training == 13440 * 16 + 384 + memory.activations
    assert memory.inference == 13440 * 4 + 384 + memory.peak_activations


# What is written in place, seen by several, or only looked at.


@pytest.mark.parametrize(
    ("net", "stored", "most"),
    [
        (Sequential(Conv2d(4, 1), ReLU()), 3 + 4, 8),
        (Sequential(Conv2d(4, 1), ReLU(inplace=True)), 3 + 4, 7),
        (Sequential(Conv2d(4, 1), sc.SiLU()), 3 + 4, 8),
        (Sequential(Conv2d(4, 1), sc.SiLU(inplace=True)), 3 + 4, 7),
        (Sequential(Conv2d(4, 1), ReLU(), Conv2d(4, 1)), 3 + 4, 8),
        (Sequential(Conv2d(4, 1), sc.Dropout(), Conv2d(4, 1)), 3 + 4, 8),
        (Sequential(Conv2d(4, 1), sc.Split(2), Conv2d(1, 1)), 3 + 4, 7),
        (Sequential(ReLU(), Conv2d(1, 1)), 3, 6),
        (Residual(Conv2d(3, 1)), 3, 9),
        (sc.Parallel(Conv2d(3, 1), Conv2d(3, 1), Conv2d(3, 1)), 3, 12),
        (sc.Parallel(sc.Identity(), sc.Identity(), join="concat"), 0, 9),
    ],
    ids=repr,
)
def test_small_networks_by_hand(net: sc.Layer, stored: int, most: int) -> None:
    """In units of a map of one channel; on an input of three."""
    profile = net.on((3, H, W))
    assert (kept(profile).activations / (H * W)).expand() == stored
    assert (peak(profile) / (H * W)).expand() == most


# Formulas against numbers.


@pytest.mark.parametrize("case", SYMBOLIC, ids=lambda case: case.id)
def test_formulas_hold_in_numbers(case: Case) -> None:
    general = case.layer.with_input(sc.Shape(*case.shape))
    layer, shape = case.numbers()
    numbers, profile = layer.on(shape), general.profile
    for formula, number in zip(kept(profile), kept(numbers), strict=True):
        assert put_in(formula, case.values) == number
    assert put_in(peak(profile), case.values) == peak(numbers)


BODIES: dict[str, tuple[sc.Layer, tuple[Any, ...]]] = {
    "stays": (Residual(Sequential(Conv2d(w, 3, padding=1), sc.BatchNorm2d(), ReLU(), Conv2d(w, 1))), (w, H, W)),
    "in place": (Sequential(Conv2d(w, 3, padding=1), ReLU(inplace=True)), (w, H, W)),
    "only in place": (ReLU(inplace=True), (w, H, W)),
    "only a view": (sc.Identity(), (w, H, W)),
    "sets its width": (Sequential(Conv2d(w, 3, padding=1), ReLU()), (3, H, W)),
    "grows": (sc.Parallel(sc.Identity(), Conv2d(g, 3, padding=1), join="concat"), (C, H, W)),
    "widens": (Sequential(Conv2d(w * (i + 1), 3, padding=1), ReLU()), (3, H, W)),
    "halves": (Sequential(Conv2d(w, 3, padding=1), ReLU(), MaxPool2d(2)), (3, 64 * H, 64 * W)),
    "grows its map": (sc.ConvTranspose2d(w, 2, stride=3), (C, H, W)),
    "shrinks": (Conv2d(w, (3, 2)), (C, 16 * H, 16 * W)),
    "doubles and halves": (Sequential(Conv2d(w * 2**i, 3, padding=1), MaxPool2d(2)), (3, 64 * H, 64 * W)),
    "within a repeat": (Repeat(Residual(Conv2d(w, 3, padding=1)), 2), (w, H, W)),
    "dropout": (Sequential(Conv2d(w, 1), sc.Dropout()), (w, H, W)),
}
RESIZED = ("halves", "doubles and halves", "grows its map", "shrinks")
VALUES = {w: 5, H: 3, W: 2, C: 4, g: 3}
AROUND = {
    "alone": lambda body: body,
    "between convolutions": lambda body: Sequential(Conv2d(w, 1), body, Conv2d(2, 1)),
    "beside a residual": lambda body: Sequential(Conv2d(2, 1), sc.Parallel(body, Conv2d(1, 1), join="concat")),
}


@pytest.mark.parametrize("around", AROUND)
@pytest.mark.parametrize("name", BODIES)
def test_a_symbolic_depth_is_that_many_layers(name: str, around: str) -> None:
    body, shape = BODIES[name]
    if around == "beside a residual" and name in RESIZED:
        pytest.skip("the map is another behind it")
    index = i if i in body.size_symbols() else None
    profile = AROUND[around](Repeat(body, n, index=index)).on(shape)
    stored, most = kept(profile), peak(profile)
    for depth in range(1, 7):
        layers = [body.substituted({i: sc.FloorDiv(time, 1)}) if index else body for time in range(depth)]
        unrolled = AROUND[around](Sequential(*layers)).on(shape)
        for formula, count in zip(stored, kept(unrolled), strict=True):
            assert put_in(formula, VALUES | {n: depth}) == put_in(count, VALUES)
        assert put_in(most, VALUES | {n: depth}) == put_in(peak(unrolled), VALUES)


def test_the_input_is_there_where_nothing_is_done() -> None:
    row = Repeat(Conv2d(w, 3, padding=1), n - 1)
    most = peak(Sequential(row, row).on((w, H, W)))
    assert [most.subs(n, depth) for depth in (1, 2)] == [H * W * w, 2 * H * W * w]


@pytest.mark.parametrize("size", range(4, 12))
@pytest.mark.parametrize("layer", [Conv2d(2, 3, stride=2, padding="same"), Conv2d(2, (3, 5), padding="same")], ids=repr)
def test_same_padding_keeps_as_much_at_every_size(layer: Conv2d, size: int) -> None:
    """TensorFlow's, with a stride, pads by itself, whether or not both ends of an axis are padded alike."""
    net = Sequential(Conv2d(3, 1), layer)
    assert kept(net.on((3, size, 7))).activations == kept(net.on((3, H, 7))).activations.subs(H, size)


@pytest.mark.parametrize("case", [*NETWORKS, *BRANCHES, *REPEATED, *COMPOSITES], ids=lambda case: case.id)
def test_what_is_at_once_is_less_than_all_and_more_than_any(case: Case) -> None:
    layer, shape = case.numbers()
    profile = layer.on(shape)
    most = peak(profile)
    assert most <= profile.input.elements + profile.tensor_elements
    for leaf in profile.leaves():
        assert leaf.idle or leaf.ranges or most >= max(leaf.profile.input.elements, leaf.profile.output.elements)


def test_a_million_layers_are_as_quick_as_ten() -> None:
    block = Residual(Sequential(Conv2d(w, 3, padding=1), ReLU(), Conv2d(w, 3, padding=1)))
    memory = Repeat(block, 10**6).on((w, H, W)).source.with_input(sc.Shape(w, H, W)).memory(batch=1)
    assert memory.activations == 4 * (2 * 10**6 * H * W * w)
    assert memory.peak_activations == 12 * H * W * w


with (Path(__file__).parent / "facts" / "autograd.csv").open() as file:
    AUTOGRAD = list(csv.DictReader(file))


@pytest.mark.parametrize("row", AUTOGRAD, ids=lambda row: row["name"])
def test_published_networks_keep_what_autograd_keeps(row: dict[str, str]) -> None:
    """As it was measured in training; the masks of a CPU's dropout are floating-point numbers."""
    net, sizes = sc.zoo.get_model(row["name"]), map(int, row["input"].split("x"))
    values = dict(net.defaults) | dict(zip(net.input, sizes, strict=True))
    left, batch = (
        kept(net.at({symbol: v for symbol, v in values.items() if symbol.is_Symbol}).profile),
        int(row["batch"]),
    )
    floats = batch * (left.activations + left.statistics + left.masks) + left.batch_statistics
    assert (floats, batch * left.indices) == (int(row["floats"]), int(row["indices"]))


# Bytes.

NET = Sequential(Conv2d(8, 3), sc.BatchNorm2d(), ReLU(), sc.Flatten(), sc.Linear(2), input=(3, 8, 8))
PARAMS, BUFFERS = 224 + 16 + 578, 16


@pytest.mark.parametrize(
    ("optimizer", "slots"), [("sgd", 0), ("momentum", 1), ("adam", 2), ("adamw", 2), (3, 3), (0, 0)]
)
def test_optimisers_keep_slots(optimizer: Any, slots: int) -> None:
    assert NET.memory(optimizer=optimizer).optimizer == 4 * slots * PARAMS
    assert NET.memory(optimizer=optimizer, optimizer_bytes=2).optimizer == 2 * slots * PARAMS


def test_bytes_of_elements() -> None:
    half = NET.memory(batch=1, weight_bytes=2, activation_bytes=2)
    assert (half.weights, half.buffers, half.gradients) == (2 * PARAMS, 2 * BUFFERS, 2 * PARAMS)
    full = NET.memory(batch=1)
    # A batch normalisation's mean and deviation stay in single precision.
    assert full.activations - half.activations == 2 * (192 + 2 * 288)
    assert full.peak_activations == 2 * half.peak_activations
    quantised = NET.memory(batch=1, weight_bytes=Rational(1, 2), activation_bytes=1, gradient_bytes=2)
    assert (quantised.weights, quantised.gradients) == (Rational(PARAMS, 2), 2 * PARAMS)
    b = sc.dims("b")
    assert NET.memory(weight_bytes=b).weights == PARAMS * b


def test_a_batch_is_a_symbol_or_a_number() -> None:
    assert NET.memory().activations == 4 * N * (192 + 2 * 288) + 64
    assert NET.memory(batch=B).activations == 4 * B * (192 + 2 * 288) + 64
    assert NET.memory(batch=7).activations == 4 * 7 * (192 + 2 * 288) + 64


@pytest.mark.parametrize(
    ("wrong", "error", "message"),
    [
        (
            lambda: Conv2d(8, 3, input=(3, N, W)).memory(),
            SizeError,
            "batch N is also a size of the network; give it as batch=, such as batch=dims('B')",
        ),
        (
            lambda: NET.memory(batch=0),
            SizeError,
            "batch must be a positive integer or an expression in symbols from dims(), got 0",
        ),
        (
            lambda: NET.memory(weight_bytes=0.5),
            SizeError,
            "weight_bytes must be a positive rational number or an expression in symbols from ratio() and dims(), "
            "got 0.5; Fraction('0.5') is exact",
        ),
        (
            lambda: NET.memory(optimizer="adan"),
            UnknownNameError,
            "no optimizer is named 'adan'; did you mean 'adam'? Known: sgd, momentum, adam, adamw",
        ),
        (
            lambda: NET.memory(optimizer=-1),
            SizeError,
            "optimizer must be a name or how many numbers it keeps for each weight, got -1",
        ),
        (
            lambda: NET.memory(optimizer=True),
            SizeError,
            "optimizer must be a name or how many numbers it keeps for each weight, got True",
        ),
    ],
)  # fmt: skip
def test_the_whole_message(wrong: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error) as caught:
        wrong()
    assert str(caught.value) == message


def test_what_may_be_most_in_the_middle_is_looked_for_in_numbers_alone() -> None:
    narrowing = Conv2d(w * (i + 1), i + 1)
    with pytest.raises(ShapeError) as caught:
        peak(Repeat(narrowing, n, index=i).on((w, H, W)))
    assert str(caught.value).startswith(
        "layer {i}: what inference needs there may be most anywhere from i = 1 to n - 1"
    )
    profile = Repeat(narrowing, 5, index=i).on((1, 16, 15))
    layers = [narrowing.substituted({i: sc.FloorDiv(time, 1)}) for time in range(5)]
    assert put_in(peak(profile), {w: 2}) == put_in(peak(Sequential(*layers).on((1, 16, 15))), {w: 2})


# As a document.


def test_the_table_in_numbers_and_in_formulas() -> None:
    assert str(NET.memory(batch=2, optimizer="momentum")) == (
        "bytes                training  inference\n"
        "───────────────────  ────────  ─────────\n"
        "weights                 3,272      3,272\n"
        "buffers                    64         64\n"
        "gradients               3,272\n"
        "optimiser slots         3,272\n"
        "stored activations      6,208\n"
        "activations at once                4,608\n"
        "───────────────────  ────────  ─────────\n"
        "total                  16,088      7,944\n"
        "\n"
        "training: 15.71 KiB, when the forward pass has ended; gradients of activations\n"
        "and what kernels need are not in it\n"
        "inference: 7.76 KiB, one layer after another, in place where a layer says so; a\n"
        "tensor is there until nothing needs it\n"
        "input: 3 × 8 × 8\n"
        "inputs in a batch: 2"
    )
    assert "stored activations   3072·N + 64" in str(NET.memory())


def test_the_formats() -> None:
    memory = NET.memory(batch=2)
    assert [row["part"] for row in memory.to_records()][:2] == ["weights", "buffers"]
    rows = list(csv.reader(memory.to_csv().splitlines()))
    assert rows[:2] == [["part", "training", "inference"], ["weights", "3272", "3272"]]
    assert json.loads(memory.to_json())["total"] == {"part": "total", "training": 12816, "inference": 7944}
    for written in (memory.to_html(), memory.to_markdown(), memory.to_latex()):
        assert "stored activations" in written


def test_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        main(["memory", "lenet5", "--batch", "8", "--optimizer", "adam", "--weight-bytes", "1/2", "--format", "csv"])
        == 0
    )
    net = sc.zoo.get_model("lenet5")
    memory = net.at(net.defaults).memory(batch=8, optimizer="adam", weight_bytes=Rational(1, 2))
    assert capsys.readouterr().out == memory.to_csv()
    assert main(["memory", "vgg16", "--symbolic"]) == 0
    assert "max(" in capsys.readouterr().out
    assert main(["memory", "lenet5", "--set", "N=8", "--format", "csv"]) == 0
    assert capsys.readouterr().out == net.at(net.defaults).memory(batch=8).to_csv()
    assert main(["memory", "vgg16", "--optimizer", "adan"]) == 2
    assert capsys.readouterr().err.startswith("symcnn: no optimizer is named 'adan'")


def test_a_maximum_is_one_that_sympy_can_work_with() -> None:
    most = sc.zoo.get_model("vgg11").memory(batch=1).peak_activations
    assert most.has(Max)
    assert most.subs({w: 64, K: 1000, H: 224, W: 224}) == 4 * 6422528
