"""Formulas as plain tuples: sums of products of atoms over a common denominator, read once from SymPy.

An atom is a tuple that starts with its kind: ``("arg", i)`` is the i-th argument, ``("sums", poly)``
a sum that stands in a product, and the rest are the functions that cannot be multiplied out. The
part after this one (``graph``) needs no SymPy, so a formula is factored anew, cheaply, for each
kind of call.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeAlias

from sympy import Abs, Add, Dummy, Expr, Max, Min, Mod, Mul, Piecewise, Sum, Symbol, ceiling, floor
from sympy.core.relational import Eq, Ge, Gt, Le, Lt, Ne
from sympy.logic.boolalg import And, Boolean, Not, Or

from ..errors import SizeError
from ..sizes import CeilDiv, FloorDiv, MakeDivisible, canonical
from ..sizes.terms import over_integers

Monomial: TypeAlias = tuple[tuple[int, int], ...]
"""The atoms of a product with their exponents, by atom."""

Poly: TypeAlias = tuple[tuple[Monomial, int], ...]
"""A sum of products with integer coefficients and exponents of at least 1."""

Atom: TypeAlias = tuple[Any, ...]
Test: TypeAlias = tuple[Any, ...]
"""``("compare", operator, poly)`` is ``poly operator 0``; also ``and``, ``or``, ``not``, ``always``."""

Number: TypeAlias = int | Fraction

RELATIONS: dict[type, str] = {Ge: ">=", Gt: ">", Le: "<=", Lt: "<", Eq: "==", Ne: "!="}
LOGIC: dict[type, str] = {And: "and", Or: "or", Not: "not"}
KNOWN = "+, -, *, /, integer powers, FloorDiv, make_divisible, floor, ceiling, Mod, Min, Max, Abs, Sum and Piecewise"


@dataclass(frozen=True)
class Ratio:
    """``numerator / (denominator * scale)``, with no division left inside either of them."""

    numerator: Poly
    denominator: Monomial
    scale: int

    def over(self) -> Poly:
        """The denominator, scale included, as a sum of one term."""
        return ((self.denominator, self.scale),)


class Forms:
    """The atoms of some formulas in some arguments. The first atoms are the arguments themselves."""

    def __init__(self, args: Sequence[Symbol]) -> None:
        self.atoms: list[Atom] = []
        self._ids: dict[Atom, int] = {}
        self._read: dict[Expr, tuple[Number, Monomial]] = {}
        for i, symbol in enumerate(args):
            self._read[symbol] = (1, self._atom("arg", i))

    def ratio(self, expr: Expr) -> Ratio:
        """Read an expression.

        Raises:
            SizeError: a function, a number or a power that has no exact value.
        """
        return self._sum(canonical(expr) if expr.has(floor, ceiling) else expr)

    def test(self, condition: Boolean) -> Test:
        """Read a relation, or a logical combination of relations."""
        if condition in (True, False):
            return ("always", bool(condition))
        if type(condition) in RELATIONS:
            difference = self.whole(self.ratio(condition.lhs - condition.rhs), sign_only=True)
            return ("compare", RELATIONS[type(condition)], difference)
        if type(condition) in LOGIC:
            return (LOGIC[type(condition)], *(self.test(part) for part in condition.args))
        raise SizeError(f"{condition} is not a relation between sizes")

    def divides(self, divisor: Expr, expr: Expr) -> Test:
        """``divisor`` divides ``expr``, built here because SymPy's ``Mod`` is slow and rewrites itself."""
        (_, remainder) = self._mod(self.ratio(expr), self.ratio(divisor))
        return ("compare", "==", ((remainder[:1], 1),))

    def whole(self, ratio: Ratio, sign_only: bool = False) -> Poly:
        """A ratio as one sum: as it stands, or as the atom of the division."""
        if not ratio.denominator and (sign_only or ratio.scale == 1):
            return ratio.numerator
        return ((self._atom("ratio", ratio.numerator, ratio.over()), 1),)

    def _atom(self, *atom: Any) -> Monomial:
        if atom not in self._ids:
            self._ids[atom] = len(self.atoms)
            self.atoms.append(atom)
        return ((self._ids[atom], 1),)

    def _sum(self, expr: Expr) -> Ratio:
        terms: dict[Monomial, Number] = {}
        for term in Add.make_args(expr):
            coefficient, monomial = self._product(term)
            terms[monomial] = terms.get(monomial, 0) + coefficient
        return _over_one_denominator({m: c for m, c in terms.items() if c})

    def _product(self, term: Expr) -> tuple[Number, Monomial]:
        coefficient: Number = 1
        exponents: dict[int, int] = {}
        for factor in Mul.make_args(term):
            if factor.is_Rational:
                coefficient *= _number(factor)
                continue
            base, n = (factor.base, int(factor.exp)) if _is_integer_power(factor) else (factor, 1)
            if base not in self._read:
                self._read[base] = self._base(base)
            c, monomial = self._read[base]
            coefficient *= c if n == 1 else c**n if n > 0 else Fraction(c) ** n
            for atom, e in monomial:
                exponents[atom] = exponents.get(atom, 0) + e * n
        return coefficient, tuple(sorted((atom, e) for atom, e in exponents.items() if e))

    def _base(self, base: Expr) -> tuple[Number, Monomial]:
        """What stands in a product without an exponent, as a number times atoms."""
        if base.is_Rational:
            return _number(base), ()
        if base.is_Add:
            return self._inner_sum(base)
        if base.is_Mul:
            return self._product(base)
        if base.is_Pow and base.base.is_real and base.exp.is_integer is not False and not base.exp.is_number:
            return self._power(base)
        if isinstance(base, FloorDiv | CeilDiv):
            return self._division(base)
        if isinstance(base, MakeDivisible):
            return self._divisible(base)
        if isinstance(base, Mod):
            return self._mod(*(self._sum(arg) for arg in base.args))
        if isinstance(base, (Min, Max, Abs)):
            scale, args = self._over_one_scale([self._sum(arg) for arg in base.args])
            return scale, self._atom(type(base).__name__.lower(), *args)
        if isinstance(base, Sum):
            return self._loop(base)
        if isinstance(base, Piecewise):
            scale, values = self._over_one_scale([self._sum(value) for value, _ in base.args])
            tests = [self.test(test) for _, test in base.args]
            return scale, self._atom("choose", tuple(zip(tests, values, strict=True)))
        raise SizeError(_no_exact_value(base))

    def _inner_sum(self, expr: Expr) -> tuple[Number, Monomial]:
        ratio = self._sum(expr)
        below = tuple((atom, -e) for atom, e in ratio.denominator)
        if len(ratio.numerator) == 1:
            ((monomial, c),) = ratio.numerator
            return Fraction(c, ratio.scale), _multiplied(monomial, below)
        common = math.gcd(*(c for _, c in ratio.numerator))
        poly = tuple((m, c // common) for m, c in ratio.numerator)
        return _simple(Fraction(common, ratio.scale)), _multiplied(self._atom("sums", poly), below)

    def _power(self, expr: Expr) -> tuple[Number, Monomial]:
        """``b**e``; a negative exponent and a fraction's denominator go below the line."""
        base, exponent = expr.base, expr.exp
        if exponent.could_extract_minus_sign():
            c, monomial = self._power_atom(base, -exponent)
            return _simple(1 / Fraction(c)), tuple((atom, -e) for atom, e in monomial)
        if base.is_Rational and base.q != 1:
            (_, above), (_, below) = (self._power_atom(b, exponent) for b in base.as_numer_denom())
            return 1, _multiplied(above, tuple((atom, -e) for atom, e in below))
        return self._power_atom(base, exponent)

    def _power_atom(self, base: Expr, exponent: Expr) -> tuple[Number, Monomial]:
        if base == 1:
            return 1, ()
        return 1, self._atom("power", *(self.whole(self._sum(part)) for part in (base, exponent)))

    def _mod(self, n: Ratio, d: Ratio) -> tuple[Number, Monomial]:
        above, below = _times(n.numerator, *d.over()), _times(d.numerator, *n.over())
        under = _multiplied(n.denominator, d.denominator)
        mod = self._atom("mod", above, below)
        scale = _simple(Fraction(1, n.scale * d.scale))
        return scale, _multiplied(mod, tuple((atom, -e) for atom, e in under))

    def _division(self, expr: Expr) -> tuple[Number, Monomial]:
        """A division that rounds down; one that rounds up is the same of what is negative."""
        n, d = (self._sum(arg) for arg in expr.args)
        sign = -1 if isinstance(expr, CeilDiv) else 1
        above, below = _times(n.numerator, *d.over()), _times(d.numerator, *n.over())
        return sign, self._atom("floordiv", _times(above, ((), sign)), below)

    def _divisible(self, expr: MakeDivisible) -> tuple[Number, Monomial]:
        """``n + d·b``: the nearest multiple ``n``, and one more where ``n < 9/10·v``, which is where ``b`` is 1.

        ``b`` is ``9·v - 10·n`` brought between 0 and 1, which arrays can do, too.
        """
        size = self._sum(expr.parts[0])
        d, least = (self.whole(self._sum(part)) for part in expr.parts[1:])
        under = size.denominator
        above = _plus(_times(size.numerator, ((), 2)), _times(d, (under, size.scale)))
        near = self._atom("floordiv", above, _times(d, (under, 2 * size.scale)))
        n = self._atom("max", least, _times(d, (near, 1)))
        # Times the square of the denominator, so that its sign does not matter.
        exact = (_multiplied(_multiplied(under, under), n), -10 * size.scale)
        short = _plus(_times(size.numerator, (under, 9)), (exact,))
        if not over_integers(expr):  # A fraction is rounded up.
            short = ((self._atom("floordiv", _times(short, ((), -1)), (((), 1),)), -1),)
        b = self._atom("min", (((), 1),), ((self._atom("max", (), short), 1),))
        return 1, self._atom("sums", _plus(((n, 1),), _times(d, (b, 1))))

    def _over_one_scale(self, ratios: list[Ratio]) -> tuple[Number, list[Poly]]:
        """Several ratios over one positive number."""
        polys = [self.whole(r) if r.denominator else r.numerator for r in ratios]
        scales = [1 if r.denominator else r.scale for r in ratios]
        common = math.lcm(*scales)
        return _simple(Fraction(1, common)), [
            _times(poly, ((), common // scale)) for poly, scale in zip(polys, scales, strict=True)
        ]

    def _loop(self, expr: Sum) -> tuple[Number, Monomial]:
        *inner, (name, low, high) = expr.limits
        # A Dummy, so that an index and an argument of one name stay two things.
        index = Dummy(name.name, integer=True)
        body = (expr.func(expr.function, *inner) if inner else expr.function).xreplace({name: index})
        place = self._atom("index", len(self.atoms))
        self._read[index] = (1, place)
        scale, (poly,) = self._over_one_scale([self._sum(body)])
        limit = [self.whole(self._sum(bound)) for bound in (low, high)]
        return scale, self._atom("loop", place[0][0], *limit, poly)


def _over_one_denominator(terms: dict[Monomial, Number]) -> Ratio:
    scale = math.lcm(*(c.denominator for c in terms.values()))
    lowest: dict[int, int] = {}
    for monomial in terms:
        for atom, e in monomial:
            if e < lowest.get(atom, 0):
                lowest[atom] = e
    below = tuple(sorted((atom, -e) for atom, e in lowest.items()))
    whole = ((_multiplied(m, below) if below else m, int(c * scale)) for m, c in terms.items())
    return Ratio(tuple(sorted(whole)), below, scale)


def _multiplied(one: Monomial, other: Monomial) -> Monomial:
    if not one or not other:
        return one or other
    exponents = dict(one)
    for atom, e in other:
        exponents[atom] = exponents.get(atom, 0) + e
    return tuple(sorted((atom, e) for atom, e in exponents.items() if e))


def _times(poly: Poly, term: tuple[Monomial, int]) -> Poly:
    monomial, coefficient = term
    if not monomial and coefficient == 1:
        return poly
    return tuple(sorted((_multiplied(m, monomial), c * coefficient) for m, c in poly))


def _plus(one: Poly, other: Poly) -> Poly:
    total = dict(one)
    for monomial, coefficient in other:
        total[monomial] = total.get(monomial, 0) + coefficient
    return tuple(sorted((m, c) for m, c in total.items() if c))


def _number(rational: Expr) -> Number:
    return _simple(Fraction(int(rational.p), int(rational.q)))


def _simple(number: Fraction) -> Number:
    return number.numerator if number.denominator == 1 else number


def _is_integer_power(factor: Expr) -> bool:
    return bool(factor.is_Pow and factor.exp.is_Integer)


def _no_exact_value(expr: Expr) -> str:
    if expr.is_Float:
        return f"{expr} is a float, which has no exact value; write sympy.Rational('0.75') for 0.75"
    what = f"the function {expr.func.__name__}" if expr.is_Function else str(expr)
    return f"{what} has no exact value here; a formula is made of {KNOWN}"
