"""SqueezeNet: few channels squeezed in front of many, so that it has few weights.

F. N. Iandola et al., SqueezeNet: AlexNet-level accuracy with 50x fewer parameters and <0.5MB model size
(arXiv:1602.07360); layers and names as torchvision publishes them.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from ..layer import Layer
from ..layers import AdaptiveAvgPool2d, Conv2d, Dropout, Flatten, MaxPool2d, ReLU
from ..networks import Parallel, Residual, Sequential
from ..sizes import Size, as_size, dims
from .blocks import half

s, e, K, H, W = dims("s e K H W")

GROWTH = (1, 1, 2, 2, 3, 3, 4, 4)
"""How many times ``s`` and ``e`` the channels of each fire module are: the next after every second one."""


def squeezenet(
    squeeze: Any = s,
    expand: Any = e,
    growth: tuple[Any, ...] = GROWTH,
    *,
    stem: tuple[Any, Any] = (96, 7),
    pools: tuple[int, ...] = (0, 3, 7),
    bypass: bool = False,
    kernel_size: Any = 3,
    classes: Any = K,
    dropout: float = 0.5,
    input: Any = (3, H, W),
) -> Sequential:
    """SqueezeNet: fire modules, which squeeze to ``s`` channels and expand to ``e`` by 1×1 and ``e`` by 3×3.

    The paper's squeeze ratio is ``s/(2e)``, 1/8 as published.

    Args:
        squeeze: the filters of the first squeezing convolution; 16 as published.
        expand: the filters of each of the two first expanding ones; 64 as published.
        growth: for each module, how many times these it has.
        stem: the filters and the kernel of the first convolution.
        pools: behind which modules a pooling stands, 0 being the first convolution.
        bypass: whether modules that keep the channels are added to their input (section 6).
        kernel_size: of the larger expanding convolutions.
        classes: the outputs.
        dropout: the probability before the last convolution.
        input: the input's shape; 3×224×224 as published.

    >>> import symcnn as sc
    >>> net = sc.zoo.squeezenet()
    >>> net.params
    8*K*e + K + 700*e*s + 40*e + 116*s + 14208
    >>> net.at(net.defaults).params
    1248424
    """
    channels, kernel = (as_size(size, "stem") for size in stem)
    features: list[Layer] = [Conv2d(channels, kernel, stride=2), ReLU()]
    pooling = [MaxPool2d(3, 2, ceil_mode=True)]
    features += pooling if 0 in pools else []
    for number, times in enumerate(growth, 1):
        inner, outer = (as_size(times, "growth") * as_size(size) for size in (squeeze, expand))
        fire = _fire(inner, outer, kernel_size)
        features.append(Residual(fire) if bypass and channels == 2 * outer else fire)
        features += pooling if number in pools else []
        channels = 2 * outer
    return Sequential(
        {
            "features": Sequential(*features),
            "classifier": Sequential(Dropout(dropout), Conv2d(classes, 1), ReLU(), AdaptiveAvgPool2d(1)),
            "flatten": Flatten(),
        },
        input=input,
        defaults={s: 16, e: 64, K: 1000, H: 224, W: 224},
    )


def _fire(inner: Size, outer: Size, kernel_size: Any) -> Sequential:
    """A 1×1 convolution to few channels, and two kernels side by side on these."""
    expand = {
        "expand1x1": Sequential(Conv2d(outer, 1), ReLU()),
        "expand3x3": Sequential(Conv2d(outer, kernel_size, padding=half(kernel_size)), ReLU()),
    }
    return Sequential(
        {"squeeze": Conv2d(inner, 1), "squeeze_activation": ReLU(), "expand": Parallel(expand, join="concat")}
    )


MODELS = {
    "squeezenet1_0": squeezenet,
    "squeezenet1_1": partial(squeezenet, stem=(64, 3), pools=(0, 2, 4)),
}
