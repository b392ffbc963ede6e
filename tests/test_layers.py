"""The figures and formulas of each kind of layer, as a textbook has them."""

from __future__ import annotations

from typing import Any

import pytest
from cases import ACTIVATIONS, TUTORIAL, TUTORIAL_3D
from sympy import Expr

import symcnn as sc
from symcnn import Shape, dims
from symcnn.sizes import ceil_div

H, W, C, D, L, w, m = dims("H W C D L w m")
C_in, C_out, F_in, F_out, k_h, k_w, k_d, s_h, s_w, g = dims("C_in C_out F_in F_out k_h k_w k_d s_h s_w g")
k = dims("k", odd=True)


# The tutorial's figures.


@pytest.mark.parametrize(
    ("layer", "params"),
    [
        (sc.Conv2d(32, 3, in_channels=3), 896),
        (sc.Linear(64, in_features=128), 8256),
        (sc.BatchNorm2d(64), 128),
        (sc.MaxPool2d(2), 0),
        (sc.AvgPool2d(2), 0),
        (sc.Conv2d(16, 3, in_channels=3), 448),
        (sc.BatchNorm2d(16), 32),
        (sc.Conv2d(32, 3, in_channels=16), 4640),
        (sc.BatchNorm2d(32), 64),
        (sc.Conv3d(16, 3, in_channels=3), 1312),
        (sc.BatchNorm3d(16), 32),
        (sc.Conv3d(32, 3, in_channels=16), 13_856),
        (TUTORIAL, 13_440),
        (TUTORIAL_3D, 23_520),
    ],
)
def test_parameters_of_the_tutorial(layer: sc.Layer, params: int) -> None:
    assert layer.params == params


def test_the_tutorials_network_is_the_sum_of_its_lines() -> None:
    lines = [part.profile.params for part in TUTORIAL.profile.parts]
    assert [line for line in lines if line] == [448, 32, 4640, 64, 8256]


@pytest.mark.parametrize(
    "changes", [{"stride": 2}, {"padding": 1}, {"padding": "same"}, {"dilation": 2}, {"stride": (1, 3)}]
)
def test_stride_and_padding_change_the_output_and_no_parameter(changes: dict[str, Any]) -> None:
    before, after = (sc.Conv2d(32, 3, **settings).on((3, 32, 32)) for settings in ({}, changes))
    assert after.params == before.params == 896
    assert after.output != before.output


def test_more_filters_and_larger_ones_have_more_parameters() -> None:
    params = [sc.Conv2d(filters, size, in_channels=3).params for filters, size in [(16, 3), (32, 3), (32, 5)]]
    assert params == [448, 896, 2432]


def test_a_larger_input_makes_a_larger_dense_layer() -> None:
    sizes = [TUTORIAL.on((3, side, side)).params - TUTORIAL.params for side in (8, 16, 32)]
    assert sizes == [0, 64 * (512 - 128), 64 * (2048 - 128)]


# The textbook's formulas.


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (sc.Conv2d().params, C_out * (C_in * k_h * k_w + 1)),
        (sc.Conv2d(bias=False).params, C_in * C_out * k_h * k_w),
        (sc.Conv1d().params, C_out * (C_in * dims("k") + 1)),
        (sc.Conv3d().params, C_out * (C_in * k_d * k_h * k_w + 1)),
        (sc.Conv2d().general().params, C_out * (C_in * k_h * k_w / g + 1)),
        (sc.Conv2d().macs, C_in * C_out * k_h * k_w * (H - k_h + 1) * (W - k_w + 1)),
        (sc.Conv2d(w, 3, groups=w).on((w, H, W)).params, 10 * w),
        (sc.Linear().params, F_out * (F_in + 1)),
        (sc.Linear().macs, F_in * F_out),
        (sc.BatchNorm2d().params, 2 * C),
        (sc.BatchNorm2d().buffers, 2 * C),
        (sc.MaxPool2d().params, 0),
        (
            sc.MaxPool2d().operations["compare"],
            C * k_h * k_w * sc.MaxPool2d().output[1] * sc.MaxPool2d().output[2],
        ),
    ],
)
def test_formulas(found: Expr, expected: Expr) -> None:
    assert (found - expected).expand() == 0


