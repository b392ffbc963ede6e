"""Exact polynomials through exact values."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise, product

from sympy import Add, Expr, Mul, Rational, Symbol

Number = int | Fraction
Place = tuple[int, ...]
Polynomial = Mapping[tuple[int, ...], Number]
"""Coefficients by the exponents of the variables."""

HIGHEST = 6
"""The highest degree in one variable that is looked for."""


def fitted(places: Sequence[Place], values: Sequence[Number]) -> Polynomial | None:
    """The polynomial of the least total degree through all values, or None.

    In no variable is its degree more than the number of that variable's values less 2, so that one
    value at least is there to check it by; and there are more places than coefficients.

    >>> fitted([(1,), (2,), (3,), (4,)], [1, 3, 6, 10])
    {(1,): Fraction(1, 2), (2,): Fraction(1, 2)}
    >>> fitted([(1,), (2,), (3,), (4,)], [1, 2, 4, 8])
    """
    if len(set(values)) == 1 and len(places) > 1:
        return {(0,) * len(places[0]): values[0]} if values[0] else {}
    caps = [_degree(places, values, k) for k in range(len(places[0]))]
    known = [cap for cap in caps if cap is not None]
    for degree in range(1, sum(known) + 1 if len(known) == len(caps) else 0):
        monomials = [m for m in product(*(range(cap + 1) for cap in known)) if sum(m) <= degree]
        if len(monomials) >= len(places):
            return None
        rows = ([_product(place, m) for m in monomials] for place in places)
        found = _solution(len(monomials), zip(rows, values, strict=True))
        if found is not None:
            return {m: c for m, c in zip(monomials, found, strict=True) if c}
    return None


def _degree(places: Sequence[Place], values: Sequence[Number], k: int) -> int | None:
    """The degree in one variable, by the longest lines along it; None where it is more than can be told."""
    lines: dict[Place, list[tuple[int, Number]]] = {}
    for place, value in zip(places, values, strict=True):
        lines.setdefault(place[:k] + place[k + 1 :], []).append((place[k], value))
    longest = max(map(len, lines.values()))
    found = max(_of_line(line) for line in lines.values() if len(line) == longest)
    most = max(len({place[k] for place in places}) - 2, 0)
    return found if found <= min(most, HIGHEST) else None


def _of_line(line: Sequence[tuple[int, Number]]) -> int:
    """The degree of the polynomial through all points of a line, by Newton's divided differences."""
    at = [x for x, _ in line]
    differences: list[Number] = [value for _, value in line]
    degree = 0
    for order in range(1, len(line)):
        pairs = zip(pairwise(differences), at[order:], at, strict=False)
        differences = [Fraction(b - a) / (right - left) for (a, b), right, left in pairs]
        degree = order if differences[0] else degree
    return degree


def _product(place: Place, exponents: tuple[int, ...]) -> int:
    return math.prod(x**e for x, e in zip(place, exponents, strict=True))


def _solution(width: int, equations: Iterable[tuple[list[int], Number]]) -> list[Number] | None:
    """The one solution of all equations, by Gauss and Jordan; None where there is none or another one."""
    solved: dict[int, list[Number]] = {}  # Each row by the place of its leading 1; the last entry is the value.
    for coefficients, value in equations:
        row: list[Number] = [*coefficients, value]
        for place, other in solved.items():
            row = _without(row, other, place)
        lead = next((place for place in range(width) if row[place]), None)
        if lead is None:
            if row[width]:
                return None
            continue
        row = [Fraction(entry) / row[lead] for entry in row]
        solved = {place: _without(other, row, lead) for place, other in solved.items()}
        solved[lead] = row
    return [solved[place][width] for place in range(width)] if len(solved) == width else None


def _without(row: list[Number], other: list[Number], place: int) -> list[Number]:
    """A row less so much of another that the entry at a place is 0."""
    times = row[place]
    return [a - times * b for a, b in zip(row, other, strict=True)] if times else row


def value_at(polynomial: Polynomial, place: Place) -> Number:
    """The value of a polynomial."""
    return sum(c * _product(place, exponents) for exponents, c in polynomial.items())


def degree_in(polynomial: Polynomial, variable: int) -> int:
    """The degree in one of the variables."""
    return max((exponents[variable] for exponents in polynomial), default=0)


def expression(polynomial: Polynomial, symbols: Sequence[Symbol]) -> Expr:
    """A polynomial in symbols.

    >>> from symcnn import dims
    >>> expression({(1,): 3, (0,): 1}, [dims("n")])
    3*n + 1
    """
    return Add(*(Mul(Rational(c), *_powers(exponents, symbols)) for exponents, c in polynomial.items()))


def _powers(exponents: tuple[int, ...], symbols: Sequence[Symbol]) -> Iterator[Expr]:
    for symbol, exponent in zip(symbols, exponents, strict=True):
        if exponent:
            yield symbol**exponent
