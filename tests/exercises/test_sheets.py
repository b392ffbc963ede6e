"""Sheets of exercises: their formats, what is written, and what is refused."""

import csv
import json
import re
import shutil
import subprocess

import nbformat
import pytest
from refusing import assert_refused

import symcnn as sc
from symcnn.errors import SizeError, UnknownNameError
from symcnn.exercises import SHEET_FORMATS

SHEET = sc.exercise.sheet(10, seed=7, solutions=True)
PLAIN = sc.exercise.sheet(4, seed=7, level=2)
SIGNS = r"\W|ensuremath|times|cdot"
"""What is not the same in all formats."""


def test_a_sheet_goes_from_easy_to_hard():
    levels = [each.level for each in SHEET.exercises]
    assert levels == sorted(levels)
    assert set(levels) == {1, 2, 3, 4, 5}
    assert {each.level for each in PLAIN.exercises} == {2}
    assert len({each.question for each in SHEET.exercises}) == 10


def test_a_sheet_is_the_same_again():
    assert sc.exercise.sheet(10, seed=7, solutions=True) == SHEET
    assert sc.exercise.sheet(10, seed=8, solutions=True) != SHEET


def test_every_exercise_of_a_sheet_can_be_made_alone():
    for each in SHEET.exercises:
        assert sc.exercise(each.kind, each.seed, each.level).question == each.question


@pytest.mark.parametrize("name", SHEET_FORMATS)
def test_every_format_has_all_questions_and_hides_answers(name):
    """Up to signs and line breaks, which differ."""
    for sheet in (SHEET, PLAIN):
        text = re.sub(SIGNS, "", sheet.format(name).encode().decode())
        for each in sheet.exercises:
            assert re.sub(SIGNS, "", each.question)[:60] in text
    assert "olutions" not in PLAIN.format(name)


def test_text_fits_its_width():
    assert max(map(len, SHEET.to_text(60).splitlines())) <= 60


def test_data():
    rows = list(csv.DictReader(SHEET.to_csv().splitlines()))
    found = json.loads(SHEET.to_json())
    assert found["seed"] == 7
    assert [int(row["answer"]) for row in rows] == [each.answer for each in SHEET.exercises]
    assert [row["question"] for row in found["exercises"]] == [each.question for each in SHEET.exercises]
    assert "answer" not in json.loads(PLAIN.to_json())["exercises"][0]


def test_latex_is_plain():
    """Nothing but ASCII, and what is opened is closed."""
    text = SHEET.to_latex()
    assert text.isascii()
    assert text.count("{") - text.count(r"\{") == text.count("}") - text.count(r"\}")
    assert re.findall(r"\\begin\{(\w+\*?)\}", text).count("enumerate") == 2
    assert sorted(re.findall(r"\\begin\{(\w+)\}", text)) == sorted(re.findall(r"\\end\{(\w+)\}", text))


@pytest.mark.skipif(not shutil.which("pdflatex"), reason="LaTeX is not installed")
def test_latex_compiles(tmp_path):
    path = SHEET.save(tmp_path / "sheet.tex")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", path.name]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)


def test_the_notebook_is_one_and_runs():
    notebook = nbformat.reads(SHEET.to_notebook(), as_version=4)
    nbformat.validate(notebook)
    code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    assert code[0] == "import symcnn as sc"
    assert code.count("quiz.check(...)") == code.count("quiz.steps") == 10
    names = {}
    for source in code:
        exec(source, names)
    shown = [cell.outputs[0].data["text/plain"] for cell in notebook.cells if cell.get("outputs")]
    assert shown == [each.question for each in SHEET.exercises]


@pytest.mark.parametrize("ending", ["txt", "md", "tex", "html", "json", "csv", "ipynb"])
def test_sheets_are_saved(ending, tmp_path):
    path = PLAIN.save(tmp_path / f"sheet.{ending}")
    assert PLAIN.exercises[0].question[:12] in path.read_text(encoding="utf-8")


def test_what_is_no_sheet(tmp_path):
    refused = [
        (lambda: sc.exercise.sheet(0), SizeError, "a sheet has from 1 to 200 exercises, got 0"),
        (lambda: sc.exercise.sheet("ten"), SizeError, "a sheet has from 1 to 200 exercises, got 'ten'"),
        (lambda: sc.exercise.sheet(3, level=7), SizeError, "exercises have levels 1 to 5, got 7"),
        (
            lambda: sc.exercise.sheet(3, level=4, kind="pool"),
            SizeError,
            "exercises of kind 'pool' have levels 1 and 2, got 4",
        ),
        (
            lambda: SHEET.format("latx"),
            UnknownNameError,
            "no format is named 'latx'; did you mean 'latex'? "
            "Known: text, markdown, latex, html, json, csv, notebook",
        ),
        (
            lambda: SHEET.save("sheet.pdf"),
            UnknownNameError,
            "a sheet's file name ends in .txt .md .tex .html .json .csv .ipynb, got 'sheet.pdf'",
        ),
        (
            lambda: SHEET.save(tmp_path / "none" / "sheet.md"),
            SizeError,
            f"cannot write {tmp_path / 'none' / 'sheet.md'}: No such file or directory",
        ),
        (
            lambda: sc.exercise.sheet(150, seed=1, kind="linear", level=1),
            SizeError,
            "there are only 132 different exercises of this kind, and 150 are wanted",
        ),
    ]  # fmt: skip
    for ask, kind, message in refused:
        assert_refused(ask, kind, message)
