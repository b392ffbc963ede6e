"""Exercises: the answers are what symcnn and a count by loops give, and all wrong answers differ."""

from dataclasses import replace
from functools import cache
from hashlib import sha256

import pytest
from reference import receptive_field
from reference_networks import outermost

import symcnn as sc
from symcnn.exercises.draw import Draw
from symcnn.exercises.mistakes import MISTAKES
from symcnn.exercises.topics import KINDS, TOPICS

SEEDS = range(14)
PAIRS = [(kind, level) for kind, levels in KINDS.items() for level in levels]
CONVOLUTIONS = (sc.Conv1d, sc.Conv2d, sc.Conv3d, sc.ConvTranspose2d)
FEW = 150_000
"""Up to how many multiplications are counted one by one."""


@cache
def drawn(topic, level, seed):
    """A problem of one topic."""
    draw = Draw("test", TOPICS.index(topic), level, seed)
    while True:
        problem = topic.make(draw, level)
        if problem.tells_mistakes_apart():
            return problem


def asked(problem):
    """What is asked, by the words for it: a function of a profile or of a count by loops."""
    return next(quantity for words, quantity in QUANTITIES.items() if words in problem.asked)


QUANTITIES = {
    "number of parameters": "params",
    "without being trained": "buffers",
    "(MACs)": "macs",
    "height of the output": "size",
    "length of the output": "size",
    "features behind the Flatten": "features",
    "receptive field": "field",
    "largest w": "budget",
    "number of the change": "change",
}
ROWS = [(topic, level) for topic in TOPICS for level in topic.levels]


@pytest.mark.parametrize(("topic", "level"), ROWS, ids=lambda value: "-".join(value.names) if value in TOPICS else "")
def test_answers_are_what_symcnn_counts(topic, level):
    for seed in SEEDS:
        problem = drawn(topic, level, seed)
        assert problem.right.value == problem.number, problem.question
        model = problem.model()
        counted = {
            "params": lambda p: p.params,
            "buffers": lambda p: p.buffers,
            "macs": lambda p: p.macs,
            "size": lambda p: p.output[1],
            "features": lambda p: p.output[0],
            "field": lambda p: p.receptive_field[0],
        }.get(asked(problem))
        if counted:
            assert counted(model.profile) == problem.number, problem.question


@pytest.mark.parametrize(("topic", "level"), ROWS, ids=lambda value: "-".join(value.names) if value in TOPICS else "")
def test_answers_are_what_loops_count(topic, level):
    """The sizes that do not matter are made small, so that loops come to an end."""
    tried = 0
    for seed in SEEDS:
        problem = drawn(topic, level, seed)
        quantity, model = asked(problem), problem.model()
        if quantity in ("budget", "change"):
            return
        shape = model.profile.input
        if quantity == "size":
            model, shape = narrow(model), (1, *shape[1:])
        elif quantity == "params" and isinstance(model, CONVOLUTIONS):
            extent = 4 if isinstance(model, sc.ConvTranspose2d) else model.profile.windows[0].extent
            shape = (shape[0], *(extent for _ in shape[1:]))
        elif quantity == "field":
            model = sc.Sequential(*(narrow(layer) for layer in model))
            shape = (1, *shape[1:])
        if model.on(shape).macs > FEW:
            continue
        assert counted_by_loops(model, tuple(map(int, shape)), quantity) == problem.number, problem.question
        tried += 1
        if tried == 4:
            break
    assert tried >= 1 or quantity == "macs"


def narrow(layer):
    """A layer with one channel."""
    return replace(layer, out_channels=1) if hasattr(layer, "out_channels") else layer


