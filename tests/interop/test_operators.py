"""Every operator and idiom on a small module, against PyTorch's own counts at several sizes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

torch = pytest.importorskip("torch", reason="PyTorch is not installed")
from counted import read  # noqa: E402
from torch import nn  # noqa: E402
from torch.nn import functional as F  # noqa: E402, N812

import symcnn as sc  # noqa: E402

pytestmark = pytest.mark.torch


class Says(nn.Module):
    """A module of named parts and what is done with them."""

    def __init__(self, does: Callable[[Any, Any], Any], **parts: Any) -> None:
        super().__init__()
        self.does = does
        for name, part in parts.items():
            if name.startswith("buffer"):
                self.register_buffer(name, part)
            else:
                setattr(self, name, nn.Parameter(part) if isinstance(part, torch.Tensor) else part)

    def forward(self, x: Any) -> Any:
        return self.does(self, x)


def row(*layers: nn.Module) -> nn.Module:
    return nn.Sequential(*layers)


def part(*shape: int) -> Any:
    return torch.zeros(shape)


class Precise(nn.Module):
    """A part of it without gradients and in full precision, as rotary positions are."""

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("f", torch.zeros(3, 1))
        self.g = nn.Parameter(torch.zeros(1, 4))

    def forward(self, x: Any) -> Any:
        with torch.no_grad(), torch.autocast("cpu", enabled=False):
            angles = (self.f @ self.g).sum(1)[:, None]
            y = x.flatten(2).transpose(1, 2) @ angles
        return y * x.mean()


class Reused(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 3, 3, padding=1)
        self.act = nn.ReLU()

    def forward(self, x: Any) -> Any:
        return self.conv(self.act(self.conv(x)))


def rows(x: Any) -> Any:
    return x.flatten(2).transpose(1, 2)


def windows(x: Any, size: int) -> Any:
    b, h, w, c = x.shape
    return x.view(b, h // size, size, w // size, size, c).permute(0, 1, 3, 2, 4, 5).reshape(-1, size * size, c)


MODULES: dict[str, Any] = {
    "conv": row(nn.Conv2d(3, 8, 3, stride=2, padding=1)),
    "conv dilated": row(nn.Conv2d(3, 8, (3, 5), padding=(2, 0), dilation=2, bias=False)),
    "conv grouped": row(nn.Conv2d(3, 12, 3, groups=3, padding="same"), nn.Conv2d(12, 12, 5, groups=12)),
    "conv valid": row(nn.Conv2d(3, 8, 3, padding="valid", padding_mode="zeros")),
    "conv reflected": row(nn.Conv2d(3, 8, 3, padding=1, padding_mode="reflect")),
    "conv functional": Says(lambda m, x: F.conv2d(x, m.w, m.b, padding=1), w=part(8, 3, 3, 3), b=part(8)),
    "conv transposed": row(nn.ConvTranspose2d(3, 8, 3, stride=2, padding=1, output_padding=1)),
    "conv transposed grouped": row(nn.ConvTranspose2d(3, 12, 2, stride=2, groups=3, bias=False)),
    "conv by a buffer": Says(lambda m, x: F.conv2d(x, m.buffer_k, groups=3), buffer_k=part(3, 1, 3, 3)),
    "linear by a buffer": Says(lambda m, x: F.linear(x.mean((2, 3)), m.buffer_w, m.b), buffer_w=part(4, 3), b=part(4)),
    "conv 1d": Says(lambda m, x: m.c(x.flatten(2)), c=nn.Conv1d(3, 8, 5, stride=2)),
    "conv 3d": Says(lambda m, x: m.c(x.unsqueeze(2)), c=nn.Conv3d(3, 8, (1, 3, 3))),
    "conv standardised": Says(
        lambda m, x: F.conv2d(x, (m.w - m.w.mean((1, 2, 3), keepdim=True)) / m.w.std((1, 2, 3), keepdim=True)),
        w=torch.rand(8, 3, 3, 3),
    ),
    "weight norm": row(nn.utils.parametrizations.weight_norm(nn.Conv2d(3, 8, 3))),
    "batch norm": row(nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.BatchNorm2d(8, affine=False)),
    "batch norm of the batch": row(nn.BatchNorm2d(3, track_running_stats=False)),
    "batch norm 1d": Says(lambda m, x: m.b(x.mean((2, 3))), b=nn.BatchNorm1d(3)),
    "instance norm": row(nn.InstanceNorm2d(3, affine=True), nn.InstanceNorm2d(3)),
    "group norm": row(nn.Conv2d(3, 8, 1), nn.GroupNorm(4, 8), nn.GroupNorm(1, 8, affine=False)),
    "layer norm": Says(lambda m, x: m.n(x.permute(0, 2, 3, 1)), n=nn.LayerNorm(3)),
    "layer norm functional": Says(lambda m, x: F.layer_norm(x.permute(0, 2, 3, 1), (3,), m.w), w=part(3)),
    "rms norm": Says(lambda m, x: m.n(x.permute(0, 2, 3, 1)), n=nn.RMSNorm(3)),
    "local response": row(nn.LocalResponseNorm(3)),
    "max pool": row(nn.MaxPool2d(3, 2, 1), nn.MaxPool2d(2, ceil_mode=True), nn.MaxPool2d(3, 1, 1, dilation=1)),
    "max pool with places": row(nn.MaxPool2d(2)),
    "avg pool": row(nn.AvgPool2d(2), nn.AvgPool2d(3, 2, 1, count_include_pad=False)),
    "adaptive": row(nn.AdaptiveAvgPool2d((7, None)), nn.AdaptiveMaxPool2d(2)),
    "global": Says(lambda m, x: m.fc(F.adaptive_avg_pool2d(x, 1).view(x.size(0), -1)), fc=nn.Linear(3, 10)),
    "global mean": Says(lambda m, x: m.fc(x.mean([2, 3])), fc=nn.Linear(3, 10)),
    "global kept": Says(lambda m, x: x * torch.sigmoid(m.c(x.mean((-1, -2), keepdim=True))), c=nn.Conv2d(3, 3, 1)),
    "sums": Says(lambda m, x: x.sum(1, keepdim=True) + x.amax(1, keepdim=True) + x.max(1, keepdim=True)[0]),
    "all reduced": Says(lambda m, x: x.mean().view(1, 1)),
    "linear on places": Says(lambda m, x: m.l(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2), l=nn.Linear(3, 8)),
    "linear on rows": Says(lambda m, x: m.l(x.flatten(2).transpose(1, 2)), l=nn.Linear(3, 8, bias=False)),
    "linear by hand": Says(lambda m, x: x.mean((2, 3)) @ m.w + m.b, w=part(3, 7), b=part(7)),
    "linear turned": Says(lambda m, x: torch.addmm(m.b, x.mean((2, 3)), m.w.t()), w=part(7, 3), b=part(7)),
    "einsum": Says(lambda m, x: torch.einsum("bchw,dc->bdhw", x, m.w), w=part(7, 3)),
    "einsum of two": Says(lambda m, x: torch.einsum("bct,bdt->bcd", x.flatten(2), x.flatten(2))),
    "bmm": Says(lambda m, x: torch.bmm(x.flatten(2), x.flatten(2).transpose(1, 2))),
    "matmul": Says(lambda m, x: x @ x.transpose(-1, -2)),
    "attention by hand": Says(
        lambda m, x: (x.flatten(2).transpose(1, 2) @ x.flatten(2)).mul(0.5).softmax(-1) @ x.flatten(2).transpose(1, 2)
    ),
    "attention": Says(lambda m, x: F.scaled_dot_product_attention(x, x, x)),
    "attention of heads that share keys": Says(
        lambda m, x: F.scaled_dot_product_attention(m.c(x), x[:, :1], x[:, :1]), c=nn.Conv2d(3, 6, 1)
    ),
    "attention of groups": Says(
        lambda m, x: F.scaled_dot_product_attention(m.c(x), x, x, enable_gqa=True), c=nn.Conv2d(3, 6, 1)
    ),
    "multihead": Says(
        lambda m, x: m.a(*[m.c(x).flatten(2).transpose(1, 2)] * 3, need_weights=False)[0],
        c=nn.Conv2d(3, 8, 8, 8),
        a=nn.MultiheadAttention(8, 2, batch_first=True),
    ),
    "multihead with weights": Says(
        lambda m, x: m.a(*[m.c(x).flatten(2).permute(2, 0, 1)] * 3)[0].permute(1, 0, 2),
        c=nn.Conv2d(3, 8, 8, 8),
        a=nn.MultiheadAttention(8, 2),
    ),
    "baddbmm": Says(lambda m, x: torch.baddbmm(x.flatten(2), x.flatten(2) @ rows(x), x.flatten(2))),
    "addmm of two": Says(lambda m, x: torch.addmm(m.b, x[0, 0], x[0, 1].t())[None], b=part(1)),
    "tensordot": Says(lambda m, x: torch.tensordot(x, m.w, dims=([1], [0])), w=part(3, 5)),
    "einsum of three": Says(lambda m, x: torch.einsum("bchw,bdhw,cd->bhw", x, x, m.w), w=part(3, 3)),
    "einsum with dots": Says(lambda m, x: torch.einsum("...c,cd", x.permute(0, 2, 3, 1), m.w), w=part(3, 5)),
    "einsum of elements": Says(lambda m, x: torch.einsum("bchw,c->bchw", x, m.w), w=part(3)),
    "einsum of constants": Says(lambda m, x: x.mean((2, 3)) * torch.einsum("ab,bc->c", m.w, m.w), w=part(3, 3)),
    "conv by the input": Says(
        lambda m, x: F.conv2d(x, m.c(F.adaptive_avg_pool2d(x, 3)).view(3, 1, 3, 3), m.b, groups=3),
        c=nn.Conv2d(3, 3, 1),
        b=part(3),
    ),
    "conv of mixed kernels": Says(
        lambda m, x: F.conv_transpose2d(x, (m.r(x.mean((2, 3))) @ m.w).view(3, 4, 3, 3)),
        r=nn.Linear(3, 2),
        w=part(2, 108),
    ),
    "conv of a constant": Says(
        lambda m, x: x.mean((2, 3)) + F.conv_transpose1d(F.conv1d(m.w, m.v), m.v).sum(),
        w=part(1, 2, 9),
        v=part(2, 2, 3),
    ),
    "cells": Says(
        lambda m, x: m.a(m.b(m.c(x.mean((2, 3))))[0]), a=nn.RNNCell(5, 2), b=nn.LSTMCell(4, 5), c=nn.GRUCell(3, 4)
    ),
    "matrices turned": Says(lambda m, x: x.mT @ x),
    "all axes turned": Says(lambda m, x: torch.addmm(m.b, x.flatten(2)[0].T, m.w)[None], w=part(3, 5), b=part(5)),
    "a matrix turned": Says(lambda m, x: (m.w.H @ x[0].flatten(1).H.mT).ravel()[None], w=part(3, 5)),
    "at least so many axes": Says(lambda m, x: torch.atleast_3d(x.mean((2, 3))) @ m.w, w=part(1, 5)),
    "stacks": Says(lambda m, x: torch.hstack([torch.vstack([x, x])[:1], torch.dstack([x, x])[:, :, : x.shape[2]]])),
    "made where the module is": Says(lambda m, x: x.mean(2) + torch.arange(x.shape[3], device=x.device)),
    "without products": Says(
        lambda m, x: (
            torch.fft.irfft2(torch.fft.rfft2(x), x.shape[-2:]).tile(1, 2, 1, 1).clip(0) + torch.var_mean(x, 1)[0]
        )
    ),
    "activations": row(
        *(nn.ReLU(True), nn.ReLU6(), nn.SiLU(), nn.GELU(), nn.Hardswish(True), nn.Hardsigmoid(), nn.LeakyReLU(0.1)),
        *(nn.ELU(), nn.SELU(), nn.CELU(), nn.Mish(), nn.Tanh(), nn.Sigmoid(), nn.LogSigmoid(), nn.Softplus()),
        *(nn.Hardtanh(), nn.Hardshrink(), nn.Softshrink(), nn.Softsign(), nn.Tanhshrink(), nn.RReLU()),
    ),
    "prelu": row(nn.PReLU(), nn.PReLU(3)),
    "softmax": row(nn.Softmax(1), nn.LogSoftmax(1), nn.Softmax2d()),
    "glu": Says(lambda m, x: F.glu(m.c(x), 1), c=nn.Conv2d(3, 8, 1)),
    "dropout": row(nn.Dropout(0.2), nn.Dropout2d(0.2), nn.Identity()),
    "identity": row(nn.Identity()),
    "in place": Says(lambda m, x: F.relu_(m.c(x).add_(1).mul_(2)).clamp_(0, 6), c=nn.Conv2d(3, 8, 1)),
    "residual": Says(lambda m, x: x + m.c(x), c=nn.Conv2d(3, 3, 3, padding=1)),
    "added in place": Says(lambda m, x: m.c(x).add_(x), c=nn.Conv2d(3, 3, 3, padding=1)),
    "arithmetic": Says(lambda m, x: (1 - x) * 2 / (x**2 + 1).sqrt() - x / x.sum(1, keepdim=True)),
    "spread both ways": Says(lambda m, x: x.mean(2, keepdim=True) + x.mean(3, keepdim=True)),
    "gate": Says(lambda m, x: x * x.mean((2, 3))[:, :, None, None]),
    "scale": Says(lambda m, x: x * m.gamma + m.beta, gamma=part(3, 1, 1), beta=part(1, 3, 1, 1)),
    "a parameter twice": Says(lambda m, x: (x * m.g + 1) * m.g, g=part(1)),
    "a buffer": Says(
        lambda m, x: (x - m.buffer_mean) / m.buffer_std, buffer_mean=part(3, 1, 1), buffer_std=part(3, 1, 1)
    ),
    "concat": Says(lambda m, x: torch.cat([x, m.c(x), x], 1), c=nn.Conv2d(3, 5, 1)),
    "concat with nothing": Says(lambda m, x: torch.cat([x[:, :0], m.c(x), x[:, 3:3]], 1), c=nn.Conv2d(3, 5, 1)),
    "concat of axes": Says(lambda m, x: torch.cat((x, x), dim=-1)),
    "stack": Says(lambda m, x: torch.stack([x, x], 1).flatten(1, 2)),
    "chunk": Says(lambda m, x: torch.cat(m.c(x).chunk(2, 1)[::-1], 1), c=nn.Conv2d(3, 8, 1)),
    "chunk uneven": Says(lambda m, x: m.c(x).chunk(3, 1)[2], c=nn.Conv2d(3, 8, 1)),
    "split": Says(lambda m, x: m.c(x).split([2, 3, 3], 1)[1], c=nn.Conv2d(3, 8, 1)),
    "half of the channels": Says(lambda m, x: m.c(x)[:, :4], c=nn.Conv2d(3, 8, 1)),
    "slice": Says(lambda m, x: x[:, 1:, 2:-2, ::2]),
    "slice from the end": Says(lambda m, x: x[:, -2:, :, -5:]),
    "select": Says(lambda m, x: x[:, 0] + x[:, -1] + x.select(1, 1)),
    "unbind": Says(lambda m, x: torch.stack(x.unbind(1)[:2], 1)),
    "unused piece": Says(lambda m, x: m.c(x).chunk(2, 1)[0], c=nn.Conv2d(3, 8, 1)),
    "pad": Says(lambda m, x: F.pad(F.pad(x, (1, 2, 3, 4)), (0, 0, 0, 0, 1, 1))),
    "pad reflected": row(
        nn.ReflectionPad2d(2), nn.ReplicationPad2d(1), nn.ZeroPad2d((0, 1, 0, 1)), nn.CircularPad2d(1)
    ),
    "crop by padding": Says(lambda m, x: F.pad(x, (-1, -1, -2, -2))),
    "upsample": row(nn.Upsample(scale_factor=2), nn.UpsamplingBilinear2d(scale_factor=2)),
    "upsample to a size": Says(lambda m, x: F.interpolate(x, size=(7, 9), mode="bicubic")),
    "upsample to another": Says(
        lambda m, x: F.interpolate(m.c(x), x.shape[-2:], mode="bilinear", align_corners=False),
        c=nn.Conv2d(3, 8, 3, stride=4),
    ),
    "downsample": Says(lambda m, x: F.interpolate(x, scale_factor=0.5, mode="nearest")),
    "pixel shuffle": row(nn.Conv2d(3, 12, 1), nn.PixelShuffle(2), nn.ZeroPad2d(1)),
    "channel shuffle": Says(
        lambda m, x: (
            m.c(x)
            .view(x.size(0), 2, 4, x.size(2), x.size(3))
            .transpose(1, 2)
            .contiguous()
            .view(x.size(0), -1, *x.shape[2:])
        ),
        c=nn.Conv2d(3, 8, 1),
    ),
    "channel shuffle layer": row(nn.Conv2d(3, 8, 1), nn.ChannelShuffle(4)),
    "class token": Says(
        lambda m, x: torch.cat((m.t.expand(x.shape[0], -1, -1), x.flatten(2).transpose(1, 2)), 1)[:, 0],
        t=part(1, 1, 3),
    ),
    "class token repeated": Says(
        lambda m, x: torch.cat((m.t.repeat(x.shape[0], 1, 1), x.flatten(2).transpose(1, 2)), 1), t=part(1, 1, 3)
    ),
    "roll": Says(lambda m, x: torch.roll(x, (1, 2), (2, 3))),
    "masked": Says(lambda m, x: x.masked_fill(x > 0, 0.0)),
    "where": Says(lambda m, x: torch.where(x > 0, x, x * 2)),
    "norm": Says(lambda m, x: F.normalize(x, dim=1)),
    "places": Says(lambda m, x: x.sort(1)[0] + x.topk(3, 1)[1] + F.max_pool2d(x, 1, return_indices=True)[1]),
    "other settings": Precise(),
    "shared": Reused(),
    "never used": Says(lambda m, x: m.a(x), a=nn.Conv2d(3, 4, 1), b=nn.Conv2d(3, 5, 1), c=nn.BatchNorm2d(3)),
    "constant bias of a table": Says(
        lambda m, x: x.flatten(2).transpose(1, 2) + m.l(m.buffer_table).sum(0),
        l=nn.Linear(2, 3),
        buffer_table=part(9, 2),
    ),
}


@pytest.mark.parametrize("module", MODULES.values(), ids=MODULES)
def test_pytorch_agrees(module: Any) -> None:
    read(module)


def test_products_that_pytorch_does_not_count() -> None:
    net = sc.from_torch(Says(lambda m, x: m.l(x.mean((2, 3)), x.mean((2, 3))) @ m.w, l=nn.Bilinear(3, 3, 4), w=part(4)))
    assert (net.params, net.macs) == (40 + 4, 4 * 3 * 3 + 4)


def test_windows_of_a_map() -> None:
    module = Says(
        lambda m, x: m.l(windows(m.c(x).permute(0, 2, 3, 1), 4)).sum((0, 1))[None],
        c=nn.Conv2d(3, 8, 4, 4),
        l=nn.Linear(8, 8),
    )
    net = read(module, sizes=({"H": 64, "W": 64}, {"H": 224, "W": 160}))
    assert net.macs
