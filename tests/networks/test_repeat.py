"""A layer many times in a row: the closed forms, against unrolled networks and by themselves."""

from __future__ import annotations

from typing import Any

import pytest
import sympy
from sympy import Integer, Sum, Symbol

import symcnn as sc
from symcnn import Parallel, Repeat, Residual, Sequential, Shape, dims
from symcnn.errors import SymcnnError

C, H, W, g, m, n, w = dims("C H W g m n w")
i, j = (Symbol(name, integer=True, nonnegative=True) for name in "ij")

DENSE = Parallel(sc.Identity(), Sequential(sc.BatchNorm2d(), sc.Conv2d(g, 3, padding=1, bias=False)), join="concat")
BODIES: dict[str, tuple[sc.Layer, Symbol | None, tuple[Any, ...]]] = {
    "stays": (Residual(Sequential(sc.Conv2d(w, 3, padding=1, bias=False), sc.BatchNorm2d())), None, (w, H, W)),
    "sets its width": (Sequential(sc.Conv2d(w, 3, padding=1), sc.BatchNorm2d()), None, (3, H, W)),
    "grows": (DENSE, None, (C, H, W)),
    "doubles by itself": (Parallel(sc.Identity(), sc.Conv2d(g, 1), sc.Identity(), join="concat"), None, (C, H, W)),
    "grows its map": (sc.Conv2d(w, 1, padding=2), None, (w, H, W)),
    "shrinks": (sc.Conv2d(w, (3, 2)), None, (w, H, W)),
    "halves": (sc.Conv2d(w, 3, stride=2, padding=1), None, (w, H, W)),
    "halves, other width first": (sc.Conv2d(w, 2, stride=2), None, (3, H, W)),
    "a third": (Sequential(sc.Conv2d(w, 3, padding=1), sc.MaxPool2d(3)), None, (3, H, W)),
    "a seventh of one side": (sc.AvgPool2d((7, 1), ceil_mode=True), None, (w, H, W)),
    "doubles as VGG does": (Sequential(sc.Conv2d(w * 2**i, 3, padding=1), sc.MaxPool2d(2)), i, (3, H, W)),
    "widens as PyramidNet does": (sc.Conv2d(w + g * (i + 1), 3, padding=1), i, (w, H, W)),
    "widens quadratically": (Sequential(sc.Conv2d(w + i**2, 1), sc.BatchNorm2d()), i, (w, H, W)),
    "a kernel for each": (sc.Conv2d(w, 2 * i + 1, padding=i), i, (w, H, W)),
    "nests": (Sequential(Repeat(DENSE, 3), sc.Conv2d(w, 1), sc.AvgPool2d(2)), None, (w, H, W)),
    "nests, both counting": (Repeat(sc.Conv2d(w + i * j, 1), 3, index=i), j, (w, H, W)),
    "separable, doubling": (sc.SeparableConv2d(w * 2**i, 3, padding=1), i, (3, H, W)),
    "as MobileNet widens": (Sequential(sc.DepthwiseConv2d(3, padding=1), sc.Conv2d(w * (i + 1), 1)), i, (3, H, W)),
    "a depthwise multiplier": (sc.DepthwiseConv2d(3, padding=1, multiplier=2), None, (C, H, W)),
    "gated and widened": (Sequential(sc.SqueezeExcitation(2), sc.Conv2d(w * (i + 1), 1)), i, (w, H, W)),
    "dilates": (sc.Conv2d(w, 3, dilation=i + 1, padding=1), i, (3, H, W)),
    "shares": (Sequential(sc.Shared(sc.Conv2d(w, 3, padding=1)), sc.Conv2d(w, 1)), None, (w, H, W)),
}
VALUES = {w: 3, g: 2, C: 4, H: 9000, W: 12345}


def figures(profile: sc.Profile, values: dict[Any, int]) -> tuple[Any, ...]:
    """Totals, output and receptive field in numbers."""
    field = () if any(window.whole for window in profile.windows) else tuple(profile.receptive_field)
    exprs = [profile.params, profile.buffers, profile.macs, *profile.operations.values(), *profile.output, *field]
    return tuple(sc.evaluate(expr, values) for expr in exprs)


@pytest.mark.parametrize("name", BODIES)
def test_the_closed_form_equals_the_unrolled_network(name: str) -> None:
    body, index, shape = BODIES[name]
    closed = Repeat(body, n, index=index).on(shape)
    deepest = 4 if name in ("a seventh of one side",) else 8 if name == "a third" else 12
    for depth in range(1, deepest + 1):
        layers = [body.substituted({index: Integer(t)}) if index else body for t in range(depth)]
        unrolled = figures(Sequential(*layers).on(shape), VALUES)
        assert figures(closed, {**VALUES, n: depth}) == unrolled
        assert figures(Repeat(body, depth, index=index).on(shape), VALUES) == unrolled


@pytest.mark.parametrize("name", BODIES)
def test_never_is_nothing(name: str) -> None:
    body, index, shape = BODIES[name]
    profile = Repeat(body, 0, index=index).on(shape)
    assert (profile.params, profile.macs, profile.output) == (0, 0, Shape(*shape))


