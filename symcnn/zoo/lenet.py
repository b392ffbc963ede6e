"""LeNet-5, the first convolutional network that read cheques.

Y. LeCun, L. Bottou, Y. Bengio and P. Haffner, Gradient-based learning applied to document
recognition, Proceedings of the IEEE, 1998.
"""

from __future__ import annotations

from typing import Any

from ..layers import AvgPool2d, Conv2d, Flatten, Linear, Tanh
from ..networks import Sequential
from ..sizes import dims

C1, C3, F5, F6, K, H, W = dims("C1 C3 F5 F6 K H W")


def lenet5(
    maps: tuple[Any, Any] = (C1, C3),
    hidden: tuple[Any, Any] = (F5, F6),
    *,
    classes: Any = K,
    kernel_size: Any = 5,
    input: Any = (1, H, W),
) -> Sequential:
    """LeNet-5 as it is written today: every filter of the second convolution sees every map.

    The paper left some of those connections out, gave its poolings a scale and a shift, and ended
    in radial basis functions whose centres are fixed: 60,000 parameters are trained there, 61,706 here.

    Args:
        maps: the filters of the two convolutions; 6 and 16 in the paper.
        hidden: the features of the two hidden layers; 120 and 84.
        classes: the outputs.
        kernel_size: of both convolutions.
        input: the input's shape; one channel of 32×32 in the paper.

    >>> import symcnn as sc
    >>> net = sc.zoo.lenet5()
    >>> net.at(net.defaults).params
    61706
    """
    first, second = maps
    return Sequential(
        ("c1", Conv2d(first, kernel_size)),
        ("tanh1", Tanh()),
        ("s2", AvgPool2d(2)),
        ("c3", Conv2d(second, kernel_size)),
        ("tanh3", Tanh()),
        ("s4", AvgPool2d(2)),
        ("flatten", Flatten()),
        ("f5", Linear(hidden[0])),
        ("tanh5", Tanh()),
        ("f6", Linear(hidden[1])),
        ("tanh6", Tanh()),
        ("output", Linear(classes)),
        input=input,
        defaults={C1: 6, C3: 16, F5: 120, F6: 84, K: 10, H: 32, W: 32},
    )


MODELS = {"lenet5": lenet5}
