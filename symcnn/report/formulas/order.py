"""The order of a sum's terms: SymPy's own, but no sum starts with what is taken away."""

from __future__ import annotations

from typing import Any

from sympy import Expr


class Ordered:
    """For printers: ``⌊H/2⌋ - k + 1`` where SymPy has ``-k + ⌊H/2⌋ + 1``."""

    def _as_ordered_terms(self, expr: Expr, order: Any = None) -> list[Expr]:
        terms: list[Expr] = super()._as_ordered_terms(expr, order=order)  # type: ignore[misc]
        added = [term for term in terms if not term.could_extract_minus_sign()]
        first = next((term for term in added if not term.is_Number), added[0] if added else terms[0])
        if terms[0] in added:
            return terms
        return [first, *(term for term in terms if term is not first)]


def in_order(expr: Expr) -> list[Expr]:
    """The terms of a sum in the order in which they are written.

    >>> from symcnn import FloorDiv, dims
    >>> H, k = dims("H k")
    >>> in_order(1 - k + FloorDiv(H, 2))
    [⌊H/2⌋, -k, 1]
    """
    from .text import PlainPrinter

    return PlainPrinter(" ")._as_ordered_terms(expr)
