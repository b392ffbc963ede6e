"""Profiles: what a layer does to a shape. Everything a user asks for derives from one.

A leaf states its weights, its operations, the tensors it makes, its windows and its conditions. A
network's profile has parts, which are its layers' profiles under their names. Parameters are
the sum over weights of the product of their shape, and every other total is such a sum too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any, NamedTuple, Protocol

from sympy import Expr, Integer, Symbol

from .errors import ShapeError, UnknownNameError, nearest
from .form import collected, factored
from .shape import Shape
from .sizes import Condition, Conditions, Size, free_symbols, reduced
from .window import ReceptiveField, Window, chained

MULTIPLY_ACCUMULATE = "multiply_accumulate"
"""The kind of operation that convolutions, linear layers and matrix products are made of."""

Sizes = tuple[Size, ...]


class Row(NamedTuple):
    """A line of the ledger: where it stands, what it is, and the sizes whose product it counts."""

    path: str
    role: str
    kind: str
    sizes: Sizes


class Part(NamedTuple):
    """A layer's profile under its name in the network around it."""

    name: str
    profile: Profile


class Source(Protocol):
    """Whoever made a profile: a layer, as far as profiles and reports need to know it."""

    def textbook(self, x: Shape) -> tuple[Profile, Mapping[Symbol, Expr]]:
        """Its profile in textbook symbols, and the value that each symbol has here."""


