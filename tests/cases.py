"""THE table: a row for each kind of layer and each of its settings.

``test_laws`` holds every row to the laws, ``test_reference`` to a count by plain loops, and
``test_torch`` to PyTorch. A new layer costs a row here. Shapes are small: the loops are counted one by one.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from sympy import Rational, Symbol

import symcnn as sc
from symcnn import Layer, Sequential, dims
from symcnn.layers.activation import Activation
from symcnn.testing import public_names

H, W, C, w, s = dims("H W C w s")
k = dims("k", odd=True)


class Case(NamedTuple):
    """A layer and an input that it takes; ``values`` for the symbols where there are some."""

    id: str
    layer: Layer
    shape: tuple[Any, ...]
    values: dict[Any, int] = {}  # noqa: RUF012

    def numbers(self) -> tuple[Layer, tuple[int, ...]]:
        """The layer and its input with the values put in."""
        if not self.values:
            return self.layer, self.shape
        layer = self.layer.with_input(sc.Shape(*self.shape)).at(self.values)
        return layer.with_input(None), tuple(int(size) for size in layer.input)


KINDS = {
    kind.__name__: kind
    for kind in public_names().values()
    if isinstance(kind, type) and issubclass(kind, Layer) and kind is not Layer
}
"""Every public kind of layer, by name."""

ACTIVATIONS = [kind for kind in KINDS.values() if issubclass(kind, Activation)]

CONVOLUTIONS = [
    Case("conv1d", sc.Conv1d(4, 3), (3, 11)),
    Case("conv1d stride 6", sc.Conv1d(4, 3, stride=6), (3, 20)),
    Case("conv1d dilation", sc.Conv1d(4, 3, dilation=4, padding=4), (3, 9)),
    Case("conv1d asymmetric", sc.Conv1d(4, 4, padding=((1, 2),)), (3, 9)),
    Case("conv1d same even", sc.Conv1d(4, 4, padding="same"), (3, 9)),
    Case("conv2d", sc.Conv2d(4, 3), (3, 8, 9)),
    Case("conv2d 1x1", sc.Conv2d(6, 1), (4, 5, 5)),
    Case("conv2d no bias", sc.Conv2d(4, 3, bias=False), (3, 8, 9)),
    Case("conv2d stride 2", sc.Conv2d(4, 3, stride=2, padding=1), (3, 8, 9)),
    Case("conv2d stride 3", sc.Conv2d(4, 3, stride=3), (3, 10, 11)),
    Case("conv2d stride 3 by 7", sc.Conv2d(2, 2, stride=(3, 7)), (3, 13, 15)),
    Case("conv2d stride beyond the kernel", sc.Conv2d(2, 1, stride=6), (3, 13, 12)),
    Case("conv2d even kernel", sc.Conv2d(4, 4, padding=2), (3, 7, 8)),
    Case("conv2d rectangular", sc.Conv2d(4, (1, 5), padding=(0, 2)), (3, 6, 7)),
    Case(
        "conv2d rectangular all",
        sc.Conv2d(2, (3, 2), stride=(2, 3), padding=(1, 0), dilation=(1, 2)),
        (3, 9, 8),
    ),
    Case("conv2d dilation", sc.Conv2d(4, 3, dilation=2, padding=2), (3, 8, 7)),
    Case("conv2d groups", sc.Conv2d(6, 3, groups=3), (9, 5, 5)),
    Case("conv2d depthwise", sc.Conv2d(4, 3, groups=4, padding=1), (4, 6, 6)),
    Case("conv2d depthwise multiplier", sc.Conv2d(12, 3, groups=4, bias=False), (4, 6, 6)),
    Case("conv2d asymmetric", sc.Conv2d(4, 3, stride=2, padding=((0, 1), (0, 1))), (3, 8, 8)),
    Case("conv2d one side", sc.Conv2d(4, 3, padding=((3, 0), (1, 1))), (3, 5, 5)),
    Case("conv2d same", sc.Conv2d(4, 3, padding="same"), (3, 7, 8)),
    Case("conv2d same dilated", sc.Conv2d(4, 3, padding="same", dilation=3), (3, 5, 6)),
    Case("conv2d same strided", sc.Conv2d(4, 3, stride=2, padding="same"), (3, 7, 8)),
    Case("conv2d same stride 3", sc.Conv2d(4, 2, stride=3, padding="same"), (3, 7, 8)),
    Case("conv2d valid", sc.Conv2d(4, 3, padding="valid"), (3, 7, 8)),
    Case("conv2d as large as its input", sc.Conv2d(4, 5), (3, 5, 5)),
    Case("conv2d fits by padding alone", sc.Conv2d(2, 5, padding=2), (3, 1, 2)),
    Case("conv2d in_channels", sc.Conv2d(4, 3, in_channels=3), (3, 6, 6)),
    Case("conv3d", sc.Conv3d(2, 3), (2, 4, 5, 6)),
    Case("conv3d all", sc.Conv3d(4, (1, 2, 3), stride=(1, 2, 3), padding=(0, 1, 1), groups=2), (2, 3, 5, 6)),
]

POOLS = [
    Case("maxpool1d", sc.MaxPool1d(3), (4, 10)),
    Case("maxpool1d ceil", sc.MaxPool1d(3, ceil_mode=True), (4, 10)),
    Case("maxpool2d", sc.MaxPool2d(2), (4, 7, 8)),
    Case("maxpool2d stride", sc.MaxPool2d(3, 2), (4, 7, 8)),
    Case("maxpool2d half padded", sc.MaxPool2d(2, 2, 1), (4, 7, 8)),
    Case("maxpool2d padded", sc.MaxPool2d(3, 2, padding=1), (4, 7, 8)),
    Case("maxpool2d dilation", sc.MaxPool2d(3, 1, 1, dilation=2), (4, 7, 8)),
    Case("maxpool2d rectangular", sc.MaxPool2d((1, 3), (3, 6), (0, 1)), (4, 7, 14)),
    Case("maxpool2d ceil", sc.MaxPool2d(3, 2, ceil_mode=True), (4, 6, 7)),
    Case("maxpool2d ceil, last window dropped", sc.MaxPool2d(2, 2, 1, ceil_mode=True), (4, 5, 6)),
    Case("maxpool2d ceil, stride beyond the kernel", sc.MaxPool2d(2, 5, 1, ceil_mode=True), (4, 8, 11)),
    Case("maxpool2d ceil, kernel beyond the input", sc.MaxPool2d(5, 5, ceil_mode=True), (4, 3, 2)),
    Case("maxpool2d ceil, dilation", sc.MaxPool2d(3, 3, 1, dilation=2, ceil_mode=True), (4, 8, 9)),
    Case("maxpool2d asymmetric", sc.MaxPool2d(3, 2, ((0, 1), (1, 0))), (4, 6, 6)),
    Case("maxpool2d asymmetric ceil", sc.MaxPool2d(3, 3, ((0, 1), (1, 0)), ceil_mode=True), (4, 6, 9)),
    Case("maxpool3d", sc.MaxPool3d((1, 2, 3)), (2, 4, 5, 6)),
    Case("maxpool3d ceil", sc.MaxPool3d(2, 3, 1, ceil_mode=True), (2, 4, 5, 6)),
    Case("avgpool1d", sc.AvgPool1d(2, 3), (4, 10)),
    Case("avgpool2d", sc.AvgPool2d(3), (4, 7, 9)),
    Case("avgpool2d padded", sc.AvgPool2d(3, 1, padding=1, count_include_pad=False), (4, 5, 5)),
    Case("avgpool2d ceil", sc.AvgPool2d(3, 6, padding=1, ceil_mode=True), (4, 7, 13)),
    Case("avgpool3d", sc.AvgPool3d(2), (2, 4, 5, 6)),
    Case("avgpool3d ceil", sc.AvgPool3d((2, 3, 1), ceil_mode=True), (2, 5, 7, 3)),
    Case("adaptive avg 1d", sc.AdaptiveAvgPool1d(3), (4, 9)),
    Case("adaptive avg 1d uneven", sc.AdaptiveAvgPool1d(4), (4, 11)),
    Case("adaptive avg 1d overlapping evenly", sc.AdaptiveAvgPool1d(4), (4, 9)),
    Case("adaptive avg 2d", sc.AdaptiveAvgPool2d(1), (4, 5, 6)),
    Case("adaptive avg 2d of one row", sc.AdaptiveAvgPool2d(1), (4, 1, 6)),
    Case("adaptive avg 2d none", sc.AdaptiveAvgPool2d((None, 3)), (4, 5, 6)),
    Case("adaptive avg 2d larger", sc.AdaptiveAvgPool2d(7), (4, 3, 7)),
    Case("adaptive avg 3d", sc.AdaptiveAvgPool3d((1, None, 2)), (2, 4, 5, 6)),
    Case("adaptive max 1d", sc.AdaptiveMaxPool1d(1), (4, 9)),
    Case("adaptive max 2d", sc.AdaptiveMaxPool2d((2, 3)), (4, 8, 9)),
    Case("adaptive max 3d", sc.AdaptiveMaxPool3d(2), (2, 4, 6, 8)),
]

TRANSPOSED = [
    Case("transposed 1d", sc.ConvTranspose1d(4, 3), (3, 5)),
    Case("transposed 1d stride", sc.ConvTranspose1d(4, 3, stride=2, padding=1, output_padding=1), (3, 5)),
    Case("transposed 2d", sc.ConvTranspose2d(4, 2, stride=2), (3, 4, 5)),
    Case("transposed 2d no bias", sc.ConvTranspose2d(4, 4, stride=2, padding=1, bias=False), (3, 4, 5)),
    Case("transposed 2d groups", sc.ConvTranspose2d(6, 3, stride=2, groups=3), (9, 2, 3)),
    Case("transposed 2d dilation", sc.ConvTranspose2d(4, 3, padding=2, dilation=2), (3, 5, 6)),
    Case("transposed 2d added by dilation", sc.ConvTranspose2d(4, 2, output_padding=(1, 2), dilation=3), (3, 4, 5)),
    Case("transposed 2d stride beyond the kernel", sc.ConvTranspose2d(4, 2, stride=3), (3, 4, 5)),
    Case("transposed 2d cut off", sc.ConvTranspose2d(4, 3, padding=4), (3, 8, 7)),
    Case("transposed 2d asymmetric", sc.ConvTranspose2d(4, 3, stride=2, padding=((0, 1), (2, 0))), (3, 4, 5)),
    Case("transposed 2d asymmetric, no stride", sc.ConvTranspose2d(4, 3, padding=((0, 1), (2, 0))), (3, 4, 5)),
    Case("transposed 2d in_channels", sc.ConvTranspose2d(4, 3, in_channels=3), (3, 4, 5)),
    Case(
        "transposed 2d rectangular all",
        sc.ConvTranspose2d(2, (3, 2), stride=(1, 3), padding=(1, 0), output_padding=(0, 1), dilation=(1, 2)),
        (3, 4, 5),
    ),
    Case("transposed 3d", sc.ConvTranspose3d(2, (1, 2, 3), stride=(1, 2, 3), groups=2), (2, 2, 3, 3)),
]

DEPTHWISE = [
    Case("depthwise 1d", sc.DepthwiseConv1d(3), (4, 7)),
    Case("depthwise 2d", sc.DepthwiseConv2d(3, padding=1), (4, 6, 6)),
    Case("depthwise 2d multiplier", sc.DepthwiseConv2d(3, multiplier=3, bias=False), (4, 6, 6)),
    Case("depthwise 2d same", sc.DepthwiseConv2d(4, padding="same", dilation=2), (4, 6, 7)),
    Case("depthwise 2d all", sc.DepthwiseConv2d((3, 2), stride=(2, 3), padding=((1, 0), 1), in_channels=4), (4, 6, 7)),
    Case("depthwise 3d", sc.DepthwiseConv3d((1, 2, 3), stride=2, multiplier=2), (2, 3, 5, 6)),
]

GLOBAL_POOLS = [
    Case("global avg 1d", sc.GlobalAvgPool(), (4, 9)),
    Case("global avg 2d", sc.GlobalAvgPool(), (4, 5, 6)),
    Case("global avg 2d keepdim", sc.GlobalAvgPool(keepdim=True), (4, 5, 6)),
    Case("global avg of one row", sc.GlobalAvgPool(), (4, 1, 6)),
    Case("global max 2d", sc.GlobalMaxPool(), (4, 5, 6)),
    Case("global max 3d keepdim", sc.GlobalMaxPool(keepdim=True), (2, 3, 4, 5)),
]

RESHAPES = [
    Case("flatten", sc.Flatten(), (3, 4, 5)),
    Case("flatten features", sc.Flatten(), (7,)),
    Case("reshape", sc.Reshape(6, 10), (3, 4, 5)),
    Case("reshape to one", sc.Reshape(60), (3, 4, 5)),
    Case("reshape with a rest", sc.Reshape(4, -1, 5), (3, 4, 5)),
    Case("reshape features", sc.Reshape((3, -1)), (12,)),
    Case("reshape to what it is", sc.Reshape(3, 4, 5), (3, 4, 5)),
    Case("reshape with a rest of 1", sc.Reshape(12, -1), (12,)),
    Case("permute", sc.Permute(1, 2, 0), (3, 4, 5)),
    Case("permute tokens", sc.Permute(1, 0), (3, 4)),
    Case("permute one axis that stays", sc.Permute(2, 1, 0), (3, 4, 5)),
    Case("permute nothing", sc.Permute(0, 1, -1), (3, 4, 5)),
    Case("split channels", sc.Split(2, 0), (6, 4, 5)),
    Case("split channels, the last", sc.Split(3, 2), (6, 4, 5)),
    Case("split unevenly", sc.Split((1, 3, 2), 1), (6, 4, 5)),
    Case("split a row", sc.Split(3, 1, axis=-1), (2, 4, 6)),
    Case("split a column unevenly", sc.Split((1, 3, 2), 2, axis=1), (2, 6, 4)),
    Case("split features", sc.Split(2, 1), (6,)),
    Case("split off the first", sc.Split((1, -1)), (6, 4)),
    Case("split off both ends", sc.Split((2, -1, 1), 1, axis=1), (3, 6, 4)),
    Case("crop 1d", sc.Crop(2), (3, 5)),
    Case("crop 2d", sc.Crop((1, 0)), (3, 4, 5)),
    Case("crop 3d", sc.Crop(1), (2, 3, 4, 5)),
    Case("pixel shuffle", sc.PixelShuffle(2), (8, 3, 4)),
    Case("pixel shuffle by 1", sc.PixelShuffle(1), (3, 3, 4)),
    Case("pixel unshuffle", sc.PixelUnshuffle(2), (2, 4, 6)),
    Case("channel shuffle", sc.ChannelShuffle(3), (6, 4, 5)),
    Case("channel shuffle 1d", sc.ChannelShuffle(2), (6, 5)),
]

PADS = [
    Case("zero pad 1d", sc.ZeroPad1d(2), (3, 5)),
    Case("zero pad 2d", sc.ZeroPad2d(1), (3, 4, 5)),
    Case("zero pad 2d, every end", sc.ZeroPad2d((0, 1, 2, 3)), (3, 4, 5)),
    Case("zero pad 3d", sc.ZeroPad3d((1, 1, 2, 2, 0, 3)), (2, 2, 3, 4)),
    Case("replication 1d", sc.ReplicationPad1d((7, 0)), (3, 5)),
    Case("replication 2d", sc.ReplicationPad2d(6), (3, 4, 5)),
    Case("replication 3d", sc.ReplicationPad3d(1), (2, 2, 3, 4)),
    Case("reflection 1d", sc.ReflectionPad1d(4), (3, 5)),
    Case("reflection 2d", sc.ReflectionPad2d((1, 4, 3, 0)), (3, 4, 5)),
    Case("reflection 3d", sc.ReflectionPad3d(1), (2, 2, 3, 4)),
    Case("circular 1d", sc.CircularPad1d(5), (3, 5)),
    Case("circular 2d", sc.CircularPad2d((1, 5, 4, 0)), (3, 4, 5)),
    Case("circular 3d", sc.CircularPad3d(2), (2, 2, 3, 4)),
    Case("channel pad", sc.ChannelPad(1, 2), (3, 4, 5)),
    Case("channel pad features", sc.ChannelPad(0, 2), (3,)),
]

UPSAMPLINGS = [
    Case("upsample 1d", sc.Upsample(scale_factor=3, mode="linear"), (3, 5)),
    Case("upsample 2d", sc.Upsample(scale_factor=2), (3, 4, 5)),
    Case("upsample 2d bilinear", sc.Upsample(scale_factor=(2, 3), mode="bilinear", align_corners=True), (3, 4, 5)),
    Case("upsample 2d by a fraction", sc.Upsample(scale_factor=Rational(3, 2), mode="bicubic"), (3, 4, 5)),
    Case("upsample 2d down", sc.Upsample(scale_factor=(Rational(1, 2), Rational(3, 4))), (3, 7, 9)),
    Case("upsample 2d to a size", sc.Upsample(7), (3, 4, 5)),
    Case("upsample 2d to what it is", sc.Upsample((4, 9)), (3, 4, 5)),
    Case("upsample 2d by 1", sc.Upsample(scale_factor=1), (3, 4, 5)),
    Case("upsample 3d", sc.Upsample(scale_factor=(1, 2, 2), mode="trilinear"), (2, 2, 3, 4)),
]

DENSE = [
    Case("linear", sc.Linear(5), (7,)),
    Case("linear no bias", sc.Linear(5, bias=False), (7,)),
    Case("linear in_features", sc.Linear(5, in_features=7), (7,)),
    Case("linear on a sequence", sc.Linear(5), (4, 7)),
    Case("linear on a map", sc.Linear(5, in_features=6), (3, 4, 6)),
    Case("linear on a square map", sc.Linear(5, in_features=6), (3, 6, 6)),
    Case("attention", sc.MultiheadAttention(2), (5, 6)),
    Case("attention no bias", sc.MultiheadAttention(3, bias=False, embed_dim=6), (5, 6)),
    Case("attention of one token", sc.MultiheadAttention(1, dropout=0.1), (1, 4)),
]

NORMS = [
    Case("batchnorm1d", sc.BatchNorm1d(), (4, 7)),
    Case("batchnorm1d features", sc.BatchNorm1d(), (4,)),
    Case("batchnorm2d", sc.BatchNorm2d(), (4, 5, 6)),
    Case("batchnorm2d given", sc.BatchNorm2d(4), (4, 5, 6)),
    Case("batchnorm2d not affine", sc.BatchNorm2d(affine=False), (4, 5, 6)),
    Case("batchnorm2d without a scale", sc.BatchNorm2d(scale=False), (4, 5, 6)),
    Case("batchnorm2d no stats", sc.BatchNorm2d(4, track_running_stats=False), (4, 5, 6)),
    Case("batchnorm3d", sc.BatchNorm3d(num_features=2), (2, 3, 4, 5)),
    Case("layer norm", sc.LayerNorm(), (4, 7)),
    Case("layer norm of features", sc.LayerNorm(7), (7,)),
    Case("layer norm of a map", sc.LayerNorm((4, 5, 6)), (4, 5, 6)),
    Case("layer norm of two axes, no bias", sc.LayerNorm((5, 6), bias=False), (4, 5, 6)),
    Case("layer norm not affine", sc.LayerNorm(6, elementwise_affine=False), (4, 5, 6)),
    Case("layer norm 2d", sc.LayerNorm2d(), (4, 5, 6)),
    Case("layer norm 2d given", sc.LayerNorm2d(4, bias=False), (4, 5, 6)),
    Case("group norm", sc.GroupNorm(2), (4, 5, 6)),
    Case("group norm of features", sc.GroupNorm(2, 4), (4,)),
    Case("group norm not affine", sc.GroupNorm(4, affine=False), (4, 5)),
    Case("instance norm 1d", sc.InstanceNorm1d(), (4, 7)),
    Case("instance norm 2d", sc.InstanceNorm2d(affine=True), (4, 1, 2)),
    Case("instance norm 2d tracked", sc.InstanceNorm2d(4, track_running_stats=True), (4, 1, 1)),
    Case("instance norm 3d", sc.InstanceNorm3d(2, affine=True, track_running_stats=True), (2, 3, 4, 5)),
    Case("local response", sc.LocalResponseNorm(5), (6, 4, 4)),
]

ELEMENTWISE = [
    *(Case(kind.__name__.lower(), kind(), (4, 5, 6)) for kind in ACTIVATIONS),
    Case("relu inplace", sc.ReLU(inplace=True), (4,)),
    Case("prelu", sc.PReLU(), (4, 5, 6)),
    Case("prelu of channels", sc.PReLU(4), (4, 5, 6)),
    Case("softmax", sc.Softmax(), (7,)),
    Case("softmax of a row", sc.Softmax(-1), (4, 5, 6)),
    Case("softmax of channels", sc.Softmax(0), (4, 5, 6)),
    Case("softmax 2d", sc.Softmax2d(), (4, 5, 6)),
    Case("log softmax", sc.LogSoftmax(dim=1), (4, 5, 6)),
    Case("softmin", sc.Softmin(), (4, 5, 6)),
    Case("glu", sc.GLU(), (4, 5, 6)),
    Case("glu of channels", sc.GLU(0), (4, 5, 6)),
    Case("glu of features", sc.GLU(), (8,)),
    Case("layer scale", sc.LayerScale(), (4, 5, 6)),
    Case("layer scale given", sc.LayerScale(0.1, num_channels=4), (4,)),
    Case("stochastic depth", sc.StochasticDepth(0.1), (4, 5, 6)),
    Case("stochastic depth of a batch", sc.StochasticDepth(0.2, "batch"), (4,)),
    Case("dropout", sc.Dropout(0.2), (8,)),
    Case("dropout inplace", sc.Dropout(inplace=True), (4, 5, 6)),
    Case("identity", sc.Identity(), (4, 5, 6)),
]

TUTORIAL = Sequential(
    sc.Conv2d(16, 3, padding="same"),
    sc.BatchNorm2d(),
    sc.ReLU(),
    sc.MaxPool2d(2),
    sc.Conv2d(32, 3, padding="same"),
    sc.BatchNorm2d(),
    sc.ReLU(),
    sc.MaxPool2d(2),
    sc.Flatten(),
    sc.Linear(64),
    input=(3, 8, 8),
)
"""The tutorial's example: 448 + 32 + 4640 + 64 + 8256 = 13,440 parameters."""

