"""ResNet, ResNeXt and Wide ResNet in formulas; every depth is that many blocks."""

from __future__ import annotations

from typing import Any

import pytest

import symcnn as sc
from symcnn.errors import SizeError
from symcnn.zoo.resnet import resnet, resnet_cifar
from symcnn.zoo.resnet_v2 import resnet_v2, wide_resnet_cifar

n, m, w, C, d, K, H, W = sc.dims("n m w C d K H W")
k = sc.dims("k", odd=True)
POSITIVE = "a positive integer or an expression in symbols from dims()"
QUANTITIES = ("params", "buffers", "macs", "activations", "tensor_elements")


def test_formulas() -> None:
    net = sc.zoo.get_model("resnet50")
    assert str(net.params) == "32*K*w + K + 5724*w**2 + 977*w"
    assert str(net.buffers) == "830*w"
    assert net.conditions == ()
    whole = net.on((3, 32 * H, 32 * W))
    assert str(whole.macs) == "19776*H*W*w**2 + 37632*H*W*w + 32*K*w"
    assert str(sc.zoo.get_model("resnet18").params) == "8*K*w + K + 2724*w**2 + 297*w"
    assert str(resnet((3, n, 6, 3)).params) == "32*K*w + K + 68*n*w**2 + 24*n*w + 5452*w**2 + 881*w"
    assert resnet((n,), kernel_size=k, bottleneck=False)["layer1"].on((w, 8, 8)).params.subs(k, 3) == (
        resnet((n,), bottleneck=False)["layer1"].on((w, 8, 8)).params
    )


FAMILIES: dict[str, tuple[Any, dict[Any, int]]] = {
    "a stage of basic blocks": (lambda depth: resnet((2, depth, 1, 2), bottleneck=False), {w: 4, K: 3, H: 65, W: 70}),
    "the first stage of bottlenecks": (lambda depth: resnet((depth, 1, 1, 1)), {w: 4, K: 3, H: 65, W: 70}),
    "the last of ResNeXt": (
        lambda depth: resnet((1, 1, 2, depth), groups=C, group_width=d),
        {w: 4, C: 2, d: 3, K: 3, H: 65, W: 70},
    ),
    "wide": (lambda depth: resnet((1, depth, 1, 1), widening=m), {w: 4, m: 3, K: 3, H: 65, W: 70}),
    "for small images": (lambda depth: resnet_cifar(depth), {w: 4, K: 3, H: 33, W: 30}),
    "for small images, projected": (lambda depth: resnet_cifar(depth, shortcut="B"), {w: 4, K: 3, H: 33, W: 30}),
    "for small images, wide": (wide_resnet_cifar, {w: 4, m: 3, K: 3, H: 33, W: 30}),
}


@pytest.mark.parametrize("depth", range(1, 13))
@pytest.mark.parametrize("name", FAMILIES)
def test_a_symbolic_depth_is_that_many_blocks(name: str, depth: int) -> None:
    family, values = FAMILIES[name]
    formulas, numbers = family(n), family(depth).at(values)
    for quantity in QUANTITIES:
        formula = getattr(formulas, quantity)
        known = {symbol: value for symbol, value in (values | {n: depth}).items() if symbol in formula.free_symbols}
        assert sc.evaluate(formula, known) == getattr(numbers, quantity), quantity
    assert formulas.at(values | {n: depth}).output == numbers.output


@pytest.mark.parametrize("depth", range(2, 8))
def test_a_symbolic_depth_of_the_second_version(depth: int) -> None:
    formulas, numbers = resnet_v2((2, n, 2, 2)), resnet_v2((2, depth, 2, 2))
    for quantity in ("params", "buffers", "macs"):
        assert (getattr(formulas, quantity).subs(n, depth) - getattr(numbers, quantity)).expand() == 0


def test_parameters_are_linear_in_depth() -> None:
    params = resnet((n, n, n, n)).params
    assert params.diff(n).free_symbols == {w}
    assert params.diff(n, 2) == 0


def test_small_images_have_the_layers_of_the_paper() -> None:
    """Section 4.2: 0.27, 0.46, 0.66, 0.85 and 1.7 million parameters."""
    for depth, millions in ((20, 0.27), (32, 0.46), (44, 0.66), (56, 0.85), (110, 1.7)):
        net = sc.zoo.get_model(f"resnet{depth}_cifar")
        assert round(int(net.at(net.defaults).params) / 1e6, 2 if depth < 100 else 1) == millions


def test_a_wide_resnet_has_the_parameters_of_the_paper() -> None:
    """Table 4 of Zagoruyko and Komodakis: WRN-28-10 has 36.5 million, WRN-16-8 11.0."""
    for name, millions in (("wrn_28_10", 36.5), ("wrn_16_8", 11.0), ("wrn_40_4", 8.9)):
        net = sc.zoo.get_model(name)
        assert round(int(net.at(net.defaults).params) / 1e6, 1) == millions


def test_the_original_stride_costs_less() -> None:
    """K. He et al., table 1: 3.8 billion."""
    net = resnet(stride_in="1x1")
    assert net.at(net.defaults).macs == 3_857_973_248
    assert net.params == resnet().params


@pytest.mark.parametrize(
    ("name", "seen"),
    [("ResNet50", 483), ("ResNet50V2", 483), ("ResNet101V2", 1027), ("ResNet152V2", 1507), ("resnet50", 427)],
)
def test_what_the_last_map_sees(name: str, seen: int) -> None:
    """A. Araujo et al. (Distill, 2019), where the stride stands in front; torchvision has it later and sees less."""
    features = sc.zoo.get_model(name)[:8]
    assert features.receptive_field == (seen, seen)
    assert features.total_stride == (32, 32)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (lambda: resnet(stride_in="2x2"), "stride_in must be '1x1' or '3x3', got '2x2'"),
        (
            lambda: resnet((2, 2), bottleneck=False, groups=32, group_width=4),
            "a basic block has no middle to split or to widen, got groups=32, group_width=4 and widening=1",
        ),
        (
            lambda: resnet(replace_stride_with_dilation=(True,)),
            "replace_stride_with_dilation has a value for each stage but the first, 3, got (True,)",
        ),
        (lambda: resnet_cifar(shortcut="C"), "shortcut must be 'A' or 'B', got 'C'"),
        (lambda: resnet((3, 0, 6, 3)), f"depth must be {POSITIVE}, got 0"),
        (lambda: resnet((3, -1, 6, 3)), f"depth must be {POSITIVE}, got -1"),
        (lambda: resnet((3, 2.5, 6, 3)), f"depth must be {POSITIVE}, got 2.5"),
        (
            lambda: resnet_v2((1, 2, 2, 2)),
            "depth must be an integer of at least 2 or an expression in symbols from dims(), got 1",
        ),
    ],
)
def test_the_whole_message(wrong: Any, message: str) -> None:
    with pytest.raises(SizeError) as caught:
        wrong()
    assert str(caught.value) == message
