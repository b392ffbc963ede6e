"""Where the boxes of a chart stand: row under row, each below all that it takes, and lines between them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from ...shape import Shape
from ..formulas import plain
from .boxes import Box, Chart

CHARACTER, LINE = 7.3, 17.0
"""The width of a character of code and the height of a line, in pixels."""

LABEL, BESIDE = 6.7, 6.0
"""The width of a character of a label, and how far beside its arrow it stands."""

PADDING, GAP, ROW_GAP = 10.0, 24.0, 40.0
"""The space in a box around its text, between boxes beside each other, and between rows."""

TITLE = LINE + PADDING
"""The height of a frame's head, where its name stands."""

SWEEPS = 12
"""So often boxes are moved towards what they are connected with."""

Point = tuple[float, float]


@dataclass
class Place:
    """A box, or a point that a long arrow passes: its row and size, and where arrows meet its upper edge.

    ``left`` and ``right`` are how far it reaches from there to both sides.
    """

    row: int
    left: float
    right: float
    height: float
    text: tuple[str, ...] = ()
    label: str = ""
    box: Box | None = None
    inside: Placed | None = None
    x: float = 0.0
    y: float = 0.0
    near: list[Place] = field(default_factory=list, repr=False)

    @property
    def reach(self) -> float:
        """How far it and its label reach to the right."""
        return max(self.right, BESIDE + len(self.label) * LABEL if self.label else 0.0)

    @property
    def bottom(self) -> Point:
        """Where arrows leave."""
        return self.x, self.y + self.height


@dataclass(frozen=True)
class Placed:
    """A chart whose boxes have places: its size, and each arrow as the places that it goes by."""

    width: float
    height: float
    inputs: tuple[Place, ...]
    places: tuple[Place, ...]
    arrows: tuple[tuple[Place, ...], ...]
    ends: tuple[tuple[Place, ...], ...]


def placed(chart: Chart, head: bool = True) -> Placed:
    """Places for all boxes of a chart; ``head`` is whether its inputs are written."""
    inputs = [_entry(name, written(shape), head) for name, shape in chart.inputs]
    nodes: dict[int, Place] = {-1 - i: place for i, place in enumerate(inputs)}
    for i, box in enumerate(chart.boxes):
        nodes[i] = _sized(box, 1 + max(nodes[one].row for one in box.takes), _label(chart, i, head))
    last = 1 + max(place.row for place in nodes.values())
    exits = [Place(last, 0.0, 0.0, 0.0) for _ in chart.outputs]
    rows: list[list[Place]] = [[] for _ in range(last + 1)]
    for place in (*nodes.values(), *exits):
        rows[place.row].append(place)
    arrows = [_arrow(nodes[one], nodes[i], rows) for i, box in enumerate(chart.boxes) for one in box.takes]
    ends = [_arrow(nodes[one], end, rows) for one, end in zip(chart.outputs, exits, strict=True)]
    _arrange(rows)
    _straighten([way[1:-1] for way in (*arrows, *ends)], rows)
    height = _stack(rows)
    if not head:
        for place in inputs:
            place.y -= TITLE  # The arrow goes on from the frame's upper edge.
    left = min(place.x - place.left for row in rows for place in row)
    for row in rows:
        for place in row:
            place.x -= left
    width = max(place.x + place.reach for row in rows for place in row)
    own = tuple(nodes[i] for i in range(len(chart.boxes)))
    return Placed(width, height, tuple(inputs), own, tuple(arrows), tuple(ends))


def written(shape: Shape) -> str:
    """A shape on an arrow: ``64 × ⌈H/2⌉ × ⌈W/2⌉``."""
    return " × ".join(f"({size})" if size.is_Add else plain(size, "·") for size in shape)


def _entry(name: str, label: str, head: bool) -> Place:
    half = len(name) * CHARACTER / 2 + PADDING
    return Place(0, half, half, LINE + PADDING, (name,), label) if head else Place(0, 0.0, 0.0, 0.0)