TUTORIAL_3D = Sequential(
    sc.Conv3d(16, 3, padding="same"),
    sc.BatchNorm3d(),
    sc.MaxPool3d(2),
    sc.Conv3d(32, 3, padding="same"),
    sc.BatchNorm3d(),
    sc.MaxPool3d(2),
    sc.Flatten(),
    sc.Linear(64),
    input=(3, 4, 4, 16),
)
"""The same with kernels of 3×3×3: 1312 + 32 + 13,856 + 64 + 8256 = 23,520 parameters."""

NAMED = Sequential(
    {
        "features": Sequential(("conv", sc.Conv2d(4, 3, stride=2)), ("relu", sc.ReLU()), ("pool", sc.MaxPool2d(2))),
        "head": Sequential(sc.AdaptiveAvgPool2d(1), sc.Flatten(), sc.Linear(3)),
    }
)

NETWORKS = [
    Case("nothing inside", Sequential(), (3, 4, 5)),
    Case("tutorial 2d", TUTORIAL.with_input(None), (3, 8, 8)),
    Case("named and nested", NAMED, (3, 12, 13)),
    Case(
        "strides 3",
        Sequential(sc.Conv2d(2, 3, stride=3), sc.MaxPool2d(3, 3, 1), sc.Conv2d(2, 1)),
        (3, 29, 30),
    ),
    Case(
        "ceilings",
        Sequential(sc.MaxPool2d(3, 2, ceil_mode=True), sc.MaxPool2d(2, 3, 1, ceil_mode=True)),
        (2, 9, 12),
    ),
    Case("depthwise separable", Sequential(sc.Conv2d(4, 3, groups=4), sc.ReLU6(), sc.Conv2d(6, 1)), (4, 7, 7)),
    Case(
        "down and up",
        Sequential(sc.Conv2d(4, 3, padding=1), sc.GLU(0), sc.PixelUnshuffle(2), sc.ZeroPad2d(1), sc.LayerNorm2d()),
        (3, 6, 8),
    ),
    Case(
        "tokens in a network",
        Sequential(
            sc.Conv2d(4, 2, stride=2), sc.Reshape(4, -1), sc.Permute(1, 0), sc.MultiheadAttention(2), sc.LayerNorm()
        ),
        (3, 4, 6),
    ),
    Case(
        "channels last meanwhile",
        Sequential(
            sc.Conv2d(4, 3, padding=1),
            sc.Permute(1, 2, 0),
            Sequential(sc.LayerNorm(), sc.Linear(6, in_features=4), sc.GELU(), sc.Linear(2, in_features=6)),
            sc.Permute(2, 0, 1),
            sc.Conv2d(2, (2, 3), stride=3),
        ),
        (3, 8, 7),
    ),
    Case("turned over", Sequential(sc.Conv2d(4, (3, 1)), sc.Permute(0, 2, 1), sc.MaxPool2d((2, 3))), (3, 8, 7)),
    Case("a height for channels", Sequential(sc.Permute(1, 0, 2), sc.Conv2d(4, (1, 2))), (3, 8, 7)),
    Case("patches", sc.PatchEmbedding(4, 2), (3, 4, 6)),
    Case(
        "patches with a class and positions",
        sc.PatchEmbedding(4, (2, 3), class_token=True, position_embedding=True, bias=False),
        (3, 4, 6),
    ),
    Case("patches with a class", sc.PatchEmbedding(5, 1, class_token=True, in_channels=2), (2, 3, 1)),
    Case("half of what is normalised", Sequential(sc.Conv2d(4, 3), sc.GroupNorm(2), sc.Split(2, 1)), (3, 6, 5)),
    Case("dense", Sequential(sc.Linear(6), sc.Tanh(), sc.Dropout(), sc.Linear(2)), (5,)),
    Case("the same layer twice", Sequential(*[sc.Conv2d(3, 3, padding=1)] * 2), (3, 5, 6)),
]

