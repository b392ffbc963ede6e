"""One call of a Keras layer or operation: what it takes, and what rules do with that."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sympy import Integer

from ...errors import ShapeError, SymcnnError
from ...layer import Layer
from ...layers import Identity, Permute
from ...networks.join import Meeting
from ...profile import Sizes
from ...sizes import Size, as_size
from ..reading.leaves import Operation
from ..reading.meetings import Gathered
from ..reading.values import Constant, same_sizes
from .tensors import Order, Tensor, leading, plain, turning
from .weights import elements

if TYPE_CHECKING:
    from .tracing import Tracer

Rule = Callable[["Call"], Any]


class UnsizedError(SymcnnError):
    """A size that no formula says, of what nothing is known of."""


class Call:
    """A call of a layer or an operation.

    ``given`` are the arguments by the names that ``call`` has for them; ``specs`` what Keras says comes out at
    each of the samples, a list of tensors, or None where it takes no such sizes.
    """

    def __init__(self, tracer: Tracer, op: Any, given: dict[str, Any], specs: Sequence[Any]) -> None:
        self.tracer = tracer
        self.builder = tracer.builder
        self.op = op
        self.given = given
        self.specs = specs

    @property
    def tensors(self) -> list[Tensor]:
        """All tensors that it takes, in order."""
        given = (one for argument in self.given.values() for one in self.tracer.flat(argument))
        return [one for one in given if isinstance(one, Tensor)]

    @property
    def x(self) -> Tensor:
        """The first tensor that it takes."""
        return self.tensors[0]

    @contextmanager
    def named(self, more: str) -> Iterator[None]:
        """What is made meanwhile has a longer name."""
        label = self.builder.label
        self.builder.label = f"{label}_{more}"
        try:
            yield
        finally:
            self.builder.label = label

    @contextmanager
    def inside(self) -> Iterator[None]:
        """What is made meanwhile stands under the name of the layer."""
        path, label = self.builder.path, self.builder.label
        self.builder.path = (*path, label)
        try:
            yield
        finally:
            self.builder.path, self.builder.label = path, label

    # Axes.

    def ordered(self, x: Tensor, order: Order) -> Tensor:
        """A tensor whose axes stand in this order."""
        if x.order == order:
            return x
        with self.named("permute"):
            value = self.builder.layer(Permute(turning(x.order, order)), x.value)
        return replace(x, value=value, order=order)

    def plain(self, x: Tensor) -> Tensor:
        """A tensor whose axes stand as Keras has them."""
        return self.ordered(x, plain(x.rank))

    def first(self, x: Tensor, axis: int) -> Tensor:
        """A tensor of which this axis, counted with the batch, stands first."""
        found = x.axis(axis)
        return x if x.order[found] == 0 else self.ordered(x, leading(x.rank, found))

    def map(self, x: Tensor) -> Tensor:
        """A tensor with its channels first, by the layer's own data format, and its axes as Keras has them."""
        last = getattr(self.op, "data_format", None) != "channels_first"
        return self.ordered(x, leading(x.rank, x.rank - 1 if last else 0))

    # Nodes.

    def layer(self, layer: Layer, x: Tensor, order: Order | None = None) -> Tensor:
        """A layer without weights."""
        return Tensor(self.builder.layer(layer, x.value), x.order if order is None else order)

    def weighted(
        self, layer: Layer, x: Tensor, variables: Sequence[Any] | None = None, order: Order | None = None
    ) -> Tensor:
        """A layer that has these weights; if nothing is said, all that Keras's layer has.

        Where they are others than the layer's own, or trained otherwise, they are stored in their place.
        """
        given = list(self.op.weights if variables is None else variables)
        constants = [self.constant(one) for one in given]
        profile = layer.measure(x.value.shape)
        trained = sum(elements(one) for one in given if self.tracer.weights.trained(one))
        whole = sum(map(elements, given))
        if (profile.params, profile.buffers) == (trained, whole - trained):
            value = self.builder.weighted(layer, x.value, constants)
        else:
            value = self.builder.layer(self.builder.storing(layer, constants), x.value)
        return Tensor(value, x.order if order is None else order)

    def meeting(self, meeting: Meeting, tensors: Sequence[Tensor], order: Order | None = None) -> Tensor:
        """Several tensors meet."""
        value = self.builder.meeting(meeting, [one.value for one in tensors])
        return Tensor(value, tensors[0].order if order is None else order)

    def combined(
        self,
        kind: str,
        tensors: Sequence[Tensor],
        sizes: Sizes | None = None,
        variables: Sequence[Any] = (),
        products: Sequence[Sizes] = (),
        order: Order | None = None,
        **settings: Any,
    ) -> Tensor:
        """An operation that has no layer of its own, which gives a tensor of these sizes.

        ``products`` are the loops of its multiply-accumulates.
        """
        x = tensors[0]
        if len(tensors) > 1:
            with self.named("inputs"):
                x = self.meeting(Gathered(), tensors)
        stated: dict[str, Any] = {}
        if sizes is not None and not same_sizes(sizes, x.sizes):
            order = plain(len(sizes)) if order is None else order
            turned = [sizes[order.index(place)] for place in range(len(sizes))] or [Integer(1)]
            stated = {"output_sizes": tuple(turned), "taken": tuple(x.value.shape)}
        layer: Layer = Operation(kind, **stated, **settings)
        constants = [self.constant(one) for one in variables]
        if constants or products:
            layer = self.builder.storing(layer, constants, [(kind, one) for one in products])
        return self.layer(layer, x, order if stated else None)

    def charged(self, x: Tensor, variables: Sequence[Any]) -> Tensor:
        """A tensor with weights stored at its side."""
        with self.named("weights"):
            return replace(x, value=self.builder.charged(x.value, [self.constant(one) for one in variables]))

    def shaped(self, x: Tensor, sizes: Sizes, order: Order | None = None) -> Tensor:
        """The same elements, in Keras's order, in other sizes."""
        order = plain(len(sizes)) if order is None else order
        turned = tuple(sizes[order.index(place)] for place in range(len(sizes)))
        value = self.builder.shaped(self.plain(x).value, (Integer(1), *turned), 0)
        return Tensor(value, order)

    def viewed(self, x: Tensor, order: Order) -> Tensor:
        """The same elements under other axes; nothing is done."""
        return self.layer(Identity(), x, order)

    def constant(self, variable: Any) -> Constant:
        """A weight as the network in the making has it."""
        return self.tracer.weights.constant(variable)

    # What is said of sizes.

    def built_for(self, found: Size, built: int, what: str) -> None:
        """Refuse an input of another size than the layer's weights have.

        Raises:
            ShapeError: it has another, or one of which it is open whether it is that.
        """
        if found != built:
            made = self.tracer.made_for
            raise ShapeError(f"its weights are for {built} {what}, and this input has {found}{made}")

    def same(self, one: Size, other: Size) -> None:
        """Refuse sizes that are not the same.

        Raises:
            ShapeError: they are not, or it is open whether they are.
        """
        if one != other:
            raise ShapeError(f"takes equal sizes, got {one} and {other}{self.tracer.made_for}")

    def outputs(self) -> list[Sizes]:
        """The sizes of what Keras says comes out, as far as the sizes that come in tell them.

        A size that is an axis of the input, or so many more or fewer, at all samples, is that.

        Raises:
            UnsizedError: a size that is none of these, and not the same at all samples.
        """
        alive = [i for i, spec in enumerate(self.specs) if spec is not None]
        each = [self.tracer.flat(self.specs[i]) for i in alive]
        known = {size: self.tracer.at_samples(size) for one in self.tensors for size in one.sizes}
        return [
            tuple(self._known([*column], alive, known) for column in zip(*shapes, strict=True))
            for shapes in ([spec.shape[1:] for spec in specs] for specs in zip(*each, strict=True))
        ]

    def _known(self, values: list[int | None], alive: list[int], known: dict[Size, list[int]]) -> Size:
        if len({*values}) == 1 and values[0] is not None:
            return as_size(values[0])
        for size, there in known.items():
            more = {None if value is None else value - there[i] for value, i in zip(values, alive, strict=True)}
            if not size.is_Integer and len(more) == 1 and None not in more:
                return size + more.pop()
        such = "" if values[0] is None else f", such as {values[0]}"
        text = f"no formula is known for the size that Keras gives{such}"
        raise UnsizedError(f"{text}{self.tracer.made_for}")
