"""A counting convention: weights over what a network does, by kind of layer.

How often a tool counts a layer depends on where it looks. Hooks see a module, patched functions see
the function that the module calls, and a trace sees the operator below both. So a convention has three tables
of weights, of which most tools use one; one that uses two counts some layers twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Weights = Mapping[str, Mapping[str, int]]
"""From a kind of layer to the weight of each amount of it."""

Call = Literal["module", "function", "subclass", "method"]
"""How a network's code calls a layer: as a module of ``torch.nn``, as a function of
``torch.nn.functional``, as a module of a class derived from one in ``torch.nn``, or as a tensor's method."""


@dataclass(frozen=True)
class Convention:
    """What a tool counts.

    Args:
        name: what ``count`` knows it by.
        tool: the tool, and the version that this was read from and measured with.
        figure: which of its figures this is.
        label: what a table calls it.
        modules: what it counts of a module that it knows.
        functions: what it counts of a function of ``torch.nn.functional``, whoever calls it.
        operators: what it counts of an operator, whoever calls it.
        derived: whether it knows a module of a derived class.
        cuts: whether it counts adaptive average pooling in floating point and cuts what comes out.
        says: what it counts, in a few words.
        source: the files of the tool that say so.
        remarks: what is to be said of a kind of layer, where the network has it.
    """

    name: str
    tool: str
    figure: str
    label: str
    says: str
    source: str
    modules: Weights = field(default_factory=dict)
    functions: Weights = field(default_factory=dict)
    operators: Weights = field(default_factory=dict)
    derived: bool = False
    cuts: bool = False
    remarks: Mapping[str, str] = field(default_factory=dict)

    @property
    def cited(self) -> str:
        """The label with the version behind it."""
        name, version = self.tool.split()
        return f"{self.label} ({version if self.label.startswith(name) else self.tool})"

    def weight(self, kind: str, amount: str, call: Call = "module") -> int:
        """How often it counts an amount of a kind of layer that is called in some way.

        >>> from symcnn.counting import convention
        >>> ptflops = convention("ptflops")
        >>> ptflops.weight("ReLU", "elements"), ptflops.weight("ReLU", "elements", "function")
        (2, 1)
        """
        return sum(self.weights(kind, amount, call))

    def weights(self, kind: str, amount: str, call: Call = "module") -> tuple[int, int, int]:
        """The same in three: what it counts of the module, of the function and of the operator."""
        as_module = call == "module" or (call == "subclass" and self.derived)
        as_function = call == "function" or (call != "method" and kind not in OTHERWISE_CALLED)
        seen = (as_module, as_function, call != "method")
        modules, functions, operators = (
            table.get(kind, {}).get(amount, 0) if sees else 0
            for table, sees in zip((self.modules, self.functions, self.operators), seen, strict=True)
        )
        return modules, functions, operators


OTHERWISE_CALLED = ("ReLU6",)
"""Modules of ``torch.nn`` that do not call the function of their name: ``ReLU6`` calls ``hardtanh``."""
