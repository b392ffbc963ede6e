"""THE table: a row for each kind of layer and each of its settings.

``test_laws`` holds every row to the laws, ``test_reference`` to a count by plain loops, and
``test_torch`` to PyTorch. A new layer costs a row here. Shapes are small: the loops are counted one by one.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import symcnn as sc
from symcnn import Layer, Sequential, dims
from symcnn.layers.activation import Activation

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
    for kind in vars(sc).values()
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

DENSE = [
    Case("linear", sc.Linear(5), (7,)),
    Case("linear no bias", sc.Linear(5, bias=False), (7,)),
    Case("linear in_features", sc.Linear(5, in_features=7), (7,)),
    Case("linear on a sequence", sc.Linear(5), (4, 7)),
    Case("linear on a map", sc.Linear(5, in_features=6), (3, 4, 6)),
    Case("linear on a square map", sc.Linear(5, in_features=6), (3, 6, 6)),
    Case("flatten", sc.Flatten(), (3, 4, 5)),
    Case("flatten features", sc.Flatten(), (7,)),
]

NORMS = [
    Case("batchnorm1d", sc.BatchNorm1d(), (4, 7)),
    Case("batchnorm1d features", sc.BatchNorm1d(), (4,)),
    Case("batchnorm2d", sc.BatchNorm2d(), (4, 5, 6)),
    Case("batchnorm2d given", sc.BatchNorm2d(4), (4, 5, 6)),
    Case("batchnorm2d not affine", sc.BatchNorm2d(affine=False), (4, 5, 6)),
    Case("batchnorm2d no stats", sc.BatchNorm2d(4, track_running_stats=False), (4, 5, 6)),
    Case("batchnorm3d", sc.BatchNorm3d(num_features=2), (2, 3, 4, 5)),
    Case("local response", sc.LocalResponseNorm(5), (6, 4, 4)),
]

ELEMENTWISE = [
    *(Case(kind.__name__.lower(), kind(), (4, 5, 6)) for kind in ACTIVATIONS),
    Case("relu inplace", sc.ReLU(inplace=True), (4,)),
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
    Case("dense", Sequential(sc.Linear(6), sc.Tanh(), sc.Dropout(), sc.Linear(2)), (5,)),
    Case("the same layer twice", Sequential(*[sc.Conv2d(3, 3, padding=1)] * 2), (3, 5, 6)),
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
    Case("in a network", TEXTBOOK, (3, 9, 9), {"C_out_0": 4, "k_h_0": 3, "k_w_0": 2}),
    Case("a family", FAMILY, (3, H, 9), {w: 2, H: 8, s: 4}),
]

CASES = [*CONVOLUTIONS, *POOLS, *DENSE, *NORMS, *ELEMENTWISE, *NETWORKS, *SYMBOLIC]
