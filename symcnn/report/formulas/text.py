"""Expressions as text: SymPy's own, with a dot for products, raised exponents and grouped digits."""

# SymPy finds a printer's methods by the class that they print.
# ruff: noqa: N802

from __future__ import annotations

from typing import Any

from sympy import Expr, fraction
from sympy.printing.precedence import PRECEDENCE
from sympy.printing.str import StrPrinter

from .order import Ordered

RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
RELATIONS = {">=": "≥", "<=": "≤", "==": "=", "!=": "≠"}


def grouped(number: int) -> str:
    """Digits in groups of three, from five digits on, as in running text.

    >>> grouped(8256), grouped(13440)
    ('8256', '13,440')
    """
    return f"{number:,}" if abs(number) >= 10_000 else str(number)


class PlainPrinter(Ordered, StrPrinter):  # type: ignore[misc]
    """The printer behind ``plain``."""

    def __init__(self, times: str) -> None:
        super().__init__()
        self.times = times

    def written(self, expr: Any) -> str:
        """The expression as text."""
        return str(self.doprint(expr))

    def _print_Integer(self, expr: Any) -> str:
        return grouped(int(expr))

    def _print_int(self, expr: int) -> str:
        return grouped(expr)

    def _print_Integers(self, expr: Any) -> str:
        return "ℤ"

    def _print_Infinity(self, expr: Expr) -> str:
        return "∞"

    def _print_Mul(self, expr: Expr) -> str:
        number, _ = expr.as_coeff_Mul()
        if number.is_negative:
            return f"-{self.parenthesize(-expr, PRECEDENCE['Add'])}"
        over, under = fraction(expr)
        if under == 1:
            return self._product(over)
        below = self._product(under) if not under.is_Mul else f"({self._product(under)})"
        return f"{self._product(over)}/{below}"

    def _product(self, expr: Expr) -> str:
        number, rest = expr.as_coeff_Mul()
        factors = rest.as_ordered_factors() if number == 1 else [number, *rest.as_ordered_factors()]
        if len(factors) > 1 and factors[-1] == 1:
            factors.pop()
        return self.times.join(self.parenthesize(factor, PRECEDENCE["Mul"]) for factor in factors)

    def _print_Pow(self, expr: Expr, rational: bool = False) -> str:
        base, power = expr.args
        if power.is_negative:
            return f"1/{self.parenthesize(1 / expr, PRECEDENCE['Mul'])}"
        raised = self.parenthesize(base, PRECEDENCE["Pow"])
        if power.is_Integer:
            return f"{raised}{str(power).translate(RAISED)}"
        return f"{raised}^{self.parenthesize(power, PRECEDENCE['Pow'])}"

    def _print_Relational(self, expr: Any) -> str:
        return f"{self._print(expr.lhs)} {RELATIONS.get(expr.rel_op, expr.rel_op)} {self._print(expr.rhs)}"

    def _print_floor(self, expr: Any) -> str:
        return f"⌊{self._print(expr.args[0])}⌋"

    def _print_ceiling(self, expr: Any) -> str:
        return f"⌈{self._print(expr.args[0])}⌉"

    def _print_Max(self, expr: Any) -> str:
        return f"max({self.stringify(expr.args, ', ')})"

    def _print_Min(self, expr: Any) -> str:
        return f"min({self.stringify(expr.args, ', ')})"

    def _print_Sum(self, expr: Any) -> str:
        ranges = (f"{i} = {self._print(first)} … {self._print(last)}" for i, first, last in expr.limits)
        return f"Σ({self._print(expr.function)}, {', '.join(ranges)})"

    def _print_Mod(self, expr: Any) -> str:
        number, divisor = (self.parenthesize(arg, PRECEDENCE["Mul"]) for arg in expr.args)
        return f"{number} mod {divisor}"
