"""ResNet: blocks that add something to their input. ResNeXt and Wide ResNet are its bottleneck in other widths.

K. He, X. Zhang, S. Ren and J. Sun, Deep Residual Learning for Image Recognition (arXiv:1512.03385); S. Xie
et al., Aggregated Residual Transformations for Deep Neural Networks (arXiv:1611.05431), for ResNeXt;
S. Zagoruyko and N. Komodakis, Wide Residual Networks (arXiv:1605.07146). Layers and names as torchvision
publishes them, the sizes of ``ResNet50`` and its kin as Keras does.
"""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple

from ..errors import SizeError
from ..layer import Layer
from ..layers import AdaptiveAvgPool2d, AvgPool2d, BatchNorm2d, ChannelPad, Conv2d, Flatten, Linear, MaxPool2d, ReLU
from ..networks import Residual, Sequential
from ..sizes import FloorDiv, Size, as_size, dims
from .blocks import depths as stages_of
from .blocks import half, published, stage

w, n, m, C, d, K, H, W = dims("w n m C d K H W")

DEPTHS = {18: (2, 2, 2, 2), 34: (3, 4, 6, 3), 50: (3, 4, 6, 3), 101: (3, 4, 23, 3), 152: (3, 8, 36, 3)}
"""The blocks of each stage, by the number of layers with weights."""


class Block(NamedTuple):
    """A residual block whose stage is still open.

    ``filters`` and ``inner`` are those of the first stage; each further stage has twice as many.
    ``inner`` and ``groups`` belong to the middle of a bottleneck.
    """

    bottleneck: bool
    filters: Size
    inner: Size
    groups: Any
    kernel_size: Any
    stride_in: str = "3x3"
    shortcut: str = "B"
    bias: bool = False

    def output(self, place: int) -> Size:
        """The channels that come out of a block in a stage."""
        return (4 if self.bottleneck else 1) * 2**place * self.filters

    def stages(self, channels: Size, depths: tuple[Any, ...], strides: list[int], gaps: list[int]) -> dict[str, Layer]:
        """Stages of such blocks. The first block of each strides; the others have the stage's dilation."""
        found: dict[str, Layer] = {}
        before = 1
        for place, (depth, stride, gap) in enumerate(zip(depths, strides, gaps, strict=True)):
            first = self.of(place, channels, stride, before)
            channels, before = self.output(place), gap
            found[f"layer{place + 1}"] = stage(first, self.of(place, channels, 1, gap), depth)
        return found

    def of(self, place: int, channels: Size, stride: int, dilation: int) -> Sequential:
        """The block in a stage, on so many channels."""
        body = self._three(place, stride, dilation) if self.bottleneck else self._two(place, stride, dilation)
        return Sequential(Residual(Sequential(body), self._shortcut(channels, self.output(place), stride)), ReLU())

    def _two(self, place: int, stride: int, dilation: int) -> dict[str, Layer]:
        filters = self.output(place)
        return {
            "conv1": self._conv(filters, self.kernel_size, stride, dilation),
            "bn1": BatchNorm2d(),
            "relu1": ReLU(),
            "conv2": self._conv(filters, self.kernel_size, 1, dilation),
            "bn2": BatchNorm2d(),
        }

    def _three(self, place: int, stride: int, dilation: int) -> dict[str, Layer]:
        inner = 2**place * self.inner
        first, second = (stride, 1) if self.stride_in == "1x1" else (1, stride)
        return {
            "conv1": self._conv(inner, 1, first),
            "bn1": BatchNorm2d(),
            "relu1": ReLU(),
            "conv2": self._conv(inner, self.kernel_size, second, dilation, self.groups),
            "bn2": BatchNorm2d(),
            "relu2": ReLU(),
            "conv3": self._conv(self.output(place), 1),
            "bn3": BatchNorm2d(),
        }

    def _conv(self, filters: Size, kernel_size: Any, stride: int = 1, dilation: int = 1, groups: Any = 1) -> Conv2d:
        return Conv2d(
            filters,
            kernel_size,
            stride=stride,
            padding=half(kernel_size, dilation),
            dilation=dilation,
            groups=groups,
            bias=self.bias,
        )

    def _shortcut(self, channels: Size, output: Size, stride: int) -> Layer | None:
        """What makes the input as large as the output; None where it is."""
        if stride == 1 and channels == output:
            return None
        if self.shortcut == "B":
            return Sequential(self._conv(output, 1, stride), BatchNorm2d())
        more = output - channels
        before = FloorDiv(more, 2)
        return Sequential(AvgPool2d(1, stride), ChannelPad(before, more - before))


