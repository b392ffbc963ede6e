"""Heads that training alone runs."""

from __future__ import annotations

from typing import Any

import pytest

import symcnn as sc
from symcnn import Auxiliary, Conv2d, Linear, Sequential
from symcnn.counting import conventions, count
from symcnn.errors import ConditionError, SizeError, SymcnnError
from symcnn.memory.stored import kept

H, W, w, n = sc.dims("H W w n")
HEAD = Auxiliary(Sequential(sc.AvgPool2d(5, 3), sc.AdaptiveAvgPool2d(1), sc.Flatten(), Linear(10)))
PLAIN = Sequential(Conv2d(w, 3), Conv2d(4, 1))
NET = Sequential(PLAIN[0], HEAD, PLAIN[1])


def test_a_head_has_weights_and_does_nothing_on_one_input() -> None:
    net, plain = NET.on((3, H, W)), PLAIN.on((3, H, W))
    assert (net.params - plain.params).expand() == 10 * w + 10
    for quantity in ("macs", "activations", "tensor_elements", "output", "operations", "receptive_field", "conditions"):
        assert getattr(net, quantity) == getattr(plain, quantity), quantity
    for one in conventions():
        assert count(net, one.name) == count(plain, one.name)


def test_a_head_works_in_training() -> None:
    net, plain = NET.on((3, H, W)), PLAIN.on((3, H, W))
    assert (net.training_macs - plain.training_macs).expand() == 3 * 10 * w
    assert (kept(net).activations - kept(plain).activations).expand() == w  # What the dense layer takes.
    assert HEAD.on((3, 8, 8)).training_macs == 10 * 3 * 2  # Its input has no gradient.


def test_it_stands_anywhere() -> None:
    inside = sc.Residual(Sequential(Conv2d(w, 3, padding=1), HEAD))
    assert sc.Repeat(inside, n).on((w, H, W)).params == n * (9 * w**2 + w + 10 * w + 10)
    assert NET.at(w=8).map(lambda layer: layer) == NET.at(w=8)
    assert NET["1.head.3"] == Linear(10)


def test_a_map_that_is_too_small_is_one_for_training_alone() -> None:
    small = NET.on((3, 6, 6))
    assert small.weights["1.head.3.weight"] == (10, w)
    assert small.macs == PLAIN.on((3, 6, 6)).macs
    for asked in (lambda: small.training_macs, lambda: kept(small)):
        with pytest.raises(ConditionError) as caught:
            asked()
        assert str(caught.value) == "layer 1.head.0, AvgPool2d(5, 3): kernel_size 5 is larger than the padded input 4"


def test_training_has_conditions_of_its_own() -> None:
    net = Sequential(Conv2d(8, 3), Auxiliary(Conv2d(4, 9)), input=(3, H, W))
    assert str(net.conditions) == "(H >= 3, W >= 3)"
    assert str(net.profile.training_conditions) == "(H >= 11, W >= 11)"
    assert net.function("macs")(H=5, W=5) == 3 * 3 * 3 * 8 * 9
    with pytest.raises(ConditionError, match=r"^H = 5 breaks the condition H >= 11 \(layer 1.head, Conv2d\(4, 9\)"):
        net.function("training_macs")(H=5, W=5)


def test_weights_that_depend_on_the_map_need_it_in_inference_too() -> None:
    net = Sequential(Conv2d(8, 3), Auxiliary(Sequential(Conv2d(4, 7), sc.Flatten(), Linear(10))))
    assert str(net.on((3, H, W)).conditions) == "(H >= 9, W >= 9)"


def test_a_head_in_a_repeat() -> None:
    block = Sequential(Conv2d(4, 3, padding=1, stride=2), Auxiliary(Conv2d(7, 9)))
    rows, repeated = Sequential(block, block).on((3, 41, 50)), sc.Repeat(block, 2).on((3, 41, 50))
    assert repeated.training_macs == rows.training_macs
    with pytest.raises(ConditionError) as caught:
        _ = sc.Repeat(block, 3).on((3, 41, 50)).training_macs
    assert str(caught.value).startswith("layer {i}.1: i = 2 breaks the condition 2**i <= 2 (Conv2d(7, 9)")
    formula = sc.Repeat(block, n).on((3, H, W))
    assert str(formula.training_conditions) == "(H >= 33, W >= 33, H >= 8*2**n + 1, W >= 8*2**n + 1)"


def test_the_first_weights_are_there_in_training() -> None:
    net = Sequential(sc.Repeat(Conv2d(4, 3, padding=1), n - 1), Conv2d(4, 3, padding=1), input=(4, 8, 8))
    assert str(net.profile.training_conditions) == "(n >= 2,)"
    assert net.function("training_macs")(n=3) == net.at(n=3).training_macs
    with pytest.raises(ConditionError, match=r"^n = 1 breaks the condition n >= 2"):
        net.function("training_macs")(n=1)
    assert net.at(n=1).training_macs == 2 * 9216
    assert "conditions: n ≥ 2" in str(net.memory())


def test_inference_needs_no_memory_of_a_head_that_cannot_run() -> None:
    memory = NET.at(w=8).with_input(sc.Shape(3, 6, 6)).memory(batch=1)
    assert memory.inference == memory.weights + 4 * (3 * 36 + 8 * 16)
    said = "layer 1.head.0, AvgPool2d(5, 3): kernel_size 5 is larger than the padded input 4"
    for asked in ("activations", "training"):
        with pytest.raises(ConditionError) as caught:
            getattr(memory, asked)
        assert str(caught.value) == said
    assert f"training: none: {said}" in memory.to_text(None)


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (
            lambda: Auxiliary(Linear),
            "Auxiliary: head must be a layer, got <class 'symcnn.layers.linear.Linear'>; write Linear()",
        ),
        (lambda: Auxiliary(3), "Auxiliary: head must be a layer, got 3"),
        (
            lambda: Auxiliary(Sequential(Conv2d(4, 9), sc.Flatten(), Linear(2))).on((3, 8, 8)),
            "layer head.0, Conv2d(4, 9): kernel_size 9 is larger than the padded input 8",
        ),
    ],
)
def test_the_whole_message(build: Any, message: str) -> None:
    with pytest.raises(SymcnnError) as caught:
        build()
    assert str(caught.value) == message
    assert isinstance(caught.value, SizeError | ConditionError)
