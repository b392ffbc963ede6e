"""A network as PyTorch modules.

* making: ``to_torch``, and why PyTorch must be there;
* trials: which sizes must be numbers, and sizes to try a network at whose input's are open;
* building: from a profile to a module, layer by layer;
* kinds: what each kind of layer is in PyTorch, and modules for what PyTorch has not;
* owned: what may be overwritten;
* checking: the counts and shapes of the module against those of the formulas.

All but the first two import PyTorch, and are imported when it is there.
"""

from .making import to_torch as to_torch
