"""DeepLab v3, and LR-ASPP: segmentation that looks at several scales at once, and the light form of it.

L.-C. Chen, G. Papandreou, F. Schroff and H. Adam, Rethinking Atrous Convolution for Semantic Image
Segmentation (arXiv:1706.05587); A. Howard et al., Searching for MobileNetV3 (arXiv:1905.02244),
section 6.4, for LR-ASPP. Layers and names as torchvision publishes them.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from ..layer import Layer
from ..layers import AdaptiveAvgPool2d, Conv2d, Dropout, Identity, Sigmoid
from ..networks import Graph, Parallel, Sequential
from ..sizes import as_rational, dims, make_divisible, ratio
from .blocks import conv_norm
from .fcn import Backbone, dilated_resnet, segmentation
from .mobilenet import mobilenet_v3
from .resnet import DEPTHS

w, K, H, W = dims("w K H W")
alpha = ratio("alpha")

RATES = (12, 24, 36)
"""The dilations of the parallel convolutions, where the map is an eighth of the input."""


def deeplabv3(
    blocks: tuple[Any, ...] = DEPTHS[50],
    width: Any = w,
    *,
    channels: Any = 256,
    rates: tuple[Any, ...] = RATES,
    kernel_size: Any = 3,
    auxiliary: bool = True,
    classes: Any = K,
    input: Any = (3, H, W),
) -> Graph:
    """DeepLab v3 on a ResNet whose last two stages dilate in place of striding.

    The outputs ``out`` and ``aux`` are as large as the input, by bilinear interpolation.

    Args:
        blocks: how many each stage of the ResNet has; a symbol gives a ``Repeat``.
        width: the filters of its first stage; 64 as published.
        channels: the filters of each branch of the pyramid.
        rates: the dilations of its 3×3 convolutions; the paper has half as much on maps half as large.
        kernel_size: of the ResNet's blocks' convolutions that are not 1×1.
        auxiliary: whether FCN's head, for training, stands on the stage before the last.
        classes: the outputs at each place; 21 as published.
        input: the input's shape; 3×520×520 as published.

    >>> import symcnn as sc
    >>> net = sc.zoo.get_model("deeplabv3_resnet50")
    >>> net.at(net.defaults).params
    42004074
    """
    backbone = dilated_resnet(blocks, width, kernel_size)
    return segmentation(backbone, _head(channels, rates, classes), classes, auxiliary, input, {w: 64})


def deeplabv3_mobilenet(
    width_mult: Any = alpha,
    *,
    channels: Any = 256,
    rates: tuple[Any, ...] = RATES,
    auxiliary: bool = True,
    classes: Any = K,
    input: Any = (3, H, W),
) -> Graph:
    """DeepLab v3 on the large MobileNetV3 whose last stage dilates in place of striding.

    Args:
        width_mult: the multiplier ``alpha`` of the MobileNet's widths.
            For one under 1/7 give the number, as ``mobilenet_v3`` says.
        channels: the filters of each branch of the pyramid.
        rates: the dilations of its 3×3 convolutions.
        auxiliary: whether FCN's head, for training, stands where the map is an eighth of the input.
        classes: the outputs at each place; 21 as published.
        input: the input's shape; 3×520×520 as published.

    >>> import symcnn as sc
    >>> net = sc.zoo.get_model("deeplabv3_mobilenet_v3_large")
    >>> net.at(net.defaults).params
    11029328
    """
    backbone = _dilated_mobilenet(width_mult)
    return segmentation(backbone, _head(channels, rates, classes), classes, auxiliary, input, {alpha: 1})


def _dilated_mobilenet(width_mult: Any) -> Backbone:
    """The large MobileNetV3, its last stage dilated, cut where the map is an eighth of the input."""
    wide = as_rational(width_mult, "width_mult")
    features = mobilenet_v3("large", wide, dilated=True)["features"]
    return Backbone(
        features[:5], features[5:], make_divisible(40 * wide), make_divisible(6 * make_divisible(160 * wide))
    )


def _head(channels: Any, rates: tuple[Any, ...], classes: Any) -> Sequential:
    """The pyramid, what brings its branches together, and a last look around."""
    pool = Parallel(Sequential(AdaptiveAvgPool2d(1), *conv_norm(channels, 1)), Identity(), join="resize")
    branches = [conv_norm(channels, 1), *(conv_norm(channels, 3, dilation=rate) for rate in rates), pool]
    pyramid = {
        "convs": Parallel(*branches, join="concat"),
        "project": Sequential(*conv_norm(channels, 1), Dropout(0.5)),
    }
    return Sequential(Sequential(pyramid), *conv_norm(channels, 3), Conv2d(classes, 1))


def lraspp(width_mult: Any = alpha, *, channels: Any = 128, classes: Any = K, input: Any = (3, H, W)) -> Graph:
    """LR-ASPP on the large MobileNetV3: a gate from the whole map, and a look at the map of an eighth.

    Args:
        width_mult: the multiplier ``alpha`` of the MobileNet's widths.
            For one under 1/7 give the number, as ``mobilenet_v3`` says.
        channels: the filters on the last map, and of the gate.
        classes: the outputs at each place; 21 as published.
        input: the input's shape; 3×520×520 as published.

    >>> import symcnn as sc
    >>> net = sc.zoo.lraspp()
    >>> net.at(net.defaults).params
    3221538
    """
    backbone = _dilated_mobilenet(width_mult)
    scale = Sequential(AdaptiveAvgPool2d(1), Conv2d(channels, 1, bias=False), Sigmoid())
    gated: dict[str, Layer] = {"cbr": conv_norm(channels, 1), "scale": scale}
    return Graph(
        {
            "backbone_low": (backbone.low, "input"),
            "backbone_high": (backbone.high, "backbone_low"),
            "gated": (Parallel(gated, join="multiply"), "backbone_high"),
            "up": ("resize", "gated", "backbone_low"),
            "low_classifier": (Conv2d(classes, 1), "backbone_low"),
            "high_classifier": (Conv2d(classes, 1), "up"),
            "sum": ("add", "low_classifier", "high_classifier"),
            "out": ("resize", "sum", "input"),
        },
        input=input,
        defaults={alpha: 1, K: 21, H: 520, W: 520},
    )


MODELS = {
    "deeplabv3_resnet50": deeplabv3,
    "deeplabv3_resnet101": partial(deeplabv3, blocks=DEPTHS[101]),
    "deeplabv3_mobilenet_v3_large": deeplabv3_mobilenet,
    "lraspp_mobilenet_v3_large": lraspp,
}
