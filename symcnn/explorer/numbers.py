"""Formulas as data that a page computes with: no code is written, so none has to be run.

They are the nodes of ``numeric.graph``, each an operation and its operands, equal nodes being one: the
totals and layers of ResNet-50 are some hundred nodes. ``template/numbers.js`` has the few operations,
on integers of any size and on exact fractions.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sympy import Expr, Symbol

from ..numeric.checks import read_check
from ..numeric.forms import Forms
from ..numeric.graph import Graph

SAFE = 2**53
"""Above this JavaScript's own numbers are not exact: integers are written as text."""


class Numbers:
    """Formulas in some symbols, as nodes of one graph.

    >>> from sympy import Integer
    >>> from symcnn import dims
    >>> H, w = dims("H w")
    >>> numbers = Numbers([H, w])
    >>> numbers.roots([3 * w, Integer(3)])
    [2, 0]
    >>> numbers.nodes()
    [['const', 3], ['arg', 1], ['mul', 0, 1]]
    """

    def __init__(self, symbols: Sequence[Symbol]) -> None:
        self._symbols = symbols
        self._forms = Forms(symbols)
        self._graph = Graph(self._forms.atoms)

    def roots(self, exprs: Iterable[Expr]) -> list[int]:
        """The node of each formula.

        Raises:
            SizeError: a function, a number or a power that has no exact value.
        """
        # A graph finds the atoms of a formula by their places, so that later formulas may bring more.
        return [self._graph.poly(self._forms.whole(self._forms.ratio(expr))) for expr in exprs]

    def tests(self, conditions: Iterable[Any]) -> list[int]:
        """The node of each condition or relation."""
        checks = [read_check(condition, self._forms, self._symbols) for condition in conditions]
        return [self._graph.test(("compare", check.operator, check.poly)) for check in checks]

    def nodes(self) -> list[list[Any]]:
        """All nodes, each after its operands."""
        return [_plain(node) for node in self._graph.nodes]


def _plain(value: Any) -> Any:
    """Tuples as lists, and integers that JavaScript cannot hold as text."""
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    # Python writes no decimal numbers of more than 4300 digits; both read hexadecimal ones.
    return _text(value) if type(value) is int and abs(value) >= SAFE else value


def _text(number: int) -> str:
    return f"-{hex(-number)}" if number < 0 else hex(number)
