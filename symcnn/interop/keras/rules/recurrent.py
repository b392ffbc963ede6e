"""Recurrent layers: each matrix of weights once at every step.

Source: Keras's documentation, "Recurrent layers".
"""

from __future__ import annotations

from typing import Any

from sympy import Integer

from ....profile import Sizes
from ...reading.values import UnfitError
from ..calls import Call, Rule
from ..tensors import Tensor
from ..weights import sizes_of


def recurrent(call: Call) -> list[Tensor]:
    """A recurrent layer; of several outputs each is a reading of what the steps have made."""
    return _run(call, [call.op])


def bidirectional(call: Call) -> list[Tensor]:
    """A recurrent layer from either end."""
    return _run(call, [call.op.forward_layer, call.op.backward_layer])


def _run(call: Call, layers: list[Any]) -> list[Tensor]:
    tensors = [call.plain(one) for one in call.tensors]
    outputs = call.outputs()
    kind = type(call.op).__name__.lower()
    products = [loops for one in layers for loops in _products(call, one, tensors[0])]
    front = call.combined(kind, tensors, outputs[0], call.op.weights, products)
    if len(outputs) == 1:
        return [front]
    return [front, *(call.combined("state", [front], sizes, view=True) for sizes in outputs[1:])]


def _products(call: Call, layer: Any, x: Tensor) -> list[Sizes]:
    """The multiply-accumulates: each kernel at each step, and at each place of a map."""
    keras = call.tracer.keras
    cells = list(layer.cell.cells) if isinstance(layer.cell, keras.layers.StackedRNNCells) else [layer.cell]
    known = (keras.layers.SimpleRNNCell, keras.layers.LSTMCell, keras.layers.GRUCell)
    if type(layer) is keras.layers.RNN and any(type(cell) not in known for cell in cells):
        raise UnfitError("a cell of someone's own")
    call.built_for(x.sizes[-1] if _last(cells[0]) else x.sizes[1], cells[0].kernel.shape[-2], "features")
    return [
        (x.sizes[0], *_places(call, cell), *sizes_of(one))
        for cell in cells
        for one in (cell.kernel, cell.recurrent_kernel)
    ]


def _last(cell: Any) -> bool:
    return getattr(cell, "data_format", "channels_last") == "channels_last"


def _places(call: Call, cell: Any) -> Sizes:
    """The places of the map that a cell which convolves makes."""
    if not hasattr(cell, "rank"):
        return ()
    sizes = call.outputs()[0][-cell.rank - 1 :]
    return tuple(sizes[:-1] if _last(cell) else sizes[1:]) or (Integer(1),)


RECURRENT: dict[str, Rule] = {
    **dict.fromkeys(["RNN", "SimpleRNN", "LSTM", "GRU"], recurrent),
    **dict.fromkeys([f"ConvLSTM{rank}D" for rank in (1, 2, 3)], recurrent),
    "Bidirectional": bidirectional,
}
