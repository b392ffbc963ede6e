"""Weights that are used more than once."""

from __future__ import annotations

from typing import Any

import pytest
from sympy import Symbol

import symcnn as sc
from symcnn import Repeat, Sequential, Shared, dims
from symcnn.errors import SymcnnError

C, H, W, m, n, w = dims("C H W m n w")
i = Symbol("i", integer=True, nonnegative=True)
CONV = Shared(sc.Conv2d(w, 3, padding=1))


def test_weights_count_once_and_work_counts_every_time() -> None:
    profile = Sequential(CONV, sc.ReLU(), CONV).on((w, H, W))
    assert profile.params == 9 * w**2 + w
    assert profile.macs == 18 * H * W * w**2
    assert list(profile.weights) == ["0.weight", "0.bias"]


def test_one_set_serves_every_repetition() -> None:
    profile = Repeat(CONV, n).on((w, H, W))
    assert profile.params == 9 * w**2 + w
    assert profile.macs == 9 * H * W * n * w**2


def test_weights_that_no_use_may_be_there_for() -> None:
    """A depth of ``n - 1`` may be 0; another use that is always there settles it."""
    often, other = Repeat(CONV, n - 1), Repeat(CONV, m - 1)
    each = 9 * w**2 + w
    for net, there in (
        (Shared(often), lambda a, b: a > 1),
        (Shared(Sequential(Repeat(CONV, 3), Repeat(CONV, m))), lambda a, b: True),
        (often, lambda a, b: a > 1),
        (Sequential(often, other), lambda a, b: a > 1 or b > 1),
        (Repeat(Sequential(often, sc.ReLU()), m - 1), lambda a, b: a > 1 and b > 1),
        (Sequential(often, CONV), lambda a, b: True),
    ):
        params = net.on((w, H, W)).params
        for a, b in ((1, 1), (1, 2), (2, 1), (3, 2)):
            assert (params.subs({n: a, m: b}) - each * int(there(a, b))).expand() == 0


def test_a_network_is_shared_as_a_whole() -> None:
    tower = Shared(Sequential(sc.Conv2d(8, 3), sc.BatchNorm2d(), Repeat(sc.Conv2d(8, 1), n)))
    twins = sc.Graph(
        {"a": (tower, "left"), "b": (tower, "right"), "both": ("concat", "a", "b")}, inputs=("left", "right")
    )
    alone, both = tower.on((3, H, W)), twins.on({"left": (3, H, W), "right": (3, H, W)})
    assert both.params == alone.params
    assert both.buffers == alone.buffers == 16
    assert both.macs == (2 * alone.macs).expand()


def test_a_name_makes_another_set() -> None:
    other = Shared(CONV.layer, name="other")
    assert Sequential(CONV, other, CONV, other).on((w, H, W)).params == 2 * (9 * w**2 + w).expand()


def test_left_out_sizes_are_the_same_wherever_it_stands() -> None:
    net = Sequential(Shared(sc.Conv2d(padding="same")), sc.ReLU(), Shared(sc.Conv2d(padding="same")))
    assert [symbol.name for symbol in net.symbols] == ["C_in", "C_out_shared", "H", "W", "k_h_shared", "k_w_shared"]
    assert str(net.params) == "C_in*C_out_shared*k_h_shared*k_w_shared + C_out_shared"


def test_uses_whose_widths_symbols_leave_open_are_a_condition() -> None:
    profile = Sequential(CONV, sc.Conv2d(C, 1), CONV).on((3, H, W))
    assert str(profile.conditions) in ("(C == 3,)", "(3 == C,)")


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (
            lambda: Sequential(CONV, sc.Conv2d(4, 1), CONV).on((8, H, W)),
            "layers 0 and 2 share their weights, but weight is Shape(w, 8, 3, 3) and Shape(w, 4, 3, 3)",
        ),
        (
            lambda: Repeat(sc.Parallel(sc.Identity(), CONV, join="concat"), n).on((3, H, W)),
            "layer {i}.1 shares its weights, but weight has another shape each time: Shape(w, i*w + 3, 3, 3)",
        ),
        (lambda: Shared(3), "Shared: layer must be a layer, got 3"),
        (lambda: Shared(sc.ReLU(), name=3), "Shared: name must be a text, got 3"),
    ],
)
def test_the_whole_message(build: Any, message: str) -> None:
    with pytest.raises(SymcnnError) as raised:
        build()
    assert str(raised.value) == message
