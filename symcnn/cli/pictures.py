"""The command that draws: each kind of picture, written to a file."""

from __future__ import annotations

import csv
from argparse import Namespace
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import SizeError, UnknownNameError, nearest
from ..layer import Layer
from ..parsing import parse_values
from ..sizes import exact_number
from .commands import not_in
from .explore import asked, own_values, put_in, total_of
from .models import load_model
from .values import expressions, published, ranges

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot(arguments: Namespace) -> str:
    """A picture, written to a file."""
    from .. import plots

    kind, names = _kind_and_models(arguments.what)
    if arguments.out is None:
        raise SizeError("a picture needs a file to go to: --out figure.svg, .png or .pdf")
    plots.check_ending(arguments.out)
    models = {name: load_model(name, arguments.input) for name in names}
    if len(models) > 1 and kind != "curves":
        raise SizeError(f"{kind} draws one model, got {len(models)}: {', '.join(models)}")
    return f"{Path(plots.save(KINDS[kind](models, arguments), arguments.out))}\n"


def diagram(arguments: Namespace) -> str:
    """A network's blocks, as text or in a file."""
    model, values = asked(arguments.model, arguments)
    drawn = model.diagram(values, depth=arguments.depth)
    if arguments.out is not None:
        drawn.save(arguments.out)
        return f"{Path(arguments.out)}\n"
    ways = {"text": drawn.to_mermaid, "markdown": drawn.to_markdown, "html": drawn.to_html}
    if arguments.format not in ways:
        raise UnknownNameError(f"no diagram is written as {arguments.format!r}{nearest(arguments.format, ways)}")
    return ways[arguments.format]()


def _kind_and_models(words: Sequence[str]) -> tuple[str, Sequence[str]]:
    """The kind, ``curves`` where none is said, and the models."""
    first, *others = words
    if first in KINDS and others:
        return first, others
    if others and ":" not in first and not _is_model(first):
        raise UnknownNameError(f"no kind of plot is named {first!r}{nearest(first, KINDS)}")
    return "curves", words


def _is_model(name: str) -> bool:
    from .. import zoo

    return name in zoo.list_models()


def _curves(models: Mapping[str, Layer], arguments: Namespace) -> Axes:
    """Totals over one size; a line for each model, total and value that varies."""
    from .. import plots

    of, over, vary = arguments.of or ["params"], _over(arguments, 1, "curves"), ranges(arguments.vary)
    where: tuple[Any, ...] = ()
    if len(models) == 1:
        ((_, model),) = models.items()
        exprs = {name: total_of(model, name) for name in of}
        at, where = _values(model, arguments, list(exprs.values()), {*over, *vary}), model.conditions
    else:
        exprs, at = _of_several(models, arguments, of, {*over, *vary}), {}
    return plots.curves(
        exprs if len(exprs) > 1 else next(iter(exprs.values())),
        over,
        vary,
        at,
        log=arguments.log,
        quantity=of[0] if len(of) == 1 else "count",
        where=where,
        budget=_budgets(arguments),
        measured=_points(arguments),
        ax=plots.new_axes(),
    )


def _of_several(models: Mapping[str, Layer], arguments: Namespace, of: Sequence[str], free: set[str]) -> dict[str, Any]:
    """The totals of several models by name, each with its own values put in."""
    exprs: dict[str, Any] = {}
    for name, model in models.items():
        values = own_values(model, expressions(arguments.set), arguments)
        fixed = put_in(model, {key: value for key, value in values.items() if key not in free})
        exprs |= {f"{name} {total}" if len(of) > 1 else name: total_of(fixed, total) for total in of}
    return exprs


def _contours(models: Mapping[str, Layer], arguments: Namespace) -> Axes:
    """Lines of equal value of a total over two sizes."""
    from .. import plots

    ((_, model),) = models.items()
    (total,) = _one_of(arguments, "macs", "contours")
    over, formula = _over(arguments, 2, "contours"), total_of(model, total)
    return plots.contours(
        formula,
        over,
        at=_values(model, arguments, [formula], set(over)),
        budget=_budgets(arguments),
        quantity=total,
        log=arguments.log,
        where=model.conditions,
        ax=plots.new_axes(),
    )


