"""A page of worked steps, and the formats it is written in."""

from __future__ import annotations

from ..document import WIDTH, Document
from .page import Page


class Steps(Page, Document):
    """Worked steps: for each layer a derivation, what has none, and the total.

    >>> from symcnn.report.worked import explained
    >>> import symcnn as sc
    >>> explained(sc.Linear(64, in_features=128).profile, "params")
    parameters = F_in · F_out + F_out
               = 128 · 64 + 64
               = 8192 + 64
               = 8256
    """

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
