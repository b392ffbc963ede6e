"""A chart as a picture: SVG that takes the text colour of the page around it."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from itertools import pairwise

from .boxes import Chart
from .layout import BESIDE, LINE, PADDING, Place, Placed, everywhere, placed

MARGIN = 14.0

STYLE = (
    ".symcnn-diagram text{font:12px ui-monospace,'DejaVu Sans Mono',Menlo,Consolas,monospace;fill:currentColor}"
    ".symcnn-diagram .name{font-weight:bold}"
    ".symcnn-diagram .shape{font-size:11px;opacity:.8}"
    ".symcnn-diagram rect{fill:currentColor;fill-opacity:.03;stroke:currentColor;stroke-opacity:.45}"
    ".symcnn-diagram .weighted{fill:#0072B2;fill-opacity:.16;stroke:#0072B2;stroke-opacity:1}"
    ".symcnn-diagram path{fill:none;stroke:currentColor;stroke-opacity:.55;stroke-width:1.3}"
    ".symcnn-diagram .head{fill:currentColor;fill-opacity:.7;stroke:none}"
)


def svg(chart: Chart, title: str) -> str:
    """The picture, with a title for readers who cannot see it."""
    whole = placed(chart)
    width, height = whole.width + 2 * MARGIN, whole.height + 2 * MARGIN
    items = [item for one, x, y in everywhere(whole, MARGIN, MARGIN) for item in _items(one, x, y)]
    return (
        f'<svg class="symcnn-diagram" xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{escape(title)}" '
        f'width="{width:.0f}" height="{height:.0f}" viewBox="0 0 {width:.0f} {height:.0f}" '
        'style="max-width:100%;height:auto">'
        f"<title>{escape(title)}</title><style>{STYLE}</style>{''.join(items)}</svg>"
    )


def _items(chart: Placed, x: float, y: float) -> Iterator[str]:
    """The arrows of one chart and its boxes; those that are opened come first, as a frame."""
    for way in (*chart.arrows, *chart.ends):
        yield _line(way, x, y, headed=bool(way[-1].text or chart.inputs[0].text))
    for place in (*chart.inputs, *chart.places):
        if place.text:
            yield from _box(place, x, y)
        if place.label:
            at = f'x="{x + place.x + BESIDE:.1f}" y="{y + place.bottom[1] + 14:.1f}"'
            yield f'<text class="shape" {at}>{escape(place.label)}</text>'


def _box(place: Place, x: float, y: float) -> Iterator[str]:
    left, top = x + place.x - place.left, y + place.y
    opened = place.inside is not None
    kind = ' class="weighted"' if place.box and place.box.weighted and not opened else ""
    rounded = place.height / 2 if place.box is None or place.box.is_join else 5
    corner = f'x="{left:.1f}" y="{top:.1f}" width="{place.left + place.right:.1f}" height="{place.height:.1f}"'
    yield f'<rect{kind} {corner} rx="{rounded:.1f}"/>'
    for i, line in enumerate(place.text):
        name = ' class="name"' if i == 0 and place.box is not None and not place.box.is_join else ""
        at = f'x="{x + place.x:.1f}" y="{top + PADDING / 2 + LINE * (i + 0.75):.1f}" text-anchor="middle"'
        if opened:
            at = f'x="{left + PADDING:.1f}" y="{top + PADDING / 2 + LINE * 0.75:.1f}"'
        yield f"<text{name} {at}>{escape(line)}</text>"


def _line(way: tuple[Place, ...], x: float, y: float, headed: bool) -> str:
    """A smooth line from place to place, and its head."""
    start = way[0].bottom
    path = [f"M{x + start[0]:.1f} {y + start[1]:.1f}"]
    for before, place in pairwise(way):
        (x0, y0), (x1, y1) = before.bottom, (place.x, place.y)
        middle = (y0 + y1) / 2
        path.append(f"C{x + x0:.1f} {y + middle:.1f} {x + x1:.1f} {y + middle:.1f} {x + x1:.1f} {y + y1:.1f}")
        if place.height and not place.text:
            path.append(f"V{y + place.y + place.height:.1f}")
    end = (x + way[-1].x, y + way[-1].y)
    line = f'<path d="{"".join(path)}"/>'
    if not headed:
        return line
    return line + f'<path class="head" d="M{end[0]:.1f} {end[1]:.1f}l-4 -8h8z"/>'
