"""All conventions side by side: why the figures that are published of one network differ."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from string import ascii_lowercase
from typing import Any

from sympy import Add, Expr, Integer

from ..layer import Layer
from ..profile import Profile
from ..report import Column, Note, Table
from ..report.tables import Kind
from .bottleneck import PRINTED, stride_first
from .page import Reconciliation
from .remarks import Amounts, remarks
from .terms import Term, ledger_of, total
from .tools import CONVENTIONS


def reconcile(
    net: Layer, at: Mapping[Any, Any] | None = None, *, functions: Iterable[str] | None = None
) -> Reconciliation:
    """What each tool counts for a network on one input, and what its figure is made of.

    One table has a row for each figure, with the weight that the tool gives to each term; the other has
    a row for each term, with its amount. Weights times amounts add up to the figure.

    Args:
        net: a layer or a network.
        at: values for symbols; left out, the network's published values. ``{}`` puts in nothing, and
            the amounts are formulas.
        functions: the paths of the layers that the network's code calls as functions, as in
            ``F.relu(x)``; left out, torchvision's networks are known and all else is modules.

    Raises:
        UnknownNameError: a name that no symbol of the network has, or a path that no layer has.
        ConditionError: values that break a condition.

    >>> import symcnn as sc
    >>> net = sc.Sequential(sc.Conv2d(16, 3, bias=False), sc.BatchNorm2d(), sc.ReLU(), input=(3, 34, 34))
    >>> sc.reconcile(net).figures
    tool              counts             a  b  c  d
    ───────────────  ───────  ─────────  ─  ─  ─  ─
    torchvision      442,368  442.368 k  1
    calflops MACs    442,368  442.368 k  1
    ptflops aten     442,368  442.368 k  1
    torchinfo        442,400  442.400 k  1     1
    fvcore           475,136  475.136 k  1  2
    ptflops pytorch  507,904  507.904 k  1  2     2
    thop             507,904  507.904 k  1  4
    FlopCounterMode  884,736  884.736 k  2
    calflops FLOPs   933,888  933.888 k  2  2     1
    >>> for letter, term, amount in sc.reconcile(net).terms.rows:
    ...     print(letter, term, amount)
    a convolution: multiply-accumulates 442368
    b batch normalisation: elements 16384
    c batch normalisation: parameters 32
    d ReLU: elements 16384
    """
    values = getattr(net, "defaults", {}) if at is None else at
    profile = (net.at(values) if values else net).profile
    amounts = {term: total(rows) for term, rows in ledger_of(profile, functions).items()}
    counted = {term: amount for term, amount in amounts.items() if term.counted}
    left = {term: amount for term, amount in amounts.items() if not term.counted}
    return Reconciliation(_figures(counted), _terms(counted, left, profile), _products(counted))


def letters(terms: Amounts) -> dict[Term, str]:
    """A letter for each term; two where there are more than 26."""
    return dict(zip(terms, _letters(), strict=False))


def _letters() -> Iterator[str]:
    for first in ("", *ascii_lowercase):
        for letter in ascii_lowercase:
            yield first + letter


def _figures(amounts: Amounts) -> Table:
    """A row for each figure."""
    totals = [Add(*(term.weight(by) * amount for term, amount in amounts.items())) for by in CONVENTIONS]
    numbers = all(total.is_Integer for total in totals)
    columns = (
        Column("tool", "tool"),
        Column("count", "counts", "number"),
        Column("short", "", "number"),
        *(Column(letter, letter, "number") for letter in letters(amounts).values()),
    )
    roomy = numbers and len(amounts) <= ROOM
    short = [said(total) if roomy else None for total in totals]
    weights = [[term.weight(by) or None for term in amounts] for by in CONVENTIONS]
    rows = zip(CONVENTIONS, totals, short, weights, strict=True)
    # A total that is a formula says less than its weights do, and is long.
    return Table(columns, tuple((by.label, total if numbers else None, text, *w) for by, total, text, w in rows))


ROOM = 12
"""So many terms leave room on a line of 80 for figures as people say them."""

UNITS = ((10**9, "G"), (10**6, "M"), (10**3, "k"))


def said(figure: Expr) -> str | None:
    """A figure as people say it; None where it is short anyway.

    >>> said(Integer(4089184256))
    '4.089 G'
    """
    for unit, sign in UNITS:
        if figure >= unit:
            return f"{(2 * 1000 * int(figure) + unit) // (2 * unit) / 1000:,.3f} {sign}"
    return None


def _terms(counted: Amounts, left: Amounts, profile: Profile) -> Table:
    """A row for each term; those that nobody counts last."""
    named = letters(counted)
    amounts = {**counted, **left}
    kind: Kind = "number" if all(amount.is_Integer for amount in amounts.values()) else "formula"
    columns = (
        Column("letter", ""),
        Column("term", "what is counted"),
        Column("amount", "amount", kind),
    )
    rows = tuple((named.get(term, "–"), str(term), amount) for term, amount in amounts.items())
    return Table(columns, rows, None, tuple(_notes(amounts, profile)))


def _notes(amounts: Amounts, profile: Profile) -> Iterator[Note]:
    yield Note("input", profile.input)
    for by in CONVENTIONS:
        yield Note(by.cited, "; ".join((by.says, *remarks(by, amounts, profile))))
    for term, amount in amounts.items():
        if not term.known:
            yield Note(f"no rule of any tool is known for {term.kind}; what it does is in no figure", amount)
    earlier = stride_first(profile)
    if earlier is not None:
        yield Note(
            "multiply-accumulates with the stride in the 1×1 convolutions, as first published",
            earlier,
            _in_print(earlier),
        )
    if profile.conditions:
        yield Note("conditions", profile.conditions)


def _in_print(macs: Expr) -> str | None:
    """How people say a number of multiply-accumulates, and how the paper prints it if it does."""
    short, printed = said(macs) if macs.is_Integer else None, PRINTED.get(macs)
    return f"{short}, which arXiv:1512.03385 prints as {printed}" if printed else short


def _products(amounts: Amounts) -> Table:
    """A row for each term and a column for each figure: weight times amount."""
    columns = (
        Column("term", "what is counted"),
        Column("amount", "amount", "number"),
        *(Column(by.name, by.label, "number") for by in CONVENTIONS),
    )

    def row(term: Term, amount: Expr) -> tuple[Any, ...]:
        return (str(term), amount, *(term.weight(by) * amount for by in CONVENTIONS))

    rows = tuple(row(term, amount) for term, amount in amounts.items())
    totals = [Add(*column) for column in list(zip(*rows, strict=True))[2:]] if rows else [Integer(0)] * len(CONVENTIONS)
    return Table(columns, rows, ("total", None, *totals))
