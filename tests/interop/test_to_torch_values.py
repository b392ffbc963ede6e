"""The modules of ``to_torch`` compute what is meant: against PyTorch's own modules, and against functions by hand."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from cases import BRANCHES, CASES, COMPOSITES, NETWORKS, REPEATED, Case
from sympy import Rational

import symcnn as sc

torch = pytest.importorskip("torch", reason="PyTorch is not installed")
from test_torch import BEYOND_PYTORCH, in_a_row, pytorch_module, specs_of  # noqa: E402
from test_torch_networks import Run  # noqa: E402
from torch.nn import functional  # noqa: E402

pytestmark = [pytest.mark.torch, pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel")]


def close(one: Any, other: Any) -> None:
    torch.testing.assert_close(one, other)


def scattered(module: Any) -> Any:
    """A module whose weights and statistics are not those that it begins with; in evaluation mode."""
    with torch.no_grad():
        for tensor in [*module.parameters(), *(one for one in module.buffers() if one.is_floating_point())]:
            tensor.uniform_(0.2, 1.2)
    return module.eval()


def given(shape: Any) -> Any:
    """An input of both signs."""
    torch.manual_seed(0)
    return torch.randn(2, *map(int, shape))


def made(layer: sc.Layer, shape: tuple[int, ...]) -> Any:
    return scattered(sc.to_torch(layer.with_input(sc.Shape(*shape))))


# Against the modules that the formulas are held to.

ROWS = [case for case in CASES if in_a_row(case.layer) and case.id not in BEYOND_PYTORCH]


def stored(module: Any) -> list[Any]:
    return [*module.parameters(), *(one for one in module.buffers() if one.is_floating_point())]


def taken_over(theirs: list[Any], ours: Any) -> None:
    """Numbers that PyTorch's modules have, in the modules that are compared; an empty tensor is none."""
    tensors = [one for module in theirs for one in module.parameters() if one.numel()]
    tensors += [one for module in theirs for one in module.buffers() if one.is_floating_point()]
    assert len(tensors) == len(stored(ours))
    with torch.no_grad():
        for one, other in zip(stored(ours), tensors, strict=True):
            assert one.numel() == other.numel()
            one.copy_(other.view_as(one))


@pytest.mark.parametrize("case", ROWS, ids=lambda case: case.id)
def test_every_row_computes_what_pytorch_does(case: Case) -> None:
    layer, shape = case.numbers()
    module, x = made(layer, shape), given(shape)
    theirs, expected = [], x.clone()
    with torch.no_grad():
        for spec in specs_of(layer):
            theirs.append(scattered(pytorch_module(spec, expected.shape)))
            expected = theirs[-1](expected)
        taken_over(theirs, module)
        close(module(x), expected)


def rests(case: Case) -> bool:
    """Whether something in it rests in evaluation; see what an auxiliary head gives in test_to_torch."""
    return "Auxiliary" in repr(case.layer)


RUN = [case for case in (*BRANCHES, *REPEATED, *COMPOSITES, *NETWORKS) if not rests(case)]


class Scattered(Run):
    """A network carried out layer by layer, with weights that tell one layer from another."""

    def module(self, layer: sc.Layer, x: Any) -> Any:
        return scattered(super().module(layer, x))


@pytest.mark.parametrize("case", RUN, ids=lambda case: case.id)
def test_every_network_computes_what_its_layers_do_one_by_one(case: Case) -> None:
    layer, shape = case.numbers()
    module, x, run = made(layer, shape), given(shape), Scattered()
    with torch.no_grad():
        expected = run(layer, x.clone())
        taken_over(run.modules, module)
        close(module(x), expected)


# By hand.


def test_same_with_a_stride_is_tensorflows() -> None:
    """Two rows of padding in all, one at each end; one column, behind."""
    module, x = made(sc.Conv2d(4, 3, stride=2, padding="same"), (3, 7, 8)), given((3, 7, 8))
    padded = functional.pad(x, (0, 1, 1, 1))
    close(module(x), functional.conv2d(padded, module.weight, module.bias, 2))
    larger = given((3, 9, 5))
    close(module(larger), functional.conv2d(functional.pad(larger, (1, 1, 1, 1)), module.weight, module.bias, 2))


