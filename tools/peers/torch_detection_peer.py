"""Fine-tuning of NanoDet in PyTorch: the whole network on pictures, or its head on maps that are ready."""

import torch
from safetensors.torch import load_file

from peer_common import read_job, timed_steps, write_result
from torch_common import adamw, training_step
from torch_detector import NanoDet, generalized_focal_loss, load

job = read_job()
torch.set_num_threads(job["threads"])
layout = torch.channels_last if "channels_last" in job["settings"] else torch.contiguous_format

scenes = load_file(job["scenes"])
labels, ltrb = scenes["labels"].long(), scenes["ltrb"]
# [batch, channels, height, width] in the job's layout, before the first step.
pictures = scenes["image"].permute(0, 3, 1, 2).contiguous(memory_format=layout)

network = NanoDet(job["classes"])
load(network, load_file(job["weights"]))
network = network.to(memory_format=layout)

if job["trained"] == "head":
    with torch.no_grad():
        parts = [network.pyramid(batch) for batch in pictures.split(job["batch"])]
    ready = [torch.cat(level).contiguous(memory_format=layout) for level in zip(*parts)]
    trained, undecayed = network.head, ("classes", "distances")
else:
    ready = [pictures]
    trained, undecayed = network, ("head.classes", "head.distances")
run = torch.compile(trained) if "compile" in job["settings"] else trained


def loss_of(i):
    rows = torch.tensor(job["order"][i])
    inputs = [tensor[rows].contiguous(memory_format=layout) for tensor in ready]
    outputs = run(inputs) if job["trained"] == "head" else run(inputs[0])
    return generalized_focal_loss(*outputs, labels[rows], ltrb[rows])


result = timed_steps(job, training_step(job, trained, adamw(job, trained, undecayed), loss_of))
write_result(job, **result, versions={"torch": torch.__version__})
