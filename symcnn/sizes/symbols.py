"""The makers of symbols: ``dims`` for sizes, ``ratio`` for multipliers."""

from __future__ import annotations

from itertools import count

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
    made = tuple(_make(name, odd) for name in _listed(names, "dims", "H W"))
    return made[0] if len(made) == 1 else made


def ratio(names: str) -> Symbol | tuple[Symbol, ...]:
    """Make positive rational symbols, for the multipliers of width, depth and resolution.

    One name gives one symbol, several give a tuple. A multiplier is no size: a size made with it,
    such as ``32*alpha``, is taken on the condition that it is an integer.

    Raises:
        SizeError: no name, or a name that is not a Python identifier.

    >>> import symcnn as sc
    >>> alpha = sc.ratio("alpha")
    >>> sc.Conv2d(32 * alpha, 3, bias=False).on((3, 8, 8)).params
    864*alpha
    >>> sc.Conv2d(32 * alpha, 3).on((3, 8, 8)).conditions
    (32*alpha is an integer,)
    """
    made = tuple(_make_ratio(name) for name in _listed(names, "ratio", "alpha beta"))
    return made[0] if len(made) == 1 else made


def _listed(names: str, maker: str, example: str) -> list[str]:
    listed = names.replace(",", " ").split() if isinstance(names, str) else []
    bad = [name for name in listed if not name.isidentifier()]
    if bad or not listed:
        received = bad[0] if bad else names
        raise SizeError(f"{maker} takes names such as {example!r} that are Python identifiers; got {received!r}")
    return listed


def _make(name: str, odd: bool) -> Symbol:
    if odd:
        return Symbol(name, integer=True, positive=True, odd=True)
    return Symbol(name, integer=True, positive=True)


def _make_ratio(name: str) -> Symbol:
    return Symbol(name, rational=True, positive=True)


def textbook_symbol(name: str, minimum: int = 1) -> Symbol:
    """The symbol of a size that was left out; a padding's (``minimum=0``) may be 0."""
    return _make(name, odd=False) if minimum else Symbol(name, integer=True, nonnegative=True)


_UNKNOWN = count()


def unknown_size(name: str, *, odd: bool = False) -> Symbol:
    """A size that is looked for: a symbol that nothing else has, and that layers take like any other."""
    return _make(f"_{name}_{next(_UNKNOWN)}", odd)


def is_dim(symbol: Symbol) -> bool:
    """Whether ``dims`` made this symbol, or would have made the same one; or one that may be 0.

    Those are paddings and the indices of repeated layers.
    """
    name = symbol.name
    return symbol in (_make(name, False), _make(name, True), textbook_symbol(name, 0))


def is_ratio(symbol: Symbol) -> bool:
    """Whether ``ratio`` made this symbol, or would have made the same one."""
    return bool(symbol == _make_ratio(symbol.name))
