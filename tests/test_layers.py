"""The figures and formulas of each kind of layer, as a textbook has them."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from cases import ACTIVATIONS, TUTORIAL, TUTORIAL_3D
from sympy import Expr, Rational

import symcnn as sc
from symcnn import FloorDiv, Shape, dims
from symcnn.sizes import ceil_div

H, W, C, D, L, w, m = dims("H W C D L w m")
C_in, C_out, F_in, F_out, k_h, k_w, k_d, s_h, s_w, g = dims("C_in C_out F_in F_out k_h k_w k_d s_h s_w g")
T, E = dims("T E")
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
        (sc.ConvTranspose2d().params, sc.Conv2d().params),
        (sc.ConvTranspose2d().macs, C_in * C_out * k_h * k_w * H * W),
        (sc.ConvTranspose2d().operations["bias"], C_out * (H + k_h - 1) * (W + k_w - 1)),
        (sc.ConvTranspose2d().general().params, C_out * (C_in * k_h * k_w / g + 1)),
        (sc.DepthwiseConv2d().params, C * (k_h * k_w + 1)),
        (sc.DepthwiseConv2d(3, multiplier=m).on((C, H, W)).params, 10 * C * m),
        (sc.DepthwiseConv2d(3, padding=1, bias=False).on((C, H, W)).macs, 9 * C * H * W),
        (sc.LayerNorm().params, 2 * dims("F")),
        (sc.LayerNorm((C, H, W)).on((C, H, W)).params, 2 * C * H * W),
        (sc.LayerNorm2d().params, 2 * C),
        (sc.GroupNorm().params, 2 * C),
        (sc.InstanceNorm2d(track_running_stats=True).buffers, 2 * C),
        (sc.PReLU().params, 1),
        (sc.PReLU(C).on((C, H, W)).params, C),
        (sc.LayerScale().params, C),
        (sc.MultiheadAttention().params, 4 * E**2 + 4 * E),
        (sc.MultiheadAttention(bias=False).params, 4 * E**2),
        (sc.MultiheadAttention().macs, 4 * T * E**2 + 2 * T**2 * E),
        (sc.MultiheadAttention().operations["bias"], 4 * T * E),
        (sc.MultiheadAttention(8).operations["softmax"], 8 * T**2),
        (sc.Upsample(scale_factor=m).operations["interpolate"], C * H * W * m**2),
        (sc.GlobalAvgPool().operations["average"], C * H * W),
        (sc.GlobalMaxPool().operations["compare"], C * H * W),
        (sc.GLU(0).operations["glu"], C * H * W / 2),
        (sc.LayerScale().operations["multiply"], C * H * W),
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
        (sc.ConvTranspose2d(8, 2, stride=2), (C, H, W), (8, 2 * H, 2 * W)),
        (sc.ConvTranspose2d(8, m, stride=m), (C, H, W), (8, H * m, W * m)),
        (sc.ConvTranspose2d(8, 4, stride=2, padding=1), (C, H, W), (8, 2 * H, 2 * W)),
        (sc.ConvTranspose2d(8, 3, stride=2, padding=1, output_padding=(0, 1)), (C, H, W), (8, 2 * H - 1, 2 * W)),
        (sc.ConvTranspose2d(8, k, padding=(k - 1) / 2), (C, H, W), (8, H, W)),
        (sc.ConvTranspose1d(8, 3), (C, ceil_div(L, 2)), (8, FloorDiv(L + 5, 2))),
        (sc.DepthwiseConv2d(3, stride=2, padding="same", multiplier=m), (C, H, 7), (C * m, ceil_div(H, 2), 4)),
        (sc.GlobalAvgPool(), (C, D, H, W), (C,)),
        (sc.GlobalMaxPool(keepdim=True), (C, D, H, W), (C, 1, 1, 1)),
        (sc.Reshape(C, -1), (C, H, W), (C, H * W)),
        (sc.Reshape(-1), (C, H, W), (C * H * W,)),
        (sc.Reshape(2, -1, H, W), (C, H, W), (2, C / 2, H, W)),
        (sc.Permute(1, 2, 0), (C, H, W), (H, W, C)),
        (sc.Permute((1, 0)), (E, T), (T, E)),
        (sc.Split(2, 1), (C, H, W), (C / 2, H, W)),
        (sc.Split((w, C - w), 1), (C, H, W), (C - w, H, W)),
        (sc.Split(2, 0, axis=-1), (C, H, 2 * m), (C, H, m)),
        (sc.GLU(0), (2 * w, H, W), (w, H, W)),
        (sc.GLU(), (C, H, 2 * m), (C, H, m)),
        (sc.PixelShuffle(2), (4 * w, H, W), (w, 2 * H, 2 * W)),
        (sc.PixelUnshuffle(m), (C, H * m, W * m), (C * m**2, H, W)),
        (sc.ZeroPad2d((1, 2, 3, 4)), (C, H, W), (C, H + 7, W + 3)),
        (sc.ZeroPad2d(1), (C, ceil_div(H, 2), W), (C, FloorDiv(H + 5, 2), W + 2)),
        (sc.Upsample((H, 7)), (C, m, W), (C, H, 7)),
        (sc.Upsample(scale_factor=2), (C, ceil_div(H, 2), W), (C, 2 * ceil_div(H, 2), 2 * W)),
        (sc.Upsample(scale_factor=Rational(1, 2)), (C, H, 2 * m), (C, FloorDiv(H, 2), m)),
        (sc.Upsample(scale_factor=Fraction(3, 2)), (C, H, 2 * m), (C, FloorDiv(3 * H, 2), 3 * m)),
        (sc.MultiheadAttention(8), (T, 64), (T, 64)),
    ],
)
def test_outputs(layer: sc.Layer, shape: tuple[Any, ...], output: tuple[Any, ...]) -> None:
    assert layer.on(shape).output == output


def test_weights_are_named_and_shaped_as_in_pytorch() -> None:
    assert sc.Conv2d(8, (3, 5), groups=2).on((4, 9, 9)).weights == {"weight": (8, 2, 3, 5), "bias": (8,)}
    assert sc.Linear(5, bias=False).on((7,)).weights == {"weight": (5, 7)}
    assert sc.BatchNorm2d(4).weights == {"weight": (4,), "bias": (4,)}
    assert sc.BatchNorm2d(4, affine=False).weights == {}
    transposed = sc.ConvTranspose2d(8, (3, 5), groups=2).on((4, 9, 9))
    assert transposed.weights == {"weight": (4, 4, 3, 5), "bias": (8,)}
    assert sc.DepthwiseConv2d(3, multiplier=2, bias=False).on((4, 9, 9)).weights == {"weight": (8, 1, 3, 3)}
    assert sc.LayerNorm((5, 6)).on((4, 5, 6)).weights == {"weight": (5, 6), "bias": (5, 6)}
    assert sc.LayerNorm(bias=False).on((4, 6)).weights == {"weight": (6,)}
    assert sc.PReLU().weights == {"weight": (1,)}
    assert sc.MultiheadAttention(2).on((5, 6)).weights == {
        "in_proj_weight": (18, 6),
        "out_proj.weight": (6, 6),
        "in_proj_bias": (18,),
        "out_proj.bias": (6,),
    }


VIEWS = [
    sc.Flatten(),
    sc.Identity(),
    sc.Dropout(),
    sc.StochasticDepth(0.1),
    sc.Reshape(4, -1),
    sc.Permute(2, 0, 1),
    sc.Split(3, 1),
]


@pytest.mark.parametrize("view", VIEWS)
def test_a_layer_that_passes_on_what_it_gets_makes_no_tensor(view: sc.Layer) -> None:
    assert view.on((3, 4, 5)).tensors == {}


MAKERS = [
    sc.Conv2d(8, 3),
    sc.MaxPool2d(2),
    sc.ReLU(),
    sc.BatchNorm2d(),
    sc.Linear(5, in_features=8),
    sc.ConvTranspose2d(8, 3),
    sc.DepthwiseConv2d(3),
    sc.GlobalAvgPool(),
    sc.LayerNorm2d(),
    sc.Softmax(),
    sc.GLU(),
    sc.PixelUnshuffle(2),
    sc.ChannelShuffle(3),
    sc.ZeroPad2d(1),
    sc.Upsample(scale_factor=2),
    sc.LayerScale(),
]


@pytest.mark.parametrize("layer", MAKERS)
def test_other_layers_make_their_output(layer: sc.Layer) -> None:
    profile = layer.on((3, 8, 8))
    assert profile.tensors == {"output": profile.output}


def test_attention_in_one_kernel_makes_no_matrix_of_tokens_by_tokens() -> None:
    assert sc.MultiheadAttention(2).on((5, 6)).tensors == {
        "in_proj": (5, 18),
        "heads": (5, 6),
        "output": (5, 6),
    }


MOVERS = [sc.ZeroPad2d(1), sc.ReflectionPad2d(1), sc.ChannelShuffle(3), sc.PixelShuffle(1), sc.PixelUnshuffle(2)]


@pytest.mark.parametrize("layer", [*VIEWS, *MOVERS])
def test_a_layer_that_only_moves_elements_does_no_operation(layer: sc.Layer) -> None:
    assert layer.on((3, 8, 8)).operations == {}


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
        (sc.BatchNorm2d(track_running_stats=False), (3, H, W), (H, W), (True, True)),
        (sc.InstanceNorm2d(), (3, H, W), (H, W), (True, True)),
        (sc.InstanceNorm2d(track_running_stats=True), (3, H, W), (1, 1), (False, False)),
        (sc.GroupNorm(1), (3, H, W), (H, W), (True, True)),
        (sc.LayerNorm2d(), (3, H, W), (1, 1), (False, False)),
        (sc.LayerNorm(), (3, H, W), (1, W), (False, True)),
        (sc.Softmax(0), (3, H, W), (1, 1), (False, False)),
        (sc.Softmax(1), (3, H, W), (H, 1), (True, False)),
        (sc.GlobalAvgPool(), (3, H, W), (H, W), (True, True)),
        (sc.ConvTranspose2d(8, 3, dilation=2), (3, H, W), (5, 5), (False, False)),
        (sc.DepthwiseConv2d(k, padding="same"), (3, H, W), (k, k), (False, False)),
        (sc.PixelUnshuffle(2), (3, 2 * H, 2 * W), (2, 2), (False, False)),
        (sc.ZeroPad2d(1), (3, H, W), (1, 1), (False, False)),
        (sc.GLU(), (3, H, 2 * m), (1, m + 1), (False, False)),
        (sc.Split(2, 1, axis=1), (3, H, W), (1, 1), (False, False)),
        (sc.MultiheadAttention(2), (T, 6), (6,), (True,)),
    ],
)
def test_receptive_fields(layer: sc.Layer, shape: Any, field: Any, whole: Any) -> None:
    found = layer.on(shape).receptive_field
    assert found == field
    assert found.whole == whole


def test_padding_as_a_layer_is_padding_of_the_next() -> None:
    padded = sc.Sequential(sc.ZeroPad2d((1, 2, 0, 1)), sc.Conv2d(8, 3, stride=2)).on((3, 9, 9))
    direct = sc.Conv2d(8, 3, stride=2, padding=((0, 1), (1, 2))).on((3, 9, 9))
    assert (padded.output, padded.windows) == (direct.output, direct.windows)


def test_a_transposed_convolution_undoes_the_shape_of_a_convolution() -> None:
    for settings in ({"stride": 4}, {"stride": 2, "padding": 1, "dilation": 2}, {"padding": ((0, 1), 2)}):
        there, back = sc.Conv2d(8, 3, **settings), sc.ConvTranspose2d(3, 3, **settings)
        assert back.on(there.on((3, 19, 19)).output).output == (3, 19, 19)
        assert back.on(there.on((3, 19, 19)).output).macs == there.on((3, 19, 19)).macs


def test_a_depthwise_convolution_is_one_in_as_many_groups() -> None:
    depthwise = sc.DepthwiseConv2d(3, stride=2, multiplier=2).on((C, H, W))
    grouped = sc.Conv2d(2 * C, 3, stride=2, groups=C).on((C, H, W))
    assert (depthwise.output, depthwise.params, depthwise.macs) == (grouped.output, grouped.params, grouped.macs)
    assert (depthwise.weights, depthwise.conditions[0]) == (grouped.weights, grouped.conditions[0])


def test_the_pieces_of_a_split_are_the_whole() -> None:
    pieces = [sc.Split((1, w, 2), i).on((w + 3, H)).output for i in range(3)]
    assert sum(piece[0] for piece in pieces) == w + 3


@pytest.mark.parametrize(
    ("layer", "shape", "conditions"),
    [
        (sc.ConvTranspose1d(8, 3, groups=g), (C, L), ["g | C", "g | 8"]),
        (sc.ConvTranspose1d(8, 3, padding=w), (C, L), ["L + 1 >= 2*w"]),
        (sc.ConvTranspose1d(8, 3, stride=m, output_padding=1), (C, L), ["m >= 2"]),
        (sc.ConvTranspose1d(8, 3, dilation=m, output_padding=w), (C, L), ["m >= w + 1"]),
        (sc.ConvTranspose1d(8, 3, stride=m, padding=2), (C, L), ["L*m >= m + 2"]),
        (sc.ConvTranspose1d(8, k, stride=m, padding=(k - 1) / 2), (C, L), []),
        (sc.ConvTranspose1d(8, 3, stride=m, output_padding=m - 1), (C, L), []),
        (sc.GroupNorm(32), (C, H, W), ["32 | C"]),
        (sc.InstanceNorm2d(), (C, H, W), ["H*W >= 2"]),
        (sc.PReLU(8), (C, H, W), ["C == 8"]),
        (sc.PReLU(C), (C, H, W), []),
        (sc.PReLU(w), (C, H, W), ["(-C + w)*(w - 1) == 0"]),
        (sc.LayerNorm((C, 7)), (H, C, W), ["W == 7"]),
        (sc.Reshape(8, -1), (C, H, W), ["8 | C*H*W"]),
        (sc.Reshape(H, -1), (C, H, W), []),
        (sc.Reshape(8, w), (C, H), ["8*w == C*H"]),
        (sc.Split(m, 2), (C, H, W), ["m | C", "m >= 3"]),
        (sc.Split((w, 3)), (C, H, W), ["w + 3 == C"]),
        (sc.GLU(0), (C, H, W), ["2 | C"]),
        (sc.PixelShuffle(m), (C, H, W), ["m**2 | C"]),
        (sc.PixelUnshuffle(2), (C, 2 * H, W), ["2 | W"]),
        (sc.ChannelShuffle(m), (C, H, W), ["m | C"]),
        (sc.ZeroPad2d(w), (C, H, W), []),
        (sc.ReflectionPad1d((w, 2)), (C, L), ["L >= w + 1", "L >= 3"]),
        (sc.CircularPad1d((w, 2)), (C, L), ["L >= w", "L >= 2"]),
        (sc.Upsample(scale_factor=Rational(3, 4)), (C, L), ["L >= 2"]),
        (sc.Upsample(scale_factor=m), (C, L), []),
        (sc.MultiheadAttention(8), (T, E), ["8 | E"]),
    ],
)
def test_what_symbols_leave_open(layer: sc.Layer, shape: Any, conditions: list[str]) -> None:
    assert [str(condition) for condition in layer.on(shape).conditions] == conditions


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
        (sc.ConvTranspose2d(8, 2, stride=2), "ConvTranspose2d(8, 2, stride=2)"),
        (sc.DepthwiseConv2d(3, multiplier=m), "DepthwiseConv2d(3, multiplier=m)"),
        (sc.LayerNorm((7, 7)), "LayerNorm((7, 7))"),
        (sc.LayerNorm(768), "LayerNorm(768)"),
        (sc.GroupNorm(32, 64), "GroupNorm(32, 64)"),
        (sc.PReLU(1), "PReLU()"),
        (sc.Softmax(-1), "Softmax(-1)"),
        (sc.Reshape(C, -1), "Reshape(C, -1)"),
        (sc.Reshape((C, H // 2)), "Reshape(C, FloorDiv(H, 2))"),
        (sc.Reshape(7, input=(7,)), "Reshape(7, input=(7,))"),
        (sc.Permute(1, -1, 0), "Permute(1, 2, 0)"),
        (sc.Split((24, w), 1, axis=1), "Split((24, w), 1, axis=1)"),
        (sc.Upsample(scale_factor=2, mode="bilinear"), "Upsample(scale_factor=2, mode='bilinear')"),
        (sc.Upsample(scale_factor=(Fraction(1, 2), 1)), "Upsample(scale_factor=(Rational(1, 2), 1))"),
        (sc.Upsample((H, 7)), "Upsample((H, 7))"),
        (sc.ZeroPad2d(1), "ZeroPad2d(1)"),
        (sc.ZeroPad2d((0, 1, 0, 1)), "ZeroPad2d((0, 1, 0, 1))"),
        (sc.ZeroPad2d().general(), "ZeroPad2d((p_w, p_w, p_h, p_h))"),
        (sc.ZeroPad2d((0, 1, 2, 2)).general(), "ZeroPad2d((p_w_before, p_w_after, p_h, p_h))"),
        (sc.MultiheadAttention(8, embed_dim=64), "MultiheadAttention(8, embed_dim=64)"),
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
