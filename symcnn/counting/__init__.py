"""Counting conventions: what the usual tools count of a network, and why their figures differ.

A convention is data: weights over amounts of each kind of layer.

* kinds, amounts: what a layer is to those who count, and what of it can be counted;
* rules, tools: what a convention is, and the ones there are;
* published: how torchvision's code calls what is no module;
* terms, figure: what a network does, and what a convention makes of it;
* remarks, bottleneck, tables, page: all figures side by side, and what is to be said of them.
"""

from .figure import count as count
from .page import Reconciliation as Reconciliation
from .rules import Convention as Convention
from .tables import reconcile as reconcile
from .tools import convention as convention
from .tools import conventions as conventions
