"""Explorer pages in a real browser: exact numbers, what a reader does, what a page must never do."""

import random
import time
from fractions import Fraction

import pytest
from browser import Opened, start
from sympy import Eq, Max, Min, Mod, Piecewise, Rational, Sum, Symbol

import symcnn as sc
from symcnn.explorer import explore

pytestmark = pytest.mark.browser

H, W, w, n, K = sc.dims("H W w n K")
alpha = sc.ratio("alpha")
i = Symbol("i", integer=True, nonnegative=True)

HOSTILE = "<img src=x onerror=hacked=1>"
CLOSING = "</script><script>hacked=1</script>"

STRIDES = sc.Sequential(
    *(sc.Conv2d(w, 5, stride=stride, padding=2) for stride in (3, 6, 7)), sc.Flatten(), sc.Linear(K), input=(3, H, W)
)


@pytest.fixture(scope="module")
def driver(tmp_path_factory):
    found = start(tmp_path_factory.mktemp("profile"))
    yield found
    found.quit()


@pytest.fixture
def opened(driver, tmp_path):
    """Opens a page, and sees to it that it asked for nothing and that the console stayed empty."""
    pages = []

    def open_page(page, hash=""):
        pages.append(Opened(driver, tmp_path / "page.html", page, hash))
        pages[-1].look()
        return pages[-1]

    yield open_page
    for page in pages[-1:]:
        assert page.said() == []
        assert page.requests() == []


def shown(value):
    """A number as the page writes it, as far as it is exact."""
    return f"{value:,}" if isinstance(value, int) else f"{value.numerator:,}/{value.denominator:,}"


def compare(page, formulas, symbols, points):
    """The page's totals at some points are those of exact evaluation."""
    found = page.points([[str(value) for value in point] for point in points])
    f = sc.as_function(formulas, symbols)
    for point, texts in zip(points, found, strict=True):
        assert [text.partition(" (about")[0] for text in texts] == [*map(shown, f(*point))], point


def test_a_network_with_strides_3_6_and_7_has_exact_totals(opened):
    page = opened(explore(STRIDES, of=["params", "macs", "activations", "tensor_elements"]))
    draw = random.Random(1)
    sizes = [draw.randrange(1, 2000) for _ in range(600)] + [10**k + draw.randrange(9) for k in range(3, 33)]
    points = [[sizes[j], draw.choice([10, 1000]), sizes[-j - 1], draw.choice([7, 64, 2**40 + 1])] for j in range(315)]
    formulas = [STRIDES.params, STRIDES.macs, STRIDES.profile.activations, STRIDES.profile.tensor_elements]
    compare(page, formulas, [H, K, W, w], points)
    assert max(sc.evaluate(STRIDES.macs, H=p[0], K=p[1], W=p[2], w=p[3]) for p in points) > 2**53


FORMULAS = {
    "floor below 0": sc.FloorDiv(H - 1000, 7) * w - sc.FloorDiv(3 - H * w, 6),
    "by a symbol": sc.FloorDiv(H * H + 1, 3 * w),
    "remainder": Mod(H - 500, w) * 3,
    "a sum that is not closed": Sum(sc.FloorDiv(H, 2**i) * (i + 1), (i, 0, n - 1)) * w,
    "sums in sums": Sum(Sum(sc.FloorDiv(H, i + 1), (i, 0, n)) + i, (i, 1, 3)),
    "greatest and least": Max(H, 3 * w, 5) - Min(H, w),
    "cases": Piecewise((w * Rational(1, 3), H > 100), (7, Eq(H, 50)), (H**2, True)),
    "powers": 2**n * w + 3 * 4**n / 2 - (w + 1) ** 9,
    "large numbers": 123456789012345678901 * w - (2**64 + 1) * H,
    "quotient": (H + 1) / (w + n),
    "rounded": sc.make_divisible(200 * alpha) * w + sc.make_divisible(w * alpha, 3, 5),
    "multiplied": 864 * alpha**2 * w + sc.FloorDiv(sc.make_divisible(32 * alpha) * H, 5),
}


