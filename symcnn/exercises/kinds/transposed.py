"""Transposed convolutions: the size goes up, the parameters stay those of a convolution."""

from __future__ import annotations

from ...layers import ConvTranspose2d
from ..draw import Draw
from ..problem import Problem
from .layer import MACS, PARAMS, SIZE, Made, problem, sizes, symbol


def drawn(draw: Draw) -> Made:
    """A transposed convolution on a map."""
    values = {
        "k": draw.whole(3, 5),
        "C_in": draw.one_of((4, 6, 8, 12, 16)),
        "C_out": draw.one_of((3, 4, 6, 8, 10, 12, 16, 24)),
        "s": draw.whole(2, 3),
        "p": draw.whole(1, 2),
        "a": 1,
        "H": draw.whole(6, 24),
    }
    settings = {"stride": symbol("s"), "padding": symbol("p"), "output_padding": symbol("a")}
    layer = ConvTranspose2d(symbol("C_out"), symbol("k"), **settings)
    H = symbol("H")
    shape = (symbol("C_in"), H, H)
    return Made(layer, shape, sizes(values, H_out=layer.on(shape).output[1]))


def params(draw: Draw, level: int) -> Problem:
    """How many parameters a transposed convolution has."""
    made = drawn(draw)
    of = made.sizes.spelled()
    mistakes = {
        "bias forgotten": "k·k·C_in·C_out",
        "one bias for all": "k·k·C_in·C_out + 1",
        "channels swapped": "k·k·C_in·C_out + C_in",
        "kernel not squared": "(k·C_in + 1)·C_out",
        "input channels forgotten": "(k·k + 1)·C_out",
        "stride multiplies parameters": "(k·k·C_in + 1)·C_out·s",
        "weights at each position": "(k·k·C_in + 1)·C_out·H_out·H_out",
    }
    facts = {"seen": of["C_in"], "kernel": made.sizes.numbers("k·k")}
    hint = "it has the weights of a convolution the other way round, and a bias for each output channel"
    question = f"{_told(made)} How many parameters does it have?"
    return problem(made, PARAMS, question, hint, "(k·k·C_in + 1)·C_out", mistakes, **facts)


def output(draw: Draw, level: int) -> Problem:
    """How high the output of a transposed convolution is."""
    made = drawn(draw)
    mistakes = {
        "ordinary convolution": "⌊(H + 2·p - k)/s⌋ + 1",
        "padding added": "(H - 1)·s + 2·p + k + a",
        "padding counted once": "(H - 1)·s - p + k + a",
        "padding left in": "(H - 1)·s + k + a",
        "last step too many": "H·s - 2·p + k + a",
        "kernel forgotten": "(H - 1)·s - 2·p + a",
        "output padding forgotten": "(H - 1)·s - 2·p + k",
        "output padding twice": "(H - 1)·s - 2·p + k + 2·a",
    }
    hint = "where do the first and the last filter fall, if each input moves on by the stride?"
    question = f"{_told(made)} How high is its output?"
    return problem(made, SIZE, question, hint, "(H - 1)·s - 2·p + k + a", mistakes)


def macs(draw: Draw, level: int) -> Problem:
    """How many multiply-accumulates a transposed convolution takes."""
    made = drawn(draw)
    mistakes = {
        "bias counted": "(k·k·C_in + 1)·C_out·H·H",
        "FLOPs for MACs": "2·k·k·C_in·C_out·H·H",
        "positions of the output": "k·k·C_in·C_out·H_out·H_out",
        "positions along one axis": "k·k·C_in·C_out·H",
        "positions forgotten": "k·k·C_in·C_out",
        "kernel not squared": "k·C_in·C_out·H·H",
    }
    facts = {"positions": made.sizes.numbers("H×H"), "kernel": made.sizes.numbers("k·k")}
    hint = "each number of the input is multiplied by a whole filter of each output channel"
    question = f"{_told(made)} How many multiply-accumulates (MACs) does it take for one input?"
    return problem(made, MACS, question, hint, "k·k·C_in·C_out·H·H", mistakes, **facts)


def _told(made: Made) -> str:
    of = made.sizes.spelled()
    return (
        f"A ConvTranspose2d has {of['C_in']} input channels and {of['C_out']} output channels, a kernel of "
        f"{of['k']}×{of['k']}, a bias for each output channel, stride {of['s']}, padding {of['p']} and output padding "
        f"{of['a']}. Its input is {of['C_in']}×{of['H']}×{of['H']} (channels first)."
    )
