"""Where several tensors of an imported network meet, otherwise than by a ``Join``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ...errors import ShapeError
from ...networks.join import Branch, Meeting, Met
from ...profile import MULTIPLY_ACCUMULATE, Profile
from ...shape import Shape
from ...sizes import Conditions, Size, same
from ...window import IRREGULAR


@dataclass(frozen=True)
class Product(Meeting):
    """The matrix product of two branches along their last two axes, for each place along those before."""

    how = "product"

    def of(self, branches: Sequence[Branch]) -> Profile:
        """One multiply-accumulate for each pair of a row and a column, and each element along them.

        >>> from symcnn.shape import Shape
        >>> Product().of([Branch("q", Shape(4, 9, 16)), Branch("k", Shape(4, 16, 9))]).macs
        5184
        """
        one, other = (branch.shape for branch in branches)
        conditions = _pairs(branches, [*zip(one[:-2], other[:-2], strict=True), (one[-1], other[-2])])
        output = Shape.of((*one[:-1], other[-1]))
        loops = (*output, one[-1])
        return _met(self, branches, output, [loops], conditions)


@dataclass(frozen=True)
class Attention(Meeting):
    """Scaled dot-product attention of queries, keys and values; further branches, such as a mask, are only read."""

    how = "attention"

    def of(self, branches: Sequence[Branch]) -> Profile:
        """The two products, of queries with keys and of the result with values.

        >>> from symcnn.shape import Shape
        >>> Attention().of([Branch(name, Shape(12, 197, 64)) for name in "qkv"]).macs
        59610624
        """
        query, key, value = (branch.shape for branch in branches[:3])
        pairs = [*zip(query[:-2], key[:-2], strict=True), *zip(key[:-1], value[:-1], strict=True)]
        conditions = _pairs(branches[:3], [*pairs, (query[-1], key[-1])])
        output = Shape.of((*query[:-1], value[-1]))
        loops = [(*query, key[-2]), (*output, key[-2])]
        return _met(self, branches, output, loops, conditions)


@dataclass(frozen=True)
class Gathered(Meeting):
    """Several branches go into what is done next; what comes of them is as large as the first."""

    how = "gathered"

    def of(self, branches: Sequence[Branch]) -> Profile:
        """Nothing is computed."""
        output = branches[0].shape
        return Profile(output, output, tensors={}, windows=(IRREGULAR,) * len(output), source=Met(self, (*branches,)))


def _met(
    how: Meeting, branches: Sequence[Branch], output: Shape, loops: list[tuple[Size, ...]], conditions: Conditions
) -> Profile:
    return Profile(
        branches[0].shape,
        output,
        operations={MULTIPLY_ACCUMULATE: loops},
        keeps={"input": [tuple(branch.shape) for branch in branches]},
        windows=(IRREGULAR,) * len(output),
        conditions=conditions,
        source=Met(how, tuple(branches)),
    )


def _pairs(branches: Sequence[Branch], pairs: list[tuple[Size, Size]]) -> Conditions:
    def otherwise() -> str:
        return f"{' and '.join(map(str, branches))} do not fit"

    if len({len(branch.shape) for branch in branches}) > 1:
        raise ShapeError(otherwise())
    return tuple(c for a, b in pairs for c in same(a, b, otherwise, "what meets fits"))