def test_same_with_a_stride_beyond_the_kernel_and_dilation() -> None:
    module, x = made(sc.DepthwiseConv1d(2, stride=5, padding="same"), (3, 11)), given((3, 11))
    close(module(x), functional.conv1d(functional.pad(x, (0, 1)), module.weight, module.bias, 5, groups=3))
    module = made(sc.Conv1d(2, 3, stride=3, dilation=2, padding="same"), (3, 11))
    close(module(x), functional.conv1d(functional.pad(x, (1, 2)), module.weight, module.bias, 3, dilation=2))


def test_asymmetric_padding_of_every_mode() -> None:
    x = given((3, 6, 7))
    for mode, name in {
        "zeros": "constant",
        "reflect": "reflect",
        "replicate": "replicate",
        "circular": "circular",
    }.items():
        layer = sc.Conv2d(4, 3, padding=((0, 1), (2, 3)), padding_mode=mode)
        module = made(layer, (3, 6, 7))
        padded = functional.pad(x, (2, 3, 0, 1), mode=name)
        close(module(x), functional.conv2d(padded, module.weight, module.bias))
        even = made(sc.Conv2d(4, 3, padding=(1, 2), padding_mode=mode), (3, 6, 7))
        padded = functional.pad(x, (2, 2, 1, 1), mode=name)
        close(even(x), functional.conv2d(padded, even.weight, even.bias))


def test_a_transposed_convolution_is_cut_off_at_both_ends() -> None:
    layer = sc.ConvTranspose2d(4, 3, stride=2, padding=((0, 1), (2, 0)), output_padding=1)
    module, x = made(layer, (3, 4, 5)), given((3, 4, 5))
    whole = functional.conv_transpose2d(x, module.weight, module.bias, 2, output_padding=1)
    close(module(x), whole[:, :, :-1, 2:])


def test_a_pool_padded_at_one_end_in_ceil_mode() -> None:
    layer, x = sc.MaxPool2d(3, 3, ((0, 1), (1, 0)), ceil_mode=True), given((4, 6, 9)) - 5
    padded = functional.pad(x, (1, 2, 0, 0), value=-float("inf"))
    close(made(layer, (4, 6, 9))(x), functional.max_pool2d(padded, 3))


def test_the_mean_of_windows_that_reach_over_padding() -> None:
    """Windows of places -1 to 1, 1 to 3, 3 to 5 of 0 to 4; one place is added before, none behind."""
    x = given((1, 5))
    one, two, three = x[..., 0] + x[..., 1], x[..., 1:4].sum(-1), x[..., 3] + x[..., 4]
    both = (
        sc.AvgPool1d(3, 2, ((1, 0),), ceil_mode=True),
        sc.AvgPool1d(3, 2, ((1, 0),), ceil_mode=True, count_include_pad=False),
    )
    close(made(both[0], (1, 5))(x), torch.stack([one / 3, two / 3, three / 2], -1))
    close(made(both[1], (1, 5))(x), torch.stack([one / 2, two / 3, three / 2], -1))


SETTINGS = list(product((2, 3, 4), (1, 2, 3, 5), (0, 1), (False, True), (False, True)))


@pytest.mark.parametrize(("kernel", "stride", "pad", "ceil", "include"), SETTINGS)
def test_pools_that_are_padded_before_are_pytorchs_where_both_ends_are_the_same(
    kernel: int, stride: int, pad: int, ceil: bool, include: bool
) -> None:
    from symcnn.interop.modules.kinds.pool import UnevenAvgPool, UnevenMaxPool

    x = given((2, 7, 10))
    largest = sc.MaxPool2d(kernel, stride, pad, ceil_mode=ceil, dilation=(1, 2))
    close(UnevenMaxPool(largest)(x), made(largest, (2, 7, 10))(x))
    assert type(made(largest, (2, 7, 10))) is torch.nn.MaxPool2d
    mean = sc.AvgPool2d(kernel, stride, pad, ceil_mode=ceil, count_include_pad=include)
    close(UnevenAvgPool(mean)(x), made(mean, (2, 7, 10))(x))
    assert type(made(mean, (2, 7, 10))) is torch.nn.AvgPool2d


def test_the_mean_over_a_volume_whose_padding_the_kernel_needs() -> None:
    module, x = made(sc.AvgPool3d(3, 1, 1), (2, 2, 4, 5)), given((2, 2, 4, 5))
    close(module(x), functional.avg_pool3d(functional.pad(x, (1,) * 6), 3, 1))


