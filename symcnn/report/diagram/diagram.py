"""The picture of a network as a document."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ...errors import SizeError, UnknownNameError, nearest
from ...files import replace_file
from ...profile import Profile
from .boxes import Chart, chart_of
from .mermaid import mermaid
from .svg import svg

BOXES = 40
"""Networks are opened as far as that leaves so many boxes, if nothing is said."""

DEEPEST = 6

SUFFIXES = {".svg": "to_svg", ".html": "to_html", ".mmd": "to_mermaid", ".md": "to_markdown"}


@dataclass(frozen=True, repr=False)
class Diagram:
    """A network's blocks, with shapes on the arrows; what is repeated stands there once, ``× n``.

    In a notebook it shows itself; ``print`` writes Mermaid text.
    """

    chart: Chart
    title: str

    def to_svg(self) -> str:
        """A picture that stands by itself, in the text colour of the page around it."""
        return svg(self.chart, self.title)

    def to_mermaid(self) -> str:
        """Text that GitHub, GitLab and many editors draw, in a block that is marked ``mermaid``."""
        return mermaid(self.chart)

    def to_markdown(self) -> str:
        """The Mermaid text in a block of Markdown."""
        return f"```mermaid\n{self.to_mermaid()}\n```"

    def to_html(self) -> str:
        """The picture as a piece of HTML."""
        return f'<div style="overflow-x:auto">{self.to_svg()}</div>'

    def save(self, path: str | Path) -> None:
        """Write a file, ``.svg``, ``.html``, ``.mmd`` (Mermaid) or ``.md`` by its name.

        Raises:
            UnknownNameError: another ending.
            SymcnnError: the file cannot be written; what was there before is left as it was.
        """
        way = SUFFIXES.get(Path(path).suffix)
        if way is None:
            raise UnknownNameError(f"no diagram ends in {Path(path).suffix!r}{nearest(Path(path).suffix, SUFFIXES)}")
        text: str = getattr(self, way)()
        replace_file(path, f"{text}\n".encode())

    def __str__(self) -> str:
        return self.to_mermaid()

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return self.to_html()


def drawn(profile: Profile, depth: int | None) -> Diagram:
    """The picture of a profile, opened so many levels deep, or as deep as leaves few enough boxes."""
    if depth is not None and (not isinstance(depth, int) or isinstance(depth, bool) or depth < 0):
        raise SizeError(f"depth is a number of levels, 0 or more, got {depth!r}")
    title = f"The layers of a {type(profile.source).__name__}"
    if depth is not None:
        return Diagram(chart_of(profile, depth), title)
    chart = chart_of(profile, 0)
    for more in range(1, DEEPEST):
        deeper = chart_of(profile, more)
        if deeper.size > BOXES:
            break
        chart = deeper
    return Diagram(chart, title)
