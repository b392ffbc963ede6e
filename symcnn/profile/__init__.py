"""Profiles: what a layer does to a shape, and the ledger that every total is a sum over."""

from .ledger import ADDED_UP as ADDED_UP
from .ledger import INPUT as INPUT
from .ledger import MULTIPLY_ACCUMULATE as MULTIPLY_ACCUMULATE
from .ledger import STORED as STORED
from .ledger import Leaf as Leaf
from .ledger import Part as Part
from .ledger import Range as Range
from .ledger import Ranges as Ranges
from .ledger import Row as Row
from .ledger import Sizes as Sizes
from .ledger import Use as Use
from .ledger import shared_uses as shared_uses
from .profile import QUANTITIES as QUANTITIES
from .profile import Profile as Profile
from .profile import Source as Source
from .storage import KEPT as KEPT
from .storage import Storage as Storage
