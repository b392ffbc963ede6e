"""The independent count of networks: their layers one after another, a depth unrolled by a loop.

Importing it adds the networks to ``reference.COUNTERS``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from reference import (
    COUNTERS,
    Count,
    Reach,
    Shape,
    adaptive_pool,
    all_of,
    conv,
    depthwise,
    every,
    how_many,
    measured,
    no,
    point,
)
from sympy import Integer


@dataclass
class Tally:
    """A running count: weights that are shared stand under their name, so that they count once."""

    operations: dict[str, int] = field(default_factory=dict)
    params: int = 0
    buffers: int = 0
    seen: dict[Any, tuple[int, int]] = field(default_factory=dict)

    def take(self, count: Count) -> None:
        """Add what one layer does."""
        self.params += count.params
        self.buffers += count.buffers
        self.seen |= getattr(count, "seen", {})
        for kind, times in count.operations.items():
            self.operations[kind] = self.operations.get(kind, 0) + times

    def count(self, output: Shape, reach: tuple[Any, ...], whole: tuple[bool, ...]) -> Count:
        """The count of a network; ``seen`` goes along, for the network around it."""
        count = Count(output, self.params, self.buffers, self.operations, reach, whole)
        count.seen = self.seen  # type: ignore[attr-defined]
        return count


def outermost(layer: Any, shape: Shape) -> Count:
    """A network's count with the weights that are shared, once each."""
    count = measured(layer, shape)
    for params, buffers in getattr(count, "seen", {}).values():
        count.params += params
        count.buffers += buffers
    return count


def in_a_row(layers: Iterable[Any], shape: Shape) -> Count:
    """Each on the output of the one before; a position reaches back through all of them."""
    tally, everything = Tally(), all_of(shape)
    chains: list[list[Reach | None]] = [[] for _ in shape[1:]]
    whole = [False] * len(chains)
    stands, by_channel = list(range(len(shape))), True
    for layer in layers:
        count = measured(layer, shape)
        tally.take(count)
        shape = count.output
        reaches = [point if count.by_channel else None, *count.reach]
        wholes = [not count.by_channel, *count.whole]
        for axis, place in enumerate(stands):
            if place < len(reaches):
                if axis == 0:
                    by_channel = by_channel and reaches[place] is point and not wholes[place]
                else:
                    chains[axis - 1].append(reaches[place])
                    whole[axis - 1] = whole[axis - 1] or wholes[place]
                stands[axis] = count.places[place] if count.places else place
    # Behind a layer that sees everything it does not matter what the others see.
    reach = tuple(all_ if w else through(chain) for chain, w, all_ in zip(chains, whole, everything, strict=True))
    count = tally.count(shape, reach, tuple(whole))
    count.by_channel, count.places = by_channel, tuple(stands)
    return count


def through(chain: list[Reach | None]) -> Reach | None:
    """Back through several layers: the places that make the places that make the output."""
    if None in chain:
        return None

    def reach(out: int) -> set[int]:
        places = {out}
        for one in reversed(chain):
            places = {before for place in places for before in one(place)}  # type: ignore[misc]
        return places

    return reach


def together(reaches: Iterable[Reach | None]) -> Reach | None:
    """What any of several branches reaches."""
    listed = list(reaches)
    if None in listed:
        return None
    return lambda out: {place for reach in listed for place in reach(out)}  # type: ignore[misc]


def met(shape: Shape, counts: list[Count], join: str, axis: int = 0) -> Count:
    """Branches and what becomes of them."""
    tally = Tally()
    for count in counts:
        tally.take(count)
    if join == "resize":
        return resized(*counts, tally)
    shapes = [count.output for count in counts]
    if join == "concat":
        along = axis % len(shapes[0])
        output = tuple(sum(s[i] for s in shapes) if i == along else shapes[0][i] for i in range(len(shapes[0])))
    else:
        output = tuple(max(sizes) for sizes in zip(*shapes, strict=True))
        for _ in shapes[1:]:
            tally.operations[join] = tally.operations.get(join, 0) + how_many(every(*output))
    reach = tuple(together(reaches) for reaches in zip(*(count.reach for count in counts), strict=True))
    whole = tuple(any(flags) for flags in zip(*(count.whole for count in counts), strict=True))
    return tally.count(output, reach, whole)


def resized(first: Count, second: Count, tally: Tally) -> Count:
    """The first at as many places as the second has; these see what it sees, where they are the same places."""
    output = (first.output[0], *second.output[1:])
    tally.operations["interpolate"] = tally.operations.get("interpolate", 0) + how_many(every(*output))
    sizes = zip(first.output[1:], second.output[1:], strict=True)
    stays = [before == after for before, after in sizes]
    known = [a or b for a, b in zip(stays, first.whole, strict=True)]
    reach = tuple(one if seen else None for one, seen in zip(first.reach, known, strict=True))
    return tally.count(output, reach, first.whole)


def sequential(layer: Any, shape: Shape) -> Count:
    return in_a_row(layer, shape)


