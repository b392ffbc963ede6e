"""Finite differences, elasticities, leading terms, and the smooth law beside the exact formula."""

from fractions import Fraction

import pytest
from growing_networks import STRIDED, H, K, W, n, stack, tutorial, w
from refusing import assert_refused
from sympy import Integer, Max, Mod, Piecewise, Rational, Sum, Symbol, limit, log, oo, simplify

import symcnn as sc
from symcnn.errors import SizeError, UnknownNameError

alpha = sc.ratio("alpha")
odd = sc.dims("k", odd=True)
ZOO = ("lenet5", "alexnet", "vgg16", "resnet50", "densenet121", "mobilenet_v2", "vit_b_16", "unet")


def test_what_a_user_types():
    P = tutorial().params.subs({H: 8, W: 8})
    assert P.diff(w) == 8 * K + 36 * w + 36
    assert sc.increment(P, w) == 8 * K + 36 * w + 54
    assert sc.leading_term(18 * w**2 + 36 * w, w) == 18 * w**2
    assert sc.elasticity(18 * w**2 + 36 * w, w) == (2 * w + 2) / (w + 2)


# increment.


@pytest.mark.parametrize("name", STRIDED)
@pytest.mark.parametrize("step", [1, 2, 5])
def test_an_increment_is_the_difference_at_every_size(name, step):
    macs = STRIDED[name].macs
    difference = sc.increment(macs, H, step)
    for h in range(40, 90):
        at = {W: 64, w: 5}
        after = sc.evaluate(macs, {**at, H: h + step})
        assert sc.evaluate(difference, {**at, H: h}) == after - sc.evaluate(macs, {**at, H: h})


def test_increments_of_sizes():
    assert sc.increment(7 * w, H) == 0
    assert sc.increment(Integer(7), w) == 0
    assert sc.increment(odd**2, odd) == 4 * odd + 4
    assert sc.increment(alpha * 32, alpha, Rational(1, 4)) == 8
    assert sc.increment(sc.FloorDiv(H, 2), H, 4) == 2
    assert sc.increment(w * K, "K", n) == n * w
    assert sc.increment(2**n * w, n) == 2**n * w
    depth = sc.Repeat(sc.Conv2d(w, 3, padding=1), n).on((w, H, W)).params
    assert sc.increment(depth, n) == 9 * w**2 + w


@pytest.mark.parametrize(
    ("ask", "kind", "message"),
    [
        (lambda: sc.increment(alpha * 32, alpha), SizeError,
         "alpha is a multiplier and has no next value; give a step, such as Rational(1, 4)"),
        (lambda: sc.increment(odd**2, odd, 3), SizeError, "k is odd, so a step must be even, got 3"),
        (lambda: sc.increment(w, w, 0), SizeError,
         "step must be a positive integer or an expression in symbols from dims(), got 0"),
        (lambda: sc.increment(w, w, 0.5), SizeError,
         "step must be a positive integer or an expression in symbols from dims(), got 0.5"),
        (lambda: sc.increment("w**2", w), SizeError,
         "increment takes a SymPy expression, such as net.params, got 'w**2'"),
        (lambda: sc.elasticity(w, 3), SizeError, "elasticity is about a symbol or its name, got 3"),
        (lambda: sc.elasticity(w * K, "L"), UnknownNameError, "no size is named 'L' here; known: K, w"),
        (lambda: sc.elasticity(w * K, Symbol("w")), SizeError,
         "the symbol w was not made by dims() as the formula's own; give it by name"),
        (lambda: sc.elasticity(0, w), SizeError, "the elasticity of 0 is none: 1 % of 0 is 0"),
        (lambda: sc.leading_term(Mod(w, 3), w), SizeError,
         "no term of Mod(w, 3) grows fastest in w: its divisions matter as much as the rest"),
        (lambda: sc.leading_term(w - Max(w, 3), w), SizeError,
         "no term of w - Max(3, w) can be told to grow fastest in w"),
        (lambda: sc.leading_term(0.5, w), SizeError,
         "leading_term takes a SymPy expression, such as net.params, got 0.5; Fraction('0.5') is exact"),
    ],
)  # fmt: skip
def test_how_they_say_no(ask, kind, message):
    assert_refused(ask, kind, message)


def test_a_network_is_no_formula():
    with pytest.raises(SizeError) as caught:
        sc.increment(sc.Linear(3), "F_in")
    assert str(caught.value) == (
        "increment takes a formula, got the network or layer Linear(3); give one of its quantities: net.params"
    )


# elasticity.


def test_elasticities_are_local_exponents():
    assert sc.elasticity(9 * w**2 * H, w) == 2
    assert sc.elasticity(Integer(7), w) == 0
    assert sc.elasticity(5 * K, w) == 0
    assert sc.elasticity(w / H, H) == -1
    assert sc.elasticity(2**n, n) == n * log(2)
    assert sc.elasticity(w**2 + K, w) == 2 * w**2 / (w**2 + K)


