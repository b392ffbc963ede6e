"""Formulas lifted from constructors of counts and shapes: no framework is needed."""

import json
import subprocess
import sys
from fractions import Fraction

import pytest
from sympy import Rational

import symcnn as sc

n, w, width, depth, H, W = sc.dims("n w width depth H W")


def rounded(size):
    return max(8, (size + 4) // 8 * 8)


def test_a_count_in_two_variables():
    family = sc.lift(
        lambda width, depth: depth * (9 * width**2 + width), {"width": [8, 16, 24, 32], "depth": range(1, 4)}
    )
    assert family.params == 9 * depth * width**2 + depth * width
    assert (family.buffers, family.macs, family.conditions) == (0, None, ())
    assert family.weights == {"count": sc.Shape(9 * depth * width**2 + depth * width)}


def test_counts_may_be_fractions_and_are_exact():
    assert sc.lift(lambda w: Fraction(w**2, 3) + 1, {"w": [1, 2, 5, 7]}).params == w**2 / 3 + 1
    large = sc.lift(lambda w: 10**30 * w + 1, {"w": [1, 2, 3]})
    assert large.params == 10**30 * w + 1


def test_sums_in_depth_are_those_of_the_names():
    def shapes(n, w):
        return {f"blocks.{i}.conv": ((i + 1) * w, i * w + 3) for i in range(n)} | {"head": (n * w, 10)}

    family = sc.lift(shapes, {"n": [2, 3, 4, 5], "w": [4, 8, 12, 16]})
    i = family.weights["blocks.{i}.conv"].free_symbols - {n, w}
    assert [str(size) for size in family.weights["blocks.{i}.conv"]] == ["i*w + w", "i*w + 3"]
    assert len(i) == 1
    for depth, size in [(1, 1), (7, 5), (30, 64)]:
        expected = sum(a * b for a, b in shapes(depth, size).values())
        assert sc.evaluate(family.params, n=depth, w=size) == expected
    assert family.evidence.by == "tensor"


def test_the_first_of_a_row_may_be_apart():
    def shapes(n):
        return {"conv1": (8, 3)} | {f"conv{i}": (8, 8) for i in range(2, n + 1)}

    family = sc.lift(shapes, {"n": [1, 2, 3]})
    assert family.params == 64 * n - 40
    assert family.weights == {"conv1": sc.Shape(8, 3), "conv{i}": sc.Shape(8, 8)}


def test_a_row_that_is_not_there_yet():
    def shapes(n):
        sizes = [(8, 3), (16, 8), *[(16, 16)] * n]
        return {f"conv{i}": sizes[i] for i in range(n)}

    family = sc.lift(shapes, {"n": [2, 3, 4, 5]})
    assert (family.params, str(family.conditions)) == (256 * n - 360, "(n >= 2,)")
    with pytest.raises(sc.SymcnnError) as error:
        sc.lift(shapes, {"n": [1, 2, 3, 4, 5]})
    assert "the number of all parameters is 24, 152, 408, 664, 920 at n = 1, 2, 3, 4, 5" in str(error.value)


def test_a_sum_does_not_run_backwards():
    family = sc.lift(lambda n: {f"mid{i}": (4,) for i in range(n - 2)} | {"head": (9,)}, {"n": [3, 4, 5, 6]})
    assert (family.params, str(family.conditions)) == (4 * n + 1, "(n >= 2,)")
    assert ({"n": 1}, "mid{i} would be there a negative number of times") in family.evidence.failed


def test_rows_within_rows():
    def shapes(n, m):
        return {f"stage{i}.{j}.w": (i + 1, j + 1) for i in range(n) for j in range(m)}

    family = sc.lift(shapes, {"n": [1, 2, 3, 4], "m": [1, 2, 3, 4]})
    assert list(family.weights) == ["stage{i}.{j}.w"]
    for a, b in [(1, 1), (5, 9), (8, 2)]:
        assert sc.evaluate(family.params, n=a, m=b) == a * (a + 1) * b * (b + 1) // 4


def test_a_block_of_another_depth_is_not_taken_for_an_index():
    def shapes(n):
        depths = {1: 6, 2: 12, 3: n, 4: 16}
        return {f"block{b}.layer{i}": (b, i) for b, times in depths.items() for i in range(1, times + 1)}

    family = sc.lift(shapes, {"n": range(2, 16, 2)})
    assert [name for name in family.weights if "{" in name] == ["block3.layer{i}"]
    assert family.params.coeff(n, 2) == Rational(3, 2)
    assert family.conditions == ()


def test_totals_where_names_follow_no_pattern():
    def shapes(n):
        return {f"{'abc'[i % 3]}{i * i}": (i + 1,) for i in range(n)}

    family = sc.lift(shapes, {"n": range(1, 8)})
    assert family.params == n**2 / 2 + n / 2
    assert family.evidence.by == "total"
    with pytest.raises(sc.SymcnnError) as error:
        family.weights  # noqa: B018
    assert str(error.value) == "tensors come and go by no pattern of their names, so totals alone were lifted"
    assert str(family).startswith(
        "total       formula\n──────────  ──────────\nparameters  n²/2 + n/2\nbuffers     0\n\n"
        "tensors: come and go by no pattern of their names: totals alone were lifted\n"
    )
    assert family.to_records()[0] == {"name": "parameters", "formula": n**2 / 2 + n / 2}


# Where a formula holds.


def test_a_rounding_is_a_condition():
    family = sc.lift(lambda width: {"conv": (rounded(width), 3, 3, 3)}, {"width": [16, 32, 48, 64]})
    assert family.params == 27 * width
    assert str(family.conditions) == "(8 | width,)"
    assert sc.evaluate(family.params, width=24, where=family.conditions) == 648
    with pytest.raises(sc.SymcnnError, match=r"8 \| width"):
        sc.evaluate(family.params, width=20, where=family.conditions)
    points = [point["width"] for point in family.evidence.held_back]
    assert {24, 56} <= set(points)
    assert max(points) > 64
    assert all(point % 8 == 0 for point in points)
    assert ({"width": 17}, "conv is 16 × 3 × 3 × 3, and by the formula 17 × 3 × 3 × 3") in family.evidence.failed


def test_samples_of_a_rounding_that_are_multiples_of_it_are_enough():
    family = sc.lift(lambda width: {"conv": (rounded(width), 3)}, {"width": range(4, 80, 4)})
    assert (family.params, str(family.conditions)) == (3 * width, "(8 | width,)")
    assert family.evidence.samples == {width: tuple(range(8, 80, 8))}


def test_where_models_cannot_be_made():
    def make(channels):
        if channels % 6:
            raise ValueError("6 heads")
        return channels

    family = sc.lift(make, {"channels": [24, 48, 72, 96]})
    assert str(family.conditions) == "(6 | channels,)"
    assert ({"channels": 25}, "make fails at channels = 25: ValueError: 6 heads") in family.evidence.failed


def test_bounds_are_conditions():
    assert str(sc.lift(lambda w: max(w, 24), {"w": [32, 48, 64]}).conditions) == "(w >= 24,)"
    assert str(sc.lift(lambda w: min(w, 80), {"w": [32, 48, 64]}).conditions) == "(w <= 80,)"


def test_a_last_model_is_a_bound_and_a_law_that_ends_is_none():
    names = {1: 10, 2: 20, 3: 30, 4: 40}
    assert str(sc.lift(lambda n: names[n], {"n": [1, 2, 3, 4]}).conditions) == "(n <= 4,)"
    with pytest.raises(sc.SymcnnError) as error:
        sc.lift(lambda n: min(n, 4), {"n": [1, 2, 3, 4]})
    assert str(error.value) == "no formula in n: at n = 5, which was held back, count is 4, and by the formula 5"


def test_odd_sizes():
    k = sc.dims("k", odd=True)

    def make(k):
        return k**2 if k % 2 else k

    assert sc.lift(make, {k: [1, 3, 5, 7]}).params == k**2
    assert sc.lift(make, {k: [1, 3, 5, 7]}).conditions == ()
    assert str(sc.lift(make, {"k": [1, 3, 5, 7]}).conditions) == "(2 | k - 1,)"


def test_two_variables_that_matter_together():
    family = sc.lift(lambda w, n: w * n // 2 * 2, {"w": [2, 4, 6, 8], "n": [2, 4, 6, 8]})
    assert (family.params, str(family.conditions)) == (n * w, "(2 | n,)")


def test_the_corners_of_what_is_said_to_hold():
    family = sc.lift(lambda w, n: 3 * min(w, n), {"w": [8, 16, 24, 32], "n": [1, 2, 3]})
    assert (family.params, str(family.conditions)) == (3 * n, "(w >= 8, n <= 8)")
    family = sc.lift(lambda w, n: w + (5 * w < n), {"w": [8, 16, 24, 32], "n": [1, 2, 3]})
    assert (family.params, str(family.conditions)) == (w, "(n <= 5,)")


def test_the_lattice_of_the_samples_is_looked_at_beyond_them():
    family = sc.lift(lambda w: w + (w % 32 == 0 and w > 64), {"w": [16, 32, 48, 64]})
    assert str(family.conditions) == "(w <= 95,)"


def test_evidence_says_what_was_built():
    built = []

    def make(width):
        built.append(width)
        return 3 * width**2

    evidence = sc.lift(make, {"width": [16, 32, 48, 64]}).evidence
    width_of = [point["width"] for point in (*evidence.points, *evidence.held_back)]
    assert sorted(width_of) == sorted(built)
    assert evidence.points == ({"width": 16}, {"width": 32}, {"width": 48}, {"width": 64})
    assert evidence.degrees == {width: 2}
    assert evidence.failed == ()


# What is refused.

REFUSED = [
    (3, {"w": [1, 2, 3]}, "make must be callable with the variables of over by name, got 3"),
    (
        lambda w: w,
        [1, 2, 3],
        "over gives sample points by name, such as {'width': [16, 32, 48, 64]}, got [1, 2, 3]",
    ),
    (lambda w: w, {"v": [1, 2, 3]}, "make takes no 'v'; known: w"),
    (lambda width: width, {"widht": [1, 2, 3]}, "make takes no 'widht'; did you mean 'width'? Known: width"),
    (lambda w, n: w, {"w": [1, 2]}, "make also needs n; give sample points for each in over, or a default"),
    (lambda w: w, {"w": [0, 1, 2]}, "sample points of w must be positive integers, got 0"),
    (lambda w: w, {"w": [1.5, 2]}, "sample points of w must be positive integers, got 1.5"),
    (lambda w: w, {"w": [True, 2]}, "sample points of w must be positive integers, got True"),
    (lambda w: w, {"w": 3}, "over gives w several positive integers, got 3"),
    (lambda k: k, {sc.dims("k", odd=True): [2, 3]}, "sample points of k must be odd, as it is, got 2"),
    (
        lambda w: w,
        {"w": range(1, 10**9)},
        "over makes more than 1024 sample points; five values for each variable are often enough",
    ),
    (
        lambda w: w,
        {"w": [8]},
        "over gives w 1 value; a size that stays needs 2 at least, and one that grows evenly needs 3: "
        "2 to fit it, and 1 held back",
    ),
    (
        lambda w: {"conv": (3, w)},
        {"w": [8, 16]},
        "size 1 of conv is of degree 1 in w, which needs 3 sample points: 2 to fit it, and 1 held back; got 2",
    ),
    (
        lambda w: w**3,
        {"w": [8, 16, 24]},
        "count is of degree 3 in w, which needs 5 sample points: 4 to fit it, and 1 held back; got 3",
    ),
    (
        lambda w, n: {"conv": (rounded(w), n)},
        {"w": [10, 20, 30, 40], "n": [1, 2, 3]},
        "size 0 of conv is 8, 24, 32, 40 at w = 10, 20, 30, 40 (n = 1), which follows no polynomial of degree 2 or "
        "less; where sizes are rounded or an image is cut into windows, give multiples of that",
    ),
    (
        lambda n: {f"conv{i}": (2**i,) for i in range(n)},
        {"n": [1, 2, 3, 4, 5]},
        "tensors come and go by no pattern of their names, and the number of all parameters is 1, 3, 7, 15, 31 at "
        "n = 1, 2, 3, 4, 5, which follows no polynomial of degree 3 or less; where sizes are rounded or an image is "
        "cut into windows, give multiples of that",
    ),
    (
        lambda w: 12 // (w - 2),
        {"w": [1, 2]},
        "make fails at w = 2: ZeroDivisionError: integer division or modulo by zero",
    ),
    (lambda w: sys.exit(3), {"w": [1, 2, 3]}, "make fails at w = 1: SystemExit: 3"),
    (
        lambda w: [3],
        {"w": [1, 2]},
        "make must return a torch.nn.Module, a count, or counts and shapes by name; at w = 1 it returned [3]",
    ),
    (
        lambda w: {"conv": (w, 0.5)},
        {"w": [1, 2]},
        "make must return a torch.nn.Module, a count, or counts and shapes by name; "
        "at w = 1 it returned {'conv': (1, 0.5)}",
    ),
    (
        lambda w: w if w in (8, 16, 32) else w + 1,
        {"w": [8, 16, 32]},
        "no formula in w: at w = 24, which was held back, count is 25, and by the formula 24",
    ),
]


@pytest.mark.parametrize(
    ("make", "over", "message"), REFUSED, ids=lambda value: value if isinstance(value, str) else ""
)
def test_what_is_refused(make, over, message):
    with pytest.raises(sc.SymcnnError) as error:
        sc.lift(make, over)
    assert str(error.value) == message


def test_inputs_that_are_none():
    def refused(given):
        with pytest.raises(sc.SymcnnError) as error:
            sc.lift(lambda w: w, {"w": [1, 2, 3]}, input=given)
        return str(error.value)

    assert refused(3) == "input is a shape such as (3, 'H', 'W'), got 3"
    assert refused((3, 0)) == "sizes of input are positive integers or names, got 0"
    assert refused((3, "H")) == "input= counts operations of a torch.nn.Module; make returned 1"


# How it shows itself.


def family():
    return sc.lift(
        lambda width, n: {f"conv{i}": (rounded(width), 9) for i in range(n)}, {"width": [16, 32, 48], "n": [1, 2, 3]}
    )


TEXT = """\
tensor   shape      for                parameters
───────  ─────────  ─────────────────  ──────────
conv{i}  width × 9  i = 0, ..., n - 1   9·n·width

parameters: 9·n·width
conditions: 8 | width
evidence: 9 sample points, 22 held back"""


def test_a_table_in_six_formats():
    lifted = family()
    assert str(lifted) == TEXT
    assert lifted.to_markdown().splitlines()[2] == "| conv{i} | width × 9 | i = 0, ..., n - 1 | 9·n·width |"
    assert r"8 \mid" in lifted.to_latex()
    assert "<math>" in lifted.to_html()
    found = json.loads(lifted.to_json())
    assert (found["params"], found["buffers"], found["macs"]) == ("9*n*width", "0", None)
    assert found["rows"] == [
        {"name": "conv{i}", "shape": ["width", 9], "ranges": "i = 0, ..., n - 1", "params": "9*n*width"}
    ]
    assert lifted.to_csv().splitlines()[1] == 'conv{i},width x 9,"i = 0, ..., n - 1",9*n*width'
    assert lifted.to_records()[0]["params"] == 9 * n * width


EVIDENCE = """\
       samples     held back            degree  certified for
─────  ──────────  ───────────────────  ──────  ─────────────
width  16, 32, 48  8, 24, 40, ..., 392       1  8 | width
n      1, 2, 3     4, 6, 24                  1  every value

fitted: each size of each tensor, at 9 points
checked: at 22 points that were held back
not: width = 17, n = 1: conv0 is 16 × 9, and by the formula 17 × 9"""


def test_evidence_is_a_table_too():
    text = str(family().evidence)
    assert text[: len(EVIDENCE)] == EVIDENCE
    assert [record["degree"] for record in family().evidence.to_records()] == [1, 1]


def test_a_count_loads_no_framework():
    program = "import sys, symcnn as sc; sc.lift(lambda w: w, {'w': [1, 2, 3]}); print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
