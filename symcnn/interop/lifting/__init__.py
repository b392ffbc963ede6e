"""From a model's own constructor to its closed formulas.

* variables: what is varied, over which values, and which others are good to check by;
* building: the constructor called at a point, and the tensors of what it makes, without their numbers;
* polynomials: exact polynomials through exact values;
* patterns: tensors whose names differ in a number alone;
* laws, fitting: from tensors at sample points to laws that say every tensor at every point;
* certifying: the laws at points that were held back, and the lattice on which they hold;
* macs: multiply-accumulates, counted at several image sizes;
* lifted, evidence: what ``lift`` answers.
"""

from .evidence import Evidence as Evidence
from .lift import lift as lift
from .lifted import Lifted as Lifted
