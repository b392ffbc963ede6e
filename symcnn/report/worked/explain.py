"""Where a quantity comes from: a derivation for each layer, and their sum."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from sympy import Expr, Integer, Symbol

from ...profile import MULTIPLY_ACCUMULATE, Profile
from .grow import counted, grown, plus, product, total
from .page import Derivation
from .solve import solved, worked_out
from .steps import Steps
from .tree import Leaf, Negative, Node, Product, Sum

TOTALS = {"params": "parameters", "buffers": "buffers", "macs": "MACs", "flops": "FLOPs"}
"""What the quantities that are added up over layers are called."""

AXES = {1: ("length",), 2: ("height", "width"), 3: ("depth", "height", "width")}


def explained(profile: Profile, what: str) -> Steps:
    """The worked steps of a quantity.

    Raises:
        UnknownNameError: there is no such quantity.
        ShapeError: a receptive field that differs from position to position.
    """
    profile.quantity(what)
    if what in TOTALS:
        return _network_total(profile, what) if profile.parts else Steps((_layer_total("", profile, what),))
    if what == "output":
        return _network_output(profile) if profile.parts else Steps(tuple(_layer_output("", profile)))
    return _receptive_field(profile)


# Totals.


def _network_total(profile: Profile, what: str) -> Steps:
    """The layers that have some, those that have none in one line, and the sum."""
    found = [(leaf.path, leaf.profile, leaf.profile.quantity(what)) for leaf in profile.leaves()]
    some = [(path, leaf, value) for path, leaf, value in found if value != 0]
    none = [(path, leaf) for path, leaf, value in found if value == 0]
    result = profile.quantity(what)
    assert isinstance(result, Expr)
    sum_of_layers = plus(value for _, _, value in some)
    return Steps(
        _folded(_layer_total(path, leaf, what) for path, leaf, _ in some),
        note=f"no {TOTALS[what]}: {_listed(none)}" if none else "",
        total=Derivation("total", worked_out(sum_of_layers, result)),
    )


def _layer_total(path: str, leaf: Profile, what: str) -> Derivation:
    general, values = _textbook(leaf)
    formula = FORMULAS[what](general)
    result = leaf.quantity(what)
    assert isinstance(result, Expr)
    return Derivation(TOTALS[what], solved(formula, values, result), path, _layer(path, leaf))


def _textbook(leaf: Profile) -> tuple[Profile, Mapping[Symbol, Expr]]:
    """The general profile and the values of its symbols; a profile that no layer made is its own."""
    return (leaf, {}) if leaf.source is None else leaf.source.textbook(leaf.input)


def _stored(role: str) -> Callable[[Profile], Node]:
    return lambda general: counted([row.sizes for row in general.rows(role)])


def _macs(general: Profile) -> Node:
    """Each weight is used once at each output position: the weight's sizes first, then the positions."""
    weights = [row.sizes for row in general.rows("weight")]
    products = []
    for row in general.rows("operation"):
        if row.kind == MULTIPLY_ACCUMULATE:
            weight = max((w for w in weights if row.sizes[: len(w)] == w), key=len, default=())
            products.append((*reversed(weight), *row.sizes[len(weight) :]))
    return total(products)


def _flops(general: Profile) -> Node:
    two, macs = Leaf(size=Integer(2)), _macs(general)
    if macs == Leaf(size=Integer(0)):
        return macs
    return Product((two, *macs.parts) if isinstance(macs, Product) else (two, macs))


FORMULAS: dict[str, Callable[[Profile], Node]] = {
    "params": _stored("weight"),
    "buffers": _stored("buffer"),
    "macs": _macs,
    "flops": _flops,
}


# Shapes.


def _network_output(profile: Profile) -> Steps:
    """The layers that change the shape; the others in one line."""
    changing = [(path, leaf) for path, leaf, *_ in profile.leaves() if leaf.output != leaf.input]
    keeping = [(path, leaf) for path, leaf, *_ in profile.leaves() if leaf.output == leaf.input]
    return Steps(
        tuple(derivation for path, leaf in changing for derivation in _layer_output(path, leaf)),
        note=f"the shape stays as it is: {_listed(keeping)}" if keeping else "",
    )


def _layer_output(path: str, leaf: Profile) -> Iterator[Derivation]:
    general, values = _textbook(leaf)
    channels = "channels" if leaf.output.axes else "features"
    labels = (channels, *_axis_labels(len(leaf.output.axes)))
    for label, formula, size in zip(labels, general.output, leaf.output, strict=True):
        yield Derivation(label, solved(grown(formula), values, size), path, _layer(path, leaf))


def _receptive_field(profile: Profile) -> Steps:
    labels = _axis_labels(len(profile.input.axes))
    if not labels:
        return Steps((), note="the input has no axes, and so no receptive field along them")
    found = tuple(Derivation(label, _field_lines(profile, axis)) for axis, label in enumerate(labels))
    return Steps(found, note="the whole input" if all(profile.receptive_field.whole) else "")


def _field_lines(profile: Profile, axis: int) -> tuple[Node, ...]:
    """How the receptive field grows from layer to layer, where the layers stand in a row."""
    if not profile.parts:
        return _layer_field(profile, axis)
    size = profile.receptive_field[axis]
    if profile.windows[axis].whole:
        return (Leaf(size=size),)
    windows = [leaf.windows[axis] for _, leaf, *_ in profile.leaves() if axis < len(leaf.windows)]
    terms: list[Node] = []
    stride: Expr = Integer(1)
    for window in windows:
        if window.extent != 1:
            grows = Sum((Leaf(size=window.extent), Negative((Leaf(size=Integer(1)),))))
            terms.append(Product((grows, product([stride]))))
        stride *= window.stride
    grown_to = Sum((Leaf(size=Integer(1)), *terms))
    # Layers that stand side by side are not chained: then there is only the result to show.
    in_a_row = terms and (grown_to.value - size).expand() == 0
    return worked_out(grown_to, size) if in_a_row else (Leaf(size=size),)


def _layer_field(leaf: Profile, axis: int) -> tuple[Node, ...]:
    general, values = _textbook(leaf)
    size, window = leaf.receptive_field[axis], general.windows[axis]
    if window.regular and not window.whole:
        return solved(grown(window.extent), values, size)
    return (Leaf(size=size),)


# Words.


def _axis_labels(count: int) -> tuple[str, ...]:
    return AXES.get(count) or tuple(f"axis {i + 1}" for i in range(count))


def _layer(path: str, leaf: Profile) -> str:
    return repr(leaf.source) if path else ""


def _folded(derivations: Iterable[Derivation]) -> tuple[Derivation, ...]:
    """Equal layers that are worked out in the same way, once, with all their places."""
    places: dict[Derivation, list[str]] = {}
    for derivation in derivations:
        places.setdefault(replace(derivation, path=""), []).append(derivation.path)
    return tuple(replace(derivation, path=", ".join(paths)) for derivation, paths in places.items())


def _listed(layers: list[tuple[str, Profile]]) -> str:
    """Equal layers once, with their places: ``ReLU() (2, 6), Flatten() (8)``."""
    places: dict[str, list[str]] = {}
    for path, leaf in layers:
        places.setdefault(repr(leaf.source), []).append(path)
    return ", ".join(f"{layer} ({', '.join(paths)})" for layer, paths in places.items())
