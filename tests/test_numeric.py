"""Formulas as numbers: exact at a point, over arrays, and by SymPy's own tools."""

import copy
import inspect
import json
import pickle
import shutil
import subprocess
import sys
from fractions import Fraction

import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from symcnn import FloorDiv, dims
from symcnn.errors import ConditionError, MissingValueError, SizeError, UnknownNameError
from symcnn.numeric import as_function, evaluate
from symcnn.numeric.arrays import BLOCK
from symcnn.sizes import Condition

H, W, K, w, n = dims("H W K w n")
k = dims("k", odd=True)


def words(value):
    """A test's name, the same in every process: a function has none."""
    return None if inspect.isfunction(value) else str(value)


x, y, i, j = sp.symbols("x y i j", integer=True)
free = sp.Symbol("free")


def vgg16_macs():
    """VGG-16's multiply-accumulates, expanded, as a network gives them."""
    convs = [(3, w, 1), (w, w, 1), (w, 2 * w, 2), (2 * w, 2 * w, 2), (2 * w, 4 * w, 4)]
    convs += [(4 * w, 4 * w, 4)] * 2 + [(4 * w, 8 * w, 8)] + [(8 * w, 8 * w, 8)] * 2 + [(8 * w, 8 * w, 16)] * 3
    maps = [9 * a * b * FloorDiv(H, s) * FloorDiv(W, s) for a, b, s in convs]
    return sp.expand(sp.Add(*maps, 8 * w * 49 * 4096, 4096 * 4096, 4096 * K))


