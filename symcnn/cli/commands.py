"""What each command does: from its arguments to the text that it prints."""

from __future__ import annotations

import itertools
from argparse import Namespace
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from ..errors import SizeError
from ..layer import Layer
from ..parsing import parse_expression
from ..sizes import dims
from .models import layer_names, load_layer, load_model
from .values import expressions, pairs, published, ranges

MOST_ROWS = 1_000_000
"""Rows of a table of values; more than that is a script's work."""


def show(arguments: Namespace) -> str:
    """Tables of networks, one after another."""
    return "\n".join(_shown(load_model(name, arguments.input), name, arguments) for name in arguments.models)


def _shown(model: Layer, name: str, arguments: Namespace) -> str:
    values = {**published(model, arguments.symbolic), **expressions(arguments.set)}
    text = model.summary(values).format(arguments.format)
    return f"{name}\n\n{text}\n" if arguments.format == "text" else text


def _asked(arguments: Namespace) -> tuple[Layer, dict[str, Any]]:
    """The model that is asked about, and the values to put in."""
    model = load_model(arguments.model, arguments.input)
    return model, {**published(model, arguments.symbolic), **expressions(arguments.set)}


def explain(arguments: Namespace) -> str:
    """Worked steps for a network."""
    model, values = _asked(arguments)
    return model.explain(arguments.of, values).format(arguments.format)


def reconcile(arguments: Namespace) -> str:
    """What each tool counts for a network, and why they differ."""
    from ..counting import reconcile

    model, values = _asked(arguments)
    return reconcile(model, values, functions=arguments.functions).format(arguments.format)


def memory(arguments: Namespace) -> str:
    """Bytes in training and in inference."""
    model, values = _asked(arguments)
    given = {name: getattr(arguments, name) for name in ("batch", "weight_bytes", "activation_bytes")}
    sizes = {name: parse_expression(text, dims) for name, text in given.items() if text is not None}
    if "N" in values and "N" not in map(str, model.symbols):
        sizes.setdefault("batch", values.pop("N"))  # The table calls the batch so.
    return model.at(values).memory(optimizer=arguments.optimizer, **sizes).format(arguments.format)


def layer(arguments: Namespace) -> str:
    """Worked steps for one layer."""
    found = load_layer(arguments.name, arguments.settings, arguments.set, arguments.input)
    pages = [found.explain(what).format(arguments.format) for what in arguments.of]
    return "\n\n".join([repr(found), *pages] if arguments.format == "text" else pages)


def evaluate(arguments: Namespace) -> str:
    """A table of values."""
    from ..report import Column, Table

    model, arguments.set = _tied(load_model(arguments.model, arguments.input), arguments.set)
    given = _ranges(model, arguments)
    varied = [name for name, values in given.items() if len(values) > 1]
    keys = [*varied, *arguments.of]
    columns = tuple(Column(key, key, "formula" if key in SHAPES else "number") for key in keys)
    return Table(columns, tuple(_points(model, arguments.of, given, varied))).format(arguments.format)


def _tied(model: Layer, texts: Sequence[str]) -> tuple[Layer, list[str]]:
    """A model with sizes set to others, as ``W=H`` does, and the values that are numbers."""
    names = {symbol.name for symbol in model.symbols}
    ties = [f"{name}={text}" for name, text in pairs(texts) if text in names]
    return (model.at(expressions(ties)) if ties else model), [text for text in texts if text not in ties]


SHAPES = ("output", "receptive_field")


def _ranges(model: Layer, arguments: Namespace) -> dict[str, Sequence[int | Fraction]]:
    fixed = {name: [value] for name, value in published(model, arguments.symbolic).items()}
    return {**fixed, **ranges(arguments.set)}


def _points(
    model: Layer, quantities: Sequence[str], given: Mapping[str, Sequence[int | Fraction]], varied: Sequence[str]
) -> list[tuple[Any, ...]]:
    """A row for each combination of the values, computed all at once."""
    import numpy as np

    function = model.function(*quantities)
    unused = not_in(model, formulas_of(model, quantities)) - given.keys()
    given = {**given, **{name: [1] for name in unused}}
    size = np.prod([len(values) for values in given.values()], dtype=object) if given else 1
    if size > MOST_ROWS:
        raise SizeError(f"a table has at most {MOST_ROWS:,} rows, got {size:,}")
    if not varied:
        found = function(**{name: values[0] for name, values in given.items()})
        return [tuple(map(_cell, found if len(quantities) > 1 else (found,)))]
    grid = zip(*itertools.product(*(given[name] for name in varied)), strict=True)
    arrays = {name: np.array(values) for name, values in zip(varied, grid, strict=True)}
    found = function(**{name: arrays.get(name, values[0]) for name, values in given.items()})
    results = found if len(quantities) > 1 else (found,)
    return list(zip(*(arrays[name].tolist() for name in varied), *map(_column, results), strict=True))


def _column(values: Any) -> list[Any]:
    """A quantity's values at all points: numbers, or shapes."""
    if isinstance(values, tuple):
        return [_cell(sizes) for sizes in zip(*(size.tolist() for size in values), strict=True)]
    listed: list[Any] = values.tolist()
    return listed


def _cell(value: Any) -> Any:
    """A value as a table takes it: a shape has SymPy's numbers, like all shapes."""
    from sympy import Integer

    return tuple(map(Integer, value)) if isinstance(value, tuple) else value


def formulas_of(model: Layer, quantities: Iterable[str]) -> list[Any]:
    """The formulas of some quantities; a shape has several."""
    found = [model.profile.quantity(name) for name in quantities]
    return [expr for one in found for expr in (one if isinstance(one, tuple) else (one,))]


def not_in(model: Layer, exprs: list[Any]) -> set[str]:
    """The model's sizes that neither the formulas nor the conditions depend on: they need no value."""
    used = {symbol for formula in (*exprs, *model.conditions) for symbol in formula.free_symbols}
    return {symbol.name for symbol in model.symbols if symbol not in used}


def listing(arguments: Namespace) -> str:
    """Names, a line each."""
    from .. import zoo
    from ..profile import QUANTITIES
    from ..report import Column, Table

    makers: dict[str, Callable[[], Sequence[str]]] = {
        "models": zoo.list_models,
        "layers": layer_names,
        "quantities": lambda: QUANTITIES,
    }
    names = makers[arguments.what]()
    if arguments.format == "text":
        return "\n".join(names)
    return Table((Column("name", "name"),), tuple((name,) for name in names)).format(arguments.format)
