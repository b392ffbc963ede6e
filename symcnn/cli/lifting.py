"""The command that lifts a constructor's formulas."""

from __future__ import annotations

from argparse import Namespace
from functools import partial

from ..errors import SizeError
from ..parsing import parse_value
from ..sizes import dims
from .models import find
from .values import pairs, ranges, sizes_of


def lift(arguments: Namespace) -> str:
    """The formulas of a constructor; for people, also what they rest on."""
    from ..interop import lift
    from ..interop.lifting.building import require_names

    make = find(arguments.model)
    if not callable(make):
        raise SizeError(f"{arguments.model} is no function that makes a model, got {type(make).__name__}")
    fixed = {name: parse_value(text, dims) for name, text in pairs(arguments.set)}
    over = ranges(arguments.over)
    require_names(make, [*fixed, *over])
    image = None if arguments.input is None else sizes_of(arguments.input)
    found = lift(partial(make, **fixed) if fixed else make, over, input=image)
    documents = [found] if arguments.format in ("json", "csv") else [found, found.evidence]
    return "\n\n".join(document.format(arguments.format).rstrip("\n") for document in documents)
