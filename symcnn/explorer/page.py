"""The page that ``explore`` makes."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

from ..files import replace_file

HEIGHT = 760
"""Of the frame in a notebook, in pixels: the sizes, the totals and the formula; the rest scrolls."""


@dataclass(frozen=True)
class Page:
    """An HTML document that works by itself: no server, no network, no other file.

    In a notebook it shows itself in a frame that may run the page's script and nothing else.

    Args:
        title: what the page is called.
        html: the document.
    """

    title: str
    html: str = field(repr=False)

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the page to a file, which a double click opens.

        Raises:
            SymcnnError: the file cannot be written; what was there before is left as it was.

        >>> import tempfile, symcnn as sc
        >>> w = sc.dims("w")
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     sc.explore(9 * w**2, over={w: range(8, 129)}).save(f"{folder}/explorer.html").name
        'explorer.html'
        """
        return replace_file(path, self.html.encode())

    def _repr_html_(self) -> str:
        return (
            f'<iframe srcdoc="{escape(self.html)}" sandbox="allow-scripts" title="{escape(self.title)}" '
            f'style="width: 100%; height: {HEIGHT}px; border: 1px solid rgba(127, 127, 127, 0.4)"></iframe>'
        )
