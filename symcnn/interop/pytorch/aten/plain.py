"""Operators that compute no products of matrices: PyTorch's own counter has nothing for them either."""

from __future__ import annotations

# fmt: off
PLAIN = (
    "abs", "acos", "addcdiv", "addcmul", "affine_grid_generator", "as_strided", "asin", "atan", "atan2",
    "bernoulli", "bitwise_and", "bitwise_not", "bitwise_or", "bitwise_xor", "ceil", "clamp", "clamp_max",
    "clamp_min", "col2im", "copy", "cos", "cosh", "cosine_similarity", "cumprod", "cumsum", "diagonal", "div",
    "embedding", "eq", "erf", "exp", "expm1", "fill", "flip", "floor", "floor_divide", "fmod", "fold", "frac",
    "ge", "grid_sampler", "grid_sampler_2d", "gt", "histc", "hypot", "im2col", "index_put", "isinf", "isnan",
    "le", "lerp", "linalg_norm", "log", "log1p", "log2", "logical_and", "logical_not", "logical_or", "logit",
    "lt", "masked_fill", "maximum", "minimum", "nan_to_num", "ne", "neg", "normalize", "one_hot", "pow",
    "reciprocal", "remainder", "repeat", "repeat_interleave", "roll", "rot90", "round", "rsqrt", "scatter",
    "scatter_add", "select_scatter", "sgn", "sign", "sin", "sinh", "slice_scatter", "softsign", "sort", "sqrt",
    "square", "tan", "tanhshrink", "threshold", "topk", "tril", "triu", "true_divide", "trunc", "unfold", "where",
    "xlogy",
)
# fmt: on
"""Each element of what they give is one operation, of a kind that has their name."""
