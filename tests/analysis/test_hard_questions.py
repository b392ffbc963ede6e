"""Questions that fooled an earlier version: roundings below 0, conditions that leave one value, and bad input."""

import math

import pytest
from growing_networks import H, K, W, n, w
from sympy import Eq, I, Mod, Symbol, nan, oo

import symcnn as sc
from symcnn import FloorDiv
from symcnn.errors import SizeError, SymcnnError

x = sc.dims("x")
z = Symbol("z", integer=True, nonnegative=True)
striding = sc.Sequential(
    sc.Conv2d(w, 3, padding=1), sc.Repeat(sc.Sequential(sc.Conv2d(w, 3, stride=2, padding=1)), n), input=(3, H, H)
)


@pytest.mark.parametrize(
    ("formula", "sign", "bound"),
    [
        (FloorDiv(10 - x, 7) ** 2, "<=", 100), (FloorDiv(10 - x, 7) ** 2, "<=", 10_000),
        (FloorDiv(x - 200, 7) ** 2, "<", 100), (2**x, "<=", 10**9), (2**x + x, "<", 5000),
        (FloorDiv(40 - x, 7) * FloorDiv(40 - x, 6), "<=", 90),
    ],
)  # fmt: skip
def test_roundings_below_0_and_exponentials(formula, sign, bound):
    best = sc.largest(x, [(formula, sign, bound)])
    values = [(v, sc.evaluate(formula, x=v)) for v in range(1, 1500)]
    assert best.value == max(v for v, f in values if f < bound or (sign == "<=" and f == bound))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (FloorDiv(x - 200, 7) ** 2 + x, 100 + x), (5 * FloorDiv(x - 3, 4) ** 2, x**2 - 40),
        (FloorDiv(10 - x, 7) ** 2 + x, 100 + x), (FloorDiv(10 - x, 7) ** 2, 3 * x),
        (FloorDiv(40 - x, 7) * FloorDiv(40 - x, 6), x),
        (FloorDiv(x - 90, 6) * FloorDiv(x - 80, 5), 40 * x - 900),
    ],
)  # fmt: skip
def test_crossovers_with_roundings_below_0(one, other):
    found = [(change.value, change.order) for change in sc.crossover(one, other, x).changes]
    expected = []
    for value in range(1, 1500):
        left, right = (sc.evaluate(f, x=value) for f in (one, other))
        order = "<" if left < right else ">" if left > right else "="
        if not expected or expected[-1][1] != order:
            expected.append((value, order))
    assert found == expected


def test_what_is_not_told_is_refused():
    rounded = sc.make_divisible(20 - x, 4)
    with pytest.raises(SizeError, match="no end is in reach"):
        sc.largest(x, [(rounded + Mod(x, 9), ">=", 5)])
    with pytest.raises(SizeError, match="changes its sign cannot be told; search takes a range"):
        sc.crossover(rounded, Mod(x, 9), x)
    with pytest.raises(SizeError) as caught:
        sc.largest(w, [(w, ">=", 3)], where=[Eq(w * (w - 5), 0)])
    assert str(caught.value) == (
        "whether Eq(w*(w - 5), 0) leaves an end is not known; give a range to search({w: range(...)}, ...)"
    )


@pytest.mark.parametrize(("where", "value"), [(Eq(w, 5), 5), (Eq(2 * w, 10), 5), (Eq(FloorDiv(w, 10), 3), 39)])
def test_conditions_that_leave_few_values(where, value):
    assert sc.largest(w, [(w, ">=", 3)], where=[where]).value == value
    assert sc.largest(w, [(w, ">=", 3), (w, "<=", 10**9)], where=[where]).value == value


def test_a_condition_that_decides_is_named():
    best = sc.largest(w, [9 * w**2 <= 1000], where=Eq(w, 1))
    assert (best.value, best.binding) == (1, ())
    assert best.why == "Eq(w, 1) goes one way with w, by form: what is larger is over it too"


def test_limits_beyond_64_bits():
    assert sc.largest(x, [x <= 10**20]).value == 10**20
    assert sc.largest(x, [(FloorDiv(x, 10**19), "<=", 5)]).value == 6 * 10**19 - 1
    assert sc.largest(x, [x >= 10**20]).unlimited


def test_floats_keep_their_digits():
    assert sc.largest(x, [x <= 9007199254740992.0]).value == 9007199254740992
    assert sc.largest(x, [10 * x <= 0.3e2]).value == 3
    assert sc.largest(x, [(x, "<=", 123456789012345678.0)]).value == 123456789012345680


def test_what_is_tied_is_a_size():
    tied = sc.largest(w, [(w * H, "<=", 3)], at={H: w - 4})
    assert (tied.value, tied.smallest) == (None, 5)
    assert sc.largest(w, [(w * H, "<=", 30)], at={H: w / 2}).value == 6
    found = sc.search({w: range(1, 9)}, [(w * H, "<=", 12)], at={H: w - 4})
    assert [record["w"] for record in found] == [5, 6]


