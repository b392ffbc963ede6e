"""Pictures of formulas: the only part of the package that imports Matplotlib.

``curves`` draws expressions over one symbol, ``contours`` lines of equal value over two. ``shares``
shows which layers have most of the parameters or MACs while a size grows, and ``layers`` what each
layer has. Each returns the Axes; ``curve_data``, ``contour_data``, ``share_data`` and ``layer_data``
give the same numbers, exact, with no drawing. ``save`` writes a picture to a file.

Nothing global is changed: no style, no setting, no ``show()``. What a call draws it puts into the
Axes it was given, or into a new pyplot figure, which a notebook shows by itself.

>>> import symcnn as sc
>>> w, H, W = sc.dims("w H W")
>>> net = sc.Sequential(sc.Conv2d(w, 3), sc.Conv2d(2 * w, 3), input=(3, H, W))
>>> ax = sc.plots.curves(net.params, over={w: range(8, 513, 8)}, quantity="params", ax=sc.plots.new_axes())
>>> ax.get_xlabel(), ax.get_ylabel()
('$w$', 'parameters')
"""

from .bars import layers as layers
from .contour import contours as contours
from .data import Curve as Curve
from .data import curve_data as curve_data
from .drawing import curves as curves
from .files import check_ending as check_ending
from .files import new_axes as new_axes
from .files import save as save
from .grid import Grid as Grid
from .grid import contour_data as contour_data
from .per_layer import LayerCounts as LayerCounts
from .per_layer import layer_data as layer_data
from .portions import Share as Share
from .portions import share_data as share_data
from .sensitive import sensitivity as sensitivity
from .stacked import shares as shares
from .tornado import Sensitivity as Sensitivity
from .tornado import sensitivity_data as sensitivity_data
