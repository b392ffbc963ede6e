"""Analysis: what formulas say of growth, from expressions to expressions and numbers.

* relax, growth: the smooth law, finite differences, elasticities, leading terms;
* invert, crossover: where a formula is a budget, or another formula;
* drivers: every size of a network and what it does;
* largest, search: the largest size, and the best configurations, within budgets;
* trend, order, regions, solving: what can be proved of a formula by its form;
* asked, limits, problem, candidates, grid: questions, checked.
"""

from .certificate import Largest as Largest
from .crossover import Crossover as Crossover
from .crossover import crossover as crossover
from .driven import Driver as Driver
from .driven import Drivers as Drivers
from .drivers import drivers as drivers
from .found import Found as Found
from .growth import elasticity as elasticity
from .growth import increment as increment
from .growth import leading_term as leading_term
from .invert import Inverse as Inverse
from .invert import invert as invert
from .largest import largest as largest
from .relax import Relaxed as Relaxed
from .relax import relax as relax
from .search import search as search
