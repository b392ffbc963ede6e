"""What tables and worked steps have in common: six formats, and how they show themselves."""

from __future__ import annotations

import re
import sys
from abc import ABC, abstractmethod
from collections.abc import Iterator

from ..errors import UnknownNameError, nearest

FORMATS = ("text", "markdown", "latex", "html", "json", "csv")
"""The formats that every table and every page of steps can be written in."""

WIDTH = 80
"""The width of text that goes elsewhere than to a terminal."""


class Document(ABC):
    """Something that is written in each of the formats."""

    @abstractmethod
    def to_text(self, width: int | None = WIDTH) -> str:
        """Text no line of which is longer than ``width``; ``None`` sets no limit."""

    @abstractmethod
    def to_markdown(self) -> str:
        """Markdown, as GitHub and notebooks read it."""

    @abstractmethod
    def to_latex(self) -> str:
        """LaTeX; it needs the package ``amsmath``."""

    @abstractmethod
    def to_html(self) -> str:
        """A piece of HTML that needs nothing else; its formulas are MathML."""

    @abstractmethod
    def to_json(self) -> str:
        """JSON; formulas are strings, numbers are numbers."""

    @abstractmethod
    def to_csv(self) -> str:
        """Comma-separated values with a line of headings."""

    def format(self, name: str) -> str:
        """The document in a format, by its name.

        Raises:
            UnknownNameError: there is no such format.
        """
        if name not in FORMATS:
            raise UnknownNameError(f"no format is named {name!r}{nearest(name, FORMATS)}")
        if name == "text":
            return str(self)
        written: str = getattr(self, f"to_{name}")()
        return written

    def __str__(self) -> str:
        return self.to_text(terminal_width())

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return self.to_html()


def terminal_width() -> int:
    """The width of the terminal, or the usual one where the text goes elsewhere."""
    if not sys.stdout.isatty():
        return WIDTH
    from shutil import get_terminal_size

    return get_terminal_size().columns


# A line that goes on starts with the sign that joins it to the one before.
TERMS = re.compile(r"(?<! [-+×=·])(?= )(?! ·)")
FACTORS = re.compile(r"(?<! [-+×=·])(?= )|(?<![ ·])(?=·)")


def wrapped(text: str, width: int) -> list[str]:
    """A text in lines of at most some width; what cannot be broken is shortened.

    Products and brackets are kept together where there is room.

    >>> wrapped("448 + 32 + 4640", 10)
    ['448 + 32', '+ 4640']
    >>> wrapped("18·w² + 36·w + w·(9·w + 1)", 14)
    ['18·w² + 36·w', '+ w·(9·w + 1)']
    """
    lines = [""]
    for piece in _pieces(text, width):
        if lines[-1] and len(lines[-1] + piece) > width:
            lines.append("")
        lines[-1] += piece if lines[-1] else piece.lstrip()
    return [shortened(line, width) for line in lines]


def _pieces(text: str, width: int) -> Iterator[str]:
    """Terms; factors where a term is too long; single words where a factor is."""
    for term in _outside(TERMS, text):
        for factor in _outside(FACTORS, term) if len(term) > width else [term]:
            yield from FACTORS.split(factor) if len(factor) > width else [factor]


def _outside(breaks: re.Pattern[str], text: str) -> Iterator[str]:
    """The text broken outside its brackets."""
    piece, depth = "", 0
    for part in breaks.split(text):
        if depth == 0 and piece:
            yield piece
            piece = ""
        piece += part
        depth += sum(part.count(left) - part.count(right) for left, right in ("()", "⌊⌋", "⌈⌉"))
    yield piece


def shortened(text: str, width: int) -> str:
    """The start of a text that is too long, and three dots.

    >>> shortened("Conv2d(64, 7, stride=2)", 12)
    'Conv2d(64, …'
    """
    return text if len(text) <= width else text[: max(width - 1, 0)] + "…"[:width]
