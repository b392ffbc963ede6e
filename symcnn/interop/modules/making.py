"""``to_torch``: a network as a module that is ready to train."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...errors import SizeError
from ...layer import Layer
from ..frameworks import framework
from .trials import trials

if TYPE_CHECKING:
    from torch.nn import Module


def to_torch(net: Layer) -> Module:
    """The network as a ``torch.nn.Module``, freshly initialised, that takes inputs with the batch first.

    A height, width or length of the input may stay a symbol where no weight depends on it; every other
    size must be a number. Weights have the names of ``net.weights``, the ``{i}`` of a ``Repeat`` written
    out; where a module cannot have a part of that name, such as ``train``, it is ``train_``. A graph of
    several inputs takes a dictionary of them, and one of several outputs gives one. The head of an
    ``Auxiliary`` runs in training, and what it gave is then in ``output`` of its module.

    Layers that PyTorch has are modules of ``torch.nn``. What it has not, such as padding that differs at the
    two ends of an axis or ``"same"`` with a stride, is written with its functions. ``inplace`` stays where
    nothing else needs the input; elsewhere it would change what is computed. To build on another device, do so
    under ``with torch.device("cuda")``.

    The module is checked against the formulas before it is handed out: the shapes of each layer's weights and
    buffers, their totals, and, on the meta device where nothing is computed, the shape that each layer
    gives. A layer of your own says what it is in PyTorch by a method ``to_torch(self, x)``, which returns
    the module for an input of shape ``x``, without a batch.

    Args:
        net: a layer or a network.

    Raises:
        MissingValueError: sizes that are no numbers.
        SymcnnError: PyTorch is not installed; a layer that is unknown, that PyTorch refuses, or that it
            counts otherwise. It names the layer.

    >>> import symcnn as sc
    >>> w, H, W = sc.dims("w H W")
    >>> net = sc.Sequential(sc.Conv2d(w, 3), sc.ReLU(), sc.GlobalAvgPool(), sc.Linear(10), input=(3, H, W))
    >>> module = sc.to_torch(net.at(w=64))  # doctest: +SKIP
    >>> sum(p.numel() for p in module.parameters()), net.at(w=64).params  # doctest: +SKIP
    (2442, 2442)
    """
    if not isinstance(net, Layer):
        raise SizeError(f"to_torch takes a layer or a network, got {net!r}")
    numbers = trials(net)
    framework("torch", "to_torch")
    from .building import Builder
    from .checking import check

    builder = Builder()
    module = builder.module(numbers[0].profile)
    check(module, builder.made, numbers)
    return module
