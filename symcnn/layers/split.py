"""A piece of the input: what a branch takes where channels are split.

Source: PyTorch's documentation of ``torch.chunk`` and ``torch.split``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sympy import Add

from ..errors import SizeError
from ..layer import Layer
from ..profile import Profile
from ..settings import LEFT_OUT
from ..shape import Shape
from ..sizes import Conditions, Size, at_least, divides, same
from ..window import ONE, POINT, Window
from .fields import axis_of, integer, sizes


@dataclass(frozen=True, eq=False, repr=False)
class Split(Layer):
    """One of the pieces that an axis is split into; a view.

    Args:
        sections: how many equal pieces, or a tuple of the pieces' sizes, which add up to the axis.
        index: which piece, from 0.
        axis: the axis, counted without the batch: 0 is the channels.

    Raises:
        SizeError: ``sections`` that are not sizes, an ``index`` that none of the pieces has.
        ShapeError: an input that has no such axis.
        ConditionError: an axis that cannot be split so.

    >>> import symcnn as sc
    >>> sc.Split(2, 0).on((116, 28, 28)).output, sc.Split((24, 92), 1).on((116, 28, 28)).output
    (Shape(58, 28, 28), Shape(92, 28, 28))
    """

    sections: Any = sizes("n", LEFT_OUT, positional=True)
    index: int = integer(0, positional=True)
    axis: int = integer(0)

    def check(self) -> None:
        """There is a piece of that index."""
        if self.index < 0:
            raise SizeError(f"index must be an integer of at least 0, got {self.index}")
        if isinstance(self.sections, tuple):
            self._within(len(self.sections))
        elif self.sections is not LEFT_OUT:
            self._indexed()

    def _within(self, pieces: int) -> None:
        if self.index >= pieces:
            raise SizeError(f"index must be less than the number of pieces, got index={self.index} of {pieces}")

    def _indexed(self) -> Conditions:
        if self.sections.is_Integer:
            self._within(int(self.sections))
        return at_least(self.sections, self.index + 1, str, "index is less than the number of pieces")

    def apply(self, x: Shape) -> Profile:
        """The sizes of the input, and along the axis the piece's."""
        place = axis_of(x, self.axis, "axis")
        whole = x[place]
        before, piece, conditions = self._cut(whole, x)
        # A window of one place, with less than no padding: it never stands where the other pieces are.
        cut = Window(ONE, ONE, (-before, before + piece - whole))
        return Profile(
            x,
            Shape.of((*x[:place], piece, *x[place + 1 :])),
            tensors={},
            windows=tuple(cut if axis == place else POINT for axis in range(1, len(x))),
            conditions=conditions,
        )

    def _cut(self, whole: Size, x: Shape) -> tuple[Size, Size, Conditions]:
        """Where the piece begins, its size, and what must hold for the cut."""
        if isinstance(self.sections, tuple):
            conditions = same(
                Add(*self.sections),
                whole,
                lambda: f"sections must add up to the axis, got {self.sections} and {whole} of {x}",
                "sections add up to the axis",
            )
            return Add(*self.sections[: self.index]), self.sections[self.index], conditions
        conditions = divides(
            self.sections,
            whole,
            lambda: f"sections must divide the axis, got sections={self.sections} and {whole} of {x}",
            "sections divides the axis",
        )
        piece = whole / self.sections
        return self.index * piece, piece, conditions + self._indexed()
