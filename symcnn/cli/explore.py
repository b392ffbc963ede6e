"""The commands that ask about growth and budgets: drivers, largest, search, compare."""

from __future__ import annotations

import re
import sys
from argparse import Namespace
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Any, NamedTuple

from sympy import Expr

from ..errors import SizeError, UnknownNameError, nearest
from ..layer import Layer
from ..parsing import parse_expression
from ..profile import QUANTITIES
from ..sizes import dims
from .models import load_model
from .values import expressions, pairs, published, ranges

if TYPE_CHECKING:
    from ..report import Document

NUMBERS = tuple(name for name in QUANTITIES if name not in ("output", "receptive_field"))
"""The quantities that are one number."""

LIMIT = re.compile(r"\s*(\w+)\s*(<=|>=|=|<|>)\s*(.+)")


class Answer(NamedTuple):
    """What is printed, and the exit code: 1 where what was asked for is not to be had."""

    text: str
    code: int = 0


def drivers(arguments: Namespace) -> str:
    """What every size of a network does to its totals."""
    from ..analysis import drivers

    model, values = asked(arguments.model, arguments)
    return drivers(model, values, of=arguments.of).format(arguments.format)


def largest(arguments: Namespace) -> Answer:
    """The largest value of a size within limits."""
    from ..analysis import largest

    model, values = asked(arguments.model, arguments)
    values.pop(arguments.size, None)
    step = None if arguments.step is None else parse_expression(arguments.step, dims)
    limits = limits_of(model, arguments.limit)
    found = largest(known(model, arguments.size), limits, values, step, where=model.conditions)
    return _answer(found, arguments, found.value is not None or found.unlimited)


def search(arguments: Namespace) -> Answer:
    """The best configurations of a space, or its Pareto front."""
    from ..analysis import search

    model, values = asked(arguments.model, arguments)
    space = ranges(arguments.over)
    for name in space:
        values.pop(name, None)
    found = search(
        {known(model, name): numbers for name, numbers in space.items()},
        limits_of(model, arguments.limit),
        at=values,
        maximize=aim(model, arguments.maximize),
        minimize=aim(model, arguments.minimize),
        pareto=front_of(model, arguments.pareto),
        where=model.conditions,
        top=arguments.top,
        progress=progress(),
    )
    return _answer(found, arguments, bool(found.within))


def compare(arguments: Namespace) -> str:
    """Networks side by side, and where one overtakes another."""
    models = {name: load_model(name, arguments.input) for name in arguments.models}
    values = expressions(arguments.set)
    documents = [_side_by_side(models, values, arguments)]
    if arguments.over is not None:
        documents += _crossovers(models, values, arguments)
    return "\n\n".join(document.format(arguments.format).rstrip("\n") for document in documents)


def asked(name: str, arguments: Namespace) -> tuple[Layer, dict[str, Any]]:
    """A model, and the values to put in: its published ones, and those that are given."""
    model = load_model(name, arguments.input)
    return model, {**published(model, arguments.symbolic), **expressions(arguments.set)}


def known(model: Layer, name: str) -> Expr:
    """A symbol of a model by its name.

    Raises:
        UnknownNameError: it has none of this name.
    """
    by_name = {symbol.name: symbol for symbol in model.symbols}
    if name not in by_name:
        raise UnknownNameError(f"no size is named {name!r} here{nearest(name, by_name)}")
    return by_name[name]


def total_of(model: Layer, name: str) -> Expr:
    """A quantity that is one number, by its name.

    Raises:
        UnknownNameError: there is none.
    """
    if name not in NUMBERS:
        raise UnknownNameError(f"no total is named {name!r}{nearest(name, NUMBERS)}")
    found: Expr = model.profile.quantity(name)
    return found


def limits_of(model: Layer, texts: Iterable[str]) -> dict[str, tuple[Expr, str, Expr]]:
    """``params=5e6``, ``macs<=3e8`` or ``"macs>=1e8"`` as limits by name.

    Raises:
        SizeError: a text that is no limit.
        UnknownNameError: a quantity that there is not.
    """
    limits = {}
    for text in texts:
        found = LIMIT.fullmatch(text)
        if found is None:
            raise SizeError(f"a limit is written params=5e6, or 'macs>=1e8', got {text!r}")
        name, sign, budget = found.groups()
        formula = total_of(model, name)
        key = name if name not in limits else f"{name} {sign}"
        limits[key] = (formula, "<=" if sign == "=" else sign, parse_expression(budget, dims))
    return limits


def aim(model: Layer, name: str | None) -> dict[str, Expr] | None:
    """A quantity to make large or small, under its name."""
    return None if name is None else {name: total_of(model, name)}


def front_of(model: Layer, texts: Sequence[str] | None) -> dict[str, tuple[Expr, str]] | None:
    """``params=min macs=max`` as what a Pareto front is about."""
    return None if texts is None else {name: (total_of(model, name), sense) for name, sense in pairs(texts)}


def progress() -> Callable[[int, int], None] | None:
    """How far a search is, on a terminal; nothing where the errors go elsewhere."""
    if not sys.stderr.isatty():
        return None

    def tell(done: int, size: int) -> None:
        end = "\r\033[K" if done >= size else ""
        print(f"\r{done:,} of {size:,} configurations{end}", end="", file=sys.stderr, flush=True)

    return tell


def _answer(document: Document, arguments: Namespace, found: bool) -> Answer:
    return Answer(document.format(arguments.format), 0 if found else 1)


def _side_by_side(models: Mapping[str, Layer], values: Mapping[str, Any], arguments: Namespace) -> Document:
    """A row for each network and a column for each quantity."""
    from ..report import Column, Table

    columns = (Column("model", "model", "code"), *(Column(name, name, "number") for name in arguments.of))
    rows = []
    for name, model in models.items():
        numbers = put_in(model, own_values(model, values, arguments))
        rows.append((name, *(total_of(numbers, quantity) for quantity in arguments.of)))
    return Table(columns, tuple(rows))


def put_in(model: Layer, values: Mapping[str, Any]) -> Layer:
    """A model with values put in, which may be other sizes that have values: ``W`` is ``H``, and ``H`` is 224."""
    for _ in values:
        names = {symbol.name for symbol in model.symbols} & values.keys()
        model = model.at({name: values[name] for name in names}) if names else model
    return model


def own_values(model: Layer, values: Mapping[str, Any], arguments: Namespace) -> dict[str, Any]:
    """The values that a network has a use for: one may have no width, and another no growth rate."""
    names = {symbol.name for symbol in model.symbols}
    return {**published(model, arguments.symbolic), **{name: v for name, v in values.items() if name in names}}


def _crossovers(models: Mapping[str, Layer], values: Mapping[str, Any], arguments: Namespace) -> list[Document]:
    """Where one network overtakes another in a size, for each pair and quantity."""
    from ..analysis import crossover

    found: list[Document] = []
    for (one, first), (other, second) in combinations(models.items(), 2):
        size = known(first, arguments.over)
        left, right = (_all_but(model, arguments.over, values, arguments) for model in (first, second))
        for name in arguments.of:
            names = (f"{one} {name}", f"{other} {name}")
            where = (*left.conditions, *right.conditions)
            found.append(crossover(total_of(left, name), total_of(right, name), size, where=where, names=names))
    return found


def _all_but(model: Layer, size: str, values: Mapping[str, Any], arguments: Namespace) -> Layer:
    """A network with everything put in but one size; what is tied to it stays so."""
    known(model, size)
    return put_in(model, {name: value for name, value in own_values(model, values, arguments).items() if name != size})
