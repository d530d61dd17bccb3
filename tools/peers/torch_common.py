"""What the programs of PyTorch share."""

import torch


def adamw(job, model, undecayed=()):
    """AdamW with decay on kernels and tables only, and not on those of the modules named."""
    kernels, others = [], []
    for name, p in model.named_parameters():
        (kernels if p.ndim > 1 and not name.startswith(tuple(undecayed)) else others).append(p)
    groups = [{"params": kernels, "weight_decay": job["weightDecay"]}, {"params": others, "weight_decay": 0.0}]
    return torch.optim.AdamW(groups, lr=job["learningRate"], eps=1e-8, fused=True if "fused" in job["settings"] else None)


def training_step(job, model, update, loss_of):
    """A step: loss_of(i), its gradients, clipped, and the update; gives the loss."""

    def step(i):
        update.zero_grad()
        loss = loss_of(i)
        loss.backward()
        if job.get("clipNorm"):
            torch.nn.utils.clip_grad_norm_(model.parameters(), job["clipNorm"])
        update.step()
        return loss.item()

    return step
