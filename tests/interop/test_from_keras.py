"""Keras's models as networks: whole models, layers of someone's own, what is asked of them, and what is refused."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from counted_keras import axes, counted, keras, kl, net_of, read, row

import symcnn as sc
from symcnn.interop.keras.rules import OPERATIONS as TABLE
from symcnn.interop.keras.rules import activations, nothing
from symcnn.interop.keras.rules import axes as axes_rules
from symcnn.interop.keras.tracing import words

pytestmark = pytest.mark.torch

H, W, L = sc.dims("H W L")
IMAGE = (None, None, 3)


def residual(x: Any, width: int, **settings: Any) -> Any:
    y = kl.Conv2D(width, 3, padding="same", activation="relu", **settings)(x)
    y = kl.BatchNormalization()(y)
    return kl.Add()([y, kl.Conv2D(width, 1, **settings)(x)])


def small() -> Any:
    x = keras.Input(IMAGE)
    y = residual(residual(x, 4), 8, strides=2)
    y = kl.Dense(10)(kl.GlobalAveragePooling2D()(y))
    return keras.Model(x, y)


def test_a_functional_model() -> None:
    net = read(small())
    assert net.macs == 120 * H * W + 320 * sc.Conv2d(1, 1, stride=2).on((1, H, W)).output.elements + 80
    assert net.input == sc.Shape(3, H, W)


def test_layers_have_their_names() -> None:
    inner = keras.Sequential([keras.Input(IMAGE), kl.Conv2D(8, 3, name="conv"), kl.ReLU(name="act")], name="block")
    model = row(IMAGE, inner, kl.Conv2D(4, 1, activation="gelu", name="head"))
    net = read(model)
    assert net["block.conv"] == sc.Conv2d(8, 3)
    assert [name for name, _ in net.children] == ["block", "head", "head_gelu"]
    assert [*net.weights] == ["block.conv.weight", "block.conv.bias", "head.weight", "head.bias"]


def test_a_published_model() -> None:
    with keras.device("meta"):
        model = keras.applications.MobileNetV2(weights=None, input_shape=IMAGE, include_top=False)
    net = net_of(model)
    assert net.at(H=224, W=224).macs == 299_494_272


def test_weights_that_are_shared() -> None:
    x = keras.Input(IMAGE)
    conv, norm = kl.Conv2D(3, 3, padding="same"), kl.BatchNormalization(center=False)
    inner = keras.Sequential([keras.Input(IMAGE), kl.Conv2D(3, 5, padding="same")])
    net = read(keras.Model(x, inner(norm(conv(kl.ReLU()(norm(conv(inner(x)))))))))
    assert net.params == 228 + 84 + 3


def test_what_is_frozen_is_stored() -> None:
    conv = kl.Conv2D(4, 3)
    conv.trainable = False
    frozen = keras.Sequential([keras.Input((None, None, 4)), kl.Conv2D(4, 3), kl.BatchNormalization()])
    frozen.trainable = False
    net = read(row(IMAGE, conv, frozen, kl.Conv2D(2, 1)))
    assert (net.params, net.buffers) == (10, 112 + 148 + 16)


def test_several_outputs() -> None:
    x = keras.Input(IMAGE)
    y = kl.Conv2D(4, 3)(x)
    net = net_of(keras.Model(x, [y, kl.Flatten()(y), y]))
    flat = sc.Flatten().on((4, H - 2, W - 2)).output
    assert [*net.output.by_name.values()] == [sc.Shape(4, H - 2, W - 2), flat]


def test_sizes_that_a_model_fixes_can_be_opened() -> None:
    model = row((32, 48, 3), kl.Conv2D(4, 3, strides=2, padding="same"), kl.GlobalMaxPooling2D(), kl.Dense(2))
    assert sc.from_keras(model).macs == 108 * 16 * 24 + 8
    net = sc.from_keras(model, input=("H", 2 * W, 3))
    assert net.at(H=32, W=24).macs == 108 * 16 * 24 + 8
    assert net.input == sc.Shape(3, H, 2 * W)


def test_sizes_of_channels_first() -> None:
    with axes("channels_first"):
        model = row((3, 32, 32), kl.Conv2D(4, 3), kl.MaxPooling2D())
    assert sc.from_keras(model, input=(3, "H", "H")).output == sc.from_keras(model, input=(3, H, H)).output
    assert sc.from_keras(model).output == sc.Shape(4, 15, 15)


OPERATIONS: dict[str, Any] = {
    "arithmetic": lambda x: 2.0 * x + kl.Conv2D(3, 1)(x) / 3.0 - (1.0 - x) ** 2,
    "gate": lambda x: x * keras.ops.sigmoid(keras.ops.mean(x, axis=[1, 2], keepdims=True)),
    "mean": lambda x: kl.Dense(4)(keras.ops.mean(x, axis=(1, 2))),
    "reductions": lambda x: keras.ops.max(x, axis=-1, keepdims=True) + keras.ops.sum(x, axis=3, keepdims=True),
    "activations": lambda x: keras.ops.relu(keras.ops.silu(keras.activations.relu6(keras.ops.softmax(x)))),
    "elements": lambda x: keras.ops.sqrt(keras.ops.square(keras.ops.clip(keras.ops.exp(x), 0, 1))),
    "axes": lambda x: kl.Conv2D(2, 3)(keras.ops.transpose(keras.ops.swapaxes(x, 1, 2), (0, 2, 1, 3))),
    "moved": lambda x: keras.ops.moveaxis(x, -1, 1),
    "squeezed": lambda x: keras.ops.squeeze(keras.ops.expand_dims(x, 3), 3),
    "concatenated": lambda x: keras.ops.concatenate([x, kl.Conv2D(2, 1)(x)], axis=-1),
    "stacked": lambda x: keras.ops.stack([x, x], axis=-1),
    "halves": lambda x: kl.Add()(keras.ops.split(kl.Conv2D(4, 1)(x), 2, axis=-1)),
    "part": lambda x: x[:, 1:, 2:-3, :2],
    "every other": lambda x: x[..., ::2, 1:2][:, 1::3, :, 0][:, None],
    "pooled": lambda x: keras.ops.max_pool(keras.ops.average_pool(x, 3, 2, padding="same"), 2),
    "resized": lambda x: keras.ops.image.resize(x, (5, 6)),
    "where": lambda x: keras.ops.where(keras.ops.any(x > 0, axis=-1, keepdims=True), x, -x),
    "product": lambda x: keras.ops.matmul(x, keras.ops.swapaxes(x, 2, 3)),
    "einsum": lambda x: keras.ops.einsum("bhwc,bhvc->bhwv", x, x),
    "tokens": lambda x: kl.Dense(5)(keras.ops.reshape(kl.Resizing(4, 5)(x), (-1, 20, 3))),
    "more arithmetic": lambda x: keras.ops.maximum(keras.ops.minimum(x, x * 2.0), keras.ops.true_divide(x, x)) ** x,
    "parts of reductions": lambda x: sum(
        getattr(keras.ops, name)(x, axis=-1, keepdims=True) for name in ("min", "amax", "amin", "prod", "var", "std")
    ),
    "places": lambda x: kl.Concatenate(axis=1)([keras.ops.argmax(x, axis=1), keras.ops.argmin(x, axis=1)]),
    "all": lambda x: keras.ops.logical_or(keras.ops.all(x > 0, axis=1), keras.ops.any(x > 0, axis=1)),
    "both": lambda x: keras.ops.logical_and(x > 0, x < 1),
    "divided": lambda x: keras.ops.divide(x, kl.Conv2D(3, 1)(x)),
    "padded": lambda x: kl.Conv2D(2, 3)(keras.ops.pad(x, ((0, 0), (1, 2), (0, 1), (0, 0)))),
    "taken": lambda x: keras.ops.take(x, [0, 2], axis=-1),
    "spread": lambda x: keras.ops.broadcast_to(keras.ops.mean(x, axis=(1, 2), keepdims=True), (1, 4, 5, 3)),
    "copies": lambda x: keras.ops.repeat(keras.ops.tile(x, (1, 1, 1, 2)), 2, axis=3),
    "absolute": lambda x: abs(-x),
}


@pytest.mark.parametrize("does", OPERATIONS.values(), ids=OPERATIONS)
def test_operations(does: Any) -> None:
    x = keras.Input(IMAGE)
    read(keras.Model(x, does(x)))


MORE = {"clip": (0.0, 1.0), "cast": ("float16",), "threshold": (0.5, 0.0)}
"""What functions take beside a tensor; to compare takes a number."""


def function_of(name: str) -> Any:
    """The function that a class of operations stands for, of one tensor."""
    name = words(name)
    found = getattr(keras.ops, name, None) or getattr(keras.activations, name)
    compared = name.startswith(("greater", "less", "equal", "not_equal"))
    return lambda x: found(x, *(MORE.get(name, (0.5,) if compared else ())))


@pytest.mark.filterwarnings("ignore:__array__:DeprecationWarning")  # Keras's own, of NumPy
@pytest.mark.parametrize("names", [axes_rules.PLAIN, [*activations.OPERATIONS], [*nothing.OPERATIONS]])
def test_operations_of_each_element(names: Any) -> None:
    x = keras.Input((None, 6))
    made = [function_of(name)(x) for name in names if name not in ("ReLU",)]
    net = net_of(keras.Model(x, made))
    assert not net.profile.uncounted
    shapes = {*net.output.by_name.values()}
    assert len(net.output.by_name) == len(names) - ("ReLU" in names)
    assert shapes <= {sc.Shape(L, 6), sc.Shape(L, 3)}


def test_every_operation_of_the_table_has_a_row() -> None:
    image = keras.Input(IMAGE)
    models = [keras.Model(image, does(image)) for does in OPERATIONS.values()]
    made = {type(one).__name__ for model in models for one in model.operations}
    plain = {*axes_rules.PLAIN, *activations.OPERATIONS, *nothing.OPERATIONS}
    assert not {*TABLE} - made - plain


class Scaled(keras.Layer):
    """What ConvNeXt has: a factor to learn for each channel; and a step for training alone."""

    def build(self, shape: Any) -> None:
        self.gamma = self.add_weight(shape=(shape[-1],))
        self.conv = kl.Conv2D(4, 3, activation="relu")

    def call(self, x: Any, training: Any = None) -> Any:
        return self.conv(x * self.gamma) if not training else x


class Sorted(keras.Layer):
    """What cannot be called on a tensor without numbers."""

    def build(self, shape: Any) -> None:
        self.gamma = self.add_weight(shape=(shape[-1],))

    def call(self, x: Any) -> Any:
        return x * self.gamma if float(keras.ops.max(x)) > 0 else x

    def compute_output_shape(self, shape: Any) -> Any:
        return shape


class Wide(kl.Conv2D):
    """A convolution whose kernel is something else before it is used."""

    def convolution_op(self, x: Any, kernel: Any) -> Any:
        return super().convolution_op(x, kernel - keras.ops.mean(kernel))


class Narrow(kl.Conv2D):
    """A convolution with settings of its own."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(2, 3, **settings)


