"""One call of an operator: its arguments by name, and what rules do with them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from ...layer import Layer
from ...networks.join import Meeting
from ...profile import Sizes
from ...sizes import Size
from .builder import Builder
from .leaves import Operation
from .meetings import Gathered
from .values import ONE, Constant, UnfitError, Value, batch_of, broadcast, same_sizes, written

Rule = Callable[["Call"], Any]


class Call:
    """A call of an operator.

    ``given`` are its arguments by the names in the operator's schema: a ``Value``, a ``Constant``, or
    what Python has; ``full`` are the sizes of what it gives.
    """

    def __init__(self, builder: Builder, name: str, given: dict[str, Any], outputs: list[Sizes]) -> None:
        self.builder = builder
        self.name = name
        self.given = given
        self.outputs = outputs

    def __getitem__(self, name: str) -> Any:
        return self.given.get(name)

    @property
    def full(self) -> Sizes:
        """The sizes of its one output."""
        return self.outputs[0]

    @property
    def x(self) -> Value:
        """The first argument, which must depend on the input."""
        first = next(iter(self.given.values()))
        if not isinstance(first, Value):
            raise UnfitError(f"the first argument of {self.name} does not depend on the input")
        return first

    def size(self, given: Any) -> Size:
        """A size of the framework's."""
        return self.builder.source.read(given)

    def sizes(self, name: str, rank: int) -> Sizes:
        """An argument that has one size for each axis, or one for all."""
        given = self.given[name]
        each = list(given) if isinstance(given, list | tuple) else [given]
        return tuple(map(self.size, each * rank if len(each) == 1 else each))

    def equal(self, one: Size, other: Size) -> bool:
        """Whether two sizes are the same, at least at those of the trace."""
        return self.builder.source.equal(one, other)

    def batched(self, rank: int) -> Value:
        """The first argument with its batch not written, so that it is channels and ``rank`` axes."""
        x = self.x
        if x.rank == rank + 1:
            return self.builder.placed(x, None)
        if x.rank != rank + 2 or x.full[0] != 1:
            raise UnfitError("the batch is merged with another axis")
        return self.builder.placed(x, 0)

    def along(self, x: Value, axes: Iterable[int]) -> tuple[Value, tuple[int, ...]]:
        """A value on which these axes are written, and where they stand in its shape."""
        listed = [axis % x.rank for axis in axes]
        if x.unwritten in listed:
            others = [axis for axis, size in enumerate(x.full) if size == 1 and axis not in listed]
            x = self.builder.placed(x, others[0] if others else None)
        return x, tuple(x.place(axis) for axis in listed)

    # What is the same for many operators.

    def layer(self, layer: Layer, x: Value, unwritten: int | None = -1) -> Value:
        """A layer without weights."""
        return self.builder.layer(layer, x, unwritten)

    def operation(self, kind: str, **settings: Any) -> Value:
        """An operation that has no layer of its own, on all that the call takes."""
        values, constants = operands(self.given.values())
        return self.combined(kind, values, constants, (), **settings)

    def each(self, kind: str, **settings: Any) -> Value | list[Value]:
        """An operation of one output, or of several, each of which it is as a whole."""
        values, constants = operands(self.given.values())
        if len(self.outputs) > 1:
            values[0], constants = self.builder.charged(values[0], constants), []
        calls = (Call(self.builder, self.name, self.given, [full]) for full in self.outputs)
        made = [call.combined(kind, values, constants, (), **settings) for call in calls]
        return made if len(made) > 1 else made[0]

    def combined(
        self,
        kind: str,
        values: Sequence[Value],
        constants: Sequence[Constant],
        products: Sequence[Sizes],
        **settings: Any,
    ) -> Value:
        """An operation on values and constants, which does these multiply-accumulates."""
        x = values[0]
        if len(values) > 1:
            x = self.builder.meeting(Gathered(), [x, *values[1:]])
        place = batch_of(self.full, x.unwritten)
        output = written(self.full, place)
        stated: dict[str, Any] = (
            {} if same_sizes(output, x.shape) else {"output_sizes": tuple(output), "taken": tuple(x.shape)}
        )
        layer: Layer = Operation(kind, **stated, **settings)
        if constants or products:
            layer = self.builder.storing(layer, constants, [(kind, sizes) for sizes in products])
        return self.builder.layer(layer, x, place)

    def aligned(self, values: Sequence[Value | Constant], apart: Iterable[int] = ()) -> list[Value]:
        """Values of as many axes, of which the same one is not written, and none of ``apart``."""
        rank = max(len(value.full) for value in values)
        fulls = [(ONE,) * (rank - len(value.full)) + value.full for value in values]
        closed = {axis % rank for axis in apart}
        free = [axis for axis in range(rank) if axis not in closed and all(full[axis] == 1 for full in fulls)]
        place = free[0] if free and rank > 1 else None
        beside = next(value for value in values if isinstance(value, Value))
        made = []
        for value, full in zip(values, fulls, strict=True):
            if isinstance(value, Constant):
                one = Constant(full, value.stored, value.sources, value.products)
                made.append(self.builder.constant(one, beside, place))
            else:
                made.append(self.builder.shaped(value, full, place))
        return made

    def met(self, meeting: Meeting, values: Sequence[Value]) -> Value:
        """Values spread over each other meet."""
        aligned = self.aligned(values)
        full = broadcast([value.full for value in aligned])
        return self.builder.meeting(meeting, [self.builder.spread(value, full) for value in aligned])


def operands(given: Iterable[Any]) -> tuple[list[Value], list[Constant]]:
    """The tensors among arguments, those in lists too."""
    values: list[Value] = []
    constants: list[Constant] = []
    for one in given:
        if isinstance(one, Value):
            values.append(one)
        elif isinstance(one, Constant):
            constants.append(one)
        elif isinstance(one, list | tuple):
            more = operands(one)
            values += more[0]
            constants += more[1]
    return values, constants
