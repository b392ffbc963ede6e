"""Expressions for people: the one place that prints them, as text, LaTeX, MathML and Python.

Products have a dot, integers of five digits and more are grouped, and a symbol's name has its
subscript behind the first underscore: ``C_in`` is C with an upright "in" below.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any


@lru_cache(maxsize=4096)
def plain(expr: Any, times: str = " · ") -> str:
    """An expression as text; ``times`` is what stands between factors.

    >>> from symcnn import FloorDiv, dims
    >>> H, w = dims("H w")
    >>> plain(18 * w**2 + 13440 * w)
    '18 · w² + 13,440 · w'
    >>> plain(2 * w * FloorDiv(H - 3, 4), times="·")
    '2·w·⌊(H - 3)/4⌋'
    """
    from .text import PlainPrinter

    return PlainPrinter(times).written(expr)


def latex(expr: Any) -> str:
    r"""An expression as LaTeX, for math mode.

    >>> from symcnn import dims
    >>> batchnorm, C_in = dims("batchnorm C_in")
    >>> print(latex(13440 * batchnorm + C_in))
    C_{\mathrm{in}} + 13{,}440 \cdot \mathrm{batchnorm}
    """
    from .tex import TexPrinter

    return TexPrinter().written(expr)


def mathml(expr: Any) -> str:
    """An expression as a ``<math>`` element, for HTML.

    >>> from symcnn import dims
    >>> mathml(2 * dims("w"))
    '<math><mrow><mn>2</mn><mo>·</mo><mi>w</mi></mrow></math>'
    """
    return f"<math>{mathml_inside(expr)}</math>"


def mathml_inside(expr: Any) -> str:
    """What stands inside the ``<math>`` element of an expression."""
    from .markup import MarkupPrinter

    return MarkupPrinter().written(expr)


def python(expr: Any) -> str:
    """An expression as Python code, exact for integers of any size.

    >>> from symcnn import FloorDiv, dims
    >>> H, w = dims("H w")
    >>> print(python(9 * w**2 * FloorDiv(H - 1, 2)))
    9*w**2*((H - 1)//(2))
    """
    from .code import PythonPrinter

    return PythonPrinter().written(expr)
