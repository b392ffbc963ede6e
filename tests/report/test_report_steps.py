import csv
import io
import json
import re
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from report_networks import EXAMPLE, VALUES
from sympy import Max, Min, Mod

import symcnn as sc
from symcnn.errors import ShapeError, UnknownNameError
from symcnn.profile import ADDED_UP, Profile
from symcnn.report import FORMATS
from symcnn.report.worked import explained
from symcnn.report.worked.grow import grown
from symcnn.report.worked.notation import MathML, Tex, Text
from symcnn.report.worked.solve import stepped

k, H, p, s, g = sc.dims("k H p s g")

LONE = {
    "conv": (
        sc.Conv2d(32, 3, in_channels=3),
        "params",
        """\
parameters = (k_w · k_h · C_in + 1) · C_out
           = (3 · 3 · 3 + 1) · 32
           = 28 · 32
           = 896""",
    ),
    "conv without bias": (
        sc.Conv2d(32, 3, bias=False, in_channels=3),
        "params",
        """\
parameters = k_w · k_h · C_in · C_out
           = 3 · 3 · 3 · 32
           = 864""",
    ),
    "conv3d": (
        sc.Conv3d(16, 3, in_channels=3),
        "params",
        """\
parameters = (k_w · k_h · k_d · C_in + 1) · C_out
           = (3 · 3 · 3 · 3 + 1) · 16
           = 82 · 16
           = 1312""",
    ),
    "groups": (
        sc.Conv2d(32, 3, groups=4, in_channels=16),
        "params",
        """\
parameters = (k_w · k_h · C_in/g + 1) · C_out
           = (3 · 3 · 16/4 + 1) · 32
           = 37 · 32
           = 1184""",
    ),
    "groups without bias": (
        sc.Conv2d(32, 3, groups=4, bias=False, in_channels=16),
        "params",
        """\
parameters = k_w · k_h · (C_in/g) · C_out
           = 3 · 3 · (16/4) · 32
           = 3 · 3 · 4 · 32
           = 1152""",
    ),
    "linear": (
        sc.Linear(64, in_features=128),
        "params",
        """\
parameters = F_in · F_out + F_out
           = 128 · 64 + 64
           = 8192 + 64
           = 8256""",
    ),
    "batch norm": (
        sc.BatchNorm2d(64),
        "params",
        """\
parameters = 2 · C
           = 2 · 64
           = 128""",
    ),
    "buffers": (
        sc.BatchNorm2d(64),
        "buffers",
        """\
buffers = 2 · C
        = 2 · 64
        = 128""",
    ),
    "pooling": (sc.MaxPool2d(2), "params", "parameters = 0"),
    "nothing known": (sc.Conv2d(), "params", "parameters = (k_w · k_h · C_in + 1) · C_out"),
    "symbolic kernel": (
        sc.Conv2d(32, k),
        "params",
        """\
parameters = (k_w · k_h · C_in + 1) · C_out
           = (k · k · C_in + 1) · 32
           = 32 · C_in · k² + 32""",
    ),
    "macs": (
        sc.Conv2d(16, 3, input=(3, 8, 8)),
        "macs",
        """\
MACs = k_w · k_h · C_in · C_out · (H - k_h + 1) · (W - k_w + 1)
     = 3 · 3 · 3 · 16 · (8 - 3 + 1) · (8 - 3 + 1)
     = 3 · 3 · 3 · 16 · 6 · 6
     = 15,552""",
    ),
    "flops": (
        sc.Linear(64, in_features=128),
        "flops",
        """\
FLOPs = 2 · F_in · F_out
      = 2 · 128 · 64
      = 16,384""",
    ),
    "no flops": (sc.ReLU(), "flops", "FLOPs = 0"),
    "output": (
        sc.Conv2d(64, 7, stride=2, padding=3, input=(3, 224, 224)),
        "output",
        """\
channels = C_out = 64
height   = ⌊(H + 2 · p_h - k_h)/s_h⌋ + 1
         = ⌊(224 + 2 · 3 - 7)/2⌋ + 1
         = ⌊223/2⌋ + 1
         = 111 + 1
         = 112
width    = ⌊(W + 2 · p_w - k_w)/s_w⌋ + 1
         = ⌊(224 + 2 · 3 - 7)/2⌋ + 1
         = ⌊223/2⌋ + 1
         = 111 + 1
         = 112""",
    ),
    "symbolic output": (
        sc.Conv1d(2 * k, k, stride=2, input=(3, 224)),
        "output",
        """\
channels = C_out = 2 · k
length   = ⌊(L - k)/s⌋ + 1
         = ⌊(224 - k)/2⌋ + 1
         = ⌊(226 - k)/2⌋""",
    ),
    "flat output": (
        sc.Flatten(input=(32, 2, 2)),
        "output",
        """\
features = C · H · W
         = 32 · 2 · 2
         = 128""",
    ),
    "receptive field": (
        sc.Conv1d(4, 3, dilation=2),
        "receptive_field",
        """\
length = d · (k - 1) + 1
       = 2 · (3 - 1) + 1
       = 2 · 2 + 1
       = 4 + 1
       = 5""",
    ),
    "whole receptive field": (
        sc.AdaptiveAvgPool2d(1, input=(4, 7, 9)),
        "receptive_field",
        """\
height = 7
width  = 9

the whole input""",
    ),
    "part of it": (
        sc.AdaptiveAvgPool2d((1, None), input=(4, 7, 9)),
        "receptive_field",
        """\
height = 7
width  = 1""",
    ),
    "no receptive field": (
        sc.Linear(4),
        "receptive_field",
        "the input has no axes, and so no receptive field along them",
    ),
}


