"""A problem: what is asked, the right answer, the wrong ones that are known, and the solution."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from sympy import Expr

from ..layer import Layer
from ..report.worked import Steps
from .claim import Claim, Sizes

MAY_BE_PARTS = ("floor forgotten",)
"""The mistakes that may lead to a number that is not whole."""


@dataclass(frozen=True)
class Problem:
    """What a kind of exercise makes of its draws.

    Args:
        question: the question, in words.
        asked: what is asked for, in a few words: ``the number of parameters``.
        hint: the first step, said without giving the answer away.
        right: the right answer, as a formula in teaching form.
        answer: the right answer as symcnn counts it, with the sizes as symbols.
        mistakes: the wrong answers that are known.
        model: gives the layer or network that is asked about, with its numbers.
        solution: gives the worked steps.
        judged: what else can be said of a wrong number, where something can.
    """

    question: str
    asked: str
    hint: str
    right: Claim
    answer: Expr
    mistakes: tuple[Claim, ...]
    model: Callable[[], Layer]
    solution: Callable[[], Steps]
    judged: Callable[[Expr], Claim | None] = lambda number: None

    @property
    def sizes(self) -> Sizes:
        """The sizes and their numbers."""
        return self.right.sizes

    @cached_property
    def number(self) -> int:
        """The right answer as a number."""
        return int(self.sizes.at(self.answer))

    def tells_mistakes_apart(self) -> bool:
        """Whether all wrong answers differ, from each other and from the right one, and can be given."""
        values = [self.right.value, *(claim.value for claim in self.mistakes)]
        given = all(
            claim.value > 0 and (claim.value.is_Integer or claim.mistake in MAY_BE_PARTS) for claim in self.mistakes
        )
        return given and len(set(values)) == len(values)
