"""Receptive fields: what one output position sees of the input, behind several layers."""

from __future__ import annotations

from sympy import Expr

from ...layers import Conv2d, MaxPool2d
from ...networks import Sequential
from ..claim import Claim, Sizes
from ..draw import Draw
from ..mistakes import claims
from ..problem import Problem
from .words import listed

SIZES = Sizes()
INPUT = 128


def receptive_field(draw: Draw, level: int) -> Problem:
    """How much of the input's height a position sees behind two, or three, layers."""
    windows = [(draw.one_of((3, 5, 7)), draw.whole(1, 2)) for _ in range(level)]
    pooled = draw.whole(1, level - 1)
    windows.insert(pooled, (draw.whole(2, 3), 2))
    layers = [MaxPool2d(k, stride=s) if i == pooled else Conv2d(8, k, stride=s) for i, (k, s) in enumerate(windows)]
    net = Sequential(*layers, input=(3, INPUT, INPUT))
    answer: Expr = net.receptive_field[0]
    told = [f"{'MaxPool2d' if i == pooled else 'Conv2d'} {k}×{k} with stride {s}" for i, (k, s) in enumerate(windows)]
    question = (
        f"Layers in a row: {listed(told)}, no padding. How many rows of the input does one position of the last "
        "output see (its receptive field, along the height)?"
    )
    return Problem(
        question,
        "the receptive field along the height",
        "start from 1; each layer adds its kernel less 1, as often as the strides before it say",
        Claim(_grown(windows, _before(windows)), SIZES),
        answer,
        claims(_mistakes(windows), SIZES),
        lambda: net,
        lambda: net.explain("receptive_field"),
    )


def _mistakes(windows: list[tuple[int, int]]) -> dict[str, str]:
    kernels = [k for k, _ in windows]
    strides = _before(windows)
    own = [before * s for before, (_, s) in zip(strides, windows, strict=True)]
    return {
        "strides ignored": _grown(windows, [1] * len(windows)),
        "stride too early": _grown(windows, own),
        "first position forgotten": _grown(windows, strides).removeprefix("1 + "),
        "kernels added": " + ".join(map(str, kernels)),
        "kernels multiplied": "·".join(map(str, kernels)),
        "only the last kernel": str(kernels[-1]),
    }


def _before(windows: list[tuple[int, int]]) -> list[int]:
    """The strides before each layer, multiplied."""
    products = [1]
    for _, stride in windows[:-1]:
        products.append(products[-1] * stride)
    return products


def _grown(windows: list[tuple[int, int]], steps: list[int]) -> str:
    """From 1 on, each layer's kernel less 1 times a step."""
    return " + ".join(["1", *(f"({k} - 1)·{step}" for (k, _), step in zip(windows, steps, strict=True))])
