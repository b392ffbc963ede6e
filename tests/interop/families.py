"""Constructors of published families in plain PyTorch, whose formulas are lifted."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

import pytest

torch = pytest.importorskip("torch", reason="PyTorch is not installed")
from torch import nn  # noqa: E402


class Bottleneck(nn.Module):  # type: ignore[misc]
    """He et al., figure 5, right; the widening of Zagoruyko and Komodakis is that of the middle."""

    def __init__(self, before: int, middle: int, after: int, stride: int) -> None:
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(before, middle, 1, bias=False), nn.BatchNorm2d(middle)
        self.conv2, self.bn2 = nn.Conv2d(middle, middle, 3, stride, 1, bias=False), nn.BatchNorm2d(middle)
        self.conv3, self.bn3 = nn.Conv2d(middle, after, 1, bias=False), nn.BatchNorm2d(after)
        self.downsample = None
        if before != after:
            self.downsample = nn.Sequential(nn.Conv2d(before, after, 1, stride, bias=False), nn.BatchNorm2d(after))

    def forward(self, x: Any) -> Any:
        out = self.bn1(self.conv1(x)).relu_()
        out = self.bn2(self.conv2(out)).relu_()
        return (self.bn3(self.conv3(out)) + (x if self.downsample is None else self.downsample(x))).relu()


class ResNet(nn.Module):  # type: ignore[misc]
    def __init__(self, blocks: tuple[int, ...], width: int, classes: int = 1000) -> None:
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64)
        before = 64
        for stage, times in enumerate(blocks):
            layers = []
            for time in range(times):
                stride = 2 if stage and not time else 1
                layers.append(Bottleneck(before, width * 2**stage, 256 * 2**stage, stride))
                before = 256 * 2**stage
            self.add_module(f"layer{stage + 1}", nn.Sequential(*layers))
        self.stages = len(blocks)
        self.fc = nn.Linear(before, classes)

    def forward(self, x: Any) -> Any:
        x = nn.functional.max_pool2d(self.bn1(self.conv1(x)).relu(), 3, 2, 1)
        for stage in range(self.stages):
            x = getattr(self, f"layer{stage + 1}")(x)
        return self.fc(x.mean([2, 3]))


class DenseLayer(nn.Sequential):  # type: ignore[misc]
    def forward(self, x: Any) -> Any:
        return torch.cat([x, super().forward(x)], 1)


def densenet(blocks: tuple[int, ...], growth: int, first: int, classes: int = 1000) -> Any:
    """Huang et al., table 1."""
    parts: OrderedDict[str, Any] = OrderedDict(
        conv0=nn.Conv2d(3, first, 7, 2, 3, bias=False), norm0=nn.BatchNorm2d(first), pool0=nn.MaxPool2d(3, 2, 1)
    )
    channels = first
    for block, times in enumerate(blocks, 1):
        layers: OrderedDict[str, Any] = OrderedDict()
        for time in range(1, times + 1):
            layers[f"denselayer{time}"] = DenseLayer(
                OrderedDict(
                    norm1=nn.BatchNorm2d(channels),
                    conv1=nn.Conv2d(channels, 4 * growth, 1, bias=False),
                    norm2=nn.BatchNorm2d(4 * growth),
                    conv2=nn.Conv2d(4 * growth, growth, 3, padding=1, bias=False),
                )
            )
            channels += growth
        parts[f"denseblock{block}"] = nn.Sequential(layers)
        if block < len(blocks):
            parts[f"transition{block}"] = nn.Sequential(
                nn.BatchNorm2d(channels), nn.Conv2d(channels, channels // 2, 1, bias=False), nn.AvgPool2d(2)
            )
            channels //= 2
    parts["norm5"] = nn.BatchNorm2d(channels)
    features = nn.Sequential(parts)
    return nn.Sequential(features, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, classes))
