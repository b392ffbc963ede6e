"""Where one formula overtakes another, beside looking at every integer; and sizes as formulas of budgets."""

import random

import pytest
from growing_networks import STRIDED, H, K, W, n, tutorial, w
from refusing import assert_refused
from sympy import Rational, log, sqrt

import symcnn as sc
from symcnn.analysis.proofs.solving import polynomial_in
from symcnn.errors import ConditionError, SizeError, UnknownNameError

B, C, g, k = sc.dims("B C g k")
odd = sc.dims("k", odd=True)
alpha = sc.ratio("alpha")


def orders(a, b, x, values):
    """The order at first, and wherever it is another, by looking at every value."""
    found = []
    for value in values:
        left, right = sc.evaluate(a, {x: value}), sc.evaluate(b, {x: value})
        order = "<" if left < right else ">" if left > right else "="
        if not found or found[-1][1] != order:
            found.append((value, order, left, right))
    return found


# crossover.


def test_what_a_user_types():
    standard, separable = k**2 * 64 * 128, (k**2 + 128) * 64
    found = sc.crossover(standard, separable, k)
    assert found.formulas == (8 * sqrt(254) / 127,)
    assert (found.exact, found.first) == (True, 2)
    assert [tuple(change) for change in found.changes] == orders(standard, separable, k, range(1, 50))


def test_the_formula_has_the_other_symbols():
    found = sc.crossover(9 * C * K, (9 + K) * C, K)
    assert (found.formulas, found.changes) == ((Rational(9, 8),), None)
    assert found.why == "left open by C; give values in at"
    assert sc.crossover(9 * C * w, (9 + w) * C * K, w).formulas == (9 * K / (9 - K),)
    assert sc.crossover(9 * C * K, (9 + K) * C, K, at={C: 4}).first == 2


def test_what_is_never_overtaken():
    found = sc.crossover(49 * C**2, 27 * C**2, C)
    assert (found.formulas, found.first, [change.order for change in found.changes]) == ((), None, [">"])
    same = sc.crossover(C * 2, C + C, C)
    assert [change.order for change in same.changes] == ["="]
    vgg = sc.zoo.get_model("vgg16")
    apart = sc.crossover(vgg.params, vgg.params + 5, H, at={w: 64, K: 10})
    assert [change.order for change in apart.changes] == ["<"]


def test_networks_at_sizes_that_they_take():
    one, other = sc.zoo.get_model("resnet50"), sc.zoo.get_model("vgg16")
    at = {H: 224, W: 224, K: 1000}
    found = sc.crossover(one.params, other.params, w, at=at, names=("ResNet-50", "VGG-16"))
    assert [tuple(c) for c in found.changes] == orders(one.params.subs(at), other.params.subs(at), w, range(1, 900))
    assert found.first == 751
    assert one.at({**at, w: 751}).params > other.at({**at, w: 751}).params
    assert one.at({**at, w: 750}).params < other.at({**at, w: 751}).params
    assert found.to_records()[1]["first"] == one.at({**at, w: 751}).params
    where = (*one.conditions, *other.conditions)
    square = sc.crossover(one.macs, other.macs, H, at={W: H, w: 64, K: 1000}, where=where)
    assert [(change.value, change.order) for change in square.changes] == [(32, "<")]


@pytest.mark.parametrize("seed", range(80))
def test_all_changes_are_found(seed):
    rng = random.Random(seed)

    def drawn():
        a, b, c = rng.randint(1, 40), rng.randint(-60, 60), rng.choice([1, 2, 3, 5, 6, 7])
        return rng.choice(
            [
                a * sc.FloorDiv(H, c) + b,
                a * H + b,
                sc.FloorDiv(a * H + 3, c) ** 2 + b * H,
                a * sc.FloorDiv(H, c) * sc.FloorDiv(H + 1, 3) + b,
                sc.make_divisible(H, 8) * a + b * 10,
                H**2 - a * H + b,
                rng.choice(list(STRIDED.values())).output[1].subs(W, 41) * a,
            ]
        )

    one, other = drawn(), drawn()
    step = rng.choice([1, 1, 3])
    try:
        found = sc.crossover(one, other, H, step=step)
    except SizeError:
        assert str(one) != str(other)
        return
    assert [tuple(c) for c in found.changes if c.value < 1500] == orders(one, other, H, range(step, 1500, step))


def test_odd_sizes():
    found = sc.crossover(odd**2, 5 * odd, odd)
    assert [(change.value, change.order) for change in found.changes] == [(1, "<"), (5, "="), (7, ">")]


def test_relaxed_formulas_say_so():
    found = sc.crossover(100 * sc.FloorDiv(H, 3), 66 * sc.FloorDiv(H + 1, 2) + 10, H)
    assert (found.exact, found.formulas) == (False, (30,))
    assert "relaxed: the difference is off by at most" in str(found)
    assert len(found.changes) > 20
    assert "shown: the first 20 of" in str(found)


