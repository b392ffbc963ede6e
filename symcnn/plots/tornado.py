"""The numbers of a picture of sensitivity, apart from the drawing: ``sensitivity_data``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sympy import Expr, S

from ..analysis import Driver, drivers
from ..analysis.driving.effect import Effect
from ..errors import UnknownNameError, nearest
from ..layer import Layer
from .arguments import Values
from .counted import check_network
from .per_layer import quantity_names

MEASURES = ("elasticity", "tenth")
"""What a bar may show: the elasticity, or the change for 10 % more and for 10 % less."""


class Sensitivity(NamedTuple):
    """A size of a network, and how sensitive each total is to it.

    ``numbers`` has for each total the elasticity; or the changes, in per cent, for 10 % less and 10 % more.
    What has no derivative has the arc elasticity of its next value, and is a ``step``.
    """

    factor: str
    value: Expr
    numbers: tuple[tuple[float, ...], ...]
    step: bool

    @property
    def name(self) -> str:
        """The size and its value."""
        return f"{self.factor} = {self.value}"

    @property
    def most(self) -> float:
        """The largest of its numbers, whatever their signs."""
        return max(abs(number) for numbers in self.numbers for number in numbers)


def sensitivity_data(
    net: Layer, at: Values | None = None, *, of: str | Sequence[str] = ("params", "macs"), measure: str = "elasticity"
) -> list[Sensitivity]:
    """The numbers that ``sensitivity`` draws, the most sensitive first.

    The arguments are those of ``sensitivity``; the errors are too.

    >>> import symcnn as sc
    >>> for bar in sensitivity_data(sc.zoo.get_model("vgg16"), of="params")[:3]:
    ...     print(bar.name, round(bar.numbers[0][0], 2), bar.step)
    Linear.out_features = 4096 1.01 False
    w = 64 0.96 False
    Conv2d.out_channels = 512 0.92 False
    """
    check_network(net, "sensitivity")
    if measure not in MEASURES:
        raise UnknownNameError(f"sensitivity measures no {measure!r}{nearest(str(measure), MEASURES)}")
    names = quantity_names(of)
    found = drivers(net, at, of=names)
    bars = [_bar(row, [found.totals[name] for name in names], names, measure) for row in found]
    return sorted((bar for bar in bars if bar is not None), key=lambda bar: -bar.most)


def _bar(row: Driver, totals: Sequence[Expr], names: Sequence[str], measure: str) -> Sensitivity | None:
    effects = [row.effects[name] for name in names]
    step = any(effect.elasticity is None for effect in effects)
    if step and (measure == "tenth" or row.after is None or row.value == 0):
        return None
    numbers = [_numbers(effect, row, total, measure == "tenth") for effect, total in zip(effects, totals, strict=True)]
    return Sensitivity(row.factor, row.value, tuple(numbers), step)


def _numbers(effect: Effect, row: Driver, total: Expr, tenth: bool) -> tuple[float, ...]:
    if tenth:
        return tuple(100 * float(change or 0) for change in (effect.tenth_less, effect.tenth))
    if effect.elasticity is not None:
        return (float(effect.elasticity),)
    assert row.after is not None
    added = effect.increment or S.Zero
    return (float(added / total / ((row.after - row.value) / row.value)) if total != 0 else 0.0,)
