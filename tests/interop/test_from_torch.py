"""Modules from PyTorch as networks: whole networks, what is asked of them, and what is refused."""

from __future__ import annotations

import dataclasses
import math
import re
import subprocess
import sys
from typing import Any

import pytest

import symcnn as sc

torch = pytest.importorskip("torch", reason="PyTorch is not installed")
import plain_networks as plain  # noqa: E402
from counted import SIZES, counted, read  # noqa: E402
from torch import nn  # noqa: E402
from torch.nn import functional as F  # noqa: E402, N812

pytestmark = pytest.mark.torch

H, W = sc.dims("H W")
EVEN = ({"H": 64, "W": 64}, {"H": 68, "W": 100}, {"H": 224, "W": 160})

NETWORKS: dict[str, tuple[Any, Any]] = {
    "resnet": (plain.ResNet(), SIZES),
    "mobilenet": (plain.MobileNet(), SIZES),
    "shufflenet": (plain.ShuffleNet(), SIZES),
    "densenet": (plain.DenseNet(), SIZES),
    "inception": (plain.Inception(), SIZES),
    "vit": (plain.ViT(), SIZES),
    "unet": (plain.UNet(learned=False), SIZES),
    "unet with even sizes": (plain.UNet(learned=True), EVEN),
    "convnext": (plain.ConvNeXt(), SIZES),
    "swin": (plain.Swin(), SIZES),
}


@pytest.mark.parametrize(("module", "sizes"), NETWORKS.values(), ids=NETWORKS)
def test_pytorch_agrees_on_networks(module: Any, sizes: Any) -> None:
    net = read(module, sizes=sizes)
    assert {H, W} == set(net.symbols)


def test_layers_stand_under_the_paths_of_their_modules() -> None:
    module = plain.ResNet()
    net = sc.from_torch(module)
    assert net["layer1.0.conv2"] == sc.Conv2d(8, 3, padding=1, bias=False)
    assert [*net.weights] == [name for name, _ in module.named_parameters()]


def test_a_module_that_takes_several_is_written_out() -> None:
    net = sc.from_torch(plain.UNet(learned=False))
    assert net["up1/up"] == sc.Conv2d(8, 1)
    assert isinstance(net["down1"], sc.Sequential)


def test_all_that_a_network_can_be_asked() -> None:
    net = sc.from_torch(plain.ResNet())
    assert net.output == sc.Shape(10)
    assert sc.drivers(net, {"H": 224, "W": 224})
    assert net.at(H=64, W=64).receptive_field.whole == (True, True)
    k = sc.dims("k", odd=True)

    def opened(layer: sc.Layer) -> sc.Layer:
        if isinstance(layer, sc.Conv2d) and layer.kernel_size == (3, 3):
            return dataclasses.replace(layer, kernel_size=k, padding=(k - 1) / 2)
        return layer

    assert net.map(opened).at(k=3).params == net.params


def test_the_module_is_left_as_it_was() -> None:
    module = plain.MobileNet().train()
    module.features[0].eval()
    before = [one.training for one in module.modules()]
    sc.from_torch(module)
    assert [one.training for one in module.modules()] == before


def test_a_module_without_data() -> None:
    with torch.device("meta"):
        module = plain.ResNet()
    assert read(module).params == sc.from_torch(plain.ResNet()).params


def test_names_and_numbers_of_the_input() -> None:
    module = nn.Sequential(nn.Conv2d(3, 8, 3), nn.Flatten(), nn.LazyLinear(2))
    module(torch.zeros(1, 3, 10, 12))
    assert sc.from_torch(module, (3, 10, 12)).output == sc.Shape(2)
    (n,) = (sc.dims("n"),)
    assert sc.from_torch(nn.Conv2d(3, 8, 3), (3, 2 * 16, n)).output == sc.Shape(8, 30, n - 2)
    assert sc.from_torch(nn.Conv2d(3, 8, 3), (3, "H", "H")).output == sc.Shape(8, H - 2, H - 2)
    assert sc.from_torch(nn.Conv1d(4, 8, 3), (4, "L")).output == sc.Shape(8, sc.dims("L") - 2)


def test_sizes_of_one() -> None:
    module = nn.Sequential(nn.Conv2d(1, 6, 5), nn.Tanh(), nn.AvgPool2d(2), nn.Flatten(), nn.Linear(864, 10))
    read(module, (1, 28, 28))
    read(nn.Sequential(nn.Conv2d(3, 1, 3), nn.Flatten(1, 2)), (3, "H", "W"))
    read(nn.Sequential(nn.Conv2d(1, 1, (1, 3)), nn.BatchNorm2d(1)), (1, 1, "W"))