@pytest.mark.parametrize("name", BODIES)
def test_a_depth_that_is_put_in_is_the_depth(name: str) -> None:
    body, index, shape = BODIES[name]
    net = Repeat(body, n, index=index, input=shape)
    numbers = net.at({s: VALUES[s] for s in net.symbols if s != n}, n=4)
    assert figures(numbers.profile, {}) == figures(Repeat(body, 4, index=index).on(shape), VALUES)


# What a user types.


def test_totals_are_multiples_of_the_depth() -> None:
    block = Residual(
        Sequential(
            sc.Conv2d(w, 3, padding=1, bias=False),
            sc.BatchNorm2d(),
            sc.ReLU(),
            sc.Conv2d(w, 3, padding=1, bias=False),
            sc.BatchNorm2d(),
        )
    )
    assert str(Repeat(block, n).on((w, H, W)).params) == "n*(18*w**2 + 4*w)"


def test_one_time_alone_has_its_own_window() -> None:
    net = Repeat(sc.Conv2d(4, 3, dilation=i + 1), 2, index=i, input=(3, H, W))
    assert net.receptive_field == (7, 7)
    assert Repeat(sc.Conv2d(4, i + 1, padding=i), 2, index=i, input=(3, H, W)).offset == (-sympy.S.Half, -sympy.S.Half)


def test_sizes_that_nest_too_deeply_are_refused() -> None:
    with pytest.raises(SymcnnError, match="layers the sizes are nested too deeply; put numbers in for them"):
        Repeat(sc.Upsample(scale_factor=sympy.Rational(3, 2)), 900).on((3, H, W))


def test_a_dense_block_is_quadratic_in_depth() -> None:
    layer = Sequential(
        sc.BatchNorm2d(),
        sc.ReLU(),
        sc.Conv2d(4 * g, 1, bias=False),
        sc.BatchNorm2d(),
        sc.ReLU(),
        sc.Conv2d(g, 3, padding=1, bias=False),
    )
    profile = Repeat(Parallel(sc.Identity(), layer, join="concat"), n).on((C, H, W))
    assert profile.params == n * (4 * C * g + 2 * C + 2 * g**2 * n + 34 * g**2 + g * n + 7 * g)
    assert profile.output == Shape(C + g * n, H, W)
    assert sympy.degree(profile.params.expand(), n) == 2


def test_a_stage_of_vgg_is_geometric_in_depth() -> None:
    stage = Sequential(sc.Conv2d(w * 2**i, 3, padding=1), sc.ReLU(), sc.MaxPool2d(2))
    profile = Repeat(stage, n, index=i).on((3, H, W))
    assert profile.params == 2**n * w + sympy.Rational(3, 2) * 4**n * w**2 - 6 * w**2 + 26 * w
    assert profile.output == Shape(2 ** (n - 1) * w, sc.FloorDiv(H, 2**n), sc.FloorDiv(W, 2**n))


def test_widening_is_cubic_in_depth() -> None:
    params = Repeat(sc.Conv2d(w + g * (i + 1), 3, padding=1), n, index=i).on((w, H, W)).params
    assert sympy.degree(params.expand(), n) == 3
    assert not params.has(Sum)


def test_what_does_not_close_is_an_exact_sum() -> None:
    macs = Repeat(sc.Conv2d(w, 3, stride=3, padding=1), n).on((w, H, W)).macs
    assert macs.has(Sum)
    assert sc.evaluate(macs, n=3, w=1, H=20, W=20) == 9 * (7 * 7 + 3 * 3 + 1)


def test_depth_is_differentiated_and_solved_for() -> None:
    params = Repeat(DENSE, n).on((C, H, W)).params
    assert sympy.diff(params, n).expand() == (18 * C * g + 18 * g**2 * n - 9 * g**2 + 4 * C + 4 * g * n - 2 * g) / 2
    depth = sympy.Dummy(positive=True)
    roots = sympy.solve(params.subs({C: 8, g: 4, n: depth}) - 10_000, depth)
    assert [round(float(root), 3) for root in roots] == [10.068]


def test_symbols_and_weights_have_their_range() -> None:
    net = Sequential(sc.Conv2d(w, 1), Repeat(sc.Conv2d(w, 3, padding=1), n), input=(3, H, W))
    assert list(net.weights) == ["0.weight", "0.bias", "1.{i}.weight", "1.{i}.bias"]
    assert [str(over) for leaf in net.profile.leaves() for over in leaf.ranges] == ["i = 0, ..., n - 1"]
    assert net.symbols == (H, W, n, w)


def test_an_index_is_called_as_nothing_else_is() -> None:
    size = dims("i")
    net = Repeat(Repeat(sc.Conv2d(size, 3, padding=1), 3), n)
    assert list(net.on((size, H, W)).weights) == ["{l}.{j}.weight", "{l}.{j}.bias"]


