"""Checking values before they are used: each by its symbol's rule, together by the conditions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sympy import Symbol

from ..errors import ConditionError, SizeError
from ..sizes import broken
from .checks import Check, Rule, read_check
from .forms import Forms, Number
from .inputs import Inputs, is_array, lined_up
from .vectors import Vectorised

if TYPE_CHECKING:
    from .arrays import Array


class Guard:
    """The rules and the conditions of a function's arguments."""

    def __init__(self, args: Sequence[Symbol], where: Sequence[Any], forms: Forms) -> None:
        self.rules = [Rule.of(symbol) for symbol in args]
        self.checks = [read_check(condition, forms, args) for condition in where]
        names = [symbol.name for symbol in args]
        self._sides = [Vectorised(forms.atoms, (check.poly,), names) for check in self.checks]

    def numbers(self, values: Sequence[Any]) -> list[Number]:
        """Values as exact numbers.

        Raises:
            SizeError: a value that its rule does not allow.
            ConditionError: values that break a condition.
        """
        numbers = [rule.number(value) for rule, value in zip(self.rules, values, strict=True)]
        for place, check in enumerate(self.checks):
            if not self._holds(place, numbers):
                raise ConditionError(broken({self.rules[i].name: numbers[i] for i in check.args}, check.text))
        return numbers

    def arrays(self, values: Sequence[Any]) -> Inputs:
        """Values of which some are arrays, exact and lined up.

        Raises:
            SizeError: values that their rules do not allow.
            ConditionError: points that break a condition, and how to mask them.
        """
        given = self._given(values)
        for rule, value, i in zip(self.rules, given.values, range(len(values)), strict=True):
            if hasattr(value, "ndim") and not self._surely_allowed(rule, given, i):
                _require_allowed(rule, value)
        for place, check in enumerate(self.checks):
            holding = self._holding(place, given)
            if holding is not None and not holding.all():
                raise ConditionError(_broken_points(check, holding, given))
        return given

    def mask(self, values: Sequence[Any]) -> Any:
        """Where values are allowed and the conditions hold: a bool, or an array of them."""
        shapes = [value.shape for value in values if is_array(value)]
        allowed = all(is_array(v) or _allows(rule, v) for rule, v in zip(self.rules, values, strict=True))
        if not shapes:
            numbers = [rule.number(v) for rule, v in zip(self.rules, values, strict=True)] if allowed else []
            return allowed and all(self._holds(place, numbers) for place in range(len(self.checks)))
        import numpy as np

        if not allowed:
            return np.zeros(np.broadcast_shapes(*shapes), bool)
        given = self._given(values)
        mask = np.ones(given.shape, bool)
        for rule, value in zip(self.rules, given.values, strict=True):
            if hasattr(value, "ndim"):
                mask &= np.asarray(rule.allows(value), bool)
        for place in range(len(self.checks)):
            holding = self._holding(place, given)
            if holding is not None:
                mask &= holding
        return mask

    def _given(self, values: Sequence[Any]) -> Inputs:
        exact = [v if is_array(v) else rule.number(v) for v, rule in zip(values, self.rules, strict=True)]
        return lined_up(exact, self.rules)

    def _surely_allowed(self, rule: Rule, given: Inputs, i: int) -> bool:
        """Whether an array's bounds tell that its values are allowed, without a look at each."""
        return rule.parity is None and i in given.bounds and all(rule.has_sign(b) for b in given.bounds[i])

    def _holds(self, place: int, numbers: Sequence[Any]) -> bool:
        try:
            return bool(self.checks[place].compare(self._sides[place].point(*numbers)[0], 0))
        except ZeroDivisionError:
            return False  # Nothing is a multiple of 0.

    def _holding(self, place: int, given: Inputs) -> Array | None:
        """Where a condition holds; None where the values' bounds tell that it holds everywhere."""
        import numpy as np

        check, side = self.checks[place], self._sides[place]
        given = given.only(check.args) if given.wide else given
        bounds = side.bounds(given)
        if bounds and check.operator not in ("==", "!=") and all(check.compare(bound, 0) for bound in bounds[0]):
            return None
        arrays = side.in_int64(given)
        if arrays is not None:
            return np.asarray(check.compare(arrays[0], 0), bool)
        holding = [self._holds(place, point) for point in zip(*given.points(), strict=True)]
        return np.array(holding, bool).reshape(given.shape)


def _allows(rule: Rule, value: Any) -> bool:
    try:
        rule.number(value)
    except SizeError:
        return False
    return True


def _require_allowed(rule: Rule, array: Array) -> None:
    import numpy as np

    for right, what in ((rule.has_sign(array), rule.kind), (rule.allows(array), rule.parity_name)):
        wrong = np.flatnonzero(~np.asarray(right, bool))
        if wrong.size:
            index = tuple(int(i) for i in np.unravel_index(wrong[0], array.shape))
            verb = "is" if wrong.size == 1 else "are"
            raise SizeError(
                f"{rule.name} must be {what}; {wrong.size} of {array.size} values {verb} not, "
                f"the first at index {index[0] if len(index) == 1 else index}: {array[index]}"
            )


def _broken_points(check: Check, holding: Array, given: Inputs) -> str:
    import numpy as np

    broken = np.flatnonzero(~holding)
    verb = "breaks" if broken.size == 1 else "break"
    return (
        f"{broken.size} of {given.size} points {verb} the condition {check.text}, "
        f"the first {given.described(int(broken[0]), check.args)}; mask them with f.valid(...)"
    )
