"""``lift``: from a constructor to its formulas."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ...sizes import Conditions, reduced
from .building import Constructor, require_callable, require_names, taken
from .certifying import Certifier, Lattice
from .evidence import Evidence, Point
from .fitting import Unfit, fit
from .laws import Laws, TensorLaws
from .lifted import Lifted
from .macs import SIDES, Axis, Operations, as_image
from .polynomials import Place
from .refusing import Measure, refusal
from .variables import Variable, as_variables, places


def lift(make: Callable[..., Any], over: Mapping[Any, Any], *, input: Any = None) -> Lifted:
    """The closed formulas of a constructor, recovered from the models that it makes.

    Models are built at every combination of the sample values, without memory for their weights. Each
    size of each tensor, known by its name, is fitted by an exact polynomial with rational coefficients.
    Where there are more tensors at one point than at another, as with depth, a number in their names is
    an index that they are summed over; where names follow no pattern, the totals are fitted. Then models
    are built at points that were held back, between the samples, beyond them, below them and off their
    lattice. Where the formula holds on a lattice alone, such as ``8 | width``, that is its condition.

    Args:
        make: what takes the variables by name and returns a ``torch.nn.Module``; or a count, or counts
            and shapes by name, for which PyTorch is not needed.
        over: sample values of each variable: ``{"width": [16, 32, 48, 64], "depth": range(1, 6)}``. To tell
            a polynomial of degree d, d + 2 values are needed.
        input: the shape of one input, ``(3, "H", "W")``: the MACs too are lifted, in all variables and in
            the names that are in it, from PyTorch's own count. Names in it that ``make`` does not take
            may have sample values in ``over``, and otherwise have multiples of 64.

    A formula rests on evidence, not on proof: models are built up to eight times the last sample, and what is
    done at sizes that nobody built is not known. Recurrent layers are run step by step to be counted, so a
    sequence's length is best given short sample values.

    Raises:
        LiftError: the constructor fails at a sample point, what it makes is none of these, sizes follow
            no polynomial, or too few values are given to tell.
        UnknownNameError: a name that ``make`` does not take.
        SizeError: sample values that are no positive integers.

    >>> import symcnn as sc
    >>> def count(width, depth):
    ...     return depth * (9 * width**2 + width)
    >>> family = sc.lift(count, {"width": [8, 16, 24, 32], "depth": [1, 2, 3]})
    >>> family.params, family.conditions
    (9*depth*width**2 + depth*width, ())
    >>> halves = sc.lift(lambda width: {"weight": (width // 4 * 4, 3)}, {"width": [8, 16, 24]})
    >>> halves.params, halves.conditions
    (3*width, (4 | width,))
    """
    require_callable(make)
    image = None if input is None else as_image(input)
    variables, sides = _apart(make, as_variables(over), image or ())
    names = [variable.name for variable in variables]
    require_names(make, names)
    constructor = Constructor(make, names)
    found = _lifted(constructor.tensors, variables)
    symbols = [variable.symbol for variable in variables]
    by_tensor = isinstance(found.laws, TensorLaws)
    lifted = Lifted(
        params=found.laws.total("weight", symbols),
        buffers=found.laws.total("buffer", symbols),
        macs=None,
        rows=tuple(found.laws.rows(symbols)) if isinstance(found.laws, TensorLaws) else None,
        evidence=found.evidence("tensor" if by_tensor else "total"),
        conditions=found.conditions,
    )
    if image is None:
        return lifted
    return _with_macs(lifted, Operations(constructor, image, (*found.variables, *sides)))


@dataclass(frozen=True)
class _Found:
    """Laws with the points that they rest on."""

    laws: Laws
    variables: Sequence[Variable]
    points: Sequence[Place]
    lattices: Sequence[Lattice]
    certifier: Certifier

    @property
    def conditions(self) -> Conditions:
        return tuple(condition for lattice in self.lattices for condition in lattice.conditions)

    def evidence(self, by: str) -> Evidence:
        """What a user is shown of it."""
        return Evidence(
            samples={variable.symbol: variable.samples for variable in self.variables},
            points=tuple(map(self._point, self.points)),
            held_back=tuple(map(self._point, self.certifier.held)),
            failed=tuple((self._point(place), why) for place, why in self.certifier.failed.items()),
            degrees={variable.symbol: self.laws.degree(k) for k, variable in enumerate(self.variables)},
            lattice={lattice.variable.symbol: lattice.conditions for lattice in self.lattices},
            by=by,
        )

    def _point(self, place: Place) -> Point:
        return {variable.name: value for variable, value in zip(self.variables, place, strict=True)}


def _apart(
    make: Callable[..., Any], variables: Sequence[Variable], image: Sequence[Axis]
) -> tuple[list[Variable], list[Variable]]:
    """The variables of a constructor, and those of the image alone."""
    axes = {axis.name: axis for axis in image if not isinstance(axis, int)}
    named, any_other = taken(make)
    sides = {v.name: v for v in variables if v.name in axes and v.name not in named and not any_other}
    own = [variable for variable in variables if variable.name not in sides]
    others = axes.keys() - {variable.name for variable in own}
    return own, [sides.get(name, Variable(axis, SIDES)) for name, axis in axes.items() if name in others]


def _lifted(measure: Measure, variables: Sequence[Variable]) -> _Found:
    """The laws through all samples, or through those on a coarser lattice; and where they hold."""
    refused: Unfit | None = None
    for chosen in _chosen(variables):
        points = places(chosen)
        laws = fit({place: measure(place) for place in points})
        if not isinstance(laws, Unfit):
            return _certified(laws, measure, chosen, points)
        refused = refused or laws
    assert refused is not None
    raise refusal(refused, measure, variables)


def _chosen(variables: Sequence[Variable]) -> Iterator[Sequence[Variable]]:
    """All samples; then those that are multiples of a number, in one variable."""
    yield variables
    for k, variable in enumerate(variables):
        for coarser in variable.coarser():
            yield [*variables[:k], coarser, *variables[k + 1 :]]


def _certified(laws: Laws, measure: Measure, variables: Sequence[Variable], points: Sequence[Place]) -> _Found:
    certifier = Certifier(laws, measure, variables)
    return _Found(laws, variables, points, certifier.lattices(), certifier)


def _with_macs(lifted: Lifted, operations: Operations) -> Lifted:
    """The formulas with those of the MACs."""
    points = operations.samples()
    laws = fit({place: operations.tensors(place) for place in points})
    if isinstance(laws, Unfit):
        raise refusal(laws, operations.tensors, operations.variables)
    found = _certified(laws, operations.tensors, operations.variables, points)
    return replace(
        lifted,
        macs=laws.total("macs", [variable.symbol for variable in operations.variables]),
        evidence=replace(lifted.evidence, macs=found.evidence("macs")),
        conditions=reduced([*lifted.conditions, *found.conditions]),
    )