def _shares(models: Mapping[str, Layer], arguments: Namespace) -> Axes:
    """Which layers have most of a total while a size grows."""
    from .. import plots

    ((_, model),) = models.items()
    (total,) = _one_of(arguments, "params", "shares")
    over = _over(arguments, 1, "shares")
    at = _values(model, arguments, [total_of(model, total)], set(over))
    return plots.shares(model, over, by=arguments.by, of=total, at=at, ax=plots.new_axes())


def _layers(models: Mapping[str, Layer], arguments: Namespace) -> Axes:
    """Totals layer by layer."""
    from .. import plots

    ((_, model),) = models.items()
    return plots.layers(model, _all_values(model, arguments), of=arguments.of or BOTH, ax=plots.new_axes())


def _sensitivity(models: Mapping[str, Layer], arguments: Namespace) -> Axes:
    """How much each size matters."""
    from .. import plots

    ((_, model),) = models.items()
    measure = "tenth" if arguments.tornado else "elasticity"
    values = _all_values(model, arguments)
    return plots.sensitivity(model, values, of=arguments.of or BOTH, measure=measure, ax=plots.new_axes())


BOTH = ("params", "macs")

KINDS: dict[str, Callable[[Mapping[str, Layer], Namespace], Any]] = {
    "curves": _curves,
    "contours": _contours,
    "shares": _shares,
    "layers": _layers,
    "sensitivity": _sensitivity,
}
"""The kinds of pictures."""


def _over(arguments: Namespace, count: int, kind: str) -> dict[str, Sequence[int | Fraction]]:
    """The sizes on the axes.

    Raises:
        SizeError: fewer or more than the picture has axes for.
    """
    found = ranges(arguments.over)
    if len(found) != count:
        example = "w=8:512:8" if count == 1 else "w=8:128 H=96:320"
        raise SizeError(f"{kind} takes --over {example}, got {' '.join(arguments.over) or 'none'}")
    return found


def _one_of(arguments: Namespace, usual: str, kind: str) -> list[str]:
    of: list[str] = arguments.of or [usual]
    if len(of) > 1:
        raise SizeError(f"{kind} draws one total, got {' '.join(of)}")
    return of


def _all_values(model: Layer, arguments: Namespace) -> dict[str, Any]:
    return {**published(model, arguments.symbolic), **expressions(arguments.set)}


def _values(model: Layer, arguments: Namespace, exprs: list[Any], free: set[str]) -> dict[str, Any]:
    """The values of the sizes that are on no axis and that something depends on."""
    passed_over = not_in(model, exprs) | free
    return {key: value for key, value in _all_values(model, arguments).items() if key not in passed_over}


def _budgets(arguments: Namespace) -> list[int | Fraction] | None:
    return [value for text in arguments.budget for value in parse_values(text)] or None


def _points(arguments: Namespace) -> list[tuple[Any, Any, str]] | None:
    """Measured points from a file of lines ``size,value,label``; a first line of words is a heading.

    Raises:
        SizeError: a file that cannot be read, or a line that is no such point.
    """
    if arguments.points is None:
        return None
    try:
        with open(arguments.points, newline="", encoding="utf-8") as file:
            lines = [line for line in csv.reader(file) if line]
    except (OSError, UnicodeDecodeError) as error:
        raise SizeError(f"cannot read {arguments.points}: {getattr(error, 'strerror', None) or error}") from None
    return [_point(line, arguments.points) for line in (lines[1:] if lines and not _is_number(lines[0][0]) else lines)]


def _point(line: list[str], path: str) -> tuple[Any, Any, str]:
    if len(line) not in (2, 3) or not all(map(_is_number, line[:2])):
        raise SizeError(f"a point of {path} is size,value,label, got {','.join(line)!r}")
    x, y = (exact_number(parse_values(text.strip())[0]) for text in line[:2])
    return x, y, line[2].strip() if len(line) > 2 else ""


def _is_number(text: str) -> bool:
    try:
        return len(parse_values(text.strip())) == 1
    except SizeError:
        return False
