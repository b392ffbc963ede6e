"""Conditions: what must hold of the sizes for a formula to hold.

A requirement that is certainly true leaves nothing, one that is certainly false raises, and one
that symbols leave open becomes a ``Condition`` in reduced form: ``⌊H/2⌋ >= 2`` is ``H >= 4``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sympy import Add, Eq, Expr, Ge, Integer, Le, Mod, S, fraction, lcm
from sympy.logic.boolalg import Boolean

from ..errors import ConditionError
from .bounds import lower_bound
from .terms import divides_evenly, is_whole, linear, multiple_of, summed

Message = Callable[[], str]


def _written(expr: Expr) -> str:
    """An expression as text; Python does not write out a number of many thousand digits."""
    try:
        return str(expr)
    except ValueError:
        return "a number of thousands of digits"


@dataclass(frozen=True, repr=False)
class Condition:
    """``left >= right``, ``left`` divides ``right``, or ``left == right``: a relation between sizes.

    ``operator`` is ``">="``, ``"|"`` or ``"=="``. ``reason`` says in words what asks for it, and
    does not count when conditions are compared. The text is the reduced relation: ``H >= 4``,
    ``g | C_in``; what 1 divides is whole, ``32*alpha is an integer``.
    """

    left: Expr
    operator: str
    right: Expr
    reason: str = field(default="", compare=False)

    @property
    def relation(self) -> Boolean:
        """The condition as a SymPy relation."""
        if self.operator == "|":
            return Eq(Mod(self.right, self.left), 0)
        if self.operator == "==":
            return Eq(self.left, self.right)
        more, less = self._sides()
        return Ge(more, less) if more.free_symbols else Le(less, more)

    @property
    def free_symbols(self) -> set[Expr]:
        """The symbols that the condition is about."""
        found: set[Expr] = self.left.free_symbols | self.right.free_symbols
        return found

    def _sides(self) -> tuple[Expr, Expr]:
        """``left >= right`` with nothing negative on either side, so that it reads well."""
        terms = Add.make_args(self.left - self.right)
        negative = [term for term in terms if term.as_coeff_Mul()[0] < 0]
        return Add(*(t for t in terms if t not in negative)), -Add(*negative)

    @property
    def explained(self) -> str:
        """The condition, and what asks for it."""
        return f"{self} ({self.reason})" if self.reason else str(self)

    def __str__(self) -> str:
        if self.operator == "|" and self.left is S.One:
            return f"{self.right} is an integer"
        if self.operator != ">=":
            return f"{self.left} {self.operator} {self.right}"
        more, less = self._sides()
        return f"{_written(more)} >= {_written(less)}" if more.free_symbols else f"{_written(less)} <= {_written(more)}"

    __repr__ = __str__


Conditions = tuple[Condition, ...]


def at_least(expr: Expr, bound: Expr | int, otherwise: Message, reason: str = "") -> Conditions:
    """Require ``expr >= bound``; ``otherwise()`` is the error's text where it is certainly false."""
    verdict = lower_bound(expr - bound)
    if verdict is False:
        raise ConditionError(otherwise())
    return () if verdict is True else (Condition(verdict[0], ">=", Integer(verdict[1]), reason),)


def divides(divisor: Expr, expr: Expr, otherwise: Message, reason: str = "") -> Conditions:
    """Require a size to be a multiple of ``divisor``; every size is one of 1 and of itself, by its own condition."""
    return () if divisor in (S.One, expr) else whole_quotient(divisor, expr, otherwise, reason)


def whole_quotient(divisor: Expr, expr: Expr, otherwise: Message, reason: str = "") -> Conditions:
    """Require ``expr/divisor`` to be an integer."""
    if divisor.is_Integer and expr.is_Rational:
        if not (expr / divisor).is_Integer:
            raise ConditionError(otherwise())
        return ()
    whole = is_whole(expr)
    if whole and (divisor == 1 or divides_evenly(divisor, expr)):
        return ()
    if divisor.is_Integer:
        divisor, expr = _without_multiples(int(divisor), expr)
        if expr.is_Integer or (divisor == 2 and whole and expr.is_even is not None):
            return whole_quotient(divisor, Integer(expr.is_odd) if divisor == 2 else expr, otherwise)
    return (Condition(divisor, "|", expr, reason),)