def vgg16_by_hand(H, K, W, w):
    maps = [H // s * (W // s) for s in (1, 2, 4, 8, 16)]
    convs = 9 * sum(
        f * m for f, m in zip((3 * w + w**2, 6 * w**2, 40 * w**2, 160 * w**2, 192 * w**2), maps, strict=True)
    )
    return convs + 8 * w * 49 * 4096 + 4096 * 4096 + 4096 * K


VGG = vgg16_macs()
KNOWN = "+, -, *, /, integer powers, FloorDiv, make_divisible, floor, ceiling, Mod, Min, Max, Abs, Sum and Piecewise"
NO_EXACT_VALUE = f"has no exact value here; a formula is made of {KNOWN}"
A_FORMULA = "a formula is a SymPy expression, or a sequence of them"
WHERE_TAKES = "where takes conditions, such as a network's .conditions, and SymPy relations, such as Ge(H, 4)"
NAMES = "names has one name for each formula of a sequence"
MANY = "; for many values give a NumPy array"


def total(low, high, term):
    """A sum as SymPy has it: below its start it runs backwards."""
    if high < low - 1:
        return -sum(term(i) for i in range(high + 1, low))
    return sum(term(i) for i in range(low, high + 1))


def message(error, call, *args, **named):
    with pytest.raises(error) as caught:
        call(*args, **named)
    return str(caught.value)


class TestEvaluate:
    def test_values_by_symbol_and_by_name(self):
        assert evaluate(VGG, {w: 64, "K": 1000}, H=224, W=224) == 15470264320

    def test_a_whole_result_is_an_int_and_another_a_fraction(self):
        results = evaluate([w / 2, w / 2 + sp.Rational(1, 2), H / w], w=3, H=6)
        assert results == (Fraction(3, 2), 2, 2)
        assert [type(r) for r in results] == [Fraction, int, int]

    def test_nested_sequences_and_plain_numbers(self):
        assert evaluate([(w, 3), [], 7], w=2) == ((2, 3), (), 7)

    def test_arrays_broadcast(self):
        result = evaluate(H * w, H=np.array([1, 2, 3]), w=np.array([[10], [20]]))
        np.testing.assert_array_equal(result, [[10, 20, 30], [20, 40, 60]])

    def test_a_symbol_named_where(self):
        where = dims("where")
        assert evaluate(where + 1, {where: 2}, where=[where >= 2]) == 3

    def test_values_of_other_symbols_are_passed_over(self):
        assert evaluate(w, {w: 3, H: 4}) == 3

    @pytest.mark.parametrize(
        ("error", "values", "text"),
        [
            (MissingValueError, {"H": 3}, "a value is missing for w"),
            (UnknownNameError, {"H": 3, "width": 1}, "no size is named 'width' here; known: H, w"),
            (SizeError, {"H": 0, "w": 1}, "H must be a positive integer, got 0"),
            (SizeError, {"H": 3, "w": 2.5}, "w must be a positive integer, got 2.5"),
        ],
    )
    def test_errors(self, error, values, text):
        assert message(error, evaluate, H * w, values) == text

    def test_equal_conditions_keep_their_own_reasons(self):
        for reason in ("for the stem", "for the head"):
            where = [Condition(H, ">=", sp.Integer(4), reason)]
            text = f"H = 3 breaks the condition H >= 4 ({reason})"
            assert message(ConditionError, evaluate, H, H=3, where=where) == text

    def test_importing_the_package_does_not_import_numpy(self):
        code = "import sys, symcnn.numeric as n; from symcnn import dims; n.evaluate(dims('H')/2, H=3)"
        code += "; assert 'numpy' not in sys.modules"
        subprocess.run([sys.executable, "-c", code], check=True)


class TestCalling:
    def test_by_position_by_name_and_in_an_order_of_ones_own(self):
        assert as_function(H - w)(5, 3) == as_function(H - w)(w=3, H=5) == 2
        assert as_function(H - w, [w, "H"])(3, 5) == as_function(H - w, "w H")(3, H=5) == 2

    def test_arguments_that_the_formula_does_not_have(self):
        f = as_function(H + 1, [K, H])
        assert f(7, 2) == 3
        assert f.args == (K, H)

    def test_a_namedtuple_with_a_shape(self):
        f = as_function([w**2, (w, H, 3)], names=["params", "output"])
        result = f(2, 4)
        assert result.params == 16
        assert result.output == (4, 2, 3)
        assert pickle.loads(pickle.dumps(result)) == result
        assert type(pickle.loads(pickle.dumps(result))) is type(result)
        np.testing.assert_array_equal(f(2, np.array([1, 2])).output[0], [1, 2])

    @pytest.mark.parametrize("exprs", [[], [()]])
    def test_no_formulas(self, exprs):
        assert as_function(exprs)() == tuple(exprs)
        assert as_function(exprs, [H])(np.array([1])) == tuple(exprs)

    @pytest.mark.parametrize("name", ["lambda", "N", "S", "E", "I", "def", "self", "int", "a0", "t1", "slow", "min"])
    def test_any_name_will_do(self, name):
        symbol, other = dims(f"{name} a1")
        f = as_function(sp.Max(symbol**2, other) + symbol**2 + other**4, where=[symbol >= 2])
        assert f(**{name: 3, "a1": 2}) == 34
        assert evaluate(symbol + other, {name: 3}, a1=2) == 5
        text = f"{name} = 1 breaks the condition {name} >= 2"
        assert message(ConditionError, f, **{name: 1, "a1": 2}) == text

    def test_a_name_is_never_run(self):
        symbol = sp.Symbol('__import__("os").abort()', integer=True)
        f = as_function(symbol + 1)
        assert f(2) == f(**{symbol.name: 2}) == 3
        assert str(inspect.signature(f)) == "(___import____os___abort__)"
        assert f(___import____os___abort__=2) == 3

    def test_signature_repr_and_docstring(self):
        f = as_function(H * k, where=[H >= 4])
        assert str(inspect.signature(f)) == "(H, k)"
        assert repr(f) == "as_function(H*k, args=(H, k), where=(H >= 4,))"
        assert f.__doc__ == "H*k, exactly.\n\nH: a positive integer\nk: a positive integer, odd\nwhere H >= 4"
        assert type(f).__doc__.startswith("An exact function of sizes")
        assert str(inspect.signature(as_function(dims("lambda")))) == "(lambda_)"
        assert as_function(dims("lambda"))(lambda_=3) == 3
        assert len(repr(as_function(VGG**2 + VGG))) < 260

    def test_equality_and_pickling(self):
        f = as_function([H * w, (k,)], "k w H", where=[Condition(H, ">=", w)], names="a b")
        for twin in (pickle.loads(pickle.dumps(f)), copy.deepcopy(f)):
            assert twin == f
            assert hash(twin) == hash(f)
            assert twin(3, 4, H=5) == f(3, 4, H=5) == (20, (3,))
        assert f != as_function([H * w, (k,)])
        assert f != 3

    def test_numpy_scalars_sympy_integers_and_0d_arrays_are_numbers(self):
        result = as_function(H * w)(np.int64(3 * 10**9), sp.Integer(4 * 10**9))
        assert result == 12 * 10**18
        assert type(result) is int
        assert type(as_function(H * w)(np.array(5), np.uint8(250))) is int

    @pytest.mark.parametrize(
        ("error", "args", "named", "text"),
        [
            (MissingValueError, (), {"H": 3}, "a value is missing for k"),
            (UnknownNameError, (3,), {"kk": 3}, "no size is named 'kk' here; did you mean 'k'? Known: H, k"),
            (SizeError, (3, 3, 3), {}, "the function takes at most 2 values (H, k), got 3"),
            (SizeError, (3, 3), {"H": 4}, "H is given twice: 3 and 4"),
            (SizeError, (3, 4), {}, "k must be odd, got 4"),
            (SizeError, (3, -1), {}, "k must be a positive integer, got -1"),
            (SizeError, (True, 3), {}, "H must be a positive integer, got True"),
            (SizeError, ("3", 3), {}, "H must be a positive integer, got '3'"),
            (SizeError, (2.0, 3), {}, "H must be a positive integer, got 2.0"),
            (SizeError, (Fraction(5, 2), 3), {}, "H must be a positive integer, got Fraction(5, 2)"),
            (SizeError, (2 * w, 3), {}, "H must be a positive integer, got 2*w"),
            (SizeError, ([1, 2], 3), {}, f"H must be a positive integer, got [1, 2]{MANY}"),
        ],
    )
    def test_errors(self, error, args, named, text):
        assert message(error, as_function(H * k), *args, **named) == text

    def test_symbols_that_dims_did_not_make(self):
        alpha = sp.Symbol("alpha", positive=True, rational=True)
        f = as_function(alpha * w)
        assert f(Fraction(3, 4), 8) == f(sp.Rational(3, 4), 8) == 6
        assert f(alpha=Fraction(1, 3), w=8) == Fraction(8, 3)
        text = "alpha must be a positive rational number, got 0.75; Fraction('0.75') is exact"
        assert message(SizeError, f, 0.75, 8) == text
        assert message(SizeError, f, -1, 8) == "alpha must be a positive rational number, got -1"
        assert as_function(free**2 - FloorDiv(free, 1))(Fraction(-3, 2)) == Fraction(17, 4)
        np.testing.assert_array_equal(f(Fraction(3, 4), np.array([4, 8])), [3, 6])

    @pytest.mark.parametrize(
        ("assumption", "good", "bad", "text"),
        [
            ("nonnegative", 0, -1, "s must be a non-negative integer, got -1"),
            ("negative", -1, 0, "s must be a negative integer, got 0"),
            ("nonpositive", 0, 1, "s must be a non-positive integer, got 1"),
            ("even", -2, 3, "s must be even, got 3"),
            ("odd", -3, 2, "s must be odd, got 2"),
            ("integer", -3, Fraction(1, 2), "s must be an integer, got Fraction(1, 2)"),
        ],
    )
    def test_assumptions_are_rules(self, assumption, good, bad, text):
        symbol = sp.Symbol("s", integer=True, **({} if assumption == "integer" else {assumption: True}))
        f = as_function(3 * symbol)
        assert f(good) == 3 * good
        assert message(SizeError, f, bad) == text
        if isinstance(bad, int):
            rule = text.removesuffix(f", got {bad}")
            listed = f"{rule}; 1 of 2 values is not, the first at index 1: {bad}"
            assert message(SizeError, f, np.array([good, bad])) == listed
            assert f.valid(np.array([good, bad])).tolist() == [True, False]


class TestMaking:
    @pytest.mark.parametrize(
        ("error", "args", "named", "text"),
        [
            (SizeError, ("H*w",), {}, f"{A_FORMULA}; got 'H*w'"),
            (SizeError, (1.5,), {}, f"{A_FORMULA}; got 1.5"),
            (
                SizeError,
                (0.75 * H,),
                {},
                "0.750000000000000 is a float, which has no exact value; write sympy.Rational('0.75') for 0.75",
            ),
            (SizeError, (sp.sin(H) + 1,), {}, f"the function sin {NO_EXACT_VALUE}"),
            (SizeError, (sp.sqrt(H),), {}, f"sqrt(H) {NO_EXACT_VALUE}"),
            (SizeError, (sp.pi * H,), {}, f"pi {NO_EXACT_VALUE}"),
            (
                SizeError,
                (H + dims("H", odd=True),),
                {},
                "two different symbols are named H; use one of them throughout",
            ),
            (MissingValueError, (H * w,), {"args": [H]}, "args leaves out w"),
            (UnknownNameError, (H * w,), {"args": ["H", "v"]}, "no size is named 'v' here; known: H, w"),
            (SizeError, (H * w,), {"args": [H, w, "H"]}, "H is listed twice in args"),
            (
                SizeError,
                (H * w,),
                {"args": [sp.Symbol("H"), w]},
                "the symbol H in args is not the formula's own; give it by name",
            ),
            (SizeError, (H * w,), {"args": [3]}, "args lists symbols or names, got 3"),
            (SizeError, ([H, w],), {"names": ["a"]}, f"{NAMES}; got 1 for 2 formulas"),
            (SizeError, (H,), {"names": ["a"]}, f"{NAMES}; got 1 for a single formula"),
            (SizeError, ([H],), {"names": ["def"]}, "names must be names for fields, got 'def'"),
            (SizeError, ([H, w],), {"names": ["a", "a"]}, "names must differ, got 'a' twice"),
            (SizeError, (H,), {"where": "H > 3"}, f"{WHERE_TAKES}; got 'H > 3'"),
            (SizeError, (H,), {"where": [H]}, f"{WHERE_TAKES}; got H"),
            (
                ConditionError,
                (H,),
                {"where": [H <= -5]},
                "a condition in where is False whatever the values are; was it built from numbers?",
            ),
        ],
    )
    def test_errors(self, error, args, named, text):
        assert message(error, as_function, *args, **named) == text


class TestConditions:
    def test_scalars(self):
        f = as_function(H, [H, k], where=[H >= 4, Condition(H, ">=", k, "the kernel fits"), True])
        assert f(5, 5) == 5
        assert message(ConditionError, f, 3, 1) == "H = 3 breaks the condition H >= 4"
        text = "H = 5, k = 9 break the condition H >= k (the kernel fits)"
        assert message(ConditionError, f, 5, k=9) == text
        assert f.valid(5, 5) is True
        assert f.valid(5, 9) is f.valid(0, 1) is f.valid(2.5, 1) is f.valid(H=5, k=4) is False

    @pytest.mark.parametrize(
        ("condition", "holds"),
        [
            (Condition(w, "|", H), lambda h, w: h % w == 0),
            (Condition(sp.Integer(4), "|", H + w), lambda h, w: (h + w) % 4 == 0),
            (Condition(w - 2, "|", H), lambda h, w: w != 2 and h % (w - 2) == 0),
            (Condition(FloorDiv(H, 2), "==", w), lambda h, w: h // 2 == w),
            (Condition(H / 2, ">=", w), lambda h, w: h >= 2 * w),
            (sp.Ge(H, w), lambda h, w: h >= w),
            (sp.Gt(H, w), lambda h, w: h > w),
            (sp.Le(FloorDiv(H, 3), w), lambda h, w: h // 3 <= w),
            (sp.Lt(H, 5), lambda h, w: h < 5),
            (sp.Eq(H, w), lambda h, w: h == w),
            (sp.Ne(H, w), lambda h, w: h != w),
            (sp.Ge(H / w, 2), lambda h, w: h >= 2 * w),
        ],
        ids=words,
    )
    def test_each_operator_on_numbers_and_on_arrays(self, condition, holds):
        f = as_function(H + w, where=condition)
        h, v = np.arange(1, 13)[:, None], np.arange(1, 8)[None, :]
        expected = np.array([[holds(a, b) for b in range(1, 8)] for a in range(1, 13)])
        np.testing.assert_array_equal(f.valid(h, v), expected)
        assert [[f.valid(a, b) for b in range(1, 8)] for a in range(1, 13)] == expected.tolist()
        good = expected.argmax()
        assert f(int(good) // 7 + 1, int(good) % 7 + 1) == good // 7 + good % 7 + 2
        mask = np.broadcast_arrays(h, v)
        np.testing.assert_array_equal(f(*(m[expected] for m in mask)), (h + v)[expected])

    def test_arrays(self):
        f = as_function(H * k, where=[Condition(H, ">=", sp.Integer(4), "the stem")])
        text = (
            "2 of 4 points break the condition H >= 4 (the stem), the first at index 1 (H = 3); "
            "mask them with f.valid(...)"
        )
        assert message(ConditionError, f, np.array([4, 3, 5, 2]), 3) == text
        text = (
            "1 of 4 points breaks the condition H >= 4 (the stem), the first at index (1, 0) (H = 3); "
            "mask them with f.valid(...)"
        )
        assert message(ConditionError, f, np.array([[4, 9], [3, 5]]), 3) == text
        assert f.valid(np.array([4, 3, 0]), 3).tolist() == [True, False, False]
        assert f.valid(4, np.array([1, 2, 3])).tolist() == [True, False, True]
        assert f.valid(np.array([4, 3, 0]), 2).tolist() == [False, False, False]

    @pytest.mark.parametrize(
        ("values", "text"),
        [
            (np.array([1, 0, -2]), "; 2 of 3 values are not, the first at index 1: 0"),
            (
                np.array([1.0]),
                " or an array of them, got dtype float64; make it exact with .astype(int)",
            ),
            (np.array([True]), " or an array of them, got dtype bool"),
            (np.array([1, 2.5], object), " or an array of them, got one with 2.5"),
            (np.array([[1, 2**70], [0, 1]], object), "; 1 of 4 values is not, the first at index (1, 0): 0"),
        ],
    )
    def test_array_values(self, values, text):
        assert message(SizeError, as_function(H * k), values, 3) == f"H must be a positive integer{text}"

    def test_shapes_that_do_not_broadcast(self):
        text = "arrays of these shapes do not broadcast: H (2,), k (3,)"
        assert message(SizeError, as_function(H * k), np.array([1, 2]), np.array([1, 3, 5])) == text


class TestFunctionsInFormulas:
    FORMULAS = (
        FloorDiv(x, 3) * FloorDiv(x - 5, 4),
        FloorDiv(x, y**2 + 1),
        FloorDiv(x / 2 + y / 3, 2),
        FloorDiv(x / 2 + y / 3, y**2 + 1),
        FloorDiv(x - 2, y**2 / 2 + sp.Rational(1, 3)),
        x ** sp.Abs(y),
        -3 * x - FloorDiv(-3, x**2 + 1) * y,
        sp.floor((x - 1) / 3) + sp.ceiling(y / 4),
        sp.Mod(x, 7) + sp.Mod(y, -4),
        sp.Mod(x / 2, sp.Rational(2, 3)),
        sp.Max(x, y, 3) - sp.Min(x**2, 5 * y),
        sp.Max(x / 2, y / 3),
        sp.Abs(x - y) * 3,
        x / 3 - y / (x**2 + 1),
        (x + y) ** 3 / (2 * x**2 + 2) + (x / 2 + 1) ** 2,
        2 ** sp.Abs(x),
        (y**2 + 1) ** x,
        2 ** (-x) * 3 + sp.Rational(3, 2) ** y,
        x**5 - x**4 - y**3 * x,
        sp.Piecewise((x / y, sp.Ne(y, 0)), (x, True)) + x / (y**2 + 1),
        sp.Piecewise((x, (x > 3) & (y < 2)), (y, sp.Or(x < -3, sp.Not(y > 0))), (7, True)) ** 2,
    )

    @pytest.mark.parametrize("formula", FORMULAS, ids=str)
    def test_as_sympy_has_it(self, formula):
        free = sorted(formula.free_symbols, key=str)
        points = [
            (a, b, 2)[-len(free) :] if len(free) == 3 else (a, b)[: len(free)]
            for a in range(-6, 7)
            for b in range(-6, 7)
        ]
        f = as_function(formula, free)
        expected = [formula.xreplace(dict(zip(free, map(sp.Integer, p), strict=True))).doit() for p in points]
        for point, value in zip(points, expected, strict=True):
            result = f(*point)
            assert sp.Rational(result) == value
            assert (type(result) is int) == bool(value.is_Integer)
        whole = [p for p, value in zip(points, expected, strict=True) if value.is_Integer]
        columns = [np.array(column) for column in zip(*whole, strict=True)]
        np.testing.assert_array_equal(f(*columns), [int(v) for v in expected if v.is_Integer])

    @pytest.mark.parametrize(
        ("formula", "by_hand"),
        [
            (sp.Sum(i * x + i**2, (i, 1, y)), lambda x, y: total(1, y, lambda i: i * x + i**2)),
            (
                sp.Sum(FloorDiv(x + 9, i**2 + 1) + i * j, (i, j, x), (j, 1, 3)) * y,
                lambda x, y: y * total(1, 3, lambda j: total(j, x, lambda i: (x + 9) // (i**2 + 1) + i * j)),
            ),
            (
                sp.Sum(i / 2 + sp.Sum(x / (i**2 + j), (j, 1, i)), (i, y, 3)) + i,
                lambda x, y: total(y, 3, lambda i: Fraction(i, 2) + total(1, i, lambda j: Fraction(x, i**2 + j))),
            ),
            (
                sp.Sum(2**i * x + FloorDiv(x, 3), (i, x, y)),
                lambda x, y: total(x, y, lambda i: Fraction(2) ** i * x + x // 3),
            ),
            (
                sp.Sum(sp.Sum(i, (i, 1, i)), (i, 1, y)) * x,
                lambda x, y: x * total(1, y, lambda i: total(1, i, int)),
            ),
        ],
        ids=words,
    )
    def test_sums(self, formula, by_hand):
        # The third has the name of its index for an argument too.
        points = [(a, b) for a in range(-4, 5) for b in range(-4, 5)]
        f = as_function(formula, [x, y, i])
        numbers = [f(a, b, 7) for a, b in points]
        assert numbers == [by_hand(a, b) + 7 * (i in formula.free_symbols) for a, b in points]
        whole = [p for p, number in zip(points, numbers, strict=True) if type(number) is int]
        a, b = (np.array(column) for column in zip(*whole, strict=True))
        np.testing.assert_array_equal(f(a, b, 7), [f(*p, 7) for p in whole])

    @pytest.mark.parametrize("y_value", [-3, 0, 1, 6])
    def test_sums_over_many_points_with_limits_that_are_numbers(self, y_value):
        formula = sp.Sum(FloorDiv(x, i**2 + 1) + sp.Sum(i * j * x, (i, 1, j)), (i, 1, y), (j, 1, 3)) - i
        f = as_function(formula, [x, y, i])
        many = np.arange(-500, 500)
        expected = [f(a, y_value, 7) for a in many.tolist()]
        np.testing.assert_array_equal(f(many, y_value, 7), expected)
        assert f(many * 10**16, y_value, 7)[0] == f(-500 * 10**16, y_value, 7)

    def test_an_argument_in_the_limits_has_the_name_of_the_index(self):
        f = as_function(sp.Sum(i * x, (i, 1, i)))
        assert f(i=4, x=2) == 20
        np.testing.assert_array_equal(f(4, np.arange(1000)), 10 * np.arange(1000))

    def test_an_empty_sum_computes_nothing(self):
        f = as_function(sp.Sum(FloorDiv(x, y) * i, (i, 1, w - 1)))
        assert f(w=1, x=3, y=0) == 0
        assert message(ConditionError, f, 2, 3, 0) == "the formula divides by zero at w = 2, x = 3, y = 0"

    def test_fractions_over_many_points(self):
        f = as_function(FloorDiv(free * w, 8) * 8 + H)
        many = np.arange(1, 2000)
        np.testing.assert_array_equal(f(H=3, free=Fraction(3, 4), w=many), many * 3 // 32 * 8 + 3)
        text = "the formula is not whole at 1000 of 1999 points, the first at index 0 (free = 1/2, w = 1): 1/2"
        assert message(ConditionError, as_function(free * w), Fraction(1, 2), many) == text

    def test_exponents_that_are_not_integers(self):
        f = as_function(2**free)
        assert f(free=-2) == Fraction(1, 4)
        assert message(SizeError, f, Fraction(1, 2)) == "an exponent must be an integer, got 1/2"

    def test_no_branch_of_a_piecewise(self):
        f = as_function(sp.Piecewise((x, x > 3)))
        assert f(4) == 4
        assert message(ConditionError, f, 3) == "no branch of the Piecewise holds"

    def test_a_division_by_zero(self):
        f = as_function(H / (w - 2))
        assert f(3, 3) == 3
        assert message(ConditionError, f, 3, w=2) == "the formula divides by zero at H = 3, w = 2"
        text = "the formula divides by zero at index 1 (H = 3, w = 2)"
        assert message(ConditionError, f, 3, w=np.array([3, 2])) == text

    def test_arrays_that_do_not_divide(self):
        f = as_function(w * H / 6)
        text = "the formula is not whole at 3 of 4 points, the first at index (0, 1) (H = 4, w = 2): 4/3"
        assert message(ConditionError, f, np.array([[3, 4]]), w=np.array([[2], [1]])) == text
        np.testing.assert_array_equal(f(np.array([3, 6]), 4), [2, 4])

    def test_what_a_branch_or_a_loop_computes_is_not_known_outside(self):
        part = FloorDiv(x, 3)
        branch = sp.Piecewise((part**2 * y, x > 0), (y, True))
        loop = sp.Sum(part**2 * i, (i, 1, y))
        listed = [branch * part + branch], [branch, part**2 + part * y], [loop + part**3], [loop, part**2]
        for formulas in listed:
            f = as_function(formulas, [x, y])
            for a, b in ((7, 2), (-7, 0), (-7, 2), (7, 0)):
                point = {x: sp.Integer(a), y: sp.Integer(b)}
                assert f(a, b) == tuple(formula.xreplace(point).doit() for formula in formulas)

    def test_long_and_deep_formulas(self):
        long = sp.Add(*(FloorDiv(x + y, d) for d in range(2, 6000)))
        assert as_function(long)(100, 20) == sum(120 // d for d in range(2, 6000))
        deep = sp.Add(*((e + 1) * x**e for e in range(500)))
        assert as_function(deep)(3) == sum((e + 1) * 3**e for e in range(500))
        assert as_function(deep - 7**6000 * x)(3) == as_function(deep)(3) - 3 * 7**6000
        nested = x
        for _ in range(60):
            nested = sp.Max(nested * y + 1, 7, evaluate=False)
        f = as_function(nested)
        expected = 5
        for _ in range(60):
            expected = max(expected * 2 + 1, 7)
        assert f(5, 2) == expected
        assert f(np.array([5]), 2).tolist() == f(np.array([5, 5]), 2)[:1].tolist() == [expected]

    def test_an_odd_kernel_divides_evenly(self):
        np.testing.assert_array_equal(as_function(FloorDiv(H + k, 2) + k / 2 + sp.S.Half)(3, np.array([1, 3])), [3, 5])


class TestArrays:
    def test_vgg16(self):
        f = as_function(VGG, where=[H >= 32, W >= 32])
        assert f(w=64, H=224, W=224, K=1000) == 15470264320
        rng = np.random.default_rng(0)
        h, v = rng.integers(32, 2000, 3 * BLOCK + 5), rng.integers(1, 600, 3 * BLOCK + 5)
        for values in ((h, 1000, h, v), (h, 1000, 224, v), (h[:399, None], h[:377], 224, v[:399, None])):
            result = f(*values)
            assert result.dtype == np.int64
            np.testing.assert_array_equal(result, vgg16_by_hand(*values))

    def test_past_int64_it_is_exact(self):
        f = as_function(VGG)
        assert f(w=10**9, H=10**6, W=10**6, K=10**6) == vgg16_by_hand(10**6, 10**6, 10**6, 10**9)
        h = np.array([224, 10**6])
        result = f(h, 1000, h, 10**9)
        assert result.dtype == object
        assert result.tolist() == [vgg16_by_hand(a, 1000, a, 10**9) for a in (224, 10**6)]

    def test_the_dtype_depends_on_the_result_alone(self):
        assert as_function(FloorDiv(H**3, w))(np.array([2**40]), 2**70).dtype == np.int64
        assert as_function(H + 1)(np.array([2**63 - 1])).tolist() == [2**63]
        assert as_function(H + 0)(np.array([2**63 - 1])).dtype == np.int64

    @pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.int16, np.int32, np.uint32, np.uint64, object])
    def test_small_integers_do_not_wrap(self, dtype):
        result = as_function(w**4 * H - 300)(np.array([100, 3], dtype), np.array([120, 1], dtype))
        assert result.dtype == np.int64
        assert result.tolist() == [120**4 * 100 - 300, -297]

    def test_uint64_past_int64(self):
        assert as_function(x - 1)(np.array([2**64 - 1, 5], np.uint64)).tolist() == [2**64 - 2, 4]

    def test_the_smallest_int64(self):
        low = np.array([-(2**63), 7])
        assert as_function(-x)(low).tolist() == [2**63, -7]
        assert as_function(sp.Abs(x))(low).tolist() == [2**63, 7]
        assert as_function(FloorDiv(x, y))(low, np.array([-1, 2])).tolist() == [2**63, 3]

    @pytest.mark.parametrize(
        ("formula", "points"),
        [
            (x * y, [(-5, 3), (2**40, -(2**40))]),
            (x * y, [(5, 3), (-(2**40), -(2**40))]),
            (FloorDiv(x, y) * 2**14, [(2**50, 1), (1, 100)]),
            (FloorDiv(x, y) * 2**14, [(2**50, -1), (2**50, -100)]),
            (sp.Mod(x, 1000) * 2**60, [(999, 0), (1000, 1)]),
            (sp.Mod(x, -1000) * 2**60, [(-999, 0), (1000, 1)]),
            (sp.Mod(x, y) * 2**60, [(999, 1000), (7, -1000)]),
            (sp.Abs(x) * 2**40, [(-(2**30), 0), (3, 0)]),
            (sp.Max(x, y) ** 2, [(2**20, 2**40), (5, 6)]),
            (2 ** sp.Abs(x), [(63, 0), (-64, 0)]),
            (x ** sp.Abs(y), [(-10, 20), (2, 0)]),
            (-x - 2, [(2**63 - 1, 0), (0, 0)]),
            (x**3 - y**3, [(2**21, -(2**21)), (1, 1)]),
            (sp.Integer(2) ** 70, [(1, 1), (2, 2)]),
            (y * 0 + 3 - 2**70, [(1, 1), (2, 2)]),
        ],
        ids=str,
    )
    def test_bounds_of_each_operation(self, formula, points):
        f = as_function(formula, [x, y])
        expected = [f(*point) for point in points]
        assert any(not -(2**63) <= value < 2**63 for value in expected)
        assert f(*(np.array(column) for column in zip(*points, strict=True))).tolist() == expected

    @pytest.mark.parametrize(
        ("formula", "dtype"),
        [
            (VGG, np.int64),
            (VGG, np.int32),
            (VGG, np.uint8),
            (sp.Sum(i * H + FloorDiv(H, i), (i, 1, K)), np.int64),
            (sp.Symbol("K") * H / 2, np.int64),
            (H * 2**K / 2**w, np.int64),
            (sp.Max(H, w) - sp.Mod(H, w + 1) + sp.Abs(H - w) ** 3, np.int64),
            (k * H / 2 + H / 2, np.int64),
        ],
        ids=str,
    )
    def test_whole_arrays_are_not_computed_point_by_point(self, formula, dtype, monkeypatch):
        f = as_function(formula)
        given = {
            "H": np.arange(40, 240, dtype=dtype).repeat(2),
            "W": 48,
            "K": 6,
            "w": np.full(400, 5),
            "k": 3,
        }
        given = {name: value for name, value in given.items() if name in inspect.signature(f).parameters}
        columns = {name: value.tolist() for name, value in given.items() if isinstance(value, np.ndarray)}
        points = [dict(zip(columns, point, strict=True)) for point in zip(*columns.values(), strict=True)]
        expected = [f(**(given | point)) for point in points]
        monkeypatch.setattr("symcnn.numeric.vectors.Vectorised._at_points", None)
        assert f(**given).tolist() == expected

    def test_a_constant_fills_the_shape_of_all_inputs(self):
        f = as_function([sp.Integer(5), H, w], [H, w, K])
        five, heights, widths = f(np.array([[1], [2]]), 7, np.array([1, 2, 3]))
        assert five.tolist() == [[5] * 3] * 2
        assert heights.tolist() == [[1] * 3, [2] * 3]
        assert widths.tolist() == [[7] * 3] * 2
        heights[0, 0] = 9  # the result is an array of its own

    def test_the_inputs_stay_as_they_are(self):
        values = np.arange(1, 50)
        f = as_function([H, H * w, H * w + H])
        for _ in range(2):
            first, *_ = f(values, values)
            first[:] = 0
        np.testing.assert_array_equal(values, np.arange(1, 50))

    @pytest.mark.parametrize("shape", [(0,), (1,), (3, 0), (1, 1), (2, 1, 3), (3, BLOCK + 7), (BLOCK + 7, 3)])
    def test_shapes(self, shape):
        values = np.arange(1, 1 + np.prod(shape, dtype=int)).reshape(shape)
        result = as_function(H**2 + FloorDiv(w, 3))(values, 5)
        assert result.dtype == np.int64
        np.testing.assert_array_equal(result, values**2 + 1)

    def test_strides_and_read_only_arrays(self):
        values = np.arange(1, 4 * BLOCK)[::-2]
        values.flags.writeable = False
        np.testing.assert_array_equal(as_function(H * 2 + w * H)(values, values), values * 2 + values**2)

    def test_several_shapes_share_a_function(self):
        f = as_function(H * w + FloorDiv(H, 2) * K)
        h, v, c = np.arange(1, 9), np.arange(1, 9)[:, None], np.arange(1, 9)[:, None, None]
        for values in (
            (h, v, 3),
            (h, 3, v),
            (3, h, v),
            (h, h, h),
            (h, v, c),
            (v, c, h),
            (h, 1, 1),
            (2, 3, h),
        ):
            a, b, d = values
            np.testing.assert_array_equal(f(*values), a * d + a // 2 * b)

    def test_more_arguments_than_a_ufunc_takes(self):
        many = dims(" ".join(f"n_{i}" for i in range(70)))
        f = as_function(sp.Add(*many) * 2**60)
        assert f(*[np.array([2, 1])] * 70).tolist() == [140 * 2**60, 70 * 2**60]

    def test_what_numpy_can_read_is_an_array(self):
        class Column:
            ndim, shape = 1, (2,)

            def __array__(self, dtype=None, copy=None):
                return np.array([3, 4], dtype)

        assert as_function(H**2)(Column()).tolist() == [9, 16]

    def test_a_lazy_array_stays_lazy(self):
        class Lazy(np.lib.mixins.NDArrayOperatorsMixin):
            shape = (2,)

            def __init__(self, get):
                self.get = get

            def __array_function__(self, *_):
                raise NotImplementedError

            def __array_ufunc__(self, ufunc, method, *inputs):
                values = [i if isinstance(i, Lazy) else Lazy(lambda i=i: i) for i in inputs]
                return Lazy(lambda: ufunc(*(value.get() for value in values)))

        calls = []
        lazy = Lazy(lambda: calls.append(1) or np.array([3, 4]))
        result = as_function(sp.Max(FloorDiv(H, 2) + H * w, 9) / 1 + 2**H)(lazy, 2)
        assert isinstance(result, Lazy)
        assert calls == []
        assert result.get().tolist() == [17, 26]


# Random formulas: sums, products and divisions of three arguments, with negative values.
numbers = st.integers(-9, 9)
z = sp.Symbol("z", integer=True)


def grown(inner):
    pairs = st.tuples(inner, inner)
    return st.one_of(
        pairs.map(lambda p: p[0] + p[1]),
        pairs.map(lambda p: p[0] * p[1]),
        pairs.map(lambda p: p[0] - 3 * p[1]),
        st.tuples(inner, st.integers(2, 9)).map(lambda p: FloorDiv(*p)),
        pairs.map(lambda p: FloorDiv(p[0], p[1] ** 2 + 1)),
        st.tuples(inner, st.integers(2, 3)).map(lambda p: p[0] ** p[1]),
        pairs.map(lambda p: sp.Max(*p)),
        st.tuples(inner, st.integers(2, 5)).map(lambda p: p[0] / p[1]),
    )


formulas = st.recursive(st.sampled_from([x, y, z]) | numbers.map(sp.Integer), grown, max_leaves=12)
values = st.integers(-30, 30) | st.integers(-(2**63), 2**63 - 1)


class TestRandomFormulas:
    @settings(max_examples=200, deadline=None)
    @given(formulas, st.tuples(values, values, values))
    def test_numbers_are_sympys(self, formula, point):
        expected = formula.xreplace({s: sp.Integer(v) for s, v in zip((x, y, z), point, strict=True)}).doit()
        assert sp.Rational(as_function(formula, [x, y, z])(*point)) == expected

    @settings(max_examples=200, deadline=None)
    @given(formulas, st.lists(st.tuples(values, values, values), min_size=1, max_size=4), st.integers(0, 7))
    def test_arrays_are_the_numbers(self, formula, points, which):
        self.compare(formula, points, which)

    @settings(max_examples=300, deadline=None)
    @given(formulas, st.lists(st.tuples(numbers, numbers, numbers), min_size=2, max_size=4), st.integers(0, 7))
    def test_small_arrays_are_the_numbers(self, formula, points, which):
        self.compare(formula, points, which)

    @staticmethod
    def compare(formula, points, which):
        """``which`` has a bit for each argument that is an array; the others keep their first value."""
        f = as_function(formula, [x, y, z])
        columns = list(zip(*points, strict=True))
        fixed = [column if which >> i & 1 else (column[0],) * len(column) for i, column in enumerate(columns)]
        expected = [f(*point) for point in zip(*fixed, strict=True)]
        given = [np.array(column) if which >> i & 1 else column[0] for i, column in enumerate(columns)]
        if not which:
            assert f(*given) == expected[0]
        elif all(type(value) is int for value in expected):
            result = f(*given)
            fits = all(-(2**63) <= value < 2**63 for value in expected)
            assert result.dtype == (np.int64 if fits else object)
            assert result.tolist() == expected
        else:
            assert message(ConditionError, f, *given).startswith("the formula is not whole at ")


class TestSymPysOwnTools:
    """Two divisions, one in the other, as SymPy's generated code has them."""

    SIZES = np.arange(1, 4097)
    STRIDES = range(2, 12)

    @pytest.mark.parametrize("first", STRIDES)
    def test_nested_strides(self, first):
        for second in self.STRIDES:
            inner = FloorDiv(H - 1, first) + 1
            # A symbolic offset keeps the two divisions apart, a number merges them.
            for formula in (FloorDiv(inner + 2, second), FloorDiv(inner + FloorDiv(w, 3), second) - w):
                f = (self.SIZES - 1) // first + 1
                expected = (f + 2) // second if w not in formula.free_symbols else (f + 3) // second - 9
                np.testing.assert_array_equal(as_function(formula, [H, w])(self.SIZES, 9), expected)
                np.testing.assert_array_equal(sp.lambdify([H, w], formula, "numpy")(self.SIZES, 9), expected)
                plain = sp.lambdify([H, w], formula, "math")
                assert [plain(h, 9) for h in range(1, 4097)] == expected.tolist()

    def test_vgg16_by_lambdify(self):
        for modules in ("numpy", "math"):
            assert sp.lambdify([H, W, w, K], VGG, modules)(224, 224, 64, 1000) == 15470264320

    @pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
    def test_javascript(self):
        formulas = {
            (a, b): FloorDiv(FloorDiv(H - 7, a) + FloorDiv(w, 3), b) for a in self.STRIDES for b in self.STRIDES
        }
        lines = [f"(H, w) => {sp.jscode(formula)}" for formula in formulas.values()]
        loop = "for (const f of formulas) for (let H = 1; H <= 512; H++) out.push(f(H, 9))"
        script = f"const formulas = [{', '.join(lines)}]; const out = []; {loop};"
        run = subprocess.run(
            ["node"],
            input=script + "console.log(JSON.stringify(out))",
            capture_output=True,
            text=True,
            check=True,
        )
        expected = [((h - 7) // a + 3) // b for a, b in formulas for h in range(1, 513)]
        assert json.loads(run.stdout) == expected


def test_values_in_one_mapping():
    """As ``dict()`` takes them, and as ``at`` and ``evaluate`` do: of one argument too."""
    one, two = as_function(w**2), as_function(w**2 + H)
    assert (one({w: 3}), two({w: 3, "H": 2}), two({w: 3}, H=2)) == (9, 11, 11)
    assert two({w: np.array([1, 2]), H: 1}).tolist() == [2, 5]
    with pytest.raises(UnknownNameError) as error:
        one({"h": 3})
    assert str(error.value) == "no size is named 'h' here; known: w"
    with pytest.raises(MissingValueError) as error:
        two({w: 3})
    assert str(error.value) == "a value is missing for H"
