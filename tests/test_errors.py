"""Every bad input and its whole message: the rule, then the value, and before them where it happened."""

from __future__ import annotations

import dataclasses
import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import sympy
from sympy import Float, Integer, Rational, Symbol

import symcnn as sc
from symcnn import Sequential, dims
from symcnn.errors import (
    ConditionError,
    MissingValueError,
    ShapeError,
    SizeError,
    SymcnnError,
    UnknownNameError,
    nearest,
)
from symcnn.sizes import as_size

H, W, w, C, s = dims("H W w C s")
k = dims("k", odd=True)
X, OPEN = (3, 8, 8), (3, H, W)

POSITIVE = "must be a positive integer or an expression in symbols from dims()"

Bad = tuple[Callable[[], Any], type[SymcnnError], str]

# What is no size, at the one door and from the one maker of symbols.
SIZES: list[Bad] = [
    (lambda: as_size(0), SizeError, f"size {POSITIVE}, got 0"),
    (lambda: as_size(-3), SizeError, f"size {POSITIVE}, got -3"),
    (lambda: as_size(2.0), SizeError, f"size {POSITIVE}, got 2.0"),
    (lambda: as_size(True), SizeError, f"size {POSITIVE}, got True"),
    (lambda: as_size(np.True_), SizeError, f"size {POSITIVE}, got np.True_"),
    (lambda: as_size(np.array([4])), SizeError, f"size {POSITIVE}, got array([4])"),
    (lambda: as_size("H"), SizeError, f"size {POSITIVE}, got 'H'; a symbol is made by dims('H')"),
    (lambda: as_size("3*H"), SizeError, f"size {POSITIVE}, got '3*H'"),
    (lambda: as_size(None), SizeError, f"size {POSITIVE}, got None"),
    (
        lambda: as_size(Symbol("w")),
        SizeError,
        "size must be made of symbols from dims(), got w: make w with dims('w')",
    ),
    (
        lambda: as_size(2 * Symbol("w")),
        SizeError,
        "size must be made of symbols from dims(), got 2*w: make w with dims('w')",
    ),
    (
        lambda: as_size(Symbol("w", integer=True)),
        SizeError,
        "size must be made of symbols from dims(), got w: make w with dims('w')",
    ),
    (
        lambda: as_size(0.75 * w),
        SizeError,
        "size must be exact, got 0.75*w; write a decimal as sympy.Rational('0.75')",
    ),
    (
        lambda: as_size(Float(3)),
        SizeError,
        "size must be exact, got 3.00000000000000; write a decimal as sympy.Rational('0.75')",
    ),
    (lambda: as_size(Rational(1, 2)), SizeError, f"size {POSITIVE}, got 1/2"),
    (lambda: as_size(sympy.pi), SizeError, f"size {POSITIVE}, got pi"),
    (lambda: as_size(sympy.oo), SizeError, f"size {POSITIVE}, got oo"),
    (lambda: as_size(Integer(-1)), SizeError, f"size {POSITIVE}, got -1"),
    (lambda: as_size(w - w), SizeError, f"size {POSITIVE}, got 0"),
    (
        lambda: as_size(sympy.sqrt(2) * w),
        SizeError,
        "size must be an integer, got sqrt(2)*w, which never is one",
    ),
    (
        lambda: as_size(w + Rational(1, 2)),
        SizeError,
        "size must be an integer, got w + 1/2, which never is one",
    ),
    (lambda: as_size(k / 2), SizeError, "size must be an integer, got k/2, which never is one"),
    (lambda: as_size(w > 3), SizeError, f"size {POSITIVE}, got w > 3"),
    (lambda: dims(""), SizeError, "dims takes names such as 'H W' that are Python identifiers; got ''"),
    (lambda: dims("3x"), SizeError, "dims takes names such as 'H W' that are Python identifiers; got '3x'"),
    (lambda: dims("H-W"), SizeError, "dims takes names such as 'H W' that are Python identifiers; got 'H-W'"),
    (lambda: dims(3), SizeError, "dims takes names such as 'H W' that are Python identifiers; got 3"),
]

