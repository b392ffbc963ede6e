"""Formulas lifted from constructors in plain PyTorch, against PyTorch's own counts."""

from __future__ import annotations

from typing import Any

import pytest
from families import ResNet, densenet

import symcnn as sc

torch = pytest.importorskip("torch", reason="PyTorch is not installed")
from torch import nn  # noqa: E402
from torch.utils.flop_counter import FlopCounterMode  # noqa: E402

pytestmark = pytest.mark.torch

width, depth, classes, g, n, w, S, T, H, W = sc.dims("width depth classes g n w S T H W")


def figures(make: Any, size: tuple[int, ...] | None = None, **values: int) -> tuple[int, ...]:
    """Parameters, buffers and, of an input, MACs in PyTorch."""
    with torch.device("meta"):
        module = make(**values).eval()
    params = sum(weight.numel() for weight in module.parameters())
    buffers = sum(one.numel() for name, one in module.named_buffers() if not name.endswith("num_batches_tracked"))
    if size is None:
        return params, buffers
    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        module(torch.empty(1, *size, device="meta"))
    return params, buffers, counter.get_total_flops() // 2


def values_of(family: Any, **values: int) -> tuple[Any, ...]:
    """The formulas with values put in, their conditions checked."""
    formulas = [family.params, family.buffers, *([] if family.macs is None else [family.macs])]
    return tuple(
        sc.evaluate(formula, {name: v for name, v in values.items() if sc.dims(name) in formula.free_symbols})
        for formula in formulas
    )


def test_a_resnet_in_its_width() -> None:
    family = sc.lift(lambda width: ResNet((3, 4, 6, 3), width), {"width": [16, 32, 48, 64]})
    assert family.params == 2763 * width**2 + 146476 * width + 4865320
    assert family.buffers == 236 * width + 38016
    assert family.conditions == ()
    assert family.weights["layer2.0.conv2.weight"] == sc.Shape(2 * width, 2 * width, 3, 3)
    assert len(family.weights) == 161
    assert family.params.subs(width, 64) == 25557032
    assert family.params.subs(width, 128) == 68883240  # torchvision's wide_resnet50_2


def test_a_densenet_in_its_growth() -> None:
    family = sc.lift(lambda g: densenet((6, 12, 24, 16), g, 2 * g), {"g": range(8, 41, 8)})
    assert family.params == 6700 * g**2 + 34908 * g + 1000
    assert family.conditions == ()


def test_a_densenet_in_the_depth_of_a_stage() -> None:
    family = sc.lift(lambda n: densenet((6, 12, n, 16), 32, 64), {"n": range(2, 16, 2)})
    assert family.params == 2592 * n**2 + 125888 * n + 3464552
    assert family.conditions == ()
    rows = [name for name in family.weights if "{" in name]
    assert len(rows) == 6
    assert all(name.startswith("0.denseblock3.denselayer{i}.") for name in rows)
    assert str(family.weights["0.denseblock3.denselayer{i}.conv1.weight"]) == "Shape(128, 32*i + 224, 1, 1)"


def test_a_resnet_in_width_depth_and_classes() -> None:
    def make(width: int, n: int, classes: int) -> Any:
        return ResNet((1, n, 2), width, classes)

    family = sc.lift(make, {"width": [8, 16, 24, 32], "n": [1, 2, 3, 4], "classes": [10, 20, 30]})
    assert family.conditions == ()
    assert "layer2.{i}.conv2.weight" in family.weights
    assert "layer2.0.downsample.0.weight" in family.weights
    for values in ({"width": 7, "n": 9, "classes": 3}, {"width": 100, "n": 1, "classes": 1001}):
        assert values_of(family, **values) == figures(make, **values)


def test_names_that_are_numbered_through() -> None:
    """In one flat sequence every layer behind a stage has another number with every depth."""

    def make(n: int, w: int) -> Any:
        layers: list[Any] = [nn.Conv2d(3, w, 3)]
        for time in range(n):
            layers += [nn.Conv2d((time + 1) * w, w, 3), nn.BatchNorm2d(w)]
        return nn.Sequential(*layers, nn.Conv2d(w, 7, 1), nn.BatchNorm2d(7, affine=False))

    family = sc.lift(make, {"n": [1, 2, 3, 4, 5], "w": [2, 4, 6, 8]})
    assert family.evidence.by == "total"
    for values in ({"n": 9, "w": 5}, {"n": 1, "w": 30}):
        assert values_of(family, **values) == figures(make, **values)


def test_macs_in_width_depth_and_the_image() -> None:
    def make(width: int, n: int) -> Any:
        return ResNet((1, n, 1), width, 10)

    family = sc.lift(make, {"width": [8, 16, 24, 32], "n": [1, 2, 3]}, input=(3, "H", "W"))
    assert str(family.conditions) == "(16 | H, 16 | W)"
    assert family.macs.coeff(H * W * width**2 * n) != 0
    for size, values in (((48, 80), {"width": 5, "n": 4}), ((224, 160), {"width": 64, "n": 1})):
        assert values_of(family, **values, H=size[0], W=size[1]) == figures(make, (3, *size), **values)
    assert figures(make, (3, 56, 64), width=8, n=1)[2] != values_of(family, width=8, n=1, H=56, W=64)[2]


def test_macs_of_images_that_must_not_be_small() -> None:
    def make(w: int) -> Any:
        return nn.Sequential(nn.Conv2d(3, w, 3, 2, 1), nn.Conv2d(w, w, 3), nn.AdaptiveAvgPool2d(2), nn.Flatten())

    family = sc.lift(make, {"w": [1, 2, 3, 5]}, input=(3, "H", "W"))
    assert str(family.conditions) == "(2 | H, H >= 6, 2 | W, W >= 6)"
    assert values_of(family, w=4, H=6, W=10)[2] == figures(make, (3, 6, 10), w=4)[2]


