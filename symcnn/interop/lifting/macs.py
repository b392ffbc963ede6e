"""Multiply-accumulates of a constructor's models, counted at several image sizes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import product
from typing import Any, TypeAlias

from sympy import Symbol

from ...errors import LiftError, ShapeError, SizeError
from ...sizes import whole_number
from ..models import is_module
from .building import Constructor, Key, Tensors, written
from .fitting import Unfit, fit
from .polynomials import Place
from .refusing import refusal
from .variables import Variable, as_symbol, places

SIDES = (64, 192, 256, 576)
"""The sizes of an axis at which operations are counted: multiples of 64, which common networks halve evenly, at
distances that are not even, so that an image that is padded to some window's size does not seem to follow a law."""

KEPT = 64
"""So many models are kept for another input."""

Axis: TypeAlias = int | Symbol


def as_image(given: Any) -> tuple[Axis, ...]:
    """The input's shape, in numbers and symbols, from what a user gives: ``(3, "H", "W")``.

    Raises:
        ShapeError: no tuple.
        SizeError: an entry that is no size and no name.
    """
    if not isinstance(given, list | tuple) or not given:
        raise ShapeError(f"input is a shape such as (3, 'H', 'W'), got {given!r}")
    return tuple(map(_axis, given))


def _axis(value: Any) -> Axis:
    if isinstance(value, str | Symbol):
        return as_symbol(value)
    found = whole_number(value)
    if found is None or found < 1:
        raise SizeError(f"sizes of input are positive integers or names, got {value!r}")
    return found


class Operations:
    """Counts the multiply-accumulates of models on one input.

    Args:
        constructor: what makes the models.
        image: the shape of one input.
        variables: those of the constructor, then those of the image alone.
    """

    def __init__(self, constructor: Constructor, image: tuple[Axis, ...], variables: Sequence[Variable]) -> None:
        self.constructor = constructor
        self.image = image
        self.variables = variables
        self.model = lru_cache(maxsize=KEPT)(self._model)

    def tensors(self, place: Place) -> Tensors:
        """The count at a point, as the one size of a tensor.

        Raises:
            LiftError: what is made there is no module, or does not take such an input.
        """
        values = {variable.name: value for variable, value in zip(self.variables, place, strict=True)}
        shape = [axis if isinstance(axis, int) else values[axis.name] for axis in self.image]
        model = self.model(place[: len(self.constructor.names)])
        try:
            return {Key("macs", "the number of MACs"): (counted(model, shape),)}
        except Exception as error:  # Whatever a user's code raises is told of, with the point.
            point = written([variable.name for variable in self.variables], place)
            text = f"the model fails on an input at {point}: {type(error).__name__}: {error}"
        raise LiftError(text)

    def _model(self, place: Place) -> Any:
        made = self.constructor.made(place)
        if not is_module(made):
            raise LiftError(f"input= counts operations of a torch.nn.Module; make returned {made!r}")
        return made.to("meta").eval()

    def samples(self) -> list[Place]:
        """So many points as tell the polynomial: all sizes of the image for the first model, few for the others.

        Raises:
            LiftError: for the first model they follow no polynomial in the sizes.
        """
        own = len(self.constructor.names)
        models, sides = places(self.variables[:own]), places(self.variables[own:])
        laws = fit({side: self.tensors(models[0] + side) for side in sides}) if len(sides) > 1 else None
        if isinstance(laws, Unfit):
            raise refusal(laws, lambda side: self.tensors(models[0] + side), self.variables[own:])
        if laws is not None:
            few = [variable.samples[: laws.degree(k) + 1] for k, variable in enumerate(self.variables[own:])]
            sides = [*product(*few), tuple(variable.samples[-1] for variable in self.variables[own:])]
        return [model + side for model in models for side in sides]


def counted(model: Any, shape: Sequence[int]) -> int:
    """Multiply-accumulates of a model on one input, as PyTorch counts them: half of its FLOPs."""
    import torch
    from torch.utils.flop_counter import FlopCounterMode

    from ..weightless import Unnormed

    with torch.no_grad(), FlopCounterMode(display=False) as counter, Unnormed():
        model(torch.empty(1, *shape, device="meta"))
    return int(counter.get_total_flops()) // 2
