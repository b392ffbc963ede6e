"""The topics of exercises: what each asks, at which levels, and under which names."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

from ..errors import SizeError, UnknownNameError, nearest
from .draw import Draw
from .kinds import budget, conv, dense, factors, fields, network, norm, pool, transposed
from .problem import Problem

LEVELS = {
    1: "one layer",
    2: "padding, stride, dilation, groups; flattened maps; layers in a row",
    3: "transposed convolutions, whole networks",
    4: "the largest width under a budget",
    5: "which factor matters more",
}
"""What each level has."""


class Topic(NamedTuple):
    """One thing that can be asked: the names it goes by, the levels it has, and what makes it."""

    names: tuple[str, ...]
    levels: tuple[int, ...]
    make: Callable[[Draw, int], Problem]


TOPICS: tuple[Topic, ...] = (
    *(Topic((f"conv{rank}d", "params"), (1, 2), partial(conv.params, rank=rank)) for rank in (1, 2, 3)),
    Topic(("linear", "params"), (1, 2), dense.params),
    Topic(("batchnorm", "params"), (1,), norm.params),
    Topic(("batchnorm", "buffers"), (1,), norm.buffers),
    Topic(("pool", "params"), (1, 2), pool.params),
    Topic(("pool", "output"), (1, 2), pool.output),
    *(Topic(("output",), (1, 2), partial(conv.output, rank=rank)) for rank in (1, 2, 3)),
    *(Topic(("macs",), (1, 2), partial(conv.macs, rank=rank)) for rank in (1, 2, 3)),
    Topic(("macs",), (1,), dense.macs),
    Topic(("receptive_field",), (2, 3), fields.receptive_field),
    Topic(("conv_transpose2d", "params"), (3,), transposed.params),
    Topic(("conv_transpose2d", "output"), (3,), transposed.output),
    Topic(("conv_transpose2d", "macs"), (3,), transposed.macs),
    Topic(("network", "params"), (3,), network.params),
    Topic(("network", "macs"), (3,), network.macs),
    Topic(("network", "output"), (3,), network.features),
    Topic(("budget",), (4,), budget.widest),
    Topic(("factors",), (5,), factors.largest),
)
"""Every topic; the order of this table is part of what a seed means, so new ones go behind."""

NAMES = (
    *("conv1d", "conv2d", "conv3d", "conv_transpose2d", "linear", "batchnorm", "pool", "network"),
    *("params", "buffers", "output", "macs", "receptive_field", "budget", "factors"),
)
"""The names of kinds, in the order that they are listed and drawn in."""

KINDS: dict[str, tuple[int, ...]] = {
    name: tuple(sorted({level for topic in TOPICS if name in topic.names for level in topic.levels})) for name in NAMES
}
"""The kinds by name, with the levels that each has."""


def levels_of(kind: str) -> tuple[int, ...]:
    """The levels of a kind.

    Raises:
        UnknownNameError: there is no such kind.
    """
    if kind not in KINDS:
        raise UnknownNameError(f"no kind of exercise is named {kind!r}{nearest(str(kind), KINDS)}")
    return KINDS[kind]


def checked_level(level: object, kind: str) -> int:
    """A level that a kind has; left out, its first.

    Raises:
        UnknownNameError: there is no such kind.
        SizeError: the kind does not have this level.
    """
    levels = levels_of(kind)
    if level is None:
        return levels[0]
    if isinstance(level, bool) or not isinstance(level, int) or level not in levels:
        raise SizeError(f"exercises of kind {kind!r} have {_listed(levels)}, got {level!r}")
    return level


def kinds_at(level: object) -> tuple[str, ...]:
    """The kinds that have a level.

    Raises:
        SizeError: there is no such level.
    """
    if isinstance(level, bool) or not isinstance(level, int) or level not in LEVELS:
        raise SizeError(f"exercises have {_listed(tuple(LEVELS))}, got {level!r}")
    return tuple(kind for kind, levels in KINDS.items() if level in levels)


def _listed(levels: Sequence[int]) -> str:
    if len(levels) == 1:
        return f"level {levels[0]}"
    return f"levels {levels[0]} to {levels[-1]}" if len(levels) > 2 else f"levels {levels[0]} and {levels[1]}"


ATTEMPTS = 10_000
"""How often numbers are drawn again; far more often than it ever takes."""


def drawn(kind: str, seed: int, level: int) -> Problem:
    """The problem of a kind, a seed and a level, in which all wrong answers differ."""
    draw = Draw("exercise", kind, level, seed)
    topic = draw.one_of([topic for topic in TOPICS if kind in topic.names and level in topic.levels])
    for _ in range(ATTEMPTS):
        problem = topic.make(draw, level)
        if problem.tells_mistakes_apart():
            return problem
    raise AssertionError(f"no numbers tell the mistakes of {kind!r} at level {level} apart")
