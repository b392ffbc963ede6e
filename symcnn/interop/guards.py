"""What a trace took to hold of the sizes, as conditions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sympy import Integer

from ..errors import SymcnnError
from ..sizes import Conditions, at_least, divides, same
from .exported import Guard, Program
from .torch_sizes import SizeReader


class UndecidedError(SymcnnError):
    """What a module does depends on the size of its input in a way that no condition says."""


def guarded(program: Program) -> Conditions:
    """The conditions under which the program is what the module does.

    Raises:
        UndecidedError: the module does one thing where a size is such and such, and another where it is not.
    """
    return tuple(condition for guard in program.guards for condition in _condition(guard, program.reader))


def _condition(guard: Guard, reader: SizeReader) -> Conditions:
    expr, kind = guard.expr, type(guard.expr).__name__
    if kind == "And":
        return tuple(one for part in expr.args for one in _condition(Guard(part, guard.place), reader))
    if kind not in RELATIONS:
        raise UndecidedError(f"the module does otherwise where not {expr} ({guard.place})")

    def otherwise() -> str:
        return f"the module is traced for {expr} ({guard.place})"

    left, right = expr.args
    return RELATIONS[kind](left, right, reader, otherwise)


Message = Callable[[], str]


def _equal(left: Any, right: Any, reader: SizeReader, otherwise: Message) -> Conditions:
    if type(left).__name__ in ("Mod", "PythonMod") and right == 0:
        number, divisor = map(reader.read, left.args)
        return divides(divisor, number, otherwise)
    return same(reader.read(left), reader.read(right), otherwise, "the module is traced for it")


def _at_least(bound: int) -> Callable[[Any, Any, SizeReader, Message], Conditions]:
    def relation(more: Any, less: Any, reader: SizeReader, otherwise: Message) -> Conditions:
        return at_least(reader.read(more) - reader.read(less), bound, otherwise, "the module is traced for it")

    return relation


def _at_most(bound: int) -> Callable[[Any, Any, SizeReader, Message], Conditions]:
    relation = _at_least(bound)
    return lambda less, more, reader, otherwise: relation(more, less, reader, otherwise)


def _different(left: Any, right: Any, reader: SizeReader, otherwise: Message) -> Conditions:
    """A size that is not 1, or not 0, is taken to be larger."""
    if right not in (0, 1):
        raise UndecidedError(f"the module does otherwise where {left} is {right}")
    return at_least(reader.read(left), Integer(int(right) + 1), otherwise, "the module is traced for it")


RELATIONS: dict[str, Callable[[Any, Any, SizeReader, Message], Conditions]] = {
    "Equality": _equal,
    "Unequality": _different,
    "GreaterThan": _at_least(0),
    "StrictGreaterThan": _at_least(1),
    "LessThan": _at_most(0),
    "StrictLessThan": _at_most(1),
}
"""From the kind of a relation to the conditions that say it."""
