"""Where a trace is: the module that an operator is called in, and an end to sizes that grow without one."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from ...errors import SymcnnError

LONGEST_SIZE = 60
"""Operations in one size."""

LONGEST_GUARDS = 5_000
"""Operations in all that a trace took to hold of the sizes."""


class UndecidedError(SymcnnError):
    """What a module does depends on the size of its input in a way that no formula follows."""


class Watch:
    """Follows a module while it is traced, by hooks that are gone afterwards.

    PyTorch asks its sizes many questions. Where each layer makes the sizes longer, as padding to whole windows
    does, and ``same`` padding, this takes minutes: the limits end it after seconds, whatever the machine.
    """

    def __init__(self, module: Any) -> None:
        self._names = {id(one): name for name, one in module.named_modules()}
        self._recurrent: Any = import_module("torch.nn").RNNBase
        self._inside: list[str] = []
        self._since: list[tuple[int, str]] = [(0, "")]
        self._guards: Any = ()
        self._seen: set[Any] = set()
        self._counted = 0
        self._length = 0

    @property
    def place(self) -> str:
        """The module that was entered last and not left."""
        return self._inside[-1] if self._inside else ""

    def place_of(self, guard: int) -> str:
        """The module that was running when a guard was made, by its number."""
        return self._since[bisect_right(self._since, guard, key=lambda row: row[0]) - 1][1]

    @contextmanager
    def watching(self) -> Iterator[None]:
        """While modules are entered and left."""
        hooks = import_module("torch.nn.modules.module")
        before = hooks.register_module_forward_pre_hook(self._entered)
        after = hooks.register_module_forward_hook(self._left)
        try:
            yield
        finally:
            before.remove()
            after.remove()

    def _entered(self, module: Any, given: Any) -> None:
        name = self._names.get(id(module))
        if name is not None:
            if len(self._since) == 1:
                self._look(given)
            self._inside.append(name)
            self._since.append((len(self._guards), name))
            if isinstance(module, self._recurrent) and any(hasattr(size, "node") for size in _sizes(given)):
                said = "a recurrent layer takes its steps one by one, of sizes that are fixed"
                raise UndecidedError(f"{said}, in {name}")

    def _left(self, module: Any, given: Any, output: Any) -> None:
        name = self._names.get(id(module))
        if name is not None:
            # To ask a tensor for its shape is costly in a trace: those of modules that have others inside will do.
            self._look(output if module._modules else ())
            while self._inside and self._inside.pop() != name:
                pass
            self._since.append((len(self._guards), self.place))

    def _look(self, tensors: Any) -> None:
        """At the sizes of tensors, and at the guards since the last look.

        Raises:
            UndecidedError: they are too long.
        """
        nodes = [size.node for size in _sizes(tensors) if hasattr(size, "node")]
        new = {node.expr for node in nodes} - self._seen
        self._seen |= new
        if nodes:
            self._guards = nodes[0].shape_env.guards
        while self._counted < len(self._guards):
            self._length += self._guards[self._counted].expr.count_ops()
            self._counted += 1
        if self._length > LONGEST_GUARDS or any(expr.count_ops() > LONGEST_SIZE for expr in new):
            raise UndecidedError(f"the sizes that are left open get too long in {self.place or 'the module'}")


def _sizes(tensors: Any) -> Iterator[Any]:
    if isinstance(tensors, list | tuple):
        for one in tensors:
            yield from _sizes(one)
    elif isinstance(tensors, dict):
        yield from _sizes(tuple(tensors.values()))
    else:
        yield from getattr(tensors, "shape", ())
