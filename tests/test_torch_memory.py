"""What autograd keeps, as PyTorch's own hooks see it, and what a training step multiplies."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from cases import BRANCHES, CASES, COMPOSITES, NETWORKS, REPEATED, Case

import symcnn as sc
from symcnn.memory.peak import peak
from symcnn.memory.stored import Kept, kept

torch = pytest.importorskip("torch", reason="PyTorch is not installed")
from test_torch import beyond_pytorch, in_a_row, pytorch_module, specs_of  # noqa: E402
from test_torch_networks import Run  # noqa: E402
from torch.utils._python_dispatch import TorchDispatchMode  # noqa: E402
from torch.utils._pytree import tree_leaves  # noqa: E402
from torch.utils.flop_counter import FlopCounterMode  # noqa: E402

pytestmark = [pytest.mark.torch, pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel")]

BATCH = 3

NOT_TRAINED = {
    "instance norm 2d tracked": "PyTorch refuses to train on a map of one place",
    "auxiliary head on a map that is too small": "so does symcnn",
}


class Trained(Run):
    """A network carried out in training mode, auxiliary heads too."""

    def module(self, layer: sc.Layer, x: Any) -> Any:
        """A layer's module, which keeps what it needs."""
        (spec,) = specs_of(layer)
        made = pytorch_module(spec, x.shape).train()
        self.modules.append(made)
        return made

    def beside(self, head: sc.Layer, x: Any) -> None:
        """A head, which is run; what comes out stays, as a loss of it would."""
        self.modules.append(self(head, x))


class Saved:
    """The storages that are kept, each once, by the type of their elements."""

    def __init__(self) -> None:
        self.tensors: list[Any] = []

    def pack(self, tensor: Any) -> Any:
        """Remember a tensor; it stays alive, so that no other takes its place."""
        self.tensors.append(tensor)
        return tensor

    def elements(self, own: list[Any]) -> dict[Any, int]:
        """How many elements are not ``own``: no weights and no buffers."""
        stored = {tensor.untyped_storage()._cdata for tensor in own}
        found: dict[Any, int] = {}
        for tensor in self.tensors:
            storage = tensor.untyped_storage()
            if storage._cdata not in stored:
                stored.add(storage._cdata)
                found[tensor.dtype] = found.get(tensor.dtype, 0) + storage.nbytes() // tensor.element_size()
        return found


def saved_by(layer: sc.Layer, shape: tuple[int, ...]) -> dict[Any, int]:
    """What PyTorch keeps of a network in training."""
    run, saved = Trained(), Saved()
    with torch.autograd.graph.saved_tensors_hooks(saved.pack, lambda tensor: tensor):
        run.modules.append(run(layer, torch.rand(BATCH, *shape)))
    modules = [module for module in run.modules if isinstance(module, torch.nn.Module)]
    return saved.elements([tensor for module in modules for tensor in (*module.parameters(), *module.buffers())])


def expected(left: Kept) -> dict[Any, int]:
    """The same from the profile; the masks of a CPU's dropout are floating-point numbers."""
    floats = BATCH * (left.activations + left.statistics + left.masks) + left.batch_statistics
    counts = {torch.float32: floats, torch.int64: BATCH * left.indices}
    return {kind: int(count) for kind, count in counts.items() if count}


def trained(case: Case) -> tuple[sc.Layer, tuple[int, ...]]:
    """A layer behind one with weights, since only then does the backward pass come by.

    On a CPU attention with dropout is not done in one kernel.
    """
    layer, shape = case.numbers()
    if isinstance(layer, sc.MultiheadAttention):
        layer = dataclasses.replace(layer, dropout=0.0)
    first = (sc.Linear, sc.Conv1d, sc.Conv2d, sc.Conv3d)[len(shape) - 1]
    return sc.Sequential(first(shape[0], *([1] if len(shape) > 1 else [])), layer), shape


def is_pytorchs(case: Case) -> bool:
    layer, shape = case.numbers()
    row = in_a_row(layer) and len(specs := list(specs_of(layer))) == 1
    return case.id not in NOT_TRAINED and not (row and beyond_pytorch(specs[0], shape))


@pytest.mark.parametrize("case", [*filter(is_pytorchs, CASES)], ids=lambda case: case.id)
def test_what_is_kept_is_what_autograd_keeps(case: Case) -> None:
    layer, shape = trained(case)
    assert saved_by(layer, shape) == expected(kept(layer.on(shape)))


def multiplied(layer: sc.Layer, shape: tuple[int, ...]) -> int:
    """Multiply-accumulates of a training step on one input."""
    run = Trained()
    with torch.device("meta"), FlopCounterMode(display=False) as counter:
        out = run(layer, torch.empty(1, *shape))
        heads = [head for head in run.modules if not isinstance(head, torch.nn.Module)]
        sum(one.sum() for one in (out, *heads)).backward()
    return int(counter.get_total_flops()) // 2


H, W, w = sc.dims("H W w")