def counted_by_loops(model, shape, quantity):
    count = outermost(model, shape)
    if quantity == "field":
        return receptive_field(count, shape)[0]
    if quantity in ("size", "features"):
        return count.output[1 if quantity == "size" else 0]
    return getattr(count, quantity)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_largest_width_is_the_largest(seed):
    quiz = sc.exercise("budget", seed)
    budget = int(quiz.question.split("at most ")[1].split(" parameters")[0].replace(",", ""))
    widths = [layer.out_channels for layer in quiz.model if isinstance(layer, sc.Conv2d)]
    k = quiz.model[0].kernel_size
    wider = [sc.Conv2d(width // quiz.answer * (quiz.answer + 1), k) for width in widths]
    more = sc.Sequential(*wider, *quiz.model[2:], input=quiz.model.profile.input)
    assert widths[0] == quiz.answer
    assert quiz.model.params <= budget < more.params


@pytest.mark.parametrize("seed", SEEDS)
def test_the_change_that_matters_most(seed):
    quiz = sc.exercise("factors", seed)
    options = quiz.steps.derivations
    assert [int(option.lines[0].size) for option in options].index(int(quiz.model.params)) + 1 == quiz.answer
    assert max(option.lines[0].size for option in options) == quiz.model.params


# Mistakes.


@pytest.mark.parametrize(("kind", "level"), PAIRS)
def test_wrong_answers_differ_and_are_recognised(kind, level):
    for seed in SEEDS:
        quiz = sc.exercise(kind, seed, level)
        assert quiz.check(quiz.answer).right
        assert quiz.check(str(quiz.answer)).right
        claims = quiz._problem.mistakes
        values = {claim.value for claim in claims}
        assert len(values | {quiz.answer}) == len(claims) + 1
        for claim in claims:
            checked = quiz.check(claim.value)
            assert (checked.right, checked.mistake) == (False, claim.mistake)
            assert checked.said.startswith(MISTAKES[claim.mistake][0] + ": ")


@pytest.mark.parametrize(("kind", "level"), PAIRS)
def test_mistakes_are_recognised_as_formulas(kind, level):
    for seed in SEEDS[:4]:
        quiz = sc.exercise(kind, seed, level)
        assert quiz.check(quiz._problem.right.text).right
        for claim in quiz._problem.mistakes:
            checked = quiz.check(claim.text)
            assert (checked.right, checked.mistake) == (False, claim.mistake)


def test_every_mistake_is_made():
    """By the tests above; those of the budget come of any width."""
    made = {claim.mistake for topic, level in ROWS for seed in SEEDS for claim in drawn(topic, level, seed).mistakes}
    assert made | {"over the budget", "not the largest"} == set(MISTAKES)


def test_a_width_that_is_not_the_largest():
    quiz = sc.exercise("budget", seed=1)
    over, under = quiz.check(quiz.answer + 20), quiz.check(quiz.answer - 1)
    assert (over.mistake, under.mistake) == ("over the budget", "not the largest")


# What stays as it is.


def test_steps_end_with_the_answer():
    for kind, level in PAIRS:
        if kind in ("budget", "factors"):
            continue
        for seed in SEEDS[:3]:
            quiz = sc.exercise(kind, seed, level)
            assert str(quiz.answer) in str(quiz.steps).replace(",", ""), quiz.question


def test_the_same_seed_gives_the_same_exercise():
    one, again = sc.exercise("conv2d", 7, 2), sc.exercise("conv2d", 7, 2)
    assert one == again
    assert (one.question, one.answer) == (again.question, again.answer)
    assert one.question != sc.exercise("conv2d", 8, 2).question


def test_seeds_mean_the_same_for_ever():
    """All questions and answers of some seeds; a change here is a change of every sheet that a teacher has kept."""
    text = "\n".join(
        f"{kind} {level} {seed} {quiz.answer} {quiz.question}"
        for kind, level in PAIRS
        for seed in (0, 1, 7)
        for quiz in [sc.exercise(kind, seed, level)]
    )
    assert sha256(text.encode()).hexdigest()[:16] == "9dcc0c575922d706"


def test_draws_are_pythons_own_random_numbers():
    draw = Draw("a", 1)
    assert [draw.whole(1, 100) for _ in range(6)] == [31, 17, 42, 14, 96, 16]
    assert sorted(draw.shuffled("abc")) == ["a", "b", "c"]


def test_an_exercise_tells_of_itself():
    quiz = sc.exercise("conv2d", seed=7, level=2)
    assert str(quiz) == quiz.question
    assert quiz.sizes == {"k": 7, "C_in": 12, "C_out": 4, "s": 3, "p": 2, "H": 32}
    assert quiz.asks_for == "Answer with a number, or with a formula in k, C_in, C_out, s, p, H."
    assert sc.exercise("network", seed=7).asks_for == "Answer with a number."
    assert str(quiz.formula) == "C_out*(C_in*k**2 + 1)"
    assert quiz.mistakes["bias forgotten"] == 2352
    assert quiz.model == sc.Conv2d(4, 7, stride=3, padding=2, input=(12, 32, 32))
    assert quiz.question in quiz._repr_html_()
    assert "7×7" in quiz._repr_markdown_()
