"""Memory in closed form: weights, gradients, optimiser slots, and activations in training and in inference.

* memory: bytes, from counts of elements;
* stored: what the forward pass keeps for the backward pass;
* peak: what inference has at once; presence, largest and trend say which of many sums is the most, also
  where depths are symbols.
"""

from .memory import OPTIMIZERS as OPTIMIZERS
from .memory import Memory as Memory
from .memory import memory as memory
