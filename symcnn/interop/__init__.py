"""Other frameworks: models come from them, go out to them, and are lifted to formulas. Each is loaded when needed.

* keras: ``from_keras``, a Keras model as a network, through the graph that Keras keeps;
* pytorch: ``from_torch``, a PyTorch module as a network, through its exported graph;
* onnx: ``from_onnx``, the graph in an ONNX file as a network;
* reading: what all that read models share;
* modules: ``to_torch``, from a network to a PyTorch module;
* lifting: ``lift``, from a model's own constructor to its closed formulas.
"""

from .keras import from_keras as from_keras
from .lifting import Evidence as Evidence
from .lifting import Lifted as Lifted
from .lifting import lift as lift
from .modules import to_torch as to_torch
from .onnx import from_onnx as from_onnx
from .pytorch import from_torch as from_torch
