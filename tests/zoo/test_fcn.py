"""FCN in formulas, and against figures measured with torchvision."""

from __future__ import annotations

import pytest

import symcnn as sc
from symcnn.zoo.fcn import fcn

n, w, K, H, W = sc.dims("n w K H W")
SMALL = (1, 2, 2, 1)


def test_formulas() -> None:
    net = fcn()
    assert str(net.params) == "12*K*w + 2*K + 8604*w**2 + 1001*w"
    assert str(net.buffers) == "854*w"
    eighths = net.on((3, 8 * H, 8 * W))
    assert str(eighths.macs) == "12*H*K*W*w + 8784*H*W*w**2 + 2352*H*W*w"
    assert eighths.conditions == ()


def test_outputs_are_as_large_as_the_input_whatever_that_is() -> None:
    net = fcn(classes=21)
    for shape in ((3, H, W), (3, 97, 130), (3, 1, 1)):
        output = net.on(shape).output
        assert output["out"] == output["aux"] == (21, *shape[1:])
    assert fcn(auxiliary=False).output == (K, H, W)


# _fcn_resnet(ResNet(Bottleneck, [1, 2, 2, 1], replace_stride_with_dilation=[False, True, True]), 5, aux), on 3x97x130.
@pytest.mark.parametrize(
    ("auxiliary", "params", "buffers", "macs"),
    [(True, 21215050, 25472, 4775103424), (False, 18853957, 24960, 4253416128)],
)
def test_other_values_as_torchvision_counts_them(auxiliary: bool, params: int, buffers: int, macs: int) -> None:
    net = fcn(SMALL, 64, auxiliary=auxiliary, classes=5, input=(3, 97, 130))
    assert (net.params, net.buffers, net.macs) == (params, buffers, macs)
    formula = fcn(SMALL, auxiliary=auxiliary)
    assert formula.at(w=64, K=5, H=97, W=130).macs == macs


@pytest.mark.parametrize("depth", range(1, 7))
def test_a_symbolic_depth_is_that_many_blocks(depth: int) -> None:
    net, blocks = fcn((1, 1, n, 1)), fcn((1, 1, depth, 1))
    for quantity in ("params", "buffers", "macs"):
        assert (getattr(net, quantity).subs(n, depth) - getattr(blocks, quantity)).expand() == 0
    assert net.at(n=depth).output == blocks.output


def test_dilation_keeps_the_map_and_widens_what_is_seen() -> None:
    """By hand for blocks 3, 4, 6, 3: steps of 8 places from the third stage on, dilated by 2, then by 4."""
    net = fcn()
    features = sc.Sequential(net["backbone_low"], net["backbone_high"]).on((3, 8 * H, 8 * W))
    assert features.output == (32 * w, H, W)
    seen = 11 + 3 * 2 * 4 + (2 * 4 + 3 * 2 * 8) + (2 + 5 * 4) * 8 + (4 + 2 * 8) * 8
    assert features.receptive_field == (seen, seen)
