"""What ``torch.export`` says of a module: its operators in order, its weights, and the sizes it holds for."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import Any, NamedTuple

from sympy import Integer, Symbol

from ...errors import SymcnnError
from ...sizes import Size
from ..frameworks import framework
from .torch_sizes import SizeReader

EXAMPLES = {1: (256,), 2: (224, 256), 3: (16, 224, 256)}
"""The sizes that a module is traced at where it is given none, by the number of axes; different along each."""


class UndecidedError(SymcnnError):
    """What a module does depends on the size of its input in a way that no formula follows."""


class Guard(NamedTuple):
    """What the tracing took to hold of the sizes, and the line that asked."""

    expr: Any
    place: str


@dataclass(frozen=True)
class Program:
    """An exported module: the graph, whose operators are in order, and how its sizes are read.

    ``stored`` are the names of parameters and buffers by the nodes that stand for them, ``parameters``
    and ``buffers`` the shapes of all of them. ``input`` is what goes in, where a size that the module
    does not leave open is a number; ``samples`` are the values that it was traced at.
    """

    nodes: tuple[Any, ...]
    stored: Mapping[str, str]
    parameters: Mapping[str, tuple[int, ...]]
    buffers: Mapping[str, tuple[int, ...]]
    input: tuple[Size, ...]
    reader: SizeReader
    samples: Mapping[Symbol, int]
    guards: tuple[Guard, ...]

    def read(self, size: Any) -> Size:
        """A size of PyTorch's."""
        return self.reader.read(size)

    def equal(self, one: Size, other: Size) -> bool:
        """Whether two sizes are the same, at least at those of the trace."""
        return bool(one == other or self.at_trace(one) == self.at_trace(other))

    def at_trace(self, size: Size) -> Size:
        """A size at those of the trace."""
        return size.xreplace({symbol: Integer(value) for symbol, value in self.samples.items()})


def exported(module: Any, sizes: Sequence[Size], at: Mapping[Symbol, int]) -> Program:
    """Export a module on fake tensors, the sizes that are symbols being dynamic.

    Raises:
        UndecidedError: the module cannot be traced, or not with these sizes open.
    """
    torch = framework("torch", "from_torch")
    values = dict(at)
    examples = examples_of(sizes, values)
    with _quiet(torch), _at_rest(module):
        x = torch.empty((1, *examples), device=_device(module), dtype=_dtype(torch, module))
        auto = {i + 1: torch.export.Dim.AUTO for i, size in enumerate(sizes) if not size.is_Integer}
        try:
            program = torch.export.export(module, (x,), dynamic_shapes=(auto,), strict=False)
        except Exception as error:
            raise UndecidedError(_untraceable(error, examples)) from error
    return _read(program, module, sizes, values)


def examples_of(sizes: Sequence[Size], values: dict[Symbol, int]) -> tuple[int, ...]:
    """The sizes that a module is traced at; ``values`` gets the symbols that have none."""
    usual = (8, *EXAMPLES.get(len(sizes) - 1, (64,) * (len(sizes) - 1)))
    for size, example in zip(sizes, usual, strict=True):
        values |= {symbol: example if size == symbol else 32 for symbol in size.free_symbols - values.keys()}
    return tuple(int(size.xreplace({symbol: Integer(value) for symbol, value in values.items()})) for size in sizes)


def _device(module: Any) -> Any:
    return next((one.device for one in (*module.parameters(), *module.buffers())), "meta")


def _dtype(torch: Any, module: Any) -> Any:
    return next((one.dtype for one in module.parameters() if one.dtype.is_floating_point), torch.float32)


@contextmanager
def _quiet(torch: Any) -> Iterator[None]:
    """Sizes of 0 and 1 are not told apart while tracing, and PyTorch writes nothing."""
    config: Any = import_module("torch.fx.experimental._config")
    with ExitStack() as stack:
        stack.enter_context(config.patch(backed_size_oblivious=True))
        stack.enter_context(warnings.catch_warnings())
        warnings.simplefilter("ignore")
        logger = logging.getLogger("torch")
        level = logger.level
        logger.setLevel(logging.CRITICAL)
        try:
            yield
        finally:
            logger.setLevel(level)


@contextmanager
def _at_rest(module: Any) -> Iterator[None]:
    """The module in evaluation mode, and afterwards each of its modules in the mode that it was in."""
    training = [one for one in module.modules() if one.training]
    module.eval()
    try:
        yield
    finally:
        for one in training:
            one.training = True


def _untraceable(error: Exception, examples: Sequence[int]) -> str:
    text = str(error).strip()
    first = text.splitlines()[0] if text else type(error).__name__
    return f"torch.export cannot trace the module on an input of {tuple(examples)}: {first}"


def _read(program: Any, module: Any, sizes: Sequence[Size], values: dict[Symbol, int]) -> Program:
    signature = program.graph_signature
    first = _first_names(module)
    stored = {one.arg.name: first.get(one.target, one.target) for one in signature.input_specs if one.target}
    nodes = tuple(program.graph.nodes)
    x = next(node for node in nodes if node.op == "placeholder" and node.name in signature.user_inputs).meta["val"]
    found = tuple(x.shape[1:])
    names = {str(one.node.expr): size for one, size in zip(found, sizes, strict=True) if not isinstance(one, int)}
    reader = SizeReader(names)
    settled = tuple(reader.read(one) for one in found)
    return Program(
        nodes,
        stored,
        {name: tuple(one.shape) for name, one in module.named_parameters()},
        {name: tuple(one.shape) for name, one in module.named_buffers()},
        settled,
        reader,
        values,
        _guards(x),
    )


def _first_names(module: Any) -> dict[str, str]:
    """The first name of each parameter and buffer, by each of its names: tied weights have several."""
    found: dict[int, str] = {}
    named = (*module.named_parameters(remove_duplicate=False), *module.named_buffers(remove_duplicate=False))
    return {name: found.setdefault(id(one), name) for name, one in named}


def _guards(x: Any) -> tuple[Guard, ...]:
    environment = getattr(getattr(x, "fake_mode", None), "shape_env", None)
    return tuple(Guard(one.expr, _place(one.sloc)) for one in (environment.guards if environment else ()))


def _place(location: Any) -> str:
    """The line of the model that asked, or PyTorch's where that is not known."""
    place = location.maybe_user_loc or str(location).strip("()")
    return str(place)
