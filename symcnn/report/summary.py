"""A network's layers as a table."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sympy import Expr, Integer, Rational

from ..profile import Leaf, Profile
from .tables import Column, Kind, Note, Row, Table


def summarise(profile: Profile, numbers: Profile | None = None) -> Table:
    """A row for each layer.

    With ``numbers``, the profile with values put in, the numbers stand next to the formulas.

    >>> import symcnn as sc
    >>> net = sc.Sequential(sc.Conv2d(16, 3), sc.ReLU(), sc.MaxPool2d(2), input=(3, 8, 8))
    >>> net.summary()
       layer          output      parameters    MACs    share
    ─  ─────────────  ──────────  ──────────  ──────  ───────
    0  Conv2d(16, 3)  16 × 6 × 6         448  15,552  100.0 %
    1  ReLU()         16 × 6 × 6           0       0    0.0 %
    2  MaxPool2d(2)   16 × 3 × 3           0       0    0.0 %
    ─  ─────────────  ──────────  ──────────  ──────  ───────
       total                             448  15,552  100.0 %
    <BLANKLINE>
    input: 3 × 8 × 8
    """
    return _one(profile) if numbers is None else _both(profile, numbers)


def _one(profile: Profile) -> Table:
    leaves = list(profile.leaves())
    columns = (
        Column("name", "", "code"),
        Column("layer", "layer", "code"),
        Column("output", "output", "formula"),
        Column("params", "parameters", _kind(leaf.params for leaf in leaves)),
        Column("macs", "MACs", _kind(leaf.macs for leaf in leaves)),
        Column("share", "share", "share"),
    )
    rows = (
        (leaf.path, leaf.label, leaf.profile.output, leaf.params, leaf.macs, _share(leaf.params, profile))
        for leaf in leaves
    )
    total = ("", "total", None, profile.params, profile.macs, _share(profile.params, profile))
    return Table(columns, tuple(rows), _if_counted(profile, total), _notes(profile))


def _both(profile: Profile, numbers: Profile) -> Table:
    columns = (
        Column("name", "", "code"),
        Column("layer", "layer", "code"),
        Column("output_formula", "output formula", "formula"),
        Column("output", "output", "formula"),
        Column("params_formula", "parameters formula", "formula"),
        Column("params", "parameters", "number"),
        Column("macs_formula", "MACs formula", "formula"),
        Column("macs", "MACs", "number"),
        Column("share", "share", "share"),
    )
    # A depth of 0 or 1 leaves nothing where the formula has a repeated layer.
    found = {leaf.path: leaf for leaf in numbers.leaves()}
    rows = tuple(_both_of(leaf, found.get(leaf.path), numbers) for leaf in profile.leaves())
    total = ("", "total", None, None, None, numbers.params, None, numbers.macs, _share(numbers.params, numbers))
    return Table(columns, rows, _if_counted(numbers, total), _notes(profile, numbers))


def _both_of(leaf: Leaf, at: Leaf | None, numbers: Profile) -> Row:
    output, params, macs = (at.profile.output, at.params, at.macs) if at else (None, Integer(0), Integer(0))
    counts = (leaf.params, params, leaf.macs, macs)
    return (leaf.path, leaf.label, leaf.profile.output, output, *counts, _share(params, numbers))


def _if_counted(profile: Profile, total: Row) -> Row | None:
    """A row for the totals where they are numbers; formulas have more room in the notes."""
    return total if _counted(profile) else None


def _counted(profile: Profile) -> bool:
    return bool(profile.params.is_Integer and profile.macs.is_Integer)


def _kind(quantities: Iterable[Expr]) -> Kind:
    return "number" if all(quantity.is_Integer for quantity in quantities) else "formula"


def _share(params: Expr, whole: Profile) -> Expr | None:
    """How much of the parameters are in a layer, where that is a number."""
    if not whole.params.is_Integer or whole.params == 0:
        return None
    return Rational(params, whole.params)


def _notes(profile: Profile, numbers: Profile | None = None) -> tuple[Note, ...]:
    """The input, the totals that are formulas, the buffers, when it all holds, and what is left out."""

    def note(key: str, value: Any, at: Any) -> Note:
        return Note(key, value, None if at == value else at)

    notes = [note("input", profile.input, numbers and numbers.input)]
    if not _counted(profile):
        notes.append(note("parameters", profile.params, numbers and numbers.params))
        notes.append(note("MACs", profile.macs, numbers and numbers.macs))
    if profile.buffers != 0:
        notes.append(note("buffers", profile.buffers, numbers and numbers.buffers))
    notes += [Note("conditions", profile.conditions)] if profile.conditions else []
    return (*notes, *([Note("lower bounds", left_out(profile))] if profile.uncounted else []))


def left_out(profile: Profile) -> str:
    """What the totals leave out, and where."""
    places: dict[str, list[str]] = {}
    for path, what in profile.uncounted.items():
        places.setdefault(what, []).append(path)
    listed = (f"{what} ({', '.join(paths)})" for what, paths in places.items())
    return f"nothing is counted of {'; '.join(listed)}"
