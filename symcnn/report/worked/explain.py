"""Where a quantity comes from: a derivation for each layer, and their sum."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from sympy import Expr, Integer, Symbol

from ...errors import UnknownNameError
from ...profile import ADDED_UP, MULTIPLY_ACCUMULATE, Leaf, Profile, Ranges
from ...sizes import textbook_symbol
from .grow import counted, grown, plus, product, total
from .page import Derivation
from .solve import solved, worked_out
from .steps import Steps
from .tree import Leaf as Number
from .tree import Negative, Node, Product, Sum

TOTALS = {
    "params": "parameters",
    "buffers": "buffers",
    "macs": "MACs",
    "flops": "FLOPs",
    "activations": "activations",
    "tensor_elements": "elements",
}
"""What the quantities that are added up over layers are called."""

DEPTHS = "nmlqr"
"""What the depths are called that a layer is repeated by, the outermost first."""

AXES = {1: ("length",), 2: ("height", "width"), 3: ("depth", "height", "width")}


def explained(profile: Profile, what: str) -> Steps:
    """The worked steps of a quantity.

    Raises:
        UnknownNameError: there is no such quantity, or it is no sum over layers.
        ShapeError: a receptive field that differs from position to position.
    """
    profile.quantity(what)
    if what in TOTALS:
        alone = next(profile.leaves())
        return _network_total(profile, what) if profile.parts else Steps(tuple(_layer_total(alone, what)))
    if what not in ("output", "receptive_field"):
        raise UnknownNameError(f"{what} has no worked steps; known: {', '.join(TOTALS)}, output, receptive_field")
    if what == "output":
        return _network_output(profile) if profile.parts else Steps(tuple(_layer_output("", profile)))
    return _receptive_field(profile)


# Totals.


def _network_total(profile: Profile, what: str) -> Steps:
    """The layers that have some, those that have none in one line, and the sum."""
    found = [(leaf, leaf.quantity(what)) for leaf in profile.leaves()]
    some = [(leaf, value) for leaf, value in found if value != 0]
    none = [(leaf.path, leaf.profile) for leaf, value in found if value == 0]
    result = profile.quantity(what)
    assert isinstance(result, Expr)
    sum_of_layers = plus(value for _, value in some)
    return Steps(
        _folded(derivation for leaf, _ in some for derivation in _layer_total(leaf, what)),
        note=f"no {TOTALS[what]}: {_listed(none)}" if none else "",
        total=Derivation("total", worked_out(sum_of_layers, result)),
    )


def _layer_total(leaf: Leaf, what: str) -> Iterator[Derivation]:
    """One layer's count; of a repeated one, as often as it stands there."""
    ranges = leaf.ranges_of(ADDED_UP[what]) or ()
    general, values = _textbook(leaf.profile)
    formula, once, result = FORMULAS[what](general), leaf.profile.quantity(what), leaf.quantity(what)
    assert isinstance(once, Expr)
    title = leaf.label if leaf.path else ""
    if {over.index for over in ranges}.isdisjoint(once.free_symbols):
        times, depths = _times(ranges)
        factors = formula.parts if isinstance(formula, Product) and times else (formula,)
        whole = Product((*factors, *times)) if times else formula
        yield Derivation(TOTALS[what], solved(whole, {**values, **depths}, result), leaf.path, title)
        return
    yield Derivation(f"{TOTALS[what]} of each", solved(formula, values, once), leaf.path, title)
    over = ", ".join(f"{one.index} from {one.first} to {one.stop - 1}" for one in ranges)
    yield Derivation(f"together, {over}", (Number(size=result),), leaf.path, title)


def _times(ranges: Ranges) -> tuple[tuple[Node, ...], dict[Symbol, Expr]]:
    """How often a layer stands in its repetitions: ``n``, or ``n - 1`` behind a first time that is apart."""
    depths = {textbook_symbol(name): over.stop for name, over in zip(DEPTHS, ranges, strict=False)}
    times = (grown(depth - over.first) for depth, over in zip(depths, ranges, strict=True))
    return tuple(times), depths


def _textbook(leaf: Profile) -> tuple[Profile, Mapping[Symbol, Expr]]:
    """The general profile and the values of its symbols; a profile that no layer made is its own."""
    return (leaf, {}) if leaf.source is None else leaf.source.textbook(leaf.input)


def _stored(role: str) -> Callable[[Profile], Node]:
    return lambda general: counted([row.sizes for row in general.rows(role)])


def _made(role: str) -> Callable[[Profile], Node]:
    return lambda general: total(row.sizes for row in general.rows(role))


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
    two, macs = Number(size=Integer(2)), _macs(general)
    if macs == Number(size=Integer(0)):
        return macs
    return Product((two, *macs.parts) if isinstance(macs, Product) else (two, macs))


FORMULAS: dict[str, Callable[[Profile], Node]] = {
    "params": _stored("weight"),
    "buffers": _stored("buffer"),
    "macs": _macs,
    "flops": _flops,
    "activations": _made("activation"),
    "tensor_elements": _made("tensor"),
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
        return (Number(size=size),)
    windows = [leaf.windows[axis] for _, leaf, *_ in profile.leaves() if axis < len(leaf.windows)]
    terms: list[Node] = []
    stride: Expr = Integer(1)
    for window in windows:
        if window.extent != 1:
            grows = Sum((Number(size=window.extent), Negative((Number(size=Integer(1)),))))
            terms.append(Product((grows, product([stride]))))
        stride *= window.stride
    grown_to = Sum((Number(size=Integer(1)), *terms))
    # Layers that stand side by side are not chained: then there is only the result to show.
    in_a_row = terms and (grown_to.value - size).expand() == 0
    return worked_out(grown_to, size) if in_a_row else (Number(size=size),)


def _layer_field(leaf: Profile, axis: int) -> tuple[Node, ...]:
    general, values = _textbook(leaf)
    size, window = leaf.receptive_field[axis], general.windows[axis]
    if window.regular and not window.whole:
        return solved(grown(window.extent), values, size)
    return (Number(size=size),)


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
