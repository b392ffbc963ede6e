"""From a profile to boxes and arrows: what a picture of a network shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ...profile import Profile
from ...profile.ledger import INPUT, Part
from ...shape import Shape, Shapes
from ..formulas import plain

LONGEST_PERIOD = 4
"""So many boxes in a row at most are folded as one that is repeated."""


@dataclass(frozen=True)
class Box:
    """A layer, a few that belong together, or a network.

    Args:
        name: where it stands in the network around it.
        sources: the layers in it, or the network.
        lines: what it says: its layers as code, of a network its kind.
        output: the shape that comes out.
        takes: the places of the boxes that it takes; below 0 are the inputs, the first one -1.
        times: how often it stands there, in words.
        weighted: whether it has weights.
        light: whether it is a layer that only goes over each element, if it keeps the shape.
        inside: what a network that is opened has inside.
    """

    name: str
    sources: tuple[Any, ...]
    lines: tuple[str, ...]
    output: Shape
    takes: tuple[int, ...]
    times: str = ""
    weighted: bool = False
    light: bool = False
    inside: Chart | None = None

    @property
    def is_join(self) -> bool:
        """Whether branches meet here and nothing else is done."""
        return len(self.takes) > 1 and self.inside is None and not self.weighted


@dataclass(frozen=True)
class Chart:
    """The boxes of one network, in an order in which each comes behind what it takes.

    Args:
        inputs: the inputs by name.
        boxes: the boxes.
        outputs: the places of those that give the network's output.
    """

    inputs: tuple[tuple[str, Shape], ...]
    boxes: tuple[Box, ...]
    outputs: tuple[int, ...]

    @property
    def size(self) -> int:
        """How many boxes there are, those inside of others too."""
        return sum(1 if box.inside is None else box.inside.size for box in self.boxes)


def chart_of(profile: Profile, depth: int) -> Chart:
    """The boxes of a network, opened so many levels deep.

    >>> import symcnn as sc
    >>> net = sc.Sequential(sc.Conv2d(8, 3), sc.ReLU(), sc.MaxPool2d(2), input=(3, 8, 8))
    >>> [box.name for box in chart_of(net.profile, 0).boxes]
    ['0–1', '2']
    """
    parts = profile.parts or (Part(type(profile.source).__name__, profile),)
    inputs = _inputs(profile.input)
    places = {name: -1 - i for i, (name, _) in enumerate(inputs)} | {INPUT: -1}
    boxes: list[Box] = []
    for i, part in enumerate(parts):
        named = part.inputs if part.inputs is not None else (parts[i - 1].name if i else INPUT,)
        takes = tuple(places[name] for name in named)
        if depth > 0 and part.repeats is None and _branches(part.profile) and not _in_a_row(parts, i):
            inner = chart_of(part.profile, depth)
            boxes += _written_out(part.name, inner, takes[0], len(boxes))
            places[part.name] = inner.outputs[0] + len(boxes) - len(inner.boxes)
        else:
            boxes.append(replace(_box(part.name, part, depth), takes=takes))
            places[part.name] = len(boxes) - 1
    wanted = profile.outputs if profile.parts else (parts[0].name,)
    outputs = tuple(places[name] for name in wanted)
    return _folded(_fused(Chart(inputs, tuple(boxes), outputs)))


def _branches(profile: Profile) -> bool:
    """Whether a network is branches that meet, which need no frame around them."""
    joins = [part for part in profile.parts if part.inputs is not None and len(part.inputs) > 1]
    starts = [part for part in profile.parts if part.inputs is not None and INPUT in part.inputs]
    return bool(joins) and len(starts) > 1 and len(profile.outputs) == 1 and len(joins) == 1


def _in_a_row(parts: Sequence[Part], i: int) -> bool:
    """Whether the same layer stands before or behind this one, so that it is folded with that."""

    def same(one: int, other: int) -> bool:
        near = one >= 0 and other < len(parts) and parts[other].inputs in (None, (parts[one].name,))
        return near and parts[one].profile.source == parts[other].profile.source

    return same(i - 1, i) or same(i, i + 1)


def _written_out(name: str, chart: Chart, taken: int, base: int) -> list[Box]:
    """The boxes of a network in the place of it, its input being the box that it takes."""

    def now(one: int) -> int:
        return taken if one < 0 else base + one

    return [replace(box, name=f"{name}.{box.name}", takes=tuple(map(now, box.takes))) for box in chart.boxes]


def _inputs(shape: Shape) -> tuple[tuple[str, Shape], ...]:
    return tuple(shape.by_name.items()) if isinstance(shape, Shapes) else (("input", shape),)


def _box(name: str, part: Part, depth: int) -> Box:
    """One part; a network of a single part is that part."""
    profile = part.profile
    times = f"× {_count(part)}" if part.repeats is not None else ""
    if len(profile.parts) == 1 and profile.outputs == (profile.parts[0].name,):
        inner = profile.parts[0]
        box = _box(f"{name}.{inner.name}", inner, depth)
        return replace(box, times=" ".join(filter(None, (times, box.times))))
    inside = chart_of(profile, depth - 1) if profile.parts and depth > 0 else None
    if inside is not None and len(inside.boxes) == 1 and inside.outputs == (0,):
        alone = inside.boxes[0]
        return replace(alone, name=f"{name}.{alone.name}", times=" ".join(filter(None, (times, alone.times))))
    line = type(profile.source).__name__ if profile.parts else repr(profile.source)
    light = not profile.parts and profile.macs == 0
    return Box(name, (profile.source,), (line,), profile.output, (), times, profile.params != 0, light, inside)


def _count(part: Part) -> str:
    assert part.repeats is not None
    count = plain(part.repeats.count)
    return f"({count})" if part.repeats.count.is_Add else count


# What belongs together.


def _fused(chart: Chart) -> Chart:
    """A layer with what follows it and only goes over each element: normalisation, activation, dropout."""
    users = Counter(one for box in chart.boxes for one in box.takes) + Counter(chart.outputs)
    merged: dict[int, int] = {}
    kept: list[tuple[int, Box]] = []
    for i, box in enumerate(chart.boxes):
        before = box.takes[0]
        if kept and before == kept[-1][0] and users[before] == 1 and _follows(kept[-1][1], box):
            first, host = kept.pop()
            box = replace(
                host,
                name=f"{host.name.partition('–')[0]}–{box.name}",
                sources=host.sources + box.sources,
                lines=host.lines + box.lines,
                weighted=host.weighted or box.weighted,
            )
            merged[first] = i
        kept.append((i, box))
    return _renumbered(chart, kept, merged)


def _follows(host: Box, box: Box) -> bool:
    alone = len(box.takes) == 1 and not box.times and not host.times
    return alone and box.light and host.inside is None and box.output == host.output


def _renumbered(chart: Chart, kept: Sequence[tuple[int, Box]], merged: dict[int, int]) -> Chart:
    """The chart of the boxes that are kept; what went into another stands where that stands."""
    place = {old: new for new, (old, _) in enumerate(kept)}

    def now(old: int) -> int:
        while old in merged:
            old = merged[old]
        return place.get(old, old)

    boxes = tuple(replace(box, takes=tuple(map(now, box.takes))) for _, box in kept)
    return Chart(chart.inputs, boxes, tuple(map(now, chart.outputs)))


# What is repeated.


def _folded(chart: Chart) -> Chart:
    """Boxes in a row that are the same, as one."""
    for period in range(1, LONGEST_PERIOD + 1):
        for start, times in _runs(chart, period):
            return _folded(_with_run(chart, start, period, times))
    return chart


def _runs(chart: Chart, period: int) -> Iterator[tuple[int, int]]:
    """The first row of boxes that is repeated: where it starts, and how often it stands there."""
    users = Counter(one for box in chart.boxes for one in box.takes)
    links = [
        box.takes == (i - 1,) and users[i - 1] == 1 and i - 1 not in chart.outputs for i, box in enumerate(chart.boxes)
    ]
    looks = [(box.sources, box.output, box.times) for box in chart.boxes]
    for start in range(len(looks) - 2 * period + 1):
        stop = start + period
        while looks[stop : stop + period] == looks[start : start + period] and all(links[start + 1 : stop + period]):
            stop += period
        if stop > start + period:
            yield start, (stop - start) // period
            return


def _with_run(chart: Chart, start: int, period: int, times: int) -> Chart:
    run = chart.boxes[start : start + period * times]
    name = f"{run[0].name.partition('–')[0]}–{run[-1].name.rpartition('–')[2]}"
    if period == 1:
        one = replace(run[0], name=name, times=f"{run[0].times} × {times}".strip())
    else:
        inside = _alone(chart, run[:period])
        one = Box(name, (), (), run[-1].output, run[0].takes, f"× {times}", inside=inside)
    kept = [(i, box) for i, box in enumerate(chart.boxes) if not start <= i < start + len(run)]
    kept.append((start + len(run) - 1, one))
    merged = {i: i + 1 for i in range(start, start + len(run) - 1)}
    return _renumbered(chart, sorted(kept, key=lambda pair: pair[0]), merged)


def _alone(chart: Chart, boxes: Sequence[Box]) -> Chart:
    """A row of boxes by itself."""
    taken = boxes[0].takes[0]
    shape = chart.inputs[-1 - taken][1] if taken < 0 else chart.boxes[taken].output
    row = tuple(replace(box, takes=(i - 1,)) for i, box in enumerate(boxes))
    return Chart((("input", shape),), row, (len(row) - 1,))
