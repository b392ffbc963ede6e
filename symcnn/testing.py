"""The laws that every layer obeys: of this package, and of other people's.

``check_layer(layer, shape)`` asserts them, one function for each; ``LAWS`` is the list. A new
layer that obeys them counts, substitutes, prints and compiles as the others do.

>>> import symcnn as sc
>>> from symcnn.testing import check_layer
>>> check_layer(sc.Conv2d(16, 3, stride=2), (3, 8, 9))
"""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import FrozenInstanceError, fields
from importlib import import_module
from typing import Any

import sympy
from sympy import Expr, Integer, Mul, Symbol

from .errors import ConditionError, ShapeError, SymcnnError
from .layer import Layer
from .networks import Network, Repeat, Sequential
from .profile import MULTIPLY_ACCUMULATE, Profile, Row
from .shape import Shape, as_shape
from .sizes import Conditions, FloorDiv, canonical, check_conditions, dims
from .sums import summed

Figures = dict[str, tuple[Expr, ...]]
"""What a profile states, by name; a total is a tuple of one."""

TOTALS = ("params", "buffers", "macs", "flops")


def check_layer(layer: Layer, shape: Any) -> None:
    """Assert every law of this package for one layer on one input shape.

    Args:
        layer: a layer or a network; its settings may hold symbols.
        shape: an input that it takes. At shapes around this one it may refuse.

    Raises:
        AssertionError: a law does not hold; the text names the law and both sides.
    """
    x = as_shape(shape)
    for law in LAWS:
        law(layer, x)


# The laws.


def general_form_gives_the_numbers(layer: Layer, x: Shape) -> None:
    """The general form, with this layer's sizes put in, counts what the layer counts."""
    general = layer.general()
    profile = general.on(general.textbook_input(len(x.axes)))
    found = put_in(figures(profile), layer.opened().values_in(general, x))
    compare("the general form with the values put in", found, "the layer", figures(layer.on(x)))


def substitution_gives_the_numbers(layer: Layer, x: Shape) -> None:
    """``at`` with all values gives a layer that counts what this one counts."""
    general = layer.general()
    general = general.with_input(general.textbook_input(len(x.axes)))
    names = {symbol.name: value for symbol, value in layer.opened().values_in(general, x).items()}
    expected = figures(layer.on(x))
    compare("general().at(all values)", figures(general.at(names).profile), "the layer", expected)
    symbols = symbols_like(x)
    values = {symbol.name: size for symbol, size in zip(symbols, x, strict=True)}
    layer = layer.with_input(symbols)
    compare("at(the input's sizes)", figures(layer.at(values).profile), "the layer", expected)


def repr_round_trips(layer: Layer, x: Shape) -> None:
    """``repr`` is Python that makes an equal layer again."""
    general = layer.general()
    profile, textbook = layer.on(x), general.on(general.textbook_input(len(x.axes)))
    for one, made in ((layer, profile), (layer.with_input(x), profile), (general, textbook)):
        again = eval(repr(one), names_for(one, made))  # the package's own repr, no text from outside
        require_equal("eval(repr(layer))", again, one)


def copies_are_equal(layer: Layer, x: Shape) -> None:
    """``copy``, ``deepcopy`` and ``pickle`` make equal layers, also of one that was asked before."""
    one = layer.with_input(x)
    expected = figures(one.profile)
    for what, again in {
        "copy.copy(layer)": copy.copy(one),
        "copy.deepcopy(layer)": copy.deepcopy(one),
        "pickle.loads(pickle.dumps(layer))": pickle.loads(pickle.dumps(one)),
    }.items():
        require_equal(what, again, one)
        compare(what, figures(again.on(x)), "the layer", expected)


def layers_are_frozen(layer: Layer, x: Shape) -> None:
    """No field of a layer can be set."""
    for field in fields(layer):
        try:
            setattr(layer, field.name, getattr(layer, field.name))
        except FrozenInstanceError:
            continue
        raise AssertionError(f"a layer is frozen: {field.name} of {layer!r} could be set")


def symbolic_input_gives_the_numbers(layer: Layer, x: Shape) -> None:
    """An input of symbols, with numbers put in, counts what an input of numbers counts."""
    symbols = symbols_like(x)
    symbolic = figures(layer.on(symbols))
    for shape in (x, *nearby(x)):
        numbers = built(layer, shape)
        if numbers is not None:
            found = put_in(symbolic, dict(zip(symbols, shape, strict=True)))
            compare(f"on{tuple(symbols)} at {shape}", found, f"on{tuple(shape)}", figures(numbers))


