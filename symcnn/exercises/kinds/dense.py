"""Dense layers: parameters and multiply-accumulates, also behind a map that is laid flat."""

from __future__ import annotations

from ...layers import Flatten, Linear
from ...networks import Sequential
from ..draw import Draw
from ..problem import Problem
from .layer import MACS, PARAMS, Made, problem, sizes, symbol

UNITS = (8, 10, 16, 20, 24, 32, 48, 64, 96, 100, 120, 128)


def drawn(draw: Draw) -> Made:
    """A dense layer."""
    values = {"F_in": draw.one_of(UNITS), "F_out": draw.one_of(UNITS)}
    return Made(Linear(symbol("F_out")), (symbol("F_in"),), sizes(values))


def behind_a_map(draw: Draw) -> Made:
    """A dense layer behind a map that is laid flat."""
    values = {"C": draw.one_of((8, 16, 24, 32)), "H": draw.whole(3, 7), "F_out": draw.one_of(UNITS)}
    H = symbol("H")
    return Made(Sequential(Flatten(), Linear(symbol("F_out"))), (symbol("C"), H, H), sizes(values))


def params(draw: Draw, level: int) -> Problem:
    """How many parameters a dense layer has."""
    if level > 1:
        return _params_behind_a_map(draw)
    made = drawn(draw)
    of = made.sizes.spelled()
    mistakes = {
        "dense bias forgotten": "F_in·F_out",
        "features swapped": "F_in·F_out + F_in",
        "one dense bias for all": "F_in·F_out + 1",
        "inputs have biases": "F_in·F_out + F_in + F_out",
        "sum for product": "F_in + F_out",
    }
    question = (
        f"A dense layer (Linear) takes {of['F_in']} features to {of['F_out']}, with a bias. "
        "How many parameters does it have?"
    )
    hint = "start with one output: it has a weight for each input, and a bias"
    return problem(made, PARAMS, question, hint, "F_in·F_out + F_out", mistakes)


def _params_behind_a_map(draw: Draw) -> Problem:
    made = behind_a_map(draw)
    of = made.sizes.spelled()
    mistakes = {
        "dense bias forgotten": "C·H·H·F_out",
        "features swapped": "C·H·H·F_out + C·H·H",
        "one dense bias for all": "C·H·H·F_out + 1",
        "flatten forgotten": "C·F_out + F_out",
        "flatten along one axis": "C·H·F_out + F_out",
        "channels left out of the flatten": "H·H·F_out + F_out",
    }
    question = (
        f"A map of {of['C']}×{of['H']}×{of['H']} (channels first) is laid flat (Flatten) and goes into a dense layer "
        f"(Linear) with {of['F_out']} outputs and a bias. How many parameters does the dense layer have?"
    )
    hint = "how many numbers does the flattened map have?"
    maps = made.sizes.numbers("C·H·H")
    F_in = int(of["C"]) * int(of["H"]) ** 2
    return problem(made, PARAMS, question, hint, "C·H·H·F_out + F_out", mistakes, maps=maps, F_in=F_in)


def macs(draw: Draw, level: int) -> Problem:
    """How many multiply-accumulates a dense layer takes."""
    made = drawn(draw)
    of = made.sizes.spelled()
    mistakes = {
        "bias counted": "F_in·F_out + F_out",
        "FLOPs for MACs": "2·F_in·F_out",
        "sum for product": "F_in + F_out",
    }
    question = (
        f"A dense layer (Linear) takes {of['F_in']} features to {of['F_out']}, with a bias. "
        "How many multiply-accumulates (MACs) does it take for one input?"
    )
    hint = "how many multiplications does one output take?"
    return problem(made, MACS, question, hint, "F_in·F_out", mistakes)
