"""Sizes: symbols, exact integer division, conditions, and the one door they come in by."""

from .compare import larger as larger
from .conditions import Condition as Condition
from .conditions import Conditions as Conditions
from .conditions import at_least as at_least
from .conditions import check_conditions as check_conditions
from .conditions import divides as divides
from .conditions import recheck as recheck
from .conditions import reduced as reduced
from .conditions import same as same
from .conditions import size_conditions as size_conditions
from .conditions import surely_at_least as surely_at_least
from .door import Size as Size
from .door import as_size as as_size
from .door import canonical as canonical
from .door import free_symbols as free_symbols
from .door import whole_number as whole_number
from .floordiv import FloorDiv as FloorDiv
from .floordiv import ceil_div as ceil_div
from .floordiv import shifted as shifted
from .symbols import dims as dims
from .symbols import textbook_symbol as textbook_symbol
from .values import as_value as as_value
from .values import require_all as require_all
from .values import resolve as resolve
