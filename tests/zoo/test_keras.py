"""Every figure that was measured with Keras, by the closed formulas, at every image size that is tabulated."""

from __future__ import annotations

import csv
import re
from typing import Any

import pytest
from measured import KERAS
from sympy import Rational

import symcnn as sc
from symcnn.zoo import ALSO_CALLED

with KERAS.open() as file:
    ROWS = list(csv.DictReader(file))

NORMALISED = re.compile(r"EfficientNetB\d")
"""Those begin with a layer that keeps the mean, the variance and the count of the images that it has seen."""


def called(call: str) -> tuple[Any, dict[Any, Any]]:
    """A constructor call's network, and its published values with those of the call."""
    name, _, arguments = call.rstrip(")").partition("(")
    settings = dict(pair.split("=") for pair in arguments.split(",") if pair)
    net = sc.zoo.get_model(name, **({"minimalistic": True} if "minimalistic" in settings else {}))
    values = dict(net.defaults)
    if "alpha" in settings:
        values[sc.ratio("alpha")] = Rational(settings["alpha"])
    return net, values


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["name"])
def test_published_counts(row: dict[str, str]) -> None:
    net, values = called(row["name"])
    published = net.at(values | dict(zip(net.input[1:], map(int, row["input"].split("x")[1:]), strict=True)))
    trained, total, macs, elements = (
        int(row[name]) for name in ("params_trainable", "params_total", "macs", "conv_output_elements")
    )
    buffers = total - trained - (7 if NORMALISED.match(row["name"]) else 0)
    found = (published.params, published.buffers, published.macs, published.activations)
    assert found == (trained, buffers, macs, elements)


@pytest.mark.parametrize("size", [(225, 225), (193, 257)], ids=str)
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["name"])
def test_macs_at_other_sizes(row: dict[str, str], size: tuple[int, int]) -> None:
    measured = row[f"macs_at_{size[0]}x{size[1]}"]
    net, values = called(row["name"])
    if measured:
        assert net.at(values | dict(zip(net.input[1:], size, strict=True))).macs == int(measured)


def test_keras_names_of_torchvisions_networks_are_known() -> None:
    for theirs, ours in ALSO_CALLED.items():
        assert sc.zoo.get_model(theirs) == sc.zoo.get_model(ours)
        assert theirs not in sc.zoo.list_models()
