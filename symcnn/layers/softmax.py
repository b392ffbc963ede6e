"""Activations that look along an axis: softmax and its kin, and the gated linear unit.

Formulas: PyTorch's documentation of ``torch.nn.Softmax``; Y. N. Dauphin, A. Fan, M. Auli and
D. Grangier, Language Modeling with Gated Convolutional Networks (arXiv:1612.08083), for the unit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sympy import Integer

from ..layer import Layer
from ..profile import Profile
from ..shape import Shape
from ..sizes import divides
from ..window import POINT, WHOLE, Window
from .fields import axis_of, integer


@dataclass(frozen=True, eq=False, repr=False)
class Softmax(Layer):
    """Softmax: ``exp(x)`` of each element, divided by the sum along an axis.

    Args:
        dim: the axis, counted without the batch: 0 is the channels, PyTorch's 1.

    Raises:
        SizeError: a ``dim`` that is not an integer.
        ShapeError: an input that has no such axis.

    >>> import symcnn as sc
    >>> sc.Softmax().on((1000,)).operations
    {'softmax': 1000}
    """

    dim: int = integer(0, positional=True)

    kind: ClassVar[str] = "softmax"

    def apply(self, x: Shape) -> Profile:
        """Every element once, by all along the axis."""
        along = axis_of(x, self.dim, "dim")
        windows = tuple(WHOLE if axis == along else POINT for axis in range(1, len(x)))
        return Profile(x, x, operations={self.kind: x}, keeps={"output": x}, windows=windows)


class LogSoftmax(Softmax):
    """The logarithm of softmax; see ``Softmax``."""

    kind = "logsoftmax"


class Softmin(Softmax):
    """Softmax of ``-x``; see ``Softmax``."""

    kind = "softmin"


class Softmax2d(Layer):
    """Softmax over the channels of a map, at each place by itself.

    >>> import symcnn as sc
    >>> sc.Softmax2d().on((21, 8, 8)).operations
    {'softmax': 1344}
    """

    ranks = (2,)

    def apply(self, x: Shape) -> Profile:
        """Every element once."""
        return Softmax(0).apply(x)


@dataclass(frozen=True, eq=False, repr=False)
class GLU(Layer):
    """The gated linear unit: the first half of an axis times the sigmoid of the second.

    Args:
        dim: the axis, counted without the batch: 0 is the channels, -1 the last.

    Raises:
        SizeError: a ``dim`` that is not an integer.
        ShapeError: an input that has no such axis.
        ConditionError: an axis of odd size.

    >>> import symcnn as sc
    >>> sc.GLU(0).on((64, 28, 28)).output
    Shape(32, 28, 28)
    """

    dim: int = integer(-1, positional=True)

    def apply(self, x: Shape) -> Profile:
        """One operation for each element of the output."""
        along = axis_of(x, self.dim, "dim")
        size = x[along]
        half = size / 2
        output = Shape.of((*x[:along], half, *x[along + 1 :]))
        return Profile(
            x,
            output,
            operations={"glu": output},
            keeps={"input": x},
            # The two elements lie half the axis apart.
            windows=tuple(Window(half + 1) if axis == along else POINT for axis in range(1, len(x))),
            conditions=divides(
                Integer(2),
                x[along],
                lambda: f"halves an axis of even size, got {x[along]} of {x}",
                "the axis is halved",
            ),
        )
