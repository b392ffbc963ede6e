"""FCN: a classification network made to say what is at each place.

J. Long, E. Shelhamer and T. Darrell, Fully Convolutional Networks for Semantic Segmentation
(arXiv:1411.4038); layers and names as torchvision publishes them, on a dilated ResNet.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, NamedTuple

from sympy import Expr

from ..layer import Layer
from ..layers import Conv2d, Dropout
from ..networks import Graph, Sequential
from ..sizes import FloorDiv, Size, as_size, dims
from .blocks import conv_norm, depths
from .resnet import DEPTHS, resnet

w, K, H, W = dims("w K H W")


class Backbone(NamedTuple):
    """The features of a classification network, cut in two, and the channels at the cut and at the end."""

    low: Layer
    high: Layer
    low_channels: Size
    high_channels: Size


def fcn(
    blocks: tuple[Any, ...] = DEPTHS[50],
    width: Any = w,
    *,
    kernel_size: Any = 3,
    auxiliary: bool = True,
    classes: Any = K,
    input: Any = (3, H, W),
) -> Graph:
    """FCN: a ResNet whose last two stages dilate in place of striding, and a small convolutional head.

    The outputs ``out`` and ``aux`` are as large as the input, by bilinear interpolation.

    Args:
        blocks: how many each stage of the ResNet has; a symbol gives a ``Repeat``.
        width: the filters of its first stage; 64 as published.
        kernel_size: of its blocks' convolutions that are not 1×1.
        auxiliary: whether a second head, for training, stands on the stage before the last.
        classes: the outputs at each place; 21 as published.
        input: the input's shape; 3×520×520 as published.

    >>> import symcnn as sc
    >>> net = sc.zoo.get_model("fcn_resnet50")
    >>> net.params
    12*K*w + 2*K + 8604*w**2 + 1001*w
    >>> net.at(net.defaults).params, net.output["out"]
    (35322218, Shape(K, H, W))
    """
    backbone = dilated_resnet(blocks, width, kernel_size)
    classifier = fcn_head(backbone.high_channels, classes)
    return segmentation(backbone, classifier, classes, auxiliary, input, {w: 64})


def dilated_resnet(blocks: tuple[Any, ...], width: Any, kernel_size: Any = 3) -> Backbone:
    """A ResNet whose last two stages dilate, cut before the last; its map is an eighth of the input."""
    blocks = depths(blocks)
    last = len(blocks) - 1
    dilate = tuple(stage >= last - 1 for stage in range(1, len(blocks)))
    net = resnet(blocks, width, kernel_size=kernel_size, replace_stride_with_dilation=dilate)
    names = [name for name, _ in net.children]
    end = names.index(f"layer{len(blocks)}")
    channels = 4 * as_size(width, "width") * 2**last
    return Backbone(Sequential(*net.children[:end]), net[end], channels / 2, channels)


def fcn_head(channels: Size, classes: Any) -> Sequential:
    """A quarter of the channels, then the classes."""
    return Sequential(*conv_norm(FloorDiv(channels, 4)), Dropout(0.1), Conv2d(classes, 1))


def segmentation(
    backbone: Backbone, classifier: Layer, classes: Any, auxiliary: bool, input: Any, values: Mapping[Any, Expr]
) -> Graph:
    """A backbone, a classifier on its end, an auxiliary one on its cut; outputs of the input's size."""
    nodes: dict[str, tuple[Any, ...]] = {
        "backbone_low": (backbone.low, "input"),
        "backbone_high": (backbone.high, "backbone_low"),
        "classifier": (classifier, "backbone_high"),
        "out": ("resize", "classifier", "input"),
    }
    if auxiliary:
        nodes["aux_classifier"] = (fcn_head(backbone.low_channels, classes), "backbone_low")
        nodes["aux"] = ("resize", "aux_classifier", "input")
    return Graph(
        nodes,
        outputs=("out", "aux") if auxiliary else "out",
        input=input,
        defaults={**values, K: 21, H: 520, W: 520},
    )


MODELS = {f"fcn_resnet{depth}": partial(fcn, blocks=DEPTHS[depth]) for depth in (50, 101)}
