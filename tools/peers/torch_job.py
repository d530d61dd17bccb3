"""From photographs on disk to a model on disk in PyTorch: a probe on features computed once, or fine-tuning."""

import os
import random

import joblib
import numpy as np
import torch
from PIL import Image
from safetensors.torch import load_file
from sklearn.linear_model import LogisticRegression
from torch.nn import functional as F
from torch.utils.data import DataLoader, Dataset

from jobs_common import photographs, read_job, write_result
from peer_common import accuracy, normalise
from torch_common import adamw, training_step
from torch_networks import build, load

job = read_job()
torch.set_num_threads(job["threads"])
torch.manual_seed(0)
random.seed(0)
SIDE = 224
FEATURE_BATCH = 32


class Photographs(Dataset):
    """Decoded at the least size that JPEG offers, then resized; altered as torchvision's usual training transform does."""

    def __init__(self, samples, altered=False):
        self.samples, self.altered = samples, altered

    def __len__(self):
        return len(self.samples)

    def __getitem__(self, i):
        path, label = self.samples[i]
        with Image.open(path) as image:
            image.draft("RGB", (SIDE, SIDE))
            image = image.convert("RGB")
        box = self.crop(image.size) if self.altered else None
        image = image.resize((SIDE, SIDE), Image.Resampling.BICUBIC, box)
        pixels = np.asarray(image)
        if self.altered and random.random() < 0.5:
            pixels = pixels[:, ::-1]
        return torch.from_numpy(normalise(pixels)).permute(2, 0, 1), label

    def crop(self, size):
        share = random.uniform(0.5, 1) ** 0.5
        width, height = size[0] * share, size[1] * share
        left, top = random.uniform(0, size[0] - width), random.uniform(0, size[1] - height)
        return left, top, left + width, top + height


def batches(samples, size, altered=False):
    return DataLoader(Photographs(samples, altered), size, shuffle=altered, num_workers=job["threads"], persistent_workers=altered)


samples = photographs(job["data"])
model = build(job, job["classes"])
load(model, load_file(job["weights"]), "head")
# Batch norm keeps its stored averages, as everywhere here.
model = model.eval().to(memory_format=torch.channels_last)


def through(function, split):
    """What a function makes of a split's pictures, and their labels."""
    made, labels = [], []
    with torch.inference_mode():
        for pictures, numbers in batches(samples[split], FEATURE_BATCH):
            made.append(function(pictures.contiguous(memory_format=torch.channels_last)).numpy())
            labels.append(numbers.numpy())
    return np.concatenate(made), np.concatenate(labels)


def accuracy_on(split):
    return accuracy(*through(model, split))


def probe():
    features = {split: through(model.features, split) for split in samples}
    head = LogisticRegression(C=0.01, max_iter=1000).fit(*features["train"])
    head.score(*features["validation"])
    joblib.dump(head, os.path.join(job["scratch"], "model.joblib"))
    return head.score(*features["test"])


def tune():
    loader = batches(samples["train"], job["batch"], altered=True)
    current = {}

    def loss_of(_):
        pictures, labels = current["batch"]
        return F.cross_entropy(model(pictures.contiguous(memory_format=torch.channels_last)), labels)

    step = training_step(job, model, adamw(job, model), loss_of)
    for epoch in range(job["epochs"]):
        for batch in loader:
            current["batch"] = batch
            step(epoch)
        accuracy_on("validation")
    torch.save(model.state_dict(), os.path.join(job["scratch"], "model.pt"))
    return accuracy_on("test")


result = {"probe": probe, "tune": tune}[job["kind"]]()
write_result(job, accuracy=result, versions={"torch": torch.__version__, "numpy": np.__version__})