def test_a_layer_of_ones_own_is_read() -> None:
    model = row(IMAGE, Scaled(name="mine"), kl.ReLU(), Narrow(name="narrow"))
    layer = model.layers[0].conv
    before = len(layer._inbound_nodes)
    net = read(model)
    assert net["narrow"] == sc.Conv2d(2, 3)
    assert len(layer._inbound_nodes) == before


def test_a_layer_that_nothing_is_known_of() -> None:
    net = read(row(IMAGE, kl.Conv2D(4, 1), Sorted(name="mine"), kl.Conv2D(2, 1)), known=False)
    assert net.params == 16 + 4 + 10
    assert dict(net.profile.uncounted) == {"mine": "Sorted"}
    wide = net_of(row(IMAGE, Wide(2, 3, padding="same", name="mine")))
    assert dict(wide.profile.uncounted) == {"mine.conv": "Conv", "mine.weights": "computed of weights"}


def test_weights_that_something_is_computed_of() -> None:
    model = row((6,), kl.Dense(4, name="head"))
    model.layers[0].enable_lora(2)
    net = read(model, known=False)
    assert (net.params, net.buffers, net.macs) == (12 + 8 + 4, 24, 24)
    assert dict(net.profile.uncounted) == {"head.weights": "computed of weights"}


