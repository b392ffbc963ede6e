"""Every row of the table obeys every law, and the laws catch what they should."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from cases import CASES, KINDS, Case
from sympy import Expr, Integer

from symcnn import Layer, Profile, Shape
from symcnn.profile import MULTIPLY_ACCUMULATE
from symcnn.settings import option, size
from symcnn.sizes import at_least
from symcnn.testing import check_layer
from symcnn.window import POINT


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_every_row_obeys_the_laws(case: Case) -> None:
    check_layer(case.layer, case.shape)


@pytest.mark.parametrize("case", [case for case in CASES if case.values], ids=lambda case: case.id)
def test_symbolic_rows_obey_the_laws_in_numbers(case: Case) -> None:
    check_layer(*case.numbers())


def test_every_kind_of_layer_has_a_row() -> None:
    assert {type(case.layer).__name__ for case in CASES} == set(KINDS)


def test_rows_have_different_ids() -> None:
    assert len({case.id for case in CASES}) == len(CASES)


# A layer of somebody else, and ways to get it wrong.


@dataclass(frozen=True, repr=False)
class Scale(Layer):
    """Some numbers for each channel, all multiplied into it."""

    factors: Any = size("f", positional=True)
    slow: bool = option(False)

    def apply(self, x: Shape) -> Profile:
        """A multiplication for each element and factor."""
        return Profile(
            x,
            x,
            weights={"weight": self.weight(x)},
            operations={MULTIPLY_ACCUMULATE: (self.factors, *x)},
            windows=(POINT,) * len(x.axes),
            conditions=self.conditions_on(x),
        )

    def weight(self, x: Shape) -> tuple[Expr, ...]:
        return (x.channels, self.factors)

    def conditions_on(self, x: Shape) -> Any:
        return at_least(x.channels, self.factors, lambda: "too few channels")


class WrongInNumbers(Scale):
    """A number where there should be a formula."""

    def weight(self, x: Shape) -> tuple[Expr, ...]:
        return (x.channels, self.factors if self.factors.is_Symbol else Integer(7))


class WrongForSymbols(Scale):
    """Symbols of the input are not counted."""

    def weight(self, x: Shape) -> tuple[Expr, ...]:
        return (Integer(4) if x.channels.is_Symbol and self.factors.is_Integer else x.channels, self.factors)


class WithoutCondition(Scale):
    """What numbers are refused for, symbols are not."""

    def conditions_on(self, x: Shape) -> Any:
        return super().conditions_on(x) and ()


class Thawed(Scale):
    """A layer that can be changed."""

    def __setattr__(self, name: str, value: Any) -> None:
        object.__setattr__(self, name, value)


class Mute(Scale):
    """A ``repr`` that leaves something out."""

    def __repr__(self) -> str:
        return f"Mute({self.factors})"


class Forgetful(Scale):
    """A copy that leaves something out."""

    def __reduce__(self) -> Any:
        return Forgetful, (self.factors,)


def test_a_layer_of_somebody_else_obeys_the_laws() -> None:
    check_layer(Scale(3), (4, 5, 6))
    check_layer(Scale(), (4, 5))


@pytest.mark.parametrize(
    ("layer", "message"),
    [
        (
            WrongInNumbers(3),
            "params of the general form with the values put in is 12, the layer gives 28",
        ),
        (
            WrongForSymbols(3),
            "params of on(size_0, size_1) at Shape(3, 5) is 12, on(3, 5) gives 9",
        ),
        (
            WithoutCondition(3),
            "WithoutCondition(3) on Shape(1, 5): the conditions () hold, but it does not build",
        ),
        (
            Thawed(3),
            "a layer is frozen: input of Thawed(3) could be set",
        ),
        (
            Mute(3, slow=True),
            "eval(repr(layer)) is Mute(3), which does not equal Mute(3)",
        ),
        (
            Forgetful(3, slow=True),
            "copy.copy(layer) is Forgetful(3), which does not equal Forgetful(3, slow=True, input=(4, 5))",
        ),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Layer) else "",
)
def test_a_broken_layer_is_caught(layer: Layer, message: str) -> None:
    with pytest.raises(AssertionError) as caught:
        check_layer(layer, (4, 5))
    assert str(caught.value) == message
