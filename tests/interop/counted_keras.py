"""What Keras and PyTorch's counter say of a Keras model, and the model as it is read."""

from __future__ import annotations

import math
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

os.environ.setdefault("KERAS_BACKEND", "torch")
torch = pytest.importorskip("torch", reason="PyTorch is not installed")
keras = pytest.importorskip("keras", reason="Keras is not installed")
from counted import again  # noqa: E402
from keras import layers as kl  # noqa: E402
from torch.nn.attention import SDPBackend, sdpa_kernel  # noqa: E402
from torch.utils.flop_counter import FlopCounterMode  # noqa: E402

import symcnn as sc  # noqa: E402

if keras.backend.backend() != "torch":
    pytest.skip("Keras runs on another backend, whose products nothing counts", allow_module_level=True)

SIZES = ({"H": 64, "W": 32}, {"H": 35, "W": 50})


@contextmanager
def axes(data_format: str) -> Iterator[None]:
    """Layers that are made meanwhile have this data format."""
    before = keras.config.image_data_format()
    keras.config.set_image_data_format(data_format)
    try:
        yield
    finally:
        keras.config.set_image_data_format(before)


def row(shape: Any, *layers: Any) -> Any:
    """A sequential model."""
    return keras.Sequential([keras.Input(shape), *layers])


def net_of(model: Any, input: Any = None) -> Any:
    """The network of a model, whose weights and buffers are those that Keras counts."""
    net = sc.from_keras(model, input=input)
    trained = sum(math.prod(one.shape) for one in model.trainable_weights)
    assert (net.params, net.params + net.buffers) == (trained, model.count_params())
    return net


def read(model: Any, input: Any = None, sizes: Any = SIZES, known: bool = True) -> Any:
    """A model's network, which agrees with Keras at several sizes and is the same when its code is run."""
    net = net_of(model, input)
    names = {str(symbol) for symbol in net.symbols}
    assert again(net) == net
    assert bool(net.profile.uncounted) is not known
    shape = model.inputs[0].shape[1:]
    for values in sizes if names else ({},):
        there = net.at({name: value for name, value in values.items() if name in names})
        macs, output = counted(model, shape, values)
        assert (there.macs == macs) if known else (there.macs <= macs)
        assert tuple(there.output) in (output, (*output[-1:], *output[:-1]))
    return net


def counted(model: Any, shape: Any, values: dict[str, int]) -> tuple[int, tuple[int, ...]]:
    """What PyTorch counts when the model is run, and the shape that comes out."""
    free = iter(list(values.values())[-sum(size is None for size in shape) :])
    sizes = [next(free) if size is None else size for size in shape]
    whole = model.inputs[0].dtype.startswith("int")
    x = torch.zeros(1, *sizes, dtype=torch.int32 if whole else torch.float32)
    plainly = sdpa_kernel(SDPBackend.MATH)  # the products of attention are seen one by one
    with warnings.catch_warnings(), torch.no_grad(), plainly, FlopCounterMode(display=False) as counter:
        warnings.simplefilter("ignore")  # Keras's own, of NumPy
        output = model(x, training=False)
    return counter.get_total_flops() // 2, tuple(output.shape[1:])


__all__ = ["again", "axes", "keras", "kl", "read", "row"]
