"""PyTorch agrees on networks: branches, depths, shared weights and graphs, run layer by layer."""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Any

import pytest
from cases import BRANCHES, COMPOSITES, NETWORKS, REPEATED, Case
from sympy import Integer

import symcnn as sc
from symcnn.networks.blocks import Composite

torch = pytest.importorskip("torch", reason="PyTorch is not installed")
from test_torch import Found, pytorch_module, specs_of  # noqa: E402
from torch.utils.flop_counter import FlopCounterMode  # noqa: E402

pytestmark = pytest.mark.torch


class Run:
    """A network carried out in PyTorch; each layer becomes a module when its input is there."""

    def __init__(self) -> None:
        self.modules: list[Any] = []
        self.shared: dict[Any, Any] = {}
        self.heads: list[tuple[sc.Layer, Any]] = []

    def __call__(self, layer: sc.Layer, x: Any) -> Any:
        for kind, run in RUNS.items():
            if isinstance(layer, kind):
                return run(self, layer, x)
        return self.module(layer, x)(x)

    def module(self, layer: sc.Layer, x: Any) -> Any:
        """One layer's module, which counts."""
        (spec,) = specs_of(layer)
        made = pytorch_module(spec, x.shape).eval()
        self.modules.append(made)
        return made

    def beside(self, head: sc.Layer, x: Any) -> None:
        """A head whose modules are there; they are made on a larger map, when nothing is counted any more."""
        self.heads.append((head, torch.empty(*x.shape[:2], *(size + 10 for size in x.shape[2:]))))

    def found(self, x: Any, flops: int) -> Found:
        """What is compared."""
        params = sum(weight.numel() for module in self.modules for weight in module.parameters())
        named = [pair for module in self.modules for pair in module.named_buffers()]
        buffers = sum(one.numel() for name, one in named if not name.endswith("num_batches_tracked"))
        return Found(tuple(x.shape[1:]), params, buffers, flops // 2)


def in_a_row(run: Run, layers: Any, x: Any) -> Any:
    for layer in layers:
        x = run(layer, x)
    return x


def together(how: str, axis: int, branches: list[Any]) -> Any:
    if how == "concat":
        return torch.cat(branches, axis + 1 if axis >= 0 else axis)
    if how == "resize":
        mode = {3: "linear", 4: "bilinear", 5: "trilinear"}[branches[0].dim()]
        return torch.nn.functional.interpolate(branches[0], branches[1].shape[2:], mode=mode)
    return sum(branches[1:], branches[0]) if how == "add" else prod(branches[1:], start=branches[0])


def parallel(run: Run, layer: sc.Parallel, x: Any) -> Any:
    return together(layer.join, layer.axis, [run(branch, x) for _, branch in layer.branches])


def residual(run: Run, layer: sc.Residual, x: Any) -> Any:
    return run(layer.body, x) + (x if layer.shortcut is None else run(layer.shortcut, x))


def repeat(run: Run, layer: sc.Repeat, x: Any) -> Any:
    index = layer.index
    times = range(int(layer.n))
    return in_a_row(run, [layer.body.substituted({index: Integer(t)}) if index else layer.body for t in times], x)


def shared(run: Run, layer: sc.Shared, x: Any) -> Any:
    """The modules that its first use made."""
    key = (layer.layer, layer.name)
    if key not in run.shared:
        run.shared[key] = run.module(layer.layer, x)
    return run.shared[key](x)


def graph(run: Run, layer: sc.Graph, x: Any) -> Any:
    made = {layer.inputs[0]: x}
    waiting = dict(layer.nodes)
    while waiting:
        name = next(name for name, node in waiting.items() if all(taken in made for taken in node.inputs))
        does, inputs = waiting.pop(name)
        taken = [made[one] for one in inputs]
        made[name] = together(does.how, does.axis, taken) if isinstance(does, sc.Join) else run(does, taken[0])
    return made[layer.outputs[0]]


def auxiliary(run: Run, layer: sc.Auxiliary, x: Any) -> Any:
    run.beside(layer.head, x)
    return x


def composite(run: Run, layer: Composite, x: Any) -> Any:
    return run(layer.inside(sc.Shape(*x.shape[1:])), x)


RUNS: dict[type, Callable[[Run, Any, Any], Any]] = {
    sc.Sequential: in_a_row,
    sc.Parallel: parallel,
    sc.Residual: residual,
    sc.Repeat: repeat,
    sc.Shared: shared,
    sc.Graph: graph,
    sc.Auxiliary: auxiliary,
    Composite: composite,
}


def asked(layer: sc.Layer, shape: tuple[int, ...]) -> Found:
    """A network's figures in PyTorch, on the meta device."""
    run = Run()
    with torch.device("meta"), torch.no_grad(), FlopCounterMode(display=False) as counter:
        x = run(layer, torch.empty(2, *shape))
    with torch.device("meta"), torch.no_grad():
        for head, taken in run.heads:
            run(head, taken)
    return run.found(x, counter.get_total_flops())


@pytest.mark.parametrize("case", [*NETWORKS, *BRANCHES, *REPEATED, *COMPOSITES], ids=lambda case: case.id)
def test_pytorch_agrees_on_every_network(case: Case) -> None:
    layer, shape = case.numbers()
    profile = layer.on(shape)
    theirs = asked(layer, shape)
    assert theirs == Found(tuple(profile.output), profile.params, profile.buffers, profile.flops)
