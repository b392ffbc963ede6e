"""Networks in plain ``torch.nn``, in the idioms that people use."""

from __future__ import annotations

from typing import Any

import pytest

torch = pytest.importorskip("torch", reason="PyTorch is not installed")
from torch import nn  # noqa: E402
from torch.nn import functional as F  # noqa: E402, N812


class Bottleneck(nn.Module):
    def __init__(self, channels: int, out: int, stride: int = 1) -> None:
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(channels, out, 1, bias=False), nn.BatchNorm2d(out)
        self.conv2, self.bn2 = nn.Conv2d(out, out, 3, stride, 1, bias=False), nn.BatchNorm2d(out)
        self.conv3, self.bn3 = nn.Conv2d(out, 4 * out, 1, bias=False), nn.BatchNorm2d(4 * out)
        self.shortcut = None
        if stride != 1 or channels != 4 * out:
            self.shortcut = nn.Sequential(nn.Conv2d(channels, 4 * out, 1, stride), nn.BatchNorm2d(4 * out))

    def forward(self, x: Any) -> Any:
        y = F.relu(self.bn1(self.conv1(x)))
        y = F.relu(self.bn2(self.conv2(y)), inplace=True)
        y = self.bn3(self.conv3(y))
        y += x if self.shortcut is None else self.shortcut(x)
        return F.relu_(y)