def test_every_kind_of_formula_is_exact(opened):
    page = opened(explore(FORMULAS, {H: range(1, 300), w: range(1, 99), n: range(1, 12), alpha: [Rational(1, 4), 1]}))
    draw = random.Random(2)
    small = [[draw.randrange(1, 1200), draw.choice(["1/4", "1"]), draw.randrange(1, 12), draw.randrange(1, 200)]
             for _ in range(300)]  # fmt: skip
    large = [[10**20 + draw.randrange(10**9), "1", 40, 2**53 + draw.randrange(1, 999)] for _ in range(20)]
    points = [[h, Fraction(a), m, v] for h, a, m, v in small + large]
    compare(page, list(FORMULAS.values()), [H, alpha, n, w], points)


def test_formulas_are_typeset_and_not_spelled_out(opened):
    page = opened(explore({**FORMULAS, HOSTILE: Symbol(HOSTILE) * w}))
    formulas = page.run("return document.querySelector('.formula').textContent").lower()
    for word in ("piecewise", "floordiv", "makedivisible", "unevaluated", "sum(", "mod(", "rational", "**"):
        assert word not in formulas
    assert page.run("return document.querySelectorAll('.formula math').length") > len(FORMULAS)


def test_a_hostile_name_is_text(opened):
    net = sc.Sequential((HOSTILE, sc.Conv2d(w, 3)), (CLOSING, sc.MaxPool2d(2)), input=(3, H, W))
    page = opened(explore(net, title=f"{HOSTILE}{CLOSING}{{{{data}}}}"))
    assert page.text("layers").count(HOSTILE) == 1
    assert page.run("return document.querySelector('h1').textContent") == f"{HOSTILE}{CLOSING}{{{{data}}}}"
    page = opened(explore({HOSTILE: Symbol(HOSTILE) + w, CLOSING: Symbol(CLOSING) + 1}, where=Symbol(HOSTILE) > 2))
    assert [row[0] for row in page.totals()] == [HOSTILE, CLOSING]
    assert HOSTILE in page.text("conditions")
    assert page.run("return [window.hacked ?? null, document.querySelectorAll('img').length]") == [None, 0]


def test_where_a_condition_fails_there_are_no_numbers(opened):
    vgg = sc.zoo.get_model("vgg16")
    page = opened(explore(vgg, of=["params", "macs"]))
    assert page.run("return document.getElementById('message').hidden")
    page.run("set('knob-0', '31')")
    assert page.text("message") == (
        "No numbers here: H = 31 breaks the condition H ≥ 32 "
        "(layer features.30, MaxPool2d(2): kernel_size is at most the padded input)."
    )
    assert [row[1] for row in page.totals()] == ["—", "—"]
    assert page.text("value") == "—"
    assert set(page.texts("#layers td.number")) == {"—"}
    assert page.texts(".status") == ["✗ fails:", "✓ holds:"]
    page.run("set('knob-0', '32')")
    assert page.run("return document.getElementById('message').hidden")
    assert page.totals()[0][1] == shown(sc.evaluate(vgg.params, {**vgg.defaults, H: 32}))


@pytest.mark.parametrize(
    ("typed", "kind"),
    [("0", "a positive integer"), ("1.5", "a positive integer"), ("x", "a positive integer"), ("4", "odd")],
)
def test_a_value_that_a_symbol_cannot_have_changes_nothing(opened, typed, kind):
    k = sc.dims("k", odd=True)
    page = opened(explore(9 * k**2, over={k: range(1, 12, 2)}, at={k: 3}))
    page.run("set('knob-0', arguments[0])", typed)
    assert page.text("wrong-0") == f"k must be {kind}; the numbers are for k = 3"
    assert page.totals() == [["formula", "81"]]
    page.run("set('knob-0', ' 1,001 ')")
    assert (page.text("wrong-0"), page.totals()) == ("", [["formula", shown(9 * 1001**2)]])


def test_what_has_no_value_says_why(opened):
    page = opened(explore({"quotient": 1 / (H - 3), "power": 2**n, "sum": Sum(sc.FloorDiv(H, i + 1), (i, 0, n))}))
    page.run("set('knob-0', '3')")
    assert page.text("message") == "No number here: the formula divides by zero."
    page.run("set('knob-1', '100000000000'); set('of', 'power')")
    assert page.text("message") == "No number here: the number is too large to be written out."
    page.run("set('of', 'sum')")
    assert page.text("message") == "No number here: a sum has too many terms to be added up here."


