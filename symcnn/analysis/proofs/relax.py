"""``relax``: the smooth law behind a formula with roundings, and how far the two can be apart.

Every part of a formula is relaxed to a smooth one and two bounds: how far the exact value can be
below it, and how far above. Those of sums add up. With ``A = a + x`` and ``B = b + y``, neither
negative, ``A*B - a*b = A*y + b*x`` bounds a product by the bounds of its factors; of factors that may
be negative the absolute values count.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import reduce
from typing import Any, NamedTuple

from sympy import Abs, Add, Dummy, Expr, Max, Min, Mod, Mul, Piecewise, Pow, S, Sum, Symbol, ceiling, floor

from ...errors import SizeError
from ...sizes import CeilDiv, FloorDiv, MakeDivisible, canonical, larger
from ...sizes.printing import rounding
from ...sizes.terms import is_whole, least
from ..asked import as_formula, as_symbol

ROUNDINGS = (FloorDiv, CeilDiv, MakeDivisible, Mod)
KNOWN = "sums, products, powers, FloorDiv, floor, ceiling, make_divisible, Mod, Max, Min, Abs, Sum and Piecewise"


class Relaxed(NamedTuple):
    """A smooth expression, and a bound of how far the exact one is from it."""

    expr: Expr
    error: Expr

    @property
    def exact(self) -> bool:
        """Whether nothing had to be dropped: the smooth expression is the formula itself."""
        return self.error is S.Zero


def relax(expr: Any, x: Any = None) -> Relaxed:
    """The smooth law of a formula: quotients for divisions, ``v`` for ``make_divisible(v)``, and the error of it.

    A division that prints as a floor is ``n/d``, one that prints as a ceiling, ``⌈H/32⌉``, is ``H/32``.
    The result can be differentiated and solved; it has the exact formula's leading terms.

    Args:
        expr: an exact expression.
        x: a symbol, or its name: divisions and roundings that it is not in stay as they are.

    Returns:
        the smooth expression, and ``error`` with ``|expr - smooth| <= error`` wherever symbols have the
        signs that they are made with, each division and rounding in the formula is at least 1, as
        sizes are, what ``make_divisible`` is given is positive, and sums do not run backwards.

    Raises:
        SizeError: a rounding where no bound is known, such as in an exponent; what is no formula or no symbol.
        UnknownNameError: a name that no symbol of the formula has.

    >>> import symcnn as sc
    >>> H, w = sc.dims("H w")
    >>> sc.relax(9 * w**2 * sc.FloorDiv(H, 32) ** 2)
    Relaxed(expr=9*H**2*w**2/1024, error=279*H*w**2/512)
    >>> sc.relax(9 * w**2 * sc.FloorDiv(H, 32) ** 2, w).exact
    True
    >>> sc.relax(3 * sc.make_divisible(32 * sc.ratio("alpha"))).expr
    96*alpha
    """
    formula = as_formula(expr, "relax")
    smooth, below, above = bounds(formula, None if x is None else as_symbol(x, [formula], "relax"))
    return Relaxed(smooth, _largest([below.expand(), above.expand()]))


class Bounds(NamedTuple):
    """A smooth expression, and how far the exact one is below it, and above it, at most."""

    smooth: Expr
    below: Expr
    above: Expr


def bounds(expr: Expr, x: Symbol | None = None, *, sizes: bool = True) -> Bounds:
    """The smooth law of a formula with a bound on either side; see ``relax``, whose error is the larger one.

    With ``sizes=False`` no rounding is taken to be at least 1, nor what ``make_divisible`` is given to be
    positive, where the form does not tell: the bounds hold wherever symbols have their signs.
    """
    expr = canonical(expr) if expr.has(floor, ceiling) else expr
    held = {} if x is None else {one: _named_size(one) for one in expr.atoms(*ROUNDINGS) if x not in one.free_symbols}
    part = _relaxed(expr.xreplace(held), sizes)
    given_back = {name: one for one, name in held.items()}
    return Bounds(*(side.xreplace(given_back) for side in part[:3]))


def _named_size(rounding: Expr) -> Dummy:
    """A name for a rounding that is to stay: it has the sign that roundings in a formula are said to have."""
    surely = _is_surely_one(rounding, sizes=True)
    return Dummy("size", integer=True, positive=True) if surely else Dummy("size", nonnegative=True)


class _Part(NamedTuple):
    """A part of a formula: its smooth law, and how far the exact value is below and above that at most.

    ``positive`` tells that neither the exact value nor the smooth one is below 0.
    """

    smooth: Expr
    below: Expr = S.Zero
    above: Expr = S.Zero
    positive: bool = False

    @property
    def exact(self) -> bool:
        """Whether the smooth law is the formula itself."""
        return self.below is S.Zero and self.above is S.Zero

    @property
    def apart(self) -> Expr:
        """How far the exact value is from the smooth one at most, on either side."""
        return _largest([self.below, self.above])


def _relaxed(expr: Expr, sizes: bool) -> _Part:
    if not expr.has(*ROUNDINGS):
        return _Part(expr, positive=_is_plainly_positive(expr))
    for kind, rule in RULES.items():
        if isinstance(expr, kind):
            return rule(expr, sizes)
    raise SizeError(f"relax knows {KNOWN}; no bound is known for {expr}")


def _is_plainly_positive(expr: Expr) -> bool:
    """Whether an expression is a sum of products of what is not negative."""
    if expr.is_Add or expr.is_Mul:
        return all(map(_is_plainly_positive, expr.args))
    if expr.is_Pow:
        return _is_plainly_positive(expr.base) and bool(expr.exp.is_real)
    return bool(expr.is_nonnegative) if expr.is_Symbol or expr.is_Number else False


def _largest(bounds: Iterable[Expr]) -> Expr:
    """The largest of some bounds, none of which is below 0."""
    return reduce(larger, dict.fromkeys(bound for bound in bounds if bound != 0) or [S.Zero])


def _is_surely_one(expr: Expr, sizes: bool) -> bool:
    """Whether an exact value is at least 1; the roundings in it are where they are sizes, or by their form."""
    if isinstance(expr, FloorDiv | CeilDiv | MakeDivisible):
        return sizes or (least(expr) or 0) >= 1
    if expr.is_Mul or (expr.is_Pow and expr.exp.is_nonnegative):
        return all(_is_surely_one(part, sizes) for part in (expr.args if expr.is_Mul else (expr.base,)))
    return bool(expr.is_integer and expr.is_positive)


# Sums, products and powers.


def _sum(expr: Expr, sizes: bool) -> _Part:
    parts = [_relaxed(term, sizes) for term in expr.args]
    smooth, below, above = (Add(*(part[i] for part in parts)) for i in range(3))
    return _Part(smooth, below, above, all(part.positive for part in parts))


def _product(expr: Expr, sizes: bool) -> _Part:
    number, rest = expr.as_coeff_Mul()
    return _scaled(reduce(_times, (_relaxed(factor, sizes) for factor in Mul.make_args(rest))), number)


def _scaled(part: _Part, number: Expr) -> _Part:
    """A part times a number, whose sign turns the bounds round."""
    below, above = (part.below, part.above) if number > 0 else (part.above, part.below)
    return _Part(number * part.smooth, abs(number) * below, abs(number) * above, bool(part.positive and number > 0))


def _times(a: _Part, b: _Part) -> _Part:
    smooth = a.smooth * b.smooth
    if a.exact and b.exact:
        return _Part(smooth, positive=a.positive and b.positive)
    if a.positive and b.positive:
        above = a.smooth * b.above + b.smooth * a.above + a.above * b.above
        # The last term is for an exact value that is above the smooth one in one factor alone.
        beyond = a.above * b.below if b.above is not S.Zero else S.Zero
        return _Part(smooth, a.smooth * b.below + b.smooth * a.below + beyond, above, True)
    if (a.exact and a.positive) or (b.exact and b.positive):
        known, other = (a, b) if a.exact and a.positive else (b, a)
        return _Part(smooth, known.smooth * other.below, known.smooth * other.above)
    apart = Abs(a.smooth) * b.apart + Abs(b.smooth) * a.apart + a.apart * b.apart
    return _Part(smooth, apart, apart)


def _power(expr: Expr, sizes: bool) -> _Part:
    base, exponent = expr.args
    if exponent.has(*ROUNDINGS) or not exponent.is_integer:
        raise SizeError(f"relax knows powers of a rounding with an integer exponent; no bound is known for {expr}")
    if exponent.could_extract_minus_sign():
        return _inverse(base**-exponent, sizes)
    if not exponent.is_positive:
        raise SizeError(f"relax knows powers of a rounding with a positive exponent; no bound is known for {expr}")
    part = _relaxed(base, sizes)
    if part.positive:
        below = exponent * part.smooth ** (exponent - 1) * part.below
        above = (part.smooth + part.above) ** exponent - part.smooth**exponent
        return _Part(part.smooth**exponent, below, above, True)
    size = Abs(part.smooth)
    apart = (size + part.apart) ** exponent - size**exponent
    return _Part(part.smooth**exponent, apart, apart)


def _inverse(expr: Expr, sizes: bool) -> _Part:
    """``1/A``: with ``A`` of at least 1, ``1/A - 1/a = (a - A)/(A*a)`` is at most ``(a - A)/a``."""
    part = _relaxed(expr, sizes)
    if not (part.positive and part.smooth != 0 and _is_surely_one(expr, sizes)):
        raise SizeError(f"relax divides by sizes; no bound is known for a division by {expr}")
    return _Part(1 / part.smooth, part.above / part.smooth, part.below / part.smooth, True)


# Roundings.


def _division(expr: Expr, sizes: bool) -> _Part:
    """``⌊n/d⌋``: of integers at most ``(d - 1)/d`` below the quotient, as ``⌈n/d⌉`` is above it."""
    up = isinstance(expr, CeilDiv) or rounding(*expr.args)[0] == "ceil"
    n = expr.args[0] if isinstance(expr, CeilDiv) else rounding(*expr.args)[1]
    d = expr.args[1]
    if not (d.is_positive or _is_surely_one(d, sizes)):
        raise SizeError(f"relax divides by sizes; no bound is known for {expr}")
    over = _relaxed(n, sizes)
    quotient = _times(over, _inverse(d, sizes) if d.has(*ROUNDINGS) else _Part(1 / d, positive=True))
    whole = is_whole(n) and is_whole(d)
    step = 1 - 1 / d if whole and not d.has(*ROUNDINGS) else S.One
    below, above = (S.Zero, step) if up else (step, S.Zero)
    # A size of at least 1 has a quotient above 0; a smooth one too, if there was no rounding inside.
    meant = sizes and ((over.exact and not d.has(*ROUNDINGS)) or _is_plainly_positive(quotient.smooth))
    positive = meant or quotient.positive
    return _Part(quotient.smooth, quotient.below + below, quotient.above + above, positive)


def _divisible(expr: Expr, sizes: bool) -> _Part:
    """``make_divisible``: half a step below at most, and above a whole step, or the least value."""
    size, divisor, minimum = expr.parts
    if divisor.has(*ROUNDINGS) or minimum.has(*ROUNDINGS):
        raise SizeError(f"relax knows roundings to an exact multiple; no bound is known for {expr}")
    part = _relaxed(size, sizes)
    if not (sizes or part.positive):
        raise SizeError(f"relax rounds what is positive; no bound is known for {expr}")
    above = part.above + _largest([divisor, minimum])
    positive = part.positive or (sizes and (part.exact or _is_plainly_positive(part.smooth)))
    return _Part(part.smooth, part.below + divisor / 2, above, positive)


def _remainder(expr: Expr, sizes: bool) -> _Part:
    """``n mod d`` is 0 where the division is exact, and below ``d``."""
    n, d = expr.args
    if not d.is_positive or d.has(*ROUNDINGS):
        raise SizeError(f"relax divides by sizes; no bound is known for {expr}")
    return _Part(S.Zero, S.Zero, d - 1 if is_whole(n) and is_whole(d) else d, True)


# What chooses or repeats.


def _extreme(expr: Expr, sizes: bool) -> _Part:
    parts = [_relaxed(arg, sizes) for arg in expr.args]
    sign = any if isinstance(expr, Max) else all
    below, above = (_largest([part[i] for part in parts]) for i in (1, 2))
    return _Part(expr.func(*(part.smooth for part in parts)), below, above, sign(part.positive for part in parts))


def _absolute(expr: Expr, sizes: bool) -> _Part:
    part = _relaxed(expr.args[0], sizes)
    return _Part(Abs(part.smooth), part.apart, part.apart, True)


def _loop(expr: Expr, sizes: bool) -> _Part:
    if any(bound.has(*ROUNDINGS) for limit in expr.limits for bound in limit[1:]):
        raise SizeError(f"relax knows sums between exact limits; no bound is known for {expr}")
    part = _relaxed(expr.function, sizes)
    smooth, below, above = (Sum(one, *expr.limits) if one else one for one in part[:3])
    return _Part(smooth, below, above, part.positive)


def _cases(expr: Expr, sizes: bool) -> _Part:
    if any(test.has(*ROUNDINGS) for _, test in expr.args):
        raise SizeError(f"relax knows cases that depend on no rounding; no bound is known for {expr}")
    parts = [_relaxed(value, sizes) for value, _ in expr.args]
    tests = [test for _, test in expr.args]
    smooth, below, above = (
        Piecewise(*((part[i], test) for part, test in zip(parts, tests, strict=True))) for i in range(3)
    )
    return _Part(smooth, below, above, all(part.positive for part in parts))


RULES: dict[Any, Callable[[Expr, bool], _Part]] = {
    Add: _sum,
    Mul: _product,
    Pow: _power,
    (FloorDiv, CeilDiv): _division,
    MakeDivisible: _divisible,
    Mod: _remainder,
    (Max, Min): _extreme,
    Abs: _absolute,
    Sum: _loop,
    Piecewise: _cases,
}
