"""Layers that stand for a small network: separable convolution, squeeze-and-excitation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import symcnn as sc
from symcnn import Shape, dims
from symcnn.errors import SymcnnError

C, H, W, g, m, w = dims("C H W g m w")
k = dims("k", odd=True)

# Separable convolution.


def test_a_separable_convolution_is_a_formula() -> None:
    profile = sc.SeparableConv2d(w, k, multiplier=m, padding=(k - 1) / 2).on((C, H, W))
    assert profile.params == C * m * k**2 + C * m * w + w
    assert (profile.macs - H * W * (C * m * k**2 + C * m * w)).expand() == 0
    assert profile.output == Shape(w, H, W)
    assert profile.receptive_field == (k, k)
    assert profile.weights == {
        "depthwise.weight": Shape(C * m, 1, k, k),
        "pointwise.weight": Shape(w, C * m, 1, 1),
        "pointwise.bias": Shape(w),
    }


def test_it_saves_what_the_mobilenet_paper_says() -> None:
    # Section 3.1 of arXiv:1704.04861: 1/N + 1/D**2 of the multiplications of a convolution.
    separable, whole = (kind(w, k, padding="same").on((C, H, W)).macs for kind in (sc.SeparableConv2d, sc.Conv2d))
    assert (separable / whole).expand() == 1 / w + 1 / k**2


def test_the_depthwise_part_strides_and_the_pointwise_part_has_the_bias() -> None:
    profile = sc.SeparableConv2d(8, 3, stride=2, padding="same", bias=False).on((4, 7, 9))
    assert profile.output == Shape(8, 4, 5)
    assert [leaf.path for leaf in profile.leaves()] == ["depthwise", "pointwise"]
    assert profile.params == 4 * 9 + 4 * 8
    assert "bias" not in profile.operations


def test_one_and_three_axes() -> None:
    line, volume = sc.SeparableConv1d(8, 5).on((4, 20)), sc.SeparableConv3d(8, 3).on((4, 5, 6, 7))
    assert (line.params, line.output) == (4 * 5 + 4 * 8 + 8, Shape(8, 16))
    assert (volume.params, volume.output) == (4 * 27 + 4 * 8 + 8, Shape(8, 3, 4, 5))


def test_sizes_are_put_in_by_name() -> None:
    layer = sc.SeparableConv2d(w, 3, multiplier=m, input=(C, H, W))
    assert layer.at(w=16, m=2) == sc.SeparableConv2d(16, 3, multiplier=2, input=(C, H, W))
    assert layer.at(C=8, H=6, W=6, w=16, m=2).params == 8 * 2 * 9 + 8 * 2 * 16 + 16


def test_the_textbook_symbols_of_two_in_a_network_differ() -> None:
    net = sc.Sequential(sc.SeparableConv2d(), sc.SeparableConv2d(), input=(3, H, W))
    assert {"C_out_0", "C_out_1", "k_h_0", "k_w_1"} <= {symbol.name for symbol in net.symbols}


# Squeeze-and-excitation.


def test_a_gate_is_a_formula() -> None:
    profile = sc.SqueezeExcitation(g).on((C, H, W))
    assert profile.params == 2 * C * g + C + g
    assert profile.macs == 2 * C * g
    assert profile.output == Shape(C, H, W)
    assert profile.operations["average"] == profile.operations["multiply"] == C * H * W
    assert profile.receptive_field.whole == (True, True)


def test_its_weights_are_named_as_torchvisions() -> None:
    assert sc.SqueezeExcitation(4).on((16, 7, 7)).weights == {
        "fc1.weight": Shape(4, 16, 1, 1),
        "fc1.bias": Shape(4),
        "fc2.weight": Shape(16, 4, 1, 1),
        "fc2.bias": Shape(16),
    }


def test_the_activations_are_layers_of_ones_own() -> None:
    profile = sc.SqueezeExcitation(2, activation=sc.SiLU(), scale_activation=sc.Hardsigmoid()).on((8, 5, 5))
    assert (profile.operations["silu"], profile.operations["hardsigmoid"]) == (2, 8)
    assert sc.SqueezeExcitation(2, activation=sc.PReLU(2)).on((8, 5, 5)).params == 2 * 8 * 2 + 8 + 2 + 2


def test_a_quarter_of_the_channels_is_a_condition() -> None:
    layer = sc.SqueezeExcitation(C / 4, input=(C, H, W))
    assert str(layer.conditions) == "(4 | C,)"
    assert layer.at(C=16).params == 2 * 16 * 4 + 16 + 4


X = (8, 5, 5)

ERRORS: list[tuple[Callable[[], Any], str]] = [
    (
        lambda: sc.SqueezeExcitation(2, activation=sc.ReLU),
        "SqueezeExcitation: activation must be a layer, got <class 'symcnn.layers.activation.ReLU'>; write ReLU()",
    ),
    (
        lambda: sc.SqueezeExcitation(2, scale_activation="sigmoid"),
        "SqueezeExcitation: scale_activation must be a layer, got 'sigmoid'",
    ),
    (
        lambda: sc.SqueezeExcitation(w, activation=sc.PReLU(w)),
        "SqueezeExcitation: activation must be a layer without symbols, got PReLU(w)",
    ),
    (
        lambda: sc.SqueezeExcitation(64, 16),
        "SqueezeExcitation takes (squeeze_channels) by position, got 2 values: (64, 16); "
        "PyTorch's SqueezeExcitation(64, 16) is SqueezeExcitation(16, input_channels=64)",
    ),
    (
        lambda: sc.SqueezeExcitation(2, input_channels=4).on(X),
        "SqueezeExcitation(2, input_channels=4): input_channels is 4, but the input Shape(8, 5, 5) has 8",
    ),
    (
        lambda: sc.SqueezeExcitation(2).on((8, 5)),
        "SqueezeExcitation(2): takes an input of shape (channels, height, width), got Shape(8, 5)",
    ),
    (
        lambda: sc.SeparableConv2d(3, 16, 3),
        "SeparableConv2d takes (out_channels, kernel_size) by position, got 3 values: (3, 16, 3); "
        "PyTorch's SeparableConv2d(3, 16, 3) is SeparableConv2d(16, 3, in_channels=3)",
    ),
    (
        lambda: sc.SeparableConv2d(16, 7).on(X),
        "layer depthwise, Conv2d(8, 7, groups=8, bias=False): kernel_size 7 is larger than the padded input 5",
    ),
    (
        lambda: sc.SeparableConv2d(16, 3, multiplier=0),
        "SeparableConv2d: multiplier must be a positive integer or an expression in symbols from dims(), got 0",
    ),
]


@pytest.mark.parametrize(("wrong", "text"), ERRORS, ids=[text[:40] for _, text in ERRORS])
def test_the_whole_message(wrong: Callable[[], Any], text: str) -> None:
    with pytest.raises(SymcnnError) as caught:
        wrong()
    assert str(caught.value) == text


# PyTorch.


@pytest.mark.torch
def test_pytorch_has_as_many_weights_and_counts_as_much() -> None:
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    from torch.utils.flop_counter import FlopCounterMode

    depthwise = torch.nn.Conv2d(6, 12, 3, stride=2, padding=1, groups=6, bias=False)
    module = torch.nn.Sequential(depthwise, torch.nn.Conv2d(12, 5, 1))
    with FlopCounterMode(display=False) as counter:
        output = module(torch.zeros(1, 6, 9, 8))
    ours = sc.SeparableConv2d(5, 3, stride=2, padding=1, multiplier=2).on((6, 9, 8))
    assert tuple(ours.output) == tuple(output.shape[1:])
    assert ours.params == sum(weight.numel() for weight in module.parameters())
    assert ours.flops == counter.get_total_flops()
