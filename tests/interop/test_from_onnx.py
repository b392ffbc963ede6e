"""ONNX files as networks: the sizes of the input, what is trained, names, and what is refused, hostile files too."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

onnx = pytest.importorskip("onnx", reason="the onnx package is not installed")
from onnx import TensorProto, helper  # noqa: E402
from onnx_models import FLOAT, INT64, ints, model, node, sizes_there, weight  # noqa: E402
from refusing import assert_refused  # noqa: E402

import symcnn as sc  # noqa: E402

H, W = sc.dims("H W")
CONV = node("Conv", "x", "w")
KERNEL = {"w": weight(8, 3, 3, 3)}


def refused(proto: Any, message: str, kind: Any = sc.SymcnnError, **settings: Any) -> None:
    """The whole message of what is refused, and its kind."""
    with pytest.raises(sc.SymcnnError) as caught:
        sc.from_onnx(proto, **settings)
    assert str(caught.value) == message
    assert isinstance(caught.value, kind)


# Sizes.


@pytest.mark.parametrize(
    ("input", "found"),
    [
        (("N", 3, "height", "width"), "Shape(3, height, width)"),
        ((None, 3, None, None), "Shape(3, H, W)"),
        ((1, 3, "H", "H"), "Shape(3, H, H)"),
        (("N", 3, "in h", "9"), "Shape(3, in_h, W)"),
        (("N", 3, "h", "h_"), "Shape(3, h, h_2)"),
        ((None, None, None, 3), "Shape(H, W, 3)"),
        ((None, 3, None), "Shape(3, L)"),
        ((None, 3, None, None, None), "Shape(3, D, H, W)"),
        (("N", 3, "N", "lambda"), "Shape(3, 1, W)"),
        ((0, 3, -1, 8), "Shape(3, H, 8)"),
    ],
)
def test_open_sizes_have_the_files_names_or_usual_ones(input: Any, found: str) -> None:
    assert repr(sc.from_onnx(model(node("Relu", "x"), input=input)).input) == found


def test_fixed_sizes_are_opened() -> None:
    proto = model(CONV, KERNEL, input=(1, 3, 224, 224))
    assert sc.from_onnx(proto).macs == 216 * 222 * 222
    assert sc.from_onnx(proto, input=(3, "H", "W")).macs == (216 * (H - 2) * (W - 2)).expand()
    assert sc.from_onnx(proto, input=(3, "H", 10), at={"H": 8}).output == sc.Shape(8, 6, 8)


def test_a_constant_that_is_for_one_input_alone() -> None:
    nodes = [node("Flatten", "x", to="f"), node("Gemm", "f", "w")]
    proto = model(nodes, {"w": weight(300, 2)}, input=(1, 3, 10, 10))
    assert sc.from_onnx(proto).params == 600
    message = (
        "layer Gemm (y): the file has constants that are for H*W == 100 alone; "
        "give the sizes that it is for, as in at={'H': 10, 'W': 10}"
    )
    refused(proto, message, input=(3, "H", "W"))
    assert sc.from_onnx(proto, input=(3, "H", "W"), at={"H": 5, "W": 20}).macs == 600


def test_the_arithmetic_of_sizes_is_followed() -> None:
    nodes = [
        node("Shape", "x", to="s"),
        node("Gather", "s", "two", to="h"),
        node("Gather", "s", "three", to="w"),
        node("Div", "h", "k", to="half"),
        node("Mul", "half", "k", to="even"),
        helper.make_node("Cast", ["even"], ["f"], to=FLOAT),
        node("Mul", "f", "factor", to="g"),
        node("Floor", "g", to="fl"),
        helper.make_node("Cast", ["fl"], ["i"], to=INT64),
        node("Unsqueeze", "i", "zero", to="u"),
        node("Unsqueeze", "w", "zero", to="v"),
        node("Slice", "s", "zero", "twos", to="first"),
        node("Concat", "first", "u", "v", axis=0, to="to"),
        node("Resize", "x", "", "", "to"),
    ]
    given = {
        "two": np.int64(2),
        "three": np.int64(3),
        "k": np.int64(2),
        "factor": np.float32(1.5),
        "zero": ints(0),
        "twos": ints(2),
    }
    proto = model(nodes, given)
    net = sc.from_onnx(proto)
    assert net.output == sc.Shape(3, 3 * sc.FloorDiv(H, 2), W)
    assert net.params == 0
    for h, w in ((9, 5), (12, 7)):
        assert (1, *net.at(H=h, W=w).output) == sizes_there(proto, (3, h, w))[0]


def test_what_is_taken_to_hold_is_a_condition() -> None:
    nodes = [
        node("MaxPool", "x", kernel_shape=[2, 2], strides=[2, 2], to="a"),
        node("Upsample", "a", "s", to="b"),
        node("Div", "x", "b"),
    ]
    net = sc.from_onnx(model(nodes, {"s": np.array([1, 1, 2, 2], np.float32)}, opset=9))
    assert {"2 | H", "2 | W"} <= set(map(str, net.conditions))


def test_a_batch_of_several_is_read_for_one_input() -> None:
    nodes = [node("Reshape", "x", "s", to="r"), node("MatMul", "r", "w")]
    net = sc.from_onnx(model(nodes, {"s": ints(8, -1), "w": weight(48, 5)}, input=(8, 3, 4, 4)))
    assert (net.output, net.macs) == (sc.Shape(5), 240)


def test_a_batch_that_is_merged_is_refused() -> None:
    nodes = [node("Transpose", "x", perm=[1, 0, 2, 3], to="t"), node("Reshape", "t", "s")]
    message = (
        "layer Reshape (y): the sizes (24, -1) are for a batch that is merged with another axis; "
        "the file fixes a batch of 8: export it for one input, or for any number"
    )
    refused(model(nodes, {"s": ints(24, -1)}, input=(8, 3, 4, 4)), message)


# What is trained, and what stands where.


def test_numbers_and_sizes_are_not_trained() -> None:
    nodes = [
        node("Mul", "x", "half", to="a"),
        node("Resize", "a", "", "scales", to="b"),
        node("Clip", "b", "low", "high", to="c"),
        node("Add", "c", "position"),
    ]
    given = {"half": np.float32([0.5]), "scales": np.float32([1, 1, 2, 2]), "low": np.float32(0)}
    given |= {"high": np.float32(6), "position": weight(3, 1, 1), "never": weight(7)}
    net = sc.from_onnx(model(nodes, given))
    assert net.params == 10
    assert {name: tuple(one) for name, one in net.weights.items()} == {"unused.never": (7,), "Add.position": (3, 1, 1)}


def test_what_a_constant_in_the_graph_is() -> None:
    """A kernel is trained; the ones that a normalisation without a scale is written with are not."""
    nodes = [
        helper.make_node("Constant", [], ["w"], value=helper.make_tensor("", FLOAT, [3, 3, 1, 1], [0.5] * 9)),
        node("Conv", "x", "w", to="c"),
        helper.make_node("Constant", [], ["one"], value=helper.make_tensor("", FLOAT, [3], [1.0] * 3)),
        node("InstanceNormalization", "c", "one", "one"),
    ]
    assert sc.from_onnx(model(nodes)).params == 9


def test_a_weight_that_is_used_twice_is_counted_once() -> None:
    nodes = [node("Conv", "x", "w", pads=[1] * 4, to="a"), node("Conv", "a", "w")]
    net = sc.from_onnx(model(nodes, {"w": weight(3, 3, 3, 3)}))
    assert (net.params, net.macs) == (81, (81 * H * W + 81 * (H - 2) * (W - 2)).expand())


def test_initialisers_that_are_inputs_too_are_weights() -> None:
    proto = model(CONV, KERNEL)
    proto.graph.input.append(helper.make_tensor_value_info("w", FLOAT, [8, 3, 3, 3]))
    assert sc.from_onnx(proto).params == 216


def test_layers_stand_under_the_names_of_exporters() -> None:
    nodes = [
        helper.make_node("Conv", ["x", "w"], ["a"], name="/layer1/layer1.0/conv1/Conv"),
        helper.make_node("Relu", ["a"], ["b"], name="/layer1/layer1.0/relu/Relu"),
        helper.make_node("Relu", ["b"], ["c"], name="/layer1/layer1.1/act/Relu"),
        helper.make_node("Relu", ["c"], ["y"]),
    ]
    nodes[3].metadata_props.add(key="pkg.torch.onnx.name_scopes", value="['', 'head', 'head.act', 'relu']")
    net = sc.from_onnx(model(nodes, KERNEL))
    assert net["layer1.0.conv1"] == sc.Conv2d(8, 3, bias=False)
    assert net["layer1.0.relu"] == net["layer1.1"] == net["head"] == sc.ReLU()


def test_several_outputs() -> None:
    nodes = [node("Relu", "x"), node("Sigmoid", "x", to="z")]
    assert dict(sc.from_onnx(model(nodes, outputs=("y", "z"))).output.by_name) == {
        "Relu": sc.Shape(3, H, W),
        "Sigmoid": sc.Shape(3, H, W),
    }


# Functions, branches, and the order of nodes.


def test_functions_that_the_file_brings_along() -> None:
    body = helper.make_node("Conv", ["a", "k"], ["b"])
    reference = body.attribute.add(name="strides", ref_attr_name="by")
    reference.type = onnx.AttributeProto.INTS
    function = helper.make_function("own", "Strided", ["a", "k"], ["b"], [body], [helper.make_opsetid("", 21)], ["by"])
    call = helper.make_node("Strided", ["x", "w"], ["y"], domain="own", by=[2, 2])
    net = sc.from_onnx(model(call, KERNEL, functions=[function]))
    assert (net.params, net.output) == (216, sc.Shape(8, sc.FloorDiv(H - 1, 2), sc.FloorDiv(W - 1, 2)))


def test_functions_without_an_end_are_refused() -> None:
    call = helper.make_node("Again", ["a"], ["b"], domain="own")
    function = helper.make_function("own", "Again", ["a"], ["b"], [call], [helper.make_opsetid("", 21)])
    proto = model(helper.make_node("Again", ["x"], ["y"], domain="own"), functions=[function])
    refused(proto, "functions and branches stand in each other at most 24 deep")


def test_functions_that_call_each_other_many_times_are_refused() -> None:
    functions = []
    for level in range(12):
        name = f"f{level + 1}" if level < 11 else "Relu"
        domain = "own" if level < 11 else ""
        places = ["a", *(f"t{i}" for i in range(9)), "b"]
        calls = [helper.make_node(name, [places[i]], [places[i + 1]], domain=domain) for i in range(10)]
        own = [helper.make_opsetid("", 21), helper.make_opsetid("own", 1)]
        functions.append(helper.make_function("own", f"f{level}", ["a"], ["b"], calls, own))
    proto = model(helper.make_node("f0", ["x"], ["y"], domain="own"), functions=functions)
    refused(proto, "a model has at most 100000 nodes, those of its functions counted at each call")


def test_the_branch_that_is_taken_is_known() -> None:
    def body(op: str) -> Any:
        out = helper.make_tensor_value_info("r", FLOAT, None)
        return helper.make_graph([node(op, "x", to="r")], "body", [], [out])

    nodes = [
        node("Shape", "x", start=1, end=2, to="c"),
        node("Equal", "c", "three", to="t"),
        helper.make_node("If", ["t"], ["y"], then_branch=body("Relu"), else_branch=body("Sigmoid")),
    ]
    assert sc.from_onnx(model(nodes, {"three": ints(3)}))["Relu"] == sc.ReLU()
    assert sc.from_onnx(model(nodes, {"three": ints(4)}))["Sigmoid"] == sc.Sigmoid()


def test_nodes_in_any_order_and_in_circles() -> None:
    proto = model([node("Relu", "a"), node("Conv", "x", "w", to="a")], KERNEL)
    assert sc.from_onnx(proto).output == sc.Shape(8, H - 2, W - 2)
    circle = model([node("Add", "x", "b", to="y"), helper.make_node("Relu", ["y"], ["b"], name="back")])
    refused(circle, "there is a cycle among the nodes Add (y), back")


def test_an_operator_that_nobody_knows_makes_totals_lower_bounds() -> None:
    nodes = [helper.make_node("Strange", ["x"], ["a"], domain="vendor"), node("Relu", "a")]
    refused(
        model(nodes),
        "layer Strange (a): nothing is known of the operator, and the file does not say the sizes of what it gives",
    )
    told = [helper.make_tensor_value_info("a", FLOAT, ["N", 5, "H", 7])]
    net = sc.from_onnx(model(nodes, value_info=told))
    assert net.output == sc.Shape(5, H, 7)
    assert net.profile.uncounted == {"Strange": "vendor.Strange"}


# What is no model, and what is wrong in one.


@pytest.mark.parametrize("data", [b"", b"\x80\x81nothing", b"a text\n" * 40, bytes(range(256)) * 8])
def test_what_is_no_model(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "model.onnx"
    path.write_bytes(data)
    with pytest.raises(sc.SymcnnError) as caught:
        sc.from_onnx(path)
    why = "it has no graph" if not data else "it cannot be parsed"
    assert str(caught.value) == f"{path} is no ONNX model: {why}"


def test_files(tmp_path: Path) -> None:
    proto = model(CONV, KERNEL)
    path = tmp_path / "model.onnx"
    path.write_bytes(proto.SerializeToString())
    assert sc.from_onnx(path) == sc.from_onnx(str(path)) == sc.from_onnx(proto)
    path.write_bytes(proto.SerializeToString()[:-90])
    refused(path, f"{path} is no ONNX model: it cannot be parsed")
    refused(tmp_path / "no", f"there is no file {tmp_path / 'no'}")
    refused(tmp_path, f"from_onnx takes the path of a file, got the folder {tmp_path}")
    refused(7, "from_onnx takes the path of a file or an onnx.ModelProto, got 7")


def test_names_that_are_no_text(tmp_path: Path) -> None:
    data = model(node("Relu", "x", to="yyyyy"), outputs=("yyyyy",)).SerializeToString()
    path = tmp_path / "model.onnx"
    path.write_bytes(data.replace(b"yyyyy", b"y\xffyyy"))
    refused(path, f"{path} is no ONNX model: it has the name b'y\\xffyyy', which is no UTF-8")


def external(name: str, location: str, sizes: list[int], kind: int = FLOAT) -> Any:
    tensor = TensorProto(name=name, data_type=kind, dims=sizes, data_location=TensorProto.EXTERNAL)
    tensor.external_data.add(key="location", value=location)
    return tensor


def test_weights_in_other_files_are_not_opened() -> None:
    proto = model(CONV, {"w": external("w", "../../etc/passwd", [8, 3, 3, 3])})
    assert sc.from_onnx(proto).params == 216
    huge = model(CONV, {"w": external("w", "", [2**40, 3, 3, 3])})
    assert sc.from_onnx(huge).params == 27 * 2**40


@pytest.mark.parametrize("location", ["../outside", "/etc/passwd", "", "none", "."])
def test_sizes_in_files_that_are_not_to_be_read(tmp_path: Path, location: str) -> None:
    (tmp_path / "outside").write_bytes(ints(0, -1).tobytes())
    folder = tmp_path / "in"
    folder.mkdir()
    path = folder / "model.onnx"
    path.write_bytes(model(node("Reshape", "x", "s"), {"s": external("s", location, [2], INT64)}).SerializeToString())
    message = f"layer Reshape (y): the tensor 's' is needed for a size and is in another file, {location!r}: "
    refused(path, f"{message}that is no file in {folder}")


def test_sizes_in_a_file_beside_the_models(tmp_path: Path) -> None:
    proto = model(node("Reshape", "x", "s"), {"s": external("s", "data", [2], INT64)})
    path = tmp_path / "model.onnx"
    path.write_bytes(proto.SerializeToString())
    (tmp_path / "data").write_bytes(ints(0, -1).tobytes())
    assert sc.from_onnx(path).output == sc.Shape(3 * H * W)
    message = "layer Reshape (y): the tensor 's' is needed for a size and is in another file, 'data': "
    refused(proto, f"{message}the model was given without its folder; give its path")
    (tmp_path / "data").write_bytes(b"short")
    refused(path, "layer Reshape (y): the data of the tensor 's' is not what its sizes say, (2,)")


REFUSED: dict[str, tuple[Any, str]] = {
    "no input": (
        lambda: model(node("Relu", "w"), {"w": weight(3)}, input=("N", 3)),
        "the model's output does not depend on its input",
    ),
    "an input without sizes": (
        lambda: model(node("Relu", "x"), input=None),
        "the input 'x' must be a tensor whose axes the file states",
    ),
    "an input without a batch": (
        lambda: model(node("Relu", "x"), input=(3,)),
        "the input 'x' must have a batch and further axes, got 1",
    ),
    "a name that nothing gives": (
        lambda: model(node("Add", "x", "ghost")),
        "Add (y) takes 'ghost', which nothing gives",
    ),
    "an output that nothing gives": (
        lambda: model(node("Relu", "x", to="z")),
        "the output takes 'y', which nothing gives",
    ),
    "a name that is given twice": (
        lambda: model([node("Relu", "x"), node("Tanh", "x")]),
        "'y' is given by two nodes, Relu (y) and Tanh (y)",
    ),
    "a kernel that does not fit": (
        lambda: model(CONV, {"w": weight(8, 4, 3, 3)}),
        "layer Conv (y): the channels and those of the weight do not fit: 3 and 4",
    ),
    "a kernel of another size than is said": (
        lambda: model(node("Conv", "x", "w", kernel_shape=[5, 5]), KERNEL),
        "layer Conv (y): the weight must have the sizes (8, 3, 5, 5), got (8, 3, 3, 3)",
    ),
    "a bias that does not fit": (
        lambda: model(node("Conv", "x", "w", "b"), KERNEL | {"b": weight(7)}),
        "layer Conv (y): the bias must have the sizes (8), got (7)",
    ),
    "a kernel of sizes below 0": (
        lambda: model(CONV, {"w": TensorProto(name="w", data_type=FLOAT, dims=[-8, 3, 3, 3])}),
        "the tensor 'w' must have sizes of at least 0, got (-8, 3, 3, 3)",
    ),
    "an attribute of another type": (
        lambda: model(node("Conv", "x", "w", strides="two"), KERNEL),
        "layer Conv (y): the attribute 'strides' of Conv must be a list of integers, got another type",
    ),
    "an attribute of too few": (
        lambda: model(node("Conv", "x", "w", strides=[2]), KERNEL),
        "layer Conv (y): the attribute 'strides' of Conv must have one for each of 2 axes, got [2]",
    ),
    "a kernel below 1": (
        lambda: model(node("MaxPool", "x", kernel_shape=[0, 3])),
        "layer MaxPool (y): the attribute 'kernel_shape' of MaxPool must be at least 1 each, got [0, 3]",
    ),
    "an axis that is cut twice": (
        lambda: model(node("Slice", "x", "s", "e", "s"), {"s": ints(1, 1), "e": ints(2, 2)}),
        "layer Slice (y): the axes must be different ones, got [1, 1]",
    ),
    "an axis that is added twice": (
        lambda: model(node("Unsqueeze", "x", "a"), {"a": ints(1, 1)}),
        "layer Unsqueeze (y): the axes must be different ones, got [1, 1]",
    ),
    "more than there are": (
        lambda: model(node("TopK", "x", "k", axis=1, to="y i"), {"k": ints(4)}),
        "layer TopK (y, i): how many must be at most the 3 that there are, got 4",
    ),
    "a size below 1": (
        lambda: model(node("TopK", "x", "k", axis=1, to="y i"), {"k": ints(-1)}),
        "layer TopK (y, i): what it gives must have sizes of at least 1, got Shape(-1, H, W)",
    ),
    "an input too few": (
        lambda: model(node("Conv", "x")),
        "layer Conv (y): Conv must have at least 2 inputs, got 1",
    ),
    "two sizes left open": (
        lambda: model(node("Reshape", "x", "s"), {"s": ints(-1, -1)}),
        "layer Reshape (y): of the sizes one may be -1, got (-1, -1)",
    ),
    "sizes that depend on the data": (
        lambda: model(node("Reshape", "x", "x")),
        "layer Reshape (y): the sizes must be known, but nothing says them before the network runs",
    ),
    "data that is not what its sizes say": (
        lambda: model(
            node("Reshape", "x", "s"), {"s": TensorProto(name="s", data_type=INT64, dims=[3], raw_data=b"12345678")}
        ),
        "layer Reshape (y): the data of the tensor 's' is not what its sizes say, (3,)",
    ),
    "sizes of enormous tensors": (
        lambda: model(node("Reshape", "x", "s"), {"s": TensorProto(name="s", data_type=INT64, dims=[2**62, 2**62])}),
        "layer Reshape (y): the sizes must be known, but nothing says them before the network runs",
    ),
    "an axis that is not there": (
        lambda: model(node("Concat", "x", "x", axis=7)),
        "layer Concat (y): the axis must be one of 4, got 7",
    ),
    "a factor that is rounded": (
        lambda: model(node("Resize", "x", "", "s"), {"s": np.array([1, 1, 1.4, 1.4], np.float32)}),
        "layer Resize (y): the factor 1.4 is rounded, so that no formula says H by it; "
        "give the sizes that it is for, as in at={'H': 224, 'W': 224}",
    ),
}


@pytest.mark.parametrize(("make", "message"), REFUSED.values(), ids=REFUSED)
def test_what_is_refused(make: Any, message: str) -> None:
    refused(make(), message)


def test_sparse_weights_have_the_sizes_that_they_stand_for() -> None:
    values = helper.make_tensor("w", FLOAT, [2], [1.0, 2.0])
    sparse = helper.make_sparse_tensor(values, helper.make_tensor("i", INT64, [2], [0, 1]), [8, 3, 3, 3])
    assert sc.from_onnx(model(CONV, sparse_initializer=[sparse])).params == 216


def test_several_inputs_are_refused_by_name() -> None:
    proto = model(node("Add", "x", "z"))
    proto.graph.input.append(helper.make_tensor_value_info("z", FLOAT, ["N", 3, "H", "W"]))
    refused(proto, "from_onnx reads a graph of one input, got 'x', 'z'")


def test_what_is_asked_otherwise() -> None:
    proto = model(CONV, KERNEL)
    message = "input must be a shape without the batch, of the 3 sizes (3, H, W), got (1, 3, 8, 8)"
    refused(proto, message, input=(1, 3, 8, 8))
    with pytest.raises(sc.SymcnnError) as caught:
        sc.from_onnx(proto, at={"Z": 3})
    assert type(caught.value).__name__ == "UnknownNameError"


def test_arithmetic_without_an_end_takes_no_time() -> None:
    """Sizes that are squared again and again, and sums that double, are no arithmetic of shapes."""
    nodes = [node("Shape", "x", start=2, end=3, to="s0")]
    nodes += [node("Mul", f"s{i}", f"s{i}", to=f"t{i}") for i in range(200)]
    nodes += [node("Add", f"t{i}", f"s{i}", to=f"s{i + 1}") for i in range(200)]
    nodes += [node("Reshape", "x", "s200")]
    refused(
        model(nodes),
        "layer Reshape (y): the sizes must be known, but nothing says them before the network runs",
    )


def test_nothing_is_loaded_before_it_is_asked_for() -> None:
    program = "import sys, symcnn; symcnn.from_onnx; print('onnx' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True).stdout == "False\n"


def test_without_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnx", None)
    message = "from_onnx needs the onnx package, which is not installed: pip install 'symcnn[onnx]'"
    assert_refused(lambda: sc.from_onnx("model.onnx"), sc.SymcnnError, message)
