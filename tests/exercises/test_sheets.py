"""Sheets, the command line, seeds that stay what they are, and what is refused."""

import io
import json
import shutil
import subprocess

import nbformat
import pytest

import symcnn as sc
from symcnn.cli import main

FIELD = (
    "Layers in a row: Conv2d 3×3 with stride 1, MaxPool2d 2×2 with stride 2 and Conv2d 7×7 with stride 1, no padding. "
    "How many rows of the input does one position of the last output see (its receptive field, along the height)?"
)
FILTERS = "A Conv2d has 10 filters of 7×7, each with a bias. Its input has 2 channels."
QUESTIONS = {
    ("conv2d", 1, 1): f"{FILTERS} How many parameters does it have?",
    ("linear", 7, 1): "A dense layer (Linear) takes 120 features to 128, with a bias. "
    "How many parameters does it have?",
    ("receptive_field", 2, 2): FIELD,
}


@pytest.mark.parametrize(("key", "question"), QUESTIONS.items())
def test_a_seed_means_the_same_for_ever(key, question):
    assert sc.exercise(*key).question == question


def test_a_sheet_is_the_same_again_and_its_exercises_differ():
    sheet = sc.exercise.sheet(30, seed=7)
    assert sheet == sc.exercise.sheet(30, seed=7)
    assert len({each.question for each in sheet.exercises}) == 30
    assert [each.level for each in sheet.exercises] == sorted(each.level for each in sheet.exercises)
    assert {each.level for each in sheet.exercises} == {1, 2, 3, 4, 5}


def test_a_sheet_in_every_format(tmp_path):
    sheet = sc.exercise.sheet(4, seed=7, level=2, solutions=True)
    answers = [each.answer for each in sheet.exercises]
    assert sheet.to_text().startswith("Exercises, seed 7\n\n1.  ")
    assert "## Solutions" in sheet.to_markdown()
    assert sheet.to_latex().rstrip().endswith(r"\end{document}")
    assert [row["answer"] for row in json.loads(sheet.to_json())["exercises"]] == answers
    assert len(sheet.to_csv().splitlines()) == 5
    assert "answer" not in sc.exercise.sheet(4, seed=7).to_csv().splitlines()[0]
    notebook = nbformat.reads(sheet.to_notebook(), as_version=4)
    nbformat.validate(notebook)
    assert sum(cell.source == "quiz.check(...)" for cell in notebook.cells) == 4
    for ending in ("txt", "md", "tex", "html", "json", "csv", "ipynb"):
        assert sheet.save(tmp_path / f"sheet.{ending}").read_text()


def test_the_cells_of_a_notebook_make_the_same_exercises():
    sheet = sc.exercise.sheet(3, seed=5, level=1)
    notebook = nbformat.reads(sheet.to_notebook(), as_version=4)
    made = [cell.source for cell in notebook.cells if cell.source.startswith("quiz = ")]
    for source, each in zip(made, sheet.exercises, strict=True):
        names = {"sc": sc}
        exec(source, names)
        assert names["quiz"] == each


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="there is no LaTeX")
def test_latex_is_typeset(tmp_path):
    sc.exercise.sheet(8, seed=1, solutions=True).save(tmp_path / "sheet.tex")
    done = subprocess.run(["pdflatex", "-halt-on-error", "sheet.tex"], cwd=tmp_path, capture_output=True)
    assert done.returncode == 0


