"""Where a node stands: the modules that an exporter wrote into the names.

PyTorch's first exporter writes ``/layer1/layer1.0/conv1/Conv``; its second writes the scopes beside each
node, ``['', 'layer1', 'layer1.0', 'layer1.0.conv1', 'conv2d']``. Others have paths of their own in a name, or none.
"""

from __future__ import annotations

import re
from typing import Any

SCOPES = "pkg.torch.onnx.name_scopes"
DEEPEST = 24
"""A name with more parts than this is no path of modules."""


def place_of(node: Any) -> tuple[tuple[str, ...], str]:
    """The path of the modules around a node, and its own name there.

    >>> from types import SimpleNamespace as Node
    >>> place_of(Node(name="/layer1/layer1.0/conv1/Conv", op_type="Conv", metadata_props=()))
    (('layer1', '0', 'conv1'), 'Conv')
    """
    scopes = next((one.value for one in node.metadata_props if one.key == SCOPES), "")
    if scopes:
        listed = re.findall(r"'([^']*)'", scopes[:4096])
        inside = listed[-2].split(".") if len(listed) > 1 and listed[-2] else []
        return _bounded(inside, node.op_type)
    *path, own = [part for part in node.name.split("/") if part] or [node.op_type]
    return _bounded([_own(part, before) for part, before in zip(path, ["", *path], strict=False)], own)


def _own(part: str, before: str) -> str:
    """A module's own name: ``layer1.0`` in ``layer1`` is ``0``."""
    return part.removeprefix(f"{before}.") if before else part


def _bounded(path: list[str], label: str) -> tuple[tuple[str, ...], str]:
    label = _plain(label) or "node"
    if len(path) > DEEPEST:
        return (), label
    return tuple(_plain(part) or "module" for part in path), label


def _plain(part: str) -> str:
    """Without dots, which part the names of layers."""
    return part.replace(".", "_")[:120]
