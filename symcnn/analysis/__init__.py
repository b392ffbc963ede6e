"""Analysis: what formulas say of growth, from expressions to expressions and numbers."""

from .relax import Relaxed as Relaxed
from .relax import relax as relax
