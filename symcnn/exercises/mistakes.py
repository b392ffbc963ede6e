"""The mistakes that exercises recognise: what each is called, what it is, and what is true instead.

A kind of exercise says which of them can be made in it and the formula that each leads to; the words
are here, once. ``{k}`` and the like are the exercise's numbers.
"""

from __future__ import annotations

from collections.abc import Mapping

from .claim import Claim, Sizes

MISTAKES: dict[str, tuple[str, str]] = {
    # parameters
    "bias forgotten": ("the bias is missing", "each filter adds one"),
    "dense bias forgotten": ("the bias is missing", "each of the {F_out} outputs adds one"),
    "one bias for all": ("only one bias is counted", "every filter has its own, {C_out} in all"),
    "one dense bias for all": ("only one bias is counted", "every output has its own, {F_out} in all"),
    "bias times kernel": ("the bias is multiplied by the kernel", "a filter has one bias, whatever the kernel"),
    "inputs have biases": ("the inputs are given biases too", "only the {F_out} outputs have one"),
    "channels swapped": (
        "input and output channels are swapped",
        "there is one bias for each of the {C_out} output channels, not for each of the {C_in} inputs",
    ),
    "features swapped": (
        "inputs and outputs are swapped",
        "there is one bias for each of the {F_out} outputs, not for each of the {F_in} inputs",
    ),
    "input channels forgotten": (
        "the input channels are missing",
        "a filter reaches through all the channels that it sees, {seen} here",
    ),
    "only one filter": ("that is one filter", "there are {C_out} of them"),
    "kernel not squared": ("the kernel counts along one axis only", "it has {kernel} positions"),
    "groups ignored": (
        "the groups are left out",
        "with {g} groups a filter sees {C_in}/{g} = {seen} channels, not {C_in}",
    ),
    "groups divide twice": (
        "the groups divide twice",
        "they divide the channels that a filter sees, but not the number of filters",
    ),
    "stride changes parameters": (
        "the stride divides the parameters",
        "the same weights are used at fewer positions: it changes the output, not the parameters",
    ),
    "stride multiplies parameters": (
        "the stride multiplies the parameters",
        "the same weights are used at more places: it changes the output, not the parameters",
    ),
    "padding has parameters": (
        "the padding is counted into the kernel",
        "padding is put around the input and has no weights",
    ),
    "dilation has parameters": (
        "the dilation is counted into the kernel",
        "it moves the {kernel} weights apart and adds none",
    ),
    "weights at each position": (
        "the parameters are counted at each position",
        "the same filter is used at all positions, so its weights count once",
    ),
    "sum for product": ("the sizes are added", "every input is joined to every output, so they are multiplied"),
    "flatten forgotten": (
        "the flatten is forgotten",
        "it lays {maps} numbers in a row, and the dense layer sees all of them",
    ),
    "flatten along one axis": ("only one axis of the map is flattened", "there are {maps} numbers to lay in a row"),
    "channels left out of the flatten": ("that is one channel of the map", "there are {C} of them, {maps} numbers"),
    "running statistics counted": (
        "running mean and variance are counted as trainable",
        "they are stored, but not trained: buffers",
    ),
    "only the scale": ("that is the scale alone", "each channel also has a shift"),
    "statistics at each position": (
        "scale and shift are counted at each position",
        "all positions of a channel share them",
    ),
    "normalised once for all": ("that is one channel", "each of the {C} channels is normalised for itself"),
    "only the mean": ("that is the mean alone", "each channel also has a variance"),
    "scale and shift stored": (
        "scale and shift are counted with the buffers",
        "they are trained: parameters",
    ),
    "pooling given weights": ("the pooling is given weights", "it takes a maximum or a mean, and has nothing to learn"),
    "pooling given biases": ("the pooling is given biases", "it has nothing to learn, neither weights nor biases"),
    "pooling has one window": ("the window is counted as weights", "it only says where to take the maximum"),
    # sizes
    "floor forgotten": (
        "the rounding is missing",
        "a window that does not fit whole is left out, so the quotient is rounded down",
    ),
    "rounded up": ("the quotient is rounded up", "a window that does not fit whole is left out: round down"),
    "off by one": ("one position is missing", "the first window stands before the first step: add 1"),
    "padding counted once": ("the padding is counted once", "it is on both sides, so it counts twice: 2·{p}"),
    "padding ignored": ("the padding is left out", "it makes the input 2·{p} larger"),
    "padding taken away": ("the padding is taken away", "it is put around the input, and makes it larger"),
    "stride ignored": ("the stride is left out", "the window moves {s} positions at a time, not 1"),
    "stride of a pooling forgotten": (
        "the window is moved one position at a time",
        "where nothing is said, a pooling moves by its own size, {k}",
    ),
    "stride taken for the kernel": ("the window moves by its own size", "the stride is given: {s}"),
    "dilation ignored": ("the dilation is left out", "with dilation {d}, a kernel of {k} covers {extent} positions"),
    "kernel ignored": ("the kernel is left out", "a window must fit whole, and so it has fewer places to stand"),
    "border on one side": ("the kernel takes away one border only", "it sticks out at both ends"),
    "output grows": ("the kernel is added", "that is a transposed convolution; here the window must fit in"),
    # transposed convolutions
    "ordinary convolution": (
        "that is an ordinary convolution",
        "a transposed one goes the other way: its stride makes the output larger",
    ),
    "padding left in": ("the padding is left out", "it cuts the output on both sides, by 2·{p} in all"),
    "padding added": ("the padding is added", "in a transposed convolution it cuts the output, on both sides"),
    "last step too many": ("there is a step too many", "between {H} positions there are {H} - 1 steps"),
    "kernel forgotten": ("the kernel is missing", "the last position is {k} wide"),
    "output padding forgotten": ("the output padding is missing", "it is added on one side, once"),
    "output padding twice": ("the output padding is counted twice", "it is added on one side only"),
    # multiply-accumulates
    "bias counted": ("the bias is counted", "it is added, not multiplied: MACs leave it out"),
    "FLOPs for MACs": ("that is FLOPs", "a MAC is a multiplication and an addition in one"),
    "positions forgotten": (
        "the positions are missing",
        "every filter works at each of the {positions} positions",
    ),
    "positions along one axis": ("positions count along one axis only", "the map has {positions}"),
    "positions of the input": (
        "the positions of the input are counted",
        "a filter works once for each position of the output, {positions}",
    ),
    "positions of the output": (
        "the positions of the output are counted",
        "in a transposed convolution each position of the input, {positions}, is multiplied by the filters",
    ),
    # receptive fields
    "strides ignored": (
        "the strides are left out",
        "behind a stride each step is as wide as all strides before it, multiplied",
    ),
    "kernels added": ("the kernels are added", "each layer adds its kernel less 1"),
    "stride too early": (
        "each layer is widened by its own stride too",
        "only the strides of the layers before it count",
    ),
    "first position forgotten": ("the first position is missing", "a layer of 1×1 sees 1: start from it"),
    "kernels multiplied": ("the kernels are multiplied", "each layer adds to what is seen"),
    "only the last kernel": ("that is the last layer alone", "its inputs have seen more than one position already"),
    # networks
    "biases forgotten": ("the biases are missing", "each filter and each output adds one, {biases} in all"),
    "kernels not squared": ("the kernels count along one axis only", "each has {kernel} positions"),
    "image channels throughout": (
        "both convolutions are given the image's channels",
        "the second one sees the {C_1} channels that the first makes",
    ),
    "pooling forgotten": ("the poolings are forgotten", "each halves the map before the next layer sees it"),
    "one pooling forgotten": ("one pooling is forgotten", "the map is halved twice"),
    "padding forgotten": ("the convolutions' padding is forgotten", "with it they leave the map's size as it is"),
    "dense layer forgotten": ("the dense layer is missing", "it counts {dense}"),
    "norm forgotten": ("the batch normalisations are missing", "each channel has a scale and a shift"),
    "channels forgotten": ("that is one channel", "there are {C_2} of them"),
    # budgets
    "over the budget": ("too large", "{over} parameters are more than {budget}"),
    "not the largest": ("that fits, but so does more", "even {more} has no more than {budget} parameters"),
    "leading term alone": (
        "that is the leading term alone",
        "with the smaller terms there are {over} parameters, more than {budget}",
    ),
    "biases out of budget": (
        "the biases are left out",
        "with them there are {over} parameters, more than {budget}",
    ),
    # factors
    "stride thought to count": (
        "stride does not change the parameters",
        "it changes at how many positions the same weights are used",
    ),
    "padding thought to count": ("padding has no parameters", "it changes the output alone"),
    "input size thought to count": (
        "the input's size changes no parameters of a convolution",
        "the same filters are used at more positions",
    ),
    "smaller factor": ("that counts, but another counts more", "{words} makes {params} parameters"),
}
"""From the name of a mistake to what is wrong, and what is true instead."""


def claims(formulas: Mapping[str, str], sizes: Sizes, **facts: object) -> tuple[Claim, ...]:
    """The claims of some mistakes, from their names and formulas; ``facts`` is what else their words need.

    >>> from symcnn import dims
    >>> k, C, C_out = dims("k C C_out")
    >>> [claim] = claims({"only one filter": "k·k·C + 1"}, Sizes({k: 3, C: 3, C_out: 32}))
    >>> claim.said(written=False)
    'that is one filter: 28 = 3·3·3 + 1; there are 32 of them'
    """
    known = {**sizes.spelled(), **{name: str(fact) for name, fact in facts.items()}}
    return tuple(
        Claim(text, sizes, mistake, MISTAKES[mistake][0], MISTAKES[mistake][1].format_map(known))
        for mistake, text in formulas.items()
    )
