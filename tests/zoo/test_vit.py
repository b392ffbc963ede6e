"""Vision transformers in formulas, and against figures measured with torchvision."""

from __future__ import annotations

from typing import Any

import pytest

import symcnn as sc
from symcnn import SymcnnError
from symcnn.zoo.vit import MODELS, vit

n, E, K, H, W, T = sc.dims("n E K H W T")


def test_formulas() -> None:
    net = vit()
    layers = net["encoder.layers"].on((T, E))
    assert str(layers.params) == "n*(12*E**2 + 13*E)"
    assert str(layers.macs) == "n*(12*E**2*T + 2*E*T**2)"
    assert layers.output == (T, E)
    # One token for the class, and 196 for the patches.
    numbers = net.on((3, 224, 224))
    assert str(numbers.params) == "12*E**2*n + E*K + 13*E*n + 969*E + K"
    assert str(numbers.macs) == "2364*E**2*n + E*K + 77618*E*n + 150528*E"
    assert str(numbers.conditions) == "(h | E,)"


def test_what_the_products_of_attention_are_of_the_whole() -> None:
    """A tool that does not look into attention's kernel counts 16.849 G for ViT-B/16."""
    net = vit()
    published = net.at(net.defaults)
    products = 12 * 2 * 197**2 * 768
    assert published.macs == 17563828224
    assert published.macs - products == 16848500736


# VisionTransformer(32, 8, 2, 3, 48, 96, num_classes=10) on 3x32x32, and
# VisionTransformer(64, 16, 5, 4, 64, 192, num_classes=7, representation_size=20) on 3x64x64.
MEASURED: list[tuple[dict[str, Any], int, int]] = [
    (
        {"patch_size": 8, "width": 48, "depth": 2, "heads": 3, "mlp_ratio": 2, "classes": 10, "input": (3, 32, 32)},
        48634,
        830112,
    ),
    (
        {"width": 64, "depth": 5, "heads": 4, "mlp_ratio": 3, "representation": 20, "classes": 7}
        | {"input": (3, 64, 64)},
        260583,
        4454412,
    ),
]


@pytest.mark.parametrize(("settings", "params", "macs"), MEASURED)
def test_other_values_as_torchvision_counts_them(settings: dict[str, Any], params: int, macs: int) -> None:
    net = vit(**settings)
    assert (net.params, net.macs) == (params, macs)
    formula = vit(**settings | {"width": E, "depth": n, "input": (3, H, W)})
    values = {E: settings["width"], n: settings["depth"], H: settings["input"][1], W: settings["input"][2]}
    assert (formula.at(values).params, formula.at(values).macs) == (params, macs)


@pytest.mark.parametrize("depth", range(1, 13))
def test_a_symbolic_depth_is_that_many_layers(depth: int) -> None:
    net, layers = vit(width=64, heads=4), vit(width=64, heads=4, depth=depth)
    for quantity in ("params", "macs"):
        assert (getattr(net, quantity).subs(n, depth) - getattr(layers, quantity)).expand() == 0
    assert net.at(n=depth).output == layers.output


def test_names_and_order_are_torchvisions() -> None:
    first = [name for name in vit(depth=2).weights if "layers.0." in name]
    tail = ["ln_1.weight", "ln_1.bias", "self_attention.in_proj_weight", "self_attention.out_proj.weight"]
    tail += ["self_attention.in_proj_bias", "self_attention.out_proj.bias", "ln_2.weight", "ln_2.bias"]
    tail += ["mlp.0.weight", "mlp.0.bias", "mlp.3.weight", "mlp.3.bias"]
    assert [name.split("body.")[1] for name in first] == tail


def test_patches_are_whole_and_heads_divide_the_width() -> None:
    net = MODELS["vit_h_14"]()
    assert [str(condition) for condition in net.conditions[:2]] == ["14 | H", "14 | W"]
    for values in ({"H": 225}, {"E": 100, "h": 12}):
        with pytest.raises(SymcnnError, match=r"break.? the condition"):
            net.at(values)
