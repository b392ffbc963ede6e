"""Worked steps as text."""

from __future__ import annotations

from collections.abc import Iterator

from ..document import shortened, wrapped
from .notation import Text
from .page import Derivation, Page

UNLIMITED = 10**9


def steps_text(steps: Page, width: int | None) -> str:
    """The equals signs of one layer stand below each other."""
    limit = UNLIMITED if width is None else width
    blocks = ["\n".join(_block(title, group, limit)) for title, group in steps.groups()]
    if steps.note:
        blocks.append("\n".join(wrapped(steps.note, limit)))
    if steps.total:
        blocks.append("\n".join(_block("", [steps.total], limit)))
    return "\n\n".join(blocks)


def _block(title: str, group: list[Derivation], limit: int) -> Iterator[str]:
    if title:
        yield from wrapped(title, limit)
    column = max(len(derivation.label) for derivation in group)
    for derivation in group:
        yield from (shortened(line, limit) for line in _lines(derivation, column, limit))


def _lines(derivation: Derivation, column: int, limit: int) -> Iterator[str]:
    label = derivation.label
    for right in derivation.written(Text()):
        first, *others = wrapped(right, max(limit - column - 3, 1))
        yield f"{label:<{column}} = {first}"
        yield from (" " * (column + 3) + other for other in others)
        label = ""
