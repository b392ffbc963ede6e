"""Models of other frameworks on the command line."""

import pytest

from symcnn.cli import main

MODELS = """\
import warnings

import torch
from torch import nn


class Net(nn.Module):
    def __init__(self, width=16, classes=10):
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(3, width, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2))
        self.head = nn.Linear(width, classes)

    def forward(self, x):
        return self.head(self.features(x).mean([2, 3]))


def huge():
    return Net(10**9, 10**6)


def sums():
    net = Net()
    assert float(net.head.weight.sum()) < 1e9
    return net


def fails():
    raise RuntimeError("no data")


def ends():
    raise SystemExit(3)


net = Net(8)
"""

KERAS_MODELS = """\
import keras


def make(classes=10):
    layers = [keras.layers.Conv2D(8, 3), keras.layers.GlobalAveragePooling2D(), keras.layers.Dense(classes)]
    return keras.Sequential([keras.Input((32, 32, 3)), *layers])
"""

COUNTS = """\
def count(width, depth, kernel=3):
    return depth * kernel**2 * width**2


width = 3
"""


@pytest.fixture
def run(capsys, tmp_path, monkeypatch):
    """Run a command beside the models: its exit code, what it printed, and its complaint."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "torch_models.py").write_text(MODELS)
    (tmp_path / "counts.py").write_text(COUNTS)

    def command(line):
        code = main(line.split())
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return command


@pytest.fixture
def run_torch(run):
    pytest.importorskip("torch", reason="PyTorch is not installed")
    return run


@pytest.mark.torch
def test_a_module_is_read(run_torch):
    """An instance, its class and a function that makes one; in a file and in a module of this folder."""
    for name in ("torch_models.py:Net", "torch_models.py:sums"):
        code, out, _ = run_torch(f"show {name}")
        assert code == 0
        assert "features.0  Conv2d(16, 3," in out
        assert "MACs: 432·H·W + 160" in out
    code, out, _ = run_torch("eval torch_models:net --of params macs --input 3,H,224 --set H=32,33 --format csv")
    assert (code, out) == (0, "H,params,macs\n32,314,1548368\n33,314,1596752\n")


@pytest.mark.torch
def test_weights_have_no_memory(run_torch):
    code, out, _ = run_torch("show torch_models.py:huge --input 3,8,8")
    assert code == 0
    assert "1,000,028,001,000,000  1,001,728,000,000,000  100.0 %" in out


@pytest.mark.torch
def test_every_command_takes_a_module(run_torch):
    model = "torch_models.py:Net --input 3,32,32"
    for command in ("explain", "drivers", "memory", "reconcile", "compare"):
        assert run_torch(f"{command} {model}")[0] == 0
    assert run_torch(f"plot layers {model} --out bars.svg")[0] == 0


@pytest.mark.torch
def test_a_module_that_is_refused(run_torch):
    assert run_torch("show torch_models.py:fails") == (
        2,
        "",
        "symcnn: calling torch_models.py:fails failed: RuntimeError: no data\n",
    )
    complaint = "symcnn: calling torch_models.py:ends failed: SystemExit: 3\n"
    assert run_torch("show torch_models.py:ends") == (2, "", complaint)
    code, _, complaint = run_torch("show torch_models.py:Net --input 4,H,W")
    assert code == 2
    assert complaint.startswith("symcnn: torch.export cannot trace the module on an input of (4, 224, 256): ")


@pytest.mark.torch
def test_a_model_of_keras_is_read(run_torch, tmp_path, monkeypatch):
    """In Keras's own order of axes."""
    monkeypatch.setenv("KERAS_BACKEND", "torch")
    pytest.importorskip("keras", reason="Keras is not installed")
    (tmp_path / "keras_models.py").write_text(KERAS_MODELS)
    code, out, _ = run_torch("show keras_models.py:make --input H,W,3")
    assert code == 0
    assert "MACs: 216·H·W - 432·H - 432·W + 944" in out
    code, out, _ = run_torch("lift keras_models.py:make --over classes=10,20,30")
    assert code == 0
    assert "parameters  9·classes + 224\n" in out