# Settings that are certainly wrong; the layer's kind is named.
SETTINGS: list[Bad] = [
    (lambda: sc.Conv2d(0, 3), SizeError, f"Conv2d: out_channels {POSITIVE}, got 0"),
    (lambda: sc.Conv2d(-16, 3), SizeError, f"Conv2d: out_channels {POSITIVE}, got -16"),
    (lambda: sc.Conv2d(16.0, 3), SizeError, f"Conv2d: out_channels {POSITIVE}, got 16.0"),
    (lambda: sc.Conv2d(True, 3), SizeError, f"Conv2d: out_channels {POSITIVE}, got True"),
    (
        lambda: sc.Conv2d("w", 3),
        SizeError,
        f"Conv2d: out_channels {POSITIVE}, got 'w'; a symbol is made by dims('w')",
    ),
    (lambda: sc.Conv2d(None, 3), SizeError, f"Conv2d: out_channels {POSITIVE}, got None"),
    (
        lambda: sc.Conv2d(Symbol("w"), 3),
        SizeError,
        "Conv2d: out_channels must be made of symbols from dims(), got w: make w with dims('w')",
    ),
    (
        lambda: sc.Conv2d(2 * Symbol("w"), 3),
        SizeError,
        "Conv2d: out_channels must be made of symbols from dims(), got 2*w: make w with dims('w')",
    ),
    (
        lambda: sc.Conv2d(0.75 * w, 3),
        SizeError,
        ("Conv2d: out_channels must be exact, got 0.75*w; write a decimal as sympy.Rational('0.75')"),
    ),
    (
        lambda: sc.Conv2d(k / 2, 3),
        SizeError,
        "Conv2d: out_channels must be an integer, got k/2, which never is one",
    ),
    (lambda: sc.Conv2d(16, None), SizeError, f"Conv2d: kernel_size {POSITIVE}, got None"),
    (
        lambda: sc.Conv2d(16, (3, 3, 3)),
        SizeError,
        "Conv2d: kernel_size must be one size or a tuple for 2 axes, got (3, 3, 3)",
    ),
    (
        lambda: sc.Conv2d(16, ()),
        SizeError,
        "Conv2d: kernel_size must be one size or a tuple for 2 axes, got ()",
    ),
    (
        lambda: sc.Conv1d(16, (3, 3)),
        SizeError,
        "Conv1d: kernel_size must be one size or a tuple for 1 axis, got (3, 3)",
    ),
    (lambda: sc.Conv2d(16, 3, stride=0), SizeError, f"Conv2d: stride {POSITIVE}, got 0"),
    (lambda: sc.Conv2d(16, 3, stride=None), SizeError, f"Conv2d: stride {POSITIVE}, got None"),
    (
        lambda: sc.Conv2d(16, 3, stride=(1, "a")),
        SizeError,
        f"Conv2d: stride {POSITIVE}, got 'a'; a symbol is made by dims('a')",
    ),
    (lambda: sc.Conv2d(16, 3, dilation=0), SizeError, f"Conv2d: dilation {POSITIVE}, got 0"),
    (lambda: sc.Conv2d(16, 3, groups=0), SizeError, f"Conv2d: groups {POSITIVE}, got 0"),
    (
        lambda: sc.Conv2d(6, 3, groups=4),
        ConditionError,
        "Conv2d: groups must divide out_channels, got groups=4 and out_channels=6",
    ),
    (
        lambda: sc.Conv2d(16, 3, padding=-1),
        SizeError,
        ("Conv2d: padding must be an integer of at least 0 or an expression in symbols from dims(), got -1"),
    ),
    (
        lambda: sc.Conv2d(16, 3, padding="full"),
        SizeError,
        "Conv2d: padding must be a size or 'same' or 'valid', got 'full'",
    ),
    (
        lambda: sc.Conv2d(16, 3, padding=(1, 2, 3)),
        SizeError,
        "Conv2d: padding must be one size or a tuple for 2 axes, got (1, 2, 3)",
    ),
    (
        lambda: sc.Conv2d(16, 3, padding=((1, 2, 3), 1)),
        SizeError,
        "Conv2d: padding of an axis must be a size or a pair (before, after), got (1, 2, 3)",
    ),
    (lambda: sc.Conv2d(16, 3, bias=1), SizeError, "Conv2d: bias must be True or False, got 1"),
    (
        lambda: sc.Conv2d(16, 3, input=3),
        ShapeError,
        "Conv2d: an input shape is a tuple (channels, *axes) such as (3, 224, 224), got 3",
    ),
    (lambda: sc.Conv2d(16, 3, input=(3, 0, 8)), SizeError, f"Conv2d: size 1 of a shape {POSITIVE}, got 0"),
    (
        lambda: sc.MaxPool2d(2, padding=2),
        ConditionError,
        "MaxPool2d: padding must be at most half of kernel_size, got padding=2 and kernel_size=2",
    ),
    (
        lambda: sc.MaxPool2d((4, 2), padding=((1, 2), (0, 2))),
        ConditionError,
        "MaxPool2d: padding must be at most half of kernel_size, got padding=2 and kernel_size=2",
    ),
    (lambda: sc.MaxPool2d(2, padding="same"), SizeError, "MaxPool2d: padding must be a size, got 'same'"),
    (lambda: sc.MaxPool2d(2, ceil_mode=1), SizeError, "MaxPool2d: ceil_mode must be True or False, got 1"),
    (lambda: sc.AdaptiveAvgPool2d(0), SizeError, f"AdaptiveAvgPool2d: output_size {POSITIVE}, got 0"),
    (
        lambda: sc.AdaptiveAvgPool2d((1, 2, 3)),
        SizeError,
        "AdaptiveAvgPool2d: output_size must be one size or a tuple for 2 axes, got (1, 2, 3)",
    ),
    (lambda: sc.LocalResponseNorm(0), SizeError, f"LocalResponseNorm: size {POSITIVE}, got 0"),
    (lambda: sc.Linear(0), SizeError, f"Linear: out_features {POSITIVE}, got 0"),
    (lambda: sc.BatchNorm2d(0), SizeError, f"BatchNorm2d: num_features {POSITIVE}, got 0"),
    (
        lambda: sc.ConvTranspose2d(6, 3, groups=4),
        ConditionError,
        "ConvTranspose2d: groups must divide out_channels, got groups=4 and out_channels=6",
    ),
    (
        lambda: sc.ConvTranspose2d(16, 3, padding="same"),
        SizeError,
        "ConvTranspose2d: padding must be a size, got 'same'",
    ),
    (
        lambda: sc.ConvTranspose2d(16, 3, output_padding=-1),
        SizeError,
        (
            "ConvTranspose2d: output_padding must be an integer of at least 0 or an expression in symbols "
            "from dims(), got -1"
        ),
    ),
    (
        lambda: sc.ConvTranspose2d(16, 3, stride=2, dilation=(3, 1), output_padding=2),
        ConditionError,
        (
            "ConvTranspose2d: output_padding must be less than stride or dilation, got output_padding=2, "
            "stride=2 and dilation=1"
        ),
    ),
    (lambda: sc.DepthwiseConv2d(3, multiplier=0), SizeError, f"DepthwiseConv2d: multiplier {POSITIVE}, got 0"),
    (
        lambda: sc.DepthwiseConv2d((3, 3, 3)),
        SizeError,
        "DepthwiseConv2d: kernel_size must be one size or a tuple for 2 axes, got (3, 3, 3)",
    ),
    (lambda: sc.GlobalAvgPool(keepdim=1), SizeError, "GlobalAvgPool: keepdim must be True or False, got 1"),
    (lambda: sc.LayerNorm(0), SizeError, f"LayerNorm: normalized_shape {POSITIVE}, got 0"),
    (lambda: sc.LayerNorm((8, 0)), SizeError, f"LayerNorm: normalized_shape {POSITIVE}, got 0"),
    (
        lambda: sc.LayerNorm(()),
        SizeError,
        "LayerNorm: normalized_shape must be a size or a tuple of at least one, got ()",
    ),
    (
        lambda: sc.LayerNorm2d((8, 7, 7)),
        SizeError,
        "LayerNorm2d: normalized_shape must be the number of channels, got (8, 7, 7)",
    ),
    (lambda: sc.GroupNorm(0), SizeError, f"GroupNorm: num_groups {POSITIVE}, got 0"),
    (
        lambda: sc.GroupNorm(4, 6),
        ConditionError,
        "GroupNorm: num_groups must divide the channels, got num_groups=4 and 6 channels",
    ),
    (
        lambda: sc.MultiheadAttention(3, embed_dim=8),
        ConditionError,
        "MultiheadAttention: num_heads must divide the embedding, got num_heads=3 and an embedding of 8",
    ),
    (lambda: sc.PReLU(0), SizeError, f"PReLU: num_parameters {POSITIVE}, got 0"),
    (lambda: sc.Softmax("channels"), SizeError, "Softmax: dim must be an integer, got 'channels'"),
    (lambda: sc.Softmax(None), SizeError, "Softmax: dim must be an integer, got None"),
    (lambda: sc.GLU(True), SizeError, "GLU: dim must be an integer, got True"),
    (lambda: sc.Reshape(), SizeError, "Reshape: shape must be a size or a tuple of at least one, got ()"),
    (lambda: sc.Reshape(8, 0), SizeError, f"Reshape: shape {POSITIVE}, got 0"),
    (lambda: sc.Reshape(8, -2), SizeError, f"Reshape: shape {POSITIVE}, got -2"),
    (lambda: sc.Reshape(-1, 8, -1), SizeError, "Reshape: shape must have at most one -1, got (-1, 8, -1)"),
    (lambda: sc.Permute(), SizeError, "Permute: dims must be every axis once, such as (1, 2, 0), got ()"),
    (lambda: sc.Permute(1, 2), SizeError, "Permute: dims must be every axis once, such as (1, 2, 0), got (1, 2)"),
    (lambda: sc.Permute(0, 0), SizeError, "Permute: dims must be every axis once, such as (1, 2, 0), got (0, 0)"),
    (
        lambda: sc.Permute(0, 1.0),
        SizeError,
        "Permute: dims must be every axis once, such as (1, 2, 0), got (0, 1.0)",
    ),
    (
        lambda: sc.Permute(dims=1),
        SizeError,
        "Permute: dims must be every axis once, such as (1, 2, 0), got 1",
    ),
    (lambda: sc.Split(0), SizeError, f"Split: sections {POSITIVE}, got 0"),
    (lambda: sc.Split((3, 0)), SizeError, f"Split: sections {POSITIVE}, got 0"),
    (lambda: sc.Split(2, -1), SizeError, "Split: index must be an integer of at least 0, got -1"),
    (lambda: sc.Split(2, 2), SizeError, "Split: index must be less than the number of pieces, got index=2 of 2"),
    (lambda: sc.Split((3, 4), 2), SizeError, "Split: index must be less than the number of pieces, got index=2 of 2"),
    (lambda: sc.Split(2, w), SizeError, "Split: index must be an integer, got w"),
    (lambda: sc.Split((1, -1, -1)), SizeError, "Split: sections must have at most one -1, got (1, -1, -1)"),
    (lambda: sc.Split(-1), SizeError, f"Split: sections {POSITIVE}, got -1"),
    (
        lambda: sc.Crop(-1),
        SizeError,
        "Crop: margin must be an integer of at least 0 or an expression in symbols from dims(), got -1",
    ),
    (lambda: sc.Crop(()), SizeError, "Crop: margin must be a size or a tuple of at least one, got ()"),
    (lambda: sc.PatchEmbedding(768, 0), SizeError, f"PatchEmbedding: patch_size {POSITIVE}, got 0"),
    (
        lambda: sc.PatchEmbedding(768, 16, class_token=1),
        SizeError,
        "PatchEmbedding: class_token must be True or False, got 1",
    ),
    (
        lambda: sc.Upsample(),
        SizeError,
        "Upsample: exactly one of size and scale_factor must be given, got size=None and scale_factor=None",
    ),
    (
        lambda: sc.Upsample(7, 2),
        SizeError,
        "Upsample: exactly one of size and scale_factor must be given, got size=7 and scale_factor=2",
    ),
    (
        lambda: sc.Upsample(scale_factor=0.5),
        SizeError,
        "Upsample: scale_factor must be exact, got 0.5; write a decimal as sympy.Rational('0.5')",
    ),
    (
        lambda: sc.Upsample(scale_factor=Rational(-1, 2)),
        SizeError,
        "Upsample: scale_factor must be a positive number or an expression in symbols from dims(), got -1/2",
    ),
    (
        lambda: sc.Upsample(scale_factor=0),
        SizeError,
        "Upsample: scale_factor must be a positive number or an expression in symbols from dims(), got 0",
    ),
    (
        lambda: sc.Upsample(scale_factor=2, mode="cubic"),
        SizeError,
        (
            "Upsample: mode must be 'nearest' or 'nearest-exact' or 'area' or 'linear' or 'bilinear' or "
            "'bicubic' or 'trilinear', got 'cubic'"
        ),
    ),
    (
        lambda: sc.ZeroPad2d((1, 2)),
        SizeError,
        "ZeroPad2d: padding must be one size or a tuple (left, right, top, bottom), got (1, 2)",
    ),
    (
        lambda: sc.ZeroPad1d((1, -2)),
        SizeError,
        "ZeroPad1d: padding must be an integer of at least 0 or an expression in symbols from dims(), got -2",
    ),
    (lambda: sc.PixelShuffle(0), SizeError, f"PixelShuffle: upscale_factor {POSITIVE}, got 0"),
    (lambda: sc.PixelUnshuffle(1.5), SizeError, f"PixelUnshuffle: downscale_factor {POSITIVE}, got 1.5"),
    (lambda: sc.ChannelShuffle(0), SizeError, f"ChannelShuffle: groups {POSITIVE}, got 0"),
    (lambda: sc.MultiheadAttention(0), SizeError, f"MultiheadAttention: num_heads {POSITIVE}, got 0"),
    (lambda: sc.StochasticDepth(2), SizeError, "StochasticDepth: p must be a number from 0 to 1, got 2"),
    (
        lambda: sc.StochasticDepth(0.1, "column"),
        SizeError,
        "StochasticDepth: mode must be 'row' or 'batch', got 'column'",
    ),
    (lambda: sc.Dropout(1.5), SizeError, "Dropout: p must be a number from 0 to 1, got 1.5"),
    (lambda: sc.Dropout("a"), SizeError, "Dropout: p must be a number from 0 to 1, got 'a'"),
]

