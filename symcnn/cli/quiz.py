"""The command that asks exercises in the terminal, or writes a sheet of them."""

from __future__ import annotations

import sys
import textwrap
from argparse import Namespace
from typing import TYPE_CHECKING

from ..errors import SizeError, SymcnnError
from ..parsing import parse_values
from ..report.document import terminal_width
from .explore import Answer

if TYPE_CHECKING:
    from ..exercises import Exercise

STOP = ("q", "quit", "exit")
OPENING = "Answer with a number, or with a formula such as k*k*C_in; an empty line shows the solution, q ends."


def quiz(arguments: Namespace) -> str | Answer:
    """A sheet of exercises where one is asked for; otherwise the exercises are asked here."""
    if arguments.sheet is not None:
        return _sheet(arguments)
    for given, name in ((arguments.solutions, "--solutions"), (arguments.out, "--out")):
        if given:
            raise SizeError(f"{name} goes with --sheet")
    if arguments.format != "text":
        raise SizeError("--format goes with --sheet")
    return _asked(arguments)


def _whole(text: str | None, name: str) -> int | None:
    """A whole number, as the command line writes it.

    Raises:
        SizeError: it is none.
    """
    if text is None:
        return None
    try:
        values = parse_values(text)
    except SizeError:
        values = ()
    if len(values) != 1 or not isinstance(values[0], int):
        raise SizeError(f"{name} is a whole number, got {text!r}")
    return values[0]


def _sheet(arguments: Namespace) -> str:
    from ..exercises import exercise

    count = _whole(arguments.sheet, "--sheet")
    sheet = exercise.sheet(
        1 if count is None else count,
        _whole(arguments.seed, "--seed"),
        _whole(arguments.level, "--level"),
        arguments.kind,
        arguments.solutions,
    )
    return sheet.format(arguments.format)


def _asked(arguments: Namespace) -> Answer:
    """Ask the exercises of a sheet, one after another; the tally is what is printed last."""
    from ..exercises import exercise

    count, seed = _whole(arguments.count, "--count"), _whole(arguments.seed, "--seed")
    sheet = exercise.sheet(count or 0, seed, _whole(arguments.level, "--level"), arguments.kind)
    _say(f"{OPENING} (seed {sheet.seed})")
    right = asked = 0
    for number, each in enumerate(sheet.exercises, start=1):
        _say(f"\n{number}. {each.question}")
        found = _tried(each)
        if found is None:
            break
        asked += 1
        right += found
    return Answer(f"\n{right} of {asked} right\n")


def _tried(each: Exercise) -> bool | None:
    """Whether the first answer was right; None where the student has had enough."""
    first = True
    while True:
        line = _line()
        if line is None:
            return None
        if not line:
            print(f"{each.answer}\n\n{each.steps}", flush=True)
            return False
        try:
            checked = each.check(line)
        except SymcnnError as error:
            _say(f"{error}")  # A slip of the keyboard is not a wrong answer.
            continue
        _say(f"{checked}")
        if checked:
            return first
        first = False


def _line() -> str | None:
    """What the student types; None at the end."""
    print("> ", end="", flush=True)
    line = sys.stdin.readline()
    if not sys.stdin.isatty():
        print()  # A terminal shows the line's end itself.
    answer = line.strip()
    return None if not line or answer.lower() in STOP else answer


def _say(text: str) -> None:
    """A text in lines that fit."""
    width = max(terminal_width(), 20)
    print("\n".join(textwrap.fill(line, width, break_on_hyphens=False) for line in text.split("\n")), flush=True)
