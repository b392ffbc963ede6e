"""Networks that the tests of reports share."""

from symcnn import BatchNorm2d, Conv2d, Flatten, Linear, MaxPool2d, ReLU, Sequential, dims

H, W, w, K = dims("H W w K")

EXAMPLE = Sequential(
    *(Conv2d(w, 3, padding="same"), BatchNorm2d(), ReLU(), MaxPool2d(2)),
    *(Conv2d(2 * w, 3, padding="same"), BatchNorm2d(), ReLU(), MaxPool2d(2)),
    *(Flatten(), Linear(K)),
    input=(3, H, W),
)
"""The tutorial's example, connected."""

VALUES = {"w": 16, "H": 8, "W": 8, "K": 64}


def deep(layers=200):
    """A network with long names and, without an input, long formulas."""
    channels = [dims(f"channels_of_layer_{i}") for i in range(layers)]
    return Sequential({f"a_long_name_of_layer_{i}": Conv2d(c, 3, stride=3) for i, c in enumerate(channels)})
