"""What a trace took to hold of the sizes, as conditions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...sizes import Conditions, at_least, divides, same
from ..reading.leaves import TRACED
from .exported import Guard, Program, UndecidedError


def guarded(program: Program) -> Conditions:
    """The conditions under which the program is what the module does.

    Raises:
        UndecidedError: the module does one thing where a size is such and such, and another where it is not.
    """
    return tuple(condition for guard in program.guards for condition in _condition(guard, program))


def _condition(guard: Guard, program: Program) -> Conditions:
    expr, kind = guard.expr, type(guard.expr).__name__
    if kind == "And":
        return tuple(one for part in expr.args for one in _condition(Guard(part, guard.place), program))
    if kind not in RELATIONS:
        raise UndecidedError(f"the module does otherwise where not {expr} ({guard.place})")

    def otherwise() -> str:
        return f"the module is traced for {expr} ({guard.place})"

    left, right = expr.args
    return RELATIONS[kind](left, right, program, otherwise)


Message = Callable[[], str]


def _equal(left: Any, right: Any, program: Program, otherwise: Message) -> Conditions:
    read = program.read
    if type(left).__name__ in ("Mod", "PythonMod") and right == 0:
        number, divisor = map(read, left.args)
        return divides(divisor, number, otherwise)
    return same(read(left), read(right), otherwise, TRACED)


def _more(more: Any, less: Any, program: Program, otherwise: Message) -> Conditions:
    return _at_least(more, less, 1, program, otherwise)


def _no_less(more: Any, less: Any, program: Program, otherwise: Message) -> Conditions:
    return _at_least(more, less, 0, program, otherwise)


def _less(less: Any, more: Any, program: Program, otherwise: Message) -> Conditions:
    return _at_least(more, less, 1, program, otherwise)


def _no_more(less: Any, more: Any, program: Program, otherwise: Message) -> Conditions:
    return _at_least(more, less, 0, program, otherwise)


def _at_least(more: Any, less: Any, bound: int, program: Program, otherwise: Message) -> Conditions:
    read = program.read
    return at_least(read(more) - read(less), bound, otherwise, TRACED)


def _different(left: Any, right: Any, program: Program, otherwise: Message) -> Conditions:
    """Sizes that differ are taken to differ in the direction that they do in the trace."""
    read = program.read
    larger = program.at_trace(read(left) - read(right)).is_positive
    return _more(left, right, program, otherwise) if larger else _less(left, right, program, otherwise)


RELATIONS: dict[str, Callable[[Any, Any, Program, Message], Conditions]] = {
    "Equality": _equal,
    "Unequality": _different,
    "GreaterThan": _no_less,
    "StrictGreaterThan": _more,
    "LessThan": _no_more,
    "StrictLessThan": _less,
}
"""From the kind of a relation to the conditions that say it."""