class Windowed(nn.Module):  # type: ignore[misc]
    """A product of every pair in a window of 7."""

    def __init__(self, w: int) -> None:
        super().__init__()
        self.embed = nn.Linear(3, w)

    def forward(self, x: Any) -> Any:
        x = self.embed(nn.functional.pad(x, (0, 0, 0, -x.shape[1] % 7)))
        x = x.view(-1, 7, x.shape[-1])
        return x @ x.transpose(1, 2)


def test_windows_need_multiples_of_their_size() -> None:
    over = {"w": [2, 4, 6]}
    with pytest.raises(sc.SymcnnError) as error:
        sc.lift(Windowed, over, input=("T", 3))
    assert str(error.value) == (
        "the number of MACs is 1400, 3920, 5180, 11620 at T = 64, 192, 256, 576, which follows no polynomial of degree "
        "2 or less; where sizes are rounded or an image is cut into windows, give multiples of that"
    )
    family = sc.lift(Windowed, over | {"T": [14, 28, 42, 56]}, input=("T", 3))
    assert (family.macs, str(family.conditions)) == (10 * T * w, "(7 | T,)")


def test_an_image_size_that_the_model_is_built_for() -> None:
    def make(S: int, w: int) -> Any:
        return nn.Sequential(nn.Conv2d(3, w, 4, 4), nn.Flatten(), nn.Linear(w * (S // 4) ** 2, 5))

    family = sc.lift(make, {"S": [8, 16, 24, 32], "w": [1, 2, 3]}, input=(3, "S", "S"))
    assert family.params == 5 * S**2 * w / 16 + 49 * w + 5
    assert family.macs == 53 * S**2 * w / 16
    assert str(family.conditions) == "(4 | S,)"


class Idioms(nn.Module):  # type: ignore[misc]
    """Rates that are read, a bare parameter, a scalar, a buffer of numbers, tied and frozen weights."""

    def __init__(self, n: int, w: int) -> None:
        super().__init__()
        self.rates = [rate.item() for rate in torch.linspace(0, 0.1, n)]
        self.layers = nn.ModuleList(nn.Linear(w, w) for _ in range(n))
        self.place = nn.Parameter(torch.zeros(1, w))
        self.scale = nn.Parameter(torch.tensor(1.0))
        self.register_buffer("counts", torch.arange(w)[None].float() * torch.ones(2, 1))
        self.tied = nn.Linear(w, w, bias=False)
        self.tied.weight = self.layers[0].weight
        self.frozen = nn.Linear(w, 1, bias=False).requires_grad_(False)
        nn.init.trunc_normal_(self.place)

    def forward(self, x: Any) -> Any:
        for layer in self.layers:
            x = layer(x)
        return self.tied(x + self.place + self.counts[0])


def test_idioms() -> None:
    family = sc.lift(Idioms, {"n": [1, 2, 3, 4], "w": [4, 8, 12, 16]}, input=("T", w))
    assert family.params == n * w**2 + n * w + w + 1
    assert family.buffers == 3 * w
    assert family.macs == T * n * w**2 + T * w**2
    assert family.weights["layers.{i}.weight"] == sc.Shape(w, w)
    assert family.weights["scale"] == sc.Shape(1)


def test_recurrent_layers_and_attention() -> None:
    class Mixed(nn.Module):  # type: ignore[misc]
        def __init__(self, w: int) -> None:
            super().__init__()
            self.recurrent = nn.LSTM(5, w, batch_first=True)
            self.attend = nn.TransformerEncoderLayer(w, 2, 4 * w, batch_first=True)

        def forward(self, x: Any) -> Any:
            return self.attend(self.recurrent(x)[0])

    family = sc.lift(Mixed, {"w": [4, 8, 12, 16], "T": [2, 3, 4, 5]}, input=("T", 5))
    assert family.macs == (4 * T * w * (5 + w) + 12 * T * w**2 + 2 * T**2 * w).expand()
    assert str(family.conditions) == "(2 | w,)"


def test_no_weights_are_made() -> None:
    family = sc.lift(lambda w: nn.Linear(w, 10**7), {"w": [10**6, 2 * 10**6, 3 * 10**6]})
    assert family.params == 10**7 * w + 10**7


REFUSED = [
    (lambda w: nn.ReLU(), {}, "the model at w = 8 has no trainable parameters"),
    (nn.Linear(3, 4), {}, "make must be what builds a model, not a model: got a Linear"),
    (
        lambda w: nn.LazyLinear(w),
        {},
        "weight has no shape before the model has run; give its lazy layer the input's size",
    ),
    (
        lambda w: nn.Conv2d(w + 4, 8, 3, groups=8),
        {},
        "make fails at w = 8: ValueError: in_channels must be divisible by groups",
    ),
    (
        lambda w: nn.Conv2d(4, w, 3),
        {"input": (3, "H", 64)},
        "the model fails on an input at w = 8, H = 64: RuntimeError: Invalid channel dimensions",
    ),
]


@pytest.mark.parametrize(
    ("make", "given", "message"), REFUSED, ids=lambda value: value if isinstance(value, str) else ""
)
def test_what_is_refused(make: Any, given: dict[str, Any], message: str) -> None:
    with pytest.raises(sc.SymcnnError) as error:
        sc.lift(make, {"w": [8, 16, 24]}, **given)
    assert str(error.value) == message
