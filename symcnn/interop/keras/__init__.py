"""Keras's models as networks, through the graph that Keras itself keeps of them.

* from_keras: the door;
* inputs: what goes in, in Keras's order of axes, and the sizes at which Keras is asked as well;
* weights: what is trained and what is stored beside it;
* tensors: values whose axes stand in another order than Keras has them;
* calls: one call of a layer or an operation;
* opening: what a layer of someone's own does, where it can be called on tensors without numbers;
* rules: the table from Keras's layers and operations to ours; tracing: every call of a model, by the table.
"""

from .from_keras import from_keras as from_keras