def test_sliders_and_keys_move_the_numbers(opened):
    from selenium.webdriver.common.keys import Keys

    page = opened(explore(9 * w**2, over={w: range(8, 129, 8)}, at={w: 64}))
    slider = page.driver.find_element("id", "slider-0")
    slider.send_keys(Keys.ARROW_RIGHT)
    assert (page.totals(), slider.get_attribute("aria-valuetext")) == ([["formula", shown(9 * 72**2)]], "72")
    slider.send_keys(Keys.END)
    assert page.totals() == [["formula", shown(9 * 128**2)]]
    assert page.driver.find_element("id", "knob-0").get_property("value") == "128"
    page.driver.find_element("id", "reset").click()
    assert page.totals() == [["formula", shown(9 * 64**2)]]


def test_a_pinned_configuration_is_compared(opened):
    page = opened(explore(18 * w**2, over={w: range(8, 129)}, at={w: 64}))
    page.driver.find_element("id", "pin").click()
    page.run("set('knob-0', '32')")
    assert page.totals() == [["formula", "18,432", "73,728", "-55,296", "× 0.25"]]
    assert page.text("pinned-at") == "pinned: w = 64"
    assert page.run("return document.querySelectorAll('#plot path.pinned').length") == 1
    page.driver.find_element("id", "pin").click()
    assert page.totals() == [["formula", "18,432"]]


def test_the_address_keeps_the_state(opened):
    made = explore(sc.zoo.get_model("vgg16"), over={K: [10, 1000]})
    page = opened(made)
    page.run("set('knob-3', '48'); set('knob-1', '10')")
    page.driver.find_element("id", "pin").click()
    page.run("set('knob-0', '96')")
    page.pick("of", 1)
    page.run("set('vary', 'H'); set('log', true)")
    totals, text = page.totals(), page.text("plot-text")
    time.sleep(0.5)
    hash = page.run("return location.hash")
    again = opened(made, hash)
    assert (again.totals(), again.text("plot-text")) == (totals, text)
    assert again.run("return [document.getElementById('log').checked, text('pinned-at')]") == [
        True, "pinned: H = 224, K = 10, W = 224, w = 48",
    ]  # fmt: skip
    spoilt = opened(made, "#w=-1&K=11&H=x&.of=none&.along=q&.pin=1+2")
    assert spoilt.text("at") == "at H = 224, K = 1,000, W = 224, w = 64"


def test_the_local_exponent_is_the_elasticity(opened):
    net = sc.zoo.get_model("mobilenet_v2")
    page = opened(explore(net, of="macs"))
    values = {symbol: int(value) for symbol, value in net.defaults.items()}
    for symbol in net.symbols:
        page.run("set('vary', arguments[0])", symbol.name)
        expected = float(sc.evaluate(sc.elasticity(net.macs, symbol), values))
        assert page.text("exponent").startswith(f"Local exponent in {symbol}: {float(f'{expected:.3f}'):g}.")
    page = opened(explore(FORMULAS["a sum that is not closed"], at={n: 5, H: 500}))
    page.run("set('vary', 'n')")
    step = sc.elasticity(FORMULAS["a sum that is not closed"], n, step=1)
    value = float(sc.evaluate(step, H=500, n=5))
    assert page.text("exponent").startswith(
        f"Local exponent in n: {float(f'{value:.3f}'):g} (from here to the next value)"
    )


