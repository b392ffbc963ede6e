"""The commands and their arguments."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence

from ..errors import ConditionError, SymcnnError
from ..files import replace_file
from ..report import FORMATS
from . import commands, explore, lifting, page, pictures, quiz

MODEL = "a name that 'symcnn list' shows, or file.py:name, or package.module:name, or file.onnx"
MAKER = "a function that makes a model or a count: file.py:name or package.module:name"
SAMPLES = "sample values of what the function takes, such as width=16:64:16 depth=1,2,3"
SPACE = "sizes with their values, such as w=8:128:8 k=3,5,7"
QUANTITY = "a quantity that 'symcnn list quantities' shows, such as params, macs or output"


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    arguments = parser().parse_args(argv)
    try:
        answer = arguments.run(arguments)
        text, code = answer if isinstance(answer, explore.Answer) else (answer, 0)
        _write(text, arguments)
    except SymcnnError as error:
        print(f"symcnn: {error}", file=sys.stderr)
        return 1 if isinstance(error, ConditionError) else 2
    except BrokenPipeError:
        # The reader, ``head`` say, has had enough; Python would complain at its exit otherwise.
        sys.stdout = None
        return 0
    return code


def _write(text: str, arguments: argparse.Namespace) -> None:
    if arguments.run in (pictures.plot, pictures.diagram, page.explore) or arguments.out is None:
        print(text.rstrip("\n"), flush=True)
        return
    replace_file(arguments.out, (text.rstrip("\n") + "\n").encode())


def parser() -> argparse.ArgumentParser:
    """The commands and what each takes."""
    root = argparse.ArgumentParser(prog="symcnn", description="Formulas and counts of convolutional networks.")
    kinds = root.add_subparsers(required=True, metavar="COMMAND")

    def command(
        name: str, run: Callable[[argparse.Namespace], str], text: str, formats: Sequence[str] = FORMATS
    ) -> argparse.ArgumentParser:
        added = kinds.add_parser(name, help=text, description=text)
        added.set_defaults(run=run)
        added.add_argument("--format", choices=formats, default="text", help="what is printed (default: text)")
        added.add_argument("--out", metavar="FILE", help="write to a file")
        return added

    show = command("show", commands.show, "A network's layers: formulas, and numbers at its published values.")
    _models(show)
    _values(show)

    explain = command("explain", commands.explain, "Where a count comes from, step by step.")
    _model(explain)
    explain.add_argument("--of", default="params", metavar="QUANTITY", help=f"{QUANTITY} (default: params)")
    _values(explain)

    layer = command("layer", commands.layer, "One layer: its formulas, worked out as far as its sizes are given.")
    layer.add_argument("name", metavar="LAYER", help="a name that 'symcnn list layers' shows, such as Conv2d")
    layer.add_argument("settings", nargs="*", metavar="SETTING=VALUE", help="such as kernel_size=3 in_channels=3")
    _input(layer)
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

    lift = command("lift", lifting.lift, "The closed formulas of a model, from the code that makes it.")
    lift.add_argument(
        "model", metavar="FUNCTION", help="what makes a model or a count: file.py:name, package.module:name"
    )
    lift.add_argument("--over", nargs="+", action="extend", required=True, metavar="NAME=VALUES", help=SAMPLES)
    lift.add_argument("--input", metavar="SIZES", help="the input's shape, such as 3,H,W: MACs are lifted too")
    lift.add_argument("--set", nargs="+", action="extend", default=[], metavar="NAME=VALUE", help="what else it takes")

    _explorers(command)

    _pictures(command)

    diagram = command("diagram", pictures.diagram, "Blocks, with shapes on the arrows: Mermaid or a file.")
    _model(diagram)
    diagram.add_argument("--depth", type=int, metavar="LEVELS", help="how many levels of networks are opened")
    _values(diagram)
    explorer = command("explore", page.explore, "A page with a knob for each size, in one HTML file.")
    _model(explorer)
    explorer.add_argument("--over", nargs="+", action="extend", default=[], metavar="NAME=VALUES", help=SPACE)
    explorer.add_argument("--of", nargs="+", metavar="QUANTITY", help=f"{QUANTITY} (default: the usual totals)")
    _values(explorer, symbolic=False)

    _quiz(command)

    listing = command("list", commands.listing, "The models, layers or quantities there are.")
    listing.add_argument("what", nargs="?", choices=("models", "layers", "quantities"), default="models")
    return root


def _explorers(command: Callable[..., argparse.ArgumentParser]) -> None:
    """The commands about growth and budgets."""
    drivers = command("drivers", explore.drivers, "What every size does to the totals: law, derivative, elasticity.")
    _model(drivers)
    _quantities(drivers, ["params", "macs"])
    _values(drivers, symbolic=False)

    largest = command("largest", explore.largest, "The largest value of a size within limits, with its certificate.")
    largest.add_argument("size", metavar="SIZE", help="a symbol of the network, such as w")
    _model(largest)
    _limits(largest, required=True)
    largest.add_argument("--step", metavar="STEP", help="take multiples of it only, such as 8")
    _values(largest)

    search = command("search", explore.search, "The best configurations of a space, or its Pareto front.")
    _model(search)
    search.add_argument("--over", nargs="+", action="extend", required=True, metavar="NAME=VALUES", help=SPACE)
    _limits(search, required=False)
    for word in ("maximize", "minimize"):
        search.add_argument(f"--{word}", metavar="QUANTITY", help=f"the quantity to {word}")
    search.add_argument("--pareto", nargs="+", metavar="QUANTITY=SENSE", help="such as params=min macs=max")
    search.add_argument("--top", type=int, default=10, metavar="COUNT", help="how many of the best (default: 10)")
    _values(search)

    compare = command("compare", explore.compare, "Networks side by side, and where one overtakes another.")
    _models(compare)
    compare.add_argument("--over", metavar="SIZE", help="the size in which one may overtake another, such as w")
    _quantities(compare, ["params", "macs"])
    _values(compare)


def _pictures(command: Callable[..., argparse.ArgumentParser]) -> None:
    """The command that draws."""
    kinds = ", ".join(pictures.KINDS)
    plot = command("plot", pictures.plot, f"A picture: {kinds}.")
    plot.usage = "symcnn plot [KIND] MODEL [MODEL ...] [OPTION ...]"
    plot.add_argument("what", nargs="+", metavar="[KIND] MODEL", help=f"{kinds}, left out for curves; {MODEL}")
    _input(plot)
    plot.add_argument(
        "--over", nargs="+", action="extend", default=[], metavar="NAME=VALUES", help="the axes, such as w=8:512:8"
    )
    plot.add_argument(
        "--vary", nargs="+", action="extend", default=[], metavar="NAME=VALUES", help="a line for each value"
    )
    plot.add_argument("--log", action="store_true", help="logarithmic axes, the slope written on each line")
    plot.add_argument(
        "--budget", nargs="+", default=[], metavar="NUMBER", help="budgets to mark in curves and contours, such as 5e6"
    )
    plot.add_argument("--points", metavar="FILE", help="measured points over curves: a CSV of size,value,label")
    plot.add_argument("--by", choices=("layer", "stage", "kind"), default="layer", help="what shares are of")
    plot.add_argument("--tornado", action="store_true", help="sensitivity to 10 %% less and 10 %% more")
    plot.add_argument("--of", nargs="+", metavar="QUANTITY", help=QUANTITY)
    _values(plot)


def _quiz(command: Callable[..., argparse.ArgumentParser]) -> None:
    """The command that asks exercises."""
    asks = "Exercises that recognise mistakes, asked here; or a sheet of them."
    added = command("quiz", quiz.quiz, asks, (*FORMATS, "notebook"))
    added.add_argument("--kind", metavar="KIND", help="what they are about, such as conv2d, params or network")
    added.add_argument("--level", metavar="LEVEL", help="how hard, from 1 to 5 (default: rising)")
    added.add_argument("--seed", metavar="NUMBER", help="the same seed gives the same exercises (default: a new one)")
    added.add_argument("--count", default="10", metavar="COUNT", help="how many are asked (default: 10)")
    added.add_argument("--sheet", metavar="COUNT", help="write a sheet of so many exercises instead of asking")
    added.add_argument("--solutions", action="store_true", help="with the sheet: the answers, worked out, at its end")


def _limits(parser: argparse.ArgumentParser, *, required: bool) -> None:
    text = "such as params=5e6 for at most, or 'macs>=1e8'"
    parser.add_argument(
        "--limit",
        nargs="+",
        action="extend",
        default=None if required else [],
        required=required,
        metavar="LIMIT",
        help=text,
    )


def _model(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model", metavar="MODEL", help=MODEL)
    _input(parser)


def _models(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("models", nargs="+", metavar="MODEL", help=MODEL)
    _input(parser)


def _input(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--input", metavar="SIZES", help="the input's shape, such as 3,H,W or 3,224,224")


def _quantities(parser: argparse.ArgumentParser, default: list[str]) -> None:
    text = f"{QUANTITY} (default: {' '.join(default)})"
    parser.add_argument("--of", nargs="+", default=default, metavar="QUANTITY", help=text)


def _values(parser: argparse.ArgumentParser, *, symbolic: bool = True) -> None:
    text = "values of symbols, such as w=64; for eval also lists K=10,100 and ranges w=8:256:8, ends included"
    parser.add_argument("--set", nargs="+", action="extend", default=[], metavar="NAME=VALUE", help=text)
    if symbolic:
        parser.add_argument("--symbolic", action="store_true", help="leave out a network's published values")
    else:
        parser.set_defaults(symbolic=False)
