"""``crossover``: where one design overtakes another, as a formula and at the first integers."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from sympy import Expr, S, Symbol

from ..errors import SizeError
from ..report import Column, Note, Table, Tables
from ..report.tables.data import laid_out
from .asked import Values, as_formula, as_step, as_symbol
from .budget.candidates import MOST, Candidates, Number, blocks
from .budget.limits import Limit, name_of
from .budget.problem import Problem
from .common import without_shared
from .compiled import symbols_of, with_numbers
from .proofs.regions import Region, regions
from .proofs.relax import relax
from .proofs.solving import Root, polynomial_in, real_roots

SHOWN = 20
"""So many changes are shown to people; programs read them all."""


TURNS = 12
"""So many places, each twice as far as the one before, are looked at for where roundings become positive."""

EXACT = "these are all: between two neighbouring roots of the difference the order stays"
COMPLETE = "these are all: between them the difference is further from 0 than its roundings reach"


class Change(NamedTuple):
    """From ``value`` on, the first formula is ``order`` (``<``, ``=`` or ``>``) the second; both values there."""

    value: Number
    order: str
    first: Any
    second: Any


@dataclass(frozen=True, repr=False)
class Crossover(Tables):
    """Where one formula overtakes another.

    Args:
        symbol: what grows.
        names: what the two are called.
        formulas: where the two are equal, as expressions for the symbol; those that are surely not positive
            are left out. Empty where they are never equal, or there is no closed formula (``unsolved``).
        error: how far the difference is from its smooth law at most, which was solved; 0 where it was exact.
        changes: the order at the smallest value, and each value from which on it is another, exactly;
            ``None`` where symbols without a value leave it open.
        why: what proves that there are no others.
        fixed: the values of the other symbols.
    """

    symbol: Symbol
    names: tuple[str, str]
    formulas: tuple[Expr, ...]
    error: Expr
    changes: tuple[Change, ...] | None
    why: str
    unsolved: str
    fixed: Mapping[Symbol, Expr]

    @property
    def exact(self) -> bool:
        """Whether the formulas are of the exact difference, and not of its smooth law."""
        return self.error is S.Zero

    @property
    def first(self) -> Number | None:
        """The first value at which the order is another than at the start; ``None`` where it never is."""
        return self.changes[1].value if self.changes and len(self.changes) > 1 else None

    @property
    def tables(self) -> tuple[Table, ...]:
        """The changes, and the formulas below."""
        return (self._table(SHOWN),)

    def _table(self, most: int | None) -> Table:
        one, other = self.names
        columns = (
            Column("value", str(self.symbol), "number"),
            Column("first", one, "number"),
            Column("order", ""),
            Column("second", other, "number"),
        )
        rows = [(change.value, change.first, change.order, change.second) for change in (self.changes or ())[:most]]
        return Table(columns, tuple(rows), None, tuple(self._notes(most)))

    def _notes(self, most: int | None) -> Iterator[Note]:
        for formula in self.formulas:
            yield Note(f"equal at {self.symbol}", formula)
        if self.unsolved:
            yield Note("formula", self.unsolved)
        if not self.exact:
            yield Note("relaxed: the difference is off by at most", self.error)
        if most is not None and self.changes and len(self.changes) > most:
            yield Note("shown", f"the first {most} of {len(self.changes):,}")
        yield Note("integers", self.why)
        if self.fixed:
            yield Note("at", ", ".join(f"{symbol} = {value}" for symbol, value in self.fixed.items()))

    def to_records(self) -> list[dict[str, Any]]:
        """A dictionary for each change."""
        return self._table(None).to_records()

    def to_json(self) -> str:
        """The changes and the notes."""
        return laid_out(json.loads(self._table(None).to_json()))

    def to_csv(self) -> str:
        """A line for each change."""
        return self._table(None).to_csv()


def crossover(
    a: Any, b: Any, x: Any, at: Values | None = None, step: Any = None, *, where: Any = (), names: Any = None
) -> Crossover:
    """Where one formula overtakes another as a symbol grows: a formula for it, and the exact first integers.

    Between the roots of the difference's smooth law, moved by its error bound, the sign is certain; at and
    about them every integer is evaluated exactly. So the list of changes is complete.

    Args:
        a: a formula, such as one network's ``params``.
        b: another one.
        x: a symbol, or its name.
        at: values for the other symbols, by symbol or by name; without all of them there is a formula alone.
        step: only multiples of it are looked at; left out 1, or 2 for an odd symbol.
        where: conditions that the integers meet.
        names: what the two are called, as a pair.

    Raises:
        UnknownNameError: a name that no symbol has.
        SizeError: what is no formula, symbol or step; a difference that changes its sign in too many places
            to be tried.

    Source of the example: K. Simonyan and A. Zisserman, Very Deep Convolutional Networks for Large-Scale
    Image Recognition (arXiv:1409.1556), section 2.3.

    >>> import symcnn as sc
    >>> C, k = sc.dims("C k")
    >>> found = sc.crossover(49 * C**2, 27 * C**2, C)             # one 7×7 and three 3×3: never equal
    >>> found.formulas, found.first
    ((), None)
    >>> found = sc.crossover(k**2 * 64 * 128, (k**2 + 128) * 64, k)      # a convolution, a separable one
    >>> found.formulas, found.first
    ((8*sqrt(254)/127,), 2)
    """
    formulas = [as_formula(a, "crossover"), as_formula(b, "crossover")]
    known = {symbol for formula in formulas for symbol in symbols_of(formula)}
    symbol = as_symbol(x, known, "crossover")
    told = tuple(map(name_of, formulas, ("first", "second"))) if names is None else names
    if not (isinstance(told, tuple | list) and len(told) == 2 and all(isinstance(name, str) for name in told)):
        raise SizeError(f"names are two texts, got {names!r}")
    problem = Problem.of([symbol], (Limit("order", formulas[0], "<=", formulas[1]),), (), where, at, partly=True)
    (limit,) = problem.limits
    difference = with_numbers((limit.left - limit.right).expand(), problem.pairs)
    law = relax(difference, symbol)
    roots, unsolved = _roots(law.expr, symbol)
    changes, open_or_unmet = _changes(problem, difference, as_step(step, symbol))
    return Crossover(
        symbol=symbol,
        names=(told[0], told[1]),
        formulas=tuple(root.expr for root in roots),
        error=law.error,
        changes=changes,
        why=open_or_unmet or (EXACT if law.exact else COMPLETE),
        unsolved=unsolved,
        fixed=problem.fixed,
    )


def _roots(law: Expr, x: Symbol) -> tuple[list[Root], str]:
    """Where the smooth law of a difference is 0, and why there is no formula for it where there is none."""
    smooth = without_shared(law)
    if x not in smooth.free_symbols:
        return [], ""
    try:
        poly, unknown, back = polynomial_in(smooth, x)
    except SizeError as error:
        return [], error.message
    found = [Root(back.xreplace({unknown: root.expr}), root.needs) for root in real_roots(poly)]
    return [root for root in found if _may_be_positive(root)], ""


def _may_be_positive(root: Root) -> bool:
    return not (root.expr.is_nonpositive or root.expr.is_real is False or any(need.is_negative for need in root.needs))


def _changes(problem: Problem, difference: Expr, step: Expr) -> tuple[tuple[Change, ...] | None, str]:
    """The order at first and wherever it is another, exactly; or why that is left open, or there is none."""
    (symbol,) = problem.looked_for
    left = sorted(s.name for s in symbols_of(difference) if s != symbol)
    if left:
        return None, f"left open by {', '.join(left)}; give values in at"
    candidates = Candidates.of(problem, step)
    first = candidates.next_allowed(0)
    if first is None:
        return (), f"no {symbol} up to {candidates[MOST - 1]} meets the conditions"
    parted = _parted(candidates, difference, first)
    if parted is None:
        raise SizeError(f"where {difference} changes its sign cannot be told; search takes a range")
    return tuple(_walked(candidates, parted)), ""


def _parted(candidates: Candidates, difference: Expr, first: int) -> list[Region] | None:
    """Places by what is known of the sign; where too little is known from the first on, from a later one on."""
    for later in (0, *(2**i for i in range(TURNS))):
        # In places, so that what lies between two of them does not matter.
        found = regions(*candidates.further(difference, first + later))
        if found is not None:
            before = [Region(first, first + later - 1, False)] if later else []
            return before + [region.moved(first + later) for region in found]
    return None


def _walked(candidates: Candidates, parted: list[Region]) -> Iterator[Change]:
    """The order at the first place, and at each where it differs from the one before."""
    order = ""
    for place in _places(candidates, parted):
        ((left, right),) = candidates.problem.sides(candidates.at(place))
        found = "<" if left < right else ">" if left > right else "="
        if found != order:
            order = found
            yield Change(candidates[place], found, left, right)


def _places(candidates: Candidates, parted: list[Region]) -> Iterator[int]:
    """Places to look at: all where the sign is open and may change, the first where it is certain."""
    open_ones = [region for region in parted if not region.certain]
    count = sum(region.last - region.first + 1 for region in open_ones if region.last is not None)
    if count > MOST or any(region.last is None for region in open_ones):
        symbol = candidates.problem.looked_for[0]
        raise SizeError(
            f"the two are as near as their roundings in too many places to try; search takes a range of {symbol}"
        )
    for region in parted:
        if region.certain:
            place = candidates.next_allowed(region.first)
            if place is not None and (region.last is None or place <= region.last):
                yield place
        else:
            assert region.last is not None
            yield from _turning(candidates, range(region.first, region.last + 1))


def _turning(candidates: Candidates, places: range) -> Iterator[int]:
    """The allowed places of a stretch where the order is not that of the place before."""
    import numpy as np

    before: Any = None
    for block in blocks(places):
        ((left, right),) = candidates.problem.sides(candidates.block(block))
        signs = np.broadcast_to(np.sign((left > right).astype(int) - (left < right).astype(int)), len(block))
        for i in candidates.allowed(block).nonzero()[0].tolist():
            if signs[i] != before:
                before = signs[i]
                yield block[i]
