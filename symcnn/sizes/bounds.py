"""Lower bounds: whether one size is surely at least another, or what must hold for it to be."""

from __future__ import annotations

import math

from sympy import Expr

from .floordiv import FloorDiv
from .terms import Terms, is_whole, linear, smallest, summed


def surely_at_least(left: Expr, right: Expr) -> bool:
    """Whether ``left >= right`` by form alone."""
    return lower_bound(left - right) is True


def lower_bound(difference: Expr) -> bool | tuple[Expr, int]:
    """``difference >= 0`` as True, False, or the reduced ``(expr, bound)`` of ``expr >= bound``."""
    constant, terms, _ = linear(difference)
    bound = -constant
    while True:
        if not terms:
            return bound <= 0
        whole = all(map(is_whole, terms))
        common = math.gcd(*terms.values()) if whole else math.gcd(bound, *terms.values())
        bound = -(-bound // common)
        terms = {rest: c // common for rest, c in terms.items()}
        if len(terms) > 1:
            break
        ((rest, sign),) = terms.items()
        if not isinstance(rest, FloorDiv) or not rest.args[1].is_positive or not (sign > 0 or is_whole(rest.args[0])):
            break
        # ⌊n/d⌋ >= b is n >= b*d; -⌊n/d⌋ >= b is -n >= b*d - d + 1 for an integer n.
        n, d = rest.args
        constant, terms, _ = linear(sign * n - bound * d + (d - 1 if sign < 0 else 0))
        bound = -constant
    return _decided(terms, bound)


def _decided(terms: Terms, bound: int) -> bool | tuple[Expr, int]:
    """Settle ``sum(terms) >= bound`` where every symbol being at least its smallest value settles it."""
    floor = [smallest(rest) for rest in terms]
    if None not in floor:
        least = sum(c * low for c, low in zip(terms.values(), floor, strict=True) if low is not None)
        if all(c > 0 for c in terms.values()) and least >= bound:
            return True
        if all(c < 0 for c in terms.values()) and least < bound:
            return False
    return summed(0, terms), bound
