"""Nodes as nested networks: a module is a network of what it does, under its own name.

A module that takes or gives several tensors is no layer; its nodes are written out in the module around it,
as ``up1/conv``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from ...layer import Layer
from ...layers import Identity
from ...networks import Graph, Network, Sequential
from ...shape import Shape
from ...sizes import Conditions, reduced
from .builder import INPUT, Builder, Made
from .leaves import Traced


def needed(nodes: Sequence[Made], outputs: Iterable[str]) -> list[Made]:
    """The nodes that outputs depend on, and no others."""
    wanted, kept = set(outputs), []
    for node in reversed(nodes):
        if node.name in wanted:
            wanted.update(node.inputs)
            kept.append(node)
    return kept[::-1]


def network(
    builder: Builder,
    outputs: Sequence[str],
    shape: Shape,
    conditions: Conditions = (),
    inputs: tuple[str, ...] = (INPUT,),
) -> Layer:
    """The network that was made, from an input of this shape, or several by name, to the outputs.

    In front of it stands what is stored and never used, and what was taken to hold of the sizes where the
    layers do not require it themselves.
    """
    leftover = builder.leftover()
    nodes = needed(builder.made, outputs)
    front = [("unused", leftover)] if leftover else []
    made = nested(nodes, outputs, inputs, input=shape) if nodes else Sequential(Identity(), input=shape)
    implied = made.conditions
    if reduced((*implied, *conditions)) != reduced(implied):
        rows = tuple((one.left, one.operator, one.right) for one in reduced(conditions))
        front.append(("traced", Traced(taken=tuple(shape), where=rows)))
    return _behind(front, made, shape)


def _behind(front: list[tuple[str, Layer]], network: Layer, shape: Shape) -> Layer:
    """A network behind layers that do nothing on one input."""
    if not front:
        return network
    assert isinstance(network, Network)
    if isinstance(network, Sequential):
        return Sequential(*front, *network.layers, input=shape)
    assert isinstance(network, Graph)
    first, last = network.inputs[0], front[-1][0]
    rows: list[Any] = [
        (name, layer, before) for (name, layer), before in zip(front, (first, front[0][0]), strict=False)
    ]
    rows += [(name, does, *(last if one == first else one for one in inputs)) for name, (does, inputs) in network.nodes]
    return Graph(rows, inputs=network.inputs, outputs=network.outputs, input=shape)


def nested(nodes: Sequence[Made], outputs: Sequence[str], inputs: tuple[str, ...] = (INPUT,), **settings: Any) -> Layer:
    """A network of nodes, from the input, or several, to the outputs."""
    folded = _folded(list(nodes), outputs, 0, inputs)
    return (
        _network(folded, outputs, inputs[0], **settings)
        if len(inputs) == 1
        else _graph(folded, outputs, inputs, **settings)
    )


def _folded(nodes: list[Made], outputs: Sequence[str], depth: int, inputs: Sequence[str] = (INPUT,)) -> list[Made]:
    """The nodes of one module; what each module inside does is one node, where that can be."""
    groups: dict[str, list[Made]] = {}
    folded = []
    for node in nodes:
        if len(node.path) > depth:
            groups.setdefault(node.path[depth], []).append(node)
        else:
            folded.append(node)
    for name, group in groups.items():
        folded += _module(name.replace("@", "_"), group, nodes, outputs, depth + 1)
    place = {node.name: i for i, node in enumerate(nodes)}
    return _named(sorted(folded, key=lambda node: place[node.name]), inputs)


def _module(name: str, group: list[Made], around: list[Made], outputs: Sequence[str], depth: int) -> list[Made]:
    """What becomes of the nodes of a module: one node, or theirs under longer names."""
    inside = {node.name for node in group}
    taken = list(dict.fromkeys(one for node in group for one in node.inputs if one not in inside))
    wanted = {one for node in around if node.name not in inside for one in node.inputs}.union(outputs)
    given = [node.name for node in group if node.name in wanted]
    below = _folded(group, given, depth)
    if len(taken) != 1 or len(given) != 1:
        return [replace(node, label=f"{name}/{node.label}", path=node.path[: depth - 1]) for node in below]
    alone = len(below) == 1 and len(below[0].path) == depth
    does = below[0].does if alone else _network(below, given, taken[0])
    return [Made(given[0], group[0].path[: depth - 1], name, does, (taken[0],))]


def _named(nodes: list[Made], inputs: Sequence[str]) -> list[Made]:
    """The nodes under different names: of several of one name all but the first have a number behind it."""
    taken = {*inputs}
    named = []
    for node in nodes:
        label, number = node.label, 0
        while label in taken:
            number += 1
            label = f"{node.label}_{number}"
        taken.add(label)
        named.append(replace(node, label=label))
    return named


def _network(nodes: Sequence[Made], outputs: Sequence[str], taken: str, **settings: Any) -> Layer:
    """A row, where each node takes what the one before it gives; else a graph."""
    before = [taken, *(node.name for node in nodes)]
    chain = all(node.inputs == (one,) for node, one in zip(nodes, before, strict=False))
    layers = {node.label: node.does for node in nodes}
    if chain and tuple(outputs) == (before[-1],) and all(isinstance(does, Layer) for does in layers.values()):
        return Sequential(layers, **settings)
    return _graph(nodes, outputs, (INPUT,), {taken: INPUT}, **settings)


def _graph(
    nodes: Sequence[Made],
    outputs: Sequence[str],
    inputs: tuple[str, ...],
    called: Mapping[str, str] = MappingProxyType({}),
    **settings: Any,
) -> Layer:
    """A graph of nodes; ``called`` are the inputs that have other names in it than outside."""
    label = {one: one for one in inputs} | {**called} | {node.name: node.label for node in nodes}
    rows = [(node.label, node.does, *(label[one] for one in node.inputs)) for node in nodes]
    return Graph(rows, inputs=inputs, outputs=tuple(label[one] for one in outputs), **settings)
