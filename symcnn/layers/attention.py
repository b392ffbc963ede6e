"""Attention.

Formulas: A. Vaswani et al., Attention Is All You Need (arXiv:1706.03762), and PyTorch's
documentation of ``torch.nn.MultiheadAttention``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..errors import ShapeError
from ..layer import Layer
from ..profile import MULTIPLY_ACCUMULATE, Profile, Sizes
from ..settings import LEFT_OUT, option, size, told_by_input
from ..shape import Shape
from ..sizes import Conditions, Size, divides, textbook_symbol
from ..window import WHOLE


@dataclass(frozen=True, eq=False, repr=False)
class MultiheadAttention(Layer):
    """Self-attention in several heads, over an input of ``(tokens, embedding)``.

    Parameters: ``4·E² + 4·E``. Multiply-accumulates: ``4·T·E² + 2·T²·E``, for the projections and
    for the two products of tokens with tokens.

    The products are taken to be done in one kernel that makes no matrix of tokens by tokens and keeps
    one number for each token and head, as PyTorch does with ``need_weights=False``: T. Dao et al.,
    FlashAttention (arXiv:2205.14135).

    Args:
        num_heads: how many heads; it divides the embedding.
        dropout, batch_first: taken as in PyTorch; they change no count.
        bias: whether the projections have one.
        embed_dim: the embedding; checked against the input where it is given.

    Raises:
        ShapeError: an input that is not ``(tokens, embedding)``.
        ConditionError: heads that do not divide the embedding, ``embed_dim`` that the input does
            not have.

    >>> import symcnn as sc
    >>> attention = sc.MultiheadAttention(12).on((197, 768))
    >>> attention.params, attention.macs
    (2362368, 524391936)
    """

    num_heads: Any = size("h", positional=True)
    dropout: Any = option(0.0)
    bias: bool = option(True)
    batch_first: bool = option(False)
    embed_dim: Any = told_by_input("E")

    @property
    def takes_any(self) -> bool:
        """It takes tokens alone."""
        return False

    def told(self, x: Shape) -> Size:
        """The embedding is the last axis."""
        return x[-1]

    def textbook_input(self, axes: int | None = None) -> Shape:
        """Tokens and their embedding."""
        return Shape.of((textbook_symbol("T"), self._told_symbol()))

    def check(self) -> None:
        """Heads divide the embedding."""
        if LEFT_OUT not in (self.num_heads, self.embed_dim):
            self._headed(self.embed_dim)

    def apply(self, x: Shape) -> Profile:
        """Projections to queries, keys and values, their two products, and the projection of the result."""
        if len(x) != 2:
            raise ShapeError(f"takes an input of shape (tokens, embedding), got {x}")
        tokens, width = x
        scores = (self.num_heads, tokens, tokens)
        weights = {"in_proj_weight": (3 * width, width), "out_proj.weight": (width, width)}
        biases = {"in_proj_bias": (3 * width,), "out_proj.bias": (width,)} if self.bias else {}
        loops: list[Sizes] = [(*weight, tokens) for weight in weights.values()]
        loops += [(tokens, tokens, width)] * 2
        added: list[Sizes] = [(*bias, tokens) for bias in biases.values()]
        return Profile(
            x,
            x,
            weights=weights | biases,
            operations={MULTIPLY_ACCUMULATE: loops, "softmax": scores} | ({"bias": added} if added else {}),
            tensors={"in_proj": (tokens, 3 * width), "heads": x, "output": x},
            keeps=self._kept(x),
            windows=(WHOLE,),
            conditions=self._headed(width),
        )

    def _kept(self, x: Shape) -> dict[str, Any]:
        """The input, or a copy with the batch inside, queries, keys and values, the heads and their sums."""
        tokens, width = x
        inside: list[Sizes] = [(tokens, 3 * width), x]
        kept = {"tensor": [x, *inside]} if self.batch_first else {"contiguous": x, "tensor": inside}
        return kept | {"statistic": (self.num_heads, tokens)}

    def _headed(self, width: Size) -> Conditions:
        return divides(
            self.num_heads,
            width,
            lambda: f"num_heads must divide the embedding, got num_heads={self.num_heads} and an embedding of {width}",
            "num_heads divides the embedding",
        )
