"""ONNX files as networks.

* from_onnx: the door;
* files: the model in a file, and what is no model; tensors: small constants, read where they are needed;
* inputs: the input's sizes as symbols;
* weights: which initialisers are trained, stored or neither;
* graphs: the nodes in order; scopes: where they stand;
* numbers: constants whose elements are known, sizes among them; arithmetic, places: what comes of them;
* calls, tracing: every node, by the table of rules in operators.
"""

from .from_onnx import from_onnx as from_onnx
