"""The one maker of symbols: ``dims``."""

from __future__ import annotations

from sympy import Symbol

from ..errors import SizeError


def dims(names: str, *, odd: bool = False) -> Symbol | tuple[Symbol, ...]:
    """Make positive integer symbols from names separated by spaces or commas.

    One name gives one symbol, several give a tuple. ``odd=True`` makes odd ones, for kernels
    whose ``(k - 1)/2`` is a whole number.

    Raises:
        SizeError: no name, or a name that is not a Python identifier.

    >>> from symcnn import dims
    >>> H, W = dims("H W")
    >>> k = dims("k", odd=True)
    >>> k.is_odd, H.is_positive
    (True, True)
    """
    listed = names.replace(",", " ").split() if isinstance(names, str) else []
    bad = [name for name in listed if not name.isidentifier()]
    if bad or not listed:
        received = bad[0] if bad else names
        raise SizeError(f"dims takes names such as 'H W' that are Python identifiers; got {received!r}")
    made = tuple(_make(name, odd) for name in listed)
    return made[0] if len(made) == 1 else made


def _make(name: str, odd: bool) -> Symbol:
    if odd:
        return Symbol(name, integer=True, positive=True, odd=True)
    return Symbol(name, integer=True, positive=True)


def textbook_symbol(name: str, minimum: int = 1) -> Symbol:
    """The symbol of a size that was left out; a padding's (``minimum=0``) may be 0."""
    return _make(name, odd=False) if minimum else Symbol(name, integer=True, nonnegative=True)


def is_dim(symbol: Symbol, minimum: int = 1) -> bool:
    """Whether ``dims`` made this symbol, or would have made the same one."""
    name = symbol.name
    return symbol in (_make(name, False), _make(name, True), textbook_symbol(name, minimum))
