"""A layer of your own: a class that says what it does to a shape. Everything else follows.

Highway layers (R. K. Srivastava, K. Greff, J. Schmidhuber, arXiv:1505.00387) mix a transformed
input with the input itself, as a gate decides: two dense layers on the same features.
"""

from dataclasses import dataclass
from typing import Any

import symcnn as sc
from symcnn.profile import MULTIPLY_ACCUMULATE
from symcnn.settings import option, told_by_input
from symcnn.window import WHOLE


@dataclass(frozen=True, eq=False, repr=False)
class Highway(sc.Layer):
    """A highway layer over flat features."""

    features: Any = told_by_input("F", positional=True)
    bias: bool = option(True)

    ranks = (0,)

    def apply(self, x: sc.Shape) -> sc.Profile:
        """The transform and the gate each have a square matrix."""
        square, each = (x.channels, x.channels), (x.channels,)
        weights = {"transform.weight": square, "gate.weight": square}
        biases = {"transform.bias": each, "gate.bias": each} if self.bias else {}
        return sc.Profile(
            x,
            x,
            weights=weights | biases,
            operations={MULTIPLY_ACCUMULATE: (2, *square), "sigmoid": x},
            windows=(WHOLE,) * len(x.axes),
        )


if __name__ == "__main__":
    sc.testing.check_layer(Highway(), (16,))  # The laws that every layer obeys.
    print(Highway().params)
    print(sc.Sequential(sc.Linear(64), Highway(), Highway(), input=(784,)).summary())
    print(Highway(64).explain())