class ResNet(nn.Module):
    """With functional calls, and one activation for all."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, 16, 7, 2, 3)
        self.layer1 = nn.Sequential(Bottleneck(16, 8), Bottleneck(32, 8))
        self.layer2 = nn.Sequential(Bottleneck(32, 16, 2), Bottleneck(64, 16))
        self.fc = nn.Linear(64, 10)

    def forward(self, x: Any) -> Any:
        x = F.max_pool2d(F.relu(self.stem(x)), 3, 2, 1)
        x = self.layer2(self.layer1(x))
        return self.fc(F.adaptive_avg_pool2d(x, (1, 1)).view(x.size(0), -1))


class Inverted(nn.Module):
    def __init__(self, channels: int, out: int, stride: int, expand: int) -> None:
        super().__init__()
        inner = channels * expand
        self.body = nn.Sequential(
            *(nn.Conv2d(channels, inner, 1, bias=False), nn.BatchNorm2d(inner), nn.ReLU6(inplace=True)),
            *(nn.Conv2d(inner, inner, 3, stride, 1, groups=inner, bias=False), nn.BatchNorm2d(inner), nn.Hardswish()),
        )
        self.se = nn.Sequential(nn.Conv2d(inner, 4, 1), nn.SiLU(), nn.Conv2d(4, inner, 1), nn.Sigmoid())
        self.out = nn.Conv2d(inner, out, 1, bias=False)
        self.same = stride == 1 and channels == out

    def forward(self, x: Any) -> Any:
        y = self.body(x)
        y = self.out(y * self.se(y.mean((2, 3), keepdim=True)))
        return x + y if self.same else y


class MobileNet(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 8, 3, 2, 1), Inverted(8, 8, 1, 1), Inverted(8, 16, 2, 4), Inverted(16, 16, 1, 4)
        )
        self.head = nn.Sequential(nn.Dropout(0.2), nn.Linear(16, 10))

    def forward(self, x: Any) -> Any:
        return self.head(self.features(x).mean([2, 3]))


def shuffled(x: Any, groups: int) -> Any:
    b, c, h, w = x.size()
    return torch.transpose(x.view(b, groups, c // groups, h, w), 1, 2).contiguous().view(b, -1, h, w)


class ShuffleUnit(nn.Module):
    def __init__(self, channels: int) -> None:
        super().__init__()
        half = channels // 2
        self.branch = nn.Sequential(
            *(nn.Conv2d(half, half, 1), nn.BatchNorm2d(half), nn.ReLU(inplace=True)),
            *(nn.Conv2d(half, half, 3, 1, 1, groups=half), nn.BatchNorm2d(half), nn.Conv2d(half, half, 1)),
        )

    def forward(self, x: Any) -> Any:
        kept, worked = x.chunk(2, dim=1)
        return shuffled(torch.cat((kept, self.branch(worked)), dim=1), 2)


class ShuffleNet(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 16, 3, 2, 1), nn.MaxPool2d(3, 2, 1))
        self.units = nn.Sequential(ShuffleUnit(16), ShuffleUnit(16))
        self.fc = nn.Linear(16, 10)

    def forward(self, x: Any) -> Any:
        return self.fc(torch.flatten(F.adaptive_avg_pool2d(self.units(self.stem(x)), 1), 1))


class DenseBlock(nn.Module):
    def __init__(self, channels: int, growth: int, depth: int) -> None:
        super().__init__()
        wide = [channels + i * growth for i in range(depth)]
        self.layers = nn.ModuleList(
            nn.Sequential(nn.BatchNorm2d(c), nn.ReLU(), nn.Conv2d(c, growth, 3, padding=1)) for c in wide
        )

    def forward(self, x: Any) -> Any:
        made = [x]
        for layer in self.layers:
            made.append(layer(torch.cat(made, 1)))
        return torch.cat(made, 1)


class DenseNet(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(3, 8, 3, padding=1), DenseBlock(8, 4, 3), nn.Conv2d(20, 10, 1))
        self.pool = nn.AvgPool2d(2, 2)
        self.fc = nn.Linear(10, 5)

    def forward(self, x: Any) -> Any:
        x = F.relu(self.pool(self.features(x)), inplace=True)
        return self.fc(F.adaptive_avg_pool2d(x, 1).flatten(1))


class Inception(nn.Module):
    def __init__(self, channels: int = 3) -> None:
        super().__init__()
        self.b1 = nn.Conv2d(channels, 4, 1)
        self.b3 = nn.Sequential(nn.Conv2d(channels, 4, 1), nn.Conv2d(4, 6, (1, 7), padding=(0, 3)), nn.ReLU())
        self.pooled = nn.Conv2d(channels, 2, 1)
        self.down = nn.Conv2d(12, 8, 3, 2)

    def forward(self, x: Any) -> Any:
        b = [self.b1(x), self.b3(x), self.pooled(F.avg_pool2d(x, 3, stride=1, padding=1))]
        x = torch.cat(b, 1)
        return torch.cat([self.down(x), F.max_pool2d(x, 3, stride=2)], 1)


class Attention(nn.Module):
    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.qkv, self.proj = nn.Linear(width, 3 * width), nn.Linear(width, width)

    def forward(self, x: Any) -> Any:
        b, t, c = x.shape
        q, k, v = self.qkv(x).reshape(b, t, 3, self.heads, c // self.heads).permute(2, 0, 3, 1, 4)
        weights = (q @ k.transpose(-2, -1) * (c // self.heads) ** -0.5).softmax(dim=-1)
        return self.proj((weights @ v).transpose(1, 2).reshape(b, t, c))


class Block(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.attn = Attention(width, 2)
        self.mlp = nn.Sequential(nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width))
        self.gamma = nn.Parameter(torch.ones(width))

    def forward(self, x: Any) -> Any:
        x = x + self.gamma * self.attn(self.norm1(x))
        return x + self.mlp(self.norm2(x))


class ViT(nn.Module):
    """With a class token and learned positions, for one size alone; without ``size``, for any."""

    def __init__(self, size: int | None = None) -> None:
        super().__init__()
        self.patch = nn.Conv2d(3, 16, 8, 8)
        self.cls = nn.Parameter(torch.zeros(1, 1, 16))
        self.pos = nn.Parameter(torch.zeros(1, (size // 8) ** 2 + 1, 16)) if size else None
        self.blocks = nn.ModuleList(Block(16) for _ in range(2))
        self.head = nn.Linear(16, 10)

    def forward(self, x: Any) -> Any:
        x = self.patch(x).flatten(2).transpose(1, 2)
        x = torch.cat((self.cls.expand(x.shape[0], -1, -1), x), dim=1)
        if self.pos is not None:
            x = x + self.pos
        for block in self.blocks:
            x = block(x)
        return self.head(x[:, 0])


class Double(nn.Sequential):
    def __init__(self, channels: int, out: int) -> None:
        super().__init__(
            *(nn.Conv2d(channels, out, 3, padding=1), nn.ReLU()), *(nn.Conv2d(out, out, 3, padding=1), nn.ReLU())
        )


class Up(nn.Module):
    def __init__(self, channels: int, out: int, learned: bool) -> None:
        super().__init__()
        self.up = nn.ConvTranspose2d(channels, out, 2, 2) if learned else nn.Conv2d(channels, out, 1)
        self.learned = learned
        self.conv = Double(2 * out, out)

    def forward(self, x: Any, skip: Any) -> Any:
        x = self.up(x)
        if not self.learned:
            x = F.interpolate(x, size=skip.shape[2:], mode="bilinear", align_corners=False)
        return self.conv(torch.cat([skip, x], dim=1))


class UNet(nn.Module):
    def __init__(self, learned: bool) -> None:
        super().__init__()
        self.down1, self.down2, self.bottom = Double(3, 8), Double(8, 16), Double(16, 32)
        self.pool = nn.MaxPool2d(2)
        self.up2, self.up1 = Up(32, 16, learned), Up(16, 8, learned)
        self.last = nn.Conv2d(8, 2, 1)

    def forward(self, x: Any) -> Any:
        one = self.down1(x)
        two = self.down2(self.pool(one))
        x = self.up2(self.bottom(self.pool(two)), two)
        return self.last(self.up1(x, one))


class ConvNeXt(nn.Module):
    """Channels last, and a scale to learn."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 4, 4)
        self.dw, self.norm = nn.Conv2d(8, 8, 7, padding=3, groups=8), nn.LayerNorm(8)
        self.pw1, self.pw2 = nn.Linear(8, 32), nn.Linear(32, 8)
        self.gamma = nn.Parameter(torch.ones(8, 1, 1))

    def forward(self, x: Any) -> Any:
        x = self.stem(x)
        y = self.norm(self.dw(x).permute(0, 2, 3, 1))
        return x + self.gamma * self.pw2(F.gelu(self.pw1(y))).permute(0, 3, 1, 2)


