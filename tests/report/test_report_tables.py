import csv
import io
import json
import re
import sys
from fractions import Fraction
from xml.etree import ElementTree

import pytest
from report_networks import EXAMPLE, VALUES, H, K, W, deep, w
from sympy import Integer

import symcnn as sc
from symcnn.errors import UnknownNameError
from symcnn.report import FORMATS, Column, Note, Table
from symcnn.report.document import terminal_width

NUMBERS = """\
   layer                          output      parameters     MACs    share
─  ─────────────────────────────  ──────────  ──────────  ───────  ───────
0  Conv2d(16, 3, padding='same')  16 × 8 × 8         448   27,648    3.3 %
1  BatchNorm2d()                  16 × 8 × 8          32        0    0.2 %
2  ReLU()                         16 × 8 × 8           0        0    0.0 %
3  MaxPool2d(2)                   16 × 4 × 4           0        0    0.0 %
4  Conv2d(32, 3, padding='same')  32 × 4 × 4       4,640   73,728   34.5 %
5  BatchNorm2d()                  32 × 4 × 4          64        0    0.5 %
6  ReLU()                         32 × 4 × 4           0        0    0.0 %
7  MaxPool2d(2)                   32 × 2 × 2           0        0    0.0 %
8  Flatten()                      128                  0        0    0.0 %
9  Linear(64)                     64               8,256    8,192   61.4 %
─  ─────────────────────────────  ──────────  ──────────  ───────  ───────
   total                                          13,440  109,568  100.0 %

input: 3 × 8 × 8
buffers: 96"""


def test_the_tutorials_network_in_numbers():
    assert str(EXAMPLE.at(VALUES).summary()) == NUMBERS


FORMULAS = """\
   layer               output              parameters          MACs
─  ──────────────────  ──────────────────  ──────────────────  ─────────────────
0  Conv2d(w, 3,        w × H × W           28·w                27·H·W·w
   padding='same')
1  BatchNorm2d()       w × H × W           2·w                 0
2  ReLU()              w × H × W           0                   0
3  MaxPool2d(2)        w × ⌊H/2⌋ × ⌊W/2⌋   0                   0
"""

NOTES = """

input: 3 × H × W
parameters: 2·K·w·⌊H/4⌋·⌊W/4⌋ + K + 18·w² + 36·w
MACs: 27·H·W·w + 2·K·w·⌊H/4⌋·⌊W/4⌋ + 18·w²·⌊H/2⌋·⌊W/2⌋
buffers: 6·w
conditions: H ≥ 4, W ≥ 4"""


def test_the_same_in_formulas():
    text = str(EXAMPLE.summary())
    assert text.startswith(FORMULAS)
    assert text.endswith(NOTES)


def test_formulas_and_numbers_stand_side_by_side_where_there_is_room():
    lines = EXAMPLE.summary(VALUES).to_text(width=None).splitlines()
    assert re.split(r"  +", lines[6]) == [
        *("4", "Conv2d(2*w, 3, padding='same')", "2·w × ⌊H/2⌋ × ⌊W/2⌋", "32 × 4 × 4"),
        *("2·w·(9·w + 1)", "4,640", "18·w²·⌊H/2⌋·⌊W/2⌋", "73,728", "34.5 %"),
    ]
    assert lines[-5:] == [
        "input: 3 × H × W = 3 × 8 × 8",
        "parameters: 2·K·w·⌊H/4⌋·⌊W/4⌋ + K + 18·w² + 36·w = 13,440",
        "MACs: 27·H·W·w + 2·K·w·⌊H/4⌋·⌊W/4⌋ + 18·w²·⌊H/2⌋·⌊W/2⌋ = 109,568",
        "buffers: 6·w = 96",
        "conditions: H ≥ 4, W ≥ 4",
    ]


def test_formulas_stand_above_their_numbers_where_there_is_not():
    lines = EXAMPLE.summary(VALUES).to_text(80).splitlines()
    assert [re.split(r"  +", line.strip()) for line in lines[3:6]] == [
        ["0", "Conv2d(w, 3, padding='same')"],
        ["w × H × W", "28·w", "27·H·W·w", "3.3 %"],
        ["= 16 × 8 × 8", "= 448", "= 27,648"],
    ]


def test_no_number_is_cut_at_80_columns():
    vgg = sc.zoo.get_model("vgg16")
    text = vgg.summary(vgg.defaults).to_text(80)
    assert {"15,470,264,320", "138,357,544", "= 1,849,688,064"} <= set(re.split(r"  +|\n", text))


def test_where_symbols_are_left_the_numbers_are_formulas():
    records = EXAMPLE.summary(w=16, K=64).to_records()
    assert (records[3]["output_formula"], records[3]["output"]) == (
        (w, sc.FloorDiv(H, 2), sc.FloorDiv(W, 2)),
        (16, sc.FloorDiv(H, 2), sc.FloorDiv(W, 2)),
    )
    assert records[9]["params"] == EXAMPLE.at(w=16, K=64).profile.parts[9].profile.params


