"""What a network's totals may depend on: its symbols, the sizes of its layers, and how often a layer stands there.

A size of a layer is varied in all layers of a kind that have the same one: what if every 3×3 were k×k?
Where they cannot all change at once, one of them does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, NamedTuple

from sympy import Expr, Integer

from ...errors import SymcnnError
from ...layer import Layer, settings_of
from ...layers.conv import Conv
from ...networks import Network, Repeat, Sequential
from ...settings import (
    AXES,
    LEFT_OUT,
    AxesSetting,
    PaddingSetting,
    Setting,
    SizeSetting,
    per_axis,
)

Change = Callable[[Layer], Layer]


class Place(NamedTuple):
    """A layer in a network: its path there, and which one it is of all that are met on the way."""

    path: str
    number: int
    layer: Layer


@dataclass(frozen=True)
class Factor:
    """A size of some layers, ``Conv2d.kernel_size``, that has one value in all of them.

    ``put`` gives such a layer another value. ``symbolic`` tells whether a symbol may stand there at a
    reasonable cost: with a stride, sizes are quotients of quotients.
    """

    name: str
    value: Expr
    places: tuple[Place, ...]
    put: Callable[[Layer, Any], Layer]
    symbolic: bool = True

    def varied(self, net: Layer, value: Any) -> Layer:
        """The network with another value in all the layers."""
        numbers = {place.number for place in self.places}
        changed = rebuilt(net, lambda number, layer: self.put(layer, value) if number in numbers else layer)
        return changed.with_input(net.input)

    def alone(self, place: Place) -> Factor:
        """The same size of one of the layers only."""
        kind, _, setting = self.name.partition(".")
        return replace(self, name=f"{place.path or kind}.{setting}", places=(place,))

    @property
    def where(self) -> str:
        """The layers, as people say it."""
        return self.places[0].path if len(self.places) == 1 else f"{len(self.places)} layers"

    @property
    def next_values(self) -> tuple[Expr, ...]:
        """The values that may be next: one more, two for a kernel; for groups, which divide, a multiple."""
        if self.name.endswith(".groups"):
            return (2 * self.value, 3 * self.value)
        return (self.value + 2,) if "kernel_size" in self.name else (self.value + 1, self.value + 2)

    @property
    def odd(self) -> bool:
        """Whether odd values follow each other, as kernels' do that have a middle."""
        return bool("kernel_size" in self.name and self.value.is_odd)


def rebuilt(net: Layer, change: Callable[[int, Layer], Layer]) -> Layer:
    """A network with every layer and network in it changed by a function, which is told which one it is."""
    count = iter(range(10**9))

    def walk(layer: Layer) -> Layer:
        changed = change(next(count), layer)
        if changed is not layer or not isinstance(layer, Network):
            return changed
        return layer.with_children([walk(child) for _, child in layer.children])

    return walk(net)


def places_of(net: Layer) -> Iterator[Place]:
    """Every layer and network, in the order in which ``rebuilt`` meets them."""
    count = iter(range(10**9))

    def walk(path: str, layer: Layer) -> Iterator[Place]:
        yield Place(path, next(count), layer)
        if isinstance(layer, Network):
            for name, child in layer.children:
                yield from walk(f"{path}.{name}" if path else name, child)

    return walk("", net)


def factors_of(net: Layer) -> list[Factor]:
    """The sizes of a network's layers, each once, and the depth of those that can be repeated."""
    found: dict[tuple[str, Expr], Factor] = {}
    for place in places_of(net):
        for name, value, put, symbolic in _sizes(place.layer):
            key = (name, value)
            known = found.get(key)
            places = (place,) if known is None else (*known.places, place)
            found[key] = Factor(name, value, places, put, symbolic)
    return list(found.values())


def _sizes(layer: Layer) -> Iterator[tuple[str, Expr, Callable[[Layer, Any], Layer], bool]]:
    """The sizes of a layer: their names, values, how another is put in, and whether it may be a symbol."""
    kind = type(layer).__name__
    for name, setting in settings_of(type(layer)).items():
        for part, value, write in _parts(layer, name, setting):
            put = _with_padding(write) if name == "kernel_size" and _has_filters(layer) else _putter(name, write)
            yield f"{kind}.{name}{part}", value, put, name not in ("stride", "groups")
    if not isinstance(layer, Network) and _weighted(layer):
        yield f"{kind} × n", Integer(1), _repeated, True


def _putter(name: str, write: Callable[[Layer, Any], Any]) -> Callable[[Layer, Any], Layer]:
    return lambda layer, value: replace(layer, **{name: write(layer, value)})