def conditions_hold_where_it_builds(layer: Layer, x: Shape) -> None:
    """The conditions for symbols hold at the numbers that the layer takes, and at no others."""
    symbols = symbols_like(x)
    conditions = layer.on(symbols).conditions
    for shape in (x, *nearby(x)):
        values = dict(zip(symbols, shape, strict=True))
        holds, says = hold(conditions, values), f"{layer!r} on {shape}: the conditions {conditions}"
        if holds and built(layer, shape) is None:
            raise AssertionError(f"{says} hold, but it does not build")
        if not holds and built(layer, shape) is not None:
            raise AssertionError(f"{says} do not hold, but it builds")
        relations = [condition.relation.xreplace(values) for condition in conditions]
        if not any(relation.free_symbols for relation in relations) and all(relations) != holds:
            raise AssertionError(f"{says} {'hold' if holds else 'do not hold'}, but as relations {relations}")


def totals_are_sums(layer: Layer, x: Shape) -> None:
    """Parameters are the sum of the weights' sizes, and MACs are the multiply-accumulates."""
    profile = layer.on(x)
    weights = sympy.Add(*(term for row in profile.rows("weight") for term in each_time(row)))
    require_same("params", profile.params, "the sum over weights", weights)
    macs = profile.operations.get(MULTIPLY_ACCUMULATE, Integer(0))
    require_same("macs", profile.macs, "the operations' multiply-accumulates", macs)
    require_same("flops", profile.flops, "twice the macs", 2 * profile.macs)


def network_of_one_counts_the_same(layer: Layer, x: Shape) -> None:
    """A network of this layer alone has its totals, its output and its receptive field."""
    named_by_path = ("weight", "tensor")
    alone = {name: sizes for name, sizes in figures(layer.on(x)).items() if not name.startswith(named_by_path)}
    compare("Sequential(layer)", figures(Sequential(layer.opened()).on(x)), "the layer", alone)


def compiled_function_agrees(layer: Layer, x: Shape) -> None:
    """The compiled function, on numbers, gives what the layer counts."""
    numbers = layer.with_input(x)
    if numbers.symbols:
        return
    symbols, stated = symbols_like(x), figures(numbers.profile)
    values = {symbol.name: int(size) for symbol, size in zip(symbols, x, strict=True)}
    names = (*TOTALS, "output")
    found = layer.with_input(symbols).function(*names)(**values)
    for name, result in zip(names, found, strict=True):
        sizes = result if isinstance(result, tuple) else (result,)
        for value, expected in zip(sizes, stated[name], strict=True):
            require_same(f"function({name!r})", Integer(value), "the layer", expected)


LAWS: tuple[Callable[[Layer, Shape], None], ...] = (
    totals_are_sums,
    general_form_gives_the_numbers,
    substitution_gives_the_numbers,
    symbolic_input_gives_the_numbers,
    conditions_hold_where_it_builds,
    network_of_one_counts_the_same,
    compiled_function_agrees,
    repr_round_trips,
    copies_are_equal,
    layers_are_frozen,
)
"""Every law; each takes a layer and an input shape, and raises an AssertionError."""


def each_time(row: Row) -> Iterator[Expr]:
    """What a row counts, for each value of its indices; as SymPy's sum where a range is no number."""
    terms = [(Mul(*row.sizes), tuple(over.stop for over in row.ranges))]
    for place, over in enumerate(row.ranges):
        unrolled = []
        for term, stops in terms:
            if not stops[place].is_Integer:
                yield sympy.Sum(Mul(*row.sizes), *((r.index, r.first, r.stop - 1) for r in reversed(row.ranges))).doit()
                return
            for value in range(int(over.first), int(stops[place])):
                put_in = {over.index: Integer(value)}
                unrolled.append((term.xreplace(put_in), tuple(stop.xreplace(put_in) for stop in stops)))
        terms = unrolled
    yield from (term for term, _ in terms)


# What a profile states.


def figures(profile: Profile) -> Figures:
    """Totals, output, operations, weights, tensors, and the receptive field where there is one."""
    found: Figures = {name: (getattr(profile, name),) for name in TOTALS}
    found["output"] = tuple(profile.output)
    found |= {f"operations {kind}": (count,) for kind, count in profile.operations.items()}
    # Whether a repeated layer's first time is apart depends on its sizes, and with it what paths there are.
    if not any(isinstance(source, Repeat) for source in sources(profile)):
        found |= {f"weight {name}": tuple(shape) for name, shape in profile.weights.items()}
        found |= {f"tensor {name}": tuple(shape) for name, shape in profile.tensors.items()}
    with suppress(ShapeError):
        found["receptive field"] = tuple(profile.receptive_field)
    return found


def put_in(found: Figures, values: Mapping[Symbol, Expr]) -> Figures:
    """The figures with values put in for symbols."""
    return {name: tuple(size.xreplace(values) for size in sizes) for name, sizes in found.items()}


