"""Families against plain PyTorch built to the same numbers: every width and depth, and images of odd sizes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

import symcnn as sc

torch = pytest.importorskip("torch", reason="PyTorch is not installed")
from torch import nn  # noqa: E402
from torch.utils.flop_counter import FlopCounterMode  # noqa: E402

pytestmark = pytest.mark.torch

a, b, c, d, g, m, w, C, K, H, W = sc.dims("a b c d g m w C K H W")


class Sum(nn.Module):  # type: ignore[misc]
    """A body beside a shortcut."""

    def __init__(self, body: Any, shortcut: Any = None) -> None:
        super().__init__()
        self.body, self.shortcut = body, shortcut

    def forward(self, x: Any) -> Any:
        return self.body(x) + (x if self.shortcut is None else self.shortcut(x))


class Stacked(nn.Module):  # type: ignore[misc]
    """What a body makes, behind what it takes."""

    def __init__(self, body: Any) -> None:
        super().__init__()
        self.body = body

    def forward(self, x: Any) -> Any:
        return torch.cat([x, self.body(x)], 1)


def conv(before: int, after: int, kernel: int, stride: int = 1, groups: int = 1, bias: bool = False) -> Any:
    return nn.Conv2d(before, after, kernel, stride, kernel // 2, groups=groups, bias=bias)


def normed(before: int, after: int, kernel: int, stride: int = 1, groups: int = 1) -> list[Any]:
    return [conv(before, after, kernel, stride, groups), nn.BatchNorm2d(after)]


def activated(channels: int) -> list[Any]:
    return [nn.BatchNorm2d(channels), nn.ReLU()]


def classified(layers: Iterable[Any], channels: int, classes: int) -> Any:
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, classes))


def resnet(blocks: tuple[int, ...], width: int, classes: int, groups: int = 0, inner: int = 0) -> Any:
    """He et al., table 1; with ``groups`` of ``inner`` channels the bottlenecks of Xie et al."""
    layers = [*normed(3, width, 7, 2), nn.ReLU(), nn.MaxPool2d(3, 2, 1)]
    before, wide = width, 4 if groups else 1
    for place, depth in enumerate(blocks):
        after, middle = wide * width * 2**place, groups * inner * 2**place
        for time in range(depth):
            stride = 2 if place and not time else 1
            if groups:
                body = [*normed(before, middle, 1), nn.ReLU(), *normed(middle, middle, 3, stride, groups), nn.ReLU()]
                body += normed(middle, after, 1)
            else:
                body = [*normed(before, after, 3, stride), nn.ReLU(), *normed(after, after, 3)]
            same = stride == 1 and before == after
            shortcut = None if same else nn.Sequential(*normed(before, after, 1, stride))
            layers += [Sum(nn.Sequential(*body), shortcut), nn.ReLU()]
            before = after
    return classified(layers, before, classes)


def densenet(blocks: tuple[int, ...], growth: int, classes: int) -> Any:
    """Huang et al., table 1."""
    channels = 2 * growth
    layers = [*normed(3, channels, 7, 2), nn.ReLU(), nn.MaxPool2d(3, 2, 1)]
    for place, depth in enumerate(blocks):
        for _ in range(depth):
            body = [*activated(channels), conv(channels, 4 * growth, 1)]
            layers.append(Stacked(nn.Sequential(*body, *activated(4 * growth), conv(4 * growth, growth, 3))))
            channels += growth
        if place + 1 < len(blocks):
            layers += [*activated(channels), conv(channels, channels // 2, 1), nn.AvgPool2d(2)]
            channels //= 2
    return classified([*layers, *activated(channels)], channels, classes)


def vgg(blocks: tuple[int, ...], width: int, classes: int, norm: bool = False) -> Any:
    """Simonyan and Zisserman, table 1, with torchvision's pooling to 7×7."""
    layers: list[Any] = []
    before = 3
    for depth, times in zip(blocks, (1, 2, 4, 8, 8), strict=True):
        for _ in range(depth):
            after = times * width
            layers += [conv(before, after, 3, bias=True), *([nn.BatchNorm2d(after)] if norm else []), nn.ReLU()]
            before = after
        layers.append(nn.MaxPool2d(2))
    dense = [nn.Linear(49 * before, 4096), nn.ReLU(), nn.Linear(4096, 4096), nn.ReLU(), nn.Linear(4096, classes)]
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(7), nn.Flatten(), *dense)


