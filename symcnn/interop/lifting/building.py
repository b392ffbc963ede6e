"""The constructor called at a point, and the tensors of what it makes, without their numbers."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from ...errors import LiftError, UnknownNameError, nearest
from ...sizes import exact_number
from ..models import is_module, without_numbers
from .polynomials import Number, Place

Sizes = tuple[Number, ...]


class Key(NamedTuple):
    """Which tensor: its role, ``weight`` or ``buffer``, and its name."""

    role: str
    name: str


Tensors = Mapping[Key, Sizes]


def written(names: Sequence[str], place: Place) -> str:
    """A point for a message: ``width = 16, depth = 2``."""
    return ", ".join(f"{name} = {value}" for name, value in zip(names, place, strict=True))


class Constructor:
    """A callable that takes the variables by name, and makes a model, a count, or shapes by name."""

    def __init__(self, make: Callable[..., Any], names: Sequence[str]) -> None:
        self.make = make
        self.names = tuple(names)
        self.known: dict[Place, Tensors] = {}

    def tensors(self, place: Place) -> Tensors:
        """The sizes of every tensor of what is made at a point.

        Raises:
            LiftError: the constructor fails there, or makes something else.
        """
        if place not in self.known:
            self.known[place] = self._read(place, self.made(place))
        return self.known[place]

    def made(self, place: Place) -> Any:
        """What is made at a point; of a module the tensors have no numbers.

        Raises:
            LiftError: the constructor fails there.
        """
        try:
            return without_numbers(partial(self.make, **dict(zip(self.names, place, strict=True))))
        except (Exception, SystemExit) as error:  # Whatever a user's code raises is told of, with the point.
            text = f"make fails at {written(self.names, place)}: {type(error).__name__}: {error}"
        raise LiftError(text)

    def _read(self, place: Place, made: Any) -> Tensors:
        if is_module(made):
            return dict(self._of_module(place, made))
        counts = made if isinstance(made, Mapping) else {"count": exact_number(made)}
        found = {Key("weight", name): _sizes(value) for name, value in counts.items() if isinstance(name, str)}
        whole = {key: sizes for key, sizes in found.items() if sizes is not None}
        if len(whole) != len(counts) or not counts:
            raise LiftError(
                "make must return a torch.nn.Module, a count, or counts and shapes by name; "
                f"at {written(self.names, place)} it returned {made!r}"
            )
        return whole

    def _of_module(self, place: Place, module: Any) -> Iterator[tuple[Key, Sizes]]:
        lazy = sys.modules["torch"].nn.parameter.UninitializedTensorMixin
        named = [("weight" if p.requires_grad else "buffer", name, p) for name, p in module.named_parameters()]
        named += [("buffer", name, one) for name, one in module.named_buffers()]
        for role, name, tensor in named:
            if isinstance(tensor, lazy):
                raise LiftError(f"{name} has no shape before the model has run; give its lazy layer the input's size")
            if name.rpartition(".")[2] != "num_batches_tracked":
                yield Key(role, name), tuple(tensor.shape) or (1,)
        if not any(role == "weight" for role, _, _ in named):
            raise LiftError(f"the model at {written(self.names, place)} has no trainable parameters")


def _sizes(value: Any) -> Sizes | None:
    """A count or a shape as exact numbers, or None where it is neither."""
    if isinstance(value, list | tuple):
        sizes = tuple(map(exact_number, value))
        whole = tuple(size for size in sizes if isinstance(size, int) and size >= 0)
        return whole if len(whole) == len(sizes) else None
    count = exact_number(value)
    return None if count is None else (count,)


def require_callable(make: Any) -> None:
    """Refuse what cannot be called.

    Raises:
        LiftError: it says what a constructor is.
    """
    if not callable(make):
        raise LiftError(f"make must be callable with the variables of over by name, got {make!r}")
    if is_module(make):
        raise LiftError(f"make must be what builds a model, not a model: got a {type(make).__name__}")


def taken(make: Callable[..., Any]) -> tuple[list[str], bool]:
    """The names that a callable takes, and whether it takes any other name."""
    try:
        parameters = inspect.signature(make).parameters.values()
    except (TypeError, ValueError):  # Some built-in callables do not say.
        return [], True
    named = [p.name for p in parameters if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)]
    return named, any(p.kind is p.VAR_KEYWORD for p in parameters)


def require_names(make: Callable[..., Any], names: Sequence[str]) -> None:
    """Refuse variables that a callable does not take, and a callable that needs more.

    Raises:
        UnknownNameError: a name that it does not take.
        LiftError: it needs more than is given.
    """
    named, any_other = taken(make)
    for name in names:
        if name not in named and not any_other:
            raise UnknownNameError(f"make takes no {name!r}{nearest(name, named)}")
    if named:
        signature = inspect.signature(make)
        needed = [p.name for p in signature.parameters.values() if p.name in named and p.default is p.empty]
        missing = [name for name in needed if name not in names]
        if missing:
            raise LiftError(f"make also needs {', '.join(missing)}; give sample points for each in over, or a default")