REFUSED = [
    (
        lambda: sc.exercise("conv4d"),
        "no kind of exercise is named 'conv4d'; did you mean 'conv3d'? Known: conv1d, conv2d, conv3d, "
        "conv_transpose2d, linear, batchnorm, pool, network, params, buffers, output, macs, receptive_field, budget, "
        "factors",
    ),
    (lambda: sc.exercise("conv2d", level=9), "exercises of kind 'conv2d' have levels 1 and 2, got 9"),
    (lambda: sc.exercise(level=7), "exercises have levels 1 to 5, got 7"),
    (lambda: sc.exercise("conv2d", seed="x"), "a seed is a whole number, got 'x'"),
    (lambda: sc.exercise.sheet(0), "a sheet has from 1 to 200 exercises, got 0"),
    (
        lambda: sc.exercise.sheet(1, seed=1).format("docx"),
        "no format is named 'docx'; known: text, markdown, latex, html, json, csv, notebook",
    ),
    (
        lambda: sc.exercise.sheet(1, seed=1).save("x.doc"),
        "a sheet's file name ends in .txt .md .tex .html .json .csv .ipynb, got 'x.doc'",
    ),
    (
        lambda: sc.exercise.sheet(1, seed=1).save("/nowhere/x.md"),
        "cannot write /nowhere/x.md: No such file or directory",
    ),
]


@pytest.mark.parametrize(("ask", "message"), REFUSED, ids=[message for _, message in REFUSED])
def test_what_is_refused(ask, message):
    with pytest.raises(sc.SymcnnError) as error:
        ask()
    assert str(error.value) == message


ANSWERS = [
    (True, "an answer is a number or a formula, got True"),
    (None, "an answer is a number or a formula, got None"),
    ([1], "an answer is a number or a formula, got [1]"),
    (float("nan"), "an answer is a number or a formula, got nan"),
    (
        "__import__('os')",
        "an answer is a number or a formula; a formula has numbers, names, + - * / // **, floor, ceil and brackets; "
        "\"__import__('os')\" is none of these",
    ),
    ("k*", "an answer is a number or a formula; cannot read 'k *' as a formula"),
    ("9" * 300, "an answer has at most 200 characters, got 300"),
    ("(k**9)**9", "the powers in an answer go up to 24, all together, got '( k ** 9 ) ** 9'"),
    ("z + 1", "no size is named 'z' here; known: k, C_in, C_out"),
]


@pytest.mark.parametrize(("answer", "message"), ANSWERS, ids=[message for _, message in ANSWERS])
def test_answers_that_are_none(answer, message):
    with pytest.raises(sc.SymcnnError) as error:
        sc.exercise("conv2d", seed=1, level=1).check(answer)
    assert str(error.value) == message


def asked(monkeypatch, capsys, line, typed):
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    code = main(["quiz", *line.split()])
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def test_the_terminal_asks(monkeypatch, capsys):
    line = "--kind conv2d --level 1 --seed 1 --count 2"
    sheet = sc.exercise.sheet(2, seed=1, level=1, kind="conv2d")
    first, second = sheet.exercises
    wrong = first.mistakes["bias forgotten"]
    code, out, _ = asked(monkeypatch, capsys, line, f"{wrong}\n{first.answer}\n{second.answer}\n")
    assert code == 0
    flat = " ".join(out.split())
    assert f"1. {first.question}" in flat
    assert "wrong: the bias is missing: " in flat
    assert out.endswith("\n1 of 2 right\n")
    assert asked(monkeypatch, capsys, line, "q\n")[1].endswith("\n0 of 0 right\n")
    assert asked(monkeypatch, capsys, line, "")[1].endswith("\n0 of 0 right\n")
    assert f"{first.answer}\n\nparameters = " in asked(monkeypatch, capsys, line, "\nq\n")[1]


def test_a_sheet_on_the_command_line(monkeypatch, capsys, tmp_path):
    code, out, _ = asked(monkeypatch, capsys, "--sheet 3 --seed 7 --format latex", "")
    assert code == 0
    assert out.rstrip("\n") == sc.exercise.sheet(3, seed=7).to_latex().rstrip("\n")
    out = tmp_path / "sheet.ipynb"
    assert asked(monkeypatch, capsys, f"--sheet 3 --seed 7 --format notebook --out {out}", "")[0] == 0
    assert len(nbformat.read(out, as_version=4).cells) > 6
    assert asked(monkeypatch, capsys, "--solutions", "") == (2, "", "symcnn: --solutions goes with --sheet\n")
    assert asked(monkeypatch, capsys, "--seed x", "") == (2, "", "symcnn: --seed is a whole number, got 'x'\n")
