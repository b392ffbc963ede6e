"""AlexNet, in the form that torchvision publishes.

A. Krizhevsky, One weird trick for parallelizing convolutional neural networks (arXiv:1404.5997).
"""

from __future__ import annotations

from typing import Any

from ..layers import AdaptiveAvgPool2d, Conv2d, Dropout, Flatten, Linear, MaxPool2d, ReLU
from ..networks import Sequential
from ..sizes import dims

w, K, H, W = dims("w K H W")


def alexnet(
    width: Any = w, *, classes: Any = K, hidden: Any = 4096, dropout: float = 0.5, input: Any = (3, H, W)
) -> Sequential:
    """AlexNet: five convolutions of ``w``, ``3w``, ``6w``, ``4w`` and ``4w`` filters, three dense layers.

    Args:
        width: the filters of the first convolution; 64 as published.
        classes: the outputs.
        hidden: the features of the two hidden dense layers.
        dropout: the probability in front of them.
        input: the input's shape; 3×224×224 as published.

    >>> import symcnn as sc
    >>> net = sc.zoo.alexnet()
    >>> net.at(net.defaults).params
    61100840
    """
    features = Sequential(
        Conv2d(width, 11, stride=4, padding=2),
        ReLU(),
        MaxPool2d(3, 2),
        Conv2d(3 * width, 5, padding=2),
        ReLU(),
        MaxPool2d(3, 2),
        Conv2d(6 * width, 3, padding=1),
        ReLU(),
        Conv2d(4 * width, 3, padding=1),
        ReLU(),
        Conv2d(4 * width, 3, padding=1),
        ReLU(),
        MaxPool2d(3, 2),
    )
    classifier = Sequential(
        Dropout(dropout), Linear(hidden), ReLU(), Dropout(dropout), Linear(hidden), ReLU(), Linear(classes)
    )
    return Sequential(
        {
            "features": features,
            "avgpool": AdaptiveAvgPool2d(6),
            "flatten": Flatten(),
            "classifier": classifier,
        },
        input=input,
        defaults={w: 64, K: 1000, H: 224, W: 224},
    )


MODELS = {"alexnet": alexnet}
