"""Batch normalisation: what is trained, and what is only stored."""

from __future__ import annotations

from ...layers import BatchNorm2d
from ..draw import Draw
from ..problem import Problem
from .layer import BUFFERS, PARAMS, Made, problem, sizes, symbol


def drawn(draw: Draw) -> Made:
    """A batch normalisation on a map."""
    values = {"C": draw.one_of((8, 12, 16, 24, 32, 48, 64, 96, 128)), "H": draw.whole(5, 30)}
    H = symbol("H")
    return Made(BatchNorm2d(), (symbol("C"), H, H), sizes(values))


def params(draw: Draw, level: int) -> Problem:
    """How many parameters a batch normalisation has."""
    made = drawn(draw)
    mistakes = {
        "running statistics counted": "4·C",
        "only the scale": "C",
        "statistics at each position": "2·C·H·H",
        "normalised once for all": "2",
    }
    question = f"{_told(made)} How many parameters (trainable numbers) does it have?"
    hint = "what is learned for each channel?"
    return problem(made, PARAMS, question, hint, "2·C", mistakes)


def buffers(draw: Draw, level: int) -> Problem:
    """How many numbers a batch normalisation stores and does not train."""
    made = drawn(draw)
    mistakes = {
        "scale and shift stored": "4·C",
        "only the mean": "C",
        "statistics at each position": "2·C·H·H",
        "normalised once for all": "2",
    }
    question = (
        f"{_told(made)} How many numbers does it store besides its parameters, for use after training "
        "(not counting how many batches it has seen)?"
    )
    hint = "what is known of a channel's distribution when training is over?"
    return problem(made, BUFFERS, question, hint, "2·C", mistakes)


def _told(made: Made) -> str:
    of = made.sizes.spelled()
    return f"A BatchNorm2d layer normalises a map of {of['C']}×{of['H']}×{of['H']} (channels first)."
