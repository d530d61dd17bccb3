"""From a table of sentences to a fine-tuned encoder on disk, in PyTorch on the BERT of transformers."""

import os

import numpy as np
import tokenizers
import torch
import transformers
from torch import nn
from torch.nn import functional as F

from jobs_common import read_job, sentences, write_result
from torch_common import adamw, training_step

job = read_job()
torch.set_num_threads(job["threads"])
torch.manual_seed(0)
JUDGED_BATCH = 32


class Classifier(nn.Module):
    """The mean over tokens, scaled to length 1, and a linear layer on it."""

    def __init__(self):
        super().__init__()
        self.encoder = transformers.BertModel.from_pretrained(job["model"], add_pooling_layer=False)
        self.head = nn.Linear(self.encoder.config.hidden_size, job["classes"])

    def forward(self, ids, mask):
        hidden = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        shares = mask.unsqueeze(-1).to(hidden.dtype)
        return self.head(F.normalize((hidden * shares).sum(1) / shares.sum(1), dim=1))


tokenizer = tokenizers.Tokenizer.from_file(os.path.join(job["model"], "tokenizer.json"))
tokenizer.no_padding()
tokenizer.enable_truncation(256)
data = {
    split: ([torch.tensor(each.ids) for each in tokenizer.encode_batch(texts)], torch.from_numpy(labels))
    for split, (texts, labels) in sentences(job["data"]).items()
}
model = Classifier().train()


def batch_of(split, rows):
    """As long as its longest sentence."""
    ids, labels = data[split]
    padded = nn.utils.rnn.pad_sequence([ids[row] for row in rows], batch_first=True, padding_value=-1)
    return padded.clamp(min=0), (padded >= 0).long(), labels[rows]


def accuracy(split):
    ids, labels = data[split]
    order = sorted(range(len(ids)), key=lambda row: len(ids[row]))
    right = 0
    with torch.inference_mode():
        for at in range(0, len(order), JUDGED_BATCH):
            tokens, mask, truth = batch_of(split, order[at : at + JUDGED_BATCH])
            right += int((model(tokens, mask).argmax(1) == truth).sum())
    return right / len(labels)


current = {}


def loss_of(_):
    tokens, mask, labels = batch_of("train", current["rows"])
    return F.cross_entropy(model(tokens, mask), labels)


def epoch_batches():
    """Random batches; `alike` has those of like length together, a pool of sixteen batches at a time."""
    order, size = torch.randperm(len(data["train"][1])).tolist(), job["batch"]
    if "alike" in job["settings"]:
        pools = [order[at : at + 16 * size] for at in range(0, len(order), 16 * size)]
        order = [row for pool in pools for row in sorted(pool, key=lambda row: len(data["train"][0][row]))]
    batches = [order[at : at + size] for at in range(0, len(order), size)]
    return [batches[i] for i in torch.randperm(len(batches)).tolist()]


step = training_step(job, model, adamw(job, model), loss_of)
for epoch in range(job["epochs"]):
    for current["rows"] in epoch_batches():
        step(epoch)
    accuracy("validation")
torch.save(model.state_dict(), os.path.join(job["scratch"], "model.pt"))
versions = {"torch": torch.__version__, "transformers": transformers.__version__, "numpy": np.__version__}
write_result(job, accuracy=accuracy("test"), versions=versions)