def test_a_random_part_of_an_image_is_not_known() -> None:
    net = sc.from_keras(row((16, 16, 3), kl.RandomCrop(8, 9, name="crop"), kl.Flatten()))
    assert (net.output, dict(net.profile.uncounted)) == (sc.Shape(216), {"crop": "RandomCrop"})


class Token(keras.Layer):
    """A class token in front of others."""

    def build(self, shape: Any) -> None:
        self.token = self.add_weight(shape=(1, 1, shape[-1]))

    def call(self, x: Any) -> Any:
        token = keras.ops.broadcast_to(self.token, (int(x.shape[0]), 1, int(x.shape[-1])))
        return keras.ops.concatenate([token, x], axis=1)

    def compute_output_shape(self, shape: Any) -> Any:
        return (shape[0], None if shape[1] is None else shape[1] + 1, shape[2])


def test_a_size_that_keras_says() -> None:
    net = net_of(row((None, 6), Token(name="token"), kl.Dense(4)))
    assert net.output == sc.Shape(L + 1, 4)
    assert dict(net.profile.uncounted) == {"token": "Token"}


class Windows(keras.Layer):
    """Windows stand where the batch does."""

    def call(self, x: Any) -> Any:
        return keras.ops.reshape(x, (-1, 16, x.shape[-1]))


