"""The arguments of layers and operations, in order, with their defaults. An argument that no shape depends on
stands here as well: it may be given by position, and a name that is not here is refused as Python refuses it.
"""

REQUIRED = ("required",)  # the default of an argument that has none


def signature(text, **defaults):
    """Return {argument: default} from its names in order; those that are not in `defaults` are required."""
    return {name: defaults.get(name, REQUIRED) for name in text.split()}


NORM = signature(
    "num_features eps momentum affine track_running_stats device dtype bias",
    eps=1e-05, momentum=0.1, affine=True, track_running_stats=True, device=None, dtype=None, bias=True,
)  # fmt: skip
CONV = signature(
    "in_channels out_channels kernel_size stride padding dilation groups bias padding_mode device dtype",
    stride=1, padding=0, dilation=1, groups=1, bias=True, padding_mode="zeros", device=None, dtype=None,
)  # fmt: skip
CONV_TRANSPOSE = signature(
    "in_channels out_channels kernel_size stride padding output_padding groups bias dilation padding_mode "
    "device "
    "dtype",
    stride=1, padding=0, output_padding=0, groups=1, bias=True, dilation=1, padding_mode="zeros", device=None,
    dtype=None,
)  # fmt: skip
MAX_POOL = signature(
    "kernel_size stride padding dilation return_indices ceil_mode",
    stride=None, padding=0, dilation=1, return_indices=False, ceil_mode=False,
)  # fmt: skip
AVG_POOL_1D = signature(
    "kernel_size stride padding ceil_mode count_include_pad",
    stride=None, padding=0, ceil_mode=False, count_include_pad=True,
)  # fmt: skip
AVG_POOL = {**AVG_POOL_1D, "divisor_override": None}
LAZY_CONV = {name: default for name, default in CONV.items() if name != "in_channels"}
LAZY_CONV_TRANSPOSE = {name: default for name, default in CONV_TRANSPOSE.items() if name != "in_channels"}
LAZY_NORM = {name: default for name, default in NORM.items() if name != "num_features"}
RECURRENT = signature(
    "input_size hidden_size num_layers bias batch_first dropout bidirectional proj_size device dtype",
    num_layers=1, bias=True, batch_first=False, dropout=0.0, bidirectional=False, proj_size=0, device=None,
    dtype=None,
)  # fmt: skip
RNN = signature(
    "input_size hidden_size num_layers nonlinearity bias batch_first dropout bidirectional proj_size "
    "device dtype",
    **{name: default for name, default in RECURRENT.items() if default is not REQUIRED}, nonlinearity="tanh",
)  # fmt: skip
INPLACE = {"inplace": False}
DROPOUT = {"p": 0.5, **INPLACE}

