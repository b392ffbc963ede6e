"""The figure of one convention, as a closed formula."""

from __future__ import annotations

from collections.abc import Iterable

from sympy import Expr, Integer

from ..errors import UnknownNameError
from ..layer import Layer
from ..profile import Profile
from .terms import ledger_of, total
from .tools import convention


def count(net: Layer | Profile, by: str, functions: Iterable[str] | None = None) -> Expr:
    """What a tool counts for a network on one input, as a closed formula.

    Args:
        net: a layer, a network or a profile.
        by: the name of a convention; ``conventions()`` lists them.
        functions: the paths of the layers that the network's code calls as functions; left out,
            torchvision's networks are known and all else is modules.

    Raises:
        UnknownNameError: no such convention, a path that no layer has, or a kind of layer of which it is
            not known what tools count.

    >>> import symcnn as sc
    >>> from symcnn.counting import count
    >>> C, H, W = sc.dims("C H W")
    >>> net = sc.Sequential(sc.Conv2d(C, 3, padding=1, bias=False), sc.BatchNorm2d(), sc.ReLU()).on((3, H, W))
    >>> net.macs, count(net, "fvcore"), count(net, "calflops-flops")
    (27*C*H*W, 29*C*H*W, 57*C*H*W)
    """
    tool, ledger = convention(by), ledger_of(net, functions)
    unknown = [(term, rows[0].path) for term, rows in ledger.items() if not term.known]
    for term, path in unknown:
        raise UnknownNameError(f"layer {path}: what {by} counts of {term.kind} is not known")
    weighted = ((Integer(term.weight(tool)), rows) for term, rows in ledger.items())
    return total(row._replace(sizes=(w, *row.sizes)) for w, rows in weighted for row in rows if w)
