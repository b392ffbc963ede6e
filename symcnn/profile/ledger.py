"""The ledger behind a profile: its parts, how they feed each other, and the rows that totals add up.

A network's profile is a small dataflow graph. Each part says which parts it takes its input from,
and whether it is repeated over a range. Its leaves yield rows: a path, what is counted there, the
sizes whose product counts it, and the ranges that this is summed over.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from sympy import Add, Expr, Integer, Max, Min, Mul, Symbol

from ..form import collected, factored
from ..sizes import Size, surely_at_least
from ..sums import summed

if TYPE_CHECKING:
    from .profile import Profile

Sizes = tuple[Size, ...]

MULTIPLY_ACCUMULATE = "multiply_accumulate"
"""The kind of operation that convolutions, linear layers and matrix products are made of."""

INPUT = ""
"""The name of a network's own input among the inputs of its parts."""


class Range(NamedTuple):
    """Where a repeated part's index runs: ``first <= index < stop``."""

    index: Symbol
    first: Expr
    stop: Expr

    @property
    def count(self) -> Expr:
        """How often the part stands there."""
        return self.stop - self.first

    def __str__(self) -> str:
        return f"{self.index} = {self.first}, ..., {self.stop - 1}"


Ranges = tuple[Range, ...]


class Part(NamedTuple):
    """A layer's profile under its name in the network around it.

    ``inputs`` are the parts it takes, ``INPUT`` being the network's own input; the part before it
    where nothing is said. A repeated part stands for a row of them, each on the one before.
    """

    name: str
    profile: Profile
    inputs: tuple[str, ...] | None = None
    repeats: Range | None = None


class Row(NamedTuple):
    """A line of the ledger: where it stands, what it is, and the sizes whose product it counts."""

    path: str
    role: str
    kind: str
    sizes: Sizes
    ranges: Ranges = ()


class Leaf(NamedTuple):
    """A layer that has none inside: its path, its profile, and the ranges that it is repeated over.

    ``stored`` are the ranges that its weights are repeated over, which are fewer where the layer is
    shared; None where they are counted at another place. An ``idle`` layer has weights, and works in
    training alone. ``guards`` are factors that are 0 where a shared layer is not there at all.
    """

    path: str
    profile: Profile
    ranges: Ranges = ()
    stored: Ranges | None = ()
    idle: bool = False
    guards: Sizes = ()

    @property
    def label(self) -> str:
        """The layer as Python code, and how often it stands there."""
        counts = (f"({over.count})" if over.count.is_Add else f"{over.count}" for over in self.ranges)
        return " × ".join([repr(self.profile.source), *counts])

    @property
    def params(self) -> Expr:
        """Its trainable weights, over all its repetitions."""
        return self.total("weight")

    @property
    def macs(self) -> Expr:
        """Its multiply-accumulates, over all its repetitions."""
        return self.total("operation", MULTIPLY_ACCUMULATE)

    def quantity(self, name: str) -> Expr:
        """One of the quantities that are added up, over all its repetitions."""
        if name == "flops":
            return 2 * self.macs
        return self.macs if name == "macs" else self.total(ADDED_UP[name])

    def ranges_of(self, role: str) -> Ranges | None:
        """What its rows of a role are repeated over; None where they are counted at another place or not at all."""
        if role in STORED:
            return self.stored
        return None if self.idle else self.ranges

    def rows(self, role: str) -> Iterator[Row]:
        """Its rows of one role."""
        ranges = self.ranges_of(role)
        if ranges is not None:
            for kind, sizes in self.profile.stated(role):
                yield Row(self.path, role, kind, (*self.guards, *sizes) if role in STORED else sizes, ranges)

    def total(self, role: str, kind: str | None = None) -> Expr:
        """What it counts over all its repetitions."""
        rows = [row for row in self.rows(role) if kind in (None, row.kind)]
        if not rows or not rows[0].ranges:
            return factored(Counter(row.sizes for row in rows))
        total = factored(Counter(row.sizes for row in rows))
        constant = {r.index for r in rows[0].ranges}.isdisjoint(total.free_symbols)
        return _times_over(total, rows[0].ranges) if constant else closed(rows)