# Calls as other libraries write them, and names that are unknown.
CALLS: list[Bad] = [
    (
        lambda: sc.Conv2d(3, 16, 3),
        SizeError,
        (
            "Conv2d takes (out_channels, kernel_size) by position, got 3 values: (3, 16, 3); "
            "PyTorch's Conv2d(3, 16, 3) is Conv2d(16, 3, in_channels=3)"
        ),
    ),
    (
        lambda: sc.Conv2d(3, 16, kernel_size=3, stride=2),
        SizeError,
        "Conv2d takes kernel_size once, got (3, 16, kernel_size=3, stride=2); "
        "PyTorch's Conv2d(3, 16, 3) is Conv2d(16, 3, in_channels=3)",
    ),
    (
        lambda: sc.Conv2d(3, out_channels=16, kernel_size=3),
        SizeError,
        "Conv2d takes out_channels once, got (3, out_channels=16, kernel_size=3); "
        "PyTorch's Conv2d(3, 16, 3) is Conv2d(16, 3, in_channels=3)",
    ),
    (
        lambda: sc.Conv2d(16, 3, out_channels=8),
        SizeError,
        "Conv2d takes out_channels once, got (16, 3, out_channels=8)",
    ),
    (
        lambda: sc.Conv2d(3, 16, 3, 1, 1),
        SizeError,
        (
            "Conv2d takes (out_channels, kernel_size) by position, got 5 values: (3, 16, 3, 1, 1); "
            "PyTorch's Conv2d(3, 16, 3, 1, 1) is Conv2d(16, 3, stride=1, padding=1, in_channels=3)"
        ),
    ),
    (
        lambda: sc.Linear(128, 64),
        SizeError,
        (
            "Linear takes (out_features) by position, got 2 values: (128, 64); PyTorch's Linear(128, "
            "64) is Linear(64, in_features=128)"
        ),
    ),
    (
        lambda: sc.ConvTranspose2d(16, 8, 2, 2),
        SizeError,
        (
            "ConvTranspose2d takes (out_channels, kernel_size) by position, got 4 values: (16, 8, 2, 2); "
            "PyTorch's ConvTranspose2d(16, 8, 2, 2) is ConvTranspose2d(8, 2, stride=2, in_channels=16)"
        ),
    ),
    (
        lambda: sc.MultiheadAttention(64, 8),
        SizeError,
        (
            "MultiheadAttention takes (num_heads) by position, got 2 values: (64, 8); PyTorch's "
            "MultiheadAttention(64, 8) is MultiheadAttention(8, embed_dim=64)"
        ),
    ),
    (
        lambda: sc.Reshape(8, -1, order="C"),
        UnknownNameError,
        "Reshape has no setting 'order'; known: shape, input",
    ),
    (
        lambda: sc.Softmax(0, 1),
        SizeError,
        "Softmax takes (dim) by position, got 2 values: (0, 1)",
    ),
    (
        lambda: sc.BatchNorm2d(64, 1e-5),
        SizeError,
        "BatchNorm2d takes (num_features) by position, got 2 values: (64, 1e-05)",
    ),
    (
        lambda: sc.MaxPool2d(2, 2, 0, 1),
        SizeError,
        "MaxPool2d takes (kernel_size, stride, padding) by position, got 4 values: (2, 2, 0, 1)",
    ),
    (
        lambda: sc.Conv2d(16, 3, strides=2),
        UnknownNameError,
        (
            "Conv2d has no setting 'strides'; did you mean 'stride'? Known: out_channels, "
            "kernel_size, stride, padding, dilation, groups, bias, padding_mode, in_channels, input"
        ),
    ),
    (
        lambda: sc.Conv2d(16, 3, kernel=3),
        UnknownNameError,
        (
            "Conv2d has no setting 'kernel'; did you mean 'kernel_size'? Known: out_channels, "
            "kernel_size, stride, padding, dilation, groups, bias, padding_mode, in_channels, input"
        ),
    ),
    (
        lambda: sc.Conv2d(16, 3, name="stem"),
        UnknownNameError,
        (
            "Conv2d has no setting 'name'; known: out_channels, kernel_size, stride, padding, "
            "dilation, groups, bias, padding_mode, in_channels, input"
        ),
    ),
    (
        lambda: dataclasses.replace(sc.Conv2d(16, 3), kernel=3),
        UnknownNameError,
        (
            "Conv2d has no setting 'kernel'; did you mean 'kernel_size'? Known: out_channels, "
            "kernel_size, stride, padding, dilation, groups, bias, padding_mode, in_channels, input"
        ),
    ),
    (
        lambda: sc.Conv2d(16, 3).function("parms"),
        UnknownNameError,
        (
            "no quantity is named 'parms'; did you mean 'params'? Known: params, buffers, macs, "
            "flops, training_macs, activations, tensor_elements, output, receptive_field"
        ),
    ),
    (
        lambda: sc.Conv2d(16, 3).explain("parms"),
        UnknownNameError,
        (
            "no quantity is named 'parms'; did you mean 'params'? Known: params, buffers, macs, "
            "flops, training_macs, activations, tensor_elements, output, receptive_field"
        ),
    ),
]

