"""Pictures of networks: which boxes there are, what is folded, and what is written."""

import itertools
import xml.etree.ElementTree as ET

import pytest

import symcnn as sc
from symcnn.cli import main
from symcnn.report.diagram.boxes import chart_of
from symcnn.report.diagram.layout import everywhere, placed

w, H, W, n = sc.dims("w H W n")


def boxes(net, depth=0):
    return [(box.name, box.lines, box.times) for box in chart_of(net.profile, depth).boxes]


def conv(channels):
    return [sc.Conv2d(channels, 3, padding=1), sc.BatchNorm2d(), sc.ReLU()]


def test_what_goes_over_each_element_stands_with_what_it_follows():
    net = sc.Sequential(*conv(w), sc.MaxPool2d(2), sc.Flatten(), sc.Linear(10), input=(3, 8, 8))
    assert boxes(net) == [
        ("0–2", ("Conv2d(w, 3, padding=1)", "BatchNorm2d()", "ReLU()"), ""),
        ("3", ("MaxPool2d(2)",), ""),
        ("4", ("Flatten()",), ""),
        ("5", ("Linear(10)",), ""),
    ]


def test_repeats_are_folded():
    """Of one box, of several in a row, and those of ``Repeat``."""
    row = sc.Sequential(*conv(w), *conv(w), *conv(w), input=(w, H, W))
    assert [(name, times) for name, _, times in boxes(row)] == [("0–8", "× 3")]
    pair = [sc.Conv2d(w, 3, padding=1), sc.ReLU(), sc.Conv2d(2 * w, 1), sc.Sigmoid()]
    (folded,) = chart_of(sc.Sequential(*pair, *pair, input=(w, H, W)).profile, 0).boxes
    assert (folded.name, folded.times, len(folded.inside.boxes)) == ("0–7", "× 2", 2)
    depth = sc.Repeat(sc.Sequential(*conv(w)), n, input=(3, H, W))
    assert [(name, times) for name, _, times in boxes(depth)] == [("0", ""), ("{i}", "× (n - 1)")]


def test_branches_that_meet_need_no_frame():
    net = sc.Sequential(sc.Residual(sc.Conv2d(w, 1)), sc.ReLU(), input=(w, H, W))
    chart = chart_of(net.profile, 1)
    assert [(box.name, box.takes, box.lines) for box in chart.boxes] == [
        ("0.body", (-1,), ("Conv2d(w, 1)",)),
        ("0.add–1", (0, -1), ("add", "ReLU()")),
    ]
    assert boxes(net) == [("0–1", ("Residual", "ReLU()"), "")]


def test_branches_that_are_repeated_have_one():
    block = sc.Residual(sc.Conv2d(w, 1))
    (box,) = chart_of(sc.Sequential(block, block, block, input=(w, H, W)).profile, 1).boxes
    assert (box.name, box.times, [one.name for one in box.inside.boxes]) == ("0–2", "× 3", ["body", "add"])


def test_a_head_for_training_alone_is_passed_by():
    net = sc.Sequential(sc.Conv2d(w, 1), sc.Auxiliary(sc.GlobalAvgPool()), sc.Conv2d(8, 1), input=(3, H, W))
    names = [(box.name, box.output, box.takes) for box in chart_of(net.profile, 1).boxes]
    assert names[1:] == [("1", sc.Shape(w, H, W), (0,)), ("2", sc.Shape(8, H, W), (1,))]


def test_what_something_else_takes_too_stands_by_itself():
    graph = sc.Graph({"a": (sc.Conv2d(w, 1), "input"), "b": (sc.ReLU(), "a"), "c": ("add", "a", "b")}, input=(3, H, W))
    assert [name for name, *_ in boxes(graph)] == ["a", "b", "c"]


ZOO = ("lenet5", "resnet50", "googlenet", "unet", "densenet121", "vit_b_16", "mobilenet_v2", "inception_v3")