def test_the_plot_leaves_gaps_where_a_condition_fails_and_has_log_axes(opened):
    net = sc.Sequential(sc.Conv2d(2 * w, 3, groups=w), input=(12, 8, 8))
    page = opened(explore(net, over={w: range(1, 13)}))
    drawn = "return document.querySelector('#plot path.now').getAttribute('d')"
    assert page.run(drawn).count("M") > 1
    assert page.text("plot-text").endswith("left out where a condition fails.")
    page = opened(explore(9 * w**2, over={w: range(1, 101)}))
    page.run("set('log', true)")
    ends = [
        tuple(map(float, step[1:].split()))
        for step in (page.run(drawn).split("L")[0], "L" + page.run(drawn).split("L")[-1])
    ]
    middle = [tuple(map(float, step.split())) for step in page.run(drawn)[1:].split("L")][9]  # w = 10
    assert middle == pytest.approx(((ends[0][0] + ends[1][0]) / 2, (ends[0][1] + ends[1][1]) / 2), abs=0.2)


def test_the_layers_add_up_to_the_total(opened):
    page = opened(explore(STRIDES, of=["macs", "training_macs"]))
    counts = page.texts("#layers tbody td:nth-child(2)")
    assert sum(int(text.replace(",", "")) for text in counts) == int(page.totals()[0][1].replace(",", ""))
    page.pick("of", 1)
    assert page.text("layers-note") == "training_macs is no sum over layers: the table has none of it."


def test_what_is_not_counted_makes_lower_bounds(opened):
    from symcnn.interop.reading.leaves import Operation

    net = sc.Sequential(sc.Conv2d(w, 3), Operation("aten.strange", known=False), input=(3, 8, 8))
    page = opened(explore(net, of="params"))
    assert page.totals()[0][1] == f"≥ {shown(sc.evaluate(net.params, w=16))}"
    assert "Totals are lower bounds: nothing is counted of aten.strange (1)." in page.driver.page_source


def test_the_formula_is_copied(opened):
    page = opened(explore(9 * w**2 * sc.FloorDiv(H, 3)))
    page.run("document.querySelector('details').open = true")
    assert (page.text("latex"), page.text("python")) == (
        r"9 \cdot w^{2} \cdot \left\lfloor \frac{H}{3} \right\rfloor", "9*w**2*((H)//(3))",
    )  # fmt: skip
    page.driver.find_element("id", "copy-python").click()
    time.sleep(0.1)
    assert page.text("copied") in ("Copied.", "It is selected: press Ctrl+C or ⌘C to copy it.")


def test_a_notebook_shows_it_in_a_frame_that_may_do_nothing_else(opened, driver):
    made = explore(STRIDES, over={w: range(8, 65)}, at={w: 16, H: 64, W: 64, K: 10})
    page = opened(f"<!DOCTYPE html><html lang=en><title>notebook</title><body>{made._repr_html_()}</body></html>")
    driver.switch_to.frame(driver.find_element("tag name", "iframe"))
    page.run("set('knob-3', '32')")
    expected = shown(sc.evaluate(STRIDES.params, w=32, H=64, W=64, K=10))
    assert page.totals()[0][1] == expected
    page.driver.find_element("id", "pin").click()
    page.run("document.querySelector('details').open = true")
    page.driver.find_element("id", "copy-latex").click()
    time.sleep(0.5)
    assert page.text("live") == f"parameters: {expected}"
    driver.switch_to.default_content()


def test_resnet50_is_small_and_quick(opened):
    made = explore(sc.zoo.get_model("resnet50"))
    assert len(made.html.encode()) < 150_000
    page = opened(made)
    load = page.run("const [n] = performance.getEntriesByType('navigation'); return n.loadEventEnd - n.startTime")
    assert load < 1000
    times = page.run(
        """return Array.from({ length: 25 }, (_, i) => {
            const start = performance.now();
            set("slider-3", String(40 + i));
            document.body.getBoundingClientRect();  // the layout, too
            return performance.now() - start;
        })"""
    )
    assert sorted(times)[len(times) // 2] < 50


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [1200, 390])
def test_nothing_keeps_a_reader_out(opened, width, dark):
    page = opened(explore(sc.zoo.get_model("vgg16"), over={K: [10, 1000]}, of=["macs", "params"]))
    page.look(width=width, dark=dark)
    page.run("document.querySelector('details').open = true; set('log', true)")
    page.driver.find_element("id", "pin").click()
    page.run("set('knob-3', '0'); set('knob-0', '31')")
    assert page.faults() == []
    assert page.run("return document.documentElement.scrollWidth <= innerWidth")
