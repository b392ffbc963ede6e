"""A sheet of exercises, and the formats it is written in."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from ..errors import SizeError, UnknownNameError, nearest
from ..report import FORMATS, Document
from ..report.document import WIDTH
from .question import Exercise

SHEET_FORMATS = (*FORMATS, "notebook")
"""The formats that a sheet can be written in."""

ENDINGS = {
    ".txt": "text",
    ".md": "markdown",
    ".tex": "latex",
    ".html": "html",
    ".json": "json",
    ".csv": "csv",
    ".ipynb": "notebook",
}
"""The format that a file's ending stands for."""


@dataclass(frozen=True, repr=False)
class Sheet(Document):
    r"""Exercises, one after another, and their solutions at the end where they are wanted.

    Args:
        exercises: the exercises.
        seed: what they were drawn from.
        solutions: whether the answers stand at the end, worked out.

    >>> import symcnn as sc
    >>> sheet = sc.exercise.sheet(3, seed=7, level=1)
    >>> len(sheet.exercises), sheet.to_latex().splitlines()[0]
    (3, '\\documentclass[11pt,a4paper]{article}')
    """

    exercises: tuple[Exercise, ...]
    seed: int
    solutions: bool = False

    @property
    def title(self) -> str:
        """What stands above."""
        return f"Exercises, seed {self.seed}"

    def to_text(self, width: int | None = WIDTH) -> str:
        """The sheet as text no line of which is longer than ``width``."""
        from .pages import sheet_text

        return sheet_text(self, width)

    def to_markdown(self) -> str:
        """The sheet as Markdown with formulas in LaTeX."""
        from .pages import sheet_markdown

        return sheet_markdown(self)

    def to_latex(self) -> str:
        """The sheet as a whole LaTeX document, an article."""
        from .article import sheet_latex

        return sheet_latex(self)

    def to_html(self) -> str:
        """The sheet as a piece of HTML with formulas in MathML."""
        from .pages import sheet_html

        return sheet_html(self)

    def to_json(self) -> str:
        """The questions as JSON, with the answers where solutions are wanted."""
        from .records import sheet_json

        return sheet_json(self)

    def to_csv(self) -> str:
        """The questions as comma-separated values, with the answers where solutions are wanted."""
        from .records import sheet_csv

        return sheet_csv(self)

    def to_notebook(self) -> str:
        """The sheet as a Jupyter notebook: each exercise, and a cell that checks an answer."""
        from .notebook import sheet_notebook

        return sheet_notebook(self)

    def format(self, name: str) -> str:
        """The sheet in a format, by its name.

        Raises:
            UnknownNameError: there is no such format.
        """
        if name == "notebook":
            return self.to_notebook()
        if name not in FORMATS:
            raise UnknownNameError(f"no format is named {name!r}{nearest(str(name), SHEET_FORMATS)}")
        return super().format(name)

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the sheet to a file, in the format that its ending stands for.

        Raises:
            UnknownNameError: another ending than ``.txt .md .tex .html .json .csv .ipynb``.
            SizeError: the file cannot be written.
        """
        target = Path(path)
        if target.suffix.lower() not in ENDINGS:
            raise UnknownNameError(f"a sheet's file name ends in {' '.join(ENDINGS)}, got {target.name!r}")
        name = ENDINGS[target.suffix.lower()]
        text = self.to_text() if name == "text" else self.format(name)
        try:
            target.write_text(text.rstrip("\n") + "\n", encoding="utf-8")
        except OSError as error:
            raise SizeError(f"cannot write {target}: {error.strerror}") from None
        return target
