"""One measurement in PyTorch. The job names the work, the layout, and whether the model is compiled."""

import numpy as np
import torch
import torch._inductor.config
from safetensors.torch import load_file
from torch.nn import functional as F

from peer_common import accuracy, normalise, now, peak_bytes, probe_epochs, read_images, read_job, timed_steps, write_result
from torch_common import adamw, training_step
from torch_networks import build, load, load_published

job = read_job()
torch.set_num_threads(job["threads"])
torch.manual_seed(0)
layout = torch.channels_last if "channels_last" in job["settings"] else torch.contiguous_format


def put(batch):
    """NHWC values of the host as a tensor [batch, channels, height, width] in the job's layout."""
    return torch.from_numpy(batch).permute(0, 3, 1, 2).contiguous(memory_format=layout)


def network(classes, head):
    model = build(job, classes)
    load(model, load_file(job["weights"]), head)
    return model.eval().to(memory_format=layout)


def train():
    images, labels = read_images(job["data"])
    pictures = normalise(images[: job["pictures"]])
    if layout is torch.contiguous_format:
        pictures = np.ascontiguousarray(pictures.transpose(0, 3, 1, 2))
        as_tensor = torch.from_numpy
    else:
        as_tensor = put
    # Batch norm keeps its stored averages; its scale and shift are trained. So no layer differs in training mode.
    model = network(job["classes"], "head")
    run = torch.compile(model) if "compile" in job["settings"] else model

    def loss_of(i):
        batch = job["order"][i]
        x, y = as_tensor(pictures[batch]), torch.from_numpy(labels[batch])
        return F.cross_entropy(run(x), y)

    return timed_steps(job, training_step(job, model, adamw(job, model), loss_of))


def extract():
    images, _ = read_images(job["data"])
    x = put(normalise(images[: job["batch"]]))
    features = network(job["classes"], "head").features
    if "compile" in job["settings"]:
        # Weights are constants of what is compiled, so that batch norm goes into them.
        torch._inductor.config.freezing = True
        features = torch.compile(features)

    def step(_):
        # A frozen graph wants no_grad; without a compiler inference_mode costs least.
        with torch.no_grad() if "compile" in job["settings"] else torch.inference_mode():
            return features(x).numpy().mean()

    return timed_steps(job, step)


def probe():
    images, labels = read_images(job["data"])
    count, batch = job["trainCount"], job["batch"]
    model = network(job["classes"], "head").requires_grad_(False)
    model._fc.requires_grad_(True)
    update = torch.optim.Adam(model._fc.parameters(), lr=job["learningRate"])
    shuffle = np.random.default_rng(0)
    validation = np.arange(count, len(labels))

    def of_pictures(rows):
        return model.features(put(normalise(images[rows])))

    features = of_pictures
    if "once" in job["settings"]:
        every = [np.arange(at, min(at + batch, len(labels))) for at in range(0, len(labels), batch)]
        with torch.inference_mode():
            parts = [of_pictures(rows).numpy() for rows in every]
        table = torch.from_numpy(np.concatenate(parts))
        features = lambda rows: table[torch.from_numpy(rows)]

    def train_epoch(_):
        order = shuffle.permutation(count)
        for at in range(0, count, batch):
            rows = order[at : at + batch]
            update.zero_grad()
            F.cross_entropy(model._fc(features(rows)), torch.from_numpy(labels[rows])).backward()
            update.step()

    def evaluate():
        with torch.no_grad():
            parts = [model._fc(features(validation[at : at + batch])).numpy() for at in range(0, len(validation), batch)]
        return accuracy(np.concatenate(parts), labels[validation])

    return probe_epochs(job, train_epoch, evaluate)


def check():
    """The published classifier's logits, from the checkpoint as PyTorch reads it, for the equality check."""
    images, _ = read_images(job["data"])
    model = build(job, 1000)
    load_published(model, job["checkpoint"])
    with torch.inference_mode():
        logits = model.eval()(put(normalise(images[: job["batch"]])))
    logits.numpy().astype("<f4").tofile(job["logits"])
    return {"startMilliseconds": now() - job["spawnedAt"], "peakBytes": peak_bytes()}


result = {"train": train, "features": extract, "probe": probe, "check": check}[job["kind"]]()
write_result(job, **result, versions={"torch": torch.__version__, "numpy": np.__version__})
