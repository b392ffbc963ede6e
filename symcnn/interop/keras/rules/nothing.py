"""What does nothing when a model is used, and not trained: dropout, noise and random images.

Source: Keras's documentation, "Regularization layers" and "Image augmentation layers".
"""

from __future__ import annotations

from .... import layers
from ...reading.leaves import Operation
from ..calls import Call, Rule
from ..tensors import Tensor


def dropout(call: Call) -> Tensor:
    """Dropout."""
    return call.layer(layers.Dropout(), call.x)


def identity(call: Call) -> Tensor:
    """A layer that gives what it takes."""
    return call.layer(layers.Identity(), call.x)


RANDOM = (
    *("RandomBrightness", "RandomColorDegeneration", "RandomColorJitter", "RandomContrast", "RandomElasticTransform"),
    *("RandomErasing", "RandomFlip", "RandomGaussianBlur", "RandomGrayscale", "RandomHue", "RandomInvert"),
    *("RandomPerspective", "RandomPosterization", "RandomRotation", "RandomSaturation", "RandomSharpness"),
    *("RandomShear", "RandomTranslation", "RandomZoom", "RandAugment", "AugMix", "CutMix", "MixUp"),
)
"""Changes of images, at random, in training alone."""


def masked(call: Call) -> Tensor:
    """Steps of which all features have one value are zero."""
    return call.layer(Operation("mask"), call.x)


NOTHING: dict[str, Rule] = {
    **dict.fromkeys(["Dropout", "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D", "AlphaDropout"], dropout),
    **dict.fromkeys(["GaussianDropout", "GaussianNoise", "ActivityRegularization", "Identity", *RANDOM], identity),
    "Masking": masked,
}

OPERATIONS: dict[str, Rule] = dict.fromkeys(["Cast", "StopGradient", "Copy", "ConvertToTensor"], identity)
