"""Networks: layers made of layers."""

from .sequential import Sequential as Sequential
