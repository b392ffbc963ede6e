"""What an output position sees of a network's input, along each axis, however the axes are put in order on the way."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ..window import IRREGULAR, POINT, WHOLE, Window, at_place, repeated, side_by_side
from .ledger import Range


class Seen(NamedTuple):
    """For each axis of the input, the channels first: the window along it, and its place in the output.

    No places are those that the axes had. A place that the output has no more is that of an axis all of
    which is seen.
    """

    windows: tuple[Window, ...]
    places: tuple[int, ...] = ()

    def place(self, axis: int) -> int:
        """Where an axis of the input stands in the output."""
        return self.places[axis] if axis < len(self.places) else axis

    def through(self, layer: Seen, over: Range | None = None) -> Seen:
        """What is seen through a layer behind this; through many in a row, where it is repeated."""
        windows, places = [], []
        for axis, window in enumerate(self.windows):
            place = self.place(axis)
            windows.append(window >> layer.along(place, over))
            places.append(layer.place(place))
        return Seen(tuple(windows), tuple(places))

    def along(self, place: int, over: Range | None) -> Window:
        """The window of a layer along one of its axes; what has no such axis adds nothing."""
        if place >= len(self.windows):
            return POINT
        window = self.windows[place]
        if over is None:
            return window
        if over.count == 1:
            return at_place(window, over.index, over.first)
        # Where the axes change places each time, there is no one window for all times.
        return repeated(window, *over) if self.place(place) == place else IRREGULAR


def met(branches: Sequence[Seen]) -> Seen:
    """What is seen through branches that meet."""
    first, *others = branches
    if not others:
        return first
    windows = tuple(map(side_by_side, *(branch.windows for branch in branches)))
    astray = [any(b.place(axis) != first.place(axis) for b in others) for axis in range(len(windows))]
    return Seen(tuple(_lost(w) if lost else w for w, lost in zip(windows, astray, strict=True)), first.places)


def _lost(window: Window) -> Window:
    """What is seen along an axis that stands at different places in branches that meet."""
    return window if window is WHOLE else IRREGULAR
