"""Networks for video in formulas, and against figures measured with torchvision."""

from __future__ import annotations

from typing import Any

import pytest

import symcnn as sc
from symcnn import FloorDiv, SymcnnError
from symcnn.zoo.video import MODELS, c3d, video_resnet

n, w, K, D, H, W = sc.dims("n w K D H W")


def test_formulas() -> None:
    assert str(video_resnet().params) == "8*K*w + K + 8088*w**2 + 591*w"
    assert str(MODELS["mc3_18"]().params) == "8*K*w + K + 2796*w**2 + 591*w"
    assert str(video_resnet((n,)).params) == "K*w + K + 54*n*w**2 + 4*n*w + 443*w"
    assert str(c3d().params) == "4097*K + 6750*w**2 + 32768*w*⌈D/16⌉*⌈H/32⌉*⌈W/32⌉ + 124*w + 16785408"


def test_the_channels_between_space_and_time() -> None:
    """As many as give space and time together no more weights than the convolution over both."""
    weights = MODELS["r2plus1d_18"]().weights
    assert weights["layer1.0.0.body.conv1.0.0.weight"][0] == FloorDiv(9 * w, 4)
    assert weights["layer2.0.0.body.conv1.0.0.weight"][0] == FloorDiv(18 * w, 5)
    assert weights["layer2.1.0.body.conv1.0.0.weight"][0] == FloorDiv(9 * w, 2)
    # 144 and 230 between 64 and 64 or 128 channels, and 288 between 128 and 128.
    numbers = MODELS["r2plus1d_18"]().at(w=64).weights
    assert [numbers[f"layer{i}.{j}.0.body.conv1.0.0.weight"][0] for i, j in ((1, 0), (2, 0), (2, 1))] == [144, 230, 288]
    kernel = video_resnet((1,), convolutions="2+1d", kernel_size=(5, 7)).at(w=64).weights
    middle, *others = kernel["layer1.0.0.body.conv1.0.0.weight"]
    assert (middle, *others) == (5 * 49 * 64 * 64 // (49 * 64 + 5 * 64), 64, 1, 7, 7)


# VideoResNet(BasicBlock, [Conv2Plus1D]*4, [3, 4, 6, 3], R2Plus1dStem, num_classes=10) and so on, on 3x9x90x65.
MEASURED: list[tuple[dict[str, Any], int, int, int]] = [
    ({"blocks": (3, 4, 6, 3), "convolutions": "2+1d", "classes": 10}, 61631591, 49478, 24530887107),
    (
        {"blocks": (1, 2, 3, 1), "convolutions": ("3d", "2+1d", "2d", "3d"), "classes": 10},
        15756642,
        10392,
        9145325760,
    ),
    ({"convolutions": "3d", "classes": 400}, 33371472, 9600, 12844004160),
    ({"convolutions": ("3d", "2d", "2d", "2d"), "classes": 400}, 11695440, 9600, 12437992256),
    ({"convolutions": "2+1d", "classes": 400}, 31505325, 25350, 12679826883),
]


@pytest.mark.parametrize(("settings", "params", "buffers", "macs"), MEASURED)
def test_other_values_as_torchvision_counts_them(
    settings: dict[str, Any], params: int, buffers: int, macs: int
) -> None:
    net = video_resnet(width=64, **settings, input=(3, 9, 90, 65))
    assert (net.params, net.buffers, net.macs) == (params, buffers, macs)
    formula = video_resnet(**settings)
    assert formula.at(w=64, D=9, H=90, W=65).macs == macs


@pytest.mark.parametrize("convolutions", ["3d", "2d", "2+1d"])
@pytest.mark.parametrize("depth", range(1, 5))
def test_a_symbolic_depth_is_that_many_blocks(convolutions: str, depth: int) -> None:
    net = video_resnet((1, n), convolutions=convolutions).at(n=depth)
    blocks = video_resnet((1, depth), convolutions=convolutions)
    for quantity in ("params", "buffers", "macs"):
        assert (getattr(net, quantity) - getattr(blocks, quantity)).expand() == 0
    assert net.output == blocks.output
    assert net["layer2"].on((w, D, H, W)).receptive_field == blocks["layer2"].on((w, D, H, W)).receptive_field


def test_receptive_fields() -> None:
    """``7 + 2·(8 + 2) + 4·(6 + 2) + 8·(6 + 2) + 16·6`` in space; MC3 looks along time in its first stage alone."""
    seen = {name: MODELS[name]() for name in ("r3d_18", "mc3_18", "r2plus1d_18")}
    fields = {name: sc.Sequential(*net.layers[:5], input=net.input).receptive_field for name, net in seen.items()}
    assert fields == {"r3d_18": (109, 219, 219), "mc3_18": (11, 219, 219), "r2plus1d_18": (109, 219, 219)}


def test_c3d_has_one_time_left_at_the_end() -> None:
    net = c3d().at(D=16, H=112, W=112)
    assert net.weights["fc6.weight"] == (4096, 8 * w * 16)
    assert net.at(w=64, K=487).params == 79991015
    assert net.at(w=64, K=101).macs == 38547378176
    # Table 3 of the paper: the same network with kernels of depth 1 sees no motion but by pooling.
    assert c3d(kernel_size=(1, 3, 3)).at(w=64).weights["conv1.weight"] == (64, 3, 1, 3, 3)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"convolutions": "4d"}, "no convolution is named '4d'; did you mean '3d'? Known: 3d, 2d, 2+1d"),
        (
            {"convolutions": ("3d", "2d")},
            "convolutions are one for each of the 4 stages, got 2: ('3d', '2d')",
        ),
    ],
)
def test_the_whole_message(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(SymcnnError) as raised:
        video_resnet(**settings)
    assert str(raised.value) == message
