"""What a page is about: formulas by name, and of a network its layers, conditions and published values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sympy import Expr, Symbol

from ..analysis.asked import as_formula, settled
from ..errors import SizeError, UnknownNameError, nearest
from ..layer import Layer
from ..numeric.checks import as_conditions
from ..profile import Profile
from ..report.summary import left_out
from ..shape import Shape, Shapes
from ..sizes import free_symbols

TAKES = "explore takes a network, a formula such as net.params, or a mapping of named formulas"

LABELS = {
    "params": "parameters",
    "macs": "multiply-accumulates (MACs)",
    "buffers": "buffers",
    "activations": "activations of convolutions",
    "tensor_elements": "elements of all tensors",
    "flops": "operations (FLOPs)",
    "training_macs": "multiply-accumulates of a training step",
}
"""The quantities of a network that are one number."""

USUAL = ("params", "macs", "buffers", "activations", "tensor_elements")
"""Those that a page shows, where they are not 0."""

MEASURED = ("macs", "flops", "training_macs")
"""What goes in k, M, G and T; all else is counted in K, M, B and T."""


class Quantity(NamedTuple):
    """A formula, what it is called, and which letters its thousands and millions have."""

    key: str
    label: str
    expr: Expr
    letters: str = "KMBT"


class LayerRow(NamedTuple):
    """A layer: its path, its code, its output's shapes, and what it counts of each quantity that is added up."""

    path: str
    label: str
    outputs: tuple[Shape, ...]
    counts: Mapping[str, Expr]


@dataclass(frozen=True)
class Subject:
    """What a page shows; ``note`` says what its totals leave out, ``picture`` is SVG of a network's blocks."""

    title: str
    quantities: tuple[Quantity, ...]
    symbols: tuple[Symbol, ...]
    where: tuple[Any, ...] = ()
    published: Mapping[Symbol, Any] = field(default_factory=dict)
    layers: tuple[LayerRow, ...] = ()
    note: str = ""
    picture: str = ""


def subject_of(what: Any, of: Any, where: Any, ties: Mapping[Any, Expr]) -> Subject:
    """What is explored.

    Args:
        what: a network or layer, a formula, or formulas by name.
        of: the quantities of a network, or some of the names; the usual ones where None.
        where: further conditions.
        ties: symbols that are expressions of others.

    Raises:
        SizeError: something else, or no symbol in it.
        UnknownNameError: a quantity that there is not.
    """
    extra = as_conditions(where)
    found = _of_layer(what, of, extra, ties) if isinstance(what, Layer) else _of_formulas(what, of, extra, ties)
    if not found.symbols:
        raise SizeError("explore needs a symbol to vary, and all sizes here are numbers")
    return found


def _of_layer(layer: Layer, of: Any, extra: tuple[Any, ...], ties: Mapping[Any, Expr]) -> Subject:
    published = getattr(layer, "defaults", {})
    for _ in ties:  # A symbol may be tied to one that is tied itself.
        layer = layer.at({symbol: value for symbol, value in ties.items() if _name(symbol) in _names(layer)})
    profile = layer.profile
    names = _asked(of, LABELS)
    exprs = {name: getattr(profile, name) for name in names or USUAL}
    kept = {name: expr for name, expr in exprs.items() if names or name in ("params", "macs") or expr != 0}
    quantities = (Quantity(n, LABELS[n], e, "kMGT" if n in MEASURED else "KMBT") for n, e in kept.items())
    own = profile.training_conditions if "training_macs" in kept else profile.conditions
    note = left_out(profile) if profile.uncounted else ""
    symbols = tuple(free_symbols([*layer.symbols, *extra]))
    title = f"{type(layer).__name__} explorer"
    rows, picture = _layers(profile, kept), layer.diagram().to_svg()
    return Subject(title, tuple(quantities), symbols, (*own, *extra), published, rows, note, picture)


def _names(layer: Layer) -> set[str]:
    return {symbol.name for symbol in layer.symbols}


def _name(symbol: Any) -> str:
    return symbol if isinstance(symbol, str) else str(symbol.name)


def _layers(profile: Profile, names: Mapping[str, Any]) -> tuple[LayerRow, ...]:
    """A row for each layer, with what is added up over layers."""
    added = [name for name in names if name != "training_macs"]
    rows = []
    for leaf in profile.leaves():
        output = leaf.profile.output
        outputs = tuple(output.by_name.values()) if isinstance(output, Shapes) else (output,)
        rows.append(LayerRow(leaf.path, leaf.label, outputs, {name: leaf.quantity(name) for name in added}))
    return tuple(rows)


def _of_formulas(what: Any, of: Any, extra: tuple[Any, ...], ties: Mapping[Any, Expr]) -> Subject:
    given = dict(what) if isinstance(what, Mapping) else {"formula": what}
    named = {name: _formula(name, value) for name, value in given.items()}
    if not named:
        raise SizeError(f"{TAKES}, got an empty mapping")
    kept = {name: named[name] for name in _asked(of, named) or named}
    put_in = settled([*kept.values()], ties)
    quantities = tuple(Quantity(name, name, expr.subs(put_in)) for name, expr in kept.items())
    symbols = tuple(free_symbols([*(one.expr for one in quantities), *extra]))
    return Subject("Formula explorer", quantities, symbols, extra)


def _formula(name: Any, value: Any) -> Expr:
    if not isinstance(name, str) or not name:
        raise SizeError(f"the names of formulas are texts, got {name!r}")
    try:
        return as_formula(value, f"explore's {name!r}")
    except SizeError:
        if name == "formula":
            raise SizeError(f"{TAKES}, got {value!r}") from None
        raise


def _asked(of: Any, known: Mapping[str, Any]) -> Sequence[str]:
    """The quantities that are asked for, each once."""
    names = [of] if isinstance(of, str) else list(of or ())
    for name in names:
        if name not in known:
            raise UnknownNameError(f"no total is named {name!r}{nearest(str(name), known)}")
    return list(dict.fromkeys(names))
