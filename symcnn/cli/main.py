"""The commands and their arguments."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from ..errors import ConditionError, SizeError, SymcnnError
from ..report import FORMATS
from . import commands

MODEL = "a name that 'symcnn list' shows, or file.py:name, or package.module:name"
QUANTITY = "a quantity that 'symcnn list quantities' shows, such as params, macs or output"


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    arguments = parser().parse_args(argv)
    try:
        _write(arguments.run(arguments), arguments)
    except SymcnnError as error:
        print(f"symcnn: {error}", file=sys.stderr)
        return 1 if isinstance(error, ConditionError) else 2
    except BrokenPipeError:
        # The reader, ``head`` say, has had enough; Python would complain at its exit otherwise.
        sys.stdout = None
    return 0


def _write(text: str, arguments: argparse.Namespace) -> None:
    if arguments.run is commands.plot or arguments.out is None:
        print(text.rstrip("\n"), flush=True)
        return
    try:
        Path(arguments.out).write_text(text.rstrip("\n") + "\n", encoding="utf-8")
    except OSError as error:
        raise SizeError(f"cannot write {arguments.out}: {error.strerror}") from None


def parser() -> argparse.ArgumentParser:
    """The commands and what each takes."""
    root = argparse.ArgumentParser(prog="symcnn", description="Formulas and counts of convolutional networks.")
    kinds = root.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: Callable[[argparse.Namespace], str], text: str) -> argparse.ArgumentParser:
        added = kinds.add_parser(name, help=text, description=text)
        added.set_defaults(run=run)
        added.add_argument("--format", choices=FORMATS, default="text", help="what is printed (default: text)")
        added.add_argument("--out", metavar="FILE", help="write to a file")
        return added

    show = command("show", commands.show, "A network's layers: formulas, and numbers at its published values.")
    show.add_argument("models", nargs="+", metavar="MODEL", help=MODEL)
    _values(show)

    explain = command("explain", commands.explain, "Where a count comes from, step by step.")
    _model(explain)
    explain.add_argument("--of", default="params", metavar="QUANTITY", help=f"{QUANTITY} (default: params)")
    _values(explain)

    layer = command("layer", commands.layer, "One layer: its formulas, worked out as far as its sizes are given.")
    layer.add_argument("name", metavar="LAYER", help="a name that 'symcnn list layers' shows, such as Conv2d")
    layer.add_argument("settings", nargs="*", metavar="SETTING=VALUE", help="such as kernel_size=3 in_channels=3")
    layer.add_argument("--input", metavar="SIZES", help="the input's shape, such as 3,224,224")
    _quantities(layer, ["params", "output"])
    _values(layer)

    evaluate = command("eval", commands.evaluate, "Numbers; ranges and lists of values make a table.")
    _model(evaluate)
    _quantities(evaluate, ["params"])
    _values(evaluate)

    reconcile = command("reconcile", commands.reconcile, "What each counting tool counts, and why they differ.")
    _model(reconcile)
    reconcile.add_argument(
        "--functions", nargs="+", metavar="PATH", help="the layers that the network's code calls as functions"
    )
    _values(reconcile)

    memory = command("memory", commands.memory, "Bytes in training and in inference, by what they are for.")
    _model(memory)
    memory.add_argument("--batch", metavar="INPUTS", help="how many inputs at once (default: the symbol N)")
    memory.add_argument(
        "--optimizer", default="sgd", metavar="NAME", help="sgd, momentum, adam or adamw (default: sgd)"
    )
    memory.add_argument(
        "--weight-bytes", default="4", metavar="BYTES", help="of a weight, such as 2 or 1/2 (default: 4)"
    )
    memory.add_argument("--activation-bytes", default="4", metavar="BYTES", help="of an activation (default: 4)")
    _values(memory)

    plot = command("plot", commands.plot, "A picture of a quantity over a size: curves.")
    plot.add_argument("what", nargs="+", metavar="[curves] MODEL", help=MODEL)
    plot.add_argument("--over", required=True, metavar="NAME=VALUES", help="the axis, such as w=8:512:8")
    plot.add_argument(
        "--vary", nargs="+", action="extend", default=[], metavar="NAME=VALUES", help="a line for each value"
    )
    plot.add_argument("--log", action="store_true", help="logarithmic axes, the slope written on each line")
    _quantities(plot, ["params"])
    _values(plot)

    listing = command("list", commands.listing, "The models, layers or quantities there are.")
    listing.add_argument("what", nargs="?", choices=("models", "layers", "quantities"), default="models")
    return root


def _model(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model", metavar="MODEL", help=MODEL)


def _quantities(parser: argparse.ArgumentParser, default: list[str]) -> None:
    text = f"{QUANTITY} (default: {' '.join(default)})"
    parser.add_argument("--of", nargs="+", default=default, metavar="QUANTITY", help=text)


def _values(parser: argparse.ArgumentParser) -> None:
    text = "values of symbols, such as w=64; for eval also lists K=10,100 and ranges w=8:256:8, ends included"
    parser.add_argument("--set", nargs="+", action="extend", default=[], metavar="NAME=VALUE", help=text)
    parser.add_argument("--symbolic", action="store_true", help="leave out a network's published values")