def _with_padding(write: Callable[[Layer, Any], Any]) -> Callable[[Layer, Any], Layer]:
    """Another kernel, and as much more padding as keeps the output's size: so that the filter alone is larger."""

    def put(layer: Layer, value: Any) -> Layer:
        kernel = per_axis(write(layer, value), "kernel_size", layer.rank)
        changes: dict[str, Any] = {"kernel_size": kernel, "padding": _more_padding(layer, kernel)}
        return replace(layer, **changes)

    return put


def _more_padding(layer: Any, kernel: tuple[Any, ...]) -> tuple[Any, ...]:
    grown = [(new - old) * d / 2 for new, old, d in zip(kernel, layer.kernel_size, layer.dilation, strict=True)]
    return tuple((before + more, after + more) for (before, after), more in zip(layer.padding, grown, strict=True))


def _has_filters(layer: Layer) -> bool:
    """Whether a layer has filters, and padding that is told in numbers: pools have windows, and no bias."""
    settings = settings_of(type(layer))
    return {"bias", "padding", "dilation"} <= settings.keys() and getattr(layer, "padding", "same") != "same"


def _keeps_size(layer: Any) -> bool:
    """Whether the padding is half the kernel, so that maps keep their size."""
    return all(pair == (end, end) for pair, end in zip(layer.padding, _ends(layer.kernel_size, layer), strict=True))


def _ends(kernel: tuple[Any, ...], layer: Any) -> list[Any]:
    """The padding at both ends of each axis that keeps its size."""
    return [(k - 1) * d / 2 for k, d in zip(kernel, layer.dilation, strict=True)]


def _repeated(layer: Layer, value: Any) -> Layer:
    """A layer a number of times in a row; where it makes maps smaller, the further ones keep their size."""
    first = replace(layer, input=None)
    if not isinstance(layer, Conv) or layer.padding == "same" or _keeps_size(layer):
        return Repeat(first, value)
    kept: dict[str, Any] = {"padding": "same"}
    return Sequential(first, Repeat(replace(first, **kept), value - 1))


def _weighted(layer: Layer) -> bool:
    """Whether a layer has channels or features of its own, so that one more of it adds weights, and room for it."""
    settings = settings_of(type(layer))
    strides = {*(getattr(layer, "stride", None) or ())} - {Integer(1)}
    return not strides and any(name in settings for name in ("out_channels", "out_features"))


Part = tuple[str, Expr, Callable[[Layer, Any], Any]]


def _parts(layer: Layer, name: str, setting: Setting) -> Iterator[Part]:
    """The sizes of a setting: one for all axes where they are equal, else one for each axis."""
    value = getattr(layer, name)
    if value is LEFT_OUT or (value is None and not setting.follows):
        return
    if type(setting) is SizeSetting:
        yield "", value, lambda _, new: new
    elif isinstance(setting, PaddingSetting):
        yield from _padding(layer, name)
    elif type(setting) is AxesSetting:
        given = getattr(layer, setting.follows) if value is None else value
        yield from _axes(given, layer.rank)


def _axes(given: tuple[Expr, ...], rank: int) -> Iterator[Part]:
    if len(set(given)) == 1:
        yield "", given[0], lambda _, new: new
        return
    for axis, size in enumerate(given):
        yield f"_{AXES[rank][axis]}", size, partial(_on_axis, given, axis)


def _on_axis(given: tuple[Expr, ...], axis: int, layer: Layer, new: Any) -> tuple[Any, ...]:
    """Another size along one axis."""
    return (*given[:axis], new, *given[axis + 1 :])


def _padding(layer: Layer, name: str) -> Iterator[Part]:
    """Padding that is the same at all ends; that of ``"same"`` in a convolution that does not stride."""
    value = getattr(layer, name)
    if value == "same":
        ends = set(_ends(layer.kernel_size, layer))  # type: ignore[attr-defined]
        steps = set(layer.stride)  # type: ignore[attr-defined]
        if len(ends) == 1 and steps == {Integer(1)} and all(end.is_integer for end in ends):
            yield "", ends.pop(), lambda _, new: new
        return
    ends = {end for pair in value for end in pair}
    if len(ends) == 1:
        yield "", ends.pop(), lambda _, new: new


def first_possible(net: Layer, factor: Factor) -> tuple[Factor, Expr, Layer] | None:
    """A factor that can have its next value, in all its layers or in one of them: with that, and the network then."""
    some = [factor.alone(place) for place in dict.fromkeys((*factor.places[:2], *factor.places[-1:]))]
    for chosen in [factor, *(some if len(factor.places) > 1 else [])]:
        for value in chosen.next_values:
            try:
                varied = chosen.varied(net, value)
                varied.profile  # noqa: B018 - building it checks the sizes
            except SymcnnError:
                continue
            return chosen, value, varied
    return None
