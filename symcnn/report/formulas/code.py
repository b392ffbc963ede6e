"""Expressions as Python to take elsewhere: exact, with whole divisions and fractions for what is not whole."""

# SymPy finds a printer's methods by the class that they print.
# ruff: noqa: N802

from __future__ import annotations

from typing import Any

from sympy import Rational
from sympy.printing.precedence import PRECEDENCE
from sympy.printing.pycode import PythonCodePrinter


class PythonPrinter(PythonCodePrinter):  # type: ignore[misc]
    """The printer behind ``python``."""

    def __init__(self) -> None:
        super().__init__({"fully_qualified_modules": False, "strict": True})

    def written(self, expr: Any) -> str:
        """The expression as Python; where it needs ``Fraction`` the import stands before it."""
        code = str(self.doprint(expr))
        return f"from fractions import Fraction\n\n{code}" if "Fraction(" in code else code

    def _print_Rational(self, expr: Rational) -> str:
        return f"Fraction({expr.p}, {expr.q})"

    def _print_Half(self, expr: Rational) -> str:
        return self._print_Rational(expr)

    def _print_Mul(self, expr: Any) -> str:
        """A number over a symbol is a quotient of integers, which Python would make a float."""
        over, under = expr.as_numer_denom()
        number, rest = under.as_coeff_Mul()
        if rest == 1:
            return str(super()._print_Mul(expr))
        coefficient, top = over.as_coeff_Mul()
        first = f"Fraction({coefficient}, {number})" if number != 1 else f"Fraction({coefficient})"
        upper = "" if top == 1 else f"*{self.parenthesize(top, PRECEDENCE['Mul'])}"
        return f"{first}{upper}/{self.parenthesize(rest, PRECEDENCE['Pow'])}"

    def _print_Pow(self, expr: Any, rational: bool = False) -> str:
        base, exponent = expr.args
        if exponent.could_extract_minus_sign():
            return f"Fraction(1)/{self.parenthesize(base**-exponent, PRECEDENCE['Pow'])}"
        return f"{self.parenthesize(base, PRECEDENCE['Pow'])}**{self.parenthesize(exponent, PRECEDENCE['Pow'])}"

    def _print_Sum(self, expr: Any) -> str:
        ranges = (
            f"for {self._print(i)} in range({self._print(first)}, {self._print(last + 1)})"
            for i, first, last in reversed(expr.limits)
        )
        return f"sum({self._print(expr.function)} {' '.join(ranges)})"
