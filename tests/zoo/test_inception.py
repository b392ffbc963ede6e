"""GoogLeNet, Inception v3 and SqueezeNet in formulas, and their auxiliary heads."""

from __future__ import annotations

from typing import Any

import pytest

import symcnn as sc
from symcnn.errors import ConditionError
from symcnn.zoo.googlenet import googlenet
from symcnn.zoo.inception import inception_v3
from symcnn.zoo.squeezenet import squeezenet

n, s, e, w, K, H, W = sc.dims("n s e w K H W")
k = sc.dims("k", odd=True)


def test_formulas() -> None:
    assert str(googlenet().params) == "128*K*w + K + 87124*w**2 + 2996*w"
    assert str(inception_v3(auxiliary=False).params) == "128*K*w + K + 84962*w**2 + 2206*w"
    assert str(inception_v3(scale=False, auxiliary=False).params) == "128*K*w + K + 84962*w**2 + 1130*w"
    assert str(squeezenet().params) == "8*K*e + K + 700*e*s + 40*e + 116*s + 14208"
    assert str(squeezenet(kernel_size=k).params.coeff(k, 2)) == "60*e*s"


# torchvision.models.GoogLeNet(num_classes=1000, aux_logits=True, init_weights=False): parameters.
def test_auxiliary_heads_are_weights_and_no_work() -> None:
    net, plain = googlenet(auxiliary=True), googlenet()
    assert net.at(net.defaults).params == 13_004_888
    assert net.at(net.defaults).macs == plain.at(plain.defaults).macs == 1_498_376_192
    assert {name.split(".")[0] for name in net.weights} - {name.split(".")[0] for name in plain.weights} == {
        "aux1",
        "aux2",
    }
    net, plain = inception_v3(), inception_v3(auxiliary=False)
    assert net.macs == plain.macs
    assert net.conditions == plain.conditions
    assert net.at(net.defaults).params - plain.at(plain.defaults).params == 27_161_264 - 23_834_568


def test_training_needs_a_map_that_the_head_can_take() -> None:
    net = inception_v3()
    small = net.at(net.defaults | {H: 225, W: 225})
    assert small.macs == 2_844_168_704
    with pytest.raises(ConditionError) as caught:
        _ = small.training_macs
    message = (
        "layer AuxLogits.head.conv1.conv, Conv2d(768, 5, bias=False): kernel_size 5 is larger than the padded input 3"
    )
    assert str(caught.value) == message


@pytest.mark.parametrize("depth", range(1, 7))
def test_a_symbolic_depth_is_that_many_modules(depth: int) -> None:
    for formulas, numbers in (
        (inception_v3(depths=(n + 1, 2)), inception_v3(depths=(depth + 1, 2))),
        (inception_v3(depths=(2, n)), inception_v3(depths=(2, depth))),
    ):
        for quantity in ("params", "buffers", "macs"):
            assert (getattr(formulas, quantity).subs(n, depth) - getattr(numbers, quantity)).expand() == 0


def test_the_last_module_of_the_first_size_is_wider_than_the_first() -> None:
    """So a depth that is a symbol is at least 2 there."""
    assert str(inception_v3(depths=(n, 2)).conditions) == "(H >= 75, W >= 75, n >= 2)"
    assert (
        inception_v3(depths=(1, 2)).at(w=16, K=10, H=299, W=299).params
        < inception_v3().at(w=16, K=10, H=299, W=299).params
    )


def test_modules_are_named_as_torchvisions() -> None:
    names = [name for name, _ in inception_v3().children if name.startswith("Mixed")]
    assert names == [f"Mixed_{end}" for end in ("5b", "5c", "5d", "6a", "6b", "6c", "6d", "6e", "7a", "7b", "7c")]
    assert [name for name, _ in inception_v3(depths=(30, 2)).children if name.startswith("Mixed_5")][-1] == "Mixed_529"


def test_kernels_of_the_paper() -> None:
    """C. Szegedy et al. (2014) have 5×5 where torchvision's code has 3×3."""
    paper, code = googlenet(kernel_sizes=(3, 5)), googlenet()
    fives = sum(a * b for a, b in ((2, 4), (4, 12), (2, 6), (3, 8), (3, 8), (4, 8), (4, 16), (4, 16), (6, 16)))
    assert (paper.params - code.params).expand() == 16 * fives * w**2
    assert paper.output == code.output == (K,)


def test_what_the_last_map_sees() -> None:
    """A. Araujo et al., Computing Receptive Fields of Convolutional Neural Networks (Distill, 2019)."""
    assert inception_v3()[:-4].receptive_field == (1311, 1311)


def test_a_bypass_costs_nothing() -> None:
    plain, bypass = squeezenet(), squeezenet(bypass=True)
    assert plain.params == bypass.params
    assert bypass.operations.keys() - plain.operations.keys() == {"add"}


def test_squeezing_is_what_saves() -> None:
    """F. N. Iandola et al., table 2: 50 times fewer parameters than AlexNet, in 4.8 MB."""
    net, alexnet = sc.zoo.get_model("squeezenet1_0"), sc.zoo.get_model("alexnet")
    assert 48 < alexnet.at(alexnet.defaults).params / net.at(net.defaults).params < 50
    assert round(int(net.at(net.defaults).memory(batch=1).weights) / 2**20, 1) == 4.8


@pytest.mark.parametrize("family", [googlenet, inception_v3, squeezenet])
def test_numbers_and_formulas_agree(family: Any) -> None:
    net = family()
    values = {symbol: value // 2 for symbol, value in net.defaults.items()} | {H: 117, W: 131}
    numbers = net.at(values)
    for quantity in ("params", "buffers", "macs", "activations"):
        formula = getattr(net, quantity)
        known = {symbol: v for symbol, v in values.items() if symbol in formula.free_symbols}
        assert sc.evaluate(formula, known) == getattr(numbers, quantity)
