from xml.etree import ElementTree

import pytest
from sympy import Eq, Integer, Max, Min, Mod, Piecewise, Rational, Sum, ceiling, floor, log, oo, sqrt

import symcnn as sc
from symcnn.report import latex, mathml, plain
from symcnn.sizes import ceil_div

H, W, J, k_h, C_in, chat, batchnorm, alpha, w1, C_out_features_0 = sc.dims(
    "H W J k_h C_in chat batchnorm alpha w1 C_out_features_0"
)

PRINTED = [
    (Integer(8256), "8256", "8256"),
    (Integer(13440), "13,440", "13{,}440"),
    (Integer(-13440), "-13,440", "-13{,}440"),
    (18 * H**2 + 36 * H, "18 · H² + 36 · H", r"18 \cdot H^{2} + 36 \cdot H"),
    (2 * H * (W + 1), "2 · H · (W + 1)", r"2 \cdot H \cdot \left(W + 1\right)"),
    (-H * W, "-H · W", r"- H \cdot W"),
    (-3 * H / (4 * W), "-3 · H/(4 · W)", r"- \frac{3 \cdot H}{4 \cdot W}"),
    (H / 2, "H/2", r"\frac{H}{2}"),
    (1 / H**2, "1/H²", r"\frac{1}{H^{2}}"),
    (2 ** (H + 1), "2^(H + 1)", r"2^{H + 1}"),
    (sc.FloorDiv(H - 3, 4), "⌊(H - 3)/4⌋", r"\left\lfloor \frac{H - 3}{4} \right\rfloor"),
    (5 * ceil_div(H, 3), "5 · ⌈H/3⌉", r"5 \cdot \left\lceil \frac{H}{3} \right\rceil"),
    (sc.FloorDiv(H, 2) - W + 1, "⌊H/2⌋ - W + 1", r"\left\lfloor \frac{H}{2} \right\rfloor - W + 1"),
    (-H - W, "-H - W", "- H - W"),
    (1 - H, "1 - H", "1 - H"),
    (floor(H / 2), "⌊H/2⌋", r"\left\lfloor{\frac{H}{2}}\right\rfloor"),
    (ceiling(H / 2), "⌈H/2⌉", r"\left\lceil{\frac{H}{2}}\right\rceil"),
    (Max(H, W), "max(H, W)", r"\max\left(H, W\right)"),
    (3 * Min(H, 4), "3 · min(4, H)", r"3 \cdot \min\left(4, H\right)"),
    (Mod(H, 4), "H mod 4", r"H \bmod 4"),
    (2 * Mod(H, W), "2 · (H mod W)", r"2 \cdot \left(H \bmod W\right)"),
    (Eq(Mod(H, 4), 0), "H mod 4 = 0", r"H \bmod 4 = 0"),
    (H >= 4, "H ≥ 4", r"H \geq 4"),
    (H < 4, "H < 4", "H < 4"),
    (
        3 * Sum(H**2 - J, (J, 0, W - 1)),
        "3 · Σ(H² - J, J = 0 … W - 1)",
        r"3 \cdot \sum_{J=0}^{W - 1} \left(H^{2} - J\right)",
    ),
    (oo, "∞", r"\infty"),
    (Rational(-7, 2), "-7/2", r"- \frac{7}{2}"),
    (log(H), "log(H)", r"\log{\left(H \right)}"),
    (C_in * k_h, "C_in · k_h", r"C_{\mathrm{in}} \cdot k_{h}"),
    (chat, "chat", r"\mathrm{chat}"),
    (batchnorm, "batchnorm", r"\mathrm{batchnorm}"),
    (alpha, "alpha", r"\alpha"),
    (w1, "w1", "w_{1}"),
    (C_out_features_0, "C_out_features_0", r"C_{\mathrm{out},\mathrm{features},0}"),
]


@pytest.mark.parametrize(("expr", "text", "tex"), PRINTED, ids=[text for _, text, _ in PRINTED])
def test_text_and_latex(expr, text, tex):
    assert (plain(expr), latex(expr)) == (text, tex)


@pytest.mark.parametrize("expr", [expr for expr, _, _ in PRINTED] + [sqrt(H)], ids=str)
def test_mathml_is_well_formed(expr):
    assert ElementTree.fromstring(mathml(expr)).tag == "math"


def test_mathml_of_names():
    assert mathml(C_in) == "<math><msub><mi>C</mi><mi>in</mi></msub></math>"
    assert mathml(chat) == "<math><mi>chat</mi></math>"
    assert mathml(batchnorm) == "<math><mi>batchnorm</mi></math>"
    assert mathml(alpha) == "<math><mi>α</mi></math>"
    assert mathml(C_out_features_0) == (
        "<math><msub><mi>C</mi><mrow><mi>out</mi><mo>,</mo><mi>features</mi><mo>,</mo><mn>0</mn></mrow></msub></math>"
    )


def test_mathml_of_signs():
    assert mathml(Integer(-3)) == "<math><mrow><mo>−</mo><mn>3</mn></mrow></math>"
    assert mathml(H < 3) == "<math><mrow><mi>H</mi><mo>&lt;</mo><mn>3</mn></mrow></math>"
    assert mathml(Min(H, W)) == (
        "<math><mrow><mi>min</mi><mrow><mo>(</mo><mi>H</mi><mo>,</mo><mi>W</mi><mo>)</mo></mrow></mrow></math>"
    )


def test_mathml_of_cases_is_a_table():
    cases = ElementTree.fromstring(mathml(Piecewise((H, H > 3), (1, True))))
    assert ["".join(row.itertext()) for row in cases.iter("mtr")] == ["Hif\u00a0H>3", "1otherwise"]


def test_digits_are_grouped_from_five_on():
    assert mathml(12345 * H) == "<math><mrow><mn>12,345</mn><mo>·</mo><mi>H</mi></mrow></math>"


def test_products_can_be_tight():
    assert plain(18 * H**2 * W, times="·") == "18·H²·W"


def test_underscores_at_the_ends_of_names():
    assert latex(sc.dims("_x")) == r"\mathrm{\_x}"
    assert latex(sc.dims("x_")) == "x"
