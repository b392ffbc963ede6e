"""A layer many times in a row, its depth a number or a symbol.

What goes into each repetition is solved for as a function of its index. The body is then measured once,
on that, and totals are sums over the index, closed where they can be. So a depth of a million
costs what a depth of ten costs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from sympy import Dummy, Expr, Integer, S, Symbol

from ..errors import ConditionError, ShapeError, SizeError, SymcnnError
from ..layer import Layer
from ..profile import Part, Profile, Range
from ..recurrence import solved
from ..settings import LEFT_OUT, code, size
from ..shape import Shape
from ..sizes import Condition, Conditions, Size, at_least, canonical, recheck, textbook_symbol, unknown_size
from ..window import POINT
from .network import Children, Network, measured, require_layer

UNROLLED = 1000
"""The largest depth that is built layer by layer where the sizes follow no law that can be solved."""

INDICES = "ijlmnpqr"
"""What an index is called where the user gives none: the first of these that nothing else is called."""


@dataclass(frozen=True, eq=False, repr=False)
class Repeat(Network):
    """A layer ``n`` times in a row, each on the output of the one before; ``n`` may be a symbol.

    Args:
        body: a layer.
        n: how many times: a number from 0, or an expression. A symbol is at least 1.
        index: a symbol that the body's sizes may depend on, 0 the first time:
            ``sympy.Symbol("i", integer=True, nonnegative=True)``.

    The body's output is its next input. Sizes may stay, grow by a constant or with the index, be
    multiplied or divided, or be set by the body, in which case its first time is counted by itself.
    Totals are closed where they are polynomial or geometric in the index, and an exact ``Sum`` where not.

    Raises:
        SizeError: a depth or an index that is none, or an index that is a size as well.
        ShapeError: an output that cannot be the next input, or, where the depth is a symbol, sizes
            that follow no law that can be solved.

    >>> import symcnn as sc
    >>> w, n, H, W = sc.dims("w n H W")
    >>> net = sc.Repeat(sc.Conv2d(w, 3, padding=1), n)
    >>> net.on((w, H, W)).params, net.on((3, H, W)).params
    (n*(9*w**2 + w), 9*n*w**2 + n*w - 9*w**2 + 27*w)
    """

    body: Layer
    n: Any = size("n", positional=True, minimum=0)
    index: Symbol | None = None

    def check(self) -> None:
        """The body is a layer, and the index a symbol that may be 0."""
        require_layer("body", self.body)
        if self.index is None:
            return
        if not isinstance(self.index, Symbol) or self.index != textbook_symbol(self.index.name, 0):
            name = self.index.name if isinstance(self.index, Symbol) else "i"
            wanted = f'sympy.Symbol("{name}", integer=True, nonnegative=True)'
            raise SizeError(f"index must be a symbol that may be 0, {wanted}, got {self.index!r}")
        if isinstance(self.n, Expr) and self.index in self.n.free_symbols:
            raise SizeError(f"index {self.index} is also a size: n is {self.n}")

    @property
    def children(self) -> Children:
        """The body, under the name that its weights have: its index in braces."""
        return ((f"{{{self.index or index_name(self)}}}", self.body),)

    def with_children(self, layers: Iterable[Layer], **changes: Any) -> Self:
        """The same depth of another body."""
        own: dict[str, Any] = {"n": self.n, "index": self.index, "input": self.input, "defaults": self.defaults}
        return type(self)(*layers, **(own | changes))

    def words(self) -> list[str]:
        """The body, the depth and the index."""
        return [repr(self.body), code(self.n), *([f"index={self.index}"] if self.index is not None else [])]

    # The index is bound: it is no symbol of the network, and nothing is put in for it.

    def size_symbols(self) -> set[Symbol]:
        """The symbols in the depth and in the body, but for the index."""
        return super().size_symbols() - {self.index}

    def substituted(self, values: Mapping[Symbol, Expr]) -> Self:
        """The network with values put in for symbols; not for the index."""
        if self.index is not None:
            values = {symbol: value for symbol, value in values.items() if symbol != self.index}
            if any(self.index in value.free_symbols for value in values.values()):
                raise SizeError(f"index {self.index} is also a size: it is in the values that are put in")
        return super().substituted(values)

    def paired_sizes(self, symbolic: Layer) -> Iterator[tuple[Size, Size]]:
        """The sizes in a more general form of this network, but for those that depend on the index."""
        for general, value in super().paired_sizes(symbolic):
            if self.index is None or self.index not in general.free_symbols:
                yield general, value

    def in_symbols(self, chosen: Callable[[Layer, str], bool], suffix: str = "") -> Self:
        """Textbook symbols for all but what depends on the index; one set for all repetitions."""

        def free(layer: Layer, name: str) -> bool:
            return chosen(layer, name) and all(self.index not in size.free_symbols for size in layer.sizes_of(name))

        # A depth that is given stays: with it a general form can be built whose sizes follow no law.
        own = super(Network, self).in_symbols(lambda layer, name: self.n is LEFT_OUT, suffix)
        body = self.body.in_symbols(free, suffix)
        return own if body is self.body else own.with_children([body])

    # From a shape to a profile.

    def apply(self, x: Shape) -> Profile:
        """The first time by itself where it differs from the others, then all others at once."""
        if self.index is not None and self.index in x.free_symbols:
            raise SizeError(f"index {self.index} is also a size: the input is {x}")
        if self.n is S.Zero:
            return Profile(x, x, tensors={}, windows=(POINT,) * len(x))
        index = self.index or textbook_symbol(index_name(self, x.free_symbols), 0)
        once = self._once(0, x)
        if self.n is S.One:
            return Profile(x, once.output, parts=(Part("0", once),), tensors={})
        law = self._law(x, once.output, index)
        if law is None:
            return self._unrolled(x, once)
        first, shape = law
        if first:  # Where it is at least 1, SymPy can tell that 2**(i - 1) is a whole number.
            index, shape = _from_one(index), shape.substituted({index: _from_one(index)})
        return self._closed(x, once if first else None, Range(index, Integer(first), self.n), shape)

    def _at(self, place: Expr | int) -> Layer:
        if self.index is None or place == self.index:
            return self.body
        return self.body.substituted({self.index: Integer(place) if isinstance(place, int) else place})

    def _once(self, place: int, x: Shape) -> Profile:
        return measured(str(place), self._at(place), x)

    def _law(self, x: Shape, then: Shape, index: Symbol) -> tuple[int, Shape] | None:
        """The shape that each repetition takes, and from which repetition on it is that; None if unknown."""
        self._next(x, then)
        if self.index is None and then == x:
            return 0, x
        found = self._solved(x, index, Integer(0))
        if found is not None:
            return 0, found
        found = self._solved(then, index, Integer(1))
        return None if found is None else (1, found)

    def _next(self, x: Shape, then: Shape) -> None:
        """Refuse a body that cannot take what it gives."""
        if self.index is None and then == x:
            return
        try:
            self._at(1).measure(then)
        except SymcnnError as error:
            text = f"the body's output {then} cannot be its next input: {error}"
            raise (type(error) if isinstance(error, ConditionError) else ShapeError)(text) from None

    def _solved(self, start: Shape, index: Symbol, first: Expr) -> Shape | None:
        """The law of every size from a repetition on, that one taking ``start``."""
        unknown = tuple(unknown_size(f"size_{axis}") for axis in range(len(start)))
        steps = self._steps(start, unknown, index)
        if steps is None:
            return None
        after = Dummy("after", integer=True, nonnegative=True)
        sizes: list[Size | None] = [None] * len(start)
        # A size whose step takes others waits until those are known.
        for _ in start:
            known = {s: size for s, size in zip(unknown, sizes, strict=True) if size is not None}
            for axis, (s, step) in enumerate(zip(unknown, steps, strict=True)):
                step = step.xreplace({index: after + first}).xreplace(known)
                if sizes[axis] is None and step.free_symbols.isdisjoint(set(unknown) - {s}):
                    law = solved(step, s, after, start[axis])
                    if law is None or law.peeled:
                        return None
                    sizes[axis] = canonical(law.size)
        if None in sizes:
            return None
        return Shape.of(tuple(canonical(size.xreplace({after: index - first})) for size in sizes if size is not None))

    def _steps(self, start: Shape, unknown: tuple[Symbol, ...], index: Symbol) -> Shape | None:
        """The next sizes as functions of the present ones; those that plainly stay are left as they are."""
        try:
            then = self._at(index).measure(start).output
            changes = [a != b for a, b in zip(start, then, strict=True)]
            given = Shape.of(tuple(s if c else size for s, size, c in zip(unknown, start, changes, strict=True)))
            steps = self._at(index).measure(given).output
            if any(not c and a != b for a, b, c in zip(start, steps, changes, strict=True)):
                return self._at(index).measure(Shape.of(unknown)).output
        except (SymcnnError, ValueError):
            return None
        return Shape.of(tuple(step if c else s for s, step, c in zip(unknown, steps, changes, strict=True)))

    def _closed(self, x: Shape, first: Profile | None, over: Range, shape: Shape) -> Profile:
        """The profile of the body at any index, and of its first time where that is apart."""
        name = f"{{{over.index}}}"
        body = measured(name, self._at(over.index), shape)
        repeated = Part(name, body, repeats=over)
        parts = (repeated,) if first is None else (Part("0", first), repeated)
        output = shape.substituted({over.index: over.stop})
        conditions = self._ends(body, over) + self._depth(first is not None)
        return Profile(x, output, parts=parts, tensors={}, conditions=conditions)

    def _depth(self, peeled: bool) -> Conditions:
        """A depth that may be 0, such as ``n - 1``, is at least 1 where the first time is apart."""
        least = 1 if peeled else 0
        return at_least(self.n, least, lambda: f"n must be at least {least}, got {self.n}", f"n is at least {least}")

    def _ends(self, body: Profile, over: Range) -> Conditions:
        """What the body requires, for the first and the last index."""
        found: Conditions = ()
        # Behind a first time that is apart there may be no other: then the last index is before it.
        places = (over.stop - 1,) if over.first == 1 and not over.stop.is_Integer else (over.first, over.stop - 1)
        for condition in body.conditions:
            if over.index in condition.free_symbols:
                for place in places:
                    found += _at_place(condition, over.index, canonical(place))
        return found

    def _unrolled(self, x: Shape, once: Profile) -> Profile:
        """Every repetition by itself, where the depth is a number that is not too large."""
        if not self.n.is_Integer or self.n > UNROLLED:
            raise ShapeError(
                f"the sizes {x}, {once.output}, ... follow no law that could be solved for a depth of {self.n}; "
                f"a number up to {UNROLLED} is built layer by layer"
            )
        profiles = [once]
        try:
            for place in range(1, int(self.n)):
                profiles.append(self._once(place, profiles[-1].output))
        except RecursionError:
            text = f"behind {len(profiles)} of {self.n} layers the sizes are nested too deeply; put numbers in for them"
            raise ShapeError(text) from None
        parts = tuple(Part(str(place), profile) for place, profile in enumerate(profiles))
        return Profile(x, profiles[-1].output, parts=parts, tensors={})


def _from_one(index: Symbol) -> Symbol:
    """The index of the same name that is at least 1."""
    return textbook_symbol(index.name, 1)


def _at_place(condition: Condition, index: Symbol, place: Expr) -> Conditions:
    return tuple(replace(c, reason=condition.reason) for c in recheck(condition, {index: place}))


def index_name(repeat: Repeat, besides: Iterable[Symbol] = ()) -> str:
    """What the index is called where the user gave none: as nothing in there is called."""
    symbols = repeat.body.size_symbols().union(*(size.free_symbols for size in repeat.sizes_of("n")))
    taken = {symbol.name for symbol in symbols.union(besides)} | set(_bound(repeat.body))
    return next(name for name in INDICES if name not in taken)


def _bound(layer: Layer) -> Iterator[str]:
    """The names of the indices inside a layer."""
    if isinstance(layer, Repeat):
        yield layer.index.name if layer.index is not None else index_name(layer)
    if isinstance(layer, Network):
        for _, inner in layer.children:
            yield from _bound(inner)