STEPS = {
    "convolutions": sc.Sequential(sc.Conv2d(4, 3, stride=2), sc.ReLU(), sc.Conv2d(5, (1, 3), padding=1), sc.ReLU()),
    "dense": sc.Sequential(sc.AvgPool2d(2), sc.Flatten(), sc.Linear(7), sc.Tanh(), sc.Linear(3)),
    "residual": sc.Residual(sc.Sequential(sc.Conv2d(3, 3, padding=1), sc.Conv2d(3, 3, padding=1))),
    "two branches on the input": sc.Parallel(sc.Conv2d(2, 1), sc.Conv2d(4, 3, padding=1), join="concat"),
    "repeat": sc.Repeat(sc.Sequential(sc.Conv2d(4, 3, padding=1), sc.ReLU()), 3),
    "transposed": sc.Sequential(sc.Conv2d(4, 3), sc.ConvTranspose2d(3, 2, stride=2)),
    "auxiliary": sc.Sequential(
        sc.Conv2d(4, 3), sc.Auxiliary(sc.Sequential(sc.Flatten(), sc.Linear(2))), sc.Conv2d(2, 3)
    ),
    "only a head": sc.Auxiliary(sc.Conv2d(2, 3)),
    "shared": sc.Sequential(*[sc.Shared(sc.Conv2d(3, 3, padding=1))] * 3),
    "gate": sc.SqueezeExcitation(2),
}


@pytest.mark.parametrize("name", STEPS)
def test_a_training_step_multiplies_as_pytorch_counts(name: str) -> None:
    """Ungrouped: of grouped convolutions PyTorch counts the gradient of the weight as if it were ungrouped."""
    net = STEPS[name]
    assert net.on((3, 8, 9)).training_macs == multiplied(net, (3, 8, 9))


@pytest.mark.parametrize("name", ["convolutions", "residual", "repeat", "auxiliary"])
def test_the_formula_of_a_training_step_holds(name: str) -> None:
    net = STEPS[name]
    formula = net.on((3, H, W)).training_macs
    for height, width in ((8, 9), (17, 12)):
        assert sc.evaluate(formula, H=height, W=width) == net.on((3, height, width)).training_macs


# The most at once.


class Watched(TorchDispatchMode):  # type: ignore[misc]
    """Every operation, with the storages that it takes and gives."""

    def __init__(self) -> None:
        super().__init__()
        self.steps: list[tuple[list[int], list[int]]] = []
        self.elements: dict[int, int] = {}
        self.alive: list[Any] = []

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        out = func(*args, **(kwargs or {}))
        taken = [self.storage(one) for one in tree_leaves((args, kwargs)) if isinstance(one, torch.Tensor)]
        # What a kernel gives beside its result, such as the places of a maximum, is for training.
        given = tree_leaves(out)[:1]
        self.steps.append((taken, [self.storage(one) for one in given if isinstance(one, torch.Tensor)]))
        return out

    def storage(self, tensor: Any) -> int:
        """The storage of a tensor, which stays alive so that no other takes its place."""
        self.alive.append(tensor)
        storage = tensor.untyped_storage()
        self.elements[storage._cdata] = storage.nbytes() // tensor.element_size()
        return int(storage._cdata)

    def most(self, own: set[int], inputs: list[int], outputs: list[int]) -> int:
        """The most elements at once; a storage is there until the last operation that takes it."""
        last = {one: len(self.steps) for one in outputs}
        first = dict.fromkeys(inputs, -1)
        for place, (taken, given) in enumerate(self.steps):
            for one in (*taken, *given):
                first.setdefault(one, place)
                last[one] = max(last.get(one, -1), place)
        live = [one for one in first if one not in own]
        moments = range(-1, len(self.steps))
        return max(
            sum(self.elements[one] for one in live if first[one] <= moment <= last.get(one, -1)) for moment in moments
        )


OTHERWISE = {
    "tokens in a network": "on a meta device attention is not done in one kernel",
    "branches of odd padding": "PyTorch pads a copy where the ends of an axis differ",
    "separable 2d all": "here too",
}


class Evaluated(Run):
    """A network carried out in evaluation mode, without what training alone runs."""

    def beside(self, head: sc.Layer, x: Any) -> None:
        """The head is not run."""


def most_at_once(layer: sc.Layer, shape: tuple[int, ...]) -> int:
    """The most elements that PyTorch has at once in inference."""
    run = Evaluated()
    with torch.device("meta"), torch.no_grad():
        x = torch.empty(1, *shape)
        with Watched() as watched:
            out = run(layer, x)
    own = {one.untyped_storage()._cdata for module in run.modules for one in (*module.parameters(), *module.buffers())}
    return watched.most(own, [watched.storage(x)], [watched.storage(out)])


SEVERAL = [case for case in (*NETWORKS, *BRANCHES, *REPEATED, *COMPOSITES) if case.id not in OTHERWISE]


@pytest.mark.parametrize("case", SEVERAL, ids=lambda case: case.id)
def test_the_peak_is_pytorchs(case: Case) -> None:
    layer, shape = case.numbers()
    assert peak(layer.on(shape)) == most_at_once(layer, shape)
