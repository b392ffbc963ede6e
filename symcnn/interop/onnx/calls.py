"""One node of a graph: what it takes, its attributes, and what rules do with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Self

from sympy import Expr

from ...errors import SymcnnError
from ...networks.join import Meeting
from ...profile import Profile, Sizes
from ...shape import Shape
from ...sizes import Conditions, Size, canonical, same
from ..reading.builder import Builder
from ..reading.calls import Call
from ..reading.values import ONE, Constant, Value
from .numbers import Numbers
from .tensors import elements_of


class FixedError(SymcnnError):
    """A size that is open in the input, and that constants of the file fix."""


class NodeBuilder(Builder):
    """A network in the making, of which constants of the file fix no size.

    ``taken`` is what was taken to hold of the sizes where no layer says so; ``batch`` is how many inputs the
    file's constants are for.
    """

    def __init__(self, source: Any, batch: int = 1) -> None:
        super().__init__(source)
        self.batch = batch
        self.taken: list[Any] = []
        self.profiles: list[Profile] = []

    def checked(self, profile: Profile) -> Shape:
        """What comes of a node, on conditions that leave its sizes open."""
        _open(profile.conditions)
        if any(size.is_Integer and size < 1 for size in profile.output):
            raise SymcnnError(f"what it gives must have sizes of at least 1, got {profile.output}")
        self.profiles.append(profile)
        return profile.output

    def agree(self, one: Size, other: Size, what: str) -> None:
        """Take two sizes to be the same.

        Raises:
            SymcnnError: they are not; or they are at one input alone.
        """
        found = same(one, other, lambda: f"{what} do not fit: {one} and {other}", "the file takes it to hold")
        _open(found)
        self.taken += found


def _open(conditions: Conditions) -> None:
    for one in conditions:
        if one.operator == "==" and (one.left.is_number or one.right.is_number):
            raise FixedError(f"the file has constants that are for {one} alone")


@dataclass
class Found:
    """What a name stands for: a tensor, and its elements where they are known.

    Where a tensor could not be made of constants, ``tensor`` is the error that says why.
    """

    tensor: Any
    numbers: Numbers | None = None

    @property
    def why(self) -> SymcnnError | None:
        """Why its elements are not known, if there is more to say."""
        return None


@dataclass
class Stored(Found):
    """A tensor of the file. Its elements are read when they are asked for."""

    proto: Any = None
    folder: Path | None = None

    @cached_property
    def _read(self) -> Numbers | SymcnnError | None:
        try:
            return elements_of(self.proto, self.folder)
        except SymcnnError as error:
            return error

    def __getattribute__(self, name: str) -> Any:
        if name == "numbers":
            return self._read if isinstance(self._read, Numbers) else None
        return super().__getattribute__(name)

    @property
    def why(self) -> SymcnnError | None:
        """What was wrong with the data."""
        return self._read if isinstance(self._read, SymcnnError) else None


KINDS = {"float": (1, "f"), "integer": (2, "i"), "text": (3, "s"), "floats": (6, "floats"), "integers": (7, "ints")}
"""By what an attribute must be: the number of its type, and the field that it is in."""


class NodeCall(Call):
    """A node. Its arguments go by their places, ``"0"`` and up."""

    builder: NodeBuilder

    def __init__(self, builder: NodeBuilder, node: Any, found: Sequence[Found | None], opset: int) -> None:
        given = {str(place): one.tensor for place, one in enumerate(found) if one is not None}
        super().__init__(builder, node.op_type, given, [])
        self.node = node
        self.found = list(found)
        self.opset = opset
        self.attributes = {one.name: one for one in node.attribute}
        self.declared: list[Sizes | None] = []

    def on(self, x: Value | Constant, *outputs: Sizes) -> Self:
        """The same call with another tensor first, and with the sizes of what it gives."""
        other = type(self)(self.builder, self.node, [Found(x), *self.found[1:]], self.opset)
        other.declared, other.outputs = self.declared, [tuple(map(canonical, full)) for full in outputs]
        return other

    def giving(self, full: Sizes) -> Self:
        """The call, with the sizes of what it gives."""
        self.outputs = [tuple(map(canonical, full))]
        return self

    # Arguments.

    def has(self, place: int) -> bool:
        """Whether there is such an argument."""
        return place < len(self.found) and self.found[place] is not None

    def tensor(self, place: int) -> Any:
        """An argument, which must be there.

        Raises:
            SymcnnError: it is not, or nothing is known of it.
        """
        if not self.has(place):
            raise SymcnnError(f"{self.name} must have at least {place + 1} inputs, got {len(self.found)}")
        found = self.given[str(place)]
        if isinstance(found, SymcnnError):
            raise found
        return found

    def optional(self, place: int) -> Any:
        """An argument, or None."""
        return self.tensor(place) if self.has(place) else None

    def known(self, place: int) -> Numbers | None:
        """The elements of an argument, where they are known."""
        found = self.found[place] if self.has(place) else None
        return found.numbers if found is not None else None

    def numbers(self, place: int, what: str) -> Numbers:
        """The elements of an argument, which must be known.

        Raises:
            SymcnnError: they are not.
        """
        found = self.found[place] if self.has(place) else None
        if found is None:
            raise SymcnnError(f"{what} must be given")
        if found.numbers is None:
            raise found.why or SymcnnError(f"{what} must be known, but nothing says them before the network runs")
        return found.numbers

    def whole(self, place: int, what: str) -> list[int]:
        """Integers in an argument.

        Raises:
            SymcnnError: they are not known, or formulas.
        """
        found = self.numbers(place, what).flat
        if any(isinstance(one, bool) or not one.is_Integer for one in found):
            raise SymcnnError(f"{what} must be integers, got {found}")
        return [int(one) for one in found]

    # Attributes.

    def attribute(self, name: str, kind: str, default: Any = None) -> Any:
        """An attribute of a kind in ``KINDS``.

        Raises:
            SymcnnError: it is of another.
        """
        given = self.attributes.get(name)
        if given is None:
            return default
        number, field = KINDS[kind]
        if given.type != number:
            raise SymcnnError(f"the attribute {name!r} of {self.name} must be {_article(kind)}, got another type")
        value = getattr(given, field)
        if kind == "text":
            return value.decode("utf-8", "replace")
        return list(value) if kind.endswith("s") else value

    def axes(self, rank: int, default: Any = None) -> list[int] | None:
        """The axes in an attribute, or in the second argument, counted from the front."""
        given = self.attribute("axes", "integers")
        if given is None and self.has(1):
            given = self.whole(1, "the axes")
        return default if given is None else [self.axis(axis, rank) for axis in given]

    def axis(self, axis: int, rank: int) -> int:
        """An axis counted from the front.

        Raises:
            SymcnnError: there is none such.
        """
        if not -rank <= axis < rank:
            raise SymcnnError(f"the axis must be one of {rank}, got {axis}")
        return axis % rank

    # What rules of all operators need.

    def fits(self, constant: Constant | None, sizes: Sequence[Size], what: str) -> None:
        """Require a stored tensor to have these sizes."""
        if constant is not None and tuple(constant.full) != tuple(sizes):
            told = f"({', '.join(map(str, sizes))})"
            raise SymcnnError(f"{what} must have the sizes {told}, got ({', '.join(map(str, constant.full))})")

    def broadcast(self, fulls: Sequence[Sizes], what: str = "the sizes of what meets") -> Sizes:
        """The sizes of what comes of tensors that are spread over each other."""
        rank = max(map(len, fulls))
        padded = [(ONE,) * (rank - len(full)) + tuple(full) for full in fulls]
        return tuple(self._spread(sizes, what) for sizes in zip(*padded, strict=True))

    def _spread(self, sizes: Sequence[Size], what: str) -> Size:
        first, *others = [size for size in sizes if size != 1] or [ONE]
        for other in others:
            self.builder.agree(first, other, what)
        return first

    def met(self, meeting: Meeting, values: Sequence[Value]) -> Value:
        """Values meet, each spread along its axes of size 1; of other sizes the meeting says what must hold."""
        aligned = self.aligned(values)
        columns = list(zip(*(value.full for value in aligned), strict=True))
        widest = [next((size for size in column if size != 1), ONE) for column in columns]
        spread = []
        for value in aligned:
            full = tuple(wide if size == 1 else size for size, wide in zip(value.full, widest, strict=True))
            apart = value.unwritten is not None and full[value.unwritten] != 1
            spread.append(self.builder.spread(self.builder.placed(value, None) if apart else value, full))
        return self.builder.meeting(meeting, spread)

    def operated(self, kind: str, full: Sizes, **settings: Any) -> Value:
        """An operation that has no layer, which gives these sizes."""
        return self.giving(full).operation(kind, **settings)


def _article(kind: str) -> str:
    return {"float": "a number", "integer": "an integer", "text": "a text"}.get(kind, f"a list of {kind}")


def product(sizes: Sequence[Expr]) -> Expr:
    """The product of sizes."""
    made: Expr = ONE
    for size in sizes:
        made = made * size
    return made
