"""From an exported program to nodes: every operator that the output depends on, by the table of rules."""

from __future__ import annotations

import operator
from dataclasses import replace
from typing import Any

from sympy import Integer

from ...errors import SymcnnError
from ...profile import Sizes
from ...shape import Shape
from ...sizes import as_size
from ..reading.builder import INPUT, Builder
from ..reading.calls import Call, operands
from ..reading.meetings import Gathered
from ..reading.values import Constant, UnfitError, Value
from .aten import RULES
from .aten.products import constant_products
from .exported import Program
from .nodes import flat, graph_of, has_tensors, name_of, needed_for, path_of, wrapped_graph, written_into

FRESH = {
    *("zeros_like", "ones_like", "full_like", "rand_like", "randn_like", "empty_like"),
    *("new_zeros", "new_ones", "new_full", "new_empty"),
}
"""Operators that take of a tensor its size alone."""


class Tracer:
    """Goes through a program's nodes in order, and knows what each of them gives."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.builder = Builder(program)
        self.found: dict[Any, Any] = {}

    def run(self) -> list[Value]:
        """All nodes that the output depends on; what the program gives."""
        last = self.program.nodes[-1]
        written = written_into(self.program.nodes)
        needed = needed_for(last, written)
        for node in self.program.nodes[:-1]:
            if node in needed:
                self.found[node] = self.given(node)
                self.spread(node, [one for one, writers in written.items() if node in writers])
        outputs, _ = operands(flat(self.filled(last.args)))
        if not outputs:
            raise SymcnnError("the module's output does not depend on its input")
        return [self.finished(one) for one in outputs]

    def spread(self, writer: Any, whole: list[Any]) -> None:
        """What an operator wrote into a part of tensors is in them from then on."""
        made = self.found[writer]
        for node in whole:
            found = self.found.get(node)
            if not isinstance(made, Value) or found is None:
                continue
            if isinstance(found, Constant):
                found = self.builder.constant(found, made, None)
            self.found[node] = replace(self.builder.meeting(Gathered(), [found, made]), unwritten=found.unwritten)

    def finished(self, x: Value) -> Value:
        """An output without the batch axis, which stands first."""
        self.builder.path, self.builder.label = (), "output"
        return self.builder.placed(x, 0) if x.rank > 1 and x.full[0] == 1 else x

    def given(self, node: Any) -> Any:
        """What a node gives."""
        if node.op == "placeholder":
            return self.stored(node)
        if node.op == "get_attr":
            return Constant(self.full(node.meta["val"])) if "val" in node.meta else None
        meta = node.meta.get("val")
        if node.target is operator.getitem:
            return self.filled(node.args[0])[node.args[1]]
        body = wrapped_graph(node)
        if body is not None:
            return self.inside(body, self.filled([one for one in node.args if not graph_of(one)]))
        if not has_tensors(meta):
            return meta
        return self.called(node)

    def inside(self, body: Any, given: list[Any]) -> Any:
        """What a part of a program gives that stands by itself, for the last of the arguments."""
        places = [node for node in body.nodes if node.op == "placeholder"]
        self.found.update(zip(places, given[len(given) - len(places) :], strict=True))
        for node in body.nodes:
            if node.op == "output":
                return self.filled(node.args[0])
            if node.op != "placeholder":
                self.found[node] = self.given(node)
        return None

    def stored(self, node: Any) -> Value | Constant:
        """The input, a parameter or a buffer."""
        name = self.program.stored.get(node.name)
        if name is None:
            return Value(INPUT, Shape.of(self.program.input), 0)
        return Constant(self.full(node.meta["val"]), name, (name,))

    def called(self, node: Any) -> Any:
        """What an operator gives; its place is that of the module that calls it."""
        name = name_of(node.target)
        given = self.arguments(node)
        outputs = [self.full(one) for one in flat([node.meta["val"]])]
        values, constants = operands(given.values())
        empty = len(outputs) == 1 and 0 in outputs[0]  # Nothing depends on what nothing is in.
        if not values or empty or name.removesuffix("_") in FRESH:
            return self.constant(node, name, given, outputs, constants if not values else [])
        self.builder.path, self.builder.label = path_of(node), name.strip("_")
        call = Call(self.builder, name, given, outputs)
        try:
            result = self.ruled(call)
        except SymcnnError as error:
            error.under(".".join((*self.builder.path, self.builder.label)))
            raise
        self.agree(node, result)
        return result

    def ruled(self, call: Call) -> Any:
        """What the rule makes of a call; an operator without one is unknown."""
        rule = RULES.get(call.name) or RULES.get(call.name.removesuffix("_"))
        mark = self.builder.mark()
        if rule is not None:
            try:
                return rule(call)
            except UnfitError:
                self.builder.back(mark)
        return call.each(f"aten.{call.name}", known=False)

    def constant(self, node: Any, name: str, given: Any, outputs: list[Sizes], made_of: list[Constant]) -> Any:
        """What an operator makes of constants alone."""
        sources = tuple(dict.fromkeys(source for one in made_of for source in one.sources))
        products = dict.fromkeys(product for one in made_of for product in one.products)
        loops = constant_products(name, given, outputs[0]) if made_of else ()
        more = tuple((f"{node.name} product", tuple(map(as_size, one))) for one in loops)
        same = len(outputs) == 1 and name in ("alias", "detach", "contiguous", "clone", "to", "lift_fresh_copy")
        stored = made_of[0].stored if same and made_of else None
        results = [Constant(full, stored, sources, (*products, *more)) for full in outputs]
        return results[0] if not isinstance(node.meta["val"], list | tuple) else results

    # Arguments and sizes.

    def arguments(self, node: Any) -> dict[str, Any]:
        """A node's arguments by the names of the operator's schema, defaults too."""
        schema = getattr(node.target, "_schema", None)
        if schema is None:
            return {str(i): one for i, one in enumerate(self.filled(node.args))}
        given = {one.name: one.default_value for one in schema.arguments if one.has_default_value()}
        names = [one.name for one in schema.arguments]
        named = dict(zip(names, self.filled(node.args), strict=False)) | self.filled(node.kwargs)
        return {name: named[name] if name in named else given.get(name) for name in names}

    def filled(self, given: Any) -> Any:
        """Arguments with what was found in the place of nodes."""
        if isinstance(given, list | tuple):
            return [self.filled(one) for one in given]
        if isinstance(given, dict):
            return {name: self.filled(one) for name, one in given.items()}
        return self.found.get(given) if hasattr(given, "op") and hasattr(given, "meta") else given

    def full(self, tensor: Any) -> Sizes:
        """A tensor's sizes; a number alone is one element."""
        return tuple(map(self.program.read, tensor.shape)) or (Integer(1),)

    def agree(self, node: Any, result: Any) -> None:
        """Refuse what PyTorch says otherwise of, at the sizes that it was traced at."""
        tensors = [one for one in flat([node.meta["val"]]) if hasattr(one, "shape")]
        results = result if isinstance(result, list | tuple) else [result]
        for tensor, value in zip(tensors, results, strict=False):
            if isinstance(value, Value) and not self.agrees(value.full, self.full(tensor)):
                raise SymcnnError(f"{node.target} gives {self.full(tensor)} in PyTorch, and {value.full} here")

    def agrees(self, ours: Sizes, theirs: Sizes) -> bool:
        """Whether sizes are the same in form, or at all samples."""
        if len(ours) != len(theirs):
            return False
        return all(self.program.equal(one, other) for one, other in zip(ours, theirs, strict=True))
