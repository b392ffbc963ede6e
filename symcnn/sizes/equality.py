"""``same``: two sizes that must be equal, as a condition that says no more than it must.

What both sides share is cancelled, ``H - k + 3 == H`` is ``k == 3``; divisions that round differently
tell what must divide, ``⌈H/2⌉ == ⌊H/2⌋`` is ``2 | H``. Where one side grows faster than the other,
``⌈H/2⌉ == H``, something was forgotten: it is refused, though it holds for ``H = 1``.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace
from functools import lru_cache

from sympy import Add, Expr, Integer, Mul, Rational, S, Symbol, integer_nthroot, multiplicity

from ..errors import ConditionError
from .bounds import lower_bound
from .ceildiv import CeilDiv
from .conditions import Condition, Conditions, Message, divides
from .divisible import MakeDivisible
from .floordiv import FloorDiv
from .terms import Terms, is_whole, linear, multiple_of, smallest, summed


def same(left: Expr, right: Expr, otherwise: Message, reason: str = "") -> Conditions:
    """Require two sizes to be equal.

    Raises:
        ConditionError: they are certainly different; or both depend on one symbol alone, and one
            grows faster than the other.

    >>> from symcnn import FloorDiv, dims
    >>> from symcnn.sizes import same
    >>> H, k = dims("H k")
    >>> same(H - k + 3, H, lambda: "different"), same(2 * FloorDiv(H, 2), H, lambda: "different")
    ((k == 3,), (2 | H,))
    """
    if left == right:
        return ()
    try:
        return tuple(replace(condition, reason=reason) for condition in _equation(left, right))
    except ConditionError:
        raise ConditionError(otherwise()) from None


def _never() -> str:
    return "never equal"


@lru_cache(maxsize=4096)
def _equation(left: Expr, right: Expr) -> Conditions:
    """The conditions under which two sizes are equal.

    Raises:
        ConditionError: there are none.
    """
    left, right = _cancelled(left, right)
    if left.is_number:
        left, right = right, left
    constant, terms, _ = linear(left - right)
    if not terms:
        return _certainly(constant == 0)
    common = math.gcd(*terms.values())
    whole = all(map(is_whole, terms))
    if whole and constant % common:
        return _certainly(False)
    total = summed(constant, terms)
    if lower_bound(total) is False or lower_bound(-total) is False:
        return _certainly(False)
    if len(terms) == 1:
        ((rest, c),) = terms.items()
        return _value(rest, Rational(-constant, c))
    if whole:
        found = _of_divisions(constant // common, {rest: c // common for rest, c in terms.items()})
        if found is not None:
            return found
    return _certainly(False) if _grow_apart(left, right) else (Condition(left, "==", right),)


def _certainly(equal: bool) -> Conditions:
    if not equal:
        raise ConditionError(_never())
    return ()


# What both sides share.


def _cancelled(left: Expr, right: Expr) -> tuple[Expr, Expr]:
    """The sides without the factors, and then without the terms, that both have."""
    while True:
        before = left, right
        left, right = _without_terms(*_without_factors(left, right))
        if (left, right) == before:
            return before


def _without_factors(left: Expr, right: Expr) -> tuple[Expr, Expr]:
    """``16*(H - 2)*w == 8*w`` is ``2*(H - 2) == 1``: factors that are surely not 0 go."""
    (number, factors), (other_number, other_factors) = map(_factors, (left, right))
    if not number or not other_number:
        return left, right
    numbers = [int(number.p) * int(other_number.q), int(other_number.p) * int(number.q)]
    common = Rational(math.gcd(*numbers), number.q * other_number.q)
    shared = Counter({f: n for f, n in (factors & other_factors).items() if _is_surely_positive(f)})
    if common == 1 and not shared:
        return left, right
    return _product(number / common, factors - shared), _product(other_number / common, other_factors - shared)


def _factors(expr: Expr) -> tuple[Rational, Counter[Expr]]:
    """The number in front, and how often each factor is there."""
    number: Rational = S.One
    found: Counter[Expr] = Counter()
    for factor in Mul.make_args(expr):
        content, factor = factor.primitive()
        number *= content
        counted = factor.is_Pow and factor.exp.is_Integer and factor.exp > 0
        found[factor.base if counted else factor] += int(factor.exp) if counted else 1
    found.pop(S.One, None)
    return number, found


def _product(number: Rational, factors: Counter[Expr]) -> Expr:
    return number * Mul(*(factor**times for factor, times in factors.items()))


def _is_surely_positive(factor: Expr) -> bool:
    return bool(factor.is_positive) if factor.is_Symbol else (smallest(factor) or 0) > 0


def _without_terms(left: Expr, right: Expr) -> tuple[Expr, Expr]:
    """``H - k + 3 == H`` is ``3 == k``: nothing is on both sides, and nothing negative on either."""
    (constant, terms, scale), (other_constant, other_terms, other_scale) = map(linear, (left, right))
    if not terms.keys() & other_terms.keys() and not all(side.as_coeff_Add()[0] for side in (left, right)):
        return left, right
    sides: tuple[list[Expr], list[Expr]] = ([], [])
    for rest in {S.One: 0} | terms | other_terms:
        here, there = (constant, other_constant) if rest is S.One else (terms.get(rest, 0), other_terms.get(rest, 0))
        c = Rational(here, scale) - Rational(there, other_scale)
        sides[0 if c > 0 else 1].append(abs(c) * rest)
    return Add(*sides[0]), Add(*sides[1])


# One term that has a value.


def _value(rest: Expr, value: Rational) -> Conditions:
    """``rest == value``, solved where that is sure to give one value: ``w**2 == 16`` is ``w == 4``."""
    if is_whole(rest) and value % multiple_of(rest) != 0:
        return _certainly(False)
    if rest.is_Symbol and rest.is_odd:
        _certainly(value % 2 == 1)
    if rest.is_Pow and value.is_Integer and value > 0:
        base, exponent = rest.args
        if base.is_Symbol and base.is_nonnegative and base.is_integer and exponent.is_Integer and exponent > 0:
            root, exact = integer_nthroot(int(value), int(exponent))
            return _value(base, Integer(root)) if exact else _certainly(False)
        if base.is_Integer and base > 1 and is_whole(exponent):
            times = multiplicity(base, value)
            return _equation(exponent, Integer(times)) if base**times == value else _certainly(False)
    return (Condition(rest, "==", value),)


# Divisions that round differently.


def _of_divisions(constant: int, terms: Terms) -> Conditions | None:
    """Where ``constant + terms == 0`` says which number divides what; None where it does not say."""
    divisions = [rest for rest in terms if isinstance(rest, FloorDiv) and rest.args[1].is_Integer]
    if len(terms) == 2 and len(divisions) == 2 and set(terms.values()) == {1, -1}:
        first, second = sorted(divisions, key=lambda division: -terms[division])
        return _two_divisions(first, second, -constant)
    for division in divisions:
        if abs(terms[division]) > 1:
            found = _multiple(division, constant, terms)
            if found is not None:
                return found
    return None


def _two_divisions(first: Expr, second: Expr, difference: int) -> Conditions | None:
    """``⌊(a + x)/d⌋ - ⌊(a + y)/d⌋ == difference``.

    With ``x - y = q*d + r`` the left side is ``q``, or ``q + 1`` where ``(a + y) mod d >= d - r``.
    """
    (x, terms, _), (y, other_terms, _) = (linear(division.args[0]) for division in (first, second))
    d = int(first.args[1])
    if terms != other_terms or d != second.args[1] or not all(map(is_whole, terms)):
        return None
    q, r = divmod(x - y, d)
    if r == 0 or difference not in (q, q + 1):
        return _certainly(difference == q)
    if difference == q and r == d - 1:
        return divides(Integer(d), second.args[0], _never)
    if difference == q + 1 and r == 1:
        return divides(Integer(d), second.args[0] + 1, _never)
    return None


def _multiple(division: Expr, constant: int, terms: Terms) -> Conditions | None:
    """``e*⌊n/d⌋ == x`` is ``e | x`` where the division is what ``x/e`` is for every such ``x``.

    ``x/e`` is written as a division itself, ``⌊m/d⌋`` with ``d = e*f``. For a multiple ``x`` of ``e`` its
    numerator ``m`` has any remainder below ``f``, and ``n = m + shift`` must not change the quotient.
    """
    times = terms[division]
    e = abs(times)
    others = {rest: -c if times > 0 else c for rest, c in terms.items() if rest != division}
    x = summed(-constant if times > 0 else constant, others)
    quotient = FloorDiv(x, Integer(e))
    if not isinstance(quotient, FloorDiv) or quotient.args[1] != division.args[1]:
        return None
    (shift, m, _), (start, n, _) = (linear(part.args[0]) for part in (division, quotient))
    d, shift = int(division.args[1]), shift - start
    if m != n or d % e or not all(map(is_whole, m)):
        return None
    if 0 <= shift <= d - d // e:
        return divides(Integer(e), x, _never)
    return _certainly(False) if shift >= d or shift <= -(d // e) else None


# Sides that grow apart.


def _grow_apart(left: Expr, right: Expr) -> bool:
    """Whether both sides grow with the same symbol and no other, at different rates."""
    if left.free_symbols != right.free_symbols or len(left.free_symbols) != 1:
        return False
    (symbol,) = left.free_symbols
    rates = [_growth(side, symbol) for side in (left, right)]
    return rates[0] != rates[1] and all(rate is not None and rate[1] > 0 for rate in rates)


def _growth(expr: Expr, symbol: Symbol) -> tuple[int, Rational] | None:
    """The degree and the coefficient of what an expression grows like, where that is a power."""
    if expr.is_Rational:
        return 0, expr
    if expr == symbol:
        return 1, S.One
    if isinstance(expr, FloorDiv | CeilDiv) and expr.args[1].is_Integer:
        found = _growth(expr.args[0], symbol)
        return found and (found[0], found[1] / expr.args[1])
    if isinstance(expr, MakeDivisible):
        return _growth(expr.args[0], symbol)
    if expr.is_Pow and expr.exp.is_Integer and expr.exp > 0:
        found = _growth(expr.base, symbol)
        return found and (found[0] * int(expr.exp), found[1] ** expr.exp)
    if not (expr.is_Add or expr.is_Mul):
        return None
    parts = [_growth(arg, symbol) for arg in expr.args]
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return None
    if expr.is_Mul:
        return sum(degree for degree, _ in known), Mul(*(rate for _, rate in known))
    top = max(degree for degree, _ in known)
    rate = Add(*(rate for degree, rate in known if degree == top))
    return (top, rate) if rate else None
