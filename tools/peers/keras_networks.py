"""The measured networks in Keras, functional models whose layers bear the checkpoint's names."""

import keras
import numpy as np
from keras import layers

from peer_common import NETWORKS, NORM_EPSILON, blocks


class StoredNorm(layers.BatchNormalization):
    """Batch norm by the stored averages also while training; scale and shift are trained."""

    def call(self, inputs, training=None, mask=None):
        return super().call(inputs, training=False, mask=mask)


def unit(x, convolution, norm, kernel, stride, outputs=None, relu=True):
    """A convolution without bias (depthwise where no outputs are given), batch norm, ReLU6."""
    key = convolution.replace(".", "-")
    shape = {"strides": stride, "padding": "same", "use_bias": False, "name": key}
    x = layers.DepthwiseConv2D(kernel, **shape)(x) if outputs is None else layers.Conv2D(outputs, kernel, **shape)(x)
    x = StoredNorm(epsilon=NORM_EPSILON, name=norm.replace(".", "-"))(x)
    return layers.ReLU(max_value=6.0)(x) if relu else x


def inverted_residuals(network, height, width, classes):
    x = inputs = keras.Input((height, width, 3))
    x = unit(x, "_conv_stem", "_bn0", 3, 2, network["stem"])
    for index, kernel, stride, expansion, channels, outputs in blocks(network):
        prefix, before = f"_blocks.{index}", x
        if expansion > 1:
            x = unit(x, f"{prefix}._expand_conv", f"{prefix}._bn0", 1, 1, channels * expansion)
        x = unit(x, f"{prefix}._depthwise_conv", f"{prefix}._bn1", kernel, stride)
        x = unit(x, f"{prefix}._project_conv", f"{prefix}._bn2", 1, 1, outputs, relu=False)
        if stride == 1 and channels == outputs:
            x = layers.Add()([before, x])
    x = unit(x, "_conv_head", "_bn1", 1, 1, network["top"])
    x = layers.GlobalAveragePooling2D(name="pooled")(x)
    return keras.Model(inputs, layers.Dense(classes, name="_fc")(x))


def small_cnn(classes):
    x = inputs = keras.Input((28, 28, 1))
    x = layers.MaxPooling2D()(layers.Conv2D(16, 3, padding="same", activation="relu", name="conv1")(x))
    x = layers.MaxPooling2D()(layers.Conv2D(32, 3, padding="same", activation="relu", name="conv2")(x))
    x = layers.Dense(128, activation="relu", name="dense")(layers.Flatten()(x))
    return keras.Model(inputs, layers.Dense(classes, name="_fc")(x))


def build(job, classes):
    if job["network"] == "small-cnn":
        return small_cnn(classes)
    return inverted_residuals(NETWORKS[job["network"]], job["data"]["height"], job["data"]["width"], classes)


def load(model, values, head):
    """Loads weights by name; kernels lie in the file as Keras has them."""
    for layer in model.layers:
        if not layer.weights:
            continue
        name = head if layer.name == "_fc" else layer.name.replace("-", ".")
        parts = ["weight", "bias"]
        if isinstance(layer, keras.layers.BatchNormalization):
            parts += ["running_mean", "running_var"]
        layer.set_weights([np.asarray(values[f"{name}.{part}"]) for part in parts[: len(layer.weights)]])
