"""Profiles: what a layer does to a shape. Everything a user asks for derives from one.

A leaf states its weights, its operations, the tensors it makes, its windows and its conditions. A
network's profile has parts, which are its layers' profiles under their names. Parameters are
the sum over weights of the product of their shape, and every other total is such a sum too.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any, Protocol

from sympy import Add, Expr, Integer, Mul, Symbol

from ..errors import ShapeError, SymcnnError, UnknownNameError, brief, nearest
from ..shape import Shape, Shapes
from ..sizes import Condition, Conditions, free_symbols, reduced
from ..window import IRREGULAR, POINT, WHOLE, PerAxis, ReceptiveField, Window
from .ledger import ADDED_UP, INPUT, MULTIPLY_ACCUMULATE, Leaf, Part, Range, Row, Sizes, closed, leaves
from .seen import Seen, met
from .storage import Storage


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
        operations: for each kind of operation the loops it is done in; their product counts it. A
            kind that is done in several loops has a list of them.
        tensors: the tensors made, by name; the output where nothing is said, none for a view.
        activations: the tensors made by convolutions, by name.
        keeps: what the backward pass needs, by kind; see ``storage.KEPT``. What has several tensors of
            one kind has a list of them.
        storage: where the output lies; where nothing is said it is a tensor of its own, or a view if
            there are no ``tensors``.
        windows: what an output position sees along each axis of the input; with or without the first
            axis, the channels, all of which it sees where nothing is said.
        places: where each axis of the input stands in the output; where it stood, if nothing is said.
        conditions: what must hold of the sizes.
        parts: the profiles of the layers inside, each with what it takes; a leaf has none.
        outputs: the parts whose output is the network's; the last one where nothing is said.
        shared: what stands for the weights, where others that say the same use them too.
        uncounted: what is done here that no count knows of; all totals are lower bounds then.
        source: the layer.
    """

    def __init__(
        self,
        input: Shape,
        output: Shape,
        *,
        weights: Mapping[str, Sizes] | None = None,
        buffers: Mapping[str, Sizes] | None = None,
        operations: Mapping[str, Sizes | Sequence[Sizes]] | None = None,
        tensors: Mapping[str, Sizes] | None = None,
        activations: Mapping[str, Sizes] | None = None,
        keeps: Mapping[str, Sizes | Sequence[Sizes]] | None = None,
        storage: Storage | None = None,
        windows: tuple[Window, ...] = (),
        places: tuple[int, ...] = (),
        conditions: Conditions = (),
        parts: tuple[Part, ...] = (),
        outputs: tuple[str, ...] = (),
        shared: Hashable = None,
        uncounted: str = "",
        source: Source | None = None,
    ) -> None:
        self.input = input
        self.output = output
        self.parts = parts
        self.outputs = outputs or tuple(part.name for part in parts[-1:])
        self.shared = shared
        self._uncounted = uncounted
        self.idle = False
        self.refused: SymcnnError | None = None
        self.source = source
        self._seen = Seen((WHOLE, *windows) if len(windows) < len(input) else windows, places)
        self._conditions = conditions
        made = {"output": tuple(output)} if tensors is None and not parts else tensors
        self.storage = storage or (Storage.NEW if made else Storage.VIEW)
        stated = (weights, buffers, operations, made, activations, keeps)
        self._stated = {
            role: tuple(_products(named)) if named else () for role, named in zip(ROLES, stated, strict=True)
        }

    def made_by(self, source: Source, conditions: Conditions = ()) -> Profile:
        """The same profile, saying which layer made it and what else that layer requires."""
        return self._changed(source=source, _conditions=self._conditions + conditions)

    def requiring(self, conditions: Conditions) -> Profile:
        """The same profile with further conditions."""
        return self._changed(_conditions=self._conditions + conditions) if conditions else self

    def sharing(self, weights: Hashable) -> Profile:
        """The same profile, its weights being one set wherever ``weights`` are said."""
        return self._changed(shared=weights)

    def storing(self, weights: Mapping[str, Sizes], buffers: Mapping[str, Sizes]) -> Profile:
        """The same profile with other weights and buffers, under other names or in other shapes."""
        stored = {"weight": tuple(_products(weights)), "buffer": tuple(_products(buffers))}
        return self._changed(_stated=self._stated | stored)

    def doing(self, products: Iterable[Sizes]) -> Profile:
        """The same profile with further multiply-accumulates."""
        more = tuple(_products({MULTIPLY_ACCUMULATE: list(products)}))
        return self._changed(_stated=self._stated | {"operation": self._stated["operation"] + more})

    def resting(self, refused: SymcnnError | None = None) -> Profile:
        """The same profile of what training alone runs: it has its weights, and does nothing on one input.

        ``refused`` says why training cannot run it on this input, if it cannot.
        """
        return self._changed(idle=True, refused=refused)

    def _changed(self, **changes: Any) -> Profile:
        other = Profile.__new__(Profile)
        other.__dict__.update(self.__dict__, **changes)
        return other

    # The ledger.

    def leaves(self) -> Iterator[Leaf]:
        """The layers that have none inside, with their paths, in order."""
        return leaves(self)

    def stated(self, role: str) -> tuple[tuple[str, Sizes], ...]:
        """What a leaf states of one role: names, and sizes whose product counts."""
        return self._stated[role]

    def rows(self, role: str) -> Iterator[Row]:
        """The ledger's rows of one role, which is one of ``ROLES``."""
        return (row for leaf in self.leaves() for row in leaf.rows(role))

    def total(self, role: str, kind: str | None = None) -> Expr:
        """The closed sum over the rows of a role, of one kind or of all."""
        if not self.parts:
            return Leaf("", self).total(role, kind)
        total = closed(row for row in self.rows(role) if kind in (None, row.kind))
        return _times_depth(total, self.parts[-1].repeats) if len(self.parts) == 1 else total

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
    def training_macs(self) -> Expr:
        """Multiply-accumulates of a training step on one input: the forward and the backward pass.

        The backward pass does two products for each of the forward pass: one gives the gradient of the
        weight (or of the one factor), the other that of the input. The input of the network needs none,
        nor does what is made of it without a weight, so a layer there does one. The formula holds under
        the ``training_conditions``.

        D. Narayanan et al., Efficient Large-Scale Language Model Training on GPU Clusters Using
        Megatron-LM (arXiv:2104.04473), appendix, for the factor of 3; PyTorch's ``FlopCounterMode`` over
        both passes counts twice as much as this, but in grouped convolutions, where it takes every
        gradient of a weight for that of an ungrouped one.

        >>> import symcnn as sc
        >>> net = sc.Sequential(sc.Conv2d(16, 3), sc.ReLU(), sc.Conv2d(16, 3)).on((3, 8, 8))
        >>> net.macs, net.training_macs
        (52416, 141696)
        """
        from .flow import first_macs

        resting = (leaf._replace(idle=False) for leaf in self.leaves() if leaf.idle)
        products = (row for leaf in resting for row in leaf.rows("operation") if row.kind == MULTIPLY_ACCUMULATE)
        return 3 * (self.macs + closed(products)) - first_macs(self)

    @cached_property
    def activations(self) -> Expr:
        """Elements of the outputs of all convolutions, on one input, as RegNet counts activations.

        Convolutions of every kind count: grouped, depthwise and transposed, and the one that cuts an
        image into patches. I. Radosavovic et al., Designing Network Design Spaces (arXiv:2003.13678),
        section 3.3, where they tell more of the time on an accelerator than operations do.

        >>> import symcnn as sc
        >>> sc.Sequential(sc.Conv2d(16, 3), sc.ReLU(), sc.Conv2d(8, 3)).on((3, 8, 8)).activations
        704
        """
        return self.total("activation")

    @cached_property
    def tensor_elements(self) -> Expr:
        """Elements of all the tensors that the layers make, on one input; a view makes none.

        >>> import symcnn as sc
        >>> sc.Sequential(sc.Conv2d(16, 3), sc.ReLU(), sc.Flatten()).on((3, 8, 8)).tensor_elements
        1152
        """
        return self.total("tensor")

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

    @cached_property
    def uncounted(self) -> dict[str, str]:
        """What no count knows of, by its path: where there is any, all totals are lower bounds."""
        found = {leaf.path: leaf.profile._uncounted for leaf in self.leaves()}
        return {path: what for path, what in found.items() if what}

    def _shapes(self, role: str) -> dict[str, Shape]:
        return {f"{row.path}.{row.kind}".lstrip("."): Shape.of(row.sizes) for row in self.rows(role)}

    # What an output position sees.

    @cached_property
    def windows(self) -> tuple[Window, ...]:
        """What an output position sees along each axis of the input, but the channels."""
        return () if isinstance(self.input, Shapes) else self.seen.windows[1:]

    @cached_property
    def seen(self) -> Seen:
        """What an output position sees along each axis of the input, and where that axis stands in the output."""
        if isinstance(self.input, Shapes):
            return Seen((IRREGULAR,) * len(self.input))  # What is seen of one input is no answer for all.
        if not self.parts:
            return self._seen
        every = {INPUT: Seen((POINT,) * len(self.input), tuple(range(len(self.input))))}
        before = INPUT
        for part in self.parts:
            taken = met([every[name] for name in (part.inputs or (before,))])
            every[part.name] = taken.through(part.profile.seen, part.repeats)
            before = part.name
        return met([every[name] for name in self.outputs])

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
        return ReceptiveField(*self._each_axis("receptive field", lambda window: window.extent))

    @cached_property
    def total_stride(self) -> PerAxis:
        """How many input positions two neighbouring outputs are apart, along each axis.

        Where an output depends on the whole input it is the input's size, and says so: the next would
        begin where the input ends.

        Raises:
            ShapeError: the windows of a layer differ, as for ``receptive_field``; or branches that
                meet have different strides.

        >>> import symcnn as sc
        >>> sc.Sequential(sc.Conv2d(16, 7, stride=2), sc.MaxPool2d(3, 2)).total_stride
        (4, 4)
        """
        return PerAxis(*self._each_axis("total stride", lambda window: window.stride))

    @cached_property
    def offset(self) -> PerAxis:
        """Where the centre of the first output's window lies in the input, along each axis; 0 is the first position.

        It is ``(extent - 1)/2`` less the padding before, so it may be a half, or negative. Where an output
        depends on the whole input it is the input's centre, and says so. Output ``i`` is centred at
        ``offset + i*total_stride``.

        Raises:
            ShapeError: as for ``total_stride``.

        A. Araujo, W. Norris and J. Sim, Computing Receptive Fields of Convolutional Neural Networks
        (Distill, 2019).

        >>> import symcnn as sc
        >>> sc.Sequential(sc.Conv2d(16, 7, stride=2, padding=3), sc.MaxPool2d(2)).offset
        (1, 1)
        """
        sizes, whole = self._each_axis("offset", lambda window: window.centre)
        pairs = zip(sizes, whole, strict=True)
        return PerAxis(tuple((size - 1) / 2 if all_of_it else size for size, all_of_it in pairs), whole)

    def _each_axis(self, what: str, of: Callable[[Window], Expr]) -> tuple[tuple[Expr, ...], tuple[bool, ...]]:
        """Something of the window along each axis, or the input's size, and whether it is that."""
        if isinstance(self.input, Shapes):
            text = f"{what} is that of one input, and there are several"
            raise ShapeError(_asked_by("", self.source, f"{'an' if what == 'offset' else 'a'} {text}"))
        if not all(window.regular for window in self.windows):
            raise self._irregular(what)
        whole = tuple(window.whole for window in self.windows)
        axes = zip(self.windows, whole, self.input.axes, strict=True)
        return tuple(size if all_of_it else of(window) for window, all_of_it, size in axes), whole

    def _irregular(self, what: str) -> ShapeError:
        for leaf in self.leaves():
            if not all(window.regular for window in leaf.profile.windows):
                text = f"windows differ in size, so no one {what}"
                return ShapeError(_asked_by(leaf.path, leaf.profile.source, text))
        return ShapeError(_asked_by("", self.source, f"branches differ in stride, so no one {what}"))

    # When it holds.

    @cached_property
    def conditions(self) -> Conditions:
        """What must hold of the sizes, reduced; each says which layer asks for it.

        >>> import symcnn as sc
        >>> H, W = sc.dims("H W")
        >>> sc.Sequential(sc.MaxPool2d(2), sc.MaxPool2d(2)).on((3, H, W)).conditions
        (H >= 4, W >= 4)
        """
        return _reduced(self._required())

    @cached_property
    def training_conditions(self) -> Conditions:
        """What must hold for a training step: the same, and what the heads require that training alone runs.

        A repeated layer with the first weights of all must be there, since others then are not the first.

        >>> import symcnn as sc
        >>> H, W = sc.dims("H W")
        >>> net = sc.Sequential(sc.Conv2d(8, 3), sc.Auxiliary(sc.Conv2d(4, 5))).on((3, H, W))
        >>> net.conditions, net.training_conditions
        ((H >= 3, W >= 3), (H >= 7, W >= 7))
        """
        from .flow import program

        assumed = program(self, training=True).assumed
        if not assumed and not any(leaf.idle for leaf in self.leaves()):
            return self.conditions
        return _reduced([*self._required(training=True), *((c, ("", self.source)) for c in assumed)])

    def _required(self, path: str = "", training: bool = False) -> Iterator[Required]:
        """Every condition, and the path and layer that ask for it."""
        for condition in self._conditions:
            yield condition, (path, self.source)
        for part in self.parts:
            if part.profile.idle and not training:
                continue
            bound = part.repeats and part.repeats.index
            for required in part.profile._required(f"{path}.{part.name}" if path else part.name, training):
                # What an index is in, the layer that repeats has stated for its first and last value.
                if bound is None or bound not in required[0].free_symbols:
                    yield required

    @cached_property
    def symbols(self) -> tuple[Symbol, ...]:
        """Every symbol that any of this depends on, by name."""
        found = set(self.input.free_symbols).union(*(c.free_symbols for c, _ in self._required()))
        for leaf in self.leaves():
            stated = [size for role in ROLES for _, sizes in leaf.profile.stated(role) for size in sizes]
            inside = {symbol for one in (*stated, *leaf.profile.windows) for symbol in one.free_symbols}
            inside.update(symbol for over in leaf.ranges for symbol in over.stop.free_symbols)
            found |= inside - {over.index for over in leaf.ranges}
        return tuple(free_symbols(found))

    def quantity(self, name: str) -> Expr | Sizes:
        """A total by its name, or the output shape or receptive field.

        Raises:
            UnknownNameError: there is no such quantity.
        """
        if name not in QUANTITIES:
            raise UnknownNameError(f"no quantity is named {name!r}{nearest(name, QUANTITIES)}")
        found: Expr | Sizes = getattr(self, name)
        return found

    def total_of(self, name: str) -> Expr:
        """One of the quantities that are added up over layers, by its name.

        Raises:
            UnknownNameError: there is no such quantity.
        """
        if name not in ADDED_UP:
            raise UnknownNameError(f"no total is named {name!r}{nearest(str(name), ADDED_UP)}")
        found: Expr = getattr(self, name)
        return found

    def __repr__(self) -> str:
        bound = ">" if self.uncounted else ""
        return f"Profile({self.source!r}: {self.input} -> {self.output}, params{bound}={self.params})"


