"""GoogLeNet: modules of four branches side by side, with 1×1 convolutions in front of the larger kernels.

C. Szegedy et al., Going Deeper with Convolutions (arXiv:1409.4842); layers and names as torchvision
publishes them, with batch normalisation.
"""

from __future__ import annotations

from typing import Any

from ..layer import Layer
from ..layers import AdaptiveAvgPool2d, BatchNorm2d, Dropout, Flatten, Linear, MaxPool2d, ReLU
from ..networks import Auxiliary, Parallel, Sequential
from ..sizes import Size, as_size, dims
from .blocks import conv_norm, pair

w, K, H, W = dims("w K H W")

NORM = BatchNorm2d(eps=0.001)

Filters = tuple[int, int, int, int, int, int]

STAGES: dict[int, dict[str, Filters]] = {
    3: {"a": (8, 12, 16, 2, 4, 4), "b": (16, 16, 24, 4, 12, 8)},
    4: {
        "a": (24, 12, 26, 2, 6, 8),
        "b": (20, 14, 28, 3, 8, 8),
        "c": (16, 16, 32, 3, 8, 8),
        "d": (14, 18, 36, 4, 8, 8),
        "e": (32, 20, 40, 4, 16, 16),
    },
    5: {"a": (32, 20, 40, 4, 16, 16), "b": (48, 24, 48, 6, 16, 16)},
}
"""Table 1 of the paper: the filters of the convolutions of each module, in eights."""

HEADS = {"4b": "aux1", "4e": "aux2"}
"""The modules that an auxiliary head stands in front of."""


def googlenet(
    width: Any = w,
    *,
    kernel_sizes: tuple[Any, Any] = (3, 3),
    auxiliary: bool = False,
    classes: Any = K,
    dropout: float = 0.2,
    input: Any = (3, H, W),
) -> Sequential:
    """GoogLeNet, or Inception v1: nine modules of four branches.

    All filters are multiples of ``w``, from ``2w`` to ``48w``.

    Args:
        width: what the filters are multiples of; 8 as published.
        kernel_sizes: of the second and the third branch of each module. The paper has 3 and 5;
            torchvision's code has 3 and 3, as its trained weights have.
        auxiliary: whether the two heads are there that training runs.
        classes: the outputs.
        dropout: the probability before the last layer.
        input: the input's shape; 3×224×224 as published.

    >>> import symcnn as sc
    >>> net = sc.zoo.googlenet()
    >>> net.params
    128*K*w + K + 87124*w**2 + 2996*w
    >>> net.at(net.defaults).params
    6624904
    """
    unit, kernel_sizes = as_size(width, "width"), pair(kernel_sizes, "kernel_sizes")
    layers: dict[str, Layer] = {
        "conv1": _conv(8 * unit, 7, 2),
        "maxpool1": MaxPool2d(3, 2, ceil_mode=True),
        "conv2": _conv(8 * unit, 1),
        "conv3": _conv(24 * unit, 3),
        "maxpool2": MaxPool2d(3, 2, ceil_mode=True),
    }
    for stage, modules in STAGES.items():
        for letter, filters in modules.items():
            name = f"{stage}{letter}"
            if auxiliary and name in HEADS:
                layers[HEADS[name]] = Auxiliary(_head(unit, classes))
            layers[f"inception{name}"] = _module(unit, filters, kernel_sizes)
        if stage + 1 in STAGES:
            layers[f"maxpool{stage}"] = MaxPool2d(3 if stage == 3 else 2, 2, ceil_mode=True)
    layers |= {"avgpool": AdaptiveAvgPool2d(1), "flatten": Flatten(), "dropout": Dropout(dropout)}
    layers["fc"] = Linear(classes)
    return Sequential(layers, input=input, defaults={w: 8, K: 1000, H: 224, W: 224})


def _conv(filters: Size, kernel_size: Any, stride: Any = 1) -> Sequential:
    return conv_norm(filters, kernel_size, stride, norm=NORM)


def _module(unit: Size, filters: Filters, kernel_sizes: tuple[Any, Any]) -> Parallel:
    """A 1×1 convolution, two larger ones each behind a 1×1, and a pooling in front of a 1×1."""
    one, before_second, second, before_third, third, pooled = (unit * times for times in filters)
    return Parallel(
        {
            "branch1": _conv(one, 1),
            "branch2": Sequential(_conv(before_second, 1), _conv(second, kernel_sizes[0])),
            "branch3": Sequential(_conv(before_third, 1), _conv(third, kernel_sizes[1])),
            "branch4": Sequential(MaxPool2d(3, 1, 1, ceil_mode=True), _conv(pooled, 1)),
        },
        join="concat",
    )


def _head(unit: Size, classes: Any) -> Sequential:
    """A head that training runs: 4×4 places, 1024 features, the classes."""
    return Sequential(
        {
            "avgpool": AdaptiveAvgPool2d(4),
            "conv": _conv(16 * unit, 1),
            "flatten": Flatten(),
            "fc1": Linear(1024),
            "relu": ReLU(),
            "dropout": Dropout(0.7),
            "fc2": Linear(classes),
        }
    )


MODELS = {"googlenet": googlenet}
