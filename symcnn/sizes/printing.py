"""How exact integer functions print: for people, and as code that stays exact.

SymPy's printers ask an expression for a method of their own name before they try anything else,
which is what lets a user's own ``sympy.lambdify`` or ``jscode`` emit true integer division.
"""

from __future__ import annotations

from typing import Any

from sympy import Add, Expr, fraction, together
from sympy.printing.precedence import PRECEDENCE

from .terms import is_whole


def rounding(numerator: Expr, divisor: Expr) -> tuple[str, Expr]:
    """``("ceil", x)`` where the division reads better as ``⌈x/d⌉``, else ``("floor", numerator)``.

    A floor whose numerator ends in ``+ d - 1`` is a ceiling, if that is an integer.
    """
    constant, rest = numerator.as_coeff_Add()
    if divisor.is_Integer and divisor > 1 and constant == divisor - 1 and all(map(is_whole, Add.make_args(rest))):
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


class Rounding:
    """The printer methods, for people, of a quotient that is rounded."""

    args: tuple[Any, ...]

    def _rounded(self) -> tuple[str, Expr, Expr]:
        """``"floor"`` or ``"ceil"``, and what is divided by what."""
        return (*rounding(*self.args), self.args[1])

    def _sympystr(self, printer: Any, **_: Any) -> str:
        kind, n, d = self._rounded()
        left, right = BRACKETS[kind]
        if d == 1:
            return f"{left}{printer._print(n)}{right}"
        over = printer.parenthesize(n, PRECEDENCE["Mul"])
        under = printer.parenthesize(d, PRECEDENCE["Pow"], strict=True)
        return f"{left}{over}/{under}{right}"

    def _latex(self, printer: Any, exp: str | None = None, **_: Any) -> str:
        kind, n, d = self._rounded()
        inner = printer._print(n) if d == 1 else rf"\frac{{{printer._print(n)}}}{{{printer._print(d)}}}"
        text = rf"\left\l{kind} {inner} \right\r{kind}"
        return rf"{text}^{{{exp}}}" if exp else text

    def _pretty(self, printer: Any, **_: Any) -> Any:
        from sympy.printing.pretty.stringpict import prettyForm

        kind, n, d = self._rounded()
        inner = printer._print(n) if d == 1 else printer._print(n) / printer._print(d)
        return prettyForm(*inner.parens(f"l{kind}", f"r{kind}"))

    def _mathml_presentation(self, printer: Any, **_: Any) -> Any:
        kind, n, d = self._rounded()
        inner = printer._print(n) if d == 1 else _element(printer, "mfrac", printer._print(n), printer._print(d))
        return _bracketed(printer, BRACKETS[kind], inner)


def _element(printer: Any, tag: str, *inside: Any) -> Any:
    """A MathML element with text or other elements in it."""
    element = printer.dom.createElement(tag)
    for piece in inside:
        element.appendChild(printer.dom.createTextNode(piece) if isinstance(piece, str) else piece)
    return element


def _bracketed(printer: Any, brackets: tuple[str, str], inner: Any) -> Any:
    left, right = (_element(printer, "mo", bracket) for bracket in brackets)
    return _element(printer, "mrow", left, inner, right)


class FloorDivPrinting(Rounding):
    """The printer methods of ``FloorDiv``."""

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

    def _mathml_content(self, printer: Any, **_: Any) -> Any:
        parts = map(printer._print, self.args)
        return _element(printer, "apply", printer.dom.createElement("quotient"), *parts)


class CeilDivPrinting(Rounding):
    """The printer methods of ``CeilDiv``."""

    _pythoncode = _lambdacode = _numpycode = _scipycode = _mpmathcode = _call("(-((-({n}))//({d})))")
    _jaxcode = _cupycode = _torchcode = _tensorflowcode = _call("(-((-({n}))//({d})))")
    _javascript = _call("Math.ceil(({n})/({d}))")

    def _rounded(self) -> tuple[str, Expr, Expr]:
        return ("ceil", *self.args)

    def _mathml_content(self, printer: Any, **_: Any) -> Any:
        n, d = map(printer._print, self.args)
        quotient = _element(printer, "apply", printer.dom.createElement("divide"), n, d)
        return _element(printer, "apply", printer.dom.createElement("ceiling"), quotient)


# One expression that needs its size several times: a function called on it. Over and under are
# integers, so that a size of 29*w/50 is not computed as the float 0.58*w.
_AS_PYTHON = (
    "(lambda v, u, d, m: (lambda n: n + d*(10*n*u < 9*v))({largest}(m, (2*v + d*u)//(2*d*u)*d)))"
    "({over}, {under}, {d}, {m})"
)
_AS_JAVASCRIPT = (
    "((v, u, d, m) => {{ const n = Math.max(m, Math.floor((2*v + d*u)/(2*d*u))*d); "
    "return 10*n*u < 9*v ? n + d : n; }})({over}, {under}, {d}, {m})"
)
SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def _function(template: str, largest: str = "max") -> Any:
    def method(self: Any, printer: Any, **_: Any) -> str:
        size, divisor, minimum = self.parts
        over, under, d, m = (printer._print(part) for part in (*fraction(together(size)), divisor, minimum))
        name = printer._module_format(f"{printer._module}.{largest}") if largest != "max" else largest
        return template.format(over=over, under=under, d=d, m=m, largest=name)

    return method


class MakeDivisiblePrinting:
    """The printer methods of ``MakeDivisible``: ``⌊v⌉`` with the divisor below, ``⌊32*alpha⌉₈``."""

    args: tuple[Any, ...]

    _pythoncode = _lambdacode = _mpmathcode = _function(_AS_PYTHON)
    _numpycode = _scipycode = _jaxcode = _cupycode = _function(_AS_PYTHON, "maximum")
    _javascript = _function(_AS_JAVASCRIPT)

    def _sympystr(self, printer: Any, **_: Any) -> str:
        size, divisor, *minimum = self.args
        if minimum or not divisor.is_Integer:
            return f"make_divisible({', '.join(map(printer._print, self.args))})"
        return f"⌊{printer._print(size)}⌉{str(int(divisor)).translate(SUBSCRIPTS)}"

    def _latex(self, printer: Any, exp: str | None = None, **_: Any) -> str:
        size, divisor, *minimum = map(printer._print, self.args)
        below = rf"{divisor},\,\geq {minimum[0]}" if minimum else divisor
        text = rf"\left\lfloor {size} \right\rceil_{{{below}}}"
        return rf"{text}^{{{exp}}}" if exp else text

    def _pretty(self, printer: Any, **_: Any) -> Any:
        from sympy.printing.pretty.stringpict import prettyForm

        size, divisor, *minimum = self.args
        if minimum or not divisor.is_Integer or not printer._use_unicode:
            inner = printer._print_seq(self.args, delimiter=", ").parens()
            return prettyForm(*prettyForm(*inner).left("make_divisible"))
        inner = prettyForm(*printer._print(size).parens("lfloor", "rceil"))
        return prettyForm(*inner.right(str(int(divisor)).translate(SUBSCRIPTS)))

    def _mathml_presentation(self, printer: Any, **_: Any) -> Any:
        size, divisor, *minimum = map(printer._print, self.args)
        below = _element(printer, "mrow", divisor, _element(printer, "mo", ", ≥"), *minimum) if minimum else divisor
        return _element(printer, "msub", _bracketed(printer, ("⌊", "⌉"), size), below)

    def _mathml_content(self, printer: Any, **_: Any) -> Any:
        parts = map(printer._print, self.args)
        return _element(printer, "apply", _element(printer, "ci", "make_divisible"), *parts)
