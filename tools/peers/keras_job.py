"""From photographs on disk to a model on disk in Keras: a probe on features computed once, or fine-tuning."""

import os

from keras_common import keras, set_up, tf

import numpy as np
from safetensors.numpy import load_file

from jobs_common import photographs, read_job, write_result
from keras_networks import build, load

job = read_job()
set_up(job)
SIDE = 224
FEATURE_BATCH = 32


def decoded(path, label):
    """Decoded at half the size, the least above 224 that the decoder offers for such photographs."""
    image = tf.io.decode_jpeg(tf.io.read_file(path), channels=3, ratio=2)
    return tf.cast(image, tf.float32), label


def whole(image, label):
    image = tf.image.resize(image, (SIDE, SIDE), antialias=True)
    return (image - 127) / 128, label


def altered(image, label):
    share = tf.sqrt(tf.random.uniform((), 0.5, 1))
    size = tf.cast(tf.shape(image)[:2], tf.float32) * share
    crop = tf.concat([tf.cast(size, tf.int32), [3]], 0)
    return whole(tf.image.random_flip_left_right(tf.image.random_crop(image, crop)), label)


def batches(samples, size, training=False):
    paths, labels = zip(*samples)
    data = tf.data.Dataset.from_tensor_slices((list(paths), list(labels)))
    if training:
        data = data.shuffle(len(paths))
    data = data.map(decoded, tf.data.AUTOTUNE).map(altered if training else whole, tf.data.AUTOTUNE)
    return data.batch(size).prefetch(tf.data.AUTOTUNE)


samples = photographs(job["data"])
network = build({"network": job["network"], "data": {"height": SIDE, "width": SIDE}}, job["classes"])
load(network, load_file(job["weights"]), "head")


def probe():
    backbone = keras.Model(network.inputs, network.get_layer("pooled").output)
    features = {split: backbone.predict(batches(samples[split], FEATURE_BATCH), verbose=0) for split in samples}
    labels = {split: np.array([label for _, label in samples[split]]) for split in samples}
    inputs = keras.Input(features["train"].shape[1:])
    head = keras.Model(inputs, network.get_layer("_fc")(inputs))
    head.compile(keras.optimizers.Adam(3e-3), keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"])
    head.fit(features["train"], labels["train"], batch_size=64, epochs=job["epochs"], verbose=0)
    head.evaluate(features["validation"], labels["validation"], verbose=0)
    network.save(os.path.join(job["scratch"], "model.keras"))
    return head.evaluate(features["test"], labels["test"], verbose=0)[1]


def tune():
    update = keras.optimizers.AdamW(
        learning_rate=job["learningRate"], weight_decay=job["weightDecay"], epsilon=1e-8, global_clipnorm=job["clipNorm"]
    )
    update.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    network.compile(update, loss, metrics=["accuracy"], jit_compile=False)
    validation = batches(samples["validation"], FEATURE_BATCH)
    network.fit(batches(samples["train"], job["batch"], True), validation_data=validation, epochs=job["epochs"], verbose=0)
    network.save(os.path.join(job["scratch"], "model.keras"))
    return network.evaluate(batches(samples["test"], FEATURE_BATCH), verbose=0)[1]


result = {"probe": probe, "tune": tune}[job["kind"]]()
write_result(job, accuracy=result, versions={"keras": keras.__version__, "tensorflow": tf.__version__})
