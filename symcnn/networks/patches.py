"""Patch embedding: an image as a row of tokens, as vision transformers take it.

A. Dosovitskiy et al., An Image is Worth 16x16 Words (arXiv:2010.11929), section 3.1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..layer import Layer
from ..layers import Conv2d
from ..profile import Profile, Storage
from ..settings import axes, option, size, told_by_input
from ..shape import Shape
from ..sizes import Conditions, Size, divides
from ..window import WHOLE
from .blocks import Composite
from .sequential import Sequential


@dataclass(frozen=True, eq=False, repr=False)
class PatchEmbedding(Composite):
    """An image cut into patches, each of which becomes a token: a row of ``E`` numbers.

    Parameters: ``(P_h·P_w·C_in + 1)·E``, those of a convolution whose kernel and stride are the patch;
    ``E`` more for a class token, and ``E`` for each token where there is a position embedding.

    Args:
        embed_dim: the numbers of a token.
        patch_size: a size, or one for each axis; it divides the image's.
        class_token: whether a learned token stands before those of the patches.
        position_embedding: whether a learned row is added to each token, the class token too.
        bias: whether the convolution has one.
        in_channels: checked against the input where it is given.

    Raises:
        SizeError: a setting that is not a size.
        ShapeError: an input that is no map.
        ConditionError: a patch that does not divide the image, ``in_channels`` that the input does
            not have.

    >>> import symcnn as sc
    >>> embedding = sc.PatchEmbedding(768, 16, class_token=True, position_embedding=True)
    >>> embedding.on((3, 224, 224)).output, embedding.on((3, 224, 224)).params
    (Shape(197, 768), 742656)
    >>> sc.PatchEmbedding().params
    C_in*E*P_h*P_w + E
    """

    embed_dim: Any = size("E", positional=True)
    patch_size: Any = axes("P", positional=True)
    class_token: bool = option(False)
    position_embedding: bool = option(False)
    bias: bool = option(True)
    in_channels: Any = told_by_input("C_in")

    ranks = (2,)

    def inside(self, x: Shape) -> Sequential:
        """A convolution, and its map as tokens."""
        return Sequential(
            {
                "conv_proj": Conv2d(self.embed_dim, self.patch_size, stride=self.patch_size, bias=self.bias),
                "tokens": Tokens(self.class_token, self.position_embedding),
            }
        )

    def apply(self, x: Shape) -> Profile:
        """What the network inside does, on whole patches."""
        conditions: Conditions = ()
        for patch, length in zip(self.patch_size, x.axes, strict=True):
            conditions += _whole(patch, length)
        return super().apply(x).requiring(conditions)


def _whole(patch: Size, size: Size) -> Conditions:
    def otherwise() -> str:
        return f"patch_size must divide the input, got patch_size={patch} and {size}"

    return divides(patch, size, otherwise, "patch_size divides the input")


@dataclass(frozen=True, eq=False, repr=False)
class Tokens(Layer):
    """The places of a map in a row, each with its channels; a class token and positions where asked for.

    What follows is taken to see the whole map, since tokens have no neighbours in common.

    >>> Tokens(class_token=True).on((768, 14, 14)).output
    Shape(197, 768)
    """

    class_token: bool = option(False, positional=True)
    position_embedding: bool = option(False, positional=True)

    ranks = (2,)

    def apply(self, x: Shape) -> Profile:
        """The learned tokens, and an addition for each element where there are positions."""
        width, height, breadth = x
        tokens = height * breadth + 1 if self.class_token else height * breadth
        row = Shape.of((tokens, width))
        weights = {"class_token": (width,)} if self.class_token else {}
        weights |= {"position_embedding": row} if self.position_embedding else {}
        tensors = {"tokens": row} if self.class_token else {}
        tensors |= {"output": row} if self.position_embedding else {}
        return Profile(
            x,
            row,
            weights=weights,
            operations={"add": row} if self.position_embedding else {},
            tensors=tensors,
            storage=None if tensors else Storage.STRIDED,
            windows=(WHOLE, WHOLE),
        )
