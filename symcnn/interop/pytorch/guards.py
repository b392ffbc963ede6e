"""What a trace took to hold of the sizes, as conditions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from sympy import fraction, together

from ...errors import SymcnnError
from ...sizes import Condition, Conditions, at_least, divides, same
from ..reading.leaves import TRACED
from .exported import Guard, Program
from .watching import UndecidedError


def guarded(program: Program) -> Conditions:
    """The conditions under which the program is what the module does.

    Raises:
        UndecidedError: the module does one thing where a size is such and such, and another where it is not.
    """
    asked = tuple(condition for guard in program.guards for condition in _condition(guard, program))
    return (*asked, *_squeezed(program))


def _condition(guard: Guard, program: Program) -> Conditions:
    expr, kind = guard.expr, type(guard.expr).__name__
    if kind == "And":
        return tuple(one for part in expr.args for one in _condition(guard._replace(expr=part), program))
    if kind == "Or":
        return _one_of(guard, program)
    if kind not in RELATIONS:
        raise UndecidedError(f"the module does otherwise where not {expr} ({guard.place})")
    left, right = expr.args
    if kind == "Unequality" and guard.own and 0 not in (left, right):
        return ()

    def otherwise() -> str:
        return f"the module is traced for {expr} ({guard.place})"

    return RELATIONS[kind](left, right, program, otherwise)


def _one_of(guard: Guard, program: Program) -> Conditions:
    """The conditions of an alternative: of those that hold in the trace the one that asks least."""
    found = []
    for part in guard.expr.args:
        try:
            conditions = _condition(guard._replace(expr=part), program)
        except SymcnnError:
            continue
        if all(_holds(one, program) for one in conditions):
            found.append(conditions)
    if not found:
        raise UndecidedError(f"the module does otherwise where not {guard.expr} ({guard.place})")
    return min(found, key=len)


def _holds(condition: Condition, program: Program) -> bool:
    left, right = map(program.at_trace, (condition.left, condition.right))
    return bool(replace(condition, left=left, right=right).relation)


def _squeezed(program: Program) -> Iterator[Condition]:
    """An axis that ``squeeze`` left alone is none of size 1.

    Of all that PyTorch asks whether sizes differ - strides, copies, what is spread - this alone changes a shape.
    """
    for node in program.nodes:
        if getattr(getattr(node.target, "_schema", None), "name", "").startswith("aten::squeeze"):
            sizes = [program.read(size) for size in node.args[0].meta["val"].shape]
            axes = node.args[1] if len(node.args) > 1 else range(len(sizes))
            for size in [sizes[axis] for axis in ([axes] if isinstance(axes, int) else axes)]:
                if not size.is_Integer and program.at_trace(size) != 1:
                    yield from at_least(size, 2, lambda: "an axis of size 1 is dropped", TRACED)


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
    """A difference of quotients is one of their numerators, as what divides is positive."""
    difference, _ = fraction(together(program.read(more) - program.read(less)))
    return at_least(difference, bound, otherwise, TRACED)


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