def test_video() -> None:
    module = nn.Sequential(nn.Conv3d(3, 8, (3, 7, 7), stride=(1, 2, 2)), nn.AdaptiveAvgPool3d(1), nn.Flatten())
    read(module, (3, "D", "H", "W"), ({"D": 8, "H": 64, "W": 65}, {"D": 16, "H": 112, "W": 112}))


class Frames(nn.Module):
    """Frames of a video, each by itself: they stand where the batch does."""

    def __init__(self) -> None:
        super().__init__()
        self.conv, self.pool = nn.Conv2d(3, 4, 3, 2, 1, groups=1), nn.MaxPool2d(2)
        self.same = nn.Conv2d(4, 4, 3, padding="same")

    def forward(self, x: Any) -> Any:
        b, c, t, h, w = x.shape
        y = self.same(self.pool(self.conv(x.transpose(1, 2).reshape(b * t, c, h, w))))
        return y.view(b, t, *y.shape[1:]).mean(1)


def test_frames_in_the_place_of_the_batch() -> None:
    read(Frames(), (3, "D", "H", "W"), ({"D": 8, "H": 64, "W": 65}, {"D": 3, "H": 33, "W": 48}))


def test_several_outputs() -> None:
    class Two(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.a, self.b = nn.Conv2d(3, 4, 1), nn.Conv2d(3, 5, 3)

        def forward(self, x: Any) -> Any:
            return {"one": self.a(x), "other": [self.b(x), x]}

    assert sc.from_torch(Two()).output.by_name == {
        "a": sc.Shape(4, H, W),
        "b": sc.Shape(5, H - 2, W - 2),
        "input": sc.Shape(3, H, W),
    }


class ReadsRows(nn.Module):
    """Each row of a map as a sequence, as Sequencer does."""

    def __init__(self) -> None:
        super().__init__()
        self.gru, self.cell = nn.GRU(3, 4), nn.LSTMCell(4, 5)

    def forward(self, x: Any) -> Any:
        return self.cell(self.gru(x[0].permute(2, 1, 0))[0][-1])[0][None]


def test_a_recurrent_network_is_read_at_fixed_sizes() -> None:
    class Reads(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.lstm, self.fc = nn.LSTM(3, 8, batch_first=True, bidirectional=True), nn.Linear(16, 4)

        def forward(self, x: Any) -> Any:
            return self.fc(self.lstm(x.mean(2).transpose(1, 2))[0][:, -1])

    read(Reads(), (3, 8, 12))
    read(ReadsRows(), (3, 8, 12))
    assert warned(Reads())[1] == (
        "the sizes are fixed, H = 224, W = 224: "
        "a recurrent layer takes its steps one by one, of sizes that are fixed, in lstm"
    )


class Writes(nn.Module):
    """Into parts of what it has, and of what it made empty."""

    def __init__(self) -> None:
        super().__init__()
        self.conv, self.more, self.last = nn.Conv2d(3, 4, 1), nn.Conv2d(3, 2, 1), nn.Conv2d(4, 4, 1)

    def forward(self, x: Any) -> Any:
        y = self.conv(x)
        y[:, :2] = self.more(x)
        y[:, 1:2].add_(x[:, :1])
        z = torch.zeros_like(y)
        z[:, :3] = self.last(y)[:, :3]
        return z


def test_what_is_written_into_a_part() -> None:
    read(Writes())


def test_a_module_that_takes_any_inputs() -> None:
    class Wrapped(nn.Conv2d):
        def forward(self, *inputs: Any) -> Any:
            return super().forward(inputs[0])

    assert sc.from_torch(Wrapped(3, 8, 1)).macs == 24 * H * W


def test_weights_that_are_tied() -> None:
    module = nn.Sequential(nn.Linear(8, 8), nn.ReLU(), nn.Linear(8, 8))
    module[2].weight = module[0].weight
    net = read(module, (8,))
    assert net.params == 64 + 8 + 8


def test_what_is_traced_for_some_sizes_says_so() -> None:
    class Halves(nn.Module):
        def forward(self, x: Any) -> Any:
            return x[:, :, ::2] if x.shape[2] % 2 == 0 else x

    net = sc.from_torch(Halves())
    assert str(net.conditions) == "(2 | H,)"
    with pytest.raises(sc.SymcnnError, match=r"H = 7 breaks the condition 2 \| H") as error:
        net.at(H=7)
    assert str(error.value).endswith(": the model is read for it; read it at other sizes with at=)")


def test_positions_are_for_one_number_of_tokens() -> None:
    module = plain.ViT(64)
    net = sc.from_torch(module, at={"H": 64, "W": 64})
    assert "⌊H/8⌋*⌊W/8⌋ == 64" in map(str, net.conditions)
    for size in ((64, 64), (32, 128)):
        there = net.at(H=size[0], W=size[1])
        assert (there.params, there.macs) == counted(module, (3, *size))[::2]


class OneSize(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3)

    def forward(self, x: Any) -> Any:
        torch._assert(x.shape[2] == 64 and x.shape[3] == 64, "64 pixels are needed")
        return self.conv(x)


def warned(module: Any, *args: Any, **settings: Any) -> tuple[Any, str]:
    """What is imported, and what that warns of."""
    with pytest.warns(UserWarning, match=r"^the sizes are fixed, ") as caught:
        net = sc.from_torch(module, *args, **settings)
    return net, str(caught[0].message)


def test_sizes_that_are_fixed_by_the_module() -> None:
    net, text = warned(nn.Sequential(OneSize()), at={"H": 64, "W": 64})
    told = r"the sizes are fixed, H = 64, W = 64: PyTorch's trace is for H = 64, W = 64 alone \(.*in forward; in 0\)"
    assert re.fullmatch(told, text)
    assert (net.params, net.macs) == counted(OneSize(), (3, 64, 64))[::2]


def test_sizes_that_nobody_gave_are_found() -> None:
    net, text = warned(nn.Sequential(nn.ReLU(), OneSize()))
    assert net.input == sc.Shape(3, 64, 64)
    assert text == (
        "the sizes are fixed, H = 64, W = 64: torch.export cannot trace the module on an input of (3, 224, 256): "
        "64 pixels are needed (in 1)"
    )


def test_the_sizes_that_a_module_states_come_first() -> None:
    class States(nn.Module):
        pretrained_cfg = {"input_size": (3, 40, 40)}  # noqa: RUF012

        def __init__(self) -> None:
            super().__init__()
            self.image_size, self.fc = 48, nn.Linear(1200, 10)

        def forward(self, x: Any) -> Any:
            return self.fc(x[:, :, ::2, ::2].flatten(1))

    module = States()
    assert warned(module)[0].input == sc.Shape(3, 40, 40)
    module.pretrained_cfg, module.fc = {}, nn.Linear(1728, 10)
    assert warned(module)[0].input == sc.Shape(3, 48, 48)


class Padded(nn.Module):
    """To whole windows of 7, and in turn where there are several, as Swin does."""

    def __init__(self) -> None:
        super().__init__()
        self.conv, self.key = nn.Conv2d(3, 4, 32, 32), nn.Linear(4, 4)

    def forward(self, x: Any) -> Any:
        y = self.conv(x).permute(0, 2, 3, 1)
        b, h, w, c = y.shape
        y = F.pad(y, (0, 0, 0, (7 - w % 7) % 7, 0, (7 - h % 7) % 7))
        height, width = y.shape[1:3]
        if width > 7:
            y = torch.roll(y, -3, 2)
        y = y.view(b, height // 7, 7, width // 7, 7, c).permute(0, 1, 3, 2, 4, 5).reshape(-1, 49, c)
        y = F.scaled_dot_product_attention(y, y, self.key(y))
        y = y.view(b, height // 7, width // 7, 7, 7, c).permute(0, 1, 3, 2, 4, 5).reshape(b, height, width, c)
        return F.pad(y[:, :h, :w].contiguous(), (0, 0, 0, w % 2, 0, h % 2))[:, 0::2, 1::2]


def test_a_network_holds_for_the_usual_images() -> None:
    with pytest.warns(UserWarning, match=r"holds where .* == 1 alone; at= reads"):
        net = read(Padded(), sizes=({"H": 224, "W": 224}, {"H": 230, "W": 225}))
    with pytest.raises(sc.SymcnnError, match=r"W = 256 breaks the condition W <= 255"):
        net.at(H=224, W=256)
    read(Padded(), sizes=({"H": 224, "W": 256}, {"H": 500, "W": 330}), at={"H": 200, "W": 256})


def test_sizes_that_get_too_long() -> None:
    class Same(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.conv = nn.Conv2d(3, 3, 3, 2)

        def forward(self, x: Any) -> Any:
            h, w = (max(math.ceil(n / 2) * 2 + 1 - n, 0) for n in x.shape[2:])
            return self.conv(F.pad(x, (w // 2, w - w // 2, h // 2, h - h // 2)))

    net, text = warned(nn.Sequential(*(Same() for _ in range(5))))
    assert net.output == sc.Shape(3, 7, 7)
    assert text == "the sizes are fixed, H = 224, W = 224: the sizes that are left open get too long in 2"


def test_an_axis_that_is_dropped_if_it_is_one() -> None:
    net = sc.from_torch(nn.Sequential(nn.Conv2d(3, 1, 5), Squeezes()))
    assert net.output == sc.Shape(H - 4, W - 4)
    assert set(map(str, net.conditions)) == {"H >= 6", "W >= 6"}


class Squeezes(nn.Module):
    def forward(self, x: Any) -> Any:
        return x.squeeze()[None]


def test_what_nothing_is_known_of_is_a_lower_bound() -> None:
    class Transformed(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.conv = nn.Conv2d(3, 8, 3)

        def forward(self, x: Any) -> Any:
            return torch.linalg.svdvals(self.conv(x))

    net = sc.from_torch(Transformed())
    assert net.profile.uncounted == {"linalg_svdvals": "aten.linalg_svdvals"}
    assert "lower bounds: nothing is counted of aten.linalg_svdvals (linalg_svdvals)" in str(net.summary())
    assert "params>=224" in repr(net.profile)


# What is refused.


def message(module: Any, *args: Any, **settings: Any) -> str:
    with pytest.raises(sc.SymcnnError) as caught:
        sc.from_torch(module, *args, **settings)
    return str(caught.value)


def test_no_module() -> None:
    assert message(3) == "from_torch takes a torch.nn.Module, got 3"
    assert message(nn.ReLU) == (
        "from_torch takes a torch.nn.Module, got <class 'torch.nn.modules.activation.ReLU'>; call it to make one"
    )


def test_no_shape() -> None:
    assert message(nn.ReLU(), 3) == "input must be a shape without the batch, such as (3, 'H', 'W'), got 3"


def test_an_input_of_the_wrong_rank() -> None:
    assert message(nn.Conv2d(3, 8, 3), (3, "H")) == (
        "torch.export cannot trace the module on an input of (3, 256): Given groups=1, weight of size [8, 3, 3, 3], "
        "expected input[1, 1, 3, s16] to have 3 channels, but got 1 channels instead"
        "; if it is for certain sizes, give them, as in at={'H': 224}"
    )


def test_a_module_that_takes_one_size() -> None:
    assert warned(nn.Sequential(nn.Flatten(), nn.Linear(3 * 32 * 32, 10)))[0].input == sc.Shape(3, 32, 32)
    assert message(nn.Sequential(nn.Flatten(), nn.Linear(3 * 33 * 33, 10))) == (
        "torch.export cannot trace the module on an input of (3, 224, 256): a and b must have same reduction dim, "
        "but got [1, 3*s16*s82] X [3267, 10]. (in 1)"
        "; if it is for certain sizes, give them, as in at={'H': 224, 'W': 224}"
    )


def test_some_of_the_sizes_alone_are_no_answer() -> None:
    assert message(OneSize(), at={"H": 64}).endswith("as in at={'H': 224, 'W': 224}")


def test_what_depends_on_the_data(capsys: pytest.CaptureFixture[str]) -> None:
    class Looks(nn.Module):
        def forward(self, x: Any) -> Any:
            return x if x.sum() > 0 else x * 2

    start = (
        "torch.export cannot trace the module on an input of (3, 8, 8): Could not guard on data-dependent expression"
    )
    assert message(Looks(), (3, 8, 8)).startswith(start)
    assert capsys.readouterr() == ("", "")


def test_a_module_of_two_inputs() -> None:
    assert message(plain.Up(8, 4, True), (8, 4, 4)) == (
        "torch.export cannot trace the module on an input of (8, 4, 4): missing a required argument: 'skip'"
    )


def test_a_name_that_the_input_has_not() -> None:
    assert message(nn.ReLU(), at={"X": 3}) == "no size is named 'X' here; known: H, W"


def test_without_pytorch() -> None:
    program = (
        "import sys; sys.modules['torch'] = None; import symcnn as sc\n"
        "try: sc.from_torch(3)\nexcept sc.SymcnnError as error: print(error)"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout == "from_torch needs PyTorch, which is not installed: pip install 'symcnn[torch]'\n"
