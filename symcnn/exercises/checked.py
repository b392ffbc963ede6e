"""What comes of checking an answer."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, repr=False)
class Checked:
    """Whether an answer is right, what there is to say of it, and which mistake was made.

    Args:
        right: whether it is.
        said: what is wrong, or why it is right, in one sentence.
        mistake: the name of the mistake, where it is a known one.

    >>> Checked(False, "the bias is missing: 864 = 3·3·3·32; each filter adds one", "bias forgotten")
    wrong: the bias is missing: 864 = 3·3·3·32; each filter adds one
    """

    right: bool
    said: str
    mistake: str | None = None

    def __bool__(self) -> bool:
        return self.right

    def __str__(self) -> str:
        return f"{'right' if self.right else 'wrong'}: {self.said}"

    __repr__ = __str__
