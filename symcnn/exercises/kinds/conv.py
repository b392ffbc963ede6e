"""Convolutions: parameters, the output's size, multiply-accumulates; in one to three dimensions."""

from __future__ import annotations

from typing import Any

from ...layers import Conv1d, Conv2d, Conv3d
from ..draw import Draw
from ..problem import Problem
from .layer import LENGTH, MACS, PARAMS, SIZE, Made, problem, sizes, symbol
from .words import along, by, listed, product

LAYERS: dict[int, Any] = {1: Conv1d, 2: Conv2d, 3: Conv3d}
KERNELS = {1: (3, 5, 7, 9), 2: (3, 5, 7), 3: (3, 5)}
SETTINGS = {"s": "stride", "p": "padding", "d": "dilation", "g": "groups"}


def drawn(draw: Draw, level: int, rank: int, extra: str = "", padded: tuple[int, int] = (1, 3)) -> Made:
    """A convolution; ``extra`` is what a second level adds to stride and padding: ``d``, ``g`` or nothing."""
    values = {"k": draw.one_of(KERNELS[rank]), "C_in": draw.one_of((2, 3, 4, 6, 8, 12, 16))}
    values["C_out"] = draw.one_of((4, 8, 10, 12, 16, 20, 24, 32, 48, 64))
    if level > 1:
        values |= {"s": draw.whole(2, 3), "p": draw.whole(*padded)}
    if extra == "d":
        values["d"] = draw.whole(2, 3)
    if extra == "g":
        values["g"] = draw.one_of((2, 4))
        values["C_in"] = values["g"] * draw.whole(1, 5)
        values["C_out"] = values["g"] * draw.one_of((4, 6, 8, 10, 12))
    values["H"] = draw.whole(14, 40) if rank < 3 else draw.whole(12, 24)
    settings = {SETTINGS[name]: symbol(name) for name in values if name in SETTINGS}
    layer = LAYERS[rank](symbol("C_out"), symbol("k"), **settings)
    shape = (symbol("C_in"), *(symbol("H"),) * rank)
    return Made(layer, shape, sizes(values, H_out=layer.on(shape).output[1]))


def told(made: Made, *, on: bool) -> str:
    """The layer in words; ``on`` says whether its whole input is told, or the channels alone."""
    of = made.sizes.spelled()
    rank = made.layer.rank
    settings = listed([f"{word} {of[name]}" for name, word in SETTINGS.items() if name in of])
    size = by(of["k"], rank) if rank > 1 else f"length {of['k']}"
    first = f"A Conv{rank}d has {of['C_out']} filters of {size}, each with a bias"
    where = f"is {of['C_in']}×{by(of['H'], rank)} (channels first)" if on else f"has {of['C_in']} channels"
    return f"{first}{', with ' + settings if settings else ''}. Its input {where}."


def seen(made: Made) -> dict[str, object]:
    """The facts that the words of mistakes need."""
    of = {symbol.name: value for symbol, value in made.sizes.values.items()}
    rank = made.layer.rank
    return {
        "seen": of["C_in"] // of.get("g", 1),
        "kernel": f"{by(of['k'], rank)} = {of['k'] ** rank}" if rank > 1 else of["k"],
        "extent": of.get("d", 1) * (of["k"] - 1) + 1,
        "positions": by(made.sizes.spelled().get("H_out"), rank),
    }


def params(draw: Draw, level: int, rank: int) -> Problem:
    """How many parameters a convolution has."""
    made = drawn(draw, level, rank, draw.one_of(("g", "g", "d", "")) if level > 1 else "")
    if level == 1:  # The input's size is not told, since nothing depends on it.
        made = made._replace(sizes=sizes({name: int(made.sizes.spelled()[name]) for name in ("k", "C_in", "C_out")}))
    has = made.sizes.spelled()
    k, C = product("k", rank), "C_in/g" if "g" in has else "C_in"
    mistakes = {
        "bias forgotten": f"{k}·{C}·C_out",
        "one bias for all": f"{k}·{C}·C_out + 1",
        "bias times kernel": f"{k}·({C} + 1)·C_out",
        "channels swapped": f"{k}·{C}·C_out + C_in",
        "input channels forgotten": f"({k} + 1)·C_out",
        "only one filter": f"{k}·{C} + 1",
    }
    if rank > 1:
        mistakes["kernel not squared"] = f"(k·{C} + 1)·C_out"
    if "g" in has:
        mistakes["groups ignored"] = f"({k}·C_in + 1)·C_out"
        mistakes["groups divide twice"] = f"({k}·C_in/g + 1)·C_out/g"
    if level > 1:
        wider = product("(k + 2·p)", rank)
        mistakes["padding has parameters"] = f"({wider}·{C} + 1)·C_out"
        mistakes["weights at each position"] = f"({k}·{C} + 1)·C_out·{product('H_out', rank)}"
        if made.sizes.read(f"({k}·{C} + 1)·C_out/s").subs(dict(made.sizes.values)).is_Integer:
            mistakes["stride changes parameters"] = f"({k}·{C} + 1)·C_out/s"
    if "d" in has:
        mistakes["dilation has parameters"] = f"({product('(d·(k - 1) + 1)', rank)}·{C} + 1)·C_out"
    question = f"{told(made, on=level > 1)} How many parameters does it have?"
    hint = f"start with one filter: its weights are {k}·{C}, and it has a bias"
    return problem(made, PARAMS, question, hint, f"({k}·{C} + 1)·C_out", mistakes, **seen(made))


