"""A page of worked steps, and the formats it is written in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from ..document import WIDTH, Document
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
class Steps(Document):
    """Worked steps: for each layer a derivation, what has none, and the total.

    >>> from symcnn.report.worked import explained
    >>> import symcnn as sc
    >>> explained(sc.Linear(64, in_features=128).profile, "params")
    parameters = F_in · F_out + F_out
               = 128 · 64 + 64
               = 8192 + 64
               = 8256
    """

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

    def to_text(self, width: int | None = WIDTH) -> str:
        """The steps as text."""
        from .text import steps_text

        return steps_text(self, width)

    def to_markdown(self) -> str:
        """The steps as Markdown with formulas in LaTeX."""
        from .tex import steps_markdown

        return steps_markdown(self)

    def to_latex(self) -> str:
        """The steps as LaTeX, each layer's as ``aligned`` lines."""
        from .tex import steps_latex

        return steps_latex(self)

    def to_html(self) -> str:
        """The steps as HTML with formulas in MathML."""
        from .html import steps_html

        return steps_html(self)

    def to_json(self) -> str:
        """The records as JSON."""
        from .data import steps_json

        return steps_json(self)

    def to_csv(self) -> str:
        """The records as comma-separated values."""
        from .data import steps_csv

        return steps_csv(self)