HALVED = Sequential(sc.Conv2d(3, 3, stride=2, padding=1), sc.ReLU())
HEAD = sc.Auxiliary(Sequential(sc.AdaptiveAvgPool2d(1), sc.BatchNorm2d(), sc.Flatten(), sc.Linear(5)))
SHARED = sc.Shared(sc.Conv2d(3, 3, padding=1))
INDEX = Symbol("i", integer=True, nonnegative=True)
SECOND = Symbol("t", integer=True, nonnegative=True)
DENSE_LAYER = sc.Parallel(sc.Identity(), Sequential(sc.BatchNorm2d(), sc.Conv2d(2, 3, padding=1)), join="concat")

BRANCHES = [
    Case(
        "parallel add", sc.Parallel(sc.Conv2d(4, 1), sc.Conv2d(4, 3, padding=1), sc.Conv2d(4, 5, padding=2)), (3, 6, 7)
    ),
    Case("parallel concat", sc.Parallel(sc.Conv2d(2, 1), sc.Conv2d(4, 3, padding=1), join="concat"), (3, 6, 7)),
    Case(
        "parallel concat along height",
        sc.Parallel(sc.Conv2d(2, (1, 3), padding=(0, 1)), sc.Conv2d(2, 3, padding=1), join="concat", axis=1),
        (3, 6, 7),
    ),
    Case(
        "parallel multiply",
        sc.Parallel(sc.Identity(), Sequential(sc.Conv2d(1, 1), sc.Sigmoid()), join="multiply"),
        (3, 5, 6),
    ),
    Case(
        "gate for each channel",
        sc.Parallel(sc.Identity(), Sequential(sc.AdaptiveAvgPool2d(1), sc.Conv2d(4, 1)), join="multiply"),
        (4, 5, 6),
    ),
    Case(
        "parallel resize",
        sc.Parallel(Sequential(sc.AdaptiveAvgPool2d(1), sc.Conv2d(4, 1)), sc.Identity(), join="resize"),
        (3, 5, 6),
    ),
    Case("resize to its own size", sc.Parallel(sc.Conv2d(2, 1), sc.MaxPool2d(3, 1, 1), join="resize"), (3, 5, 6)),
    Case("resize a line", sc.Parallel(sc.Conv1d(2, 3, stride=2), sc.MaxPool1d(2), join="resize"), (3, 9)),
    Case("one branch", sc.Parallel(sc.Conv2d(2, 3)), (3, 6, 7)),
    Case("branches of odd padding", sc.Parallel(sc.Conv2d(2, 4, padding=((1, 2), (2, 1))), sc.Conv2d(2, 1)), (3, 6, 7)),
    Case(
        "named branches",
        sc.Parallel({"left": sc.Conv2d(2, 1), "right": sc.MaxPool2d(3, 1, 1)}, join="concat"),
        (3, 6, 7),
    ),
    Case("residual", sc.Residual(Sequential(sc.Conv2d(4, 3, padding=1), sc.BatchNorm2d(), sc.ReLU())), (4, 6, 5)),
    Case("residual with a projection", sc.Residual(HALVED, sc.Conv2d(3, 1, stride=2)), (2, 7, 8)),
    Case("residual of a line", sc.Residual(sc.Conv1d(4, 3, padding=1)), (4, 9)),
    Case("residual of a volume", sc.Residual(sc.Conv3d(2, 3, padding=1)), (2, 3, 4, 5)),
    Case("auxiliary head", Sequential(sc.Conv2d(2, 3), HEAD, sc.ReLU(), sc.Conv2d(4, 3)), (3, 6, 7)),
    Case("auxiliary head alone", HEAD, (3, 6, 7)),
    Case("auxiliary head on a map that is too small", sc.Auxiliary(sc.Conv2d(2, (5, 1))), (3, 4, 5)),
    Case("shared once", SHARED, (2, 5, 6)),
    Case("shared twice", Sequential(SHARED, sc.ReLU(), SHARED), (3, 5, 6)),
    Case("shared by branches", sc.Parallel(SHARED, Sequential(sc.ReLU(), SHARED)), (2, 5, 6)),
    Case("shared by name", Sequential(SHARED, sc.Shared(SHARED.layer, "other"), SHARED), (3, 5, 6)),
    Case("shared norm", Sequential(sc.Shared(sc.BatchNorm2d()), sc.ReLU(), sc.Shared(sc.BatchNorm2d())), (3, 5, 6)),
    Case(
        "graph that resizes",
        sc.Graph(
            {
                "small": (sc.Conv2d(3, 3, stride=3), "input"),
                "large": ("resize", "small", "input"),
                "as it is": ("resize", "large", "input"),
                "both": ("concat", "input", "as it is"),
            }
        ),
        (2, 7, 8),
    ),
    Case(
        "graph",
        sc.Graph(
            {
                "late": ("add", "narrow", "wide"),
                "narrow": (sc.Conv2d(3, 1), "input"),
                "wide": (sc.Conv2d(3, 5, padding=2), "narrow"),
                "both": ("concat", "input", "late", "wide"),
                "out": (sc.MaxPool2d(3, 3), "both"),
            }
        ),
        (2, 7, 8),
    ),
]

