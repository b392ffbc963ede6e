"""Values of symbols, as the command line writes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from ..errors import SizeError
from ..layer import Layer
from ..parsing import parse_expression, parse_value, parse_values
from ..sizes import dims


def sizes_of(text: str) -> tuple[Any, ...]:
    """The sizes of an input, numbers and names: ``3,H,W``."""
    sizes = parse_value(text, dims)
    return sizes if isinstance(sizes, tuple) else (sizes,)


def pairs(texts: Sequence[str]) -> list[tuple[str, str]]:
    """``name=value`` as pairs.

    Raises:
        SizeError: a text without ``=``, or a name that comes twice.
    """
    split = [text.partition("=") for text in texts]
    for text, (name, sign, value) in zip(texts, split, strict=True):
        if not (name.isidentifier() and sign and value):
            raise SizeError(f"a value is given as name=value, got {text!r}")
    names = [name for name, _, _ in split]
    doubled = [name for name in names if names.count(name) > 1]
    if doubled:
        raise SizeError(f"{doubled[0]} is given twice")
    return [(name.strip(), value.strip()) for name, _, value in split]


def expressions(texts: Sequence[str]) -> dict[str, Any]:
    """``w=64`` or ``w=2*v`` as values by name."""
    return {name: parse_expression(value, dims) for name, value in pairs(texts)}


def ranges(texts: Sequence[str]) -> dict[str, Sequence[int | Fraction]]:
    """``w=8:256:8``, ``K=10,100`` or ``alpha=0.5,3/4`` as values by name."""
    return {name: parse_values(value) for name, value in pairs(texts)}


def published(model: Layer, symbolic: bool) -> Mapping[str, Any]:
    """A network's published values by name; none where they are not wanted, or there are none."""
    defaults = {} if symbolic else getattr(model, "defaults", {})
    return {symbol.name: value for symbol, value in defaults.items()}
