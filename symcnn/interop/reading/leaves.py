"""Layers that only imported networks have: what a program does between the layers that have names.

Their sizes, where they have any, are those that the program has for the network's own input: ``at``
puts values in, and an input for which they would not hold is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Self

from sympy import Expr, Integer, expand

from ...layer import Layer
from ...layers.fields import ShapeSetting, axis_of
from ...networks import Network
from ...profile import Profile, Sizes, Storage
from ...settings import Setting, code, collapsed, declared, option
from ...shape import Shape
from ...sizes import Condition, Conditions, as_size, recheck, same
from ...window import POINT, WHOLE


class _StatedSetting(ShapeSetting):
    """Sizes that a program states; a general form keeps them. ``None`` stands for the input's."""

    def admit(self, value: Any, name: str, rank: int) -> Any:
        return None if value is None else super().admit(value, name, rank)

    def general(self, value: Any, rank: int, suffix: str) -> Any:
        return value

    def sizes(self, value: Any) -> Iterator[Expr]:
        return iter(()) if value is None else super().sizes(value)

    def rebuilt(self, value: Any, change: Callable[[Expr], Expr]) -> Any:
        return None if value is None else super().rebuilt(value, change)

    def shown(self, value: Any) -> str:
        return "None" if value is None else collapsed(list(map(code, value)), plain=False)


class _ShapesSetting(Setting):
    """Shapes by name: pairs of a name and sizes."""

    def admit(self, value: Any, name: str, rank: int) -> Any:
        return tuple((one, tuple(as_size(size, one) for size in sizes)) for one, sizes in value)

    def sizes(self, value: Any) -> Iterator[Expr]:
        return (size for _, sizes in value for size in sizes)

    def rebuilt(self, value: Any, change: Callable[[Expr], Expr]) -> Any:
        return tuple((name, tuple(map(change, sizes))) for name, sizes in value)

    def shown(self, value: Any) -> str:
        pairs = [f"({name!r}, {collapsed(list(map(code, sizes)), plain=False)})" for name, sizes in value]
        return collapsed(pairs, plain=False)


def _stated() -> Any:
    return declared(_StatedSetting("n", None), None, positional=False)


def _shapes() -> Any:
    return declared(_ShapesSetting(default=()), (), positional=False)


def _as_taken(taken: Sizes | None, x: Shape, what: str) -> Conditions:
    """Require the input to be what sizes were stated for."""

    def otherwise() -> str:
        return f"{what} states its sizes for an input of {Shape.of(taken or ())}, got {x}"

    if taken is None:
        return ()
    pairs = [(Integer(len(taken)), Integer(len(x))), *zip(taken, x, strict=False)]
    return tuple(c for a, b in pairs for c in same(a, b, otherwise, "the input is what the sizes are stated for"))


@dataclass(frozen=True, eq=False, repr=False)
class Operation(Layer):
    """An operation without weights that has no layer of its own: its kind, and the shape that it gives.

    Args:
        kind: what is done, in a word.
        output_sizes: the shape that comes out; the input's where nothing is said.
        taken: the input that this is stated for.
        view: whether nothing is computed.
        known: whether that is all it does; else its counts are lower bounds.

    >>> Operation("exp").on((8, 4)).operations
    {'exp': 32}
    """

    kind: str = option("", positional=True)
    output_sizes: Any = _stated()
    taken: Any = _stated()
    view: bool = option(False)
    known: bool = option(True)

    def apply(self, x: Shape) -> Profile:
        """One operation for each element of the output."""
        output = x if self.output_sizes is None else Shape.of(self.output_sizes)
        window = POINT if self.output_sizes is None else WHOLE
        return Profile(
            x,
            output,
            operations={} if self.view or not self.known else {self.kind: output},
            tensors={} if self.view else None,
            storage=Storage.RESHAPED if self.view else None,
            keeps={} if self.view else {"input": x},
            windows=(window,) * len(x),
            conditions=_as_taken(self.taken, x, self.kind),
            uncounted="" if self.known else self.kind,
        )


class _AxesSetting(Setting):
    """Numbers of axes."""

    def admit(self, value: Any, name: str, rank: int) -> Any:
        return tuple(value)