def built(layer: Layer, shape: Shape) -> Profile | None:
    """The layer's profile on a shape, or None where it refuses."""
    try:
        return layer.on(shape)
    except SymcnnError:
        return None


def hold(conditions: Conditions, values: Mapping[Symbol, Expr]) -> bool:
    """Whether no condition is certainly false with these values put in."""
    try:
        check_conditions(conditions, values)
    except ConditionError:
        return False
    return True


def symbols_like(x: Shape) -> Shape:
    """A shape of symbols with as many axes."""
    return Shape(*(dims(f"size_{place}") for place in range(len(x))))


def nearby(x: Shape) -> Iterator[Shape]:
    """Shapes that differ from this one in one size, where that is a number."""
    for place, size in enumerate(x):
        if size.is_Integer:
            for other in sorted({1, 2, size // 2, size - 1, size + 1, 2 * size} - {size}):
                if other > 0:
                    yield Shape(*x[:place], other, *x[place + 1 :])


def names_for(layer: Layer, profile: Profile) -> dict[str, Any]:
    """The names that a layer's ``repr`` may use: SymPy's, the package's, its classes and symbols."""
    classes = {type(one).__name__: type(one) for one in layers_in(layer)}
    symbols = {symbol.name: symbol for one in layers_in(layer) for symbol in symbols_of(one)}
    symbols |= {symbol.name: symbol for symbol in profile.symbols}
    return {**vars(sympy), **public_names(), **classes, **symbols}


def public_names() -> dict[str, Any]:
    """Every public name of the package, and what it stands for; those left out whose libraries are not there."""
    package = import_module(__package__)
    names = {}
    for name in dir(package):
        with suppress(ImportError):
            names[name] = getattr(package, name)
    return names


def layers_in(layer: Layer) -> Iterator[Layer]:
    """A layer, and every layer inside."""
    yield layer
    if isinstance(layer, Network):
        for _, inner in layer.children:
            yield from layers_in(inner)


def symbols_of(layer: Layer) -> Iterator[Symbol]:
    """The symbols in a layer's own settings; a repeated layer's index too."""
    yield from layer.size_symbols()
    if isinstance(layer, Repeat) and layer.index is not None:
        yield layer.index


def sources(profile: Profile) -> Iterator[Any]:
    """Every layer that had a part in a profile."""
    yield profile.source
    for part in profile.parts:
        yield from sources(part.profile)


# Comparing.


def compare(left: str, found: Figures, right: str, expected: Figures) -> None:
    """Assert that two profiles state the same; a receptive field only where both have one."""
    for name, sizes in expected.items():
        if name == "receptive field" and name not in found:
            continue
        if name not in found:
            raise AssertionError(f"{name}: {right} has it, {left} has not")
        if len(found[name]) != len(sizes):
            raise AssertionError(f"{name}: {left} gives {found[name]}, {right} gives {sizes}")
        for a, b in zip(found[name], sizes, strict=True):
            require_same(f"{name} of {left}", a, right, b)


def require_same(left: str, a: Expr, right: str, b: Expr) -> None:
    """Assert that two expressions are mathematically equal."""
    if a != b and sums_closed((offsets_out(sums_closed(a)) - offsets_out(sums_closed(b))).expand()).expand() != 0:
        raise AssertionError(f"{left} is {a}, {right} gives {b}")


def sums_closed(expr: Expr) -> Expr:
    """The expression with each sum closed again, which a value put in may have made possible."""
    if not expr.has(sympy.Sum):
        return expr
    if isinstance(expr, sympy.Sum):
        ((index, first, last),) = expr.limits
        return summed(canonical(expr.function), index, first, last + 1)
    return expr.func(*map(sums_closed, expr.args))


def offsets_out(expr: Expr) -> Expr:
    """The expression with ``⌊(n + 5)/3⌋`` as ``⌊(n + 2)/3⌋ + 1``, so that equal products expand equally."""
    if not expr.args:
        return expr
    expr = expr.func(*map(offsets_out, expr.args))
    if not isinstance(expr, FloorDiv) or not expr.args[1].is_Integer:
        return expr
    constant = expr.args[0].as_coeff_Add()[0]
    whole = Integer(constant // expr.args[1])
    return FloorDiv(expr.args[0] - whole * expr.args[1], expr.args[1]) + whole


def require_equal(what: str, again: Layer, layer: Layer) -> None:
    """Assert that two layers are equal values."""
    if again != layer:
        raise AssertionError(f"{what} is {again!r}, which does not equal {layer!r}")
    if hash(again) != hash(layer):
        raise AssertionError(f"{what} equals {layer!r} but has another hash")