def output(draw: Draw, level: int, rank: int) -> Problem:
    """How large the output of a convolution is."""
    # With less padding, half of it and one position less come to the same behind a stride.
    made = drawn(draw, level, rank, draw.one_of(("d", "")) if level > 1 else "", padded=(4, 6))
    taken = "d·(k - 1) - 1" if "d" in made.sizes.spelled() else "k"
    asked = LENGTH if rank == 1 else SIZE
    question = f"{told(made, on=True)} How {along(rank)} is its output?"
    if level == 1:
        mistakes = {
            "off by one": "H - k",
            "kernel ignored": "H",
            "border on one side": "H - (k - 1)/2",
            "output grows": "H + k - 1",
        }
        hint = "where can the first position of the window be, and where the last?"
        return problem(made, asked, question, hint, "H - k + 1", mistakes, **seen(made))
    mistakes = {
        "floor forgotten": f"(H + 2·p - {taken})/s + 1",
        "rounded up": f"⌈(H + 2·p - {taken})/s⌉ + 1",
        "off by one": f"⌊(H + 2·p - {taken})/s⌋",
        "padding counted once": f"⌊(H + p - {taken})/s⌋ + 1",
        "padding ignored": f"⌊(H - {taken})/s⌋ + 1",
        "padding taken away": f"⌊(H - 2·p - {taken})/s⌋ + 1",
        "stride ignored": f"H + 2·p - {taken} + 1",
        "kernel ignored": "⌊(H + 2·p - 1)/s⌋ + 1",
    }
    if taken != "k":
        mistakes["dilation ignored"] = "⌊(H + 2·p - k)/s⌋ + 1"
    hint = "how far can the window move on the padded input, and how many steps of the stride are that?"
    return problem(made, asked, question, hint, f"⌊(H + 2·p - {taken})/s⌋ + 1", mistakes, **seen(made))


def macs(draw: Draw, level: int, rank: int) -> Problem:
    """How many multiply-accumulates a convolution takes."""
    made = drawn(draw, level, rank, draw.one_of(("g", "")) if level > 1 else "")
    has = made.sizes.spelled()
    k, C, out = product("k", rank), "C_in/g" if "g" in has else "C_in", product("H_out", rank)
    right = f"{k}·{C}·C_out·{out}"
    mistakes = {
        "bias counted": f"({k}·{C} + 1)·C_out·{out}",
        "FLOPs for MACs": f"2·{right}",
        "positions forgotten": f"{k}·{C}·C_out",
        "positions of the input": f"{k}·{C}·C_out·{product('H', rank)}",
        "input channels forgotten": f"{k}·C_out·{out}",
        "only one filter": f"{k}·{C}·{out}",
    }
    if rank > 1:
        mistakes["kernel not squared"] = f"k·{C}·C_out·{out}"
        mistakes["positions along one axis"] = f"{k}·{C}·C_out·H_out"
    if "g" in has:
        mistakes["groups ignored"] = f"{k}·C_in·C_out·{out}"
    if level > 1:
        mistakes["stride ignored"] = f"{k}·{C}·C_out·{product('(H + 2·p - k + 1)', rank)}"
        mistakes["padding ignored"] = f"{k}·{C}·C_out·{product('(⌊(H - k)/s⌋ + 1)', rank)}"
    question = f"{told(made, on=True)} How many multiply-accumulates (MACs) does it take for one input?"
    hint = "how many positions has the output, and how many multiplications does one number of it take?"
    return problem(made, MACS, question, hint, right, mistakes, **seen(made))