def test_the_receptive_field_of_a_row() -> None:
    assert Repeat(sc.Conv2d(w, 3, padding=1), n).on((w, H, W)).receptive_field == (2 * n + 1, 2 * n + 1)
    halved = Repeat(sc.Conv2d(w, 3, stride=2, padding=1), n).on((w, H, W))
    assert halved.receptive_field == (2 * 2**n - 1, 2 * 2**n - 1)
    spread = Repeat(sc.Conv2d(w, 3, dilation=2**i, padding=2**i), n, index=i).on((w, H, W))
    assert spread.receptive_field == (2 * 2**n - 1, 2 * 2**n - 1)


def test_conditions_are_those_of_the_first_and_the_last() -> None:
    profile = Repeat(sc.Conv2d(w, 3), n).on((w, H, 50))
    assert [str(c) for c in profile.conditions] == ["H >= 2*n + 1", "n <= 24"]
    net = Repeat(sc.Conv2d(w, 3), n, input=(w, H, H))
    assert net.at(n=4, w=2, H=9).output == (2, 1, 1)
    with pytest.raises(SymcnnError, match=r"H = 8, n = 4 break the condition H >= 2\*n \+ 1"):
        net.at(n=4, w=2, H=8)


def test_a_depth_may_be_an_expression() -> None:
    net = Sequential(sc.Conv2d(w, 1), Repeat(sc.Conv2d(w, 1, bias=False), n - 1), input=(w, H, W))
    assert net.at(n=1, w=3, H=1, W=1).params == 12
    assert net.params == n * w**2 + w
    nested = Repeat(Repeat(sc.Conv2d(w, 1, bias=False), i + 1), n, index=i).on((w, H, W))
    assert nested.params == n * (n * w**2 / 2 + w**2 / 2)


@pytest.mark.parametrize("depth", [10, 10**6])
def test_a_depth_costs_nothing(depth: int) -> None:
    profile = Repeat(DENSE, depth).on((C, H, W))
    assert len(list(profile.leaves())) == 4
    assert profile.output == Shape(C + depth * g, H, W)


def test_sizes_without_a_law_are_unrolled_where_the_depth_is_a_number() -> None:
    body = sc.AvgPool2d(3, 2, ceil_mode=True)
    odd = Sequential(sc.Conv2d(2, (1, 2), padding=(0, 1)), sc.AdaptiveAvgPool2d((None, 5)), body)
    assert Repeat(odd, 3).on((2, 40, 41)).output == Sequential(odd, odd, odd).on((2, 40, 41)).output


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (
            lambda: Repeat(sc.Conv2d(5, 1, in_channels=3), n).on((3, H, W)),
            "Repeat(Conv2d(5, 1, in_channels=3), n): the body's output Shape(5, H, W) cannot be its next input: "
            "Conv2d(5, 1, in_channels=3): in_channels is 3, but the input Shape(5, H, W) has 5",
        ),
        (
            lambda: Repeat(Sequential(sc.Conv2d(4, 3), sc.Flatten()), 2).on((3, 8, 8)),
            "Repeat(Sequential(Conv2d(4, 3), Flatten()), 2): the body's output Shape(144) cannot be its next input: "
            "layer 0, Conv2d(4, 3): takes an input of shape (channels, height, width), got Shape(144)",
        ),
        (
            lambda: Repeat(sc.ReLU(), -1),
            "Repeat: n must be an integer of at least 0 or an expression in symbols from dims(), got -1",
        ),
        (
            lambda: Repeat(sc.ReLU(), 2.5),
            "Repeat: n must be an integer of at least 0 or an expression in symbols from dims(), got 2.5",
        ),
        (
            lambda: Repeat(sc.ReLU(), True),
            "Repeat: n must be an integer of at least 0 or an expression in symbols from dims(), got True",
        ),
        (
            lambda: Repeat(sc.Conv2d(w * 2**i, 1), n, index=i).on((i, H, W)),
            "size 0 of a shape must be made of symbols from dims(), got i: make i with dims('i')",
        ),
        (
            lambda: Repeat(sc.Conv2d(w * 2**i, 1), n, index=i).on((i + 1, H, W)),
            "Repeat(Conv2d(2**i*w, 1), n, index=i): index i is also a size: the input is Shape(i + 1, H, W)",
        ),
        (
            lambda: Repeat(sc.Conv2d(w, 1), i + 1, index=i),
            "Repeat: index i is also a size: n is i + 1",
        ),
        (
            lambda: Repeat(sc.Conv2d(w, 1), n, index=w),
            'Repeat: index must be a symbol that may be 0, sympy.Symbol("w", integer=True, nonnegative=True), got w',
        ),
        (
            lambda: Repeat(sc.Conv2d(w, 1), n, index="i"),
            'Repeat: index must be a symbol that may be 0, sympy.Symbol("i", integer=True, nonnegative=True), '
            "got 'i'",
        ),
        (
            lambda: Repeat(sc.Conv2d(w, 1), n, index=i, input=(w, H, W)).at({w: i + 1}),
            "index i is also a size: it is in the values that are put in",
        ),
        (
            lambda: Repeat(sc.ReLU, 3),
            "Repeat: body must be a layer, got <class 'symcnn.layers.activation.ReLU'>; write ReLU()",
        ),
    ],
)
def test_the_whole_message(build: Any, message: str) -> None:
    with pytest.raises(SymcnnError) as raised:
        build()
    assert str(raised.value) == message