@dataclass(frozen=True, eq=False, repr=False)
class Reduction(Layer):
    """One number for each place along the other axes: a mean, a sum, a largest element.

    Args:
        kind: what is done, in a word.
        over: the axes that are reduced, counted without the batch.
        keepdim: whether these axes stay, with size 1.

    >>> Reduction("mean", (1, 2)).on((64, 7, 7)).output
    Shape(64)
    """

    kind: str = option("mean", positional=True)
    over: Any = declared(_AxesSetting(default=()), (), positional=True)
    keepdim: bool = option(False)

    def apply(self, x: Shape) -> Profile:
        """One operation for each element of the input."""
        over = {axis_of(x, axis, "over") for axis in self.over}
        kept = [axis for axis in range(len(x)) if axis not in over]
        sizes = tuple(Integer(1) if i in over else size for i, size in enumerate(x) if self.keepdim or i not in over)
        gone = iter(range(len(kept), len(x)))
        places = () if self.keepdim else tuple(kept.index(i) if i in kept else next(gone) for i in range(len(x)))
        windows = tuple(WHOLE if axis in over else POINT for axis in range(len(x)))
        output = Shape.of(sizes or (Integer(1),))
        return Profile(x, output, operations={self.kind: x}, windows=windows, places=places, keeps={"input": x})


@dataclass(frozen=True, eq=False, repr=False)
class Constant(Layer):
    """A tensor that is the same whatever the input is, such as a class token.

    >>> Constant(output_sizes=(1, 768)).on((196, 768)).output
    Shape(1, 768)
    """

    output_sizes: Any = _stated()

    def apply(self, x: Shape) -> Profile:
        """The tensor; nothing is computed."""
        return Profile(x, Shape.of(self.output_sizes), tensors={}, windows=(WHOLE,) * len(x))


class _ConditionsSetting(Setting):
    """Conditions, as triples of a left side, an operator and a right side, which are no sizes themselves."""

    def admit(self, value: Any, name: str, rank: int) -> Any:
        return tuple((expand(left), sign, expand(right)) for left, sign, right in value)

    def rebuilt(self, value: Any, change: Callable[[Expr], Expr]) -> Any:
        return tuple((change(left), sign, change(right)) for left, sign, right in value)

    def shown(self, value: Any) -> str:
        return collapsed([f"({code(left)}, {sign!r}, {code(right)})" for left, sign, right in value], plain=False)


TRACED = "the model is read for it; read it at other sizes with at="


@dataclass(frozen=True, eq=False, repr=False)
class Traced(Layer):
    """What a program was traced for: beyond it, it may do otherwise. Nothing is done.

    Args:
        taken: the input.
        where: what holds of its sizes, as triples such as ``(2, "|", H)``.

    >>> import symcnn as sc
    >>> H, W = sc.dims("H W")
    >>> Traced(taken=(3, H, W), where=((Integer(2), "|", H),)).on((3, H, W)).conditions
    (2 | H,)
    """

    taken: Any = _stated()
    where: Any = declared(_ConditionsSetting(default=()), (), positional=False)

    def apply(self, x: Shape) -> Profile:
        """The input comes out."""
        conditions = _as_taken(self.taken, x, "the program")
        for left, sign, right in self.where:
            conditions += tuple(replace(c, reason=TRACED) for c in recheck(Condition(left, sign, right), {}))
        return Profile(x, x, tensors={}, windows=(POINT,) * len(x), conditions=conditions)


@dataclass(frozen=True, eq=False, repr=False)
class Stored(Network):
    """A layer whose weights are stored in another form than its own, or at another place.

    So are weights that are computed of others before they are used, a product with a bare parameter, and
    weights that another layer has stored already.

    Args:
        layer: the layer.
        weights_stored: pairs of a name and a shape: the weights that are stored here.
        buffers_stored: the same for what is not trained.
        products: pairs of a name and the loops of multiply-accumulates by which the weights are computed.

    >>> import symcnn as sc
    >>> Stored(sc.Conv2d(8, 3), weights_stored=(("weight_g", (8, 1, 1, 1)),)).on((3, 8, 8)).params
    8
    """

    layer: Layer
    weights_stored: Any = _shapes()
    buffers_stored: Any = _shapes()
    products: Any = _shapes()

    @property
    def children(self) -> tuple[tuple[str, Layer], ...]:
        """The layer."""
        return (("layer", self.layer),)

    def with_children(self, layers: Iterable[Layer], **changes: Any) -> Self:
        """Another layer with the same weights stored."""
        (layer,) = layers
        return replace(self, layer=layer, **changes)

    def apply(self, x: Shape) -> Profile:
        """What the layer does, with the weights that are stored."""
        profile = self.layer.measure(x).storing(dict(self.weights_stored), dict(self.buffers_stored))
        return profile.doing(sizes for _, sizes in self.products)

    def words(self) -> list[str]:
        """The layer, and what is stored."""
        return [repr(self.layer), *(f"{name}={text}" for name, text in self._given().items())]
