"""The input's sizes: what the file leaves open are symbols of ``dims``."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sympy import Integer

from ...errors import SymcnnError
from ...shape import Shape
from ...sizes import Size, dims

USUAL = {1: ("F",), 2: ("C", "L"), 3: ("C", "H", "W"), 4: ("C", "D", "H", "W")}
"""The names of sizes that have none in the file, by how many there are behind the batch."""

PLACES = {2: ("L", "C"), 3: ("H", "W", "C"), 4: ("D", "H", "W", "C")}
"""The same where the channels stand last, as they do where the last size alone is fixed."""


@dataclass(frozen=True)
class Input:
    """What goes in: its name, its batch (None where that is open) and its sizes, with those in the file."""

    name: str
    batch: int | None
    shape: Shape
    stated: tuple[int | None, ...]


def read_input(graph: Any, initial: Iterable[str], used: set[str], given: Any) -> Input:
    """The one input of a graph, with the sizes that are given for it.

    Raises:
        SymcnnError: none or several, one that is no tensor of numbers, one without a batch.
    """
    weights = set(initial)
    names = [one for one in graph.input if one.name not in weights]
    names = [one for one in names if one.name in used] or names
    if len(names) != 1:
        listed = ", ".join(repr(one.name) for one in names) or "none"
        raise SymcnnError(f"from_onnx reads a graph of one input, got {listed}")
    (info,) = names
    batch, *sizes = _dimensions(info)
    stated = tuple(_number(one) for one in sizes)
    opened = _named(batch, sizes, stated)
    shape = opened if given is None else _given(given, opened)
    return Input(info.name, _number(batch), Shape(*shape), stated)


def _dimensions(info: Any) -> list[Any]:
    kind = info.type.tensor_type
    if not info.type.HasField("tensor_type") or not kind.HasField("shape"):
        raise SymcnnError(f"the input {info.name!r} must be a tensor whose axes the file states")
    found = list(kind.shape.dim)
    if len(found) < 2:
        raise SymcnnError(f"the input {info.name!r} must have a batch and further axes, got {len(found)}")
    return found


def _number(dimension: Any) -> int | None:
    """A size in the file; 0 and what is below stand for an open one."""
    value = int(dimension.dim_value) if dimension.HasField("dim_value") else 0
    return value if value > 0 else None


def _named(batch: Any, sizes: Sequence[Any], stated: Sequence[int | None]) -> list[Any]:
    """The sizes, those that are open as symbols."""
    usual = USUAL.get(len(sizes), tuple(f"n_{i}" for i in range(len(sizes))))
    if stated[-1] is not None and all(one is None for one in stated[:-1]):
        usual = PLACES.get(len(sizes), usual)
    symbols: dict[str, Size] = {batch.dim_param: Integer(1)} if batch.dim_param else {}
    taken: set[str] = set()
    made = []
    for one, number, name in zip(sizes, stated, usual, strict=True):
        if number is None and (one.dim_param or name) not in symbols:
            word = _free(_word(one.dim_param) or name, taken)
            taken.add(word)
            symbols[one.dim_param or name] = dims(word)
        made.append(symbols[one.dim_param or name] if number is None else number)
    return made


def _word(name: str) -> str:
    """A name as an identifier, if it can be made one."""
    word = re.sub(r"\W+", "_", name[:80], flags=re.ASCII).strip("_")
    return word if word.isidentifier() and not keyword.iskeyword(word) else ""


def _free(word: str, taken: set[str]) -> str:
    number = 1
    free = word
    while free in taken:
        number += 1
        free = f"{word}_{number}"
    return free


def _given(given: Any, opened: Sequence[Any]) -> list[Any]:
    if not isinstance(given, tuple | list) or len(given) != len(opened):
        stated = ", ".join(map(str, opened))
        raise SymcnnError(
            f"input must be a shape without the batch, of the {len(opened)} sizes ({stated}), got {given!r}"
        )
    return [dims(one) if isinstance(one, str) else one for one in given]
