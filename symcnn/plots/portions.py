"""The numbers of stacked shares, apart from the drawing: ``share_data``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from sympy import Integer

from ..errors import SizeError
from ..layer import Layer
from .arguments import Number, Ranges, Values, mapping
from .counted import check_added_up, check_network, grouped, published
from .plan import Plan, exact_values, with_values
from .refused import check_several

OTHER = "other"
"""The name of the groups that are too small to be shown, together."""

SMALL = Fraction(3, 100)
"""A group that never has more than this share is too small."""


@dataclass(frozen=True)
class Share:
    """What a group of layers counts over a range, and its part of the whole: both exact.

    The parts of all groups add up to 1 at every ``x``.
    """

    name: str
    x: tuple[Number, ...]
    amounts: tuple[Number, ...]
    parts: tuple[Fraction, ...]


class Switch(NamedTuple):
    """The first point where another group is the largest."""

    x: Number
    largest: str


def share_data(
    net: Layer, over: Ranges, *, by: str = "layer", of: str = "params", at: Values | None = None
) -> list[Share]:
    """The numbers that ``shares`` draws, one ``Share`` for every group, in the order of the network.

    The arguments are those of ``shares``. No group is left out for being small.

    Raises:
        SizeError: what is given is not a network, a value is not a size, or nothing is counted.
        UnknownNameError: a name that no symbol, quantity or way of grouping has.
        MissingValueError: a symbol is left without a value.
        ConditionError: a value in the range breaks a condition of the network.

    >>> import symcnn as sc
    >>> w, K = sc.dims("w K")
    >>> net = sc.Sequential(sc.Linear(w, bias=False), sc.ReLU(), sc.Linear(K, bias=False), input=(30,))
    >>> for share in share_data(net, over={w: [1, 2]}, at={K: 10}):
    ...     print(share.name, share.amounts, *share.parts)
    0 (30, 60) 3/4 3/4
    2 (10, 20) 1/4 1/4
    """
    return shares_of(share_plan(net, over, by, of, at))


def share_plan(net: Layer, over: Ranges, by: str, of: str, at: Values | None) -> Plan:
    """The checked arguments of a picture of shares; its expressions are what the groups count."""
    check_network(net, "shares")
    check_added_up(of)
    values = mapping("at", published(net, at), "{H: 224, W: 224}") or {}
    if at is None and isinstance(over, Mapping):
        running = {str(symbol) for symbol in over}
        values = {symbol: value for symbol, value in values.items() if str(symbol) not in running}
    plan = Plan(grouped(net.profile, by, of), over, at=values, where=net.conditions, hint="give it in at")
    check_several(plan, "shares")
    return plan


def shares_of(plan: Plan) -> list[Share]:
    """The shares of a plan's groups."""
    columns = plan.columns({})
    # The conditions once, and not with every group.
    exact_values(Integer(0), columns, plan.size, with_values(plan.conditions, columns))
    amounts = {name: plan.values(expr) for name, expr in plan.exprs.items()}
    totals = [sum(column) for column in zip(*amounts.values(), strict=True)]
    for x, total in zip(plan.x, totals, strict=True):
        if total == 0:
            raise SizeError(f"shares are parts of a whole, and the whole is 0 at {plan.symbol} = {x}")
    return [Share(name, plan.x, tuple(found), tuple(map(Fraction, found, totals))) for name, found in amounts.items()]


def switches(shares: Sequence[Share]) -> Iterator[Switch]:
    """Where the largest group changes, from left to right; a group that only draws level does not lead.

    >>> one = Share("one", (1, 2, 3), (2, 2, 2), ())
    >>> other = Share("other", (1, 2, 3), (1, 2, 3), ())
    >>> list(switches([one, other]))
    [Switch(x=3, largest='other')]
    """
    leader = max(shares, key=lambda share: share.amounts[0])
    for i, x in enumerate(leader.x):
        largest = max(shares, key=lambda share: share.amounts[i])
        if largest.amounts[i] > leader.amounts[i]:
            leader = largest
            yield Switch(x, leader.name)


def merged(shares: Sequence[Share], most: int) -> tuple[list[Share], list[Share]]:
    """The shares that are shown by themselves, and in a list the small ones together, if there are several.

    Both are no more than ``most``.
    """
    largest = sorted((max(share.parts) for share in shares), reverse=True)
    limit = max(SMALL, largest[most - 1]) if len(shares) > most else SMALL
    small = [share for share in shares if max(share.parts) <= limit]
    if len(small) < 2:
        return list(shares), []
    return [share for share in shares if share not in small], [_together(small)]


def _together(shares: Sequence[Share]) -> Share:
    amounts = zip(*(share.amounts for share in shares), strict=True)
    parts = zip(*(share.parts for share in shares), strict=True)
    return Share(OTHER, shares[0].x, tuple(map(sum, amounts)), tuple(Fraction(sum(column)) for column in parts))
