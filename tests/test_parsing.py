"""Text from outside is read, never run."""

from fractions import Fraction

import pytest
from sympy import Rational

import symcnn as sc
from symcnn.errors import SizeError, UnknownNameError
from symcnn.parsing import LONGEST, parse_expression, parse_value, parse_values

H, w, k, N, S, E, I = sc.dims("H w k N S E I")  # noqa: E741
KINDS = "a formula has numbers, names, + - * / // **, floor, ceil and brackets"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2*w + 1", 2 * w + 1),
        ("-(w - k)**2", -((w - k) ** 2)),
        ("(H + 1)//2", sc.FloorDiv(H + 1, 2)),
        ("w/2", w / 2),
        ("N*S*E*I", N * S * E * I),
        ("2**10", 1024),
        ("2**w", 2**w),
        (" 0x10 ", 16),
        ("0.75", Rational(3, 4)),
        ("3/4", Rational(3, 4)),
        ("0.58*w + .5", Rational(29, 50) * w + Rational(1, 2)),
        ("-1_0.50e1", -105),
        ("0.1 + 0.2", Rational(3, 10)),
        ("floor((H + 1)/2)", sc.FloorDiv(H + 1, 2)),
        ("floor((H - k)/2 + 1)", sc.FloorDiv(H - k + 2, 2)),
        ("ceil(H/3)", sc.FloorDiv(H + 2, 3)),
        ("floor(7/2) + ceil(7/2)", 7),
    ],
)
def test_formulas(text, expected):
    assert parse_expression(text, sc.dims) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3", 3),
        ("(3, 5)", (3, 5)),
        ("[3, k]", (3, k)),
        ("((1, 2), (0, 3))", ((1, 2), (0, 3))),
        ("same", "same"),
        ("True", True),
        ("None", None),
        ("0.25", 0.25),
        ("0.25*w", w / 4),
    ],
)
def test_settings(text, expected):
    assert parse_value(text, sc.dims) == expected


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("__import__('os').system('touch hacked')", "\"__import__('os').system('touch hacked')\""),
        ("w.__class__", "'w.__class__'"),
        ("(lambda: 1)()", "'(lambda: 1)()'"),
        ("[w for w in (1,)]", "'[w for w in (1,)]'"),
        ("w if w else 1", "'w if w else 1'"),
        ("w := 3", None),
        ("f'{w}'", "\"f'{w}'\""),
        ("'text'", "\"'text'\""),
        ("w % 2", "'w % 2'"),
        ("w == 2", "'w == 2'"),
        ("9**9**9**9", "'9 ** 9 ** 9'"),
        ("2**(2**20)", "'2 ** 2 ** 20'"),
        ("1e400*w", "'1e400'"),
        ("1e-400*w", "'1e-400'"),
        ("1j", "'1j'"),
        ("floor(w, 2)", "'floor(w, 2)'"),
        ("floor(x=w)", "'floor(x=w)'"),
        ("round(w)", "'round(w)'"),
        ("floor(*w)", "'*w'"),
    ],
)
def test_everything_else_is_refused(text, part, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SizeError) as raised:
        parse_expression(text, sc.dims)
    expected = f"cannot read {text!r} as a formula" if part is None else f"{KINDS}; {part} is none of these"
    assert str(raised.value) == expected
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("text", ["", "(", "2 w", "w +", "(" * 300, "w\nw", "\0"])
def test_what_is_no_formula(text):
    with pytest.raises(SizeError, match=r"^cannot read .* as a formula$"):
        parse_expression(text, sc.dims)


def test_a_long_text_is_cut_in_the_message():
    with pytest.raises(SizeError) as raised:
        parse_expression("w" * (LONGEST + 1), sc.dims)
    assert str(raised.value) == f"cannot read '{'w' * 57}...' as a formula"


def test_division_by_zero():
    with pytest.raises(SizeError) as raised:
        parse_expression("w//(k - k)", sc.dims)
    assert str(raised.value) == "a formula divides by 0 in 'w // (k - k)'"


def test_known_names_alone():
    assert parse_expression("w*k", {"w": w, "k": k}) == w * k
    with pytest.raises(UnknownNameError) as raised:
        parse_expression("width*k", {"w": w, "k": k})
    assert str(raised.value) == "no size is named 'width' here; known: w, k"


def test_values():
    assert list(parse_values("8:32:8")) == [8, 16, 24, 32]
    assert list(parse_values("3:5")) == [3, 4, 5]
    assert list(parse_values("10,100")) == [10, 100]
    assert list(parse_values("64")) == [64]
    assert parse_values("0.75") == [Fraction(3, 4)]
    assert parse_values("3/4,1.0,1e1") == [Fraction(3, 4), 1, 10]
    assert parse_values("0.5:2:0.5") == [Fraction(1, 2), 1, Fraction(3, 2), 2]
    assert parse_values("1:2:0.3") == [1, Fraction(13, 10), Fraction(8, 5), Fraction(19, 10)]


def test_a_decimal_never_goes_through_floating_point():
    digits = "0.1234567890123456789012345678901234567890"
    assert parse_expression(digits, sc.dims) == Rational(digits)
    assert parse_values(digits) == [Fraction(digits)]


@pytest.mark.parametrize("text", ["", "a", "1:2:3:4", "1:5:0", "1:5:-1", "1;2", "2**3", "1/0", "nan", "inf", "1e999"])
def test_what_are_no_values(text):
    with pytest.raises(SizeError) as raised:
        parse_values(text)
    expected = "values are a number 64, a list 10,100 or a range first:last:step"
    assert str(raised.value) == f"{expected}, got {text!r}"


def test_a_range_that_is_empty():
    with pytest.raises(SizeError) as raised:
        parse_values("9:8")
    assert str(raised.value) == "a range runs upward from its first number, got '9:8'"


def test_a_range_of_too_many_fractions():
    with pytest.raises(SizeError) as raised:
        parse_values("0:1e9:0.001")
    assert str(raised.value) == "a range of fractions has at most 1,000,000 values, got '0:1e9:0.001'"
