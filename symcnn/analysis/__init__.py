"""Analysis: what formulas say of growth and of budgets.

* asked, compiled, common: a question's formula, symbol and values, checked, and what is worked out once;
* proofs: what can be told of a formula by its form, ``relax`` among it;
* growth: ``increment``, ``elasticity``, ``leading_term``;
* budget: ``largest`` and ``search``, with their certificates;
* invert, crossover: where a formula is a budget, or another formula;
* driving: ``drivers``, every size of a network and what it does.
"""

from .budget.certificate import Largest as Largest
from .budget.found import Found as Found
from .budget.largest import largest as largest
from .budget.search import search as search
from .crossover import Crossover as Crossover
from .crossover import crossover as crossover
from .driving.driven import Driver as Driver
from .driving.driven import Drivers as Drivers
from .driving.drivers import drivers as drivers
from .growth import elasticity as elasticity
from .growth import increment as increment
from .growth import leading_term as leading_term
from .invert import Inverse as Inverse
from .invert import invert as invert
from .proofs.relax import Relaxed as Relaxed
from .proofs.relax import relax as relax
