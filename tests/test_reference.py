"""Every row of the table agrees with a count by plain loops."""

from __future__ import annotations

from typing import Any

import pytest
import reference
from cases import CASES, Case
from hypothesis import given, settings
from hypothesis import strategies as st
from reference_networks import outermost as counted
from sympy import Integer, Rational

import symcnn as sc
from symcnn.errors import ConditionError, ShapeError


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_count_by_loops_agrees(case: Case) -> None:
    counted_alike(*case.numbers())


def counted_alike(layer: sc.Layer, shape: tuple[int, ...]) -> None:
    profile, count = layer.on(shape), counted(layer, shape)
    assert tuple(profile.output) == count.output
    assert profile.params == count.params
    assert profile.buffers == count.buffers
    assert profile.macs == count.macs
    assert profile.flops == 2 * count.macs
    assert profile.operations == count.operations


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_the_receptive_field_is_what_an_output_reaches(case: Case) -> None:
    reached_alike(*case.numbers())


def reached_alike(layer: sc.Layer, shape: tuple[int, ...]) -> None:
    profile, count = layer.on(shape), counted(layer, shape)
    field = reference.receptive_field(count, shape)
    if field is None:
        with pytest.raises(ShapeError, match="windows differ in size"):
            profile.receptive_field  # noqa: B018
    else:
        assert tuple(profile.receptive_field) == field
        assert profile.receptive_field.whole == count.whole


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_neighbouring_outputs_are_a_stride_apart(case: Case) -> None:
    spaced_alike(*case.numbers())


def spaced_alike(layer: sc.Layer, shape: tuple[int, ...]) -> None:
    windows, count = layer.on(shape).windows, counted(layer, shape)
    for window, reach, whole in zip(windows, count.reach, count.whole, strict=True):
        assert window.whole == whole
        assert window.regular == (reach is not None)
        if reach is not None and not whole:
            assert min(reach(1)) - min(reach(0)) == window.stride


@pytest.mark.parametrize("case", [c for c in CASES if "same" not in repr(c.layer)], ids=lambda case: case.id)
def test_the_first_output_begins_where_the_padding_does(case: Case) -> None:
    begun_alike(*case.numbers())


def begun_alike(layer: sc.Layer, shape: tuple[int, ...]) -> None:
    windows, count = layer.on(shape).windows, counted(layer, shape)
    for window, reach, whole in zip(windows, count.reach, count.whole, strict=True):
        if reach is not None and not whole:
            assert min(reach(0)) == -window.padding[0]


@pytest.mark.parametrize("case", [c for c in CASES if c.id.startswith("conv") and "same" in c.id])
def test_the_padding_of_same_makes_room_for_its_outputs(case: Case) -> None:
    profile = case.layer.on(case.shape)
    for window, size, places in zip(profile.windows, profile.input.axes, profile.output.axes, strict=True):
        before, after = map(int, window.padding)
        slid = reference.starts(int(size), int(window.extent), int(window.stride), (before, after))
        assert len(slid) == places
        assert after - before in (0, 1)


@pytest.mark.parametrize(
    ("size", "extent", "stride", "pad", "expected"),
    [
        (6, 3, 2, (0, 0), [0, 2, 4]),
        (7, 3, 2, (0, 0), [0, 2, 4]),
        (5, 2, 2, (1, 1), [-1, 1, 3]),  # a window at 5 would start in the padding after
        (3, 5, 5, (0, 0), [0]),  # a kernel larger than the input
        (1, 5, 2, (0, 0), []),
    ],
)
def test_the_reference_knows_pytorchs_last_window(size, extent, stride, pad, expected) -> None:  # type: ignore[no-untyped-def]
    assert reference.starts_in_ceil_mode(size, extent, stride, pad) == expected


# Settings drawn at random, for what the table's rows may not meet.

few, some = st.integers(0, 3), st.integers(1, 4)


def tuples(size: Any, rank: int = 2) -> Any:
    return st.tuples(*[size] * rank)


pairs = st.one_of(some.map(lambda size: size - 1), tuples(tuples(few)))
drawn = settings(max_examples=100, derandomize=True, deadline=None, database=None)


def same_in_all(layer: sc.Layer, shape: tuple[int, ...]) -> None:
    """Assert that the package and the loops agree, where the package takes the input."""
    try:
        layer.on(shape)
    except ConditionError:
        return
    for alike in (counted_alike, reached_alike, spaced_alike, begun_alike):
        alike(layer, shape)
    profile = layer.on(shape)
    for window, size, places in zip(profile.windows, shape[1:], profile.output.axes, strict=True):
        assert not window.regular or window.positions(Integer(size)) == places


@drawn
@given(tuples(some), tuples(some), pairs, tuples(few), tuples(some), tuples(st.integers(1, 5)), st.sampled_from([1, 2]))
def test_random_transposed_convolutions(kernel, stride, padding, added, dilation, axes, groups) -> None:  # type: ignore[no-untyped-def]
    added = tuple(min(a, max(s, d) - 1) for a, s, d in zip(added, stride, dilation, strict=True))
    more = {"padding": padding, "output_padding": added, "dilation": dilation, "groups": groups}
    same_in_all(sc.ConvTranspose2d(2, kernel, stride=stride, **more), (2, *axes))


@drawn
@given(tuples(some), tuples(some), pairs, tuples(some), tuples(st.integers(1, 8)), some)
def test_random_depthwise_convolutions(kernel, stride, padding, dilation, axes, multiplier) -> None:  # type: ignore[no-untyped-def]
    more = {"padding": padding, "dilation": dilation, "multiplier": multiplier}
    same_in_all(sc.DepthwiseConv2d(kernel, stride=stride, **more), (3, *axes))


@drawn
@given(tuples(st.builds(Rational, st.integers(1, 12), some)), tuples(st.integers(1, 8)))
def test_random_upsamplings(factors, axes) -> None:  # type: ignore[no-untyped-def]
    same_in_all(sc.Upsample(scale_factor=factors), (2, *axes))


@drawn
@given(some, tuples(st.integers(1, 8), 3))
def test_random_shuffles(factor, shape) -> None:  # type: ignore[no-untyped-def]
    channels, *axes = shape
    same_in_all(sc.PixelShuffle(factor), (channels * factor**2, *axes))
    same_in_all(sc.PixelUnshuffle(factor), (channels, *(size * factor for size in axes)))


PADS = [sc.ZeroPad2d, sc.ReplicationPad2d, sc.ReflectionPad2d, sc.CircularPad2d]


@drawn
@given(tuples(few, 4), tuples(st.integers(1, 6), 3), st.sampled_from(PADS))
def test_random_pads(ends, shape, kind) -> None:  # type: ignore[no-untyped-def]
    same_in_all(kind(ends), shape)


@drawn
@given(st.lists(some, min_size=1, max_size=4), few, st.integers(-3, 2), tuples(st.integers(1, 6), 3))
def test_random_splits(sizes, index, axis, shape) -> None:  # type: ignore[no-untyped-def]
    index %= len(sizes)
    uneven = [sum(sizes) if place == axis % 3 else size for place, size in enumerate(shape)]
    same_in_all(sc.Split(tuple(sizes), index, axis=axis), tuple(uneven))
    even = [len(sizes) * size if place == axis % 3 else size for place, size in enumerate(shape)]
    same_in_all(sc.Split(len(sizes), index, axis=axis), tuple(even))
