"""Xception in formulas, and against Keras's figures."""

from __future__ import annotations

import pytest
from measured import figures, keras

import symcnn as sc
from symcnn.zoo.xception import xception

k = sc.dims("k", odd=True)
n, w, K, H, W = sc.dims("n w K H W")


def test_formulas() -> None:
    net = xception()
    assert str(net.params) == "2049*K + 26*w**2 + 2859*w + 4946016"
    assert str(net.buffers) == "56*w + 13760"
    assert net.output == (K,)


def test_published() -> None:
    """22,910,480 parameters in Keras's summary, which counts the buffers in."""
    net = sc.zoo.get_model("Xception")
    assert figures(net) == keras("Xception")["Xception"]
    published = net.at(net.defaults)
    assert published.params + published.buffers == 22910480


@pytest.mark.parametrize(("size", "macs"), [((225, 225), 4562868928), ((193, 257), 4469136512)])
def test_other_sizes(size: tuple[int, int], macs: int) -> None:
    assert xception(728, classes=1000, input=(3, *size)).macs == macs


@pytest.mark.parametrize("depth", range(1, 6))
def test_a_symbolic_depth_is_that_many_blocks(depth: int) -> None:
    symbolic, unrolled = xception(depth=n), xception(depth=depth)
    for quantity in ("params", "buffers", "macs", "activations"):
        formula = getattr(symbolic, quantity)
        assert n in formula.free_symbols
        assert (formula.subs(n, depth) - getattr(unrolled, quantity)).expand() == 0


def test_activations_stand_where_keras_has_them() -> None:
    """35 of them: the first block comes behind one, so it does not begin with one."""
    published = xception(728, classes=1000, input=(3, 299, 299)).profile
    assert [repr(leaf.profile.source) for leaf in published.leaves()].count("ReLU()") == 35


def test_a_block_of_the_middle_flow_is_three_separable_convolutions() -> None:
    assert xception(depth=n).params.coeff(n) == 3 * (w**2 + 9 * w + 2 * w)


def test_the_separable_convolutions_have_the_kernel() -> None:
    taps = 64 + 128 + 128 + 256 + 256 + w + 8 * 3 * w + 2 * w + 1024 + 1536
    assert (xception(kernel_size=k).params - xception().params - taps * (k**2 - 9)).expand() == 0


def test_the_receptive_field_of_the_entry() -> None:
    entry = xception()["entry_flow"].on((3, H, W))
    assert entry.receptive_field == (91, 91)
    assert [window.stride for window in entry.windows] == [16, 16]
