"""Why no formula is given: too few samples, or sizes that follow no polynomial."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from ...errors import LiftError
from .building import Tensors, written
from .fitting import Unfit
from .polynomials import HIGHEST, Number, Place, degree_in, fitted
from .variables import Variable, places

Measure = Callable[[Place], Tensors]


def refusal(unfit: Unfit, measure: Measure, variables: Sequence[Variable]) -> LiftError:
    """What to say of a size that follows no polynomial of the degree that its samples can tell.

    Some more models tell whether it follows one of a higher degree, for which there are too few samples.
    """
    failing = (lines for lines in _lines(variables) if _fitted(unfit, measure, *lines) is None)
    k, line = next(failing, (0, []))
    if not line:  # Where not all points were fitted, each variable may be told alone, and not all together.
        names = ", ".join(variable.name for variable in variables)
        return LiftError(f"{unfit.what} follows no polynomial in {names} together")
    variable = variables[k]
    degree = _degree(unfit, measure, k, line + list(_continued(line, k, variable)))
    if degree is not None:
        return LiftError(
            f"{unfit.what} is of degree {degree} in {variable.name}, which needs {degree + 2} sample points: "
            f"{degree + 1} to fit it, and 1 held back; got {len(line)}"
        )
    others = [other.name for other in variables if other is not variable]
    at = written(others, line[0][:k] + line[0][k + 1 :])
    values = ", ".join(str(unfit.read(measure(place))) for place in line)
    listed = ", ".join(str(place[k]) for place in line)
    return LiftError(
        f"{unfit.what} is {values} at {variable.name} = {listed}{f' ({at})' if at else ''}, "
        f"which follows no polynomial of degree {min(len(line) - 2, HIGHEST)} or less; "
        "where sizes are rounded or an image is cut into windows, give multiples of that"
    )


def _lines(variables: Sequence[Variable]) -> Iterator[tuple[int, list[Place]]]:
    """The sample points that differ in one variable alone."""
    for k, variable in enumerate(variables):
        for place in places([*variables[:k], *variables[k + 1 :]]):
            yield k, [(*place[:k], value, *place[k:]) for value in variable.samples]


def _continued(line: Sequence[Place], k: int, variable: Variable) -> Iterable[Place]:
    return ((*line[0][:k], value, *line[0][k + 1 :]) for value in variable.continued())


def _degree(unfit: Unfit, measure: Measure, k: int, line: list[Place]) -> int | None:
    """The degree along a line that is continued; None where there is none, or no model."""
    try:
        return _fitted(unfit, measure, k, line)
    except LiftError:
        return None


def _fitted(unfit: Unfit, measure: Measure, k: int, line: list[Place]) -> int | None:
    values: list[Number] = [unfit.read(measure(place)) for place in line]
    polynomial = fitted([(place[k],) for place in line], values)
    return None if polynomial is None else degree_in(polynomial, 0)
