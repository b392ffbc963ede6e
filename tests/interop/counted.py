"""What PyTorch itself counts, and a module as it is read."""

from __future__ import annotations

from copy import deepcopy
from typing import Any, NamedTuple

import pytest
import sympy

torch = pytest.importorskip("torch", reason="PyTorch is not installed")
from torch import nn  # noqa: E402
from torch.utils.flop_counter import FlopCounterMode  # noqa: E402

import symcnn as sc  # noqa: E402
from symcnn.interop.reading import each, leaves, meetings  # noqa: E402

SIZES = ({"H": 64, "W": 64}, {"H": 65, "W": 97}, {"H": 224, "W": 160})


class Counts(NamedTuple):
    """What is compared."""

    params: int
    buffers: int
    macs: int
    output: tuple[int, ...]


def counted(module: nn.Module, shape: tuple[int, ...]) -> Counts:
    """PyTorch's own counts, on its meta device: there every product is done step by step."""
    params = sum(one.numel() for one in module.parameters())
    buffers = sum(one.numel() for name, one in module.named_buffers() if not name.endswith("num_batches_tracked"))
    there = deepcopy(module).to("meta").eval()
    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        output = there(torch.empty(1, *shape, device="meta"))
    return Counts(params, buffers, counter.get_total_flops() // 2, tuple(output.shape[1:]))


def read(module: nn.Module, input: Any = (3, "H", "W"), sizes: Any = SIZES, **settings: Any) -> Any:
    """A module's network, which agrees with PyTorch at several sizes and is the same when its code is run."""
    net = sc.from_torch(module, input, **settings)
    names = {str(symbol) for symbol in net.symbols}
    assert again(net) == net
    assert not net.profile.uncounted
    for values in sizes if names else ({},):
        there = net.at({name: value for name, value in values.items() if name in names})
        found = Counts(there.params, there.buffers, there.macs, tuple(there.output))
        assert found == counted(module, tuple(map(int, there.input)))
    return net


def again(net: Any) -> Any:
    """The network that its code makes."""
    names = vars(sympy) | {name: getattr(sc, name) for name in dir(sc)} | vars(leaves) | vars(meetings) | vars(each)
    return eval(repr(net), names | {str(symbol): symbol for symbol in net.symbols})
