"""Layers side by side: how branches meet, and residual blocks."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

import symcnn as sc
from symcnn import Parallel, Residual, Shape, dims
from symcnn.errors import SymcnnError

C, H, W, g, k, w = dims("C H W g k w")
MAP = (3, H, W)


def test_branches_are_concatenated() -> None:
    net = Parallel(sc.Conv2d(w, 1), sc.Conv2d(2 * w, 3, padding=1), sc.MaxPool2d(3, 1, 1), join="concat")
    profile = net.on((C, H, W))
    assert profile.output == Shape(C + 3 * w, H, W)
    assert profile.operations.keys() == {"multiply_accumulate", "bias", "compare"}


def test_additions_and_multiplications_are_counted() -> None:
    three = Parallel(sc.Identity(), sc.Identity(), sc.Identity())
    assert three.on((C, H, W)).operations == {"add": 2 * C * H * W}
    gate = Parallel(sc.Identity(), sc.Sequential(sc.AdaptiveAvgPool2d(1), sc.Sigmoid()), join="multiply")
    assert gate.on((C, H, W)).operations == {"average": C * H * W, "sigmoid": C, "multiply": C * H * W}


def test_a_gate_of_one_number_a_channel_scales_a_map_in_either_order() -> None:
    gate = sc.Sequential(sc.AdaptiveAvgPool2d(1), sc.Conv2d(8, 1))
    for branches in ((sc.Identity(), gate), (gate, sc.Identity())):
        assert Parallel(*branches, join="multiply").on((8, H, W)).output == Shape(8, H, W)


def test_concatenated_along_another_axis() -> None:
    net = Parallel(sc.Identity(), sc.MaxPool2d((2, 1)), join="concat", axis=1)
    assert net.on((C, 6, W)).output == Shape(C, 9, W)
    assert Parallel(sc.Identity(), sc.Identity(), join="concat", axis=-1).on((C, H, W)).output == Shape(C, H, 2 * W)


def test_what_symbols_leave_open_is_a_condition() -> None:
    profile = Parallel(sc.Identity(), sc.Conv2d(w, 3, padding=1)).on((C, H, W))
    assert str(profile.conditions) in ("(C == w,)", "(w == C,)")
    net = Parallel(sc.Identity(), sc.Conv2d(w, 3, padding=1), input=(C, H, W))
    assert net.at(C=8, w=8).params == 584
    with pytest.raises(SymcnnError, match="C = 8, w = 9 break the condition"):
        net.at(C=8, w=9)


def test_sizes_that_are_equal_in_another_form_meet() -> None:
    body = sc.Sequential(sc.Conv2d(w, 3, stride=2, padding=1), sc.Conv2d(w, 3, padding=1))
    for shortcut in (sc.Conv2d(w, 1, stride=2), sc.Sequential(sc.AvgPool2d(2, ceil_mode=True), sc.Conv2d(w, 1))):
        assert Residual(body, shortcut).on(MAP).conditions == ()


def test_a_kernel_that_keeps_the_size_only_if_it_fits_is_a_condition() -> None:
    profile = Residual(sc.Conv2d(w, k, padding=1)).on((w, H, H))
    assert str(profile.conditions) == "(H + 2 >= k, k == 3)"


def test_the_largest_path_is_the_receptive_field() -> None:
    inception = Parallel(
        sc.Conv2d(4, 1), sc.Conv2d(4, 5, padding=2), sc.Conv2d(4, 3, dilation=4, padding=4), join="concat"
    )
    profile = sc.Sequential(sc.Conv2d(3, 3, stride=2, padding=1), inception).on((3, 64, 64))
    assert profile.receptive_field == (3 + 2 * 8, 3 + 2 * 8)


def test_branches_that_differ_in_stride_have_no_one_receptive_field() -> None:
    net = Parallel(sc.MaxPool2d(4), sc.Sequential(sc.Conv2d(3, 1), sc.AdaptiveAvgPool2d(2)))
    with pytest.raises(SymcnnError, match="branches differ in stride, so no one receptive field"):
        net.on((3, 10, 10)).receptive_field  # noqa: B018


def test_a_residual_block_and_its_projection() -> None:
    body = sc.Sequential(sc.Conv2d(w, 3, padding=1, bias=False), sc.BatchNorm2d(), sc.ReLU())
    assert Residual(body).on((w, H, W)).params == 9 * w**2 + 2 * w
    assert Residual(body, sc.Conv2d(w, 1)).on(MAP).params.expand() == 27 * w + 2 * w + 4 * w
    assert Residual(body).on((w, H, W)).operations["add"] == w * H * W


def test_layers_inside_are_called_by_name() -> None:
    net = Residual(sc.Sequential(sc.Conv2d(4, 1), sc.ReLU()), sc.Conv2d(4, 1))
    assert net["body.1"] == sc.ReLU()
    assert net["shortcut"] == sc.Conv2d(4, 1)
    assert list(net.on((3, 5, 5)).weights) == ["body.0.weight", "body.0.bias", "shortcut.weight", "shortcut.bias"]


def test_a_branch_is_changed_wherever_it_stands() -> None:
    def wide(layer: sc.Layer) -> sc.Layer:
        return dataclasses.replace(layer, kernel_size=k) if isinstance(layer, sc.Conv2d) else layer

    net = Parallel({"a": sc.Conv2d(4, 3), "b": Residual(sc.Conv2d(3, 1))}, join="concat").map(wide)
    assert net == Parallel({"a": sc.Conv2d(4, k), "b": Residual(sc.Conv2d(3, k))}, join="concat")


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (
            lambda: Parallel(sc.Conv2d(16, 1), sc.Conv2d(32, 1)).on(MAP),
            "layer add, Parallel(Conv2d(16, 1), Conv2d(32, 1)): "
            "0 with Shape(16, H, W) and 1 with Shape(32, H, W) cannot be added",
        ),
        (
            lambda: Parallel(("left", sc.Conv2d(16, 3)), ("right", sc.Conv2d(32, 1)), join="concat").on(MAP),
            "layer concat, Parallel(('left', Conv2d(16, 3)), ('right', Conv2d(32, 1)), join='concat'): "
            "left with Shape(16, H - 2, W - 2) and right with Shape(32, H, W) cannot be concatenated",
        ),
        (
            lambda: Parallel(sc.Identity(), sc.Flatten()).on(MAP),
            "layer add, Parallel(Identity(), Flatten()): 0 with Shape(3, H, W) and 1 with Shape(3*H*W) cannot be added",
        ),
        (
            lambda: Parallel(sc.Identity(), sc.Identity(), join="concat", axis=3).on(MAP),
            "layer concat, Parallel(Identity(), Identity(), join='concat', axis=3): "
            "0 with Shape(3, H, W) and 1 with Shape(3, H, W) cannot be concatenated along axis 3",
        ),
        (
            lambda: Parallel(sc.AdaptiveAvgPool2d((1, None)), sc.AdaptiveAvgPool2d((None, 1)), join="multiply").on(
                (3, 5, 6)
            ),
            "layer multiply, Parallel(AdaptiveAvgPool2d((1, None)), AdaptiveAvgPool2d((None, 1)), join='multiply'): "
            "0 with Shape(3, 1, 6) and 1 with Shape(3, 5, 1) cannot be multiplied",
        ),
        (
            lambda: Residual(sc.Conv2d(64, 3, stride=2, padding=1)).on((64, H, W)),
            "layer add, Residual(Conv2d(64, 3, stride=2, padding=1)): "
            "body with Shape(64, ⌈H/2⌉, ⌈W/2⌉) and the input with Shape(64, H, W) cannot be added",
        ),
        (
            lambda: sc.Sequential(sc.ReLU(), Residual(sc.Conv2d(8, 9))).on((8, 5, 5)),
            "layer 1.body, Conv2d(8, 9): kernel_size 9 is larger than the padded input 5",
        ),
        (lambda: Parallel(), "Parallel: Parallel takes at least one branch, got none"),
        (
            lambda: Parallel(sc.ReLU(), join="sum"),
            "Parallel: join must be 'add', 'multiply', 'concat' or 'resize', got 'sum'",
        ),
        (lambda: Parallel(sc.ReLU(), axis=True), "Parallel: axis must be an integer, got True"),
        (
            lambda: Parallel(("add", sc.ReLU())),
            "Parallel's names are different strings without a dot, got 'add'",
        ),
        (
            lambda: Parallel([sc.ReLU()]),
            "Parallel takes layers, pairs (name, layer) or a mapping, got [ReLU()]; write Parallel(*layers)",
        ),
        (
            lambda: Residual(sc.ReLU),
            "Residual: body must be a layer, got <class 'symcnn.layers.activation.ReLU'>; write ReLU()",
        ),
        (lambda: Residual(sc.ReLU(), 3), "Residual: shortcut must be a layer, got 3"),
    ],
)
def test_the_whole_message(build: Any, message: str) -> None:
    with pytest.raises(SymcnnError) as raised:
        build()
    assert str(raised.value) == message