def resnet(
    blocks: tuple[Any, ...] = DEPTHS[50],
    width: Any = w,
    *,
    bottleneck: bool = True,
    groups: Any = 1,
    group_width: Any = None,
    widening: Any = 1,
    kernel_size: Any = 3,
    stride_in: str = "3x3",
    replace_stride_with_dilation: tuple[bool, ...] = (),
    bias: bool = False,
    classes: Any = K,
    input: Any = (3, H, W),
) -> Sequential:
    """ResNet: stages of ``w``, ``2w``, ``4w``, ... filters, each halving the map but the first.

    A basic block has two convolutions of the stage's filters. A bottleneck has a 1×1, a 3×3 and
    a 1×1 convolution; the last gives four times the stage's filters. The 3×3 has the stage's filters
    too. In a Wide ResNet it has ``widening`` times as many; in ResNeXt it has ``groups`` groups of
    ``group_width``, twice as wide in each further stage: 32×4d is ``groups=32, group_width=4``.

    Args:
        blocks: how many each stage has; a symbol gives a ``Repeat``.
        width: the filters of the first convolution and stage; 64 as published.
        bottleneck: whether the blocks are bottlenecks.
        groups: of the 3×3 convolutions of bottlenecks, ResNeXt's cardinality.
        group_width: the channels of a group in the first stage; the stage's filters where it is None.
        widening: how many times these channels are taken.
        kernel_size: of the blocks' convolutions that are not 1×1.
        stride_in: the convolution of a bottleneck that strides: ``"3x3"`` as torchvision has it, or
            ``"1x1"`` as in the paper, in Caffe and in Keras.
        replace_stride_with_dilation: for each stage but the first, whether it keeps the map's size
            and dilates its convolutions instead; none where it is empty.
        bias: whether the convolutions have biases, as those of Keras have.
        classes: the outputs.
        input: the input's shape; 3×224×224 as published.

    Raises:
        SizeError: groups or a widening of a basic block, another convolution to stride in, a wrong
            number of stages that dilate.

    >>> import symcnn as sc
    >>> sc.zoo.resnet().params
    32*K*w + K + 5724*w**2 + 977*w
    >>> n, w = sc.dims("n w")
    >>> sc.zoo.resnet((3, n, 6, 3)).params
    32*K*w + K + 68*n*w**2 + 24*n*w + 5452*w**2 + 881*w
    """
    if stride_in not in ("1x1", "3x3"):
        raise SizeError(f"stride_in must be '1x1' or '3x3', got {stride_in!r}")
    filters = as_size(width, "width")
    inner = _inner(bottleneck, filters, groups, group_width, widening)
    block = Block(bottleneck, filters, inner, groups, kernel_size, stride_in, bias=bias)
    blocks = stages_of(blocks)
    strides, gaps = _strides(len(blocks), replace_stride_with_dilation)
    layers: dict[str, Layer] = {
        "conv1": Conv2d(filters, 7, stride=2, padding=3, bias=bias),
        "bn1": BatchNorm2d(),
        "relu": ReLU(),
        "maxpool": MaxPool2d(3, 2, 1),
        **block.stages(filters, blocks, strides, gaps),
        "avgpool": AdaptiveAvgPool2d(1),
        "flatten": Flatten(),
        "fc": Linear(classes),
    }
    return Sequential(layers, input=input, defaults={w: 64, K: 1000, H: 224, W: 224})


def _inner(bottleneck: bool, filters: Size, groups: Any, group_width: Any, widening: Any = 1) -> Size:
    """The channels in the middle of the first stage's bottlenecks."""
    if not bottleneck and (groups != 1 or group_width is not None or widening != 1):
        given = f"groups={groups}, group_width={group_width} and widening={widening}"
        raise SizeError(f"a basic block has no middle to split or to widen, got {given}")
    each = filters if group_width is None else as_size(group_width, "group_width")
    return as_size(groups, "groups") * as_size(widening, "widening") * each


def _strides(stages: int, dilate: tuple[bool, ...]) -> tuple[list[int], list[int]]:
    """The strides and the dilations of the stages."""
    if dilate and len(dilate) != stages - 1:
        raise SizeError(
            f"replace_stride_with_dilation has a value for each stage but the first, {stages - 1}, got {dilate}"
        )
    strides, gaps = [1], [1]
    for dilates in dilate or (False,) * (stages - 1):
        strides.append(1 if dilates else 2)
        gaps.append(gaps[-1] * (2 if dilates else 1))
    return strides, gaps