def test_records_hold_numbers_and_expressions():
    records = EXAMPLE.summary().to_records()
    assert len(records) == 10
    assert records[4] == {
        **{"name": "4", "layer": "Conv2d(2*w, 3, padding='same')"},
        **{"output": (2 * w, sc.FloorDiv(H, 2), sc.FloorDiv(W, 2)), "params": 2 * w * (9 * w + 1)},
        **{"macs": 18 * w**2 * sc.FloorDiv(H, 2) * sc.FloorDiv(W, 2), "share": None},
    }
    numbers = EXAMPLE.at(VALUES).summary().to_records()
    assert [type(numbers[9][key]) for key in ("params", "macs", "share")] == [int, int, float]
    assert numbers[9]["output"] == (64,)
    assert sum(record["share"] for record in numbers) == pytest.approx(1)


def test_a_lone_layer_has_no_column_of_names():
    first = str(sc.Conv2d(32, 3).summary()).splitlines()[0]
    assert first.split() == ["layer", "output", "parameters", "MACs"]
    assert "(H - 2) × (W - 2)" in str(sc.Conv2d(32, 3).summary())


def test_no_parameters_have_no_shares():
    assert "share" not in str(sc.ReLU(input=(3, 8, 8)).summary())


DEEP, BOTH, NUMERIC = deep().summary(), EXAMPLE.summary(VALUES), EXAMPLE.at(VALUES).summary()


@pytest.mark.parametrize("width", [200, 80, 79, 60, 30, 12, 5, 1])
@pytest.mark.parametrize("table", [DEEP, BOTH, NUMERIC], ids=["deep", "both", "numeric"])
def test_no_line_is_longer_than_the_width(table, width):
    assert max(map(len, table.to_text(width).splitlines())) <= width


def test_two_hundred_layers_stay_readable():
    lines = DEEP.to_text(80).splitlines()
    assert len(lines) < 200 * 3 + 40
    assert sum("Conv2d(" in line for line in lines) == 200


def test_without_a_limit_nothing_is_shortened():
    assert "…" not in DEEP.to_text(width=None)
    assert "…" in DEEP.to_text(80)


def test_the_terminal_gives_the_width(monkeypatch):
    assert terminal_width() == 80
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "44")
    assert terminal_width() == 44
    assert max(map(len, str(EXAMPLE.summary()).splitlines())) <= 44


NASTY = sc.Sequential(
    ("<img onerror=alert(1)>", sc.Linear(K)),
    ("a|b_*`c`", sc.Linear(5)),
    ("50%$#{}~^\\&", sc.ReLU()),
    input=(3,),
)


def text_of(element):
    return "".join(element.itertext())


@pytest.mark.parametrize("values", [{}, {"K": 7}], ids=["symbols", "numbers"])
def test_html_is_well_formed_and_escaped(values):
    html = NASTY.summary(values).to_html()
    assert "<img" not in html
    page = ElementTree.fromstring(html)
    assert page.tag == "div"
    names = [text_of(row[0]) for row in page.iterfind("table/tbody/tr")]
    assert names == ["<img onerror=alert(1)>", "a|b_*`c`", "50%$#{}~^\\&"]


def test_html_has_no_colours_of_its_own():
    html = EXAMPLE.summary().to_html()
    assert not re.search(r"#[0-9a-f]{3}|white;|black;", html)
    assert "http" not in html
    assert EXAMPLE.summary()._repr_html_() == html


def test_html_has_formulas_in_mathml():
    page = ElementTree.fromstring(EXAMPLE.summary().to_html())
    cells = page.findall("table/tbody/tr")[4]
    assert [text_of(cell) for cell in cells] == [
        *("4", "Conv2d(2*w, 3, padding='same')", "2·w×⌊H2⌋×⌊W2⌋", "2·w·(9·w+1)", "18·w2·⌊H2⌋·⌊W2⌋"),
    ]
    assert cells[3][0].tag == "math"
    numbers = ElementTree.fromstring(EXAMPLE.at(VALUES).summary().to_html())
    assert [text_of(cell) for cell in numbers.findall("table/tfoot/tr/td")] == [
        *("", "total", "", "13,440", "109,568", "100.0 %")
    ]


def test_latex_is_balanced_and_escaped():
    text = NASTY.summary().to_latex()
    assert text.startswith("\\begin{tabular}{lllll}\n & layer & output & parameters & MACs \\\\\n\\hline\n")
    assert r"50\%\$\#\{\}\textasciitilde{}\textasciicircum{}\textbackslash{}\&" in text
    plain = re.sub(r"\\\\|\\[{}$%#&_]", "", text)
    assert plain.count("{") == plain.count("}")
    assert plain.count("$") % 2 == 0
    rows = [line for line in text.splitlines() if line.endswith(r"\\")]
    assert {len(re.findall(r"(?<!\\)&", row)) for row in rows} == {4}


