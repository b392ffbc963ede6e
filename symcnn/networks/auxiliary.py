"""Heads that training alone runs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self

from ..errors import SymcnnError
from ..layer import Layer
from ..profile import INPUT, STORED, Part, Profile
from ..shape import Shape
from ..sizes import unknown_size
from .network import Children, Network, measured, require_layer


@dataclass(frozen=True, eq=False, repr=False)
class Auxiliary(Network):
    """A head beside the way of a network, run in training alone: its weights count, and its input goes on.

    What is asked about one input leaves its work out, as a network in evaluation mode does; what is
    asked about training, such as ``training_macs``, has it.

    C. Szegedy et al., Going Deeper with Convolutions (arXiv:1409.4842), section 5.

    Args:
        head: a layer or a network.

    Where a map is too small for the head, what is asked about training raises what the head says.

    Raises:
        SizeError: a head that is no layer.
        ShapeError: a head that cannot take the input, and whose weights depend on the map.

    >>> import symcnn as sc
    >>> head = sc.Auxiliary(sc.Sequential(sc.AdaptiveAvgPool2d(1), sc.Flatten(), sc.Linear(10)))
    >>> net = sc.Sequential(sc.Conv2d(16, 3), head, sc.Conv2d(8, 3), input=(3, 8, 8))
    >>> net.output, net.weights["1.head.2.weight"], net.params - head.on((16, 6, 6)).params
    (Shape(8, 4, 4), Shape(10, 16), 1608)
    >>> net.macs, head.on((16, 6, 6)).macs, net.training_macs - (3*net.macs - net[:1].macs)
    (33984, 0, 480)
    """

    head: Layer

    def check(self) -> None:
        """The head is a layer."""
        require_layer("head", self.head)

    @property
    def children(self) -> Children:
        """The head."""
        return (("head", self.head),)

    def with_children(self, layers: Iterable[Layer], **changes: Any) -> Self:
        """The same with another head."""
        return type(self)(*layers, **({"input": self.input, "defaults": self.defaults} | changes))

    def apply(self, x: Shape) -> Profile:
        """The input comes out; the head takes it too, and rests."""
        head = self._resting(x)
        return Profile(
            x,
            x,
            parts=(Part("head", head, (INPUT,)),),
            outputs=(INPUT,),
            tensors={},
            # What a head requires is for training alone; for its weights too, if these depend on the map.
            conditions=head.conditions if _stored_depend(head, x) else (),
        )

    def _resting(self, x: Shape) -> Profile:
        """The head's profile; where it cannot take the input, its weights are those it has on larger maps."""
        try:
            return measured("head", self.head, x).resting()
        except SymcnnError as error:
            axes = tuple(unknown_size(f"axis_{place}") for place in range(len(x.axes)))
            shape = Shape.of((x.channels, *axes))
            larger = self.head.measure(shape)
            if _stored_depend(larger, shape):
                raise
            return larger.resting(error)

    def words(self) -> list[str]:
        """The head."""
        return [repr(self.head)]


def _stored_depend(head: Profile, x: Shape) -> bool:
    """Whether the weights of a head depend on the sizes of the map that it takes."""
    map_sizes = {symbol for size in x.axes for symbol in size.free_symbols}
    stored = (size for role in STORED for row in head.rows(role) for size in row.sizes)
    return any(not size.free_symbols.isdisjoint(map_sizes) for size in stored)
