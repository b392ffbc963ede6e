"""The fully connected layer.

Formula: PyTorch's documentation of ``torch.nn.Linear``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..errors import ShapeError
from ..layer import Layer
from ..profile import MULTIPLY_ACCUMULATE, Profile
from ..settings import LEFT_OUT, option, size, told_by_input
from ..shape import Shape
from ..sizes import Size, textbook_symbol
from ..window import POINT, WHOLE


@dataclass(frozen=True, eq=False, repr=False)
class Linear(Layer):
    """A fully connected layer: every output feature sees every feature along the last axis.

    Parameters: ``F_in·F_out + F_out``.

    Args:
        out_features: how many outputs.
        bias: whether each output has one.
        in_features: checked against the input where it is given. After a map of three or more
            axes it must be given, since a ``Flatten`` is missing there more often than not.

    Raises:
        SizeError: a setting that is not a size.
        ShapeError: a map with spatial axes as input, and no ``in_features``.
        ConditionError: ``in_features`` that the input does not have.

    >>> import symcnn as sc
    >>> sc.Linear().params, sc.Linear(64, in_features=128).params
    (F_out*(F_in + 1), 8256)
    """

    out_features: Any = size("F_out", positional=True)
    bias: bool = option(True)
    in_features: Any = told_by_input("F_in")

    @property
    def takes_any(self) -> bool:
        """It takes any, but its textbook's is features alone."""
        return False

    def told(self, x: Shape) -> Size:
        """The features are the last axis."""
        return x[-1]

    def textbook_input(self, axes: int | None = None) -> Shape:
        """Features, after the axes that the layer does not look at."""
        return Shape.of((*(textbook_symbol(f"T_{i}") for i in range(axes or 0)), self._told_symbol()))

    def apply(self, x: Shape) -> Profile:
        """One multiply-accumulate for each weight, at each position of the other axes."""
        if len(x) > 2 and self.in_features is LEFT_OUT:
            raise ShapeError(
                f"acts on the last axis, and {x} ends in a spatial one: put Flatten() before it, "
                f"or say in_features={x[-1]} if that axis is meant"
            )
        weight = (self.out_features, x[-1])
        output = Shape.of((*x[:-1], self.out_features))
        return Profile(
            x,
            output,
            weights={"weight": weight} | ({"bias": (self.out_features,)} if self.bias else {}),
            operations={MULTIPLY_ACCUMULATE: (*weight, *x[:-1])} | ({"bias": output} if self.bias else {}),
            keeps={"input" if len(x) == 1 else "contiguous": x},
            windows=(*[POINT] * len(x.axes), WHOLE),
        )
