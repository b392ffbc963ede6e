"""Explorer pages: a network's formulas in one HTML file, with a knob for each symbol.

``subject`` gathers what is shown, ``knobs`` the values of each symbol, ``numbers`` makes formulas data
that the page computes with, ``page`` puts the file together from ``template/``, ``explore`` is the door.
"""

from .explore import explore as explore
from .page import Page as Page
