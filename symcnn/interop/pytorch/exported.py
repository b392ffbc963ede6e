"""What ``torch.export`` says of a module: its operators in order, its weights, and the sizes it holds for."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, redirect_stderr
from dataclasses import dataclass
from importlib import import_module
from inspect import Parameter, signature
from io import StringIO
from pathlib import Path
from typing import Any, NamedTuple

from sympy import Integer, Symbol

from ...sizes import Size
from ..frameworks import framework
from .torch_sizes import SizeReader
from .watching import UndecidedError, Watch

EXAMPLES = {1: (256,), 2: (224, 256), 3: (16, 224, 256)}
"""The sizes that a module is traced at where it is given none, by the number of axes; different along each."""


class Guard(NamedTuple):
    """What the tracing took to hold of the sizes, who asked, and whether that was PyTorch itself."""

    expr: Any
    place: str
    own: bool = False


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
    watch = Watch(module)
    auto = {i + 1: torch.export.Dim.AUTO for i, size in enumerate(sizes) if not size.is_Integer}
    with _quiet(torch, bool(auto)), _at_rest(module), watch.watching(), torch.device(_device(module)):
        x = torch.empty((1, *examples), device=_device(module), dtype=_dtype(torch, module))
        try:
            program = torch.export.export(module, (x,), dynamic_shapes=_first(module, auto), strict=False)
        except UndecidedError:
            raise
        except Exception as error:
            raise UndecidedError(_untraceable(error, examples, watch.place)) from error
    return _read(program, module, sizes, values, watch)


def _first(module: Any, given: Any) -> tuple[Any, ...]:
    """What is said of a module's one argument, as ``torch.export`` asks for it: ``*inputs`` are a tuple in it."""
    kinds = [one.kind for one in signature(module.forward).parameters.values()]
    return ((given,),) if kinds[:1] == [Parameter.VAR_POSITIONAL] else (given,)


def examples_of(sizes: Sequence[Size], values: dict[Symbol, int]) -> tuple[int, ...]:
    """The sizes that a module is traced at; ``values`` gets the symbols that have none."""
    usual = (8, *EXAMPLES.get(len(sizes) - 1, (64,) * (len(sizes) - 1)))
    for size, example in zip(sizes, usual, strict=True):
        values |= {symbol: example if size == symbol else 32 for symbol in size.free_symbols - values.keys()}
    return tuple(int(size.xreplace({symbol: Integer(value) for symbol, value in values.items()})) for size in sizes)


def _device(module: Any) -> Any:
    return next((one.device for one in (*module.parameters(), *module.buffers())), "cpu")


def _dtype(torch: Any, module: Any) -> Any:
    return next((one.dtype for one in module.parameters() if one.dtype.is_floating_point), torch.float32)


@contextmanager
def _quiet(torch: Any, some_open: bool) -> Iterator[None]:
    """Sizes of 0 and 1 are not told apart while tracing, and PyTorch writes nothing.

    Where sizes are open it does not look for tensors that it made before: it would take as long again.
    """
    config: Any = import_module("torch.fx.experimental._config")
    dynamo: Any = import_module("torch._dynamo.config")
    with ExitStack() as stack:
        stack.enter_context(config.patch(backed_size_oblivious=True))
        stack.enter_context(dynamo.patch(fake_tensor_cache_enabled=not some_open))
        stack.enter_context(warnings.catch_warnings())
        stack.enter_context(redirect_stderr(StringIO()))  # Where a trace fails, its graph is printed.
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


def _untraceable(error: Exception, examples: Sequence[int], place: str) -> str:
    text = str(error).strip()
    first = text.splitlines()[0] if text else type(error).__name__
    where = f" (in {place})" if place else ""
    return f"torch.export cannot trace the module on an input of {tuple(examples)}: {first}{where}"


def _read(program: Any, module: Any, sizes: Sequence[Size], values: dict[Symbol, int], watch: Watch) -> Program:
    said = program.graph_signature
    first = _first_names(module)
    stored = {one.arg.name: first.get(one.target, one.target) for one in said.input_specs if one.target}
    nodes = tuple(program.graph.nodes)
    x = next(node for node in nodes if node.op == "placeholder" and node.name in said.user_inputs).meta["val"]
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
        _guards(x, watch),
    )


def _first_names(module: Any) -> dict[str, str]:
    """The first name of each parameter and buffer, by each of its names: tied weights have several."""
    found: dict[int, str] = {}
    named = (*module.named_parameters(remove_duplicate=False), *module.named_buffers(remove_duplicate=False))
    return {name: found.setdefault(id(one), name) for name, one in named}


HARMLESS = ("meta_copy_", "conv", "convert")
"""Functions of PyTorch that ask for sizes only to lay out memory: of a copy, and of what a convolution gives."""


def _guards(x: Any, watch: Watch) -> tuple[Guard, ...]:
    environment = getattr(getattr(x, "fake_mode", None), "shape_env", None)
    found = environment.guards if environment else ()
    home = str(Path(import_module("torch").__file__ or "").parent)
    guards = [_guard(one, watch.place_of(i), home) for i, one in enumerate(found)]
    names = [getattr(one.sloc.framework_loc, "name", "") for one in found]
    return tuple(one for one, name in zip(guards, names, strict=True) if not one.own or name not in HARMLESS)


def _guard(guard: Any, module: str, home: str) -> Guard:
    """A guard with the line that asked, or the module that it stands in where PyTorch asked itself."""
    frame = guard.sloc.framework_loc
    own = str(getattr(frame, "filename", frame)).startswith(home)
    line = guard.sloc.maybe_user_loc or str(guard.sloc).strip("()")
    return Guard(guard.expr, (f"in {module}" if module else "in the module") if own else str(line), own)
