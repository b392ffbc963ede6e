"""Shapes: channels first, then any number of axes; no batch axis."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sympy import Add, Expr, Mul, Symbol

from .errors import ShapeError
from .sizes import Size, as_size, canonical


class Shape(tuple[Size, ...]):
    """The shape of one tensor, without its batch axis: ``Shape(3, 224, 224)``.

    A tuple of SymPy expressions: the channels, then the axes (height and width; depth, height and
    width; a length). A flat tensor has channels alone, its features.

    Raises:
        SizeError: an entry that is not a size.

    >>> from symcnn import Shape, dims
    >>> H, W = dims("H W")
    >>> x = Shape(3, H, W)
    >>> x.channels, x.axes, x.elements
    (3, (H, W), 3*H*W)
    """

    __slots__ = ()

    def __new__(cls, *sizes: Any) -> Shape:
        if not sizes:
            raise ShapeError("a shape has at least one size, got none")
        return tuple.__new__(cls, (as_size(size, f"size {i} of a shape") for i, size in enumerate(sizes)))

    def __getnewargs__(self) -> tuple[Size, ...]:
        return tuple(self)

    @classmethod
    def of(cls, sizes: tuple[Size, ...]) -> Shape:
        """A shape of sizes that came through the door already."""
        return tuple.__new__(cls, sizes)

    @property
    def channels(self) -> Size:
        """The first size: channels, or features of a flat tensor."""
        return self[0]

    @property
    def axes(self) -> tuple[Size, ...]:
        """The sizes after the channels."""
        return self[1:]

    @property
    def elements(self) -> Expr:
        """How many numbers a tensor of this shape holds."""
        return Mul(*self)

    @property
    def free_symbols(self) -> set[Symbol]:
        """The symbols in any of the sizes."""
        return {symbol for size in self for symbol in size.free_symbols}

    def with_channels(self, channels: Size) -> Shape:
        """The same axes with other channels."""
        return Shape.of((channels, *self.axes))

    def substituted(self, values: Mapping[Symbol, Expr]) -> Shape:
        """The shape with values put in for symbols."""
        return Shape.of(tuple(canonical(size.xreplace(values)) for size in self))

    def __repr__(self) -> str:
        return f"Shape({', '.join(map(str, self))})"


class Shapes(Shape):
    """The shapes of several tensors by name: what a graph of several inputs takes, or gives.

    As a tuple it has the sizes of all of them in a row.

    >>> from symcnn.shape import Shapes
    >>> pair = Shapes.named({"left": (3, 8, 8), "right": (1, 8, 8)})
    >>> pair["left"], pair.elements
    (Shape(3, 8, 8), 256)
    """

    by_name: dict[str, Shape]

    @classmethod
    def named(cls, shapes: Any) -> Shapes:
        """Shapes from a mapping, or from pairs of a name and a shape."""
        by_name = {name: as_shape(shape) for name, shape in dict(shapes).items()}
        several = tuple.__new__(cls, (size for shape in by_name.values() for size in shape))
        several.by_name = by_name
        return several

    def __reduce__(self) -> Any:
        return Shapes.named, (self.by_name,)

    def __getitem__(self, key: Any) -> Any:
        return self.by_name[key] if isinstance(key, str) else tuple.__getitem__(self, key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Shapes) and self.by_name == other.by_name

    def __hash__(self) -> int:
        return hash(tuple(self.by_name.items()))

    @property
    def axes(self) -> tuple[Size, ...]:
        """None: several tensors have no axes in common."""
        return ()

    @property
    def elements(self) -> Expr:
        """How many numbers the tensors hold together."""
        return Add(*(shape.elements for shape in self.by_name.values()))

    def substituted(self, values: Mapping[Symbol, Expr]) -> Shapes:
        """The shapes with values put in for symbols."""
        return Shapes.named({name: shape.substituted(values) for name, shape in self.by_name.items()})

    def __repr__(self) -> str:
        return f"{{{', '.join(f'{name!r}: {shape!r}' for name, shape in self.by_name.items())}}}"


def as_shape(value: Any) -> Shape:
    """A shape from a ``Shape`` or a tuple such as ``(3, 224, 224)``.

    Raises:
        ShapeError: anything else.
        SizeError: an entry that is not a size.
    """
    if isinstance(value, Shape):
        return value
    if isinstance(value, tuple | list):
        return Shape(*value)
    raise ShapeError(f"an input shape is a tuple (channels, *axes) such as (3, 224, 224), got {value!r}")
