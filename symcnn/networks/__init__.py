"""Networks: layers made of layers."""

from .blocks import SeparableConv1d as SeparableConv1d
from .blocks import SeparableConv2d as SeparableConv2d
from .blocks import SeparableConv3d as SeparableConv3d
from .blocks import SqueezeExcitation as SqueezeExcitation
from .graph import Graph as Graph
from .join import Join as Join
from .network import Network as Network
from .parallel import Parallel as Parallel
from .parallel import Residual as Residual
from .repeat import Repeat as Repeat
from .sequential import Sequential as Sequential
from .shared import Shared as Shared
