"""Models of other frameworks: read, written, and lifted to formulas; a framework is loaded when it is needed.

* lifting: ``lift``, from a model's own constructor to its closed formulas.
"""

from .lifting import Evidence as Evidence
from .lifting import Lifted as Lifted
from .lifting import lift as lift
