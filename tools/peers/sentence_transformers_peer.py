"""Encoding of sentences by sentence-transformers, as its users call it."""

import json

import sentence_transformers
import torch
import transformers
from sentence_transformers import SentenceTransformer

from peer_common import read_job, timed_steps, write_result

job = read_job()
torch.set_num_threads(job["threads"])
with open(job["texts"]["path"], encoding="utf-8") as file:
    sentences = json.load(file)["sentences"][: job["sentences"]]
model = SentenceTransformer(job["model"], device="cpu")


def step(_):
    global vectors
    vectors = model.encode(sentences, batch_size=job["batch"], show_progress_bar=False)
    return vectors.mean()


result = timed_steps(job, step)
vectors.astype("<f4").tofile(job["vectors"])
versions = {
    "sentence-transformers": sentence_transformers.__version__,
    "torch": torch.__version__,
    "transformers": transformers.__version__,
}
write_result(job, **result, versions=versions)
