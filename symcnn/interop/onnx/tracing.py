"""From a file's graph to nodes: every operator that the output depends on, by the table of rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sympy import Integer

from ...errors import SymcnnError
from ...profile import Sizes
from ...shape import Shape
from ...sizes import FloorDiv
from ..reading.builder import INPUT
from ..reading.calls import operands
from ..reading.values import Constant, UnfitError, Value
from .arithmetic import known
from .calls import Found, NodeBuilder, NodeCall, Stored
from .graphs import counted, named, ordered
from .inputs import Input
from .operators import ALIASES, RULES
from .scopes import place_of
from .weights import MATRICES, ROLES, STANDARD, Weights, roles, sizes_or_one


class Tracer:
    """Goes through a model's nodes, and knows what each name stands for."""

    def __init__(self, model: Any, folder: Path | None, declared: Mapping[str, Sizes], batch: int | None) -> None:
        self.functions = {(one.domain, one.name): one for one in model.functions}
        self.opset = max((one.version for one in model.opset_import if one.domain in STANDARD), default=1)
        self.folder = folder
        self.declared = declared
        self.weights = Weights()
        self.builder = NodeBuilder(self.weights, batch or 1)

    def run(self, graph: Any, given: Input) -> list[Value]:
        """All nodes that the outputs depend on; what the graph gives."""
        counted(graph.node, self.functions)
        found = {given.name: Found(Value(INPUT, given.shape, 0))}
        results = self.graph(graph, found, ())
        outputs = [one.tensor for one in results if isinstance(one.tensor, Value)]
        if not outputs:
            failed = next((one.tensor for one in results if isinstance(one.tensor, SymcnnError)), None)
            raise failed or SymcnnError("the model's output does not depend on its input")
        return [self.finished(one) for one in outputs]

    def finished(self, x: Value) -> Value:
        """An output without the batch axis, which stands first."""
        self.builder.path, self.builder.label = (), "output"
        return self.builder.placed(x, 0) if x.rank > 1 and x.full[0] == 1 else x

    def graph(self, graph: Any, found: dict[str, Found], path: tuple[str, ...]) -> list[Found]:
        """What a graph gives, where its names stand for these things."""
        use, matrices = roles(graph.node, ROLES, self.functions), roles(graph.node, MATRICES)
        for tensor in graph.initializer:
            self.store(found, tensor.name, tensor, use.get(tensor.name), True)
        for sparse in graph.sparse_initializer:
            self.store(found, sparse.values.name, sparse, use.get(sparse.values.name), True)
        outputs = [one.name for one in graph.output]
        for node in ordered(graph.node, outputs, found):
            self.node(node, found, path, matrices)
        return [found[name] for name in outputs]

    def store(self, found: dict[str, Found], name: str, tensor: Any, role: str | None, initial: bool) -> None:
        """A tensor of the file under its name."""
        proto = tensor.values if hasattr(tensor, "indices") else tensor
        full = tuple(int(size) for size in tensor.dims)
        if any(size < 0 for size in full):
            raise SymcnnError(f"the tensor {name!r} must have sizes of at least 0, got {full}")
        key = name
        while key in self.weights.parameters or key in self.weights.buffers:
            key += "_"
        self.weights.add(key, proto, full, role, initial)
        stored = key in self.weights.parameters or key in self.weights.buffers
        constant = Constant(tuple(map(Integer, full)), key if stored else None, (key,) if stored else ())
        if proto is tensor:
            found[name] = Stored(constant, proto=tensor, folder=self.folder)
        else:
            found[name] = Found(constant)

    # Nodes.

    def node(self, node: Any, found: dict[str, Found], path: tuple[str, ...], matrices: Any) -> None:
        """What a node gives, under the names of its outputs."""
        inside, label = place_of(node)
        self.builder.path, self.builder.label = (*path, *inside), label
        try:
            results = self.given(node, found, (*path, *inside), matrices)
        except SymcnnError as error:
            if not error.path:
                error.under(named(node))
            raise
        except RecursionError as error:
            raise SymcnnError(f"{named(node)} is nested too deep") from error
        except (TypeError, ValueError, LookupError, AttributeError, ArithmeticError) as error:
            raise _malformed(node, error) from error
        for name, result in zip(node.output, results, strict=False):
            if name:
                found[name] = result

    def given(self, node: Any, found: dict[str, Found], path: tuple[str, ...], matrices: Any) -> Sequence[Found]:
        """What a node gives."""
        function = self.functions.get((node.domain, node.op_type))
        taken = [found[name] if name else None for name in node.input]
        if function is not None:
            return self.called(function, node, taken, path)
        if node.domain in STANDARD and node.op_type == "Constant" and any(a.name == "value" for a in node.attribute):
            value = next(one.t for one in node.attribute if one.name == "value")
            self.store(found, node.output[0], value, matrices.get(node.output[0]), False)
            return [found[node.output[0]]]
        call = NodeCall(self.builder, node, taken, self.opset)
        call.declared = [self.declared.get(name) for name in node.output]
        if node.domain in STANDARD and node.op_type == "If":
            return self.branch(call, found, path)
        return self.results(call)

    def results(self, call: NodeCall) -> Sequence[Found]:
        """What comes of a node's tensors, and their elements where they are known."""
        numbers = known(call) if call.node.domain in STANDARD else None
        values, constants = operands(call.given.values())
        if numbers is not None:
            sources = tuple(dict.fromkeys(source for one in constants for source in one.sources))
            reads_sizes = call.name in ("Shape", "Size")
            if not reads_sizes:
                self.weights.numbers.update(sources)
            made_of = () if reads_sizes else sources
            return [Found(Constant(one.sizes, None, made_of), one) for one in numbers]
        if not values:
            return self.constant(call, constants)
        made = self.ruled(call)
        return [Found(one) for one in (made if isinstance(made, list | tuple) else [made])]

    def ruled(self, call: NodeCall) -> Any:
        """What the rule makes of a call; an operator without one is unknown."""
        standard = call.node.domain in STANDARD
        rule = RULES.get(call.name) if standard else None
        mark = self.builder.mark()
        why = "nothing is known of the operator"
        if rule is not None:
            try:
                return rule(call)
            except UnfitError as error:
                self.builder.back(mark)
                why = error.message
        told = call.declared
        if not told or told[0] is None:
            raise SymcnnError(f"{why}, and the file does not say the sizes of what it gives")
        call.outputs = [full for full in told if full is not None]
        return call.each(f"{'onnx' if standard else call.node.domain}.{call.name}", known=False)

    # Constants.

    def constant(self, call: NodeCall, constants: list[Constant]) -> Sequence[Found]:
        """What an operator makes of constants alone: as many elements as it would of values."""
        sources = tuple(dict.fromkeys(source for one in constants for source in one.sources))
        products = tuple(dict.fromkeys(one for constant in constants for one in constant.products))
        count = len(call.node.output)
        try:
            fulls, macs = self.tried(call)
        except UnfitError as error:
            return [Found(SymcnnError(f"nothing is known of what {named(call.node)} makes: {error.message}"))] * count
        except SymcnnError as error:
            if not error.path:
                error.under(named(call.node))
            return [Found(error)] * count
        more = ((f"{call.node.output[0]} product", (macs,)),) if macs != 0 else ()
        stored = constants[0].stored if call.name in ALIASES and constants else None
        return [Found(Constant(full, stored, sources, (*products, *more))) for full in fulls]

    def tried(self, call: NodeCall) -> tuple[list[Sizes], Any]:
        """The sizes of what comes of constants, and the multiply-accumulates, by the rule on a value."""
        for one in call.given.values():
            if isinstance(one, SymcnnError):
                raise one
        fresh = FRESH.get(call.name)
        if fresh is not None:
            return [fresh(call)], 0
        rule = RULES.get(call.name) if call.node.domain in STANDARD else None
        place = next((i for i, one in enumerate(call.found) if one and isinstance(one.tensor, Constant)), None)
        if rule is None or place is None:
            raise UnfitError("nothing is known of the operator")
        one = call.found[place]
        assert one is not None
        builder = NodeBuilder(self.weights)
        x = Value(INPUT, Shape.of(sizes_or_one(one.tensor.full)), None)
        found = [*call.found[:place], Found(x, one.numbers), *call.found[place + 1 :]]
        made = rule(NodeCall(builder, call.node, found, self.opset))
        listed = made if isinstance(made, list | tuple) else [made]
        macs = sum((profile.macs for profile in builder.profiles), Integer(0))
        return [value.full for value in listed], macs

    # Functions and branches.

    def called(self, function: Any, node: Any, taken: Sequence[Found | None], path: tuple[str, ...]) -> Sequence[Found]:
        """What a function that the file brings along gives."""
        found = {name: one for name, one in zip(function.input, taken, strict=False) if one is not None}
        own = {one.name: one for one in node.attribute}
        own = {one.name: one for one in function.attribute_proto} | own
        nodes = [_told(inner, own) for inner in function.node]
        outer, self.opset = self.opset, _version(function, self.opset)
        matrices = roles(nodes, MATRICES)
        for inner in ordered(nodes, function.output, found):
            self.node(inner, found, path, matrices)
        self.opset = outer
        return [found[name] for name in function.output]

    def branch(self, call: NodeCall, found: dict[str, Found], path: tuple[str, ...]) -> Sequence[Found]:
        """What a branch gives, where it is known which."""
        condition = call.known(0)
        body = call.attributes.get("then_branch" if condition is not None and condition.one else "else_branch")
        if condition is None or body is None:
            made = self.ruled(call)
            return [Found(one) for one in (made if isinstance(made, list | tuple) else [made])]
        return self.graph(body.g, dict(found), path)


