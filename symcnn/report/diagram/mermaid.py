"""A chart as Mermaid text, which GitHub, GitLab and many editors draw."""

from __future__ import annotations

from .boxes import Chart
from .layout import text_of, written

ENTITIES = {"#": "#35;", '"': "#quot;", "<": "#lt;", ">": "#gt;", "|": "#124;", "`": "#96;", "\n": " "}


def mermaid(chart: Chart) -> str:
    """A flowchart from the top down."""
    lines = ["flowchart TD"]
    starts = [f"in{i}" for i in range(len(chart.inputs))]
    lines += [f'  {start}(["{_text(name)}"])' for start, (name, _) in zip(starts, chart.inputs, strict=True)]
    found = _Written(chart, starts, "n", "  ")
    return "\n".join([*lines, *found.nodes, *found.arrows])


class _Written:
    """The nodes and arrows of a chart; ``starts`` are the nodes that its inputs come from."""

    def __init__(self, chart: Chart, starts: list[str], prefix: str, indent: str) -> None:
        self.nodes: list[str] = []
        self.arrows: list[str] = []
        self.last: list[str] = []
        for i in range(len(chart.boxes)):
            self._box(chart, i, starts, f"{prefix}{i}", indent)
        self.ends = [self.last[i] if i >= 0 else starts[-1 - i] for i in chart.outputs]

    def _box(self, chart: Chart, i: int, starts: list[str], key: str, indent: str) -> None:
        box = chart.boxes[i]
        shapes = [chart.inputs[-1 - one][1] if one < 0 else chart.boxes[one].output for one in box.takes]
        sources = [starts[-1 - one] if one < 0 else self.last[one] for one in box.takes]
        label = "<br/>".join(map(_text, text_of(box)))
        if box.inside is None:
            self.nodes.append(f'{indent}{key}(["{label}"])' if box.is_join else f'{indent}{key}["{label}"]')
            self.last.append(key)
            targets = [key] * len(sources)
        else:
            targets = self._inside(box.inside, key, _text(text_of(box)[0]), indent)
        self.arrows += [
            f'  {source} -->|"{_text(written(shape))}"| {target}'
            for source, shape, target in zip(sources, shapes, targets, strict=True)
        ]

    def _inside(self, chart: Chart, key: str, label: str, indent: str) -> list[str]:
        """A box that is opened; where its input goes."""
        start = f"{key}_in"
        inner = _Written(chart, [start], f"{key}_", f"{indent}  ")
        self.nodes += [f'{indent}subgraph {key}["{label}"]', f"{indent}  {start}(( ))", *inner.nodes, f"{indent}end"]
        self.arrows += inner.arrows
        self.last.append(inner.ends[0])
        return [start]


def _text(text: str) -> str:
    """Text between quotation marks."""
    return "".join(ENTITIES.get(letter, letter) for letter in text)