PYTORCH = {
    **{f"Conv{n}d": CONV for n in (1, 2, 3)},
    **{f"ConvTranspose{n}d": CONV_TRANSPOSE for n in (1, 2, 3)},
    **{f"LazyConv{n}d": LAZY_CONV for n in (1, 2, 3)},
    **{f"LazyConvTranspose{n}d": LAZY_CONV_TRANSPOSE for n in (1, 2, 3)},
    **{f"MaxPool{n}d": MAX_POOL for n in (1, 2, 3)},
    "AvgPool1d": AVG_POOL_1D, "AvgPool2d": AVG_POOL, "AvgPool3d": AVG_POOL,
    **{f"AdaptiveAvgPool{n}d": signature("output_size") for n in (1, 2, 3)},
    **{f"AdaptiveMaxPool{n}d": signature("output_size return_indices", return_indices=False) for n in (1, 2,
    3)},
    "Linear": signature("in_features out_features bias device dtype", bias=True, device=None, dtype=None),
    "LazyLinear": signature("out_features bias device dtype", bias=True, device=None, dtype=None),
    "Bilinear": signature(
        "in1_features in2_features out_features bias device dtype", bias=True, device=None, dtype=None
    ),
    "Embedding": signature(
        "num_embeddings embedding_dim padding_idx max_norm norm_type scale_grad_by_freq sparse _weight "
        "_freeze device "
        "dtype",
        padding_idx=None, max_norm=None, norm_type=2.0, scale_grad_by_freq=False, sparse=False, _weight=None,
        _freeze=False, device=None, dtype=None,
    ),
    "Flatten": {"start_dim": 1, "end_dim": -1},
    "Unflatten": signature("dim unflattened_size"),
    **{f"BatchNorm{n}d": NORM for n in (1, 2, 3)},
    **{f"LazyBatchNorm{n}d": LAZY_NORM for n in (1, 2, 3)},
    **{f"InstanceNorm{n}d": {**NORM, "affine": False, "track_running_stats": False} for n in (1, 2, 3)},
    "GroupNorm": signature(
        "num_groups num_channels eps affine device dtype bias",
        eps=1e-05, affine=True, device=None, dtype=None, bias=True,
    ),
    "LayerNorm": signature(
        "normalized_shape eps elementwise_affine bias device dtype",
        eps=1e-05, elementwise_affine=True, bias=True, device=None, dtype=None,
    ),
    "RMSNorm": signature(
        "normalized_shape eps elementwise_affine device dtype",
        eps=None, elementwise_affine=True, device=None, dtype=None,
    ),
    "LocalResponseNorm": signature("size alpha beta k", alpha=0.0001, beta=0.75, k=1.0),
    "Dropout": DROPOUT, "Dropout1d": DROPOUT, "Dropout2d": DROPOUT, "Dropout3d": DROPOUT, "AlphaDropout":
    DROPOUT, "FeatureAlphaDropout": DROPOUT,
    "CELU": {"alpha": 1.0, **INPLACE}, "ELU": {"alpha": 1.0, **INPLACE}, "GELU": {"approximate": "none"},
    "Hardshrink": {"lambd": 0.5}, "Hardsigmoid": INPLACE, "Hardswish": INPLACE,
    "Hardtanh": {"min_val": -1.0, "max_val": 1.0, "inplace": False, "min_value": None, "max_value": None},
    "LeakyReLU": {"negative_slope": 0.01, **INPLACE}, "LogSigmoid": {}, "Mish": INPLACE,
    "RReLU": {"lower": 0.125, "upper": 1 / 3, **INPLACE}, "ReLU": INPLACE, "ReLU6": INPLACE, "SELU": INPLACE,
    "SiLU": INPLACE, "Sigmoid": {}, "Softplus": {"beta": 1.0, "threshold": 20.0}, "Softshrink": {"lambd":
    0.5}, "Softsign": {}, "Tanh": {}, "Tanhshrink": {}, "Threshold": signature("threshold value inplace",
    inplace=False),
    "Identity": {}, "Softmax2d": {},
    "PReLU": {"num_parameters": 1, "init": 0.25, "device": None, "dtype": None}, "GLU": {"dim": -1},
    "Softmax": {"dim": None}, "LogSoftmax": {"dim": None}, "Softmin": {"dim": None},
    "RNN": RNN, "LSTM": RECURRENT, "GRU": RECURRENT,
    "MultiheadAttention": signature(
        "embed_dim num_heads dropout bias add_bias_kv add_zero_attn kdim vdim batch_first device dtype",
        dropout=0.0, bias=True, add_bias_kv=False, add_zero_attn=False, kdim=None, vdim=None,
        batch_first=False, device=None, dtype=None,
    ),
    "TransformerEncoderLayer": signature(
        "d_model nhead dim_feedforward dropout activation layer_norm_eps batch_first norm_first bias "
        "device dtype",
        dim_feedforward=2048, dropout=0.1, activation="relu", layer_norm_eps=1e-05, batch_first=False,
        norm_first=False, bias=True, device=None, dtype=None,
    ),
    "Upsample": {
        "size": None, "scale_factor": None, "mode": "nearest", "align_corners": None,
        "recompute_scale_factor": None,
    },
    "UpsamplingNearest2d": {"size": None, "scale_factor": None},
    "UpsamplingBilinear2d": {"size": None, "scale_factor": None},
    "PixelShuffle": signature("upscale_factor"), "PixelUnshuffle": signature("downscale_factor"),
    "ChannelShuffle": signature("groups"),
    **{f"{way}Pad{n}d": signature("padding") for n in (1, 2, 3)
       for way in ("Zero", "Reflection", "Replication", "Circular")},
    **{f"ConstantPad{n}d": signature("padding value") for n in (1, 2, 3)},
    "cat": {"dim": 0}, "stack": {"dim": 0}, "add": {}, "mul": {}, "view": signature("shape"),
    "reshape": signature("shape"), "permute": signature("dims"), "transpose": signature("dim0 dim1"),
    "index": signature("items"), "matmul": {}, "expand": signature("size"), "expand_as": {}, "view_as": {},
    "t": {}, "mT": {}, "movedim": signature("source destination"), "repeat": signature("repeats"),
    "chunk": signature("size dim", dim=0), "split": signature("size dim", dim=0), "unbind": {"dim": 0},
    "tensor": signature("shape"), "parameter": signature("shape"),
    "pad": signature("pad mode value", mode="constant", value=None),
    "squeeze": {"dim": None}, "unsqueeze": signature("dim"), "mean": {"dim":
    None, "keepdim": False}, }  # fmt: skip

# ---- Keras ----

INITIALIZERS = {
    "kernel_initializer": "glorot_uniform", "bias_initializer": "zeros", "kernel_regularizer": None,
    "bias_regularizer": None, "activity_regularizer": None, "kernel_constraint": None, "bias_constraint":
    None, }  # fmt: skip
