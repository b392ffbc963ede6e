"""The most memory that inference needs at once, weights and buffers aside.

Layers are done in their order, branches one after another. A tensor is there from the layer that makes it to
the last one that takes it or a view of it; what goes in is there from the start, and what comes out stays to
the end. While a layer works, what it takes, what it makes inside and what it gives are there together, and so
is what waits for later layers. Views, and what works in place, take nothing more. What a kernel needs
for itself, beyond the tensors that the layer states, is not counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from sympy import Expr, Mul

from ..errors import ShapeError
from ..form import Collector, Polynomial, add_to, multiplied
from ..profile import Profile, Range, Sizes
from ..profile.flow import Loop, Step, Steps, Store, program
from ..profile.ledger import guarded
from ..sizes import Size, canonical, surely_at_least
from ..sums import put_in
from .largest import Comparison
from .presence import ALWAYS, NEVER, Presence, absent, both, either, less, products, where
from .trend import extremes, steady

MOST_PLACES = 1000
"""How long a range may be to be looked at place by place."""


def peak(profile: Profile) -> Expr:
    """Elements that are there at once at the most, on one input.

    A maximum over a repeated layer's index is looked for at its ends, where what is there is known to
    be the largest; between numbers everywhere.

    Raises:
        ShapeError: a repeated layer of symbolic depth that may need most somewhere in the middle.

    >>> import symcnn as sc
    >>> from symcnn.memory.peak import peak
    >>> H, W = sc.dims("H W")
    >>> net = sc.Sequential(sc.Conv2d(16, 3, padding=1), sc.ReLU(inplace=True), sc.Conv2d(8, 3, padding=1))
    >>> peak(net.on((3, H, W)))
    24*H*W
    """
    written = program(profile)
    bounds = {c.left: int(c.right) for c in profile.conditions if c.operator == ">=" and c.left.is_Symbol}
    return _Search(bounds).maximum(written.steps, written.inputs, written.outputs)


class _There(NamedTuple):
    """Elements that are there at once; those of what a repeated layer takes by themselves."""

    rest: Polynomial
    taken: Polynomial


class _Search:
    """Looks for what is there at once, in every step of a profile."""

    def __init__(self, bounds: Mapping[Expr, int]) -> None:
        self.collector = Collector()
        self.comparison = Comparison(self.collector, bounds)

    def maximum(self, steps: Steps, inputs: Iterable[Store], outputs: Iterable[Store]) -> Expr:
        """The most elements at once."""
        found = self.found(steps, inputs, outputs)
        return self.comparison.maximum(there.rest for there in found)

    def found(
        self, steps: Steps, inputs: Iterable[Store], outputs: Iterable[Store], taken: Store | None = None
    ) -> list[_There]:
        """What is there in each step, without what is surely not the most."""
        level = _Level(self.collector, steps, inputs, outputs, taken)
        self.comparison.sizes.update(size for store in level.made for size in store.sizes if not size.is_Add)
        candidates = [level.there(-1)]  # Where no repeated layer is there, nothing is done.
        for place, step in enumerate(steps):
            if isinstance(step, Loop):
                candidates += self.in_loop(level, place, step)
            else:
                candidates.append(level.there(place, _inside(step)))
        return self.undominated(candidates)

    def undominated(self, candidates: list[_There]) -> list[_There]:
        """What may be the most, among those with equally much of what is taken."""
        groups: dict[frozenset[Any], list[_There]] = {}
        for there in candidates:
            groups.setdefault(frozenset(there.taken.items()), []).append(there)
        return [
            _There(rest, group[0].taken)
            for group in groups.values()
            for rest in self.comparison.largest(there.rest for there in group)
        ]

    # A loop.

    def in_loop(self, level: _Level, place: int, loop: Loop) -> Iterator[_There]:
        """What is there inside, each time; what waits for later layers is there beside it."""
        waiting = level.waiting(place, loop)
        for inner in self.found(loop.body, (loop.taken,), (loop.given,), loop.taken):
            if not inner.taken or not (loop.before in waiting or level.renamed(loop.before, waiting)):
                yield from self.over(level, waiting, _sum(inner), loop.over, loop)
                continue
            # The first time works on what waits, and all others on something of their own.
            first, rest = loop.over._replace(stop=loop.over.first + 1), loop.over._replace(first=loop.over.first + 1)
            yield from self.over(level, waiting | {loop.before}, inner.rest, first, loop)
            if loop.over.count != 1:
                yield from self.over(level, waiting, _sum(inner), rest, loop)

    def over(
        self, level: _Level, waiting: frozenset[Store], inside: Polynomial, over: Range, loop: Loop
    ) -> Iterator[_There]:
        """What is there at the places of a range of which one has the most."""
        guards = loop.guards if surely_at_least(over.count, 1) else loop.guards | {over.count}
        guard = self.collector.polynomial(Mul(*guarded(guards)))
        beside = level.sum(waiting)
        for place in self.places(inside, over, loop):
            expr = put_in(self.collector.expr(inside), over.index, place)
            found = dict(self.collector.polynomial(canonical(expr)))
            add_to(found, beside.rest)
            yield _There(multiplied(guard, found), multiplied(guard, beside.taken))

    def nonnegative(self, expr: Expr) -> bool:
        """Whether something is surely at least 0."""
        return self.comparison.surely_at_most({}, self.collector.polynomial(expr))

    def places(self, inside: Polynomial, over: Range, loop: Loop) -> list[Expr]:
        """The places of which one has the most."""
        found = extremes(inside, self.collector, over) or steady(_sizes_in(loop), over, self.nonnegative)
        if found is not None:
            return list(dict.fromkeys(found))
        if not (over.count.is_Integer and over.first.is_Integer and over.count <= MOST_PLACES):
            raise ShapeError(
                f"layer {loop.path}: what inference needs there may be most anywhere from {over.index} = {over.first} "
                f"to {over.stop - 1}; with numbers for these it is looked for at up to {MOST_PLACES} places"
            )
        return [over.first + place for place in range(int(over.count))]


class _Level:
    """The steps of a network, or of what is repeated, and from when to when each store is needed."""

    def __init__(
        self,
        collector: Collector,
        steps: Steps,
        inputs: Iterable[Store],
        outputs: Iterable[Store],
        taken: Store | None,
    ) -> None:
        self.collector = collector
        self.taken = taken
        self.made = dict.fromkeys(inputs, -1)
        self.last = dict(self.made)
        self.aliases: dict[Store, tuple[Store, Presence]] = {}
        for place, step in enumerate(steps):
            for store in _touched(step):
                self.made.setdefault(store, place)
                self.last[store] = place
            if isinstance(step, Loop) and step.guards and step.after is not step.before:
                self.aliases[step.after] = (step.before, _passed_on(step))
        self.last.update(dict.fromkeys(outputs, len(steps)))

    def there(self, place: int, inside: Iterable[Sizes] = ()) -> _There:
        """What is there in a step, and what is made inside it."""
        found = self.sum(frozenset(s for s, made in self.made.items() if made <= place <= self.last[s]))
        for sizes in inside:
            add_to(found.rest, self.polynomial(sizes))
        return found

    def waiting(self, place: int, loop: Loop) -> frozenset[Store]:
        """What was there before a loop and is needed after it; what it passes on as it is, is inside it."""
        through = loop.before if loop.after is loop.before else None
        return frozenset(s for s, made in self.made.items() if made < place < self.last[s] and s is not through)

    def sum(self, stores: frozenset[Store]) -> _There:
        """The elements of some stores; those that are another's, where a repeat is of depth 0, once."""
        found = _There({}, {})
        for store in stores:
            for sizes in products(self.presence(store, stores), store.sizes):
                add_to(found.taken if store is self.taken else found.rest, self.polynomial(sizes))
        return found

    def presence(self, store: Store, stores: frozenset[Store]) -> Presence:
        """Where a store is none of the others."""
        if store not in self.aliases:
            return ALWAYS
        other, passed_on = self.aliases[store]
        return less(ALWAYS, both(passed_on, self.is_among(other, stores)))

    def is_among(self, store: Store, stores: frozenset[Store]) -> Presence:
        """Where a store is one of some, or another name of one."""
        if store in stores:
            return ALWAYS
        if store not in self.aliases:
            return NEVER
        other, passed_on = self.aliases[store]
        return both(passed_on, self.is_among(other, stores))

    def renamed(self, store: Store, stores: frozenset[Store]) -> bool:
        """Whether one of some stores may be another name of this one."""
        alone = frozenset((store,))
        return any(self.is_among(one, alone) for one in stores)

    def polynomial(self, sizes: Sizes) -> Polynomial:
        """A product of sizes, expanded."""
        product: Polynomial = {(): 1}
        for size in sizes:
            product = multiplied(product, self.collector.polynomial(size))
        return product


