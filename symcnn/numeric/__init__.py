"""Formulas as numbers: exact values, and functions that are fast on single points and on arrays.

``forms`` reads SymPy's expressions, ``graph`` factors them, ``source`` writes Python for single
points, ``arrays`` runs whole arrays in blocks, ``guard`` checks values, ``function`` is the face.
"""

from .function import CompiledFunction as CompiledFunction
from .function import as_function as as_function
from .function import evaluate as evaluate
