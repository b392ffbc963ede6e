"""How long models of PyTorch take to read, beside the export that is in it, and to be lifted.

``pytest tests/benchmarks --benchmark-enable -k interop`` measures; no time is asserted.
"""

import pytest

import symcnn as sc

torch = pytest.importorskip("torch", reason="PyTorch is not installed")
import interop.families as families  # noqa: E402
import interop.plain_networks as plain  # noqa: E402

pytestmark = pytest.mark.torch

MODELS = {
    "resnet50": lambda: families.ResNet((3, 4, 6, 3), 64),
    "convnext": lambda: plain.ConvNeXt(),
}


def made(name):
    with torch.device("meta"):
        return MODELS[name]().eval()


def exported(module):
    """What PyTorch does alone, with height and width open."""
    axes = {2: torch.export.Dim.AUTO, 3: torch.export.Dim.AUTO}
    x = torch.empty(1, 3, 224, 256, device="meta")
    return torch.export.export(module, (x,), dynamic_shapes=(axes,), strict=False)


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("read", [exported, sc.from_torch], ids=["export", "from_torch"])
@pytest.mark.benchmark(group="read a model")
def test_read(benchmark, name, read):
    assert benchmark.pedantic(read, (made(name),), rounds=3)


@pytest.mark.benchmark(group="lift")
def test_lift_a_resnet_in_its_width(benchmark):
    width = sc.dims("width")
    over = {"width": [16, 32, 48, 64]}
    family = benchmark.pedantic(sc.lift, (lambda width: families.ResNet((3, 4, 6, 3), width), over), rounds=3)
    assert family.params == 2763 * width**2 + 146476 * width + 4865320
