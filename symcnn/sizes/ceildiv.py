"""``ceil_div(n, d)``: ``⌈n/d⌉``, exact; of integers it is a ``FloorDiv``."""

from __future__ import annotations

import math
from typing import Any

from sympy import Add, Expr, Function, Integer

from .floordiv import FloorDiv, over_ratios
from .printing import CeilDivPrinting
from .terms import is_whole, least, linear, over_integers, summed


def ceil_div(numerator: Expr, divisor: Expr) -> Expr:
    """``⌈numerator/divisor⌉`` for a positive divisor.

    >>> from sympy import Integer
    >>> from symcnn import dims, ratio
    >>> from symcnn.sizes import ceil_div
    >>> ceil_div(dims("H"), Integer(2)), ceil_div(2 * ratio("beta"), Integer(1))
    (⌈H/2⌉, ⌈2*beta⌉)
    """
    if over_integers(numerator) and numerator.is_integer is not False:
        return FloorDiv(numerator + divisor - 1, divisor)
    return CeilDiv(numerator, divisor)


class CeilDiv(CeilDivPrinting, Function):  # type: ignore[misc]
    """``⌈numerator/divisor⌉`` of what may be no integer, as ``⌈2*beta⌉`` for a multiplier of depth.

    Whatever is an integer goes over to ``FloorDiv``, so that equal sizes have one form.
    """

    nargs = 2
    is_integer = True

    @classmethod
    def eval(cls, numerator: Expr, divisor: Expr) -> Expr | None:
        if divisor == 0:
            raise ZeroDivisionError(f"CeilDiv({numerator}, {divisor})")
        if numerator.is_Number and divisor.is_Number:
            quotient = numerator / divisor
            return Integer(math.ceil(quotient)) if quotient.is_finite else quotient
        if divisor.is_Integer and divisor < 0:
            return cls(-numerator, -divisor)
        constant, terms, scale = linear(numerator)
        if divisor.is_integer and divisor.is_positive and all(rest.is_integer or is_whole(rest) for rest in terms):
            return FloorDiv(summed(constant - 1, terms) + scale * divisor, scale * divisor)
        if not divisor.is_Integer:
            return None
        outside, inner, d = over_ratios(numerator, int(divisor))
        return None if (inner, d) == (numerator, divisor) else Add(*outside, cls(inner, d, evaluate=False))

    @property
    def least_value(self) -> int | None:
        """A number that it is never below, where its form tells."""
        numerator, divisor = self.args
        constant, rest = numerator.as_coeff_Add()
        if divisor.is_Integer and divisor > 0 and constant + divisor >= 0 and rest.is_positive:
            return int(constant // divisor) + 1  # what is above a number rounds up to the next integer at least
        low = least(numerator) if divisor.is_positive else None
        if low is None or low < 0:
            return None
        return 1 if low > 0 or numerator.is_positive else 0

    def _eval_is_nonnegative(self) -> bool | None:
        numerator, divisor = self.args
        return True if divisor.is_positive and numerator.is_nonnegative else None

    def _eval_is_positive(self) -> bool | None:
        numerator, divisor = self.args
        return True if divisor.is_positive and numerator.is_positive else None

    def _eval_rewrite_as_ceiling(self, numerator: Expr, divisor: Expr, **_: Any) -> Expr:
        from sympy import ceiling

        return ceiling(numerator / divisor)

    def _eval_rewrite_as_floor(self, numerator: Expr, divisor: Expr, **_: Any) -> Expr:
        from sympy import floor

        return -floor(-numerator / divisor)
