"""One measurement in Keras on TensorFlow, graph mode. The job names the work and how the model is called."""

from keras_common import keras, set_up, tf

import numpy as np
from safetensors.numpy import load_file

from keras_networks import build, load
from peer_common import accuracy, normalise, now, peak_bytes, probe_epochs, read_images, read_job, timed_bundles, timed_steps, write_result

job = read_job()
set_up(job)
jit = "jit" in job["settings"]
# Steps of one execution, where several are run at once; a divisor of every work's steps.
BUNDLE = 4


def network(classes, head):
    model = build(job, classes)
    load(model, load_file(job["weights"]), head)
    return model


def train():
    images, labels = read_images(job["data"])
    pictures = normalise(images[: job["pictures"]])
    model = network(job["classes"], "head")
    update = keras.optimizers.AdamW(
        learning_rate=job["learningRate"], weight_decay=job["weightDecay"], epsilon=1e-8, global_clipnorm=job.get("clipNorm")
    )
    update.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
    at_once = BUNDLE if "bundled" in job["settings"] else 1
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(update, loss, jit_compile=jit, steps_per_execution=at_once)

    def step(i):
        batch = job["order"][i]
        model.reset_metrics()  # the loss given back is a mean over the calls since
        return model.train_on_batch(pictures[batch], labels[batch])

    if at_once == 1:
        return timed_steps(job, step)

    def steps_from(start):
        rows = tf.data.Dataset.from_tensor_slices(np.array(job["order"][start:]))
        return iter(rows.map(lambda batch: (tf.gather(pictures, batch), tf.gather(labels, batch))).prefetch(2))

    def trace():
        """Makes the function of several steps, without a trace in the weights."""
        variables = [*model.variables, *update.variables]
        values = [variable.numpy() for variable in variables]
        model.train_function(steps_from(0))
        for variable, value in zip(variables, values):
            variable.assign(value)

    def execution(source):
        model.reset_metrics()  # the mean over the steps at once
        return float(model.train_function(source)["loss"])

    return timed_bundles(job, step, trace, steps_from, execution, at_once)


def extract():
    images, _ = read_images(job["data"])
    pictures = normalise(images[: job["batch"]])
    model = network(job["classes"], "head")
    pooled = keras.Model(model.inputs, model.get_layer("pooled").output)
    if "function" in job["settings"]:
        x, forward = tf.constant(pictures), tf.function(lambda x: pooled(x, training=False), jit_compile=jit)
        step = lambda _: forward(x).numpy().mean()
    else:
        pooled.compile(jit_compile=jit)
        step = lambda _: pooled.predict_on_batch(pictures).mean()
    return timed_steps(job, step)


def probe():
    images, labels = read_images(job["data"])
    count, batch = job["trainCount"], job["batch"]
    whole = network(job["classes"], "head")
    backbone = keras.Model(whole.inputs, whole.get_layer("pooled").output)
    backbone.trainable = False
    shuffle = np.random.default_rng(0)
    validation = np.arange(count, len(labels))
    model, source = whole, lambda rows: normalise(images[rows])
    if "once" in job["settings"]:
        backbone.compile(jit_compile=jit)
        every = range(0, len(labels), batch)
        table = np.concatenate([backbone.predict_on_batch(source(np.arange(at, min(at + batch, len(labels))))) for at in every])
        features = keras.Input(table.shape[1:])
        model, source = keras.Model(features, whole.get_layer("_fc")(features)), lambda rows: table[rows]
    model.compile(
        keras.optimizers.Adam(job["learningRate"]), keras.losses.SparseCategoricalCrossentropy(from_logits=True), jit_compile=jit
    )

    def train_epoch(_):
        order = shuffle.permutation(count)
        for at in range(0, count, batch):
            rows = order[at : at + batch]
            model.train_on_batch(source(rows), labels[rows])

    def evaluate():
        parts = [model.predict_on_batch(source(validation[at : at + batch])) for at in range(0, len(validation), batch)]
        return accuracy(np.concatenate(parts), labels[validation])

    return probe_epochs(job, train_epoch, evaluate)


def check():
    """The published classifier's logits, for the equality check."""
    images, _ = read_images(job["data"])
    model = network(1000, "_fc")
    model.predict_on_batch(normalise(images[: job["batch"]])).astype("<f4").tofile(job["logits"])
    return {"startMilliseconds": now() - job["spawnedAt"], "peakBytes": peak_bytes()}


result = {"train": train, "features": extract, "probe": probe, "check": check}[job["kind"]]()
versions = {"keras": keras.__version__, "tensorflow": tf.__version__, "numpy": np.__version__}
write_result(job, **result, versions=versions)
