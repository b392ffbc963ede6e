"""How an exact integer division prints: for people, and as code that stays exact.

SymPy's printers ask an expression for a method of their own name before they try anything else,
which is what lets a user's own ``sympy.lambdify`` or ``jscode`` emit true integer division.
"""

from __future__ import annotations

from typing import Any

from sympy import Expr
from sympy.printing.precedence import PRECEDENCE


def rounding(numerator: Expr, divisor: Expr) -> tuple[str, Expr]:
    """``("ceil", x)`` where the division reads better as ``⌈x/d⌉``, else ``("floor", numerator)``.

    A floor whose numerator ends in ``+ d - 1`` is a ceiling.
    """
    constant, rest = numerator.as_coeff_Add()
    if divisor.is_Integer and divisor > 1 and constant == divisor - 1:
        return "ceil", rest
    return "floor", numerator


BRACKETS = {"floor": ("⌊", "⌋"), "ceil": ("⌈", "⌉")}


def _infix(operator: str) -> Any:
    def method(self: Any, printer: Any, **_: Any) -> str:
        n, d = (printer._print(arg) for arg in self.args)
        return f"(({n}){operator}({d}))"

    return method


def _call(template: str) -> Any:
    def method(self: Any, printer: Any, **_: Any) -> str:
        n, d = (printer._print(arg) for arg in self.args)
        return template.format(n=n, d=d)

    return method


class FloorDivPrinting:
    """The printer methods of ``FloorDiv``."""

    args: tuple[Any, ...]

    # Code. Each emits a division that rounds down for negative numerators too. A printer that is
    # not listed, NumExpr's for one, refuses the expression: better than a wrong number.
    _pythoncode = _lambdacode = _numpycode = _scipycode = _mpmathcode = _infix("//")
    _jaxcode = _cupycode = _torchcode = _tensorflowcode = _infix("//")
    _rcode = _infix("%/%")
    _javascript = _call("Math.floor(({n})/({d}))")
    _ccode = _cxxcode = _call("((({n}) - ((({n}) % ({d})) + ({d})) % ({d}))/({d}))")
    _fcode = _call("((({n}) - modulo({n}, {d}))/({d}))")
    _julia = _call("fld({n}, {d})")
    _octave = _maple = _call("floor(({n})/({d}))")
    _rust_code = _call("({n}).div_euclid({d})")
    _mcode = _call("Quotient[{n}, {d}]")

    # People.
    def _sympystr(self, printer: Any, **_: Any) -> str:
        kind, n = rounding(*self.args)
        left, right = BRACKETS[kind]
        over = printer.parenthesize(n, PRECEDENCE["Mul"])
        under = printer.parenthesize(self.args[1], PRECEDENCE["Pow"], strict=True)
        return f"{left}{over}/{under}{right}"

    def _latex(self, printer: Any, exp: str | None = None, **_: Any) -> str:
        kind, n = rounding(*self.args)
        fraction = rf"\frac{{{printer._print(n)}}}{{{printer._print(self.args[1])}}}"
        text = rf"\left\l{kind} {fraction} \right\r{kind}"
        return rf"{text}^{{{exp}}}" if exp else text

    def _pretty(self, printer: Any, **_: Any) -> Any:
        from sympy.printing.pretty.stringpict import prettyForm

        kind, n = rounding(*self.args)
        fraction = printer._print(n) / printer._print(self.args[1])
        return prettyForm(*fraction.parens(f"l{kind}", f"r{kind}"))

    def _mathml_presentation(self, printer: Any, **_: Any) -> Any:
        kind, n = rounding(*self.args)
        row = printer.dom.createElement("mrow")
        fraction = printer.dom.createElement("mfrac")
        for part in (n, self.args[1]):
            fraction.appendChild(printer._print(part))
        for piece in (BRACKETS[kind][0], fraction, BRACKETS[kind][1]):
            if isinstance(piece, str):
                bracket = printer.dom.createElement("mo")
                bracket.appendChild(printer.dom.createTextNode(piece))
                piece = bracket
            row.appendChild(piece)
        return row

    def _mathml_content(self, printer: Any, **_: Any) -> Any:
        apply = printer.dom.createElement("apply")
        apply.appendChild(printer.dom.createElement("quotient"))
        for part in self.args:
            apply.appendChild(printer._print(part))
        return apply
