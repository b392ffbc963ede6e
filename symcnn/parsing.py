"""Text from outside, a command line's or a student's, read through a whitelist and never run.

``sympify`` and ``parse_expr`` evaluate their text as Python. Here the text is parsed to a syntax
tree, and nothing but numbers, names and arithmetic is taken from it. A decimal is read from its
digits, as a fraction: ``0.58`` is 29/50, and no floating-point number near it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from sympy import Expr, Integer, Rational, fraction, together

from .errors import SizeError, UnknownNameError, nearest
from .sizes import FloorDiv, ceil_div

LONGEST = 1000
"""Characters in a text."""

LARGEST_POWER = 4096
"""Binary digits in a number that a power may make."""

LARGEST_EXPONENT = 300
"""The exponent of ten that a decimal such as ``1e6`` may have."""

MOST_VALUES = 1_000_000
"""How many fractions a range may have."""

ROUNDING = {"floor": FloorDiv, "ceil": ceil_div}
"""The functions that a formula may have: each divides exactly, and rounds."""

ALLOWED = "numbers, names, + - * / // **, floor, ceil and brackets"

Names = Callable[[str], Expr]


def parse_expression(text: str, names: Mapping[str, Expr] | Names) -> Expr:
    """A formula in numbers, names, ``+ - * / // **``, ``floor``, ``ceil`` and brackets, as a SymPy expression.

    ``//`` divides exactly, as ``FloorDiv``, as do ``floor`` and ``ceil``, and decimals are exact.

    Args:
        text: the formula.
        names: what the names mean, as a mapping, or as a function such as ``dims`` that makes them.

    Raises:
        SizeError: the text is no such formula; nothing of it has been run.
        UnknownNameError: a name that the mapping does not have.

    >>> from symcnn.parsing import parse_expression
    >>> from symcnn import dims
    >>> parse_expression("(H + 2*p - k)//2 + 1", dims), parse_expression("0.75*w", dims)
    (p + ⌊(H - k)/2⌋ + 1, 3*w/4)
    >>> parse_expression("floor((H - k)/2) + ceil(w/3)", dims)
    ⌊(H - k)/2⌋ + ⌈w/3⌉
    """
    return _Reader(text, names).expression(_parsed(text))


def parse_value(text: str, names: Mapping[str, Expr] | Names) -> Any:
    """A setting of a layer: a formula, a tuple of such, a number, ``same``, ``True`` or ``None``.

    Raises:
        SizeError: the text is none of these.

    >>> from symcnn.parsing import parse_value
    >>> from symcnn import dims
    >>> parse_value("(1, 2*p)", dims), parse_value("same", dims), parse_value("0.5", dims)
    ((1, 2*p), 'same', 0.5)
    """
    if text in ("same", "valid"):
        return text
    return _Reader(text, names).value(_parsed(text))


def parse_values(text: str) -> Sequence[int | Fraction]:
    """The numbers of ``64``, of a list ``10,100,1000`` or of a range ``8:256:8``, its end included.

    Numbers are whole, or exact fractions written ``0.75`` or ``3/4``.

    Raises:
        SizeError: the text is none of these.

    >>> from symcnn.parsing import parse_values
    >>> parse_values("8:32:8"), parse_values("10,100"), parse_values("64"), parse_values("0.75,1")
    (range(8, 33, 8), [10, 100], [64], [Fraction(3, 4), 1])
    """
    pieces = text.split(":")
    numbers = [_number(piece) for piece in (pieces if len(pieces) > 1 else text.split(","))]
    found = [number for number in numbers if number is not None]
    if len(found) < len(numbers) or len(pieces) > 3 or (len(pieces) == 3 and found[2] <= 0):
        raise SizeError(f"values are a number 64, a list 10,100 or a range first:last:step, got {_short(text)}")
    return found if len(pieces) == 1 else _range(text, *found)


def _range(
    text: str, first: int | Fraction, last: int | Fraction, step: int | Fraction = 1
) -> Sequence[int | Fraction]:
    count = (last - first) // step + 1
    if count < 1:
        raise SizeError(f"a range runs upward from its first number, got {_short(text)}")
    if isinstance(first, int) and isinstance(step, int):
        return range(first, first + step * (count - 1) + 1, step)
    if count > MOST_VALUES:
        raise SizeError(f"a range of fractions has at most {MOST_VALUES:,} values, got {_short(text)}")
    return [_simple(first + step * place) for place in range(count)]


def _number(text: str) -> int | Fraction | None:
    """A whole number, a decimal or a fraction, exactly; None for any other text."""
    exponent = re.search(r"[eE](.*)", text)
    try:
        if len(text) > LONGEST or (exponent and abs(int(exponent[1])) > LARGEST_EXPONENT):
            return None
        return _simple(Fraction(text))
    except (ValueError, ZeroDivisionError):
        return None


def _simple(number: int | Fraction) -> int | Fraction:
    return number.numerator if number.denominator == 1 else number


def _short(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:57] + "...")


def _parsed(text: str) -> ast.expr:
    try:
        if len(text) > LONGEST:
            raise ValueError
        return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise SizeError(f"cannot read {_short(text)} as a formula") from None


class _Reader:
    """Turns the allowed nodes of a syntax tree into expressions, and refuses all others."""

    def __init__(self, text: str, names: Mapping[str, Expr] | Names) -> None:
        self.text = text
        self.names = names

    def refused(self, node: ast.AST, part: str = "") -> SizeError:
        part = part or (ast.unparse(node) if isinstance(node, ast.expr) else self.text)
        return SizeError(f"a formula has {ALLOWED}; {_short(part)} is none of these")

    def value(self, node: ast.expr) -> Any:
        if isinstance(node, ast.Tuple | ast.List):
            return tuple(self.value(element) for element in node.elts)
        if isinstance(node, ast.Constant) and (node.value is None or isinstance(node.value, bool | float)):
            return node.value
        found = self.expression(node)
        return int(found) if found.is_Integer else found

    def expression(self, node: ast.expr) -> Expr:
        if isinstance(node, ast.Constant) and type(node.value) is int:
            return Integer(node.value)
        if isinstance(node, ast.Constant) and type(node.value) is float:
            return self.decimal(node)
        if isinstance(node, ast.Name):
            return self.named(node.id)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
            inner = self.expression(node.operand)
            return -inner if isinstance(node.op, ast.USub) else inner
        if isinstance(node, ast.BinOp):
            return self.operation(node)
        if isinstance(node, ast.Call):
            return self.rounded(node)
        raise self.refused(node)

    def rounded(self, node: ast.Call) -> Expr:
        """A call of ``floor`` or ``ceil``: what it has inside, as one quotient, rounded to a whole number."""
        if not isinstance(node.func, ast.Name) or node.func.id not in ROUNDING or len(node.args) != 1 or node.keywords:
            raise self.refused(node)
        over, under = fraction(together(self.expression(node.args[0])))
        return ROUNDING[node.func.id](over, under)

    def decimal(self, node: ast.Constant) -> Expr:
        """A decimal, read from its digits."""
        text = ast.get_source_segment(self.text.strip(), node) or ""
        number = _number(text)
        if number is None:
            raise self.refused(node, text)
        return Rational(number.numerator, number.denominator)

    def named(self, name: str) -> Expr:
        if callable(self.names):
            return self.names(name)
        if name not in self.names:
            raise UnknownNameError(f"no size is named {name!r} here{nearest(name, self.names)}")
        return self.names[name]

    def operation(self, node: ast.BinOp) -> Expr:
        left, right = self.expression(node.left), self.expression(node.right)
        if isinstance(node.op, ast.Div | ast.FloorDiv) and right == 0:
            raise SizeError(f"a formula divides by 0 in {_short(ast.unparse(node))}")
        match node.op:
            case ast.Add():
                return left + right
            case ast.Sub():
                return left - right
            case ast.Mult():
                return left * right
            case ast.Div():
                return left / right
            case ast.FloorDiv():
                return FloorDiv(left, right)
            case ast.Pow() if self.modest(left, right):
                return left**right
        raise self.refused(node)

    @staticmethod
    def modest(base: Expr, power: Expr) -> bool:
        """Whether a power cannot fill the memory: ``9**9**9`` is refused."""
        if not power.is_Integer:
            return not base.is_number or abs(base) <= LARGEST_POWER
        digits = int(base.p).bit_length() + int(base.q).bit_length() if base.is_Rational else 64
        return abs(int(power)) * digits <= LARGEST_POWER
