"""A module against the formulas: totals of what is stored, and a run in which nothing is computed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch import nn

from ...errors import SymcnnError
from ...layer import Layer
from ...shape import Shape, Shapes
from .building import REFUSALS, Made, counted_buffers, said

BATCH = 2
"""How many inputs a run has: one alone would hide what is done to the batch."""

Sizes = tuple[int, ...] | dict[str, tuple[int, ...]]
"""The shape of a tensor without its batch; or of several, by name."""


def check(module: nn.Module, made: Sequence[Made], numbers: Sequence[Layer]) -> None:
    """Assert that a module stores what the network's formulas say, and gives outputs of their shapes.

    Args:
        module: the network's module.
        made: every module in it.
        numbers: the network at the size that it was made for, and at others.

    Raises:
        SymcnnError: it does not; it names the layer, or the total.
    """
    profile = numbers[0].profile
    _same("parameters", sum(weight.numel() for weight in module.parameters()), profile.params, numbers[0])
    _same("numbers in buffers", sum(one.numel() for _, one in counted_buffers(module)), profile.buffers, numbers[0])
    with _Watched(made) as watched:
        for number in numbers:
            output = watched.run(module, number.profile.input)
            _same("as output", output, stated(number.profile.output), number)


def _same(what: str, found: Any, expected: Any, layer: Layer) -> None:
    if found != expected:
        error = SymcnnError(f"it has {found} {what} in PyTorch, and {expected} by its formulas")
        error.inside(repr(layer))
        raise error


def stated(shape: Shape) -> Sizes:
    """A profile's shape in plain numbers."""
    if isinstance(shape, Shapes):
        return {name: tuple(map(int, one)) for name, one in shape.by_name.items()}
    return tuple(map(int, shape))


def _given(value: Any) -> Sizes:
    """The shape that a module took or gave."""
    if isinstance(value, Mapping):
        return {name: tuple(one.shape[1:]) for name, one in value.items()}
    return tuple(value.shape[1:])


def _empty(shape: Sizes) -> Any:
    """Inputs of a shape, without numbers in them."""
    if isinstance(shape, dict):
        return {name: _empty(one) for name, one in shape.items()}
    return torch.empty(BATCH, *shape, device="meta")


@contextmanager
def _emptied(module: nn.Module) -> Iterator[None]:
    """The module with nothing in its weights and buffers, and as it is after training.

    PyTorch's ``functional_call`` would leave a module that is in two places without its weights.
    """
    held = [
        (inner, name, tensor)
        for inner in module.modules()
        for own in (inner.named_parameters, inner.named_buffers)
        for name, tensor in own(recurse=False, remove_duplicate=False)
    ]
    module.eval()
    try:
        for inner, name, tensor in held:
            empty = torch.empty_like(tensor, device="meta")
            setattr(inner, name, nn.Parameter(empty, False) if isinstance(tensor, nn.Parameter) else empty)
        yield
    finally:
        for inner, name, tensor in held:
            setattr(inner, name, tensor)
        module.train()


class _Watched:
    """Runs a module on the meta device, and sees what each module in it takes and gives."""

    def __init__(self, made: Sequence[Made]) -> None:
        self.expected: dict[tuple[nn.Module, str], Made] = {}
        for one in made:
            self.expected.setdefault((one.module, str(stated(one.input))), one)
        self.inside: list[Made | None] = []
        self.hooks: list[Any] = []

    def __enter__(self) -> _Watched:
        for module in {module for module, _ in self.expected}:
            self.hooks.append(module.register_forward_pre_hook(self._enter))
            self.hooks.append(module.register_forward_hook(self._leave))
        return self

    def __exit__(self, *_: object) -> None:
        for hook in self.hooks:
            hook.remove()

    def run(self, module: nn.Module, shape: Shape) -> Sizes:
        """The shape of the output."""
        self.inside.clear()
        try:
            with _emptied(module), torch.no_grad():
                return _given(module(_empty(stated(shape))))
        except SymcnnError:
            raise
        except REFUSALS as error:
            raise self._placed(SymcnnError(f"PyTorch refuses it: {said(error)}")) from error

    def _enter(self, module: nn.Module, args: tuple[Any, ...]) -> None:
        self.inside.append(self.expected.get((module, str(_given(args[0])))))

    def _leave(self, module: nn.Module, args: tuple[Any, ...], output: Any) -> None:
        made = self.inside[-1]
        if made is not None and _given(output) != stated(made.output):
            text = f"its output is {_given(output)} in PyTorch, and {stated(made.output)} by its formula"
            raise self._placed(SymcnnError(text))
        self.inside.pop()

    def _placed(self, error: SymcnnError) -> SymcnnError:
        """The error, naming the innermost layer that is at work."""
        made = next((made for made in reversed(self.inside) if made is not None), None)
        if made is not None:
            error.inside(repr(made.layer))
            for name in reversed(made.path):
                error.under(name)
        return error
