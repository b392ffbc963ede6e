"""Other frameworks: a network goes out to them as a model. Each is imported when it is called for."""

from .modules import to_torch as to_torch