# Inputs that a layer cannot take; the layer is named.
INPUTS: list[Bad] = [
    (lambda: sc.Shape(), ShapeError, "a shape has at least one size, got none"),
    (lambda: sc.Shape(3, 0), SizeError, f"size 1 of a shape {POSITIVE}, got 0"),
    (
        lambda: sc.Shape(3, "H"),
        SizeError,
        f"size 1 of a shape {POSITIVE}, got 'H'; a symbol is made by dims('H')",
    ),
    (
        lambda: sc.Conv2d(16, 3).on(3),
        ShapeError,
        "an input shape is a tuple (channels, *axes) such as (3, 224, 224), got 3",
    ),
    (
        lambda: sc.Conv2d(16, 3).on("3,8,8"),
        ShapeError,
        "an input shape is a tuple (channels, *axes) such as (3, 224, 224), got '3,8,8'",
    ),
    (lambda: sc.Conv2d(16, 3).on((3, 8.0, 8)), SizeError, f"size 1 of a shape {POSITIVE}, got 8.0"),
    (
        lambda: sc.Conv2d(16, 3).on((3, 8)),
        ShapeError,
        "Conv2d(16, 3): takes an input of shape (channels, height, width), got Shape(3, 8)",
    ),
    (
        lambda: sc.Conv2d(16, 3).on((3, 8, 8, 8)),
        ShapeError,
        "Conv2d(16, 3): takes an input of shape (channels, height, width), got Shape(3, 8, 8, 8)",
    ),
    (
        lambda: sc.BatchNorm1d().on((3, 4, 5)),
        ShapeError,
        ("BatchNorm1d(): takes an input of shape (channels, length) or (channels), got Shape(3, 4, 5)"),
    ),
    (
        lambda: sc.MaxPool3d(2).on(X),
        ShapeError,
        ("MaxPool3d(2): takes an input of shape (channels, depth, height, width), got Shape(3, 8, 8)"),
    ),
    (
        lambda: sc.Conv2d(16, 9).on(X),
        ConditionError,
        "Conv2d(16, 9): kernel_size 9 is larger than the padded input 8",
    ),
    (
        lambda: sc.Conv2d(16, (3, 11), padding=1).on(X),
        ConditionError,
        "Conv2d(16, (3, 11), padding=1): kernel_size 11 is larger than the padded input 10",
    ),
    (
        lambda: sc.Conv2d(16, 5, dilation=3, padding=1).on(X),
        ConditionError,
        ("Conv2d(16, 5, padding=1, dilation=3): kernel_size 5, dilated to 13, is larger than the padded input 10"),
    ),
    (
        lambda: sc.Conv2d(6, 3, groups=2).on(X),
        ConditionError,
        "Conv2d(6, 3, groups=2): groups must divide in_channels, got groups=2 and in_channels=3",
    ),
    (
        lambda: sc.Conv2d(16, 3, in_channels=4).on(X),
        ConditionError,
        "Conv2d(16, 3, in_channels=4): in_channels is 4, but the input Shape(3, 8, 8) has 3",
    ),
    (
        lambda: sc.BatchNorm2d(4).on(X),
        ConditionError,
        "BatchNorm2d(4): num_features is 4, but the input Shape(3, 8, 8) has 3",
    ),
    (
        lambda: sc.Linear(5, in_features=7).on((8,)),
        ConditionError,
        "Linear(5, in_features=7): in_features is 7, but the input Shape(8) has 8",
    ),
    (
        lambda: sc.Linear(10).on(X),
        ShapeError,
        (
            "Linear(10): acts on the last axis, and Shape(3, 8, 8) ends in a spatial one: put "
            "Flatten() before it, or say in_features=8 if that axis is meant"
        ),
    ),
    (
        lambda: sc.MaxPool2d(9).on(X),
        ConditionError,
        "MaxPool2d(9): kernel_size 9 is larger than the padded input 8",
    ),
    (
        lambda: sc.MaxPool2d(9, 1, ceil_mode=True).on((3, 2, 2)),
        ConditionError,
        ("MaxPool2d(9, 1, ceil_mode=True): kernel_size 9 leaves no output in ceil_mode on an input of 2"),
    ),
    (
        lambda: sc.ConvTranspose2d(6, 3, groups=2).on(X),
        ConditionError,
        "ConvTranspose2d(6, 3, groups=2): groups must divide in_channels, got groups=2 and in_channels=3",
    ),
    (
        lambda: sc.ConvTranspose2d(6, 3, padding=(5, 2)).on((3, 8, 8)),
        ConditionError,
        "ConvTranspose2d(6, 3, padding=(5, 2)): padding of 5 before and 5 after leaves no output on an input of 8",
    ),
    (
        lambda: sc.ConvTranspose2d(6, 3, in_channels=4).on(X),
        ConditionError,
        "ConvTranspose2d(6, 3, in_channels=4): in_channels is 4, but the input Shape(3, 8, 8) has 3",
    ),
    (
        lambda: sc.DepthwiseConv2d(9).on(X),
        ConditionError,
        "DepthwiseConv2d(9): kernel_size 9 is larger than the padded input 8",
    ),
    (
        lambda: sc.DepthwiseConv2d(3, in_channels=4).on(X),
        ConditionError,
        "DepthwiseConv2d(3, in_channels=4): in_channels is 4, but the input Shape(3, 8, 8) has 3",
    ),
    (
        lambda: sc.GlobalAvgPool().on((8,)),
        ShapeError,
        "GlobalAvgPool(): takes an input with axes after the channels, got Shape(8)",
    ),
    (
        lambda: sc.LayerNorm((8, 8, 8, 8)).on(X),
        ShapeError,
        "LayerNorm((8, 8, 8, 8)): normalises over the last 4 axes, got Shape(3, 8, 8)",
    ),
    (
        lambda: sc.LayerNorm((3, 8)).on(X),
        ConditionError,
        "LayerNorm((3, 8)): normalized_shape is (3, 8), but the input is Shape(3, 8, 8)",
    ),
    (
        lambda: sc.LayerNorm2d(8).on(X),
        ConditionError,
        "LayerNorm2d(8): normalized_shape is 8, but the input is Shape(3, 8, 8)",
    ),
    (
        lambda: sc.LayerNorm2d().on((3, 8)),
        ShapeError,
        "LayerNorm2d(): takes an input of shape (channels, height, width), got Shape(3, 8)",
    ),
    (
        lambda: sc.GroupNorm(2).on(X),
        ConditionError,
        "GroupNorm(2): num_groups must divide the channels, got num_groups=2 and 3 channels",
    ),
    (
        lambda: sc.GroupNorm(1, 4).on(X),
        ConditionError,
        "GroupNorm(1, 4): num_channels is 4, but the input Shape(3, 8, 8) has 3",
    ),
    (
        lambda: sc.InstanceNorm2d().on((3, 1, 1)),
        ConditionError,
        (
            "InstanceNorm2d(): a channel must have more than one place where no running statistics are "
            "tracked, got Shape(3, 1, 1)"
        ),
    ),
    (
        lambda: sc.PReLU(8).on(X),
        ConditionError,
        "PReLU(8): num_parameters must be 1 or the channels, got num_parameters=8 and 3 channels",
    ),
    (
        lambda: sc.Softmax(3).on(X),
        ShapeError,
        "Softmax(3): dim must be an axis of Shape(3, 8, 8), from -3 to 2, counted without the batch, got 3",
    ),
    (
        lambda: sc.GLU(0).on(X),
        ConditionError,
        "GLU(0): halves an axis of even size, got 3 of Shape(3, 8, 8)",
    ),
    (
        lambda: sc.LayerScale(num_channels=4).on(X),
        ConditionError,
        "LayerScale(num_channels=4): num_channels is 4, but the input Shape(3, 8, 8) has 3",
    ),
    (
        lambda: sc.Reshape(5, -1).on(X),
        ConditionError,
        "Reshape(5, -1): the sizes that are given have the product 5, which must divide the 192 of Shape(3, 8, 8)",
    ),
    (
        lambda: sc.Reshape(5, 7).on(X),
        ConditionError,
        "Reshape(5, 7): shape has 35 elements, but the input Shape(3, 8, 8) has 192",
    ),
    (
        lambda: sc.Permute(1, 0).on(X),
        ShapeError,
        "Permute(1, 0): takes an input of 2 axes with the channels, got Shape(3, 8, 8)",
    ),
    (
        lambda: sc.Split(2).on(X),
        ConditionError,
        "Split(2): sections must divide the axis, got sections=2 and 3 of Shape(3, 8, 8)",
    ),
    (
        lambda: sc.Split((3, 4), axis=1).on(X),
        ConditionError,
        "Split((3, 4), axis=1): sections must add up to the axis, got (3, 4) and 8 of Shape(3, 8, 8)",
    ),
    (
        lambda: sc.Split((3, -1)).on(X),
        ConditionError,
        "Split((3, -1)): sections must leave something of the axis, got (3, -1) and 3 of Shape(3, 8, 8)",
    ),
    (
        lambda: sc.Crop(4).on(X),
        ConditionError,
        "Crop(4): a margin of 4 at both ends leaves nothing of 8",
    ),
    (
        lambda: sc.Crop((1, 2)).on((3, 8)),
        ShapeError,
        "Crop((1, 2)): margin must be one size or as many as the input's axes, got (1, 2) for Shape(3, 8)",
    ),
    (
        lambda: sc.PatchEmbedding(768, 3).on(X),
        ConditionError,
        "PatchEmbedding(768, 3): patch_size must divide the input, got patch_size=3 and 8",
    ),
    (
        lambda: sc.Parallel(sc.ReLU(), sc.ReLU(), sc.ReLU(), join="resize").on(X),
        ShapeError,
        "layer resize, Parallel(ReLU(), ReLU(), ReLU(), join='resize'): "
        "resize takes two branches, the second for its size, got 3",
    ),
    (
        lambda: sc.Parallel(sc.ReLU(), sc.Flatten(), join="resize").on(X),
        ShapeError,
        "layer resize, Parallel(ReLU(), Flatten(), join='resize'): "
        "0 with Shape(3, 8, 8) cannot be resized to 1 with Shape(192)",
    ),
    (
        lambda: sc.Split(2, axis=3).on(X),
        ShapeError,
        "Split(2, axis=3): axis must be an axis of Shape(3, 8, 8), from -3 to 2, counted without the batch, got 3",
    ),
    (
        lambda: sc.PixelShuffle(2).on(X),
        ConditionError,
        "PixelShuffle(2): upscale_factor² must divide the channels, got upscale_factor=2 and 3 channels",
    ),
    (
        lambda: sc.PixelUnshuffle(3).on(X),
        ConditionError,
        "PixelUnshuffle(3): downscale_factor must divide height and width, got downscale_factor=3 and an axis of 8",
    ),
    (
        lambda: sc.ChannelShuffle(2).on(X),
        ConditionError,
        "ChannelShuffle(2): groups must divide the channels, got groups=2 and 3 channels",
    ),
    (
        lambda: sc.ReflectionPad2d((8, 0, 0, 0)).on(X),
        ConditionError,
        "ReflectionPad2d((8, 0, 0, 0)): padding must be less than the axis it reflects, got padding=8 on an axis of 8",
    ),
    (
        lambda: sc.CircularPad2d(9).on(X),
        ConditionError,
        "CircularPad2d(9): padding must be at most the axis it repeats, got padding=9 on an axis of 8",
    ),
    (
        lambda: sc.Upsample(scale_factor=Rational(1, 9)).on(X),
        ConditionError,
        "Upsample(scale_factor=Rational(1, 9)): scale_factor 1/9 leaves no output on an input of 8",
    ),
    (
        lambda: sc.Upsample(scale_factor=2, mode="linear").on(X),
        ShapeError,
        "Upsample(scale_factor=2, mode='linear'): mode 'linear' is for 1 axis after the channels, got Shape(3, 8, 8)",
    ),
    (
        lambda: sc.Upsample((7, 7, 7)).on(X),
        ShapeError,
        "Upsample((7, 7, 7)): size must be one or as many as the input's axes, got (7, 7, 7) for Shape(3, 8, 8)",
    ),
    (
        lambda: sc.MultiheadAttention(2).on(X),
        ShapeError,
        "MultiheadAttention(2): takes an input of shape (tokens, embedding), got Shape(3, 8, 8)",
    ),
    (
        lambda: sc.MultiheadAttention(3).on((5, 8)),
        ConditionError,
        "MultiheadAttention(3): num_heads must divide the embedding, got num_heads=3 and an embedding of 8",
    ),
    (
        lambda: sc.MultiheadAttention(2, embed_dim=6).on((5, 8)),
        ConditionError,
        "MultiheadAttention(2, embed_dim=6): embed_dim is 6, but the input Shape(5, 8) has 8",
    ),
    (
        lambda: sc.Conv2d(dims("k"), k).symbols,
        SizeError,
        "two different symbols are named k; use one of them throughout",
    ),
]

