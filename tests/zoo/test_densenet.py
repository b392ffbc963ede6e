"""DenseNet in formulas; every depth is that many layers."""

from __future__ import annotations

from typing import Any

import pytest
from sympy import Rational

import symcnn as sc
from symcnn.errors import SizeError
from symcnn.zoo.densenet import densenet

n, g, C, K, H, W = sc.dims("n g C K H W")
k = sc.dims("k", odd=True)
theta = sc.ratio("theta")


def test_formulas() -> None:
    assert str(densenet().params) == "32*K*g + K + 6700*g**2 + 2908*g"
    assert str(densenet().buffers) == "2614*g"
    assert str(densenet(growth=g, width=C, blocks=(n,)).params) == (
        "C*K + 4*C*g*n + 2*C*n + 151*C + K*g*n + K + 2*g**2*n**2 + 34*g**2*n + g*n**2 + 9*g*n"
    )


@pytest.mark.parametrize("depth", range(1, 13))
def test_a_symbolic_depth_is_that_many_layers(depth: int) -> None:
    formulas, numbers = densenet((1, n, 2)), densenet((1, depth, 2))
    values = {g: 4, K: 3, H: 97, W: 70}
    for quantity in ("params", "buffers", "macs", "activations"):
        formula, count = getattr(formulas, quantity), getattr(numbers, quantity)
        known = {symbol: v for symbol, v in (values | {n: depth}).items() if symbol in formula.free_symbols}
        same = {symbol: v for symbol, v in values.items() if symbol in count.free_symbols}
        assert sc.evaluate(formula, known) == sc.evaluate(count, same), quantity


def test_parameters_are_quadratic_in_depth() -> None:
    params = densenet((n,)).params
    assert params.diff(n, 3) == 0
    assert params.diff(n, 2).factor() == 2 * g * (2 * g + 1)


def test_compression_is_exact() -> None:
    """Half of an odd number of channels is rounded down."""
    odd = densenet((1, 1), 3, 4)
    assert odd["features.transition1.conv"].out_channels == 3
    net = densenet((2, 2), 4, compression=theta)
    assert net.at({theta: Rational(1, 2)}).params == densenet((2, 2), 4).params
    assert net.at({theta: Rational(3, 4)})["features.transition1.conv"].out_channels == 12


def test_the_paper_without_its_bottlenecks() -> None:
    """G. Huang et al., table 2: L = 40 and k = 12 without bottlenecks or compression, 1.0 million."""
    net = densenet((12, 12, 12), 12, 16, bn_size=None, compression=1, classes=10, input=(3, 32, 32))
    assert round(int(net.params) / 1e6, 1) == 1.0
    assert net[:1].output == (448, 2, 2)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (
            lambda: densenet((6, 0)),
            "depth must be a positive integer or an expression in symbols from dims(), got 0",
        ),
        (
            lambda: densenet(compression=0.5),
            "compression must be a positive rational number or an expression in symbols from ratio() and dims(), "
            "got 0.5; Fraction('0.5') is exact",
        ),
    ],
)
def test_the_whole_message(wrong: Any, message: str) -> None:
    with pytest.raises(SizeError) as caught:
        wrong()
    assert str(caught.value) == message
