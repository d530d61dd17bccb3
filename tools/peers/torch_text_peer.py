"""Fine-tuning of a sentence encoder under a linear head, in PyTorch, on the BERT of transformers."""

import json

import tokenizers
import torch
import transformers
from safetensors.torch import load_file
from torch import nn
from torch.nn import functional as F

from peer_common import read_job, timed_steps, write_result
from torch_common import adamw, training_step

job = read_job()
torch.set_num_threads(job["threads"])


class Classifier(nn.Module):
    """The mean over tokens, scaled to length 1, and a linear layer on it."""

    def __init__(self, head):
        super().__init__()
        self.encoder = transformers.BertModel.from_pretrained(job["model"], add_pooling_layer=False)
        self.head = nn.Linear(self.encoder.config.hidden_size, job["classes"])
        self.head.load_state_dict({"weight": head["kernel"].t().contiguous(), "bias": head["bias"]})

    def forward(self, ids, mask):
        hidden = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        shares = mask.unsqueeze(-1).to(hidden.dtype)
        pooled = (hidden * shares).sum(1) / shares.sum(1)
        return self.head(F.normalize(pooled, dim=1))


def read_passages():
    """Token ids, mask and labels of all passages, each of exactly as many tokens as the job names."""
    tokenizer = tokenizers.Tokenizer.from_file(f"{job['model']}/tokenizer.json")
    tokenizer.no_padding()
    tokenizer.enable_truncation(job["tokens"])
    with open(job["texts"]["path"], encoding="utf-8") as file:
        passages = json.load(file)["passages"]
    encoded = tokenizer.encode_batch([passage["text"] for passage in passages])
    ids, mask = torch.tensor([e.ids for e in encoded]), torch.tensor([e.attention_mask for e in encoded])
    return ids, mask, torch.tensor([passage["label"] for passage in passages])


ids, mask, labels = read_passages()
# The dropout of the configuration is 0, here as in Headstart's process.
model = Classifier(load_file(job["weights"])).train()
run = torch.compile(model) if "compile" in job["settings"] else model


def loss_of(i):
    rows = torch.tensor(job["order"][i])
    return F.cross_entropy(run(ids[rows], mask[rows]), labels[rows])


result = timed_steps(job, training_step(job, model, adamw(job, model), loss_of))
write_result(job, **result, versions={"torch": torch.__version__, "transformers": transformers.__version__})
