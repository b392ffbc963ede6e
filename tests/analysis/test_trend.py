"""What is proved of a formula by its form, beside its values one after another."""

import random
from itertools import pairwise

import pytest
from sympy import Abs, Integer, Max, Min, Mod, Piecewise, Rational, Sum, Symbol

import symcnn as sc
from symcnn.analysis.proofs.trend import way_of
from symcnn.sizes import ceil_div

x, K, n = sc.dims("x K n")
alpha = sc.ratio("alpha")
i = Symbol("i", integer=True, nonnegative=True)


@pytest.mark.parametrize(
    ("formula", "first", "way"),
    [
        (x, 1, 1), (-x, 1, -1), (K, 1, 0), (Integer(3), 1, 0), (3 * x**2 + K * x, 1, 1), (64 / x, 1, -1),
        (x**2 - 20 * x, 1, None), (x**2 - 20 * x, 10, 1), (x**2 - 2 * x, 1, 1), (-(x**2) + 6 * x, 3, -1),
        (2**x - K, 1, 1), (Rational(1, 2) ** x, 1, -1), ((K + 1) ** x, 1, 1),
        (sc.FloorDiv(x - 1, 3) ** 2, 1, 1), (sc.FloorDiv(64, x), 1, -1), (ceil_div(K, x), 1, -1),
        (sc.FloorDiv(x, 2) ** 2 - sc.FloorDiv(x, 2), 2, 1), (x * sc.FloorDiv(9, x), 1, None),
        (sc.make_divisible(32 * alpha), 1, 0), (sc.make_divisible(x, 8), 1, 1), (sc.make_divisible(x, 8, 12), 1, None),
        (Mod(x, 3), 1, None), (Max(x, K), 1, 1), (Min(x, -x + 10), 1, None), (Max(-x, -K), 1, -1),
        (Abs(x - 5), 5, 1), (Abs(x - 5), 1, None), (Piecewise((1, x > 3), (2, True)), 1, None),
        (Sum(K * i + 1, (i, 0, x)), 1, 1), (Sum(sc.FloorDiv(x, i + 1), (i, 0, n)), 1, 1),
        (Sum(i - 3, (i, 0, x)), 1, None),
        (x - K, 1, 1), (K - x, 1, -1), (x * (x - K), 1, None), (x * K - 3 * x, 1, None), (1 / (x - 7), 1, None),
    ],
)  # fmt: skip
def test_ways(formula, first, way):
    assert way_of(formula, x, Integer(first)) == way


def test_multipliers():
    assert way_of(sc.make_divisible(32 * alpha), alpha, Rational(1, 20)) == 1
    assert way_of(sc.make_divisible(32 * alpha) * sc.FloorDiv(K, 2), alpha, Rational(1, 20)) == 1


def grown(rng, depth):
    """A random formula in ``x``."""
    if depth == 0:
        return rng.choice([x, x, Integer(rng.randint(-6, 9)), x**2, K])
    a, b = grown(rng, depth - 1), grown(rng, depth - 1)
    stride = rng.choice([2, 3, 5, 6, 7])
    return rng.choice(
        [
            lambda: a + b,
            lambda: a - b,
            lambda: a * b,
            lambda: sc.FloorDiv(a, stride) if a.is_integer else a,
            lambda: ceil_div(a, Integer(stride)) if a.is_integer else a,
            lambda: Max(a, b),
            lambda: Min(a, b),
            lambda: a**2,
            lambda: sc.FloorDiv(Integer(360), x) * a,
        ]
    )()


@pytest.mark.parametrize("seed", range(300))
def test_what_is_proved_is_so(seed):
    rng = random.Random(seed)
    formula, first = grown(rng, rng.randint(1, 3)), rng.randint(1, 9)
    way = way_of(formula, x, Integer(first))
    if way is None:
        return
    for value in (1, 2, 11):
        f = sc.as_function(formula.subs(K, value), [x]) if x in formula.free_symbols else (lambda _: 0)
        values = [f(size) for size in range(first, first + 120)]
        steps = [b - a for a, b in pairwise(values)]
        assert all(step * way >= 0 for step in steps) if way else not any(steps)


def test_all_of_the_zoo_is_proved_to_grow_where_it_is_a_network():
    for name in sc.zoo.list_models():
        net = sc.zoo.get_model(name)
        if name == "unet":  # It grows too, but the proof would need that its floors rest on each other.
            continue
        for symbol in net.symbols:
            least = net.defaults[symbol] if symbol.is_integer else Rational(1, 2)
            numbers = {s: v for s, v in net.defaults.items() if s != symbol}
            assert way_of(net.params.subs(numbers), symbol, Integer(least) if symbol.is_integer else least) in (0, 1)
