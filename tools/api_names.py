"""Write the table of the libraries' names in the chapters' code, each with the address of its documentation.

    PYTHONPATH=book python tools/api_names.py

It needs the frameworks, and stops where a chapter uses a name that the installed ones don't have. The build
reads the table, book/sphinxext/api_names.json, so it needs neither frameworks nor a network. Addresses follow
from the rules below; nothing is fetched.
"""

import contextlib
import importlib
import json
import re
import sys

from notebooks import ROOT, book_notebooks
from sphinxext.api_links import TABLE
from sphinxext.code_names import LIBRARIES, names_in_notebook

PYTORCH = "https://docs.pytorch.org/docs/stable/"
TENSORFLOW = "https://www.tensorflow.org/api_docs/python/"
KERAS = "https://keras.io/api/"
NUMPY = "https://numpy.org/doc/stable/reference/"

# Rules: a pattern of whole names, and the page of those that match. The first that matches counts.
RULES = (
    (r"torch\.(float|int)\d+", PYTORCH + "tensor_attributes.html#torch.dtype"),
    (r"torch\.channels_last", PYTORCH + "tensor_attributes.html#torch.memory_format"),
    (r"torch\.Tensor", PYTORCH + "tensors.html"),
    (r"torch\.nn\.Parameter", PYTORCH + "generated/torch.nn.parameter.Parameter.html"),
    (r"torch\.fx\.\w+", PYTORCH + r"fx.html#\g<0>"),
    (r"torch\.random\.\w+", PYTORCH + r"random.html#\g<0>"),
    (r"torch\.utils\.data\.\w+", PYTORCH + r"data.html#\g<0>"),
    (r"torch\.(?:nn\.|nn\.functional\.|optim\.|autograd\.)?\w+", PYTORCH + r"generated/\g<0>.html"),
    (r"tensorflow\.(float|int|uint)\d+", TENSORFLOW + "tf/dtypes"),
    (r"numpy\.(?:float|int|uint)\d+", NUMPY + r"arrays.scalars.html#\g<0>"),
    (r"numpy\.pi", NUMPY + r"constants.html#\g<0>"),
    (r"numpy\.random\.default_rng", NUMPY + r"random/generator.html#\g<0>"),
    (r"numpy\..+", NUMPY + r"generated/\g<0>.html"),
    (r"keras\.(?:models\.)?(Model|Sequential)", KERAS + "models/{0}/"),
    (r"keras\.models\.clone_model", KERAS + "models/model_saving_apis/model_config_serialization/"),
    (r"keras\.(?:layers\.)?Input", KERAS + "layers/core_layers/input/"),
    (r"keras\.applications\.VGG\d+", KERAS + "applications/vgg/"),
    (r"keras\.config\.\w+", KERAS + "utils/config_utils/"),
    (r"keras\.utils\.set_random_seed", KERAS + "utils/python_utils/"),
    (r"keras\.initializers\.\w+", KERAS + "layers/initializers/"),
    (r"keras\.losses\.(?:Sparse)?CategoricalCrossentropy", KERAS + "losses/probabilistic_losses/"),
    (r"keras\.losses\.MeanSquaredError", KERAS + "losses/regression_losses/"),
    (r"keras\.optimizers\.(\w+)", KERAS + "optimizers/{0}/"),
    (r"keras\.ops\.image\.\w+", KERAS + "ops/image/"),
    (r"keras\.ops\.\w*stft", KERAS + "ops/fft/"),
    (r"keras\.ops\.(?:conv|conv_transpose|depthwise_conv|max_pool|average_pool|relu)", KERAS + "ops/nn/"),
    (r"keras\.layers\.Layer", KERAS + "layers/base_layer/"),
    (r"keras\.layers\.Conv(\d)D", KERAS + "layers/convolution_layers/convolution{0}d/"),
    (r"keras\.layers\.Conv(\d)DTranspose", KERAS + "layers/convolution_layers/convolution{0}d_transpose/"),
    (r"keras\.layers\.(Separable|Depthwise)Conv(\d)D",
     KERAS + "layers/convolution_layers/{0}_convolution{1}d/"),
    (r"keras\.layers\.((?:Global)?(?:Max|Average)Pooling\dD)", KERAS + "layers/pooling_layers/{0}/"),
    (r"keras\.layers\.(Dense|Embedding)", KERAS + "layers/core_layers/{0}/"),
    (r"keras\.layers\.(LSTM|GRU)", KERAS + "layers/recurrent_layers/{0}/"),
    (r"keras\.layers\.(\w+Normalization)", KERAS + "layers/normalization_layers/{0}/"),
    (r"keras\.layers\.(Dropout)", KERAS + "layers/regularization_layers/{0}/"),
    (r"keras\.layers\.(Flatten|Reshape|Permute|UpSampling\dD|ZeroPadding\dD|Cropping\dD)",
     KERAS + "layers/reshaping_layers/{0}/"),
    (r"keras\.layers\.(Add|Concatenate)", KERAS + "layers/merging_layers/{0}/"),
    (r"keras\.layers\.(ReLU)", KERAS + "layers/activation_layers/{0}/"),
    (r"keras\.layers\.(Rescaling)", KERAS + "layers/preprocessing_layers/image_preprocessing/{0}/"),
    (r"keras\.layers\.MultiHeadAttention", KERAS + "layers/attention_layers/multi_head_attention/"),
)  # fmt: skip
# Names without a page of their own; modules and what belongs to an object have none either.
WITHOUT_PAGE = {"torch.relu", "torch.export.export", "torch.channel_shuffle", "keras.KerasTensor"}