# Values for symbols, in ``at``, functions and tables.
VALUES: list[Bad] = [
    (
        lambda: sc.Conv2d(w, 3, input=OPEN).at(v=3),
        UnknownNameError,
        "no size is named 'v' here; known: H, W, w",
    ),
    (
        lambda: sc.Conv2d(w, 3, input=OPEN).at(width=3),
        UnknownNameError,
        "no size is named 'width' here; known: H, W, w",
    ),
    (lambda: sc.Conv2d(w, 3, input=OPEN).at(w=0), SizeError, f"w {POSITIVE}, got 0"),
    (lambda: sc.Conv2d(w, 3, input=OPEN).at(w=2.5), SizeError, f"w {POSITIVE}, got 2.5"),
    (
        lambda: sc.Conv2d(w, 3, input=OPEN).at({Symbol("w"): 3}),
        SizeError,
        "the symbol w was not made by dims() as the formula's own; give its value by name",
    ),
    (lambda: sc.Conv2d(w, 3, input=OPEN).at({"w": 3}, w=4), SizeError, "w is given twice: 3 and 4"),
    (
        lambda: sc.Conv2d(w, 3, input=OPEN).at({3: 3}),
        SizeError,
        "values are given by symbol or by name, got 3",
    ),
    (
        lambda: sc.Conv2d(w, 3, input=OPEN).at(H=2),
        ConditionError,
        ("H = 2 breaks the condition H >= 3 (Conv2d(w, 3, input=(3, H, W)): kernel_size is at most the padded input)"),
    ),
    (
        lambda: sc.Conv2d(w, k, input=OPEN).at(k=9, W=8),
        ConditionError,
        (
            "W = 8, k = 9 break the condition W >= k (Conv2d(w, k, input=(3, H, W)): kernel_size is "
            "at most the padded input)"
        ),
    ),
    (lambda: sc.Conv2d(w, k, input=OPEN).at(k=4), SizeError, "k must be odd, got 4"),
    (
        lambda: sc.Conv2d(w, 3, groups=4, input=OPEN).at(w=6),
        ConditionError,
        ("Conv2d(w, 3, groups=4, input=(3, H, W)): groups must divide in_channels, got groups=4 and in_channels=3"),
    ),
    (
        lambda: sc.Conv2d(w, 3, groups=4, input=(C, H, W)).at(C=6),
        ConditionError,
        ("C = 6 breaks the condition 4 | C (Conv2d(w, 3, groups=4, input=(C, H, W)): groups divides in_channels)"),
    ),
    (
        lambda: sc.Conv2d(w / 2, 3, input=OPEN).at(w=3),
        ConditionError,
        "w = 3 breaks the condition 2 | w (Conv2d(w/2, 3, input=(3, H, W)): size w/2)",
    ),
    (
        lambda: sc.Conv2d(w - 4, 3, input=OPEN).at(w=3),
        ConditionError,
        "w = 3 breaks the condition w >= 5 (Conv2d(w - 4, 3, input=(3, H, W)): size w - 4)",
    ),
    (
        lambda: sc.Conv2d(4, 3, in_channels=C, input=(w, H, W)).at(w=3, C=4),
        ConditionError,
        (
            "C = 4, w = 3 break the condition C == w (Conv2d(4, 3, in_channels=C, input=(w, H, W)): "
            "in_channels is what the input has)"
        ),
    ),
    (
        lambda: sc.MaxPool2d(k, padding=1).at(k=1),
        ConditionError,
        ("k = 1 breaks the condition k >= 2 (MaxPool2d(k, padding=1): padding is at most half of kernel_size)"),
    ),
    (
        lambda: sc.MaxPool2d(2, padding=s).at(s=2),
        ConditionError,
        ("s = 2 breaks the condition s <= 1 (MaxPool2d(2, padding=s): padding is at most half of kernel_size)"),
    ),
    (
        lambda: sc.PReLU(w, input=(C, H, W)).at(w=3, C=4),
        ConditionError,
        (
            "C = 4, w = 3 break the condition (-C + w)*(w - 1) == 0 (PReLU(w, input=(C, H, W)): "
            "num_parameters is 1 or the channels)"
        ),
    ),
    (
        lambda: sc.Split(s, 2, input=(C, H, W)).at(s=2),
        ConditionError,
        "s = 2 breaks the condition s >= 3 (Split(s, 2, input=(C, H, W)): index is less than the number of pieces)",
    ),
    (
        lambda: sc.Reshape(8, -1, input=(C, H, W)).at(C=3, H=3, W=3),
        ConditionError,
        (
            "C = 3, H = 3, W = 3 break the condition 8 | C*H*W (Reshape(8, -1, input=(C, H, W)): "
            "the sizes that are given divide the input)"
        ),
    ),
    (lambda: sc.Conv2d(4, 3).at(C_in=0), SizeError, f"C_in {POSITIVE}, got 0"),
    (
        lambda: sc.Conv2d(w, 3, input=OPEN).function("params")(w=8),
        MissingValueError,
        "a value is missing for H, W",
    ),
    (
        lambda: sc.Conv2d(w, 3, input=OPEN).function("params")(w=8, H=1, W=8),
        ConditionError,
        ("H = 1 breaks the condition H >= 3 (Conv2d(w, 3, input=(3, H, W)): kernel_size is at most the padded input)"),
    ),
    (
        lambda: sc.Conv2d(w, 3, input=OPEN).summary(v=3),
        UnknownNameError,
        "no size is named 'v' here; known: H, W, w",
    ),
]

