"""Which factor matters more: changes to a convolution, and the one that adds most."""

from __future__ import annotations

from typing import NamedTuple

from sympy import Integer

from ...layers import Conv2d
from ...report.formulas.text import grouped
from ...report.worked import Derivation, Steps
from ...report.worked.tree import Leaf
from ..claim import Claim, Sizes
from ..draw import Draw
from ..mistakes import claims
from ..problem import Problem

SIZES = Sizes()


class Change(NamedTuple):
    """A change in words, the layer with it, and the mistake of whoever takes it for the largest."""

    words: str
    layer: Conv2d
    mistake: str

    @property
    def params(self) -> int:
        """How many parameters there are then."""
        return int(self.layer.params)


def largest(draw: Draw, level: int) -> Problem:
    """Which change gives a convolution most parameters."""
    C_in, C_out, k = draw.one_of((4, 8, 16, 32)), draw.one_of((4, 8, 16, 32)), draw.one_of((3, 5))
    H = draw.one_of((16, 24, 32))
    changes = _drawn(draw, C_in, C_out, k)
    most = max(changes, key=lambda change: change.params)
    # Of two that are equal, one is a mistake with the right number: then it is drawn again.
    right = max(place for place, change in enumerate(changes, 1) if change.params == most.params)
    choices = "; ".join(f"({place}) {change.words}" for place, change in enumerate(changes, 1))
    question = (
        f"A Conv2d has {C_out} filters of {k}×{k} with biases, stride 1 and no padding, on an input of "
        f"{C_in}×{H}×{H} (channels first). Which change gives it the most parameters? {choices}. "
        "Answer with the number of the change."
    )
    return Problem(
        question,
        f"the number of the change, 1 to {len(changes)}",
        "what do the kernel, the channels and the filters do in k·k·C_in·C_out + C_out?",
        Claim(str(right), SIZES),
        Integer(right),
        tuple(_claim(change, place) for place, change in enumerate(changes, 1) if change is not most),
        lambda: changes[right - 1].layer,
        lambda: _solution(changes, right, int(Conv2d(C_out, k, in_channels=C_in).params)),
    )


def _drawn(draw: Draw, C_in: int, C_out: int, k: int) -> list[Change]:
    """Two changes that add parameters, and two that do not."""
    wider, deeper, larger = C_out * draw.whole(2, 4), C_in * draw.whole(2, 4), k + 2 * draw.whole(1, 2)
    more = draw.whole(2, 4)
    same = Conv2d(C_out, k, in_channels=C_in)
    real = [
        Change(f"{wider} filters instead of {C_out}", Conv2d(wider, k, in_channels=C_in), "smaller factor"),
        Change(f"{deeper} input channels instead of {C_in}", Conv2d(C_out, k, in_channels=deeper), "smaller factor"),
        Change(
            f"a kernel of {larger}×{larger} instead of {k}×{k}",
            Conv2d(C_out, larger, in_channels=C_in),
            "smaller factor",
        ),
    ]
    idle = [
        Change(f"an input {more} times as high and wide", same, "input size thought to count"),
        Change(
            f"stride {more} instead of 1", Conv2d(C_out, k, stride=more, in_channels=C_in), "stride thought to count"
        ),
        Change(
            f"padding {more} instead of 0", Conv2d(C_out, k, padding=more, in_channels=C_in), "padding thought to count"
        ),
    ]
    return draw.shuffled([*draw.shuffled(real)[:2], *draw.shuffled(idle)[:2]])


def _claim(change: Change, place: int) -> Claim:
    facts = {"words": change.words, "params": grouped(change.params)}
    [claim] = claims({change.mistake: str(place)}, SIZES, **facts)
    return claim


def _solution(changes: list[Change], right: int, before: int) -> Steps:
    lines = [(f"parameters with ({place})", change.params) for place, change in enumerate(changes, 1)]
    found = tuple(Derivation(label, (Leaf(size=Integer(params)),)) for label, params in lines)
    most = changes[right - 1].words
    return Steps(found, note=f"before it has {grouped(before)}; most come of ({right}), {most}")
