"""Layers whose weights are used more than once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Self

from ..errors import SizeError
from ..layer import Layer
from ..profile import Profile
from ..shape import Shape
from .network import Children, Network, require_layer


@dataclass(frozen=True, eq=False, repr=False)
class Shared(Network):
    """A layer whose weights are the same wherever it stands: counted once, at work every time.

    Two that are equal share their weights. To have two sets of weights of one kind of layer, give
    them names. Written into a ``Repeat``, one set serves every repetition.

    Args:
        layer: a layer or a network.
        name: which set of weights, where there are several of equal layers.

    Raises:
        SizeError: a layer that is none, a name that is no text.
        ShapeError: uses on inputs for which the weights would differ in shape.

    >>> import symcnn as sc
    >>> head = sc.Shared(sc.Conv2d(9, 3, padding=1))
    >>> sc.Sequential(head, sc.ReLU(), head, input=(9, 8, 8)).params, head.on((9, 8, 8)).macs
    (738, 46656)
    """

    layer: Layer
    name: str | None = None

    def check(self) -> None:
        """It is a layer, and the name is text."""
        require_layer("layer", self.layer)
        if self.name is not None and not isinstance(self.name, str):
            raise SizeError(f"name must be a text, got {self.name!r}")

    @property
    def children(self) -> Children:
        """The layer."""
        return (("layer", self.layer),)

    def with_children(self, layers: Iterable[Layer], **changes: Any) -> Self:
        """Another layer under the same name."""
        own: dict[str, Any] = {"name": self.name, "input": self.input, "defaults": self.defaults}
        (layer,) = layers
        return type(self)(layer, **(own | changes))

    def in_symbols(self, chosen: Callable[[Layer, str], bool], suffix: str = "") -> Self:
        """Textbook symbols that do not tell one use from another: they are the same weights."""
        layer = self.layer.in_symbols(chosen, f"_{self.name or 'shared'}")
        return self if layer is self.layer else self.with_children([layer])

    def apply(self, x: Shape) -> Profile:
        """What the layer does."""
        return self.layer.measure(x).sharing((self.layer, self.name))

    def words(self) -> list[str]:
        """The layer, and the name if there is one."""
        return [repr(self.layer), *([f"name={self.name!r}"] if self.name is not None else [])]
