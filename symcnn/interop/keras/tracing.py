"""From a model's graph to nodes: every call in order, by the table of rules."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from ...errors import SymcnnError
from ...layer import Layer
from ...sizes import Size
from ..reading.builder import INPUT, Builder
from ..reading.nesting import needed, nested
from ..reading.values import UnfitError, Value
from .calls import Call, UnsizedError
from .inputs import Given, samples
from .opening import opened
from .rules import rule_of
from .tensors import Order, Tensor, plain
from .weights import Weights


class Tracer:
    """Goes through a model's calls in order, and asks Keras at sample sizes whether it agrees."""

    def __init__(self, keras: Any, model: Any, inputs: Sequence[Given], made_for: str) -> None:
        self.keras = keras
        self.weights = Weights(model)
        self.builder = Builder(self.weights)
        self.samples = samples([size for one in inputs for size in one.sizes])
        self.made_for = made_for
        self.inputs = inputs

    def run(self, function: Any, opened: bool) -> list[str]:
        """The nodes that come out of a model's graph."""
        given = [self._given(one) for one in self.inputs]
        return [one.value.name for one in map(self._finished, self.walk(function, given, opened))]

    def _given(self, given: Given) -> Tensor:
        """An input as the network in the making has it."""
        there = zip(*map(self.at_samples, given.sizes), strict=True)
        specs = [self.keras.KerasTensor((None, *one), dtype=given.dtype) for one in there]
        return Tensor(Value(given.name, given.shape, 0), given.order, tuple(specs))

    def at_samples(self, size: Size) -> list[int]:
        """A size at each of the samples."""
        return [int(size.xreplace(dict(values))) for values in self.samples]

    def _finished(self, x: Tensor) -> Tensor:
        """An output with its axes as Keras has them, or with the channels first."""
        self.builder.path, self.builder.label = (), "output"
        usual = (plain(x.rank), (*range(1, x.rank), 0))
        return x if x.order in usual else Call(self, None, {}, ()).plain(x)

    # A graph.

    def walk(self, function: Any, inputs: Sequence[Tensor], opened: bool = False) -> list[Tensor]:
        """All calls of a graph; what it gives. In a layer that is opened, operations have the names of their kinds."""
        graph = getattr(function, "_functional", None) or function
        found: dict[int, Any] = {id(x): given for x, given in zip(graph.inputs, inputs, strict=True)}
        for node in _in_order(graph):
            if all(id(x) in found for x in node.input_tensors):
                args, kwargs = node.arguments.fill_in(found)
                op = node.operation
                label = words(type(op).__name__) if opened and not isinstance(op, self.keras.Layer) else ""
                results = self.flat(self.called(op, args, kwargs, label))
                found |= {id(x): made for x, made in zip(node.outputs, results, strict=True)}
        return [found[id(x)] for x in graph.outputs]

    def called(self, op: Any, args: Any, kwargs: Any, label: str = "") -> Any:
        """What a layer, an operation or a model gives."""
        before = self.builder.path, self.builder.label
        name = label or op.name.replace(".", "_")
        self.builder.label = name
        try:
            if self.is_graph(op):
                self.builder.path = (*before[0], name)
                return self.walk(op, [one for one in self.flat((args, kwargs)) if isinstance(one, Tensor)])
            return self._ruled(op, args, kwargs)
        except SymcnnError as error:
            error.inside(type(op).__name__)
            error.under(name)
            raise
        finally:
            self.builder.path, self.builder.label = before

    def alone(self, op: Any, x: Tensor) -> tuple[Layer, Order]:
        """A layer or a model on one input as a network by itself, and the order in which it gives its axes."""
        around = self.builder
        self.builder = around.within()
        try:
            (made,) = self.flat(self.called(op, (replace(x, value=Value(INPUT, x.value.shape, 0)),), {}))
            outputs = [made.value.name]
            return nested(needed(self.builder.made, outputs), outputs), made.order
        finally:
            self.builder = around

    def is_graph(self, op: Any) -> bool:
        """Whether it has a graph of its own."""
        functional = isinstance(op, self.keras.Function)
        return functional or getattr(op, "_functional", None) is not None

    def _ruled(self, op: Any, args: Any, kwargs: Any) -> Any:
        """What the rule makes of a call; a layer without one is opened, or else unknown."""
        call = Call(self, op, _bound(op, args, kwargs), self._asked(op, args, kwargs))
        rule, mark = rule_of(self.keras, op), self.builder.mark()
        for attempt in (rule, opened) if rule else (opened,):
            try:
                return self._agreed(call, attempt(call))
            except (UnfitError, UnsizedError):
                self.builder.back(mark)
        return self._agreed(call, self._unknown(call))

    def _unknown(self, call: Call) -> list[Tensor]:
        """An operation of which nothing is known but its weights and its sizes."""
        name, tensors = type(call.op).__name__, [call.plain(one) for one in call.tensors]
        outputs = call.outputs()
        variables = getattr(call.op, "weights", [])
        if len(outputs) > 1:
            tensors[0], variables = call.charged(tensors[0], variables), []
        return [call.combined(name, tensors, sizes, variables, known=False) for sizes in outputs]

    # What Keras says.

    def _asked(self, op: Any, args: Any, kwargs: Any) -> list[Any]:
        """What Keras says comes out at each sample; None at one that it does not take.

        Raises:
            SymcnnError: it takes none of them.
        """
        found: list[Any] = []
        refused: Exception | None = None
        for i in range(len(self.samples)):
            there = self.keras.tree.map_structure(lambda one, i=i: self._spec(one, i), (args, kwargs))
            given = self.flat(there)
            try:
                taken = not any(one is UNTAKEN for one in given)
                found.append(op.compute_output_spec(*there[0], **there[1]) if taken else None)
            except Exception as error:
                found.append(None)
                refused = error
        if refused is not None and not any(one is not None for one in found):
            first = str(refused).strip().splitlines()[0]
            raise SymcnnError(f"Keras does not take these sizes: {first}{self.made_for}")
        return found

    @staticmethod
    def _spec(one: Any, i: int) -> Any:
        if not isinstance(one, Tensor):
            return one
        return one.specs[i] if one.specs[i] is not None else UNTAKEN

    def _agreed(self, call: Call, results: Any) -> list[Tensor]:
        """What was made, with what Keras says of it.

        Raises:
            SymcnnError: Keras says otherwise.
        """
        made = self.flat(results)
        specs = [[None] * len(made) if spec is None else self.flat(spec) for spec in call.specs]
        return [self._agreed_on(one, there) for one, there in zip(made, zip(*specs, strict=True), strict=True)]

    def _agreed_on(self, made: Tensor, specs: Sequence[Any]) -> Tensor:
        ours = [*zip(*map(self.at_samples, made.sizes), strict=True)] or [()] * len(specs)
        found = [self._filled(sizes, spec) for sizes, spec in zip(ours, specs, strict=True)]
        return replace(made, specs=tuple(found))

    def _filled(self, sizes: tuple[int, ...], spec: Any) -> Any:
        """What Keras says of a tensor, which is the same; a size that it leaves open is ours."""
        if spec is None:
            return None
        there = tuple(spec.shape[1:])
        if len(there) != len(sizes) or any(b not in (None, a) for a, b in zip(sizes, there, strict=True)):
            raise SymcnnError(f"Keras gives {there}, and it is {sizes} here")
        return self.keras.KerasTensor((spec.shape[0], *sizes), dtype=spec.dtype) if None in there else spec

    def flat(self, given: Any) -> list[Any]:
        """What is in lists, tuples and dictionaries."""
        return list(self.keras.tree.flatten(given))


UNTAKEN: Any = object()
"""In the place of a tensor at a sample that a layer before does not take."""


def _in_order(graph: Any) -> Iterator[Any]:
    """The calls of a graph in the order in which Keras runs them."""
    by_depth = graph._nodes_by_depth
    for depth in sorted(by_depth, reverse=True):
        yield from (node for node in by_depth[depth] if node.operation and not node.is_input)


def _bound(op: Any, args: Any, kwargs: Any) -> dict[str, Any]:
    """Arguments by the names that ``call`` has for them; nothing is trained where nothing is said."""
    signature = inspect.signature(op.call)
    try:
        bound = signature.bind(*args, **kwargs)
    except TypeError:
        return {str(i): one for i, one in enumerate(args)} | dict(kwargs)
    given = {"training": False} if "training" in signature.parameters else {}
    bound.arguments = given | bound.arguments
    bound.apply_defaults()
    return dict(bound.arguments)


def words(name: str) -> str:
    """A class's name as Keras names layers.

    >>> words("BroadcastTo")
    'broadcast_to'
    """
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
