"""What is multiplied in a sum in Einstein's notation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ....profile import Sizes
from ....sizes import Size
from ..values import UnfitError


def einsum_products(equation: str, tensors: Sequence[Sizes], path: Any = None) -> list[Sizes]:
    """The loops of each product: tensors are taken two by two, from the left or by a path of places.

    An index of one of the two alone that comes to nothing is summed before. Where nothing is summed
    over, elements are multiplied, which is no matrix product.

    >>> einsum_products("bnc,dc->bnd", [(1, 9, 8), (4, 8)])
    [(1, 9, 8, 4)]
    >>> einsum_products("i,j->ij", [(8,), (4,)])
    []

    Raises:
        UnfitError: an equation that is none, or an index twice in one tensor.
    """
    words, given = _indices(equation, tensors)
    sizes: dict[str, Size] = {}
    for word, full in zip(words, tensors, strict=True):
        if len(set(word)) < len(word) or len(word) != len(full):
            raise UnfitError(f"the equation {equation} takes a diagonal")
        sizes |= {i: size for i, size in zip(word, full, strict=True) if size != 1 or i not in sizes}
    return [tuple(sizes[i] for i in loops) for loops in _pairs(words, given, path) if loops]


def _pairs(words: list[str], given: str, path: Any) -> Iterator[str]:
    """The indices of each product of two."""
    steps = list(path or [])
    while len(words) > 1:
        places = sorted([steps.pop(0), steps.pop(0)] if steps else [0, 1])
        one, other = (words[place] for place in places)
        words = [word for place, word in enumerate(words) if place not in places]
        later = set(given).union(*words)
        loops = "".join(i for i in dict.fromkeys(one + other) if i in later or (i in one and i in other))
        words.insert(len(words) if path else 0, "".join(i for i in loops if i in later))
        yield loops if any(i not in later for i in loops) else ""


def _indices(equation: str, tensors: Sequence[Sizes]) -> tuple[list[str], str]:
    """The indices of each tensor and of the result, those written out that ``...`` stands for."""
    taken, arrow, given = equation.replace(" ", "").partition("->")
    words = taken.split(",")
    if len(words) != len(tensors):
        raise UnfitError(f"the equation {equation} is for other tensors")
    dots = [len(full) - len(word.replace("...", "")) for word, full in zip(words, tensors, strict=True)]
    rank = max((count for count, word in zip(dots, words, strict=True) if "..." in word), default=0)
    places = "".join(chr(0x391 + i) for i in range(rank))
    filled = [word.replace("...", places[rank - count :]) for word, count in zip(words, dots, strict=True)]
    if not arrow:
        letters = sorted(set(taken.replace(",", "").replace("...", "")))
        given = ("..." if rank else "") + "".join(i for i in letters if taken.count(i) == 1)
    return filled, given.replace("...", places)
