"""The rules: from each of Keras's layers and operations to what it is here.

* activations, convolution, pooling, normalising, dense, attention, recurrent, steps: layers that compute;
* merging: where tensors meet; axes: what changes axes; nothing: what does something in training alone.
"""

from __future__ import annotations

from typing import Any

from ..calls import Rule
from . import activations, axes, merging, nothing, pooling
from .attention import ATTENTION
from .convolution import CONVOLUTIONS
from .dense import DENSE
from .normalising import NORMALISATIONS
from .recurrent import RECURRENT
from .steps import STEPS

LAYERS: dict[str, Rule] = {
    **activations.ACTIVATIONS,
    **ATTENTION,
    **axes.AXES,
    **CONVOLUTIONS,
    **DENSE,
    **merging.MERGING,
    **NORMALISATIONS,
    **nothing.NOTHING,
    **pooling.POOLS,
    **RECURRENT,
    **STEPS,
}
"""The rules of ``keras.layers``."""

OPERATIONS: dict[str, Rule] = {
    **activations.OPERATIONS,
    **axes.OPERATIONS,
    **merging.OPERATIONS,
    **nothing.OPERATIONS,
    **pooling.OPERATIONS,
}
"""The rules of ``keras.ops``, by the classes that stand for them in a graph."""


OWN = ("__init__", "build", "get_config", "from_config")
"""What a class that refines a layer may say for itself, and still be that layer."""


def rule_of(keras: Any, op: Any) -> Rule | None:
    """The rule of a layer or an operation; that of a layer which its class refines, unless it does otherwise."""
    if not isinstance(op, keras.Layer):
        ours = type(op).__module__.startswith(("keras.src.ops.", "keras.src.activations."))
        return OPERATIONS.get(type(op).__name__) if ours else None
    for kind in type(op).__mro__:
        rule = LAYERS.get(kind.__name__)
        if rule is not None and _published(keras, kind):
            return rule
        if any(callable(one) and name not in OWN for name, one in vars(kind).items()):
            return None
    return None


def _published(keras: Any, kind: type) -> bool:
    """Whether a class is the one that Keras has under this name; GroupQueryAttention is its class's other name."""
    return kind in (getattr(keras.layers, kind.__name__, None), getattr(keras.layers, "GroupQueryAttention", None))
