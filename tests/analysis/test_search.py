"""Searches beside trying every configuration in plain Python; fronts, ties, what is infeasible, and bad questions."""

import json
import random
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from growing_networks import STRIDED, H, K, W, k, tutorial, w
from refusing import assert_refused
from sympy import Ge, Rational

import symcnn as sc
from symcnn.analysis.budget.front import front
from symcnn.errors import MissingValueError, SizeError, UnknownNameError

net = sc.Sequential(sc.Conv2d(w, k, padding="same"), sc.Conv2d(2 * w, k, padding="same"), input=(3, H, H))
P, M = net.params, net.macs
SPACE = {w: range(8, 129, 8), H: range(96, 257, 32), k: [3, 5, 7]}
alpha = sc.ratio("alpha")


def tried(space, within, key=None):
    """Every configuration within limits, by plain Python; with a key in its order, of equals the first first."""
    points = [dict(zip(space, values, strict=True)) for values in product(*space.values())]
    found = [point for point in points if within(point)]
    return found if key is None else sorted(found, key=key)


def test_what_a_user_types():
    found = sc.search(SPACE, [P <= 5e5], maximize=M)
    expected = tried(SPACE, lambda at: P.subs(at) <= 500_000, lambda at: -M.subs(at))
    assert [found.at(i) for i in range(len(found))] == expected[:10]
    assert found[0] == {"w": 96, "H": 256, "k": 5, "limit 1": 468_288, "objective": M.subs(expected[0])}
    assert net.at(found.at()).params == found[0]["limit 1"]
    assert found.within == len(expected)


def test_names_come_from_the_user():
    found = sc.search({"w": [8, 16]}, {"params": P <= 5e5}, minimize={"work": M}, at={k: 3, H: 32})
    assert list(found) == [
        {"w": 8, "params": 1392, "work": 1_400_832},
        {"w": 16, "params": 5088, "work": 5_160_960},
    ]


def test_all_that_is_within_the_limits():
    found = sc.search(SPACE, [P <= 5e5])
    assert [found.at(i) for i in range(len(found))] == tried(SPACE, lambda at: P.subs(at) <= 500_000)


@pytest.mark.parametrize("senses", [("min", "max"), ("min", "min"), ("max", "max")])
def test_fronts(senses):
    found = sc.search(SPACE, pareto={P: senses[0], M: senses[1]})
    signs = [1 if sense == "min" else -1 for sense in senses]
    points = tried(SPACE, lambda at: True)
    costs = [tuple(s * f.subs(at) for s, f in zip(signs, (P, M), strict=True)) for at in points]
    kept = [
        at
        for at, one in zip(points, costs, strict=True)
        if not any(all(a <= b for a, b in zip(other, one, strict=True)) and other != one for other in costs)
    ]
    assert sorted(map(str, (found.at(i) for i in range(len(found))))) == sorted(map(str, kept))


@pytest.mark.parametrize("seed", range(40))
def test_the_front_of_any_costs(seed):
    rng = np.random.default_rng(seed)
    costs = rng.integers(0, 6, (int(rng.integers(1, 60)), int(rng.integers(2, 5))))
    kept = [not any((o <= c).all() and (o < c).any() for o in costs) for c in costs]
    assert front(costs).tolist() == kept


@pytest.mark.parametrize("seed", range(30))
def test_it_finds_what_trying_finds(seed):
    rng = random.Random(seed)
    chosen = rng.choice(list(STRIDED.values()))
    space = {w: range(1, rng.randint(2, 9)), H: sorted(rng.sample(range(24, 60), 5)), W: [40]}
    space = dict(rng.sample(list(space.items()), 3))
    budget = sc.evaluate(chosen.macs, {w: 4, H: 44, W: 40})
    found = sc.search(space, [chosen.macs <= budget], maximize=chosen.macs, top=5, where=chosen.conditions)
    valid = {
        str(at): bool(chosen.function("macs").valid(**{s.name: v for s, v in at.items()}))
        for at in tried(space, lambda at: True)
    }
    expected = tried(
        space,
        lambda at: valid[str(at)] and sc.evaluate(chosen.macs, at) <= budget,
        lambda at: -sc.evaluate(chosen.macs, at),
    )
    assert [found.at(i) for i in range(len(found))] == expected[:5]
    assert (found.allowed, found.within) == (sum(valid.values()), len(expected))
    if expected:
        best = sc.evaluate(chosen.macs, expected[0])
        assert found.ties == sum(sc.evaluate(chosen.macs, at) == best for at in expected)
        assert not any(one["better"] for one in found.neighbours)