@pytest.mark.parametrize(
    ("layer", "text"),
    [
        (sc.Conv2d(), "C_out*(C_in*k_h*k_w + 1)"),
        (sc.Conv2d(w, 3), "w*(9*C_in + 1)"),
        (sc.Linear(), "F_out*(F_in + 1)"),
        (sc.BatchNorm2d(), "2*C"),
    ],
)
def test_a_layers_parameters_are_written_as_in_a_textbook(layer: sc.Layer, text: str) -> None:
    assert str(layer.params) == text


@pytest.mark.parametrize(
    ("layer", "shape", "output"),
    [
        (sc.Conv2d(8, 3), (3, H, W), (8, H - 2, W - 2)),
        (sc.Conv2d(8, k, padding=(k - 1) / 2), (3, H, W), (8, H, W)),
        (sc.Conv2d(8, k, padding="same"), (3, H, W), (8, H, W)),
        (sc.Conv2d(8, k, stride=2, padding=(k - 1) / 2), (3, H, W), (8, ceil_div(H, 2), ceil_div(W, 2))),
        (sc.Conv2d(8, 7, stride=3, padding="same"), (3, H, W), (8, ceil_div(H, 3), ceil_div(W, 3))),
        (sc.Conv2d(8, 3, stride=2, padding=1), (3, 32 * m, 2 * m + 1), (8, 16 * m, m + 1)),
        (sc.MaxPool2d(3, 2, 1), (C, H, W), (C, ceil_div(H, 2), ceil_div(W, 2))),
        (sc.MaxPool2d(2, ceil_mode=True), (C, H, W), (C, ceil_div(H, 2), ceil_div(W, 2))),
        (sc.AdaptiveAvgPool2d((None, 7)), (C, H, W), (C, H, 7)),
        (sc.Flatten(), (C, H, W), (C * H * W,)),
        (sc.Linear(10), (L, C), (L, 10)),
        (sc.BatchNorm1d(), (C,), (C,)),
    ],
)
def test_outputs(layer: sc.Layer, shape: tuple[Any, ...], output: tuple[Any, ...]) -> None:
    assert layer.on(shape).output == output


def test_weights_are_named_and_shaped_as_in_pytorch() -> None:
    assert sc.Conv2d(8, (3, 5), groups=2).on((4, 9, 9)).weights == {"weight": (8, 2, 3, 5), "bias": (8,)}
    assert sc.Linear(5, bias=False).on((7,)).weights == {"weight": (5, 7)}
    assert sc.BatchNorm2d(4).weights == {"weight": (4,), "bias": (4,)}
    assert sc.BatchNorm2d(4, affine=False).weights == {}


@pytest.mark.parametrize("view", [sc.Flatten(), sc.Identity(), sc.Dropout()])
def test_a_layer_that_passes_on_what_it_gets_makes_no_tensor(view: sc.Layer) -> None:
    assert view.on((3, 4, 5)).tensors == {}


@pytest.mark.parametrize(
    "layer", [sc.Conv2d(8, 3), sc.MaxPool2d(2), sc.ReLU(), sc.BatchNorm2d(), sc.Linear(5, in_features=8)]
)
def test_other_layers_make_their_output(layer: sc.Layer) -> None:
    profile = layer.on((3, 8, 8))
    assert profile.tensors == {"output": profile.output}


# What an output sees.


@pytest.mark.parametrize(
    ("layer", "shape", "field", "whole"),
    [
        (sc.Conv2d(8, 3), (3, H, W), (3, 3), (False, False)),
        (sc.Conv2d(8, 3, dilation=4), (3, 9, 9), (9, 9), (False, False)),
        (sc.Conv2d(8, k, padding="same"), (3, H, W), (k, k), (False, False)),
        (sc.AdaptiveAvgPool2d(1), (3, H, 7), (H, 7), (True, True)),
        (sc.AdaptiveAvgPool2d((2, None)), (3, 8, 7), (4, 1), (False, False)),
        (sc.Flatten(), (3, H, W), (H, W), (True, True)),
        (sc.ReLU(), (3, H, W), (1, 1), (False, False)),
        (sc.BatchNorm1d(), (3,), (), ()),
    ],
)
def test_receptive_fields(layer: sc.Layer, shape: Any, field: Any, whole: Any) -> None:
    found = layer.on(shape).receptive_field
    assert found == field
    assert found.whole == whole