def test_functions() -> None:
    read(row(IMAGE, kl.Lambda(lambda x: keras.ops.relu(x) * 2.0), kl.Conv2D(2, 1)))
    net = read(row(IMAGE, kl.Activation(lambda x: x * 2.0), kl.Conv2D(2, 1)), known=False)
    assert net.params == 8


class Subclassed(keras.Model):
    def __init__(self, free: bool = True, **settings: Any) -> None:
        super().__init__(**settings)
        self.conv, self.head, self.free = kl.Conv2D(4, 3), kl.Dense(2), free

    def call(self, x: Any) -> Any:
        y = self.conv(x)
        return self.head(keras.ops.mean(y, axis=(1, 2))) if self.free or float(y[0, 0, 0, 0]) > 0 else y


def test_a_model_of_ones_own() -> None:
    net = sc.from_keras(Subclassed(), input=("H", "W", 3))
    assert net.at(H=10, W=12).macs == 108 * 8 * 10 + 8
    assert "mean" in dict(net.children)
    assert net.params == 112 + 10
    unbuilt = keras.Sequential([kl.Conv2D(4, 3)])
    assert sc.from_keras(unbuilt, input=("H", "W", 3)).params == 112


def refused(model: Any, **settings: Any) -> str:
    with pytest.raises(sc.errors.SymcnnError) as error:
        sc.from_keras(model, **settings)
    return str(error.value)


def two_inputs() -> Any:
    left, right = keras.Input(IMAGE, name="left"), keras.Input(IMAGE, name="right")
    conv = kl.Conv2D(4, 3, strides=2, padding="same")
    unused = kl.Dense(2)
    unused.build((None, 5))
    model = keras.Model([left, right], kl.Add(name="both")([conv(left), kl.ReLU()(conv(right))]))
    model.aside = unused
    return model


def test_several_inputs() -> None:
    net = net_of(two_inputs())
    assert net.params == 112 + 12
    assert net.at(H=9, W=10).macs == 2 * 108 * 5 * 5
    assert net.input.by_name == {"left": sc.Shape(3, H, W), "right": sc.Shape(3, H, W)}
    apart = sc.from_keras(two_inputs(), input={"left": (9, "W", 3), "right": (10, "W", 3)})
    assert apart.at(W=8).output == sc.Shape(4, 5, 4)


