"""Inception v3: branches whose kernels are taken apart, 5×5 into two 3×3 and 7×7 into 1×7 and 7×1.

C. Szegedy et al., Rethinking the Inception Architecture for Computer Vision (arXiv:1512.00567); layers
and names as torchvision publishes them, and Keras's form beside it.
"""

from __future__ import annotations

from functools import partial
from string import ascii_lowercase
from typing import Any, NamedTuple

from ..layer import Layer
from ..layers import AdaptiveAvgPool2d, AvgPool2d, BatchNorm2d, Conv2d, Dropout, Flatten, Linear, MaxPool2d, ReLU
from ..networks import Auxiliary, Parallel, Sequential
from ..sizes import Size, as_size, dims
from .blocks import blocks, half, pair

w, K, H, W = dims("w K H W")


def inception_v3(
    width: Any = w,
    depths: tuple[Any, Any] = (3, 2),
    middle: tuple[Any, ...] = (8, 10, 10, 12),
    *,
    kernel_size: Any = 7,
    auxiliary: bool = True,
    scale: bool = True,
    classes: Any = K,
    dropout: float = 0.5,
    input: Any = (3, H, W),
) -> Sequential:
    """Inception v3: modules at three sizes of the map, with modules between them that halve it.

    All filters are multiples of ``w``, from ``2w`` to ``48w``; 80, in front, is ``5w``. The module that
    counts as the last of the first size has more channels behind its pooling than the first has.

    Args:
        width: what the filters are multiples of; 16 as published.
        depths: how many modules stand at the first and at the last size; a symbol gives a ``Repeat``.
        middle: for each module at the size between, the filters in front of its long kernels, in widths.
        kernel_size: the length of these kernels.
        auxiliary: whether the head is there that training runs.
        scale: whether normalisations have a scale; those of Keras have a shift alone.
        classes: the outputs.
        dropout: the probability before the last layer.
        input: the input's shape; 3×299×299 as published.

    >>> import symcnn as sc
    >>> net = sc.zoo.inception_v3()
    >>> net.at(net.defaults).params
    27161264
    >>> net.conditions
    (H >= 75, W >= 75)
    """
    builder = _Builder(as_size(width, "width"), kernel_size, BatchNorm2d(eps=0.001, scale=scale))
    layers = builder.stem()
    first, last = pair(depths, "depths")
    layers |= _lettered(5, "b", blocks(builder.square(2), builder.square(4), first))
    layers["Mixed_6a"] = builder.to_middle()
    layers |= _lettered(6, "b", [builder.long(inner) for inner in middle])
    if auxiliary:
        layers["AuxLogits"] = Auxiliary(builder.head(classes))
    layers["Mixed_7a"] = builder.to_last()
    layers |= _lettered(7, "b", blocks(builder.wide(), builder.wide(), last))
    layers |= {"avgpool": AdaptiveAvgPool2d(1), "dropout": Dropout(dropout), "flatten": Flatten()}
    layers["fc"] = Linear(classes)
    return Sequential(layers, input=input, defaults={w: 16, K: 1000, H: 299, W: 299})


def _lettered(stage: int, letter: str, modules: list[Layer]) -> dict[str, Layer]:
    """Modules under torchvision's names: ``Mixed_5b``, ``Mixed_5c``, ...; behind the alphabet, numbers."""
    letters = ascii_lowercase[ascii_lowercase.index(letter) :]
    names = [*letters, *map(str, range(len(letters), len(modules)))]
    return {f"Mixed_{stage}{name}": module for name, module in zip(names, modules, strict=False)}