def test_more_configurations_than_a_block_has():
    space = {K: [1, 2, 3], w: range(1, 701), H: range(1, 601)}
    found = sc.search(space, {"a": w * H * K <= 1000}, maximize=w * H * K + H)
    assert (found.grid.size, found[0]["w"], found[0]["H"]) == (1_260_000, 2, 500)
    assert found.within == sum(1000 // (h * n) for n in (1, 2, 3) for h in range(1, 601) if h * n <= 1000) - sum(
        max(0, 1000 // (h * n) - 700) for n in (1, 2, 3) for h in range(1, 601)
    )
    told = []
    sc.search(space, {"a": w * H * K <= 1000}, progress=lambda done, size: told.append((done, size)))
    assert told[-1] == (1_260_000, 1_260_000)
    assert told == sorted(told)
    assert len(told) > 3


def test_numbers_beyond_int64_and_fractions():
    found = sc.search({w: [10**6, 10**7]}, [(w**9, "<=", 10**55)], maximize=w**9)
    assert found[0]["w**9"] == 10**54
    ratio = sc.search(SPACE, maximize={"work": M / P})
    assert ratio[0]["work"] == max(Fraction(int(M.subs(at)), int(P.subs(at))) for at in tried(SPACE, lambda at: True))
    wide = sc.zoo.get_model("mobilenet_v2")
    widths = [Rational(n, 20) for n in range(5, 30)]
    best = sc.search({alpha: widths}, [wide.params <= 4 * 10**6], at={K: 1000}, maximize=wide.params)[0]
    assert best["alpha"] == max(
        Fraction(n, 20) for n in range(5, 30) if wide.params.subs({alpha: Rational(n, 20), K: 1000}) <= 4 * 10**6
    )


def test_nothing_within_the_limits():
    found = sc.search({w: range(8, 33, 8)}, {"p": (P, "<=", 1000), "m": M <= 50_000}, at={k: 3, H: 8})
    assert (len(found), found.within, found.grid.configuration(found.nearest)) == (0, 0, {w: 8})
    assert "none is within the limits: the nearest, above, passes p by 392 and m by 37,552" in str(found)
    broken = sc.search({H: [1, 2, 3]}, [H <= 5], where=[Ge(H, 9)])
    assert (broken.allowed, broken.within, broken.nearest) == (0, 0, None)


def test_ties_are_told():
    found = sc.search({H: range(30, 34)}, maximize={"half": sc.FloorDiv(H, 4)})
    assert (found.ties, found[0]["H"]) == (2, 32)
    assert "first: the largest half; 2 share it; of its 2 neighbours 0 are over" in str(found)


def test_it_shows_itself_in_every_format():
    found = sc.search(SPACE, {"params": P <= 5e5}, maximize={"macs": M})
    for style in ("text", "markdown", "latex", "html", "json", "csv"):
        assert "params" in found.format(style)
    assert json.loads(found.to_json())["rows"] == found.to_records()
    assert found.to_csv().splitlines()[:2] == ["w,H,k,params,macs", "96,256,5,468288,30670848000"]


@pytest.mark.parametrize(
    ("ask", "kind", "message"),
    [
        (lambda: sc.search({}, [P <= 5]), SizeError,
         "a space takes symbols and their values, {w: range(8, 129, 8), k: [3, 5, 7]}, got {}"),
        (lambda: sc.search({w: []}, [P <= 5000], at={k: 3}), SizeError, "a space has no value for w: [] is empty"),
        (lambda: sc.search({w: 8}, [P <= 5000], at={k: 3}), SizeError,
         "a space takes several values for w, such as range(8, 129, 8), got 8"),
        (lambda: sc.search({w: [8, 2.5]}, [P <= 5000], at={k: 3}), SizeError,
         "w must be a positive integer or an expression in symbols from dims(), got 2.5"),
        (lambda: sc.search({w: [8, K]}, [P <= 5000], at={k: 3}), SizeError, "a space takes numbers for w, got K"),
        (lambda: sc.search({"v": [8]}, [P <= 5000]), UnknownNameError, "no size is named 'v' here; known: k, w"),
        (lambda: sc.search({w: [8]}, [P <= 5000]), MissingValueError, "a value is missing for k; give it in at"),
        (lambda: sc.search({w: [8]}), SizeError,
         "search takes a limit, or something to aim at: maximize, minimize or pareto"),
        (lambda: sc.search({w: [8]}, maximize=P, minimize=M), SizeError,
         "search aims at one thing; got maximize and minimize"),
        (lambda: sc.search({w: [8]}, maximize={"a": P, "b": M}), SizeError,
         "maximize takes one formula, or one by name, got 2; several are for pareto"),
        (lambda: sc.search({w: [8]}, pareto={P: "min"}), SizeError, None),
        (lambda: sc.search({w: [8]}, pareto={P: "min", M: "most"}), UnknownNameError,
         "pareto takes min or max for a formula, got 'most'; known: min, max"),
        (lambda: sc.search({w: [8]}, maximize=net), SizeError, None),
        (lambda: sc.search({w: [8]}, maximize=P, at={w: 8, k: 3}), SizeError,
         "w is what is asked about, so at gives no value for it, got 8"),
        (lambda: sc.search({w: [8], "w": [9]}, maximize=P, at={k: 3}), SizeError, "w is given twice"),
        (lambda: sc.search({w: [8]}, maximize=tutorial().params, at={H: 8, W: 8, K: 1}, top=0), SizeError,
         "top must be a positive integer, got 0"),
    ],
)  # fmt: skip
def test_how_it_says_no(ask, kind, message):
    assert_refused(ask, kind, message)
