"""From a profile to a module: layers by what their kind is in PyTorch, networks by what is inside of them.

A profile says which layer stands where and what it takes, so no shape is worked out again here.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, NamedTuple

from torch import nn

from ...errors import SizeError, SymcnnError
from ...layer import Layer
from ...networks import Network
from ...networks.blocks import Composite
from ...profile import STORED, Profile, Storage
from ...shape import Shape
from .kinds import LAYERS
from .networks import NETWORKS

REFUSALS = (RuntimeError, ValueError, TypeError, AssertionError, IndexError, NotImplementedError)
"""What PyTorch raises where it does not take something."""


class Made(NamedTuple):
    """A module, the layer that it is of, where it stands, and the layer's input and output."""

    module: nn.Module
    layer: Layer
    path: tuple[str, ...]
    input: Shape
    output: Shape


class Builder:
    """Makes modules, and remembers which; shared weights are made once."""

    def __init__(self) -> None:
        self.made: list[Made] = []
        self.shared: dict[Hashable, nn.Module] = {}
        self._path: tuple[str, ...] = ()

    def module(self, profile: Profile, owned: bool = False) -> nn.Module:
        """What made a profile, as a module; where the input is ``owned``, it may be overwritten.

        Raises:
            SymcnnError: an unknown layer, one that PyTorch refuses or that it counts otherwise.
        """
        layer = profile.source
        if not isinstance(layer, Layer):
            raise SymcnnError(f"to_torch does not know where branches meet by {layer!r}")
        with refused(layer):
            module = self._module(layer, profile, owned)
        self.made.append(Made(module, layer, self._path, profile.input, profile.output))
        return module

    def under(self, name: str, profile: Profile, owned: bool = False) -> nn.Module:
        """The module of what stands under a name in the network around it."""
        around, self._path = self._path, (*self._path, name)
        try:
            return self.module(profile, owned)
        except SymcnnError as error:
            error.under(name)
            raise
        finally:
            self._path = around

    def _module(self, layer: Layer, profile: Profile, owned: bool) -> nn.Module:
        own = getattr(layer, "to_torch", None)
        if own is not None:
            return _counted(_module_of(own, profile.input), profile)
        inner = layer.inside(profile.input) if isinstance(layer, Composite) else layer
        if isinstance(inner, Network):
            make: Any = _known(inner, NETWORKS)
            made: nn.Module = make(self, inner, profile, owned)
            return made
        if profile.storage is Storage.IN_PLACE and not owned:
            layer = replace(layer, inplace=False)  # type: ignore[call-arg]
        return _counted(_known(layer, LAYERS)(layer, profile.input), profile)


@contextmanager
def refused(layer: Layer) -> Iterator[None]:
    """What PyTorch refuses is refused here, and the error names the layer."""
    try:
        try:
            yield
        except SymcnnError:
            raise
        except REFUSALS as error:
            raise SymcnnError(f"PyTorch refuses it: {said(error)}") from error
    except SymcnnError as error:
        error.inside(repr(layer))
        raise


def said(error: Exception) -> str:
    """The first line of what an error says."""
    lines = str(error).strip().splitlines()
    return " ".join(lines[0].split()) if lines else type(error).__name__


def _known(layer: Layer, table: Mapping[type[Layer], Callable[..., Any]]) -> Callable[..., Any]:
    """What the table has for this package's kind of layer; of others' it knows nothing."""
    if type(layer).__module__.partition(".")[0] == __name__.partition(".")[0]:
        for kind in type(layer).__mro__:
            if kind in table:
                return table[kind]
    raise SymcnnError(
        "to_torch does not know this layer; give its class a method to_torch(self, x), "
        "which returns the module for an input of shape x"
    )


def _module_of(own: Callable[[Shape], Any], x: Shape) -> nn.Module:
    module = own(x)
    if not isinstance(module, nn.Module):
        raise SizeError(f"the layer's to_torch must return a torch.nn.Module, got {module!r}")
    return module


def _counted(module: nn.Module, profile: Profile) -> nn.Module:
    """Assert that the weights and buffers of a layer have the shapes that its profile states.

    Raises:
        SymcnnError: they have others.
    """
    if any(leaf.ranges for leaf in profile.leaves()):
        return module  # A network of somebody else, in which something is repeated: its totals are compared.
    tensors = {"weight": module.named_parameters(), "buffer": counted_buffers(module)}
    for role in STORED:
        found = sorted(tuple(tensor.shape) for _, tensor in tensors[role])
        stated = sorted(tuple(map(int, row.sizes)) for row in profile.rows(role))
        if found != stated:
            raise SymcnnError(f"its {role}s have the shapes {found} in PyTorch, and {stated} by its formulas")
    return module


def counted_buffers(module: nn.Module) -> Iterator[tuple[str, Any]]:
    """The buffers of a module, but for the number of batches that PyTorch's normalisations count."""
    return (pair for pair in module.named_buffers() if not pair[0].endswith("num_batches_tracked"))
