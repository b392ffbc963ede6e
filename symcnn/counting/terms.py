"""What a network does, term by term."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from typing import NamedTuple

from sympy import Expr

from ..form import factored
from ..layer import Layer
from ..profile import Profile, Row
from ..profile.ledger import closed
from .amounts import AMOUNTS, BIAS, OPERATIONS, PARAMS
from .kinds import KINDS, kind_of, maker_of
from .published import calls_in
from .rules import Call, Convention
from .tools import CONVENTIONS


class Term(NamedTuple):
    """One amount of one kind of layer, called in one way: what a convention gives a weight.

    A layer whose class is not known has its class's name for its kind, and is not ``known``.
    """

    kind: str
    amount: str
    call: Call = "module"
    known: bool = True

    def __str__(self) -> str:
        return f"{self.layer}: {self.amount}"

    @property
    def layer(self) -> str:
        """The kind of layer, and how it is called if that is not as a module."""
        return self.kind if self.call == "module" else f"{self.kind} as a {self.call}"

    def weight(self, by: Convention) -> int:
        """The weight that a convention gives it."""
        return by.weight(self.kind, self.amount, self.call)

    @property
    def place(self) -> tuple[int, int]:
        """Where it stands among others."""
        kinds, amounts = list(KINDS.values()), list(AMOUNTS)
        # "linear layer over axes" stands where "linear layer" does.
        kind = next((place for place, kind in enumerate(kinds) if self.kind.startswith(kind)), len(kinds))
        return min(amounts.index(self.amount), amounts.index(BIAS) + 1), kind

    @property
    def counted(self) -> bool:
        """Whether some convention counts it."""
        return any(self.weight(by) for by in CONVENTIONS)


def total(rows: Iterable[Row]) -> Expr:
    """The closed sum over rows; a lone layer's in textbook form."""
    rows = list(rows)
    lone = len({(row.path, row.ranges) for row in rows}) == 1 and not rows[0].ranges
    return factored(Counter(row.sizes for row in rows)) if lone else closed(rows)


def ledger_of(net: Layer | Profile, functions: Iterable[str] | None = None) -> Mapping[Term, list[Row]]:
    """The rows of every term: multiply-accumulates, then biases, then all else by kind."""
    profile = net if isinstance(net, Profile) else net.profile
    calls = calls_in(profile, functions)
    ledger: dict[Term, list[Row]] = {}
    for leaf in (leaf for leaf in profile.leaves() if not leaf.idle):
        for term in _terms(leaf.profile, calls[leaf.path]):
            for sizes in AMOUNTS[term.amount](leaf.profile):
                # A tool counts a shared layer as often as it is called, what it counts by parameters too.
                row = Row(leaf.path, "operation", term.amount, sizes, leaf.ranges)
                ledger.setdefault(term, []).append(row)
    return {term: ledger[term] for term in sorted(ledger, key=lambda term: term.place)}


def _terms(profile: Profile, call: Call) -> tuple[Term, ...]:
    """The terms of a layer: the amounts of it that some tool counts, or all of its operations."""
    kind = kind_of(profile)
    if kind is None:
        amount = OPERATIONS if profile.stated("operation") else PARAMS
        return (Term(type(maker_of(profile)).__name__, amount, call, known=False),)
    return _terms_of(kind, call)


@cache
def _terms_of(kind: str, call: Call) -> tuple[Term, ...]:
    """The terms of a kind. What is counted of a module is one of a function too, if only to say that it is not seen."""
    amounts = [amount for amount in AMOUNTS if Term(kind, amount, call).counted or Term(kind, amount).counted]
    return tuple(Term(kind, amount, call) for amount in amounts or [OPERATIONS])