def test_a_receptive_field_of_everything_says_so() -> None:
    assert repr(sc.Flatten().on((3, 8, 9)).receptive_field) == "(8, 9): the whole input"
    assert repr(sc.Conv1d(4, 3).receptive_field) == "(3,)"


# As values.


def test_a_layer_is_equal_by_its_settings() -> None:
    assert sc.Conv2d(8, 3) == sc.Conv2d(8, (3, 3)) == sc.Conv2d(8, 3, stride=1, padding="valid")
    assert len({sc.Conv2d(8, 3), sc.Conv2d(8, (3, 3)), sc.Conv2d(8, 3, bias=False)}) == 2
    assert sc.Conv2d(8, 3) != sc.Conv2d(8, 3, input=(3, 8, 8))
    assert sc.MaxPool2d(2) != sc.AvgPool2d(2)


@pytest.mark.parametrize(
    ("layer", "text"),
    [
        (sc.Conv2d(), "Conv2d()"),
        (sc.Conv2d(8, 3), "Conv2d(8, 3)"),
        (sc.Conv2d(kernel_size=3), "Conv2d(kernel_size=3)"),
        (sc.Conv2d(8, (3, 5), stride=2, bias=False), "Conv2d(8, (3, 5), stride=2, bias=False)"),
        (sc.Conv2d(8, 3, padding=((0, 1), (2, 2))), "Conv2d(8, 3, padding=((0, 1), 2))"),
        (sc.Conv2d(8, 3, padding="same"), "Conv2d(8, 3, padding='same')"),
        (sc.Conv1d(8, 3, padding=((1, 2),)), "Conv1d(8, 3, padding=((1, 2),))"),
        (sc.Conv2d(2 * w, 3, input=(3, H, H // 2)), "Conv2d(2*w, 3, input=(3, H, FloorDiv(H, 2)))"),
        (sc.MaxPool2d(2), "MaxPool2d(2)"),
        (sc.MaxPool2d(3, 2, 1), "MaxPool2d(3, 2, 1)"),
        (sc.MaxPool2d(3, padding=1), "MaxPool2d(3, padding=1)"),
        (sc.AdaptiveAvgPool2d((None, 7)), "AdaptiveAvgPool2d((None, 7))"),
        (sc.Linear(10), "Linear(10)"),
        (sc.Dropout(0.2), "Dropout(0.2)"),
        (sc.ReLU(inplace=True), "ReLU(True)"),
        (sc.Conv2d().general(), "Conv2d(C_out, (k_h, k_w), stride=(s_h, s_w), padding=(p_h, p_w), "
                                "dilation=(d_h, d_w), groups=g)"),
    ],
)  # fmt: skip
def test_how_a_layer_shows_itself(layer: sc.Layer, text: str) -> None:
    assert repr(layer) == text


# Putting values in.


def test_some_values_or_all() -> None:
    layer = sc.Conv2d(2 * w, k, input=(3, H, W))
    assert layer.at(w=16) == sc.Conv2d(32, k, input=(3, H, W))
    assert layer.at({w: 16, "k": 5}, H=8, W=9) == sc.Conv2d(32, 5, input=(3, 8, 9))
    assert layer.at() == layer
    assert layer.at(w=C).at(C=4) == layer.at(w=4)
    assert layer.at(H=32 * m).output == (2 * w, 32 * m - k + 1, W - k + 1)


def test_a_left_out_size_is_put_in_by_its_textbook_name() -> None:
    assert sc.Conv2d().at(C_in=3, C_out=32, k_h=3, k_w=3).params == 896
    assert sc.MaxPool2d().at(k_h=2, k_w=2, H=8, W=8).output == Shape(dims("C"), 4, 4)


def test_a_value_for_a_symbol_that_is_not_here_is_passed_over() -> None:
    assert sc.Conv2d(w, 3).at({dims("depth"): 4}) == sc.Conv2d(w, 3)


@pytest.mark.parametrize("kind", ACTIVATIONS)
def test_an_activation_counts_its_elements(kind: type[sc.Layer]) -> None:
    profile = kind().on((C, H, W))
    assert profile.operations == {kind.__name__.lower(): C * H * W}
    assert (profile.params, profile.macs, profile.output) == (0, 0, (C, H, W))
