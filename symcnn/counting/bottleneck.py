"""Bottleneck blocks that stride in their 3×3 convolution, and what they count with the stride in the 1×1.

The residual networks were published with the stride of a bottleneck in its first convolution, the 1×1:
K. He, X. Zhang, S. Ren and J. Sun, Deep Residual Learning for Image Recognition (arXiv:1512.03385).
torchvision has it in the 3×3 after that, so that its 1×1 works on four times as many positions.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from sympy import Expr

from ..profile import MULTIPLY_ACCUMULATE, Leaf, Profile, Row
from ..profile.ledger import closed
from ..window import POINT
from .kinds import ADD, CONV, kind_of

PRINTED: dict[Expr | int, str] = {3_857_973_248: "3.8", 7_570_194_432: "7.6", 11_282_415_616: "11.3"}
"""What Table 1 of the paper prints, in 10⁹, for the multiply-accumulates of its 50, 101 and 152 layers."""


def stride_first(profile: Profile) -> Expr | None:
    """The multiply-accumulates with the stride of every bottleneck in its 1×1 convolution.

    None where there is no bottleneck that strides later.
    """
    leaves = [leaf for leaf in profile.leaves() if not leaf.idle]
    moved = dict(_moved(leaves))
    if not moved:
        return None
    return closed(row for leaf in leaves for row in _rows(leaf, moved.get(leaf.path, leaf)))


def _moved(leaves: list[Leaf]) -> Iterator[tuple[str, Leaf]]:
    """The paths of the 1×1 convolutions that a stride comes after, each with the convolution that strides."""
    blocks = {leaf.path.rpartition(".")[0] for leaf in leaves if kind_of(leaf.profile) == ADD}
    convolutions = [leaf for leaf in leaves if kind_of(leaf.profile) == CONV]
    for one, other in pairwise(convolutions):
        block = _block_of(one, blocks)
        if (
            block is not None
            and block == _block_of(other, blocks)
            and _reduces(one.profile)
            and _strides(other.profile)
        ):
            yield one.path, other


def _block_of(leaf: Leaf, blocks: set[str]) -> str | None:
    """The innermost residual block that a layer is in."""
    around = leaf.path
    while around:
        around = around.rpartition(".")[0]
        if around in blocks:
            return around
    return None


def _reduces(conv: Profile) -> bool:
    """Whether it is a 1×1 convolution without a stride, to surely fewer channels."""
    fewer = (conv.input.channels - conv.output.channels).is_positive
    return bool(fewer) and all(window == POINT for window in conv.windows)


def _strides(conv: Profile) -> bool:
    return all(window.extent != 1 and window.stride != 1 for window in conv.windows)


def _rows(leaf: Leaf, strides: Leaf) -> Iterator[Row]:
    """Its multiply-accumulates, at the positions of the convolution that strides."""
    for kind, sizes in leaf.profile.stated("operation"):
        if kind == MULTIPLY_ACCUMULATE:
            axes = len(leaf.profile.output.axes)
            places = strides.profile.output.axes if strides is not leaf else sizes[len(sizes) - axes :]
            yield Row(leaf.path, "operation", kind, (*sizes[: len(sizes) - axes], *places), leaf.ranges)
