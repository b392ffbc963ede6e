"""Where a layer's output lies in memory, and what of the forward pass the backward pass needs.

Both are PyTorch's: a view shares the memory of what it looks at, and each function of autograd keeps some
of its tensors (``derivatives.yaml`` in PyTorch's sources names them). A layer states them in its
profile: ``storage`` says where its output lies, and ``keeps`` names, by kind, what it keeps.
"""

from __future__ import annotations

from enum import Enum

KEPT = ("input", "contiguous", "output", "tensor", "index", "mask", "statistic", "batch_statistic")
"""The kinds of what is kept for the backward pass:

* ``input`` and ``output`` are the tensors that go in and come out, whoever else keeps them;
* ``contiguous`` is the input, or a copy of it where its elements do not lie one behind the other;
* ``tensor`` is another tensor, of the layer's own, as wide as activations are;
* ``index`` is one of whole numbers, such as where the largest element of each window is;
* ``mask`` is one of bits that each take a byte, such as which elements are left out;
* ``statistic`` is one of means or deviations, and ``batch_statistic`` one that a batch has once.
"""


class Storage(Enum):
    """Where a layer's output lies."""

    NEW = "a tensor of its own"
    IN_PLACE = "in the place of the input, which is overwritten"
    IN_TRAINING = "the input itself, but in training a tensor of its own"
    VIEW = "the memory of the input"
    SLICED = "a part of each input's memory"
    STRIDED = "the memory of the input in another order"
    RESHAPED = "the memory of the input, but behind another order a copy"
