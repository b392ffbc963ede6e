"""Networks: layers in a row, which are layers again."""

from __future__ import annotations

import dataclasses
import pickle
from typing import Any

import pytest
from cases import NAMED, TUTORIAL
from sympy import Expr

import symcnn as sc
from symcnn import Sequential, Shape, dims
from symcnn.sizes import ceil_div
from symcnn.testing import public_names

H, W, w, m = dims("H W w m")
NET = Sequential(sc.Conv2d(16, 3), sc.ReLU(), sc.Flatten(), sc.Linear(10), input=(3, 8, 8))


# A list with names.


def test_it_is_indexed_and_sliced_like_a_list() -> None:
    assert len(NET) == 4
    assert NET[0] == sc.Conv2d(16, 3)
    assert NET[-1] == sc.Linear(10)
    assert list(NET) == [sc.Conv2d(16, 3), sc.ReLU(), sc.Flatten(), sc.Linear(10)]
    with pytest.raises(IndexError):
        NET[4]


def test_it_is_indexed_by_name() -> None:
    assert NAMED["features"] == NAMED[0]
    assert NAMED["features.pool"] == NAMED["features"]["pool"] == sc.MaxPool2d(2)
    assert NAMED["head.0"] == sc.AdaptiveAvgPool2d(1)


@pytest.mark.parametrize(
    ("part", "layers", "taken"),
    [
        (slice(None, 2), 2, (3, 8, 8)),
        (slice(2, None), 2, (16, 6, 6)),
        (slice(1, 3), 2, (16, 6, 6)),
        (slice(-1, None), 1, (576,)),
        (slice(None), 4, (3, 8, 8)),
    ],
)
def test_a_slice_has_the_input_that_its_first_layer_has(part: slice, layers: int, taken: Any) -> None:
    assert (len(NET[part]), NET[part].input) == (layers, taken)


def test_slices_add_up() -> None:
    assert NET[:2].params + NET[2:].params == NET.params
    assert NET[:2].output == NET[2:].input
    assert NET[2:].output == NET.output


def test_a_slice_keeps_names() -> None:
    assert [name for name, _ in NET[2:].layers] == ["2", "3"]
    assert NAMED["features"][1:]["pool"] == sc.MaxPool2d(2)


@pytest.mark.parametrize(
    "same",
    [
        Sequential(("a", sc.ReLU()), ("b", sc.Tanh())),
        Sequential({"a": sc.ReLU(), "b": sc.Tanh()}),
        Sequential({"a": sc.ReLU()}, ("b", sc.Tanh())),
    ],
)
def test_names_are_given_as_pairs_or_as_a_mapping(same: Sequential) -> None:
    assert same == Sequential(("a", sc.ReLU()), ("b", sc.Tanh()))
    assert [name for name, _ in same.layers] == ["a", "b"]


def test_a_layer_without_a_name_is_called_by_its_place() -> None:
    net = Sequential(sc.ReLU(), ("act", sc.Tanh()), sc.Flatten())
    assert [name for name, _ in net.layers] == ["0", "act", "2"]


# Its quantities.


def test_totals_are_the_sums_of_its_layers() -> None:
    parts = [part.profile for part in NET.profile.parts]
    for name in ("params", "buffers", "macs", "flops"):
        assert getattr(NET, name) == sum(getattr(part, name) for part in parts)
    assert NET.output == (10,)
    assert NET.operations == {"multiply_accumulate": 21312, "bias": 586, "relu": 576}


def test_nesting_changes_no_quantity() -> None:
    flat = Sequential(*NAMED["features"], *NAMED["head"])
    nested, flat_profile = NAMED.on((3, H, W)), flat.on((3, H, W))
    for name in ("params", "buffers", "macs", "output", "operations", "receptive_field", "conditions"):
        assert getattr(nested, name) == getattr(flat_profile, name), name


def test_weights_have_their_paths() -> None:
    assert NAMED.on((3, 12, 13)).weights == {
        "features.conv.weight": (4, 3, 3, 3),
        "features.conv.bias": (4,),
        "head.2.weight": (3, 4),
        "head.2.bias": (3,),
    }


def test_totals_are_expanded_and_collected() -> None:
    net = Sequential(sc.Conv2d(w, 3), sc.Conv2d(2 * w, 3), sc.Conv2d(w, 3), input=(3, H, W))
    assert str(net.params) == "36*w**2 + 31*w"


def test_sizes_are_carried_in_one_form() -> None:
    stem = Sequential(*[sc.Conv2d(w, 3, stride=2, padding=1)] * 5)
    assert stem.on((3, H, W)).output == (w, ceil_div(H, 32), ceil_div(W, 32))
    assert stem.on((3, 32 * m, 32 * m)).output == (w, m, m)


def test_receptive_fields_compose() -> None:
    net = Sequential(sc.Conv2d(8, 7, stride=2), sc.MaxPool2d(3, 2), sc.Conv2d(8, (1, 3)))
    assert net.receptive_field == (11, 19)
    assert [(window.stride, window.extent) for window in net.profile.windows] == [(4, 11), (4, 19)]


