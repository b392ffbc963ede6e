"""Operators that multiply no matrices and have no layer.

Source: ONNX's documentation of each.
"""

from __future__ import annotations

from typing import Any

from sympy import Integer

from ...reading.values import UnfitError, Value
from ..calls import NodeCall


def sampled(call: NodeCall) -> Value:
    """A map at the places that a grid tells."""
    x, grid = call.tensor(0), call.tensor(1)
    return call.operated("grid_sampler", (*x.full[:2], *grid.full[1:-1]))


def hot(call: NodeCall) -> Value:
    """A row of truths for each index."""
    x = call.x
    axis = call.axis(call.attribute("axis", "integer", -1), x.rank + 1)
    depth = call.numbers(1, "how many").one
    return call.operated("one_hot", (*x.full[:axis], Integer(int(depth)), *x.full[axis:]))


def around_regions(call: NodeCall) -> Value:
    """A small map of each region."""
    x, regions = call.tensor(0), call.tensor(1)
    height = call.attribute("output_height", "integer", 1)
    width = call.attribute("output_width", "integer", 1)
    if not regions.full:
        raise UnfitError("no regions")
    return call.operated("roi_align", (regions.full[0], x.full[1], Integer(height), Integer(width)))


PLAIN: dict[str, Any] = {"GridSample": sampled, "OneHot": hot, "RoiAlign": around_regions}
