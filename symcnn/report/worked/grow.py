"""Formulas in teaching form, grown from expressions and from the shapes of weights."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from sympy import Expr, Integer, Max, Min, fraction

from ...sizes import FloorDiv
from ...sizes.printing import rounding
from .tree import Call, Leaf, Negative, Node, Power, Product, Quotient, Rounded, Sum

Factors = tuple[Expr, ...]

ONE = Leaf(size=Integer(1))


def grown(expr: Expr) -> Node:
    """The tree of an expression: what is added first, what is taken away next, constants last.

    >>> from symcnn import FloorDiv, dims
    >>> from symcnn.report.worked.notation import Text
    >>> H, k, p, s = dims("H k p s")
    >>> grown(FloorDiv(H - k + 2 * p, s) + 1).write(Text())
    '⌊(H + 2 · p - k)/s⌋ + 1'
    """
    if expr.is_Add:
        return Sum(tuple(map(_term, _ordered(expr))))
    if expr.is_Mul:
        return _quotient(expr)
    if expr.is_Pow and expr.exp.is_Integer and expr.exp > 1:
        return Power((grown(expr.base),), exponent=int(expr.exp))
    if isinstance(expr, FloorDiv):
        kind, over = rounding(*expr.args)
        return Rounded((Quotient((grown(over), grown(expr.args[1]))),), kind=kind)
    if isinstance(expr, Max | Min):
        arguments = sorted(expr.args, key=lambda arg: (bool(arg.is_Number), str(arg)))
        return Call(tuple(map(grown, arguments)), name=type(expr).__name__.lower())
    return Leaf(size=expr)


def _ordered(expr: Expr) -> list[Expr]:
    def place(term: Expr) -> int:
        return 2 if term.is_Number else 1 if _is_taken(term) else 0

    return sorted(expr.as_ordered_terms(), key=place)


def _is_taken(term: Expr) -> bool:
    return bool(term.as_coeff_Mul()[0].is_negative)


def _term(term: Expr) -> Node:
    return Negative((grown(-term),)) if _is_taken(term) else grown(term)


def _quotient(expr: Expr) -> Node:
    over, under = fraction(expr)
    if under == 1:
        number, rest = over.as_coeff_Mul()
        return product([number, *rest.as_ordered_factors()])
    return Quotient((grown(over), grown(under)))


def product(factors: Iterable[Expr]) -> Node:
    """The product of some sizes in this order; ones are left out."""
    parts = tuple(grown(factor) for factor in factors if factor != 1)
    return _one_or(Product, parts) if parts else ONE


def counted(products: Sequence[Factors]) -> Node:
    """How many numbers there are in arrays of these shapes, as one counts them by hand.

    The sizes that all shapes have are taken out where that leaves a product to add to:
    ``(k · k · C_in + 1) · C_out``, but ``F_in · F_out + F_out``. Equal shapes are counted.

    >>> from symcnn import dims
    >>> from symcnn.report.worked.notation import Text
    >>> C_out, C_in, k = dims("C_out C_in k")
    >>> counted([(C_out, C_in, k), (C_out,)]).write(Text())
    '(k · C_in + 1) · C_out'
    """
    shapes = Counter(tuple(size for size in shape if size != 1) for shape in products)
    common = _common(list(shapes))
    rests = [_without(shape, common) for shape in shapes]
    if len(shapes) > 1 and common and max(map(len, rests)) > 1:
        inner = added(dict(zip(rests, shapes.values(), strict=True)))
        return Product((inner, *(grown(size) for size in reversed(common))))
    return added(shapes)


def added(shapes: dict[Factors, int]) -> Node:
    """The sum of the products of some shapes, each so many times; the last size comes first."""
    terms = (product([Integer(times), *reversed(shape)]) for shape, times in shapes.items())
    return _one_or(Sum, tuple(terms))


def total(products: Iterable[Factors]) -> Node:
    """The sum of products whose factors stand in order already; equal ones are counted."""
    terms = (product([Integer(times), *factors]) for factors, times in Counter(products).items())
    return _one_or(Sum, tuple(terms))


def plus(terms: Iterable[Expr]) -> Node:
    """The sum of numbers and finished formulas; equal ones are counted.

    >>> from symcnn.report.worked.notation import Text
    >>> plus(map(Integer, (448, 32, 9248, 9248))).write(Text())
    '448 + 32 + 2 · 9248'
    """
    parts = (
        Leaf(size=term) if times == 1 else Product((Leaf(size=Integer(times)), Leaf(size=term)))
        for term, times in Counter(terms).items()
    )
    return _one_or(Sum, tuple(parts))


def _one_or(several: type[Sum] | type[Product], parts: tuple[Node, ...]) -> Node:
    if not parts:
        return Leaf(size=Integer(0))
    return parts[0] if len(parts) == 1 else several(parts)


def _common(shapes: list[Factors]) -> list[Expr]:
    """The sizes that all shapes have, in the first one's order."""
    if not shapes:
        return []
    shared = Counter(shapes[0])
    for shape in shapes[1:]:
        shared &= Counter(shape)
    return list(shared.elements())


def _without(shape: Factors, common: list[Expr]) -> Factors:
    left = list(shape)
    for size in common:
        left.remove(size)
    return tuple(left)