@pytest.mark.parametrize("name", ZOO)
def test_no_two_boxes_overlap(name):
    for depth in (0, 1, 2):
        chart = chart_of(sc.zoo.get_model(name).profile, depth)
        for found, _, _ in everywhere(placed(chart), 0, 0):
            for one, other in itertools.combinations((*found.inputs, *found.places), 2):
                beside = one.x + one.right <= other.x - other.left or other.x + other.right <= one.x - one.left
                assert beside or one.y + one.height <= other.y or other.y + other.height <= one.y


@pytest.mark.parametrize("name", ZOO)
def test_every_shape_of_the_network_is_on_an_arrow(name):
    net = sc.zoo.get_model(name)
    picture = ET.fromstring(net.diagram(net.defaults, depth=0).to_svg())
    texts = {text.text for text in picture.iter("{http://www.w3.org/2000/svg}text")}
    for part in net.at(net.defaults).profile.parts:
        assert " × ".join(f"{int(size):,}" if size >= 10_000 else str(size) for size in part.profile.output) in texts


def test_a_branch_is_an_arrow_of_its_own():
    net = sc.Sequential(sc.Residual(sc.Conv2d(w, 1)), input=(w, 8, 8))
    assert net.diagram(depth=1).to_mermaid() == (
        "flowchart TD\n"
        '  in0(["input"])\n'
        '  n0["0.body<br/>Conv2d(w, 1)"]\n'
        '  n1(["add"])\n'
        '  in0 -->|"w × 8 × 8"| n0\n'
        '  n0 -->|"w × 8 × 8"| n1\n'
        '  in0 -->|"w × 8 × 8"| n1'
    )


def test_names_are_text():
    """Whatever a user calls a layer is shown, and never markup."""
    name = '<img onerror="x">|#`'
    diagram = sc.Sequential({name: sc.Conv2d(w, 1)}, input=(3, 8, 8)).diagram()
    texts = [one.text for one in ET.fromstring(diagram.to_svg()).iter("{http://www.w3.org/2000/svg}text")]
    assert name in texts
    assert 'n0["#lt;img onerror=#quot;x#quot;#gt;#124;#35;#96;<br/>Conv2d(w, 1)"]' in diagram.to_mermaid()


def test_saving(tmp_path):
    diagram = sc.Sequential(sc.Conv2d(8, 3), input=(3, 8, 8)).diagram()
    for ending, start in ((".svg", "<svg "), (".html", "<div "), (".mmd", "flowchart TD\n"), (".md", "```mermaid\n")):
        diagram.save(tmp_path / f"net{ending}")
        assert (tmp_path / f"net{ending}").read_text().startswith(start)
    with pytest.raises(sc.SymcnnError) as error:
        diagram.save(tmp_path / "net.png")
    assert str(error.value) == "no diagram ends in '.png'; did you mean '.svg'? Known: .svg, .html, .mmd, .md"
    with pytest.raises(sc.SymcnnError) as error:
        diagram.save(tmp_path / "nowhere" / "net.svg")
    assert str(error.value) == f"cannot write {tmp_path / 'nowhere' / 'net.svg'}: No such file or directory"
    with pytest.raises(sc.SymcnnError) as error:
        sc.Conv2d(8, 3).diagram(depth=-1)
    assert str(error.value) == "depth is a number of levels, 0 or more, got -1"


def test_the_command(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["diagram", "lenet5", "--symbolic"]) == 0
    assert '  c1["c1–tanh1' not in capsys.readouterr().out
    assert main(["diagram", "resnet50", "--depth", "1", "--out", "net.svg"]) == 0
    assert capsys.readouterr().out == "net.svg\n"
    assert (tmp_path / "net.svg").read_text().startswith("<svg ")
    assert main(["diagram", "lenet5", "--format", "csv"]) == 2
    complaint = "symcnn: no diagram is written as 'csv'; known: text, markdown, html\n"
    assert capsys.readouterr().err == complaint