def _version(function: Any, outer: int) -> int:
    return max((one.version for one in function.opset_import if one.domain in STANDARD), default=outer)


def _told(node: Any, own: Mapping[str, Any]) -> Any:
    """A node of a function, with the attributes that the call gives in the place of references."""
    if not any(one.ref_attr_name for one in node.attribute):
        return node
    made = type(node)()
    made.CopyFrom(node)
    del made.attribute[:]
    for one in node.attribute:
        given = own.get(one.ref_attr_name) if one.ref_attr_name else one
        if given is not None:
            made.attribute.append(given)
            made.attribute[-1].name = one.name
    return made


def _malformed(node: Any, error: Exception) -> SymcnnError:
    refused = SymcnnError(f"{node.op_type} takes other inputs or attributes than it has here: {error}")
    refused.under(named(node))
    return refused


def _filled(call: NodeCall) -> Sizes:
    return tuple(call.numbers(0, "the sizes").flat)


def _ranged(call: NodeCall) -> Sizes:
    start, end, step = (call.numbers(place, "the ends").one for place in range(3))
    return (FloorDiv(end - start + step - 1, step),)


FRESH: dict[str, Any] = {"ConstantOfShape": _filled, "Range": _ranged}
"""Operators that take sizes alone, and the sizes of what they give."""
