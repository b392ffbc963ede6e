"""Small ONNX models by hand, and what the onnx package's own reference says of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

onnx = pytest.importorskip("onnx", reason="the onnx package is not installed")
from onnx import TensorProto, helper, numpy_helper  # noqa: E402
from onnx.reference import ReferenceEvaluator  # noqa: E402

FLOAT, INT64 = TensorProto.FLOAT, TensorProto.INT64


def node(op: str, *inputs: str, to: str = "y", **attributes: Any) -> Any:
    return helper.make_node(op, list(inputs), to.split(), **attributes)


def weight(*sizes: int) -> Any:
    return (np.arange(1, 1 + int(np.prod(sizes)), dtype=np.float32) / 7).reshape(sizes)


def ints(*numbers: int) -> Any:
    return np.array(numbers, dtype=np.int64)


def model(
    nodes: Any,
    given: dict[str, Any] | None = None,
    input: Any = ("N", 3, "H", "W"),
    opset: int = 21,
    outputs: Any = ("y",),
    functions: Any = (),
    **settings: Any,
) -> Any:
    """A model of nodes from ``x`` to ``y``, with these tensors stored."""
    graph = helper.make_graph(
        [nodes] if isinstance(nodes, onnx.NodeProto) else list(nodes),
        "g",
        [helper.make_tensor_value_info("x", settings.pop("type", FLOAT), input)],
        [helper.make_tensor_value_info(name, FLOAT, None) for name in outputs],
        [
            one if isinstance(one, TensorProto) else numpy_helper.from_array(np.asarray(one), name)
            for name, one in (given or {}).items()
        ],
        **settings,
    )
    imports = [helper.make_opsetid("", opset), helper.make_opsetid("own", 1)]
    return helper.make_model(graph, opset_imports=imports, functions=list(functions), ir_version=10)


def sizes_there(proto: Any, sizes: tuple[int, ...], batch: int = 1) -> list[tuple[int, ...]]:
    """What the reference gives for an input of these sizes, without the batch."""
    x = np.linspace(0.1, 0.9, int(np.prod(sizes)) * batch, dtype=np.float32).reshape(batch, *sizes)
    with np.errstate(all="ignore"):
        outputs = ReferenceEvaluator(proto).run(None, {"x": x})
    return [np.asarray(one).shape for one in outputs]
