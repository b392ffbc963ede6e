"""Making exercises and sheets of them."""

from __future__ import annotations

import secrets

from ..errors import SizeError
from .draw import Draw
from .question import Exercise
from .sheet import Sheet
from .topics import KINDS, LEVELS, checked_level, kinds_at, levels_of

MOST = 200
"""Exercises on a sheet."""


class Exercises:
    """Makes exercises: call it for one, or ask for a ``sheet`` of several.

    >>> import symcnn as sc
    >>> quiz = sc.exercise("conv2d", seed=7, level=2)
    >>> quiz == sc.exercise("conv2d", seed=7, level=2)
    True
    >>> sorted(sc.exercise.topics())[:4]
    ['batchnorm', 'budget', 'buffers', 'conv1d']
    >>> quiz.check(2352)
    wrong: the bias is missing: 2352 = 7·7·12·4; each filter adds one
    >>> quiz.check("k*k*C_in*C_out + C_out"), quiz.check(2356)
    (right: (k·k·C_in + 1)·C_out, right: 2356 = (7·7·12 + 1)·4)
    """

    def __call__(self, kind: str | None = None, seed: int | None = None, level: int | None = None) -> Exercise:
        """An exercise of a kind, at a level.

        Args:
            kind: what it is about, of ``topics()``; left out, the seed decides.
            seed: the same seed gives the same exercise; left out, a new one is drawn.
            level: how hard; left out, the kind's first level.

        Raises:
            UnknownNameError: there is no such kind.
            SizeError: the kind does not have this level, or the seed is no whole number.
        """
        number = checked_seed(seed)
        if kind is None:
            kind = Draw("kind", number, level).one_of(tuple(KINDS) if level is None else kinds_at(level))
        return Exercise(kind, number, checked_level(level, kind))

    def topics(self) -> dict[str, tuple[int, ...]]:
        """The kinds of exercises by name, with the levels that each has."""
        return dict(KINDS)

    def levels(self) -> dict[int, str]:
        """What each level has."""
        return dict(LEVELS)

    def sheet(
        self,
        count: int = 10,
        seed: int | None = None,
        level: int | None = None,
        kind: str | None = None,
        solutions: bool = False,
    ) -> Sheet:
        """A sheet of exercises, all different, for a class: text, Markdown, LaTeX, a notebook and more.

        Args:
            count: how many.
            seed: the same seed gives the same sheet; left out, a new one is drawn.
            level: how hard; left out, from the easiest to the hardest.
            kind: what they are about; left out, all kinds in turn.
            solutions: whether the answers stand at the end, worked out.

        Raises:
            UnknownNameError: there is no such kind.
            SizeError: there is no such level, or the count or seed is none.

        >>> import symcnn as sc
        >>> sc.exercise.sheet(1, seed=7, kind="linear", level=1, solutions=True)
        Exercises, seed 7
        <BLANKLINE>
        1.  A dense layer (Linear) takes 128 features to 10, with a bias. How many
            parameters does it have?
        <BLANKLINE>
        Solutions
        <BLANKLINE>
        1.  1290
        <BLANKLINE>
            parameters = F_in · F_out + F_out
                       = 128 · 10 + 10
                       = 1280 + 10
                       = 1290
        """
        if isinstance(count, bool) or not isinstance(count, int) or not 1 <= count <= MOST:
            raise SizeError(f"a sheet has from 1 to {MOST} exercises, got {count!r}")
        number = checked_seed(seed)
        return Sheet(tuple(_several(count, number, _pairs(number, level, kind))), number, solutions)


def checked_seed(seed: object) -> int:
    """A seed; left out, a new one.

    Raises:
        SizeError: no whole number.
    """
    if seed is None:
        return secrets.randbelow(10**6)
    if isinstance(seed, bool) or not isinstance(seed, int):
        raise SizeError(f"a seed is a whole number, got {seed!r}")
    return seed


def _pairs(seed: int, level: int | None, kind: str | None) -> list[tuple[str, int]]:
    """The kinds and levels to take in turn."""
    if kind is not None:
        levels = levels_of(kind) if level is None else (checked_level(level, kind),)
        return [(kind, level) for level in levels]
    draw = Draw("sheet", seed)
    turns = [
        [(kind, each) for kind in draw.shuffled(kinds_at(each))] for each in ([*LEVELS] if level is None else [level])
    ]
    longest = max(map(len, turns))
    return [turn[place % len(turn)] for place in range(longest) for turn in turns]


def _several(count: int, seed: int, pairs: list[tuple[str, int]]) -> list[Exercise]:
    """Exercises that differ; each has a seed of its own, so that it can be made alone."""
    found: dict[str, Exercise] = {}
    place = 0
    while len(found) < count:
        kind, level = pairs[place % len(pairs)]
        made = Exercise(kind, seed * 1000 + place, level)
        found.setdefault(made.question, made)
        place += 1
        if place > 20 * count:
            raise SizeError(f"there are only {len(found)} different exercises of this kind, and {count} are wanted")
    return sorted(found.values(), key=lambda exercise: exercise.level)


exercise = Exercises()
"""Makes exercises: see ``Exercises``."""