def test_latex_groups_digits():
    assert r"13,440 & 109,568 & 100.0 \% \\" in EXAMPLE.at(VALUES).summary().to_latex()


def test_markdown_is_a_table():
    lines = NASTY.summary(K=7).to_markdown().splitlines()
    assert lines[1] == "| :-- | :-- | :-- | :-- | :-- | --: | :-- | --: | --: |"
    table = lines[: lines.index("")]
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in table} == {10}
    assert lines[2].startswith(r"| \<img onerror=alert(1)\> | Linear(K) | K | 7 |")
    assert lines[3].startswith(r"| a\|b\_\*\`c\` |")
    assert lines[-3:] == ["* input: 3", "* parameters: 9·K + 5 = 68", "* MACs: 8·K = 56"]


def test_json_has_numbers_as_numbers_and_formulas_as_text():
    data = json.loads(EXAMPLE.summary(VALUES).to_json())
    assert [column["key"] for column in data["columns"]] == list(data["rows"][0])
    assert data["rows"][4] == {
        **{"name": "4", "layer": "Conv2d(2*w, 3, padding='same')"},
        **{"output_formula": ["2*w", "⌊H/2⌋", "⌊W/2⌋"], "output": [32, 4, 4]},
        **{"params_formula": "2*w*(9*w + 1)", "params": 4640},
        **{"macs_formula": "18*w**2*⌊H/2⌋*⌊W/2⌋", "macs": 73728, "share": 4640 / 13440},
    }
    assert (data["total"]["params"], data["input"], data["input_at"]) == (13440, [3, "H", "W"], [3, 8, 8])
    assert (data["buffers"], data["buffers_at"], data["conditions"]) == ("6*w", 96, ["H >= 4", "W >= 4"])


def test_csv_round_trips():
    rows = list(csv.DictReader(io.StringIO(NASTY.summary(K=7).to_csv())))
    assert [row["name"] for row in rows] == ["<img onerror=alert(1)>", "a|b_*`c`", "50%$#{}~^\\&"]
    assert [int(row["params"]) for row in rows] == [28, 40, 0]
    conv = next(csv.DictReader(io.StringIO(sc.Conv2d(32, 3).summary().to_csv())))
    assert conv["output"] == "32 x (H - 2) x (W - 2)"


def test_formats_by_name():
    table = EXAMPLE.summary()
    assert [table.format(name) for name in FORMATS] == [
        *(table.to_text(), table.to_markdown(), table.to_latex()),
        *(table.to_html(), table.to_json(), table.to_csv()),
    ]
    with pytest.raises(UnknownNameError) as refused:
        table.format("yaml")
    assert str(refused.value).endswith("Known: text, markdown, latex, html, json, csv")


def test_a_table_of_anything():
    columns = (
        Column("model", "model"),
        Column("params", "parameters", "number"),
        Column("part", "part", "share"),
    )
    rows = (("a & b", Integer(1234567), Fraction(1, 3)), ("c", None, None))
    table = Table(columns, rows, notes=(Note("source", "a < b"),))
    assert table.to_text() == (
        "model  parameters    part\n─────  ──────────  ──────\na & b   1,234,567  33.3 %\nc\n\nsource: a < b"
    )
    assert table.to_records()[1] == {"model": "c", "params": None, "part": None}
    assert ElementTree.fromstring(table.to_html()).find("p").text == "source: a < b"
    assert table.to_csv() == "model,params,part\na & b,1234567,0.3333333333333333\nc,,\n"
    assert "total" not in json.loads(table.to_json())


def test_a_table_without_rows():
    table = Table((Column("model", "model"),), ())
    assert table.to_text() == "model\n─────"
    assert table.to_csv() == "model\n"
    assert json.loads(table.to_json())["rows"] == []
    assert ElementTree.fromstring(table.to_html()).find("table/tbody/tr") is None


@pytest.mark.parametrize(
    ("layer", "conditions"),
    [
        (sc.Conv2d(2 * w, 3, groups=sc.dims("g")), "g | 2·w, H ≥ 3, W ≥ 3, g | C_in"),
        (sc.Linear(3, in_features=w, input=(K,)), "w = K"),
    ],
    ids=["divides", "equal"],
)
def test_conditions_read_as_mathematics(layer, conditions):
    shown = str(layer.summary()).splitlines()[-1].removeprefix("conditions: ")
    assert sorted(shown.split(", ")) == sorted(conditions.split(", "))
    for name in ("html", "latex", "markdown"):
        assert layer.summary().format(name)
