"""``explore``: a network's formulas as a page with a knob for each symbol."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sympy import Expr, Symbol

from ..errors import SizeError, UnknownNameError, nearest
from ..numeric.checks import Rule
from ..sizes import exact_number, resolve
from .filling import filled
from .knobs import Number, Values, as_values
from .page import Page
from .starting import exact_values, make_knobs
from .subject import subject_of


def explore(
    what: Any,
    over: Mapping[Any, Any] | None = None,
    *,
    of: Any = None,
    at: Mapping[Any, Any] | None = None,
    where: Any = (),
    title: str | None = None,
) -> Page:
    """A page with a knob for each symbol: totals, formulas, a plot, conditions and layers, live.

    One HTML file, which computes exactly, without a server and without a network. In a notebook it shows
    itself. A range is a slider, a list of values a choice. Symbols that ``over`` does not have get a
    slider round their value in ``at`` or their published one; where none is known, round one at which
    the conditions hold.

    Args:
        what: a network or layer; a formula; or formulas by name.
        over: the values of symbols, by symbol or by name: ranges and lists.
        of: which totals of a network are shown, or which of the named formulas, the first one
            first; left out, parameters, MACs, buffers, activations and elements of tensors.
        at: the values that symbols start with; one that is an expression, ``{W: H}``, ties them.
        where: further conditions, for formulas.
        title: what stands above the page.

    Raises:
        SizeError: no network or formula; nothing to vary; no values, or values that a symbol cannot have.
        UnknownNameError: a total or a symbol that there is not.
        ConditionError: values of which none meets a condition, or values in ``at`` that break one.
        MissingValueError: a symbol that may not be positive has neither range nor value.

    >>> import symcnn as sc
    >>> w, H, W = sc.dims("w H W")
    >>> net = sc.Sequential(sc.Conv2d(w, 3), sc.ReLU(), input=(3, H, W))
    >>> sc.explore(net, over={w: range(8, 129), H: [32, 64, 224]}, at={W: H})
    Page(title='Sequential explorer')
    """
    given = _mapping(at, "at")
    ties = {key: value for key, value in given.items() if isinstance(value, Expr) and value.free_symbols}
    subject = subject_of(what, of, where, ties)
    values = _values(subject.symbols, _mapping(over, "over"))
    fixed = _numbers(subject.symbols, {key: value for key, value in given.items() if key not in ties})
    published = exact_values(resolve(subject.symbols, subject.published, {}))
    knobs = make_knobs(subject.symbols, values, fixed, published, subject.where)
    name = subject.title if title is None else str(title)
    return Page(name, filled(subject, knobs, name, tuple(values)))


def _mapping(given: Any, name: str) -> Mapping[Any, Any]:
    if given is not None and not isinstance(given, Mapping):
        raise SizeError(f"{name} is a mapping by symbol or by name, got {given!r}")
    return given or {}


def _values(symbols: tuple[Symbol, ...], over: Mapping[Any, Any]) -> dict[Symbol, Values]:
    """The values that ``over`` gives, by symbol; each must be a symbol of what is explored."""
    given = resolve(symbols, over, {})
    for key in over:
        if isinstance(key, Symbol) and key not in given:
            raise UnknownNameError(f"no size is named {key.name!r} here{nearest(key.name, [s.name for s in symbols])}")
    return {symbol: as_values(symbol, one) for symbol, one in given.items()}


def _numbers(symbols: tuple[Symbol, ...], at: Mapping[Any, Any]) -> dict[Symbol, Number]:
    """The values that symbols start with, as exact numbers that they may have."""
    found = {}
    for symbol, value in resolve(symbols, at, {}).items():
        number = exact_number(value)
        found[symbol] = Rule.of(symbol).number(value if number is None else number)
    return found
