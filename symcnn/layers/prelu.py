"""The activation that learns its slope.

Formula: K. He, X. Zhang, S. Ren and J. Sun, Delving Deep into Rectifiers (arXiv:1502.01852), and
PyTorch's documentation of ``torch.nn.PReLU``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sympy import Integer

from ..layer import Layer
from ..profile import Profile
from ..settings import option, size
from ..shape import Shape
from ..sizes import Conditions, Size, same
from ..window import POINT


@dataclass(frozen=True, eq=False, repr=False)
class PReLU(Layer):
    """The activation ``max(x, 0) + a*min(x, 0)`` with a slope ``a`` to learn.

    Args:
        num_parameters: 1 slope for all, or one for each channel.
        init: taken as in PyTorch; it changes no count.

    Raises:
        SizeError: a ``num_parameters`` that is not a size.
        ConditionError: a ``num_parameters`` that is neither 1 nor the channels.

    >>> import symcnn as sc
    >>> sc.PReLU().on((64, 56, 56)).params, sc.PReLU(64).on((64, 56, 56)).params
    (1, 64)
    """

    num_parameters: Any = size("n", 1, positional=True)
    init: Any = option(0.25, positional=True)

    def apply(self, x: Shape) -> Profile:
        """Every element once."""
        return Profile(
            x,
            x,
            weights={"weight": (self.num_parameters,)},
            operations={"prelu": x},
            keeps={"input": x},
            windows=(POINT,) * len(x),
            conditions=self._one_or(x.channels),
        )

    def _one_or(self, channels: Size) -> Conditions:
        slopes = self.num_parameters
        if slopes in (1, channels):
            return ()

        def otherwise() -> str:
            return f"num_parameters must be 1 or the channels, got num_parameters={slopes} and {channels} channels"

        reason = "num_parameters is 1 or the channels"
        if slopes.is_Integer:
            return same(slopes, channels, otherwise, reason)
        # Either factor is 0.
        return same((slopes - 1) * (slopes - channels), Integer(0), otherwise, reason)
