"""The amounts of a layer that a rule can give a weight: from its profile to sizes whose products count them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from sympy import Integer

from ..layers.conv import dilated
from ..profile import MULTIPLY_ACCUMULATE, Profile, Sizes
from ..sizes import FloorDiv
from ..window import Window
from .kinds import maker_of

MACS = "multiply-accumulates"
BIAS = "biases, at each output"
ELEMENTS = "elements"
INPUT = "input elements"
OUTPUT = "output elements"
PARAMS = "parameters"
OPERATIONS = "operations"


def stated(role: str, kind: str | None = None) -> Callable[[Profile], Iterator[Sizes]]:
    """What a layer states of a role, of one kind or all."""
    return lambda profile: (sizes for name, sizes in profile.stated(role) if kind in (None, name))


# Of one kind of layer.

PROJECTIONS = "projections"
PRODUCTS = "products of tokens"
QUERIES = "scaled queries"
SCORES = "softmax"
SPREAD = "weights, at each output position"
TWICE_GROUPED = "multiply-accumulates, twice divided by the groups"
AS_FORWARD = "biases of a group, at the outputs of a convolution"
NEIGHBOURS = "padded channels"
SUMS = "sums"
SIZES = "sizes multiplied"


def _projections(profile: Profile) -> Iterator[Sizes]:
    return ((*sizes, profile.input[0]) for name, sizes in profile.stated("weight") if len(sizes) == 2)


def _products(profile: Profile) -> Iterator[Sizes]:
    projections = list(_projections(profile))
    return (sizes for sizes in stated("operation", MULTIPLY_ACCUMULATE)(profile) if sizes not in projections)


def _spread(profile: Profile) -> Iterator[Sizes]:
    return ((*sizes, *profile.output.axes) for name, sizes in profile.stated("weight") if name == "weight")


def _twice_grouped(profile: Profile) -> Iterator[Sizes]:
    groups = maker_of(profile).groups
    for name, sizes in profile.stated("weight"):
        if name == "weight":
            channels, filters, *kernel = sizes
            yield (channels, FloorDiv(filters, groups), *kernel, *profile.input.axes)


def _as_forward(profile: Profile) -> Iterator[Sizes]:
    layer = maker_of(profile)
    if layer.bias:
        windows = map(Window, map(dilated, layer.kernel_size, layer.dilation), layer.stride, layer.padding)
        places = (window.positions(size) for window, size in zip(windows, profile.input.axes, strict=True))
        yield (profile.output.channels / layer.groups, *places)


def _sums(profile: Profile) -> Iterator[Sizes]:
    along = maker_of(profile).dim % len(profile.input)
    yield tuple(size for axis, size in enumerate(profile.input) if axis != along) or (Integer(1),)


def _sizes(profile: Profile) -> Iterator[Sizes]:
    size = maker_of(profile).size
    if size is not None:
        yield size if isinstance(size, tuple) else (size,)


AMOUNTS: Mapping[str, Callable[[Profile], Iterable[Sizes]]] = {
    MACS: stated("operation", MULTIPLY_ACCUMULATE),
    PROJECTIONS: _projections,
    PRODUCTS: _products,
    TWICE_GROUPED: _twice_grouped,
    SPREAD: _spread,
    BIAS: stated("operation", "bias"),
    AS_FORWARD: _as_forward,
    QUERIES: lambda profile: [tuple(profile.input)],
    SCORES: stated("operation", "softmax"),
    ELEMENTS: lambda profile: [tuple(profile.output)],
    INPUT: lambda profile: [tuple(profile.input)],
    OUTPUT: lambda profile: [tuple(profile.output)],
    SUMS: _sums,
    NEIGHBOURS: lambda profile: [(maker_of(profile).size - 1, *profile.input.axes)],
    SIZES: _sizes,
    PARAMS: stated("weight"),
    OPERATIONS: stated("operation"),
}
