"""How fast formulas are as numbers, beside the same formulas written by hand.

Run with ``pytest tests/benchmarks --benchmark-enable``. The hand-written forms are what a person
writes in NumPy: ``textbook`` sums layer by layer, ``horner`` is factored by hand. Compare the rows
of one run; no time is asserted.
"""

import numpy as np
import pytest
import sympy as sp

from symcnn import FloorDiv, dims
from symcnn.numeric import as_function, evaluate

H, W, K, w = dims("H W K w")
POINTS = 10**6
CONVS = ((3, 1, 1), (1, 1, 1), (1, 2, 2), (2, 2, 2), (2, 4, 4), (4, 4, 4), (4, 4, 4), (4, 8, 8))
CONVS += ((8, 8, 8),) * 2 + ((8, 8, 16),) * 3
"""VGG-16's convolutions: input and output channels in ``w`` (the first has 3), and the total stride."""


def formula():
    maps = [9 * (3 if i == 0 else a * w) * b * w * FloorDiv(H, s) * FloorDiv(W, s) for i, (a, b, s) in enumerate(CONVS)]
    return sp.expand(sp.Add(*maps, 8 * w * 49 * 4096, 4096 * 4096, 4096 * K))


def textbook(H, K, W, w):
    """VGG-16's multiply-accumulates, layer by layer."""
    total = 0
    for i, (a, b, s) in enumerate(CONVS):
        channels = 3 if i == 0 else a * w
        total = total + 3 * 3 * channels * (b * w) * (H // s) * (W // s)
    return total + 8 * w * 7 * 7 * 4096 + 4096 * 4096 + 4096 * K


def horner(H, K, W, w):
    """The same, factored by hand."""
    full = H * W
    maps = 9 * full + 54 * ((H // 2) * (W // 2)) + 360 * ((H // 4) * (W // 4))
    maps = maps + 1440 * ((H // 8) * (W // 8)) + 1728 * ((H // 16) * (W // 16))
    return w * (w * maps + 27 * full + 1605632) + (4096 * K + 16777216)


MACS = formula()
COMPILED = as_function(MACS, where=[H >= 32, W >= 32])


def points(tied):
    """A million random pairs of resolution and width; ``tied`` gives H and W one array."""
    rng = np.random.default_rng(16)
    heights, widths = rng.integers(32, 1024, POINTS), rng.integers(1, 512, POINTS)
    return heights, 1000, heights if tied else 224, widths


@pytest.mark.parametrize("tied", [True, False])
@pytest.mark.parametrize("form", [COMPILED, textbook, horner], ids=["compiled", "textbook", "horner"])
def test_a_million_points(benchmark, form, tied):
    result = benchmark(form, *points(tied))
    np.testing.assert_array_equal(result, textbook(*points(tied)))


def test_a_grid_of_a_million_points(benchmark):
    heights, widths = np.arange(32, 1032), np.arange(1, 1001)[:, None]
    result = benchmark(COMPILED, heights, 1000, heights, widths)
    np.testing.assert_array_equal(result, horner(heights, 1000, heights, widths))


def test_points_past_int64(benchmark):
    heights = np.arange(10**6, 10**6 + 1000)
    assert benchmark(COMPILED, heights, 1000, heights, 10**9)[0] == textbook(10**6, 1000, 10**6, 10**9)


def test_one_point(benchmark):
    assert benchmark(COMPILED, w=64, H=224, W=224, K=1000) == 15470264320


def test_compiling(benchmark):
    benchmark(as_function, MACS, where=[H >= 32, W >= 32])


def test_compiling_two_thousand_terms(benchmark):
    symbols = dims(" ".join(f"n_{i}" for i in range(200)))
    terms = [(i + 1) * symbols[i % 200] * symbols[i * 7 % 199] * FloorDiv(symbols[i // 10], 3) for i in range(2000)]
    total = sp.Add(*terms)
    function = benchmark.pedantic(as_function, (total,), rounds=3)
    assert function(*[6] * 200) == 72 * 1000 * 2001


def test_evaluate_again(benchmark):
    assert benchmark(evaluate, MACS, {w: 64, H: 224, W: 224, K: 1000}) == 15470264320
