"""Layers that pass on what they get."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..errors import SizeError
from ..layer import Layer
from ..profile import Profile, Sizes, Storage
from ..settings import option
from ..shape import Shape
from ..window import POINT


@dataclass(frozen=True, eq=False, repr=False)
class Identity(Layer):
    """Nothing is done.

    >>> import symcnn as sc
    >>> sc.Identity().on((64, 7, 7)).output
    Shape(64, 7, 7)
    """

    def apply(self, x: Shape) -> Profile:
        """The input comes out."""
        return Profile(x, x, tensors={}, windows=(POINT,) * len(x))


@dataclass(frozen=True, eq=False, repr=False)
class Dropout(Identity):
    """Dropout: elements are left out in training, with probability ``p``; on one input nothing is done.

    In training PyTorch keeps a mask of a byte for each element on a GPU, and of floating-point numbers
    on a CPU and where it works in place.

    Raises:
        SizeError: ``p`` is not a number from 0 to 1.

    >>> import symcnn as sc
    >>> sc.Dropout(0.2).on((4096,)).params
    0
    """

    p: Any = option(0.5, positional=True)
    inplace: bool = option(False, positional=True)

    def check(self) -> None:
        """``p`` is a probability."""
        _probability(self.p)

    def apply(self, x: Shape) -> Profile:
        """The input comes out, and in training some of its elements."""
        if self.p == 0:
            return super().apply(x)
        storage = Storage.IN_PLACE if self.inplace else Storage.IN_TRAINING
        keeps = {"tensor" if self.inplace else "mask": x}
        return Profile(x, x, tensors={}, keeps=keeps, storage=storage, windows=(POINT,) * len(x))


@dataclass(frozen=True, eq=False, repr=False)
class StochasticDepth(Identity):
    """Stochastic depth: a whole branch is left out in training; on one input nothing is done.

    Args:
        p: with what probability.
        mode: ``"row"`` for each input by itself, ``"batch"`` for all of a batch together.

    Raises:
        SizeError: ``p`` is not a number from 0 to 1, another mode.

    Source: G. Huang et al., Deep Networks with Stochastic Depth (arXiv:1603.09382), and
    torchvision's documentation of ``torchvision.ops.StochasticDepth``.

    >>> import symcnn as sc
    >>> sc.StochasticDepth(0.1).on((96, 56, 56)).operations
    {}
    """

    p: Any = option(0.5, positional=True)
    mode: str = option("row", positional=True)

    def check(self) -> None:
        """``p`` is a probability, and there are two modes."""
        _probability(self.p)
        if self.mode not in ("row", "batch"):
            raise SizeError(f"mode must be 'row' or 'batch', got {self.mode!r}")

    def apply(self, x: Shape) -> Profile:
        """The input comes out, and in training a multiple of it, which may be none."""
        if self.p == 0:
            return super().apply(x)
        keeps: dict[str, Sizes] = {"tensor" if self.mode == "row" else "batch_statistic": ()}
        windows = (POINT,) * len(x)
        return Profile(x, x, tensors={}, keeps=keeps, storage=Storage.IN_TRAINING, windows=windows)


def _probability(p: Any) -> None:
    if isinstance(p, bool) or not isinstance(p, int | float) or not 0 <= p <= 1:
        raise SizeError(f"p must be a number from 0 to 1, got {p!r}")
