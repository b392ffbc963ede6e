"""Where values go: a profile as steps in the order in which they are done, and the memory that each works on.

Networks within networks are written out in one row; what is repeated is one loop. A view lies in the
memory of what it looks at, so several values may lie in one store. A value is learned where a weight is
behind it: only then does the backward pass come by.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from copy import copy
from typing import TYPE_CHECKING, NamedTuple

from sympy import Expr

from ..errors import SymcnnError
from ..form import factored
from ..shape import Shapes
from ..sizes import Condition, Conditions, at_least, canonical, recheck, surely_at_least
from ..sums import put_in
from .ledger import INPUT, MULTIPLY_ACCUMULATE, Part, Range, Ranges, Row, Sizes, closed, guarded
from .storage import Storage

if TYPE_CHECKING:
    from .profile import Profile

BEHIND_EACH_OTHER, SLICED, STRIDED = range(3)
"""How the elements of a value lie in its store: all in order, each input's in order, or in another order."""


class Store:
    """A piece of memory, as large as the tensor that was made in it."""

    __slots__ = ("sizes",)

    def __init__(self, sizes: Sizes) -> None:
        self.sizes = sizes

    def at(self, over: Range, place: Expr) -> Store:
        """A store as large as this one is at a place of an index."""
        return Store(tuple(canonical(put_in(size, over.index, place)) for size in self.sizes))


class Value(NamedTuple):
    """What goes from layer to layer: where it lies, and whether a weight is behind it."""

    store: Store
    learned: bool = False
    layout: int = BEHIND_EACH_OTHER


Flow = Value | dict[str, Value]
"""A value, or several by name."""


class Step(NamedTuple):
    """A layer at work."""

    path: str
    profile: Profile
    inputs: tuple[Value, ...]
    output: Value


class Loop(NamedTuple):
    """Steps that are repeated over a range, each time on what the time before gave.

    ``taken`` and ``given`` are what the body works on and where its output lies; ``before`` and
    ``after`` are those stores of the first and the last time. ``guards`` are the counts that must not
    be 0 for the loop to be there at all; of those ``outer`` are not its own.
    """

    path: str
    over: Range
    body: Steps
    taken: Store
    given: Store
    before: Store
    after: Store
    guards: frozenset[Expr] = frozenset()
    outer: frozenset[Expr] = frozenset()


Steps = tuple["Step | Loop", ...]


class Program(NamedTuple):
    """The steps of a profile, the stores of its inputs and those of its outputs, and what was taken to hold."""

    steps: Steps
    inputs: tuple[Store, ...]
    outputs: tuple[Store, ...]
    assumed: Conditions


def program(profile: Profile, training: bool = False) -> Program:
    """What a profile does in its order, in inference or in training.

    >>> import symcnn as sc
    >>> from symcnn.profile.flow import program
    >>> net = sc.Sequential(sc.Conv2d(16, 3), sc.ReLU(inplace=True), sc.Flatten()).on((3, 8, 8))
    >>> [step.output.store.sizes for step in program(net).steps]
    [(16, 6, 6), (16, 6, 6), (16, 6, 6)]
    """
    given: Flow
    if isinstance(profile.input, Shapes):
        given = {name: Value(Store(tuple(shape))) for name, shape in profile.input.by_name.items()}
    else:
        given = Value(Store(tuple(profile.input)))
    steps: list[Step | Loop] = []
    writer = _Writer(training)
    output = writer.any("", profile, [given], steps)
    return Program(tuple(steps), tuple(_stores(given)), tuple(_stores(output)), tuple(writer.assumed))


def _stores(flow: Flow) -> Iterator[Store]:
    values = flow.values() if isinstance(flow, dict) else (flow,)
    return (value.store for value in values)


