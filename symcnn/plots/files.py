"""Empty axes, and pictures in files."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import matplotlib
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ..errors import UnknownNameError
from ..files import replace_file

SIZE = (6.4, 4.0)
DOTS = 200
FORMATS: dict[str, dict[str, Any]] = {
    "png": {"Software": None},
    "svg": {"Date": None},
    "pdf": {"CreationDate": None},
}
"""The formats of a picture, each with what is left out so that one picture is one file."""


def new_axes() -> Axes:
    """Empty axes in a figure that pyplot does not keep, for scripts that draw many pictures.

    >>> new_axes().get_title()
    ''
    """
    return Figure(figsize=SIZE, layout="constrained").subplots()


@contextmanager
def axes_or_new(ax: Axes | None) -> Iterator[Axes]:
    """The axes given, or those of a new pyplot figure, which is closed again if drawing fails."""
    if ax is not None:
        yield ax
        return
    figure, ax = plt.subplots(figsize=SIZE, layout="constrained")
    try:
        yield ax
    except BaseException:
        plt.close(figure)
        raise


def save(ax: Axes, path: str | os.PathLike[str]) -> Path:
    """Write the figure of these axes to a file: ``.png``, ``.svg`` or ``.pdf``.

    The same picture gives the same file.

    Raises:
        UnknownNameError: another ending.
        SymcnnError: the file cannot be written; what was there before is left as it was.

    >>> import tempfile, symcnn as sc
    >>> w = sc.dims("w")
    >>> ax = sc.plots.curves(w**2, over={w: range(1, 65)}, ax=sc.plots.new_axes())
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     sc.plots.save(ax, f"{folder}/growth.svg").name
    'growth.svg'
    """
    target = Path(path)
    ending = check_ending(target)
    picture = BytesIO()
    with matplotlib.rc_context({"svg.hashsalt": "symcnn"}):
        ax.figure.figure.savefig(picture, format=ending, dpi=DOTS, metadata=FORMATS[ending])
    return replace_file(target, picture.getvalue())


def check_ending(path: str | os.PathLike[str]) -> str:
    """The format that a file's name tells.

    Raises:
        UnknownNameError: another ending than ``.png``, ``.svg`` and ``.pdf``.
    """
    target = Path(path)
    ending = target.suffix[1:].lower()
    if ending not in FORMATS:
        raise UnknownNameError(f"a picture's file name ends in .png, .svg or .pdf, got {target.name!r}")
    return ending
