"""Laws that papers state, out of the formulas of the networks that they are about."""

from fractions import Fraction

import pytest
from growing_networks import H, K, W, k, n, stack, w
from sympy import Rational, cancel, expand, limit, oo

import symcnn as sc

alpha, beta = sc.ratio("alpha"), sc.ratio("beta")
C, D = sc.dims("C D")


def exponent(formula, x):
    """The power of a symbol that a formula grows with."""
    return cancel(limit(sc.elasticity(formula, x), x, oo))


@pytest.mark.parametrize("stride", [1, 2, 3])
def test_a_plain_stack(stride):
    net = stack(stride, kernel=k, padding=2, depth=4)
    square = net.macs.subs(W, H)
    assert exponent(net.params, w) == 2
    assert exponent(net.params, k) == 2
    assert exponent(net.params, H) == 0
    assert exponent(square.subs({H: 512, k: 3}), w) == 2
    assert exponent(square.subs({k: 3, w: 64}), H) == 2


def test_depthwise_separable_over_standard_convolution():
    """A. Howard et al., MobileNets (arXiv:1704.04861), section 3.1: 1/N + 1/D_K²."""
    standard = sc.Conv2d(D, k, padding="same", bias=False).on((C, H, W)).macs
    separable = sc.SeparableConv2d(D, k, padding="same", bias=False).on((C, H, W)).macs
    assert expand(separable / standard) == 1 / D + 1 / k**2


def test_mobilenet_under_its_two_multipliers():
    """arXiv:1704.04861, sections 3.3 and 3.4: computation goes with the squares of both multipliers."""
    net = sc.zoo.get_model("MobileNet")
    width = next(symbol for symbol in net.symbols if symbol.name == "alpha")
    macs = net.macs.subs({W: H, K: 1000})
    term = sc.leading_term(sc.leading_term(macs, width), H)
    assert term.subs({width: 2 * width}) == 4 * term
    assert term.subs({H: 2 * H}) == 4 * term
    # The exact remainder, at the published size: stem, depthwise convolutions, and the classifier.
    at = {width: 1, H: 224}
    whole = sc.evaluate(net.macs, {**at, W: 224, K: 1000})
    assert whole - sc.evaluate(term, at) == sc.evaluate(macs - term, at)
    assert 0 < 1 - Fraction(sc.evaluate(term, at), whole) < Fraction(1, 10)


def test_compound_scaling():
    """M. Tan and Q. Le, EfficientNet (arXiv:1905.11946), section 3.3: depth 1.2, width 1.1, resolution 1.15.

    The paper takes computation to go as depth, width² and resolution², so that one step of all three
    doubles it, 1.2·1.1²·1.15² = 1.92. B0's own exponents are a little other: the stem, the head and the
    first block of each stage, which differ in cost, are not repeated, so depth has 1.03; depthwise
    convolutions and the stem go with the width itself, so it has 1.88; the classifier and the gates
    are on no map, so resolution has 1.99.
    """
    net = sc.zoo.efficientnet()
    macs = net.macs.subs(W, H)
    at = {alpha: 1, beta: 1, H: 224, K: 1000}
    found = [float(sc.evaluate(sc.elasticity(macs, x), at)) for x in (beta, alpha, H)]
    assert [round(value, 2) for value in found] == [1.03, 1.88, 1.99]
    depth, width, resolution = found
    assert pytest.approx(1.92, abs=0.01) == 1.2 * 1.1**2 * 1.15**2
    assert 1.2**depth * 1.1**width * 1.15**resolution == pytest.approx(1.90, abs=0.01)


def test_three_small_kernels_and_one_large():
    """K. Simonyan and A. Zisserman (arXiv:1409.1556), section 2.3: 27 C² against 49 C², and they see as much."""
    three = sc.Sequential(*[sc.Conv2d(C, 3, padding=1, bias=False)] * 3, input=(C, H, W))
    one = sc.Sequential(sc.Conv2d(C, 7, padding=3, bias=False), input=(C, H, W))
    assert (three.params, one.params) == (27 * C**2, 49 * C**2)
    assert three.receptive_field == one.receptive_field
    assert three.macs / one.macs == Rational(27, 49)
    found = sc.crossover(three.params, one.params, C)
    assert (found.first, [change.order for change in found.changes]) == (None, ["<"])


def test_resnets_are_linear_in_depth_and_densenets_quadratic():
    resnet = sc.zoo.resnet((3, n, 6, 3))
    assert resnet.params.diff(n, 2) == 0
    assert exponent(resnet.params, n) == 1
    densenet = sc.zoo.densenet((6, 12, n, 16))
    growth = next(symbol for symbol in densenet.symbols if symbol.name == "g")
    assert exponent(densenet.params, n) == 2
    assert sc.leading_term(densenet.params, n).subs(growth, 32).is_positive
