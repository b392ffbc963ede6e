"""An exercise: a question with numbers of its own, its answer, and what is to be said of others."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import Any

from sympy import Expr

from ..layer import Layer
from ..report.style import framed
from ..report.worked import Steps
from .checked import Checked
from .judge import judged
from .problem import Problem
from .topics import drawn


@dataclass(frozen=True, repr=False)
class Exercise:
    """A question about a layer or a network; the same kind, seed and level give the same one for ever.

    Args:
        kind: what it is about.
        seed: what its numbers are drawn from.
        level: how hard it is, from 1 to 5.

    >>> import symcnn as sc
    >>> quiz = sc.exercise("linear", seed=1)
    >>> quiz
    A dense layer (Linear) takes 32 features to 96, with a bias. How many parameters does it have?
    """

    kind: str
    seed: int
    level: int

    @cached_property
    def _problem(self) -> Problem:
        return drawn(self.kind, self.seed, self.level)

    @property
    def question(self) -> str:
        """The question."""
        return self._problem.question

    @property
    def answer(self) -> int:
        """The right answer."""
        return self._problem.number

    @property
    def formula(self) -> Expr:
        """The right answer as a formula; where the exercise has no sizes with names, a number."""
        return self._problem.answer

    @property
    def sizes(self) -> dict[str, int]:
        """The sizes with names, which a formula may use, and their numbers."""
        return {symbol.name: value for symbol, value in self._problem.sizes.values.items()}

    @property
    def mistakes(self) -> dict[str, int | float]:
        """The mistakes that are recognised, with the number that each leads to."""
        found = {claim.mistake: claim.value for claim in self._problem.mistakes}
        return {name: int(value) if value.is_Integer else float(value) for name, value in found.items()}

    @cached_property
    def model(self) -> Layer:
        """The layer or network that is asked about, with its numbers; of several, the one that is the answer."""
        return self._problem.model()

    @property
    def hint(self) -> str:
        """A first step."""
        return self._problem.hint

    @cached_property
    def steps(self) -> Steps:
        """The way to the answer, step by step."""
        return self._problem.solution()

    def check(self, answer: Any) -> Checked:
        """What there is to say of an answer: a number, or a formula as text in the exercise's sizes.

        A formula is compared at many points, exactly; nothing of its text is run.

        Raises:
            SizeError: the answer is neither a number nor a formula.
            UnknownNameError: the formula has a name that is no size of this exercise.
        """
        return judged(self._problem, answer)

    @property
    def asks_for(self) -> str:
        """How one may answer."""
        names = ", ".join(self.sizes)
        return f"Answer with a number, or with a formula in {names}." if names else "Answer with a number."

    def __repr__(self) -> str:
        return self.question

    def _repr_html_(self) -> str:
        where = escape(f"{self.kind}, level {self.level}, seed {self.seed}")
        note = f"<p><small>{escape(self.asks_for)} <code>{where}</code></small></p>"
        return framed(f"<p>{escape(self.question)}</p>\n{note}")

    def _repr_markdown_(self) -> str:
        return f"{self.question}\n\n*{self.asks_for}*"