Required = tuple[Condition, tuple[str, "Source | None"]]


def _reduced(required: Iterable[Required]) -> Conditions:
    """Conditions reduced; each says which layer asks for it."""
    listed = list(required)
    where = {id(condition): place for condition, place in reversed(listed)}
    kept = reduced(condition for condition, _ in listed)
    return tuple(replace(c, reason=_asked_by(*where[id(c)], c.reason)) for c in kept)


def _products(named: Mapping[str, Any]) -> Iterator[tuple[str, Sizes]]:
    """Names and sizes as a layer states them, whose plain integers become SymPy's."""
    for name, stated in named.items():
        for sizes in stated if isinstance(stated, list) else (stated,):
            yield name, tuple([Integer(size) if type(size) is int else size for size in sizes])


def _times_depth(total: Expr, over: Range | None) -> Expr:
    """``n`` times the rest, where a repeated layer's total is a multiple of its depth ``n``."""
    if over is None or not over.count.is_Symbol:
        return total
    rest = [term / over.count for term in Add.make_args(total)]
    if any(term.as_powers_dict().get(over.count, 0) < 0 for term in rest):
        return total
    return Mul(over.count, Add(*rest))


def _asked_by(path: str, source: Source | None, what: str) -> str:
    layer = brief(repr(source))
    place = f"layer {path}, {layer}" if path else layer
    return f"{place}: {what}"


ROLES = ("weight", "buffer", "operation", "tensor", "activation", "kept")
"""What the rows of the ledger are about."""

QUANTITIES = (
    "params",
    "buffers",
    "macs",
    "flops",
    "training_macs",
    "activations",
    "tensor_elements",
    "output",
    "receptive_field",
)
"""What can be asked for by name, tabulated and compiled."""