REPEATED = [
    Case("repeat", sc.Repeat(sc.Conv2d(3, 3, padding=1), 4), (3, 5, 6)),
    Case("repeat never", sc.Repeat(sc.Conv2d(3, 3, padding=1), 0), (4, 5, 6)),
    Case("repeat once", sc.Repeat(sc.Conv2d(3, 3), 1), (4, 5, 6)),
    Case("repeat, other channels first", sc.Repeat(sc.Conv2d(3, 3, padding=1), 4), (2, 5, 6)),
    Case("repeat, shrinking", sc.Repeat(sc.Conv2d(3, (3, 2)), 3), (3, 9, 9)),
    Case("repeat, halving", sc.Repeat(sc.Conv2d(2, 3, stride=2, padding=1), 3), (2, 21, 30)),
    Case("repeat, a third rounded down", sc.Repeat(sc.MaxPool2d(3), 2), (2, 21, 30)),
    Case("repeat, growing channels", sc.Repeat(DENSE_LAYER, 4), (3, 4, 5)),
    Case("repeat, growing map", sc.Repeat(sc.Conv2d(2, 1, padding=1), 3), (2, 3, 4)),
    Case("repeat, widening", sc.Repeat(sc.Conv2d(2 + 3 * INDEX, 3, padding=1), 4, index=INDEX), (2, 4, 5)),
    Case("repeat, doubling", sc.Repeat(sc.Conv2d(2 * 2**INDEX, 1), 4, index=INDEX), (3, 4, 5)),
    Case(
        "repeat, a stage of VGG",
        sc.Repeat(Sequential(sc.Conv2d(2**INDEX, 3, padding=1), sc.ReLU(), sc.MaxPool2d(2)), 3, index=INDEX),
        (3, 17, 16),
    ),
    Case("repeat, kernels that grow", sc.Repeat(sc.Conv2d(2, 2 * INDEX + 1, padding=INDEX), 3, index=INDEX), (2, 5, 6)),
    Case(
        "repeat, dilation that grows",
        sc.Repeat(sc.Conv2d(2, 3, dilation=2**INDEX, padding=2**INDEX), 3, index=INDEX),
        (2, 9, 8),
    ),
    Case("repeat within a repeat", sc.Repeat(Sequential(sc.Repeat(DENSE_LAYER, 2), sc.Conv2d(3, 1)), 3), (4, 4, 5)),
    Case(
        "repeat within a repeat, both counting",
        sc.Repeat(sc.Repeat(sc.Conv2d(1 + INDEX + 2 * SECOND, 1), 2, index=INDEX), 3, index=SECOND),
        (2, 3, 4),
    ),
    Case(
        "repeat of residuals",
        Sequential(sc.Conv2d(4, 1), sc.Repeat(sc.Residual(sc.Conv2d(4, 3, padding=1)), 5)),
        (3, 5, 6),
    ),
    Case("repeat of shared weights", sc.Repeat(SHARED, 5), (3, 5, 6)),
    Case("repeat of features", sc.Repeat(sc.Linear(5), 3), (7,)),
]

