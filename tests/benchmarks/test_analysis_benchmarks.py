"""How fast formulas are explored, beside what one would do without them.

``pytest tests/benchmarks/test_analysis_benchmarks.py --benchmark-enable``; compare the rows of a group in
one run, no time is asserted. ``search`` is beside the bare NumPy evaluation of its two formulas, summed layer
by layer as a textbook does; the family of MobileNetV2 beside PyTorch built on the meta device and counted
with ``FlopCounterMode``, one configuration at a time.
"""

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import symcnn as sc

H, W, K, w = sc.dims("H W K w")
alpha = sc.ratio("alpha")
VGG = sc.zoo.get_model("vgg16")
BUDGETS = {"params": VGG.params <= 100_000_000, "macs": VGG.macs <= 5 * 10**9}
GRID = {w: range(1, 1001), H: range(32, 1032)}
CONVS = ((3, 1, 1), (1, 1, 1), (1, 2, 2), (2, 2, 2), (2, 4, 4), (4, 4, 4), (4, 4, 4), (4, 8, 8))
CONVS += ((8, 8, 8),) * 2 + ((8, 8, 16),) * 3
"""VGG-16's convolutions: input and output channels in ``w`` (the first has 3), and the total stride."""


def textbook() -> tuple[Any, Any]:
    """VGG-16's parameters and multiply-accumulates over the grid, layer by layer."""
    width, size = np.meshgrid(np.arange(1, 1001), np.arange(32, 1032), indexing="ij")
    params, macs = 0, 0
    for i, (a, b, s) in enumerate(CONVS):
        channels = 3 if i == 0 else a * width
        params = params + (3 * 3 * channels + 1) * (b * width)
        macs = macs + 3 * 3 * channels * (b * width) * (size // s) * (size // s)
    dense = 49 * 8 * width * 4096
    return params + dense + 4096 + (4096 + 1) * 4096 + (4096 + 1) * 1000, macs + dense + 4096 * 4096 + 4096 * 1000


def searched() -> Any:
    return sc.search(GRID, BUDGETS, at={W: H, K: 1000}, maximize={"macs": VGG.macs})


@pytest.mark.benchmark(group="a million configurations under two budgets")
@pytest.mark.parametrize("how", [searched, textbook], ids=["search", "formulas in NumPy"])
def test_a_million_configurations(benchmark: Any, how: Any) -> None:
    benchmark(how)
    params, macs = textbook()
    within = np.flatnonzero((params <= 100_000_000) & (macs <= 5 * 10**9))
    best = int(macs.ravel()[within].max())
    assert searched()[0]["macs"] == best


# The family of MobileNetV2.

MOBILE = sc.zoo.get_model("mobilenet_v2")
MULTIPLIERS = [Fraction(n, 100) for n in range(25, 225)]
SIZES = range(96, 596)


def family() -> Any:
    """All 100,000 configurations, exactly."""
    return sc.search({alpha: MULTIPLIERS, H: SIZES}, at={W: H, K: 1000}, maximize={"macs": MOBILE.macs}, top=1)


@pytest.mark.benchmark(group="the family of MobileNetV2")
def test_the_family_from_its_formula(benchmark: Any) -> None:
    found = benchmark(family)
    benchmark.extra_info["configurations"] = found.grid.size
    assert found.grid.size == 100_000


@pytest.mark.torch
@pytest.mark.benchmark(group="the family of MobileNetV2")
def test_one_of_the_family_in_pytorch(benchmark: Any) -> None:
    """One configuration; compare a hundred-thousandth of the row above."""
    pytest.importorskip("torch")
    macs = benchmark(counted_in_pytorch, 0.75, 160)
    benchmark.extra_info["configurations"] = 1
    assert macs == MOBILE.at({alpha: Fraction(3, 4), H: 160, W: 160, K: 1000}).macs


def counted_in_pytorch(multiplier: float, size: int) -> int:
    """Multiply-accumulates of MobileNetV2, built without weights and counted by PyTorch."""
    import torch
    from torch.utils.flop_counter import FlopCounterMode

    with torch.device("meta"):
        net, image = mobilenet(multiplier).eval(), torch.empty(1, 3, size, size)
        with FlopCounterMode(display=False) as counter:
            net(image)
    return counter.get_total_flops() // 2


def mobilenet(multiplier: float) -> Any:
    """MobileNetV2 in plain PyTorch (arXiv:1801.04381, table 2)."""
    from torch import nn

    def divisible(v: float) -> int:
        near = max(8, int(v + 4) // 8 * 8)
        return near + 8 if near < 0.9 * v else near

    def unit(before: int, after: int, kernel: int, stride: int = 1, groups: int = 1) -> list[Any]:
        conv = nn.Conv2d(before, after, kernel, stride, kernel // 2, groups=groups, bias=False)
        return [conv, nn.BatchNorm2d(after), nn.ReLU6()]

    class Block(nn.Module):
        def __init__(self, before: int, after: int, stride: int, expansion: int) -> None:
            super().__init__()
            inner = before * expansion
            layers = unit(before, inner, 1) if expansion > 1 else []
            layers += unit(inner, inner, 3, stride, inner) + unit(inner, after, 1)[:2]
            self.body, self.adds = nn.Sequential(*layers), stride == 1 and before == after

        def forward(self, x: Any) -> Any:
            return x + self.body(x) if self.adds else self.body(x)

    stages = ((1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1))
    width = divisible(32 * multiplier)
    layers = unit(3, width, 3, 2)
    for expansion, channels, times, stride in stages:
        after = divisible(channels * multiplier)
        for i in range(times):
            layers.append(Block(width, after, stride if i == 0 else 1, expansion))
            width = after
    last = divisible(1280 * max(1.0, multiplier))
    return nn.Sequential(*layers, *unit(width, last, 1), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(last, 1000))


# Single questions.


@pytest.mark.benchmark(group="largest under two budgets")
@pytest.mark.parametrize("budgets", ["the same", "others each time"])
def test_largest(benchmark: Any, budgets: str) -> None:
    count = iter(range(10**9))

    def ask() -> Any:
        more = 0 if budgets == "the same" else next(count)
        limits = {"params": VGG.params <= 50_000_000 + more, "macs": VGG.macs <= 2 * 10**9}
        return sc.largest(w, limits, at={H: 224, W: 224, K: 10}, step=8, where=VGG.conditions)

    ask()
    assert benchmark(ask).value == 16


DEEP = sc.zoo.get_model("vgg19")
QUESTIONS = {
    "increment": lambda: sc.increment(DEEP.macs, H),
    "elasticity": lambda: sc.elasticity(DEEP.macs, H),
    "leading_term": lambda: sc.leading_term(DEEP.macs, H),
    "relax": lambda: sc.relax(DEEP.macs),
    "drivers": lambda: sc.drivers(DEEP),
}


@pytest.mark.benchmark(group="VGG-19")
@pytest.mark.parametrize("question", QUESTIONS)
def test_questions_about_vgg19(benchmark: Any, question: str) -> None:
    DEEP.macs  # noqa: B018 - built before
    assert benchmark(QUESTIONS[question])
