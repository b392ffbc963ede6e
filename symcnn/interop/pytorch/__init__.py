"""PyTorch's modules as networks, through ``torch.export``.

* from_torch: the door;
* exported: what the tracing says, its sizes open; watching: which module it is in; guards: what it took to hold;
* usual: the sizes that a module is likely for;
* torch_sizes: PyTorch's symbolic sizes as ours;
* aten: the table of rules from operator to layer; tracing: every operator of a
  program, by the table; nodes: what a program's nodes say of themselves.
"""

from .from_torch import from_torch as from_torch
