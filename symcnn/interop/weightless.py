"""How models without numbers are made and run."""

from __future__ import annotations

from typing import Any

import torch
from torch.overrides import TorchFunctionMode

FILLED = {torch.empty, torch.empty_strided, torch.normal, torch.rand, torch.randn}
"""What large weights are made by; zeros and ones are small, and often meet numbers that were counted out."""


class Weightless(TorchFunctionMode):
    """For constructors that read what they make, such as rates from ``torch.linspace``.

    Tensors that are filled have no numbers; those that are counted out or listed have theirs.
    """

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        """Call a function of PyTorch, without memory where it makes a weight."""
        kwargs = dict(kwargs or {})
        if func in FILLED and kwargs.get("device") is None:
            kwargs["device"] = "meta"
        return func(*args, **kwargs)


class Unnormed(TorchFunctionMode):
    """Batch norm passes on its input: it keeps the shape and has no MACs, and takes two thirds of the time."""

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        """Call a function of PyTorch, but for batch norm."""
        kwargs = kwargs or {}
        if func is torch.nn.functional.batch_norm:
            return args[0] if args else kwargs["input"]
        return func(*args, **kwargs)