ANY_LAYER = {"name": None, "dtype": None, "trainable": True}  # by keyword, of every layer
FORMAT = {"data_format": None}
KERAS_CONV = signature(
    "filters kernel_size strides padding data_format dilation_rate groups activation use_bias",
    strides=1, padding="valid", data_format=None, dilation_rate=1, groups=1, activation=None, use_bias=True,
) | INITIALIZERS  # fmt: skip
KERAS_DEPTHWISE = signature(
    "kernel_size strides padding depth_multiplier data_format dilation_rate activation use_bias "
    "depthwise_initializer bias_initializer depthwise_regularizer bias_regularizer activity_regularizer "
    "depthwise_constraint bias_constraint",
    strides=1, padding="valid", depth_multiplier=1, data_format=None, dilation_rate=1, activation=None,
    use_bias=True,
    depthwise_initializer="glorot_uniform", bias_initializer="zeros", depthwise_regularizer=None,
    bias_regularizer=None, activity_regularizer=None, depthwise_constraint=None, bias_constraint=None,
)  # fmt: skip
KERAS_SEPARABLE = signature(
    "filters kernel_size strides padding data_format dilation_rate depth_multiplier activation use_bias "
    "depthwise_initializer pointwise_initializer bias_initializer depthwise_regularizer "
    "pointwise_regularizer "
    "bias_regularizer activity_regularizer depthwise_constraint pointwise_constraint bias_constraint",
    strides=1, padding="valid", data_format=None, dilation_rate=1, depth_multiplier=1, activation=None,
    use_bias=True,
    depthwise_initializer="glorot_uniform", pointwise_initializer="glorot_uniform", bias_initializer="zeros",
    depthwise_regularizer=None, pointwise_regularizer=None, bias_regularizer=None, activity_regularizer=None,
    depthwise_constraint=None, pointwise_constraint=None, bias_constraint=None,
)  # fmt: skip
POOL_REST = {"strides": None, "padding": "valid", "data_format": None, "name": None}
NORM_REST = {
    "beta_initializer": "zeros", "gamma_initializer": "ones", "beta_regularizer": None,
    "gamma_regularizer": None,
    "beta_constraint": None, "gamma_constraint": None,
}  # fmt: skip
SIMPLE_RNN = signature(
    "units activation use_bias kernel_initializer recurrent_initializer bias_initializer kernel_regularizer "
    "recurrent_regularizer bias_regularizer activity_regularizer kernel_constraint recurrent_constraint "
    "bias_constraint dropout recurrent_dropout return_sequences return_state go_backwards stateful unroll "
    "seed",
    activation="tanh", use_bias=True, kernel_initializer="glorot_uniform", recurrent_initializer="orthogonal",
    bias_initializer="zeros", kernel_regularizer=None, recurrent_regularizer=None, bias_regularizer=None,
    activity_regularizer=None, kernel_constraint=None, recurrent_constraint=None, bias_constraint=None,
    dropout=0.0, recurrent_dropout=0.0, return_sequences=False, return_state=False, go_backwards=False,
    stateful=False, unroll=False, seed=None,
)  # fmt: skip


def keras_conv_transpose(count):
    """Return the arguments of ConvTranspose, whose order differs for volumes."""
    order = ("output_padding", "data_format") if count < 3 else ("data_format", "output_padding")
    start = signature("filters kernel_size strides padding", strides=1, padding="valid")
    rest = {"dilation_rate": 1, "activation": None, "use_bias": True, **INITIALIZERS}
    return {**start, **dict.fromkeys(order), **rest}


def gated(**more):
    """Return the arguments of LSTM and GRU: those of SimpleRNN, and some between and behind."""
    made = {}
    for name, default in SIMPLE_RNN.items():
        made[name] = default
        if name == "activation":
            made["recurrent_activation"] = "sigmoid"
        if name == "bias_initializer" and "unit_forget_bias" in more:
            made["unit_forget_bias"] = True
        if name == "recurrent_dropout":
            made["seed"] = None
    made |= {name: value for name, value in more.items() if name != "unit_forget_bias"}
    return {**made, "use_cudnn": "auto"}


