"""Normalisation.

Formulas: S. Ioffe and C. Szegedy, Batch Normalization (arXiv:1502.03167); A. Krizhevsky,
I. Sutskever and G. Hinton, ImageNet Classification with Deep Convolutional Neural Networks (2012),
section 3.3, for local response normalisation; PyTorch's documentation of both.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..layer import Layer
from ..profile import Profile
from ..settings import option, size, told_by_input
from ..shape import Shape
from ..window import POINT


@dataclass(frozen=True, eq=False, repr=False)
class BatchNorm(Layer):
    """Batch normalisation: a scale and a shift for each channel, and two running statistics.

    Args:
        num_features: the channels; checked against the input where they are given.
        eps, momentum: taken as in PyTorch; they change no count.
        affine: whether there is a scale and a shift to learn.
        track_running_stats: whether a running mean and variance are stored.

    Raises:
        ConditionError: ``num_features`` that the input does not have.

    >>> import symcnn as sc
    >>> sc.BatchNorm2d(64).params, sc.BatchNorm2d(64).buffers
    (128, 128)
    """

    num_features: Any = told_by_input("C", positional=True)
    eps: Any = option(1e-5)
    momentum: Any = option(0.1)
    affine: bool = option(True)
    track_running_stats: bool = option(True)

    def apply(self, x: Shape) -> Profile:
        """Every element is normalised."""
        each = (x.channels,)
        return Profile(
            x,
            x,
            weights={"weight": each, "bias": each} if self.affine else {},
            buffers={"running_mean": each, "running_var": each} if self.track_running_stats else {},
            operations={"normalise": x},
            windows=(POINT,) * len(x.axes),
        )


class BatchNorm1d(BatchNorm):
    """Batch normalisation over ``(channels, length)`` or ``(features,)``; see ``BatchNorm``."""

    ranks = (1, 0)


class BatchNorm2d(BatchNorm):
    """Batch normalisation over ``(channels, height, width)``; see ``BatchNorm``."""

    ranks = (2,)


class BatchNorm3d(BatchNorm):
    """Batch normalisation over ``(channels, depth, height, width)``; see ``BatchNorm``."""

    ranks = (3,)


@dataclass(frozen=True, eq=False, repr=False)
class LocalResponseNorm(Layer):
    """Local response normalisation: each element by its neighbours in ``size`` channels.

    ``alpha``, ``beta`` and ``k`` are taken as in PyTorch; they change no count.

    >>> import symcnn as sc
    >>> sc.LocalResponseNorm(5).on((96, 55, 55)).operations
    {'local_response': 1452000}
    """

    size: Any = size("n", positional=True)
    alpha: Any = option(1e-4)
    beta: Any = option(0.75)
    k: Any = option(1.0)

    def apply(self, x: Shape) -> Profile:
        """Every element looks at ``size`` channels."""
        return Profile(x, x, operations={"local_response": (*x, self.size)}, windows=(POINT,) * len(x.axes))
