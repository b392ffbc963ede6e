"""A graph as a compiled Python function on Python numbers.

The source has names of its own (``a0``, ``t3``); the arguments' real names are put into the finished
code object, where a name is only a string. So ``lambda``, ``int`` and ``self`` are names like any
other, and nothing from a name is ever run.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Sequence
from fractions import Fraction
from types import FunctionType
from typing import Any

from ..errors import ConditionError, SizeError
from .forms import Number
from .graph import Graph

DEPTH = 12
"""How deep one expression of the source is nested; Python's parser allows 200 brackets."""

LENGTH = 60
"""How many terms one line of the source adds; Python's compiler recurses into each."""

BLOCKS = ("loop", "choose")
"""What takes lines of its own, indented."""

FRACTIONS = ("ratio", "power")
"""What may be a fraction where all arguments are integers."""

FAILING = ("floordiv", "mod", "ratio", "power", "loop", "choose")
"""What may divide by zero, or have no value."""

SYMBOLS = {"floordiv": "//", "mod": "%", "and": " and ", "or": " or "}


def whole(value: Number) -> Number:
    """A fraction that is a whole number, as an int."""
    return value.numerator if value.denominator == 1 else value


def ratio(n: Number, d: Number) -> Number:
    """``n/d``, exactly."""
    return n // d if n % d == 0 else Fraction(n) / d


def power(base: Number, exponent: Number) -> Number:
    """``base**exponent`` for an integer exponent, exactly."""
    if exponent.denominator != 1:
        raise SizeError(f"an exponent must be an integer, got {exponent}")
    return base ** int(exponent) if exponent >= 0 else whole(1 / Fraction(base) ** -int(exponent))


def span(low: Number, high: Number) -> tuple[int, range]:
    """The range of a sum and its sign: below its start a sum runs backwards, as SymPy's does."""
    if low.denominator != 1 or high.denominator != 1:
        raise SizeError(f"a sum must run between integers, got {low} to {high}")
    return (1, range(int(low), int(high) + 1)) if high >= low else (-1, range(int(high) + 1, int(low)))


def nothing() -> Number:
    """Where no branch of a Piecewise holds."""
    raise ConditionError("no branch of the Piecewise holds")


HELPERS: dict[str, Any] = {
    "whole": whole, "ratio": ratio, "power": power, "span": span, "nothing": nothing,
    "min": min, "max": max, "abs": abs, "type": type, "int": int, "numbers": (int, Fraction),
}  # fmt: skip


