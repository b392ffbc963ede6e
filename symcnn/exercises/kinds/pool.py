"""Poolings: nothing to learn, and the output's size."""

from __future__ import annotations

from ...layers import MaxPool2d
from ..draw import Draw
from ..problem import Problem
from .layer import PARAMS, SIZE, Made, problem, sizes, symbol


def params(draw: Draw, level: int) -> Problem:
    """How many parameters a pooling has."""
    made, told = _drawn(draw, level)
    mistakes = {
        "pooling given weights": "k·k·C",
        "pooling given biases": "(k·k + 1)·C",
        "pooling has one window": "k·k",
    }
    hint = "what does a maximum have to learn?"
    return problem(made, PARAMS, f"{told} How many parameters does it have?", hint, "0", mistakes)


def output(draw: Draw, level: int) -> Problem:
    """How high the output of a pooling is."""
    made, told = _drawn(draw, level)
    question = f"{told} How high is its output?"
    if level == 1:
        mistakes = {
            "floor forgotten": "H/k",
            "rounded up": "⌈H/k⌉",
            "off by one": "⌊(H - k)/k⌋",
            "stride of a pooling forgotten": "H - k + 1",
        }
        hint = "how many windows fit beside each other?"
        return problem(made, SIZE, question, hint, "⌊H/k⌋", mistakes)
    mistakes = {
        "floor forgotten": "(H + 2·p - k)/s + 1",
        "rounded up": "⌈(H + 2·p - k)/s⌉ + 1",
        "off by one": "⌊(H + 2·p - k)/s⌋",
        "padding ignored": "⌊(H - k)/s⌋ + 1",
        "stride ignored": "H + 2·p - k + 1",
        "stride taken for the kernel": "⌊(H + 2·p)/k⌋",
    }
    hint = "how far can the window move on the padded input, and how many steps of the stride are that?"
    return problem(made, SIZE, question, hint, "⌊(H + 2·p - k)/s⌋ + 1", mistakes)


def _drawn(draw: Draw, level: int) -> tuple[Made, str]:
    """A pooling, and how it is told."""
    values = {"k": draw.whole(2, 4), "C": draw.one_of((8, 16, 24, 32, 64)), "H": draw.whole(15, 60)}
    settings = {}
    if level > 1:
        values |= {"p": draw.whole(2, 3), "s": draw.whole(2, 3)}
        values["k"] = draw.whole(2 * values["p"], 8)  # Padding is at most half of a pooling's window.
        settings = {"stride": symbol("s"), "padding": symbol("p")}
    H = symbol("H")
    made = Made(MaxPool2d(symbol("k"), **settings), (symbol("C"), H, H), sizes(values))
    of = made.sizes.spelled()
    more = f", stride {of['s']} and padding {of['p']}" if level > 1 else " and no other settings"
    return made, (
        f"A MaxPool2d layer with windows of {of['k']}×{of['k']}{more} stands on a map of "
        f"{of['C']}×{of['H']}×{of['H']} (channels first)."
    )