class Use(NamedTuple):
    """Where a shared layer is used: its path, its profile there, and what it is repeated over."""

    path: str
    profile: Profile
    ranges: Ranges


ADDED_UP = {
    "params": "weight",
    "buffers": "buffer",
    "macs": "operation",
    "flops": "operation",
    "activations": "activation",
    "tensor_elements": "tensor",
}
"""The quantities that are added up over layers, and the role of the rows that each adds up."""

STORED = ("weight", "buffer")
"""The roles of what is stored once, however often a shared layer is used."""


def leaves(profile: Profile) -> Iterator[Leaf]:
    """The layers that have none inside, in order."""
    return _walked(profile, Leaf("", profile), set())


def _walked(root: Profile, at: Leaf, seen: set[object]) -> Iterator[Leaf]:
    profile, stored, guards = at.profile, at.stored, at.guards
    if profile.shared is not None and stored is not None:
        stored = None if profile.shared in seen else ()
        seen.add(profile.shared)
        guards = _guards(root, profile.shared) if at.ranges and stored is not None else ()
    at = at._replace(stored=stored, guards=guards, idle=at.idle or profile.idle)
    if not profile.parts:
        yield at
    for part in profile.parts:
        more = () if part.repeats is None else (part.repeats,)
        path = f"{at.path}.{part.name}" if at.path else part.name
        stored = None if at.stored is None else at.stored + more
        below = at._replace(path=path, profile=part.profile, ranges=at.ranges + more, stored=stored)
        yield from _walked(root, below, seen)


def _guards(root: Profile, shared: object) -> Sizes:
    """A factor that is 1, but 0 where every use of shared weights is repeated 0 times."""
    uses = _repeated(root, shared)
    ways = {guarded(over.count for over in ranges if not surely_at_least(over.count, 1)) for ranges in uses}
    if () in ways:
        return ()
    products = [Mul(*way) for way in ways]
    return (products[0] if len(products) == 1 else Max(*products),)


def _repeated(profile: Profile, shared: object, ranges: Ranges = ()) -> Iterator[Ranges]:
    """What every use of some shared weights is repeated over, also inside of what is shared itself."""
    if profile.shared == shared:
        yield ranges
    for part in profile.parts:
        yield from _repeated(part.profile, shared, ranges if part.repeats is None else (*ranges, part.repeats))


def guarded(counts: Iterable[Expr]) -> Sizes:
    """Factors that are 1, but 0 where one of the counts is 0."""
    return tuple(Min(Integer(1), count) for count in sorted(counts, key=str))


def shared_uses(profile: Profile, path: str = "", ranges: Ranges = ()) -> Iterator[Use]:
    """Every place where a shared layer is used."""
    if profile.shared is not None:
        yield Use(path or "the network", profile, ranges)
        return
    for part in profile.parts:
        more = () if part.repeats is None else (part.repeats,)
        yield from shared_uses(part.profile, f"{path}.{part.name}" if path else part.name, ranges + more)


def closed(rows: Iterable[Row]) -> Expr:
    """The sum over rows, each summed over its ranges: expanded, like terms collected."""
    by_ranges: dict[Ranges, Counter[Sizes]] = {}
    for row in rows:
        by_ranges.setdefault(row.ranges, Counter())[row.sizes] += 1
    plain = by_ranges.pop((), Counter())
    for ranges, products in by_ranges.items():
        # Not multiplied out: a sum that does not close reads better in the factors that it has.
        total: Expr = Add(*(times * Mul(*sizes) for sizes, times in products.items()))
        for over in reversed(ranges):
            total = summed(total, over.index, over.first, over.stop)
        plain[(total,)] += 1
    return collected(plain)


def _times_over(total: Expr, ranges: Ranges) -> Expr:
    """A total that no index is in, as often as it is counted."""
    for over in reversed(ranges):
        if over.count.is_Symbol or over.count.is_Integer:
            total = over.count * total
        else:
            total = summed(total, over.index, over.first, over.stop)
    return Mul(total)
