"""Exercises that recognise mistakes: questions drawn from a seed, and what to say of wrong answers.

``exercise`` makes one, ``exercise.sheet`` several. A kind of exercise (``kinds/``) draws a layer or a
network, with its sizes as symbols, and says which mistakes can be made in it; the answer is what the
layer's profile counts. Each mistake is a formula, so that a number and a student's own formula are
judged alike, and a sentence (``mistakes``). Numbers are drawn until all wrong answers differ.

>>> from symcnn.exercises import exercise
>>> exercise("linear", seed=7).check("F_in·F_out").mistake
'dense bias forgotten'
"""

from .checked import Checked as Checked
from .making import Exercises as Exercises
from .making import exercise as exercise
from .question import Exercise as Exercise
from .sheet import SHEET_FORMATS as SHEET_FORMATS
from .sheet import Sheet as Sheet
