"""Every layer of the table, in both data formats, against Keras's shapes and weights and PyTorch's counter."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from counted_keras import again, axes, counted, keras, kl, net_of, read, row

import symcnn as sc
from symcnn.interop.keras.rules import LAYERS

pytestmark = pytest.mark.torch

IMAGES: dict[str, Callable[[int], list[Any]]] = {
    "conv": lambda c: [kl.Conv2D(8, 3), kl.Conv2D(4, (2, 5), strides=3, use_bias=False)],
    "conv same": lambda c: [kl.Conv2D(8, k, strides=s, padding="same") for k, s in ((7, 2), (2, 3), (4, 1), (3, 6))],
    "conv long strides": lambda c: [kl.Conv2D(4, 3, strides=(7, 6), padding="same", activation="relu")],
    "conv dilated": lambda c: [kl.Conv2D(8, 3, dilation_rate=2), kl.Conv2D(4, 4, dilation_rate=3, padding="same")],
    "conv grouped": lambda c: [kl.Conv2D(12, 3, groups=3, activation="gelu"), kl.Conv2D(8, 1, groups=4)],
    "depthwise": lambda c: [
        kl.DepthwiseConv2D(3, depth_multiplier=2, activation="relu6"),
        kl.DepthwiseConv2D(4, strides=2, padding="same", use_bias=False),
        kl.DepthwiseConv2D(2, dilation_rate=3, padding="same"),
    ],
    "separable": lambda c: [
        kl.SeparableConv2D(8, 3, padding="same", activation="swish"),
        kl.SeparableConv2D(4, 2, strides=3, depth_multiplier=2, use_bias=False),
    ],
    "transposed": lambda c: [kl.Conv2DTranspose(4, k, strides=s) for k, s in ((3, 2), (2, 3), (2, 2))],
    "transposed same": lambda c: [
        kl.Conv2DTranspose(4, k, strides=s, padding="same", activation="tanh") for k, s in ((3, 2), (2, 3), (4, 1))
    ],
    "transposed padded": lambda c: [
        kl.Conv2DTranspose(4, 3, strides=3, padding="same", output_padding=2),
        kl.Conv2DTranspose(4, 4, strides=2, padding="same", output_padding=1),
        kl.Conv2DTranspose(4, 2, strides=2, output_padding=1),
    ],
    "transposed dilated": lambda c: [kl.Conv2DTranspose(4, 3, dilation_rate=2, padding="same")],
    "batch norm": lambda c: [kl.BatchNormalization(axis=c), kl.BatchNormalization(axis=c, scale=False)],
    "batch norm uncentred": lambda c: [
        kl.BatchNormalization(axis=c, center=False),
        kl.BatchNormalization(axis=c, center=False, scale=False),
    ],
    "batch norm of rows": lambda c: [kl.Conv2D(5, 1), kl.Reshape((5, -1)), kl.BatchNormalization(axis=1)],
    "layer norm": lambda c: [kl.LayerNormalization(axis=c), kl.Conv2D(4, 1), kl.LayerNormalization(axis=[c])],
    "layer norm halves": lambda c: [
        kl.LayerNormalization(axis=c, scale=False),
        kl.LayerNormalization(axis=c, center=False),
        kl.LayerNormalization(axis=c, center=False, scale=False),
    ],
    "group norm": lambda c: [kl.Conv2D(8, 1), kl.GroupNormalization(4, axis=c), kl.GroupNormalization(-1, axis=c)],
    "group norm halves": lambda c: [
        kl.GroupNormalization(3, axis=c, scale=False),
        kl.GroupNormalization(1, axis=c, center=False),
    ],
    "rms norm": lambda c: [kl.RMSNormalization(axis=c), kl.UnitNormalization(axis=c)],
    "spectral norm": lambda c: [kl.SpectralNormalization(kl.Conv2D(4, 3, activation="relu"))],
    "rescaled": lambda c: [kl.Rescaling(1 / 255, offset=-1), kl.Normalization(axis=None, mean=1.0, variance=2.0)],
    "normalised by data": lambda c: [kl.Normalization(axis=c)],
    "max pool": lambda c: [kl.MaxPooling2D(3, 2), kl.MaxPooling2D(), kl.MaxPooling2D((2, 3), strides=1)],
    "max pool same": lambda c: [
        kl.MaxPooling2D(k, s, padding="same") for k, s in ((3, 2), (2, 1), (2, 3), (5, 1), (3, 1))
    ],
    "average pool": lambda c: [kl.AveragePooling2D(3, 2), kl.AveragePooling2D(4, 3, padding="same")],
    "global": lambda c: [kl.GlobalAveragePooling2D(), kl.Dense(10, activation="softmax")],
    "global kept": lambda c: [kl.GlobalMaxPooling2D(keepdims=True), kl.Conv2D(8, 1), kl.Flatten(), kl.Dense(2)],
    "adaptive": lambda c: [kl.AdaptiveAveragePooling2D((7, 5)), kl.AdaptiveMaxPooling2D(2)],
    "padded": lambda c: [kl.ZeroPadding2D(), kl.ZeroPadding2D((2, 0)), kl.ZeroPadding2D(((0, 1), (2, 3)))],
    "cropped": lambda c: [kl.Cropping2D(1), kl.Cropping2D((0, 2)), kl.Cropping2D(((0, 1), (2, 3)))],
    "upsampled": lambda c: [kl.UpSampling2D(), kl.UpSampling2D((1, 3), interpolation="bilinear")],
    "resized": lambda c: [kl.Resizing(24, 31), kl.Conv2D(4, 3, padding="same")],
    "cut out": lambda c: [kl.CenterCrop(24, 31), kl.Conv2D(4, 3)],
    "activations": lambda c: [
        *(kl.Activation(name) for name in ("relu", "silu", "hard_sigmoid", "exponential", "softplus", "linear")),
        *(kl.ReLU(), kl.ReLU(6), kl.ReLU(negative_slope=0.1), kl.LeakyReLU(), kl.ELU()),
    ],
    "softmax": lambda c: [kl.Softmax(axis=c), kl.Softmax(axis=[1, 2]), kl.Activation("log_softmax")],
    "prelu": lambda c: [kl.PReLU(shared_axes=[1, 2] if c == -1 else [2, 3]), kl.PReLU(shared_axes=[1, 2, 3])],
    "dropout": lambda c: [kl.Dropout(0.5), kl.SpatialDropout2D(0.5), kl.GaussianNoise(1.0), kl.GaussianDropout(0.5)],
    "nothing": lambda c: [kl.Identity(), kl.ActivityRegularization(), kl.AlphaDropout(0.5)],
    "dense on places": lambda c: (
        [kl.Dense(8, activation="relu"), kl.Conv2D(4, 3)] if c == -1 else [kl.Permute((2, 3, 1)), kl.Dense(8)]
    ),
    "permuted": lambda c: [kl.Permute((2, 1, 3)), kl.Conv2D(4, 3)] if c == -1 else [kl.Permute((1, 3, 2))],
    "reshaped": lambda c: [
        kl.GlobalAveragePooling2D(),
        kl.Reshape((1, 1, 3) if c == -1 else (3, 1, 1)),
        kl.Conv2D(4, 1),
    ],
    "tokens": lambda c: [kl.Reshape((-1, 3) if c == -1 else (3, -1))],
    "repeated": lambda c: [kl.GlobalMaxPooling2D(), kl.RepeatVector(4), kl.LSTM(5)],
}


NOT_RUN = (kl.LayerNormalization, kl.RMSNormalization)
"""What Keras cannot run on PyTorch along another axis than the last."""


@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
@pytest.mark.parametrize("layers", IMAGES.values(), ids=IMAGES)
def test_layers_of_images(layers: Any, data_format: str) -> None:
    last = data_format == "channels_last"
    with axes(data_format):
        model = row((None, None, 3) if last else (3, None, None), *layers(-1 if last else 1))
    if last or not any(isinstance(one, NOT_RUN) for one in model.layers):
        read(model)
    else:
        assert again(net_of(model)) == net_of(model)


LENGTHS = ({"L": 16}, {"L": 21})
ROWS: dict[str, Callable[[], list[Any]]] = {
    "conv": lambda: [kl.Conv1D(8, 3, strides=2, padding="same"), kl.Conv1D(4, 4, dilation_rate=2)],
    "conv causal": lambda: [kl.Conv1D(8, 3, padding="causal", dilation_rate=4), kl.Conv1D(8, 2, 3, padding="causal")],
    "depthwise": lambda: [kl.DepthwiseConv1D(3, 2, padding="same"), kl.SeparableConv1D(8, 3, dilation_rate=2)],
    "transposed": lambda: [kl.Conv1DTranspose(4, 3, 2), kl.Conv1DTranspose(4, 3, 2, padding="same")],
    "pools": lambda: [
        kl.MaxPooling1D(3, 2, padding="same"),
        kl.AveragePooling1D(2),
        kl.AdaptiveMaxPooling1D(8),
        kl.AdaptiveAveragePooling1D(4),
    ],
    "shapes": lambda: [kl.ZeroPadding1D((1, 2)), kl.Cropping1D((0, 1)), kl.UpSampling1D(3), kl.SpatialDropout1D(0.5)],
    "global": lambda: [kl.BatchNormalization(), kl.GlobalAveragePooling1D(), kl.Dense(3)],
    "dense": lambda: [kl.Dense(8, use_bias=False), kl.LayerNormalization(), kl.PReLU(shared_axes=[1])],
    "einsum": lambda: [
        kl.EinsumDense("abc,cd->abd", (None, 5), bias_axes="d", activation="relu"),
        kl.EinsumDense("abc,cde->abde", (None, 2, 3), bias_axes="de"),
        kl.EinsumDense("...cd,cde->...e", (7,)),
    ],
    "recurrent": lambda: [kl.LSTM(5, return_sequences=True), kl.GRU(4, return_sequences=True), kl.LSTM(3)],
    "recurrent both ways": lambda: [
        kl.Bidirectional(kl.LSTM(3, return_sequences=True)),
        kl.Bidirectional(kl.GRU(4), merge_mode="sum"),
    ],
}


@pytest.mark.parametrize("layers", ROWS.values(), ids=ROWS)
def test_layers_of_rows(layers: Any) -> None:
    with axes("channels_last"):
        model = row((None, 6), *layers())
    read(model, sizes=LENGTHS)


VOLUMES = ({"D": 10, "H": 12, "W": 11}, {"D": 9, "H": 13, "W": 16})
VIDEOS: dict[str, Callable[[], list[Any]]] = {
    "conv": lambda: [kl.Conv3D(4, 3, strides=2, padding="same", activation="relu"), kl.Conv3D(2, (1, 2, 3))],
    "transposed": lambda: [kl.Conv3DTranspose(4, 3, 2, padding="same")],
    "pools": lambda: [
        kl.MaxPooling3D(3, 2, padding="same"),
        kl.AveragePooling3D(2),
        kl.GlobalMaxPooling3D(keepdims=True),
        kl.GlobalAveragePooling3D(),
    ],
    "shapes": lambda: [kl.ZeroPadding3D(1), kl.Cropping3D((1, 0, 2)), kl.UpSampling3D(2), kl.SpatialDropout3D(0.5)],
    "frames": lambda: [
        kl.TimeDistributed(kl.Conv2D(4, 3, strides=2, activation="relu")),
        kl.TimeDistributed(kl.BatchNormalization()),
        kl.TimeDistributed(row((None, None, 4), kl.SeparableConv2D(5, 3), kl.GlobalAveragePooling2D())),
        kl.TimeDistributed(kl.Dense(3)),
        kl.LSTM(2),
    ],
    "norm": lambda: [
        kl.BatchNormalization(),
        kl.LayerNormalization(),
        kl.AdaptiveAveragePooling3D((2, 3, 4)),
        kl.AdaptiveMaxPooling3D(1),
    ],
}


@pytest.mark.parametrize("layers", VIDEOS.values(), ids=VIDEOS)
def test_layers_of_volumes(layers: Any) -> None:
    with axes("channels_last"):
        model = row((None, None, None, 3), *layers())
    read(model, sizes=VOLUMES)


STEPPED: dict[str, Callable[[], Any]] = {
    "cell": lambda: row((4, 6), kl.Masking(), kl.RNN(kl.LSTMCell(5))),
    "rnn": lambda: row((4, 6), kl.SimpleRNN(5)),
    "gru": lambda: row((4, 6), kl.GRU(5, reset_after=False, return_sequences=True)),
    "convolved": lambda: row((4, 9, 10, 3), kl.ConvLSTM2D(4, 3, strides=2, padding="same")),
    "convolved volume": lambda: row((4, 5, 6, 7, 2), kl.ConvLSTM3D(3, 2)),
    "convolved row": lambda: row((4, 10, 3), kl.ConvLSTM1D(4, 3, return_sequences=True)),
}


@pytest.mark.parametrize("make", STEPPED.values(), ids=STEPPED)
def test_layers_that_keras_steps_through(make: Any) -> None:
    model = make()
    net = net_of(model)
    macs, output = counted(model, model.input_shape[1:], {})
    assert net.macs * 5 == macs * 4  # On PyTorch, Keras does the first of the 4 steps once more, to see its shape.
    assert net.output == sc.Shape(*output)


def tokens(does: Callable[[Any], Any]) -> Any:
    x = keras.Input((None, 12))
    return keras.Model(x, does(x))


def pooled(x: Any) -> Any:
    return kl.Conv1D(12, 3, strides=2, padding="same")(x)


TOKENS: dict[str, Callable[[Any], Any]] = {
    "self-attention": lambda x: kl.MultiHeadAttention(3, 4)(x, x),
    "attention to others": lambda x: kl.MultiHeadAttention(2, 4, value_dim=5, output_shape=7)(x, pooled(x)),
    "attention unbiased": lambda x: kl.MultiHeadAttention(2, 6, use_bias=False)(
        query=x, value=pooled(x), key=pooled(x)
    ),
    "grouped attention": lambda x: kl.GroupQueryAttention(4, 6, 2)(x, pooled(x)),
    "dot attention": lambda x: kl.Attention()([x, pooled(x)]),
    "scaled attention": lambda x: kl.Attention(use_scale=True)([x, pooled(x), pooled(x)]),
    "additive attention": lambda x: kl.AdditiveAttention()([x, pooled(x)]),
    "added": lambda x: kl.Subtract()([kl.Add()([x, x, kl.Dense(12)(x)]), x]),
    "averaged": lambda x: kl.Average()([x, kl.Dense(12)(x)]),
    "gated": lambda x: kl.Multiply()([x, kl.GlobalAveragePooling1D(keepdims=True)(x)]),
    "added to all": lambda x: kl.Add()([kl.GlobalMaxPooling1D(keepdims=True)(x), x]),
    "largest": lambda x: kl.Minimum()([kl.Maximum()([x, kl.Dense(12)(x)]), x]),
    "concatenated": lambda x: kl.Concatenate(axis=1)([x, kl.Concatenate()([kl.Dense(5)(x), kl.Dense(7)(x)])]),
    "products": lambda x: kl.Dot(axes=2)([x, pooled(x)]),
    "products of features": lambda x: kl.Dot(axes=1)([kl.Dense(3)(x), x]),
}


@pytest.mark.parametrize("does", TOKENS.values(), ids=TOKENS)
def test_layers_of_tokens(does: Any) -> None:
    with axes("channels_last"):
        model = tokens(does)
    read(model, sizes=LENGTHS)


def test_embeddings() -> None:
    with axes("channels_last"):
        model = keras.Sequential([keras.Input((None,), dtype="int32"), kl.Embedding(100, 8), kl.LSTM(4)])
    read(model, sizes=LENGTHS)


RANDOM: dict[str, tuple[Any, ...]] = {
    **dict.fromkeys(["RandomColorJitter", "RandomElasticTransform", "RandomErasing", "RandomGaussianBlur"], ()),
    **dict.fromkeys(["RandomGrayscale", "RandomInvert", "RandomPerspective", "RandomFlip", "RandAugment"], ()),
    **dict.fromkeys(["AugMix", "CutMix", "MixUp"], ()),
    **dict.fromkeys(["RandomColorDegeneration", "RandomHue", "RandomSaturation", "RandomSharpness"], (0.1,)),
    **dict.fromkeys(["RandomRotation", "RandomZoom", "RandomContrast", "RandomBrightness"], (0.1,)),
    **dict.fromkeys(["RandomShear", "RandomTranslation"], (0.1, 0.1)),
    "RandomPosterization": (4,),
}


def test_random_images_are_for_training() -> None:
    layers = [getattr(kl, name)(*settings) for name, settings in RANDOM.items() if hasattr(kl, name)]
    net = read(row((None, None, 3), *layers, kl.Conv2D(4, 3)))
    assert (net.params, net.buffers) == (112, 0)


def test_every_layer_of_the_table_has_a_row() -> None:
    x = keras.Input((None, 12))
    made = [layer for make in IMAGES.values() for layer in make(-1)]
    made += [layer for rows in (ROWS, VIDEOS) for make in rows.values() for layer in make()]
    made += [layer for make in STEPPED.values() for layer in make().layers]
    made += [layer for does in TOKENS.values() for layer in keras.Model(x, does(x)).layers]
    others = {*RANDOM, "Embedding", "RandomCrop"}
    missing = {name for name in LAYERS if hasattr(kl, name)} - {type(one).__name__ for one in made} - others
    assert not missing
