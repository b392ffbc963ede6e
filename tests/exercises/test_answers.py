"""Exercises: right answers are those of the loop-counting reference, and every mistake is recognised."""

import itertools

import pytest
from reference_networks import outermost

import symcnn as sc
from symcnn.exercises.mistakes import MISTAKES
from symcnn.exercises.topics import KINDS, drawn

EVERY = [(kind, level) for kind, levels in KINDS.items() for level in levels]
SEEDS = range(12)


@pytest.mark.parametrize(("kind", "level"), EVERY)
def test_mistakes_differ_and_the_answer_is_the_models(kind, level):
    for seed in SEEDS:
        quiz = sc.exercise(kind, seed, level)
        assert quiz.check(quiz.answer).right
        assert quiz.check(quiz.answer).mistake is None
        values = [quiz.answer, *quiz.mistakes.values()]
        assert len(set(values)) == len(values)
        assert quiz.question == sc.exercise(kind, seed, level).question


COUNTED = ("conv1d", "conv2d", "linear", "batchnorm", "pool", "network")


@pytest.mark.parametrize(("kind", "level"), [(kind, level) for kind, level in EVERY if kind in COUNTED])
def test_answers_are_those_of_the_reference(kind, level):
    """Windows that slide one step at a time, weights and products that are counted one by one, and no formula."""
    for seed in range(10):
        quiz = sc.exercise(kind, seed, level)
        # A size that the question does not tell may be any.
        shape = tuple(int(size) if size.is_Integer else 16 for size in quiz.model.input)
        count = outermost(quiz.model.with_input(None), shape)
        found = (count.params, count.buffers, count.operations.get("multiply_accumulate"), *count.output[-1:])
        assert quiz.answer in found, quiz.question


def claims(seeds):
    """Every mistake that is reached, with its exercise."""
    for (kind, level), seed in itertools.product(EVERY, seeds):
        for claim in drawn(kind, seed, level).mistakes:
            yield (kind, seed, level), claim


def test_every_mistake_is_recognised_by_its_number():
    reached = set()
    for key, claim in claims(range(25)):
        if claim.mistake in reached:
            continue
        quiz = sc.exercise(*key)
        found = quiz.check(quiz.mistakes[claim.mistake])
        assert (found.right, found.mistake) == (False, claim.mistake), quiz.question
        assert found.said == claim.said(written=False)
        assert "{" not in found.said
        reached.add(claim.mistake)
    # These two say where the budget is missed, which is no fixed number.
    for quiz in (sc.exercise("budget", seed) for seed in range(10)):
        reached |= {quiz.check(quiz.answer + 3).mistake, quiz.check(quiz.answer - 1).mistake}
    assert set(MISTAKES) - reached == set()


def test_formulas_of_mistakes_are_diagnosed():
    """At least fifty wrong formulas, each as it is written and with other signs."""
    diagnosed = set()
    for key, claim in claims(range(6)):
        if claim.formula.free_symbols and (claim.mistake, claim.text) not in diagnosed:
            quiz = sc.exercise(*key)
            for text in (claim.text, claim.text.replace("·", "*"), claim.text.replace("·", " × ")):
                found = quiz.check(text)
                assert (found.right, found.mistake) == (False, claim.mistake), (text, quiz.question)
            diagnosed.add((claim.mistake, claim.text))
    assert len(diagnosed) >= 50


SQUARES = ["k*k", "k**2", "k^2", "k²", "k·k", "k × k", "kernel_size^2"]
CHANNELS = [("C_in", "C_out"), ("Cin", "Cout"), ("c_in", "c_out"), ("in_channels", "filters")]
SHAPES = [
    "({kk}*{i} + 1)*{o}", "{o}*(1 + {i}*{kk})", "{kk}*{i}*{o} + {o}", "{o} + {o}*{i}*{kk}", "{o}({kk} {i} + 1)",
    "({i}·{kk} + 1)·{o}", "params = {kk} × {i} × {o} + {o}", "{i}*{o}*{kk} - -{o}", "2*{o}*({kk}*{i} + 1)/2",
]  # fmt: skip
SPELLINGS = [shape.format(kk=kk, i=i, o=o) for shape, kk, (i, o) in itertools.product(SHAPES, SQUARES, CHANNELS)]


def test_two_hundred_spellings_of_the_same_formula():
    quiz = sc.exercise("conv2d", seed=1, level=1)
    assert len(set(SPELLINGS)) >= 200
    wrong = [text for text in SPELLINGS if not quiz.check(text).right]
    assert wrong == []


@pytest.mark.parametrize("answer", [990, 990.0, "990", " 990 ", "7*7*2*10 + 10", "(7·7·2 + 1)·10", "1e3 - 10"])
def test_numbers_in_many_forms(answer):
    assert sc.exercise("conv2d", seed=1, level=1).check(answer).right


def test_a_formula_must_hold_in_general():
    found = sc.exercise("conv2d", seed=1, level=1).check("49*C_in*C_out + C_out")
    assert found.right
    found = sc.exercise("conv2d", seed=1, level=1).check("990*C_in/2")
    assert not found.right
    assert found.said.startswith("that gives 990 here, but not in general: with C_in = ")


def test_what_is_said():
    quiz = sc.exercise("conv2d", seed=1, level=1)
    assert str(quiz.check(980)) == "wrong: the bias is missing: 980 = 7·7·2·10; each filter adds one"
    assert str(quiz.check("k*k*C_in*C_out")) == "wrong: the bias is missing: k·k·C_in·C_out; each filter adds one"
    assert str(quiz.check(990)) == "right: 990 = (7·7·2 + 1)·10"
    assert str(quiz.check(5)) == (
        "wrong: not 5. Asked is the number of parameters. Hint: start with one filter: its weights are k·k·C_in, "
        "and it has a bias."
    )
    assert str(quiz.check(...)) == "wrong: no answer yet; put a number or a formula in the place of the dots"
