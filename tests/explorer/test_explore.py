"""What ``explore`` takes and refuses, where a page starts, and what is in the file; no browser is needed."""

import base64
import hashlib
import json
import re
from fractions import Fraction

import pytest
from refusing import assert_refused
from sympy import Max, Min, Mod, Piecewise, Rational, Sum, Symbol, sin

import symcnn as sc
from symcnn.cli import main
from symcnn.errors import ConditionError, MissingValueError, SizeError, SymcnnError, UnknownNameError
from symcnn.report.formulas import python

w, H, W, K, n, k = sc.dims("w H W K n k")
alpha = sc.ratio("alpha")
i = Symbol("i", integer=True, nonnegative=True)
OVER = "over takes a range or a list of values for each symbol, "
NOWHERE = "cannot write /nowhere/page.html: No such file or directory"
TOTALS = "params, macs, buffers, activations, tensor_elements, flops, training_macs"

net = sc.Sequential(sc.Conv2d(w, 3), sc.MaxPool2d(2), sc.Flatten(), sc.Linear(K), input=(3, H, W))


def data_of(page):
    """What a page's script is told."""
    return json.loads(re.search(r'id="data">(.*?)</script>', page.html, re.DOTALL)[1])


def starts(page):
    """The value that each knob starts with."""
    return {knob["name"]: knob["start"] for knob in data_of(page)["knobs"]}


@pytest.mark.parametrize(
    ("ask", "kind", "message"),
    [
        (
            lambda: sc.explore("resnet50"),
            SizeError,
            "explore takes a network, a formula such as net.params, or a mapping of named formulas, got 'resnet50'",
        ),
        (
            lambda: sc.explore({}),
            SizeError,
            "explore takes a network, a formula such as net.params, or a mapping of named formulas, "
            "got an empty mapping",
        ),
        (
            lambda: sc.explore({"one": [w]}),
            SizeError,
            "explore's 'one' takes a SymPy expression, such as net.params, got [w]",
        ),
        (lambda: sc.explore({1: w}), SizeError, "the names of formulas are texts, got 1"),
        (lambda: sc.explore(w, [8, 9]), SizeError, "over is a mapping by symbol or by name, got [8, 9]"),
        (lambda: sc.explore(w, at=3), SizeError, "at is a mapping by symbol or by name, got 3"),
        (
            lambda: sc.explore(net.at(w=8, H=8, W=8, K=10)),
            SizeError,
            "explore needs a symbol to vary, and all sizes here are numbers",
        ),
        (lambda: sc.explore(w, {w: range(9, 9)}), SizeError, "over gives w no value: range(9, 9) is empty"),
        (lambda: sc.explore(w, {w: []}), SizeError, "over gives w no value: [] is empty"),
        (
            lambda: sc.explore(w, {w: 8}),
            SizeError,
            "over takes a range or a list of values for each symbol, got 8 for w",
        ),
        (
            lambda: sc.explore(w, {w: list(range(1, 600))}),
            SizeError,
            "a list in over has at most 500 values, got 599 for w",
        ),
        (lambda: sc.explore(w, {w: range(0, 9)}), SizeError, "w must be a positive integer, got 0"),
        (lambda: sc.explore(w, {w: [1.5]}), SizeError, "w must be a positive integer, got 1.5"),
        (lambda: sc.explore(w, {w: ["8"]}), SizeError, "w must be a positive integer, got '8'"),
        (lambda: sc.explore(w, at={w: -1}), SizeError, "w must be a positive integer, got -1"),
        (
            lambda: sc.explore(sc.dims("k", odd=True), {"k": range(1, 9)}),
            SizeError,
            "k must be odd, got 2",
        ),
        (
            lambda: sc.explore(net, {"v": range(9)}),
            UnknownNameError,
            "no size is named 'v' here; known: H, K, W, w",
        ),
        (
            lambda: sc.explore(net, {sc.dims("Hh"): range(1, 9)}),
            UnknownNameError,
            "no size is named 'Hh' here; did you mean 'H'? Known: H, K, W, w",
        ),
        (lambda: sc.explore(net, at={"v": 9}), UnknownNameError, "no size is named 'v' here; known: H, K, W, w"),
        (
            lambda: sc.explore(net, of="parms"),
            UnknownNameError,
            "no total is named 'parms'; did you mean 'params'? Known: params, macs, buffers, activations, "
            "tensor_elements, flops, training_macs",
        ),
        (lambda: sc.explore({"a": w}, of=["b"]), UnknownNameError, "no total is named 'b'; known: a"),
        (
            lambda: sc.explore(net, {H: range(1, 4)}),
            ConditionError,
            "no value meets the condition H >= 4 (layer 1, MaxPool2d(2): kernel_size is at most the padded input): "
            "H from 1 to 3",
        ),
        (
            lambda: sc.explore(w * H, {H: range(1, 9)}, where=H >= 10),
            ConditionError,
            "no value meets the condition H >= 10: H from 1 to 8",
        ),
        (
            lambda: sc.explore(net, at={H: 3}),
            ConditionError,
            "H = 3 breaks the condition H >= 4 (layer 1, MaxPool2d(2): kernel_size is at most the padded input)",
        ),
        (
            lambda: sc.explore(w, {w: range(8, 65, 8)}, at={w: 12}),
            SizeError,
            "at gives w = 12, which is not among the values that over gives it",
        ),
        (
            lambda: sc.explore(Symbol("z", integer=True, negative=True) * w),
            MissingValueError,
            "z has no known value and may not be positive: give it a range in over",
        ),
        (
            lambda: sc.explore(sin(w)),
            SizeError,
            "the function sin has no exact value here; a formula is made of +, -, *, /, integer powers, FloorDiv, "
            "make_divisible, floor, ceiling, Mod, Min, Max, Abs, Sum and Piecewise",
        ),
        (
            lambda: sc.explore(w).save("/nowhere/page.html"),
            SymcnnError,
            "cannot write /nowhere/page.html: No such file or directory",
        ),
        (lambda: sc.explore(w).save("/"), SymcnnError, "cannot write /: Is a directory"),
    ],
)
def test_what_is_refused(ask, kind, message):
    assert_refused(ask, kind, message)


