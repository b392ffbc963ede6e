"""Powers of numbers, such as ``2**i``, in one form: SymPy writes the same product in several ways."""

from __future__ import annotations

from sympy import Expr, Mul, Pow, S, multiplicity


def gathered(product: Expr) -> Expr:
    """``4*2**(n - 1)`` as ``2**(n + 1)``: a factor's powers go into the exponent.

    So it shows that it is a whole number, and equal products are equal expressions.

    >>> from symcnn import dims
    >>> n = dims("n")
    >>> gathered(2 * 2**(n - 1)), gathered(2**n / 2), gathered(2**(n + 1) * 2**(-n))
    (2**n, 2**(n - 1), 2)
    """
    if not any(_of_number(factor) for factor in Mul.make_args(product)):
        return product
    number, rest = product.as_coeff_Mul()
    exponents: dict[Expr, Expr] = {}
    others = []
    for factor in Mul.make_args(rest):
        if _of_number(factor):
            base, exponent = factor.as_base_exp()
            exponents[base] = exponents.get(base, S.Zero) + exponent
        else:
            others.append(factor)
    for base in exponents:
        times = multiplicity(base, number) if exponents[base].free_symbols else 0
        number, exponents[base] = number / base**times, exponents[base] + times
    return Mul(number, *(Pow(base, exponent) for base, exponent in exponents.items()), *others)


def over(term: Expr, divisor: Expr) -> Expr:
    """``term/divisor``, powers of the same number cancelled."""
    return gathered(term / divisor)


def _of_number(factor: Expr) -> bool:
    return bool(factor.is_Pow and factor.base.is_Integer and factor.base > 1 and not factor.exp.is_Number)
