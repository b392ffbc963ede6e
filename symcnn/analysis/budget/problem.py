"""A question about budgets, checked: formulas, limits, conditions and the values of all but what is looked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sympy import Expr, Symbol

from ...errors import MissingValueError
from ...numeric import CompiledFunction
from ...numeric.checks import as_conditions
from ...sizes import Conditions, exact_number, size_conditions
from ..asked import Values, settled
from ..compiled import Pairs, function_of, on_arrays, symbols_of, test_of, tied, tied_condition
from .limits import Limit, Limits


@dataclass(frozen=True)
class Problem:
    """Limits and further formulas, in the symbols that are looked for and in those that have numbers.

    ``fixed`` is what was put in, as it was given; ``numbers`` are the values among it that are numbers.
    """

    looked_for: tuple[Symbol, ...]
    limits: Limits
    objectives: tuple[Expr, ...]
    conditions: tuple[Any, ...]
    fixed: Mapping[Symbol, Expr]
    numbers: Mapping[Symbol, Any]

    @classmethod
    def of(
        cls,
        looked_for: Sequence[Symbol],
        limits: Limits,
        objectives: Sequence[Expr],
        where: Any,
        at: Values | None,
        *,
        partly: bool = False,
    ) -> Problem:
        """Put in the values, and check that nothing is left free, unless some may be (``partly``).

        Raises:
            MissingValueError: a symbol of a formula has no value.
            ConditionError: the values break a condition.
        """
        conditions = as_conditions(where)
        used = {symbol for formula in formulas_of(limits, objectives) for symbol in symbols_of(formula)}
        about = {symbol for condition in conditions for symbol in symbols_of(condition)}
        values = settled({*used, *about, *looked_for}, at, looked_for)
        ties = tuple((symbol, value) for symbol, value in values.items() if value.free_symbols)
        numbers = {symbol: exact_number(v) for symbol, v in values.items() if not v.free_symbols}
        known = {*looked_for, *numbers}
        conditions = (*conditions, *(c for s, v in ties for c in size_of(s, v)))
        kept = [c for one in conditions for c in tied_condition(one, ties) if known.issuperset(symbols_of(c))]
        problem = cls(
            tuple(looked_for),
            tuple(limit._replace(left=tied(limit.left, ties), right=tied(limit.right, ties)) for limit in limits),
            tuple(tied(formula, ties) for formula in objectives),
            tuple(dict.fromkeys(kept)),
            {symbol: value for symbol, value in values.items() if symbol in used | about},
            numbers,
        )
        if not partly:
            problem.require_numbers()
        problem.check_numbers()
        return problem

    def require_numbers(self) -> None:
        """Refuse a symbol of a formula that has no value."""
        free = [s.name for s in self.function.args if s not in self.looked_for and s not in self.numbers]
        if free:
            raise MissingValueError(f"a value is missing for {', '.join(free)}; give it in at")

    def check_numbers(self) -> None:
        """Refuse numbers that break a condition about nothing else."""
        fixed = tuple(c for c in self.conditions if not set(self.looked_for) & set(symbols_of(c)))
        if fixed:
            test = test_of(fixed, ())
            test(*(self.numbers[symbol] for symbol in test.args))

    @cached_property
    def pairs(self) -> Pairs:
        """The numbers, in a form that can be remembered."""
        return tuple(self.numbers.items())

    @cached_property
    def function(self) -> CompiledFunction:
        """Whatever is no number of both sides of every limit, and then the other formulas, as one function."""
        return function_of(tuple(f for f in formulas_of(self.limits, self.objectives) if not f.is_Rational))

    @cached_property
    def test(self) -> CompiledFunction:
        """What tells whether values of what is looked for are allowed."""
        open_ones = tuple(c for c in self.conditions if set(self.looked_for) & set(symbols_of(c)))
        return test_of(open_ones, self.looked_for)

    def arguments(self, function: CompiledFunction, values: Mapping[Symbol, Any]) -> list[Any]:
        """A function's arguments in its order: the numbers, and values for what is looked for."""
        return [values[symbol] if symbol in values else self.numbers[symbol] for symbol in function.args]

    def evaluated(self, values: Mapping[Symbol, Any]) -> list[Any]:
        """Both sides of every limit, and then the other formulas, at values or at arrays of them."""
        found = iter(on_arrays(self.function, self.arguments(self.function, values)))
        formulas = formulas_of(self.limits, self.objectives)
        return [exact_number(formula) if formula.is_Rational else next(found) for formula in formulas]

    def sides(self, values: Mapping[Symbol, Any]) -> list[tuple[Any, Any]]:
        """Both sides of every limit, at values or at arrays of them."""
        found = self.evaluated(values)
        return [(found[i], found[i + 1]) for i in range(0, 2 * len(self.limits), 2)]

    def sides_of(self, limit: Limit, values: Mapping[Symbol, Any]) -> tuple[Any, Any]:
        """Both sides of one limit, which need not be among the problem's."""
        function = function_of((limit.left, limit.right))
        left, right = function(*self.arguments(function, values))
        return left, right

    def met(self, values: Mapping[Symbol, Any]) -> list[Any]:
        """Which limits are met, at values or at arrays of them."""
        pairs = zip(self.limits, self.sides(values), strict=True)
        return [limit.met(left, right) for limit, (left, right) in pairs]


def size_of(symbol: Symbol, value: Expr) -> Conditions:
    """What must hold for an expression to be a size that a symbol stands for: ``w/2`` is whole."""
    return size_conditions(value, 1 if symbol.is_positive else 0) if symbol.is_integer else ()


def formulas_of(limits: Limits, objectives: Iterable[Expr] = ()) -> list[Expr]:
    """All formulas of a question."""
    return [*(side for limit in limits for side in (limit.left, limit.right)), *objectives]
