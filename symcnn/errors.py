"""The errors of the package: a rule that was broken, and the value that broke it.

A check deep inside states the rule and the value in one sentence. The layer that ran it, and
each network around that layer, add where it stands, so a user reads
``layer features.3, Conv2d(64, 7): kernel_size 7 is larger than the padded input 5``.
"""

from __future__ import annotations

from collections.abc import Iterable


class SymcnnError(ValueError):
    """Whatever symcnn refuses. Its text names the layer, the rule and the value."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
        self.layer = ""
        self.path: tuple[str, ...] = ()

    def inside(self, layer: str) -> None:
        """Say which layer this came from; the innermost one to speak is kept."""
        self.layer = self.layer or brief(layer)

    def under(self, name: str) -> None:
        """Say under which name the layer (or network) stands in the network around it."""
        self.path = (name, *self.path)

    def __str__(self) -> str:
        place = [f"layer {'.'.join(self.path)}"] if self.path else []
        place += [self.layer] if self.layer else []
        return f"{', '.join(place)}: {self.message}" if place else self.message


def brief(layer: str) -> str:
    r"""A layer as Python code for a message: where that fills lines, as that of a network may, its kind.

    >>> brief("Conv2d(64, 7)"), brief("Sequential(\n    Conv2d(64, 7),\n)")
    ('Conv2d(64, 7)', 'Sequential(...)')
    """
    kind, _, more = layer.partition("(")
    return f"{kind}(...)" if "\n" in more else layer


class SizeError(SymcnnError):
    """A value that is not a size, or not one that this setting can have."""


class ShapeError(SymcnnError):
    """An input that a layer cannot take."""


class ConditionError(SymcnnError):
    """Values that break a condition under which a formula holds."""


class UnknownNameError(SymcnnError):
    """A name that means nothing here: a size, a quantity, a layer, a model, a format."""


class MissingValueError(SymcnnError):
    """A size that needs a value and has none."""


class LiftError(SymcnnError):
    """A constructor that no formula can be lifted from, or not from these sample points."""


def nearest(name: str, known: Iterable[str]) -> str:
    """The end of a message about an unknown name: what it may have meant, and what there is.

    >>> nearest("parms", ["params", "macs"])
    "; did you mean 'params'? Known: params, macs"
    """
    import difflib  # On the way to an error only: it takes a hundredth of the package's start.

    known = list(known)
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    listed = ", ".join(known) or "none"
    return f"; did you mean {close[0]!r}? Known: {listed}" if close else f"; known: {listed}"
