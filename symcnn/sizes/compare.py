"""Which of two sizes is larger, where their form tells."""

from __future__ import annotations

from sympy import Expr, Max

from .bounds import surely_at_least


def larger(left: Expr, right: Expr) -> Expr:
    """The larger of two sizes; SymPy's ``Max`` of both where the symbols leave it open.

    >>> from symcnn.sizes import dims, larger
    >>> k, d = dims("k d")
    >>> larger(d*k, d), larger(k, d)
    (d*k, Max(d, k))
    """
    if left == right or surely_at_least(left, right):
        return left
    return right if surely_at_least(right, left) else Max(left, right)
