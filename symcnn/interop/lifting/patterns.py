"""Tensors whose names differ in a number alone: ``layer3.0.conv1.weight``, ``layer3.1.conv1.weight``, ..."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from .building import Key, Sizes, Tensors
from .polynomials import Place, Polynomial, fitted, value_at

NUMBER = re.compile(r"(?<!\d)(0|[1-9]\d*)(?!\d)")


class Name(NamedTuple):
    """A tensor's role and name, its numbers apart from the text around them."""

    role: str
    texts: tuple[str, ...]
    numbers: tuple[int, ...]

    @classmethod
    def of(cls, key: Key) -> Name:
        """The name taken apart.

        >>> Name.of(Key("weight", "layer3.0.bias"))
        Name(role='weight', texts=('layer', '.', '.bias'), numbers=(3, 0))
        """
        parts = NUMBER.split(key.name)
        return cls(key.role, tuple(parts[::2]), tuple(map(int, parts[1::2])))

    def without(self, slot: int) -> tuple[object, ...]:
        """The line that the name is on: what it has in common with those that differ in one number."""
        return (self.role, self.texts, slot, self.numbers[:slot] + self.numbers[slot + 1 :])


class Span(NamedTuple):
    """Where an index runs: from a number to before a polynomial in the variables."""

    first: int
    stop: Polynomial

    def at(self, place: Place) -> range:
        """The values of the index at a point."""
        return range(self.first, int(value_at(self.stop, place)))


@dataclass(frozen=True)
class Block:
    """Tensors that differ in some of the numbers in their names, the indices.

    Args:
        role: what they are.
        texts: what stands between the indices in their names.
        members: at each sample point the sizes of each tensor that is there, by its indices.
    """

    role: str
    texts: tuple[str, ...]
    members: Mapping[Place, Mapping[Place, Sizes]]

    @property
    def indices(self) -> int:
        """How many indices there are."""
        return len(self.texts) - 1

    def parted(self, slot: int, first: int) -> tuple[Block, Block]:
        """The tensors with the first value of an index, which is then none, and all the others."""
        texts = (
            *self.texts[:slot],
            f"{self.texts[slot]}{first}{self.texts[slot + 1]}",
            *self.texts[slot + 2 :],
        )
        once, others = {}, {}
        for place, members in self.members.items():
            once[place] = {at[:slot] + at[slot + 1 :]: sizes for at, sizes in members.items() if at[slot] == first}
            others[place] = {at: sizes for at, sizes in members.items() if at[slot] != first}
        return Block(self.role, texts, once), Block(self.role, self.texts, others)


def blocks(models: Mapping[Place, Tensors]) -> Iterator[Block]:
    """The tensors of all sample points, those together that differ in a number which the point decides on."""
    names = {key: Name.of(key) for tensors in models.values() for key in tensors}
    varying = _varying(models, names) if any(len(tensors) < len(names) for tensors in models.values()) else set()
    together: dict[tuple[object, ...], dict[Key, Place]] = {}
    for key, name in names.items():
        slots = [slot for slot in range(len(name.numbers)) if name.without(slot) in varying]
        kept = tuple(None if slot in slots else number for slot, number in enumerate(name.numbers))
        at = tuple(name.numbers[slot] for slot in slots)
        together.setdefault((name.role, name.texts, kept), {})[key] = at
    for members in together.values():
        key, at = next(iter(members.items()))
        yield Block(key.role, _between(names[key], len(at), varying), _members(models, members))


def _varying(models: Mapping[Place, Tensors], names: Mapping[Key, Name]) -> set[tuple[object, ...]]:
    """The lines that are longer at one sample point than at another, by a law."""
    lines: dict[tuple[object, ...], dict[Place, set[int]]] = {}
    for place, tensors in models.items():
        for name in map(names.__getitem__, tensors):
            for slot, number in enumerate(name.numbers):
                lines.setdefault(name.without(slot), {}).setdefault(place, set()).add(number)
    changing = {line: found for line, found in lines.items() if len(set(map(frozenset, found.values()))) > 1}
    return {line for line, found in changing.items() if _is_row(found)}


def _is_row(found: Mapping[Place, set[int]]) -> bool:
    """Whether the numbers at each point run from one first number to a last one that follows a law."""
    boxes = {place: is_box([(number,) for number in numbers]) for place, numbers in found.items()}
    ranges = {place: box[0] for place, box in boxes.items() if box is not None}
    return len(ranges) == len(boxes) and span(ranges) is not None


def span(ranges: Mapping[Place, range]) -> Span | None:
    """Where an index runs, from where it does at sample points."""
    firsts = {over.start for over in ranges.values()}
    if len(firsts) > 1 or len(ranges) < 2:
        return None
    stop = fitted(list(ranges), [over.stop for over in ranges.values()])
    return None if stop is None else Span(firsts.pop(), stop)


def _between(name: Name, indices: int, varying: set[tuple[object, ...]]) -> tuple[str, ...]:
    """The texts between the indices; numbers that are none are text."""
    texts = [name.texts[0]]
    for slot, (number, text) in enumerate(zip(name.numbers, name.texts[1:], strict=True)):
        if indices and name.without(slot) in varying:
            texts.append(text)
        else:
            texts[-1] += f"{number}{text}"
    return tuple(texts)


def _members(models: Mapping[Place, Tensors], keys: Mapping[Key, Place]) -> Mapping[Place, Mapping[Place, Sizes]]:
    return {
        place: {at: tensors[key] for key, at in keys.items() if key in tensors} for place, tensors in models.items()
    }


def is_box(found: Sequence[Place]) -> list[range] | None:
    """The range of each index, if every combination of them is there and nothing else."""
    ranges = [range(min(axis), max(axis) + 1) for axis in zip(*found, strict=True)]
    size = 1
    for over in ranges:
        size *= len(over)
    return ranges if size == len(found) else None
