"""What values may be: the rule of each symbol, and the conditions given as ``where``."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sympy import Symbol
from sympy.core.relational import Relational
from sympy.logic.boolalg import BooleanFalse, BooleanTrue

from ..errors import ConditionError, SizeError
from ..sizes import Condition, exact_hint, exact_number
from .forms import RELATIONS, Forms, Number, Poly

SIGNS = {
    "positive": (">", "positive "),
    "negative": ("<", "negative "),
    "nonnegative": (">=", "non-negative "),
    "nonpositive": ("<=", "non-positive "),
}
COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    ">=": operator.ge,
    ">": operator.gt,
    "<=": operator.le,
    "<": operator.lt,
    "==": operator.eq,
    "!=": operator.ne,
}
TAKES = "where takes conditions, such as a network's .conditions, and SymPy relations, such as Ge(H, 4)"


@dataclass(frozen=True)
class Rule:
    """What the value of a symbol may be, by the symbol's assumptions."""

    name: str
    integer: bool
    sign: str
    parity: int | None

    @classmethod
    def of(cls, symbol: Symbol) -> Rule:
        """The rule that a symbol's assumptions make."""
        sign = next((sign for sign in SIGNS if getattr(symbol, f"is_{sign}")), "")
        parity = 1 if symbol.is_odd else 0 if symbol.is_even else None
        return cls(symbol.name, bool(symbol.is_integer), sign, parity)

    @property
    def kind(self) -> str:
        """The rule in words, its parity aside."""
        noun = "integer" if self.integer else "rational number"
        article = "an" if self.integer and not self.sign else "a"
        return f"{article} {SIGNS[self.sign][1] if self.sign else ''}{noun}"

    @property
    def parity_name(self) -> str:
        """The parity in words."""
        return "odd" if self.parity else "even"

    def source(self, argument: str) -> str:
        """The rule on an int, as Python source."""
        parts = [f"{argument} {SIGNS[self.sign][0]} 0"] if self.sign else []
        parts += [f"{argument} % 2 == {self.parity}"] if self.parity is not None else []
        return " and ".join(parts)

    def number(self, value: Any) -> Number:
        """A value as an exact number.

        Raises:
            SizeError: a value that the rule does not allow, with the rule and the value.
        """
        number = exact_number(value)
        if number is None or (self.integer and type(number) is not int) or not self.has_sign(number):
            raise SizeError(f"{self.name} must be {self.kind}, got {value!r}{self._hint(value)}")
        if self.parity is not None and number % 2 != self.parity:
            raise SizeError(f"{self.name} must be {self.parity_name}, got {value!r}")
        return number

    def allows(self, numbers: Any) -> Any:
        """Which of an array's exact numbers the rule allows."""
        right = self.has_sign(numbers)
        return right if self.parity is None else right & (numbers % 2 == self.parity)

    def has_sign(self, number: Any) -> Any:
        """Whether a number, or each of an array, has the sign."""
        if not self.sign:
            return number == number  # True, or an array of it
        return COMPARE[SIGNS[self.sign][0]](number, 0)

    def _hint(self, value: Any) -> str:
        if isinstance(value, (list, tuple, range, set)):
            return "; for many values give a NumPy array"
        return exact_hint(value) if isinstance(value, float) and not self.integer else ""


@dataclass(frozen=True)
class Check:
    """A condition as ``poly operator 0``; ``args`` are the places of the arguments it is about."""

    condition: Condition | Relational
    args: tuple[int, ...]
    operator: str
    poly: Poly

    @property
    def compare(self) -> Callable[[Any, Any], Any]:
        """The operator as a function."""
        return COMPARE[self.operator]

    @property
    def text(self) -> str:
        """The condition in a message."""
        if isinstance(self.condition, Relational):
            symbol = RELATIONS[type(self.condition)]
            return f"{self.condition.lhs} {symbol} {self.condition.rhs}"
        return self.condition.explained


def read_check(condition: Condition | Relational, forms: Forms, args: Sequence[Symbol]) -> Check:
    """A condition, read."""
    places = tuple(i for i, symbol in enumerate(args) if symbol in condition.free_symbols)
    if isinstance(condition, Relational):
        _, relation, poly = forms.test(condition)
    elif condition.operator == "|":
        _, relation, poly = forms.divides(condition.left, condition.right)
    else:
        poly = forms.whole(forms.ratio(condition.left - condition.right), sign_only=True)
        relation = condition.operator
    return Check(condition, places, relation, poly)


def as_conditions(where: Any) -> tuple[Condition | Relational, ...]:
    """What ``where`` was given, as a tuple, what is surely true left out.

    Raises:
        ConditionError: a condition that is surely false.
        SizeError: anything else than a condition or a relation.
    """
    listed = where if isinstance(where, Iterable) and not isinstance(where, (str, Mapping)) else (where,)
    kept: list[Condition | Relational] = []
    for condition in listed:
        if condition is False or isinstance(condition, BooleanFalse):
            raise ConditionError("a condition in where is False whatever the values are; was it built from numbers?")
        if isinstance(condition, (Condition, Relational)):
            kept.append(condition)
        elif condition is not True and not isinstance(condition, BooleanTrue):
            raise SizeError(f"{TAKES}; got {condition!r}")
    return tuple(kept)
