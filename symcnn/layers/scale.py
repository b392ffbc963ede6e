"""A learned factor for each channel.

Source: H. Touvron et al., Going deeper with Image Transformers (arXiv:2103.17239).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..layer import Layer
from ..profile import Profile
from ..settings import option, told_by_input
from ..shape import Shape
from ..window import POINT


@dataclass(frozen=True, eq=False, repr=False)
class LayerScale(Layer):
    """Each channel times a weight of its own, small at first, as at the end of ConvNeXt's blocks.

    Args:
        init_value: what the weights are before training; it changes no count.
        num_channels: checked against the input where it is given.

    Raises:
        ConditionError: ``num_channels`` that the input does not have.

    >>> import symcnn as sc
    >>> sc.LayerScale().on((96, 56, 56)).params
    96
    """

    init_value: Any = option(1e-6, positional=True)
    num_channels: Any = told_by_input("C")

    def apply(self, x: Shape) -> Profile:
        """One multiplication for each element."""
        return Profile(
            x,
            x,
            weights={"weight": (x.channels,)},
            operations={"multiply": x},
            keeps={"input": x},
            windows=(POINT,) * len(x),
        )