def _label(chart: Chart, i: int, head: bool) -> str:
    """The shape that leaves a box; inside of another where it changes, and that of the last is outside."""
    box = chart.boxes[i]
    taken = [chart.inputs[-1 - one][1] if one < 0 else chart.boxes[one].output for one in box.takes]
    plain_inside = not head and (i in chart.outputs or all(shape == box.output for shape in taken))
    return "" if plain_inside else written(box.output)


def text_of(box: Box) -> tuple[str, ...]:
    """The lines of a box: its name, and what it says."""
    return box.lines if box.is_join else (" ".join(filter(None, (box.name, box.times))), *box.lines)


def _sized(box: Box, row: int, label: str) -> Place:
    inside = None if box.inside is None else placed(box.inside, head=False)
    text = text_of(box) if inside is None else text_of(box)[:1]
    width = max(map(len, text)) * CHARACTER + 2 * PADDING
    if inside is None:
        return Place(row, width / 2, width / 2, len(text) * LINE + PADDING, text, label, box)
    middle = inside.inputs[0].x
    left = max(middle + PADDING, width)  # The name stands to the left of the arrow.
    right = inside.width - middle + PADDING
    return Place(row, left, right, TITLE + inside.height, text, label, box, inside)


def _arrow(start: Place, end: Place, rows: list[list[Place]]) -> tuple[Place, ...]:
    """The places that an arrow goes by; where it passes rows, it has a place of its own in each."""
    way = [start]
    for row in range(start.row + 1, end.row):
        point = Place(row, 1.0, 1.0, 0.0)
        rows[row].append(point)
        way.append(point)
    way.append(end)
    for one, other in pairwise(way):
        one.near.append(other)
        other.near.append(one)
    return tuple(way)


def _arrange(rows: Sequence[list[Place]]) -> None:
    """Put every row in the order of what it is connected with, and each box as near to that as there is room."""
    for row in rows:
        _spread(row)
    for sweep in range(SWEEPS):
        for row in rows if sweep % 2 == 0 else rows[::-1]:
            wanted = {id(place): _middle(place) for place in row}
            if sweep < SWEEPS // 2:
                row.sort(key=lambda place: wanted[id(place)])
            for place in row:
                place.x = wanted[id(place)]
            _spread(row)


def _middle(place: Place) -> float:
    near = sorted(other.x for other in place.near)
    return near[len(near) // 2] / 2 + near[(len(near) - 1) // 2] / 2 if near else place.x


def _spread(row: list[Place]) -> None:
    """Move boxes of a row apart as far as they need, the whole row staying where it was."""
    before = [place.x for place in row]
    for one, other in pairwise(row):
        other.x = max(other.x, one.x + one.reach + other.left + GAP)
    if row:
        off = sum(place.x - x for place, x in zip(row, before, strict=True)) / len(row)
        for place in row:
            place.x -= off


def _straighten(ways: Sequence[Sequence[Place]], rows: Sequence[list[Place]]) -> None:
    """Let long arrows run straight down, where there is room on their right."""
    for way in sorted(filter(None, ways), key=lambda way: -max(place.x for place in way)):
        wanted = max(place.x for place in way)
        for place in way:
            row = rows[place.row]
            after = row[row.index(place) + 1 :][:1]
            if all(wanted + place.right + GAP <= other.x - other.left for other in after):
                place.x = wanted


def _stack(rows: Sequence[list[Place]]) -> float:
    """The height of all rows, one under the other."""
    y = 0.0
    for row in rows:
        tallest = max(place.height for place in row)
        for place in row:
            place.y = y
            if place.box is None and not place.text:
                place.height = tallest if row is not rows[-1] and tallest else place.height
        y += tallest + ROW_GAP
    return y - ROW_GAP


def everywhere(placed: Placed, x: float, y: float) -> Iterator[tuple[Placed, float, float]]:
    """A chart and those inside of its boxes, each with where its upper left corner is."""
    yield placed, x, y
    for place in placed.places:
        if place.inside is not None:
            left = x + place.x - place.inside.inputs[0].x
            yield from everywhere(place.inside, left, y + place.y + place.height - place.inside.height)
