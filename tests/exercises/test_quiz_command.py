"""``symcnn quiz``: asks in the terminal, or writes sheets."""

import io
import json

import pytest

import symcnn as sc
from symcnn.cli import main


@pytest.fixture
def run(capsys, monkeypatch):
    """Run a command with lines typed: its exit code, what it printed, and its complaint."""

    def command(line, typed=""):
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        code = main(line.split())
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return command


QUIZ = "quiz --kind conv2d --seed 7 --level 1 --count 2"
FIRST, SECOND = sc.exercise.sheet(2, seed=7, level=1, kind="conv2d").exercises


def plain(text):
    """A text without its line breaks."""
    return " ".join(text.split())


def test_right_answers_are_counted(run):
    code, out, err = run(QUIZ, f"{FIRST.answer}\nk*k*C_in*C_out + C_out\n")
    assert (code, err) == (0, "")
    assert plain(out).startswith("Answer with a number, or with a formula such as k*k*C_in; an empty line shows the")
    assert "(seed 7)" in out
    assert FIRST.question in plain(out)
    assert f"2. {SECOND.question}" in plain(out)
    assert out.count("right: ") == 2
    assert out.endswith("\n2 of 2 right\n")


def test_mistakes_are_told_and_one_may_try_again(run):
    wrong = FIRST.mistakes["bias forgotten"]
    _, out, _ = run(QUIZ, f"{wrong}\nk*\n{FIRST.answer}\n")
    assert f"wrong: the bias is missing: {wrong:,}".replace(",", "") in plain(out).replace(",", "")
    assert "an answer is a number or a formula; cannot read 'k *' as a formula" in plain(out)
    assert out.endswith("\n0 of 1 right\n")


def test_an_empty_line_shows_the_solution(run):
    _, out, _ = run(QUIZ, "\nq\n")
    assert f"{FIRST.answer}\n\n{FIRST.steps}" in out
    assert out.endswith("\n0 of 1 right\n")


@pytest.mark.parametrize("typed", ["", "q\n", "quit\n"])
def test_it_ends(run, typed):
    code, out, _ = run(QUIZ, typed)
    assert (code, out.endswith("\n0 of 0 right\n")) == (0, True)


def test_sheets(run, tmp_path):
    assert run("quiz --sheet 3 --seed 7 --format latex")[1].startswith(r"\documentclass")
    assert len(json.loads(run("quiz --sheet 3 --seed 7 --format notebook")[1])["cells"]) == 11
    assert "Solutions" in run("quiz --sheet 3 --seed 7 --level 2 --solutions")[1]
    path = tmp_path / "sheet.md"
    assert run(f"quiz --sheet 3 --seed 7 --format markdown --out {path}")[:2] == (0, "")
    assert path.read_text() == sc.exercise.sheet(3, seed=7).to_markdown() + "\n"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("quiz --solutions", "--solutions goes with --sheet"),
        ("quiz --out x.md", "--out goes with --sheet"),
        ("quiz --format latex", "--format goes with --sheet"),
        ("quiz --sheet many", "--sheet is a whole number, got 'many'"),
        ("quiz --sheet 0", "a sheet has from 1 to 200 exercises, got 0"),
        ("quiz --count 0", "a sheet has from 1 to 200 exercises, got 0"),
        ("quiz --seed 1.5", "--seed is a whole number, got '1.5'"),
        ("quiz --level 9", "exercises have levels 1 to 5, got 9"),
        ("quiz --kind budget --level 1", "exercises of kind 'budget' have level 4, got 1"),
        ("quiz --sheet 2 --out /none/such.md", "cannot write /none/such.md: No such file or directory"),
    ],
)
def test_what_is_refused(run, line, message):
    assert run(line) == (2, "", f"symcnn: {message}\n")
