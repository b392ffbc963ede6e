"""What a page of worked steps holds, whatever it is written in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from .notation import Notation, Text
from .tree import Leaf, Node


@dataclass(frozen=True)
class Derivation:
    """One quantity worked out: its name, its lines, and the layer that it is about, with its place."""

    label: str
    lines: tuple[Node, ...]
    path: str = ""
    layer: str = ""

    @property
    def title(self) -> str:
        """The layer and its place in the network; nothing for a lone layer."""
        return f"{self.path}: {self.layer}" if self.path else self.layer

    @property
    def looked_up(self) -> bool:
        """Whether there is nothing to work out: a symbol, and its value."""
        return all(isinstance(line, Leaf) for line in self.lines)

    def written(self, to: Notation) -> list[str]:
        """The right-hand sides, line by line; what is merely looked up is one line."""
        written = [line.write(to) for line in self.lines]
        return [to.joined("=", written)] if self.looked_up else written


@dataclass(frozen=True, repr=False)
class Page:
    """Derivations, what has none, and the total."""

    derivations: tuple[Derivation, ...]
    note: str = ""
    total: Derivation | None = None

    def groups(self) -> Iterator[tuple[str, list[Derivation]]]:
        """The derivations by layer: the title, and what is worked out there; the total last."""
        for title, group in groupby(self.derivations, key=lambda derivation: derivation.title):
            yield title, list(group)

    def to_records(self) -> list[dict[str, Any]]:
        """A record for each line: the layer's path, the quantity, the line's number, its text."""
        found = (*self.derivations, *([self.total] if self.total else []))
        return [
            {"layer": d.path, "quantity": d.label, "line": number, "formula": text}
            for d in found
            for number, text in enumerate(d.written(Text()), start=1)
        ]