KERAS = {
    **{f"Conv{n}D": KERAS_CONV for n in (1, 2, 3)},
    **{f"Conv{n}DTranspose": keras_conv_transpose(n) for n in (1, 2, 3)},
    **{f"DepthwiseConv{n}D": KERAS_DEPTHWISE for n in (1, 2)},
    **{f"SeparableConv{n}D": KERAS_SEPARABLE for n in (1, 2)},
    **{f"MaxPooling{n}D": {"pool_size": 2, **POOL_REST} for n in (1, 2, 3)},
    **{f"AveragePooling{n}D": {"pool_size": REQUIRED, **POOL_REST} for n in (1, 2, 3)},
    **{f"Global{way}Pooling{n}D": {**FORMAT, "keepdims": False} for way in ("Max", "Average") for n in (1,
    2, 3)},
    **{f"Adaptive{way}Pooling{n}D": {"output_size": REQUIRED, **FORMAT} for way in ("Max", "Average")
       for n in (1, 2, 3)},
    "Dense": {"units": REQUIRED, "activation": None, "use_bias": True, **INITIALIZERS},
    "Embedding": signature(
        "input_dim output_dim embeddings_initializer embeddings_regularizer embeddings_constraint "
        "mask_zero weights "
        "input_length",
        embeddings_initializer="uniform", embeddings_regularizer=None, embeddings_constraint=None,
        mask_zero=False,
        weights=None, input_length=None,
    ),
    "Flatten": FORMAT, "Reshape": signature("target_shape"), "Permute": signature("dims"),
    "RepeatVector": signature("n"),
    "BatchNormalization": {
        "axis": -1, "momentum": 0.99, "epsilon": 0.001, "center": True, "scale": True,
        "beta_initializer": "zeros",
        "gamma_initializer": "ones", "moving_mean_initializer": "zeros",
        "moving_variance_initializer": "ones",
        **dict.fromkeys(list(NORM_REST)[2:]), "renorm": False, "renorm_clipping": None,
        "renorm_momentum": 0.99, "synchronized": False,
    },
    "LayerNormalization": {"axis": -1, "epsilon": 0.001, "center": True, "scale": True, **NORM_REST},
    "GroupNormalization": {"groups": 32, "axis": -1, "epsilon": 0.001, "center": True, "scale": True,
    **NORM_REST}, "RMSNormalization": {"axis": -1, "epsilon": 1e-06}, "UnitNormalization": {"axis": -1},
    "ReLU": {"max_value": None, "negative_slope": 0.0, "threshold": 0.0}, "LeakyReLU": {"negative_slope":
    0.3}, "ELU": {"alpha": 1.0}, "Softmax": {"axis": -1}, "Activation": signature("activation"),
    "PReLU": {"alpha_initializer": "Zeros", "alpha_regularizer": None, "alpha_constraint": None,
    "shared_axes": None},
    **{kind: signature("rate noise_shape seed", noise_shape=None, seed=None) for kind in ("Dropout",
    "AlphaDropout")},
    "GaussianDropout": signature("rate seed", seed=None), "GaussianNoise": signature("stddev seed",
    seed=None),
    "SpatialDropout1D": signature("rate seed", seed=None),
    **{f"SpatialDropout{n}D": signature("rate data_format seed", data_format=None, seed=None) for n in (2,
    3)},
    "Identity": {}, "Rescaling": signature("scale offset", offset=0.0), "Masking": {"mask_value": 0.0},
    "ActivityRegularization": {"l1": 0.0, "l2": 0.0},
    "RandomFlip": {"mode": "horizontal_and_vertical", "seed": None},
    **{kind: signature("factor") for kind in ("RandomRotation", "RandomContrast", "RandomBrightness")},
    "RandomZoom": signature("height_factor width_factor", width_factor=None),
    "RandomTranslation": signature("height_factor width_factor"),
    "Normalization": {"axis": -1, "mean": None, "variance": None, "invert": False},
    "SimpleRNN": SIMPLE_RNN, "LSTM": gated(unit_forget_bias=True), "GRU": gated(reset_after=True),
    "Bidirectional": signature("layer merge_mode weights backward_layer", merge_mode="concat", weights=None,
                               backward_layer=None),
    "MultiHeadAttention": signature(
        "num_heads key_dim value_dim dropout use_bias output_shape attention_axes", value_dim=None,
        dropout=0.0,
        use_bias=True, output_shape=None, attention_axes=None,
    ),
    "Concatenate": {"axis": -1}, "Add": {}, "Subtract": {}, "Multiply": {}, "Average": {}, "Maximum": {},
    "Minimum": {}, "UpSampling1D": {"size": 2}, "UpSampling2D": {"size": 2, **FORMAT, "interpolation":
    "nearest"}, "UpSampling3D": {"size": 2, **FORMAT},
    **{f"ZeroPadding{n}D": {"padding": 1, **FORMAT} for n in (1, 2, 3)},
    "Cropping1D": {"cropping": (1, 1)}, "Cropping2D": {"cropping": ((0, 0), (0, 0)), **FORMAT},
    "Cropping3D": {"cropping": ((1, 1), (1, 1), (1, 1)), **FORMAT},
    "InputLayer": signature(
        "shape batch_size dtype sparse ragged batch_shape", shape=None, batch_size=None, dtype=None,
        sparse=None,
        ragged=None, batch_shape=None,
    ),
}  # fmt: skip
