"""Which sizes of a network must be numbers, and numbers to try for those of its input that need not be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sympy import Symbol

from ...errors import MissingValueError, SymcnnError
from ...layer import Layer
from ...networks import Network
from ...profile import STORED, Profile, Row
from ...shape import Shape, Shapes

SIZES = (225, 97, 64, 33, 224, 256, 512, 1024, 32, 16, 9, 8, 5, 4, 3, 2, 1)
"""What is tried for sizes that are open, all of them at once; odd ones first."""


def trials(net: Layer) -> list[Layer]:
    """The network in numbers: itself, or at up to two sizes of its input where these are open.

    Raises:
        MissingValueError: other sizes are open, or a weight depends on those of the input.
    """
    opened = net.opened()
    profile = opened.profile
    taken = profile.input.free_symbols
    missing = opened.size_symbols() | _channels(profile.input)
    if missing:
        verb = "has no value" if len(missing) == 1 else "have no values"
        raise MissingValueError(f"to_torch takes numbers, and {_names(missing)} {verb}; {_put_in(missing)}")
    for row in _depending(profile, taken):
        name, shape = f"{row.path}.{row.kind}".lstrip("."), Shape.of(row.sizes)
        depends = shape.free_symbols & taken
        raise MissingValueError(f"{name} has the shape {shape}, which depends on {_names(depends)}; {_put_in(depends)}")
    return _tried(opened, taken) if taken else [opened]


def _channels(x: Shape) -> set[Symbol]:
    """The symbols in the first size of each input, on which modules depend that have no weights too."""
    shapes = x.by_name.values() if isinstance(x, Shapes) else (x,)
    return {symbol for shape in shapes for symbol in shape.channels.free_symbols}


def _depending(profile: Profile, symbols: set[Symbol]) -> Iterator[Row]:
    """The weights and buffers whose shapes depend on some symbols."""
    for role in STORED:
        for row in profile.rows(role):
            if any(size.free_symbols & symbols for size in row.sizes):
                yield row


def _tried(net: Layer, symbols: set[Symbol]) -> list[Layer]:
    found: list[Layer] = []
    for values in _candidates(net, symbols):
        try:
            found.append(net.at(values))
        except SymcnnError:
            continue
        if len(found) == 2:
            break
    if not found:
        raise MissingValueError(f"no size tried for {_names(symbols)} meets {net.conditions}; {_put_in(symbols)}")
    return found


def _candidates(net: Layer, symbols: set[Symbol]) -> Iterator[Mapping[Symbol, Any]]:
    """Published values, then one size for all."""
    published = net.defaults if isinstance(net, Network) else {}
    if symbols <= published.keys():
        yield {symbol: published[symbol] for symbol in symbols}
    for size in SIZES:
        yield dict.fromkeys(symbols, size)


def _names(symbols: Iterable[Symbol]) -> str:
    return ", ".join(sorted(symbol.name for symbol in symbols))


def _put_in(symbols: Iterable[Symbol]) -> str:
    given = ", ".join(f"{name}=..." for name in sorted(symbol.name for symbol in symbols))
    return f"put numbers in with net.at({given})"
