"""The largest size within limits, beside trying them all; its certificate, and what it says where there is none."""

import json
import random

import pytest
from growing_networks import STRIDED, H, K, W, tutorial, w
from refusing import assert_refused
from sympy import Eq, Ge, Mod, Rational

import symcnn as sc
from symcnn.errors import ConditionError, MissingValueError, SizeError, UnknownNameError

vgg = sc.zoo.get_model("vgg16")
P, M = vgg.params, vgg.macs
AT = {H: 224, W: 224, K: 10}
g, p = sc.dims("g p")
k = sc.dims("k", odd=True)
alpha = sc.ratio("alpha")


def test_what_a_user_types():
    best = sc.largest(w, [P <= 50_000_000, M <= 2_000_000_000], at=AT, step=8, where=vgg.conditions)
    assert (best.value, best.beyond, best.unlimited) == (16, 24, False)
    assert vgg.at(best.at).params == best.sides[0][0] == 43_437_274
    assert vgg.at({**best.at, w: 24}).macs == best.beyond_sides[1][0]
    assert str(best) == (
        "limit              budget         w = 16        spare         w = 24\n"
        "───────  ─  ─────────────  ─────────────  ───────────  ─────────────  ────\n"
        "limit 1  ≤     50,000,000     43,437,274    6,562,726     57,432,194  over\n"
        "limit 2  ≤  2,000,000,000  1,017,929,728  982,070,272  2,233,794,560  over\n"
        "\n"
        "largest w: 16\n"
        "proof: limit 1 and limit 2 go one way with w, by form: what is larger is over it\n"
        "too\n"
        "taken: multiples of 8\n"
        "at: H = 224, W = 224, K = 10\n"
        "conditions: H ≥ 32, W ≥ 32"
    )


def test_the_limit_that_binds_is_named():
    best = sc.largest("w", {"parameters": P <= 5e7, "work": M <= 1e12}, at=AT)
    assert best.binding == ("parameters",)
    assert [row["binds"] for row in best.to_records()] == ["over", None]
    assert json.loads(best.to_json())["value"] == best.value


def test_ties_between_sizes():
    best = sc.largest(H, [M <= 3 * 10**9], at={W: H, w: 64, K: 1000}, step=32, where=vgg.conditions)
    assert best.value == 96
    assert best.at == {W: H, w: 64, K: 1000, H: 96}


def test_nothing_within_the_limits():
    best = sc.largest(w, [(P, "<=", 100), M <= 10**12], at=AT, where=vgg.conditions)
    assert (best.value, best.smallest, best.binding) == (None, 1, ("limit 1",))
    assert best.sides[0][0] - 100 == vgg.at({**AT, w: 1}).params - 100
    assert "largest w: none" in str(best)


def test_nothing_beyond_the_limits():
    best = sc.largest(H, [P <= 5 * 10**8], at={w: 64, K: 1000})
    assert (best.value, best.unlimited) == (None, True)
    assert "largest H: any\nproof: no limit is reached, however large H is" in str(best)
    assert sc.largest(H, [(P, "<=", 5)], at={w: 64, K: 1000}).unlimited is False


def test_divisors_are_not_bisected():
    conv = sc.Conv2d(64, 3, groups=g).on((64, 8, 8))
    assert sc.largest(g, [conv.params <= 5000], where=conv.conditions).value == 64
    assert sc.largest(g, [conv.params >= 5000], where=conv.conditions).value == 4
    assert sc.largest(g, [conv.params >= 5000], where=conv.conditions).beyond == 8
    assert sc.largest(g, [conv.params >= 5000]).value == 7


def test_odd_sizes_padding_and_multipliers():
    assert sc.largest(k, [k**2 <= 50]).value == 7
    assert sc.largest(k, [k**2 <= 50], step=4).value == 5
    zero = sc.MaxPool2d(3, padding=1).on((3, H, W)).output[1]
    assert sc.largest(H, [zero <= 5], where=[Ge(H, 3)]).value == 15
    net = sc.zoo.get_model("mobilenet_v2")
    best = sc.largest(alpha, [net.macs <= 3 * 10**8], at={H: 224, W: 224, K: 1000}, step=Rational(1, 20))
    assert net.at({**best.at}).macs <= 3 * 10**8 < net.at({**best.at, alpha: best.beyond}).macs


def test_what_may_rise_and_fall_is_tried():
    best = sc.largest(w, [w + Mod(w, 7) <= 50])
    assert best.value == 49
    assert "may rise and fall with w: every value up to" in best.why
    # Within, beyond, and within again.
    assert sc.largest(w, [w**2 - 20 * w + 80 <= 0]).value == 14
    assert sc.largest(w, [w**2 - 20 * w + 80 <= 0, w <= 4]).value is None
    with pytest.raises(SizeError) as caught:
        sc.largest(w, [Mod(w, 7) <= 3])
    assert str(caught.value) == (
        "Mod(w, 7) may rise and fall with w, and no end is in reach; give a range to search({w: range(...)}, ...)"
    )