class Profile:
    """What a layer does to an input shape.

    Args:
        input: the shape that goes in.
        output: the shape that comes out.
        weights: the shape of every trainable weight, by name.
        buffers: the shape of every tensor that is stored and not trained, by name.
        operations: for each kind of operation the loops it is done in; their product counts it.
        tensors: the tensors made, by name; the output where nothing is said, none for a view.
        windows: what an output position sees along each axis of the input.
        conditions: what must hold of the sizes.
        parts: the profiles of the layers inside; a leaf has none.
        source: the layer.
    """

    def __init__(
        self,
        input: Shape,
        output: Shape,
        *,
        weights: Mapping[str, Sizes] | None = None,
        buffers: Mapping[str, Sizes] | None = None,
        operations: Mapping[str, Sizes] | None = None,
        tensors: Mapping[str, Sizes] | None = None,
        windows: tuple[Window, ...] = (),
        conditions: Conditions = (),
        parts: tuple[Part, ...] = (),
        source: Source | None = None,
    ) -> None:
        self.input = input
        self.output = output
        self.parts = parts
        self.source = source
        self._windows = windows
        self._conditions = conditions
        made = {"output": output} if tensors is None and not parts else tensors
        stated = {"weight": weights, "buffer": buffers, "operation": operations, "tensor": made}
        self._stated = {role: {n: _whole(s) for n, s in (named or {}).items()} for role, named in stated.items()}

    def made_by(self, source: Source, conditions: Conditions = ()) -> Profile:
        """The same profile, saying which layer made it and what else that layer requires."""
        signed = Profile.__new__(Profile)
        signed.__dict__.update(self.__dict__, source=source, _conditions=self._conditions + conditions)
        return signed

    # The ledger.

    def leaves(self, path: str = "") -> Iterator[tuple[str, Profile]]:
        """The profiles of all layers that have none inside, with their paths, in order."""
        if not self.parts:
            yield path, self
        for name, profile in self.parts:
            yield from profile.leaves(f"{path}.{name}" if path else name)

    def rows(self, role: str) -> Iterator[Row]:
        """The ledger's rows of one role: ``weight``, ``buffer``, ``operation`` or ``tensor``."""
        for path, leaf in self.leaves():
            for kind, sizes in leaf._stated[role].items():
                yield Row(path, role, kind, sizes)

    def total(self, role: str, kind: str | None = None) -> Expr:
        """The closed sum over the rows of a role, of one kind or of all."""
        products = Counter(row.sizes for row in self.rows(role) if kind in (None, row.kind))
        return collected(products) if self.parts else factored(products)

    # Totals.

    @cached_property
    def params(self) -> Expr:
        """Trainable weights.

        >>> import symcnn as sc
        >>> sc.Conv2d().params
        C_out*(C_in*k_h*k_w + 1)
        """
        return self.total("weight")

    @cached_property
    def buffers(self) -> Expr:
        """Numbers that are stored and not trained, such as a batch norm's running mean and variance.

        PyTorch's batch counter is not counted.

        >>> import symcnn as sc
        >>> sc.BatchNorm2d(64).buffers
        128
        """
        return self.total("buffer")

    @cached_property
    def macs(self) -> Expr:
        """Multiply-accumulates of convolutions, linear layers and matrix products, on one input.

        No bias and no normalisation is counted. This is what torchvision's tables call GFLOPS.

        >>> import symcnn as sc
        >>> sc.Conv2d(16, 3).on((3, 8, 8)).macs
        15552
        """
        return self.total("operation", MULTIPLY_ACCUMULATE)

    @cached_property
    def flops(self) -> Expr:
        """Two for each multiply-accumulate, as PyTorch's ``FlopCounterMode`` counts.

        >>> import symcnn as sc
        >>> sc.Conv2d(16, 3).on((3, 8, 8)).flops
        31104
        """
        return 2 * self.macs

    @cached_property
    def operations(self) -> dict[str, Expr]:
        """How often each kind of operation is done, on one input.

        >>> import symcnn as sc
        >>> sc.Conv2d(16, 3).on((3, 8, 8)).operations
        {'multiply_accumulate': 15552, 'bias': 576}
        """
        kinds = dict.fromkeys(row.kind for row in self.rows("operation"))
        return {kind: self.total("operation", kind) for kind in kinds}

    @cached_property
    def weights(self) -> dict[str, Shape]:
        """The shape of every trainable weight, by its path.

        >>> import symcnn as sc
        >>> sc.Sequential(sc.Conv2d(16, 3), sc.ReLU()).on((3, 8, 8)).weights
        {'0.weight': Shape(16, 3, 3, 3), '0.bias': Shape(16)}
        """
        return self._shapes("weight")

    @cached_property
    def tensors(self) -> dict[str, Shape]:
        """The shape of every tensor that the layers make, by its path.

        >>> import symcnn as sc
        >>> sc.Sequential(sc.Conv2d(16, 3), sc.ReLU()).on((3, 8, 8)).tensors
        {'0.output': Shape(16, 6, 6), '1.output': Shape(16, 6, 6)}
        """
        return self._shapes("tensor")

    def _shapes(self, role: str) -> dict[str, Shape]:
        return {f"{row.path}.{row.kind}".lstrip("."): Shape.of(row.sizes) for row in self.rows(role)}

    # What an output position sees.

    @cached_property
    def windows(self) -> tuple[Window, ...]:
        """What an output position sees along each axis of the input."""
        if not self.parts:
            return self._windows
        inside = [part.profile.windows for part in self.parts]
        # A layer that changes the number of axes sees all of each, so what follows adds nothing.
        axes = range(len(self.input.axes))
        return tuple(chained(windows[axis] for windows in inside if axis < len(windows)) for axis in axes)

    @cached_property
    def receptive_field(self) -> ReceptiveField:
        """How many input positions one output position depends on, along each axis.

        Padding counts as input, so it can be larger than the input is. Behind a layer that sees
        everything it is the whole input, and says so.

        Raises:
            ShapeError: the windows of a layer differ in size, as in adaptive pooling where the
                output's size does not divide the input's.

        >>> import symcnn as sc
        >>> net = sc.Sequential(sc.Conv2d(16, 7, stride=2), sc.MaxPool2d(3, 2))
        >>> net.receptive_field
        (11, 11)
        >>> sc.Sequential(net, sc.Flatten(), sc.Linear(10)).on((3, 64, 64)).receptive_field
        (64, 64): the whole input
        """
        if not all(window.regular for window in self.windows):
            path, leaf = next(found for found in self.leaves() if not all(w.regular for w in found[1].windows))
            raise ShapeError(_asked_by(path, leaf.source, "windows differ in size, so no one receptive field"))
        extents = zip(self.windows, self.input.axes, strict=True)
        return ReceptiveField(
            tuple(size if window.whole else window.extent for window, size in extents),
            whole=tuple(window.whole for window in self.windows),
        )

    # When it holds.

    @cached_property
    def conditions(self) -> Conditions:
        """What must hold of the sizes, reduced; each says which layer asks for it.

        >>> import symcnn as sc
        >>> H, W = sc.dims("H W")
        >>> sc.Sequential(sc.MaxPool2d(2), sc.MaxPool2d(2)).on((3, H, W)).conditions
        (H >= 4, W >= 4)
        """
        required = list(self._required())
        where = {id(condition): place for condition, place in reversed(required)}
        kept = reduced(condition for condition, _ in required)
        return tuple(replace(c, reason=_asked_by(*where[id(c)], c.reason)) for c in kept)

    def _required(self, path: str = "") -> Iterator[tuple[Condition, tuple[str, Source | None]]]:
        """Every condition, and the path and layer that ask for it."""
        for condition in self._conditions:
            yield condition, (path, self.source)
        for name, profile in self.parts:
            yield from profile._required(f"{path}.{name}" if path else name)

    @cached_property
    def symbols(self) -> tuple[Symbol, ...]:
        """Every symbol that any of this depends on, by name."""
        sizes = {size for role in self._stated for row in self.rows(role) for size in row.sizes}
        windows = [window for _, leaf in self.leaves() for window in leaf.windows]
        return tuple(free_symbols([self.input, *sizes, *windows, *(c for c, _ in self._required())]))

    def quantity(self, name: str) -> Expr | Sizes:
        """A total by its name, or the output shape or receptive field.

        Raises:
            UnknownNameError: there is no such quantity.
        """
        if name not in QUANTITIES:
            raise UnknownNameError(f"no quantity is named {name!r}{nearest(name, QUANTITIES)}")
        found: Expr | Sizes = getattr(self, name)
        return found

    def __repr__(self) -> str:
        return f"Profile({self.source!r}: {self.input} -> {self.output}, params={self.params})"


def _whole(sizes: Sequence[Any]) -> Sizes:
    """Sizes as a layer states them, which may be plain integers, as SymPy has them."""
    return tuple([Integer(size) if type(size) is int else size for size in sizes])


def _asked_by(path: str, source: Source | None, what: str) -> str:
    place = f"layer {path}, {source!r}" if path else repr(source)
    return f"{place}: {what}"


QUANTITIES = ("params", "buffers", "macs", "flops", "output", "receptive_field")
"""What can be asked for by name, explained, tabulated and compiled."""
