"""Vision transformers, for comparison: images as rows of patches, and attention between them.

A. Dosovitskiy et al., An Image is Worth 16x16 Words: Transformers for Image Recognition at Scale
(arXiv:2010.11929); layers and names as torchvision publishes them.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from ..layer import Layer
from ..layers import GELU, Dropout, Flatten, LayerNorm, Linear, MultiheadAttention, Split, Tanh
from ..networks import PatchEmbedding, Residual, Sequential
from ..sizes import as_size, dims
from .blocks import published, repeated

E, n, h, K, H, W = dims("E n h K H W")


def vit(
    patch_size: Any = 16,
    width: Any = E,
    depth: Any = n,
    heads: Any = h,
    *,
    mlp_ratio: Any = 4,
    representation: Any = None,
    classes: Any = K,
    dropout: float = 0.0,
    input: Any = (3, H, W),
) -> Sequential:
    """A vision transformer: ``n`` layers of attention and a perceptron, on tokens of ``E`` numbers.

    With ``T`` tokens, one for each patch and one for the class, a layer does ``12·E²·T`` multiply-accumulates in
    its projections and its perceptron, and ``2·E·T²`` in attention's two products of tokens with
    tokens. All are counted here. PyTorch's ``FlopCounterMode`` counts the products where attention is
    done step by step, as on its meta device. It does not where one kernel does all, as on a CPU: then
    ViT-B/16 has 16.849 G, not 17.564 G.

    Args:
        patch_size: of the square patches; it divides the image.
        width: the numbers of a token; 768 in Base, 1024 in Large, 1280 in Huge.
        depth: the layers; 12, 24 and 32. A symbol gives a ``Repeat``.
        heads: of the attention; 12, 16 and 16. It divides the width.
        mlp_ratio: the features in the middle of the perceptron, in widths.
        representation: the features of a hidden layer before the last, where there is one, as the
            paper has it in pre-training.
        classes: the outputs.
        dropout: the probability in the layers.
        input: the input's shape; 3×224×224 as published. The position embedding is for this size.

    >>> import symcnn as sc
    >>> net = sc.zoo.vit()
    >>> T, E = sc.dims("T E")
    >>> net["encoder.layers"].on((T, E)).params, net["encoder.layers"].on((T, E)).macs
    (n*(12*E**2 + 13*E), n*(12*E**2*T + 2*E*T**2))
    >>> net.at(net.defaults).params, net.at(net.defaults).macs
    (86567656, 17563828224)
    """
    embedding = PatchEmbedding(width, patch_size, class_token=True, position_embedding=True)
    layer = _layer(width, heads, as_size(mlp_ratio, "mlp_ratio") * as_size(width, "width"), dropout)
    hidden = {} if representation is None else {"pre_logits": Linear(representation), "act": Tanh()}
    encoder: dict[str, Layer] = {"dropout": Dropout(dropout), "layers": repeated(layer, depth), "ln": LayerNorm()}
    return Sequential(
        {
            "embedding": embedding,
            "encoder": Sequential(encoder),
            "class": Split((1, -1)),
            "flatten": Flatten(),
            "heads": Sequential({**hidden, "head": Linear(classes)}),
        },
        input=input,
        defaults={E: 768, n: 12, h: 12, K: 1000, H: 224, W: 224},
    )


def _layer(width: Any, heads: Any, inner: Any, dropout: float) -> Sequential:
    """Attention and a perceptron, each behind a normalisation and added to what goes in."""
    attention = {"ln_1": LayerNorm(), "self_attention": MultiheadAttention(heads), "dropout": Dropout(dropout)}
    perceptron = Sequential(Linear(inner), GELU(), Dropout(dropout), Linear(width), Dropout(dropout))
    return Sequential(Residual(Sequential(attention)), Residual(Sequential({"ln_2": LayerNorm(), "mlp": perceptron})))


LARGE, HUGE = {E: 1024, n: 24, h: 16}, {E: 1280, n: 32, h: 16}

MODELS = {
    "vit_b_16": vit,
    "vit_b_32": partial(vit, patch_size=32),
    "vit_l_16": partial(published, vit, LARGE),
    "vit_l_32": partial(published, vit, LARGE, patch_size=32),
    "vit_h_14": partial(published, vit, HUGE, patch_size=14),
}