def test_an_onnx_file_is_read(run):
    onnx = pytest.importorskip("onnx", reason="the onnx package is not installed")
    helper, number = onnx.helper, onnx.TensorProto.FLOAT
    value = helper.make_tensor_value_info
    weight = helper.make_tensor("w", number, (8, 3, 3, 3), [0.0] * 216)
    graph = helper.make_graph(
        [helper.make_node("Conv", ["x", "w"], ["y"], pads=[1] * 4), helper.make_node("Relu", ["y"], ["z"])],
        *("net", [value("x", number, ["N", 3, "H", "W"])], [value("z", number, None)], [weight]),
    )
    onnx.save(helper.make_model(graph), "net.onnx")
    code, out, _ = run("show net.onnx")
    assert code == 0
    assert "parameters: 216\nMACs: 216·H·W" in out
    assert run("eval net.onnx --of macs --set H=5 W=7 --format csv")[1] == "macs\n7560\n"
    assert run("eval net.onnx --input 3,5,W --of macs --set W=7 --format csv")[1] == "macs\n7560\n"
    (code, out, said) = run("show nothing.onnx")
    assert (code, out) == (2, "")
    assert said.startswith("symcnn: ")


def test_an_input_for_a_network_of_the_zoo(run):
    code, out, _ = run("show lenet5 --input 1,64,64")
    assert code == 0
    assert "f5  Linear(F5)\n  F5              F5·(169·C3 + 1)" in out
    complaint = "symcnn: layer c3, Conv2d(C3, 5): kernel_size 5 is larger than the padded input 2\n"
    assert run("show lenet5 --input 1,8,8") == (1, "", complaint)


def test_lift(run):
    code, out, _ = run("lift counts.py:count --over width=8:32:8 depth=1,2,3")
    assert code == 0
    assert out == (
        "tensor  shape               parameters\n"
        "──────  ──────────────  ──────────────\n"
        "count   9·depth·width²  9·depth·width²\n"
        "\n"
        "parameters: 9·depth·width²\n"
        "evidence: 12 sample points, 29 held back\n"
        "\n"
        "       samples        held back           degree  certified for\n"
        "─────  ─────────────  ──────────────────  ──────  ─────────────\n"
        "width  8, 16, 24, 32  1, 9, 11, ..., 257       2  every value\n"
        "depth  1, 2, 3        4, 6, 24                 1  every value\n"
        "\n"
        "fitted: each size of each tensor, at 12 points\n"
        "checked: at 29 points that were held back\n"
    )
    assert run("lift counts:count --over width=8:32:8 --set kernel=5 depth=2 --format csv")[1] == (
        "name,shape,ranges,params\ncount,50*width**2,,50*width**2\n"
    )


@pytest.mark.torch
def test_lift_a_module(run_torch):
    code, out, _ = run_torch("lift torch_models.py:Net --over width=16:64:16 classes=10,100,1000 --input 3,H,W")
    assert code == 0
    assert "parameters: classes·width + classes + 28·width\nMACs: 27·H·W·width + classes·width\n" in out


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("count --over width=8:32:8", "make also needs depth; give sample points for each in over, or a default"),
        ("count --over width=8:32:8 --set dept=3", "make takes no 'dept'; did you mean 'depth'? Known: width, depth, "),
        ("cout --over width=8:32:8", "counts.py has no 'cout'; did you mean 'count'? Known: count\n"),
        ("width --over width=8:32:8", "counts.py:width is no function that makes a model, got int\n"),
        (
            "count --over width=8 --set depth=1",
            "over gives width 1 value; a size that stays needs 2 at least, and one that grows evenly needs 3: "
            "2 to fit it, and 1 held back\n",
        ),
    ],
)
def test_lifts_that_are_refused(run, line, complaint):
    code, out, said = run(f"lift counts.py:{line}")
    assert (code, out) == (2, "")
    assert said.startswith(f"symcnn: {complaint}")


def test_a_function_has_a_place(run):
    complaint = "symcnn: a function is named file.py:name or package.module:name, got 'resnet50'\n"
    assert run("lift resnet50 --over w=16,32,64") == (2, "", complaint)
    assert run("show :make")[2] == "symcnn: a function is named file.py:name or package.module:name, got ':make'\n"
