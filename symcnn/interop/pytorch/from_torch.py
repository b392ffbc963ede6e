"""PyTorch's modules as networks, through ``torch.export``."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from typing import Any

from sympy import Integer, Symbol

from ...errors import SizeError, SymcnnError
from ...layer import Layer
from ...shape import Shape
from ...sizes import Conditions, Size, as_value, dims, free_symbols, resolve
from ..frameworks import framework
from ..reading.nesting import network
from .exported import Program, exported
from .guards import guarded
from .tracing import Tracer
from .usual import usual_sizes
from .watching import UndecidedError


def from_torch(module: Any, input: Any = (3, "H", "W"), *, at: Mapping[Any, int] | None = None) -> Layer:
    """A PyTorch module as a network of layers, with formulas in the size of its input.

    The module is traced by ``torch.export`` on tensors without data, in evaluation mode: no forward pass
    is run, and what is dropped in training alone does nothing. All parameters count, as ``module.parameters()``
    lists them, frozen ones too. Layers stand under the paths of their modules; an
    operator that has no layer is an ``Operation``. One of which nothing is known counts nothing, and
    the summary says which: totals are lower bounds then. The formulas are for the input that is given: put values
    in with ``net.at(H=224, W=224)``.

    Args:
        module: the module, with its weights or on PyTorch's meta device.
        input: the shape that goes in, without the batch: numbers are fixed, names and symbols of ``dims`` are open.
        at: values for the open sizes, at which the module is traced. A module that takes no other size is
            imported at these, and a warning says what fixes them; where none are given, it is imported
            at the size that it states or the first usual one that it takes.

    Raises:
        SymcnnError: something that is no module, or one that cannot be traced; PyTorch is not installed.
        SizeError: an input that is no shape.
        UnknownNameError: ``at`` has a name that the input has not.

    >>> import pytest, symcnn as sc
    >>> nn = pytest.importorskip("torch").nn
    >>> net = sc.from_torch(nn.Sequential(nn.Conv2d(3, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)))
    >>> net.macs, net.output
    (432*H*W, Shape(16, ⌊H/2⌋, ⌊W/2⌋))
    """
    torch = framework("torch", "from_torch")
    if not isinstance(module, torch.nn.Module):
        raise SymcnnError(f"from_torch takes a torch.nn.Module, got {module!r}{_hint(module)}")
    sizes = _input(input)
    values = _values(sizes, at or {})
    try:
        net = _open(module, sizes, values)
    except (UndecidedError, SizeError) as error:
        if not free_symbols(sizes):
            raise
        return _fixed(module, sizes, values, error)
    if not values:
        net = _usable(module, sizes, net)
        _tell_pinned(net)
    return net


def _tell_pinned(net: Layer) -> None:
    """Warn where an open size holds for one value, or few: the module computed a number from it."""
    pinned = [
        str(one) for one in net.conditions if one.operator == "==" and (one.left.is_number or one.right.is_number)
    ]
    if pinned:
        text = f"the network holds where {' and '.join(pinned)} alone; at= reads the module at other sizes"
        warnings.warn(text, stacklevel=3)


def _open(module: Any, sizes: tuple[Size, ...], values: dict[Symbol, int]) -> Layer:
    """The network in the sizes that are open.

    Raises:
        UndecidedError: the module takes certain sizes alone, or does otherwise at others.
        SizeError: a size that no formula here says.
    """
    program = exported(module, sizes, values)
    settled = [f"{one} = {size}" for one, size in zip(sizes, program.input, strict=True) if one != size]
    if settled:
        raise UndecidedError(f"PyTorch's trace is for {', '.join(settled)} alone{_asked(program)}")
    return _network(program, guarded(program))


def _usable(module: Any, sizes: tuple[Size, ...], net: Layer) -> Layer:
    """A network that holds for the images that the module is likely for, traced there where this one does not."""
    usual = next(usual_sizes(module, sizes))
    if _holds(net, usual):
        return net
    try:
        there = _open(module, sizes, usual)
    except (UndecidedError, SizeError):
        return net
    return there if _holds(there, usual) else net


def _holds(net: Layer, values: dict[Symbol, int]) -> bool:
    try:
        net.at(values)
    except SymcnnError:
        return False
    return True


def _fixed(module: Any, sizes: tuple[Size, ...], values: dict[Symbol, int], error: SymcnnError) -> Layer:
    """The network at the sizes that are given, all of them; if there are none, at those that it is likely for."""
    if values and len(values) < len(free_symbols(sizes)):
        raise SymcnnError(f"{error}{_advice(sizes)}") from error
    for tried in [values] if values else usual_sizes(module, sizes):
        fixed = [size.xreplace({symbol: Integer(value) for symbol, value in tried.items()}) for size in sizes]
        try:
            net = _network(exported(module, fixed, {}), ())
        except (UndecidedError, SizeError):
            if values:
                raise
            continue
        at = ", ".join(f"{symbol} = {value}" for symbol, value in tried.items())
        warnings.warn(f"the sizes are fixed, {at}: {error}", stacklevel=3)
        return net
    raise SymcnnError(f"{error}{_advice(sizes)}") from error


def _advice(sizes: Sequence[Size]) -> str:
    usual = {"H": 224, "W": 224, "D": 16}
    example = {str(symbol): usual.get(str(symbol), 64) for symbol in free_symbols(sizes)}
    return f"; if it is for certain sizes, give them, as in at={example}"


def _hint(module: Any) -> str:
    return "; call it to make one" if isinstance(module, type) else ""


def _input(given: Any) -> tuple[Size, ...]:
    if not isinstance(given, tuple | list) or not given:
        raise SymcnnError(f"input must be a shape without the batch, such as (3, 'H', 'W'), got {given!r}")
    return tuple(Shape(*(dims(size) if isinstance(size, str) else size for size in given)))


def _values(sizes: Sequence[Size], at: Mapping[Any, Any]) -> dict[Symbol, int]:
    given = resolve(free_symbols(sizes), at, {})
    return {symbol: int(as_value(symbol, value)) for symbol, value in given.items()}


def _asked(program: Program) -> str:
    """The lines that fix a size."""
    places = dict.fromkeys(one.place for one in program.guards if type(one.expr).__name__ == "Equality")
    return f" ({'; '.join(places)})" if places else ""


def _network(program: Program, conditions: Conditions) -> Layer:
    """The network of a program, on its input."""
    tracer = Tracer(program)
    outputs = list(dict.fromkeys(one.name for one in tracer.run()))
    return network(tracer.builder, outputs, Shape.of(program.input), conditions)
