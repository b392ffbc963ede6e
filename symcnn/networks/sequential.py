"""Layers in a row."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from sympy import Expr, Symbol

from ..errors import SizeError, SymcnnError, UnknownNameError, nearest
from ..layer import Layer, input_code
from ..profile import Part, Profile
from ..settings import code
from ..shape import Shape
from ..sizes import Size
from ..window import POINT

LINE = 88
"""A ``repr`` longer than this is written over several lines."""


@dataclass(frozen=True, eq=False, repr=False, init=False)
class Sequential(Layer):
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

    layers: tuple[tuple[str, Layer], ...] = ()
    defaults: Mapping[Symbol, Any] = field(default_factory=dict, compare=False, kw_only=True)

    def __init__(
        self, *given: Any, layers: Any = (), input: Any = None, defaults: Mapping[Symbol, Any] | None = None
    ) -> None:
        # ``layers`` by name is how ``dataclasses.replace`` calls.
        object.__setattr__(self, "layers", tuple(_named((*given, *layers))))
        object.__setattr__(self, "input", input)
        object.__setattr__(self, "defaults", dict(defaults or {}))
        self.__post_init__()

    @classmethod
    def check_call(cls, args: tuple[Any, ...], settings: Mapping[str, Any]) -> None:
        """Any number of layers may be given by position."""
        super().check_call((), settings)

    def apply(self, x: Shape) -> Profile:
        """Each layer on what the one before it gave."""
        shape, parts = x, []
        # Equal layers on equal shapes have equal profiles, and deep networks repeat themselves.
        known: dict[tuple[Layer, Shape], Profile] = {}
        for name, layer in self.layers:
            profile = known.get((layer, shape))
            if profile is None:
                profile = known[layer, shape] = _measured(name, layer, shape)
            parts.append(Part(name, profile))
            shape = profile.output
        return Profile(x, shape, parts=tuple(parts), tensors={}, windows=(POINT,) * len(x.axes))

    def textbook_input(self, axes: int | None = None) -> Shape:
        """The input of the first layer that is particular about it."""
        particular = [layer for _, layer in self.layers if not layer.takes_any]
        return particular[0].textbook_input(axes) if particular else super().textbook_input(axes)

    @property
    def takes_any(self) -> bool:
        """Whether no layer inside is particular about its input."""
        return all(layer.takes_any for _, layer in self.layers)

    # The layers inside.

    def _with(self, layers: Any, **changes: Any) -> Self:
        return type(self)(*layers, **({"input": self.input, "defaults": self.defaults} | changes))

    def in_symbols(self, chosen: Callable[[Layer, str], bool], suffix: str = "") -> Self:
        """The network with textbook symbols for the chosen settings, each layer's path in their names."""
        layers = tuple((name, layer.in_symbols(chosen, f"{suffix}_{name}")) for name, layer in self.layers)
        same = all(a is b for (_, a), (_, b) in zip(layers, self.layers, strict=True))
        return self if same else self._with(layers)

    def paired_sizes(self, symbolic: Layer) -> Iterator[tuple[Size, Size]]:
        """The sizes in a more general form of this network, each with its value here."""
        assert isinstance(symbolic, Sequential)
        for (_, layer), (_, general) in zip(self.layers, symbolic.layers, strict=True):
            yield from layer.paired_sizes(general)

    def with_input(self, shape: Shape | None) -> Self:
        """The same network for another input."""
        return self._with(self.layers, input=shape)

    def substituted(self, values: Mapping[Symbol, Expr]) -> Self:
        """The network with values put in for symbols in every layer."""
        layers = [(name, layer.substituted(values)) for name, layer in self.layers]
        left = {symbol: value for symbol, value in self.defaults.items() if symbol not in values}
        return self._with(layers, defaults=left)

    def sizes(self) -> Iterator[Size]:
        """Every size in the settings of the layers inside."""
        return (size for _, layer in self.layers for size in layer.sizes())

    def map(self, change: Callable[[Layer], Layer]) -> Self:
        """The network with every layer in it changed by a function."""
        return self._with([(name, layer.map(change)) for name, layer in self.layers])

    def __len__(self) -> int:
        return len(self.layers)

    def __iter__(self) -> Iterator[Layer]:
        return (layer for _, layer in self.layers)

    def __getitem__(self, key: int | str | slice) -> Any:
        if isinstance(key, slice):
            return self._sliced(key)
        if isinstance(key, str):
            return self._called(key)
        try:
            return self.layers[key][1]
        except IndexError:
            raise IndexError(f"there is no layer {key}; the network has {len(self)}") from None

    def _called(self, path: str) -> Layer:
        name, _, rest = path.partition(".")
        layers = dict(self.layers)
        if name not in layers:
            raise UnknownNameError(f"no layer is named {name!r} here{nearest(name, layers)}")
        found = layers[name]
        if rest and not isinstance(found, Sequential):
            raise UnknownNameError(f"layer {name}, {found!r}, has no layers inside, so there is no {path!r}")
        inner: Layer = found[rest] if rest else found  # type: ignore[index]
        return inner

    def _sliced(self, key: slice) -> Self:
        """Some of the layers in a row; with the input that the first of them has here."""
        chosen = self.layers[key]
        start, _, step = key.indices(len(self))
        if self.input is None or not chosen or step != 1:
            return self._with(chosen, input=self.input if start == 0 else None)
        return self._with(chosen, input=self.profile.parts[start].profile.input)

    def __repr__(self) -> str:
        plain = all(name == str(i) for i, (name, _) in enumerate(self.layers))
        words = [repr(layer) if plain else f"({name!r}, {layer!r})" for name, layer in self.layers]
        if self.input is not None:
            words.append(f"input={input_code(self.input)}")
        if self.defaults:
            published = ", ".join(f"{symbol}: {code(value)}" for symbol, value in self.defaults.items())
            words.append(f"defaults={{{published}}}")
        line = f"{type(self).__name__}({', '.join(words)})"
        if len(line) <= LINE:
            return line
        inside = "".join(f"    {word},\n".replace("\n    ", "\n        ") for word in words)
        return f"{type(self).__name__}(\n{inside})"


def _measured(name: str, layer: Layer, shape: Shape) -> Profile:
    try:
        return layer.measure(shape)
    except SymcnnError as error:
        error.under(name)
        raise


def _named(layers: tuple[Any, ...]) -> Iterator[tuple[str, Layer]]:
    """Names and layers; a layer without a name has its place as its name."""
    seen: set[str] = set()
    for name, layer in _pairs(layers):
        if not isinstance(layer, Layer):
            hint = "; write Sequential(*layers)" if isinstance(layer, list) else ""
            hint = f"; write {layer.__name__}()" if isinstance(layer, type) else hint
            raise SizeError(f"Sequential takes layers, pairs (name, layer) or a mapping, got {layer!r}{hint}")
        if not isinstance(name, str) or not name or "." in name or name in seen:
            raise SizeError(f"Sequential's names are different strings without a dot, got {name!r}")
        seen.add(name)
        yield name, layer


def _pairs(layers: tuple[Any, ...]) -> Iterator[tuple[Any, Any]]:
    place = 0
    for given in layers:
        if isinstance(given, Mapping):
            pairs = list(given.items())
        elif isinstance(given, tuple) and len(given) == 2:
            pairs = [given]
        else:
            pairs = [(str(place), given)]
        yield from pairs
        place += len(pairs)
