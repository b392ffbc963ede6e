"""ShuffleNet V2 in formulas, and against figures measured with torchvision."""

from __future__ import annotations

import pytest
from measured import figures

import symcnn as sc
from symcnn.errors import SymcnnError
from symcnn.zoo.shufflenet import shufflenet_v2

k = sc.dims("k", odd=True)
n, w, K, H, W = sc.dims("n w K H W")


def test_formulas() -> None:
    net = shufflenet_v2()
    assert str(net.params) == "1025*K + 219*w**2/4 + 4430*w + 3008"
    assert str(net.buffers) == "121*w + 2144"
    assert str(net.conditions) == "(2 | w,)"
    tiles = net.on((3, 32 * H, 32 * W))
    assert tiles.output == (K,)
    assert net["stage2"].on((24, 4 * H, 4 * W)).output == (w, 2 * H, 2 * W)


def test_half_of_the_channels_passes_by() -> None:
    block = shufflenet_v2(2 * w)["stage2.1"]
    # Three convolutions and their normalisations of w channels, and nothing for the other w.
    assert block.on((2 * w, H, W)).params == 2 * w**2 + 9 * w + 6 * w


def test_other_values_as_torchvision_counts_them() -> None:
    # ShuffleNetV2([2,3,2],[24,60,120,240,512]) on 3x224x224
    measured = (748804, 4780, 33476456, 809480)
    assert figures(shufflenet_v2(60, (2, 3, 2), last=512)) == measured
    formula = shufflenet_v2(blocks=(2, 3, 2), last=512)
    assert formula.at(w=60, K=1000).params == measured[0]


@pytest.mark.parametrize("depth", range(1, 6))
def test_a_symbolic_depth_is_that_many_blocks(depth: int) -> None:
    symbolic, unrolled = shufflenet_v2(blocks=(4, n, 4)), shufflenet_v2(blocks=(4, depth, 4))
    for quantity in ("params", "buffers", "macs", "activations"):
        formula = getattr(symbolic, quantity)
        assert n in formula.free_symbols
        assert (formula.subs(n, depth) - getattr(unrolled, quantity)).expand() == 0


def test_a_larger_kernel_costs_only_its_taps() -> None:
    taps = 24 + 4 * w / 2 + 9 * w + 5 * 2 * w
    assert (shufflenet_v2(kernel_size=k).params - shufflenet_v2().params - taps * (k**2 - 9)).expand() == 0


def test_an_odd_width_is_refused() -> None:
    with pytest.raises(SymcnnError, match=r"w = 115 breaks the condition 2 \| w"):
        shufflenet_v2().at(w=115)