@pytest.mark.parametrize("case", LONE)
def test_a_lone_layer_is_worked_out_as_by_hand(case):
    layer, what, expected = LONE[case]
    assert str(layer.explain(what)) == expected


NETWORK = """\
0: Conv2d(16, 3, padding='same')
parameters = (k_w · k_h · C_in + 1) · C_out
           = (3 · 3 · 3 + 1) · 16
           = 28 · 16
           = 448

1: BatchNorm2d()
parameters = 2 · C
           = 2 · 16
           = 32

4: Conv2d(32, 3, padding='same')
parameters = (k_w · k_h · C_in + 1) · C_out
           = (3 · 3 · 16 + 1) · 32
           = 145 · 32
           = 4640

5: BatchNorm2d()
parameters = 2 · C
           = 2 · 32
           = 64

9: Linear(64)
parameters = F_in · F_out + F_out
           = 128 · 64 + 64
           = 8192 + 64
           = 8256

no parameters: ReLU() (2, 6), MaxPool2d(2) (3, 7), Flatten() (8)

total = 448 + 32 + 4640 + 64 + 8256
      = 13,440"""


def test_a_network_is_worked_out_as_in_the_tutorial():
    assert str(EXAMPLE.explain(VALUES)) == NETWORK


def test_a_symbolic_network_ends_in_its_own_formula():
    total = str(EXAMPLE.explain()).split("\n\n")[-1]
    assert total.splitlines()[-1] == "      = 2 · K · w · ⌊H/4⌋ · ⌊W/4⌋ + K + 18 · w² + 36 · w"


def test_equal_layers_are_worked_out_once():
    net = sc.Sequential(*[sc.Conv2d(32, 3) for _ in range(4)], input=(32, 16, 16))
    expected = """\
0, 1, 2, 3: Conv2d(32, 3)
parameters = (k_w · k_h · C_in + 1) · C_out
           = (3 · 3 · 32 + 1) · 32
           = 289 · 32
           = 9248

total = 4 · 9248
      = 36,992"""
    assert str(net.explain()) == expected


def test_the_output_is_explained_where_it_changes():
    text = str(EXAMPLE.explain("output", VALUES))
    assert text.count("height") == 4
    assert text.endswith("the shape stays as it is: BatchNorm2d() (1, 5), ReLU() (2, 6)")


