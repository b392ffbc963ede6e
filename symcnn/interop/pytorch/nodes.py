"""What the nodes of an exported program say of themselves: names, places, what they need and write into."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any


def written_into(nodes: Iterable[Any]) -> dict[Any, list[Any]]:
    """By each tensor that an operator writes into a part of: the operators that do.

    An operator in place gives the tensor that it changed, which all that comes later takes. Where that
    is a part of others, these are changed too.
    """
    found: dict[Any, list[Any]] = {}
    for node in nodes:
        schema = getattr(node.target, "_schema", None)
        if schema is None or not schema.is_mutable or len(node.all_input_nodes) < 2:
            continue
        part = node.args[0]
        while _looks_at(part):
            found.setdefault(part, []).append(node)
            part = part.args[0]
        found.setdefault(part, []).append(node)
    return found


def _looks_at(node: Any) -> bool:
    """Whether a node is a view of another's memory."""
    schema = getattr(node.target, "_schema", None)
    return schema is not None and bool(schema.returns) and schema.returns[0].alias_info is not None


def needed_for(last: Any, written: dict[Any, list[Any]]) -> set[Any]:
    """The nodes that the output depends on; those that write into one of them too."""
    waiting, needed = [last], set()
    while waiting:
        node = waiting.pop()
        for one in (*node.all_input_nodes, *written.get(node, ())):
            if one not in needed:
                needed.add(one)
                waiting.append(one)
    return needed


WRAPPED = ("wrap_with_set_grad_enabled", "wrap_with_autocast")
"""Operators that run a part of the program with another setting, which counts nothing."""


def wrapped_graph(node: Any) -> Any:
    """The part of a program that an operator runs, if it runs one as it is."""
    graphs = [found for found in map(graph_of, node.args) if found is not None]
    return graphs[0] if graphs and name_of(node.target) in WRAPPED else None


def graph_of(node: Any) -> Any:
    """The graph that a node stands for, if it does."""
    if getattr(node, "op", "") != "get_attr":
        return None
    return getattr(getattr(node.graph.owning_module, node.target, None), "graph", None)


def name_of(target: Any) -> str:
    """An operator's name, without its namespace and overload."""
    schema = getattr(target, "_schema", None)
    return schema.name.rpartition("::")[2] if schema is not None else str(getattr(target, "__name__", target))


def path_of(node: Any) -> tuple[str, ...]:
    """The modules that an operator is called in, from the outside."""
    stack = list((node.meta.get("nn_module_stack") or {}).values())
    path = stack[-1][0] if stack else ""
    return tuple(path.split(".")) if path and not path.startswith("_empty") else ()


def flat(given: Iterable[Any]) -> Iterator[Any]:
    for one in given:
        if isinstance(one, list | tuple):
            yield from flat(one)
        elif isinstance(one, dict):
            yield from flat(one.values())
        else:
            yield one


def has_tensors(meta: Any) -> bool:
    return any(hasattr(one, "shape") for one in flat([meta]))
