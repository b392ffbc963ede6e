"""What a model stores, under the paths that Keras has."""

from __future__ import annotations

import math
from typing import Any

from ...profile import Sizes
from ...sizes import Size, as_size
from ..reading.values import Constant


class Weights:
    """The weights of a model: ``parameters`` are trained; ``buffers``, those of frozen layers too, are not.

    Seeds of random numbers are no weights, in Keras too.
    """

    def __init__(self, model: Any) -> None:
        trained = {id(one) for one in model.trainable_weights}
        self.names: dict[int, str] = {}
        self.values: dict[int, Any] = {}
        self.parameters: dict[str, tuple[int, ...]] = {}
        self.buffers: dict[str, tuple[int, ...]] = {}
        for one in model.weights:
            name = self._named(one)
            place = self.parameters if id(one) in trained else self.buffers
            place[name] = tuple(one.shape)

    def _named(self, variable: Any) -> str:
        """Its path; of several of one path all but the first have a number before the last word."""
        words, number = variable.path.replace(".", "_").split("/"), 0
        name = ".".join(words)
        while name in self.parameters or name in self.buffers:
            number += 1
            name = ".".join([*words[:-1], str(number), words[-1]])
        self.names[id(variable)] = name
        self.values[id(variable.value)] = variable
        return name

    def variable(self, given: Any) -> Any:
        """The weight that something is, or is the value of: older releases of Keras note the value; else None."""
        return given if id(given) in self.names else self.values.get(id(given))

    def trained(self, variable: Any) -> bool:
        """Whether a weight is trained."""
        return self.names.get(id(variable)) in self.parameters

    def constant(self, variable: Any) -> Constant:
        """A weight as what a layer is given; one that the model does not list is stored nowhere."""
        name = self.names.get(id(variable))
        return Constant(tuple(map(as_size, variable.shape)), name, (name,) if name else ())

    # As the network in the making needs it.

    def read(self, size: Any) -> Size:
        """A size of Keras's is a number."""
        return as_size(size)

    def equal(self, one: Size, other: Size) -> bool:
        """Sizes are the same where they have the same form."""
        return bool(one == other)


def elements(variable: Any) -> int:
    """How many numbers a weight has."""
    return math.prod(variable.shape)


def sizes_of(variable: Any) -> Sizes:
    """A weight's sizes."""
    return tuple(map(as_size, variable.shape))
