"""The nodes of a graph that its outputs depend on, in an order in which each finds what it takes."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from ...errors import SymcnnError

GRAPH, GRAPHS = 5, 10
"""The types of an attribute that is a graph, or several."""


def named(node: Any, number: int = 0) -> str:
    """What a node is called in a message."""
    return node.name or f"{node.op_type or 'node'} ({', '.join(node.output) or number})"


def bodies(node: Any) -> Iterator[Any]:
    """The graphs in a node's attributes."""
    for attribute in node.attribute:
        if attribute.type == GRAPH:
            yield attribute.g
        elif attribute.type == GRAPHS:
            yield from attribute.graphs


def taken_by(node: Any) -> Iterator[str]:
    """The names that a node takes, those from around the graphs in it too."""
    yield from (name for name in node.input if name)
    for body in bodies(node):
        own = {one.name for one in (*body.input, *body.initializer)}
        own.update(name for inner in body.node for name in inner.output)
        yield from (name for inner in body.node for name in taken_by(inner) if name not in own)
        yield from (one.name for one in body.output if one.name not in own)


def ordered(nodes: Sequence[Any], outputs: Iterable[str], known: Iterable[str]) -> list[Any]:
    """The nodes that outputs depend on; files need not have them in order.

    Raises:
        SymcnnError: a name that nothing gives, one that is given twice, or nodes that wait for each other.
    """
    there = set(known)
    writers = _writers(nodes)
    takes = _needed(nodes, writers, outputs, there)
    waiting = {number: {writers[name] for name in names if name not in there} for number, names in takes.items()}
    after: dict[int, list[int]] = {}
    for number, before in waiting.items():
        for one in before:
            after.setdefault(one, []).append(number)
    ready = [number for number, before in waiting.items() if not before]
    heapq.heapify(ready)
    done = []
    while ready:
        number = heapq.heappop(ready)
        done.append(number)
        for one in after.get(number, ()):
            waiting[one].discard(number)
            if not waiting[one]:
                heapq.heappush(ready, one)
    if len(done) < len(waiting):
        stuck = [named(nodes[number], number) for number in sorted(set(waiting) - set(done))]
        raise SymcnnError(f"there is a cycle among the nodes {', '.join(stuck[:8])}")
    return [nodes[number] for number in done]


DEEPEST = 24
"""How deep functions and branches may stand in each other."""

MOST = 100_000
"""How many nodes there may be, those of functions counted at each call."""


def counted(nodes: Iterable[Any], functions: Mapping[tuple[str, str], Any]) -> int:
    """How many nodes there are, those of functions and branches at each call too.

    Raises:
        SymcnnError: more than ``MOST``, or deeper in each other than ``DEEPEST``, as those that call themselves.
    """
    total = _counted(nodes, functions, {}, 0)
    if total > MOST:
        raise SymcnnError(f"a model has at most {MOST} nodes, those of its functions counted at each call")
    return total


def _counted(nodes: Iterable[Any], functions: Any, known: dict[tuple[str, str], int], depth: int) -> int:
    if depth > DEEPEST:
        raise SymcnnError(f"functions and branches stand in each other at most {DEEPEST} deep")
    total = 0
    for node in nodes:
        key = (node.domain, node.op_type)
        if key in functions and key not in known:
            known[key] = _counted(functions[key].node, functions, known, depth + 1)
        total += 1 + known.get(key, 0)
        total += sum(_counted(body.node, functions, known, depth + 1) for body in bodies(node))
    return total


def _writers(nodes: Sequence[Any]) -> dict[str, int]:
    found: dict[str, int] = {}
    for number, node in enumerate(nodes):
        for name in node.output:
            if name and name in found:
                raise SymcnnError(f"{name!r} is given by two nodes, {named(nodes[found[name]])} and {named(node)}")
            found[name] = number
    return found


def _needed(
    nodes: Sequence[Any], writers: dict[str, int], outputs: Iterable[str], known: set[str]
) -> dict[int, list[str]]:
    """By each node that is needed: the names that it takes."""
    takes: dict[int, list[str]] = {}
    waiting = [(name, "the output") for name in outputs]
    while waiting:
        name, by = waiting.pop()
        if name in known:
            continue
        number = writers.get(name)
        if number is None:
            raise SymcnnError(f"{by} takes {name!r}, which nothing gives")
        if number not in takes:
            takes[number] = list(taken_by(nodes[number]))
            waiting += [(one, named(nodes[number], number)) for one in takes[number]]
    return takes