def _without_multiples(divisor: int, expr: Expr) -> tuple[Expr, Expr]:
    """``4 | 4*m + 6*n`` is ``2 | n``: leave out terms the divisor divides, and common factors.

    Where the terms have a factor in common with the divisor that their constant has not, the
    constant alone stays: it can never be made up for. A term that may be no integer has no factors
    but its coefficient's.
    """
    constant, terms, scale = linear(expr)
    d = divisor * scale
    whole = {rest for rest in terms if is_whole(rest)}
    terms = {rest: c for rest, c in terms.items() if rest not in whole or c * multiple_of(rest) % d}
    if whole.issuperset(terms):
        terms = {rest: c % d for rest, c in terms.items()}
        shared = math.gcd(d, *terms.values())
        if constant % shared:
            return Integer(shared), Integer(constant)
    else:
        constant %= d
        shared = math.gcd(d, constant, *terms.values())
    d, constant = d // shared, constant // shared % (d // shared)
    terms = {rest: c // shared for rest, c in terms.items()}
    # A factor of all terms that the divisor has no part in does not matter.
    common = math.gcd(*terms.values(), constant) if whole.issuperset(terms) else 1
    return Integer(d), summed(constant // (common or 1), {rest: c // (common or 1) for rest, c in terms.items()})


def size_conditions(expr: Expr, minimum: int = 1) -> Conditions:
    """What must hold for an expression to be an integer of at least ``minimum``: ``w/2`` is ``2 | w``."""
    if expr.is_Integer or (expr.is_Symbol and expr.is_integer and (expr.is_positive or minimum == 0)):
        return ()

    def otherwise() -> str:
        return f"{expr} is never an integer of at least {minimum}"

    terms = Add.make_args(expr)
    if all(map(is_whole, terms)):
        return at_least(expr, minimum, otherwise, f"size {expr}")
    divisor = lcm([fraction(term)[1] for term in terms])
    whole = whole_quotient(divisor, Add(*(t * divisor for t in terms)), otherwise, f"size {expr}")
    if whole and minimum == 1 and all(term.is_positive for term in terms):
        return whole  # A whole number above 0 is at least 1.
    return whole + at_least(expr, minimum, otherwise, f"size {expr}")


COMPARED = 12
"""How many lower bounds of several terms are compared with all others."""


def reduced(conditions: Iterable[Condition]) -> Conditions:
    """Drop repetitions, and of several lower bounds of one expression all but the largest."""
    strongest: dict[object, Condition] = {}
    for condition in conditions:
        bounds = condition.operator == ">="
        key = condition.left if bounds else condition
        kept = strongest.get(key)
        if kept is None or (bounds and condition.right > kept.right):
            strongest[key] = condition
    bounds_kept = tuple(strongest.values())
    compound = [condition for condition in bounds_kept if condition.operator == ">=" and condition.left.is_Add]
    # Each against all others: worth it for the few of a repeated layer, not for hundreds.
    return _not_implied(bounds_kept, compound) if len(compound) <= COMPARED else bounds_kept


def _not_implied(conditions: Conditions, compound: list[Condition]) -> Conditions:
    """Without the lower bounds that another makes sure of: ``H >= 2`` beside ``H >= 2**n``."""
    kept = list(conditions)
    for strong in compound:
        for weak in [condition for condition in kept if condition.operator == ">=" and condition is not strong]:
            surplus = (weak.left - weak.right) - (strong.left - strong.right)
            if strong in kept and lower_bound(surplus) is True:
                kept.remove(weak)
    return tuple(kept)


def broken(values: Mapping[Any, Any], rule: str) -> str:
    """The message about values that break a rule: ``H = 3 breaks the condition H >= 4``."""
    listed = ", ".join(f"{name} = {value}" for name, value in values.items())
    return f"{listed} break{'s' if len(values) == 1 else ''} the condition {rule}"