def test_receptive_fields_grow_layer_by_layer():
    net = sc.Sequential(sc.Conv1d(8, 7, stride=2), sc.ReLU(), sc.MaxPool1d(3, 2), sc.Conv1d(8, 3))
    expected = """\
length = 1 + (7 - 1) · 1 + (3 - 1) · 2 + (3 - 1) · 4
       = 1 + 6 · 1 + 2 · 2 + 2 · 4
       = 1 + 6 + 4 + 8
       = 19"""
    assert str(net.explain("receptive_field")) == expected


def test_nothing_to_add_up():
    assert str(sc.Sequential(sc.ReLU()).explain()) == "no parameters: ReLU() (0)\n\ntotal = 0"


def test_unknown_quantities_are_refused():
    with pytest.raises(UnknownNameError) as refused:
        sc.Conv2d(32, 3).explain("parms")
    assert str(refused.value) == (
        "no quantity is named 'parms'; did you mean 'params'?"
        " Known: params, buffers, macs, flops, training_macs, activations, tensor_elements, output, receptive_field"
    )


def test_receptive_fields_that_differ_are_refused():
    with pytest.raises(ShapeError, match="windows differ in size"):
        sc.AdaptiveAvgPool2d(4, input=(4, 7, 7)).explain("receptive_field")


def test_a_profile_that_no_layer_made_is_its_own_formula():
    x = sc.Shape(3, H)
    made = Profile(x, x, weights={"weight": (H, H)})
    assert str(explained(made, "params")) == "parameters = H · H"


LAYERS = [
    *(sc.Conv2d(8, n, stride=t, padding=q, dilation=d) for n, t, q, d in [(1, 1, 0, 1), (3, 2, 1, 1), (3, 3, 0, 2)]),
    *(sc.Conv2d(8, 3, padding="same", stride=2), sc.Conv2d(8, 3, groups=2), sc.Conv2d(8, (1, 3), bias=False)),
    *(sc.Conv2d(8, 3, padding=((1, 2), 0)), sc.MaxPool2d(3, 2, 1), sc.MaxPool2d(2, ceil_mode=True)),
    *(sc.AvgPool2d(3), sc.AdaptiveAvgPool2d((1, None)), sc.BatchNorm2d(), sc.ReLU(), sc.Flatten()),
    *(sc.LocalResponseNorm(5), sc.Dropout()),
]


@pytest.mark.parametrize("what", [*ADDED_UP, "output", "receptive_field"])
@pytest.mark.parametrize("layer", LAYERS, ids=repr)
def test_every_line_has_the_same_value_and_the_last_is_the_quantity(layer, what):
    profile = layer.on((4, 17, 12))
    quantity = profile.quantity(what)
    results = quantity if isinstance(quantity, tuple) else (quantity,)
    values = profile.source.textbook(profile.input)[1]
    derivations = explained(profile, what).derivations
    assert len(derivations) == len(results)
    for derivation, result in zip(derivations, results, strict=True):
        assert [line.put_in(values).value for line in derivation.lines] == [result] * len(derivation.lines)
        written = [line.write(Text()) for line in derivation.lines]
        assert all(a != b for a, b in pairwise(written))


def test_a_layer_whose_textbook_form_is_not_its_own_shows_its_result():
    class Odd(sc.Conv2d):
        def textbook(self, x):
            general, values = super().textbook(x)
            return general, values | dict.fromkeys(values, 1)

    assert str(Odd(32, 3, in_channels=3).explain()) == "parameters = 896"


def test_the_tree_writes_each_notation():
    formula = grown(Max(sc.FloorDiv(H - k + 2 * p, s), 0) * (k + 1) ** 2 - Min(H, k) - 3)
    assert formula.write(Text()) == "(k + 1)² · max(⌊(H + 2 · p - k)/s⌋, 0) - min(H, k) - 3"
    latex = formula.write(Tex())
    assert latex == (
        r"\left(k + 1\right)^{2}"
        r" \cdot \max\left(\left\lfloor \frac{H + 2 \cdot p - k}{s} \right\rfloor, 0\right)"
        r" - \min\left(H, k\right) - 3"
    )
    assert ElementTree.fromstring(f"<math>{formula.write(MathML())}</math>").tag == "math"