def parallel(layer: Any, shape: Shape) -> Count:
    return met(shape, [measured(branch, shape) for _, branch in layer.branches], layer.join, layer.axis)


def residual(layer: Any, shape: Shape) -> Count:
    straight = Count(shape, reach=(point,) * len(shape[1:]), whole=no(shape[1:]))
    shortcut = straight if layer.shortcut is None else measured(layer.shortcut, shape)
    return met(shape, [measured(layer.body, shape), shortcut], "add")


def repeat(layer: Any, shape: Shape) -> Count:
    """The body as often as it says, the index put in each time."""
    times = int(layer.n)
    index = {} if layer.index is None else {layer.index: None}
    bodies = [layer.body.substituted({i: Integer(place) for i in index}) for place in range(times)]
    return in_a_row(bodies, shape)


def shared(layer: Any, shape: Shape) -> Count:
    """Its weights are set apart, under what they are."""
    count = measured(layer.layer, shape)
    tally = Tally(operations=count.operations, seen={(layer.layer, layer.name): (count.params, count.buffers)})
    return tally.count(count.output, count.reach, count.whole)


def graph(layer: Any, shape: Shape) -> Count:
    """Nodes as soon as all that they take is there."""
    straight = Count(shape, reach=(point,) * len(shape[1:]), whole=no(shape[1:]))
    made: dict[str, Count] = {layer.inputs[0]: straight}
    tally = Tally()
    waiting = dict(layer.nodes)
    while waiting:
        name = next(name for name, node in waiting.items() if all(taken in made for taken in node.inputs))
        node = waiting.pop(name)
        made[name] = node_count(node, [made[taken] for taken in node.inputs], tally)
    out = made[layer.outputs[0]]
    return tally.count(out.output, out.reach, out.whole)


def node_count(node: Any, taken: list[Count], tally: Tally) -> Count:
    """What comes out of a node, and what it reaches of the graph's input."""
    if hasattr(node.does, "how"):
        bare = [Count(count.output, reach=count.reach, whole=count.whole) for count in taken]
        count = met(taken[0].output, bare, node.does.how, node.does.axis)
        tally.take(count)
        return count
    count = measured(node.does, taken[0].output)
    tally.take(count)
    reach = tuple(through([a, b]) for a, b in zip(taken[0].reach, count.reach, strict=False))
    whole = tuple(a or b for a, b in zip(taken[0].whole, count.whole, strict=False))
    return Count(count.output, reach=reach, whole=whole)


def separable(layer: Any, shape: Shape) -> Count:
    """Each channel with its own filters, then all channels at each place."""
    rank = len(shape) - 1
    taken = {name: getattr(layer, name) for name in ("kernel_size", "stride", "padding", "dilation", "multiplier")}
    beside = depthwise(SimpleNamespace(**taken, bias=False), shape)
    every_place = conv(pointwise(layer.out_channels, rank, layer.bias), beside.output)
    tally = Tally()
    tally.take(beside)
    tally.take(every_place)
    return tally.count(every_place.output, beside.reach, beside.whole)


def pointwise(filters: Any, rank: int, bias: bool) -> SimpleNamespace:
    """The settings of a 1×1 convolution."""
    ones, none = (1,) * rank, ((0, 0),) * rank
    settings = {"kernel_size": ones, "stride": ones, "dilation": ones, "padding": none, "groups": 1}
    return SimpleNamespace(out_channels=filters, bias=bias, **settings)


def excitation(layer: Any, shape: Shape) -> Count:
    """Mean, two 1×1 convolutions and their activations, and a product for each element."""
    mean = adaptive_pool(SimpleNamespace(output_size=(1, 1)), shape)
    squeezed = conv(pointwise(layer.squeeze_channels, 2, True), mean.output)
    gate = conv(pointwise(shape[0], 2, True), squeezed.output)
    tally = Tally()
    for count in (mean, squeezed, measured(layer.activation, squeezed.output), gate):
        tally.take(count)
    tally.take(measured(layer.scale_activation, gate.output))
    tally.operations["multiply"] = how_many(every(*shape))
    reach = tuple(point if size == 1 else all_places for size, all_places in zip(shape[1:], all_of(shape), strict=True))
    return tally.count(shape, reach, mean.whole)


def auxiliary(layer: Any, shape: Shape) -> Count:
    """The head is there, and nothing is done; on a map that is too small for it, its weights are those of a larger."""
    larger = (shape[0], *(size + 10 for size in shape[1:]))
    head = outermost(layer.head, larger)
    return Count(shape, head.params, head.buffers, reach=(point,) * len(shape[1:]), whole=no(shape[1:]))


NETWORKS: Mapping[str, Callable[[Any, Shape], Count]] = {
    "Sequential": sequential,
    "Parallel": parallel,
    "Residual": residual,
    "Repeat": repeat,
    "Shared": shared,
    "Graph": graph,
    "Auxiliary": auxiliary,
    "SeparableConv": separable,
    "SqueezeExcitation": excitation,
}
COUNTERS.update(NETWORKS)