def test_equal_layers_on_equal_shapes_share_one_profile() -> None:
    net = Sequential(*[sc.Conv2d(8, 3, padding=1)] * 5)
    parts = [part.profile for part in net.on((8, H, W)).parts]
    assert len(set(map(id, parts))) == 1
    assert net.on((8, H, W)).params == 5 * parts[0].params
    first, second, *_ = (part.profile for part in net.on((3, H, W)).parts)
    assert first is not second
    assert (first.params, second.params) == (224, 584)


# Sizes that were left out.


@pytest.mark.parametrize(
    ("net", "params"),
    [
        (Sequential(sc.Conv2d()), "C_in*C_out_0*k_h_0*k_w_0 + C_out_0"),
        (Sequential(("stem", sc.Conv2d(kernel_size=1))), "C_in*C_out_stem + C_out_stem"),
        (Sequential(("stem", Sequential(sc.Conv2d(kernel_size=1)))), "C_in*C_out_stem_0 + C_out_stem_0"),
        (Sequential(sc.Linear(), sc.Linear()), "F_in*F_out_0 + F_out_0*F_out_1 + F_out_0 + F_out_1"),
    ],
)
def test_a_left_out_size_carries_its_layers_path(net: Sequential, params: str) -> None:
    assert str(net.params) == params


def test_two_layers_never_share_a_size_by_accident() -> None:
    names = [symbol.name for symbol in Sequential(sc.Conv2d(kernel_size=3), sc.Conv2d(kernel_size=3)).symbols]
    assert names == ["C_in", "C_out_0", "C_out_1", "H", "W"]


# Changing it.


def test_map_rebuilds_every_layer() -> None:
    def widened(layer: sc.Layer) -> sc.Layer:
        if isinstance(layer, sc.Conv2d):
            return dataclasses.replace(layer, out_channels=2 * layer.out_channels)
        return layer

    assert NAMED.map(widened)["features.conv"].out_channels == 8
    assert NAMED["features.conv"].out_channels == 4
    assert NET.map(widened).input == NET.input
    assert NET.map(lambda layer: layer) == NET


def test_values_are_put_in_everywhere() -> None:
    net = Sequential(sc.Conv2d(w, 3), ("more", Sequential(sc.Conv2d(2 * w, 3))), input=(3, H, W))
    more = Sequential(sc.Conv2d(16, 3))
    assert net.at(w=8) == Sequential(sc.Conv2d(8, 3), ("more", more), input=(3, H, W))
    assert net.at(w=8, H=9, W=9).output == (16, 5, 5)
    assert net.at(H=9).at(W=9).at(w=8) == net.at(w=8, H=9, W=9)


def test_published_values_travel_with_it() -> None:
    net = Sequential(sc.Conv2d(w, 3), input=(3, H, W), defaults={w: 8, H: 32, W: 32})
    assert net.at(net.defaults).output == (8, 30, 30)
    assert net.at(w=4).defaults == {H: 32, W: 32}
    assert net[:1].defaults == net.defaults


# As a value.


def test_it_is_equal_by_its_layers_and_their_names() -> None:
    again = Sequential(sc.Conv2d(16, 3), sc.ReLU(), sc.Flatten(), sc.Linear(10), input=(3, 8, 8))
    assert again == NET
    assert hash(again) == hash(NET)
    assert Sequential(("a", sc.ReLU())) != Sequential(("b", sc.ReLU()))
    assert NET.with_input(None) != NET


@pytest.mark.parametrize("net", [NET, NAMED, TUTORIAL, Sequential(), Sequential(NAMED, NAMED, input=(3, H, W))])
def test_it_shows_itself_as_python_that_makes_it_again(net: Sequential) -> None:
    text = repr(net)
    assert eval(text, {**public_names(), "H": H, "W": W}) == net
    assert pickle.loads(pickle.dumps(net)) == net
    assert all(len(line) <= 110 for line in text.splitlines())


def test_a_short_one_is_shown_on_one_line() -> None:
    assert repr(NET) == "Sequential(Conv2d(16, 3), ReLU(), Flatten(), Linear(10), input=(3, 8, 8))"


@pytest.mark.parametrize(
    ("net", "shape"),
    [
        (NET, (3, H, W)),
        (Sequential(sc.BatchNorm1d(), sc.Linear(4)), (3, H)),
        (Sequential(sc.Dropout(), sc.Conv3d(4, 1)), (3, 2, H, W)),
    ],
)
def test_its_textbook_input_is_its_first_particular_layers(net: Sequential, shape: Shape) -> None:
    assert len(net.with_input(None).profile.input) == len(shape)
    assert isinstance(net.on(shape).params, Expr)


def test_sizes_can_be_put_in_one_after_the_other() -> None:
    """Also one that has dropped out of every formula meanwhile, as the dilation of a 1x1 kernel has."""
    d, k, n = sc.dims("d k n")
    net = Sequential(sc.Conv1d(4, k, dilation=d), input=(2, n))
    assert net.at(k=1).at(d=2) == net.at(d=2).at(k=1) == net.at(k=1, d=2)
    assert net.at(k=1).function("params")(d=2, n=5) == 12
