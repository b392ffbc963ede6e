"""A sheet as a Jupyter notebook, in the format that nbformat calls 4.5.

Source: https://nbformat.readthedocs.io/en/latest/format_description.html
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .question import Exercise
    from .sheet import Sheet

OPENING = (
    "Run the cells from the top. Put your answer, a number or a formula as text, in the place of the dots in "
    "`quiz.check(...)`, and run the cell."
)
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def sheet_notebook(sheet: Sheet) -> str:
    """For each exercise a cell that makes it, one that checks an answer, and one that shows the steps."""
    cells = [_words(f"# {sheet.title}\n\n{OPENING}"), _code("import symcnn as sc")]
    for number, each in enumerate(sheet.exercises, 1):
        cells += [_words(f"## {number}"), _code(_made(each), shown=each), _code("quiz.check(...)")]
        if sheet.solutions:
            cells.append(_code("quiz.steps"))
    named = [{"id": f"cell-{place}", **cell} for place, cell in enumerate(cells)]
    return json.dumps(
        {"cells": named, "metadata": METADATA, "nbformat": 4, "nbformat_minor": 5}, ensure_ascii=False, indent=1
    )


def _made(exercise: Exercise) -> str:
    return f'quiz = sc.exercise("{exercise.kind}", seed={exercise.seed}, level={exercise.level})\nquiz'


def _words(text: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": _lines(text)}


def _code(text: str, shown: Exercise | None = None) -> dict[str, Any]:
    """A cell; what an exercise shows stands below it, so that a page can be read before it is run."""
    return {
        "cell_type": "code",
        "execution_count": None,
        "metadata": {},
        "outputs": [_output(shown)] if shown else [],
        "source": _lines(text),
    }


def _output(exercise: Exercise) -> dict[str, Any]:
    data = {"text/plain": _lines(repr(exercise)), "text/markdown": _lines(exercise._repr_markdown_())}
    return {"output_type": "execute_result", "execution_count": None, "metadata": {}, "data": data}


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)