# Networks, and layers inside them; the path is named.
NETWORKS: list[Bad] = [
    (lambda: Sequential(3), SizeError, "Sequential takes layers, pairs (name, layer) or a mapping, got 3"),
    (
        lambda: Sequential([sc.ReLU()]),
        SizeError,
        ("Sequential takes layers, pairs (name, layer) or a mapping, got [ReLU()]; write Sequential(*layers)"),
    ),
    (
        lambda: Sequential(sc.ReLU),
        SizeError,
        (
            "Sequential takes layers, pairs (name, layer) or a mapping, got <class "
            "'symcnn.layers.activation.ReLU'>; write ReLU()"
        ),
    ),
    (
        lambda: Sequential(("a", sc.ReLU(), 3)),
        SizeError,
        "Sequential takes layers, pairs (name, layer) or a mapping, got ('a', ReLU(), 3)",
    ),
    (
        lambda: Sequential(("a.b", sc.ReLU())),
        SizeError,
        "Sequential's names are different strings without a dot, got 'a.b'",
    ),
    (
        lambda: Sequential(("a", sc.ReLU()), ("a", sc.Tanh())),
        SizeError,
        "Sequential's names are different strings without a dot, got 'a'",
    ),
    (
        lambda: Sequential(("", sc.ReLU())),
        SizeError,
        "Sequential's names are different strings without a dot, got ''",
    ),
    (
        lambda: Sequential(sc.ReLU(), inputs=X),
        UnknownNameError,
        "Sequential has no setting 'inputs'; did you mean 'input'? Known: layers, defaults, input",
    ),
    (lambda: Sequential(sc.ReLU())["b"], UnknownNameError, "no layer is named 'b' here; known: 0"),
    (
        lambda: Sequential(("conv", sc.Conv2d(8, 3)))["convs"],
        UnknownNameError,
        "no layer is named 'convs' here; did you mean 'conv'? Known: conv",
    ),
    (
        lambda: Sequential(sc.ReLU())["0.x"],
        UnknownNameError,
        "layer 0, ReLU(), has no layers inside, so there is no '0.x'",
    ),
    (
        lambda: Sequential(sc.ReLU()).map(lambda layer: None),
        SizeError,
        "map takes a function from a layer to a layer; for ReLU() it gave None",
    ),
    (
        lambda: Sequential(sc.Conv2d(8, 3), sc.Conv2d(8, 7)).on(X),
        ConditionError,
        "layer 1, Conv2d(8, 7): kernel_size 7 is larger than the padded input 6",
    ),
    (
        lambda: Sequential(sc.Conv2d(8, 3), sc.BatchNorm2d(4)).on(X),
        ConditionError,
        "layer 1, BatchNorm2d(4): num_features is 4, but the input Shape(8, 6, 6) has 8",
    ),
    (
        lambda: Sequential(sc.Conv2d(8, 3), sc.Linear(4)).on(X),
        ShapeError,
        (
            "layer 1, Linear(4): acts on the last axis, and Shape(8, 6, 6) ends in a spatial one: put"
            " Flatten() before it, or say in_features=6 if that axis is meant"
        ),
    ),
    (
        lambda: Sequential(sc.Conv2d(8, 3), sc.Flatten(), sc.Linear(4, in_features=9)).on(X),
        ConditionError,
        "layer 2, Linear(4, in_features=9): in_features is 9, but the input Shape(288) has 288",
    ),
    (
        lambda: Sequential(sc.Flatten(), sc.MaxPool2d(4)).on(X),
        ShapeError,
        "layer 1, MaxPool2d(4): takes an input of shape (channels, height, width), got Shape(192)",
    ),
    (
        lambda: Sequential(("features", Sequential(sc.ReLU(), ("c", sc.Conv2d(8, 9))))).on(X),
        ConditionError,
        "layer features.c, Conv2d(8, 9): kernel_size 9 is larger than the padded input 8",
    ),
    (
        lambda: Sequential(("features", Sequential(sc.ReLU(), ("c", sc.Conv2d(8, 9)))), input=X).params,
        ConditionError,
        "layer features.c, Conv2d(8, 9): kernel_size 9 is larger than the padded input 8",
    ),
    (
        lambda: Sequential(sc.Conv2d(8, 3), sc.AdaptiveAvgPool2d(4)).on(X).receptive_field,
        ShapeError,
        "layer 1, AdaptiveAvgPool2d(4): windows differ in size, so no one receptive field",
    ),
    (
        lambda: Sequential(sc.Conv2d(8, 3), sc.MaxPool2d(2), input=OPEN).at(H=3),
        ConditionError,
        ("H = 3 breaks the condition H >= 4 (layer 1, MaxPool2d(2): kernel_size is at most the padded input)"),
    ),
    (
        lambda: Sequential(("a", Sequential(("b", sc.Conv2d(8, 3)))), input=OPEN).at(H=2),
        ConditionError,
        ("H = 2 breaks the condition H >= 3 (layer a.b, Conv2d(8, 3): kernel_size is at most the padded input)"),
    ),
    (
        lambda: Sequential(sc.Conv2d(8, 3), input=OPEN).at(w=2),
        UnknownNameError,
        "no size is named 'w' here; known: H, W",
    ),
]