class Writer:
    """Writes the lines of one function, some of whose arguments may be ``fractions``."""

    def __init__(self, graph: Graph, fractions: bool = False) -> None:
        self._fractions = fractions
        self.lines: list[str] = []
        self._graph = graph
        self._known: ChainMap[int, str] = ChainMap()
        self._count = 0
        self._indent = 1
        self._uses: dict[int, int] = {}

    def expect(self, roots: Sequence[int]) -> None:
        """Count how often each node is used, to write what is used twice on a line of its own."""
        stack = list(roots)
        while stack:
            node = stack.pop()
            self._uses[node] = self._uses.get(node, 0) + 1
            if self._uses[node] == 1:
                stack.extend(self._graph.operands(node))

    def line(self, text: str) -> None:
        """Add a line."""
        self.lines.append("    " * self._indent + text)

    def value(self, node: int) -> str:
        """The text of a node's value; lines that it needs first are written."""
        for part in self._landings(node):
            if part not in self._known:
                self._assign(part, self._text(*self._graph.nodes[part]))
        return self._value(node)

    def _value(self, node: int) -> str:
        kind, *parts = self._graph.nodes[node]
        if kind == "const":
            return _constant(parts[0])
        if kind == "always":
            return str(parts[0])
        if kind == "arg":
            return f"a{parts[0]}"
        if node not in self._known:
            if kind in BLOCKS:
                self._known[node] = self._block(kind, parts)
            else:
                text = self._text(kind, *parts)
                if self._uses.get(node, 0) < 2:
                    return f"({text})"
                self._assign(node, text)
        return self._known[node]

    def _landings(self, root: int) -> list[int]:
        """Nodes to write on the way, operands first, so that no expression is nested deeper than DEPTH."""
        found: set[int] = set()
        stack = [root]
        while stack:
            node = stack.pop()
            if node not in found and node not in self._known and self._graph.nodes[node][0] not in BLOCKS:
                found.add(node)
                stack.extend(self._graph.operands(node))
        height: dict[int, int] = {}
        for node in sorted(found):  # A node comes after its operands.
            height[node] = 1 + max((height.get(part, 0) for part in self._graph.operands(node)), default=0)
        return [node for node in sorted(found) if height[node] % DEPTH == 0]

    def exact(self, node: int) -> str:
        """The text of a node's value, an int where that is whole."""
        text = self.value(node)
        surely = self._graph.nodes[node][0] == "ratio" or not (self._fractions or self._graph.has(node, *FRACTIONS))
        return text if surely else f"whole({text})"

    def _name(self) -> str:
        self._count += 1
        return f"t{self._count}"

    def _assign(self, node: int, text: str) -> str:
        name = self._name()
        self.line(f"{name} = {text}")
        self._known[node] = name
        return name

    def _text(self, kind: str, *parts: Any) -> str:
        if kind == "add":
            return self._sum(parts)
        if kind == "mul":
            return self._product(parts)
        if kind == "pow":
            return self._power(*parts)
        if kind == "compare":
            return f"{self._value(parts[1])} {parts[0]} {self._value(parts[2])}"
        if kind == "not":
            return f"not {self._value(parts[0])}"
        values = [self._value(part) for part in parts]
        return SYMBOLS[kind].join(values) if kind in SYMBOLS else f"{kind}({', '.join(values)})"

    def _sum(self, terms: Sequence[int]) -> str:
        texts = [self._value(term) for term in terms]
        while len(texts) > LENGTH:
            name = self._name()
            self.line(f"{name} = {' + '.join(texts[:LENGTH])}")
            texts = [name, *texts[LENGTH:]]
        return " + ".join(texts)

    def _product(self, factors: Sequence[int]) -> str:
        if self._graph.nodes[factors[0]] == ("const", -1):
            return "-" + self._product(factors[1:])
        return "*".join(self._value(factor) for factor in factors)

    def _power(self, base: int, exponent: int) -> str:
        text = self._value(base)
        if exponent > 3:
            return f"{text}**{exponent}"
        if text.startswith("("):
            text = self._assign(base, text)
        return "*".join([text] * exponent)

    def _block(self, kind: str, parts: list[Any]) -> str:
        result = self._name()
        if kind == "loop":
            self._loop(result, *parts)
        else:
            self._choose(result, parts)
        return result

    def _loop(self, result: str, index: int, low: int, high: int, body: int) -> None:
        sign, steps = self._name(), self._name()
        self.line(f"{sign}, {steps} = span({self.value(low)}, {self.value(high)})")
        self._hoist(body)
        self.line(f"{result} = 0")
        self._known = self._known.new_child()
        self._known[index] = self._name()
        self.line(f"for {self._known[index]} in {steps}:")
        self._indent += 1
        self.line(f"{result} += {self.value(body)}")
        self._close()
        self.line(f"{result} *= {sign}")

    def _hoist(self, body: int) -> None:
        """Write before a loop what stays the same in it. What may fail is left inside."""
        stack = [body]
        seen: set[int] = set()
        while stack:
            node = stack.pop()
            seen.add(node)
            if self._graph.has(node, *FAILING, "index"):
                stack.extend(part for part in self._graph.operands(node) if part not in seen)
            elif node not in self._known and self._graph.operands(node):
                self._assign(node, self.value(node))

    def _choose(self, result: str, branches: list[tuple[int, int]]) -> None:
        outside = self._indent
        scopes = 0
        for test, value in branches:
            self.line(f"if {self.value(test)}:")
            for branch in (value, None):
                if branch is None:
                    self.line("else:")
                self._known = self._known.new_child()
                self._indent += 1
                if branch is not None:
                    self.line(f"{result} = {self.value(branch)}")
                    self._close()
            scopes += 1
        self.line(f"{result} = nothing()")
        self._known = ChainMap(*self._known.maps[scopes:])
        self._indent = outside

    def _close(self) -> None:
        self._known = self._known.parents
        self._indent -= 1


def _constant(value: int) -> str:
    # Python writes no decimal numbers of more than 4300 digits.
    return str(value) if abs(value) < 2**64 else hex(value)


def compiled(lines: Sequence[str], names: Sequence[str], **helpers: Any) -> Callable[..., Any]:
    """The function of some lines, its parameters ``a0``, ``a1``, ... renamed to ``names``."""
    parameters = ", ".join(f"a{i}" for i in range(len(names)))
    namespace: dict[str, Any] = {**HELPERS, **helpers}
    source = "\n".join([f"def formula({parameters}):", *lines])
    exec(compile(source, "<formula>", "exec"), namespace)
    function: FunctionType = namespace["formula"]
    own = function.__code__.co_varnames[len(names) :]
    function.__code__ = function.__code__.replace(co_varnames=(*names, *(f".{name}" for name in own)))
    function.__doc__ = source
    return function