def test_what_is_in_a_division_is_relaxed_and_what_is_beside_it_is_not():
    macs = stack(2).macs
    assert sc.elasticity(macs, w).has(sc.FloorDiv)
    assert not sc.elasticity(macs.subs(W, H), H).has(sc.FloorDiv)
    assert sc.relax(macs, w).exact
    assert not sc.relax(macs, H).exact


def test_arc_elasticities_are_exact():
    half = sc.FloorDiv(H, 2)
    assert sc.evaluate(sc.elasticity(half, H, step=1), H=9) == Fraction(9, 4)
    assert sc.evaluate(sc.elasticity(half, H, step=1), H=8) == 0


def test_a_maximum_has_the_slope_to_the_right_of_its_kink():
    found = sc.elasticity(Max(1, alpha), alpha)
    assert [sc.evaluate(found, alpha=value) for value in (Fraction(1, 2), 1, 2)] == [0, 1, 1]


def test_a_sum_that_does_not_close_has_no_derivative():
    i = Symbol("i", integer=True, nonnegative=True)
    with pytest.raises(SizeError, match="has no derivative in closed form; give a step, or use increment"):
        sc.elasticity(Sum(sc.FloorDiv(w, i + 1), (i, 0, n)), n)


@pytest.mark.parametrize("name", ZOO)
def test_the_elasticity_is_the_slope_on_logarithmic_axes(name):
    net = sc.zoo.get_model(name)
    for x in net.symbols:
        smooth = sc.relax(net.macs, x).expr.subs({s: v for s, v in net.defaults.items() if s != x})
        value = Fraction(int(net.defaults[x].p), int(net.defaults[x].q)) if x.is_Rational else net.defaults[x]
        if x not in smooth.free_symbols or smooth.has(Max, Piecewise):
            continue
        found = sc.elasticity(net.macs, x).subs(net.defaults)
        step = Rational(value) / 10**9
        ratio = smooth.subs(x, value + step) / smooth.subs(x, value)
        assert float(found) == pytest.approx(float((ratio - 1) * 10**9), rel=1e-6, abs=1e-7)


# leading_term.


def test_leading_terms():
    assert sc.leading_term(3 * 4**n * w**2 / 2 + 100 * n**5 + 2**n, n) == 3 * 4**n * w**2 / 2
    assert sc.leading_term(w + K, H) == w + K
    assert sc.leading_term(sc.FloorDiv(H - 3, 2) ** 2 + H, H) == H**2 / 4
    assert sc.leading_term(w / H + 3, H) == 3
    assert sc.leading_term(1 / (w + 1), w) == 1 / w
    assert sc.leading_term(Max(1, alpha) * 5, alpha) == 5 * alpha
    assert sc.leading_term(n * (9 * w**2 + w), n) == n * (9 * w**2 + w)
    assert sc.leading_term(-6 * w**2 + w, w) == -6 * w**2


@pytest.mark.parametrize("name", ZOO)
def test_all_else_is_small_beside_the_leading_term(name):
    net = sc.zoo.get_model(name)
    for formula in (net.params, net.macs):
        for x in net.symbols:
            others = {s: v for s, v in net.defaults.items() if s != x}
            term = sc.leading_term(formula, x).subs(others)
            far = Integer(2**40 * 48)
            ratio = formula.subs(others).subs(x, far) / term.subs(x, far)
            assert abs(ratio - 1) < Rational(1, 10**4)


# The smooth law.


@pytest.mark.parametrize("name", STRIDED)
def test_the_bound_holds_at_every_size_of_a_range(name):
    net = STRIDED[name]
    for x in (H, W):
        smooth, error = (part.subs({H: 61, W: 61, w: 3} | {x: x}) for part in sc.relax(net.macs, x))
        exact = net.macs.subs({H: 61, W: 61, w: 3} | {x: x})
        least = 64 if "7" in name else 24
        for size in range(least, least + 64):
            off = abs(sc.evaluate(exact, {x: size}) - sc.evaluate(smooth, {x: size}))
            assert off <= sc.evaluate(error, {x: size})


def test_with_a_symbol_what_it_is_not_in_stays():
    third = sc.FloorDiv(W, 3)
    assert sc.relax(sc.FloorDiv(H, 2) * third, H).expr == H * third / 2
    assert sc.relax(sc.FloorDiv(H, 2) * third, H).error == third / 2
    assert sc.relax(sc.FloorDiv(H, 2) * third, w) == (sc.FloorDiv(H, 2) * third, 0)


def test_the_limit_of_the_elasticity_is_the_degree():
    macs = tutorial().macs.subs({W: H})
    assert limit(simplify(sc.elasticity(macs, H)), H, oo) == 2
