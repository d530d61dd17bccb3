"""What the peers' programs share: the job they are given, the data, the clock and the result."""

import json
import resource
import sys
import time

import numpy as np

# The inverted-residual networks, as tools/peers/ours/networks.ts and @headstart/vision have them:
# (repeats, kernel size, stride, expansion, outputs) a stage.
NETWORKS = {
    "efficientnet-lite0": {
        "stem": 32,
        "top": 1280,
        "stages": [
            (1, 3, 1, 1, 16),
            (2, 3, 2, 6, 24),
            (2, 5, 2, 6, 40),
            (3, 3, 2, 6, 80),
            (3, 5, 1, 6, 112),
            (4, 5, 2, 6, 192),
            (1, 3, 1, 6, 320),
        ],
    },
    "mobilenet-v2": {
        "stem": 32,
        "top": 1280,
        "stages": [
            (1, 3, 1, 1, 16),
            (2, 3, 2, 6, 24),
            (3, 3, 2, 6, 32),
            (4, 3, 2, 6, 64),
            (3, 3, 1, 6, 96),
            (3, 3, 2, 6, 160),
            (1, 3, 1, 6, 320),
        ],
    },
}
NORM_EPSILON = 1e-3


def blocks(network):
    """(index, kernel size, stride, expansion, inputs, outputs) of every block, in order."""
    channels, index = network["stem"], 0
    for repeats, kernel, stride, expansion, outputs in network["stages"]:
        for repeat in range(repeats):
            yield index, kernel, stride if repeat == 0 else 1, expansion, channels, outputs
            channels, index = outputs, index + 1


def read_job():
    with open(sys.argv[1], encoding="utf-8") as file:
        return json.load(file)


def read_images(data):
    """The decoded pictures as they lie in the file, uint8 [count, height, width, channels], and their labels."""
    shape = (data["count"], data["height"], data["width"], data["channels"])
    images = np.memmap(data["images"], dtype=np.uint8, mode="r", shape=shape)
    labels = np.fromfile(data["labels"], dtype=np.uint8).astype(np.int64)
    return images, labels


def normalise(images):
    return (images.astype(np.float32) - np.float32(127)) / np.float32(128)


def now():
    """Milliseconds since 1970, to be set against the moment at which the driver started this process."""
    return time.time() * 1000


def peak_bytes():
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def write_result(job, **result):
    with open(job["result"], "w", encoding="utf-8") as file:
        json.dump(result, file)


def timed_steps(job, step):
    """Runs step(i), which gives the loss, for every batch of the job; milliseconds a step and losses."""
    milliseconds, losses, first = [], [], None
    for i in range(job["warmup"] + job["steps"]):
        started = time.perf_counter()
        losses.append(float(step(i)))
        milliseconds.append((time.perf_counter() - started) * 1000)
        if first is None:
            first = now()
    return {
        "startMilliseconds": first - job["spawnedAt"],
        "stepMilliseconds": milliseconds[job["warmup"] :],
        "losses": losses,
        "peakBytes": peak_bytes(),
    }


def timed_bundles(job, step, trace, steps_from, execution, at_once):
    """As timed_steps, with the timed ones several at once: each has its share of the time, and the loss of them all."""
    head = timed_steps({**job, "steps": 0}, step)
    trace()
    source = steps_from(job["warmup"])
    milliseconds, losses = [], []
    for _ in range(job["steps"] // at_once):
        started = time.perf_counter()
        loss = execution(source)
        milliseconds += [(time.perf_counter() - started) * 1000 / at_once] * at_once
        losses += [loss] * at_once
    return {**head, "stepMilliseconds": milliseconds, "losses": head["losses"] + losses, "peakBytes": peak_bytes()}


def accuracy(logits, labels):
    return float((np.argmax(logits, axis=1) == labels).mean())


def probe_epochs(job, train_epoch, evaluate):
    """Epochs of a linear probe until the last one, or until the accuracy that the job waits for."""
    history = []
    for epoch in range(job["epochs"]):
        train_epoch(epoch)
        history.append({"accuracy": evaluate(), "milliseconds": now() - job["spawnedAt"]})
        if job.get("untilAccuracy") is not None and history[-1]["accuracy"] >= job["untilAccuracy"]:
            break
    return {"history": history, "peakBytes": peak_bytes()}
