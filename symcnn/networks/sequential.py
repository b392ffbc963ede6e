"""Layers in a row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self

from sympy import Symbol

from ..layer import Layer
from ..profile import Part, Profile
from ..shape import Shape
from ..window import POINT
from .network import Children, Network, measured, named, named_words


@dataclass(frozen=True, eq=False, repr=False, init=False)
class Sequential(Network):
    """Layers in a row, each on the output of the one before; a layer itself.

    Args:
        given: layers; to name them, pairs ``(name, layer)`` or a mapping from names to layers.
        input: the shape that the network's own quantities are for.
        defaults: published values of its symbols, for ``net.at(net.defaults)``.

    It has a length, and is indexed and sliced like a list, or by name: ``net["features.0"]``. A
    size that a layer inside left out has its path in its symbol's name: ``C_out_features_0``.

    Raises:
        SizeError: something that is no layer, or a name that is doubled or has a dot.

    >>> import symcnn as sc
    >>> net = sc.Sequential(sc.Conv2d(16, 3), sc.Flatten(), sc.Linear(10), input=(3, 8, 8))
    >>> net.params, net[:2].output, len(net)
    (6218, Shape(576), 3)
    """

    layers: Children = ()

    def __init__(
        self, *given: Any, layers: Any = (), input: Any = None, defaults: Mapping[Symbol, Any] | None = None
    ) -> None:
        # ``layers`` by name is how ``dataclasses.replace`` calls.
        object.__setattr__(self, "layers", named((*given, *layers), "Sequential"))
        object.__setattr__(self, "input", input)
        object.__setattr__(self, "defaults", dict(defaults or {}))
        self.__post_init__()

    @classmethod
    def check_call(cls, args: tuple[Any, ...], settings: Mapping[str, Any]) -> None:
        """Any number of layers may be given by position."""
        super().check_call((), settings)

    @property
    def children(self) -> Children:
        """The layers in their row."""
        return self.layers

    def with_children(self, layers: Iterable[Layer], **changes: Any) -> Self:
        """The same names with other layers."""
        return self._with(zip((name for name, _ in self.layers), layers, strict=True), **changes)

    def apply(self, x: Shape) -> Profile:
        """Each layer on what the one before it gave."""
        shape, parts = x, []
        # Equal layers on equal shapes have equal profiles, and deep networks repeat themselves.
        known: dict[tuple[Layer, Shape], Profile] = {}
        for name, layer in self.layers:
            profile = known.get((layer, shape))
            if profile is None:
                profile = known[layer, shape] = measured(name, layer, shape)
            parts.append(Part(name, profile))
            shape = profile.output
        return Profile(x, shape, parts=tuple(parts), tensors={}, windows=(POINT,) * len(x))

    def words(self) -> list[str]:
        """The layers."""
        return named_words(self.layers)

    # A list.

    def _with(self, layers: Iterable[Any], **changes: Any) -> Self:
        return type(self)(*layers, **({"input": self.input, "defaults": self.defaults} | changes))

    def __len__(self) -> int:
        return len(self.layers)

    def __iter__(self) -> Iterator[Layer]:
        return (layer for _, layer in self.layers)

    def __getitem__(self, key: int | str | slice) -> Any:
        if isinstance(key, slice):
            return self._sliced(key)
        if isinstance(key, str):
            return self.called(key)
        try:
            return self.layers[key][1]
        except IndexError:
            raise IndexError(f"there is no layer {key}; the network has {len(self)}") from None

    def _sliced(self, key: slice) -> Self:
        """Some of the layers in a row; with the input that the first of them has here."""
        chosen = self.layers[key]
        start, _, step = key.indices(len(self))
        if self.input is None or not chosen or step != 1:
            return self._with(chosen, input=self.input if start == 0 else None)
        return self._with(chosen, input=self.profile.parts[start].profile.input)
