"""A piece of the input: what a branch takes where channels are split.

Source: PyTorch's documentation of ``torch.chunk`` and ``torch.split``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sympy import Add

from ..errors import SizeError
from ..layer import Layer
from ..profile import Profile, Storage
from ..settings import LEFT_OUT, declared
from ..shape import Shape
from ..sizes import Conditions, Size, as_size, at_least, divides, same
from ..window import ONE, POINT, Window
from .fields import ShapeSetting, SizesSetting, axis_of, integer


class _SectionsSetting(ShapeSetting):
    """A number of pieces, or the sizes of the pieces, one of which may be -1."""

    def admit(self, value: Any, name: str, rank: int) -> Any:
        return super().admit(value, name, rank) if isinstance(value, tuple | list) else as_size(value, name)

    def sizes(self, value: Any) -> Iterator[Size]:
        return (size for size in SizesSetting.sizes(self, value) if size != -1)

    def shown(self, value: Any) -> str:
        return SizesSetting.shown(self, value)


@dataclass(frozen=True, eq=False, repr=False)
class Split(Layer):
    """One of the pieces that an axis is split into; a view.

    Args:
        sections: how many equal pieces, or a tuple of the pieces' sizes, which add up to the axis; one of
            them may be -1: what the others leave.
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

    sections: Any = declared(_SectionsSetting("n", LEFT_OUT), LEFT_OUT, positional=True)
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
            storage=Storage.STRIDED if place else Storage.SLICED,
            windows=tuple(cut if axis == place else POINT for axis in range(1, len(x))),
            conditions=conditions,
        )

    def _cut(self, whole: Size, x: Shape) -> tuple[Size, Size, Conditions]:
        """Where the piece begins, its size, and what must hold for the cut."""
        if isinstance(self.sections, tuple):
            sections, conditions = self._sections(whole, x)
            return Add(*sections[: self.index]), sections[self.index], conditions
        conditions = divides(
            self.sections,
            whole,
            lambda: f"sections must divide the axis, got sections={self.sections} and {whole} of {x}",
            "sections divides the axis",
        )
        piece = whole / self.sections
        return self.index * piece, piece, conditions + self._indexed()

    def _sections(self, whole: Size, x: Shape) -> tuple[tuple[Size, ...], Conditions]:
        """The sizes of the pieces, the one that is left among them."""
        given = Add(*(size for size in self.sections if size != -1))
        if -1 not in self.sections:
            conditions = same(
                given,
                whole,
                lambda: f"sections must add up to the axis, got {self.sections} and {whole} of {x}",
                "sections add up to the axis",
            )
            return self.sections, conditions
        left = whole - given
        conditions = at_least(
            left,
            1,
            lambda: f"sections must leave something of the axis, got {self.sections} and {whole} of {x}",
            "sections leave something of the axis",
        )
        return tuple(left if size == -1 else size for size in self.sections), conditions