def wide_resnet(depth: int, widening: int, classes: int) -> Any:
    """Zagoruyko and Komodakis, table 1."""
    layers, before = [conv(3, 16, 3)], 16
    for place in range(3):
        after = 16 * widening * 2**place
        for time in range(depth):
            stride = 2 if place and not time else 1
            body = [conv(before, after, 3, stride), *activated(after), conv(after, after, 3)]
            if before == after and stride == 1:
                layers.append(Sum(nn.Sequential(*activated(before), *body)))
            else:
                layers += [*activated(before), Sum(nn.Sequential(*body), conv(before, after, 1, stride))]
            before = after
    return classified([*layers, *activated(before)], before, classes)


def figures(module: Any, size: tuple[int, int]) -> tuple[int, int, int]:
    """Parameters, buffers and MACs in PyTorch."""
    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        module.eval()(torch.empty(1, 3, *size, device="meta"))
    params = sum(weight.numel() for weight in module.parameters())
    buffers = sum(one.numel() for name, one in module.named_buffers() if not name.endswith("num_batches_tracked"))
    return params, buffers, counter.get_total_flops() // 2


def agree(net: sc.Layer, values: dict[Any, int], build: Any) -> None:
    """The closed formulas with values put in are what PyTorch counts."""
    with torch.device("meta"):
        module = build()
    size = (values[H], values[W])
    found = tuple(
        sc.evaluate(formula, {symbol: values[symbol] for symbol in formula.free_symbols})
        for formula in (net.params, net.buffers, net.macs)
    )
    assert found == figures(module, size)


DEPTHS = [(1, 1, 1, 1), (2, 1, 3, 1), (1, 4, 2, 5), (3, 2, 1, 2), (5, 3, 4, 1)]
SIZES = [(224, 224), (97, 130), (65, 33), (193, 257), (127, 71)]
PLACES = list(zip(DEPTHS, SIZES, (1, 3, 10, 64, 17), strict=True))


@pytest.mark.parametrize(("depths", "size", "width"), PLACES, ids=str)
def test_resnets_of_every_width_and_depth(depths: tuple[int, ...], size: tuple[int, int], width: int) -> None:
    values = dict(zip((a, b, c, d), depths, strict=True)) | {w: width, K: 7, H: size[0], W: size[1]}
    basic = sc.zoo.resnet((a, b, c, d), bottleneck=False)
    agree(basic, values, lambda: resnet(depths, width, 7))
    agree(sc.zoo.resnet((a, b, c, d)), values, lambda: resnet(depths, width, 7, 1, width))


@pytest.mark.parametrize(("depths", "size", "width"), PLACES, ids=str)
def test_bottlenecks_of_every_kind(depths: tuple[int, ...], size: tuple[int, int], width: int) -> None:
    values = dict(zip((a, b, c, d), depths, strict=True)) | {w: width, K: 7, H: size[0], W: size[1]}
    grouped = sc.zoo.resnet((a, b, c, d), groups=C, group_width=g)
    agree(grouped, values | {C: 3, g: 2 * width}, lambda: resnet(depths, width, 7, 3, 2 * width))
    wide = sc.zoo.resnet((a, b, c, d), widening=m)
    agree(wide, values | {m: 5}, lambda: resnet(depths, width, 7, 1, 5 * width))


@pytest.mark.parametrize(("depths", "size", "growth"), PLACES, ids=str)
def test_densenets_of_every_growth_and_depth(depths: tuple[int, ...], size: tuple[int, int], growth: int) -> None:
    values = dict(zip((a, b, c, d), depths, strict=True)) | {g: growth, K: 5, H: size[0], W: size[1]}
    agree(sc.zoo.densenet((a, b, c, d)), values, lambda: densenet(depths, growth, 5))


@pytest.mark.parametrize("norm", [False, True])
@pytest.mark.parametrize(("depths", "size", "width"), PLACES, ids=str)
def test_vggs_of_every_width_and_depth(depths: tuple[int, ...], size: tuple[int, int], width: int, norm: bool) -> None:
    values = dict(zip((a, b, c, d), depths, strict=True)) | {w: width, K: 5, H: size[0], W: size[1]}
    net = sc.zoo.vgg((2, a, b, c, d), batch_norm=norm)
    agree(net, values, lambda: vgg((2, *depths), width, 5, norm))


@pytest.mark.parametrize(("depth", "widening", "size"), [(1, 2, (32, 32)), (4, 3, (33, 30)), (3, 10, (47, 64))])
def test_wide_resnets_of_every_widening_and_depth(depth: int, widening: int, size: tuple[int, int]) -> None:
    net = sc.zoo.wide_resnet_cifar(a, m, width=16)
    values = {a: depth, m: widening, K: 10, H: size[0], W: size[1]}
    agree(net, values, lambda: wide_resnet(depth, widening, 10))
    narrow = sc.zoo.wide_resnet_cifar(a, 1, width=16)
    agree(narrow, values, lambda: wide_resnet(depth, 1, 10))
