"""Operators that compute no products of matrices: PyTorch's own counter has nothing for them either."""

from __future__ import annotations

# fmt: off
PLAIN = (
    "abs", "absolute", "acos", "acosh", "addcdiv", "addcmul", "affine_grid_generator", "aminmax", "angle",
    "argsort", "as_strided", "as_strided_scatter", "asin", "asinh", "atan", "atan2", "atanh", "bernoulli",
    "bitwise_and", "bitwise_left_shift", "bitwise_not", "bitwise_or", "bitwise_right_shift", "bitwise_xor",
    "block_diag", "bucketize", "cartesian_prod", "ceil", "clamp", "clamp_max", "clamp_min", "clip", "col2im",
    "complex", "conj", "conj_physical", "copy", "copysign", "cos", "cosh", "cosine_similarity", "count_nonzero",
    "cross", "cummax", "cummin", "cumprod", "cumsum", "deg2rad", "diag", "diag_embed", "diagonal",
    "diagonal_scatter", "diff", "digamma", "div", "embedding", "eq", "erf", "erfc", "erfinv", "exp", "exp2",
    "expm1", "fft_fft", "fft_fft2", "fft_fftn", "fft_fftshift", "fft_ifft", "fft_ifft2", "fft_ifftn",
    "fft_ifftshift", "fft_irfft", "fft_irfft2", "fft_irfftn", "fft_rfft", "fft_rfft2", "fft_rfftn", "fill", "flip",
    "fliplr", "flipud", "float_power", "floor", "floor_divide", "fmax", "fmin", "fmod", "fold", "frac",
    "fractional_max_pool2d", "fractional_max_pool3d", "ge", "ger", "greater", "greater_equal", "grid_sampler",
    "grid_sampler_2d", "grid_sampler_3d", "gt", "heaviside", "histc", "hypot", "im2col", "imag", "index_add",
    "index_copy", "index_fill", "index_put", "index_reduce", "isclose", "isfinite", "isin", "isinf", "isnan",
    "isneginf", "isposinf", "istft", "kron", "kthvalue", "ldexp", "le", "lerp", "less", "less_equal", "lgamma",
    "linalg_cross", "linalg_norm", "log", "log10", "log1p", "log2", "logaddexp", "logaddexp2", "logcumsumexp",
    "logical_and", "logical_not", "logical_or", "logical_xor", "logit", "lt", "masked_fill", "masked_scatter",
    "max_unpool1d", "max_unpool2d", "max_unpool3d", "maximum", "median", "minimum", "mode", "mvlgamma",
    "nan_to_num", "nanmean", "nanmedian", "nansum", "ne", "neg", "negative", "nextafter", "normalize", "not_equal",
    "one_hot", "outer", "pairwise_distance", "polar", "positive", "pow", "put", "quantile", "rad2deg", "real",
    "reciprocal", "remainder", "renorm", "repeat", "repeat_interleave", "roll", "rot90", "round", "rsqrt",
    "scatter", "scatter_add", "scatter_reduce", "searchsorted", "select_scatter", "sgn", "sign", "signbit", "sin",
    "sinc", "sinh", "slice_scatter", "softsign", "sort", "sqrt", "square", "std_mean", "stft", "take",
    "take_along_dim", "tan", "tanhshrink", "threshold", "tile", "topk", "tril", "triu", "true_divide", "trunc",
    "unfold", "var_mean", "view_as_complex", "view_as_real", "where", "xlogy",
)
# fmt: on
"""Each element of what they give is one operation, of a kind that has their name."""