def test_how_crossover_says_no():
    with pytest.raises(SizeError) as caught:
        sc.crossover(sc.FloorDiv(H, 3), sc.FloorDiv(H + 1, 3), H)
    assert str(caught.value) == (
        "the two are as near as their roundings in too many places to try; search takes a range of H"
    )
    with pytest.raises(UnknownNameError) as caught:
        sc.crossover(w, K, "v")
    assert str(caught.value) == "no size is named 'v' here; known: K, w"
    with pytest.raises(SizeError) as caught:
        sc.crossover(w, K, w, names=("one",))
    assert str(caught.value) == "names are two texts, got ('one',)"


def test_it_shows_itself_in_every_format():
    found = sc.crossover(k**2 * 64, (k**2 + 128), k, names=("standard", "separable"))
    for style in ("text", "markdown", "latex", "html", "json", "csv"):
        assert "standard" in found.format(style) or style in ("csv",)
    assert found.to_csv() == "value,first,order,second\n1,64,<,129\n2,256,>,132\n"


# invert.


@pytest.mark.parametrize(
    ("formula", "x"),
    [
        (18 * w**2 + 36 * w, w), (7 * w + 3, w), (w**2, w), (w**3 + 2 * w**2 + w, w), (w**3 + 5, w),
        (w**4 + 3 * w**2, w), (5 * w**6 + 1, w), (3 * 4**n + 2**n, n), (5 * 2**n - 3, n), (n * (9 * 64 + 64), n),
        (w**2 - 30 * w + 400, w),
        (tutorial().params.subs({H: 8, W: 8, K: 10}), w), (tutorial().macs.subs({H: 8, W: 8, K: 10}), w),
    ],
)  # fmt: skip
def test_the_inverse_gives_the_size_back(formula, x):
    found = sc.invert(formula, x, "B")
    assert found.exact
    for size in (16, 17, 40, 99):
        value = formula.subs(x, size)
        assert abs(float(found.expr.subs(B, value).evalf(30)) - size) < 1e-9
        assert all(bool(relation.subs(B, value)) for relation in found.where)


def test_inverses_of_what_falls_and_of_what_is_rounded():
    found = sc.invert(64 + 36864 / g, g, "B")
    assert found.expr == 36864 / (B - 64)
    assert [bool(need.subs(B, 64)) if need.subs(B, 64).is_Boolean else False for need in found.where[:1]] == [True]
    relaxed = sc.invert(9 * w**2 * sc.FloorDiv(H, 4) ** 2, H, "B")
    assert (relaxed.expr, relaxed.exact) == (4 * sqrt(B) / (3 * w), False)
    smooth, error = sc.relax(9 * w**2 * sc.FloorDiv(H, 4) ** 2, H)
    assert (smooth.subs(H, relaxed.expr), relaxed.error) == (B, error)
    assert sc.invert(200 * alpha, alpha, "B").expr == B / 200
    assert sc.invert(2**n * w, n, "B").expr == log(B / w) / log(2)


def test_budgets():
    assert sc.invert(w**2, w, 49).expr == 7
    assert sc.invert(w**2, "w", 4.9e1).expr == 7
    assert sc.invert(w**2, w, K**2).expr == K


@pytest.mark.parametrize(
    ("ask", "kind", "message"),
    [
        (lambda: sc.invert(w**2, K, "B"), SizeError, "w**2 does not depend on K, so no K comes to a budget"),
        (lambda: sc.invert(w**2, "v", "B"), UnknownNameError, "no size is named 'v' here; known: w"),
        (lambda: sc.invert(w**2, w, "w"), SizeError, "a budget does not depend on w, got w"),
        (lambda: sc.invert(w**2, w, -3), SizeError, "a budget is positive, got -3"),
        (lambda: sc.invert(w**2 + 10, w, 3), ConditionError, "no w comes to a budget of 3"),
        (lambda: sc.invert(w**2, w, "2B"), SizeError,
         "dims takes names such as 'H W' that are Python identifiers; got '2B'"),
        (lambda: sc.invert(w**5 + w, w, "B"), SizeError,
         "no closed formula for w: what is to be solved is no polynomial of degree 3 at most in a power or an "
         "exponential of w; largest finds the exact integer"),
        (lambda: sc.invert(w**n, n, "B"), SizeError, None),
    ],
)  # fmt: skip
def test_how_invert_says_no(ask, kind, message):
    assert_refused(ask, kind, message)


def test_what_is_solved():
    poly, unknown, back = polynomial_in(3 * w**4 + K * w**2 - 5, w)
    assert (poly.degree(), back) == (2, sqrt(unknown))
