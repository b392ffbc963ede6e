"""What a model is read from, as far as the network in the making needs it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from ...profile import Sizes
from ...sizes import Size


class Source(Protocol):
    """A model in another framework's form: what is stored in it, and how its sizes are read."""

    @property
    def parameters(self) -> Mapping[str, Sizes | tuple[int, ...]]:
        """The shapes of all that is trained, by name."""

    @property
    def buffers(self) -> Mapping[str, Sizes | tuple[int, ...]]:
        """The shapes of all that is stored and not trained, by name."""

    def read(self, size: Any) -> Size:
        """A size of the framework's."""

    def equal(self, one: Size, other: Size) -> bool:
        """Whether two sizes are taken to be the same."""
