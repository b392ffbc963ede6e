"""Every row of the table agrees with a count by plain loops."""

from __future__ import annotations

import pytest
import reference
from cases import CASES, Case

from symcnn.errors import ShapeError


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_count_by_loops_agrees(case: Case) -> None:
    layer, shape = case.numbers()
    profile, count = layer.on(shape), reference.measured(layer, shape)
    assert tuple(profile.output) == count.output
    assert profile.params == count.params
    assert profile.buffers == count.buffers
    assert profile.macs == count.macs
    assert profile.flops == 2 * count.macs
    assert profile.operations == count.operations


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_the_receptive_field_is_what_an_output_reaches(case: Case) -> None:
    layer, shape = case.numbers()
    profile, count = layer.on(shape), reference.measured(layer, shape)
    field = reference.receptive_field(count, shape)
    if field is None:
        with pytest.raises(ShapeError, match="windows differ in size"):
            profile.receptive_field  # noqa: B018
    else:
        assert tuple(profile.receptive_field) == field
        assert profile.receptive_field.whole == count.whole


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_neighbouring_outputs_are_a_stride_apart(case: Case) -> None:
    layer, shape = case.numbers()
    windows, count = layer.on(shape).windows, reference.measured(layer, shape)
    for window, reach, whole in zip(windows, count.reach, count.whole, strict=True):
        assert window.whole == whole
        assert window.regular == (reach is not None)
        if reach is not None and not whole:
            assert min(reach(1)) - min(reach(0)) == window.stride


@pytest.mark.parametrize("case", [c for c in CASES if "same" not in repr(c.layer)], ids=lambda case: case.id)
def test_the_first_output_begins_where_the_padding_does(case: Case) -> None:
    layer, shape = case.numbers()
    windows, count = layer.on(shape).windows, reference.measured(layer, shape)
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
