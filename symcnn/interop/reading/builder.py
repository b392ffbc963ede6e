"""A network in the making: nodes under the paths of their modules, and the weights that were used already."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ...errors import SymcnnError
from ...layer import Layer
from ...layers import Identity, Reshape
from ...networks import Shared
from ...networks.join import Branch, Meeting
from ...profile import Profile, Sizes
from ...shape import Shape
from .leaves import Constant as ConstantLayer
from .leaves import Operation, Stored
from .source import Source
from .values import Constant, Value, batch_of, same_sizes, written

INPUT = "input"


@dataclass
class Made:
    """A node: what it does with which nodes, in which module, and the weights that it has as its own."""

    name: str
    path: tuple[str, ...]
    label: str
    does: Layer | Meeting
    inputs: tuple[str, ...]
    stores: tuple[str, ...] = ()


class Builder:
    """Takes nodes in order. ``path`` and ``label`` say where the next one stands."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.made: list[Made] = []
        self.path: tuple[str, ...] = ()
        self.label = ""
        self._taken: set[str] = set()

    # Nodes.

    def layer(self, layer: Layer, x: Value, unwritten: int | None = -1, stores: Sequence[str] = ()) -> Value:
        """A layer on a value. The axis that is not written stays the one that it was, if nothing is said."""
        place = x.unwritten if unwritten == -1 else unwritten
        name = self._node(layer, (x.name,), tuple(stores))
        return Value(name, self.checked(layer.measure(x.shape)), place)

    def meeting(self, meeting: Meeting, values: Sequence[Value]) -> Value:
        """Several values meet; the same axis of each is not written."""
        name = self._node(meeting, tuple(value.name for value in values))
        output = self.checked(meeting.of([Branch(value.name, value.shape) for value in values]))
        return Value(name, output, values[0].unwritten)

    def checked(self, profile: Profile) -> Shape:
        """What comes of a node; readers that take nothing for granted look at the rest of its profile."""
        return profile.output

    def _node(self, does: Layer | Meeting, inputs: tuple[str, ...], stores: tuple[str, ...] = ()) -> str:
        name = f"n{len(self.made)}"
        self.made.append(Made(name, self.path, self.label, does, inputs, stores))
        return name

    def mark(self) -> tuple[int, set[str]]:
        """Where it stands, for ``back``."""
        return len(self.made), {*self._taken}

    def back(self, mark: tuple[int, set[str]]) -> None:
        """Forget what was made since a mark."""
        del self.made[mark[0] :]
        self._taken.intersection_update(mark[1])

    def within(self) -> Builder:
        """Another, for what is done inside one node; a weight that either has used is used."""
        inside = Builder(self.source)
        inside._taken = self._taken
        return inside

    # Weights.

    def weighted(
        self, layer: Layer, x: Value, constants: Iterable[Constant | None], unwritten: int | None = -1
    ) -> Value:
        """A layer that has these as its weights and buffers; where they are others than its own, it says so."""
        given = [one for one in constants if one is not None]
        names = tuple(one.stored for one in given if one.stored)
        if len(set(names)) < len(given) or not self._owns(layer, x, names):
            return self.layer(self.storing(layer, given), x)
        if self._taken.isdisjoint(names):
            self._taken.update(names)
            return self.layer(layer, x, stores=names)
        owner = next((one for one in self.made if one.stores == names), None)
        if owner is None or layer not in (owner.does, getattr(owner.does, "layer", None)):
            return self.layer(self.storing(layer, given), x)
        owner.does = Shared(layer, names[0])
        return self.layer(owner.does, x)

    def _owns(self, layer: Layer, x: Value, names: Sequence[str]) -> bool:
        """Whether what is trained here is trained in the layer: a kernel may be a buffer, a mean a parameter."""
        trained = sum(name in self.source.parameters for name in names)
        own = layer.measure(x.shape)
        return (len(own.stated("weight")), len(own.stated("buffer"))) == (trained, len(names) - trained)

    def weighted_by(self, layer: Layer, x: Value, constants: Sequence[Constant]) -> Value:
        """A layer without weights of its own, on a value and constants."""
        stored = self.storing(layer, constants)
        return self.layer(layer if stored == Stored(layer) else stored, x)

    def storing(self, layer: Layer, constants: Iterable[Constant], more: Iterable[tuple[str, Sizes]] = ()) -> Layer:
        """A layer with what constants are made of, as far as that is not stored elsewhere."""
        weights: dict[str, Sizes] = {}
        buffers: dict[str, Sizes] = {}
        products = [*more]
        for constant in constants:
            for name in constant.sources:
                self._take(name, weights, buffers)
            products += [product for product in constant.products if product[0] not in self._taken]
            self._taken.update(name for name, _ in constant.products)
        return Stored(
            layer,
            weights_stored=tuple(weights.items()),
            buffers_stored=tuple(buffers.items()),
            products=tuple(products),
        )

    def _take(self, name: str, weights: dict[str, Sizes], buffers: dict[str, Sizes]) -> None:
        parameters = self.source.parameters
        if name in self._taken or name not in (parameters.keys() | self.source.buffers.keys()):
            return
        self._taken.add(name)
        place = weights if name in parameters else buffers
        short = name.rpartition(".")[2]
        place[short if short not in place else name] = (parameters.get(name) or self.source.buffers.get(name)) or (1,)

    def charged(self, x: Value, constants: Iterable[Constant]) -> Value:
        """A value, with what constants are made of stored at its side."""
        layer = self.storing(Identity(), constants)
        empty = layer == Stored(Identity())
        return x if empty else self.layer(layer, x)

    def constant(self, constant: Constant, beside: Value, unwritten: int | None) -> Value:
        """A constant as a value, in the place of the batch that others have."""
        sizes = tuple(written(constant.full, unwritten))
        layer = self.storing(ConstantLayer(output_sizes=sizes), [constant])
        return self.layer(layer, beside, unwritten)

    def used(self, name: str) -> bool:
        """Whether a weight or a buffer is stored at some node already."""
        return name in self._taken

    def leftover(self) -> Layer | None:
        """What is stored and never used, on one input; None if there is no such thing."""
        owned = self._taken
        parameters = {n: s or (1,) for n, s in self.source.parameters.items() if n not in owned}
        buffers = {n: s or (1,) for n, s in self.source.buffers.items() if n not in owned and _kept(n)}
        if not parameters and not buffers:
            return None
        return Stored(Identity(), weights_stored=tuple(parameters.items()), buffers_stored=tuple(buffers.items()))

    # Axes.

    def shaped(self, x: Value, full: Sizes, unwritten: int | None = -1) -> Value:
        """A value with other axes, of as many elements."""
        place = batch_of(full, x.unwritten) if unwritten == -1 else unwritten
        shape = written(full, place)
        if same_sizes(x.shape, shape):
            return Value(x.name, x.shape, place)
        return self.layer(_reshape(x.shape, shape), x, place)

    def placed(self, x: Value, unwritten: int | None) -> Value:
        """A value of which another axis is not written, or none."""
        if unwritten == x.unwritten:
            return x
        if unwritten is not None and x.full[unwritten] != 1:
            raise SymcnnError(f"axis {unwritten} of {x.full} is no batch of one")
        return self.shaped(x, x.full, unwritten)

    def spread(self, x: Value, full: Sizes) -> Value:
        """A value repeated along its axes of size 1."""
        if same_sizes(x.full, full):
            return x
        output = tuple(written(full, x.unwritten))
        return self.layer(Operation("expand", output_sizes=output, taken=tuple(x.shape), view=True), x)


def _kept(name: str) -> bool:
    return not name.endswith("num_batches_tracked")


def _reshape(x: Shape, shape: Shape) -> Layer:
    """The layer that gives a shape; one size is left to it where that has the same form."""
    if len(shape) == 1 and shape[0] == x.elements:
        from ...layers import Flatten

        return Flatten()
    symbolic = [i for i, size in enumerate(shape) if not size.is_Integer]
    if len(symbolic) == 1:
        return Reshape(*(-1 if i in symbolic else size for i, size in enumerate(shape)))
    for place in symbolic:
        sizes = (*shape[:place], -1, *shape[place + 1 :])
        if Reshape(*sizes).apply(x).output[place] == shape[place]:
            return Reshape(*sizes)
    return Reshape(*shape)
