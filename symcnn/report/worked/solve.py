"""Working a formula out, one step at a time."""

from __future__ import annotations

from collections.abc import Mapping

from sympy import Expr, Symbol

from .notation import Text
from .tree import Leaf, Negative, Node, Sum


def solved(formula: Node, values: Mapping[Symbol, Expr], result: Expr) -> tuple[Node, ...]:
    """The formula, the values put in, and the steps from there to the result.

    A formula none of whose sizes has a value is the only line.
    """
    filled = formula.put_in(values)
    if filled == formula:
        return (formula,)
    if filled.value != result and result.is_number:
        # A layer whose textbook form is not its own: better its result than wrong steps.
        return (Leaf(size=result),)
    return _different([formula, *worked_out(filled, result)])


def worked_out(filled: Node, result: Expr) -> tuple[Node, ...]:
    """A formula with its values put in, and the steps to the result.

    One step works out every innermost bracket; where none is left, the products, and then the
    sum. Where symbols are left, the result follows at once. No two lines are the same.
    """
    lines = [filled]
    if result.is_number:
        while lines[-1].parts:
            lines.append(stepped(lines[-1]))
    return _different([*lines, Leaf(size=result)])


def _different(lines: list[Node]) -> tuple[Node, ...]:
    """The lines that do not repeat the one before."""
    written = [line.write(Text()) for line in lines]
    return tuple(line for i, line in enumerate(lines) if i == 0 or written[i] != written[i - 1])


def stepped(node: Node) -> Node:
    """The formula one step further."""
    if has_brackets(node):
        return node.rebuilt(tuple(_inside(node, part) for part in node.parts))
    if isinstance(node, Sum) and any(not _is_plain(part) for part in node.parts):
        return node.rebuilt(tuple(map(_as_number, node.parts)))
    return Leaf(size=node.value)


def has_brackets(node: Node) -> bool:
    """Whether anything in it stands in brackets."""
    return any(node.brackets(part) or has_brackets(part) for part in node.parts)


def _inside(node: Node, part: Node) -> Node:
    if has_brackets(part):
        return stepped(part)
    return Leaf(size=part.value) if node.brackets(part) else part


def _is_plain(term: Node) -> bool:
    return not (term.parts[0].parts if isinstance(term, Negative) else term.parts)


def _as_number(term: Node) -> Node:
    """A term as a number; what is taken away stays so."""
    if isinstance(term, Negative):
        return Negative((Leaf(size=term.parts[0].value),))
    return Leaf(size=term.value)