def test_local_response() -> None:
    x = given((6, 4, 4))
    module = made(sc.LocalResponseNorm(5, alpha=2.0, beta=0.5, k=3.0), (6, 4, 4))
    square = functional.pad(x**2, (0, 0, 0, 0, 2, 2))
    sums = sum(square[:, place : place + 6] for place in range(5))
    close(module(x), x / (3 + 2 / 5 * sums) ** 0.5)


def test_upsampling() -> None:
    x = given((3, 4, 5))
    by_hand = {
        sc.Upsample(scale_factor=Rational(3, 2), mode="bicubic"): {"scale_factor": 1.5, "mode": "bicubic"},
        sc.Upsample((9, 7), mode="bilinear", align_corners=True): {
            "size": (9, 7),
            "mode": "bilinear",
            "align_corners": True,
        },
        sc.Upsample(scale_factor=(2, 3)): {"scale_factor": (2.0, 3.0)},
        sc.Upsample(3, mode="area"): {"size": 3, "mode": "area"},
    }
    for layer, settings in by_hand.items():
        close(made(layer, (3, 4, 5))(x), functional.interpolate(x, **settings))


def test_a_factor_that_floats_fall_short_of() -> None:
    """45·7/5 is 63, and 45 times the float 1.4 less."""
    layer = sc.Upsample(scale_factor=Rational(7, 5), mode="bilinear")
    x = given((1, 45, 40))
    ours, theirs = made(layer, (1, 45, 40))(x), functional.interpolate(x, scale_factor=1.4, mode="bilinear")
    assert (tuple(ours.shape), tuple(theirs.shape)) == ((2, 1, 63, 56), (2, 1, 62, 56))
    close(ours[:, :, :62], theirs)


def test_pieces_are_in_their_order() -> None:
    x = given((6, 4))
    for index in range(3):
        close(made(sc.Split(3, index), (6, 4))(x), x[:, 2 * index : 2 * index + 2])
    close(made(sc.Split((1, -1, 2), 1), (6, 4))(x), x[:, 1:4])
    close(made(sc.Split(2, 1, axis=-1), (6, 4))(x), x[:, :, 2:])


def test_what_a_size_does_not_divide_is_refused_at_run_time_too() -> None:
    module = made(sc.Split(2, 1, axis=1), (6, 4))
    with pytest.raises(RuntimeError):
        module(given((6, 5)))


@pytest.mark.parametrize(("mode", "groups"), [("row", 512), ("batch", 1)])
def test_stochastic_depth_is_the_input_on_average(mode: str, groups: int) -> None:
    torch.manual_seed(0)
    module, x = sc.to_torch(sc.StochasticDepth(0.25, mode, input=(3, 2))), torch.ones(512, 3, 2)
    found = module(x).view(512, -1)
    assert {round(value, 4) for value in found.flatten().tolist()} <= {0.0, 1.3333}
    assert (found == found[:, :1]).all()
    if groups == 1:
        assert (found == found[0, 0]).all()
    else:
        assert 0.9 < found.mean() < 1.1
    assert torch.equal(module.eval()(x), x)
    assert not sc.to_torch(sc.StochasticDepth(1.0, mode, input=(3, 2)))(x).any()


def test_a_gate_and_a_layer_scale() -> None:
    x = given((4, 5, 6))
    module = made(sc.SqueezeExcitation(2, input=(4, 5, 6)), (4, 5, 6))
    mean = x.mean((2, 3), keepdim=True)
    close(module(x), x * module.fc2(module.fc1(mean).relu()).sigmoid())
    scale = sc.to_torch(sc.LayerScale(0.125, input=(4, 5, 6)))
    close(scale(x), x / 8)


def test_tokens_behind_a_class_with_positions() -> None:
    layer = sc.PatchEmbedding(4, 2, class_token=True, position_embedding=True)
    module, x = made(layer, (3, 4, 6)), given((3, 4, 6))
    patches = module.conv_proj(x).flatten(2).transpose(1, 2)
    positions = module.tokens.position_embedding
    close(module(x)[:, 1:], patches + positions[1:])
    close(module(x)[:, 0], (module.tokens.class_token + positions[0]).expand(2, 4))


def test_attention_is_within_each_input() -> None:
    """The batch is first: another input beside it changes nothing."""
    module, x = made(sc.MultiheadAttention(2), (5, 6)), given((5, 6))
    close(module(x)[:1], module(x[:1]))
    close(module(x.flip(1)), module(x).flip(1))
