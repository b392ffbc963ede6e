"""Whether something is there: 1 or 0, where that hangs on repeats that may be of depth 0.

A presence is a polynomial in such depths, each of them standing for ``Min(1, depth)``: a number for
every set of depths that must not be 0. A depth is there once however often it is a factor, so no
power of it is higher than 1.
"""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Expr, Integer

from ..profile import Sizes
from ..profile.ledger import guarded

Presence = dict[frozenset[Expr], int]

NEVER: Presence = {}
ALWAYS: Presence = {frozenset(): 1}


def where(depths: frozenset[Expr]) -> Presence:
    """There where none of these depths is 0."""
    return {depths: 1}


def both(one: Presence, other: Presence) -> Presence:
    """There where both are."""
    if one is ALWAYS or other is ALWAYS:
        return other if one is ALWAYS else one
    product: Presence = {}
    for a, times in one.items():
        for b, more in other.items():
            product[a | b] = product.get(a | b, 0) + times * more
    return _kept(product)


def less(one: Presence, other: Presence) -> Presence:
    """The difference of two."""
    rest = dict(one)
    for depths, times in other.items():
        rest[depths] = rest.get(depths, 0) - times
    return _kept(rest)


def absent(one: Presence) -> Presence:
    """There where this is not."""
    return less(ALWAYS, one)


def either(one: Presence, other: Presence) -> Presence:
    """There where at least one of them is."""
    if not one or not other:
        return one or other
    return less(ALWAYS, both(absent(one), absent(other)))


def products(presence: Presence, sizes: Sizes) -> Iterator[Sizes]:
    """As often as something is there, so many elements: terms to be added up."""
    for depths, times in presence.items():
        factors = guarded(depths)
        yield (*((Integer(times),) if times != 1 else ()), *factors, *sizes)


def _kept(terms: Presence) -> Presence:
    return {depths: times for depths, times in terms.items() if times}