def test_what_is_refused() -> None:
    assert refused("resnet50") == "from_keras takes a keras.Model, got 'resnet50'"
    assert refused(Subclassed).endswith("Subclassed'>; call it to make one")
    assert refused(keras.Sequential([kl.Dense(2)], name="plain")) == (
        "Sequential 'plain' does not say what goes into it: give its shape, such as input=('H', 'W', 3)"
    )
    assert refused(Subclassed(name="mine")) == (
        "Subclassed 'mine' does not say what goes into it: give its shape, such as input=('H', 'W', 3)"
    )
    assert refused(Subclassed(free=False, name="mine"), input=(8, 8, 3)).startswith(
        "Subclassed 'mine' cannot be called on a tensor without numbers; write it with keras.Input and keras.Model: "
    )
    assert refused(two_inputs(), input=(4, 4, 3)) == (
        "a model of several inputs takes a shape for each, input={'left': (...), 'right': (...)}, got (4, 4, 3)"
    )
    model = row((8, 8, 3), kl.Conv2D(4, 3), kl.Flatten(), kl.Dense(2, name="head"))
    assert refused(model, input="H") == (
        "input must be a shape without the batch, in the model's order, such as ('H', 'W', 3), got 'H'"
    )
    assert refused(model, input=("H", "W")) == (
        "the model takes an input of 3 axes without the batch, got input=('H', 'W')"
    )
    assert refused(model, input=(9, 8, 3)) == (
        "layer head, Dense: its weights are for 144 features, and this input has 168; "
        "the model is built for input=(8, 8, 3)"
    )
    assert refused(model, input=("H", "W", 3)) == (
        "layer head, Dense: its weights are for 144 features, and this input has 4*(H - 2)*(W - 2); "
        "the model is built for input=(8, 8, 3)"
    )
    assert refused(model, input=("H", "W", 4)).startswith("layer conv2d")
    assert "its weights are for 3 channels, and this input has 4" in refused(model, input=("H", "W", 4))


def test_windows_in_the_batch() -> None:
    assert refused(row((16, 16, 6), Windows(name="windows"))) == (
        "layer windows.reshape, Reshape: merges the batch with another axis, which is not followed: "
        "it gives (16, 6) for each of a batch, of an input of (16, 16, 6)"
    )


class Halved(keras.Layer):
    """A layer whose size no formula here says."""

    def call(self, x: Any) -> Any:
        return x[:, : int(x.shape[1]) // 2]

    def compute_output_shape(self, shape: Any) -> Any:
        return (shape[0], None if shape[1] is None else shape[1] // 2, *shape[2:])


def test_a_size_that_nothing_says() -> None:
    model = row(IMAGE, Halved(name="mine"))
    assert refused(model) == (
        "layer mine, Halved: no formula is known for the size that Keras gives, such as 112; "
        "the model is built for input=(None, None, 3)"
    )
    assert sc.from_keras(model, input=(8, 8, 3)).output == sc.Shape(4, 8, 3)


def test_sizes_that_keras_does_not_take() -> None:
    model = row((8, 8, 3), kl.Reshape((64, 3), name="tokens"), kl.Dense(4))
    assert refused(model, input=("H", "W", 3)).startswith("layer tokens, Reshape: Keras does not take these sizes: ")
    assert sc.from_keras(model, input=(4, 16, 3)).macs == 64 * 12


def test_a_package_that_is_missing() -> None:
    program = "import sys; sys.modules['keras'] = None\nimport symcnn as sc\nsc.from_keras(None)"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    last = "from_keras needs Keras, which is not installed: pip install 'symcnn[keras]'"
    assert ran.stderr.strip().splitlines()[-1] == f"symcnn.errors.SymcnnError: {last}"


def test_symcnn_loads_no_framework() -> None:
    program = "import sys, symcnn as sc; sc.from_keras; print('keras' in sys.modules)"
    assert (
        subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout == "False\n"
    )


def test_the_counter_sees_what_is_wrong() -> None:
    assert counted(row((8, 8, 3), kl.Conv2D(4, 3)), (8, 8, 3), {}) == (36 * 108, (6, 6, 4))
