"""The command that makes an explorer page."""

from __future__ import annotations

from argparse import Namespace

from ..errors import SizeError
from .models import load_model
from .values import expressions, ranges


def explore(arguments: Namespace) -> str:
    """A page with a knob for each symbol, written to a file."""
    from ..explorer import explore

    if arguments.out is None:
        raise SizeError("an explorer page needs a file to go to: --out explorer.html")
    model = load_model(arguments.model, arguments.input)
    over, at = ranges(arguments.over), expressions(arguments.set)
    page = explore(model, over, of=arguments.of, at=at, title=arguments.model)
    return f"{page.save(arguments.out)}\n"