class WindowAttention(nn.Module):
    """Attention in windows of a map that is padded to whole ones, shifted or not; positions from a table."""

    def __init__(self, width: int, size: int, shift: int) -> None:
        super().__init__()
        self.size, self.shift = size, shift
        self.norm = nn.LayerNorm(width)
        self.qkv, self.proj = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.table = nn.Parameter(torch.zeros((2 * size - 1) ** 2, 2))
        self.register_buffer("index", torch.zeros(size**4, dtype=torch.long))

    def forward(self, x: Any) -> Any:
        b, height, width, c = x.shape
        s = self.size
        y = F.pad(self.norm(x), (0, 0, 0, (s - width % s) % s, 0, (s - height % s) % s))
        _, h, w, _ = y.shape
        if self.shift:
            y = torch.roll(y, shifts=(-self.shift, -self.shift), dims=(1, 2))
        y = y.view(b, h // s, s, w // s, s, c).permute(0, 1, 3, 2, 4, 5).reshape(-1, s * s, c)
        q, k, v = self.qkv(y).reshape(y.size(0), s * s, 3, 2, c // 2).permute(2, 0, 3, 1, 4)
        bias = self.table[self.index].view(s * s, s * s, -1).permute(2, 0, 1).contiguous().unsqueeze(0)
        y = self.proj(((q @ k.transpose(-2, -1) + bias).softmax(-1) @ v).transpose(1, 2).reshape(-1, s * s, c))
        y = y.view(b, h // s, w // s, s, s, c).permute(0, 1, 3, 2, 4, 5).reshape(b, h, w, c)
        if self.shift:
            y = torch.roll(y, shifts=(self.shift, self.shift), dims=(1, 2))
        return x + y[:, :height, :width, :].contiguous()


class Merging(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.norm, self.less = nn.LayerNorm(4 * width), nn.Linear(4 * width, 2 * width, bias=False)

    def forward(self, x: Any) -> Any:
        h, w = x.shape[1:3]
        x = F.pad(x, (0, 0, 0, w % 2, 0, h % 2))
        x = torch.cat([x[..., 0::2, 0::2, :], x[..., 1::2, 0::2, :], x[..., 0::2, 1::2, :], x[..., 1::2, 1::2, :]], -1)
        return self.less(self.norm(x))


class Swin(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.patch = nn.Conv2d(3, 8, 4, 4)
        self.blocks = nn.Sequential(
            WindowAttention(8, 4, 0), WindowAttention(8, 4, 2), Merging(8), WindowAttention(16, 4, 0)
        )
        self.head = nn.Linear(16, 5)

    def forward(self, x: Any) -> Any:
        return self.head(self.blocks(self.patch(x).permute(0, 2, 3, 1)).mean((1, 2)))
