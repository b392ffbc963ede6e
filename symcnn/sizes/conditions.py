"""Conditions: what must hold of the sizes for a formula to hold.

A requirement that is certainly true leaves nothing, one that is certainly false raises, and one
that symbols leave open becomes a ``Condition`` in reduced form: ``⌊H/2⌋ >= 2`` is ``H >= 4``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from sympy import Add, Eq, Expr, Ge, Integer, Le, Mod, Symbol, fraction, lcm
from sympy.logic.boolalg import Boolean

from ..errors import ConditionError
from .door import canonical
from .floordiv import FloorDiv, divides_evenly, linear

Message = Callable[[], str]


@dataclass(frozen=True, repr=False)
class Condition:
    """``left >= right``, ``left`` divides ``right``, or ``left == right``: a relation between sizes.

    ``operator`` is ``">="``, ``"|"`` or ``"=="``. ``reason`` says in words what asks for it, and
    does not count when conditions are compared. The text is the reduced relation: ``H >= 4``,
    ``g | C_in``.
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

    def __str__(self) -> str:
        if self.operator != ">=":
            return f"{self.left} {self.operator} {self.right}"
        more, less = self._sides()
        return f"{more} >= {less}" if more.free_symbols else f"{less} <= {more}"

    __repr__ = __str__


Conditions = tuple[Condition, ...]


def at_least(expr: Expr, bound: Expr | int, otherwise: Message, reason: str = "") -> Conditions:
    """Require ``expr >= bound``; ``otherwise()`` is the error's text where it is certainly false."""
    verdict = _lower_bound(expr - bound)
    if verdict is False:
        raise ConditionError(otherwise())
    return () if verdict is True else (Condition(verdict[0], ">=", Integer(verdict[1]), reason),)


def divides(divisor: Expr, expr: Expr, otherwise: Message, reason: str = "") -> Conditions:
    """Require ``expr`` to be a multiple of ``divisor``."""
    if divisor.is_Integer and expr.is_Integer:
        if expr % divisor:
            raise ConditionError(otherwise())
        return ()
    if divisor == 1 or divides_evenly(divisor, expr):
        return ()
    if divisor.is_Integer:
        divisor, expr = _without_multiples(divisor, expr)
        if expr.is_Integer or (divisor == 2 and expr.is_even is not None):
            return divides(divisor, Integer(expr.is_odd) if divisor == 2 else expr, otherwise)
    return (Condition(divisor, "|", expr, reason),)


def same(left: Expr, right: Expr, otherwise: Message, reason: str = "") -> Conditions:
    """Require two sizes to be equal."""
    difference = left - right
    if difference == 0:
        return ()
    if difference.is_Integer or _lower_bound(difference) is False or _lower_bound(-difference) is False:
        raise ConditionError(otherwise())
    return (Condition(left, "==", right, reason),)


def size_conditions(expr: Expr, minimum: int = 1) -> Conditions:
    """What must hold for an expression to be an integer of at least ``minimum``: ``w/2`` is ``2 | w``."""
    if expr.is_Integer or (expr.is_Symbol and (expr.is_positive or minimum == 0)):
        return ()

    def otherwise() -> str:
        return f"{expr} is never an integer of at least {minimum}"

    terms = Add.make_args(expr)
    divisor = lcm([fraction(term)[1] for term in terms])
    whole = () if divisor == 1 else divides(divisor, Add(*(t * divisor for t in terms)), otherwise, f"size {expr}")
    if whole and minimum == 1 and all(_smallest(rest) and c > 0 for c, rest in (t.as_coeff_Mul() for t in terms)):
        return whole  # A whole number above 0 is at least 1.
    return whole + at_least(expr, minimum, otherwise, f"size {expr}")


def surely_at_least(left: Expr, right: Expr) -> bool:
    """Whether ``left >= right`` by form alone."""
    return _lower_bound(left - right) is True


def reduced(conditions: Iterable[Condition]) -> Conditions:
    """Drop repetitions, and of several lower bounds of one expression all but the largest."""
    strongest: dict[object, Condition] = {}
    for condition in conditions:
        bounds = condition.operator == ">="
        key = condition.left if bounds else condition
        kept = strongest.get(key)
        if kept is None or (bounds and condition.right > kept.right):
            strongest[key] = condition
    return tuple(strongest.values())