def whole(name):
    """Return the whole name of a name in a chapter's code: nn.Conv2d is torch.nn.Conv2d."""
    library, _, rest = name.partition(".")
    return f"{LIBRARIES[library]}.{rest}"


def resolve(name):
    """Return what a whole name means in the installed libraries; AttributeError where it means nothing."""
    parts = name.split(".")
    found = importlib.import_module(parts[0])
    for position, part in enumerate(parts[1:], 2):
        if not hasattr(found, part):
            with contextlib.suppress(ModuleNotFoundError):
                importlib.import_module(".".join(parts[:position]))
        found = getattr(found, part)
    return found


def snake(name):
    """Return the name of a class as keras.io writes it in addresses: MaxPooling2D as max_pooling2d."""
    if name.isupper() or name == "ReLU":
        return name.lower()
    return re.sub(r"(?<=[a-z])(?=[A-Z])(?!D$)", "_", name).lower()


def address(name):
    """Return the address of a whole name's documentation, or None where it has no page."""
    if name in WITHOUT_PAGE:
        return None
    for pattern, page in RULES:
        if found := re.fullmatch(pattern, name):
            if "{" in page:
                return page.format(*map(snake, found.groups()))
            return found.expand(page)
    if name.startswith("tensorflow."):
        return TENSORFLOW + name.replace("tensorflow.", "tf.").replace(".", "/")
    return None


def documented(name):
    """Return the whole name under which a name's documentation stands, or None for modules and attributes."""
    found = resolve(name)
    if isinstance(found, type(sys)) or "__" in name or isinstance(resolve(name.rpartition(".")[0]), type):
        return None
    if name.startswith("numpy.") and name.count(".") == 1 and type(found).__name__ == "ufunc":
        return f"numpy.{found.__name__}"  # np.abs is documented as numpy.absolute
    return name


def table():
    """Return the address of each name that the notebooks use and that has a page."""
    used = {name for path in book_notebooks() for name in names_in_notebook(path)}
    pages = {}
    for name in sorted(used):
        page = (full := documented(whole(name))) and address(full)
        if page:
            pages[name] = page
    return pages


def main():
    """Write the table; say which names have no page."""
    from bookkit.frameworks import keras, tf, torch  # noqa: F401 (imported quietly)

    pages = table()
    TABLE.write_text(json.dumps(pages, indent=0) + "\n", encoding="utf-8")
    print(f"{TABLE.relative_to(ROOT)}: {len(pages)} names")


if __name__ == "__main__":
    main()