COMPOSITES = [
    Case("separable 1d", sc.SeparableConv1d(4, 3), (3, 9)),
    Case("separable 2d", sc.SeparableConv2d(4, 3), (3, 6, 7)),
    Case("separable 2d multiplier", sc.SeparableConv2d(4, (3, 2), multiplier=2, bias=False), (3, 6, 7)),
    Case("separable 2d same", sc.SeparableConv2d(4, 3, dilation=2, padding="same"), (3, 6, 7)),
    Case(
        "separable 2d all",
        sc.SeparableConv2d(2, 3, stride=(1, 2), padding=((1, 2), (0, 3)), dilation=2, in_channels=3),
        (3, 7, 8),
    ),
    Case("separable 3d", sc.SeparableConv3d(2, 2, padding=1), (2, 3, 4, 3)),
    Case("excitation", sc.SqueezeExcitation(2), (4, 5, 6)),
    Case(
        "excitation of other activations",
        sc.SqueezeExcitation(3, activation=sc.SiLU(), scale_activation=sc.Hardsigmoid(), input_channels=4),
        (4, 5, 1),
    ),
    Case("excitation with weights of its own", sc.SqueezeExcitation(3, activation=sc.PReLU(3)), (4, 5, 6)),
    Case("excitations in a row", Sequential(sc.SqueezeExcitation(2), sc.Repeat(sc.SqueezeExcitation(1), 3)), (4, 5, 6)),
]