@pytest.mark.parametrize(("wrong", "error", "message"), SIZES + SETTINGS + CALLS + INPUTS + VALUES + NETWORKS)
def test_the_whole_message(wrong: Callable[[], Any], error: type[SymcnnError], message: str) -> None:
    with pytest.raises(SymcnnError) as caught:
        wrong()
    assert str(caught.value) == message
    assert type(caught.value) is error


def test_every_error_is_a_symcnn_error_and_a_value_error() -> None:
    for kind in (SizeError, ShapeError, ConditionError, UnknownNameError, MissingValueError):
        assert issubclass(kind, SymcnnError)
    assert issubclass(SymcnnError, ValueError)


def test_an_error_keeps_its_parts() -> None:
    with pytest.raises(SymcnnError) as caught:
        Sequential(("features", Sequential(sc.ReLU(), ("c", sc.Conv2d(8, 9))))).on(X)
    error = caught.value
    assert (error.path, error.layer) == (("features", "c"), "Conv2d(8, 9)")
    assert error.message == "kernel_size 9 is larger than the padded input 8"
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


@pytest.mark.parametrize(
    ("name", "known", "ending"),
    [
        ("parms", ["params", "macs"], "; did you mean 'params'? Known: params, macs"),
        ("zzz", ["params", "macs"], "; known: params, macs"),
        ("zzz", [], "; known: none"),
    ],
)
def test_nearest(name: str, known: list[str], ending: str) -> None:
    assert nearest(name, known) == ending


def test_a_symbol_is_never_refused_for_what_it_may_be() -> None:
    """What is only perhaps wrong is a condition, not an error."""
    profile = sc.Conv2d(w / 2, k, groups=s).on((C, H, W))
    assert [str(condition) for condition in profile.conditions] == [
        "s | C",
        "s | w/2",
        "H >= k",
        "W >= k",
        "2 | w",
    ]