class _Builder(NamedTuple):
    """Builds the modules for a width, a length of the long kernels and a normalisation."""

    unit: Size
    kernel_size: Any
    norm: BatchNorm2d

    def conv(self, times: Any, kernel_size: Any = 1, *, stride: Any = 1, padding: Any = None) -> Sequential:
        """A convolution, its normalisation and activation; the padding keeps the size where none is given."""
        pad = half(kernel_size) if padding is None else padding
        convolution = Conv2d(times * self.unit, kernel_size, stride=stride, padding=pad, bias=False)
        return Sequential({"conv": convolution, "bn": self.norm, "relu": ReLU()})

    def stem(self) -> dict[str, Layer]:
        """Down to an eighth of the map."""
        return {
            "Conv2d_1a_3x3": self.conv(2, 3, stride=2, padding=0),
            "Conv2d_2a_3x3": self.conv(2, 3, padding=0),
            "Conv2d_2b_3x3": self.conv(4, 3),
            "maxpool1": MaxPool2d(3, 2),
            "Conv2d_3b_1x1": self.conv(5),
            "Conv2d_4a_3x3": self.conv(12, 3, padding=0),
            "maxpool2": MaxPool2d(3, 2),
        }

    def pooled(self, times: Any) -> Sequential:
        """An average over the neighbours, and a 1×1 convolution."""
        return Sequential({"pool": AvgPool2d(3, 1, 1), "conv": self.conv(times)})

    def square(self, pooled: Any) -> Parallel:
        """A module of 5×5 and twice 3×3."""
        return _joined(
            branch1x1=self.conv(4),
            branch5x5=Sequential(self.conv(3), self.conv(4, 5)),
            branch3x3dbl=Sequential(self.conv(4), self.conv(6, 3), self.conv(6, 3)),
            branch_pool=self.pooled(pooled),
        )

    def to_middle(self) -> Parallel:
        """Half the map."""
        return _joined(
            branch3x3=self.conv(24, 3, stride=2, padding=0),
            branch3x3dbl=Sequential(self.conv(4), self.conv(6, 3), self.conv(6, 3, stride=2, padding=0)),
            branch_pool=MaxPool2d(3, 2),
        )

    def long(self, inner: Any) -> Parallel:
        """A module of 1×7 and 7×1."""
        across, down = self.across, self.down
        twice = (self.conv(inner), self.conv(inner, down), self.conv(inner, across), self.conv(inner, down))
        return _joined(
            branch1x1=self.conv(12),
            branch7x7=Sequential(self.conv(inner), self.conv(inner, across), self.conv(12, down)),
            branch7x7dbl=Sequential(*twice, self.conv(12, across)),
            branch_pool=self.pooled(12),
        )

    @property
    def across(self) -> tuple[Any, Any]:
        """A long kernel along the width."""
        return 1, self.kernel_size

    @property
    def down(self) -> tuple[Any, Any]:
        """A long kernel along the height."""
        return self.kernel_size, 1

    def head(self, classes: Any) -> Sequential:
        """The head that training runs."""
        return Sequential(
            {
                "pool": AvgPool2d(5, 3),
                "conv0": self.conv(8),
                "conv1": self.conv(48, 5, padding=0),
                "avgpool": AdaptiveAvgPool2d(1),
                "flatten": Flatten(),
                "fc": Linear(classes),
            }
        )

    def to_last(self) -> Parallel:
        """Half the map again."""
        halving = self.conv(12, 3, stride=2, padding=0)
        return _joined(
            branch3x3=Sequential(self.conv(12), self.conv(20, 3, stride=2, padding=0)),
            branch7x7x3=Sequential(self.conv(12), self.conv(12, self.across), self.conv(12, self.down), halving),
            branch_pool=MaxPool2d(3, 2),
        )

    def wide(self) -> Parallel:
        """A module whose branches fork at their ends into 1×3 and 3×1."""
        return _joined(
            branch1x1=self.conv(20),
            branch3x3=Sequential(self.conv(24), self.fork()),
            branch3x3dbl=Sequential(self.conv(28), self.conv(24, 3), self.fork()),
            branch_pool=self.pooled(12),
        )

    def fork(self) -> Parallel:
        """1×3 and 3×1 side by side."""
        return _joined(a=self.conv(24, (1, 3)), b=self.conv(24, (3, 1)))


def _joined(**branches: Layer) -> Parallel:
    return Parallel(branches, join="concat")


MODELS = {
    "inception_v3": inception_v3,
    "InceptionV3": partial(inception_v3, auxiliary=False, scale=False),
}
