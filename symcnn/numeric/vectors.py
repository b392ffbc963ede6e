"""Formulas over arrays: a plan in int64 where that is exact, point by point where it is not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cached_property, reduce
from typing import TYPE_CHECKING, Any

from ..errors import ConditionError, SizeError
from .arrays import CannotRun, Plan
from .forms import Atom, Number, Poly
from .graph import Graph
from .inputs import Inputs, int64_or_object
from .source import Writer, compiled

if TYPE_CHECKING:
    from .arrays import Array, Bounds

PLANS = 64
"""How many kinds of call are remembered."""


class Vectorised:
    """Some sums as functions of arrays, and of numbers point by point."""

    def __init__(self, atoms: Sequence[Atom], polys: Sequence[Poly], names: Sequence[str]) -> None:
        self._atoms, self._polys, self._names = atoms, polys, names
        self._plans: dict[tuple[Any, ...], Plan | None] = {}

    @cached_property
    def point(self) -> Callable[..., tuple[Number, ...]]:
        """The sums on numbers, as a tuple. Values are not checked."""
        graph = Graph(self._atoms)
        writer = Writer(graph)
        nodes = [graph.poly(poly) for poly in self._polys]
        writer.expect(nodes)
        values = [f"whole({writer.value(node)})" for node in nodes]
        writer.line(f"return ({', '.join(values)}{',' if values else ''})")
        return compiled(writer.lines, self._names)

    def __call__(self, given: Inputs) -> list[Array]:
        """The sums at each point, in int64 or, where they do not fit, as Python integers.

        Raises:
            ConditionError: a sum that is not whole everywhere, or a division by zero.
        """
        arrays = self.in_int64(given)
        if arrays is not None:
            return arrays
        points = self._at_points(given)
        columns = [[point[i] for point in points] for i in range(len(self._polys))]
        for column in columns:
            _require_whole(column, given)
        return [int64_or_object(column, given.shape) for column in columns]

    def in_int64(self, given: Inputs) -> list[Array] | None:
        """The sums at each point where int64 surely holds each step of them, else None."""
        plan = None if given.wide else self._plan(given)
        try:
            return None if plan is None else plan(given.values, given.bounds, given.shape)
        except CannotRun:
            return None

    def bounds(self, given: Inputs) -> list[Bounds] | None:
        """The bounds of each sum, where they are known without computing it."""
        plan = None if given.wide else self._plan(given)
        try:
            return None if plan is None else plan.bounds(given.values, given.bounds)
        except CannotRun:
            return None

    def foreign(self, values: Sequence[Any]) -> Sequence[Any]:
        """The sums by the plain formula, on arrays that bring their own arithmetic."""
        import numpy as np

        graph = Graph(self._atoms)
        writer = Writer(graph)
        nodes = [graph.poly(poly) for poly in self._polys]
        writer.expect(nodes)
        results = [writer.value(node) for node in nodes]
        writer.line(f"return ({', '.join(results)}{',' if results else ''})")
        helpers = {
            "min": lambda *args: reduce(np.minimum, args),
            "max": lambda *args: reduce(np.maximum, args),
            "ratio": lambda n, d: n // d,
            "power": lambda base, exponent: base**exponent,
        }
        result: Sequence[Any] = compiled(writer.lines, self._names, **helpers)(*values)
        return result

    def _at_points(self, given: Inputs) -> list[tuple[Number, ...]]:
        """The sums point by point."""
        results: list[tuple[Number, ...]] = []
        try:
            for point in zip(*given.points(), strict=True):
                results.append(self.point(*point))
        except ZeroDivisionError:
            raise ConditionError(f"the formula divides by zero {given.described(len(results))}") from None
        except SizeError as error:
            raise SizeError(f"{error.message} {given.described(len(results))}") from None
        return results

    def _plan(self, given: Inputs) -> Plan | None:
        masks = given.masks()
        key = (given.same_as, tuple(masks.items()))
        if key not in self._plans:
            if len(self._plans) >= PLANS:
                self._plans.clear()
            self._plans[key] = self._new_plan(given.same_as, masks)
        return self._plans[key]

    def _new_plan(self, same_as: tuple[int, ...], masks: dict[int, int]) -> Plan | None:
        arrays = {arg: 1 << n for n, arg in enumerate(masks)}
        graph = Graph(self._atoms, same_as, arrays)
        try:
            return Plan(graph, [graph.poly(poly) for poly in self._polys], masks, self._names)
        except CannotRun:
            return None


def _require_whole(numbers: Sequence[Number], given: Inputs) -> None:
    broken = [i for i, number in enumerate(numbers) if type(number) is Fraction]
    if broken:
        raise ConditionError(
            f"the formula is not whole at {len(broken)} of {given.size} points, "
            f"the first {given.described(broken[0])}: {numbers[broken[0]]}"
        )
