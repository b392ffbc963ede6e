"""From tensors at sample points to laws that say every tensor at every point."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import product
from typing import NamedTuple

from .building import Key, Tensors
from .laws import ROLES, Law, Laws, TensorLaws, Totals, elements
from .patterns import Block, Span, blocks, is_box, span
from .polynomials import Number, Place, Polynomial, fitted

Spans = tuple[Span, ...]

PEELED = 2
"""So many tensors at the start of a row may be apart from the others."""


class Unfit(NamedTuple):
    """What follows no polynomial: in words, and how it is read of the tensors at a point."""

    what: str
    read: Callable[[Tensors], Number]


def fit(models: Mapping[Place, Tensors]) -> Laws | Unfit:
    """The laws of the tensors at sample points; or what follows none."""
    found: list[Law] = []
    for block in blocks(models):
        spans = _spans(block)
        laws = None if spans is None else _laws(block, spans, PEELED)
        if laws is None:
            same = all(tensors.keys() == next(iter(models.values())).keys() for tensors in models.values())
            return _unfit(block, list(models)) if same else _totals(models)
        found += laws
    return TensorLaws(tuple(found))


def _spans(block: Block) -> Spans | None:
    """Where each index of a block runs, or None where it is no law."""
    boxes = {place: is_box(list(members)) for place, members in block.members.items() if members}
    whole = {place: box for place, box in boxes.items() if box is not None}
    if len(whole) < len(boxes):
        return None
    found = [span({place: box[slot] for place, box in whole.items()}) for slot in range(block.indices)]
    spans = tuple(one for one in found if one is not None)
    return spans if len(spans) == len(found) else None


def _laws(block: Block, spans: Spans, peels: int) -> list[Law] | None:
    """The laws of a row of tensors, the first of which may be apart."""
    law = _law(block, spans)
    if law is not None:
        return [law]
    for slot in range(block.indices if peels else 0):
        before, own, behind = spans[:slot], spans[slot], spans[slot + 1 :]
        once, others = block.parted(slot, own.first)
        first = _laws(once, before + behind, peels - 1)
        rest = _laws(others, (*before, own._replace(first=own.first + 1), *behind), peels - 1)
        if first is not None and rest is not None:
            return first + rest
    return None


def _law(block: Block, spans: Spans) -> Law | None:
    """One law for all tensors of a block, or None."""
    for place, members in block.members.items():
        if members.keys() != set(product(*(one.at(place) for one in spans))):
            return None
    rows = [(at + place, sizes) for place, members in block.members.items() for at, sizes in members.items()]
    if len({len(sizes) for _, sizes in rows}) != 1:
        return None
    around = [place for place, _ in rows]
    known: dict[tuple[Number, ...], Polynomial | None] = {}
    for values in zip(*(sizes for _, sizes in rows), strict=True):
        if values not in known:
            known[values] = fitted(around, values)
    sizes = [known[values] for values in zip(*(sizes for _, sizes in rows), strict=True)]
    whole = tuple(size for size in sizes if size is not None)
    return Law(block.role, block.texts, spans, whole) if len(whole) == len(sizes) else None


def _unfit(block: Block, places: Sequence[Place]) -> Unfit:
    """The size that follows no polynomial of a tensor that is at every point."""
    key = Key(block.role, block.texts[0])
    ranks = {len(members[()]) for members in block.members.values()}
    if len(ranks) > 1:
        return Unfit(f"the number of sizes of {key.name}", lambda tensors: len(tensors[key]))
    columns = list(zip(*(block.members[place][()] for place in places), strict=True))
    size = next(i for i, values in enumerate(columns) if fitted(places, values) is None)
    what = f"size {size} of {key.name}" if max(ranks) > 1 else key.name
    return Unfit(what, lambda tensors: tensors[key][size])


def _totals(models: Mapping[Place, Tensors]) -> Laws | Unfit:
    """What all tensors of each role have together: their names follow no pattern."""
    totals: dict[str, Polynomial] = {}
    for role, words in ROLES.items():
        polynomial = fitted(list(models), [elements(tensors, role) for tensors in models.values()])
        if polynomial is None:
            return _unfit_total(role, words)
        totals[role] = polynomial
    return Totals(totals)


def _unfit_total(role: str, words: str) -> Unfit:
    what = f"tensors come and go by no pattern of their names, and the number of all {words}"
    return Unfit(what, lambda tensors: elements(tensors, role))
