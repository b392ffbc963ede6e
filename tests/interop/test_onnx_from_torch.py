"""Networks that PyTorch's exporter wrote to ONNX files, against PyTorch's own counts at several sizes."""

from __future__ import annotations

import io
import warnings
from typing import Any

import pytest

onnx = pytest.importorskip("onnx", reason="the onnx package is not installed")
torch = pytest.importorskip("torch", reason="PyTorch is not installed")
import plain_networks as plain  # noqa: E402
from counted import SIZES, counted  # noqa: E402

import symcnn as sc  # noqa: E402

pytestmark = pytest.mark.torch

EVEN = ({"H": 64, "W": 64}, {"H": 68, "W": 100})


def exported(module: Any, **settings: Any) -> Any:
    """The ONNX model of a module in evaluation mode, its normalisations left by themselves."""
    file = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        x = torch.zeros(1, 3, 64, 64)
        kept = {"training": torch.onnx.TrainingMode.PRESERVE, "do_constant_folding": False, "dynamo": False}
        torch.onnx.export(randomised(module), (x,), file, input_names=["x"], opset_version=17, **(kept | settings))
    return onnx.load_from_string(file.getvalue())


def randomised(module: Any) -> Any:
    """Weights that are all different: of equal ones the exporter stores one."""
    with torch.no_grad():
        for one in (*module.parameters(), *module.buffers()):
            if one.is_floating_point():
                one.uniform_(0.1, 0.9)
    return module.eval()


OPEN = {"dynamic_axes": {"x": {0: "N", 2: "H", 3: "W"}}}


@pytest.mark.parametrize(
    ("make", "sizes"),
    [
        (plain.ResNet, SIZES[1:]),
        (plain.ShuffleNet, SIZES[1:]),
        (plain.DenseNet, SIZES[1:]),
        (lambda: plain.UNet(learned=True), EVEN),
        (plain.ConvNeXt, SIZES[1:]),
    ],
    ids=["resnet", "shufflenet", "densenet", "unet", "convnext"],
)
def test_pytorch_agrees_on_what_it_exported(make: Any, sizes: Any) -> None:
    module = make()
    net = sc.from_onnx(exported(module, **OPEN))
    assert {str(one) for one in net.symbols} == {"H", "W"}
    assert not net.profile.uncounted
    for values in sizes:
        there = net.at(**values)
        expected = counted(module, tuple(map(int, there.input)))
        assert (there.params, there.buffers, there.macs, tuple(there.output)) == expected


def test_sizes_that_the_exporter_fixed_are_opened() -> None:
    module = plain.ResNet()
    net = sc.from_onnx(exported(module), input=(3, "H", "W"))
    assert net.at(H=65, W=97).macs == counted(module, (3, 65, 97)).macs


def test_normalisations_that_went_into_convolutions() -> None:
    """A scale and a shift are gone, and a bias is there instead."""
    module = plain.MobileNet()
    folded = sc.from_onnx(exported(module, training=torch.onnx.TrainingMode.EVAL, do_constant_folding=True, **OPEN))
    channels = sum(one.num_features for one in module.modules() if isinstance(one, torch.nn.BatchNorm2d))
    assert (folded.params, folded.buffers) == (counted(module, (3, 64, 64)).params - channels, 0)


def test_layers_stand_under_the_paths_of_their_modules() -> None:
    module = plain.ResNet()
    net = sc.from_onnx(exported(module, **OPEN))
    assert net["layer1.0.conv2"] == sc.Conv2d(8, 3, padding=1, bias=False)
