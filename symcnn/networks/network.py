"""What all networks share: layers under names, one inside the other.

A network names its layers (``children``) and can be made again of others (``with_children``). The
general form, substitution, ``map`` and access by name are written once for all of them here.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

from sympy import Expr, Symbol

from ..errors import ShapeError, SizeError, SymcnnError, UnknownNameError, nearest
from ..layer import Layer, input_code
from ..profile import Profile, Row, Use, shared_uses
from ..settings import code
from ..shape import Shape
from ..sizes import Conditions, Size, same

LINE = 88
"""A ``repr`` longer than this is written over several lines."""

Children = tuple[tuple[str, Layer], ...]


@dataclass(frozen=True, eq=False, repr=False)
class Network(Layer):
    """A layer made of layers.

    ``defaults`` are published values of its symbols, for ``net.at(net.defaults)``. Those of symbols that
    it has not, because a number stands there, are dropped.
    """

    takes_several = True

    defaults: Mapping[Symbol, Any] = field(default_factory=dict, compare=False, kw_only=True)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.defaults:
            shape = self.textbook_input() if self.input is None else self.input
            used = self.opened().size_symbols() | shape.free_symbols
            own = {symbol: value for symbol, value in self.defaults.items() if symbol in used}
            object.__setattr__(self, "defaults", own)

    @property
    @abstractmethod
    def children(self) -> Children:
        """The layers inside, by name."""

    @abstractmethod
    def with_children(self, layers: Iterable[Layer], **changes: Any) -> Self:
        """The same network of other layers under the same names."""

    @abstractmethod
    def words(self) -> list[str]:
        """The arguments that make it again, as Python code; without its input and defaults."""

    @property
    def takes_any(self) -> bool:
        """Whether no layer inside is particular about its input."""
        return all(layer.takes_any for _, layer in self.children)

    def textbook_input(self, axes: int | None = None) -> Shape:
        """The input of the first layer that is particular about it."""
        particular = [layer for _, layer in self.children if not layer.takes_any]
        return particular[0].textbook_input(axes) if particular else super().textbook_input(axes)

    def on(self, shape: Any) -> Profile:
        """What the network does to an input of this shape; see ``Layer.on``."""
        profile = super().on(shape)
        return profile.requiring(same_weights(profile))

    # What is done to every layer inside.

    def in_symbols(self, chosen: Callable[[Layer, str], bool], suffix: str = "") -> Self:
        """The network with textbook symbols for the chosen settings, each layer's path in their names."""
        layers = [layer.in_symbols(chosen, f"{suffix}_{name}") for name, layer in self.children]
        same = all(a is b for a, (_, b) in zip(layers, self.children, strict=True))
        network = self if same else self.with_children(layers)
        return super(Network, network).in_symbols(chosen, suffix)

    def paired_sizes(self, symbolic: Layer) -> Iterator[tuple[Size, Size]]:
        """The sizes in a more general form of this network, each with its value here."""
        assert isinstance(symbolic, Network)
        yield from super().paired_sizes(symbolic)
        for (_, layer), (_, general) in zip(self.children, symbolic.children, strict=True):
            yield from layer.paired_sizes(general)

    def substituted(self, values: Mapping[Symbol, Expr]) -> Self:
        """The network with values put in for symbols in every layer."""
        left = {symbol: value for symbol, value in self.defaults.items() if symbol not in values}
        layers = [layer.substituted(values) for _, layer in self.children]
        return super(Network, self.with_children(layers, defaults=left)).substituted(values)

    def size_symbols(self) -> set[Symbol]:
        """The symbols in its own settings and in the layers inside."""
        return super().size_symbols().union(*(layer.size_symbols() for _, layer in self.children))

    def map(self, change: Callable[[Layer], Layer]) -> Self:
        """The network with every layer in it changed by a function."""
        return self.with_children([layer.map(change) for _, layer in self.children])

    def with_input(self, shape: Any) -> Self:
        """The same network for another input."""
        return self if shape == self.input else replace(self, input=shape)

    # Layers by name.

    def __getitem__(self, key: Any) -> Any:
        return self.called(key)

    def called(self, path: str) -> Layer:
        """The layer at a dotted path: ``net["features.0"]``.

        Raises:
            UnknownNameError: there is none.
        """
        name, _, rest = path.partition(".")
        layers = dict(self.children)
        if name not in layers:
            raise UnknownNameError(f"no layer is named {name!r} here{nearest(name, layers)}")
        found = layers[name]
        if rest and not isinstance(found, Network):
            raise UnknownNameError(f"layer {name}, {found!r}, has no layers inside, so there is no {path!r}")
        return found.called(rest) if rest and isinstance(found, Network) else found

    # How it shows itself.

    def __repr__(self) -> str:
        words = self.words()
        if self.input is not None:
            words.append(f"input={input_code(self.input)}")
        if self.defaults:
            published = ", ".join(f"{symbol}: {code(value)}" for symbol, value in self.defaults.items())
            words.append(f"defaults={{{published}}}")
        return f"{type(self).__name__}{_laid_out(words, '()')}"


