"""How symbols and formulas are written in a picture, in Matplotlib's mathtext."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from matplotlib.mathtext import MathTextParser
from sympy import Expr, Symbol, latex
from sympy.core.alphabets import greeks

LONGEST = 32
"""A formula whose text is longer than this is not written out."""

_parser = MathTextParser("path")


def typeset(symbol: Symbol) -> str:
    r"""A symbol in mathtext: ``$C_{out}$`` for ``C_out``.

    >>> from symcnn import dims
    >>> [typeset(symbol) for symbol in dims("w C_out alpha width")]
    ['$w$', '$C_{out}$', '$\\alpha$', '$width$']
    """
    text = f"${_tex(symbol)}$"
    return text if _readable(text) else symbol.name


def assigned(values: Mapping[Symbol, Any]) -> str:
    """Symbols with their values: ``$K$ = 10, $H$ = 224``."""
    return ", ".join(assignments(values))


def assignments(values: Mapping[Symbol, Any]) -> list[str]:
    """Each symbol with its value: ``$K$ = 10``."""
    return [f"{typeset(symbol)} = {_value(value)}" for symbol, value in values.items()]


def formula(expr: Expr) -> str | None:
    r"""A formula in mathtext; None where it is too long, or mathtext cannot write it.

    >>> from symcnn import dims
    >>> w, C_out = dims("w C_out")
    >>> formula(w * (w + C_out))
    '$w \\left(C_{out} + w\\right)$'
    >>> formula((w + C_out)**9 + sum(C_out**i * w for i in range(9))) is None
    True
    """
    if len(str(expr)) > LONGEST:
        return None
    text = f"${latex(expr, symbol_names={symbol: _tex(symbol) for symbol in expr.free_symbols})}$"
    return text if _readable(text) else None


def shortened(path: str, letters: int) -> str:
    """A layer's path without some of its inner names, and if that is not enough without some letters.

    Names without a number go first: those tell layers apart the least.

    >>> path = "features.denseblock1.0.denselayer.conv1"
    >>> shortened(path, 40), shortened(path, 30), shortened(path, 20)
    ('features.denseblock1.0.denselayer.conv1', 'features.denseblock1.0…conv1', '…denseblock1.0…conv1')
    >>> shortened(path, 12), shortened("layer1.0.0.body.conv2", 14)
    ('…dens…conv1', 'layer1…0…conv2')
    """
    parts = path.split(".")
    plain = [i for i in range(1, len(parts) - 1) if parts[i].isalpha()] + [0] * (len(parts) > 2 and parts[0].isalpha())
    for i in plain:
        if len(_joined(parts)) > letters:
            parts[i] = ""
    text = _joined(parts)
    if len(text) <= letters:
        return text
    start = max(1, letters // 2 - 1)
    return f"{text[:start].rstrip('.…')}…{text[start + 1 - letters :].lstrip('.…')}"


def _joined(parts: list[str]) -> str:
    return re.sub(r"\.?…[.…]*", "…", ".".join(part or "…" for part in parts))


def _value(value: Any) -> str:
    if isinstance(value, Expr) and value.free_symbols:
        return formula(value) or str(value)
    return str(value)


def _tex(symbol: Symbol) -> str:
    base, *below = symbol.name.split("_")
    base = f"\\{base}" if base in greeks else base
    return f"{base}_{{{','.join(below)}}}" if below else base


def _readable(text: str) -> bool:
    try:
        _parser.parse(text)
    except ValueError:
        return False
    return True
