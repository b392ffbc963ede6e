"""Normalisation by the statistics of the input itself.

Formulas: J. L. Ba, J. R. Kiros and G. E. Hinton, Layer Normalization (arXiv:1607.06450); Y. Wu and
K. He, Group Normalization (arXiv:1803.08494); PyTorch's documentation of both.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..errors import ShapeError, SizeError
from ..layer import Layer
from ..profile import Profile, Sizes
from ..settings import LEFT_OUT, option, size, told_by_input
from ..shape import Shape
from ..sizes import Conditions, Size, divides, same, textbook_symbol
from ..window import POINT, WHOLE
from .fields import sizes


@dataclass(frozen=True, eq=False, repr=False)
class LayerNorm(Layer):
    """Layer normalisation over the last axes, with a scale and a shift for each place in them.

    Args:
        normalized_shape: the sizes of the last axes, checked against the input; left out, it is
            the last axis alone. To normalise over the channels of a map, see ``LayerNorm2d``.
        eps: taken as in PyTorch; it changes no count.
        elementwise_affine: whether there is a scale and a shift to learn.
        bias: whether there is a shift beside the scale.

    Raises:
        ShapeError: an input with fewer axes than ``normalized_shape``.
        ConditionError: a ``normalized_shape`` that the input does not end in.

    >>> import symcnn as sc
    >>> sc.LayerNorm().on((197, 768)).weights
    {'weight': Shape(768), 'bias': Shape(768)}
    >>> sc.LayerNorm((64, 7, 7)).on((64, 7, 7)).params
    6272
    """

    normalized_shape: Any = sizes("F", None, positional=True)
    eps: Any = option(1e-5)
    elementwise_affine: bool = option(True)
    bias: bool = option(True)

    @property
    def takes_any(self) -> bool:
        """It takes any, but its textbook's is features alone."""
        return False

    def given(self) -> tuple[Size, ...]:
        """The sizes that are given for the last axes."""
        stated = self.normalized_shape
        return stated if isinstance(stated, tuple) else () if stated is None else (stated,)

    def textbook_input(self, axes: int | None = None) -> Shape:
        """Features, after the axes that the layer does not look at."""
        last = self.given() or (textbook_symbol("F"),)
        before = 0 if axes is None else axes + 1 - len(last)
        return Shape.of((*(textbook_symbol(f"T_{i}") for i in range(before)), *last))

    def apply(self, x: Shape) -> Profile:
        """Every element is normalised, by all that share its place in the other axes."""
        first = len(x) - (len(self.given()) or 1)
        if first < 0:
            raise ShapeError(f"normalises over the last {len(self.given())} axes, got {x}")
        windows = tuple(POINT if axis < first else WHOLE for axis in range(len(x)))
        return self.normalised(x, x[first:], x[:first], windows)

    def normalised(self, x: Shape, over: Sizes, each: Sizes, windows: tuple[Any, ...]) -> Profile:
        """The profile of a normalisation over axes of these sizes, for each place along the others."""
        stated = self.given() or over
        weights = {"weight": stated} | ({"bias": stated} if self.bias else {})
        return Profile(
            x,
            x,
            weights=weights if self.elementwise_affine else {},
            operations={"normalise": x},
            keeps={"input": x, "statistic": [each] * 2},
            windows=windows,
            conditions=self._found(over, x),
        )

    def _found(self, over: tuple[Size, ...], x: Shape) -> Conditions:
        conditions: Conditions = ()
        for stated, found in zip(self.given(), over, strict=False):
            conditions += same(
                stated,
                found,
                lambda: f"normalized_shape is {self.normalized_shape}, but the input is {x}",
                "normalized_shape is what the input has",
            )
        return conditions


class LayerNorm2d(LayerNorm):
    """Layer normalisation over the channels of a map, at each place by itself.

    As ConvNeXt has it: ``normalized_shape`` is the number of channels, checked where it is given.
    Z. Liu et al., A ConvNet for the 2020s (arXiv:2201.03545).

    >>> import symcnn as sc
    >>> sc.LayerNorm2d().on((96, 56, 56)).params
    192
    """

    ranks = (2,)

    def check(self) -> None:
        """The channels are one size."""
        if len(self.given()) > 1:
            raise SizeError(f"normalized_shape must be the number of channels, got {self.normalized_shape}")

    def textbook_input(self, axes: int | None = None) -> Shape:
        """A map, with the channels that are given."""
        channels = self.given() or (textbook_symbol("C"),)
        return Shape.of((*channels, textbook_symbol("H"), textbook_symbol("W")))

    def apply(self, x: Shape) -> Profile:
        """Every element is normalised, by the channels at its place."""
        return self.normalised(x, (x.channels,), x.axes, (POINT,) * 2)


@dataclass(frozen=True, eq=False, repr=False)
class GroupNorm(Layer):
    """Group normalisation: each group of channels over the whole map, then a scale and a shift for each channel.

    Args:
        num_groups: how many groups; it divides the channels.
        num_channels: the channels; checked against the input where they are given.
        eps: taken as in PyTorch; it changes no count.
        affine: whether there is a scale and a shift to learn.

    Raises:
        ConditionError: ``num_groups`` that does not divide the channels, ``num_channels`` that the
            input does not have.

    >>> import symcnn as sc
    >>> sc.GroupNorm(32).on((64, 56, 56)).params
    128
    """

    num_groups: Any = size("g", positional=True)
    num_channels: Any = told_by_input("C", positional=True)
    eps: Any = option(1e-5)
    affine: bool = option(True)

    def check(self) -> None:
        """Groups divide the channels."""
        if LEFT_OUT not in (self.num_groups, self.num_channels):
            self._grouped(self.num_channels)

    def _grouped(self, channels: Size) -> Conditions:
        return divides(
            self.num_groups,
            channels,
            lambda: f"num_groups must divide the channels, got num_groups={self.num_groups} and {channels} channels",
            "num_groups divides the channels",
        )

    def apply(self, x: Shape) -> Profile:
        """Every element is normalised."""
        each = (x.channels,)
        return Profile(
            x,
            x,
            weights={"weight": each, "bias": each} if self.affine else {},
            operations={"normalise": x},
            keeps={"input": x, "statistic": [(self.num_groups,)] * 2},
            windows=(WHOLE,) * len(x.axes),
            conditions=self._grouped(x.channels),
        )