def in_braces(words: list[str]) -> str:
    """Entries of a mapping as Python code, each on its own line where one is too short for all."""
    return _laid_out(words, "{}")


def _laid_out(words: list[str], brackets: str) -> str:
    line = ", ".join(words).join(brackets)
    if len(line) <= LINE:
        return line
    inside = "".join("    " + word.replace("\n", "\n    ") + ",\n" for word in words)
    return f"\n{inside}".join(brackets)


def same_weights(profile: Profile) -> Conditions:
    """Require that shared weights have one shape wherever they are used.

    Raises:
        ShapeError: they certainly have not; it names both places.
    """
    first: dict[object, Use] = {}
    conditions: Conditions = ()
    for use in shared_uses(profile):
        known = first.setdefault(use.profile.shared, use)
        for row, other in zip(_stored(use), _stored(known), strict=True):
            conditions += _one_shape(use, row, known, other)
    return conditions


def _stored(use: Use) -> list[Row]:
    return [*use.profile.rows("weight"), *use.profile.rows("buffer")]


def _one_shape(use: Use, row: Row, known: Use, other: Row) -> Conditions:
    name = f"{row.path}.{row.kind}".lstrip(".")
    for over in use.ranges:
        if any(over.index in size.free_symbols for size in row.sizes):
            shape = Shape.of(row.sizes)
            raise ShapeError(f"layer {use.path} shares its weights, but {name} has another shape each time: {shape}")

    def otherwise() -> str:
        shapes = Shape.of(other.sizes), Shape.of(row.sizes)
        return f"layers {known.path} and {use.path} share their weights, but {name} is {shapes[0]} and {shapes[1]}"

    pairs = zip(row.sizes, other.sizes, strict=True)
    return tuple(c for a, b in pairs for c in same(a, b, otherwise, f"{known.path} shares its weights"))


def measured(name: str, layer: Layer, shape: Shape) -> Profile:
    """A layer on a shape; errors say under which name it stands."""
    try:
        return layer.measure(shape)
    except SymcnnError as error:
        error.under(name)
        raise


def require_layer(name: str, value: Any) -> None:
    """Refuse a setting that is no layer; for the class of one say how a layer is made of it.

    Raises:
        SizeError: it is none.
    """
    if not isinstance(value, Layer):
        hint = f"; write {value.__name__}()" if isinstance(value, type) else ""
        raise SizeError(f"{name} must be a layer, got {value!r}{hint}")


def named(given: Iterable[Any], network: str, taken: Iterable[str] = ()) -> Children:
    """Names and layers; a layer without a name has its place as its name.

    Raises:
        SizeError: something that is no layer, or a name that is doubled, taken or has a dot.
    """
    found: dict[str, Layer] = {}
    for name, layer in _pairs(given):
        if not isinstance(layer, Layer):
            hint = f"; write {network}(*layers)" if isinstance(layer, list) else ""
            hint = f"; write {layer.__name__}()" if isinstance(layer, type) else hint
            raise SizeError(f"{network} takes layers, pairs (name, layer) or a mapping, got {layer!r}{hint}")
        if not isinstance(name, str) or not name or "." in name or name in found or name in taken:
            raise SizeError(f"{network}'s names are different strings without a dot, got {name!r}")
        found[name] = layer
    return tuple(found.items())


def named_words(children: Children) -> list[str]:
    """Layers as Python code; with their names, unless these are their places."""
    plain = all(name == str(place) for place, (name, _) in enumerate(children))
    return [repr(layer) if plain else f"({name!r}, {layer!r})" for name, layer in children]


def _pairs(given: Iterable[Any]) -> Iterator[tuple[Any, Any]]:
    place = 0
    for one in given:
        if isinstance(one, Mapping):
            pairs = list(one.items())
        elif isinstance(one, tuple) and len(one) == 2:
            pairs = [one]
        else:
            pairs = [(str(place), one)]
        yield from pairs
        place += len(pairs)