TEXTBOOK = Sequential(sc.Conv2d(), sc.ReLU(), sc.MaxPool2d(2))
FAMILY = Sequential(sc.Conv2d(w, 3), sc.BatchNorm2d(), sc.Conv2d(2 * w, 3, stride=2), sc.Flatten(), sc.Linear(s))

SYMBOLIC = [
    Case("the textbook's conv2d", sc.Conv2d(), (C, H, W), {C: 3, H: 8, W: 9, "C_out": 4, "k_h": 3, "k_w": 2}),
    Case("the textbook's conv1d", sc.Conv1d(), (3, H), {H: 8, "C_out": 4, "k": 3}),
    Case("the textbook's maxpool", sc.MaxPool2d(), (C, H, W), {C: 2, H: 8, W: 9, "k_h": 3, "k_w": 2}),
    Case("the textbook's linear", sc.Linear(), (C,), {C: 8, "F_out": 5}),
    Case("the textbook's adaptive pool", sc.AdaptiveAvgPool2d(), (4, 9, 8), {"o_h": 3, "o_w": 5}),
    Case("odd kernel, same size", sc.Conv2d(w, k, padding=(k - 1) / 2), (3, H, W), {w: 4, k: 5, H: 6, W: 7}),
    Case("odd kernel, halved", sc.Conv2d(w, k, stride=2, padding=(k - 1) / 2), (3, H, 7), {w: 4, k: 3, H: 6}),
    Case("symbolic stride", sc.Conv2d(2, 3, stride=s, padding=1), (3, H, W), {s: 3, H: 8, W: 9}),
    Case("symbolic same", sc.Conv2d(2, k, stride=s, padding="same"), (3, H, 9), {s: 3, k: 5, H: 8}),
    Case("symbolic ceil_mode", sc.MaxPool2d(k, s, ceil_mode=True), (2, H, 9), {k: 3, s: 2, H: 8}),
    Case("symbolic groups", sc.Conv2d(w, 3, groups=C), (C, 5, 5), {w: 6, C: 3}),
    Case("half the width", sc.Conv2d(w / 2, 3), (3, 5, 5), {w: 6}),
    Case("multiples", sc.MaxPool2d(2, 4), (2, 8 * H, 8 * H + 3), {H: 1}),
    Case("the textbook's transposed", sc.ConvTranspose2d(), (C, H, 5), {C: 3, H: 4, "C_out": 2, "k_h": 3, "k_w": 2}),
    Case("transposed back", sc.ConvTranspose2d(w, s, stride=s), (2 * w, H, W), {w: 2, s: 2, H: 3, W: 4}),
    Case("output padding", sc.ConvTranspose1d(w, 3, stride=s, output_padding=s - 1), (3, H), {w: 2, s: 3, H: 4}),
    Case("either adds", sc.ConvTranspose1d(2, 3, stride=s, output_padding=w, dilation=k), (3, 5), {s: 3, w: 4, k: 5}),
    Case("symbolic multiplier", sc.DepthwiseConv2d(k, multiplier=s, padding="same"), (w, 4, 5), {w: 3, s: 2, k: 3}),
    Case("symbolic layer norm", sc.LayerNorm((C, H)), (3, C, H), {C: 4, H: 5}),
    Case("the textbook's group norm", sc.GroupNorm(), (C, H, W), {C: 6, H: 3, W: 4, "g": 3}),
    Case("slopes of perhaps all channels", sc.PReLU(w), (C, H, 5), {w: 4, C: 4, H: 3}),
    Case("one slope after all", sc.PReLU(w), (C, H, 5), {w: 1, C: 4, H: 3}),
    Case("half of the channels", sc.GLU(0), (C, H, W), {C: 4, H: 3, W: 4}),
    Case("tokens", sc.Reshape(C, -1), (C, H, W), {C: 4, H: 3, W: 4}),
    Case("symbolic reshape", sc.Reshape(s, -1, H), (C, H, W), {s: 2, C: 4, H: 3, W: 4}),
    Case("reshape to as many", sc.Reshape(w, s), (C, H), {w: 6, s: 2, C: 4, H: 3}),
    Case("symbolic split", sc.Split(s, 1), (C, H), {s: 3, C: 6, H: 3}),
    Case("symbolic rest of a split", sc.Split((w, -1), 1), (C, H), {w: 2, C: 6, H: 3}),
    Case("symbolic crop", sc.Crop(w), (C, H, W), {w: 2, C: 3, H: 6, W: 5}),
    Case("symbolic patches", sc.PatchEmbedding(w, s), (C, H, W), {w: 4, s: 2, C: 3, H: 4, W: 6}),
    Case("symbolic uneven split", sc.Split((w, C - w), 1), (C, H), {w: 2, C: 6, H: 3}),
    Case("the textbook's split of a row", sc.Split(index=1, axis=1), (3, H, W), {H: 6, W: 3, "n": 3}),
    Case("the textbook's pad", sc.ZeroPad2d(), (3, H, W), {H: 6, W: 3, "p_h": 0, "p_w": 2}),
    Case("symbolic reflection", sc.ReflectionPad1d((s, s - 1)), (3, H), {H: 6, s: 3}),
    Case("symbolic factor", sc.Upsample(scale_factor=s), (3, H, W), {s: 3, H: 4, W: 5}),
    Case("symbolic size", sc.Upsample((2 * H, w)), (3, H, W), {w: 3, H: 4, W: 5}),
    Case("a fraction of a symbol", sc.Upsample(scale_factor=Rational(3, 4)), (3, H, W), {H: 4, W: 5}),
    Case("the textbook's pixel shuffle", sc.PixelShuffle(), (C, H, W), {C: 8, H: 4, W: 5, "r": 2}),
    Case("the textbook's pixel unshuffle", sc.PixelUnshuffle(), (C, H, W), {C: 2, H: 4, W: 6, "r": 2}),
    Case("the textbook's attention", sc.MultiheadAttention(), (H, w), {H: 5, w: 6, "h": 3}),
    Case("in a network", TEXTBOOK, (3, 9, 9), {"C_out_0": 4, "k_h_0": 3, "k_w_0": 2}),
    Case(
        "a symbolic depth", sc.Repeat(sc.Residual(sc.Conv2d(w, 3, padding=1)), s), (w, H, W), {w: 3, H: 5, W: 4, s: 3}
    ),
    Case(
        "a symbolic depth, other channels first",
        sc.Repeat(sc.Conv2d(w, k), s),
        (3, H, W),
        {w: 2, k: 3, H: 9, W: 8, s: 3},
    ),
    Case("a symbolic dense block", sc.Repeat(DENSE_LAYER, s), (C, H, 3), {C: 3, H: 2, s: 4}),
    Case(
        "a symbolic stage",
        sc.Repeat(Sequential(sc.Conv2d(w * 2**INDEX, 3, padding=1), sc.MaxPool2d(2)), s, index=INDEX),
        (3, H, W),
        {w: 2, H: 9, W: 8, s: 3},
    ),
    Case(
        "a symbolic residual",
        sc.Residual(sc.Conv2d(w, k, padding=(k - 1) / 2)),
        (C, H, W),
        {w: 3, C: 3, k: 3, H: 5, W: 4},
    ),
    Case(
        "the textbook's separable convolution",
        sc.SeparableConv2d(),
        (C, H, W),
        {C: 3, H: 5, W: 6, "C_out": 4, "k_h": 3, "k_w": 2},
    ),
    Case("symbolic depth multiplier", sc.SeparableConv2d(w, k, multiplier=s), (C, 7, 8), {C: 2, w: 3, k: 3, s: 2}),
    Case("symbolic excitation", sc.SqueezeExcitation(C / 4), (C, H, W), {C: 8, H: 3, W: 4}),
    Case("the textbook's excitation", sc.SqueezeExcitation(), (C, H, W), {C: 4, H: 3, W: 4, "C_s": 2}),
    Case("a family", FAMILY, (3, H, 9), {w: 2, H: 8, s: 4}),
]

CASES = [
    *CONVOLUTIONS,
    *TRANSPOSED,
    *DEPTHWISE,
    *POOLS,
    *GLOBAL_POOLS,
    *RESHAPES,
    *PADS,
    *UPSAMPLINGS,
    *DENSE,
    *NORMS,
    *ELEMENTWISE,
    *NETWORKS,
    *BRANCHES,
    *REPEATED,
    *COMPOSITES,
    *SYMBOLIC,
]