def _touched(step: Step | Loop) -> tuple[Store, ...]:
    if isinstance(step, Loop):
        return (step.before, step.after)
    return (*(value.store for value in step.inputs), step.output.store)


def _inside(step: Step) -> list[Sizes]:
    """The tensors that a layer makes, but for the last, which is its output."""
    return [sizes for _, sizes in step.profile.stated("tensor")][:-1]


def _sizes_in(loop: Loop) -> Iterator[Size]:
    """The sizes of all that is there inside a loop."""
    yield from loop.taken.sizes
    for step in loop.body:
        if isinstance(step, Loop):
            yield from _sizes_in(step)
        else:
            yield from step.output.store.sizes
            yield from (size for sizes in _inside(step) for size in sizes)


def _passed_on(loop: Loop) -> Presence:
    """Where what comes out of a loop is what went in."""
    there = where(loop.guards)
    inner = {step.after: step for step in loop.body if isinstance(step, Loop) and step.guards}
    store, through = loop.given, there
    while store in inner:
        through = both(through, _passed_on(inner[store]))
        store = inner[store].before
    return either(absent(there), through) if store is loop.taken else absent(there)


def _sum(there: _There) -> Polynomial:
    """All that is there."""
    total = dict(there.rest)
    add_to(total, there.taken)
    return total
