"""Activations without weights: one factory, since they differ in name alone.

PyTorch's names (``torch.nn``, "Non-linear Activations").
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..layer import Layer
from ..profile import Profile, Storage
from ..settings import option
from ..shape import Shape
from ..window import POINT


@dataclass(frozen=True, eq=False, repr=False)
class Activation(Layer):
    """A function of each element by itself: no weights, the same shape.

    Args:
        inplace: whether the output takes the place of the input in memory.

    >>> import symcnn as sc
    >>> sc.ReLU().on((64, 56, 56)).params, sc.GELU().on((64, 56, 56)).operations
    (0, {'gelu': 200704})
    """

    inplace: bool = option(False, positional=True)

    kept: ClassVar[tuple[str, ...]] = ("input",)
    """What the backward pass needs, as a profile's ``keeps`` names it."""

    kept_in_place: ClassVar[tuple[str, ...]] = ("tensor",)
    """The same where the input is overwritten: what needs it has made a copy."""

    def apply(self, x: Shape) -> Profile:
        """Every element once."""
        kind = type(self).__name__.lower()
        return Profile(
            x,
            x,
            operations={kind: x},
            keeps=dict.fromkeys(self.kept_in_place if self.inplace else self.kept, x),
            storage=Storage.IN_PLACE if self.inplace else Storage.NEW,
            windows=(POINT,) * len(x),
        )


INPUT, OUTPUT, COPY = ("input",), ("output",), ("tensor",)
MORE = ("input", "tensor")


def _activation(
    name: str, formula: str, kept: tuple[str, ...] = INPUT, kept_in_place: tuple[str, ...] = COPY
) -> type[Activation]:
    """An activation of this name, and what its backward pass needs."""
    text = f"The activation ``{formula}`` of each element; no weights. See ``Activation``."
    stated = {"kept": kept, "kept_in_place": kept_in_place}
    return type(name, (Activation,), {"__doc__": text, "__module__": __name__} | stated)


ReLU = _activation("ReLU", "max(x, 0)", OUTPUT, OUTPUT)
ReLU6 = _activation("ReLU6", "min(max(x, 0), 6)")
LeakyReLU = _activation("LeakyReLU", "max(x, 0) + a*min(x, 0)", kept_in_place=OUTPUT)
RReLU = _activation("RReLU", "max(x, 0) + a*min(x, 0), with a random a in training", MORE, OUTPUT + COPY)
ELU = _activation("ELU", "max(x, 0) + min(a*(exp(x) - 1), 0)", kept_in_place=OUTPUT)
SELU = _activation("SELU", "b*(max(x, 0) + min(a*(exp(x) - 1), 0))", kept_in_place=OUTPUT)
CELU = _activation("CELU", "max(x, 0) + min(a*(exp(x/a) - 1), 0)", kept_in_place=OUTPUT)
GELU = _activation("GELU", "x*Phi(x)")
SiLU = _activation("SiLU", "x*sigmoid(x)")
Mish = _activation("Mish", "x*tanh(softplus(x))")
Sigmoid = _activation("Sigmoid", "1/(1 + exp(-x))", OUTPUT, OUTPUT)
LogSigmoid = _activation("LogSigmoid", "log(sigmoid(x))", MORE)
Tanh = _activation("Tanh", "tanh(x)", OUTPUT, OUTPUT)
Hardtanh = _activation("Hardtanh", "min(max(x, -1), 1)")
Tanhshrink = _activation("Tanhshrink", "x - tanh(x)", COPY)
Hardsigmoid = _activation("Hardsigmoid", "min(max(x + 3, 0), 6)/6")
Hardswish = _activation("Hardswish", "x*min(max(x + 3, 0), 6)/6")
Hardshrink = _activation("Hardshrink", "x where |x| > a, else 0")
Softshrink = _activation("Softshrink", "sign(x)*max(|x| - a, 0)")
Softplus = _activation("Softplus", "log(1 + exp(x))")
Softsign = _activation("Softsign", "x/(1 + |x|)", MORE)
