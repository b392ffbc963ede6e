"""``make_divisible``: channel counts rounded to a multiple, as the mobile networks do it, exactly."""

from __future__ import annotations

import math
from typing import Any

from sympy import Expr, Function, Integer, S

from .door import as_rational, as_size
from .printing import MakeDivisiblePrinting
from .terms import is_whole, least, linear, multiple_of


def make_divisible(expr: Any, divisor: Any = 8, min_value: Any = None) -> Expr:
    """The multiple of ``divisor`` nearest to a size, halves up, and not more than 10 % below it.

    With ``m = min_value`` it is ``n = max(m, ⌊(v + d/2)/d⌋·d)``, or ``n + d`` where ``n < 9/10·v``.

    Args:
        expr: the size ``v``, a positive rational number or an expression in symbols.
        divisor: what the result is a multiple of.
        min_value: the least result, the divisor where nothing is given.

    The arithmetic is exact, where frameworks use floating point: torchvision computes
    ``200 * 0.58 = 115.99999999999999``, an expansion of ``mobilenet_v3_large(width_mult=0.58)``, and
    makes 112 of it. Exactly it is 116, half way between 112 and 120, and rounds up.

    Raises:
        SizeError: what is not a positive rational number or an expression of symbols; floats among
            that, and divisors that are no sizes.

    Source: ``_make_divisible`` of TensorFlow's MobileNet, https://github.com/tensorflow/models, and
    of torchvision's ``models/_utils.py``.

    >>> import symcnn as sc
    >>> from sympy import Rational
    >>> alpha, m = sc.ratio("alpha"), sc.dims("m")
    >>> width = sc.make_divisible(32 * alpha, 8)
    >>> width, width.subs(alpha, Rational(1, 4)), width.subs(alpha, Rational(3, 5))
    (⌊32*alpha⌉₈, 8, 24)
    >>> sc.make_divisible(8 * m), sc.make_divisible(200 * Rational("0.58"))
    (8*m, 120)
    """
    size, d = as_rational(expr, "expr"), as_size(divisor, "divisor")
    return MakeDivisible(size, d) if min_value is None else MakeDivisible(size, d, as_size(min_value, "min_value"))


class MakeDivisible(MakeDivisiblePrinting, Function):  # type: ignore[misc]
    """``make_divisible`` of an expression: a positive integer, ``⌊32*alpha⌉₈``.

    Numbers are rounded at once. A size that is such a multiple by its form stays as it is.
    """

    nargs = (2, 3)
    is_integer = True
    is_positive = True

    @classmethod
    def eval(cls, size: Expr, divisor: Expr, minimum: Expr | None = None) -> Expr | None:
        if minimum == divisor:
            return cls(size, divisor)
        minimum = divisor if minimum is None else minimum
        if size.is_infinite or size is S.NaN:
            return size
        if divisor.is_Integer and minimum.is_Integer:
            if size.is_Rational:
                return Integer(rounded(int(size.p), int(size.q), int(divisor), int(minimum)))
            return size if _is_multiple(size, int(divisor), int(minimum)) else None
        return size if minimum == divisor and _times(size, divisor) else None

    @property
    def parts(self) -> tuple[Expr, Expr, Expr]:
        """The size, the divisor, and the least result."""
        size, divisor, *minimum = self.args
        return size, divisor, minimum[0] if minimum else divisor

    @property
    def least_value(self) -> int | None:
        """A number that it is never below."""
        minimum = self.parts[2]
        return int(minimum) if minimum.is_Integer else 1

    @property
    def multiple(self) -> int:
        """A number that divides it."""
        _, divisor, minimum = self.parts
        return math.gcd(int(divisor), int(minimum)) if divisor.is_Integer and minimum.is_Integer else 1

    def _eval_rewrite_as_Piecewise(self, *args: Expr, **_: Any) -> Expr:  # noqa: N802 - SymPy's name for it
        from sympy import Max, Piecewise

        from .floordiv import FloorDiv

        size, divisor, minimum = self.parts
        near = Max(minimum, divisor * FloorDiv(2 * size + divisor, 2 * divisor))
        return Piecewise((near + divisor, 10 * near < 9 * size), (near, True))

    _eval_rewrite_as_Max = _eval_rewrite_as_Piecewise  # noqa: N815

    def _eval_rewrite_as_floor(self, *args: Expr, **_: Any) -> Expr:
        from sympy import floor

        return self._eval_rewrite_as_Piecewise().rewrite(floor)


def rounded(over: int, under: int, divisor: int, minimum: int) -> int:
    """``make_divisible`` of the fraction ``over/under``, ``under`` being positive."""
    near = max(minimum, (2 * over + divisor * under) // (2 * divisor * under) * divisor)
    return near + divisor if 10 * near * under < 9 * over else near


def _is_multiple(size: Expr, divisor: int, minimum: int) -> bool:
    """Whether a size is, by its form, a multiple of a number, and at least ``minimum``."""
    constant, terms, scale = linear(size)
    d = divisor * scale
    if constant % d or any(c * multiple_of(rest) % d or not is_whole(rest) for rest, c in terms.items()):
        return False
    low = least(size)
    return low is not None and low > 0 and (minimum <= divisor or low >= minimum)


def _times(size: Expr, divisor: Expr) -> bool:
    """Whether a size is by its form a positive multiple of a symbolic divisor."""
    quotient = size / divisor
    return is_whole(quotient) and (least(quotient) or 0) > 0
