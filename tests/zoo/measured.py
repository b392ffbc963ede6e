"""How the figures that frameworks were measured at are asked of a network here."""

from __future__ import annotations

import csv
from pathlib import Path

from symcnn import Layer

KERAS = Path(__file__).parents[1] / "facts" / "keras.csv"

Figures = tuple[int, ...]


def figures(net: Layer) -> Figures:
    """Parameters, buffers, MACs and convolution output elements, with the published values put in."""
    published = net.at(net.defaults)
    return tuple(map(int, (published.params, published.buffers, published.macs, published.activations)))


def keras(*names: str) -> dict[str, Figures]:
    """What was measured of some of Keras's constructor calls, in the same order.

    Keras's total has the weights that are not trained in it.
    """
    with KERAS.open() as file:
        rows = {row["name"]: row for row in csv.DictReader(file)}
    columns = ("params_trainable", "params_total", "macs", "conv_output_elements")
    found = {}
    for name in names:
        trained, total, macs, elements = (int(rows[name][column]) for column in columns)
        found[name] = (trained, total - trained, macs, elements)
    return found
