"""A whole network: its parameters, its multiply-accumulates, and what its dense layer sees."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ...layer import Layer
from ...layers import BatchNorm2d, Conv2d, Flatten, Linear, MaxPool2d, ReLU
from ...networks import Sequential
from ...report.formulas.text import grouped
from ..claim import Claim, Sizes
from ..draw import Draw
from ..mistakes import claims
from ..problem import Problem

SIZES = Sizes()


@dataclass(frozen=True)
class Plan:
    """Two blocks of convolution, normalisation and pooling, then a dense layer; and how a student counts it.

    Args:
        channels: of the image, and of the two convolutions.
        k: the size of the kernels.
        H: the height and width of the image.
        classes: the outputs of the dense layer.
        norm: whether there are batch normalisations.
        sees: the channels that the second convolution is thought to see.
        poolings: how many of the poolings are thought of.
        padded: whether the padding is.
    """

    channels: tuple[int, int, int]
    k: int
    H: int
    classes: int
    norm: bool
    sees: int
    poolings: int = 2
    padded: bool = True

    @property
    def net(self) -> Sequential:
        """The network itself."""
        _, *filters = self.channels
        blocks: list[Layer] = []
        for out in filters:
            norm = [BatchNorm2d()] if self.norm else []
            blocks += [Conv2d(out, self.k, padding=self.k // 2), *norm, ReLU(), MaxPool2d(2)]
        return Sequential(*blocks, Flatten(), Linear(self.classes), input=(self.channels[0], self.H, self.H))

    @property
    def maps(self) -> tuple[int, int, int]:
        """How high the map is behind each convolution, and before the dense layer."""
        lost = 0 if self.padded else self.k - 1
        first = self.H - lost
        second = (first // 2 if self.poolings == 2 else first) - lost
        return first, second, second // 2 if self.poolings else second

    @property
    def features(self) -> tuple[int, int, int]:
        """What the dense layer sees: channels, and the map."""
        return self.channels[2], self.maps[2], self.maps[2]

    def weights(self, squared: bool = True) -> list[int]:
        """The weights of the two convolutions."""
        image, one, two = self.channels
        kernel = self.k**2 if squared else self.k
        return [kernel * image * one, kernel * self.sees * two]

    def params(self, *, bias: bool = True, squared: bool = True, features: int = 0, norm: int = 2) -> list[int]:
        """The parameters of each layer that has some."""
        _, *filters = self.channels
        c, h, w = self.features
        dense = (features or c * h * w) * self.classes
        counts = []
        for weights, out in zip(self.weights(squared), filters, strict=True):
            counts += [weights + out * bias, norm * out * self.norm]
        return [count for count in (*counts, dense + self.classes * bias) if count]

    def macs(self, *, squared: bool = True, bias: bool = False, positions: bool = True) -> list[int]:
        """The multiply-accumulates of each layer that takes some."""
        _, *filters = self.channels
        c, h, w = self.features
        convolutions = [
            (weights + bias * out) * (high * high if positions else 1)
            for weights, out, high in zip(self.weights(squared), filters, self.maps, strict=False)
        ]
        return [*convolutions, (c * h * w + bias) * self.classes]


def drawn(draw: Draw) -> Plan:
    """A plan with the numbers drawn."""
    one = draw.one_of((4, 6, 8, 10, 12, 16))
    channels = (draw.one_of((1, 3)), one, one * draw.whole(1, 2) + draw.one_of((0, 4)))
    k, H, classes = draw.one_of((3, 5)), draw.whole(16, 34), draw.one_of((2, 5, 10, 20))
    return Plan(channels, k, H, classes, norm=draw.whole(0, 1) == 1, sees=one)


def params(draw: Draw, level: int) -> Problem:
    """How many parameters a network has."""
    plan = drawn(draw)
    c, h, _ = plan.features
    one, two = plan.channels[1:]
    pooling = [2 * 2 * one, 2 * 2 * two]
    wrong = {
        "biases forgotten": plan.params(bias=False),
        "kernels not squared": plan.params(squared=False),
        "image channels throughout": replace(plan, sees=plan.channels[0]).params(),
        "pooling given weights": [*plan.params(), *pooling],
        "flatten forgotten": plan.params(features=c),
        "flatten along one axis": plan.params(features=c * h),
        "pooling forgotten": replace(plan, poolings=0).params(),
        "one pooling forgotten": replace(plan, poolings=1).params(),
        "padding forgotten": replace(plan, padded=False).params(),
        "dense layer forgotten": plan.params()[:-1],
    }
    if plan.norm:
        wrong["running statistics counted"] = plan.params(norm=4)
        wrong["norm forgotten"] = plan.params(norm=0)
    return _problem(
        plan,
        "params",
        "How many parameters (trainable numbers) does the network have?",
        "the number of parameters",
        "work out each layer: the second convolution sees what the first makes, and the dense layer the flattened map",
        plan.params(),
        wrong,
    )


def macs(draw: Draw, level: int) -> Problem:
    """How many multiply-accumulates a network takes."""
    plan = drawn(draw)
    wrong = {
        "bias counted": plan.macs(bias=True),
        "FLOPs for MACs": [2 * count for count in plan.macs()],
        "positions forgotten": plan.macs(positions=False),
        "kernels not squared": plan.macs(squared=False),
        "image channels throughout": replace(plan, sees=plan.channels[0]).macs(),
        "pooling forgotten": replace(plan, poolings=0).macs(),
        "padding forgotten": replace(plan, padded=False).macs(),
        "dense layer forgotten": plan.macs()[:-1],
    }
    return _problem(
        plan,
        "macs",
        "How many multiply-accumulates (MACs) does it take for one input?",
        "the number of multiply-accumulates (MACs)",
        "each convolution: its weights, times the positions of its own output; then the dense layer",
        plan.macs(),
        wrong,
    )


def features(draw: Draw, level: int) -> Problem:
    """How many numbers the dense layer of a network sees."""
    plan = drawn(draw)
    c, h, w = plan.features
    wrong = {
        "flatten forgotten": (c,),
        "flatten along one axis": (c, h),
        "channels forgotten": (h, w),
        "pooling forgotten": replace(plan, poolings=0).features,
        "one pooling forgotten": replace(plan, poolings=1).features,
        "padding forgotten": replace(plan, padded=False).features,
    }
    return _problem(
        plan,
        "output",
        "How many features does the dense layer (Linear) see?",
        "the number of features behind the Flatten",
        "follow the height of the map through the layers",
        (c, h, w),
        wrong,
        sign="·",
    )


def _problem(
    plan: Plan,
    what: str,
    ask: str,
    asked: str,
    hint: str,
    right: Sequence[int],
    wrong: Mapping[str, Sequence[int]],
    sign: str = " + ",
) -> Problem:
    """A problem about a plan; each answer is numbers, to be added or multiplied."""
    net = plan.net
    seen = net[:-1]  # Up to the dense layer.
    answer = seen.output[0] if what == "output" else net.profile.quantity(what)
    one, two = plan.channels[1:]
    c, h, w = plan.features
    facts = {
        "biases": f"{one} + {two} + {plan.classes} = {one + two + plan.classes}",
        "kernel": f"{plan.k}×{plan.k} = {plan.k**2}",
        "C_1": one,
        "C_2": two,
        "maps": f"{c}·{h}·{w} = {c * h * w}",
        "positions": f"{plan.maps[0]}×{plan.maps[0]} and {plan.maps[1]}×{plan.maps[1]}",
        "dense": grouped(right[-1]),
    }
    texts = {mistake: sign.join(map(str, numbers)) for mistake, numbers in wrong.items()}
    return Problem(
        f"{_told(plan)} {ask}",
        asked,
        hint,
        Claim(sign.join(map(str, right)), SIZES),
        answer,
        claims(texts, SIZES, **facts),
        lambda: seen if what == "output" else net,
        lambda: (seen if what == "output" else net).explain(what),
    )


def _told(plan: Plan) -> str:
    image, one, two = plan.channels
    norm = "BatchNorm2d, " if plan.norm else ""
    block = [f"Conv2d with {c} filters of {plan.k}×{plan.k}, {norm}ReLU, MaxPool2d 2×2" for c in (one, two)]
    return (
        f"A network on images of {image}×{plan.H}×{plan.H} (channels first): {'; '.join(block)}; Flatten; "
        f"Linear with {plan.classes} outputs. Its convolutions have padding {plan.k // 2}; they and the dense layer "
        "have biases."
    )