def resnet_cifar(
    blocks: Any = n,
    width: Any = w,
    *,
    shortcut: str = "A",
    bottleneck: bool = False,
    groups: Any = 1,
    group_width: Any = None,
    kernel_size: Any = 3,
    classes: Any = K,
    input: Any = (3, H, W),
) -> Sequential:
    """The ResNet for small images: three stages of ``w``, ``2w`` and ``4w`` filters, with ``6n + 2`` layers.

    Section 4.2 of the paper. With bottlenecks it has ``9n + 2`` layers, and with groups it is the
    ResNeXt-29 of its paper's section 5.3.

    Args:
        blocks: how many each stage has, or a tuple with one for each stage; a symbol gives a ``Repeat``.
        width: the filters of the first convolution and stage; 16 as published, 64 for ResNeXt.
        shortcut: where the shape changes, ``"A"`` takes every second position and adds channels of
            zeros, so it has no weights; ``"B"`` is a 1×1 convolution.
        bottleneck: whether the blocks are bottlenecks.
        groups: of the 3×3 convolutions of bottlenecks, ResNeXt's cardinality.
        group_width: the channels of a group in the first stage; the stage's filters where it is None.
        kernel_size: of all convolutions that are not 1×1.
        classes: the outputs.
        input: the input's shape; 3×32×32 as published.

    Raises:
        SizeError: groups of a basic block, another shortcut.

    >>> import symcnn as sc
    >>> net = sc.zoo.resnet_cifar()
    >>> net.params
    4*K*w + K + 378*n*w**2 + 28*n*w - 90*w**2 + 29*w
    >>> net.at(net.defaults).params
    269722
    """
    if shortcut not in ("A", "B"):
        raise SizeError(f"shortcut must be 'A' or 'B', got {shortcut!r}")
    filters = as_size(width, "width")
    depths = stages_of(blocks) if isinstance(blocks, tuple | list) else (blocks,) * 3
    inner = _inner(bottleneck, filters, groups, group_width)
    block = Block(bottleneck, filters, inner, groups, kernel_size, shortcut=shortcut)
    strides, gaps = _strides(len(depths), ())
    layers: dict[str, Layer] = {
        "conv1": Conv2d(filters, kernel_size, padding=half(kernel_size), bias=False),
        "bn1": BatchNorm2d(),
        "relu": ReLU(),
        **block.stages(filters, depths, strides, gaps),
        "avgpool": AdaptiveAvgPool2d(1),
        "flatten": Flatten(),
        "fc": Linear(classes),
    }
    return Sequential(layers, input=input, defaults={n: 3, w: 16, K: 10, H: 32, W: 32})


def _resnext(depth: int, cardinality: int, width: int) -> Any:
    settings = {"groups": C, "group_width": d}
    return partial(published, resnet, {C: cardinality, d: width}, blocks=DEPTHS[depth], **settings)


def _wide(depth: int, factor: int) -> Any:
    return partial(published, resnet, {m: factor}, blocks=DEPTHS[depth], widening=m)


def _resnext_cifar(cardinality: int) -> Any:
    settings = {"bottleneck": True, "groups": C, "group_width": d, "shortcut": "B"}
    return partial(published, resnet_cifar, {w: 64, C: cardinality, d: 64}, blocks=3, **settings)


MODELS = {
    "resnet18": partial(resnet, blocks=DEPTHS[18], bottleneck=False),
    "resnet34": partial(resnet, blocks=DEPTHS[34], bottleneck=False),
    **{f"resnet{depth}": partial(resnet, blocks=DEPTHS[depth]) for depth in (50, 101, 152)},
    "resnext50_32x4d": _resnext(50, 32, 4),
    "resnext101_32x8d": _resnext(101, 32, 8),
    "resnext101_64x4d": _resnext(101, 64, 4),
    "wide_resnet50_2": _wide(50, 2),
    "wide_resnet101_2": _wide(101, 2),
    **{f"ResNet{depth}": partial(resnet, blocks=DEPTHS[depth], stride_in="1x1", bias=True) for depth in (50, 101, 152)},
    **{f"resnet{6 * blocks + 2}_cifar": partial(resnet_cifar, blocks=blocks) for blocks in (3, 5, 7, 9, 18)},
    "resnext29_8x64d_cifar": _resnext_cifar(8),
    "resnext29_16x64d_cifar": _resnext_cifar(16),
}
