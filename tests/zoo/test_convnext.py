"""ConvNeXt in formulas, and against figures measured with torchvision."""

from __future__ import annotations

from typing import Any

import pytest

import symcnn as sc
from symcnn.zoo.convnext import MODELS, convnext

k = sc.dims("k", odd=True)
n, w, K, H, W = sc.dims("n w K H W")


def test_formulas() -> None:
    net = convnext()
    assert str(net.params) == "8*K*w + K + 2976*w**2 + 4097*w"
    assert str(net.conditions) == "(H >= 32, W >= 32)"
    tiles = net.on((3, 32 * H, 32 * W))
    assert str(tiles.macs) == "9600*H*W*w**2 + 25416*H*W*w + 8*K*w"
    assert net.output == tiles.output == (K,)


# ConvNeXt([CNBlockConfig(32, 64, 2), CNBlockConfig(64, None, 3)], num_classes=10) and so on, on 3x70x129.
MEASURED: list[tuple[dict[str, Any], int, int]] = [
    ({"depths": (2, 3), "width": 32, "classes": 10}, 140266, 26290816),
    ({"depths": (1, 2, 4, 1, 2), "width": 24, "classes": 7}, 3473311, 28723584),
    ({"width": 96, "classes": 5}, 27823973, 734989056),
]


@pytest.mark.parametrize(("settings", "params", "macs"), MEASURED)
def test_other_values_as_torchvision_counts_them(settings: dict[str, Any], params: int, macs: int) -> None:
    net = convnext(**settings, input=(3, 70, 129))
    assert (net.params, net.buffers, net.macs) == (params, 0, macs)


def test_the_largest_as_keras_counts_it() -> None:
    """ConvNeXtXLarge, which torchvision does not have."""
    net = MODELS["ConvNeXtXLarge"]()
    published = net.at(net.defaults)
    assert (published.params, published.macs) == (350196968, 60921030656)


@pytest.mark.parametrize("depth", range(1, 6))
def test_a_symbolic_depth_is_that_many_blocks(depth: int) -> None:
    net, blocks = convnext((2, n, 1)), convnext((2, depth, 1))
    for quantity in ("params", "macs"):
        formula = getattr(net, quantity)
        assert n in formula.free_symbols
        assert (formula.subs(n, depth) - getattr(blocks, quantity)).expand() == 0
    assert net.at(n=depth).output == blocks.output


def test_a_larger_kernel_costs_only_its_taps() -> None:
    """Depthwise: one weight for each tap and channel."""
    net = convnext(kernel_size=k)
    assert (net.params - convnext().params).expand() == ((3 * 1 + 3 * 2 + 9 * 4 + 3 * 8) * w * (k**2 - 49)).expand()
    assert net.at(k=7).macs == convnext().macs
    assert net.output == (K,)
    assert str(net.conditions) == "(H >= 32, W >= 32)"