def test_where_a_page_starts():
    vgg = sc.zoo.get_model("vgg16")
    assert starts(sc.explore(vgg)) == {"H": "224", "K": "1000", "W": "224", "w": "64"}
    # The nearest value to the published one; what at gives; a tie leaves no knob.
    page = sc.explore(vgg, {w: range(10, 30), K: [10, 100]}, at={H: 96, W: H})
    assert starts(page) == {"H": "96", "K": "100", "w": "29"}
    # Nothing is published: sizes that meet the conditions, and what must divide does.
    assert starts(sc.explore(net)) == {"H": "16", "K": "16", "W": "16", "w": "16"}
    deep = sc.Sequential(*(sc.MaxPool2d(2) for _ in range(6)), input=(w, H, W))
    assert starts(sc.explore(deep)) == {"H": "64", "W": "64", "w": "64"}
    grouped = sc.Conv2d(12, 3, groups=n, in_channels=12, input=(12, 8, 8))
    assert starts(sc.explore(grouped, {n: [1, 3, 5]}))["n"] in ("1", "3")
    odd = sc.dims("q", odd=True)
    assert starts(sc.explore(odd * alpha)) == {"alpha": "1", "q": "3"}


def test_values_round_those_that_are_known():
    knobs = {knob["name"]: knob for knob in data_of(sc.explore(sc.zoo.get_model("vgg16")))["knobs"]}
    assert (knobs["w"]["first"], knobs["w"]["count"]) == ("8", 121)
    assert (knobs["H"]["first"], knobs["H"]["count"]) == ("32", 417)  # no less than the conditions leave
    (knob,) = data_of(sc.explore(alpha * 4))["knobs"]
    assert knob["list"] == ["1/4", "1/2", "3/4", "1", "5/4", "3/2", "2"]


def test_which_totals_there_are():
    keys = lambda page: [one["key"] for one in data_of(page)["quantities"]]  # noqa: E731
    assert keys(sc.explore(net)) == ["params", "macs", "activations", "tensor_elements"]
    assert keys(sc.explore(net, of=["macs", "training_macs"])) == ["macs", "training_macs"]
    assert keys(sc.explore({"a": w, "b": 2 * w}, of="b")) == ["b"]
    assert keys(sc.explore(w**2)) == ["formula"]


