"""From scenes on disk to a fine-tuned NanoDet on disk in PyTorch; which cell learns what is given, and no precision is computed."""

import json
import os

import numpy as np
import torch
from PIL import Image
from safetensors.torch import load_file
from torch.utils.data import DataLoader, Dataset

from jobs_common import read_job, write_result
from torch_common import adamw, training_step
from torch_detector import NanoDet, generalized_focal_loss, load

job = read_job()
torch.set_num_threads(job["threads"])
torch.manual_seed(0)
JUDGED_BATCH = 8
scenes = load_file(job["scenes"])
labels, ltrb = scenes["labels"].long(), scenes["ltrb"]
mean, deviation = np.float32([103.53, 116.28, 123.675]), np.float32([57.375, 57.12, 58.395])


class Scenes(Dataset):
    def __init__(self, paths):
        self.paths = paths

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, i):
        with Image.open(self.paths[i]) as image:
            pixels = np.asarray(image.convert("RGB"), dtype=np.float32)
        pixels = (pixels[:, :, ::-1] - mean) / deviation
        return torch.from_numpy(np.ascontiguousarray(pixels.transpose(2, 0, 1))), i


with open(job["data"], encoding="utf-8") as file:
    paths = json.load(file)
network = NanoDet(job["classes"])
load(network, load_file(job["weights"]))
network = network.to(memory_format=torch.channels_last)
current = {}


def loss_of(_):
    pictures, rows = current["batch"]
    outputs = network(pictures.contiguous(memory_format=torch.channels_last))
    return generalized_focal_loss(*outputs, labels[rows], ltrb[rows])


def forward(split):
    with torch.inference_mode():
        for pictures, _ in DataLoader(Scenes(paths[split]), JUDGED_BATCH, num_workers=job["threads"]):
            network(pictures.contiguous(memory_format=torch.channels_last))


step = training_step(job, network, adamw(job, network, ("head.classes", "head.distances")), loss_of)
training = DataLoader(Scenes(paths["train"]), job["batch"], shuffle=True, num_workers=job["threads"], persistent_workers=True)
for epoch in range(job["epochs"]):
    for batch in training:
        current["batch"] = batch
        step(epoch)
    forward("validation")
forward("test")
torch.save(network.state_dict(), os.path.join(job["scratch"], "model.pt"))
write_result(job, versions={"torch": torch.__version__, "numpy": np.__version__})
