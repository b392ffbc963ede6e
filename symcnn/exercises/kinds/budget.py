"""The largest width under a budget of parameters."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import isqrt

from sympy import Expr, Integer

from ...layer import Layer
from ...layers import Conv2d, GlobalAvgPool, Linear
from ...networks import Sequential
from ...report.formulas.text import grouped
from ...report.worked import Derivation, Steps
from ...report.worked.tree import Leaf
from ..claim import Claim, Sizes
from ..draw import Draw
from ..mistakes import claims
from ..problem import Problem
from .layer import symbol

SIZES = Sizes()
ROUND = (1000, 500, 100, 50, 10, 1)
"""What budgets are multiples of, the roundest first."""

WIDEST = 10**6
"""Up to what a student's width is tried."""

w = symbol("w")


@dataclass(frozen=True)
class Family:
    """Networks of width w: two convolutions, the second ``wider`` times as wide, and a dense layer."""

    image: int
    k: int
    wider: int
    classes: int
    bias: bool = True

    @cached_property
    def params(self) -> Expr:
        """Their parameters, a polynomial in w."""
        return self.net(w).params.expand()

    def net(self, width: Expr) -> Layer:
        """One of them."""
        first = Conv2d(width, self.k, bias=self.bias)
        second = Conv2d(self.wider * width, self.k, bias=self.bias)
        head = Linear(self.classes, bias=self.bias)
        return Sequential(first, second, GlobalAvgPool(), head, input=(self.image, 32, 32))

    def at(self, width: int) -> int:
        """The parameters of one of them."""
        return int(self.params.xreplace({w: Integer(width)}))

    def widest(self, budget: int) -> int:
        """The largest width within a budget, by trying."""
        width = 1
        while self.at(width + 1) <= budget:
            width += 1
        return width

    @property
    def told(self) -> str:
        """The networks in words."""
        channels = f"{self.image} channel{'s' if self.image > 1 else ''}"
        second = "w" if self.wider == 1 else f"{self.wider}·w"
        size = f"{self.k}×{self.k}"
        return (
            f"A network on images with {channels}: Conv2d with w filters of {size}; Conv2d with {second} filters of "
            f"{size}; GlobalAvgPool, which leaves one number for each channel; Linear with {self.classes} outputs; "
            "all with biases."
        )


def widest(draw: Draw, level: int) -> Problem:
    """How wide a network can be."""
    family = Family(draw.one_of((1, 3)), draw.one_of((3, 5)), draw.whole(1, 2), draw.one_of((10, 20, 100)))
    best = draw.whole(6, 40)
    budget = _round(family.at(best), family.at(best + 1))
    question = f"{family.told} What is the largest width w with which it has at most {grouped(budget)} parameters?"
    return Problem(
        question,
        "the largest w",
        "write the number of parameters as a polynomial in w",
        Claim(str(best), SIZES),
        Integer(family.widest(budget)),
        _mistakes(family, budget),
        lambda: family.net(Integer(best)),
        lambda: _solution(family, best, budget),
        lambda number: _tried(family, budget, number),
    )


def _round(first: int, end: int) -> int:
    """The roundest number from the first on, before the end."""
    multiples = (-(-first // step) * step for step in ROUND)
    return next(found for found in multiples if found < end)


def _mistakes(family: Family, budget: int) -> tuple[Claim, ...]:
    biasless = Family(family.image, family.k, family.wider, family.classes, bias=False)
    wrong = {
        "leading term alone": isqrt(budget // int(family.params.coeff(w, 2))),
        "biases out of budget": biasless.widest(budget),
    }
    return tuple(_claim(family, budget, mistake, width) for mistake, width in wrong.items())


def _tried(family: Family, budget: int, number: Expr) -> Claim | None:
    """What a width comes to, whichever it is."""
    if not number.is_Integer or not 0 < number <= WIDEST:
        return None
    over = family.at(int(number)) > budget
    return _claim(family, budget, "over the budget" if over else "not the largest", int(number))


def _claim(family: Family, budget: int, mistake: str, width: int) -> Claim:
    facts = {"over": grouped(family.at(width)), "more": width + 1, "budget": grouped(budget)}
    [claim] = claims({mistake: str(width)}, SIZES, **facts)
    return claim


def _solution(family: Family, best: int, budget: int) -> Steps:
    lines = {"parameters": family.params}
    lines |= {f"those for w = {width}": Integer(family.at(width)) for width in (best, best + 1)}
    found = tuple(Derivation(label, (Leaf(size=size),)) for label, size in lines.items())
    return Steps(found, note=f"the budget is {grouped(budget)}, so w = {best} is the largest")
