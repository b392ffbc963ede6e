"""What the forward pass leaves in memory for the backward pass.

Every layer keeps what its profile states. A tensor that several layers keep, such as the output of a ReLU
that is the next convolution's input, is one tensor: it is the memory that is marked as kept, and each is
counted once. What a repeated layer takes is what it gave the time before.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from sympy import Expr

from ..form import factored
from ..profile import Profile, Row
from ..profile.flow import BEHIND_EACH_OTHER, Loop, Step, Steps, Store, program
from ..profile.ledger import closed
from .presence import ALWAYS, NEVER, Presence, absent, both, either, less, products, where


class Kept(NamedTuple):
    """Elements that are kept, by what they are: all but ``batch_statistics`` for each input of a batch."""

    activations: Expr
    indices: Expr
    masks: Expr
    statistics: Expr
    batch_statistics: Expr


def kept(profile: Profile) -> Kept:
    """What the backward pass needs of the forward pass, weights and buffers aside.

    >>> import symcnn as sc
    >>> from symcnn.memory.stored import kept
    >>> net = sc.Sequential(sc.Conv2d(16, 3), sc.ReLU(), sc.MaxPool2d(2)).on((3, 8, 8))
    >>> kept(net)  # the input, the ReLU's output and where the largest are
    Kept(activations=768, indices=144, masks=0, statistics=0, batch_statistics=0)
    """
    written = program(profile, training=True)
    level = _Level()
    level.run(written.steps)
    rows = [*level.rows, *level.stores()]
    kinds = ("tensor", "index", "mask", "statistic", "batch_statistic")
    return Kept(*(_total(profile, [row for row in rows if row.kind == kind]) for kind in kinds))


def _total(profile: Profile, rows: list[Row]) -> Expr:
    """One layer's in textbook form, a network's collected."""
    return closed(rows) if profile.parts else factored(Counter(row.sizes for row in rows))


class _Alias(NamedTuple):
    """A store that is another one where a repeat is of depth 0: whose part it is, and where it is itself."""

    others: tuple[tuple[Store, Presence], ...]
    own: Presence


class _Level:
    """The steps of a network, or of what is repeated, as they are done one after another."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.marks: dict[Store, Presence] = {}
        self.counted: dict[Store, Presence] = {}
        self.aliases: dict[Store, _Alias] = {}

    def run(self, steps: Steps) -> None:
        """Note what each step keeps."""
        for step in steps:
            if isinstance(step, Loop):
                self.loop(step)
            elif step.output.learned:
                self.step(step)

    def mark(self, store: Store, presence: Presence) -> None:
        """A store is kept; where it is another one, that one is."""
        alias = self.aliases.get(store)
        if alias is not None:
            for other, share in alias.others:
                self.mark(other, both(share, presence))
            presence = both(alias.own, presence)
        if presence:
            self.marks[store] = either(self.marks.get(store, NEVER), presence)

    # One layer.

    def step(self, step: Step) -> None:
        """The tensors that a layer keeps."""
        operands = iter(range(len(step.inputs)))
        for kind, sizes in step.profile.stated("kept"):
            if kind == "input":
                self.operand(step, next(operands))
            elif kind == "output":
                self.mark(step.output.store, ALWAYS)
            elif kind == "contiguous" and step.inputs[0].layout == BEHIND_EACH_OTHER:
                self.mark(step.inputs[0].store, ALWAYS)
            else:
                self.rows.append(Row(step.path, "kept", "tensor" if kind == "contiguous" else kind, sizes))

    def operand(self, step: Step, place: int) -> None:
        """An input; of several, each is kept for the gradient of the others, where they have one."""
        others = step.inputs[:place] + step.inputs[place + 1 :]
        if not others or any(value.learned for value in others):
            self.mark(step.inputs[place].store, ALWAYS)

    # A loop.

    def loop(self, loop: Loop) -> None:
        """What is kept inside, each time; what goes in each time is what came out the time before."""
        body = _Level()
        body.run(loop.body)
        there = where(loop.guards)
        self.mark(loop.before, both(there, body.marks.get(loop.taken, NEVER)))
        if loop.given is not loop.taken:
            self.boundary(loop, body, there)
        body.marks.pop(loop.taken, None)
        outer = where(loop.outer)
        for row in [*body.rows, *body.stores()]:
            for sizes in products(outer, row.sizes):
                self.rows.append(row._replace(sizes=sizes, ranges=(loop.over, *row.ranges)))

    def boundary(self, loop: Loop, body: _Level, there: Presence) -> None:
        """Outputs are kept where they or the next inputs are; the last has no next, and others may keep it."""
        chain = body.chain(loop.given, loop.taken)
        last = {
            store: loop.after if store is loop.given else store.at(loop.over, loop.over.stop - 1) for store in chain
        }
        last[loop.taken] = loop.before
        for store in chain:
            self.marks[last[store]] = both(there, body.marks.get(store, NEVER))
        body.mark(loop.given, body.marks.get(loop.taken, NEVER))
        for store in chain:
            self.counted[last[store]] = both(there, body.marks.get(store, NEVER))
            alias = body.aliases.get(store, _Alias((), ALWAYS))
            self.aliases[last[store]] = _Alias(tuple((last[other], share) for other, share in alias.others), alias.own)
        if loop.guards:
            self.absent(loop, there)

    def absent(self, loop: Loop, there: Presence) -> None:
        """Where a loop is of depth 0, what comes out of it is what went in."""
        alias = self.aliases[loop.after]
        others = tuple((other, both(there, share)) for other, share in alias.others)
        self.aliases[loop.after] = _Alias(((loop.before, absent(there)), *others), both(there, alias.own))

    def chain(self, store: Store, end: Store) -> list[Store]:
        """A store, and those that it may be another name of."""
        found = [store]
        for one in found:
            others = self.aliases[one].others if one in self.aliases else ()
            found += [other for other, _ in others if other is not end and other not in found]
        return found

    def stores(self) -> Iterator[Row]:
        """The stores that are kept, but for what is counted among the rows."""
        for store in dict.fromkeys((*self.marks, *self.counted)):
            left = less(self.marks.get(store, NEVER), self.counted.get(store, NEVER))
            for sizes in products(left, store.sizes):
                yield Row("", "kept", "tensor", sizes)
