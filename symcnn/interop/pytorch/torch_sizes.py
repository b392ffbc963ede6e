"""PyTorch's symbolic sizes as ours.

``torch.export`` writes sizes as SymPy expressions with functions of its own (``torch.utils._sympy``).
Their names are the table here, so that nothing of PyTorch need be imported.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sympy import Add, Expr, Integer, Max, Min, Mul, Pow, Rational, Symbol, fraction, together

from ...errors import SizeError
from ...sizes import FloorDiv, Size, canonical


def _divided(one: Expr, divisor: Expr) -> Expr:
    """A quotient, of what grows: ``⌊(7 - H)/7⌋`` is ``1 - ⌈H/7⌉``, as what is padded to windows has it."""
    ratio = one / divisor
    if divisor.free_symbols and fraction(ratio)[1] == 1:
        return ratio  # A size over one of its factors.
    return Add(*(_rising(*term.as_coeff_Mul()) for term in Add.make_args(FloorDiv(one, divisor))))


def _rising(times: Expr, rest: Expr) -> Expr:
    if not isinstance(rest, FloorDiv):
        return times * rest
    one, divisor = rest.args
    falls = all(term.is_Integer or term.as_coeff_Mul()[0] < 0 for term in Add.make_args(one))
    turned = falls and one.is_integer and divisor.is_Integer
    return -times * FloorDiv(divisor - 1 - one, divisor) if turned else times * rest


def _remainder(one: Expr, divisor: Expr) -> Expr:
    return _sum(one, -divisor * _divided(one, divisor))


def _sum(*parts: Expr) -> Expr:
    """A sum; ``H - ⌊H/2⌋`` is ``⌈H/2⌉``, as what is padded to an even size has it."""
    total = Add(*parts)
    terms = total.as_coefficients_dict()
    for half, times in terms.items():
        if times < 0 and isinstance(half, FloorDiv):
            whole = next((one for one, c in terms.items() if c >= -times and FloorDiv(one, Integer(2)) == half), None)
            if whole is not None:
                return _sum(total + times * (whole - half), -times * FloorDiv(whole + 1, Integer(2)))
    return _with_constant_inside(total)


def _with_constant_inside(total: Expr) -> Expr:
    """``7*⌊(H - 1)/7⌋ + 7`` is ``7*⌈H/7⌉``."""
    constant, rest = total.as_coeff_Add()
    for term in Add.make_args(rest) if constant > 0 else ():
        times, division = term.as_coeff_Mul()
        if isinstance(division, FloorDiv) and times > 0 and constant % times == 0:
            one, divisor = division.args
            if one.as_coeff_Add()[0] < 0:
                return rest - term + times * FloorDiv(one + divisor * constant / times, divisor)
    return total


def _ceiling(one: Expr, divisor: Expr) -> Expr:
    return FloorDiv(one + divisor - 1, divisor)


def _only(one: Expr) -> Expr:
    return one


def _largest(*sizes: Expr) -> Expr:
    """The largest; an axis has a place, so that of 1 and a size that is never negative it is the size."""
    return Max(*(one for one in sizes if one != 1 or not all(other.is_nonnegative for other in sizes)))


def _exact(number: Any) -> Expr:
    """A floating-point factor that is a binary fraction of few digits: what is multiplied by it is not rounded."""
    exact = Rational(float(number))
    if exact.q > 1024 or abs(exact.p) > 1024:
        raise SizeError(f"the factor {number} is rounded")
    return exact


def _floor(one: Expr) -> Expr:
    return _divided(*fraction(together(one)))


def _ceil(one: Expr) -> Expr:
    return _ceiling(*fraction(together(one)))


FUNCTIONS: dict[str, Callable[..., Expr]] = {
    "Add": _sum,
    "Mul": Mul,
    "Pow": Pow,
    "Max": _largest,
    "Min": Min,
    "FloorDiv": _divided,
    "CleanDiv": _divided,
    "IntTrueDiv": lambda one, divisor: one / divisor,
    "PowByNatural": Pow,
    "CeilDiv": _ceiling,
    "Mod": _remainder,
    "PythonMod": _remainder,
    "Identity": _only,
    "ToFloat": _only,
    "TruncToInt": _floor,
    "FloorToInt": _floor,
    "CeilToInt": _ceil,
}
"""From the name of a function to what makes ours."""


class SizeReader:
    """Reads PyTorch's sizes; ``names`` are our symbols by the names of PyTorch's.

    >>> from sympy import Symbol
    >>> from symcnn import dims
    >>> SizeReader({"s0": dims("H")}).read(2 * Symbol("s0") + 1)
    2*H + 1
    """

    def __init__(self, names: Mapping[str, Expr]) -> None:
        self.names = names
        self._known: dict[Any, Size] = {}

    def read(self, size: Any) -> Size:
        """A size from an integer, a ``SymInt`` or the expression in one.

        Raises:
            SizeError: an expression that has no exact form here.
        """
        if isinstance(size, int):
            return Integer(size)
        expr = getattr(getattr(size, "node", None), "expr", size)
        if expr not in self._known:
            self._known[expr] = canonical(self._made(expr))
        return self._known[expr]

    def _made(self, expr: Any) -> Expr:
        if expr.is_Integer:
            return Integer(int(expr))
        if expr.is_Float:
            return _exact(expr)
        if isinstance(expr, Symbol):
            if expr.name not in self.names:
                raise SizeError(f"the size {expr} depends on the data")
            return self.names[expr.name]
        make = FUNCTIONS.get(type(expr).__name__)
        if make is None:
            raise SizeError(f"the size {expr} has no exact form here")
        return make(*(self._made(arg) for arg in expr.args))