def check_conditions(conditions: Iterable[Condition], values: Mapping[Symbol, Expr]) -> None:
    """Raise a ConditionError for the first condition that is certainly false with these sizes put in."""
    for condition in conditions:
        if condition.free_symbols & values.keys():
            recheck(condition, values)


def recheck(condition: Condition, values: Mapping[Symbol, Expr]) -> Conditions:
    left, right = (canonical(side.xreplace(values)) for side in (condition.left, condition.right))

    def otherwise() -> str:
        about = sorted(condition.free_symbols & values.keys(), key=str)
        given = ", ".join(f"{symbol} = {values[symbol]}" for symbol in about)
        reason = f" ({condition.reason})" if condition.reason else ""
        return f"{given} break{'s' if len(about) == 1 else ''} the condition {condition}{reason}"

    check = {">=": at_least, "|": divides, "==": same}[condition.operator]
    return check(left, right, otherwise)


def _without_multiples(divisor: Expr, expr: Expr) -> tuple[Expr, Expr]:
    """``4 | 4*m + 6*n`` is ``2 | n``: leave out terms the divisor divides, and common factors.

    Where the terms have a factor in common with the divisor that their constant has not, the
    constant alone stays: it can never be made up for.
    """
    constant, terms, scale = linear(expr)
    d = int(divisor) * scale
    terms = {rest: c % d for rest, c in terms.items() if c % d}
    shared = math.gcd(d, *terms.values())
    if constant % shared:
        return Integer(shared), Integer(constant)
    d, constant = d // shared, constant // shared % (d // shared)
    terms = {rest: c // shared for rest, c in terms.items()}
    # A factor of all terms that the divisor has no part in does not matter.
    common = math.gcd(*terms.values(), constant) or 1
    return Integer(d), Add(*(c // common * rest for rest, c in terms.items()), constant // common)


def _lower_bound(difference: Expr) -> bool | tuple[Expr, int]:
    """``difference >= 0`` as True, False, or the reduced ``(expr, bound)`` of ``expr >= bound``."""
    constant, terms, _ = linear(difference)
    bound = -constant
    while True:
        if not terms:
            return bound <= 0
        common = math.gcd(*terms.values())
        bound = -(-bound // common)
        terms = {rest: c // common for rest, c in terms.items()}
        if len(terms) > 1:
            break
        ((rest, sign),) = terms.items()
        if not isinstance(rest, FloorDiv) or not rest.args[1].is_positive:
            break
        # ⌊n/d⌋ >= b is n >= b*d; -⌊n/d⌋ >= b is -n >= b*d - d + 1.
        n, d = rest.args
        constant, terms, _ = linear(sign * n - bound * d + (d - 1 if sign < 0 else 0))
        bound = -constant
    return _decided(terms, bound)


def _decided(terms: dict[Expr, int], bound: int) -> bool | tuple[Expr, int]:
    """Settle ``sum(terms) >= bound`` where every symbol being at least 1 settles it."""
    floor = [_smallest(rest) for rest in terms]
    if None not in floor:
        least = sum(c * low for c, low in zip(terms.values(), floor, strict=True) if low is not None)
        if all(c > 0 for c in terms.values()) and least >= bound:
            return True
        if all(c < 0 for c in terms.values()) and least < bound:
            return False
    return Add(*(c * rest for rest, c in terms.items())), bound


def _smallest(term: Expr) -> int | None:
    """The least value that the form of a positive term tells of, or None where it does not."""
    if term.is_Integer:
        return int(term) if term > 0 else None
    if term.is_Symbol:
        return 1 if term.is_positive else 0 if term.is_nonnegative else None
    if term.is_Pow:
        return _smallest(term.base) if term.exp.is_nonnegative and term.base.is_positive else None
    if term.is_Mul:
        factors = [_smallest(factor) for factor in term.args]
        return None if None in factors else math.prod(f for f in factors if f is not None)
    if isinstance(term, FloorDiv) and term.args[1].is_Integer:
        return _smallest_quotient(*term.args)
    return None


def _smallest_quotient(numerator: Expr, divisor: Expr) -> int | None:
    constant, terms, _ = linear(numerator)
    least = [_smallest(rest) for rest in terms]
    if None in least or min(terms.values()) < 0:
        return None
    total = constant + sum(c * low for c, low in zip(terms.values(), least, strict=True) if low is not None)
    return total // int(divisor) if total >= 0 else None
