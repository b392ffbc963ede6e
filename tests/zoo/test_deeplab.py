"""DeepLab v3 and LR-ASPP in formulas, and against figures measured with torchvision."""

from __future__ import annotations

from typing import Any

import pytest
from sympy import Rational

import symcnn as sc
from symcnn.zoo.deeplab import deeplabv3, deeplabv3_mobilenet, lraspp

n, w, c, r, K, H, W = sc.dims("n w c r K H W")
SMALL = (1, 2, 2, 1)
AT = {"classes": 5, "input": (3, 97, 130)}


def test_formulas() -> None:
    """The pyramid's last 1×1 convolution is quadratic in its branches."""
    net = deeplabv3(channels=c, auxiliary=False)
    assert str(net.params) == "K*c + K + 14*c**2 + 928*c*w + 14*c + 5724*w**2 + 977*w"
    assert str(net.conditions) == "()"
    eighths = deeplabv3().on((3, 8 * H, 8 * W))
    assert eighths.output["out"] == eighths.output["aux"] == (K, 8 * H, 8 * W)
    assert eighths.conditions == ()


# _deeplabv3_resnet(ResNet(Bottleneck, [1, 2, 2, 1], replace_stride_with_dilation=[False, True, True]), 5, aux),
# with DeepLabHead(2048, 4, (6, 12)) in its place, deeplabv3_mobilenet_v3_large(num_classes=5, aux_loss=...),
# lraspp_mobilenet_v3_large(num_classes=5), and both on MobileNetV3(*_mobilenet_v3_conf("mobilenet_v3_large",
# width_mult=..., dilated=True)); all on 3x97x130.
MEASURED: list[tuple[Any, dict[str, Any], int, int, int]] = [
    (deeplabv3, {"blocks": SMALL, "width": 64}, 27901002, 28032, 6136789696),
    (deeplabv3, {"blocks": SMALL, "width": 64, "auxiliary": False}, 25539909, 27520, 5615102400),
    (
        deeplabv3,
        {"blocks": SMALL, "width": 64, "auxiliary": False, "rates": (6, 12), "classes": 4},
        20755012,
        27008,
        4557753536,
    ),
    (deeplabv3_mobilenet, {"width_mult": 1}, 11025040, 28004, 602471378),
    (deeplabv3_mobilenet, {"width_mult": 1, "auxiliary": False}, 11021365, 27984, 601664728),
    (deeplabv3_mobilenet, {"width_mult": Rational(1, 2)}, 5272972, 15948, 306251638),
    (deeplabv3_mobilenet, {"width_mult": Rational(3, 4)}, 7994434, 22016, 451114784),
    (deeplabv3_mobilenet, {"width_mult": Rational(3, 2)}, 18251754, 40368, 954220968),
    (lraspp, {"width_mult": 1}, 3218818, 24656, 118064896),
    (lraspp, {"width_mult": Rational(1, 2)}, 909642, 12608, 35292120),
    (lraspp, {"width_mult": Rational(3, 4)}, 1909802, 18672, 73463608),
    (lraspp, {"width_mult": Rational(3, 2)}, 6999354, 37008, 255642200),
]


@pytest.mark.parametrize(("family", "settings", "params", "buffers", "macs"), MEASURED)
def test_other_values_as_torchvision_counts_them(
    family: Any, settings: dict[str, Any], params: int, buffers: int, macs: int
) -> None:
    net = family(**AT | settings)
    assert (net.params, net.buffers, net.macs) == (params, buffers, macs)


@pytest.mark.parametrize("multiplier", [Rational(1, 2), Rational(3, 4), 1, Rational(3, 2)])
@pytest.mark.parametrize("family", [deeplabv3_mobilenet, lraspp])
def test_the_formula_in_the_multiplier_gives_the_numbers(family: Any, multiplier: Any) -> None:
    numbers, formula = family(multiplier, **AT), family(**AT).at(alpha=multiplier)
    assert (formula.params, formula.macs) == (numbers.params, numbers.macs)


@pytest.mark.parametrize("depth", range(1, 5))
def test_a_symbolic_depth_is_that_many_blocks(depth: int) -> None:
    net, blocks = deeplabv3((1, 1, n, 1)), deeplabv3((1, 1, depth, 1))
    for quantity in ("params", "buffers", "macs"):
        assert (getattr(net, quantity).subs(n, depth) - getattr(blocks, quantity)).expand() == 0


def test_rates_cost_nothing() -> None:
    """What a dilation changes is what is seen."""
    assert deeplabv3(rates=(r, r, 2 * r)).macs == deeplabv3().macs
    assert deeplabv3(rates=(r, r, 2 * r)).conditions == ()


def test_outputs_are_as_large_as_the_input_whatever_that_is() -> None:
    for net in (deeplabv3(classes=21), deeplabv3_mobilenet(1, classes=21)):
        for shape in ((3, H, W), (3, 97, 130), (3, 1, 1)):
            output = net.on(shape).output
            assert output["out"] == output["aux"] == (21, *shape[1:])
    assert lraspp(1).on((3, 33, 18)).output == (K, 33, 18)
