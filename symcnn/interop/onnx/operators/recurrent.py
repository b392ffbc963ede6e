"""Recurrent networks.

Source: ONNX's documentation of LSTM, GRU and RNN.
"""

from __future__ import annotations

from typing import Any

from sympy import Integer

from .... import layers
from ...reading.calls import operands
from ...reading.values import Constant, UnfitError, Value
from ..calls import NodeCall


def recurrent(call: NodeCall) -> list[Value]:
    """Each weight of the matrices once at every step, in each direction.

    What it gives is one of the same shape for each output; the weights are stored in front of all of them.
    """
    x, matrices = call.x, [call.tensor(1), call.tensor(2)]
    if x.rank != 3 or not all(isinstance(one, Constant) and len(one.full) == 3 for one in matrices):
        raise UnfitError("the weights depend on the input")
    first = bool(call.attribute("layout", "integer", 0))
    batch, steps = (x.full[0], x.full[1]) if first else (x.full[1], x.full[0])
    call.builder.agree(x.full[-1], matrices[0].full[-1], "the features and those of the weight")
    values, constants = operands(call.given.values())
    products = [(call.name, (steps, batch, *one.full)) for one in matrices]
    front = call.builder.layer(call.builder.storing(layers.Identity(), constants, products), x)
    directions, hidden = matrices[1].full[0], matrices[1].full[-1]
    state = (batch, directions, hidden) if first else (directions, batch, hidden)
    every = (batch, steps, directions, hidden) if first else (steps, directions, batch, hidden)
    fulls = [every, state, state][: len(call.node.output)]
    made = []
    for full in fulls:
        call.giving(tuple(map(Integer, full)) if all(isinstance(one, int) for one in full) else full)
        made.append(call.combined(call.name.lower(), [front, *values[1:]], [], []))
    return made


RECURRENT: dict[str, Any] = dict.fromkeys(["LSTM", "GRU", "RNN"], recurrent)
