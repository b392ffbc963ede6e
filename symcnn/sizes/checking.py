"""Conditions with sizes put in: certainly true, certainly false, or conditions still."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from sympy import Expr, Symbol

from .conditions import Condition, Conditions, at_least, broken, whole_quotient
from .equality import same

REQUIRE: dict[str, Callable[..., Conditions]] = {">=": at_least, "|": whole_quotient, "==": same}


def check_conditions(conditions: Iterable[Condition], values: Mapping[Symbol, Expr]) -> None:
    """Raise a ConditionError for the first condition that is certainly false with these sizes put in."""
    for condition in conditions:
        if condition.free_symbols & values.keys():
            recheck(condition, values)


def recheck(condition: Condition, values: Mapping[Symbol, Expr]) -> Conditions:
    """What is left of a condition with these sizes put in.

    Raises:
        ConditionError: they certainly break it.
    """
    left, right = (side.xreplace(values) for side in (condition.left, condition.right))

    def otherwise() -> str:
        about = sorted(condition.free_symbols & values.keys(), key=str)
        return broken({symbol: values[symbol] for symbol in about}, condition.explained)

    return REQUIRE[condition.operator](left, right, otherwise)
