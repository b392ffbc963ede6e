"""Checking answers: spellings of the right formula, wrong ones with their mistakes, and what is no answer."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from refusing import assert_refused

import symcnn as sc
from symcnn.errors import SizeError, UnknownNameError
from symcnn.exercises.draw import Draw
from symcnn.exercises.judge import judged
from symcnn.exercises.kinds import conv, dense, norm, pool, transposed

CONV = sc.exercise("conv2d", seed=7, level=1)
STRIDED = sc.exercise("conv2d", seed=7, level=2)
LINEAR = sc.exercise("linear", seed=7, level=1)


def problem(make, level, has="", lacks=""):
    """A problem of one topic whose sizes have, or lack, a name."""
    for seed in range(1000):
        draw = Draw("checking", seed)
        while not (found := make(draw, level)).tells_mistakes_apart():
            pass
        names = found.sizes.spelled()
        if (not has or has in names) and (not lacks or lacks not in names):
            return found
    raise AssertionError(has)


GROUPED = problem(lambda draw, level: conv.params(draw, level, 2), 2, has="g")
DILATED = problem(lambda draw, level: conv.params(draw, level, 2), 2, has="d")
HEIGHT = problem(lambda draw, level: conv.output(draw, level, 2), 2, lacks="d")
VALID = problem(lambda draw, level: conv.output(draw, level, 2), 1)
MACS = problem(lambda draw, level: conv.macs(draw, level, 2), 2, lacks="g")
FLAT, NORM, POOLED = problem(dense.params, 2), problem(norm.params, 1), problem(pool.output, 1)
WEIGHTLESS, UP = problem(pool.params, 1), problem(transposed.output, 3)

FORMS = {
    "conv": (
        lambda: CONV._problem,
        [
            "k*k*C_in*C_out + C_out", "(k*k*C_in + 1)*C_out", "C_out*(C_in*k**2 + 1)", "C_out + k*C_in*k*C_out",
            "C_out*(1 + k*k*C_in)", "2*C_out + k*k*C_in*C_out - C_out", "(k**2*C_in*C_out*2 + 2*C_out)/2",
            "C_out*((k - 1)*(k + 1)*C_in + C_in + 1)", "k**3*C_in*C_out/k + C_out", "(k*k*C_in)*C_out + 1*C_out",
            "C_out - -C_out*k*k*C_in", "+C_out + C_in*C_out*k**2", "k_h*k_w*C_in*C_out + C_out",
            "0.5*(2*k*k*C_in*C_out) + C_out", "(k*k + 1/C_in)*C_in*C_out", "k*k*in_channels*out_channels + filters",
        ],
    ),
    "linear": (
        lambda: LINEAR._problem,
        [
            "F_in*F_out + F_out", "(F_in + 1)*F_out", "F_out*(1 + F_in)", "F_out + F_out*F_in",
            "in_features*F_out + F_out",
            "(F_in + 2)*F_out - F_out", "((F_in + 1)*F_out*3)/3",
        ],
    ),
    "height": (
        lambda: HEIGHT,
        [
            "floor((H + 2*p - k)/s) + 1", "(H + 2*p - k)//s + 1", "1 + (H - k + 2*p)//s", "(H + 2*p - k + s)//s",
            "floor((H + 2*p - k)/s + 1)", "⌊(H + p + p - k)/s⌋ + 1", "ceil((H + 2*p - k + 1)/s)",
            "(W - k_w + 2*p)//s + 1",
        ],
    ),
    "macs": (
        lambda: MACS,
        ["k*k*C_in*C_out*H_out*W_out", "C_out*H_out**2*k*k*C_in", "k*k*C_in*C_out*((H + 2*p - k)//s + 1)**2"],
    ),
    "grouped": (
        lambda: GROUPED,
        ["(k*k*C_in/g + 1)*C_out", "k*k*C_in*C_out/g + C_out", "k*k*(C_in/g)*C_out + C_out", "(k*k*C_in//g + 1)*C_out"],
    ),
    "flat": (lambda: FLAT, ["C*H*W*F_out + F_out", "(C*H*H + 1)*F_out"]),
}  # fmt: skip

HANDS = (
    lambda text: text,
    lambda text: text.replace("**", "^"),
    lambda text: text.replace("**2", "²").replace("**3", "³").replace("*", "·"),
    lambda text: text.replace("**2", "²").replace("**3", "³").replace("*", " × "),
    lambda text: text.replace(" ", ""),
    lambda text: text.replace("**", "^").replace("*", " "),
    lambda text: text.replace("C_in", "Cin").replace("C_out", "c_out").replace("F_in", "fin").replace("F_out", "Fout"),
    lambda text: f"params = {text}".replace("-", "−").replace("/", "÷") if "//" not in text else f"= {text}",
)
"""How different people type one formula."""

SPELLINGS = {(name, hand(form)) for name, (_, forms) in FORMS.items() for form in forms for hand in HANDS}


def test_there_are_two_hundred_spellings():
    assert len(SPELLINGS) >= 200


@pytest.mark.parametrize("name", FORMS)
def test_equal_formulas_are_right(name):
    asked = FORMS[name][0]()
    for spelled in sorted(text for kind, text in SPELLINGS if kind == name):
        assert judged(asked, spelled).right, spelled


WRONG = [
    (CONV._problem, "bias forgotten", ["k*k*C_in*C_out", "k²·C_in·C_out", "C_out C_in k^2", "(C_in*C_out)*k_h*k_w"]),
    (CONV._problem, "channels swapped", ["(k*k*C_out + 1)*C_in", "k*k*C_in*C_out + C_in"]),
    (CONV._problem, "kernel not squared", ["(k*C_in + 1)*C_out", "k*C_in*C_out + C_out"]),
    (CONV._problem, "one bias for all", ["k*k*C_in*C_out + 1", "1 + C_in k² C_out"]),
    (CONV._problem, "bias times kernel", ["k*k*(C_in + 1)*C_out", "k*k*C_in*C_out + k*k*C_out"]),
    (CONV._problem, "input channels forgotten", ["(k*k + 1)*C_out", "k^2 C_out + C_out"]),
    (CONV._problem, "only one filter", ["k*k*C_in + 1"]),
    (STRIDED._problem, "bias forgotten", ["k*k*C_in*C_out"]),
    (STRIDED._problem, "padding has parameters", ["((k + 2p)² C_in + 1) C_out", "C_out*(1 + C_in*(k + p + p)**2)"]),
    (STRIDED._problem, "weights at each position", ["(k*k*C_in + 1)*C_out*H_out*W_out"]),
    (GROUPED, "groups ignored", ["(k*k*C_in + 1)*C_out", "k*k*C_in*C_out + C_out"]),
    (GROUPED, "groups divide twice", ["(k*k*C_in/g + 1)*C_out/g"]),
    (DILATED, "dilation has parameters", ["((d*(k - 1) + 1)**2*C_in + 1)*C_out"]),
    (HEIGHT, "floor forgotten", ["(H + 2*p - k)/s + 1", "(H - k + 2p + s)/s"]),
    (HEIGHT, "rounded up", ["ceil((H + 2*p - k)/s) + 1", "⌈(H + 2p − k)/s⌉ + 1"]),
    (HEIGHT, "off by one", ["(H + 2*p - k)//s", "⌊(H + 2p - k)/s⌋"]),
    (HEIGHT, "padding counted once", ["(H + p - k)//s + 1"]),
    (HEIGHT, "padding ignored", ["(H - k)//s + 1", "⌊(H − k)÷s⌋ + 1"]),
    (HEIGHT, "padding taken away", ["(H - 2*p - k)//s + 1"]),
    (HEIGHT, "stride ignored", ["H + 2*p - k + 1"]),
    (VALID, "off by one", ["H - k"]),
    (VALID, "kernel ignored", ["H"]),
    (VALID, "border on one side", ["H - (k - 1)/2"]),
    (VALID, "output grows", ["H + k - 1"]),
    (MACS, "bias counted", ["(k*k*C_in + 1)*C_out*H_out*W_out"]),
    (MACS, "FLOPs for MACs", ["2 k² C_in C_out H_out²"]),
    (MACS, "positions forgotten", ["k*k*C_in*C_out"]),
    (MACS, "positions of the input", ["k*k*C_in*C_out*H*W"]),
    (LINEAR._problem, "dense bias forgotten", ["F_in*F_out", "F_out·F_in"]),
    (LINEAR._problem, "features swapped", ["(F_out + 1)*F_in"]),
    (LINEAR._problem, "sum for product", ["F_in + F_out"]),
    (FLAT, "flatten forgotten", ["(C + 1)*F_out"]),
    (FLAT, "flatten along one axis", ["(C*H + 1)*F_out"]),
    (NORM, "running statistics counted", ["4*C", "2C + 2C"]),
    (POOLED, "floor forgotten", ["H/k"]),
    (POOLED, "stride of a pooling forgotten", ["H - k + 1"]),
    (WEIGHTLESS, "pooling given weights", ["k*k*C"]),
    (UP, "ordinary convolution", ["(H + 2*p - k)//s + 1"]),
    (UP, "padding added", ["(H - 1)*s + 2*p + k + a"]),
    (UP, "last step too many", ["H*s - 2*p + k + a"]),
]  # fmt: skip


def test_there_are_fifty_wrong_formulas():
    assert sum(len(texts) for *_, texts in WRONG) >= 50


@pytest.mark.parametrize(
    ("asked", "mistake", "texts"), WRONG, ids=lambda value: value if isinstance(value, str) else ""
)
def test_wrong_formulas_are_diagnosed(asked, mistake, texts):
    for text in texts:
        checked = judged(asked, text)
        assert (checked.right, checked.mistake) == (False, mistake), text


# Numbers.


def test_numbers_of_every_kind():
    for answer in (2356, 2356.0, "2356", "2,356", "2 356", "2356.0", " = 2356 ", "49*12*4 + 4", "7x7x12x4 + 4"):
        assert STRIDED.check(answer).right, answer
    for answer in (np.int64(2356), np.float64(2356), Fraction(2356), Decimal(2356), STRIDED.formula):
        assert STRIDED.check(answer).right, answer


def test_what_is_said():
    assert str(STRIDED.check(2356)) == "right: 2356 = (7·7·12 + 1)·4"
    assert str(STRIDED.check(2352)) == "wrong: the bias is missing: 2352 = 7·7·12·4; each filter adds one"
    assert str(STRIDED.check("k*k*C_in*C_out")) == "wrong: the bias is missing: k·k·C_in·C_out; each filter adds one"
    hint = "start with one filter: its weights are k·k·C_in, and it has a bias"
    asked = f"Asked is the number of parameters. Hint: {hint}."
    assert str(STRIDED.check(12)) == f"wrong: not 12. {asked}"
    assert str(STRIDED.check(2356.5)) == f"wrong: not 2356.5, and a count is a whole number. {asked}"
    assert str(STRIDED.check("k + s")) == f"wrong: that gives 10 here. {asked}"
    assert str(STRIDED.check("C_out/(k - 7)")) == f"wrong: that has no value here. {asked}"
    assert str(STRIDED.check(...)) == "wrong: no answer yet; put a number or a formula in the place of the dots"
    assert (STRIDED.check(12).mistake, bool(STRIDED.check(12)), bool(STRIDED.check(2356))) == (None, False, True)


def test_right_here_alone():
    said = STRIDED.check("k*k*C_in*C_out + s + 1").said
    assert said.startswith("that gives 2356 here, but not in general: with C_in = ")
    assert STRIDED.check("k*k*C_in*4 + 4").right  # Here there are 4 filters.


def test_a_rounded_fraction_is_the_floor_forgotten():
    claim = next(claim for claim in POOLED.mistakes if claim.mistake == "floor forgotten")
    assert judged(POOLED, round(float(claim.value), 2)).mistake == "floor forgotten"


# What is refused.

ALLOWED = "a formula has numbers, names, + - * / // **, floor, ceil and brackets"


@pytest.mark.parametrize(
    ("answer", "kind", "message"),
    [
        (None, SizeError, "an answer is a number or a formula, got None"),
        (True, SizeError, "an answer is a number or a formula, got True"),
        ([864], SizeError, "an answer is a number or a formula, got [864]"),
        (float("nan"), SizeError, "an answer is a number or a formula, got nan"),
        (1j, SizeError, "an answer is a number or a formula, got 1j"),
        ("", SizeError, "an answer is a number or a formula; cannot read '' as a formula"),
        ("3 3", SizeError, "an answer is a number or a formula; cannot read '3 3' as a formula"),
        ("k*breadth", UnknownNameError, "no size is named 'breadth' here; known: k, C_in, C_out, s, p, H, H_out"),
        ("print(1)", UnknownNameError, "no size is named 'print' here; known: k, C_in, C_out, s, p, H, H_out"),
        (
            "k.__class__",
            SizeError,
            f"an answer is a number or a formula; {ALLOWED}; 'k.__class__' is none of these",
        ),
        (
            "__import__('os').remove('kept')",
            SizeError,
            f"an answer is a number or a formula; {ALLOWED}; \"__import__('os').remove('kept')\" is none of these",
        ),
        ("k" * 5000, SizeError, "an answer has at most 200 characters, got 5,000"),
        ("k**C_out", SizeError, "the powers in an answer go up to 24, all together, got 'k ** C_out'"),
        (
            "((k^9+1)^9+1)^9",
            SizeError,
            "the powers in an answer go up to 24, all together, got '( ( k ** 9 + 1 ) ** 9 + 1 ) ** 9'",
        ),
        ("9**9**9", SizeError, f"an answer is a number or a formula; {ALLOWED}; '9 ** 9 ** 9' is none of these"),
        ("1/0", SizeError, "an answer is a number or a formula; a formula divides by 0 in '1 / 0'"),
        (sc.dims("w") + 1, UnknownNameError, "no size is named 'w' here; known: k, C_in, C_out, s, p, H, H_out"),
    ],
)
def test_what_is_no_answer(answer, kind, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "kept").touch()
    assert_refused(lambda: STRIDED.check(answer), kind, message)
    assert (tmp_path / "kept").exists()


def test_names_where_there_are_none():
    message = "no size is named 'k' here; known: none"
    assert_refused(lambda: sc.exercise("network", seed=7).check("k*k"), UnknownNameError, message)


@pytest.mark.parametrize(
    ("ask", "kind", "message"),
    [
        (lambda: sc.exercise("conv2", 1), UnknownNameError, None),
        (lambda: sc.exercise("conv2d", 1, 3), SizeError, "exercises of kind 'conv2d' have levels 1 and 2, got 3"),
        (lambda: sc.exercise("budget", 1, 1), SizeError, "exercises of kind 'budget' have level 4, got 1"),
        (lambda: sc.exercise("params", 1, 9), SizeError, "exercises of kind 'params' have levels 1 to 3, got 9"),
        (lambda: sc.exercise(level=6), SizeError, "exercises have levels 1 to 5, got 6"),
        (lambda: sc.exercise(level=True), SizeError, "exercises have levels 1 to 5, got True"),
        (lambda: sc.exercise("conv2d", 1.5), SizeError, "a seed is a whole number, got 1.5"),
    ],
)
def test_what_is_no_exercise(ask, kind, message):
    assert_refused(ask, kind, message)


def test_an_unknown_kind_is_told_the_nearest():
    with pytest.raises(UnknownNameError) as raised:
        sc.exercise("conv2", 1)
    start = "no kind of exercise is named 'conv2'; did you mean 'conv2d'? Known: conv1d, conv2d, conv3d, "
    more = "conv_transpose2d, linear, batchnorm, pool, network, params, buffers, output, macs, receptive_field, "
    assert str(raised.value) == f"{start}{more}budget, factors"
