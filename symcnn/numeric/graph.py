"""Formulas factored for one kind of call: which arguments are arrays, and which of those are one array.

Sums are put in Horner's form, the atom that most terms have first. What depends on no array is the
coefficient of what does, so that it is computed once, as a Python integer. A node is a tuple of its
operation and its operands; equal nodes are one node.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from .forms import Atom, Monomial, Poly, Test

Node: TypeAlias = tuple[Any, ...]


class Graph:
    """The nodes of some sums over ``atoms``.

    ``same_as`` names for an argument the one whose array it shares; ``arrays`` are the arguments
    that are arrays, each with a bit of its own.
    """

    def __init__(
        self,
        atoms: Sequence[Atom],
        same_as: Sequence[int] | None = None,
        arrays: Mapping[int, int] | None = None,
    ) -> None:
        self.nodes: list[Node] = []
        self.depends: list[int] = []
        self._kinds: list[frozenset[str]] = []
        self._ids: dict[Node, int] = {}
        self._atoms = atoms
        self._same_as = same_as
        self._arrays = arrays or {}
        self._of_atom: dict[int, int] = {}
        self._of_poly: dict[Poly, int] = {}

    def poly(self, poly: Poly) -> int:
        """The node of a sum of products."""
        if poly not in self._of_poly:
            self._of_poly[poly] = self._horner(self._coefficients(poly))
        return self._of_poly[poly]

    def test(self, test: Test) -> int:
        """The node of a condition."""
        kind, *parts = test
        if kind == "compare":
            operator, poly = parts
            constant = sum(c for monomial, c in poly if not monomial)
            rest = tuple((monomial, c) for monomial, c in poly if monomial)
            return self._node("compare", operator, self.poly(rest), self.constant(-constant))
        if kind == "always":
            return self._node("always", *parts)
        return self._node(kind, *(self.test(part) for part in parts))

    def constant(self, value: int) -> int:
        """The node of a number."""
        return self._node("const", value)

    def multiply(self, factors: Iterable[int]) -> int:
        """The node of a product, numbers gathered, products within it taken apart."""
        number = 1
        others: list[int] = []
        for factor in factors:
            node = self.nodes[factor]
            for part in node[1:] if node[0] == "mul" else (factor,):
                if self.nodes[part][0] == "const":
                    number *= self.nodes[part][1]
                else:
                    others.append(part)
        if number == 0 or not others:
            return self.constant(number)
        others.sort()
        if number != 1:
            others.insert(0, self.constant(number))
        return others[0] if len(others) == 1 else self._node("mul", *others)

    def add(self, terms: Iterable[int]) -> int:
        """The node of a sum, numbers gathered at its end."""
        number = 0
        others: list[int] = []
        for term in terms:
            if self.nodes[term][0] == "const":
                number += self.nodes[term][1]
            else:
                others.append(term)
        if number or not others:
            others.append(self.constant(number))
        return others[0] if len(others) == 1 else self._node("add", *others)

    def operands(self, node: int) -> list[int]:
        """The nodes that a node is computed from."""
        kind, *parts = self.nodes[node]
        if kind in ("const", "arg", "index", "always"):
            return []
        if kind == "compare":
            return parts[1:]
        if kind == "pow":
            return parts[:1]
        if kind == "choose":
            return [part for branch in parts for part in branch]
        return parts

    def has(self, node: int, *kinds: str) -> bool:
        """Whether a node, or one that it is computed from, is of one of these kinds."""
        return not self._kinds[node].isdisjoint(kinds)

    def _node(self, *node: Any) -> int:
        if node not in self._ids:
            self._ids[node] = len(self.nodes)
            self.nodes.append(node)
            depends = self._arrays.get(node[1], 0) if node[0] == "arg" else 0
            kinds = {node[0]}
            for operand in self.operands(len(self.nodes) - 1):
                depends |= self.depends[operand]
                kinds |= self._kinds[operand]
            self.depends.append(depends)
            self._kinds.append(frozenset(kinds))
        return self._ids[node]

    def _atom(self, atom: int) -> int:
        if atom not in self._of_atom:
            self._of_atom[atom] = self._read(*self._atoms[atom])
        return self._of_atom[atom]

    def _read(self, kind: str, *parts: Any) -> int:
        if kind == "arg":
            return self._node("arg", self._same_as[parts[0]] if self._same_as else parts[0])
        if kind == "sums":
            return self.poly(parts[0])
        if kind == "index":
            return self._node("index", *parts)
        if kind == "loop":
            place, low, high, body = parts
            return self._node("loop", self._atom(place), self.poly(low), self.poly(high), self.poly(body))
        if kind == "choose":
            branches = [(self.test(test), self.poly(value)) for test, value in parts[0]]
            return self._node("choose", *branches)
        return self._node(kind, *(self.poly(part) for part in parts))

    def _power(self, atom: int, exponent: int) -> int:
        base = self._atom(atom)
        return base if exponent == 1 else self._node("pow", base, exponent)

    def _coefficients(self, poly: Poly) -> dict[Monomial, int]:
        """The terms with what depends on no array gathered into coefficients."""
        if not self._arrays:
            return {monomial: self.constant(c) for monomial, c in poly}
        grouped: dict[Monomial, list[tuple[Monomial, int]]] = {}
        for monomial, c in poly:
            outer = tuple((a, e) for a, e in monomial if self.depends[self._atom(a)])
            inner = tuple((a, e) for a, e in monomial if not self.depends[self._atom(a)])
            grouped.setdefault(outer, []).append((inner, c))
        if list(grouped) == [()]:
            return {monomial: self.constant(c) for monomial, c in poly}
        return {outer: self.poly(tuple(terms)) for outer, terms in grouped.items()}

    def _horner(self, terms: dict[Monomial, int]) -> int:
        """Take out, time and again, the atom that most terms have."""
        having: dict[int, dict[Monomial, int]] = {}
        for monomial in terms:
            for atom, e in monomial:
                having.setdefault(atom, {})[monomial] = e
        parts: list[int] = []
        while having:
            atom, found = max(having.items(), key=lambda item: len(item[1]))
            if len(found) < 2:
                break
            out = min(found.values())
            inner = {_divided(monomial, atom, out): terms[monomial] for monomial in found}
            parts.append(self.multiply((self._power(atom, out), self._horner(inner))))
            for monomial in list(found):
                del terms[monomial]
                for other, _ in monomial:
                    del having[other][monomial]
        products = ([self._power(atom, e) for atom, e in m] + [c] for m, c in terms.items())
        return self.add([*parts, *(self.multiply(product) for product in products)])


def _divided(monomial: Monomial, atom: int, exponent: int) -> Monomial:
    return tuple((a, e - exponent if a == atom else e) for a, e in monomial if a != atom or e > exponent)
