"""Products with weights: dense layers, Einstein sums and embeddings.

Source: Keras's documentation, "Core layers".
"""

from __future__ import annotations

from typing import Any, NamedTuple

from sympy import Mul

from .... import layers
from ....profile import Sizes
from ...reading.values import UnfitError
from ..calls import Call, Rule
from ..tensors import Tensor
from ..weights import sizes_of
from .activations import activated
from .convolution import untouched


def dense(call: Call) -> Tensor:
    """A fully connected layer on the last axis."""
    op = call.op
    untouched(call)
    return activated(call, linear(call, call.plain(call.x), op.kernel.shape[0], op.units, op.use_bias))


def linear(call: Call, x: Tensor, features: int, units: int, bias: bool) -> Tensor:
    """A linear layer on a tensor as Keras has it."""
    call.built_for(x.sizes[-1], features, "features")
    return call.weighted(layers.Linear(units, bias=bias, in_features=features), x)


class Words(NamedTuple):
    """An equation of two tensors: the indices of each, and of what comes of them."""

    one: str
    other: str
    given: str


def equation_of(text: str, rank: int) -> Words:
    """The indices of an equation for an input of so many axes with the batch; dots become letters."""
    taken, _, given = text.replace(" ", "").partition("->")
    one, other = taken.split(",")
    letters = "".join(letter for letter in "ABCDEFGHIJKL" if letter not in text)
    dots = letters[: rank - len(one.replace("...", ""))]
    return Words(one.replace("...", dots), other, given.replace("...", dots))


def einsum_dense(call: Call) -> Tensor:
    """A product with a kernel in Einstein's notation; a linear layer where the last indices are summed over."""
    op = call.op
    untouched(call)
    x = call.plain(call.x)
    words = equation_of(op.equation, x.rank + 1)
    sizes = dict(zip(words.one[1:], x.sizes, strict=True))
    for index, size in zip(words.other, op.kernel.shape, strict=True):
        if index in sizes:
            call.built_for(sizes[index], size, f"places along {index}")
    kernel = dict(zip(words.other, sizes_of(op.kernel), strict=True))
    output = tuple((sizes | kernel)[index] for index in words.given[1:])
    kept = words.one[: -len(_summed(words))] if _summed(words) else words.one
    fresh = words.given[len(kept) :]
    ends = words.one.endswith(_summed(words)) and words.given.startswith(kept)
    straight = ends and {*words.other} == {*_summed(words), *fresh} and _one_bias(op, fresh, words)
    if not straight:
        loops = tuple((sizes | kernel).values())
        return activated(call, call.combined("einsum", [x], output, op.weights, [loops]))
    with call.named("flat"):
        flat = call.shaped(x, (*x.sizes[: len(kept) - 1], Mul(*(kernel[index] for index in _summed(words)))))
    units = int(Mul(*(kernel[index] for index in fresh)))
    made = linear(call, flat, int(flat.sizes[-1]), units, op.bias is not None)
    with call.named("unflat"):
        return activated(call, call.shaped(made, output))


def _summed(words: Words) -> str:
    """The indices that are summed over, as they stand in the input."""
    return "".join(index for index in words.one if index in words.other and index not in words.given)


def _one_bias(op: Any, fresh: str, words: Words) -> bool:
    """Whether there is no bias, or one for each unit."""
    return op.bias is None or {*(op.bias_axes or "")} == {*fresh}


def embedding(call: Call) -> Tensor:
    """A row of a table for each number."""
    if call.given.get("reverse"):
        raise UnfitError("an embedding that is turned round")
    x = call.plain(call.x)
    sizes: Sizes = (*x.sizes, sizes_of(call.op.embeddings)[-1])
    return call.combined("embedding", [x], sizes, call.op.weights)


DENSE: dict[str, Rule] = {
    "Dense": dense,
    "EinsumDense": einsum_dense,
    "Embedding": embedding,
}
