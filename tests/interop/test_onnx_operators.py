"""Every operator of the table on a small model: its sizes against the onnx package's reference, its counts by hand."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
import pytest

pytest.importorskip("onnx", reason="the onnx package is not installed")
from onnx_models import ints, model, node, sizes_there, weight

import symcnn as sc
from symcnn.interop.onnx.operators import RULES

H, W = sc.dims("H W")
SIZES = ({"H": 12, "W": 16}, {"H": 13, "W": 19})
EVEN = ({"H": 12, "W": 16}, {"H": 8, "W": 20})


class Row(NamedTuple):
    """A model, the counts that it has, and at which sizes it is compared."""

    nodes: Any
    given: Any = MappingProxyType({})
    params: int = 0
    macs: Any = 0
    buffers: int = 0
    opset: int = 21
    sizes: Any = SIZES
    reference: bool = True


def up(places: Any, **attributes: Any) -> Row:
    """A convolution of 3 to 4 channels and 3 by 3, at so many places."""
    return Row(node("Conv", "x", "w", **attributes), {"w": weight(4, 3, 3, 3)}, 108, 108 * places)


def chain(*names: str) -> list[Any]:
    """Operators one after another."""
    places = ["x", *(f"a{i}" for i in range(len(names) - 1)), "y"]
    return [node(name, one, to=other) for name, one, other in zip(names, places, places[1:], strict=False)]


ACTIVATIONS = (
    *("Relu", "LeakyRelu", "Elu", "Selu", "Celu", "Gelu", "Mish", "Sigmoid", "Tanh"),
    *("HardSigmoid", "HardSwish", "Softplus", "Softsign"),
)

ELEMENTS = (
    "Abs",
    "Sqrt",
    "Exp",
    "Neg",
    "Erf",
    "Sin",
    "Cos",
    "Floor",
    "Ceil",
    "Round",
    "Sign",
    "Reciprocal",
    "Identity",
)


def half(size: Any) -> Any:
    return sc.FloorDiv(size + 1, 2)


ROWS: dict[str, Row] = {
    "conv": Row(
        node("Conv", "x", "w", "b", pads=[1, 1, 1, 1]), {"w": weight(8, 3, 3, 3), "b": weight(8)}, 224, 216 * H * W
    ),
    "conv with a stride": up(sc.FloorDiv(H - 1, 2) * sc.FloorDiv(W - 1, 2), strides=[2, 2]),
    "conv padded unevenly": up((H - 1) * W, pads=[0, 1, 1, 1]),
    "conv dilated": up((H - 4) * (W - 4), dilations=[2, 2]),
    "conv same": up(half(H) * half(W), auto_pad="SAME_UPPER", strides=[2, 2]),
    "conv same, lower": up(half(H) * half(W), auto_pad="SAME_LOWER", strides=[2, 2]),
    "conv valid": up((H - 2) * (W - 2), auto_pad="VALID"),
    "conv grouped": Row(node("Conv", "x", "w", group=3), {"w": weight(6, 1, 3, 3)}, 54, 54 * (H - 2) * (W - 2)),
    "conv of frames": Row(
        [node("Reshape", "x", "s", to="a"), node("Conv", "a", "w", to="y")],
        {"s": ints(0, 0, -1), "w": weight(4, 3, 5)},
        60,
        60 * (H * W - 4),
    ),
    "conv transposed": Row(
        node("ConvTranspose", "x", "w", "b", strides=[2, 2], pads=[1, 1, 1, 1], output_padding=[1, 1]),
        {"w": weight(3, 4, 3, 3), "b": weight(4)},
        112,
        108 * H * W,
    ),
    "conv transposed, same": Row(
        node("ConvTranspose", "x", "w", strides=[2, 2], auto_pad="SAME_UPPER"),
        {"w": weight(3, 4, 3, 3)},
        108,
        108 * H * W,
    ),
    "conv transposed, grouped": Row(
        node("ConvTranspose", "x", "w", group=3, strides=[3, 2]),
        {"w": weight(3, 2, 2, 2)},
        24,
        24 * H * W,
        reference=False,
    ),
    "conv of integers": Row(
        [node("DynamicQuantizeLinear", "x", to="q s z"), node("ConvInteger", "q", "w", "z", to="y")],
        {"w": np.ones((4, 3, 1, 1), np.uint8)},
        12,
        12 * H * W,
        reference=False,
    ),
    "conv quantised": Row(
        [
            node("QuantizeLinear", "x", "s", "z", to="q"),
            node("QLinearConv", "q", "s", "z", "w", "s", "z", "s", "z", to="c"),
            node("DequantizeLinear", "c", "s", "z"),
        ],
        {"w": np.ones((4, 3, 1, 1), np.uint8), "s": np.float32(0.1), "z": np.uint8(1)},
        12,
        12 * H * W,
    ),
    "weights that are quantised": Row(
        [node("DequantizeLinear", "q", "s", "z", to="w"), node("Conv", "x", "w")],
        {"q": np.ones((4, 3, 1, 1), np.int8), "s": np.float32(0.1), "z": np.int8(0)},
        12,
        12 * H * W,
    ),
    "batch norm": Row(
        node("BatchNormalization", "x", "a", "b", "m", "v"),
        {name: weight(3) for name in "abmv"},
        params=6,
        buffers=6,
    ),
    "instance norm": Row(node("InstanceNormalization", "x", "a", "b"), {"a": weight(3), "b": weight(3)}, 6),
    "layer norm": Row(
        [node("Transpose", "x", perm=[0, 2, 3, 1], to="t"), node("LayerNormalization", "t", "a", "b", to="y")],
        {"a": weight(3), "b": weight(3)},
        6,
    ),
    "group norm": Row(node("GroupNormalization", "x", "a", "b", num_groups=3), {"a": weight(3), "b": weight(3)}, 6),
    "rms norm": Row(
        [node("Transpose", "x", perm=[0, 2, 3, 1], to="t"), node("RMSNormalization", "t", "a")],
        {"a": weight(3)},
        3,
        opset=23,
    ),
    "other norms": Row(
        [node("LpNormalization", "x", axis=1, p=2, to="a"), node("MeanVarianceNormalization", "a")], reference=False
    ),
    "local response": Row(node("LRN", "x", size=3)),
    "max pool": Row(node("MaxPool", "x", kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1])),
    "max pool rounded up": Row(node("MaxPool", "x", kernel_shape=[2, 3], strides=[2, 2], ceil_mode=1)),
    "max pool dilated": Row(node("MaxPool", "x", kernel_shape=[3, 3], dilations=[2, 2])),
    "max pool same": Row(node("MaxPool", "x", kernel_shape=[3, 2], strides=[2, 3], auto_pad="SAME_UPPER")),
    "max pool same, lower": Row(
        node("MaxPool", "x", kernel_shape=[3, 2], strides=[2, 2], auto_pad="SAME_LOWER"), reference=False
    ),
    "avg pool": Row(node("AveragePool", "x", kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1])),
    "avg pool padded more": Row(node("AveragePool", "x", kernel_shape=[3, 3], pads=[2, 2, 2, 2])),
    "avg pool dilated": Row(node("AveragePool", "x", kernel_shape=[3, 3], dilations=[2, 2])),
    "lp pool": Row(node("LpPool", "x", kernel_shape=[2, 2], strides=[2, 2])),
    "global pools": Row(
        [node("GlobalAveragePool", "x", to="a"), node("GlobalMaxPool", "x", to="b"), node("Add", "a", "b")]
    ),
    "global lp pool": Row(node("GlobalLpPool", "x"), reference=False),
    "reduced, axes as an attribute": Row(node("ReduceMean", "x", axes=[2, 3], keepdims=0), opset=13),
    "reduced, axes as an argument": Row(node("ReduceMean", "x", "a", keepdims=0), {"a": ints(-1, -2)}),
    "reduced all ways": Row(
        [
            *(node(op, "x", "a", to=op) for op in ("ReduceSum", "ReduceMax", "ReduceMin", "ReduceProd", "ReduceL1")),
            *(node(op, "x", "a", to=op) for op in ("ReduceL2", "ReduceLogSum", "ReduceLogSumExp", "ReduceSumSquare")),
            node("Concat", "ReduceSum", "ReduceMax", "ReduceMin", "ReduceProd", "ReduceL1", axis=2, to="p"),
            node("Concat", "p", "ReduceL2", "ReduceLogSum", "ReduceLogSumExp", "ReduceSumSquare", axis=2),
        ],
        {"a": ints(2)},
    ),
    "places of the largest": Row(
        [node("ArgMax", "x", axis=1, to="a"), node("ArgMin", "x", axis=1, to="b"), node("Add", "a", "b")]
    ),
    "top": Row(node("TopK", "x", "k", axis=1, to="y i"), {"k": ints(2)}),
    "linear": Row(
        [node("GlobalAveragePool", "x", to="g"), node("Flatten", "g", to="f"), node("Gemm", "f", "w", "b", transB=1)],
        {"w": weight(10, 3), "b": weight(10)},
        40,
        30,
    ),
    "linear without a bias, turned": Row(
        [node("Reshape", "x", "s", to="r"), node("Gemm", "r", "w", transA=1, alpha=0.5)],
        {"s": ints(3, -1), "w": weight(3, 7)},
        21,
        21 * H * W,
    ),
    "product of what depends on the input": Row(
        [node("Reshape", "x", "s", to="r"), node("Gemm", "r", "r", "c", transB=1)],
        {"s": ints(3, -1), "c": weight(3)},
        3,
        9 * H * W,
    ),
    "matmul": Row(
        [node("Transpose", "x", perm=[0, 2, 3, 1], to="t"), node("MatMul", "t", "w", to="m"), node("Add", "m", "b")],
        {"w": weight(3, 8), "b": weight(8)},
        32,
        24 * H * W,
    ),
    "matmul of values": Row(
        [node("Transpose", "x", perm=[0, 1, 3, 2], to="t"), node("MatMul", "x", "t")], macs=3 * H * H * W
    ),
    "matmul from the left": Row(
        [node("Reshape", "x", "s", to="r"), node("MatMul", "w", "r")],
        {"s": ints(0, 3, -1), "w": weight(5, 3)},
        15,
        15 * H * W,
    ),
    "matmul of integers": Row(
        [
            node("Transpose", "x", perm=[0, 2, 3, 1], to="t"),
            node("DynamicQuantizeLinear", "t", to="q s z"),
            node("MatMulInteger", "q", "w", to="y"),
        ],
        {"w": np.ones((3, 4), np.uint8)},
        12,
        12 * H * W,
    ),
    "matmul quantised": Row(
        [
            node("Transpose", "x", perm=[0, 2, 3, 1], to="t"),
            node("QuantizeLinear", "t", "s", "z", to="q"),
            node("QLinearMatMul", "q", "s", "z", "w", "s", "z", "s", "z"),
        ],
        {"w": np.ones((3, 4), np.uint8), "s": np.float32(0.1), "z": np.uint8(1)},
        12,
        12 * H * W,
    ),
    "einsum": Row(node("Einsum", "x", "w", equation="bchw,dc->bdhw"), {"w": weight(5, 3)}, 15, 15 * H * W),
    "einsum without an arrow": Row(node("Einsum", "x", "w", equation="bchw,dc"), {"w": weight(5, 3)}, 15, 15 * H * W),
    "attention": Row(node("Attention", "x", "x", "x"), macs=2 * 3 * H * H * W, opset=23),
    "attention of heads in the features": Row(
        [
            node("Reshape", "x", "s", to="r"),
            node("Transpose", "r", perm=[0, 2, 1], to="t"),
            node("Attention", "t", "t", "t", q_num_heads=3, kv_num_heads=3),
        ],
        {"s": ints(0, 3, -1)},
        macs=6 * H**2 * W**2,
        opset=23,
    ),
    "lstm": Row(
        [
            node("Reshape", "x", "s", to="r"),
            node("Transpose", "r", perm=[2, 0, 1], to="t"),
            node("LSTM", "t", "w", "u", "b", hidden_size=4, to="y h"),
        ],
        {"s": ints(0, 3, -1), "w": weight(1, 16, 3), "u": weight(1, 16, 4), "b": weight(1, 32)},
        144,
        112 * H * W,
        sizes=({"H": 2, "W": 3}, {"H": 3, "W": 2}),
    ),
    "gru both ways": Row(
        [
            node("Reshape", "x", "s", to="r"),
            node("Transpose", "r", perm=[2, 0, 1], to="t"),
            node("GRU", "t", "w", "u", hidden_size=4, direction="bidirectional", to="y"),
        ],
        {"s": ints(0, 3, -1), "w": weight(2, 12, 3), "u": weight(2, 12, 4)},
        168,
        168 * H * W,
        reference=False,
    ),
    "activations": Row(chain(*ACTIVATIONS)),
    "swish": Row(node("Swish", "x"), opset=24),
    "clip, attributes": Row(node("Clip", "x", min=0.0, max=6.0), opset=6, reference=False),
    "clip, arguments": Row(node("Clip", "x", "a", "b"), {"a": np.float32(0), "b": np.float32(6)}),
    "prelu": Row(node("PRelu", "x", "s"), {"s": weight(3, 1, 1)}, 3),
    "prelu, one slope": Row(node("PRelu", "x", "s"), {"s": weight(1)}, 1),
    "softmax": Row([node("Softmax", "x", axis=1, to="a"), node("LogSoftmax", "a", axis=1)]),
    "elements": Row(chain(*ELEMENTS)),
    "arithmetic": Row(
        [
            node("Mul", "x", "two", to="a"),
            node("Sub", "a", "x", to="b"),
            node("Div", "b", "x", to="c"),
            node("Pow", "c", "two", to="d"),
            node("Max", "d", "x", to="e"),
            node("Min", "e", "x", to="f"),
            node("Sum", "f", "x", "x", to="g"),
            node("Mean", "g", "x"),
        ],
        {"two": np.float32(2)},
    ),
    "comparisons": Row(
        [
            node("Greater", "x", "one", to="a"),
            node("Less", "x", "one", to="b"),
            node("And", "a", "b", to="c"),
            node("Not", "c", to="d"),
            node("Where", "d", "x", "one"),
        ],
        {"one": np.float32(1)},
    ),
    "spread both ways": Row(
        [node("ReduceMean", "x", "a", to="p"), node("ReduceMean", "x", "b", to="q"), node("Add", "p", "q")],
        {"a": ints(2), "b": ints(3)},
    ),
    "gate": Row([node("GlobalAveragePool", "x", to="g"), node("Sigmoid", "g", to="s"), node("Mul", "x", "s")]),
    "scale": Row([node("Mul", "x", "s", to="a"), node("Add", "a", "s")], {"s": weight(3, 1, 1)}, 3),
    "aliases": Row([node("Identity", "x", to="a"), node("Dropout", "a")]),
    "concat": Row(node("Concat", "x", "x", axis=1)),
    "split": Row([node("Split", "x", "s", axis=1, to="a b"), node("Relu", "b")], {"s": ints(1, 2)}),
    "split evenly": Row([node("Split", "x", axis=1, num_outputs=3, to="a b c"), node("Relu", "b")]),
    "split unevenly": Row([node("Split", "x", axis=1, num_outputs=2, to="a b"), node("Relu", "b")]),
    "split as an attribute": Row([node("Split", "x", axis=1, split=[2, 1], to="a b"), node("Relu", "b")], opset=11),
    "slice": Row(
        node("Slice", "x", "s", "e", "a", "t"),
        {"s": ints(1, 2, 0), "e": ints(2**63 - 1, -2, 9), "a": ints(1, 2, 3), "t": ints(1, 1, 2)},
    ),
    "slice as attributes": Row(node("Slice", "x", starts=[1], ends=[3], axes=[2]), opset=9, reference=False),
    "backwards": Row(node("Slice", "x", "s", "e", "a", "s"), {"s": ints(-1), "e": ints(-(2**63) + 1), "a": ints(2)}),
    "gather one": Row(node("Gather", "x", "i", axis=1), {"i": np.int64(-1)}),
    "gather several": Row(node("Gather", "x", "i", axis=1), {"i": ints(0, 2)}),
    "gather a row of one": Row(node("Gather", "x", "i", axis=1), {"i": ints(1)}),
    "embedding": Row(
        [node("ArgMax", "x", axis=1, keepdims=0, to="i"), node("Gather", "t", "i")],
        {"t": weight(7, 5)},
        35,
    ),
    "gather elements": Row(
        node("GatherElements", "x", "i", axis=1), {"i": np.zeros((1, 2, 4, 4), np.int64)}, reference=False
    ),
    "gather parts": Row(node("GatherND", "x", "i"), {"i": np.zeros((1, 2), np.int64)}),
    "scatter": Row(node("ScatterND", "x", "i", "u"), {"i": np.zeros((1, 4), np.int64), "u": weight(1)}),
    "reshape": Row(node("Reshape", "x", "s"), {"s": ints(0, -1)}),
    "flatten": Row(node("Flatten", "x", axis=2)),
    "squeeze": Row([node("GlobalAveragePool", "x", to="g"), node("Squeeze", "g", "a")], {"a": ints(2, 3)}),
    "unsqueeze": Row(node("Unsqueeze", "x", "a"), {"a": ints(1, -1)}),
    "squeeze as an attribute": Row(
        [node("Unsqueeze", "x", axes=[4], to="u"), node("Squeeze", "u", axes=[-1])], opset=11
    ),
    "transpose": Row(node("Transpose", "x", perm=[0, 3, 1, 2])),
    "expand": Row(
        [node("GlobalAveragePool", "x", to="g"), node("Shape", "x", to="s"), node("Expand", "g", "s")],
    ),
    "tile": Row(node("Tile", "x", "t"), {"t": ints(1, 2, 1, 3)}),
    "pad": Row(node("Pad", "x", "p"), {"p": ints(0, 0, 1, 2, 0, 0, 3, 4)}),
    "pad channels": Row(node("Pad", "x", "p"), {"p": ints(0, 1, 0, 0, 0, 2, 0, 0)}),
    "pad of some axes": Row(node("Pad", "x", "p", "", "a", mode="reflect"), {"p": ints(1, 2), "a": ints(3)}),
    "pad below 0": Row(node("Pad", "x", "p"), {"p": ints(0, 0, -1, 0, 0, 0, -2, 0)}, reference=False),
    "pad as an attribute": Row(node("Pad", "x", pads=[0, 0, 1, 1, 0, 0, 1, 1], mode="edge"), opset=10, reference=False),
    "resize by factors": Row(node("Resize", "x", "", "s", mode="linear"), {"s": np.array([1, 1, 2, 1.5], np.float32)}),
    "resize to sizes": Row(node("Resize", "x", "", "", "s"), {"s": ints(1, 3, 7, 9)}),
    "resize cubic": Row(
        node("Resize", "x", "", "s", mode="cubic", coordinate_transformation_mode="align_corners"),
        {"s": np.array([1, 1, 2, 2], np.float32)},
    ),
    "resize some axes": Row(node("Resize", "x", "", "s", axes=[3]), {"s": np.array([2], np.float32)}, reference=False),
    "upsample": Row(node("Upsample", "x", "s"), {"s": np.array([1, 1, 2, 2], np.float32)}, opset=9, reference=False),
    "depth to space": Row([node("Concat", "x", "x", "x", "x", axis=1, to="c"), node("DepthToSpace", "c", blocksize=2)]),
    "space to depth": Row(node("SpaceToDepth", "x", blocksize=2), sizes=EVEN),
    "grid": Row([node("GridSample", "x", "g")], {"g": np.zeros((1, 5, 6, 2), np.float32)}, 60),
    "one hot": Row(
        [node("ArgMax", "x", axis=1, keepdims=0, to="i"), node("OneHot", "i", "d", "v", axis=1)],
        {"d": np.int64(5), "v": np.array([0, 1], np.int64)},
    ),
    "regions": Row(
        node("RoiAlign", "x", "r", "i", output_height=7, output_width=7),
        {"r": np.ones((2, 4), np.float32), "i": ints(0, 0)},
        8,
    ),
}


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_sizes_are_those_of_the_reference_and_counts_those_by_hand(row: Row) -> None:
    proto = model(row.nodes, row.given, opset=row.opset)
    net = sc.from_onnx(proto)
    assert (net.params, net.buffers, (net.macs - row.macs).expand()) == (row.params, row.buffers, 0)
    assert not net.profile.uncounted
    for values in row.sizes if row.reference else ():
        there = net.on((3, values["H"], values["W"])) if not net.symbols else net.at(**values)
        (output,) = sizes_there(proto, (3, values["H"], values["W"]))
        found = tuple(map(int, there.output))
        assert [n for n in found if n != 1] == [n for n in output if n != 1], values


def test_sizes_that_the_reference_does_not_know() -> None:
    """It has none of a padding below 0, and rounds down where pools of ``SAME_LOWER`` round up."""

    def output(name: str) -> Any:
        return sc.from_onnx(model(ROWS[name].nodes, ROWS[name].given)).output

    assert output("max pool same, lower") == sc.Shape(3, half(H), half(W))
    assert output("pad below 0") == sc.Shape(3, H - 3, W)
    assert output("conv transposed, grouped") == sc.Shape(6, 3 * H - 1, 2 * W)
    assert output("gather elements") == sc.Shape(2, 4, 4)
    assert output("gru both ways") == sc.Shape(H * W, 2, 4)


def test_every_operator_has_a_row() -> None:
    used = {one.op_type for row in ROWS.values() for one in (row.nodes if isinstance(row.nodes, list) else [row.nodes])}
    kin = {"Acos", "Acosh", "Asin", "Asinh", "Atan", "Atanh", "Cosh", "Log", "Sinh", "Tan", "Shrink", "CumSum"}
    kin |= {"Trilu", "BitwiseNot", "IsInf", "IsNaN", "ThresholdedRelu", "Hardmax", "Bernoulli", "RandomNormalLike"}
    kin |= {"RandomUniformLike", "EyeLike", "ReverseSequence", "Mod", "Or", "Xor", "BitShift", "BitwiseAnd"}
    kin |= {"BitwiseOr", "BitwiseXor", "Equal", "LessOrEqual", "GreaterOrEqual", "RNN", "Scatter", "ScatterElements"}
    kin |= {"Cast", "CastLike"}
    assert set(RULES) - used == kin
