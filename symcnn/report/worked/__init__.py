"""Worked steps: a formula, the numbers put in, and each step to the result."""

from .explain import explained as explained
from .page import Derivation as Derivation
from .steps import Steps as Steps