class _Writer:
    """Writes a profile out as steps."""

    def __init__(self, training: bool) -> None:
        self.training = training
        self.over: Ranges = ()
        self.assumed: list[Condition] = []

    def any(self, path: str, profile: Profile, given: list[Flow], steps: list[Step | Loop]) -> Flow:
        """The steps of a layer or a network, and what comes out."""
        if profile.parts:
            return self.network(path, profile, given[0], steps)
        if isinstance(given[0], dict):
            return given[0]  # A network of nothing.
        inputs = tuple(value for value in given if not isinstance(value, dict))
        output = self.output(profile, inputs)
        steps.append(Step(path, profile, inputs, output))
        return output

    def network(self, path: str, profile: Profile, given: Flow, steps: list[Step | Loop]) -> Flow:
        """The steps of the parts, one part after another."""
        known: dict[str, Flow] = {INPUT: given}
        if isinstance(given, dict):
            known |= given
        before = INPUT
        for part in profile.parts:
            if part.profile.idle and not self.training:
                continue
            if part.profile.idle:
                self.head(path, part.profile)
            taken = [known[name] for name in (part.inputs or (before,))]
            below = f"{path}.{part.name}" if path else part.name
            if part.repeats is None:
                known[part.name] = self.any(below, part.profile, taken, steps)
            else:
                known[part.name] = self.repeated(below, part, part.repeats, taken[0], steps)
            before = part.name
        if len(profile.outputs) == 1:
            return known[profile.outputs[0]]
        outputs = {name: known[name] for name in profile.outputs}
        return {name: value for name, value in outputs.items() if not isinstance(value, dict)}

    def head(self, path: str, profile: Profile) -> None:
        """Refuse a head that cannot be run, here or in a repetition of what is around it.

        Raises:
            SymcnnError: what the head says.
        """
        try:
            if profile.refused is not None:
                raise copy(profile.refused)
            for over in self.over:
                for condition in profile.conditions:
                    if over.index in condition.free_symbols:
                        for place in (over.first, over.stop - 1):
                            self.assumed += recheck(condition, {over.index: canonical(place)})
        except SymcnnError as error:
            if path:
                error.under(path)
            raise

    def output(self, profile: Profile, inputs: tuple[Value, ...]) -> Value:
        """Where a layer's output lies."""
        learned = bool(profile.stated("weight")) or any(value.learned for value in inputs)
        first, storage = inputs[0], profile.storage
        copied = storage is Storage.RESHAPED and first.layout == STRIDED
        if storage is Storage.NEW or copied or (self.training and storage is Storage.IN_TRAINING):
            return Value(Store(tuple(profile.output)), learned)
        behind = {Storage.SLICED: SLICED, Storage.STRIDED: STRIDED}.get(storage, BEHIND_EACH_OTHER)
        return Value(first.store, learned, max(first.layout, behind))

    def repeated(self, path: str, part: Part, over: Range, given: Flow, steps: list[Step | Loop]) -> Value:
        """A loop; where the first time alone works on what is not learned, that is a loop of its own."""
        assert isinstance(given, Value)  # What a repeated layer gives is its next input.
        count = over.count
        empty = frozenset() if surely_at_least(count, 1) else frozenset({count})
        if not self.training or given.learned or not _has_weights(part.profile):
            return self.loop(path, part, over, given, steps, empty)
        self.assumed += at_least(count, 1, lambda: "", "the first weights are there")
        first = self.loop(path, part, over._replace(stop=over.first + 1), given, steps, empty, empty)
        if count == 1:
            return first
        rest = over._replace(first=over.first + 1)
        more = empty if surely_at_least(count, 2) else empty | {count - 1}
        return self.loop(path, part, rest, first, steps, more, empty)

    def loop(
        self,
        path: str,
        part: Part,
        over: Range,
        given: Value,
        steps: list[Step | Loop],
        guards: frozenset[Expr],
        outer: frozenset[Expr] = frozenset(),
    ) -> Value:
        """The body once, on a store that stands for what goes in each time."""
        body: list[Step | Loop] = []
        self.over = (*self.over, over)
        taken = Store(tuple(part.profile.input))
        output = self.any(path, part.profile, [given._replace(store=taken)], body)
        assert isinstance(output, Value)
        self.over = self.over[:-1]
        after = given.store if output.store is taken else output.store.at(over, over.stop - 1)
        steps.append(Loop(path, over, tuple(body), taken, output.store, given.store, after, guards, outer))
        return output._replace(store=after)


def _has_weights(profile: Profile) -> bool:
    return bool(profile.stated("weight")) or any(_has_weights(part.profile) for part in profile.parts)


def first_macs(profile: Profile) -> Expr:
    """Multiply-accumulates with the network's input, or with what is made of it without a weight.

    Of a layer that does several products it is the first one that takes the input.

    >>> import symcnn as sc
    >>> from symcnn.profile.flow import first_macs
    >>> net = sc.Sequential(sc.MaxPool2d(2), sc.Conv2d(16, 3), sc.Conv2d(16, 3)).on((3, 16, 16))
    >>> first_macs(net) == net.parts[1].profile.macs
    True
    """
    rows = list(_first_rows(program(profile, training=True).steps))
    return closed(rows) if profile.parts else factored(Counter(row.sizes for row in rows))


def _first_rows(steps: Steps, ranges: Ranges = (), guards: Sizes = ()) -> Iterator[Row]:
    for step in steps:
        if isinstance(step, Loop):
            yield from _first_rows(step.body, (*ranges, step.over), guards + guarded(step.outer))
        elif not any(value.learned for value in step.inputs):
            products = [sizes for kind, sizes in step.profile.stated("operation") if kind == MULTIPLY_ACCUMULATE]
            yield from (Row(step.path, "operation", "first", sizes + guards, ranges) for sizes in products[:1])
