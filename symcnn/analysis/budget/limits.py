"""Limits: relations such as ``net.params <= 5_000_000``, read once for every question about a budget."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from sympy import Eq, Expr, Float, Ge, Gt, Le, Lt, Rational, Symbol
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean, BooleanAtom

from ...errors import SizeError
from ...sizes import Condition
from ..asked import as_formula

TAKES = "a limit is an inequality, such as net.params <= 5_000_000"
DECIDED = (
    "; SymPy decides at once an inequality that no size, or every size, meets: a budget that is negative, or below "
    "what any size needs. (net.params, '<=', budget) stays as it is written"
)
SIGNS = {Le: "<=", Lt: "<", Ge: ">=", Gt: ">"}
TURNED = {"<=": ">=", "<": ">", ">=": "<=", ">": "<"}
WORDS = {"<=": "≤", "<": "<", ">=": "≥", ">": ">"}
"""The signs as people read them."""

PRECISION = 53
"""The binary digits of Python's own decimals."""

SHORT = 24
"""A formula whose text is longer than this is not a name."""


class Limit(NamedTuple):
    """``left sign right``, under a name; ``sign`` is one of ``<= < >= >``."""

    name: str
    left: Expr
    sign: str
    right: Expr

    @property
    def upper(self) -> bool:
        """Whether the left side is to be small."""
        return self.sign in ("<=", "<")

    @property
    def excess(self) -> Expr:
        """What must not be above 0, or, where the sign is strict, must be below it."""
        return self.left - self.right if self.upper else self.right - self.left

    def met(self, left: Any, right: Any) -> Any:
        """Whether values, or arrays of them, are within the limit."""
        if self.sign == "<=":
            return left <= right
        if self.sign == "<":
            return left < right
        return left >= right if self.sign == ">=" else left > right

    def substituted(self, values: Mapping[Symbol, Expr]) -> Limit:
        """The limit with values put in."""
        return self._replace(left=self.left.xreplace(values), right=self.right.xreplace(values))


Limits = tuple[Limit, ...]


def as_limits(given: Any, *, needed: bool = True) -> Limits:
    """Limits from an inequality, several in a list, or several by name, ``{"parameters": P <= 5e6}``.

    One that SymPy would decide at once may be written as a triple, ``(P, "<=", 5_000_000)``.

    Raises:
        SizeError: something that is no inequality, a budget that is negative, or no limit at all.
    """
    named = dict(given) if isinstance(given, Mapping) else dict(enumerate(_listed(given), start=1))
    if needed and not named:
        raise SizeError(f"{TAKES}; got none")
    limits = tuple(_limit(name, relation) for name, relation in named.items())
    plain = [limit.name for limit in limits]
    return tuple(
        limit if plain.count(limit.name) == 1 else limit._replace(name=f"limit {place}")
        for place, limit in enumerate(limits, start=1)
    )


def _listed(given: Any) -> list[Any]:
    if isinstance(given, (Boolean, bool)) or _is_triple(given):
        return [given]
    if isinstance(given, str) or not isinstance(given, Iterable):
        raise SizeError(f"{TAKES}; got {given!r}")
    return list(given)


def _is_triple(given: Any) -> bool:
    return isinstance(given, tuple) and len(given) == 3 and isinstance(given[1], str) and given[1] in TURNED


def _limit(name: Any, given: Any) -> Limit:
    if type(given) in SIGNS:
        left, sign, right = given.lhs, SIGNS[type(given)], given.rhs
    elif _is_triple(given):
        left, sign, right = as_formula(given[0], "a limit"), given[1], as_budget(given[2])
    else:
        said = f" for {name}" if isinstance(name, str) else ""
        decided = isinstance(given, (bool, BooleanAtom))
        raise SizeError(f"{TAKES}; got {given!r}{said}{DECIDED if decided else ''}")
    left, right = (as_formula(exact(side), "a limit") for side in (left, right))
    if left.is_number and not right.is_number:
        left, sign, right = right, TURNED[sign], left
    if right.is_number and right < 0:
        raise SizeError(f"a budget is not negative, got {left} {sign} {right}")
    return Limit(name if isinstance(name, str) else name_of(left, f"limit {name}"), left, sign, right)


@lru_cache(maxsize=512)
def name_of(formula: Expr, otherwise: str) -> str:
    """What a formula is called in a table: its own text, where that is short."""
    text = str(formula)
    return text if len(text) <= SHORT else otherwise


def as_budget(budget: Any) -> Expr:
    """A budget as an exact expression; one such as ``5e6`` from its digits.

    Raises:
        SizeError: it is no formula and no finite number.
    """
    return exact(as_formula(Float(budget) if isinstance(budget, float) else budget, "a budget"))


def exact(expr: Expr) -> Expr:
    """An expression with its decimals as fractions, read from their digits: ``5e6`` is 5000000."""
    if not expr.has(Float):
        return expr
    return expr.xreplace({number: _from_digits(number) for number in expr.atoms(Float)})


def _from_digits(number: Float) -> Rational:
    """A decimal from the digits that Python writes it with, or, of a more precise one, from SymPy's."""
    return Rational(repr(float(number))) if number._prec <= PRECISION else Rational(str(number))


def implied(condition: Any, x: Symbol) -> Limits:
    """What a condition says of how large a symbol may be: ``x | 64`` that it is at most 64."""
    if x not in condition.free_symbols:
        return ()
    name = str(condition)
    if isinstance(condition, Relational):
        left, right = condition.lhs, condition.rhs
        signs = ["<=", ">="] if isinstance(condition, Eq) else [SIGNS[t] for t in SIGNS if type(condition) is t]
    else:
        left, right = condition.left, condition.right
        signs = {">=": [">="], "==": ["<=", ">="], "|": ["<="] if right.is_positive else []}[condition.operator]
    return tuple(Limit(name, left, sign, right) for sign in signs)


def leaves_no_end(condition: Any, x: Symbol, ways: Mapping[Limit, int | None]) -> bool:
    """Whether a condition surely allows values beyond any: a lower bound does, and ``8 | x``."""
    if x not in condition.free_symbols:
        return True
    if isinstance(condition, Condition) and condition.operator == "|":
        return x not in condition.left.free_symbols
    if isinstance(condition, Condition | Ge | Gt | Le | Lt):
        return all(ways[limit] in (-1, 0) for limit in implied(condition, x))
    return False
