"""A layer at many places, each by itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Self

from ...errors import ShapeError
from ...layer import Layer
from ...networks import Network
from ...profile import Profile, Sizes
from ...shape import Shape, Shapes
from ...window import POINT, WHOLE


@dataclass(frozen=True, eq=False, repr=False)
class Each(Network):
    """A layer on each of the places along the first axis by itself, always with the same weights.

    Args:
        layer: the layer, or a network, on an input without that axis.

    Raises:
        ShapeError: an input of one axis, or a layer of several outputs.

    >>> import symcnn as sc
    >>> frames = Each(sc.Conv2d(8, 3)).on((5, 3, 10, 10))
    >>> frames.output, frames.params, frames.macs
    (Shape(5, 8, 8, 8), 224, 69120)
    """

    layer: Layer

    @property
    def children(self) -> tuple[tuple[str, Layer], ...]:
        """The layer."""
        return (("layer", self.layer),)

    def with_children(self, layers: Iterable[Layer], **changes: Any) -> Self:
        """Another layer at each place."""
        (layer,) = layers
        return replace(self, layer=layer, **changes)

    def apply(self, x: Shape) -> Profile:
        """What the layer does, so many times; its weights once."""
        if len(x) < 2:
            raise ShapeError(f"takes an input of several axes, got {x}")
        places, *sizes = x
        once = self.layer.measure(Shape.of(tuple(sizes)))
        if isinstance(once.output, Shapes):
            raise ShapeError(f"takes a layer of one output, got {once.output}")

        kept: dict[str, list[Sizes]] = {}
        for row in once.rows("kept"):
            kept.setdefault(row.kind, []).append((places, *row.sizes))
        return Profile(
            x,
            Shape.of((places, *once.output)),
            weights=_named(once, "weight"),
            buffers=_named(once, "buffer"),
            operations={kind: (places, count) for kind, count in once.operations.items()},
            tensors={name: (places, *sizes) for name, sizes in _named(once, "tensor").items()},
            activations={name: (places, *sizes) for name, sizes in _named(once, "activation").items()},
            keeps=kept,
            windows=(POINT, *(WHOLE,) * len(sizes)),
            conditions=once.conditions,
            uncounted=", ".join(once.uncounted.values()),
        )

    def words(self) -> list[str]:
        """The layer."""
        return [repr(self.layer)]


def _named(profile: Profile, role: str) -> dict[str, Sizes]:
    """The sizes of a role, under the names that they have in a network."""
    return {".".join(filter(None, (row.path, row.kind))): row.sizes for row in profile.rows(role)}
