"""Out to PyTorch and back, and the other way round: the same counts, at odd sizes too."""

import pytest

import symcnn as sc

torch = pytest.importorskip("torch", reason="PyTorch is not installed")
from torch import nn  # noqa: E402
from torch.utils.flop_counter import FlopCounterMode  # noqa: E402

pytestmark = pytest.mark.torch
SIZES = ((97, 83), (131, 75))


def strided(stride, kernel, groups, dilation):
    """A network with a large stride, even kernels, groups and dilation, in plain PyTorch on its meta device."""
    with torch.device("meta"):
        return nn.Sequential(
            nn.Conv2d(3, 8, kernel, stride=stride, padding=1, dilation=dilation),
            nn.BatchNorm2d(8),
            nn.Conv2d(8, 12, 2, stride=2, groups=groups, padding=1),
            nn.ReLU(),
            nn.MaxPool2d(2, 1, ceil_mode=True),
            nn.AdaptiveAvgPool2d(1),
            nn.Flatten(),
            nn.Linear(12, 5),
        ).eval()


def counted(module, size):
    """Parameters and multiply-accumulates as PyTorch counts them."""
    with FlopCounterMode(display=False) as counter:
        module(torch.empty(1, 3, *size, device="meta"))
    return sum(p.numel() for p in module.parameters()), counter.get_total_flops() // 2


@pytest.mark.parametrize("stride", [3, 6, 7])
@pytest.mark.parametrize(("kernel", "groups", "dilation"), [((2, 4), 1, 2), ((6, 3), 4, 1), ((4, 2), 2, 2)])
def test_from_pytorch_and_out_again(stride, kernel, groups, dilation):
    module = strided(stride, kernel, groups, dilation)
    net = sc.from_torch(module)
    for height, width in SIZES:
        numbers = net.at(H=height, W=width)
        assert (numbers.params, numbers.macs) == counted(module, (height, width))
        with torch.device("meta"):
            again = sc.to_torch(numbers)
        assert counted(again.eval(), (height, width)) == (numbers.params, numbers.macs)


@pytest.mark.parametrize("name", ["alexnet", "resnet18", "mobilenet_v2", "squeezenet1_0"])
def test_out_to_pytorch_and_back(name):
    net = sc.zoo.get_model(name)
    fixed = net.at({symbol: value for symbol, value in net.defaults.items() if symbol.name not in "HW"})
    with torch.device("meta"):
        module = sc.to_torch(fixed).eval()
    again = sc.from_torch(module)
    assert (again.params, again.buffers) == (fixed.params, fixed.buffers)
    for height, width in SIZES:
        assert sc.evaluate(again.macs, H=height, W=width) == sc.evaluate(fixed.macs, H=height, W=width)


@pytest.mark.parametrize(
    ("name", "over", "image"),
    [("vgg11", {"w": [4, 8, 12, 16]}, (3, "H", "W")), ("resnet18", {"w": [8, 16, 24, 32]}, None)],
)
def test_what_goes_out_is_lifted_to_the_same_polynomials(name, over, image):
    net = sc.zoo.get_model(name)
    fixed = net.at({s: value for s, value in net.defaults.items() if s.name not in {"H", "W", *over}})
    family = sc.lift(lambda **sizes: sc.to_torch(fixed.at(sizes)), over, input=image)
    assert (family.params, family.buffers) == (fixed.params, fixed.buffers)
    if image is not None:
        even = dict(zip(sc.dims("H W"), (64 * size for size in sc.dims("a b")), strict=True))
        assert family.macs.xreplace(even).expand() == fixed.macs.xreplace(even).expand()
        assert list(map(str, family.conditions)) == ["16 | H", "H >= 32", "16 | W", "W >= 32"]