@pytest.mark.parametrize("seed", range(120))
def test_it_is_the_last_that_trying_finds(seed):
    rng = random.Random(seed)
    formulas = [net.macs.subs({W: 40, w: 3} if rng.random() < 0.5 else {W: H, w: 2}) for net in STRIDED.values()] + [
        H**2 - rng.randint(2, 40) * H + 400,
        sc.make_divisible(H, 8) * 5 + 1,
        2 ** sc.FloorDiv(H, 6),
    ]
    chosen = rng.sample(formulas, rng.randint(1, 2))
    values = [sc.evaluate(f, {H: rng.randint(24, 150)}) for f in chosen]
    limits = [(f, rng.choice(["<=", "<"]), v) for f, v in zip(chosen, values, strict=True) if v > 0]
    where = rng.choice([[], [Ge(H, 24)], [Eq(Mod(H, 3), 0)]])
    step = rng.choice([1, 1, 2, 7])
    if not limits:
        return
    best = sc.largest(H, limits, step=step, where=where)
    if best.unlimited:
        return

    def within(size):
        allowed = all(bool(condition.subs(H, size)) for condition in where)
        return allowed and all((f.subs(H, size) <= v) if s == "<=" else (f.subs(H, size) < v) for f, s, v in limits)

    # Beyond the certificate's next value nothing is tried; this tries it.
    found = [size for size in range(step, 400, step) if within(size)]
    assert best.value == (found[-1] if found else None)


@pytest.mark.parametrize(
    ("ask", "kind", "message"),
    [
        (lambda: sc.largest("v", [P <= 10**9], at=AT), UnknownNameError, "no size is named 'v' here; known: K, w"),
        (lambda: sc.largest(w, [P <= 10**9]), MissingValueError, "a value is missing for K; give it in at"),
        (lambda: sc.largest(w, []), SizeError, "a limit is an inequality, such as net.params <= 5_000_000; got none"),
        (lambda: sc.largest(w, [P], at=AT), SizeError, None),
        (lambda: sc.largest(w, [Eq(w, 3)]), SizeError,
         "a limit is an inequality, such as net.params <= 5_000_000; got Eq(w, 3)"),
        (lambda: sc.largest(w, 5), SizeError, "a limit is an inequality, such as net.params <= 5_000_000; got 5"),
        (lambda: sc.largest(w, [P <= -5], at=AT), SizeError,
         "a limit is an inequality, such as net.params <= 5_000_000; got False; SymPy decides at once an inequality "
         "that no size, or every size, meets: a budget that is negative, or below what any size needs. "
         "(net.params, '<=', budget) stays as it is written"),
        (lambda: sc.largest(w, [(P, "<=", -5)], at=AT), SizeError, None),
        (lambda: sc.largest(w, [w - K <= -5], at=AT), SizeError, "a budget is not negative, got -K + w <= -5"),
        (lambda: sc.largest(w, [w <= 5], step=0), SizeError,
         "step must be a positive integer or an expression in symbols from dims(), got 0"),
        (lambda: sc.largest(w, [w <= 5], step=K), SizeError, "step must be a number, got K"),
        (lambda: sc.largest(alpha, [alpha <= 5]), SizeError,
         "alpha is a multiplier and has no next value; give a step, such as Rational(1, 4)"),
        (lambda: sc.largest(w, [w <= 5], at={w: 3}), SizeError,
         "w is what is asked about, so at gives no value for it, got 3"),
        (lambda: sc.largest(w, [w * K <= 5], at={K: H, H: K}), SizeError, "values in at go in a circle: K is H"),
        (lambda: sc.largest(w, [P <= 10**9], at={**AT, H: 31}, where=vgg.conditions), ConditionError,
         "H = 31 breaks the condition H >= 32 "
         "(layer features.30, MaxPool2d(2): kernel_size is at most the padded input)"),
        (lambda: sc.largest(w, [w <= 5], at=[K]), SizeError,
         "values are given as a mapping by symbol or by name, or by keyword, got [K]"),
    ],
)  # fmt: skip
def test_how_it_says_no(ask, kind, message):
    assert_refused(ask, kind, message)


def test_conditions_that_nothing_meets():
    best = sc.largest(w, [w <= 5], where=[Eq(Mod(w, 8), 0)])
    assert (best.value, best.smallest) == (None, 8)
    none = sc.largest(w, [w <= 5], where=[Eq(Mod(w**2, 4), 3)])
    assert (none.value, none.smallest, none.why) == (None, None, "no w up to 4194304 meets the conditions")


def test_it_shows_itself_in_every_format():
    best = sc.largest(w, {"parameters": tutorial().params <= 20_000}, at={H: 8, W: 8, K: 64})
    for style in ("text", "markdown", "latex", "html", "json", "csv"):
        assert "parameters" in best.format(style)
