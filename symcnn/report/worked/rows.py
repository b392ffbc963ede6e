"""The rows of an aligned display: a label, a sign, and a formula that is not too long to read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, repeat
from typing import NamedTuple

from .notation import Notation
from .page import Derivation
from .tree import Negative, Node, Sum

TERMS = 8
"""A sum of more terms than this goes over several rows."""


class AlignedRow(NamedTuple):
    """A row; the sign is ``=``, or nothing where the row goes on with the one before."""

    label: str
    sign: str
    formula: str


def aligned_rows(group: Sequence[Derivation], to: Notation) -> Iterator[AlignedRow]:
    """The rows of one layer's derivations."""
    for derivation in group:
        labels = chain([derivation.label], repeat(""))
        for sign, formula in _right_sides(derivation, to):
            yield AlignedRow(next(labels), sign, formula)


def _right_sides(derivation: Derivation, to: Notation) -> Iterator[tuple[str, str]]:
    if derivation.looked_up:
        yield "=", derivation.written(to)[0]
        return
    for line in derivation.lines:
        first, *others = _pieces(line)
        yield "=", first.write(to)
        for piece in others:
            yield "", to.row([to.sign("+"), piece.write(to)])


def _pieces(line: Node) -> list[Node]:
    """A line, or a long sum of what is added, in pieces."""
    takes_away = any(isinstance(part, Negative) for part in line.parts)
    if not isinstance(line, Sum) or takes_away:
        return [line]
    return [line.rebuilt(line.parts[i : i + TERMS]) for i in range(0, len(line.parts), TERMS)]
