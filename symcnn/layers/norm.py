"""Normalisation of each channel.

Formulas: S. Ioffe and C. Szegedy, Batch Normalization (arXiv:1502.03167); D. Ulyanov, A. Vedaldi and
V. Lempitsky, Instance Normalization (arXiv:1607.08022); A. Krizhevsky, I. Sutskever and G. Hinton,
ImageNet Classification with Deep Convolutional Neural Networks (2012), section 3.3, for local
response normalisation; PyTorch's documentation of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sympy import Mul

from ..layer import Layer
from ..profile import Profile
from ..settings import option, size, told_by_input
from ..shape import Shape
from ..sizes import Conditions, at_least
from ..window import POINT, WHOLE


@dataclass(frozen=True, eq=False, repr=False)
class BatchNorm(Layer):
    """Batch normalisation: a scale and a shift for each channel, and two running statistics.

    Args:
        num_features: the channels; checked against the input where they are given.
        eps, momentum: taken as in PyTorch; they change no count.
        affine: whether there is a scale and a shift to learn.
        scale: whether there is a scale then; Keras has normalisations without one, PyTorch has not.
        track_running_stats: whether a running mean and variance are stored. Where they are not,
            each output depends on the whole of its channel.

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
    scale: bool = option(True)

    def apply(self, x: Shape) -> Profile:
        """Every element is normalised."""
        each = (x.channels,)
        names = ("weight", "bias") if self.scale else ("bias",)
        return Profile(
            x,
            x,
            weights=dict.fromkeys(names, each) if self.affine else {},
            buffers={"running_mean": each, "running_var": each} if self.track_running_stats else {},
            operations={"normalise": x},
            keeps=self.kept(x),
            windows=(POINT, *(POINT if self.track_running_stats else WHOLE,) * len(x.axes)),
            conditions=self.statistics_of(x),
        )

    def kept(self, x: Shape) -> dict[str, Any]:
        """The backward pass needs the input, and a mean and a deviation of each channel over the whole batch."""
        return {"input": x, "batch_statistic": [(x.channels,)] * 2}

    def statistics_of(self, x: Shape) -> Conditions:
        """What must hold for there to be statistics; a batch may always have more than one input."""
        return ()


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
class InstanceNorm(BatchNorm):
    """Instance normalisation: each channel of each input by its own mean and variance.

    The settings are those of ``BatchNorm``, with PyTorch's defaults: nothing to learn, and no
    running statistics. Without these a channel must have more than one place.

    Raises:
        ConditionError: ``num_features`` that the input does not have, a map of a single place.

    >>> import symcnn as sc
    >>> sc.InstanceNorm2d().on((64, 56, 56)).params, sc.InstanceNorm2d(affine=True).on((64, 56, 56)).params
    (0, 128)
    """

    affine: bool = option(False)
    track_running_stats: bool = option(False)

    def kept(self, x: Shape) -> dict[str, Any]:
        """The input, and of each of its channels a mean and a deviation, and copies of the weight and the buffers."""
        copies = (1 if self.affine else 0) + (2 if self.track_running_stats else 0)
        return {"input": x, "statistic": [(x.channels,)] * (2 + copies)}

    def statistics_of(self, x: Shape) -> Conditions:
        """Of a single place there are none."""
        if self.track_running_stats:
            return ()
        return at_least(
            Mul(*x.axes),
            2,
            lambda: f"a channel must have more than one place where no running statistics are tracked, got {x}",
            "a channel has more than one place",
        )


class InstanceNorm1d(InstanceNorm):
    """Instance normalisation over ``(channels, length)``; see ``InstanceNorm``."""

    ranks = (1,)


class InstanceNorm2d(InstanceNorm):
    """Instance normalisation over ``(channels, height, width)``; see ``InstanceNorm``."""

    ranks = (2,)


class InstanceNorm3d(InstanceNorm):
    """Instance normalisation over ``(channels, depth, height, width)``; see ``InstanceNorm``."""

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
        padded = (x.channels + self.size - 1, *x.axes)  # The squares, from which the sums are averaged.
        return Profile(
            x,
            x,
            operations={"local_response": (*x, self.size)},
            keeps={"input": x, "tensor": [padded, x, x]},
            windows=(POINT,) * len(x.axes),
        )
