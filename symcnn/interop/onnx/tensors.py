"""Small constants of a file, read where their elements are needed. Of all others the sizes are enough."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np

from ...errors import SymcnnError
from ..frameworks import framework
from .numbers import Numbers, numbered

SMALL = 1024
"""As many elements as constants have that say sizes; of larger ones none are read."""

EXTERNAL = 1
"""How a tensor says that its data is in another file."""

WHOLE = {2, 3, 4, 5, 6, 7, 12, 13}
"""The types that are whole numbers, as ``TensorProto.DataType`` has them."""
BOOL = 9
FLOATING = {1, 10, 11, 16, 17, 18, 19, 20, 23}
"""The types that are floating-point numbers."""


def sizes_of(tensor: Any) -> tuple[int, ...]:
    """A tensor's sizes, as the file states them.

    Raises:
        SymcnnError: a size below 0.
    """
    sizes = tuple(int(size) for size in tensor.dims)
    if any(size < 0 for size in sizes):
        raise SymcnnError(f"the tensor {tensor.name!r} must have sizes of at least 0, got {sizes}")
    return sizes


def elements_of(tensor: Any, folder: Path | None) -> Numbers | None:
    """The elements of a small tensor of numbers; None for others.

    Raises:
        SymcnnError: its data is not what its sizes say, or in a file that is not to be read.
    """
    sizes = sizes_of(tensor)
    kind = tensor.data_type
    if math.prod(sizes) > SMALL or kind not in (*WHOLE, *FLOATING, BOOL):
        return None
    if tensor.data_location == EXTERNAL:
        tensor = _filled(tensor, sizes, folder)
    try:
        helper = framework("onnx", "from_onnx").numpy_helper
        array = np.asarray(helper.to_array(tensor))
    except Exception as error:  # The package checks nothing beforehand; what it stumbles over differs.
        raise SymcnnError(f"the data of the tensor {tensor.name!r} is not what its sizes say, {sizes}") from error
    if array.shape != sizes:
        raise SymcnnError(f"the data of the tensor {tensor.name!r} is not what its sizes say, {sizes}")
    return numbered(array, "truth" if kind == BOOL else "whole" if kind in WHOLE else "real")


def _filled(tensor: Any, sizes: tuple[int, ...], folder: Path | None) -> Any:
    """The tensor with its data from the file beside the model's."""
    told = {entry.key: entry.value for entry in tensor.external_data}
    path = _beside(tensor.name, told.get("location", ""), folder)
    try:
        offset, length = int(told.get("offset") or 0), int(told.get("length") or -1)
        size = path.stat().st_size
    except (OSError, ValueError) as error:
        raise _unread(tensor.name, told.get("location", ""), "it is not there or not where it should be") from error
    length = size - offset if length < 0 else length
    if offset < 0 or length > 16 * max(math.prod(sizes), 1) or offset + length > size:
        raise _unread(tensor.name, told.get("location", ""), "it has not the bytes that it should have")
    with path.open("rb") as file:
        file.seek(offset)
        data = file.read(length)
    filled = type(tensor)()
    filled.name, filled.data_type, filled.raw_data = tensor.name, tensor.data_type, data
    filled.dims.extend(sizes)
    return filled


def _beside(name: str, location: str, folder: Path | None) -> Path:
    """The path of a file beside the model's: what a file says may be anything, and no other is opened."""
    if folder is None:
        raise _unread(name, location, "the model was given without its folder; give its path")
    root = folder.resolve()
    try:
        path = (root / location).resolve()
    except (OSError, ValueError) as error:
        raise _unread(name, location, "that is no path") from error
    if not location or Path(location).is_absolute() or not path.is_relative_to(root) or not path.is_file():
        raise _unread(name, location, f"that is no file in {folder}")
    return path


def _unread(name: str, location: str, why: str) -> SymcnnError:
    return SymcnnError(f"the tensor {name!r} is needed for a size and is in another file, {location!r}: {why}")