def test_what_is_taken_away_keeps_its_brackets():
    formula = grown(H - 2 * (k + 1) - sc.FloorDiv(k, s))
    assert formula.write(Text()) == "H - 2 · k - ⌊k/s⌋ - 2"
    filled = formula.put_in({H: sc.Shape(9)[0], k: sc.Shape(2)[0], s: sc.Shape(2)[0]})
    assert filled.write(Text()) == "9 - 2 · 2 - ⌊2/2⌋ - 2"
    assert stepped(filled).write(Text()) == "9 - 2 · 2 - 1 - 2"
    assert stepped(stepped(filled)).write(Text()) == "9 - 4 - 1 - 2"


def test_an_expression_of_another_kind_stays_whole():
    assert grown(Mod(H, 4)).write(Text()) == "H mod 4"


PAGES = {
    "lone": LONE["output"][0].explain("output"),
    "network": EXAMPLE.explain(VALUES),
    "open": EXAMPLE.explain(),
}


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_html_is_well_formed(page):
    assert ElementTree.fromstring(page.to_html()).tag == "div"
    assert page._repr_html_() == page.to_html()


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_latex_is_balanced(page):
    text = page.to_latex()
    assert text.count(r"\begin{aligned}") == text.count(r"\end{aligned}") > 0
    assert len(re.findall(r"(?<!\\){", text)) == len(re.findall(r"(?<!\\)}", text))
    assert text.count(r"\left") == text.count(r"\right")


def test_latex_of_the_first_step():
    lines = LONE["conv"][0].explain().to_latex().splitlines()
    assert lines[:2] == [r"\[", r"\begin{aligned}"]
    formula = r"\left(k_{w} \cdot k_{h} \cdot C_{\mathrm{in}} + 1\right) \cdot C_{\mathrm{out}}"
    assert lines[2] == rf"\text{{parameters}} & = {formula} \\"
    assert lines[3:] == [
        *(r"& = \left(3 \cdot 3 \cdot 3 + 1\right) \cdot 32 \\", r"& = 28 \cdot 32 \\", "& = 896"),
        *(r"\end{aligned}", r"\]"),
    ]


def test_json_and_csv_have_the_same_records():
    page = PAGES["network"]
    records = page.to_records()
    assert json.loads(page.to_json())["steps"] == records
    rows = list(csv.DictReader(io.StringIO(page.to_csv())))
    assert [{**row, "line": int(row["line"])} for row in rows] == records
    assert records[-1] == {"layer": "", "quantity": "total", "line": 2, "formula": "13,440"}


def test_markup_in_names_is_escaped():
    net = sc.Sequential(("<img onerror=x>*_", sc.Linear(3)), input=(4,))
    page = net.explain()
    assert "<img" not in page.to_html()
    assert r"\<img onerror=x\>\*\_" in page.to_markdown()
    assert r"\textless{}img" in page.to_latex()


def test_a_sum_of_many_terms_goes_over_several_rows():
    net = sc.Sequential(*(sc.Conv1d(n + 1, 3) for n in range(30)))
    page = net.explain()
    assert max(map(len, str(page).splitlines())) <= 80
    assert page.to_latex().count(r"& {}  + ") == 3
    assert str(page).splitlines()[-1] == "      = 3 · C_in + 27,435"


@pytest.mark.parametrize("width", [80, 40, 10, 3])
def test_no_line_is_longer_than_the_width(width):
    for page in PAGES.values():
        assert max(map(len, page.to_text(width).splitlines())) <= width


def test_formats_by_name():
    page = PAGES["lone"]
    assert [page.format(name) for name in FORMATS] == [
        *(page.to_text(), page.to_markdown(), page.to_latex()),
        *(page.to_html(), page.to_json(), page.to_csv()),
    ]
    with pytest.raises(UnknownNameError) as refused:
        page.format("htm")
    assert str(refused.value) == (
        "no format is named 'htm'; did you mean 'html'? Known: text, markdown, latex, html, json, csv"
    )
