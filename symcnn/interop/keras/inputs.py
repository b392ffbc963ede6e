"""What goes into a model: a shape in Keras's order of axes, and sizes at which Keras is asked as well."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sympy import Integer, Symbol

from ...errors import ShapeError, SymcnnError
from ...layer import AXIS_SYMBOLS
from ...shape import Shape
from ...sizes import Size, dims, free_symbols
from .tensors import Order, leading, plain


class Given(NamedTuple):
    """An input: its name, its sizes as Keras has them, the order that it is kept in, and its type."""

    name: str
    sizes: tuple[Size, ...]
    order: Order
    dtype: Any

    @property
    def shape(self) -> Shape:
        """Its shape, in that order."""
        return Shape.of(tuple(self.sizes[self.order.index(place)] for place in range(len(self.order))))


SAMPLES = ((224, 64), (320, 96), (227, 34))
"""The first value of each sample, and how much more each further symbol has: two that halve evenly, one odd."""


def samples(sizes: Sequence[Size]) -> tuple[dict[Symbol, Integer], ...]:
    """Values for the open sizes, at which Keras's own shapes are compared; one, empty, where none is open."""
    symbols = free_symbols([*sizes])
    if not symbols:
        return ({},)
    ordered = sorted(symbols, key=str)
    return tuple({one: Integer(first + step * i) for i, one in enumerate(ordered)} for first, step in SAMPLES)


def shape_of(given: Any, rank: int | None) -> tuple[Size, ...]:
    """The shape that a user gives, without the batch.

    Raises:
        SymcnnError: something that is no shape.
        ShapeError: one of another number of axes than the model takes.
    """
    if not isinstance(given, tuple | list) or not given:
        example = "('H', 'W', 3)"
        raise SymcnnError(
            f"input must be a shape without the batch, in the model's order, such as {example}, got {given!r}"
        )
    sizes = tuple(Shape(*(dims(size) if isinstance(size, str) else size for size in given)))
    if rank is not None and len(sizes) != rank:
        raise ShapeError(f"the model takes an input of {rank} axes without the batch, got input={given!r}")
    return sizes


def by_name(given: Any, names: Sequence[str]) -> dict[str, Any]:
    """The shapes that a user gives for several inputs; None for each if there are none.

    Raises:
        SymcnnError: something else than a shape for each name.
    """
    if given is None:
        return dict.fromkeys(names)
    if not isinstance(given, Mapping) or {*given} != {*names}:
        wanted = ", ".join(f"{name!r}: (...)" for name in names)
        raise SymcnnError(f"a model of several inputs takes a shape for each, input={{{wanted}}}, got {given!r}")
    return dict(given)


def opened(shape: Sequence[int | None], order: Order) -> tuple[Size, ...]:
    """A shape of Keras's, where ``None`` is the symbol of its place: H and W, or D, H and W, or L."""
    channels = order.index(0)
    if order == plain(len(order)) and shape[0] is None:  # What has no maps has its features last.
        channels = len(order) - 1
    axes = [axis for axis in range(len(shape)) if axis != channels or len(shape) == 1]
    letters = AXIS_SYMBOLS.get(len(axes)) or tuple(f"n_{axis}" for axis in range(len(axes)))
    names = dict(zip(axes, letters, strict=True)) | ({} if len(shape) == 1 else {channels: "C"})
    return tuple(Integer(size) if size is not None else dims(names[axis]) for axis, size in enumerate(shape))


def order_of(keras: Any, layers: Sequence[Any], shape: Sequence[int | None]) -> Order:
    """The order in which an input is kept: channels first where layers take it as a map, else as it is.

    Which axis has the channels, the first layer says that is for maps of so many axes. Where none does, it is the
    axis whose size is known; and where all are, Keras's usual one.
    """
    rank = len(shape)
    formats = [one.data_format for one in _within(keras, layers) if _for_maps(one, rank)]
    if rank == 3:
        known = shape[-1] is None and shape[0] is not None
        formats.append("channels_first" if known else keras.config.image_data_format())
    last = bool(formats) and formats[0] == "channels_last"
    return leading(rank, rank - 1) if last else plain(rank)


def _for_maps(layer: Any, rank: int) -> bool:
    spec = getattr(layer, "input_spec", None)
    ndim = getattr(spec, "ndim", None) or getattr(spec, "min_ndim", None)
    return getattr(layer, "data_format", None) is not None and ndim == rank + 1


def _within(keras: Any, layers: Sequence[Any]) -> Iterator[Any]:
    for one in layers:
        if isinstance(one, keras.Model):
            yield from _within(keras, one.layers)
        else:
            yield one