def test_the_policy_allows_the_pages_own_script_alone():
    page = sc.explore(net)
    script = re.search(r"<script>(.*?)</script>", page.html, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"content=\"default-src 'none'; script-src 'sha256-{digest}'; style-src 'unsafe-inline'; " in page.html
    assert not re.search(r"https?://(?!www\.w3\.org/)", page.html)


def test_no_text_ends_the_data_or_is_taken_for_a_place_of_the_template():
    bad = "</script><!--{{script}}-->"
    page = sc.explore({bad: w + Symbol(bad)}, title=bad)
    assert bad not in page.html
    assert page.html.count("</script>") == 2
    assert "<" not in re.search(r'id="data">(.*?)</script>', page.html, re.DOTALL)[1]
    assert data_of(page)["quantities"][0]["key"] == bad


def test_the_same_page_is_the_same_file(tmp_path):
    page = sc.explore(net)
    assert page == sc.explore(net)
    assert page.save(tmp_path / "a.html").read_text(encoding="utf-8") == page.html
    assert [path.name for path in tmp_path.iterdir()] == ["a.html"]
    assert repr(page) == "Page(title='Sequential explorer')"
    assert page._repr_html_().startswith("<iframe srcdoc=")
    assert 'sandbox="allow-scripts"' in page._repr_html_()


@pytest.mark.parametrize(
    "expr",
    [
        3 * w**2 / 2 - H / 3,
        5 * w / (3 * H + 1),
        (w + 1) / (2 * H),
        w**-2 + 1 / (6 * w),
        2**n * w + 3 * 4**n / 2 + Rational(1, 2) ** n,
        sc.make_divisible(200 * alpha) * w,
        Sum(sc.FloorDiv(H, 2**i) * i, (i, 0, n - 1)),
        Sum(Sum(sc.FloorDiv(H, n + i), (n, 1, i)), (i, 1, 4)),
        Max(H, w) + Min(3, w) + Mod(H, w),
        Piecewise((w / 2, H > 3), (H, True)),
        sc.dims("lambda") * 2,
    ],
)
def test_python_to_take_elsewhere_is_exact(expr):
    values = {symbol.name: Fraction(3, 2) if symbol == alpha else 10**20 + 7 for symbol in expr.free_symbols}
    values |= {"n": 9} if "n" in values else {}
    names = {"lambda_" if name == "lambda" else name: value for name, value in values.items()}
    lines = python(expr).split("\n")
    exec("\n".join([*lines[:-1], f"result = {lines[-1]}"]), names)
    assert names["result"] == sc.evaluate(expr, values)
    assert not isinstance(names["result"], float)


def test_the_command(tmp_path, capsys):
    out = tmp_path / "explorer.html"
    words = [
        "explore",
        "vgg16",
        "--over",
        "w=8:128",
        "K=10,100,1000",
        "--set",
        "W=H",
        "--of",
        "macs",
        "--out",
        str(out),
    ]
    assert main(words) == 0
    assert capsys.readouterr().out == f"{out}\n"
    over = {"w": range(8, 129), "K": [10, 100, 1000]}
    made = sc.explore(sc.zoo.get_model("vgg16"), over, of="macs", at={W: H}, title="vgg16")
    assert out.read_text(encoding="utf-8") == made.html


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["lenet5"], "an explorer page needs a file to go to: --out explorer.html"),
        (["lenet5", "--over", "v=1:9", "--out", "x.html"], "no size is named 'v' here; known: C1, C3, F5, F6, H, K, W"),
        (
            ["lenet5", "--of", "output", "--out", "x.html"],
            f"no total is named 'output'; known: {TOTALS}",
        ),
        (["lenet5", "--out", "/nowhere/x.html"], "cannot write /nowhere/x.html: No such file or directory"),
    ],
)
def test_the_command_refuses_in_one_line(words, said, capsys):
    assert main(["explore", *words]) == 2
    assert capsys.readouterr().err == f"symcnn: {said}\n"
