"""Text from outside, a command line's or a student's, read through a whitelist and never run.

``sympify`` and ``parse_expr`` evaluate their text as Python. Here the text is parsed to a syntax
tree, and nothing but whole numbers, names and arithmetic is taken from it.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sympy import Expr, Integer

from .errors import SizeError, UnknownNameError, nearest
from .sizes import FloorDiv

LONGEST = 1000
"""Characters in a text."""

LARGEST_POWER = 4096
"""Binary digits in a number that a power may make."""

Names = Callable[[str], Expr]


def parse_expression(text: str, names: Mapping[str, Expr] | Names) -> Expr:
    """A formula in whole numbers, names, ``+ - * / // **`` and brackets, as a SymPy expression.

    ``//`` divides exactly, as ``FloorDiv``.

    Args:
        text: the formula.
        names: what the names mean, as a mapping, or as a function such as ``dims`` that makes them.

    Raises:
        SizeError: the text is no such formula; nothing of it has been run.
        UnknownNameError: a name that the mapping does not have.

    >>> from symcnn.parsing import parse_expression
    >>> from symcnn import dims
    >>> parse_expression("(H + 2*p - k)//2 + 1", dims)
    p + ⌊(H - k)/2⌋ + 1
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


def parse_values(text: str) -> Sequence[int]:
    """The whole numbers of ``64``, of a list ``10,100,1000`` or of a range ``8:256:8``, its end included.

    Raises:
        SizeError: the text is none of these.

    >>> from symcnn.parsing import parse_values
    >>> parse_values("8:32:8"), parse_values("10,100"), parse_values("64")
    (range(8, 33, 8), [10, 100], [64])
    """
    pieces = text.split(":")
    try:
        numbers = [int(piece) for piece in (pieces if len(pieces) > 1 else text.split(","))]
    except ValueError:
        numbers = []
    if not numbers or len(pieces) > 3 or (len(pieces) == 3 and numbers[2] < 1):
        raise SizeError(f"values are a number 64, a list 10,100 or a range first:last:step, got {_short(text)}")
    if len(pieces) == 1:
        return numbers
    first, last, *step = numbers
    found = range(first, last + 1, *step)
    if not found:
        raise SizeError(f"a range runs upward from its first number, got {_short(text)}")
    return found


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

    def refused(self, node: ast.AST) -> SizeError:
        part = ast.unparse(node) if isinstance(node, ast.expr) else self.text
        return SizeError(
            f"a formula has whole numbers, names, + - * / // ** and brackets; {_short(part)} is none of these"
        )

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
        if isinstance(node, ast.Name):
            return self.named(node.id)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
            inner = self.expression(node.operand)
            return -inner if isinstance(node.op, ast.USub) else inner
        if isinstance(node, ast.BinOp):
            return self.operation(node)
        raise self.refused(node)

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