def test_depths_with_halving():
    best = sc.largest(n, [(striding.macs, "<=", 10**6)], {H: 64, w: 4}, where=striding.conditions)
    now, then = (sc.evaluate(striding.macs, {H: 64, w: 4, n: depth}) for depth in (best.value, best.value + 1))
    assert now <= 10**6 < then
    assert sc.largest(n, [striding.params <= 10**4], {w: 4}).value == 66
    rows = {row.factor: row.effects["macs"] for row in sc.drivers(striding, {H: 64, w: 4, n: 3})}
    assert rows["n"].increment == 144 * 4**2


def test_lone_layers():
    for layer in (sc.Conv2d(8, 3, input=(3, 8, 8)), sc.Linear(8, input=(4,)), sc.MaxPool2d(2, input=(3, 8, 8))):
        assert len(sc.drivers(layer)) >= 1
    depth = next(row for row in sc.drivers(sc.Linear(8, input=(4,))) if row.factor == "Linear × n")
    assert depth.effects["params"].increment == 72


def test_what_may_be_0():
    assert sc.largest(z, [(FloorDiv(21, z) - z**2, "<=", 100), z <= 9]).value == 9
    assert sc.largest(z, [(FloorDiv(21, z) + z**2, "<=", 100)], where=[z >= 1]).value == 9


def test_huge_values_have_a_nearest_too():
    found = sc.search({w: [2000, 3000]}, [(2**w, "<=", 5)])
    assert found.grid.configuration(found.nearest) == {w: 2000}


def test_inverses():
    B = sc.dims("B")
    found = sc.invert(x**2 + x * w - x * H + 100, x, "B")
    assert not all(bool(relation.subs({w: 10, H: 1, B: 99})) for relation in found.where)
    assert all(bool(relation.subs({w: 10, H: 1, B: 150})) for relation in found.where)
    assert sc.invert(2 ** (n + 1), n, 64).expr.evalf() == pytest.approx(5)
    assert sc.invert(8**n - 2 * 4**n, n, 8**3 - 2 * 4**3).expr.evalf() == pytest.approx(3)


def test_names_of_symbols_are_taken_everywhere():
    assert sc.relax(9 * w**2 * FloorDiv(H, 2), "H") == (9 * H * w**2 / 2, 9 * w**2 / 2)
    with pytest.raises(SizeError, match="was not made by dims"):
        sc.relax(FloorDiv(H, 2), Symbol("H"))


net = sc.Linear(w, in_features=K)


@pytest.mark.parametrize(
    "ask",
    [
        *[lambda value=value: sc.relax(value) for value in (oo, nan, I, [w], {}, None, math.inf)],
        *[lambda value=value: sc.increment(w + value, w) for value in (oo, I)],
        lambda: sc.elasticity(w * oo, w),
        *[lambda value=value: sc.drivers(value) for value in (None, 5, "w", [w], sc.Linear(3).on((4,)))],
        *[
            lambda value=value: sc.drivers(net, {w: 3, K: 2}, of=value)
            for value in (None, 5, [], "prams", ["params", 3])
        ],
        *[
            lambda value=value: sc.search({w: [1]}, maximize=w, top=value)
            for value in (None, "a", 2.5, oo, -1, 0, True)
        ],
        lambda: sc.search({w: [1]}, maximize=w, progress=5),
        lambda: sc.search({w: [1]}, pareto={"p": (w,), "q": (w, "min")}),
        lambda: sc.search({w: [1]}, pareto={w: [1, 2], w**2: "max"}),
        lambda: sc.search({w: b"w"}, maximize=w),
        lambda: sc.search({w: [1, 2]}, {"p": w <= 5}, maximize={"p": w**2}),
        lambda: sc.search({w: [1, 2]}, {"w": w**2 <= 5}),
        *[lambda value=value: sc.crossover(w, w**2, w, names=value) for value in (5, "ab", ["a"], [1, 2], Eq(w, 1))],
        *[lambda value=value: sc.crossover(value, w, w) for value in (oo, nan, I)],
        *[lambda value=value: sc.largest(w, [(w, "<=", value)]) for value in (nan, math.nan, I, oo, "5", [5], None)],
        lambda: sc.largest(w, (w, [1], 3)),
        lambda: sc.largest(w, [(w, [w], 100)]),
        lambda: sc.largest(w, [w * H <= 5], at={H: W, W: H}),
        *[lambda value=value: sc.invert(w**2, w, value) for value in (oo, nan, I, Symbol("w"), [3], None, True)],
    ],
)
def test_bad_input_has_an_error_of_ours(ask):
    with pytest.raises(SymcnnError) as caught:
        ask()
    assert len(str(caught.value)) > 15
