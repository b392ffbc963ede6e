"""The command line: ``symcnn`` and ``python -m symcnn``.

Exit codes: 0, done; 1, what was asked for is not possible (a condition is broken); 2, the question
was put wrongly. Text in values is read, never run.
"""

from .main import main as main
