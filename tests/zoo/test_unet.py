"""U-Net in formulas, and against figures measured with PyTorch."""

from __future__ import annotations

from typing import Any

import pytest

import symcnn as sc
from symcnn import SymcnnError
from symcnn.layers import Crop
from symcnn.zoo.unet import unet

k = sc.dims("k", odd=True)
w, K, H, W, m = sc.dims("w K H W m")


def test_formulas() -> None:
    assert str(unet().params) == "K*w + K + 7574*w**2 + 116*w"
    assert str(unet(padded=True).params) == str(unet().params)
    assert str(unet(upsampling="bilinear").params) == "K*w + K + 4212*w**2 + 78*w"
    assert (
        str(unet(depth=1, batch_norm=True, kernel_size=k).params) == "K*w + K + 10*k**2*w**2 + k**2*w + 8*w**2 + 17*w"
    )
    padded = unet(padded=True).on((1, 16 * H, 16 * W))
    assert padded.output == (K, 16 * H, 16 * W)
    assert padded.conditions == ()
    assert str(padded.macs) == "256*H*K*W*w + 45824*H*W*w**2 + 2304*H*W*w"


def test_the_map_sizes_of_the_paper() -> None:
    """Figure 1."""
    net = unet()
    tensors = net.at(net.defaults).profile.tensors
    found = {name.split(".")[0]: int(shape[1]) for name, shape in tensors.items() if not name.endswith("concat.output")}
    assert [found[f"encoder{level}"] for level in (1, 2, 3, 4)] == [568, 280, 136, 64]
    assert [found[f"decoder{level}"] for level in (4, 3, 2, 1)] == [52, 100, 196, 388]
    assert found["bottleneck"] == 28


def test_what_is_copied_loses_more_further_up() -> None:
    """The grey boxes of figure 1: 64 to 56, 136 to 104, 280 to 200, 568 to 392."""
    crops = [net for _, net in unet().children if isinstance(net, Crop)]
    assert [crop.margin for crop in crops] == [4, 16, 40, 88]
    assert [size - 2 * crop.margin for crop, size in zip(crops, (64, 136, 280, 568), strict=True)] == [
        56,
        104,
        200,
        392,
    ]
    wide = [net.margin for _, net in unet(kernel_size=k).children if isinstance(net, Crop)]
    assert [margin.subs(k, 3) for margin in wide] == [4, 16, 40, 88]


# Written with torch.nn and counted by FlopCounterMode on the meta device, convolutions in pairs as in the paper.
MEASURED: list[tuple[dict[str, Any], int, int, int, tuple[int, ...]]] = [
    ({"width": 64, "classes": 2, "input": (1, 572, 572)}, 31030658, 0, 150428424448, (2, 388, 388)),
    ({"width": 64, "classes": 2, "input": (1, 572, 540)}, 31030658, 0, 139905665280, (2, 388, 356)),
    (
        {"width": 16, "depth": 3, "kernel_size": 5, "padded": True, "batch_norm": True, "classes": 5}
        | {"input": (3, 96, 64)},
        1261813,
        1408,
        587464704,
        (5, 96, 64),
    ),
    (
        {"width": 64, "padded": True, "batch_norm": True, "classes": 2, "input": (3, 512, 512)},
        31037698,
        11776,
        192686325760,
        (2, 512, 512),
    ),
    (
        {"width": 64, "padded": True, "batch_norm": True, "upsampling": "bilinear", "classes": 2}
        | {"input": (3, 512, 512)},
        17263042,
        8832,
        159937200128,
        (2, 512, 512),
    ),
    ({"width": 8, "upsampling": "bilinear", "classes": 2, "input": (1, 188, 204)}, 270210, 0, 104064032, (2, 4, 20)),
    (
        {"width": 12, "depth": 2, "upsampling": "bilinear", "batch_norm": True, "classes": 3, "input": (2, 52, 56)},
        36903,
        360,
        10418976,
        (3, 12, 16),
    ),
    ({"width": 6, "depth": 3, "kernel_size": 5, "classes": 2, "input": (1, 184, 184)}, 177518, 0, 107430240, (2, 8, 8)),
]


@pytest.mark.parametrize(("settings", "params", "buffers", "macs", "output"), MEASURED)
def test_other_values_as_pytorch_counts_them(
    settings: dict[str, Any], params: int, buffers: int, macs: int, output: tuple[int, ...]
) -> None:
    net = unet(**settings)
    assert (net.params, net.buffers, net.macs, net.output) == (params, buffers, macs, output)
    assert net.conditions == ()
    symbols = {"width": w, "classes": K, "input": (settings["input"][0], H, W)}
    values = {w: settings["width"], K: settings["classes"], H: settings["input"][1], W: settings["input"][2]}
    formula = unet(**settings | symbols)
    assert formula.at(values).macs == macs


def test_it_takes_what_pytorch_takes() -> None:
    """For kernels of 5 and three poolings, the heights from 160 to 260 that the code for ``MEASURED`` takes."""
    net = unet(depth=3, kernel_size=5)

    def taken(height: int) -> bool:
        try:
            by_condition = bool(net.at(H=height).output)
        except SymcnnError:
            by_condition = False
        try:
            by_shape = bool(net.on((1, height, W)).output)
        except SymcnnError:
            by_shape = False
        assert by_condition == by_shape
        return by_shape

    assert [height for height in range(160, 261) if taken(height)] == list(range(184, 261, 8))


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"upsampling": "nearest"}, "upsampling must be 'transposed' or 'bilinear', got 'nearest'"),
        ({"depth": 0}, "depth must be a positive number, got 0"),
        ({"depth": m}, "depth must be a positive number, got m"),
        ({"depth": True}, "depth must be a positive number, got True"),
    ],
)
def test_the_whole_message(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(SymcnnError) as raised:
        unet(**settings)
    assert str(raised.value) == message
